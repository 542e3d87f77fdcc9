//! The contract alone: a registry that says yes and a small code contract ([`Codes`]) stand in for the other two.

use std::cell::RefCell;
use std::rc::Rc;

use crate::codes::Codes;
use crate::stage::{self, addr, copy, Deps};
use cosmwasm_std::testing::{message_info, mock_env};
use cosmwasm_std::{from_json, to_json_binary, Binary, HexBinary, Response, WasmQuery};
use serde::de::DeserializeOwned;
use suyuan_assembly_graph::contract::{execute, query};
use suyuan_assembly_graph::ContractError;
use suyuan_contract_kit::Fault;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    Direction, ExecuteMsg, Input, LinkView, NewUnit, Operation, Perform, QueryMsg, RecallEntry,
    RecallPage, TracePage, UnitView, View,
};
use suyuan_trace_api::code::{
    check_character, Class, ClassKind, ExecuteMsg as CodeMsg, LifeAnswer, LifeStep, PresentedCode,
    QueryMsg as CodeQuery, Tracking,
};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{EventKind, Outcome};
use suyuan_trace_api::participant::{Participant, ParticipantStatus, QueryMsg as RegistryQuery};

pub const SERIAL: &str = "serial-class";
pub const LOT: &str = "lot-class";
/// A piece with a unit of measure, like one coil of so many kilograms.
pub const MEASURED: &str = "measured-class";

/// A lot measured in kilograms.
pub const MASS: &str = "mass-class";
/// A purchased part with a code for each piece.
pub const BOUGHT: &str = "bought-class";
/// A machine: needs no quality record.
pub const MACHINE: &str = "machine-class";

/// Who records, and how.
#[derive(Clone, Debug)]
pub struct Scene {
    pub actor: String,
    pub kind: EventKind,
    pub outcome: Outcome,
    pub cell: String,
    pub may_inspect_any: bool,
    pub may_witness: bool,
    pub may_regulate: bool,
}

impl Scene {
    /// Somebody's production, taken over from documents: so that units may be used without an inspection.
    pub fn of(actor: &str) -> Self {
        Self {
            actor: actor.into(),
            kind: EventKind::Production,
            outcome: Outcome::Done,
            cell: "N31E121".into(),
            may_inspect_any: false,
            may_witness: true,
            may_regulate: false,
        }
    }

    /// Somebody's own production.
    pub fn own(actor: &str) -> Self {
        Self { may_witness: false, ..Self::of(actor) }
    }

    /// An inspection with a result.
    pub fn inspection(actor: &str, outcome: Outcome) -> Self {
        Self { kind: EventKind::QualityInspection, outcome, ..Self::own(actor) }
    }

    pub fn regulator(actor: &str) -> Self {
        Self { may_regulate: true, ..Self::own(actor) }
    }
}

pub struct World {
    pub deps: Deps,
    pub codes: Rc<RefCell<Codes>>,
    /// Steps of life of the last operation.
    pub steps: Vec<LifeStep>,
    events: u64,
}

/// The n-th code of a test.
pub fn code(n: usize) -> String {
    let body = format!("U{n}");
    let check = check_character(&body).expect("in the alphabet");
    format!("{body}{check}")
}

pub fn new_unit(code: &str, class: &str, produced: Option<u128>) -> NewUnit {
    NewUnit {
        code: PresentedCode {
            code: code.into(),
            batch: "batch".into(),
            index: 0,
            nonce: HexBinary::from([0; 16]),
            hidden: Digest::ZERO,
            path: vec![],
        },
        class: class.into(),
        maker: None,
        supplier: None,
        inspection_lot: None,
        lot_number: None,
        line_number: None,
        production_date: None,
        expiry_date: None,
        produced: produced.and_then(Amount::from_units),
        alternate_ids: vec![],
        project: None,
        order: None,
        custody: None,
    }
}

pub fn piece(code: &str) -> Input {
    Input { code: code.into(), quantity: None, group: None }
}

/// One of several possibilities.
pub fn either(code: &str, group: u8) -> Input {
    Input { group: Some(group), ..piece(code) }
}

pub fn some_of(code: &str, units: u128) -> Input {
    Input { code: code.into(), quantity: Amount::from_units(units), group: None }
}

pub fn event_id(n: u64) -> String {
    format!("ni:///sha-256;{n:064x}?ver=CBV2.0")
}

fn class(id: &str) -> Option<Class> {
    let tracking = match id {
        SERIAL | MEASURED | BOUGHT | MACHINE => Tracking::Serial,
        LOT | MASS => Tracking::Lot,
        _ => return None,
    };
    let kind = match id {
        BOUGHT => ClassKind::KeyPurchasedPart,
        MACHINE => ClassKind::Equipment,
        _ => ClassKind::RawMaterial,
    };
    let uom = [MEASURED, MASS].contains(&id).then_some("KGM");
    Some(stage::class(id, kind, tracking, uom, "acme"))
}

fn participant(id: &str) -> Option<Participant> {
    let status = match id {
        "acme" | "beta" | "haul" => ParticipantStatus::Active,
        "applicant" => ParticipantStatus::Applied,
        _ => return None,
    };
    Some(stage::participant(id, status))
}

fn answer(request: &WasmQuery, known: &Codes) -> Binary {
    let WasmQuery::Smart { contract_addr, msg } = request else {
        panic!("smart queries only");
    };
    if *contract_addr == addr("registry").to_string() {
        let RegistryQuery::Participant { id } = from_json(msg).expect("a query") else {
            panic!("unexpected query");
        };
        return to_json_binary(&participant(&id)).expect("json");
    }
    match from_json(msg).expect("a query") {
        CodeQuery::ClassesById { ids } => {
            let classes: Vec<_> = ids.iter().map(|id| class(id)).collect();
            to_json_binary(&classes).expect("json")
        }
        CodeQuery::Lives { codes } => {
            let answer = |code: &String| {
                let life = known.lives.get(code).copied()?;
                Some(LifeAnswer { life, overlays: vec![] })
            };
            let lives: Vec<_> = codes.iter().map(answer).collect();
            to_json_binary(&lives).expect("json")
        }
        _ => panic!("unexpected query"),
    }
}

impl World {
    pub fn new() -> Self {
        let codes = Rc::new(RefCell::new(Codes::default()));
        let known = Rc::clone(&codes);
        let deps = stage::wired(move |request| answer(request, &known.borrow()));
        Self { deps, codes, steps: vec![], events: 0 }
    }

    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let info = message_info(&addr(sender), &[]);
        execute(self.deps.as_mut(), mock_env(), info, msg)
    }

    /// An operation of `actor`, by the event log, as a production event.
    pub fn try_as(&mut self, actor: &str, operation: Operation) -> Result<Response, ContractError> {
        self.play(&Scene::of(actor), operation)
    }

    /// An operation, all of it or nothing: the steps of life that it sends are taken, too.
    pub fn play(&mut self, scene: &Scene, operation: Operation) -> Result<Response, ContractError> {
        self.events += 1;
        let perform = perform(scene, event_id(self.events), content(self.events), operation);
        // A refused message writes nothing on a chain; here the test rolls back by itself.
        let before = copy(&self.deps.storage);
        let done = self.send("event-log", ExecuteMsg::Perform(Box::new(perform)));
        let done = done.and_then(|response| {
            let steps = steps(&response);
            let taken = self.codes.borrow_mut().advance(&steps);
            self.steps = steps;
            taken.map_err(|why| ContractError::Fault(Fault::new(why))).map(|()| response)
        });
        if done.is_err() {
            self.deps.storage = before;
            self.events -= 1;
        }
        done
    }

    pub fn acme(&mut self, operation: Operation) -> Response {
        self.try_as("acme", operation).expect("the graph accepts")
    }

    pub fn events(&self) -> u64 {
        self.events
    }

    pub fn commission(&mut self, codes: &[&str], class: &str, produced: Option<u128>) {
        let units = codes.iter().map(|c| new_unit(c, class, produced)).collect();
        self.acme(Operation::Commission { units });
    }

    /// Declares the event with this number wrong.
    pub fn declare_wrong(
        &mut self,
        scene: &Scene,
        event: u64,
        original: &Operation,
    ) -> Result<Response, ContractError> {
        let original = Box::new(original.without_paths());
        self.play(scene, Operation::Void { event: event_id(event), original })
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        let bytes = query(self.deps.as_ref(), mock_env(), msg)?;
        Ok(from_json(bytes).expect("an answer"))
    }

    pub fn unit(&self, code: &str) -> UnitView {
        let unit: Option<UnitView> =
            self.ask(QueryMsg::Unit { code: code.into() }).expect("answers");
        unit.expect("there")
    }

    pub fn links(&self, code: &str, direction: Direction) -> Vec<LinkView> {
        let mut all: Vec<LinkView> = vec![];
        loop {
            let page: Vec<LinkView> = self
                .ask(QueryMsg::UnitLinks {
                    code: code.into(),
                    direction,
                    start_after: all.last().map(|l| l.id),
                    limit: Some(3),
                })
                .expect("answers");
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    pub fn trace_page(
        &self,
        code: &str,
        direction: Direction,
        view: View,
        limit: u32,
        cursor: Option<String>,
    ) -> Result<TracePage, ContractError> {
        self.ask(QueryMsg::Trace {
            code: code.into(),
            direction,
            view: Some(view),
            as_of: None,
            filter: None,
            limit: Some(limit),
            cursor,
        })
    }

    /// All pages, with something happening between them.
    pub fn trace_while(
        &mut self,
        code: &str,
        direction: Direction,
        view: View,
        limit: u32,
        mut between: impl FnMut(&mut Self),
    ) -> (Vec<UnitView>, Vec<LinkView>) {
        let (mut units, mut links, mut cursor) = (vec![], vec![], None);
        loop {
            let page = self.trace_page(code, direction, view, limit, cursor).expect("a page");
            assert!(page.units.len() + page.links.len() <= limit as usize);
            units.extend(page.units);
            links.extend(page.links);
            cursor = page.next;
            if cursor.is_none() {
                return (units, links);
            }
            between(self);
        }
    }

    pub fn trace(
        &mut self,
        code: &str,
        direction: Direction,
        view: View,
        limit: u32,
    ) -> (Vec<UnitView>, Vec<LinkView>) {
        self.trace_while(code, direction, view, limit, |_| {})
    }

    pub fn recall(&self, seeds: &[String], limit: u32) -> Vec<RecallEntry> {
        let (mut entries, mut cursor) = (vec![], None);
        loop {
            let page: RecallPage = self
                .ask(QueryMsg::RecallScope { seeds: seeds.to_vec(), limit: Some(limit), cursor })
                .expect("a page");
            assert!(page.entries.len() <= limit as usize);
            entries.extend(page.entries);
            cursor = page.next;
            if cursor.is_none() {
                return entries;
            }
        }
    }
}

/// An event as the event log passes it on.
pub fn perform(scene: &Scene, event_id: String, content: Digest, operation: Operation) -> Perform {
    let scene = scene.clone();
    Perform {
        actor: scene.actor,
        may_inspect_any: scene.may_inspect_any,
        may_witness: scene.may_witness,
        may_regulate: scene.may_regulate,
        kind: scene.kind,
        outcome: scene.outcome,
        cell: scene.cell,
        event_id,
        content,
        operation,
    }
}

/// Steps of life that an answer sends.
pub fn steps(response: &Response) -> Vec<LifeStep> {
    use cosmwasm_std::{CosmosMsg, WasmMsg};
    let [message] = response.messages.as_slice() else {
        return vec![];
    };
    let CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &message.msg else {
        panic!("a call of trace-code");
    };
    let CodeMsg::Advance { steps } = from_json(msg).expect("a message") else {
        panic!("Advance only");
    };
    steps
}

pub fn content(n: u64) -> Digest {
    Digest::of(&[&n.to_be_bytes()])
}
