//! `/metrics` of a network node. The engine's own numbers are its own business (`instrumentation` in its settings).

use serde::Deserialize;
use serde_json::json;

use super::ask::Asker;
use crate::metrics::Page;

#[derive(Deserialize)]
struct Waiting {
    total: String,
    total_bytes: String,
}

#[derive(Deserialize)]
struct Peers {
    n_peers: String,
}

/// What a scrape answers. A silent engine shows as `engine_up` 0, and its numbers are left out.
pub fn text(asker: &Asker, chain_id: &str, height: u64, healthy: bool) -> String {
    let mut page = Page::new(chain_id);
    page.gauge("height", "Latest committed height", signed(height));
    page.gauge("healthy", "1 unless a fault stopped the node", i64::from(healthy));
    let status = asker.call::<tendermint_rpc::endpoint::status::Response>("status", json!({}));
    page.gauge("engine_up", "1 if the consensus engine answers", i64::from(status.is_ok()));
    if let Ok(status) = status {
        let sync = &status.sync_info;
        let time = sync.latest_block_time.unix_timestamp();
        page.gauge("block_time_seconds", "Header time of the latest block", time);
        page.gauge("catching_up", "1 while older blocks are fetched", i64::from(sync.catching_up));
        let power = status.validator_info.power.value();
        page.gauge("voting_power", "Power of this node's validator, 0 for none", signed(power));
    }
    if let Ok(peers) = asker.call::<Peers>("net_info", json!({})) {
        page.gauge("peers", "Connected peers", number(&peers.n_peers));
    }
    if let Ok(waiting) = asker.call::<Waiting>("num_unconfirmed_txs", json!({})) {
        page.gauge("mempool_txs", "Transactions in no block yet", number(&waiting.total));
        page.gauge("mempool_bytes", "Bytes of these transactions", number(&waiting.total_bytes));
    }
    page.text()
}

fn number(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
