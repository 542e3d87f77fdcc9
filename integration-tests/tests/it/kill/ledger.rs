//! What was sent and acknowledged, against what the blocks hold.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{ensure, Context as _, Result};
use suyuan_client::rpc::tx_hash;
use suyuan_client::Client;
use tendermint_rpc::query::Query;
use tendermint_rpc::{Client as _, Order};

/// Where a transaction was acknowledged to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub height: u64,
    /// Known only where the acknowledgement tells it.
    pub index: Option<u32>,
}

/// A transaction that was handed to the node, perhaps in vain.
#[derive(Clone, Debug)]
pub struct Sent {
    pub hash: String,
    pub bytes: Vec<u8>,
    pub acked: Option<Place>,
}

impl Sent {
    pub fn new(bytes: Vec<u8>) -> Self {
        Sent { hash: tx_hash(&bytes), bytes, acked: None }
    }
}

/// Acknowledged transactions that are offered again after each kill, the latest first.
const REPLAYED_MAX: usize = 25;

/// All transactions of the test, each account's in order.
#[derive(Debug, Default)]
pub struct Ledger {
    sent: Vec<Sent>,
    /// App hash of each height as it was first seen: it must never change.
    app_hashes: BTreeMap<u64, Vec<u8>>,
}

impl Ledger {
    /// Adds what one account sent.
    pub fn note(&mut self, sent: Vec<Sent>) {
        self.sent.extend(sent);
    }

    /// Greatest height that an acknowledgement named.
    pub fn height_acked(&self) -> u64 {
        self.sent.iter().filter_map(|sent| sent.acked).map(|at| at.height).max().unwrap_or(0)
    }

    /// Every acknowledged transaction is in the blocks exactly once and where it was acknowledged; the others are
    /// there at most once; nothing else is there; and no header differs from what was seen before a kill.
    pub async fn check(&mut self, client: &Client) -> Result<()> {
        let blocks = self.read_blocks(client).await?;
        let known: BTreeSet<&str> = self.sent.iter().map(|sent| sent.hash.as_str()).collect();
        ensure!(known.len() == self.sent.len(), "the test sent a transaction twice");
        for (hash, places) in &blocks {
            ensure!(known.contains(hash.as_str()), "{hash} was never sent");
            ensure!(
                places.len() == 1,
                "{hash} is in the blocks {} times: {places:?}",
                places.len()
            );
        }
        for sent in &self.sent {
            let Some(acked) = sent.acked else { continue };
            let hash = &sent.hash;
            let places =
                blocks.get(hash).with_context(|| format!("{hash} was acknowledged and is lost"))?;
            let (height, index) = places[0];
            ensure!(acked.height == height, "{hash}: acknowledged at {acked:?}, found at {height}");
            ensure!(
                acked.index.is_none_or(|i| i == index),
                "{hash}: acknowledged at {acked:?}, found at {index}"
            );
            let receipt =
                client.rpc().tx(hash).await?.with_context(|| format!("{hash} is not found"))?;
            ensure!(receipt.is_ok(), "{hash}: {}", receipt.log);
            ensure!(
                (receipt.height, receipt.index) == (height, index),
                "{hash} is found elsewhere"
            );
            ensure!(receipt.tx == sent.bytes, "{hash} has other bytes");
        }
        self.found_once_by_search(client).await
    }

    async fn read_blocks(&mut self, client: &Client) -> Result<BTreeMap<String, Vec<(u64, u32)>>> {
        let tip = client.rpc().status().await?.sync_info.latest_block_height.value();
        let mut found: BTreeMap<String, Vec<(u64, u32)>> = BTreeMap::new();
        for height in 1..=tip {
            let block = client.rpc().block(Some(height)).await?.block;
            for (index, tx) in (0u32..).zip(&block.data) {
                found.entry(tx_hash(tx)).or_default().push((height, index));
            }
            let app_hash = block.header.app_hash.as_bytes().to_vec();
            let first = self.app_hashes.entry(height).or_insert_with(|| app_hash.clone());
            ensure!(*first == app_hash, "the header of height {height} changed");
        }
        ensure!(self.app_hashes.len() as u64 == tip, "heights that were seen are gone");
        Ok(found)
    }

    async fn found_once_by_search(&self, client: &Client) -> Result<()> {
        for sent in self.sent.iter().rev().filter(|sent| sent.acked.is_some()).take(REPLAYED_MAX) {
            let query = Query::eq("tx.hash", sent.hash.clone());
            let http = client.rpc().http();
            let answer = http.tx_search(query, false, 1, 10, Order::Ascending).await?;
            ensure!(answer.total_count == 1, "{} is found {} times", sent.hash, answer.total_count);
        }
        Ok(())
    }

    /// Offers transactions again, byte for byte: those in blocks must be refused, those that were lost may come in.
    pub async fn offer_again(&mut self, client: &Client) -> Result<()> {
        let included: BTreeSet<String> = self.read_blocks(client).await?.into_keys().collect();
        let acked = self.sent.iter().rev().filter(|sent| sent.acked.is_some());
        for sent in acked.take(REPLAYED_MAX) {
            let taken = accepted(client, &sent.bytes).await;
            ensure!(!taken, "{} was acknowledged and is taken again", sent.hash);
        }
        let mut again = Vec::new();
        for (place, sent) in self.sent.iter().enumerate().filter(|(_, sent)| sent.acked.is_none()) {
            let taken = accepted(client, &sent.bytes).await;
            ensure!(!(taken && included.contains(&sent.hash)), "{} is taken again", sent.hash);
            // A later one of the account may have taken its sequence in an earlier round.
            if taken {
                again.push(place);
            }
        }
        println!("{} unacknowledged were lost and came in again", again.len());
        for place in again {
            let receipt = client.wait(&self.sent[place].hash).await?.into_result()?;
            let index = Some(receipt.index);
            self.sent[place].acked = Some(Place { height: receipt.height, index });
        }
        Ok(())
    }
}

/// Whether the node's mempool takes a transaction now.
async fn accepted(client: &Client, bytes: &[u8]) -> bool {
    let answer = client.rpc().http().broadcast_tx_sync(bytes.to_vec()).await;
    answer.is_ok_and(|answer| answer.code.is_ok())
}
