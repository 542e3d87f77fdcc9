//! Two threads beside one: queries of one contract on one engine, each thread with a state of its own. On two free cores
//! the ratio says what threads cost each other; on a busy machine it says little.

use std::sync::Barrier;
use std::time::Instant;

use anyhow::{anyhow, ensure, Result};
use cosmwasm_std::coins;
use cosmwasm_vm::testing::{mock_backend, mock_env, mock_info, MockApi};
use cosmwasm_vm::to_vec;
use suyuan_vm::{CallContext, Code, EntryPoint, Vm, VmConfig};

use crate::figure::{median, Baseline, Figure};
use crate::mocks::Lender;
use crate::testdata::contract;

/// Rounds; in each, one thread works alone and then two together.
const ROUNDS: usize = 21;
/// Queries per thread in one turn.
const QUERIES: usize = 2_000;
const GAS: u64 = 1_000_000_000_000;

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    to_vec(value).map_err(|error| anyhow!("{error}"))
}

/// Instantiates the contract in a state of this thread's own, waits for the others, and queries. Seconds of the queries.
fn work(vm: &Vm, code: &Code, start: &Barrier) -> Result<f64> {
    let api = MockApi::default();
    let mut mocks = mock_backend(&[]);
    let env = json(&mock_env())?;
    let info = json(&mock_info(&api.addr_make("creator"), &coins(1000, "earth")))?;
    let (verifier, beneficiary) = (api.addr_make("verifies"), api.addr_make("benefits"));
    let message = format!(r#"{{"verifier": "{verifier}", "beneficiary": "{beneficiary}"}}"#);
    let mut call = |entry, args: &[&[u8]], read_only| -> Result<()> {
        let context = CallContext { gas_limit: GAS, read_only };
        let outcome = vm.call(code, entry, args, &mut Lender(&mut mocks), context)?;
        ensure!(outcome.result?.starts_with(b"{\"ok\":"), "an answer");
        Ok(())
    };
    call(EntryPoint::Instantiate, &[&env, &info, message.as_bytes()], false)?;
    start.wait();
    let begin = Instant::now();
    for _ in 0..QUERIES {
        call(EntryPoint::Query, &[&env, br#"{"verifier":{}}"#], true)?;
    }
    Ok(begin.elapsed().as_secs_f64())
}

/// Queries per second of so many threads together.
fn rate(vm: &Vm, code: &Code, threads: usize) -> Result<f64> {
    let start = Barrier::new(threads);
    let seconds: Vec<Result<f64>> = std::thread::scope(|scope| {
        let handles: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| work(vm, code, &start))).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))))
            .collect()
    });
    let mut sum = 0.0;
    for seconds in seconds {
        sum += QUERIES as f64 / seconds?;
    }
    Ok(sum)
}

/// `vm/two-threads`: the ratio is the rate of two threads over that of one.
pub fn figures() -> Result<Vec<Figure>> {
    let vm = Vm::new(VmConfig::default())?;
    let code = vm.compile(&contract("hackatom.wasm")?)??;
    let (mut ones, mut twos, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (one, two) = (rate(&vm, &code, 1)?, rate(&vm, &code, 2)?);
        ones.push(one);
        twos.push(two);
        ratios.push(two / one);
    }
    Ok(vec![Figure {
        name: "vm/two-threads".to_owned(),
        value: median(&mut twos),
        unit: "queries/s".to_owned(),
        baseline: Baseline {
            name: "one thread".to_owned(),
            version: "same run".to_owned(),
            value: median(&mut ones),
        },
        ratio: median(&mut ratios),
    }])
}
