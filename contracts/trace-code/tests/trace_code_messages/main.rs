//! Every message and query against one contract, with a registry that is a table.

mod batches;
mod classes;
mod lives;
mod overlays;
mod scans;
mod storage;
mod verdicts;
mod wiring;

use std::collections::BTreeMap;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, ContractResult, Empty, Env, HexBinary, Order, OwnedDeps,
    Response, Storage as _, SystemResult, WasmQuery,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use suyuan_codes::{BatchSpec, Generator, Secret};
use suyuan_contract_kit::{ActorError, WireError};
use suyuan_trace_api::code::{
    check_character, leaf_hash, node_hash, Batch, BatchStatus, Class, ClassKind, CodeState,
    ConfigAnswer, ExecuteMsg, InstantiateMsg, Life, LifeAnswer, LifeStep, NewBatch, NewClass,
    Overlay, PresentedCode, QueryMsg, TailAlgorithm, Tracking, Verdict, VerdictAnswer,
};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    Actor, ParticipantKind, ParticipantStatus, Permission, PrefixRange, QueryMsg as RegistryQuery,
};
use suyuan_trace_code::contract::{execute, instantiate, migrate, query};
use suyuan_trace_code::{state, ContractError};

const HOUR_S: u64 = 3600;

/// One contract, wired to `graph`, with two makers, a regulator and a suspended maker in its registry.
struct World {
    deps: OwnedDeps<MockStorage, MockApi, MockQuerier, Empty>,
    env: Env,
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

fn registry() -> MockQuerier {
    let mut querier = MockQuerier::default();
    let participants = participants();
    querier.update_wasm(move |request| {
        let WasmQuery::Smart { msg, .. } = request else {
            panic!("only smart queries");
        };
        let answer = match from_json(msg).expect("a registry query") {
            RegistryQuery::Actor { address } => to_json_binary(&participants.get(&address)),
            RegistryQuery::PrefixRange { number, .. } => {
                let range = PrefixRange { prefix: "BOLT".into(), owner: "bolt".into() };
                let touches = number.starts_with("BOLT") || "BOLT".starts_with(&number);
                to_json_binary(&touches.then_some(range))
            }
            other => panic!("not asked for: {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("json")))
    });
    querier
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            deps: OwnedDeps {
                storage: MockStorage::new(),
                api: MockApi::default(),
                querier: registry(),
                custom_query_type: std::marker::PhantomData,
            },
            env: mock_env(),
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

    fn shift(&mut self, code: &str, to: Life) -> Result<Response, ContractError> {
        self.advance(vec![LifeStep::Move { code: code.into(), to }])
    }

    fn require(&mut self, code: &str) -> Result<Response, ContractError> {
        self.advance(vec![LifeStep::Require { code: code.into() }])
    }

    fn mark(&mut self, by: &str, code: &str, overlay: Overlay) -> Result<Response, ContractError> {
        let (codes, reason) = (vec![code.to_owned()], "because".to_owned());
        self.send(by, ExecuteMsg::SetOverlay { codes, overlay, reason })
    }

    fn unmark(
        &mut self,
        by: &str,
        code: &str,
        overlay: Overlay,
    ) -> Result<Response, ContractError> {
        let (codes, reason) = (vec![code.to_owned()], "because".to_owned());
        self.send(by, ExecuteMsg::ClearOverlay { codes, overlay, reason })
    }

    fn scan(&mut self, code: &str, cell: &str) -> Result<Response, ContractError> {
        let (code, cell) = (code.to_owned(), cell.to_owned());
        self.send("anybody", ExecuteMsg::RecordScan { code, cell })
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
        let code = code.to_owned();
        self.ask::<VerdictAnswer>(QueryMsg::Verify { code, presented }).verdict
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
    LifeStep::Activate { presented, class: "engine".into(), actor: "acme".into() }
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
