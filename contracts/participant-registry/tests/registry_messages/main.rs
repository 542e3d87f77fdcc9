//! Every message and query of the registry.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod admin;
mod attestors;
mod certification;
mod governance;
mod grants;
mod keys;
mod migration;
mod prefixes;
mod questions;
mod registration;
mod roles;
mod services;
mod setting_up;
mod sources;
mod stops;
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
use suyuan_participant_registry::ContractError;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    Actor, Attestor, AttestorsAnswer, CanAnswer, CanScope, ConfigAnswer, Decision, ExecuteMsg,
    GovernedAction, Grant, GrantScope, Identifier, IdentifierScheme, InstantiateMsg, Key,
    KeyAlgorithm, KeyPurpose, KeysAnswer, NewGrant, NewKey, NewParticipant, NewService, NewSource,
    Participant, ParticipantKind, ParticipantStatus, Permission, Prefix, PrefixRange, Proposal,
    ProposalStatus, QueryMsg, Refusal, Role, Service, ServiceKind, ServiceStatus, Source,
    SourceKind, SourceStatus, Tier, BRAKE_REST_S, BRAKE_S, MAX_ENVELOPES, MAX_OPEN_PER_CERTIFIER,
    PROPOSAL_AGE_S,
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
        delay_s: 0,
        account_grant: Coin::new(1u128, "usy"),
    }
}

/// Seconds of delay where a registry has one.
const DELAY_S: u64 = 7 * 24 * 60 * 60;

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

    /// Two of c1, c2, c3 decide, and what they decide waits for a week.
    fn with_delay() -> Self {
        let mut world = Self::blank();
        world.init(InstantiateMsg { delay_s: DELAY_S, ..setup(&["c1", "c2", "c3"], 2) }).unwrap();
        world.active(acme());
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

    /// Two certifiers agree; without a delay it is done.
    fn decide(&mut self, msg: ExecuteMsg) -> Result<Response, ContractError> {
        self.send("c1", msg.clone())?;
        self.send("c3", msg)
    }

    fn propose(&mut self, by: &str, action: GovernedAction) -> Result<Response, ContractError> {
        self.send(by, ExecuteMsg::Propose { action })
    }

    fn pass(&mut self, seconds: u64) {
        self.env.block.height += seconds / 5 + 1;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    fn now_s(&self) -> u64 {
        self.env.block.time.seconds()
    }

    fn proposal(&self, id: u64) -> Proposal {
        self.ask::<Option<Proposal>>(QueryMsg::Proposal { id }).unwrap()
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
        self.decide(ExecuteMsg::AssignPrefix { scheme, prefix, participant })
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
        acts_for: None,
        identifiers: vec![],
        roles: vec!["manufacturer".into()],
        addresses: vec![address(id)],
        metadata: None,
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
    let key = key("k1", KeyPurpose::Source);
    NewSource { id: id.into(), kind: SourceKind::Mes, profile: None, key }
}

fn role(name: &str, permissions: &[Permission], inherits: &[&str]) -> Role {
    Role {
        name: name.into(),
        permissions: permissions.to_vec(),
        inherits: inherits.iter().map(ToString::to_string).collect(),
        kinds: vec![],
    }
}

fn decision(response: &Response) -> Decision {
    from_json(response.data.as_ref().unwrap()).unwrap()
}

fn kinds(response: &Response) -> Vec<&str> {
    response.events.iter().map(|e| e.ty.as_str()).collect()
}

fn assert_code<T: std::fmt::Debug>(result: Result<T, ContractError>, code: &str) {
    let refused = result.unwrap_err().to_string();
    assert!(refused.starts_with(&format!("registry/{code}: ")), "{refused}");
}
