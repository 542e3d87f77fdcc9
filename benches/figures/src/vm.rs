//! The contract engine beside cosmwasm-vm: the same contracts, the same mock chain, bytes in and bytes out.

use std::cell::RefCell;
use std::collections::HashSet;

use anyhow::{anyhow, ensure, Result};
use cosmwasm_std::{coins, Checksum};
use cosmwasm_vm::testing::{mock_backend, mock_env, mock_info, MockApi, MockQuerier, MockStorage};
use cosmwasm_vm::{
    call_execute_raw, call_instantiate_raw, call_query_raw, to_vec, Cache, CacheOptions, Instance,
    InstanceOptions, Querier, Size, Storage,
};
use suyuan_vm::{CallContext, Code, EntryPoint, Vm, VmConfig};

use crate::figure::{compare, Effort, Figure, Rival};
use crate::mocks::{Lender, Mocks};
use crate::testdata::contract;

/// The engine of today's CosmWasm chains.
pub const COSMWASM_VM: Rival = Rival { name: "cosmwasm-vm", version: "3.0.10" };

/// Both sides have the same memory limit and more gas than any figure needs.
const MEMORY: Size = Size::mebi(32);
const GAS: u64 = 1_000_000_000_000;

type TheirCache = Cache<MockApi, MockStorage, MockQuerier>;
type TheirInstance = Instance<MockApi, MockStorage, MockQuerier>;

/// One contract, ready on both sides, each with its own state.
pub(crate) struct Pair {
    cache: TheirCache,
    checksum: Checksum,
    their_mocks: RefCell<Option<Mocks>>,
    vm: Vm,
    code: Code,
    our_mocks: RefCell<Mocks>,
    env: Vec<u8>,
    _dir: tempfile::TempDir,
}

pub(crate) fn vm_error(error: cosmwasm_vm::VmError) -> anyhow::Error {
    anyhow!("{error}")
}

/// A cache over a directory of its own.
#[allow(
    unsafe_code,
    reason = "the only constructor of the other side's cache; the directory is new and ours"
)]
pub(crate) fn their_cache<S: Storage + 'static, Q: Querier + 'static>(
    dir: &std::path::Path,
) -> Result<Cache<MockApi, S, Q>> {
    let capabilities: HashSet<String> = suyuan_vm::default_capabilities().into_iter().collect();
    let options = CacheOptions::new(dir, capabilities, Size::mebi(200), MEMORY);
    // SAFETY: the directory was made by this process a moment ago, so every module in it will be ours.
    unsafe { Cache::new(options) }.map_err(vm_error)
}

impl Pair {
    fn new(name: &str) -> Result<Pair> {
        Pair::of(&contract(name)?)
    }

    /// The contract on both sides.
    pub(crate) fn of(wasm: &[u8]) -> Result<Pair> {
        let dir = tempfile::tempdir()?;
        let cache = their_cache(dir.path())?;
        let checksum = cache.store_code(wasm, true, true).map_err(vm_error)?;
        cache.pin(&checksum).map_err(vm_error)?;
        let vm = Vm::new(VmConfig::default())?;
        let code = vm.compile(wasm)??;
        Ok(Pair {
            cache,
            checksum,
            their_mocks: RefCell::new(Some(mock_backend(&[]))),
            vm,
            code,
            our_mocks: RefCell::new(mock_backend(&[])),
            env: to_vec(&mock_env()).map_err(vm_error)?,
            _dir: dir,
        })
    }

    /// The environment of every call.
    pub(crate) fn env(&self) -> &[u8] {
        &self.env
    }

    /// Gas of a call, all of it.
    pub(crate) fn gas(&self, entry: EntryPoint, info: &[u8], msg: &[u8]) -> Result<u64> {
        let mut mocks = self.our_mocks.borrow_mut();
        let context = CallContext { gas_limit: GAS, read_only: false };
        let args: &[&[u8]] = &[&self.env, info, msg];
        let outcome = self.vm.call(&self.code, entry, args, &mut Lender(&mut mocks), context)?;
        outcome.result?;
        Ok(outcome.gas_used_internal.saturating_add(outcome.gas_used_external))
    }

    /// Their side: an instance from the pinned cache, `work`, and the instance is gone.
    pub(crate) fn theirs(
        &self,
        work: impl FnOnce(&mut TheirInstance) -> cosmwasm_vm::VmResult<Vec<u8>>,
    ) -> Result<()> {
        let mocks = self.their_mocks.borrow_mut().take();
        let mocks = mocks.ok_or_else(|| anyhow!("the mocks are away"))?;
        let options = InstanceOptions { gas_limit: GAS };
        let mut instance =
            self.cache.get_instance(&self.checksum, mocks, options).map_err(vm_error)?;
        let answer = work(&mut instance).map_err(vm_error)?;
        *self.their_mocks.borrow_mut() = instance.recycle();
        ensure!(answer.starts_with(b"{\"ok\":") || answer.is_empty(), "their answer");
        Ok(())
    }

    /// Our side: one call.
    pub(crate) fn ours(&self, entry: EntryPoint, args: &[&[u8]]) -> Result<()> {
        let mut mocks = self.our_mocks.borrow_mut();
        let context = CallContext { gas_limit: GAS, read_only: entry == EntryPoint::Query };
        let outcome = self.vm.call(&self.code, entry, args, &mut Lender(&mut mocks), context)?;
        ensure!(outcome.result?.starts_with(b"{\"ok\":"), "our answer");
        Ok(())
    }

    pub(crate) fn instantiate(&self, info: &[u8], msg: &[u8]) -> Result<()> {
        self.theirs(|instance| call_instantiate_raw(instance, &self.env, info, msg))?;
        self.ours(EntryPoint::Instantiate, &[&self.env, info, msg])
    }

    fn compare_execute(
        &self,
        name: &str,
        effort: Effort,
        info: &[u8],
        msg: &[u8],
    ) -> Result<Figure> {
        compare(
            name,
            COSMWASM_VM,
            effort,
            || self.theirs(|instance| call_execute_raw(instance, &self.env, info, msg)),
            || self.ours(EntryPoint::Execute, &[&self.env, info, msg]),
        )
    }
}

fn hackatom() -> Result<(Pair, Vec<u8>)> {
    let pair = Pair::new("hackatom.wasm")?;
    let api = MockApi::default();
    let info = mock_info(&api.addr_make("creator"), &coins(1000, "earth"));
    let (verifier, beneficiary) = (api.addr_make("verifies"), api.addr_make("benefits"));
    let msg = format!(r#"{{"verifier": "{verifier}", "beneficiary": "{beneficiary}"}}"#);
    pair.instantiate(&to_vec(&info).map_err(vm_error)?, msg.as_bytes())?;
    let info = mock_info(&verifier, &coins(15, "earth"));
    Ok((pair, to_vec(&info).map_err(vm_error)?))
}

/// An instance and no call: on our side a call of an entry point that the contract does not have, without arguments. In a
/// place that messages have used, ours clears the pages that they wrote again each time; theirs maps new memory each time.
fn pinned(name: &str, pair: &Pair) -> Result<Figure> {
    let effort = Effort { rounds: 101, runs: 100 };
    compare(
        name,
        COSMWASM_VM,
        effort,
        || pair.theirs(|_| Ok(Vec::new())),
        || {
            let mut mocks = pair.our_mocks.borrow_mut();
            let context = CallContext { gas_limit: GAS, read_only: true };
            let (entry, mut lender) = (EntryPoint::Reply, Lender(&mut mocks));
            let outcome = pair.vm.call(&pair.code, entry, &[], &mut lender, context)?;
            ensure!(outcome.result.is_err() && outcome.gas_used_internal == 0, "no call");
            Ok(())
        },
    )
}

/// All figures of the contract engine.
pub fn figures() -> Result<Vec<Figure>> {
    let many = Effort { rounds: 101, runs: 50 };
    let alone = pinned("vm/pinned", &Pair::new("hackatom.wasm")?)?;
    let (pair, info) = hackatom()?;
    let release = br#"{"release":{"denom":"earth"}}"#;
    let mut figures = vec![pair.compare_execute("vm/execute", many, &info, release)?];
    let verifier = br#"{"verifier":{}}"#;
    figures.push(compare(
        "vm/query",
        COSMWASM_VM,
        many,
        || pair.theirs(|instance| call_query_raw(instance, &pair.env, verifier)),
        || pair.ours(EntryPoint::Query, &[&pair.env, verifier]),
    )?);
    figures.push(alone);
    figures.push(pinned("vm/pinned-used", &pair)?);

    let cyberpunk = Pair::new("cyberpunk.wasm")?;
    let info = to_vec(&mock_info("hasher", &[])).map_err(vm_error)?;
    cyberpunk.instantiate(&info, b"{}")?;
    let few = Effort { rounds: 31, runs: 3 };
    let argon2 = br#"{"argon2":{"mem_cost":256,"time_cost":3}}"#;
    figures.push(cyberpunk.compare_execute("vm/argon2", few, &info, argon2)?);
    figures.push(storage_loop(&cyberpunk, &info)?);
    figures.push(compile()?);
    Ok(figures)
}

/// Gas after which the endless loop over storage is stopped on both sides.
const STORAGE_LOOP_GAS: u64 = 50_000_000_000;

/// A loop that writes and reads one key until its gas is gone: the price of going in and out of the contract.
fn storage_loop(pair: &Pair, info: &[u8]) -> Result<Figure> {
    let message = br#"{"storage_loop":{}}"#;
    compare(
        "vm/storage-loop",
        COSMWASM_VM,
        Effort { rounds: 11, runs: 1 },
        || {
            let mocks = pair.their_mocks.borrow_mut().take();
            let mocks = mocks.ok_or_else(|| anyhow!("the mocks are away"))?;
            let options = InstanceOptions { gas_limit: STORAGE_LOOP_GAS };
            let mut instance =
                pair.cache.get_instance(&pair.checksum, mocks, options).map_err(vm_error)?;
            let stopped = call_execute_raw(&mut instance, &pair.env, info, message);
            *pair.their_mocks.borrow_mut() = instance.recycle();
            ensure!(stopped.is_err(), "their loop ended by itself");
            Ok::<(), anyhow::Error>(())
        },
        || {
            let mut mocks = pair.our_mocks.borrow_mut();
            let context = CallContext { gas_limit: STORAGE_LOOP_GAS, read_only: false };
            let args: &[&[u8]] = &[&pair.env, info, message];
            let (entry, mut lender) = (EntryPoint::Execute, Lender(&mut mocks));
            let outcome = pair.vm.call(&pair.code, entry, args, &mut lender, context)?;
            let stopped = outcome.result == Err(suyuan_vm::GuestError::OutOfGas);
            ensure!(stopped, "our loop ended otherwise");
            Ok(())
        },
    )
}

/// From bytes to a stored, runnable module. Ours optimises and theirs does not: the figure that is expected below one.
fn compile() -> Result<Figure> {
    let wasm = contract("hackatom.wasm")?;
    let effort = Effort { rounds: 5, runs: 1 };
    compare(
        "vm/compile",
        COSMWASM_VM,
        effort,
        || {
            let dir = tempfile::tempdir()?;
            let cache: TheirCache = their_cache(dir.path())?;
            cache.store_code(&wasm, true, true).map_err(vm_error)?;
            Ok::<(), anyhow::Error>(())
        },
        || {
            let dir = tempfile::tempdir()?;
            let vm = Vm::new(VmConfig {
                cache_dir: Some(dir.path().to_owned()),
                ..VmConfig::default()
            })?;
            vm.compile(&wasm)??;
            Ok(())
        },
    )
}
