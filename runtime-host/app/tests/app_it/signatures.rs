//! Claims about the costly part of a check: a signature is verified once, and while blocks execute.

use crate::chain::{execute, send, Actor, Chain, CHAIN_ID};
use crate::contracts::{response, stopper};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use suyuan_app::CheckKind;
use suyuan_tx::Fee;

/// Turns of a loop that keeps a block busy for some tenths of a second.
const TURNS: u64 = 60_000_000;
/// Gas for them.
const TURNS_GAS: u64 = 20_000_000;

#[test]
fn a_signature_is_verified_once_on_its_way_into_a_block() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (a, b) = (alice.addr(), Actor::new(1).addr());
    let txs: Vec<Vec<u8>> = (0..5).map(|n| alice.tx(vec![send(&a, &b, n + 1)])).collect();
    let before = chain.app.signatures_verified();
    let checker = chain.app.checker();
    for tx in &txs {
        checker.verify_ahead(tx).unwrap();
        assert_eq!(chain.check(tx).code, 0);
    }
    assert_eq!(chain.app.signatures_verified(), before + 5, "check");
    chain.block(vec![]);
    for tx in &txs {
        assert_eq!(chain.app.check_tx(tx, CheckKind::Recheck).unwrap().code, 0);
    }
    // Computed twice, as a proposal that was rejected is.
    let request = chain.request(txs.clone());
    chain.app.finalize_block(&request).unwrap();
    let outcome = chain.block(txs.clone());
    assert!(outcome.tx_results.iter().all(|result| result.code == 0));
    assert_eq!(chain.app.signatures_verified(), before + 5, "recheck and two executions");

    // A transaction that no mempool has seen is verified in its block.
    chain.ok(alice.tx(vec![send(&a, &b, 9)]));
    assert_eq!(chain.app.signatures_verified(), before + 6);
}

#[test]
fn a_verdict_holds_for_these_bytes_and_this_account_alone() {
    let mut chain = Chain::new();
    let (mut alice, bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let good = alice.tx(vec![send(&a, &b, 1)]);
    assert_eq!(chain.check(&good).code, 0);
    let verified = chain.app.signatures_verified();
    // The same body signed by somebody else's key, and a changed signature: never remembered, verified each time.
    let mut forged = good.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    for turn in 1..=3 {
        let refused = chain.run(forged.clone());
        assert_eq!((refused.code, refused.codespace.as_str()), (4, "sdk"), "{}", refused.log);
        assert_eq!(chain.app.signatures_verified(), verified + turn);
    }
    let fee = Fee { gas_limit: 200_000, ..Fee::default() };
    let elsewhere = Actor { number: 7, ..Actor::new(0) };
    let other = elsewhere.sign_with(vec![send(&a, &b, 1)], &fee, "", 0, CHAIN_ID);
    assert_eq!(chain.run(other).code, 4, "signed for another account number");
    chain.ok(good);
}

#[test]
fn transactions_are_checked_while_a_block_executes() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let busy = chain.deploy(&mut alice, stopper("", TURNS), &response());
    let work = alice.tx_with_gas(vec![execute(&a, &busy, &response())], TURNS_GAS);
    let request = chain.request(vec![work]);
    let waiting: Vec<Vec<u8>> = (0..400).map(|_| bob.tx(vec![send(&b, &a, 1)])).collect();
    let checker = chain.app.checker();
    let (started, ended) = (AtomicBool::new(false), AtomicBool::new(false));
    let during = AtomicUsize::new(0);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !started.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            for tx in &waiting {
                let code = checker.check_tx(tx, CheckKind::New).unwrap().code;
                assert_eq!(code, 0);
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                during.fetch_add(1, Ordering::SeqCst);
            }
        });
        started.store(true, Ordering::SeqCst);
        let outcome = chain.app.finalize_block(&request).unwrap();
        ended.store(true, Ordering::SeqCst);
        outcome
    });
    assert_eq!(outcome.tx_results[0].code, 0, "{}", outcome.tx_results[0].log);
    let during = during.load(Ordering::SeqCst);
    assert!(during > 10, "{during} checks ended while the block ran");
    chain.app.commit().unwrap();
}
