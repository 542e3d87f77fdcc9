//! A module beside what the rewrite makes of it.
//!
//! Both run on the plain engine with the same settings and the same imports, call by call: results, kind of trap,
//! globals, memory, size of memory, and every call of an import are compared. Stated exceptions: a call that meets the
//! logical stack limit, and one that reaches behind the contract's own memory (the module traps, the rewritten one does
//! so only behind the ready pages).

use suyuan_core::sha256_parts;
use suyuan_vm::{Vm, VmConfig, MAX_WASM_STACK, MEMORY_PAGES_MAX, NESTED_CALLS_MAX};
use wasmtime::{
    Caller, Config, Engine, Extern, Func, FuncType, Instance, Module, OptLevel, RegallocAlgorithm,
    Store, Trap, Val, ValType,
};

use crate::shape::{FUNCTIONS, GLOBALS, IMPORTS};
use crate::Dice;

/// Calls of one module.
const CALLS: u64 = 8;
/// What a module may burn in one call before the call is given up: changed modules may loop.
const FUEL: u64 = 5_000_000;
/// Gas that suffices for whatever takes [`FUEL`].
const GAS: i64 = 1 << 40;
const PAGE: usize = 64 << 10;
/// Pages that are compared; more only where modules grow their memory, and there the first ones.
const PAGES_COMPARED: usize = 16;

/// What one call came to, and what it left behind.
#[derive(Debug, PartialEq)]
struct Seen {
    result: Result<Vec<u64>, Option<Trap>>,
    globals: Vec<u64>,
    pages: u64,
    memory: Vec<u8>,
    imports: Vec<Vec<u64>>,
}

/// How many calls were compared, and how many fell under an exception.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Modules that were compared.
    pub modules: u64,
    /// Modules that the checks refuse.
    pub refused: u64,
    /// Calls that did the same.
    pub calls: u64,
    /// Those of them that trapped.
    pub trapped: u64,
    /// Modules left at the logical stack limit.
    pub stack: u64,
    /// Modules left at an access behind their memory, or with more memory than a contract may have.
    pub bounds: u64,
    /// Modules left in a loop.
    pub endless: u64,
}

fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => *value as u32 as u64,
        Val::I64(value) => *value as u64,
        Val::F32(bits) => u64::from(*bits),
        Val::F64(bits) => *bits,
        other => panic!("a value {other:?}"),
    }
}

fn engine(level: OptLevel, fuel: bool) -> Engine {
    let mut config = Config::new();
    config.cranelift_nan_canonicalization(true).cranelift_opt_level(level);
    config.consume_fuel(fuel);
    config.max_wasm_stack(MAX_WASM_STACK).async_stack_size(MAX_WASM_STACK);
    if level == OptLevel::None {
        config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    }
    config.wasm_backtrace_max_frames(None);
    Engine::new(&config).expect("a plain engine")
}

/// One side of the comparison.
#[derive(Debug)]
struct Side {
    store: Store<Vec<Vec<u64>>>,
    instance: Instance,
    rewritten: bool,
}

/// Answers like a host: from the arguments alone, and now and then with a byte written into the contract's memory.
fn import(engine: &Engine, store: &mut Store<Vec<Vec<u64>>>, index: usize) -> Func {
    let (name, params, result) = IMPORTS[index];
    let params = params.split(' ').map(|_| ValType::I32);
    let wide = result == "i64";
    let result = match result {
        "" => None,
        "i32" => Some(ValType::I32),
        _ => Some(ValType::I64),
    };
    let ty = FuncType::new(engine, params, result);
    Func::new(store, ty, move |mut caller: Caller<'_, Vec<Vec<u64>>>, args, results| {
        let mut seen = vec![index as u64];
        seen.extend(args.iter().map(bits));
        let digest = sha256_parts(&[name.as_bytes(), format!("{seen:?}").as_bytes()]);
        let number = u64::from_le_bytes(digest[..8].try_into().expect("eight bytes"));
        if number % 4 == 0 {
            if let Some(Extern::Memory(memory)) = caller.get_export("memory") {
                let at = seen[1] as usize % PAGE;
                memory.data_mut(&mut caller)[at] = digest[9];
            }
        }
        caller.data_mut().push(seen);
        for result in results {
            *result = if wide { Val::I64(number as i64) } else { Val::I32(number as i32) };
        }
        Ok(())
    })
}

impl Side {
    /// `None` where the module cannot be instantiated.
    fn new(module: &Module, rewritten: bool) -> Option<Side> {
        let engine = module.engine();
        let mut store = Store::new(engine, Vec::new());
        let imports: Vec<Extern> = module
            .imports()
            .map(|wanted| {
                let known = IMPORTS.iter().position(|(name, ..)| *name == wanted.name());
                let index = known.expect("an import of the checks");
                import(engine, &mut store, index).into()
            })
            .collect();
        let instance = Instance::new(&mut store, module, &imports).ok()?;
        Some(Side { store, instance, rewritten })
    }

    fn counter(&mut self, name: &str) -> i64 {
        let global = self.instance.get_global(&mut self.store, name).expect("a counter");
        match global.get(&mut self.store) {
            Val::I32(value) => i64::from(value),
            Val::I64(value) => value,
            other => panic!("{other:?}"),
        }
    }

    /// `None` if there is no such function of that type, or no memory: changed modules may have lost them.
    fn call(&mut self, name: &str, args: &[Val]) -> Option<Seen> {
        if self.rewritten {
            let gas = self.instance.get_global(&mut self.store, "__suyuan_gas_left")?;
            gas.set(&mut self.store, Val::I64(GAS)).ok()?;
        } else {
            self.store.set_fuel(FUEL).ok()?;
        }
        let memory = self.instance.get_memory(&mut self.store, "memory")?;
        let function = self.instance.get_func(&mut self.store, name)?;
        let ty = function.ty(&self.store);
        let given = args.iter().map(|arg| matches!(arg, Val::I64(_)));
        if !ty.params().map(|param| matches!(param, ValType::I64)).eq(given) {
            return None;
        }
        let mut results = vec![Val::I32(0); ty.results().len()];
        let called = function.call(&mut self.store, args, &mut results);
        let result = match called {
            Ok(()) => Ok(results.iter().map(bits).collect()),
            Err(error) => Err(error.downcast_ref::<Trap>().copied()),
        };
        let mut globals = Vec::new();
        for name in GLOBALS {
            if let Some(global) = self.instance.get_global(&mut self.store, name) {
                globals.push(bits(&global.get(&mut self.store)));
            }
        }
        let pages = match self.rewritten {
            true => self.counter("__suyuan_pages") as u64,
            false => memory.size(&self.store),
        };
        let compared = (pages as usize).min(PAGES_COMPARED) * PAGE;
        let memory = memory.data(&self.store)[..compared].to_vec();
        let imports = std::mem::take(self.store.data_mut());
        Some(Seen { result, globals, pages, memory, imports })
    }
}

/// The engines of one run, and what they found.
#[derive(Debug)]
pub struct Bench {
    vm: Vm,
    plain: Engine,
    fast: Engine,
    bounded: Engine,
    /// What was compared so far.
    pub count: Count,
}

impl Default for Bench {
    fn default() -> Self {
        Bench::new()
    }
}

impl Bench {
    /// The engines.
    pub fn new() -> Bench {
        let pool_slots = NESTED_CALLS_MAX;
        let vm = Vm::new(VmConfig { pool_slots, ..VmConfig::default() });
        Bench {
            vm: vm.expect("an engine"),
            plain: engine(OptLevel::Speed, true),
            fast: engine(OptLevel::Speed, false),
            bounded: engine(OptLevel::None, false),
            count: Count::default(),
        }
    }

    /// Plays one module with calls from `dice`; `spoil` may change the rewritten one. `Err` says where it differs.
    pub fn play(
        &mut self,
        wasm: &[u8],
        dice: &mut Dice,
        spoil: impl Fn(Vec<u8>) -> Vec<u8> + Send,
    ) -> Result<(), String> {
        // A thread of its own, since the native stack must be larger than that of a test's thread.
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(4 * MAX_WASM_STACK);
            let played = thread.spawn_scoped(scope, || self.play_here(wasm, dice, spoil));
            played
                .expect("a thread")
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn play_here(
        &mut self,
        wasm: &[u8],
        dice: &mut Dice,
        spoil: impl Fn(Vec<u8>) -> Vec<u8>,
    ) -> Result<(), String> {
        let Ok(rewritten) = self.vm.rewritten(wasm).expect("no fault of the host") else {
            self.count.refused += 1;
            return Ok(());
        };
        let generator = if dice.once_in(2) { &self.fast } else { &self.bounded };
        let module = Module::new(&self.plain, wasm).expect("a valid module");
        let metered = Module::new(generator, spoil(rewritten)).expect("a valid module");
        let begin = || {
            let sides = Side::new(&module, false).zip(Side::new(&metered, true));
            sides.ok_or("an accepted module that cannot be instantiated".to_owned())
        };
        let mut sides = begin()?;
        self.count.modules += 1;
        for _ in 0..CALLS {
            let (name, _) = *dice.pick(&FUNCTIONS);
            let args = [Val::I32(dice.awkward() as i32), Val::I64(dice.any() as i64)];
            let trapped = self.count.trapped;
            if !self.compare(&mut sides.0, &mut sides.1, name, &args)? {
                break;
            }
            if self.count.trapped > trapped {
                // As on a chain: after a trap an instance is never entered again.
                sides = begin()?;
            }
        }
        Ok(())
    }

    /// One call on both sides; false if the module must be left.
    fn compare(
        &mut self,
        module: &mut Side,
        metered: &mut Side,
        name: &str,
        args: &[Val],
    ) -> Result<bool, String> {
        let Some(expected) = module.call(name, args) else {
            return Ok(false);
        };
        if expected.result == Err(Some(Trap::OutOfFuel)) {
            self.count.endless += 1;
            return Ok(false);
        }
        if expected.result == Err(Some(Trap::StackOverflow)) {
            self.count.stack += 1;
            return Ok(false);
        }
        if expected.pages > u64::from(MEMORY_PAGES_MAX) {
            self.count.bounds += 1;
            return Ok(false);
        }
        let Some(seen) = metered.call(name, args) else {
            return Err(format!("{name} is gone after the rewrite"));
        };
        if metered.counter("__suyuan_stack_left") < 0 {
            self.count.stack += 1;
            return Ok(false);
        }
        if metered.counter("__suyuan_gas_left") >= GAS {
            return Err(format!("{name} cost nothing"));
        }
        if expected.result == Err(Some(Trap::MemoryOutOfBounds)) && seen != expected {
            self.count.bounds += 1;
            return Ok(false);
        }
        if seen != expected {
            return Err(format!("{name}: {}", difference(&seen, &expected)));
        }
        self.count.calls += 1;
        self.count.trapped += u64::from(seen.result.is_err());
        Ok(true)
    }
}

/// A difference without the memory's bytes.
fn difference(seen: &Seen, expected: &Seen) -> String {
    let brief = |seen: &Seen| {
        format!("{:?} {:?} {} {:?}", seen.result, seen.globals, seen.pages, seen.imports)
    };
    let memory = if seen.memory == expected.memory { "" } else { ", and memory differs" };
    format!("rewritten {}, module {}{memory}", brief(seen), brief(expected))
}
