//! What writer, connections and the node share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};
use suyuan_core::HostFault;
use suyuan_solo::{CheckTx, Info, QueryState};

/// A callback with a new height.
pub type HeightCallback = Arc<dyn Fn(u64) + Send + Sync>;

/// What a server does beside translating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// App version of the chain, as genesis names it; `Info` says it.
    pub app_version: u64,
    /// Height at which a chain that was made alone became a network, 0 for none. `Info` calls it 0: for the engine the
    /// chain begins behind it, and only so does it ask for `InitChain`.
    pub seam: u64,
    /// Height after whose commit nothing more is executed, so that another program goes on; `None` for none.
    pub halt_height: Option<u64>,
    /// Blocks that the engine keeps; `None` for all.
    pub retain_blocks: Option<u64>,
}

/// Fewest blocks that an engine must keep: a node that lost what its system had not yet written replays them.
pub const RETAIN_BLOCKS_MIN: u64 = 300;

impl Settings {
    /// The lowest height that the engine has to keep; 0 for all.
    pub(crate) fn retain_height(&self, height: u64) -> u64 {
        let Some(kept) = self.retain_blocks else { return 0 };
        let lowest = height.saturating_add(1).saturating_sub(kept.max(RETAIN_BLOCKS_MIN));
        // Below the first block of a network there is nothing to remove.
        if lowest > self.seam.saturating_add(1) {
            lowest
        } else {
            0
        }
    }
}

/// How far the app is, guarded by one lock so that waiting for it cannot miss a change.
#[derive(Default)]
struct Progress {
    height: u64,
    stopped: bool,
    halted: Option<u64>,
    fault: Option<HostFault>,
}

pub struct Shared {
    pub checker: Arc<dyn CheckTx>,
    pub querier: Arc<dyn QueryState>,
    /// What was committed last; `Info` answers from here and never with anything that is not durable.
    pub info: RwLock<Info>,
    /// What the operator and genesis say.
    pub settings: Settings,
    progress: Mutex<Progress>,
    changed: Condvar,
    callbacks: Mutex<Vec<HeightCallback>>,
}

impl Shared {
    pub fn new(
        checker: Arc<dyn CheckTx>,
        querier: Arc<dyn QueryState>,
        info: Info,
        settings: Settings,
    ) -> Shared {
        let progress = Progress { height: info.height, ..Progress::default() };
        Shared {
            checker,
            querier,
            info: RwLock::new(info),
            settings,
            progress: Mutex::new(progress),
            changed: Condvar::new(),
            callbacks: Mutex::new(Vec::new()),
        }
    }

    /// Tells of a committed height.
    pub fn publish(&self, info: Info) {
        *self.info.write() = info;
        self.progress.lock().height = info.height;
        self.changed.notify_all();
        let callbacks = self.callbacks.lock().clone();
        for callback in callbacks {
            callback(info.height);
        }
    }

    pub fn add_callback(&self, callback: HeightCallback) {
        self.callbacks.lock().push(callback);
    }

    /// Records the fault that ends the server; the first one is kept.
    pub fn fail(&self, fault: HostFault) {
        let mut progress = self.progress.lock();
        if progress.fault.is_none() {
            tracing::error!(%fault, "the consensus connection failed; the node ends");
            progress.fault = Some(fault);
        }
        progress.stopped = true;
        self.changed.notify_all();
    }

    /// Halts where the operator wanted it.
    pub fn note_committed(&self, height: u64) {
        if self.settings.halt_height.is_some_and(|halt| height >= halt) {
            self.progress.lock().halted = Some(height);
            self.changed.notify_all();
        }
    }

    /// The height at which the server halted.
    pub fn halted(&self) -> Option<u64> {
        self.progress.lock().halted
    }

    /// Waits for the end of the server.
    pub fn wait_stopped(&self) {
        let mut progress = self.progress.lock();
        while !progress.stopped {
            self.changed.wait(&mut progress);
        }
    }

    /// The server ends in order.
    pub fn set_stopped(&self) {
        self.progress.lock().stopped = true;
        self.changed.notify_all();
    }

    pub fn is_stopped(&self) -> bool {
        self.progress.lock().stopped
    }

    pub fn fault(&self) -> Option<HostFault> {
        self.progress.lock().fault.clone()
    }

    /// Waits until the committed height is above `height`; `None` when the time is over or the server has stopped.
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
}
