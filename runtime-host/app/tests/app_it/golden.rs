//! The state after each kind of block, as hashes: a change here breaks running chains and needs a line under
//! "State-breaking" in the changelog.

use crate::chain::{any, execute, instantiate, send, store_code, Actor, Chain};
use crate::contracts::{puppet, puppet_number, response};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgClearAdmin, MsgMigrateContract, MsgUpdateAdmin};
use std::fmt::Write;
use suyuan_core::{address, hex_lower};

#[test]
fn app_hashes_do_not_change() {
    let mut chain = Chain::new();
    let (mut alice, bob) = (Actor::new(0), Actor::new(1));
    let (a, b) = (alice.addr(), bob.addr());
    let contract = address::encode("suyuan", &address::contract_address(1, 1)).unwrap();
    let migrate = MsgMigrateContract {
        sender: a.clone(),
        contract: contract.clone(),
        code_id: 2,
        msg: response().to_string().into_bytes(),
    };
    let update = MsgUpdateAdmin { sender: a.clone(), new_admin: b, contract: contract.clone() };
    let steps = vec![
        ("send", vec![send(&a, &Actor::new(9).addr(), 5)]),
        ("store code", vec![store_code(&a, puppet())]),
        ("store other code", vec![store_code(&a, puppet_number(1))]),
        ("instantiate", vec![instantiate(&a, 1, &response(), &a)]),
        ("execute", vec![execute(&a, &contract, &response())]),
        ("migrate", vec![any(&migrate)]),
        ("update admin", vec![any(&update)]),
        ("fails", vec![any(&MsgClearAdmin { sender: a.clone(), contract })]),
    ];
    let mut table = String::new();
    writeln!(table, "genesis: {}", hex_lower(&chain.app.info().app_hash)).unwrap();
    writeln!(table, "empty block: {}", hex_lower(&chain.block(vec![]).app_hash)).unwrap();
    for (name, messages) in steps {
        let outcome = chain.block(vec![alice.tx(messages)]);
        let result = &outcome.tx_results[0];
        let hash = hex_lower(&outcome.app_hash);
        writeln!(table, "{name}: {hash} code {} gas {}", result.code, result.gas_used).unwrap();
    }
    insta::assert_snapshot!(table);
}
