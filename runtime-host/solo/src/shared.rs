//! What the writer and the handles share.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use suyuan_core::{Hash32, HostFault};
use tendermint::block::Header;
use tendermint::validator;

use crate::answers::BlockSummary;
use crate::application::{CheckTx, QueryState};
use crate::block_log::BlockReader;
use crate::error::ChainError;
use crate::event_index::Indexer;
use crate::genesis::Genesis;
use crate::mempool::Mempool;
use crate::progress::Progress;
use crate::stats::Counters;

/// The latest published block.
#[derive(Clone, Debug)]
pub struct Tip {
    /// Header.
    pub header: Header,
    /// App hash after the block.
    pub app_hash: Hash32,
}

impl Tip {
    /// Height.
    pub fn height(&self) -> u64 {
        self.header.height.value()
    }
}

/// Everything behind a [`crate::Chain`].
pub struct Shared {
    pub genesis: Genesis,
    pub genesis_json: Arc<serde_json::Value>,
    pub validators: validator::Set,
    pub log: BlockReader,
    pub checker: Arc<dyn CheckTx>,
    pub querier: Arc<dyn QueryState>,
    pub mempool: Mempool,
    /// The event index with its thread; without it searches read the log.
    pub indexer: Option<Arc<Indexer>>,
    /// Held for reading during CheckTx and admission, for writing while the check state is replaced at commit: the
    /// remaining transactions are rechecked before anything new is checked.
    pub gate: RwLock<()>,
    pub earliest: RwLock<Option<BlockSummary>>,
    tip: RwLock<Option<Arc<Tip>>>,
    pub progress: Progress,
    pub writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    pub counters: Counters,
}

/// The parts that `start` puts together.
pub struct Parts {
    pub genesis: Genesis,
    pub validators: validator::Set,
    pub log: BlockReader,
    pub checker: Arc<dyn CheckTx>,
    pub querier: Arc<dyn QueryState>,
    pub mempool: Mempool,
    pub indexer: Option<Arc<Indexer>>,
}

impl Shared {
    pub fn new(parts: Parts) -> Self {
        Shared {
            genesis_json: Arc::new(parts.genesis.to_json()),
            genesis: parts.genesis,
            validators: parts.validators,
            log: parts.log,
            checker: parts.checker,
            querier: parts.querier,
            mempool: parts.mempool,
            indexer: parts.indexer,
            gate: RwLock::new(()),
            earliest: RwLock::new(None),
            tip: RwLock::new(None),
            progress: Progress::default(),
            writer: Mutex::new(None),
            counters: Counters::default(),
        }
    }

    /// The latest published block; `None` only before the first one.
    pub fn tip(&self) -> Option<Arc<Tip>> {
        self.tip.read().clone()
    }

    /// Makes a block visible. Everything of it must be readable.
    pub fn publish(&self, tip: Tip) {
        let height = tip.height();
        *self.tip.write() = Some(Arc::new(tip));
        self.progress.reach(height);
        if let Some(indexer) = &self.indexer {
            indexer.published(height);
        }
        self.progress.tell(height);
    }

    /// Records the fault that ends the chain; the first one is kept. The mempool takes nothing more.
    pub fn fail(&self, fault: &HostFault) {
        self.progress.fail(fault);
        self.mempool.close(ChainError::Fault(fault.clone()));
    }
}
