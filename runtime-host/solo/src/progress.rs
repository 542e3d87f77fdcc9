//! How far a chain is, for those who wait for it: the same for a chain made here and for one that an engine makes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use suyuan_core::HostFault;

/// A callback with a new height.
pub type HeightCallback = Arc<dyn Fn(u64) + Send + Sync>;

/// Guarded by one lock so that waiting for it cannot miss a change.
#[derive(Debug, Default)]
struct State {
    height: u64,
    stopped: bool,
    fault: Option<HostFault>,
}

/// Height, end and fault of a chain, with those who wait for them and those who want to be called.
#[derive(Default)]
pub struct Progress {
    state: Mutex<State>,
    changed: Condvar,
    callbacks: Mutex<Vec<HeightCallback>>,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Progress {
    /// A chain that is at `height`.
    pub fn at(height: u64) -> Progress {
        let state = State { height, ..State::default() };
        Progress { state: Mutex::new(state), ..Progress::default() }
    }

    /// Records a new height and wakes who waits for it.
    pub fn reach(&self, height: u64) {
        self.state.lock().height = height;
        self.changed.notify_all();
    }

    /// Calls everybody who wants to be called, on this thread.
    pub fn tell(&self, height: u64) {
        let callbacks = self.callbacks.lock().clone();
        for callback in callbacks {
            callback(height);
        }
    }

    /// Adds a callback for [`Progress::tell`].
    pub fn add_callback(&self, callback: HeightCallback) {
        self.callbacks.lock().push(callback);
    }

    /// Waits until the height is above `height`; `None` when the time is over or the chain has stopped.
    pub fn wait_above(&self, height: u64, timeout: Duration) -> Option<u64> {
        let deadline = Instant::now().checked_add(timeout);
        let mut state = self.state.lock();
        loop {
            if state.height > height {
                return Some(state.height);
            }
            if state.stopped {
                return None;
            }
            match deadline {
                None => self.changed.wait(&mut state),
                Some(deadline) => {
                    if self.changed.wait_until(&mut state, deadline).timed_out()
                        && state.height <= height
                    {
                        return None;
                    }
                }
            }
        }
    }

    /// Waits until the chain has stopped; the fault that ended it, if one did.
    pub fn wait_stopped(&self) -> Option<HostFault> {
        let mut state = self.state.lock();
        while !state.stopped {
            self.changed.wait(&mut state);
        }
        state.fault.clone()
    }

    /// Records the fault that ends the chain, if it is the first one; whether it was.
    pub fn fail(&self, fault: &HostFault) -> bool {
        let mut state = self.state.lock();
        let first = state.fault.is_none();
        state.fault.get_or_insert_with(|| fault.clone());
        self.changed.notify_all();
        first
    }

    /// Nothing more will happen.
    pub fn set_stopped(&self) {
        self.state.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Whether it has stopped.
    pub fn is_stopped(&self) -> bool {
        self.state.lock().stopped
    }

    /// The fault that ended the chain.
    pub fn fault(&self) -> Option<HostFault> {
        self.state.lock().fault.clone()
    }
}
