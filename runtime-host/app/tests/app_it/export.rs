//! Claims about a state that becomes the genesis of another chain.

use crate::chain::{execute, init_request, instantiate, send, Actor, Chain};
use crate::contracts::{puppet, response};
use serde_json::{json, Value};
use suyuan_app::{App, InitChain};
use suyuan_store::{Options, Store};

/// A chain with accounts, code, a contract with state and a history.
fn old() -> (Chain, Actor, String) {
    let mut chain = Chain::new();
    let mut alice = Actor::new(0);
    let contract = chain.deploy(&mut alice, puppet(), &response());
    let a = alice.addr();
    chain.ok(alice.tx(vec![execute(&a, &contract, &response()), send(&a, &Actor::new(9).addr(), 5)]));
    (chain, alice, contract)
}

fn request(app_state: Value, initial_height: u64) -> InitChain {
    InitChain { initial_height, ..init_request(app_state) }
}

#[test]
fn a_chain_that_begins_with_an_exported_state_has_the_same_content_and_goes_on() {
    let (mut chain, mut alice, contract) = old();
    let export = chain.app.reader().export(0).unwrap().unwrap();
    assert_eq!(export.height, chain.height);
    let mut new = Chain::with_request(request(export.app_state.clone(), export.height + 1));
    assert_eq!(new.height, chain.height + 1);
    let again = new.app.reader().export(0).unwrap().unwrap();
    assert_eq!(again.content, export.content);
    assert_eq!(again.app_state, export.app_state);

    let a = alice.addr();
    assert_eq!(new.balance(&a), chain.balance(&a));
    assert_eq!(new.state(&contract, "last"), chain.state(&contract, "last"));
    let query = json!({"ok": "dHJ1ZQ=="});
    assert_eq!(new.smart_data(&contract, &query), chain.smart_data(&contract, &query));
    // Sequences, numbers and counters go on: the next contract has the next address on both.
    let next = alice.tx(vec![instantiate(&a, 1, &response(), &a)]);
    let created = |chain: &mut Chain| {
        let outcome = chain.ok(next.clone());
        crate::chain::attribute(&outcome.events, "instantiate", "_contract_address")
    };
    assert_eq!(created(&mut chain), created(&mut new));
    // Code survives the restart of the new chain, from its own disk.
    let vm = suyuan_vm::Vm::new(suyuan_app::vm_config(&export.app_state).unwrap()).unwrap();
    new.app = App::new(new.store.clone(), vm).unwrap();
    assert_eq!(new.smart_data(&contract, &query), chain.smart_data(&contract, &query));
}

#[test]
fn a_past_height_is_exported_as_it_was() {
    let (mut chain, mut alice, _) = old();
    let then = chain.app.reader().export(0).unwrap().unwrap();
    let (a, b) = (alice.addr(), Actor::new(1).addr());
    chain.ok(alice.tx(vec![send(&a, &b, 1)]));
    assert_ne!(chain.app.reader().export(0).unwrap().unwrap().content, then.content);
    let past = chain.app.reader().export(then.height).unwrap().unwrap();
    assert_eq!((past.content, past.app_state), (then.content, then.app_state));
    assert!(chain.app.reader().export(99).unwrap().is_err());
}

#[test]
fn a_raw_state_that_does_not_hold_together_is_refused() {
    let (chain, _, _) = old();
    let good = chain.app.reader().export(0).unwrap().unwrap().app_state;
    let refusal = |change: &dyn Fn(&mut Value)| {
        let mut app_state = good.clone();
        change(&mut app_state);
        let vm = suyuan_vm::Vm::new(suyuan_app::vm_config(&good).unwrap()).unwrap();
        let store = Store::in_memory(Options::new(&suyuan_app::STORES));
        let mut app = App::new(store, vm).unwrap();
        app.init_chain(request(app_state, 1)).unwrap().unwrap_err().to_string()
    };
    let text = refusal(&|s| s["suyuan"]["state"]["codes"] = json!([]));
    assert!(text.contains("is missing"), "{text}");
    let text = refusal(&|s| {
        let codes = s["suyuan"]["state"]["codes"].as_array_mut().unwrap();
        codes.push(codes[0].clone());
    });
    assert!(text.contains("a second time"), "{text}");
    let text =
        refusal(&|s| s["suyuan"]["state"]["records"]["acc"].as_array_mut().unwrap().reverse());
    assert!(text.contains("a key of store acc"), "{text}");
    let text = refusal(&|s| s["suyuan"]["state"]["records"]["other"] = json!([]));
    assert!(text.contains("there is no store other"), "{text}");
    let text = refusal(&|s| s["auth"] = json!({"accounts": [{"address": Actor::new(0).addr()}]}));
    assert!(text.contains("in place of"), "{text}");
}
