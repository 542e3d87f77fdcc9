//! A small chain to lend, and the smallest contract to put test code into.

use std::collections::BTreeMap;

use suyuan_core::{HostFault, Hosted};
use suyuan_vm::{
    Backend, BackendError, CallContext, CallOutcome, Code, EntryPoint, Record, Vm, VmConfig,
};

pub const PLENTY: u64 = 100_000_000_000_000;

/// What each service of [`Chain`] costs.
pub const READ_COST: u64 = 11;
pub const WRITE_COST: u64 = 13;
pub const REMOVE_COST: u64 = 17;
pub const SCAN_COST: u64 = 19;
pub const NEXT_COST: u64 = 23;
pub const QUERY_COST: u64 = 29;
pub const ADDRESS_COST: u64 = 31;

/// A backend over ordered maps.
#[derive(Default)]
pub struct Chain {
    pub store: BTreeMap<Vec<u8>, Vec<u8>>,
    pub iterators: Vec<Vec<Record>>,
    pub queries: Vec<(Vec<u8>, u64)>,
    pub messages: Vec<String>,
    pub refuse_writes: Option<BackendError>,
    pub broken_disk: bool,
    pub query_cost: Option<u64>,
}

impl Backend for Chain {
    fn db_read(&mut self, key: &[u8]) -> Hosted<(Option<Vec<u8>>, u64)> {
        if self.broken_disk {
            return Err(HostFault::new("disk"));
        }
        Ok((self.store.get(key).cloned(), READ_COST))
    }

    fn db_write(&mut self, key: &[u8], value: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        if let Some(error) = &self.refuse_writes {
            return Ok((Err(error.clone()), WRITE_COST));
        }
        self.store.insert(key.to_vec(), value.to_vec());
        Ok((Ok(()), WRITE_COST))
    }

    fn db_remove(&mut self, key: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        self.store.remove(key);
        Ok((Ok(()), REMOVE_COST))
    }

    fn db_scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        ascending: bool,
    ) -> Hosted<(u32, u64)> {
        let mut records: Vec<Record> = self
            .store
            .iter()
            .filter(|(key, _)| start.is_none_or(|start| key.as_slice() >= start))
            .filter(|(key, _)| end.is_none_or(|end| key.as_slice() < end))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        // Taken from the end.
        if ascending {
            records.reverse();
        }
        self.iterators.push(records);
        Ok((self.iterators.len() as u32, SCAN_COST))
    }

    fn db_next(&mut self, iterator: u32) -> Hosted<(Result<Option<Record>, BackendError>, u64)> {
        let found =
            (iterator as usize).checked_sub(1).and_then(|index| self.iterators.get_mut(index));
        Ok(match found {
            Some(records) => (Ok(records.pop()), NEXT_COST),
            None => (Err(BackendError::User("no such iterator".into())), NEXT_COST),
        })
    }

    fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64) {
        let known = human.starts_with("suyuan1");
        (known.then_some(()).ok_or("unknown prefix".to_owned()), ADDRESS_COST)
    }

    fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64) {
        (Ok(human.bytes().rev().collect()), ADDRESS_COST)
    }

    fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64) {
        let text = String::from_utf8(canonical.iter().rev().copied().collect());
        (text.map_err(|_| "not an address".to_owned()), ADDRESS_COST)
    }

    fn query(&mut self, request: &[u8], gas_limit: u64) -> Hosted<(Vec<u8>, u64)> {
        self.queries.push((request.to_vec(), gas_limit));
        Ok((b"{\"ok\":1}".to_vec(), self.query_cost.unwrap_or(QUERY_COST)))
    }

    fn debug(&mut self, message: &str) {
        self.messages.push(message.to_owned());
    }
}

pub fn vm() -> Vm {
    Vm::new(small_config()).unwrap()
}

/// A pool that a test machine can always reserve.
pub fn small_config() -> VmConfig {
    VmConfig { pool_slots: 2 * suyuan_vm::NESTED_CALLS_MAX, ..VmConfig::default() }
}

/// Gas of `allocate` in [`contract`]: twenty operators and the end.
pub const ALLOCATE: u64 = 20 * 115 + 1610;
/// Gas of `deallocate` in [`contract`]: the end.
pub const DEALLOCATE: u64 = 1610;
/// Pointer to a region with the two bytes `{}`, for use as an answer.
pub const ANSWER: u32 = 16;

/// Gas that the host charges for handing over `bytes` and for the contract's `allocate`.
pub fn handing(bytes: usize) -> u64 {
    ALLOCATE + 230_000 + 570 * bytes as u64
}

/// Gas that the host charges for reading `bytes`.
pub fn reading(bytes: usize) -> u64 {
    200_000 + 115 * bytes as u64
}

/// Everything but the body of `query`, for two empty arguments and the answer `{}`: two arguments, the final
/// `i32.const` and `end` of the body, reading the answer, `deallocate`.
pub fn frame_of_query() -> u64 {
    2 * handing(0) + 115 + 1610 + reading(2) + DEALLOCATE
}

/// A complete contract around `items` (imports first, then functions and so on).
pub fn contract_with(imports: &str, items: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(module
            {imports}
            (memory (export "memory") 1)
            (global $heap (mut i32) (i32.const 4096))
            (data (i32.const {ANSWER}) "\40\00\00\00\02\00\00\00\02\00\00\00")
            (data (i32.const 64) "{{}}")
            (func (export "interface_version_8"))
            (func $allocate (export "allocate") (param $size i32) (result i32)
                (local $region i32)
                (local.set $region (global.get $heap))
                (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
                (i32.store offset=4 (local.get $region) (local.get $size))
                (i32.store offset=8 (local.get $region) (i32.const 0))
                (global.set $heap
                    (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
                (local.get $region))
            (func (export "deallocate") (param i32))
            {items}
        )"#
    ))
    .unwrap()
}

/// A contract whose `query` runs `body` and answers `{}`.
pub fn query_with(items: &str, body: &str) -> Vec<u8> {
    contract_with(
        "",
        &format!(
            r#"{items}
            (func (export "query") (param i32 i32) (result i32)
                {body}
                (i32.const {ANSWER}))"#
        ),
    )
}

pub fn run(vm: &Vm, code: &Code, entry: EntryPoint, chain: &mut Chain, gas: u64) -> CallOutcome {
    let args: &[&[u8]] = match entry {
        EntryPoint::Query | EntryPoint::Reply | EntryPoint::Sudo => &[b"", b""],
        EntryPoint::Instantiate | EntryPoint::Execute | EntryPoint::Migrate => &[b"", b"", b""],
    };
    let context = CallContext { gas_limit: gas, read_only: false };
    vm.call(code, entry, args, chain, context).unwrap()
}

/// Compiles and queries with two empty arguments.
pub fn query(vm: &Vm, wasm: &[u8], gas: u64) -> CallOutcome {
    let code = vm.compile(wasm).unwrap().unwrap();
    run(vm, &code, EntryPoint::Query, &mut Chain::default(), gas)
}

/// Compiles and executes with three empty arguments.
pub fn execute(vm: &Vm, wasm: &[u8], chain: &mut Chain) -> CallOutcome {
    let code = vm.compile(wasm).unwrap().unwrap();
    run(vm, &code, EntryPoint::Execute, chain, PLENTY)
}

/// Runs `work` on a thread with the stack of a node's threads: for contracts that go as deep as they may.
pub fn deep(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(suyuan_vm::THREAD_STACK_BYTES);
    if let Err(panic) = thread.spawn(work).unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}
