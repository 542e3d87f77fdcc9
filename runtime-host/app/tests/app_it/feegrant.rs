//! Claims about fees that others pay.

use crate::chain::{any, attribute, send, Actor, Chain, CHAIN_ID, GAS};
use cosmos_sdk_proto::cosmos::feegrant::v1beta1::{
    BasicAllowance, MsgGrantAllowance, MsgRevokeAllowance, PeriodicAllowance,
    QueryAllowanceRequest, QueryAllowanceResponse, QueryAllowancesByGranterRequest,
    QueryAllowancesByGranterResponse, QueryAllowancesRequest, QueryAllowancesResponse,
};
use cosmos_sdk_proto::Timestamp;
use prost::Message;
use suyuan_core::Coin;
use suyuan_tx::{build, Any, Fee};

const SECOND_NS: u64 = 1_000_000_000;

fn grant(granter: &str, grantee: &str, allowance: Any) -> Any {
    any(&MsgGrantAllowance {
        granter: granter.to_string(),
        grantee: grantee.to_string(),
        allowance: Some(allowance),
    })
}

fn basic(amount: u128, until: Option<i64>) -> Any {
    let spend_limit =
        if amount == 0 { vec![] } else { vec![build::coin(&Coin::new(amount, "usy"))] };
    let expiration = until.map(|seconds| Timestamp { seconds, nanos: 0 });
    any(&BasicAllowance { spend_limit, expiration })
}

/// A transfer of one unit whose fee of `fee` somebody else shall pay.
fn paid_by(granter: &str, sender: &mut Actor, fee: u128) -> Vec<u8> {
    let messages = vec![send(&sender.addr(), &Actor::new(1).addr(), 1)];
    let fee = Fee {
        gas_limit: GAS,
        amount: vec![Coin::new(fee, "usy")],
        granter: granter.to_string(),
        ..Fee::default()
    };
    let tx = sender.sign_with(messages, &fee, "", 0, CHAIN_ID);
    sender.sequence += 1;
    tx
}

#[test]
fn a_granter_pays_up_to_the_limit_and_not_a_unit_more() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let refused = chain.run(paid_by(&a, &mut bob, 5));
    bob.sequence -= 1;
    assert_eq!((refused.code, refused.codespace.as_str()), (38, "sdk"));
    let words = format!("{a} does not allow to pay fees for {b}: fee-grant not found: not found");
    assert_eq!(refused.log, words);

    let granted = chain.ok(alice.tx(vec![grant(&a, &b, basic(12, None))]));
    assert_eq!(attribute(&granted.events, "set_feegrant", "grantee"), b);
    let again = chain.run(alice.tx(vec![grant(&a, &b, basic(9, None))]));
    assert!(again.log.contains("fee allowance already exists: invalid request"), "{}", again.log);

    let paid = chain.ok(paid_by(&a, &mut bob, 5));
    assert_eq!(attribute(&paid.events, "tx", "fee_payer"), a);
    assert_eq!(attribute(&paid.events, "use_feegrant", "granter"), a);
    assert_eq!((chain.balance(&a), chain.balance(&b)), (999_995, 1_000_000));
    let request = QueryAllowanceRequest { granter: a.clone(), grantee: b.clone() };
    let path = "/cosmos.feegrant.v1beta1.Query/Allowance";
    let left: QueryAllowanceResponse = chain.answer(path, &request);
    let left = left.allowance.unwrap().allowance.unwrap();
    let left = BasicAllowance::decode(&left.value[..]).unwrap();
    assert_eq!(left.spend_limit, [build::coin(&Coin::new(7, "usy"))]);

    let beyond = chain.run(paid_by(&a, &mut bob, 8));
    bob.sequence -= 1;
    assert_eq!((beyond.code, beyond.codespace.as_str()), (2, "feegrant"));
    assert!(beyond.log.ends_with("basic allowance: fee limit exceeded"), "{}", beyond.log);
    chain.ok(paid_by(&a, &mut bob, 7));
    let gone = chain.query(path, &request);
    assert!(gone.log.contains("NotFound desc = fee-grant not found"), "{}", gone.log);
}

#[test]
fn two_fees_in_one_mempool_do_not_spend_an_allowance_twice() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    chain.ok(alice.tx(vec![grant(&a, &b, basic(10, None))]));
    let (first, second) = (paid_by(&a, &mut bob, 6), paid_by(&a, &mut bob, 6));
    assert_eq!(chain.check(&first).code, 0);
    assert_eq!(chain.check(&second).codespace, "feegrant");
    let block = chain.block(vec![first, second]);
    assert_eq!(block.tx_results[0].code, 0);
    assert_eq!(block.tx_results[1].codespace, "feegrant");
}

#[test]
fn an_allowance_ends_with_its_time_or_when_it_is_taken_back() {
    let mut chain = Chain::new();
    let (mut alice, mut bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let now = i64::try_from(chain.request(vec![]).time_ns / SECOND_NS).unwrap();
    let over = chain.run(alice.tx(vec![grant(&a, &b, basic(0, Some(now - 1)))]));
    assert!(over.log.contains("expiration is before current block time"), "{}", over.log);
    // Blocks are five seconds apart: it holds in the next block and not in the one after that.
    let now = i64::try_from(chain.request(vec![]).time_ns / SECOND_NS).unwrap();
    chain.ok(alice.tx(vec![grant(&a, &b, basic(0, Some(now + 5)))]));
    chain.ok(paid_by(&a, &mut bob, 3));
    let late = chain.run(paid_by(&a, &mut bob, 3));
    bob.sequence -= 1;
    assert_eq!((late.code, late.codespace.as_str()), (3, "feegrant"), "{}", late.log);
    // What is over may be granted anew, and taken back.
    chain.ok(alice.tx(vec![grant(&a, &b, basic(0, None))]));
    chain.ok(paid_by(&a, &mut bob, 3));
    let revoke = any(&MsgRevokeAllowance { granter: a.clone(), grantee: b.clone() });
    chain.ok(alice.tx(vec![revoke.clone()]));
    assert_eq!(chain.run(paid_by(&a, &mut bob, 3)).code, 38);
    assert!(chain.run(alice.tx(vec![revoke])).log.contains("fee-grant not found"));
}

#[test]
fn strange_allowances_are_refused() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (a, b) = (alice.addr(), Actor::new(1).addr());
    let itself = chain.run(alice.tx(vec![grant(&a, &a, basic(1, None))]));
    assert!(itself.log.contains("cannot self-grant fee authorization: invalid address"));
    let periodic = any(&PeriodicAllowance::default());
    let tx = alice.tx(vec![grant(&a, &b, periodic)]);
    alice.sequence -= 1;
    assert!(chain.run(tx).log.contains("PeriodicAllowance"), "an unknown type is no transaction");
    let key = any(&cosmos_sdk_proto::cosmos::crypto::secp256k1::PubKey { key: vec![2; 33] });
    let other = chain.run(alice.tx(vec![grant(&a, &b, key)]));
    assert_eq!((other.code, other.codespace.as_str()), (37, "sdk"), "{}", other.log);
    let mut unsorted = BasicAllowance::default();
    for denom in ["usy", "abc"] {
        unsorted.spend_limit.push(build::coin(&Coin::new(1, denom)));
    }
    let outcome = chain.run(alice.tx(vec![grant(&a, &b, any(&unsorted))]));
    assert_eq!(outcome.code, 10, "{}", outcome.log);
}

#[test]
fn grants_are_listed_by_both_sides() {
    let mut chain = Chain::new();
    let (mut alice, mut carol) = (Actor::new(0), Actor::new(2));
    let (a, b, c) = (alice.addr(), Actor::new(1).addr(), carol.addr());
    let fresh = Actor::new(77).addr();
    chain.ok(alice.tx(vec![grant(&a, &b, basic(1, None)), grant(&a, &fresh, basic(0, None))]));
    chain.ok(carol.tx(vec![grant(&c, &b, basic(2, None))]));
    let to: QueryAllowancesResponse = chain.answer(
        "/cosmos.feegrant.v1beta1.Query/Allowances",
        &QueryAllowancesRequest { grantee: b.clone(), pagination: None },
    );
    assert_eq!(to.allowances.len(), 2);
    assert!(to.allowances.iter().all(|grant| grant.grantee == b));
    let by: QueryAllowancesByGranterResponse = chain.answer(
        "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter",
        &QueryAllowancesByGranterRequest { granter: a.clone(), pagination: None },
    );
    assert_eq!(by.allowances.len(), 2);
    assert!(by.allowances.iter().all(|grant| grant.granter == a));
}
