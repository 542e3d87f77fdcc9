//! The two places where the compiler cannot check us, with the reasons why they are sound.
//!
//! * [`load_artifact`]: machine code is taken from bytes. The caller has verified that this node wrote them.
//! * [`Lent`]: a borrowed backend is reachable from the engine's store, which demands `'static` data.
//!
//! No other module of this crate may contain unsafe code.
#![allow(
    unsafe_code,
    reason = "the engine's artifact loader is unsafe, and a borrow must cross a 'static bound"
)]

use std::cell::Cell;
use std::ptr::NonNull;
use std::rc::Rc;

use wasmtime::{Engine, Module};

use crate::artifact::Authentic;
use crate::backend::Backend;

/// Turns compiled bytes into a module. [`Authentic`] can only be made by checking the node's own MAC over exactly
/// these bytes, or from what the compiler has just returned.
pub(crate) fn load_artifact(engine: &Engine, bytes: &Authentic<'_>) -> wasmtime::Result<Module> {
    // SAFETY: `deserialize` requires bytes that this version of the engine produced. `Authentic` proves that they
    // came from this process or carry a MAC with this node's key, which covers the engine's compatibility hash.
    unsafe { Module::deserialize(engine, bytes.bytes()) }
}

type Pointer = NonNull<dyn Backend>;

/// The place in the engine's store where the backend of the running call can be reached.
///
/// Empty outside [`Lent::during`] and while a closure of [`Lent::with`] holds the backend.
#[derive(Clone, Default)]
pub(crate) struct Lent(Rc<Cell<Option<Pointer>>>);

/// Empties the place when the loan ends, by return or by panic.
struct Loan<'a>(&'a Cell<Option<Pointer>>);

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl Lent {
    /// Makes `backend` reachable through this place while `f` runs.
    pub(crate) fn during<R>(&self, backend: &mut dyn Backend, f: impl FnOnce() -> R) -> R {
        let short: NonNull<dyn Backend + '_> = NonNull::from(backend);
        // SAFETY: only the lifetime bound of the trait object changes, the layout is the same. The pointer is used
        // by `with` alone; `Loan` removes it before `backend`'s borrow, which outlives this function, ends. `Rc`
        // keeps the place on this thread.
        let long: Pointer =
            unsafe { std::mem::transmute::<NonNull<dyn Backend + '_>, Pointer>(short) };
        self.0.set(Some(long));
        let _loan = Loan(&self.0);
        f()
    }

    /// Runs `f` on the backend; `None` if none is lent or if it is in use further up the stack.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut dyn Backend) -> R) -> Option<R> {
        let mut pointer = self.0.take()?;
        // SAFETY: the pointer is present only inside `during`, so the exclusive borrow that it came from is alive and
        // not used by its owner. Taking it out of the place makes this the only reference made from it, and the
        // reference cannot leave `f`.
        let answer = f(unsafe { pointer.as_mut() });
        self.0.set(Some(pointer));
        Some(answer)
    }
}
