//! So many warm messages and pinned instances of a real contract, and nothing else: what `make vm-syscalls` counts the
//! system calls of, and what a profiler can be pointed at. Prints microseconds of processor time for each.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "a program for measuring, not part of the engine"
)]

#[path = "../tests/vm/common.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod common;

use common::{Chain, PLENTY};
use suyuan_vm::{CallContext, Code, EntryPoint, Vm};

const COUNTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../artifacts/counter.wasm");
const ENV: &[u8] = br#"{"block":{"height":1,"time":"1700000000000000000","chain_id":"warm"},"transaction":{"index":0},"contract":{"address":"suyuan1contract"}}"#;
const INFO: &[u8] = br#"{"sender":"suyuan1sender","funds":[]}"#;
/// Calls before counting: slots are made, images mapped, lazy things done.
const WARM_UP: usize = 200;

type Done<T> = Result<T, Box<dyn std::error::Error>>;

/// Microseconds that this thread has spent on a processor, to a tick of the scheduler: count thousands.
fn processor_us() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e3
}

fn call(vm: &Vm, code: &Code, chain: &mut Chain, entry: EntryPoint, args: &[&[u8]]) -> Done<bool> {
    let context = CallContext { gas_limit: PLENTY, read_only: entry == EntryPoint::Query };
    let outcome = vm.call(code, entry, args, chain, context)?;
    Ok(outcome.result.is_ok_and(|answer| answer.starts_with(b"{\"ok\":")))
}

fn timed(
    name: &str,
    count: usize,
    mut work: impl FnMut() -> Done<bool>,
    answers: bool,
) -> Done<()> {
    let start = processor_us();
    for _ in 0..count {
        if work()? != answers {
            return Err(format!("{name}: another answer than expected").into());
        }
    }
    if count > 0 {
        println!("{name}: {:.2} us", (processor_us() - start) / count as f64);
    }
    Ok(())
}

fn main() -> Done<()> {
    let count: usize = std::env::args().nth(1).ok_or("how many?")?.parse()?;
    let vm = common::vm();
    let code = vm.compile(&std::fs::read(COUNTER)?)??;
    let chain = &mut Chain::default();
    let start: &[&[u8]] = &[ENV, INFO, br#"{"start":1}"#];
    if !call(&vm, &code, chain, EntryPoint::Instantiate, start)? {
        return Err("the counter was not made".into());
    }
    let increment: &[&[u8]] = &[ENV, INFO, br#"{"increment":{}}"#];
    let ask: &[&[u8]] = &[ENV, br#"{"count":{}}"#];
    for count in [WARM_UP, count] {
        timed("execute", count, || call(&vm, &code, chain, EntryPoint::Execute, increment), true)?;
        timed("query", count, || call(&vm, &code, chain, EntryPoint::Query, ask), true)?;
        // No such door, no arguments: an instance comes and goes.
        timed("instance", count, || call(&vm, &code, chain, EntryPoint::Reply, &[]), false)?;
    }
    Ok(())
}
