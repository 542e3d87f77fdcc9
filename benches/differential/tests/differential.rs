//! Slices of the comparison, each bounded; `make differential` runs them, `make soak-differential` goes on for hours.

use std::collections::BTreeMap;

use suyuan_differential::contracts::{self, subjects};
use suyuan_differential::matrix::Matrix;
use suyuan_differential::pair::{Engines, Pair, Table, Tally};
use suyuan_differential::scripts::{Writer, PREFIX};
use suyuan_differential::verdicts::{compare, Verdicts};
use suyuan_differential::{puppet, smith, testdata};
use suyuan_vm::{LinearPrice, PriceTable};
use suyuan_vm_fuzz::mutate::mutate;
use suyuan_vm_fuzz::plain::{Bench, Count};
use suyuan_vm_fuzz::soak::Run;
use suyuan_vm_fuzz::{smith as modules, Dice};

/// Calls of one session with a contract of real life.
const SESSION_CALLS: u64 = 20;
/// Calls of one session with the puppet.
const PUPPET_CALLS: u64 = 8;
/// Sessions of the slices.
const SESSIONS: u64 = 2;
const PUPPET_SESSIONS: u64 = 150;
const MODULES: u64 = 150;
const VERDICTS: u64 = 1_500;

fn engines() -> Engines {
    Engines::new(PriceTable::cosmwasm_vm_3_0()).expect("both engines")
}

/// Plays one session of random scripts.
fn play_puppet(
    table: &mut dyn Table,
    writer: &Writer,
    seed: u64,
    session: u64,
    params: usize,
) -> Result<(), String> {
    let mut dice = Dice::of("puppet", seed, session);
    table.reset();
    for number in 0..PUPPET_CALLS {
        let call = writer.call(&mut dice, params);
        let told = |text| format!("puppet seed {seed} session {session} call {number}\n{text}");
        let seen = table.compare(&call).map_err(told)?;
        let used = seen.internal + seen.external;
        if dice.once_in(3) && used > 1 {
            let gas = if dice.once_in(4) { used - 1 } else { dice.below(used) };
            let cut = suyuan_differential::calls::Call { gas, ..call };
            table.compare(&cut).map_err(told)?;
        }
    }
    Ok(())
}

/// Sessions `from..to` of the puppet on both engines.
fn puppets(engines: &Engines, seed: u64, from: u64, to: u64) -> Result<Tally, String> {
    let writer = Writer::default();
    let mut tally = Tally::default();
    let pair = |params| Pair::new(engines, &puppet::wasm(params), PREFIX).expect("the puppet");
    let mut pairs = [pair(2), pair(3)];
    for session in from..to {
        let which = (session % 2) as usize;
        play_puppet(&mut pairs[which], &writer, seed, session, which + 2)?;
    }
    pairs.iter().for_each(|pair| tally.add(&pair.tally));
    Ok(tally)
}

/// Sessions `from..to` of every whole contract on both engines.
fn whole(
    engines: &Engines,
    seed: u64,
    from: u64,
    to: u64,
) -> Result<BTreeMap<String, Tally>, String> {
    let mut tallies = BTreeMap::new();
    for subject in subjects().expect("the contracts") {
        let mut pair = Pair::new(engines, &subject.wasm, subject.prefix)
            .map_err(|error| format!("{}: {error}", subject.name))?;
        for session in from..to {
            contracts::play(&subject, &mut pair, seed, session, SESSION_CALLS)?;
        }
        tallies.insert(subject.name, pair.tally);
    }
    Ok(tallies)
}

#[test]
fn whole_contracts_answer_cost_and_write_the_same() {
    let tallies = whole(&engines(), 0, 0, SESSIONS).unwrap_or_else(|text| panic!("{text}"));
    for (name, tally) in &tallies {
        println!("{name}: {}", tally.json());
        // The empty contract has no entry points.
        assert!(tally.answered > 0 || name == "empty.wasm", "{name} never answered");
    }
}

#[test]
fn imports_answer_cost_and_fail_the_same_with_any_arguments() {
    let tally = puppets(&engines(), 0, 0, PUPPET_SESSIONS).unwrap_or_else(|text| panic!("{text}"));
    println!("puppet: {}", tally.json());
    assert!(tally.answered > 500 && tally.failed > 500, "{tally:?}");
}

#[test]
fn random_contracts_do_the_same_on_both_engines() {
    let outcome = smith::play(&engines(), 0, 0, MODULES).unwrap_or_else(|text| panic!("{text}"));
    println!("random contracts: {} of {MODULES}: {}", outcome.modules, outcome.tally.json());
    assert!(outcome.modules > MODULES * 4 / 5, "{outcome:?}");
}

/// Sessions of the matrix: every kind of contract on every code generator.
fn matrix(seed: u64, from: u64, to: u64, modules: u64) -> Result<(u64, u64), String> {
    let matrix = Matrix::new().expect("three engines");
    let writer = Writer::default();
    let (mut calls, mut nan_bits) = (0, 0);
    for subject in subjects().expect("the contracts") {
        let mut row = matrix.row(&subject.wasm, subject.prefix).map_err(|e| e.to_string())?;
        for session in from..to {
            contracts::play(&subject, &mut row, seed, session, SESSION_CALLS)?;
        }
        calls += row.calls;
        nan_bits += row.nan_bits;
    }
    let mut row = matrix.row(&puppet::wasm(3), PREFIX).map_err(|error| error.to_string())?;
    for session in from * 40..to * 40 {
        play_puppet(&mut row, &writer, seed, session, 3)?;
    }
    calls += row.calls;
    for index in from * modules..to * modules {
        let Some(wasm) = smith::contract(seed, index) else {
            continue;
        };
        if matrix.first().check(&wasm).is_ok() {
            let mut row = matrix.row(&wasm, PREFIX).map_err(|error| error.to_string())?;
            smith::play_one(&mut row, seed, index)?;
            calls += row.calls;
        }
    }
    Ok((calls, nan_bits))
}

#[test]
fn code_generators_agree_on_results_and_gas() {
    let (calls, nan_bits) = matrix(0, 0, 1, MODULES).unwrap_or_else(|text| panic!("{text}"));
    println!("matrix: {calls} calls the same on three generators, {nan_bits} with other NaN bits");
    assert!(calls > 300);
}

/// Changed modules `from..to`: how often both accept, both refuse, and only we refuse.
fn verdicts(engines: &Engines, seed: u64, from: u64, to: u64) -> Result<[u64; 3], String> {
    let pool = [
        testdata::contract("hackatom_1.0.wasm").expect("a contract"),
        testdata::contract("empty.wasm").expect("a contract"),
        puppet::wasm(2),
    ];
    let mut counts = [0; 3];
    for index in from..to {
        let mut dice = Dice::of("verdicts", seed, index);
        let wasm = match dice.below(4) {
            0 => match modules::nth("verdicts", seed, index) {
                Some(wasm) => mutate_some(&mut dice, &wasm),
                None => continue,
            },
            number => mutate_some(&mut dice, &pool[number as usize - 1]),
        };
        match compare(&engines.vm, &wasm) {
            Verdicts::BothAccept => counts[0] += 1,
            Verdicts::BothRefuse => counts[1] += 1,
            Verdicts::OurLimit(_) => counts[2] += 1,
            Verdicts::Differ(text) => return Err(format!("verdict {seed}/{index}: {text}")),
        }
    }
    Ok(counts)
}

fn mutate_some(dice: &mut Dice, wasm: &[u8]) -> Vec<u8> {
    if dice.once_in(8) {
        return wasm.to_vec();
    }
    // `mutate` cuts what is long, so only a piece in the front, where the sections that are judged lie, is given to it.
    let at = dice.index(wasm.len().min(4_000));
    let mut changed = wasm[..at].to_vec();
    let end = (at + 40).min(wasm.len());
    let piece = mutate(dice, &wasm[at..end], &[]);
    if dice.once_in(2) {
        changed.extend(piece.iter().copied().chain(std::iter::repeat(0)).take(end - at));
    } else {
        changed.extend_from_slice(&piece);
    }
    changed.extend_from_slice(&wasm[end..]);
    changed
}

#[test]
fn uploads_are_judged_the_same_but_for_our_own_limits() {
    let counts = verdicts(&engines(), 0, 0, VERDICTS).unwrap_or_else(|text| panic!("{text}"));
    println!(
        "verdicts: both accept {}, both refuse {}, only we refuse {}",
        counts[0], counts[1], counts[2]
    );
    assert!(counts[0] > VERDICTS / 20 && counts[1] > VERDICTS / 20);
}

/// Prices that are off by the least possible amount, each of another kind.
fn wrong_prices() -> Vec<(&'static str, PriceTable)> {
    let right = PriceTable::cosmwasm_vm_3_0();
    let one_more = |price: LinearPrice| LinearPrice { base: price.base + 1, ..price };
    vec![
        ("operator", PriceTable { operator: right.operator + 1, ..right }),
        ("branches", PriceTable { accounting_operator: right.accounting_operator + 1, ..right }),
        ("locals", PriceTable { free_locals: right.free_locals - 1, ..right }),
        ("host call", PriceTable { host_call: right.host_call - 1, ..right }),
        ("writing", PriceTable { write_region: one_more(right.write_region), ..right }),
        ("reading", PriceTable { read_region: one_more(right.read_region), ..right }),
        ("text", PriceTable { string_from_bytes: one_more(right.string_from_bytes), ..right }),
        (
            "secp256r1",
            PriceTable { secp256r1_recover_pubkey: right.secp256r1_recover_pubkey + 1, ..right },
        ),
        (
            "pairing",
            PriceTable {
                bls12_381_pairing_equality: one_more(right.bls12_381_pairing_equality),
                ..right
            },
        ),
    ]
}

/// The comparison notices every price that is off by one, and a host that lies in one of its answers.
#[test]
fn a_changed_price_or_import_is_noticed() {
    for (what, prices) in wrong_prices() {
        let engines = Engines::new(prices).expect("both engines");
        let noticed =
            puppets(&engines, 0, 0, PUPPET_SESSIONS).is_err() || whole(&engines, 0, 0, 1).is_err();
        assert!(noticed, "a wrong price of {what} went unnoticed");
    }
    let engines = engines();
    let writer = Writer::default();
    let mut pair = Pair::new(&engines, &puppet::wasm(3), PREFIX).expect("the puppet");
    pair.our_world().lie();
    let noticed =
        (0..PUPPET_SESSIONS).any(|session| play_puppet(&mut pair, &writer, 0, session, 3).is_err());
    assert!(noticed, "a scan in the wrong order went unnoticed");
}

/// A part of the soak: its name, and what plays sessions `from..to` of it.
type Part = (&'static str, u64, fn(&Engines, u64, u64, u64) -> Result<serde_json::Value, String>);

const PARTS: [Part; 5] = [
    ("differential-puppet", 200_000, |engines, seed, from, to| {
        puppets(engines, seed, from, to).map(|tally| tally.json())
    }),
    ("differential-contracts", 2_000, |engines, seed, from, to| {
        let tallies = whole(engines, seed, from, to)?;
        let mut sum = Tally::default();
        tallies.values().for_each(|tally| sum.add(tally));
        Ok(sum.json())
    }),
    ("differential-modules", 200_000, |engines, seed, from, to| {
        let outcome = smith::play(engines, seed, from, to)?;
        let mut notes = outcome.tally.json();
        notes["modules"] = outcome.modules.into();
        Ok(notes)
    }),
    ("differential-matrix", 1_000, |_, seed, from, to| {
        let (calls, nan_bits) = matrix(seed, from, to, 100)?;
        Ok(serde_json::json!({"calls": calls, "nan_bits": nan_bits}))
    }),
    ("differential-verdicts", 1_000_000, |engines, seed, from, to| {
        let [accept, refuse, ours] = verdicts(engines, seed, from, to)?;
        Ok(serde_json::json!({"accept": accept, "refuse": refuse, "only_ours": ours}))
    }),
];

#[test]
#[ignore = "takes hours: make soak-differential"]
fn everything_is_the_same_for_hours() {
    let engines = engines();
    for (name, cases, part) in PARTS {
        let run = Run { name, cases, chunk: (cases / 400).max(1) };
        run.play(|seed, from, to| {
            let notes = part(&engines, seed, from, to);
            notes.unwrap_or_else(|text| panic!("{text}")).to_string()
        });
    }
}

/// Random modules beside what the rewrite makes of them, on the plain engine.
fn rewrites(seed: u64, from: u64, to: u64) -> Result<Count, String> {
    let mut bench = Bench::new();
    for index in from..to {
        if let Some(wasm) = modules::nth("smith", seed, index) {
            let mut dice = Dice::of("smith calls", seed, index);
            let played = bench.play(&wasm, &mut dice, |wasm| wasm);
            played.map_err(|text| format!("module {seed}/{index}: {text}"))?;
        }
    }
    Ok(bench.count)
}

#[test]
fn random_modules_do_the_same_after_the_rewrite() {
    let count = rewrites(0, 0, MODULES).unwrap_or_else(|text| panic!("{text}"));
    println!("rewrite: {count:?}");
    assert!(count.modules > MODULES * 4 / 5 && count.calls > 2 * MODULES, "{count:?}");
    assert!(count.calls - count.trapped > MODULES, "most calls do something: {count:?}");
}

#[test]
#[ignore = "takes an hour: make soak-smith"]
fn many_random_modules_do_the_same_after_the_rewrite() {
    let run = Run { name: "smith", cases: 100_000, chunk: 1_000 };
    run.play(|seed, from, to| {
        let count = rewrites(seed, from, to).unwrap_or_else(|text| panic!("{text}"));
        let Count { modules, refused, calls, trapped, stack, bounds, endless } = count;
        serde_json::json!({"modules": modules, "refused": refused, "calls": calls,
            "trapped": trapped, "stack": stack, "bounds": bounds, "endless": endless})
        .to_string()
    });
}

#[test]
#[ignore = "writes into the corpus of the rewrite: only after a change of the random contracts"]
fn random_modules_are_written() {
    for (name, wasm) in suyuan_vm_fuzz::seeds::random() {
        let path = suyuan_vm_fuzz::corpus::directory("rewrite").join(name);
        std::fs::write(path, wasm).expect("a module written");
    }
}
