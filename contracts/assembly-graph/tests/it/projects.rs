//! Projects and the levels below them (clause B.1).

use std::collections::BTreeSet;

use suyuan_assembly_graph::project::ProjectError;
use suyuan_assembly_graph::ContractError;
use suyuan_contract_kit::ActorError;
use suyuan_trace_api::assembly::project::{
    NewProject, ProductLevel, ProjectUnit, ProjectUnitPage, ProjectView, MAX_PROJECT_ORDERS,
};
use suyuan_trace_api::assembly::{Direction, ExecuteMsg, QueryMsg, View};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{ParticipantStatus, Permission};

use crate::queries::{line, Line};
use crate::yard::{Ask, Yard};

fn project(number: &str, revision: u32) -> NewProject {
    NewProject {
        number: number.into(),
        revision,
        customer: Digest::of(&[b"salt", b"customer"]),
        contract: None,
        orders: vec!["o-1".into()],
    }
}

fn define(yard: &mut Yard, sender: &str, project: NewProject) -> Result<(), ContractError> {
    yard.send(sender, ExecuteMsg::DefineProject(project)).map(|_| ())
}

/// clause B.1: project, product, sub-assembly, part, raw material, with the customer committed (clause 13.3).
#[test]
fn a_project_leads_through_all_levels_of_annex_b_1() {
    let Line { mut yard, motor, robot, .. } = line();
    define(&mut yard, "acme", project("p-1", 1)).expect("defines");
    let units = |level, limit| -> Vec<(String, ProductLevel)> {
        let (mut all, mut start_after): (Vec<ProjectUnit>, _) = (vec![], None);
        loop {
            let (number, limit) = ("p-1".into(), Some(limit));
            let page: ProjectUnitPage = yard
                .ask(QueryMsg::ProjectUnits { number, level, start_after, limit })
                .expect("a page");
            all.extend(page.units);
            start_after = page.next;
            if start_after.is_none() {
                return all.into_iter().map(|u| (u.unit.code, u.level)).collect();
            }
        }
    };
    for limit in [1, 100] {
        let all =
            [(motor.clone(), ProductLevel::SubAssembly), (robot.clone(), ProductLevel::Product)];
        assert_eq!(units(None, limit), all);
        assert_eq!(units(Some(ProductLevel::Product), limit), all[1..]);
    }
    let (below, _) =
        yard.trace(&Ask::new(&robot, Direction::Backward, View::Current), 100).expect("pages");
    let classes: BTreeSet<_> = below.iter().map(|unit| unit.class.as_str()).collect();
    assert_eq!(classes, ["robot", "arm", "motor", "screws", "steel"].into_iter().collect());
    assert!(below.iter().all(|unit| unit.event_range.count > 0), "every level has its records");
}

#[test]
fn a_project_is_revised_by_its_owner_and_keeps_its_past() {
    let mut yard = Yard::new();
    define(&mut yard, "acme", project("p-1", 1)).expect("defines");
    yard.height += 5;
    let contract = Some(Digest::of(&[b"salt", b"contract"]));
    define(&mut yard, "acme", NewProject { contract, ..project("p-1", 2) }).expect("revises");
    define(&mut yard, "beta", project("p-2", 1)).expect("defines");
    let ask = |number: &str, revision| -> Option<ProjectView> {
        yard.ask(QueryMsg::Project { number: number.into(), revision }).expect("answers")
    };
    let latest = ask("p-1", None).expect("there");
    assert_eq!((latest.revision, latest.defined_at, latest.contract), (2, 15, contract));
    assert_eq!(ask("p-1", Some(1)).expect("there").contract, None);
    assert_eq!((ask("p-1", Some(3)), ask("p-9", None)), (None, None));
    let list = |start_after: Option<&str>| -> Vec<String> {
        let start_after = start_after.map(Into::into);
        let all: Vec<ProjectView> =
            yard.ask(QueryMsg::Projects { start_after, limit: Some(1) }).expect("a page");
        all.into_iter().map(|project| project.number).collect()
    };
    assert_eq!((list(None), list(Some("p-1"))), (vec!["p-1".into()], vec!["p-2".into()]));
    assert_eq!(list(Some("p-2")), Vec::<String>::new());
}

#[test]
fn each_reason_to_refuse_a_project_has_its_own_error() {
    let mut yard = Yard::new();
    define(&mut yard, "acme", project("p-1", 1)).expect("defines");
    let mut refused = |sender: &str, project: NewProject| {
        define(&mut yard, sender, project).expect_err("refused")
    };
    let number = || "p-1".to_string();
    assert_eq!(
        refused("beta", project("p-1", 2)),
        ProjectError::NotProjectOwner {
            number: number(),
            participant: "beta".into(),
            owner: "acme".into()
        }
        .into()
    );
    assert_eq!(
        refused("acme", project("p-1", 1)),
        ProjectError::ProjectRevision { number: number(), got: 1, next: 2 }.into()
    );
    let customer = Digest::ZERO;
    assert_eq!(
        refused("acme", NewProject { customer, ..project("p-2", 1) }),
        ProjectError::NoCommitment { field: "customer" }.into()
    );
    let contract = Some(Digest::ZERO);
    assert_eq!(
        refused("acme", NewProject { contract, ..project("p-2", 1) }),
        ProjectError::NoCommitment { field: "contract" }.into()
    );
    let orders = (0..=MAX_PROJECT_ORDERS).map(|n| n.to_string()).collect();
    assert_eq!(
        refused("acme", NewProject { orders, ..project("p-2", 1) }),
        ProjectError::TooManyOrders { got: MAX_PROJECT_ORDERS + 1 }.into()
    );
    let orders = vec!["o".into(), "o".into()];
    assert_eq!(
        refused("acme", NewProject { orders, ..project("p-2", 1) }),
        ProjectError::OrderTwice { order: "o".into() }.into()
    );
    assert!(matches!(refused("acme", project("a b", 1)), ContractError::Text(_)));
    assert_eq!(
        refused("haul", project("p-2", 1)),
        ActorError::NotPermitted {
            participant: "haul".into(),
            permission: Permission::RecordEvents
        }
        .into()
    );
    assert_eq!(
        refused("idle", project("p-2", 1)),
        ActorError::NotActive { participant: "idle".into(), status: ParticipantStatus::Suspended }
            .into()
    );
    assert!(matches!(
        refused("nobody", project("p-2", 1)),
        ContractError::Actor(ActorError::Unknown { .. })
    ));
}
