//! A stack deep enough for contracts that query contracts.
//!
//! Callers come with stacks of all sizes (a test has 2 MiB); the engine needs `THREAD_STACK_BYTES` for the deepest
//! allowed nesting. One short-lived thread per block, simulation or smart query costs microseconds and makes the depth
//! limits hold on every caller. Nothing of it is visible in results: exactly one thread runs at a time.

use suyuan_core::{HostFault, Hosted};
use suyuan_vm::THREAD_STACK_BYTES;

/// Runs `work` on a deep stack and waits for it.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> Hosted<T> + Send) -> Hosted<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("contracts".to_string())
            .stack_size(THREAD_STACK_BYTES)
            .spawn_scoped(scope, work)
            .map_err(|e| HostFault::new(format!("no thread for contracts: {e}")))?;
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
