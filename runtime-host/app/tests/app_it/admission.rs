//! Claims about who may send, and at which price. All of it holds in blocks.

use crate::chain::{genesis, send, Actor, Chain, CHAIN_ID, GAS};
use crate::contracts::porter;
use cosmos_sdk_proto::cosmos::auth::v1beta1::{QueryAccountRequest, QueryAccountResponse};
use cosmos_sdk_proto::cosmos::base::node::v1beta1::{ConfigRequest, ConfigResponse};
use serde_json::{json, Value};
use suyuan_app::CheckKind;
use suyuan_core::{address, Coin};
use suyuan_tx::Fee;

/// What a contract answers so that its querier reads `text`.
fn says(text: &str) -> Value {
    use base64::Engine as _;
    json!({"ok": base64::engine::general_purpose::STANDARD.encode(text)})
}

fn with_contract() -> (Chain, String) {
    let contract = address::encode("suyuan", &address::contract_address(1, 1)).unwrap();
    let mut app_state = genesis();
    app_state["suyuan"] = json!({
        "admission": {"contract": {"address": contract, "before": [Actor::new(0).addr()]}}
    });
    (Chain::with_genesis(app_state), contract)
}

#[test]
fn a_contract_decides_who_may_send_as_soon_as_it_exists() {
    let (mut chain, contract) = with_contract();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let early = bob.clone().tx(vec![send(&b, &a, 1)]);
    let refusal = format!("{b} is not admitted to this chain: unauthorized");
    for outcome in [chain.check(&early), chain.run(early.clone())] {
        assert_eq!((outcome.code, &outcome.log), (4, &refusal));
    }
    assert_eq!(chain.deploy(&mut alice, porter(), &says("true")), contract);
    let admitted = bob.tx(vec![send(&b, &a, 1)]);
    assert_eq!(chain.check(&admitted).code, 0);
    chain.ok(admitted);

    // The last transaction that alice can send shuts the door behind her, too.
    chain.ok(alice.tx(vec![crate::chain::execute(&a, &contract, &says("false"))]));
    let late = bob.tx(vec![send(&b, &a, 1)]);
    for outcome in [chain.check(&late), chain.run(late.clone())] {
        assert_eq!((outcome.code, &outcome.log), (4, &refusal));
        assert!(outcome.events.is_empty());
    }
    assert_eq!(chain.run(alice.tx(vec![send(&a, &b, 1)])).code, 4);
}

#[test]
fn an_answer_that_is_none_admits_nobody_and_a_refusal_costs_the_sender_nothing() {
    for answer in [says("maybe"), json!({"error": "down"}), json!({"nothing": 1})] {
        let (mut chain, _) = with_contract();
        let (mut alice, bob) = (Actor::new(0), Actor::new(1));
        chain.deploy(&mut alice, porter(), &answer);
        let b = bob.addr();
        let tx = bob.clone().tx(vec![send(&b, &alice.addr(), 1)]);
        let before = chain.balance(&b);
        let outcome = chain.run(tx);
        assert_eq!(outcome.code, 4, "{}", outcome.log);
        let head = format!("{b} is not admitted to this chain (");
        assert!(outcome.log.starts_with(&head), "{}", outcome.log);
        assert_eq!(chain.balance(&b), before);
    }
}

#[test]
fn a_forged_transaction_is_refused_before_the_contract_is_asked() {
    let (mut chain, _) = with_contract();
    let (mut alice, bob) = (Actor::new(0), Actor::new(1));
    chain.deploy(&mut alice, porter(), &json!({"error": "asked"}));
    let forged = bob.sign_with(
        vec![send(&bob.addr(), &alice.addr(), 1)],
        &Fee { gas_limit: GAS, ..Fee::default() },
        "",
        0,
        "another-chain",
    );
    let outcome = chain.run(forged);
    assert!(outcome.log.starts_with("signature verification failed"), "{}", outcome.log);
}

#[test]
fn the_least_price_of_gas_holds_in_blocks_and_not_in_simulations() {
    let mut app_state = genesis();
    app_state["suyuan"] = json!({"minimum_gas_prices": "0.001usy"});
    let mut chain = Chain::with_genesis(app_state);
    let alice = Actor::new(0);
    let config: ConfigResponse =
        chain.answer("/cosmos.base.node.v1beta1.Service/Config", &ConfigRequest {});
    assert_eq!(config.minimum_gas_price, "0.001000000000000000usy");
    let message = vec![send(&alice.addr(), &Actor::new(1).addr(), 1)];
    let fee = |amount: Vec<Coin>| Fee { amount, gas_limit: 200_001, ..Fee::default() };
    let short = fee(vec![Coin::new(200, "usy")]);
    let poor = alice.sign_with(message.clone(), &short, "", 0, CHAIN_ID);
    let text = "insufficient fees; got: 200usy required: 201usy: insufficient fee";
    for outcome in [chain.check(&poor), chain.run(poor.clone())] {
        assert_eq!((outcome.code, outcome.codespace.as_str()), (13, "sdk"));
        assert_eq!(outcome.log, text);
    }
    let free = fee(Vec::new());
    let simulated = alice.sign_with(message.clone(), &free, "", 0, CHAIN_ID);
    assert_eq!(chain.app.reader().simulate(&simulated).unwrap().code, 0);
    let enough = fee(vec![Coin::new(201, "usy")]);
    chain.ok(alice.sign_with(message, &enough, "", 0, CHAIN_ID));
}

/// T4: revocation is exact to a place in a block, for what waits, what is proposed and what comes.
#[test]
fn t4_who_is_revoked_sends_nothing_from_that_place_on() {
    let (mut chain, contract) = with_contract();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    chain.deploy(&mut alice, porter(), &says("true"));
    let shut = alice.tx(vec![crate::chain::execute(&a, &contract, &says("false"))]);
    let txs: Vec<Vec<u8>> = (0..3).map(|_| bob.tx(vec![send(&b, &a, 1)])).collect();
    for tx in txs.iter().chain([&shut]) {
        assert_eq!(chain.check(tx).code, 0, "all of them may wait");
    }
    // One block holds the revocation between two transactions of the account that it is about.
    let proposal = vec![txs[0].clone(), shut, txs[1].clone()];
    let outcome = chain.block(proposal);
    let codes: Vec<u32> = outcome.tx_results.iter().map(|result| result.code).collect();
    assert_eq!(codes, [0, 0, 4]);
    assert!(outcome.tx_results[2].log.contains("is not admitted"), "{:?}", outcome.tx_results[2]);
    assert_eq!(chain.balance(&b), 1_000_000 - 1);
    // What still waits leaves the mempool at the recheck, and no later block takes it.
    // A refused transaction uses up no sequence, so the one behind it does not follow any more.
    for (tx, code) in [(&txs[1], 4), (&txs[2], 32)] {
        let recheck = chain.app.check_tx(tx, CheckKind::Recheck).unwrap();
        assert_eq!(recheck.code, code, "{}", recheck.log);
        assert_eq!(chain.run(tx.clone()).code, code);
    }
    assert_eq!(chain.balance(&b), 1_000_000 - 1);
    // The key itself stays readable, so that what it signed before can be verified.
    let request = QueryAccountRequest { address: b };
    let account: QueryAccountResponse =
        chain.answer("/cosmos.auth.v1beta1.Query/Account", &request);
    let key = suyuan_tx::build::pub_key_any(&bob.pub_key());
    let stored = account.account.unwrap().value;
    assert!(stored.windows(key.value.len()).any(|part| part == key.value));
}
