//! The thread that follows the chain: indexes each published block, oldest first, beside the writer.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};
use suyuan_core::{Event, Hash32, HostFault, Hosted};

use super::EventIndex;
use crate::block_log::{BlockReader, LogIdentity};
use crate::tmtypes::hash32;

/// How far the thread is and how far it is to go, under one lock so that no change is missed.
#[derive(Debug, Default)]
struct State {
    published: u64,
    stop: bool,
    failed: bool,
}

/// How far the index of a chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexProgress {
    /// Height up to which searches need not read the log.
    pub indexed: u64,
    /// Whether the index has failed and will not follow until the next start.
    pub failed: bool,
}

/// An index with the thread that fills it.
#[derive(Debug)]
pub struct Indexer {
    /// Gone when the chain has ended, so that the folder is free then whoever still holds a handle.
    index: RwLock<Option<Arc<EventIndex>>>,
    state: Mutex<State>,
    changed: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Indexer {
    /// Opens the index in `path` and starts its thread, which catches up with the log and then follows.
    ///
    /// # Errors
    /// The folder cannot be used, or the thread does not start.
    pub fn start(
        path: PathBuf,
        identity: &LogIdentity,
        reader: BlockReader,
    ) -> Hosted<Arc<Indexer>> {
        let hash_of = |height: u64| -> Hosted<Option<Hash32>> {
            Ok(reader.block(height)?.map(|block| hash32(&block.head().id.hash)))
        };
        let index = Arc::new(EventIndex::open(&path, identity, &hash_of)?);
        let indexer = Arc::new(Indexer {
            index: RwLock::new(Some(Arc::clone(&index))),
            state: Mutex::default(),
            changed: Condvar::new(),
            thread: Mutex::new(None),
        });
        let own = Arc::clone(&indexer);
        let thread = std::thread::Builder::new()
            .name("suyuan-index".to_string())
            .spawn(move || own.follow(&index, &reader))
            .map_err(|e| HostFault::new(format!("the index thread does not start: {e}")))?;
        *indexer.thread.lock() = Some(thread);
        Ok(indexer)
    }

    /// The index; `None` after the end of the chain.
    pub fn index(&self) -> Option<Arc<EventIndex>> {
        self.index.read().clone()
    }

    /// How far it is.
    pub fn progress(&self) -> IndexProgress {
        IndexProgress { indexed: self.tip(), failed: self.state.lock().failed }
    }

    fn tip(&self) -> u64 {
        self.index.read().as_ref().map_or(0, |index| index.tip())
    }

    /// A height was published.
    pub fn published(&self, height: u64) {
        let mut state = self.state.lock();
        state.published = state.published.max(height);
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until `height` is indexed, at most `time_max`; then how far it is.
    pub fn wait_for(&self, height: u64, time_max: Duration) -> IndexProgress {
        let deadline = Instant::now() + time_max;
        let mut state = self.state.lock();
        while self.tip() < height && !state.stop && !state.failed {
            if self.changed.wait_until(&mut state, deadline).timed_out() {
                break;
            }
        }
        IndexProgress { indexed: self.tip(), failed: state.failed }
    }

    /// Ends the thread and waits for it. What is not indexed then is caught up at the next start.
    pub fn stop(&self) {
        self.state.lock().stop = true;
        self.changed.notify_all();
        let thread = self.thread.lock().take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the index thread panicked");
        }
        *self.index.write() = None;
    }

    fn follow(&self, index: &EventIndex, reader: &BlockReader) {
        while let Some(height) = self.next(index, reader) {
            if let Err(fault) = add(index, reader, height) {
                tracing::error!(%fault, height, "the event index stops; searches read the block log");
                self.state.lock().failed = true;
                self.changed.notify_all();
                return;
            }
            // Under the lock, so that nobody who is about to wait misses it.
            drop(self.state.lock());
            self.changed.notify_all();
        }
    }

    /// Waits for a published height that is not indexed; `None` when the thread is to end.
    fn next(&self, index: &EventIndex, reader: &BlockReader) -> Option<u64> {
        let mut state = self.state.lock();
        loop {
            if state.stop {
                return None;
            }
            let base = reader.heights().map_or(1, |(base, _)| base);
            let next = index.tip().saturating_add(1).max(base);
            if next <= state.published {
                return Some(next);
            }
            self.changed.wait(&mut state);
        }
    }
}

fn add(index: &EventIndex, reader: &BlockReader, height: u64) -> Hosted<()> {
    let block = reader
        .block(height)?
        .ok_or_else(|| HostFault::new(format!("block log: height {height} is missing")))?;
    let results = block.results()?;
    let txs: Vec<&[Event]> = results.iter().map(|result| result.events.as_slice()).collect();
    index.add_block(height, &hash32(&block.head().id.hash), &txs, &block.events()?)
}
