//! Claims about money.

use crate::chain::{any, attribute, kinds, send, Actor, Chain};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    Input, MsgMultiSend, Output, QuerySupplyOfRequest, QuerySupplyOfResponse,
};
use suyuan_core::{address, Coin};
use suyuan_tx::build::coin;

#[test]
fn a_send_moves_coins_and_tells_it_in_the_sdks_events() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(1).addr());
    let outcome = chain.ok(alice.tx(vec![send(&from, &to, 7)]));
    assert_eq!(outcome.log, "");
    assert!(outcome.gas_used < 100_000, "{}", outcome.gas_used);
    assert_eq!(
        kinds(&outcome.events),
        ["tx", "tx", "tx", "message", "coin_spent", "coin_received", "transfer", "message"]
    );
    let headline = &outcome.events[3];
    assert_eq!(headline.first("action"), Some("/cosmos.bank.v1beta1.MsgSend"));
    assert_eq!(headline.first("sender"), Some(from.as_str()));
    assert_eq!(headline.first("module"), Some("bank"));
    assert!(outcome.events[3..].iter().all(|e| e.first("msg_index") == Some("0")));
    assert!(outcome.events[..3].iter().all(|e| e.first("msg_index").is_none()));
    assert_eq!(attribute(&outcome.events, "transfer", "amount"), "7usy");
    assert_eq!((chain.balance(&from), chain.balance(&to)), (999_993, 1_000_007));
}

#[test]
fn nobody_sends_to_module_accounts_or_nonsense() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let from = alice.addr();
    let collector = address::encode("suyuan", &address::module_address("fee_collector")).unwrap();
    let outcome = chain.run(alice.tx(vec![send(&from, &collector, 1)]));
    assert_eq!(outcome.code, 4);
    assert!(
        outcome.log.ends_with("is not allowed to receive funds: unauthorized"),
        "{}",
        outcome.log
    );
    let outcome = chain.run(alice.tx(vec![send(&from, &from, 0)]));
    assert_eq!((outcome.code, outcome.codespace.as_str()), (10, "sdk"));
    let outcome = chain.run(alice.tx(vec![send(&from, "cosmos1xyz", 1)]));
    assert_eq!((outcome.code, outcome.codespace.as_str()), (7, "sdk"));
}

#[test]
fn one_sender_reaches_many_only_with_what_it_offers() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, bob, carol) = (alice.addr(), Actor::new(1).addr(), Actor::new(2).addr());
    let coins = |amount| vec![coin(&Coin::new(amount, "usy"))];
    let message = |offered| {
        any(&MsgMultiSend {
            inputs: vec![Input { address: from.clone(), coins: coins(offered) }],
            outputs: vec![
                Output { address: bob.clone(), coins: coins(2) },
                Output { address: carol.clone(), coins: coins(3) },
            ],
        })
    };
    chain.ok(alice.tx(vec![message(5)]));
    assert_eq!(
        (chain.balance(&from), chain.balance(&bob), chain.balance(&carol)),
        (999_995, 1_000_002, 1_000_003)
    );
    assert_eq!(chain.run(alice.tx(vec![message(6)])).code, 10);
}

#[test]
fn sending_never_changes_the_supply() {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let (from, to) = (alice.addr(), Actor::new(8).addr());
    chain.ok(alice.tx(vec![send(&from, &to, 1_000_000)]));
    assert_eq!((chain.balance(&from), chain.balance(&to)), (0, 1_000_000));
    let request = QuerySupplyOfRequest { denom: "usy".to_string() };
    let supply: QuerySupplyOfResponse =
        chain.answer("/cosmos.bank.v1beta1.Query/SupplyOf", &request);
    assert_eq!(supply.amount.unwrap().amount, "3000000");
}
