//! The four contracts on a test chain, and whoever plays stories there.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Timestamp};
use cw_multi_test::{App, ContractWrapper, Executor};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::json;
use suyuan_cases::model::Closure;
use suyuan_cases::story::{Step, Story};
use suyuan_trace_api::assembly::{Direction, QueryMsg, TracePage, UnitView};
use suyuan_trace_api::code;
use suyuan_trace_api::event::{self, Channel, NewDeclaration, RecordMsg};

/// 2027-01-01: all documents lie in the past.
const NOW_S: u64 = 1_798_761_600;

pub struct House {
    app: App,
    registry: Addr,
    trace_code: Addr,
    graph: Addr,
    log: Addr,
    owner: Addr,
    known: BTreeSet<String>,
}

impl House {
    pub fn new(importer: &str) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(NOW_S));
        let owner = app.api().addr_make("owner");
        let registry = {
            use suyuan_participant_registry::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let grant = json!({"denom": "usy", "amount": "0"});
            let msg = json!({"certifiers": [owner], "threshold": 1, "delay_s": 0, "account_grant": grant});
            start(&mut app, code, &owner, &msg)
        };
        let trace_code = {
            use suyuan_trace_code::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            start(&mut app, code, &owner, &json!({"registry": registry}))
        };
        let graph = {
            use suyuan_assembly_graph::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            start(&mut app, code, &owner, &json!({"registry": registry, "trace_code": trace_code}))
        };
        let log = {
            use suyuan_event_log::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            start(&mut app, code, &owner, &json!({"registry": registry, "assembly_graph": graph}))
        };
        let mut house =
            Self { app, registry, trace_code, graph, log, owner, known: BTreeSet::new() };
        let owner = house.owner.clone();
        let wire = json!({"wire": {"assembly_graph": house.graph}});
        house.send(&owner, &house.trace_code.clone(), &wire).expect("wires");
        let wire = json!({"wire": {"event_log": house.log}});
        house.send(&owner, &house.graph.clone(), &wire).expect("wires");
        house.join(importer, &["importer".to_string()]);
        house
    }

    pub fn play(&mut self, name: &str, story: &Story) {
        for (at, step) in story.steps().enumerate() {
            if let Err(why) = self.step(step) {
                panic!("{name}, step {at}: {why}\n{step:#?}");
            }
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Join(party) => {
                self.join(&party.id, &party.roles);
                Ok(())
            }
            Step::Class { owner, class } => {
                let msg = code::ExecuteMsg::RegisterClass(class.clone());
                self.send(&self.address(owner), &self.trace_code.clone(), &msg)
            }
            Step::Batch { issuer, batch } => {
                let msg = code::ExecuteMsg::IssueBatch(batch.clone());
                self.send(&self.address(issuer), &self.trace_code.clone(), &msg)
            }
            Step::Record(recording) => {
                let msg = event::ExecuteMsg::Record(Box::new(RecordMsg {
                    event: recording.event.clone(),
                    channel: Channel::Manual,
                    operation: recording.operation.clone(),
                    id_proof: recording.id_proof.clone(),
                }));
                self.send(&self.address(&recording.actor), &self.log.clone(), &msg)
            }
            Step::Declare(declaration) => {
                let msg = event::ExecuteMsg::Declare(NewDeclaration {
                    event_id: declaration.event_id.clone(),
                    event: declaration.wrong.clone(),
                    reason: declaration.reason,
                    corrective_ids: declaration.corrective.clone(),
                    declared_at_ms: declaration.declared_at_ms,
                });
                self.send(&self.address(&declaration.actor), &self.log.clone(), &msg)
            }
            other => Err(format!("no document tells this: {other:?}")),
        }
    }

    fn join(&mut self, id: &str, roles: &[String]) {
        if !self.known.insert(id.to_string()) {
            return;
        }
        let owner = self.owner.clone();
        let registry = self.registry.clone();
        let register = json!({"register": {
            "id": id, "kind": "organisation", "name": id, "name_commitment": null,
            "identifiers": [], "roles": roles, "addresses": [self.address(id)],
        }});
        self.send(&owner, &registry, &register).unwrap_or_else(|why| panic!("{id}: {why}"));
    }

    fn address(&self, id: &str) -> Addr {
        self.app.api().addr_make(id)
    }

    fn send<T: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &T,
    ) -> Result<(), String> {
        let sent = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        sent.map(|_| ()).map_err(|error| format!("{error:?}"))
    }

    fn ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.graph, msg).expect("answers")
    }

    pub fn unit(&self, code: &str) -> Option<UnitView> {
        self.ask(&QueryMsg::Unit { code: code.into() })
    }

    pub fn backward(&self, code: &str) -> Closure {
        self.walk(code, Direction::Backward)
    }

    pub fn forward(&self, code: &str) -> Closure {
        self.walk(code, Direction::Forward)
    }

    fn walk(&self, code: &str, direction: Direction) -> Closure {
        let mut closure = Closure::default();
        let mut cursor = None;
        loop {
            let page: TracePage = self.ask(&QueryMsg::Trace {
                code: code.into(),
                direction,
                view: None,
                as_of: None,
                filter: None,
                limit: Some(7),
                cursor,
            });
            for unit in page.units {
                assert!(closure.units.insert(unit.code), "a unit comes once");
            }
            for link in page.links {
                *closure.links.entry((link.parent, link.child)).or_insert(0) += 1;
            }
            cursor = page.next;
            if cursor.is_none() {
                return closure;
            }
        }
    }
}

fn start(app: &mut App, code: u64, owner: &Addr, msg: &serde_json::Value) -> Addr {
    app.instantiate_contract(code, owner.clone(), msg, &[], "contract", Some(owner.to_string()))
        .expect("instantiates")
}
