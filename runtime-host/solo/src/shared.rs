//! What the writer and the handles share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};
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
use crate::stats::Counters;

/// A callback with a new height.
pub type HeightCallback = Arc<dyn Fn(u64) + Send + Sync>;

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

/// How far the chain is, guarded by one lock so that waiting for it cannot miss a change.
#[derive(Default)]
struct Progress {
    height: u64,
    stopped: bool,
    fault: Option<HostFault>,
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
    progress: Mutex<Progress>,
    changed: Condvar,
    callbacks: Mutex<Vec<HeightCallback>>,
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
            progress: Mutex::new(Progress::default()),
            changed: Condvar::new(),
            callbacks: Mutex::new(Vec::new()),
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
        self.progress.lock().height = height;
        self.changed.notify_all();
        if let Some(indexer) = &self.indexer {
            indexer.published(height);
        }
        let callbacks = self.callbacks.lock().clone();
        for callback in callbacks {
            callback(height);
        }
    }

    pub fn add_callback(&self, callback: HeightCallback) {
        self.callbacks.lock().push(callback);
    }

    /// Waits until the published height is above `height`; `None` when the time is over or the chain has stopped.
    pub fn wait_above(&self, height: u64, timeout: Duration) -> Option<u64> {
        let deadline = Instant::now().checked_add(timeout);
        let mut progress = self.progress.lock();
        loop {
            if progress.height > height {
                return Some(progress.height);
            }
            if progress.stopped {
                return None;
            }
            match deadline {
                None => self.changed.wait(&mut progress),
                Some(deadline) => {
                    if self.changed.wait_until(&mut progress, deadline).timed_out()
                        && progress.height <= height
                    {
                        return None;
                    }
                }
            }
        }
    }

    /// Waits until the writer has ended.
    pub fn wait_stopped(&self) -> Option<HostFault> {
        let mut progress = self.progress.lock();
        while !progress.stopped {
            self.changed.wait(&mut progress);
        }
        progress.fault.clone()
    }

    /// Records the fault that ends the chain; the first one is kept. The mempool takes nothing more.
    pub fn fail(&self, fault: &HostFault) {
        self.progress.lock().fault.get_or_insert_with(|| fault.clone());
        self.mempool.close(ChainError::Fault(fault.clone()));
        self.changed.notify_all();
    }

    /// The writer has ended.
    pub fn set_stopped(&self) {
        self.progress.lock().stopped = true;
        self.changed.notify_all();
    }

    pub fn fault(&self) -> Option<HostFault> {
        self.progress.lock().fault.clone()
    }
}
