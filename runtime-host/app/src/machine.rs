//! The contract engine together with the code it may load.
//!
//! Code bytes live beside the state tree, under their checksum, and are written in the same atomic commit as the code
//! info that names the checksum; the tree commits to them through it.

use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use suyuan_core::{hex_lower, Hash32, HostFault, Hosted};
use suyuan_store::Store;
use suyuan_vm::{Code, Vm};

/// Code of a running transaction, under its checksum.
pub(crate) type FreshCode = (Hash32, Arc<Vec<u8>>);

/// Engine, committed code and code of the block that is being computed.
pub(crate) struct Machine {
    pub vm: Vm,
    store: Store,
    pending: Mutex<BTreeMap<Hash32, Arc<Vec<u8>>>>,
}

impl Machine {
    pub(crate) fn new(store: Store, vm: Vm) -> Self {
        Machine { vm, store, pending: Mutex::new(BTreeMap::new()) }
    }

    /// The compiled code of `checksum`, which may be among the `fresh` ones of a running transaction; `None` if its
    /// bytes are not stored.
    pub(crate) fn load(&self, checksum: &Hash32, fresh: &[FreshCode]) -> Hosted<Option<Code>> {
        let mut missing = false;
        let loaded = self.vm.load(checksum, || match self.bytes(checksum, fresh)? {
            Some(bytes) => Ok(bytes),
            None => {
                missing = true;
                Err(HostFault::new(format!("code {} is not stored", hex_lower(checksum))))
            }
        });
        match loaded {
            Err(_) if missing => Ok(None),
            loaded => loaded.map(Some),
        }
    }

    /// The wasm of `checksum`: fresh, pending or committed.
    pub(crate) fn bytes(&self, checksum: &Hash32, fresh: &[FreshCode]) -> Hosted<Option<Vec<u8>>> {
        if let Some((_, bytes)) = fresh.iter().find(|(own, _)| own == checksum) {
            return Ok(Some(bytes.as_ref().clone()));
        }
        if let Some(bytes) = self.pending.lock().get(checksum) {
            return Ok(Some(bytes.as_ref().clone()));
        }
        self.store.meta(&code_meta_key(checksum))
    }

    /// Remembers code of a successful transaction until the block is committed.
    pub(crate) fn add_pending(&self, codes: Vec<FreshCode>) {
        self.pending.lock().extend(codes);
    }

    /// Forgets the pending code: the block was committed or is computed again.
    pub(crate) fn take_pending(&self) -> BTreeMap<Hash32, Arc<Vec<u8>>> {
        std::mem::take(&mut self.pending.lock())
    }
}

/// Key of code bytes beside the tree.
pub(crate) fn code_meta_key(checksum: &Hash32) -> Vec<u8> {
    [b"app/code/", &checksum[..]].concat()
}
