//! A compiled contract: the module linked with the imports, and where its exports are.

use suyuan_core::{Hash32, HostFault, Hosted};
use wasmtime::{
    AsContextMut, ExternType, Instance, InstancePre, Linker, Module, ModuleExport, Store,
};

use crate::call::i32_of;
use crate::config::EntryPoint;
use crate::error::GuestError;
use crate::host::{Handles, Host, Step, Stop};
use crate::rewrite::{GAS_EXPORT, PAGES_EXPORT, STACK_EXPORT};
use crate::trusted::{Function, Pointers};

/// One entry point as the module exports it.
#[derive(Clone, Copy)]
pub(crate) struct Door {
    pub(crate) params: usize,
    /// Pointers in, one pointer out; `None` for any other shape.
    function: Option<Pointers>,
}

/// A compiled contract.
pub(crate) struct Compiled {
    pub(crate) checksum: Hash32,
    /// Bytes of machine code and data, for the bound of the memory cache.
    pub(crate) bytes: usize,
    pub(crate) template: InstancePre<Host>,
    memory: ModuleExport,
    gas: ModuleExport,
    pages: ModuleExport,
    stack: ModuleExport,
    allocate: Pointers,
    deallocate: Pointers,
    doors: [Option<Door>; EntryPoint::ALL.len()],
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled")
            .field("checksum", &suyuan_core::hex_lower(&self.checksum))
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

fn fault(what: &str) -> HostFault {
    HostFault::new(format!("compiled contract: {what}"))
}

impl Compiled {
    pub(crate) fn new(
        checksum: Hash32,
        module: &Module,
        linker: &Linker<Host>,
    ) -> Hosted<Compiled> {
        let export = |name: &str| {
            module.get_export_index(name).ok_or_else(|| fault(&format!("no export {name}")))
        };
        let function = |name: &str, results: usize| {
            Pointers::of(module, name)
                .filter(|function| function.params() == 1 && function.results() == results)
                .ok_or_else(|| fault(&format!("{name} has another type than the checks saw")))
        };
        let template =
            linker.instantiate_pre(module).map_err(|error| fault(&format!("linking: {error}")))?;
        let image = module.image_range();
        Ok(Compiled {
            checksum,
            bytes: image.end as usize - image.start as usize,
            memory: export("memory")?,
            gas: export(GAS_EXPORT)?,
            pages: export(PAGES_EXPORT)?,
            stack: export(STACK_EXPORT)?,
            allocate: function("allocate", 1)?,
            deallocate: function("deallocate", 0)?,
            doors: EntryPoint::ALL.map(|entry| door(module, entry)),
            template,
        })
    }

    pub(crate) fn door(&self, entry: EntryPoint) -> Step<&Door> {
        self.doors[entry as usize].as_ref().ok_or(Stop::Guest(GuestError::MissingEntryPoint(entry)))
    }

    pub(crate) fn handles(
        &self,
        instance: &Instance,
        mut store: impl AsContextMut<Data = Host>,
    ) -> Hosted<Handles> {
        let memory = instance
            .get_module_export(&mut store, &self.memory)
            .and_then(|export| export.into_memory());
        let gas = instance
            .get_module_export(&mut store, &self.gas)
            .and_then(|export| export.into_global());
        let pages = instance
            .get_module_export(&mut store, &self.pages)
            .and_then(|export| export.into_global());
        let allocate = self.allocate.resolve(instance, &mut store);
        match (memory, gas, pages, allocate) {
            (Some(memory), Some(gas), Some(pages), Some(allocate)) => {
                Ok(Handles { memory, gas, pages, allocate })
            }
            _ => Err(fault("an export has another kind than the checks saw")),
        }
    }

    /// The function behind `entry`, if it takes `params` pointers and gives one back.
    pub(crate) fn entry(
        &self,
        instance: &Instance,
        store: &mut Store<Host>,
        entry: EntryPoint,
        params: usize,
    ) -> Step<Function> {
        let function = self
            .door(entry)?
            .function
            .filter(|function| function.params() == params && function.results() == 1)
            .ok_or(Stop::Guest(GuestError::BadEntryPoint(entry)))?;
        function
            .resolve(instance, store)
            .ok_or_else(|| Stop::Fault(fault("an entry point is no function")))
    }

    pub(crate) fn deallocate(
        &self,
        instance: &Instance,
        store: &mut Store<Host>,
    ) -> Hosted<Function> {
        self.deallocate
            .resolve(instance, store)
            .ok_or_else(|| fault("deallocate is no function of a pointer"))
    }

    pub(crate) fn stack_left(&self, instance: &Instance, store: &mut Store<Host>) -> Hosted<i32> {
        let global = instance
            .get_module_export(&mut *store, &self.stack)
            .and_then(|export| export.into_global())
            .ok_or_else(|| fault("no stack counter"))?;
        i32_of(&global.get(store))
    }
}

fn door(module: &Module, entry: EntryPoint) -> Option<Door> {
    let ExternType::Func(ty) = module.get_export(entry.name())? else {
        return None;
    };
    let params = ty.params().len();
    Some(Door { params, function: Pointers::of(module, entry.name()) })
}
