//! Every message and query against one contract, with a registry that is a table.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod acquittals;
mod batches;
mod classes;
mod corrections;
mod evidence;
mod lives;
mod overlays;
mod quality;
mod quotas;
mod ranges;
mod returns;
mod scans;
mod storage;
mod verdicts;
mod wiring;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, ContractResult, Empty, Env, HexBinary, Order, OwnedDeps,
    Response, Storage as _, SystemResult, WasmQuery,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use suyuan_codes::{BatchSpec, Generator, Secret, Secrets, TailKey};
use suyuan_contract_kit::{ActorError, WireError};
use suyuan_trace_api::assembly::QueryMsg as GraphQuery;
use suyuan_trace_api::code::{
    check_character, chip_bytes, leaf_hash, node_hash, Batch, BatchStatsAnswer, BatchStatus,
    ChipAnswer, Class, ClassKind, ClassVersion, CodeState, ConfigAnswer, DuplicateReport, Evidence,
    ExecuteMsg, InstantiateMsg, Life, LifeAnswer, LifeStep, NewBatch, NewClass, Overlay,
    PlacedCode, PresentedCode, Problem, ProblemSetter, QueryMsg, Quota, QuotaScope, SecretMode,
    Stage, StageOutcome, TailAlgorithm, Tracking, Verdict, VerdictAnswer, VoidedRange,
};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    Actor, Key, KeyAlgorithm, KeyPurpose, ParticipantKind, ParticipantStatus, Permission,
    PrefixRange, QueryMsg as RegistryQuery,
};
use suyuan_trace_code::contract::{execute, instantiate, migrate, query};
use suyuan_trace_code::{state, ContractError};

const HOUR_S: u64 = 3600;
const DAY_S: u64 = 24 * HOUR_S;

/// Height of the first block of the tests.
const HEIGHT: u64 = 12_345;

/// Dates of units as the assembly graph holds them.
#[derive(Clone, Default, serde::Serialize)]
struct Dates {
    expiry_date: Option<String>,
    production_date: Option<String>,
}

type Units = Rc<RefCell<BTreeMap<String, Dates>>>;

/// One contract, wired to `graph`, with two makers, a regulator and a suspended maker in its registry.
struct World {
    deps: OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>,
    env: Env,
    units: Units,
}

fn address(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

fn participants() -> BTreeMap<String, Actor> {
    use ParticipantStatus::{Active, Suspended};
    use Permission::{IssueCodes, RecordEvents, RegisterClass, Regulate};
    [
        ("acme", Active, vec![RegisterClass, IssueCodes, RecordEvents]),
        ("bolt", Active, vec![RegisterClass, IssueCodes, RecordEvents]),
        ("smith", Active, vec![RegisterClass, IssueCodes]),
        ("authority", Active, vec![Regulate]),
        ("lorry", Active, vec![RecordEvents]),
        ("gone", Suspended, vec![RegisterClass, IssueCodes]),
    ]
    .into_iter()
    .map(|(name, status, permissions)| {
        let actor = Actor {
            participant: name.into(),
            kind: ParticipantKind::Organisation,
            status,
            permissions,
        };
        (address(name).into_string(), actor)
    })
    .collect()
}

/// Keys of acme: good, for something else, over, not begun, revoked after the first block, revoked, of another kind.
fn keys() -> BTreeMap<&'static str, Key> {
    let key = |kid: &str, purpose, from_height, to_height, revoked_at| Key {
        kid: kid.into(),
        algorithm: KeyAlgorithm::Ed25519,
        purpose,
        public_key: tail_key(kid).public_key().unwrap().into(),
        from_height,
        to_height,
        revoked_at,
    };
    let tail = KeyPurpose::CodeTail;
    let mut keys = BTreeMap::from([
        ("tail", key("tail", tail, 1, None, None)),
        ("attest", key("attest", KeyPurpose::Attest, 1, None, None)),
        ("over", key("over", tail, 1, Some(HEIGHT), None)),
        ("later", key("later", tail, HEIGHT + 1, None, None)),
        ("revoked", key("revoked", tail, 1, None, Some(HEIGHT + 1))),
        ("gone", key("gone", tail, 1, None, Some(HEIGHT))),
        ("koblitz", key("koblitz", tail, 1, None, None)),
    ]);
    keys.get_mut("koblitz").unwrap().algorithm = KeyAlgorithm::Secp256k1;
    keys
}

fn tail_key(kid: &str) -> TailKey {
    let mut seed = [5; 32];
    seed[..kid.len()].copy_from_slice(kid.as_bytes());
    TailKey::Ed25519 { kid: kid.into(), seed }
}

/// Answers for registry and assembly graph.
fn neighbours(units: Units) -> MockQuerier {
    let mut querier = MockQuerier::default();
    let (participants, graph) = (participants(), address("graph"));
    querier.update_wasm(move |request| {
        let WasmQuery::Smart { msg, contract_addr } = request else {
            panic!("only smart queries");
        };
        if *contract_addr == graph.as_str() {
            let GraphQuery::Unit { code } = from_json(msg).expect("a graph query") else {
                panic!("not asked for: {msg}");
            };
            let answer = to_json_binary(&units.borrow().get(&code));
            return SystemResult::Ok(ContractResult::Ok(answer.expect("json")));
        }
        let answer = match from_json(msg).expect("a registry query") {
            RegistryQuery::Actor { address } => to_json_binary(&participants.get(&address)),
            RegistryQuery::PrefixRange { number, .. } => {
                let range = PrefixRange {
                    prefix: "BOLT".into(),
                    owner: "bolt".into(),
                    delegates: vec!["smith".into()],
                };
                let touches = number.starts_with("BOLT") || "BOLT".starts_with(&number);
                to_json_binary(&touches.then_some(range))
            }
            RegistryQuery::Key { participant, kid } => {
                let keys = keys();
                to_json_binary(&keys.get(kid.as_str()).filter(|_| participant == "acme"))
            }
            other => panic!("not asked for: {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("json")))
    });
    querier
}

impl World {
    fn new() -> Self {
        let units = Units::default();
        let mut world = Self {
            deps: OwnedDeps {
                storage: MockStorage::new(),
                api: MockApi::default(),
                querier: neighbours(units.clone()),
                custom_query_type: std::marker::PhantomData,
            },
            env: mock_env(),
            units,
        };
        let msg = InstantiateMsg { registry: address("registry").into_string() };
        let owner = message_info(&address("owner"), &[]);
        instantiate(world.deps.as_mut(), world.env.clone(), owner, msg).unwrap();
        world
    }

    /// Wired, with the serial class `engine` of acme and the batch `b1` of ten codes.
    fn with_batch() -> (Self, Generator) {
        let mut world = Self::new();
        world.wire();
        world.send("acme", ExecuteMsg::RegisterClass(engine())).unwrap();
        let generator = generator("b1", "ACME1", 10);
        world.send("acme", ExecuteMsg::IssueBatch(generator.new_batch())).unwrap();
        (world, generator)
    }

    /// As [`Self::with_batch`], and the first code is in life.
    fn with_code() -> (Self, Generator, String) {
        let (mut world, generator) = Self::with_batch();
        world.activate(&generator, 0).unwrap();
        let code = generator.code(0).unwrap();
        (world, generator, code)
    }

    fn wire(&mut self) {
        let assembly_graph = address("graph").into_string();
        self.send("owner", ExecuteMsg::Wire { assembly_graph }).unwrap();
    }

    fn send(&mut self, from: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = message_info(&address(from), &[]);
        execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    fn advance(&mut self, steps: Vec<LifeStep>) -> Result<Response, ContractError> {
        self.send("graph", ExecuteMsg::Advance { steps })
    }

    fn activate(&mut self, generator: &Generator, index: u32) -> Result<Response, ContractError> {
        self.advance(vec![activation(generator.present(index).unwrap())])
    }

    /// As [`Self::activate`], for a unit that waits for its quality record.
    fn apply(&mut self, generator: &Generator, index: u32) -> Result<Response, ContractError> {
        let presented = generator.present(index).unwrap();
        let (class, actor) = ("engine".into(), "acme".into());
        self.advance(vec![LifeStep::Activate { presented, class, actor, released: false }])
    }

    /// What the assembly graph knows of a unit's dates.
    fn date(&mut self, code: &str, expiry: Option<&str>, production: Option<&str>) {
        let dates = Dates {
            expiry_date: expiry.map(Into::into),
            production_date: production.map(Into::into),
        };
        self.units.borrow_mut().insert(code.to_owned(), dates);
    }

    fn shift(&mut self, code: &str, to: Life) -> Result<Response, ContractError> {
        self.advance(vec![LifeStep::Move { code: code.into(), to }])
    }

    fn require(&mut self, code: &str) -> Result<Response, ContractError> {
        self.advance(vec![LifeStep::Require { code: code.into() }])
    }

    fn mark(&mut self, by: &str, code: &str, overlay: Overlay) -> Result<Response, ContractError> {
        self.hold(by, code, overlay, None)
    }

    fn unmark(
        &mut self,
        by: &str,
        code: &str,
        overlay: Overlay,
    ) -> Result<Response, ContractError> {
        self.lift(by, code, overlay, None)
    }

    fn hold(
        &mut self,
        by: &str,
        code: &str,
        overlay: Overlay,
        problem: Option<&str>,
    ) -> Result<Response, ContractError> {
        let (codes, problem) = (vec![code.to_owned()], problem.map(str::to_owned));
        self.send(by, ExecuteMsg::SetOverlay { codes, overlay, problem, reason: "why".into() })
    }

    fn lift(
        &mut self,
        by: &str,
        code: &str,
        overlay: Overlay,
        problem: Option<&str>,
    ) -> Result<Response, ContractError> {
        let (codes, problem) = (vec![code.to_owned()], problem.map(str::to_owned));
        self.send(by, ExecuteMsg::ClearOverlay { codes, overlay, problem, reason: "why".into() })
    }

    fn event_mark(
        &mut self,
        code: &str,
        overlay: Overlay,
        problem: &str,
        set: bool,
    ) -> Result<Response, ContractError> {
        let (code, problem) = (code.to_owned(), problem.to_owned());
        self.advance(vec![LifeStep::Mark { code, overlay, problem, set }])
    }

    fn sell(&mut self, code: &str) -> Result<Response, ContractError> {
        self.leave(code, Life::Sold)
    }

    fn leave(&mut self, code: &str, to: Life) -> Result<Response, ContractError> {
        let (code, actor, cell) = (code.to_owned(), "acme".to_owned(), "N31E121".to_owned());
        self.advance(vec![LifeStep::Leave { code, to, actor, cell }])
    }

    fn undo(&mut self, code: &str, actor: &str, cell: &str) -> Result<Response, ContractError> {
        let (code, actor, cell) = (code.to_owned(), actor.to_owned(), cell.to_owned());
        self.advance(vec![LifeStep::Undo { code, actor, cell }])
    }

    fn restore(&mut self, code: &str, to: Life) -> Result<Response, ContractError> {
        self.advance(vec![LifeStep::Restore { code: code.into(), to }])
    }

    fn life(&self, code: &str) -> Life {
        self.code(code).unwrap().life
    }

    fn scan(&mut self, code: &str, cell: &str) -> Result<Response, ContractError> {
        let (code, cell) = (code.to_owned(), cell.to_owned());
        self.send("anybody", ExecuteMsg::RecordScan { code, cell, nonce: None })
    }

    fn later(&mut self, seconds: u64) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(query(self.deps.as_ref(), self.env.clone(), msg).unwrap()).unwrap()
    }

    fn batch(&self) -> Batch {
        self.ask::<Option<Batch>>(QueryMsg::Batch { id: "b1".into() }).unwrap()
    }

    fn code(&self, code: &str) -> Option<CodeState> {
        self.ask(QueryMsg::Code { code: code.into() })
    }

    fn verdict(&self, code: &str, presented: Option<PresentedCode>) -> Verdict {
        self.verify(code, presented, None).verdict
    }

    fn verify(
        &self,
        code: &str,
        presented: Option<PresentedCode>,
        evidence: Option<Evidence>,
    ) -> VerdictAnswer {
        self.ask(QueryMsg::Verify { code: code.to_owned(), presented, evidence })
    }

    /// Issues a batch of acme's class `engine` with something changed.
    fn issue(&mut self, id: &str, prefix: &str, change: impl Fn(&mut BatchSpec)) -> Generator {
        let mut spec = BatchSpec::new(id, "engine", prefix, 10);
        change(&mut spec);
        let generator = Generator::new(spec, Secret::new([7; 32])).unwrap();
        self.send("acme", ExecuteMsg::IssueBatch(generator.new_batch())).unwrap();
        generator
    }
}

fn engine() -> NewClass {
    NewClass {
        id: "engine".into(),
        kind: ClassKind::Component,
        tracking: Tracking::Serial,
        name: "发动机".into(),
        specification: "EA211 1.4T".into(),
        product_id: Some("https://id.gs1.org/01/09521141123454".into()),
        uom: None,
        shelf_life_days: None,
    }
}

fn generator(id: &str, prefix: &str, count: u32) -> Generator {
    let spec = BatchSpec::new(id, "engine", prefix, count);
    Generator::new(spec, Secret::new([7; 32])).unwrap()
}

fn activation(presented: PresentedCode) -> LifeStep {
    LifeStep::Activate { presented, class: "engine".into(), actor: "acme".into(), released: true }
}

fn stage(answer: &VerdictAnswer, stage: Stage) -> Option<StageOutcome> {
    answer.stages.iter().find(|s| s.stage == stage).map(|s| s.outcome)
}

fn starts_with_code(refused: &ContractError, code: &str) -> bool {
    refused.to_string().starts_with(&format!("trace-code/{code}: "))
}

fn kinds(response: &Response) -> Vec<&str> {
    response.events.iter().map(|e| e.ty.as_str()).collect()
}

/// A dishonest batch: the same code at both places.
fn twins() -> (NewBatch, [PresentedCode; 2]) {
    let body = "TWIN00000001";
    let code = format!("{body}{}", check_character(body).unwrap());
    let leaf = |index| leaf_hash("twins", index, &code, &[index as u8; 16], &Digest::ZERO);
    let leaves = [leaf(0), leaf(1)];
    let batch = NewBatch {
        id: "twins".into(),
        class: "engine".into(),
        prefix: "TWIN".into(),
        count: 2,
        depth: 1,
        root: node_hash(&leaves[0], &leaves[1]),
        tail: TailAlgorithm::None,
        tail_kid: None,
        line: None,
        secret_mode: SecretMode::Nonce,
        valid_from_s: None,
        valid_to_s: None,
    };
    let presented = [0u32, 1].map(|index| PresentedCode {
        code: code.clone(),
        batch: "twins".into(),
        index,
        nonce: HexBinary::from(&[index as u8; 16]),
        hidden: Digest::ZERO,
        path: vec![leaves[1 - index as usize]],
    });
    (batch, presented)
}
