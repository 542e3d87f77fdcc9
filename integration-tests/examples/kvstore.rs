//! Serves the kvstore as CosmJS's tendermint-rpc specs expect it: chain `dockerchain`, version 0.38.0, 0.5 s blocks.
//!
//! ```text
//! cargo run --example kvstore -- 127.0.0.1:11138
//! ```

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use suyuan_integration_tests::kvstore::KvStore;
use suyuan_rpc::{NodeNames, RpcLimits};
use suyuan_solo::{Genesis, Pace, SoloConfig, SystemClock, ValidatorKey};
use tendermint::consensus::params::VersionParams;
use tendermint::Time;
use tokio::net::TcpListener;

const BLOCK_TIME: Duration = Duration::from_millis(500);
/// The specs of CosmJS ask for exactly this one.
const VERSION: &str = "0.38.0";

#[tokio::main]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("usage: kvstore ADDRESS:PORT")?;
    let home = tempfile::tempdir()?;
    let mut genesis = Genesis::new("dockerchain", Time::now(), serde_json::json!({}))?;
    genesis.consensus_params.version = Some(VersionParams { app: 1 });
    let mut config = SoloConfig::new(home.path());
    config.pace = Pace::Every { interval: BLOCK_TIME, empty_blocks: true };
    let app = Box::new(KvStore::default());
    let key = ValidatorKey::generate();
    let chain = suyuan_solo::start(app, genesis, key, config, Arc::new(SystemClock))?;
    let listener = TcpListener::bind(&address).await.context("listening")?;
    println!("kvstore on {}", listener.local_addr()?);
    let names = NodeNames { moniker: "dockernode".into(), version: VERSION.into() };
    let limits = RpcLimits { names, ..RpcLimits::default() };
    let stop = async {
        // Without a handler the process ends by the signal itself.
        let _ = tokio::signal::ctrl_c().await;
    };
    suyuan_rpc::serve(listener, chain.clone(), limits, stop).await?;
    chain.shutdown()?;
    Ok(())
}
