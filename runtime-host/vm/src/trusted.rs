//! The three places where the compiler cannot check us, with the reasons why they are sound.
//!
//! * [`load_artifact`]: machine code is taken from bytes. The caller has verified that this node wrote them.
//! * [`Function`]: an export is called without asking the engine for its type again, which would take a lock and count a
//!   reference that all threads share. The type was read when the module was loaded.
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

use wasmtime::{AsContextMut, Engine, ExternType, Func, Instance, Module, ModuleExport, ValRaw};

use crate::artifact::Authentic;
use crate::backend::Backend;

/// Turns compiled bytes into a module. [`Authentic`] can only be made by checking the node's own MAC over exactly
/// these bytes, or from what the compiler has just returned.
pub(crate) fn load_artifact(engine: &Engine, bytes: &Authentic<'_>) -> wasmtime::Result<Module> {
    // SAFETY: `deserialize` requires bytes that this version of the engine produced. `Authentic` proves that they
    // came from this process or carry a MAC with this node's key, which covers the engine's compatibility hash.
    unsafe { Module::deserialize(engine, bytes.bytes()) }
}

/// Most pointers that an export which the host calls may take.
pub(crate) const POINTERS_MAX: usize = 3;

/// An export that takes pointers (i32) and gives back at most one, as the module itself says.
#[derive(Clone, Copy)]
pub(crate) struct Pointers {
    export: ModuleExport,
    params: usize,
    results: usize,
}

impl Pointers {
    /// The function that `module` exports as `name`; `None` if there is none or if it has another shape.
    pub(crate) fn of(module: &Module, name: &str) -> Option<Pointers> {
        let ExternType::Func(ty) = module.get_export(name)? else {
            return None;
        };
        let (params, results) = (ty.params().len(), ty.results().len());
        let plain = ty.params().chain(ty.results()).all(|ty| ty.is_i32());
        let export = module.get_export_index(name)?;
        (plain && params <= POINTERS_MAX && results <= 1).then_some(Pointers {
            export,
            params,
            results,
        })
    }

    pub(crate) fn params(&self) -> usize {
        self.params
    }

    pub(crate) fn results(&self) -> usize {
        self.results
    }

    /// The function in an instance of the same module; `None` for an instance of another one.
    pub(crate) fn resolve(
        &self,
        instance: &Instance,
        store: impl AsContextMut,
    ) -> Option<Function> {
        let function = instance.get_module_export(store, &self.export)?.into_func()?;
        Some(Function { function, params: self.params, results: self.results })
    }
}

/// A function of [`Pointers`]' shape.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    function: Func,
    params: usize,
    results: usize,
}

impl Function {
    /// Calls the function; its answer is 0 if it has none. Other numbers of arguments than it takes are an error.
    pub(crate) fn call(
        &self,
        store: impl AsContextMut,
        arguments: &[u32],
    ) -> wasmtime::Result<u32> {
        let mut values = [ValRaw::u32(0); POINTERS_MAX];
        if arguments.len() != self.params {
            return Err(wasmtime::Error::msg("an export was called with another number of values"));
        }
        for (value, argument) in values.iter_mut().zip(arguments) {
            *value = ValRaw::u32(*argument);
        }
        // SAFETY: `Pointers::of` is the only way to the counts here. It read from the module's own type that there are
        // `params` <= POINTERS_MAX values of i32 in and `results` <= 1 out, so the array has room for both and holds i32
        // where i32 is expected. `resolve` took the function from an instance of that module, and the engine checks
        // that function and store belong together. Nothing here is a reference type, and nothing is asynchronous.
        unsafe { self.function.call_unchecked(store, &raw mut values[..])? };
        Ok(if self.results == 0 { 0 } else { values[0].get_u32() })
    }
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
