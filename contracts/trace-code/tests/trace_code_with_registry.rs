//! Registry and trace-code together on a chain of contracts, with a stand-in for the assembly graph.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use cosmwasm_std::{
    coins, to_json_binary, Addr, Binary, Coin, Deps, DepsMut, Empty, Env, MessageInfo, Response,
    StdResult, WasmMsg,
};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use suyuan_codes::{BatchSpec, Generator, Secret, TailKey};
use suyuan_trace_api::code::{
    self, ClassKind, CodeState, Evidence, Life, LifeStep, NewClass, QuotaScope, StageOutcome,
    TraceCode, Tracking,
};
use suyuan_trace_api::participant::{
    self as registry, Actor, NewParticipant, ParticipantKind, ParticipantStatus, CODE_SCHEME,
};

const DENOM: &str = "usy";

/// What the stand-in forwards to trace-code under its own address.
#[cosmwasm_schema::cw_serde]
struct Forward {
    to: String,
    msg: code::ExecuteMsg,
}

fn forward(_: DepsMut<'_>, _: Env, _: MessageInfo, msg: Forward) -> StdResult<Response> {
    Ok(Response::new().add_message(WasmMsg::Execute {
        contract_addr: msg.to,
        msg: to_json_binary(&msg.msg)?,
        funds: vec![],
    }))
}

fn nothing(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn no_answer(_: Deps<'_>, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

struct World {
    app: App,
    registry: Addr,
    trace_code: Addr,
    graph: Addr,
}

impl World {
    /// Three certifiers, two of which decide.
    fn new() -> Self {
        let mut app = App::new(|router, api, storage| {
            let owner = api.addr_make("owner");
            router.bank.init_balance(storage, &owner, coins(1_000, DENOM)).unwrap();
        });
        let owner = app.api().addr_make("owner");
        let registry_id = app.store_code(Box::new(ContractWrapper::new(
            suyuan_participant_registry::contract::execute,
            suyuan_participant_registry::contract::instantiate,
            suyuan_participant_registry::contract::query,
        )));
        let code_id = app.store_code(Box::new(ContractWrapper::new(
            suyuan_trace_code::contract::execute,
            suyuan_trace_code::contract::instantiate,
            suyuan_trace_code::contract::query,
        )));
        let graph_id = app.store_code(Box::new(ContractWrapper::new(forward, nothing, no_answer)));

        let certifiers = ["c1", "c2", "c3"].map(|c| app.api().addr_make(c).into_string());
        let msg = registry::InstantiateMsg {
            certifiers: certifiers.to_vec(),
            threshold: 2,
            delay_s: 0,
            account_grant: Coin::new(1u128, DENOM),
        };
        let registry = app
            .instantiate_contract(registry_id, owner.clone(), &msg, &coins(100, DENOM), "r", None)
            .unwrap();
        let msg = code::InstantiateMsg { registry: registry.to_string() };
        let trace_code =
            app.instantiate_contract(code_id, owner.clone(), &msg, &[], "c", None).unwrap();
        let graph =
            app.instantiate_contract(graph_id, owner.clone(), &Empty {}, &[], "g", None).unwrap();
        let wire = code::ExecuteMsg::Wire { assembly_graph: graph.to_string() };
        app.execute_contract(owner, trace_code.clone(), &wire, &[]).unwrap();
        Self { app, registry, trace_code, graph }
    }

    fn address(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    fn register(&mut self, from: &str, msg: registry::ExecuteMsg) -> StdResult<AppResponse> {
        let (sender, registry) = (self.address(from), self.registry.clone());
        self.app.execute_contract(sender, registry, &msg, &[])
    }

    fn code(&mut self, from: &str, msg: code::ExecuteMsg) -> StdResult<AppResponse> {
        let (sender, trace_code) = (self.address(from), self.trace_code.clone());
        self.app.execute_contract(sender, trace_code, &msg, &[])
    }

    fn graph(&mut self, steps: Vec<LifeStep>) -> StdResult<AppResponse> {
        let msg =
            Forward { to: self.trace_code.to_string(), msg: code::ExecuteMsg::Advance { steps } };
        let (sender, graph) = (self.address("anybody"), self.graph.clone());
        self.app.execute_contract(sender, graph, &msg, &[])
    }

    fn participant(&mut self, id: &str, role: &str) {
        let address = self.address(id).into_string();
        let new = NewParticipant {
            id: id.into(),
            kind: ParticipantKind::Organisation,
            name: Some(format!("{id} 有限公司")),
            name_commitment: None,
            acts_for: None,
            identifiers: vec![],
            roles: vec![role.into()],
            addresses: vec![address],
            metadata: None,
        };
        self.register(id, registry::ExecuteMsg::Register(new)).unwrap();
        for certifier in ["c1", "c3"] {
            let certify = registry::ExecuteMsg::Certify { participant: id.into() };
            self.register(certifier, certify).unwrap();
        }
    }

    fn life(&self, code: &str) -> Option<Life> {
        let query = code::QueryMsg::Code { code: code.into() };
        let state: Option<CodeState> =
            self.app.wrap().query_wasm_smart(&self.trace_code, &query).unwrap();
        state.map(|state| state.life)
    }
}

fn wheel() -> NewClass {
    NewClass {
        id: "wheel".into(),
        kind: ClassKind::KeyPurchasedPart,
        tracking: Tracking::Serial,
        name: "车轮".into(),
        specification: "17x7J".into(),
        product_id: None,
        uom: None,
        shelf_life_days: Some(3650),
    }
}

fn generator(prefix: &str) -> Generator {
    let spec = BatchSpec::new("b1", "wheel", prefix, 1_000);
    Generator::new(spec, Secret::new([1; 32])).unwrap()
}

fn activate(generator: &Generator, index: u32) -> LifeStep {
    LifeStep::Activate {
        presented: generator.present(index).unwrap(),
        class: "wheel".into(),
        actor: "acme".into(),
        released: true,
    }
}

fn refusal<T: std::fmt::Debug>(result: StdResult<T>) -> String {
    format!("{:?}", result.unwrap_err())
}

#[test]
fn a_certified_maker_issues_codes_that_the_graph_brings_to_life() {
    let mut world = World::new();
    world.participant("acme", "manufacturer");
    let balance = world.app.wrap().query_balance(world.address("acme"), DENOM).unwrap();
    assert_eq!(balance, Coin::new(1u128, DENOM), "the account exists");

    let generator = generator("ACME1");
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    world.code("acme", code::ExecuteMsg::IssueBatch(generator.new_batch())).unwrap();
    let code = generator.code(999).unwrap();
    world.graph(vec![activate(&generator, 999)]).unwrap();
    assert_eq!(world.life(&code), Some(Life::Active));

    // The same message from the maker itself is refused: there is one way to write.
    let direct = code::ExecuteMsg::Advance { steps: vec![activate(&generator, 1)] };
    assert!(refusal(world.code("acme", direct)).contains("trace-code/WrongCaller"));
}

#[test]
fn a_refused_step_undoes_the_whole_message() {
    let mut world = World::new();
    world.participant("acme", "manufacturer");
    let generator = generator("ACME1");
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    world.code("acme", code::ExecuteMsg::IssueBatch(generator.new_batch())).unwrap();
    let steps = vec![activate(&generator, 0), activate(&generator, 0)];
    assert!(refusal(world.graph(steps)).contains("trace-code/AlreadyActive"));
    assert_eq!(world.life(&generator.code(0).unwrap()), None);
}

#[test]
fn a_suspended_maker_issues_nothing_and_keeps_its_history() {
    let mut world = World::new();
    world.participant("acme", "manufacturer");
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    let suspend =
        registry::ExecuteMsg::Suspend { participant: "acme".into(), reason: "audit".into() };
    world.register("c2", suspend).unwrap();
    let issue = code::ExecuteMsg::IssueBatch(generator("ACME1").new_batch());
    assert!(refusal(world.code("acme", issue.clone())).contains("trace-code/ActorNotActive"));
    let query = registry::QueryMsg::Actor { address: world.address("acme").into_string() };
    let actor: Option<Actor> = world.app.wrap().query_wasm_smart(&world.registry, &query).unwrap();
    assert_eq!(actor.unwrap().status, ParticipantStatus::Suspended);

    let reinstate = registry::ExecuteMsg::Reinstate { participant: "acme".into() };
    world.register("c2", reinstate).unwrap();
    world.code("acme", issue).unwrap();
}

#[test]
fn a_role_s_new_permissions_count_at_once() {
    let mut world = World::new();
    world.participant("lorry", "carrier");
    let register = code::ExecuteMsg::RegisterClass(wheel());
    assert!(refusal(world.code("lorry", register.clone())).contains("trace-code/NotPermitted"));
    let wider = registry::Role {
        name: "carrier".into(),
        permissions: vec![registry::Permission::RegisterClass],
        inherits: vec![],
        kinds: vec![],
    };
    world.register("c1", registry::ExecuteMsg::DefineRole(wider.clone())).unwrap();
    assert!(refusal(world.code("lorry", register.clone())).contains("trace-code/NotPermitted"));
    world.register("c3", registry::ExecuteMsg::DefineRole(wider)).unwrap();
    world.code("lorry", register).unwrap();
}

#[test]
fn an_assigned_code_range_is_for_its_owner() {
    let mut world = World::new();
    world.participant("acme", "manufacturer");
    world.participant("bolt", "supplier");
    let assign = registry::ExecuteMsg::AssignPrefix {
        scheme: CODE_SCHEME.into(),
        prefix: "BOLT".into(),
        participant: "bolt".into(),
    };
    world.register("c1", assign.clone()).unwrap();
    world.register("c3", assign).unwrap();
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    for prefix in ["BOLT1", "BOLT", "B"] {
        let issue = code::ExecuteMsg::IssueBatch(generator(prefix).new_batch());
        let refused = refusal(world.code("acme", issue));
        assert!(refused.contains("trace-code/NotPrefixOwner"), "{refused}");
    }
    let issue = code::ExecuteMsg::IssueBatch(generator("BOLD").new_batch());
    world.code("acme", issue).unwrap();
}

/// Invariants K5, K6: a delegate of the registry's range issues in it, a stranger does not, and a regulator limits it.
#[test]
fn a_delegate_issues_in_the_owner_s_range_within_its_quota() {
    let mut world = World::new();
    for (id, role) in [("acme", "manufacturer"), ("bolt", "supplier"), ("watch", "regulator")] {
        world.participant(id, role);
    }
    for certifier in ["c1", "c3"] {
        let assign = registry::ExecuteMsg::AssignPrefix {
            scheme: CODE_SCHEME.into(),
            prefix: "BOLT".into(),
            participant: "bolt".into(),
        };
        world.register(certifier, assign).unwrap();
    }
    let restrict = code::ExecuteMsg::RestrictPrefixes { assigned_only: true };
    assert!(refusal(world.code("acme", restrict.clone())).contains("trace-code/NotPermitted"));
    world.code("watch", restrict).unwrap();
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    let issue = |prefix: &str| code::ExecuteMsg::IssueBatch(generator(prefix).new_batch());
    let refused = refusal(world.code("acme", issue("ACME1")));
    assert!(refused.contains("trace-code/PrefixNotAssigned"), "{refused}");
    let refused = refusal(world.code("acme", issue("BOLT1")));
    assert!(refused.contains("trace-code/NotPrefixOwner"), "{refused}");
    let delegate = registry::ExecuteMsg::DelegatePrefix {
        scheme: CODE_SCHEME.into(),
        prefix: "BOLT".into(),
        delegate: "acme".into(),
    };
    world.register("bolt", delegate).unwrap();

    let scope = QuotaScope::Issuer("acme".into());
    let quota = |limit| code::ExecuteMsg::SetQuota { scope: scope.clone(), limit };
    world.code("watch", quota(Some(999))).unwrap();
    let refused = refusal(world.code("acme", issue("BOLT1")));
    assert!(refused.contains("trace-code/QuotaExceeded"), "{refused}");
    world.code("watch", quota(Some(1_000))).unwrap();
    world.code("acme", issue("BOLT1")).unwrap();
    let asked = TraceCode::at(world.app.wrap(), &world.trace_code);
    assert_eq!(asked.quota(scope).unwrap().issued, 1_000);
    assert_eq!(asked.batch_stats("b1").unwrap().unwrap().unused, 1_000);
    assert!(asked.config().unwrap().assigned_prefixes_only);
}

/// clause 9 c, R2: a tail is checked against the registry's key at the height of issuance.
#[test]
fn a_revoked_key_signs_no_new_batch_and_its_old_tails_hold() {
    let mut world = World::new();
    world.participant("acme", "manufacturer");
    world.code("acme", code::ExecuteMsg::RegisterClass(wheel())).unwrap();
    let mut spec = BatchSpec::new("b1", "wheel", "ACME1", 10);
    spec.tail = TailKey::Ed25519 { kid: "tail-1".into(), seed: [9; 32] };
    let generator = Generator::new(spec.clone(), Secret::new([1; 32])).unwrap();
    let issue = code::ExecuteMsg::IssueBatch(generator.new_batch());
    let refused = refusal(world.code("acme", issue.clone()));
    assert!(refused.contains("trace-code/UnknownTailKey"), "{refused}");
    let key = registry::NewKey {
        kid: "tail-1".into(),
        algorithm: registry::KeyAlgorithm::Ed25519,
        purpose: registry::KeyPurpose::CodeTail,
        public_key: spec.tail.public_key().unwrap().into(),
        from_height: None,
        to_height: None,
    };
    world.register("acme", registry::ExecuteMsg::AddKey(key)).unwrap();
    world.code("acme", issue).unwrap();
    world.app.update_block(|block| block.height += 1);
    let revoke = registry::ExecuteMsg::RevokeKey { kid: "tail-1".into() };
    world.register("acme", revoke).unwrap();
    (spec.id, spec.prefix) = ("b2".into(), "ACME2".into());
    let second = Generator::new(spec, Secret::new([2; 32])).unwrap();
    let refused = refusal(world.code("acme", code::ExecuteMsg::IssueBatch(second.new_batch())));
    assert!(refused.contains("trace-code/TailKeyNotValid"), "{refused}");

    let label = generator.label(3).unwrap();
    let proof = generator.present(3).unwrap();
    let asked = TraceCode::at(world.app.wrap(), &world.trace_code);
    let tail = |tail| Some(Evidence { tail, ..Evidence::default() });
    let answer = asked.verify(&label.code, Some(proof.clone()), tail(label.tail)).unwrap();
    assert_eq!(answer.verdict, code::Verdict::NotYetActive);
    assert_eq!(answer.stages[2].outcome, StageOutcome::Passed, "{answer:?}");
    let other = generator.label(4).unwrap().tail;
    let answer = asked.verify(&label.code, Some(proof), tail(other)).unwrap();
    assert_eq!(answer.verdict, code::Verdict::Forged);
}
