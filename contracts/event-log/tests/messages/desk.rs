//! One event log, a registry that is a table, and a graph that takes everything: what the log itself accepts and refuses.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, ContractResult, CosmosMsg, Empty, Env, Order,
    OwnedDeps, Response, Storage as _, SystemResult, WasmMsg, WasmQuery,
};
use ed25519_dalek::Signer as _;
use serde::de::DeserializeOwned;
use suyuan_event_log::contract::{execute, instantiate, query};
use suyuan_event_log::ContractError;
use suyuan_trace_api::assembly::{ExecuteMsg as GraphMsg, Operation, Perform};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    content_digest, source_sign_bytes, Channel, ExecuteMsg, InstantiateMsg, NewEvent, QueryMsg,
    RecordMsg, SourceSignature,
};
use suyuan_trace_api::participant::{
    Actor, Key, KeyAlgorithm, KeyPurpose, ParticipantKind, ParticipantStatus, Permission,
    QueryMsg as RegistryQuery, Source, SourceKind, SourceStatus,
};

pub use crate::fixtures::event_id;
use crate::fixtures::observation;

/// Seconds between blocks.
const BLOCK_S: u64 = 5;

pub struct Desk {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>,
    pub env: Env,
    pub sources: Rc<RefCell<BTreeMap<String, Source>>>,
    events: u64,
}

pub type Told = Result<Response, ContractError>;

pub fn address(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

pub fn hash_uri(n: u64) -> String {
    format!("ni:///sha-256;{n:064x}")
}

pub fn observe(units: &[&str]) -> Operation {
    Operation::Observe { units: units.iter().map(|unit| (*unit).to_string()).collect() }
}

/// Digest of a text, where some commitment is wanted.
pub fn some(text: &str) -> Digest {
    Digest::of(&[text.as_bytes()])
}

fn participants() -> BTreeMap<String, Actor> {
    use ParticipantStatus::{Active, Suspended};
    use Permission::{Attest, ConfigureProfiles, InspectAny, RecordEvents, Regulate, Witness};
    [
        ("acme", Active, vec![RecordEvents]),
        ("beta", Active, vec![RecordEvents, Witness]),
        ("check", Active, vec![InspectAny]),
        ("authority", Active, vec![Regulate]),
        ("engineer", Active, vec![ConfigureProfiles]),
        ("node-1", Active, vec![Attest]),
        ("node-2", Active, vec![Attest]),
        ("node-3", Active, vec![Attest, RecordEvents]),
        ("idle", Active, vec![]),
        ("gone", Suspended, vec![RecordEvents, ConfigureProfiles, Attest, Regulate]),
    ]
    .into_iter()
    .map(|(name, status, permissions)| {
        let participant = name.to_string();
        let kind = ParticipantKind::Organisation;
        (address(name).into_string(), Actor { participant, kind, status, permissions })
    })
    .collect()
}

fn registry(sources: &Rc<RefCell<BTreeMap<String, Source>>>) -> MockQuerier {
    let mut querier = MockQuerier::default();
    let (participants, sources) = (participants(), sources.clone());
    querier.update_wasm(move |request| {
        let WasmQuery::Smart { msg, .. } = request else {
            panic!("only smart queries");
        };
        let answer = match from_json(msg).expect("a registry query") {
            RegistryQuery::Actor { address } => to_json_binary(&participants.get(&address)),
            RegistryQuery::Source { id } => to_json_binary(&sources.borrow().get(&id)),
            other => panic!("not asked for: {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("json")))
    });
    querier
}

fn signing_key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[3; 32])
}

impl Desk {
    pub fn new() -> Self {
        let sources = Rc::default();
        let mut desk = Self {
            deps: OwnedDeps {
                storage: MockStorage::new(),
                api: MockApi::default(),
                querier: registry(&sources),
                custom_query_type: std::marker::PhantomData,
            },
            env: mock_env(),
            sources,
            events: 0,
        };
        let msg = InstantiateMsg {
            registry: address("registry").into_string(),
            assembly_graph: address("graph").into_string(),
        };
        let owner = message_info(&address("owner"), &[]);
        instantiate(desk.deps.as_mut(), desk.env.clone(), owner, msg).expect("instantiates");
        desk
    }

    /// A certified source of `owner` with one key.
    pub fn source(&mut self, owner: &str, id: &str) {
        let key = Key {
            kid: "k1".into(),
            algorithm: KeyAlgorithm::Ed25519,
            purpose: KeyPurpose::Source,
            public_key: Binary::from(signing_key().verifying_key().to_bytes().to_vec()),
            from_height: 0,
            to_height: None,
            revoked_at: None,
        };
        let source = Source {
            id: id.into(),
            owner: owner.into(),
            kind: SourceKind::Plc,
            profile: None,
            status: SourceStatus::Certified,
            quarantine: None,
            keys: vec![key],
        };
        self.sources.borrow_mut().insert(id.into(), source);
    }

    pub fn next_block(&mut self) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(BLOCK_S);
    }

    pub fn now_ms(&self) -> u64 {
        self.env.block.time.nanos() / 1_000_000
    }

    /// Sends a message. A refusal leaves the state as it was, as the chain does.
    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Told {
        self.next_block();
        let before = self.state();
        let info = message_info(&address(sender), &[]);
        let told = execute(self.deps.as_mut(), self.env.clone(), info, msg);
        if told.is_err() {
            let keys: Vec<Vec<u8>> = self.state().into_iter().map(|(key, _)| key).collect();
            keys.iter().for_each(|key| self.deps.storage.remove(key));
            before.iter().for_each(|(key, value)| self.deps.storage.set(key, value));
        }
        told
    }

    /// All keys with their values.
    pub fn state(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.deps.storage.range(None, None, Order::Ascending).collect()
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        let answer = query(self.deps.as_ref(), self.env.clone(), msg).expect("an answer");
        from_json(answer).expect("of this type")
    }

    pub fn ask_in_vain(&self, msg: QueryMsg) -> ContractError {
        query(self.deps.as_ref(), self.env.clone(), msg).expect_err("no answer")
    }

    /// The next observation, under an id of its own.
    pub fn event(&mut self) -> NewEvent {
        self.events += 1;
        observation(self.events, self.now_ms())
    }

    pub fn record(&mut self, actor: &str, event: NewEvent, operation: Operation) -> Told {
        let msg = RecordMsg { event, channel: Channel::Manual, operation, id_proof: None };
        self.send(actor, ExecuteMsg::Record(Box::new(msg)))
    }

    /// Records an observation that is as usual but for `change`.
    pub fn observed(&mut self, actor: &str, change: impl FnOnce(&mut NewEvent)) -> Told {
        let mut event = self.event();
        change(&mut event);
        self.record(actor, event, observe(&["UNIT1"]))
    }

    /// Records an observation as an event of a source, with the sequence and the previous event that it claims.
    pub fn reported(&mut self, source: &str, sequence: u64, previous: Digest) -> (Told, Digest) {
        let (msg, hash) = self.report(source, sequence, previous);
        (self.send("acme", ExecuteMsg::Record(Box::new(msg))), hash)
    }

    /// A signed event and its hash.
    pub fn report(&mut self, source: &str, sequence: u64, previous: Digest) -> (RecordMsg, Digest) {
        let (event, operation) = (self.event(), observe(&["UNIT1"]));
        let bytes = source_sign_bytes(
            &self.env.block.chain_id,
            source,
            sequence,
            &previous,
            &event.event_id,
            &content_digest(&event, &operation),
        );
        let signed = SourceSignature {
            source: source.into(),
            kid: "k1".into(),
            sequence,
            previous,
            signature: Binary::from(signing_key().sign(&bytes).to_bytes().to_vec()),
        };
        let channel = Channel::Source(signed);
        (RecordMsg { event, channel, operation, id_proof: None }, Digest::of(&[&bytes]))
    }
}

/// What the log tells the graph.
pub fn performed(response: &Response) -> Option<Perform> {
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) =
        &response.messages.first()?.msg
    else {
        return None;
    };
    assert_eq!(*contract_addr, address("graph").into_string());
    match from_json(msg).expect("a message of the graph") {
        GraphMsg::Perform(perform) => Some(*perform),
        other => panic!("not expected: {other:?}"),
    }
}

/// The number that a response carries.
pub fn number(told: &Told) -> Option<u64> {
    let data = told.as_ref().ok()?.data.as_ref()?;
    from_json(data).ok()
}

/// True where a response tells of an event of this name.
pub fn tells(told: &Told, name: &str) -> bool {
    told.as_ref().is_ok_and(|response| response.events.iter().any(|event| event.ty == name))
}

/// Stable name of a refusal.
pub fn refusal(told: &Told) -> String {
    let text = told.as_ref().expect_err("refused").to_string();
    let name = text.strip_prefix("event-log/").and_then(|rest| rest.split_once(':'));
    name.expect("event-log/Name: …").0.to_string()
}
