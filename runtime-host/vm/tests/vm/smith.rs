//! Random modules: what the rewrite makes of them is valid and does the same as the module itself. The modules are
//! committed (`fuzz/corpus/rewrite`, made by wasm-smith); `make soak-smith` makes and plays 100,000 others.

use suyuan_vm_fuzz::plain::{Bench, Count};
use suyuan_vm_fuzz::{corpus, Dice};
use wasmparser::{Operator, Parser, Payload};

/// Rounds of calls with every module.
const ROUNDS: u64 = 3;

#[test]
fn random_modules_do_the_same_after_the_rewrite() {
    let mut bench = Bench::new();
    let modules = corpus::read("rewrite");
    for (name, wasm) in &modules {
        for round in 0..ROUNDS {
            let mut dice = Dice::of(name, 0, round);
            assert_eq!(bench.play(wasm, &mut dice, |wasm| wasm), Ok(()), "{name} round {round}");
        }
    }
    println!("{} modules: {:?}", modules.len(), bench.count);
    let Count { calls, trapped, .. } = bench.count;
    assert!(calls > 3 * modules.len() as u64 && trapped < calls, "{:?}", bench.count);
}

/// The module with its constants off by one.
fn confused(mut wasm: Vec<u8>) -> Vec<u8> {
    let mut changes = Vec::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else {
            continue;
        };
        for operator in body.get_operators_reader().unwrap().into_iter_with_offsets() {
            let (operator, at) = operator.unwrap();
            // The lowest bit of the first byte of a number in LEB128.
            if matches!(operator, Operator::I32Const { .. } | Operator::I64Const { .. }) {
                changes.push(at + 1);
            }
        }
    }
    for at in changes {
        wasm[at] ^= 1;
    }
    wasm
}

/// The comparison notices a rewrite that changes what a module does. Not in every module: many do nothing with the
/// constants that the calls reach.
#[test]
fn a_rewrite_that_changes_an_operator_is_noticed() {
    let mut bench = Bench::new();
    let modules = corpus::read("rewrite");
    let noticed = modules.iter().filter(|(name, wasm)| {
        let mut played = |round| bench.play(wasm, &mut Dice::of(name, 0, round), confused);
        (0..ROUNDS).any(|round| played(round).is_err())
    });
    let noticed = noticed.count();
    println!("noticed in {noticed} of {} modules", modules.len());
    assert!(noticed > 0);
}
