//! Validators and consensus parameters: whom the chain obeys, what it refuses, and what consensus is told.

use crate::chain::{any, attribute, genesis, init_request, send, Actor, Chain, TIME_NS};
use crate::multisig::Trio;
use cosmos_sdk_proto::tendermint::google::protobuf::Duration;
use cosmos_sdk_proto::tendermint::types::{BlockParams, EvidenceParams, ValidatorParams};
use serde_json::{json, Value};
use suyuan_app::{BlockOutcome, InitChain, TxOutcome, ValidatorUpdate};
use suyuan_tx::chain::{
    MsgCancelPlan, MsgSetValidators, MsgSetValidatorsResponse, MsgUpdateParams, Plan,
    QueryPlansRequest, QueryPlansResponse, QueryValidatorsRequest, QueryValidatorsResponse,
    ValidatorChange,
};
use suyuan_tx::{Any, SignMode};

/// Blocks are five seconds apart.
const DELAY_S: u64 = 20;

fn with_authority(authority: &str, delay_s: u64) -> Value {
    let mut state = genesis();
    state["suyuan"] = json!({"authority": authority, "authority_delay_s": delay_s});
    state
}

fn update(key: u8, power: u64) -> ValidatorUpdate {
    ValidatorUpdate { pub_key: [key; 32], power }
}

/// A network of three validators with ten each.
fn network(app_state: Value) -> Chain {
    let validators = (1..=3).map(|key| update(key, 10)).collect();
    Chain::with_request(InitChain { validators, ..init_request(app_state) })
}

fn change(key: u8, power: u64) -> ValidatorChange {
    ValidatorChange { pub_key: vec![key; 32], power, name: String::new() }
}

fn set(authority: &str, validators: Vec<ValidatorChange>) -> Any {
    any(&MsgSetValidators { authority: authority.to_string(), validators })
}

fn params(authority: &str, max_bytes: i64, max_gas: i64) -> MsgUpdateParams {
    MsgUpdateParams {
        authority: authority.to_string(),
        block: Some(BlockParams { max_bytes, max_gas }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: 1_000,
            max_age_duration: Some(Duration { seconds: 3_600, nanos: 0 }),
            max_bytes: 1_000,
        }),
        validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".to_string()] }),
        abci: None,
    }
}

fn powers(chain: &Chain) -> Vec<(u8, u64)> {
    let answer: QueryValidatorsResponse =
        chain.answer("/suyuan.chain.v1.Query/Validators", &QueryValidatorsRequest {});
    let mut list: Vec<_> = answer.validators.iter().map(|v| (v.pub_key[0], v.power)).collect();
    list.sort_unstable();
    list
}

fn plans(chain: &Chain) -> Vec<Plan> {
    let answer: QueryPlansResponse =
        chain.answer("/suyuan.chain.v1.Query/Plans", &QueryPlansRequest {});
    answer.plans
}

fn ok(block: &BlockOutcome) {
    let bad = block.tx_results.iter().find(|result| !result.is_ok());
    assert!(bad.is_none(), "{bad:?}");
}

fn refused(outcome: &TxOutcome, code: u32, text: &str) {
    assert_eq!((outcome.code, outcome.codespace.as_str()), (code, "sdk"), "{}", outcome.log);
    assert!(outcome.log.contains(text), "{}", outcome.log);
}

#[test]
fn an_authority_adds_reweighs_and_removes_and_consensus_is_told_each_change_once() {
    let mut alice = Actor::new(0);
    let mut chain = network(with_authority(&alice.addr(), 0));
    assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10)]);

    let authority = alice.addr();
    let block = chain.block(vec![
        alice.tx(vec![set(&authority, vec![change(4, 7), change(1, 25)])]),
        alice.tx(vec![set(&authority, vec![change(2, 0), change(4, 8)])]),
        alice.tx(vec![set(&authority, vec![change(3, 10)])]),
    ]);
    ok(&block);
    let mut told = block.validator_updates.clone();
    told.sort_unstable_by_key(|update| update.pub_key);
    assert_eq!(told, [update(1, 25), update(2, 0), update(4, 8)], "the last word, and no no-ops");
    assert_eq!(powers(&chain), [(1, 25), (3, 10), (4, 8)]);
    assert_eq!(chain.block(vec![]).validator_updates, []);
}

#[test]
fn t2_nobody_else_changes_validators_or_parameters() {
    let (alice, mut mallory) = (Actor::new(0), Actor::new(1));
    let mut chain = network(with_authority(&alice.addr(), 0));
    let before = chain.app.info().app_hash;
    let name = mallory.addr();
    let taken = mallory.tx(vec![set(&name, vec![change(9, 1_000)])]);
    refused(&chain.run(taken), 4, "invalid authority; expected");
    let taken = mallory.tx(vec![any(&params(&name, 4 << 20, -1))]);
    refused(&chain.run(taken), 4, "invalid authority; expected");
    // In the authority's name, with another's signature.
    let forged = mallory.tx(vec![set(&alice.addr(), vec![change(9, 1_000)])]);
    assert_ne!(chain.run(forged).code, 0);
    assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10)]);
    assert_ne!(before, chain.app.info().app_hash, "sequences count");

    // Where genesis names no authority, there is none.
    let mut chain = network(genesis());
    let mut alice = Actor::new(0);
    let message = set(&alice.addr(), vec![change(9, 1)]);
    refused(&chain.run(alice.tx(vec![message])), 4, "invalid authority");
}

#[test]
fn t2_sets_that_could_not_go_on_are_refused() {
    let mut alice = Actor::new(0);
    let mut chain = network(with_authority(&alice.addr(), 0));
    let authority = alice.addr();
    let mut say = |validators: Vec<ValidatorChange>| {
        let outcome = chain.run(alice.tx(vec![set(&authority, validators)]));
        assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10)]);
        outcome
    };
    refused(&say((1..=3).map(|key| change(key, 0)).collect()), 18, "a chain without validators");
    refused(&say(vec![change(8, 0)]), 18, "is no validator");
    refused(&say(vec![change(1, 5), change(1, 6)]), 18, "named twice");
    refused(&say(vec![]), 18, "0 validators");
    refused(&say(vec![change(1, (1 << 32) + 1)]), 18, "is above");
    let short = ValidatorChange { pub_key: vec![1; 31], power: 1, name: String::new() };
    refused(&say(vec![short]), 8, "31 bytes");
    let long = ValidatorChange { name: "x".repeat(65), ..change(1, 1) };
    refused(&say(vec![long]), 18, "longer than 64");
    let many: Vec<_> = (4..=201).map(|key| change(key, 1)).collect();
    refused(&say(many), 18, "more than 200 validators");
}

#[test]
fn a_chain_that_one_node_makes_alone_keeps_its_validator() {
    let mut alice = Actor::new(0);
    let mut chain = Chain::with_genesis(with_authority(&alice.addr(), 0));
    let message = set(&alice.addr(), vec![change(4, 1)]);
    refused(&chain.run(alice.tx(vec![message])), 37, "until it becomes a network");
    assert_eq!(powers(&chain), []);
}

#[test]
fn two_of_three_decide_and_one_key_does_not() {
    let mut alice = Actor::new(0);
    let mut trio = Trio::keys();
    let mut chain = network(with_authority(&trio.addr(), 0));
    trio.fund(&mut chain, &mut alice);
    let message = || vec![set(&trio.addr(), vec![change(4, 5)])];
    let alone = trio.signed(message(), &[(1, SignMode::LegacyAminoJson)]);
    refused(&chain.check(&alone), 4, "unauthorized");
    refused(&chain.run(alone), 4, "signature verification failed");
    // A member by itself is nobody, whatever it signs.
    let member = trio.members[0].addr();
    chain.ok(alice.tx(vec![send(&alice.addr(), &member, 1_000)]));
    let mut own = trio.members[0].clone();
    own.number = 6;
    refused(&chain.run(own.tx(vec![set(&member, vec![change(4, 5)])])), 4, "invalid authority");
    assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10)]);

    use SignMode::LegacyAminoJson as Amino;
    let both = trio.signed(message(), &[(0, Amino), (2, Amino)]);
    let block = chain.block(vec![both]);
    ok(&block);
    assert_eq!(block.validator_updates, [update(4, 5)]);
    trio.sequence += 1;
    let both =
        trio.signed(vec![any(&params(&trio.addr(), 3 << 20, -1))], &[(1, Amino), (2, Amino)]);
    let block = chain.block(vec![both]);
    ok(&block);
    assert_eq!(block.consensus_param_updates.unwrap().block_max_bytes, 3 << 20);
}

#[test]
fn an_announced_change_waits_for_its_time_and_can_be_withdrawn() {
    let mut alice = Actor::new(0);
    let mut chain = network(with_authority(&alice.addr(), DELAY_S));
    let authority = alice.addr();
    let outcome = chain.ok(alice.tx(vec![set(&authority, vec![change(4, 5)])]));
    let answer: MsgSetValidatorsResponse = crate::chain::response(&outcome);
    assert_eq!(answer.plan, 1);
    assert_eq!(attribute(&outcome.events, "plan_announced", "plan"), "1");
    let announced = chain.height;
    chain.ok(alice.tx(vec![set(&authority, vec![change(1, 0)])]));
    chain.ok(alice.tx(vec![any(&params(&authority, 2 << 20, 20_000_000))]));
    let seen = plans(&chain);
    let due = TIME_NS + (announced * 5 + DELAY_S) * 1_000_000_000;
    assert_eq!((seen[0].id, seen[0].announced_height, seen[0].due_time_ns), (1, announced, due));
    assert_eq!(seen[0].validators, [change(4, 5)]);
    assert_eq!(seen[2].type_url, "/cosmos.consensus.v1.MsgUpdateParams");
    assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10)], "announced is not done");

    let cancel = MsgCancelPlan { authority: authority.clone(), plan: 2 };
    chain.ok(alice.tx(vec![any(&cancel)]));
    refused(&chain.run(alice.tx(vec![any(&cancel)])), 38, "plan 2");
    // Announced at h, executed by the first block that is 20 s later: h + 4, which was the last one.
    assert_eq!(chain.height, announced + 4);
    assert_eq!(powers(&chain), [(1, 10), (2, 10), (3, 10), (4, 5)]);
    chain.block(vec![]);
    let block = chain.block(vec![]);
    let new = block.consensus_param_updates.expect("due two blocks after the first");
    assert_eq!((new.block_max_bytes, new.block_max_gas), (2 << 20, 20_000_000));
    assert_eq!(attribute(&block.events, "plan_done", "plan"), "3");
    assert_eq!(plans(&chain), []);
    assert_eq!(chain.app.block_gas_max(), Some(20_000_000));
    assert_eq!(chain.app.updated_params(), Some(new));
}

#[test]
fn what_became_impossible_while_it_waited_is_dropped_and_said() {
    let mut alice = Actor::new(0);
    let mut chain = network(with_authority(&alice.addr(), DELAY_S));
    let authority = alice.addr();
    for _ in 0..2 {
        chain.ok(alice.tx(vec![set(&authority, vec![change(1, 0)])]));
    }
    let mut dropped = Vec::new();
    let mut told = Vec::new();
    for _ in 0..6 {
        let block = chain.block(vec![]);
        told.extend(block.validator_updates);
        dropped.extend(block.events.into_iter().filter(|event| event.kind == "plan_dropped"));
    }
    assert_eq!(told, [update(1, 0)]);
    assert_eq!(dropped.len(), 1, "the second one finds no such validator");
    assert!(dropped[0].first("why").unwrap().contains("is no validator"));
    // What is impossible now is not even announced, and announcements are bounded.
    refused(&chain.run(alice.tx(vec![set(&authority, vec![change(1, 0)])])), 18, "is no validator");
    let messages = (0..65u64).map(|power| set(&authority, vec![change(2, 1 + power)]));
    let outcome = chain.run(alice.tx_with_gas(messages.collect(), 50_000_000));
    refused(&outcome, 18, "64 changes are announced already");
}

#[test]
fn t2_parameters_that_could_stop_the_chain_are_refused() {
    let mut alice = Actor::new(0);
    let mut chain = Chain::with_genesis(with_authority(&alice.addr(), 0));
    let authority = alice.addr();
    let good = || params(&authority, 4 << 20, -1);
    let mut cases: Vec<(MsgUpdateParams, u32, &str)> = vec![
        (params(&authority, -1, -1), 18, "block.max_bytes -1"),
        (params(&authority, 1 << 20, -1), 18, "block.max_bytes 1048576"),
        (params(&authority, (100 << 20) + 1, -1), 18, "block.max_bytes"),
        (params(&authority, 4 << 20, 1_000), 18, "block.max_gas 1000"),
        (params(&authority, 4 << 20, -2), 18, "block.max_gas -2"),
        (MsgUpdateParams { evidence: None, ..good() }, 18, "all parameters must be present"),
    ];
    let mut secp = good();
    secp.validator.as_mut().unwrap().pub_key_types = vec!["secp256k1".to_string()];
    cases.push((secp, 18, "can only be ed25519"));
    let mut age = good();
    age.evidence.as_mut().unwrap().max_age_duration =
        Some(Duration { seconds: i64::MAX, nanos: 0 });
    cases.push((age, 18, "max_age_duration"));
    let mut votes = good();
    votes.abci =
        Some(cosmos_sdk_proto::tendermint::types::AbciParams { vote_extensions_enable_height: 5 });
    cases.push((votes, 37, "vote extensions"));
    for (message, code, text) in cases {
        refused(&chain.run(alice.tx(vec![any(&message)])), code, text);
    }
    assert_eq!(chain.app.updated_params(), None);
    // And alone, too, the chain obeys.
    let block = chain.block(vec![alice.tx(vec![any(&good())])]);
    ok(&block);
    assert_eq!(block.consensus_param_updates.unwrap().block_max_gas, -1);
}

#[test]
fn a_state_that_was_made_alone_goes_on_with_the_validators_of_its_checkpoint() {
    let mut alice = Actor::new(0);
    let mut chain = Chain::with_genesis(with_authority(&alice.addr(), 0));
    chain.ok(alice.tx(vec![send(&alice.addr(), &Actor::new(1).addr(), 5)]));
    let (height, hash) = (chain.height, chain.app.info().app_hash);
    let request = |height: u64, initial_height: u64, validators: Vec<ValidatorUpdate>| InitChain {
        initial_height,
        validators,
        ..init_request(json!({"checkpoint": {"height": height.to_string()}}))
    };
    let one = vec![update(1, 10)];
    for (bad, text) in [
        (request(height - 1, height, one.clone()), "no checkpoint"),
        (request(height, height, one.clone()), "the first block cannot be"),
        (request(height, height + 1, vec![]), "names the validators"),
        (
            InitChain { chain_id: "other".into(), ..request(height, height + 1, one.clone()) },
            "of chain",
        ),
    ] {
        let refused = chain.app.init_chain(bad).unwrap().unwrap_err();
        assert!(refused.to_string().contains(text), "{refused}");
    }
    for _ in 0..2 {
        let begun =
            chain.app.init_chain(request(height, height + 1, one.clone())).unwrap().unwrap();
        assert_eq!(begun.app_hash, hash, "the first header carries the last state");
    }
    assert_eq!(chain.app.info().height, height, "nothing is persisted yet");
    let block = chain.block(vec![alice.tx(vec![set(&alice.addr(), vec![change(2, 3)])])]);
    ok(&block);
    assert_eq!(block.validator_updates, [update(2, 3)], "the engine knows the first one");
    assert_eq!(powers(&chain), [(1, 10), (2, 3)]);
}

#[test]
fn a_chain_does_not_take_validators_and_plans_to_another_one() {
    let mut alice = Actor::new(0);
    let mut chain = network(with_authority(&alice.addr(), DELAY_S));
    chain.ok(alice.tx(vec![set(&alice.addr(), vec![change(4, 5)])]));
    let export = chain.app.reader().export(0).unwrap().unwrap();
    let other = Chain::with_genesis(export.app_state);
    assert_eq!((powers(&other), plans(&other)), (vec![], vec![]));
    let answer: QueryValidatorsResponse =
        other.answer("/suyuan.chain.v1.Query/Validators", &QueryValidatorsRequest {});
    assert_eq!((answer.authority, answer.delay_s), (alice.addr(), DELAY_S));
}
