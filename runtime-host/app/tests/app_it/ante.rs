//! Claims about what is checked before a message runs: codes and texts that clients match.

use crate::chain::{attribute, genesis, init_request, kinds, send, Actor, Chain, CHAIN_ID, GAS};
use serde_json::json;
use suyuan_app::TxOutcome;
use suyuan_core::Coin;
use suyuan_tx::{build, Any, Fee};

/// What the mempool and a block say about the same transaction; they must agree.
fn both(chain: &mut Chain, tx: &[u8]) -> TxOutcome {
    let checked = chain.check(tx);
    let delivered = chain.run(tx.to_vec());
    assert_eq!(
        (checked.code, &checked.codespace),
        (delivered.code, &delivered.codespace),
        "{}",
        checked.log
    );
    delivered
}

fn refused(outcome: &TxOutcome, code: u32, text: &str) {
    assert_eq!(outcome.codespace, "sdk", "{}", outcome.log);
    assert_eq!((outcome.code, outcome.log.as_str()), (code, text));
    assert!(outcome.events.is_empty() && outcome.data.is_empty());
}

fn fee(gas_limit: u64) -> Fee {
    Fee { gas_limit, ..Fee::default() }
}

#[test]
fn bytes_that_are_no_transaction_are_refused() {
    let mut chain = Chain::new();
    let outcome = both(&mut chain, b"not a transaction");
    assert_eq!((outcome.code, outcome.codespace.as_str()), (2, "sdk"));
    assert!(outcome.log.ends_with(": tx parse error"), "{}", outcome.log);
    let actor = Actor::new(0);
    let strange =
        Any { type_url: "/cosmos.staking.v1beta1.MsgDelegate".to_string(), value: vec![] };
    let tx = actor.sign_with(vec![strange], &fee(GAS), "", 0, CHAIN_ID);
    let text = "unable to resolve type URL /cosmos.staking.v1beta1.MsgDelegate: tx parse error";
    refused(&both(&mut chain, &tx), 2, text);
    let tx = actor.sign_with(vec![], &fee(GAS), "", 0, CHAIN_ID);
    refused(&both(&mut chain, &tx), 18, "must contain at least one message: invalid request");
}

#[test]
fn sequences_count_up_and_replays_are_refused() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let first = alice.tx(vec![send(&from, &to, 1)]);
    assert_eq!(both(&mut chain, &first).code, 0);
    let text = "account sequence mismatch, expected 1, got 0: incorrect account sequence";
    refused(&both(&mut chain, &first), 32, text);
    alice.sequence = 7;
    let future = alice.tx(vec![send(&from, &to, 1)]);
    refused(
        &both(&mut chain, &future),
        32,
        "account sequence mismatch, expected 1, got 7: incorrect account sequence",
    );
}

#[test]
fn the_mempool_counts_sequences_ahead_of_blocks() {
    let chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    for _ in 0..5 {
        let tx = alice.tx(vec![send(&from, &to, 1)]);
        assert_eq!(chain.check(&tx).code, 0);
        assert_eq!(chain.check(&tx).code, 32);
    }
}

#[test]
fn signatures_bind_the_chain_the_account_and_the_signer() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let message = vec![send(&from, &to, 1)];
    let elsewhere = alice.sign_with(message.clone(), &fee(GAS), "", 0, "other-chain");
    let text =
        "signature verification failed; please verify account number (0) and chain-id (testing): \
                (unable to verify single signer signature): unauthorized";
    refused(&both(&mut chain, &elsewhere), 4, text);
    let other_number = Actor { number: 5, ..alice.clone() };
    refused(
        &both(&mut chain, &other_number.sign_with(message.clone(), &fee(GAS), "", 0, CHAIN_ID)),
        4,
        text,
    );
    let mallory = Actor::new(2);
    let outcome = both(&mut chain, &mallory.sign_with(message, &fee(GAS), "", 0, CHAIN_ID));
    let text =
        format!("pubKey does not match signer address {from} with signer index: 0: invalid pubkey");
    refused(&outcome, 8, &text);
}

#[test]
fn unsupported_sign_modes_and_counts_are_refused() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let good = suyuan_tx::decode(&alice.sign_with(
        vec![send(&alice.addr(), &Actor::new(1).addr(), 1)],
        &fee(GAS),
        "",
        0,
        CHAIN_ID,
    ))
    .unwrap();
    // Mode 2 is SIGN_MODE_TEXTUAL; the byte behind the mode's tag is replaced.
    let mut auth = good.auth_info_bytes.clone();
    let at = auth.windows(4).position(|w| w == [0x0a, 2, 8, 1]).unwrap();
    auth[at + 3] = 2;
    let tx = build::tx_raw(good.body_bytes.clone(), auth, good.signatures.clone());
    let outcome = both(&mut chain, &tx);
    assert_eq!(outcome.code, 4);
    assert!(
        outcome.log.contains("(unsupported sign mode SIGN_MODE_TEXTUAL): unauthorized"),
        "{}",
        outcome.log
    );
    let unsigned = build::tx_raw(good.body_bytes.clone(), good.auth_info_bytes.clone(), vec![]);
    refused(&both(&mut chain, &unsigned), 15, "no signatures supplied");
    let twice = vec![good.signatures[0].clone(); 2];
    let tx = build::tx_raw(good.body_bytes, good.auth_info_bytes, twice);
    refused(&both(&mut chain, &tx), 4, "wrong number of signers; expected 1, got 2: unauthorized");
}

#[test]
fn memo_timeout_and_gas_are_bounded() {
    let mut request = init_request(genesis());
    request.consensus_params.block_max_gas = 10_000_000;
    let mut chain = Chain::with_request(request);
    let alice = Actor::new(0);
    let message = vec![send(&alice.addr(), &Actor::new(1).addr(), 1)];
    let memo = "m".repeat(257);
    let tx = alice.sign_with(message.clone(), &fee(GAS), &memo, 0, CHAIN_ID);
    let text = "maximum number of characters is 256 but received 257 characters: memo too large";
    refused(&both(&mut chain, &tx), 12, text);
    let tx = alice.sign_with(message.clone(), &fee(GAS), "", 1, CHAIN_ID);
    let outcome = both(&mut chain, &tx);
    assert_eq!(outcome.code, 30);
    assert_eq!(outcome.log, "block height: 3, timeout height: 1: tx timeout height");
    let tx = alice.sign_with(message.clone(), &fee(10_000_001), "", 0, CHAIN_ID);
    let text = "tx gas limit 10000001 exceeds block max gas 10000000: invalid gas limit";
    refused(&both(&mut chain, &tx), 41, text);
    let tx = alice.sign_with(message.clone(), &fee(u64::MAX), "", 0, CHAIN_ID);
    assert_eq!(both(&mut chain, &tx).code, 18);
    let tx = alice.sign_with(message, &fee(3_000), "", 0, CHAIN_ID);
    let outcome = both(&mut chain, &tx);
    assert_eq!(outcome.code, 11);
    assert!(outcome.log.starts_with("out of gas in location: "), "{}", outcome.log);
    assert!(outcome.log.contains("; gasWanted: 3000, gasUsed: "), "{}", outcome.log);
    assert_eq!(outcome.gas_wanted, 3_000);
    assert!(outcome.gas_used > 3_000);
}

#[test]
fn accounts_begin_with_their_first_receipt_and_are_numbered_in_order() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let mut stranger = Actor::new(9);
    let (from, new) = (alice.addr(), stranger.addr());
    let text = format!("fee payer address: {new} does not exist: unknown address");
    let early = stranger.sign_with(vec![send(&new, &from, 1)], &fee(GAS), "", 0, CHAIN_ID);
    refused(&both(&mut chain, &early), 9, &text);
    chain.ok(alice.tx(vec![send(&from, &new, 10)]));
    // Genesis has three actors and two module accounts.
    stranger.number = 5;
    chain.ok(stranger.tx(vec![send(&new, &from, 1)]));
    assert_eq!(chain.balance(&new), 9);
}

#[test]
fn fee_and_sequence_are_kept_when_a_message_fails() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let fee = Fee { amount: vec![Coin::new(100, "usy")], gas_limit: GAS, ..Fee::default() };
    let messages = vec![send(&from, &to, 1), send(&from, &to, 2_000_000)];
    let outcome = chain.run(alice.sign_with(messages, &fee, "", 0, CHAIN_ID));
    alice.sequence += 1;
    assert_eq!((outcome.code, outcome.codespace.as_str()), (5, "sdk"));
    assert_eq!(
        outcome.log,
        "failed to execute message; message index: 1: spendable balance 999899usy is smaller than 2000000usy: \
         insufficient funds"
    );
    assert_eq!(
        kinds(&outcome.events),
        ["coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"]
    );
    assert_eq!(attribute(&outcome.events, "tx", "fee"), "100usy");
    assert_eq!(attribute(&outcome.events, "tx", "fee_payer"), from);
    assert_eq!(outcome.events[5].first("acc_seq"), Some(format!("{from}/0").as_str()));
    assert!(outcome.events[6].first("signature").is_some());
    assert_eq!((chain.balance(&from), chain.balance(&to)), (999_900, 1_000_000));
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
}

#[test]
fn a_fee_that_cannot_be_paid_is_refused_without_a_trace() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let fee = Fee { amount: vec![Coin::new(2_000_000, "usy")], gas_limit: GAS, ..Fee::default() };
    let tx =
        alice.sign_with(vec![send(&alice.addr(), &Actor::new(1).addr(), 1)], &fee, "", 0, CHAIN_ID);
    let before = chain.app.info().app_hash;
    let text = "spendable balance 1000000usy is smaller than 2000000usy: insufficient funds: insufficient funds";
    refused(&both(&mut chain, &tx), 5, text);
    assert_eq!(chain.app.info().app_hash, before);
}

#[test]
fn admission_by_list_holds_in_blocks_too() {
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"admission": {"addresses": [Actor::new(0).addr()]}});
    let mut chain = Chain::with_genesis(app_state);
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (from, to) = (alice.addr(), bob.addr());
    chain.ok(alice.tx(vec![send(&from, &to, 1)]));
    let outcome = both(&mut chain, &bob.tx(vec![send(&to, &from, 1)]));
    refused(&outcome, 4, &format!("{to} is not admitted to this chain: unauthorized"));
}

#[test]
fn a_block_has_a_gas_limit() {
    let mut request = init_request(genesis());
    request.consensus_params.block_max_gas = 100_000;
    let mut chain = Chain::with_request(request);
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let txs = (0..10).map(|_| alice.tx_with_gas(vec![send(&from, &to, 1)], 100_000)).collect();
    let results = chain.block(txs).tx_results;
    let succeeded = results.iter().take_while(|r| r.is_ok()).count();
    assert!((1..9).contains(&succeeded), "{succeeded}");
    assert_eq!(results[succeeded].code, 11);
    assert!(
        results[succeeded].log.starts_with("out of gas in location: block gas meter"),
        "{results:?}"
    );
    let last = results.last().unwrap();
    assert_eq!((last.code, last.log.as_str()), (11, "no block gas left to run tx: out of gas"));
    assert_eq!(chain.balance(&to), 1_000_000 + succeeded as u128);
}

#[test]
fn amino_documents_sign_as_well_as_raw_bytes() {
    let mut chain = Chain::new();
    let alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let direct = alice.sign_with(vec![send(&from, &to, 1)], &fee(GAS), "", 0, CHAIN_ID);
    let direct = suyuan_tx::decode(&direct).unwrap();
    let mut auth = direct.auth_info_bytes.clone();
    let at = auth.windows(4).position(|w| w == [0x0a, 2, 8, 1]).unwrap();
    auth[at + 3] = 127;
    let unsigned = build::tx_raw(direct.body_bytes.clone(), auth.clone(), vec![vec![]]);
    let unsigned = suyuan_tx::decode(&unsigned).unwrap();
    let signed = |sequence| {
        let document = suyuan_tx::amino::sign_bytes(&unsigned, CHAIN_ID, 0, sequence).unwrap();
        let signature = suyuan_tx::sign(&alice.secret, &document).unwrap();
        build::tx_raw(direct.body_bytes.clone(), auth.clone(), vec![signature.to_vec()])
    };
    let text = "signature verification failed; please verify account number (0), sequence (0) and chain-id \
                (testing): unauthorized";
    refused(&both(&mut chain, &signed(1)), 4, text);
    assert_eq!(both(&mut chain, &signed(0)).code, 0);
    assert_eq!(chain.balance(&to), 1_000_001);
}
