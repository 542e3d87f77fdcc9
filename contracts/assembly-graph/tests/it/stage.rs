//! What every stage of a test needs: the contract wired, stand-ins' answers, a copy of the state.

use cosmwasm_std::testing::{
    message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage,
};
use cosmwasm_std::{
    Addr, Binary, ContractResult, Order, OwnedDeps, Storage as _, SystemResult, WasmQuery,
};
use suyuan_assembly_graph::contract::{execute, instantiate};
use suyuan_trace_api::assembly::{ExecuteMsg, InstantiateMsg};
use suyuan_trace_api::code::{Class, ClassKind, NewClass, Tracking};
use suyuan_trace_api::participant::{Participant, ParticipantKind, ParticipantStatus};

pub type Deps = OwnedDeps<MockStorage, MockApi, MockQuerier>;

pub fn addr(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

/// The contract, set up and wired, whose questions to the other two are answered by `answer`.
pub fn wired(answer: impl Fn(&WasmQuery) -> Binary + 'static) -> Deps {
    let mut deps = mock_dependencies();
    let answered = move |request: &_| SystemResult::Ok(ContractResult::Ok(answer(request)));
    deps.querier.update_wasm(answered);
    let msg =
        InstantiateMsg { registry: addr("registry").into(), trace_code: addr("trace-code").into() };
    let owner = message_info(&addr("owner"), &[]);
    instantiate(deps.as_mut(), mock_env(), owner.clone(), msg).expect("instantiates");
    let wire = ExecuteMsg::Wire { event_log: addr("event-log").into() };
    execute(deps.as_mut(), mock_env(), owner, wire).expect("wires");
    deps
}

/// An organisation.
pub fn participant(id: &str, status: ParticipantStatus) -> Participant {
    Participant {
        id: id.into(),
        kind: ParticipantKind::Organisation,
        name: Some(id.into()),
        name_commitment: None,
        acts_for: None,
        identifiers: vec![],
        roles: vec![],
        addresses: vec![],
        status,
        suspension: None,
        registered_at: 1,
        certified_at: None,
        metadata: None,
    }
}

/// A class of `owner`.
pub fn class(
    id: &str,
    kind: ClassKind,
    tracking: Tracking,
    uom: Option<&str>,
    owner: &str,
) -> Class {
    let data = NewClass {
        id: id.into(),
        kind,
        tracking,
        name: id.into(),
        specification: format!("model of {id}"),
        product_id: None,
        uom: uom.map(Into::into),
        shelf_life_days: None,
    };
    Class::new(data, owner.into(), 1)
}

pub fn copy(storage: &MockStorage) -> MockStorage {
    let mut copy = MockStorage::new();
    for (key, value) in storage.range(None, None, Order::Ascending) {
        copy.set(&key, &value);
    }
    copy
}
