//! What writer, connections and the node share.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};
use suyuan_core::HostFault;
use suyuan_solo::{CheckTx, Info, QueryState};

/// A callback with a new height.
pub type HeightCallback = Arc<dyn Fn(u64) + Send + Sync>;

/// How far the app is, guarded by one lock so that waiting for it cannot miss a change.
#[derive(Default)]
struct Progress {
    height: u64,
    stopped: bool,
    fault: Option<HostFault>,
}

pub struct Shared {
    pub checker: Arc<dyn CheckTx>,
    pub querier: Arc<dyn QueryState>,
    /// What was committed last; `Info` answers from here and never with anything that is not durable.
    pub info: RwLock<Info>,
    /// App version of the chain, as genesis names it.
    pub app_version: u64,
    progress: Mutex<Progress>,
    changed: Condvar,
    callbacks: Mutex<Vec<HeightCallback>>,
}

impl Shared {
    pub fn new(
        checker: Arc<dyn CheckTx>,
        querier: Arc<dyn QueryState>,
        info: Info,
        app_version: u64,
    ) -> Shared {
        let progress = Progress { height: info.height, ..Progress::default() };
        Shared {
            checker,
            querier,
            info: RwLock::new(info),
            app_version,
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
