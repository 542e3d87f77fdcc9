//! Building chains for the tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use suyuan_core::Hosted;
use suyuan_solo::{
    start_with, Chain, Clock, Files, Genesis, ManualClock, SoloConfig, SystemClock, ValidatorKey,
};
use tendermint::Time;

use crate::disk::{Faults, Journal, MemFile, Which};
use crate::toy::{ToyApp, ToyDisk};

pub const WAIT: Duration = Duration::from_secs(20);
/// 2026-01-01T00:00:00Z
pub const GENESIS_SECONDS: i64 = 1_767_225_600;

pub fn genesis() -> Genesis {
    let time = Time::from_unix_timestamp(GENESIS_SECONDS, 0).unwrap();
    Genesis::new("toy-1", time, serde_json::json!({})).unwrap()
}

pub fn key() -> ValidatorKey {
    ValidatorKey::from_secret(&[7; 32])
}

pub fn config() -> SoloConfig {
    SoloConfig::new("unused")
}

/// A chain on files in memory, with everything a test may want to look at.
pub struct Rig {
    pub chain: Chain,
    pub disk: Arc<ToyDisk>,
    pub journal: Journal,
    pub faults: Arc<Faults>,
    pub blocks: Arc<MemFile>,
}

pub struct Setup {
    pub config: SoloConfig,
    pub genesis: Genesis,
    pub clock: Arc<dyn Clock>,
    pub disk: Arc<ToyDisk>,
    pub blocks: Vec<u8>,
    pub sign_state: Vec<u8>,
    pub index: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            config: config(),
            genesis: genesis(),
            clock: Arc::new(SystemClock),
            disk: Arc::default(),
            blocks: Vec::new(),
            sign_state: Vec::new(),
            index: None,
        }
    }
}

impl Setup {
    pub fn manual(clock: &Arc<ManualClock>) -> Self {
        Setup { clock: clock.clone(), ..Setup::default() }
    }

    pub fn start(self) -> Hosted<Rig> {
        let (journal, faults) = (Journal::default(), Arc::<Faults>::default());
        let blocks = Arc::new(MemFile::new(Which::Blocks, self.blocks, &journal, &faults));
        let sign_state =
            Box::new(MemFile::new(Which::SignState, self.sign_state, &journal, &faults));
        let files = Files { blocks: blocks.clone(), sign_state, index: self.index, lock: None };
        let app = ToyApp::boxed(&self.disk);
        let chain = start_with(app, self.genesis, key(), self.config, self.clock, files)?;
        Ok(Rig { chain, disk: self.disk, journal, faults, blocks })
    }
}

impl Rig {
    /// Sends and waits for the block.
    pub fn commit(&self, tx: &str) -> suyuan_solo::Committed {
        self.chain.broadcast_commit(tx.as_bytes().to_vec(), WAIT).unwrap()
    }

    /// Waits until the chain has come to rest: the last block changed nothing and nothing waits.
    pub fn rest(&self) -> u64 {
        loop {
            let waiting = self.chain.num_unconfirmed_txs().total;
            let latest = self.chain.latest_height();
            let results = self.chain.block_results(None).unwrap();
            let header = self.chain.header(None).unwrap();
            let proved =
                header.app_hash.as_bytes() == results.app_hash && results.tx_results.is_empty();
            if waiting == 0
                && proved
                && results.height == latest
                && self.chain.latest_height() == latest
            {
                return latest;
            }
            self.chain.wait_above(latest, WAIT);
        }
    }
}
