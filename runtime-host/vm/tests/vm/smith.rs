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

/// The module with small constants off by one.
fn confused(mut wasm: Vec<u8>) -> Vec<u8> {
    let mut changes = Vec::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else {
            continue;
        };
        for operator in body.get_operators_reader().unwrap().into_iter_with_offsets() {
            let (operator, at) = operator.unwrap();
            if matches!(
                operator,
                Operator::I32Const { value: 0..64 } | Operator::I64Const { value: 0..64 }
            ) {
                changes.push(at + 1);
            }
        }
    }
    for at in changes {
        wasm[at] ^= 1;
    }
    wasm
}

/// The comparison notices a rewrite that changes what a module does.
#[test]
fn a_rewrite_that_changes_an_operator_is_noticed() {
    let mut bench = Bench::new();
    let noticed = corpus::read("rewrite")
        .iter()
        .any(|(name, wasm)| bench.play(wasm, &mut Dice::of(name, 0, 0), confused).is_err());
    assert!(noticed);
}
