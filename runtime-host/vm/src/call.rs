//! One call: an instance, the arguments, the entry point, the answer.
//!
//! The sequence and its charges are cosmwasm-vm's `call_raw`: for each argument `allocate` and a write, then the entry
//! point, then a read of the answer and `deallocate`. Every call gets a fresh instance, so nothing of one call is left
//! for the next, and after any stop the instance is thrown away.

use suyuan_core::{HostFault, Hosted};
use wasmtime::{Engine, Instance, Store, Trap, Val};

use crate::code::Compiled;
use crate::config::{CallContext, CallOutcome, EntryPoint};
use crate::error::{GuestError, TrapKind};
use crate::host::{Handles, Host, Step, Stop};
use crate::limits::RESULT_BYTES_MAX;
use crate::linker::{descend, give_gas, hand_over, take_gas, with_memory};
use crate::prices::PriceTable;
use crate::region;
use crate::trap::{classify, Meaning};
use crate::trusted::{Lent, POINTERS_MAX};
use crate::Backend;

/// Most arguments that an entry point takes.
const ARGS_MAX: usize = POINTERS_MAX;

/// What all calls of one engine share.
pub(crate) struct Rules<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) prices: &'a PriceTable,
    pub(crate) memory_pages_max: u32,
}

/// Runs one entry point.
pub(crate) fn call(
    rules: &Rules<'_>,
    code: &Compiled,
    entry: EntryPoint,
    args: &[&[u8]],
    backend: &mut dyn Backend,
    context: CallContext,
) -> Hosted<CallOutcome> {
    if args.len() > ARGS_MAX {
        return Err(HostFault::new("a contract call with too many arguments"));
    }
    let limit = context.gas_limit.min(i64::MAX as u64);
    let lent = Lent::default();
    let host = Host::new(
        *rules.prices,
        limit,
        context.read_only || entry == EntryPoint::Query,
        rules.memory_pages_max,
        lent.clone(),
    );
    let mut store = Store::new(rules.engine, host);
    store.limiter(|host| &mut host.limits);
    let done = lent.during(backend, || run(&mut store, code, entry, args));
    let result = match done {
        Ok(answer) => Ok(answer),
        Err(Stop::Guest(error)) => Err(error),
        Err(Stop::Fault(fault)) => return Err(fault),
    };
    let meter = store.data().meter;
    Ok(CallOutcome {
        result,
        gas_used_internal: limit.saturating_sub(meter.external).saturating_sub(meter.left),
        gas_used_external: meter.external,
    })
}

fn run(
    store: &mut Store<Host>,
    code: &Compiled,
    entry: EntryPoint,
    args: &[&[u8]],
) -> Step<Vec<u8>> {
    let instance = code.template.instantiate(&mut *store).map_err(stop_of)?;
    let handles = code.handles(&instance, &mut *store)?;
    give_gas(&mut *store, &handles)?;
    store.data_mut().handles = Some(handles);
    let answer = sequence(store, code, &instance, entry, args);
    settle(store, code, &instance, &handles, answer)
}

/// The calls of one message, in order.
fn sequence(
    store: &mut Store<Host>,
    code: &Compiled,
    instance: &Instance,
    entry: EntryPoint,
    args: &[&[u8]],
) -> Step<Vec<u8>> {
    let mut pointers = [0u32; ARGS_MAX];
    let mut count = hand_all(store, args, &mut pointers)?;
    let door = code.door(entry)?;
    if entry == EntryPoint::Migrate && door.params == 2 && count == 3 {
        // The info is for newer contracts only. The arguments are handed over again without it, as cosmwasm-vm does.
        count = hand_all(store, &args[..2], &mut pointers)?;
    }
    let function = code.entry(instance, store, entry, count)?;
    let answer = guarded(store, |store| function.call(store, &pointers[..count]))?;
    let bytes = read_answer(store, answer)?;
    let deallocate = code.deallocate(instance, store)?;
    guarded(store, |store| deallocate.call(store, &[answer]))?;
    Ok(bytes)
}

fn hand_all(
    store: &mut Store<Host>,
    args: &[&[u8]],
    pointers: &mut [u32; ARGS_MAX],
) -> Step<usize> {
    for (arg, pointer) in args.iter().zip(pointers.iter_mut()) {
        *pointer = hand_over(&mut *store, arg).map_err(stop_of)?;
    }
    Ok(args.len())
}

/// Runs contract code one level deeper.
fn guarded<T>(
    store: &mut Store<Host>,
    f: impl FnOnce(&mut Store<Host>) -> wasmtime::Result<T>,
) -> Step<T> {
    descend(store.data_mut())?;
    let done = f(store).map_err(stop_of)?;
    store.data_mut().depth -= 1;
    Ok(done)
}

fn read_answer(store: &mut Store<Host>, pointer: u32) -> Step<Vec<u8>> {
    let too_large = |length: u32, _| GuestError::ResultTooLarge {
        length: u64::from(length),
        limit: RESULT_BYTES_MAX,
    };
    let limit = u32::try_from(RESULT_BYTES_MAX).unwrap_or(u32::MAX);
    with_memory(store, |host, memory| {
        region::read_or(host, memory, pointer, limit, too_large).map(<[u8]>::to_vec)
    })
}

/// What a stop inside the engine means.
fn stop_of(error: wasmtime::Error) -> Stop {
    match error.downcast::<Stop>() {
        Ok(stop) => stop,
        Err(error) => match error.downcast_ref::<Trap>().copied().map(classify) {
            Some(Meaning::Guest(kind)) => Stop::Guest(GuestError::Trap(kind)),
            Some(Meaning::Fault) | None => {
                Stop::Fault(HostFault::new(format!("contract engine: {error:#}")))
            }
        },
    }
}

/// The final state of the counters decides: a negative one is the true reason of a stop, and a success on credit is
/// none.
fn settle(
    store: &mut Store<Host>,
    code: &Compiled,
    instance: &Instance,
    handles: &Handles,
    answer: Step<Vec<u8>>,
) -> Step<Vec<u8>> {
    if let Err(Stop::Fault(fault)) = answer {
        return Err(Stop::Fault(fault));
    }
    take_gas(&mut *store, handles)?;
    if matches!(answer, Err(Stop::Guest(GuestError::Trap(TrapKind::Unreachable))))
        && code.stack_left(instance, store)? < 0
    {
        return Err(Stop::Guest(GuestError::StackLimit));
    }
    answer
}

/// The value of an i32 global.
pub(crate) fn i32_of(value: &Val) -> Hosted<i32> {
    match value {
        Val::I32(value) => Ok(*value),
        other => Err(HostFault::new(format!("a counter of type {other:?}"))),
    }
}
