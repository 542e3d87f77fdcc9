//! Compiling ahead: the block finds the work done, and finds the same.

use std::sync::Arc;

use suyuan_vm::EntryPoint;

use crate::common::*;

#[test]
fn a_module_that_was_handed_over_ahead_is_compiled_once() {
    let vm = vm();
    let wasm = query_with("", "nop");
    for _ in 0..3 {
        vm.compile_ahead(wasm.clone());
    }
    let ahead = vm.compile(&wasm).unwrap().unwrap();
    vm.compile_ahead(wasm.clone());
    assert_eq!(vm.compilations(), 1);

    let other = crate::common::vm();
    let itself = other.compile(&wasm).unwrap().unwrap();
    assert_eq!(other.compilations(), 1);
    let mut chain = Chain::default();
    let outcomes = [(&vm, &ahead), (&other, &itself)]
        .map(|(vm, code)| run(vm, code, EntryPoint::Query, &mut chain, PLENTY));
    assert_eq!(outcomes[0], outcomes[1], "answer and gas do not depend on who compiled when");
}

#[test]
fn what_is_refused_is_refused_ahead_too_and_says_so_only_when_asked() {
    let vm = vm();
    let junk = b"not wasm".to_vec();
    vm.compile_ahead(junk.clone());
    assert!(vm.compile(&junk).unwrap().is_err());
    assert_eq!(vm.compilations(), 0);
}

#[test]
fn many_blocks_and_many_checks_at_once_agree() {
    let vm = vm();
    let modules: Arc<Vec<Vec<u8>>> =
        Arc::new((0..12).map(|n| query_with("", &"nop ".repeat(n))).collect());
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let (vm, modules) = (vm.clone(), modules.clone());
            std::thread::spawn(move || {
                for (n, wasm) in modules.iter().enumerate() {
                    if (n + thread) % 2 == 0 {
                        vm.compile_ahead(wasm.clone());
                    } else {
                        let code = vm.compile(wasm).unwrap().unwrap();
                        let gas = run(&vm, &code, EntryPoint::Query, &mut Chain::default(), PLENTY)
                            .gas_used_internal;
                        assert_eq!(gas, frame_of_query() + 115 * n as u64);
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_pinned_code_gives_the_same_answer_for_the_same_gas() {
    let dir = tempfile::tempdir().unwrap();
    let config =
        || suyuan_vm::VmConfig { cache_dir: Some(dir.path().to_owned()), ..small_config() };
    let wasm = query_with("", "(drop (memory.grow (i32.const 20)))");
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        // The first engine compiles, the second finds the artifact; both call fresh, warm and pinned code.
        let vm = suyuan_vm::Vm::new(config()).unwrap();
        for pinned in [false, false, true] {
            let code = vm.load(&suyuan_core::sha256(&wasm), || Ok(wasm.clone())).unwrap();
            if pinned {
                vm.pin(code.checksum());
            }
            outcomes.push(run(&vm, &code, EntryPoint::Query, &mut Chain::default(), PLENTY));
        }
        vm.unpin(&suyuan_core::sha256(&wasm));
    }
    assert!(outcomes[0].result.is_ok());
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
