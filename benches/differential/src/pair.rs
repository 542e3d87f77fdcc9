//! One contract on both engines.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::{anyhow, Result};
use cosmwasm_std::Checksum;
use cosmwasm_vm::{
    call_execute_raw, call_instantiate_raw, call_migrate_raw, call_migrate_with_info_raw,
    call_query_raw, call_reply_raw, call_sudo_raw, Cache, CacheOptions, Instance, InstanceOptions,
    Size, VmResult,
};
use suyuan_core::sha256_parts;
use suyuan_vm::{CallContext, Code, EntryPoint, PriceTable, Vm, VmConfig};

use crate::calls::Call;
use crate::seen::{judge, our_failure, their_failure, Judgement, Seen};
use crate::world::{Api, Chain, Ours, Parts, Shared, Store};

const MEMORY: Size = Size::mebi(32);
type TheirCache = Cache<Api, Store, Chain>;
type TheirInstance = Instance<Api, Store, Chain>;

/// Everything that contracts of both engines may require.
pub fn capabilities() -> BTreeSet<String> {
    let mut all = suyuan_vm::default_capabilities();
    all.extend(["staking", "stargate", "ibc2", "cosmwasm_3_0"].map(str::to_owned));
    all
}

/// Our engine with other prices than the default, or the default's.
pub fn our_vm(prices: PriceTable) -> Result<Vm> {
    let config = VmConfig { prices, capabilities: capabilities(), ..VmConfig::default() };
    Ok(Vm::new(config)?)
}

/// Both engines.
pub struct Engines {
    cache: TheirCache,
    /// Ours.
    pub vm: Vm,
    _directory: tempfile::TempDir,
}

impl std::fmt::Debug for Engines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engines").field("vm", &self.vm).finish_non_exhaustive()
    }
}

fn vm_error(error: cosmwasm_vm::VmError) -> anyhow::Error {
    anyhow!("{error}")
}

/// Their cache over a directory of its own.
#[allow(
    unsafe_code,
    reason = "the only constructor of the other side's cache; the directory is new and ours"
)]
fn their_cache(directory: &std::path::Path) -> Result<TheirCache> {
    let capabilities: HashSet<String> = capabilities().into_iter().collect();
    let options = CacheOptions::new(directory, capabilities, Size::mebi(400), MEMORY);
    // SAFETY: the directory was made by this process a moment ago, so every module in it will be ours.
    unsafe { TheirCache::new(options) }.map_err(vm_error)
}

impl Engines {
    /// Both engines; ours with these prices.
    pub fn new(prices: PriceTable) -> Result<Engines> {
        let directory = tempfile::tempdir()?;
        let cache = their_cache(directory.path())?;
        Ok(Engines { cache, vm: our_vm(prices)?, _directory: directory })
    }
}

/// Where their side takes its code from.
enum Their {
    /// Compiled once, pinned.
    Kept(Checksum),
    /// Compiled for every call: for modules that are called a few times only.
    Raw(Vec<u8>),
}

/// How calls compared, counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Calls that were equal and gave an answer.
    pub answered: u64,
    /// Calls that were equal and failed.
    pub failed: u64,
    /// Differences that are allowed, by reason.
    pub excused: BTreeMap<String, u64>,
    /// Requests to the chain in equal calls.
    pub requests: u64,
}

impl Tally {
    /// Takes another tally in.
    pub fn add(&mut self, other: &Tally) {
        self.answered += other.answered;
        self.failed += other.failed;
        self.requests += other.requests;
        for (reason, count) in &other.excused {
            *self.excused.entry(reason.clone()).or_default() += count;
        }
    }

    /// Calls in all.
    pub fn calls(&self) -> u64 {
        self.answered + self.failed + self.excused.values().sum::<u64>()
    }

    /// As an object for the log of a soak.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "answered": self.answered,
            "failed": self.failed,
            "requests": self.requests,
            "excused": self.excused,
        })
    }
}

/// A contract on several engines, to be played on.
pub trait Table {
    /// Runs a call on all of them; `Err` is a difference that is not allowed.
    fn compare(&mut self, call: &Call) -> std::result::Result<Seen, String>;

    /// Empties all stores.
    fn reset(&self);

    /// Counts a difference in the bits of a NaN, which only the caller can tell from another.
    fn excuse_nan_bits(&mut self);
}

/// One contract on both engines, with a world for each.
pub struct Pair<'e> {
    engines: &'e Engines,
    prefix: &'static str,
    their: Their,
    code: Code,
    their_world: Shared,
    our_world: Shared,
    /// How its calls compared.
    pub tally: Tally,
}

impl std::fmt::Debug for Pair<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair").field("code", &self.code).finish_non_exhaustive()
    }
}

/// A digest of a store.
pub fn store_digest(shared: &Shared) -> [u8; 32] {
    let world = shared.world();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for (key, value) in &world.store {
        parts.push((key.len() as u64).to_le_bytes().to_vec());
        parts.push(key.clone());
        parts.push((value.len() as u64).to_le_bytes().to_vec());
        parts.push(value.clone());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    sha256_parts(&parts)
}

/// Runs a call on one of our engines.
pub fn call_ours(vm: &Vm, code: &Code, shared: &Shared, prefix: &'static str, call: &Call) -> Seen {
    shared.begin();
    let args: Vec<&[u8]> = call.args.iter().map(Vec::as_slice).collect();
    let read_only = call.entry == EntryPoint::Query;
    let context = CallContext { gas_limit: call.gas, read_only };
    let mut ours = Ours::new(shared, prefix);
    let outcome = vm.call(code, call.entry, &args, &mut ours, context).expect("no fault");
    let (log, asked) = {
        let mut world = shared.world();
        (std::mem::take(&mut world.log), world.asked)
    };
    Seen {
        result: outcome.result.as_ref().map(Vec::clone).map_err(our_failure),
        internal: outcome.gas_used_internal,
        external: outcome.gas_used_external,
        log,
        asked,
        store: store_digest(shared),
    }
}

fn enter_theirs(instance: &mut TheirInstance, call: &Call) -> VmResult<Vec<u8>> {
    match (call.entry, call.args.as_slice()) {
        (EntryPoint::Instantiate, [a, b, c]) => call_instantiate_raw(instance, a, b, c),
        (EntryPoint::Execute, [a, b, c]) => call_execute_raw(instance, a, b, c),
        (EntryPoint::Query, [a, b]) => call_query_raw(instance, a, b),
        (EntryPoint::Migrate, [a, b]) => call_migrate_raw(instance, a, b),
        (EntryPoint::Migrate, [a, b, c]) => call_migrate_with_info_raw(instance, a, b, c),
        (EntryPoint::Reply, [a, b]) => call_reply_raw(instance, a, b),
        (EntryPoint::Sudo, [a, b]) => call_sudo_raw(instance, a, b),
        other => panic!("no such call: {other:?}"),
    }
}

impl<'e> Pair<'e> {
    /// A contract that will be called often.
    pub fn new(engines: &'e Engines, wasm: &[u8], prefix: &'static str) -> Result<Pair<'e>> {
        let checksum = engines.cache.store_code(wasm, true, true).map_err(vm_error)?;
        engines.cache.pin(&checksum).map_err(vm_error)?;
        Pair::with(engines, wasm, prefix, Their::Kept(checksum))
    }

    /// A contract that will be called a few times.
    pub fn brief(engines: &'e Engines, wasm: &[u8], prefix: &'static str) -> Result<Pair<'e>> {
        Pair::with(engines, wasm, prefix, Their::Raw(wasm.to_vec()))
    }

    fn with(
        engines: &'e Engines,
        wasm: &[u8],
        prefix: &'static str,
        their: Their,
    ) -> Result<Pair<'e>> {
        let code = engines.vm.compile(wasm)??;
        let (their_world, our_world) = (Shared::default(), Shared::default());
        let tally = Tally::default();
        Ok(Pair { engines, prefix, their, code, their_world, our_world, tally })
    }

    /// The world of our side.
    pub fn our_world(&self) -> &Shared {
        &self.our_world
    }

    fn instance(&self, parts: Parts, gas_limit: u64) -> VmResult<TheirInstance> {
        let options = InstanceOptions { gas_limit };
        match &self.their {
            Their::Kept(checksum) => self.engines.cache.get_instance(checksum, parts, options),
            Their::Raw(wasm) => Instance::from_code(wasm, parts, options, Some(MEMORY)),
        }
    }

    fn call_theirs(&self, call: &Call) -> Seen {
        let shared = &self.their_world;
        shared.begin();
        let parts = shared.parts(self.prefix);
        let mut instance = self.instance(parts, call.gas).expect("an instance of theirs");
        let world = shared.clone();
        instance.set_debug_handler(move |message, _| world.debugged(message));
        let result = enter_theirs(&mut instance, call);
        let report = instance.create_gas_report();
        drop(instance);
        let (log, asked) = {
            let mut world = shared.world();
            (std::mem::take(&mut world.log), world.asked)
        };
        Seen {
            result: result.map_err(|error| their_failure(&error)),
            internal: report.used_internally,
            external: report.used_externally,
            log,
            asked,
            store: store_digest(shared),
        }
    }

    /// Runs a call on both sides. What a failed call wrote is taken back on both, as a chain would.
    pub fn both(&mut self, call: &Call) -> (Seen, Seen) {
        let before = self.our_world.world().store.clone();
        let theirs = self.call_theirs(call);
        let ours = call_ours(&self.engines.vm, &self.code, &self.our_world, self.prefix, call);
        if ours.result.is_err() || ours.result != theirs.result {
            self.their_world.world().store.clone_from(&before);
            self.our_world.world().store = before;
        }
        (ours, theirs)
    }
}

impl Table for Pair<'_> {
    fn reset(&self) {
        self.their_world.world().store.clear();
        self.our_world.world().store.clear();
    }

    fn compare(&mut self, call: &Call) -> std::result::Result<Seen, String> {
        let (ours, theirs) = self.both(call);
        match judge(&ours, &theirs) {
            Judgement::Equal => {
                self.tally.requests += ours.asked;
                match ours.result {
                    Ok(_) => self.tally.answered += 1,
                    Err(_) => self.tally.failed += 1,
                }
                Ok(ours)
            }
            Judgement::Excused(exception) => {
                *self.tally.excused.entry(format!("{exception:?}")).or_default() += 1;
                Ok(ours)
            }
            Judgement::Different(text) => Err(format!("{}\n{text}", call.shown())),
        }
    }

    fn excuse_nan_bits(&mut self) {
        *self.tally.excused.entry("NanBits".to_owned()).or_default() += 1;
    }
}
