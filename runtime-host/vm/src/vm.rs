//! The contract engine as the chain sees it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use suyuan_core::{sha256, Hash32, HostFault, Hosted};
use wasmtime::{Engine, Linker};

use crate::ahead::Ahead;
use crate::analysis::{check, Analysis, Checked, Profile};
use crate::artifact::{Authentic, Shelf, Surroundings};
use crate::cache::MemoryCache;
use crate::call::{call, Rules};
use crate::code::Compiled;
use crate::config::{MEMORY_PAGES_MAX, THREAD_STACK_BYTES};
use crate::engine::{generate, outermost_calls, runtime};
use crate::gate::Gate;
use crate::host::Host;
use crate::linker::linker;
use crate::rewrite::rewrite;
use crate::trusted::load_artifact;
use crate::{Backend, CallContext, CallOutcome, EntryPoint, PriceTable, ValidationError, VmConfig};

/// A compiled contract. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Code(Arc<Compiled>);

impl Code {
    /// SHA-256 of the wasm as uploaded.
    pub fn checksum(&self) -> &Hash32 {
        &self.0.checksum
    }

    /// Bytes of machine code and data, as they stand in memory.
    pub fn image_bytes(&self) -> usize {
        self.0.bytes
    }
}

struct Inner {
    cfg: VmConfig,
    engine: Engine,
    linker: Linker<Host>,
    gate: Gate,
    memory: MemoryCache<Compiled>,
    shelf: Option<Shelf>,
    ahead: Ahead,
    compilations: AtomicU64,
    /// For every module, instead of the one that its shape asks for.
    profile: Option<Profile>,
}

/// The contract engine. Cheap to clone, shared by threads.
///
/// A thread that calls contracts needs [`THREAD_STACK_BYTES`](crate::THREAD_STACK_BYTES) of stack if their queries may
/// nest to the full depth.
#[derive(Clone)]
pub struct Vm(Arc<Inner>);

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm")
            .field("cfg", &self.0.cfg)
            .field("memory", &self.0.memory)
            .field("shelf", &self.0.shelf)
            .finish_non_exhaustive()
    }
}

impl Vm {
    /// An engine with these choices. Fails if they contradict each other, if the machine cannot reserve the pool, or
    /// if the cache directory cannot be made.
    pub fn new(cfg: VmConfig) -> Hosted<Vm> {
        Vm::build(cfg, None)
    }

    /// An engine that compiles every module with `profile`, whatever its shape, for comparing code generators.
    #[cfg(feature = "matrix")]
    pub fn with_profile(cfg: VmConfig, profile: Profile) -> Hosted<Vm> {
        Vm::build(cfg, Some(profile))
    }

    fn build(cfg: VmConfig, profile: Option<Profile>) -> Hosted<Vm> {
        if cfg.memory_pages_max > MEMORY_PAGES_MAX {
            return Err(HostFault::new(format!(
                "contract memory of {} pages, at most {MEMORY_PAGES_MAX} are possible",
                cfg.memory_pages_max
            )));
        }
        cfg.prices.validate()?;
        let engine =
            runtime(cfg.pool_slots, cfg.memory_pages_max, profile.unwrap_or(Profile::Fast))?;
        let surroundings = Surroundings::new(&engine, &cfg.prices.hash(), cfg.memory_pages_max);
        let shelf = match &cfg.cache_dir {
            Some(dir) => Some(Shelf::open(dir, surroundings)?),
            None => None,
        };
        Ok(Vm(Arc::new(Inner {
            linker: linker(&engine)
                .map_err(|error| HostFault::new(format!("contract imports: {error}")))?,
            gate: Gate::new(outermost_calls(cfg.pool_slots)?),
            memory: MemoryCache::default(),
            shelf,
            ahead: Ahead::default(),
            compilations: AtomicU64::new(0),
            engine,
            profile,
            cfg,
        })))
    }

    /// The prices that calls are charged with.
    pub fn prices(&self) -> &PriceTable {
        &self.0.cfg.prices
    }

    /// Capabilities that contracts may require, in order.
    pub fn capabilities(&self) -> &BTreeSet<String> {
        &self.0.cfg.capabilities
    }

    /// Most memory of one contract, in pages of 64 KiB.
    pub fn memory_pages_max(&self) -> u32 {
        self.0.cfg.memory_pages_max
    }

    fn checked(&self, wasm: &[u8]) -> Result<Checked, ValidationError> {
        check(wasm, &self.0.cfg.capabilities, self.0.cfg.memory_pages_max)
    }

    /// The static checks alone. The verdict is the same on every node with the same genesis.
    pub fn check(&self, wasm: &[u8]) -> Result<Analysis, ValidationError> {
        self.checked(wasm).map(|checked| checked.analysis)
    }

    /// The module as it is compiled: with its meters. For inspection and tests.
    pub fn rewritten(&self, wasm: &[u8]) -> Hosted<Result<Vec<u8>, ValidationError>> {
        match self.checked(wasm) {
            Ok(checked) => self.rewrite(wasm, &checked).map(Ok),
            Err(error) => Ok(Err(error)),
        }
    }

    fn rewrite(&self, wasm: &[u8], checked: &Checked) -> Hosted<Vec<u8>> {
        rewrite(wasm, checked, &self.0.cfg.prices, self.0.cfg.memory_pages_max)
            .map_err(|error| HostFault::new(error.to_string()))
    }

    /// Checks, rewrites and compiles a module, or takes it from a cache, or waits for [`compile_ahead`](Vm::compile_ahead)
    /// if that is at work on it. The inner error is the uploader's fault.
    pub fn compile(&self, wasm: &[u8]) -> Hosted<Result<Code, ValidationError>> {
        let checked = match self.checked(wasm) {
            Ok(checked) => checked,
            Err(error) => return Ok(Err(error)),
        };
        let checksum = sha256(wasm);
        self.0.ahead.settle(&checksum);
        if let Some(code) = self.cached(&checksum) {
            return Ok(Ok(code));
        }
        self.compile_here(checksum, wasm, &checked).map(Ok)
    }

    /// Starts to compile a module on a thread of its own, so that a later [`compile`](Vm::compile) finds it done. Says
    /// nothing and decides nothing: a module that is refused, or that has no room in the line, is left to that call.
    pub fn compile_ahead(&self, wasm: Vec<u8>) {
        let checksum = sha256(&wasm);
        if self.0.memory.get(&checksum).is_some()
            || !self.0.ahead.enqueue((checksum, Arc::new(wasm)))
        {
            return;
        }
        let vm = self.clone();
        let started = std::thread::Builder::new()
            .name("compile".to_owned())
            .stack_size(THREAD_STACK_BYTES)
            .spawn(move || vm.work_ahead());
        if started.is_err() {
            // No thread: what waits is compiled by those who need it. The line ends here and may begin again later.
            let worker = self.0.ahead.worker();
            while worker.next().is_some() {}
        }
    }

    fn work_ahead(&self) {
        let worker = self.0.ahead.worker();
        while let Some((checksum, wasm)) = worker.next() {
            if self.cached(&checksum).is_some() {
                continue;
            }
            if let Ok(checked) = self.checked(&wasm) {
                // A fault shows again, and counts, when the block compiles the module itself.
                let _ = self.compile_here(checksum, &wasm, &checked);
            }
        }
    }

    /// Modules that this engine compiled since it was made; those found in a cache do not count.
    pub fn compilations(&self) -> u64 {
        self.0.compilations.load(Ordering::Relaxed)
    }

    /// Keeps the code of that checksum in memory once it is there, whatever else comes, until [`unpin`](Vm::unpin). Changes
    /// speed, never results or gas.
    pub fn pin(&self, checksum: &Hash32) {
        self.0.memory.pin(checksum);
    }

    /// Takes [`pin`](Vm::pin) back.
    pub fn unpin(&self, checksum: &Hash32) {
        self.0.memory.unpin(checksum);
    }

    fn compile_here(&self, checksum: Hash32, wasm: &[u8], checked: &Checked) -> Hosted<Code> {
        self.0.compilations.fetch_add(1, Ordering::Relaxed);
        let rewritten = self.rewrite(wasm, checked)?;
        let artifact = generate(self.0.profile.unwrap_or(checked.profile), &rewritten)?;
        let module = load_artifact(&self.0.engine, &Authentic::fresh(&artifact))
            .map_err(|error| HostFault::new(format!("compiled contract: {error}")))?;
        if let Some(shelf) = &self.0.shelf {
            shelf.keep(&checksum, &artifact);
        }
        let code = Arc::new(Compiled::new(checksum, &module, &self.0.linker)?);
        self.0.memory.put(checksum, code.bytes, &code);
        Ok(Code(code))
    }

    /// Code that was compiled before, from memory or disk.
    fn cached(&self, checksum: &Hash32) -> Option<Code> {
        if let Some(code) = self.0.memory.get(checksum) {
            return Some(Code(code));
        }
        let module = self
            .0
            .shelf
            .as_ref()?
            .fetch(checksum, |artifact| load_artifact(&self.0.engine, artifact).ok())?;
        let code = Compiled::new(*checksum, &module, &self.0.linker).ok()?;
        let code = Arc::new(code);
        self.0.memory.put(*checksum, code.bytes, &code);
        Some(Code(code))
    }

    /// The code of an uploaded module: from memory, else from disk, else compiled again from the bytes that `wasm`
    /// fetches. Those must have the checksum and must have been accepted before; otherwise the state is broken.
    pub fn load(&self, checksum: &Hash32, wasm: impl FnOnce() -> Hosted<Vec<u8>>) -> Hosted<Code> {
        if let Some(code) = self.cached(checksum) {
            return Ok(code);
        }
        let wasm = wasm()?;
        if &sha256(&wasm) != checksum {
            return Err(HostFault::new(format!(
                "stored contract {} has other bytes",
                suyuan_core::hex_lower(checksum)
            )));
        }
        self.compile(&wasm)?.map_err(|error| {
            HostFault::new(format!(
                "stored contract {} is no longer accepted: {error}",
                suyuan_core::hex_lower(checksum)
            ))
        })
    }

    /// Runs one entry point in a fresh instance.
    ///
    /// `args` are the JSON arguments in the order of [`EntryPoint`]. The outcome holds the contract's answer or its
    /// failure, and the gas in either case. `Err` stops the node: a fault of the machine or of the backend, or more
    /// than [`NESTED_CALLS_MAX`](crate::NESTED_CALLS_MAX) calls inside each other.
    pub fn call(
        &self,
        code: &Code,
        entry: EntryPoint,
        args: &[&[u8]],
        backend: &mut dyn Backend,
        ctx: CallContext,
    ) -> Hosted<CallOutcome> {
        let _place = self.0.gate.enter()?;
        let rules = Rules {
            engine: &self.0.engine,
            prices: &self.0.cfg.prices,
            memory_pages_max: self.0.cfg.memory_pages_max,
        };
        call(&rules, &code.0, entry, args, backend, ctx)
    }
}
