//! Every message and query of the registry.

mod certification;
mod keys;
mod prefixes;
mod registration;
mod roles;
mod setting_up;
mod sources;
mod storage;

use std::marker::PhantomData;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, Addr, BankMsg, Binary, Coin, CosmosMsg, Empty, Env, Order, OwnedDeps, Response,
    Storage as _,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use suyuan_participant_registry::contract::{execute, instantiate, migrate, query};
use suyuan_participant_registry::{state, ContractError};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    Actor, ConfigAnswer, ExecuteMsg, Identifier, IdentifierScheme, InstantiateMsg, Key,
    KeyAlgorithm, KeyPurpose, NewKey, NewParticipant, NewSource, Participant, ParticipantKind,
    ParticipantStatus, Permission, QueryMsg, Role, Source, SourceKind, SourceStatus,
};

const USCC: &str = "91350100M000100Y43";

/// A registry in which two of the certifiers c1, c2, c3 decide.
struct World {
    deps: OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>,
    env: Env,
}

fn address(name: &str) -> String {
    MockApi::default().addr_make(name).into_string()
}

fn setup(certifiers: &[&str], threshold: u32) -> InstantiateMsg {
    InstantiateMsg {
        certifiers: certifiers.iter().map(|c| address(c)).collect(),
        threshold,
        account_grant: Coin::new(1u128, "usy"),
    }
}

impl World {
    fn blank() -> Self {
        Self {
            deps: OwnedDeps {
                storage: MockStorage::new(),
                api: MockApi::default(),
                querier: MockQuerier::default(),
                custom_query_type: PhantomData,
            },
            env: mock_env(),
        }
    }

    fn new() -> Self {
        let mut world = Self::blank();
        world.init(setup(&["c1", "c2", "c3"], 2)).unwrap();
        world
    }

    /// As [`Self::new`], with the active manufacturer `acme`.
    fn with_acme() -> Self {
        let mut world = Self::new();
        world.active(acme());
        world
    }

    fn init(&mut self, msg: InstantiateMsg) -> Result<Response, ContractError> {
        let info = message_info(&Addr::unchecked(address("owner")), &[]);
        instantiate(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    fn send(&mut self, from: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = message_info(&Addr::unchecked(address(from)), &[]);
        execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    fn certify(&mut self, by: &str, id: &str) -> Result<Response, ContractError> {
        self.send(by, ExecuteMsg::Certify { participant: id.into() })
    }

    fn revoke(&mut self, by: &str, id: &str) -> Result<Response, ContractError> {
        let (participant, reason) = (id.to_owned(), "fraud".to_owned());
        self.send(by, ExecuteMsg::Revoke { participant, reason })
    }

    fn suspend(&mut self, by: &str, id: &str) -> Result<Response, ContractError> {
        let (participant, reason) = (id.to_owned(), "audit".to_owned());
        self.send(by, ExecuteMsg::Suspend { participant, reason })
    }

    fn certify_source(&mut self, by: &str, id: &str) -> Result<Response, ContractError> {
        self.send(by, ExecuteMsg::CertifySource { source: id.into() })
    }

    fn quarantine(&mut self, by: &str, id: &str) -> Result<Response, ContractError> {
        let (source, reason) = (id.to_owned(), "drift".to_owned());
        self.send(by, ExecuteMsg::QuarantineSource { source, reason })
    }

    fn assign(&mut self, prefix: &str, to: &str) -> Result<Response, ContractError> {
        let (scheme, prefix) = ("gs1".to_owned(), prefix.to_owned());
        let participant = to.to_owned();
        self.send("c1", ExecuteMsg::AssignPrefix { scheme, prefix, participant })
    }

    fn active(&mut self, new: NewParticipant) {
        let id = new.id.clone();
        self.send("c1", ExecuteMsg::Register(new)).unwrap();
        self.certify("c2", &id).unwrap();
    }

    fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    fn participant(&self, id: &str) -> Participant {
        let query = QueryMsg::Participant { id: id.into() };
        self.ask::<Option<Participant>>(query).unwrap()
    }

    fn actor(&self, name: &str) -> Option<Actor> {
        self.ask(QueryMsg::Actor { address: address(name) })
    }

    fn source(&self, id: &str) -> Source {
        self.ask::<Option<Source>>(QueryMsg::Source { id: id.into() }).unwrap()
    }

    fn prefix_owner(&self, number: &str) -> Option<String> {
        let (scheme, number) = ("gs1".to_owned(), number.to_owned());
        self.ask(QueryMsg::PrefixOwner { scheme, number })
    }
}

fn organisation(id: &str) -> NewParticipant {
    NewParticipant {
        id: id.into(),
        kind: ParticipantKind::Organisation,
        name: Some(format!("{id} 有限公司")),
        name_commitment: None,
        identifiers: vec![],
        roles: vec!["manufacturer".into()],
        addresses: vec![address(id)],
    }
}

fn acme() -> NewParticipant {
    NewParticipant { identifiers: vec![uscc()], ..organisation("acme") }
}

fn uscc() -> Identifier {
    Identifier { scheme: IdentifierScheme::Uscc, value: USCC.into() }
}

fn key(kid: &str, purpose: KeyPurpose) -> NewKey {
    NewKey {
        kid: kid.into(),
        algorithm: KeyAlgorithm::Ed25519,
        purpose,
        public_key: Binary::from([7; 32]),
        from_height: None,
        to_height: None,
    }
}

fn source(id: &str) -> NewSource {
    NewSource { id: id.into(), kind: SourceKind::Mes, key: key("k1", KeyPurpose::Source) }
}

fn kinds(response: &Response) -> Vec<&str> {
    response.events.iter().map(|e| e.ty.as_str()).collect()
}

fn assert_code<T: std::fmt::Debug>(result: Result<T, ContractError>, code: &str) {
    let refused = result.unwrap_err().to_string();
    assert!(refused.starts_with(&format!("registry/{code}: ")), "{refused}");
}
