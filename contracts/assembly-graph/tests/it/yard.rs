//! The contract alone, with heights, and with two stand-ins that remember: a registry of four participants, and a
//! code contract that follows every step that the graph sends it, without ever refusing one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use cosmwasm_std::testing::{message_info, mock_env};
use cosmwasm_std::{
    from_json, to_json_binary, Binary, CosmosMsg, Env, Response, WasmMsg, WasmQuery,
};
use serde::de::DeserializeOwned;
use suyuan_assembly_graph::contract::{execute, query};
use suyuan_assembly_graph::ContractError;
use suyuan_trace_api::assembly::campaign::{
    CampaignKind, CampaignView, Extension, MemberPage, MemberView, NewCampaign, Severity,
};
use suyuan_trace_api::assembly::{
    AsOf, Direction, ExecuteMsg, Input, LinkView, OnConflict, Operation, Perform, QueryMsg,
    TraceFilter, TracePage, UnitView, View,
};
use suyuan_trace_api::code::{
    Class, ClassKind, ExecuteMsg as CodeMsg, Life, LifeAnswer, LifeStep, Overlay,
    QueryMsg as CodeQuery,
};
use suyuan_trace_api::event::{EventKind, Outcome};
use suyuan_trace_api::participant::{
    Actor, Participant, ParticipantKind, ParticipantStatus, Permission, QueryMsg as RegistryQuery,
};

use crate::stage::{self, addr, copy, Deps};
use crate::world::{content, event_id, new_unit};

/// Classes of the yard: id, kind, unit of measure, owner.
const CLASSES: [(&str, ClassKind, Option<&str>, &str); 8] = [
    ("robot", ClassKind::Product, None, "acme"),
    ("arm", ClassKind::Component, None, "acme"),
    ("motor", ClassKind::Component, None, "beta"),
    ("screws", ClassKind::SelfMadePart, None, "acme"),
    ("rivets", ClassKind::SelfMadePart, None, "acme"),
    ("steel", ClassKind::RawMaterial, Some("KGM"), "beta"),
    ("press", ClassKind::Equipment, None, "acme"),
    ("pallet", ClassKind::Packaging, None, "acme"),
];

/// What the code contract knows of a code.
#[derive(Clone, Debug)]
pub struct Known {
    pub life: Life,
    pub marks: BTreeSet<(Overlay, String)>,
}

pub type Codes = Rc<RefCell<BTreeMap<String, Known>>>;

pub struct Yard {
    pub deps: Deps,
    pub codes: Codes,
    pub height: u64,
    pub events: u64,
}

fn class(id: &str) -> Option<Class> {
    let (id, kind, uom, owner) = CLASSES.into_iter().find(|class| class.0 == id)?;
    Some(stage::class(id, kind, kind.coarsest(), uom, owner))
}

/// The participants: two makers, a carrier, a regulator, and one that is suspended.
fn actor(id: &str) -> Option<Actor> {
    let permissions = match id {
        "acme" | "beta" => vec![Permission::RegisterClass, Permission::RecordEvents],
        "haul" | "idle" => vec![],
        "watch" => vec![Permission::Regulate],
        _ => return None,
    };
    let status =
        if id == "idle" { ParticipantStatus::Suspended } else { ParticipantStatus::Active };
    let kind = ParticipantKind::Organisation;
    Some(Actor { participant: id.into(), kind, status, permissions })
}

fn participant(id: &str) -> Option<Participant> {
    Some(stage::participant(id, actor(id)?.status))
}

fn by_address(address: &str) -> Option<Actor> {
    let known = ["acme", "beta", "haul", "watch", "idle"];
    known.into_iter().find(|id| addr(id).as_str() == address).and_then(actor)
}

/// Answers of the registry and of the code contract.
pub fn answer(codes: &Codes, request: &WasmQuery) -> Binary {
    let WasmQuery::Smart { contract_addr, msg } = request else {
        panic!("smart queries only");
    };
    if *contract_addr == addr("registry").to_string() {
        return match from_json(msg).expect("a query") {
            RegistryQuery::Participant { id } => to_json_binary(&participant(&id)),
            RegistryQuery::Actor { address } => to_json_binary(&by_address(&address)),
            _ => panic!("unexpected query"),
        }
        .expect("json");
    }
    match from_json(msg).expect("a query") {
        CodeQuery::ClassesById { ids } => {
            to_json_binary(&ids.iter().map(|id| class(id)).collect::<Vec<_>>())
        }
        CodeQuery::Lives { codes: asked } => {
            let codes = codes.borrow();
            let life = |code: &String| {
                codes.get(code).map(|known| LifeAnswer {
                    life: known.life,
                    overlays: known.marks.iter().map(|mark| mark.0).collect(),
                })
            };
            to_json_binary(&asked.iter().map(life).collect::<Vec<_>>())
        }
        _ => panic!("unexpected query"),
    }
    .expect("json")
}

/// What the code contract does with the messages of a response.
pub fn follow(codes: &Codes, response: &Response) {
    for message in &response.messages {
        let CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &message.msg else {
            panic!("messages to the code contract only");
        };
        let CodeMsg::Advance { steps } = from_json(msg).expect("a message") else {
            panic!("steps only");
        };
        for step in steps {
            advance(&mut codes.borrow_mut(), step);
        }
    }
}

fn advance(codes: &mut BTreeMap<String, Known>, step: LifeStep) {
    if let LifeStep::Activate { presented, released, .. } = step {
        let life = if released { Life::Active } else { Life::Applied };
        codes.insert(presented.code, Known { life, marks: BTreeSet::new() });
        return;
    }
    match step {
        LifeStep::Release { code } if codes[&code].life == Life::Applied => {
            turn(codes, &code, Life::Active);
        }
        LifeStep::Move { code, to }
        | LifeStep::Leave { code, to, .. }
        | LifeStep::Restore { code, to } => turn(codes, &code, to),
        LifeStep::Mark { code, overlay, problem, set } => {
            let marks = &mut codes.get_mut(&code).expect("a code in life").marks;
            if set {
                marks.insert((overlay, problem));
            } else {
                marks.remove(&(overlay, problem));
            }
        }
        _ => {}
    }
}

fn turn(codes: &mut BTreeMap<String, Known>, code: &str, life: Life) {
    codes.get_mut(code).expect("a code in life").life = life;
}

impl Yard {
    pub fn new() -> Self {
        let codes = Codes::default();
        let known = Rc::clone(&codes);
        let deps = stage::wired(move |request| answer(&known, request));
        Self { deps, codes, height: 10, events: 0 }
    }

    pub fn env(&self) -> Env {
        let mut env = mock_env();
        env.block.height = self.height;
        env
    }

    /// A message; a refused one leaves nothing behind, as on a chain.
    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let before = copy(&self.deps.storage);
        let env = self.env();
        let info = message_info(&addr(sender), &[]);
        let done = execute(self.deps.as_mut(), env, info, msg);
        match &done {
            Ok(response) => follow(&self.codes, response),
            Err(_) => self.deps.storage = before,
        }
        done
    }

    pub fn perform(
        &mut self,
        actor: &str,
        kind: EventKind,
        outcome: Outcome,
        operation: Operation,
    ) -> Result<Response, ContractError> {
        self.events += 1;
        let perform = Perform {
            actor: actor.into(),
            may_inspect_any: false,
            may_witness: false,
            may_regulate: false,
            kind,
            outcome,
            cell: "cell".into(),
            event_id: event_id(self.events),
            content: content(self.events),
            operation,
        };
        self.send("event-log", ExecuteMsg::Perform(Box::new(perform)))
    }

    /// An operation of acme at the next height, as a production event.
    pub fn acme(&mut self, operation: Operation) {
        self.actor("acme", operation);
    }

    pub fn actor(&mut self, actor: &str, operation: Operation) {
        self.height += 1;
        self.perform(actor, EventKind::Production, Outcome::Done, operation)
            .expect("the graph accepts");
    }

    /// The quality record of units.
    pub fn pass(&mut self, units: &[&str]) {
        self.height += 1;
        let units = units.iter().map(ToString::to_string).collect();
        let operation = Operation::Observe { units };
        self.perform("acme", EventKind::QualityInspection, Outcome::Pass, operation)
            .expect("the graph accepts");
    }

    pub fn commission(&mut self, codes: &[&str], class: &str, produced: Option<u128>) {
        let units = codes.iter().map(|code| new_unit(code, class, produced)).collect();
        self.acme(Operation::Commission { units });
    }

    pub fn assemble(&mut self, whole: &str, class: &str, parts: Vec<Input>) {
        self.acme(Operation::Assemble {
            unit: new_unit(whole, class, None),
            parts,
            on_conflict: OnConflict::Refuse,
        });
    }

    pub fn pack(&mut self, container: &str, units: &[&str]) {
        let units = units.iter().map(ToString::to_string).collect();
        self.acme(Operation::Pack { container: container.into(), units });
    }

    pub fn replace(&mut self, parent: &str, removed: &str, installed: Input) {
        self.acme(Operation::Replace {
            parent: parent.into(),
            removed: removed.into(),
            installed,
            reason: "worn".into(),
        });
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        Ok(from_json(self.bytes(msg)?).expect("an answer"))
    }

    pub fn bytes(&self, msg: QueryMsg) -> Result<Binary, ContractError> {
        query(self.deps.as_ref(), self.env(), msg)
    }

    pub fn unit(&self, code: &str) -> UnitView {
        let unit: Option<UnitView> =
            self.ask(QueryMsg::Unit { code: code.into() }).expect("answers");
        unit.expect("there")
    }

    /// All links of a unit.
    pub fn links(&self, code: &str, direction: Direction) -> Vec<LinkView> {
        let mut all: Vec<LinkView> = vec![];
        loop {
            let page: Vec<LinkView> = self
                .ask(QueryMsg::UnitLinks {
                    code: code.into(),
                    direction,
                    start_after: all.last().map(|link| link.id),
                    limit: Some(100),
                })
                .expect("answers");
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// The link that joins a whole with a part.
    pub fn link(&self, whole: &str, part: &str) -> LinkView {
        let links = self.links(whole, Direction::Backward);
        links.into_iter().rfind(|link| link.child == part).expect("a link")
    }

    pub fn life(&self, code: &str) -> Life {
        self.codes.borrow()[code].life
    }

    pub fn is_marked(&self, code: &str, overlay: Overlay) -> bool {
        self.codes.borrow()[code].marks.iter().any(|mark| mark.0 == overlay)
    }

    /// A recall by acme.
    pub fn open(
        &mut self,
        sender: &str,
        id: &str,
        seeds: &[&str],
    ) -> Result<Response, ContractError> {
        self.send(sender, ExecuteMsg::OpenCampaign(recall(id, seeds)))
    }

    pub fn extend(
        &mut self,
        sender: &str,
        id: &str,
        units: &[(&str, Option<u64>)],
    ) -> Result<Response, ContractError> {
        let unit =
            |(code, link): &(&str, Option<u64>)| Extension { code: (*code).into(), link: *link };
        let units = units.iter().map(unit).collect();
        self.send(sender, ExecuteMsg::ExtendCampaign { id: id.into(), units })
    }

    pub fn campaign(&self, id: &str) -> CampaignView {
        let found: Option<CampaignView> =
            self.ask(QueryMsg::Campaign { id: id.into() }).expect("answers");
        found.expect("there")
    }

    /// All members of a campaign, read in pages.
    pub fn members(&self, id: &str, limit: u32) -> Vec<MemberView> {
        let (mut members, mut start_after) = (vec![], None);
        loop {
            let page: MemberPage = self
                .ask(QueryMsg::CampaignMembers { id: id.into(), start_after, limit: Some(limit) })
                .expect("a page");
            assert!(page.members.len() <= limit as usize);
            members.extend(page.members);
            start_after = page.next;
            if start_after.is_none() {
                return members;
            }
        }
    }

    /// All pages of a trace.
    pub fn trace(
        &self,
        ask: &Ask<'_>,
        limit: u32,
    ) -> Result<(Vec<UnitView>, Vec<LinkView>), ContractError> {
        let (mut units, mut links, mut cursor) = (vec![], vec![], None);
        loop {
            let page: TracePage = self.ask(ask.message(limit, cursor))?;
            assert!(page.units.len() + page.links.len() <= limit as usize);
            units.extend(page.units);
            links.extend(page.links);
            cursor = page.next;
            if cursor.is_none() {
                return Ok((units, links));
            }
        }
    }

    /// Codes of all units of a trace.
    pub fn found(&self, ask: &Ask<'_>) -> BTreeSet<String> {
        let (units, _) = self.trace(ask, 100).expect("pages");
        units.into_iter().map(|unit| unit.code).collect()
    }
}

/// A recall of these units.
pub fn recall(id: &str, seeds: &[&str]) -> NewCampaign {
    NewCampaign {
        id: id.into(),
        kind: CampaignKind::Recall,
        problem: "8d-77".into(),
        seeds: seeds.iter().map(ToString::to_string).collect(),
        reason: "cracks".into(),
        severity: Severity::Critical,
        target_date: Some("2026-12-24".into()),
    }
}

/// A question for a trace.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub code: &'a str,
    pub direction: Direction,
    pub view: View,
    pub as_of: Option<AsOf>,
    pub filter: TraceFilter,
}

impl<'a> Ask<'a> {
    pub fn new(code: &'a str, direction: Direction, view: View) -> Self {
        Self { code, direction, view, as_of: None, filter: TraceFilter::default() }
    }

    pub fn at(self, height: u64) -> Self {
        Self { as_of: Some(AsOf::Height(height)), ..self }
    }

    pub fn message(&self, limit: u32, cursor: Option<String>) -> QueryMsg {
        QueryMsg::Trace {
            code: self.code.into(),
            direction: self.direction,
            view: Some(self.view),
            as_of: self.as_of,
            filter: Some(self.filter.clone()),
            limit: Some(limit),
            cursor,
        }
    }
}

/// A set of codes.
pub fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(ToString::to_string).collect()
}
