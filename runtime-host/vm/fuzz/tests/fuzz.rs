//! The committed inputs, and a few changed ones, with every test run. `make soak-fuzz` runs millions.

use suyuan_vm_fuzz::drive::{explore, replay, Target};
use suyuan_vm_fuzz::soak::Run;
use suyuan_vm_fuzz::targets::{fuzz_region, fuzz_rewrite, fuzz_sections, fuzz_validate};

/// Name, target, changed inputs in an ordinary run, and in a soak.
const TARGETS: [(&str, Target, u64, u64); 4] = [
    ("region", fuzz_region, 20_000, 20_000_000),
    ("sections", fuzz_sections, 20_000, 20_000_000),
    ("validate", fuzz_validate, 2_000, 2_000_000),
    ("rewrite", fuzz_rewrite, 200, 200_000),
];

#[test]
fn committed_inputs_and_a_slice_of_changed_ones_break_no_promise() {
    for (name, target, slice, _) in TARGETS {
        let inputs = replay(name, target);
        explore(name, target, 0, 0, slice);
        println!("{name}: {inputs} committed inputs, {slice} changed");
    }
}

/// The driver notices a target with a hole; otherwise silence would mean nothing.
#[test]
fn a_target_that_breaks_a_promise_is_noticed() {
    fn fragile(bytes: &[u8]) {
        assert!(bytes.iter().filter(|byte| **byte == 0xff).count() < 4, "four times 0xff");
    }
    let caught = std::panic::catch_unwind(|| explore("region", fragile, 0, 0, 5_000));
    assert!(caught.is_err());
}

#[test]
#[ignore = "takes hours: make soak-fuzz"]
fn changed_inputs_break_no_promise() {
    for (name, target, _, cases) in TARGETS {
        let run = Run { name, cases, chunk: cases / 200 };
        run.play(|seed, from, to| {
            explore(name, target, seed, from, to);
            "{}".to_owned()
        });
    }
}

/// Writes the seeds of the corpora that a program can make. Regressions are put there by hand, under their own names.
#[test]
#[ignore = "writes into the corpus: only after a change of the seeds"]
fn seeds_are_written() {
    for (target, name, bytes) in suyuan_vm_fuzz::seeds::all() {
        let path = suyuan_vm_fuzz::corpus::directory(target).join(name);
        std::fs::write(&path, bytes).expect("a seed written");
    }
}

#[test]
fn seeds_are_in_the_corpus() {
    for (target, name, bytes) in suyuan_vm_fuzz::seeds::all() {
        let path = suyuan_vm_fuzz::corpus::directory(target).join(&name);
        assert_eq!(std::fs::read(&path).ok(), Some(bytes), "{target}/{name}");
    }
}
