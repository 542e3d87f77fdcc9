//! Who may take an instance from the pool.
//!
//! A call may nest (a contract's query runs another contract on the same thread), and each level holds a slot. If
//! outermost calls could take the last slots, nested ones would fail by chance. So outermost calls wait for a place,
//! nested ones never do, and the pool is large enough for every place at full depth.

use std::cell::Cell;
use std::num::NonZeroU32;

use parking_lot::{Condvar, Mutex};
use suyuan_core::{HostFault, Hosted};

use crate::config::NESTED_CALLS_MAX;

thread_local! {
    /// Calls on this thread's stack, over all engines: a bound on native stack as well.
    static NESTED: Cell<u32> = const { Cell::new(0) };
}

/// Counts the outermost calls.
#[derive(Debug)]
pub(crate) struct Gate {
    free: Mutex<u32>,
    freed: Condvar,
}

/// A place, given back on drop.
pub(crate) struct Place<'a> {
    gate: &'a Gate,
    outermost: bool,
}

impl Gate {
    pub(crate) fn new(places: NonZeroU32) -> Gate {
        Gate { free: Mutex::new(places.get()), freed: Condvar::new() }
    }

    /// Waits for a place if this is the thread's outermost call.
    pub(crate) fn enter(&self) -> Hosted<Place<'_>> {
        let nested = NESTED.get();
        if nested >= NESTED_CALLS_MAX {
            return Err(HostFault::new(format!(
                "more than {NESTED_CALLS_MAX} contract calls nested on one thread"
            )));
        }
        let outermost = nested == 0;
        if outermost {
            let mut free = self.free.lock();
            while *free == 0 {
                self.freed.wait(&mut free);
            }
            *free -= 1;
        }
        NESTED.set(nested + 1);
        Ok(Place { gate: self, outermost })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        NESTED.set(NESTED.get().saturating_sub(1));
        if self.outermost {
            *self.gate.free.lock() += 1;
            self.gate.freed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_calls_need_no_place_and_end_at_the_limit() {
        let gate = Gate::new(NonZeroU32::MIN);
        let places: Vec<_> =
            (0..NESTED_CALLS_MAX).map(|_| gate.enter().expect("within the limit")).collect();
        assert!(gate.enter().is_err());
        drop(places);
        assert!(gate.enter().is_ok());
    }
}
