//! All four contracts on one test chain, with two manufacturers, an inspector and a carrier.

use cosmwasm_std::{coin, Addr};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suyuan_codes::{BatchSpec, Generator, Secret};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{self, NewUnit, Operation, UnitView};
use suyuan_trace_api::code::{self, ClassKind, CodeState, NewClass, Tracking};
use suyuan_trace_api::event::{
    self, Action, Channel, EpcisType, EventKind, NewEvent, Outcome, RecordMsg, StoredEvent,
};
use suyuan_trace_api::participant::{self, NewParticipant, ParticipantKind};

pub use crate::fixtures::event_id;
use crate::fixtures::observation;

pub struct House {
    pub app: App,
    pub registry: Addr,
    pub trace_code: Addr,
    pub graph: Addr,
    pub log: Addr,
    pub owner: Addr,
    generators: Vec<(String, Generator, u32)>,
    events: u64,
}

impl House {
    pub fn new() -> Self {
        let mut app = App::default();
        let owner = app.api().addr_make("owner");
        let registry = {
            use suyuan_participant_registry::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = participant::InstantiateMsg {
                certifiers: vec![owner.to_string()],
                threshold: 1,
                delay_s: 0,
                account_grant: coin(0, "usy"),
            };
            instantiate_contract(&mut app, code, &owner, &msg)
        };
        let trace_code = {
            use suyuan_trace_code::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = code::InstantiateMsg { registry: registry.to_string() };
            instantiate_contract(&mut app, code, &owner, &msg)
        };
        let graph = {
            use suyuan_assembly_graph::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = assembly::InstantiateMsg {
                registry: registry.to_string(),
                trace_code: trace_code.to_string(),
            };
            instantiate_contract(&mut app, code, &owner, &msg)
        };
        let log = {
            use suyuan_event_log::contract::{execute, instantiate, migrate, query};
            let wrapper = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
            let code = app.store_code(Box::new(wrapper));
            let msg = event::InstantiateMsg {
                registry: registry.to_string(),
                assembly_graph: graph.to_string(),
            };
            instantiate_contract(&mut app, code, &owner, &msg)
        };
        let mut house =
            Self { app, registry, trace_code, graph, log, owner, generators: vec![], events: 0 };
        house.wire();
        house.people();
        house
    }

    fn wire(&mut self) {
        let owner = self.owner.clone();
        let msg = code::ExecuteMsg::Wire { assembly_graph: self.graph.to_string() };
        let trace_code = self.trace_code.clone();
        self.run(&owner, &trace_code, &msg).expect("wires");
        let msg = assembly::ExecuteMsg::Wire { event_log: self.log.to_string() };
        let graph = self.graph.clone();
        self.run(&owner, &graph, &msg).expect("wires");
    }

    fn people(&mut self) {
        for (id, role) in
            [("acme", "manufacturer"), ("beta", "manufacturer"), ("check", "inspector")]
        {
            let address = self.address(id);
            self.tell_registry(
                &address,
                &participant::ExecuteMsg::Register(NewParticipant {
                    id: id.into(),
                    kind: ParticipantKind::Organisation,
                    name: Some(id.into()),
                    name_commitment: None,
                    acts_for: None,
                    identifiers: vec![],
                    roles: vec![role.into()],
                    addresses: vec![address.to_string()],
                    metadata: None,
                }),
            );
            let owner = self.owner.clone();
            self.tell_registry(
                &owner,
                &participant::ExecuteMsg::Certify { participant: id.into() },
            );
        }
    }

    pub fn address(&self, id: &str) -> Addr {
        self.app.api().addr_make(id)
    }

    pub fn run<T: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &T,
    ) -> Result<AppResponse, String> {
        self.app
            .execute_contract(sender.clone(), contract.clone(), msg, &[])
            .map_err(|error| format!("{error:?}"))
    }

    pub fn tell_registry(&mut self, sender: &Addr, msg: &participant::ExecuteMsg) {
        let registry = self.registry.clone();
        self.run(sender, &registry, msg).expect("the registry accepts");
    }

    /// A class of `owner` with a batch of codes.
    pub fn class(&mut self, owner: &str, id: &str, tracking: Tracking) {
        let kind = match tracking {
            Tracking::Serial => ClassKind::Component,
            Tracking::Lot => ClassKind::RawMaterial,
        };
        let class = NewClass {
            id: id.into(),
            kind,
            tracking,
            name: id.into(),
            specification: "spec".into(),
            product_id: None,
            uom: None,
            shelf_life_days: None,
        };
        let prefix = format!("P{}", self.generators.len());
        let spec = BatchSpec::new(format!("batch-{id}"), id, prefix, 64);
        let generator = Generator::new(spec, Secret::new([7; 32])).expect("a batch");
        let sender = self.address(owner);
        let contract = self.trace_code.clone();
        for msg in [
            code::ExecuteMsg::RegisterClass(class),
            code::ExecuteMsg::IssueBatch(generator.new_batch()),
        ] {
            self.run(&sender, &contract, &msg).expect("trace-code accepts");
        }
        self.generators.push((id.into(), generator, 0));
    }

    /// The next unit of a class, with its proof of issuance.
    pub fn unit(&mut self, class: &str, produced: Option<u128>) -> NewUnit {
        let entry = self.generators.iter_mut().find(|g| g.0 == class);
        let (_, generator, next) = entry.expect("the class has a batch");
        let code = generator.present(*next).expect("in the batch");
        *next += 1;
        NewUnit {
            code,
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

    /// An event that fits an operation. What comes into being is inspected in the same event, so that it may be used;
    /// all else is production.
    pub fn event(&mut self, operation: &Operation) -> NewEvent {
        self.events += 1;
        let (epcis_type, action) = epcis(operation);
        let is_birth = matches!(
            operation,
            Operation::Commission { .. } | Operation::Assemble { .. } | Operation::Transform { .. }
        );
        let (kind, outcome) = if is_birth {
            (EventKind::QualityInspection, Outcome::Pass)
        } else {
            (EventKind::Production, Outcome::Done)
        };
        let now_ms = self.app.block_info().time.seconds() * 1000;
        NewEvent { kind, epcis_type, action, outcome, ..observation(self.events, now_ms) }
    }

    pub fn record(&mut self, actor: &str, msg: RecordMsg) -> Result<AppResponse, String> {
        let (sender, log) = (self.address(actor), self.log.clone());
        self.run(&sender, &log, &event::ExecuteMsg::Record(Box::new(msg)))
    }

    /// Records an operation by hand.
    pub fn try_op(&mut self, actor: &str, operation: Operation) -> Result<AppResponse, String> {
        let event = self.event(&operation);
        self.record(actor, RecordMsg { event, channel: Channel::Manual, operation, id_proof: None })
    }

    pub fn op(&mut self, actor: &str, operation: Operation) -> AppResponse {
        self.try_op(actor, operation).expect("accepted")
    }

    fn ask<T: DeserializeOwned, M: Serialize>(&self, contract: &Addr, msg: &M) -> T {
        self.app.wrap().query_wasm_smart(contract, msg).expect("answers")
    }

    pub fn graph_unit(&self, code: &str) -> Option<UnitView> {
        let msg = assembly::QueryMsg::Unit { code: code.into() };
        self.ask(&self.graph, &msg)
    }

    pub fn code_state(&self, code: &str) -> Option<CodeState> {
        let msg = code::QueryMsg::Code { code: code.into() };
        self.ask(&self.trace_code, &msg)
    }

    pub fn ask_log<T: DeserializeOwned>(&self, msg: &event::QueryMsg) -> T {
        self.ask(&self.log, msg)
    }

    pub fn ask_graph<T: DeserializeOwned>(&self, msg: &assembly::QueryMsg) -> T {
        self.ask(&self.graph, msg)
    }

    pub fn stored(&self, n: u64) -> Option<StoredEvent> {
        self.ask_log(&event::QueryMsg::Event { id: event_id(n) })
    }

    /// Everything in the state of all four contracts.
    pub fn state(&self) -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
        [&self.registry, &self.trace_code, &self.graph, &self.log]
            .map(|contract| self.app.dump_wasm_raw(contract))
            .to_vec()
    }
}

/// EPCIS type and action that fit an operation.
fn epcis(operation: &Operation) -> (EpcisType, Option<Action>) {
    use Action::{Add, Delete, Observe};
    use EpcisType::{Aggregation, Association, Object, Transformation};
    match operation {
        Operation::Commission { .. } => (Object, Some(Add)),
        Operation::Assemble { .. } | Operation::Install { .. } | Operation::Replace { .. } => {
            (Association, Some(Add))
        }
        Operation::Remove { .. } => (Association, Some(Delete)),
        Operation::Pack { .. } => (Aggregation, Some(Add)),
        Operation::Unpack { .. } => (Aggregation, Some(Delete)),
        Operation::Dispose { .. } | Operation::Scrap { .. } => (Object, Some(Delete)),
        Operation::Transform { .. }
        | Operation::Split { .. }
        | Operation::Merge { .. }
        | Operation::Relabel { .. }
        | Operation::Feed { .. }
        | Operation::Yield { .. } => (Transformation, None),
        _ => (Object, Some(Observe)),
    }
}

fn instantiate_contract<T: Serialize>(app: &mut App, code: u64, owner: &Addr, msg: &T) -> Addr {
    app.instantiate_contract(code, owner.clone(), msg, &[], "contract", Some(owner.to_string()))
        .expect("instantiates")
}
