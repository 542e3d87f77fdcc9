//! Holds and recalls: who opens them, how units join, marks, holders, and the closure that they cover.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{ContractResult, Response, SystemResult};
use proptest::prelude::*;
use suyuan_assembly_graph::campaign::CampaignError;
use suyuan_assembly_graph::ContractError;
use suyuan_contract_kit::ActorError;
use suyuan_trace_api::assembly::campaign::{
    CampaignKind, CampaignStatus, CampaignView, Extension, HolderAnswer, HolderStatus, HolderView,
    MemberPage, NewCampaign, MAX_CAMPAIGN_CHANGES, MAX_CAMPAIGN_CODES,
};
use suyuan_trace_api::assembly::{
    Direction, ExecuteMsg, LinkView, OnConflict, Operation, QueryMsg, RecallScopeKind, View,
};
use suyuan_trace_api::code::{Life, Overlay};

use crate::histories::{wishes, Run};
use crate::model::Model;
use crate::world::{code, new_unit, piece, some_of};
use crate::yard::{answer, follow, recall, Codes, Known, Yard};

use RecallScopeKind::{May, Must};

/// A lot of screws in an arm, the arm in a robot; a second arm disputes the first one's motor.
struct Shop {
    yard: Yard,
    screws: String,
    motor: String,
    arm: String,
    robot: String,
    rival: String,
}

fn shop() -> Shop {
    let mut yard = Yard::new();
    let [screws, motor, arm, robot, rival] = [1, 2, 3, 4, 5].map(code);
    yard.commission(&[&screws], "screws", Some(100));
    yard.commission(&[&motor], "motor", None);
    yard.assemble(&arm, "arm", vec![some_of(&screws, 8), piece(&motor)]);
    yard.assemble(&robot, "robot", vec![piece(&arm)]);
    yard.acme(Operation::Assemble {
        unit: new_unit(&rival, "arm", None),
        parts: vec![piece(&motor)],
        on_conflict: OnConflict::Dispute,
    });
    Shop { yard, screws, motor, arm, robot, rival }
}

/// What a message was refused with.
fn why(done: Result<Response, ContractError>) -> CampaignError {
    match done {
        Err(ContractError::Campaign(error)) => error,
        other => panic!("not a campaign's error: {other:?}"),
    }
}

fn scopes(yard: &Yard, id: &str) -> BTreeMap<String, RecallScopeKind> {
    yard.members(id, 3).into_iter().map(|member| (member.code, member.scope)).collect()
}

/// clause B.3: a recall marks its seeds and then, link by link, everything that holds them.
#[test]
fn a_recall_grows_along_open_links_and_marks_what_joins() {
    let Shop { mut yard, screws, arm, robot, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    assert!(yard.is_marked(&screws, Overlay::Recalled));
    let (into_arm, into_robot) = (yard.link(&arm, &screws).id, yard.link(&robot, &arm).id);
    // In one message, a unit may refer to one before it.
    yard.extend("acme", "r-1", &[(&arm, Some(into_arm)), (&robot, Some(into_robot))])
        .expect("extends");
    assert!(yard.is_marked(&arm, Overlay::Recalled) && yard.is_marked(&robot, Overlay::Recalled));
    let all = [(screws.clone(), Must), (arm, Must), (robot, Must)];
    assert_eq!(scopes(&yard, "r-1"), all.into_iter().collect());
    let campaign = yard.campaign("r-1");
    assert_eq!((campaign.members, campaign.must, campaign.may, campaign.settled), (3, 3, 0, 3));
    assert_eq!((campaign.problem.as_str(), campaign.opened_by.as_str()), ("8d-77", "acme"));
}

#[test]
fn a_hold_sets_the_other_mark() {
    let Shop { mut yard, screws, .. } = shop();
    let hold = NewCampaign { kind: CampaignKind::Hold, ..recall("h-1", &[&screws]) };
    yard.send("acme", ExecuteMsg::OpenCampaign(hold)).expect("opens");
    assert!(yard.is_marked(&screws, Overlay::Held) && !yard.is_marked(&screws, Overlay::Recalled));
}

#[test]
fn marks_of_several_campaigns_stand_beside_each_other() {
    let Shop { mut yard, screws, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    yard.open("acme", "r-2", &[&screws]).expect("opens");
    let reason = || "mended".to_string();
    yard.send("acme", ExecuteMsg::CloseCampaign { id: "r-1".into(), reason: reason() })
        .expect("closes");
    assert!(yard.is_marked(&screws, Overlay::Recalled), "the other one still marks it");
    yard.send("acme", ExecuteMsg::CloseCampaign { id: "r-2".into(), reason: reason() })
        .expect("closes");
    assert!(!yard.is_marked(&screws, Overlay::Recalled));
    let of: Vec<CampaignView> = yard
        .ask(QueryMsg::CampaignsOf { code: screws, start_after: None, limit: None })
        .expect("answers");
    let of: Vec<_> = of.iter().map(|c| (c.id.as_str(), c.status)).collect();
    assert_eq!(of, [("r-1", CampaignStatus::Closed), ("r-2", CampaignStatus::Closed)]);
}

#[test]
fn a_disputed_link_makes_a_may_until_a_certain_one_is_found() {
    let Shop { mut yard, motor, arm, robot, rival, .. } = shop();
    yard.open("watch", "r-1", &[&motor]).expect("a regulator opens");
    let doubtful = yard.link(&rival, &motor).id;
    yard.extend("watch", "r-1", &[(&rival, Some(doubtful))]).expect("extends");
    assert_eq!(scopes(&yard, "r-1")[&rival], May);
    // A whole of a may is a may, however sure its own link is; it becomes surer with its part.
    let pallet = code(9);
    yard.commission(&[&pallet], "pallet", None);
    yard.pack(&pallet, &[&rival, &robot]);
    let by_rival = yard.link(&pallet, &rival).id;
    yard.extend("watch", "r-1", &[(&pallet, Some(by_rival))]).expect("extends");
    assert_eq!(scopes(&yard, "r-1")[&pallet], May);
    let again = yard.extend("watch", "r-1", &[(&pallet, Some(by_rival))]);
    let id = || "r-1".to_string();
    assert_eq!(why(again), CampaignError::AlreadyInCampaign { code: pallet.clone(), id: id() });
    let links = [
        (arm.as_str(), Some(yard.link(&arm, &motor).id)),
        (robot.as_str(), Some(yard.link(&robot, &arm).id)),
        (pallet.as_str(), Some(yard.link(&pallet, &robot).id)),
    ];
    yard.extend("watch", "r-1", &links).expect("extends");
    assert_eq!(scopes(&yard, "r-1")[&pallet], Must);
    let campaign = yard.campaign("r-1");
    assert_eq!((campaign.members, campaign.must, campaign.may), (5, 4, 1));
}

#[test]
fn only_a_unit_that_holds_one_of_the_campaign_joins_it() {
    let Shop { mut yard, screws, motor, arm, robot, rival } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    let id = || "r-1".to_string();
    let into_arm = yard.link(&arm, &screws).id;
    let into_robot = yard.link(&robot, &arm).id;
    let mut refused = |code: &str, link| why(yard.extend("acme", "r-1", &[(code, Some(link))]));
    let not_linked =
        |code: &str, link| CampaignError::NotLinked { code: code.into(), link, id: id() };
    // The whole of the link is another unit, its part is not in the campaign, there is no such link.
    assert_eq!(refused(&robot, into_arm), not_linked(&robot, into_arm));
    assert_eq!(refused(&robot, into_robot), not_linked(&robot, into_robot));
    assert_eq!(refused(&rival, 999), not_linked(&rival, 999));
    // Backward is no way in: the motor is beside the screws, not made of them.
    let beside = yard.link(&arm, &motor).id;
    let refused = why(yard.extend("acme", "r-1", &[(&motor, Some(beside))]));
    assert_eq!(refused, not_linked(&motor, beside));
}

#[test]
fn a_link_that_has_ended_brings_nothing_in() {
    let Shop { mut yard, motor, arm, .. } = shop();
    yard.open("watch", "r-1", &[&motor]).expect("opens");
    let link = yard.link(&arm, &motor).id;
    yard.acme(Operation::Remove { parent: arm.clone(), parts: vec![motor], reason: "bad".into() });
    let refused = why(yard.extend("watch", "r-1", &[(&arm, Some(link))]));
    assert_eq!(refused, CampaignError::LinkEnded { code: arm, link });
}

#[test]
fn the_owner_of_the_class_or_a_regulator_opens_and_nobody_else() {
    let Shop { mut yard, screws, motor, .. } = shop();
    let refused = why(yard.open("acme", "r-1", &[&screws, &motor]));
    let not_marker = |participant: &str, code: &str, owner: &str| CampaignError::NotMarker {
        participant: participant.into(),
        code: code.into(),
        owner: owner.into(),
    };
    assert_eq!(refused, not_marker("acme", &motor, "beta"));
    assert_eq!(why(yard.open("haul", "r-1", &[&screws])), not_marker("haul", &screws, "acme"));
    let idle = yard.open("idle", "r-1", &[&screws]).expect_err("refused");
    assert!(matches!(idle, ContractError::Actor(ActorError::NotActive { .. })));
    yard.open("acme", "r-1", &[&screws]).expect("its own class");
    // A further seed is a seed: it needs the same right.
    let refused = why(yard.extend("acme", "r-1", &[(&motor, None)]));
    assert_eq!(refused, not_marker("acme", &motor, "beta"));
    yard.extend("watch", "r-1", &[(&motor, None)]).expect("a regulator may");
}

#[test]
fn a_campaign_belongs_to_who_opened_it_and_a_regulators_to_regulators() {
    let Shop { mut yard, screws, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    yard.open("watch", "r-2", &[&screws]).expect("opens");
    let close = |id: &str| ExecuteMsg::CloseCampaign { id: id.into(), reason: "done".into() };
    let owner = || "acme".to_string();
    assert_eq!(
        why(yard.send("beta", close("r-1"))),
        CampaignError::NotCampaignOwner {
            id: "r-1".into(),
            participant: "beta".into(),
            owner: owner()
        }
    );
    let regulators = CampaignError::RegulatorsCampaign { id: "r-2".into() };
    assert_eq!(why(yard.send("acme", close("r-2"))), regulators);
    yard.send("watch", close("r-1")).expect("a regulator may");
    yard.send("watch", close("r-2")).expect("a regulator may");
}

#[test]
fn each_reason_to_refuse_an_opening_has_its_own_error() {
    let Shop { mut yard, screws, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    assert_eq!(
        why(yard.open("acme", "r-1", &[&screws])),
        CampaignError::CampaignExists { id: "r-1".into() }
    );
    assert_eq!(why(yard.open("acme", "r-2", &[])), CampaignError::NoCodes);
    let many: Vec<&str> = vec![&screws; MAX_CAMPAIGN_CODES + 1];
    let got = MAX_CAMPAIGN_CODES + 1;
    assert_eq!(why(yard.open("acme", "r-2", &many)), CampaignError::TooManyCodes { got });
    assert_eq!(
        yard.open("acme", "r-2", &["NONE"]),
        Err(ContractError::UnknownUnit { code: "NONE".into() })
    );
    let bad = NewCampaign { target_date: Some("soon".into()), ..recall("r-2", &[&screws]) };
    let refused = yard.send("acme", ExecuteMsg::OpenCampaign(bad));
    assert!(matches!(refused, Err(ContractError::Text(_))));
    assert_eq!(
        why(yard.extend("acme", "r-9", &[(&screws, None)])),
        CampaignError::UnknownCampaign { id: "r-9".into() }
    );
    assert_eq!(why(yard.extend("acme", "r-1", &[])), CampaignError::NoCodes);
}

#[test]
fn a_campaign_is_taken_back_reopened_and_closed_along_one_table() {
    use CampaignStatus::{Cancelled, Closed, Open};
    let Shop { mut yard, screws, arm, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    let (id, reason) = ("r-1".to_string(), "a mistake".to_string());
    let cancel = ExecuteMsg::CancelCampaign { id: id.clone(), reason: reason.clone() };
    let reopen = ExecuteMsg::ReopenCampaign { id: id.clone(), reason: reason.clone() };
    let close = ExecuteMsg::CloseCampaign { id: id.clone(), reason };
    let status = |status, needed| CampaignError::CampaignStatus { id: id.clone(), status, needed };
    assert_eq!(why(yard.send("acme", reopen.clone())), status(Open, Cancelled));
    yard.send("acme", cancel.clone()).expect("taken back");
    assert!(!yard.is_marked(&screws, Overlay::Recalled));
    assert_eq!(why(yard.send("acme", cancel.clone())), status(Cancelled, Open));
    assert_eq!(why(yard.send("acme", close.clone())), status(Cancelled, Open));
    let link = yard.link(&arm, &screws).id;
    assert_eq!(why(yard.extend("acme", "r-1", &[(&arm, Some(link))])), status(Cancelled, Open));
    yard.send("acme", reopen.clone()).expect("reopened");
    assert!(yard.is_marked(&screws, Overlay::Recalled));
    yard.send("acme", close.clone()).expect("closed");
    assert!(!yard.is_marked(&screws, Overlay::Recalled));
    assert_eq!(why(yard.send("acme", reopen)), status(Closed, Cancelled));
    assert_eq!(why(yard.send("acme", close)), status(Closed, Open));
    let changes: Vec<_> = yard.campaign("r-1").changes.iter().map(|c| c.status).collect();
    assert_eq!(changes, [Open, Cancelled, Open, Closed]);
}

#[test]
fn a_campaign_does_not_change_for_ever() {
    let Shop { mut yard, screws, .. } = shop();
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    let (id, reason) = ("r-1".to_string(), "again".to_string());
    for n in 1..MAX_CAMPAIGN_CHANGES {
        let (id, reason) = (id.clone(), reason.clone());
        let msg = if n % 2 == 1 {
            ExecuteMsg::CancelCampaign { id, reason }
        } else {
            ExecuteMsg::ReopenCampaign { id, reason }
        };
        yard.send("acme", msg).expect("changes");
    }
    let refused = yard.send("acme", ExecuteMsg::ReopenCampaign { id: id.clone(), reason });
    assert_eq!(why(refused), CampaignError::TooManyChanges { id });
}

#[test]
fn marks_are_lifted_and_set_page_by_page() {
    let mut yard = Yard::new();
    let all: Vec<String> = (0..150).map(code).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for chunk in all.chunks(100) {
        yard.commission(chunk, "press", None);
    }
    yard.open("acme", "r-1", &all[..64]).expect("opens");
    for chunk in all[64..].chunks(64) {
        let more: Vec<_> = chunk.iter().map(|code| (*code, None)).collect();
        yard.extend("acme", "r-1", &more).expect("extends");
    }
    let marked = |yard: &Yard| all.iter().filter(|c| yard.is_marked(c, Overlay::Recalled)).count();
    assert_eq!((marked(&yard), yard.campaign("r-1").settled), (150, 150));
    let settle = ExecuteMsg::SettleCampaign { id: "r-1".into() };
    let settled = CampaignError::AllSettled { id: "r-1".into() };
    assert_eq!(why(yard.send("haul", settle.clone())), settled);
    let (id, reason) = ("r-1".to_string(), "over".to_string());
    yard.send("acme", ExecuteMsg::CancelCampaign { id: id.clone(), reason: reason.clone() })
        .expect("taken back");
    assert_eq!((marked(&yard), yard.campaign("r-1").settled), (86, 64));
    yard.send("haul", settle.clone()).expect("anybody settles");
    assert_eq!((marked(&yard), yard.campaign("r-1").settled), (22, 128));
    // It turns in the middle: what still carries its mark needs no second one.
    yard.send("acme", ExecuteMsg::ReopenCampaign { id: id.clone(), reason: reason.clone() })
        .expect("reopened");
    assert_eq!(marked(&yard), 86);
    for expected in [150, 150] {
        yard.send("haul", settle.clone()).expect("settles");
        assert_eq!(marked(&yard), expected);
    }
    assert_eq!(why(yard.send("haul", settle.clone())), settled);
    yard.send("acme", ExecuteMsg::CloseCampaign { id, reason }).expect("closes");
    for expected in [22, 0] {
        yard.send("haul", settle.clone()).expect("settles");
        assert_eq!(marked(&yard), expected);
    }
    assert!(yard.members("r-1", 100).iter().all(|member| !member.marked));
    assert!(matches!(
        yard.send("idle", settle),
        Err(ContractError::Actor(ActorError::NotActive { .. }))
    ));
}

#[test]
fn what_was_used_up_joins_without_a_mark_and_counts_as_gone() {
    let mut yard = Yard::new();
    let [screws, arm] = [1, 2].map(code);
    yard.commission(&[&screws], "screws", Some(8));
    yard.assemble(&arm, "arm", vec![some_of(&screws, 8)]);
    assert_eq!(yard.life(&screws), Life::Consumed);
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    assert!(!yard.is_marked(&screws, Overlay::Recalled));
    let link = yard.link(&arm, &screws).id;
    yard.extend("acme", "r-1", &[(&arm, Some(link))]).expect("extends");
    let members = yard.members("r-1", 1);
    let rows: Vec<_> = members.iter().map(|m| (m.marked, m.gone, m.link)).collect();
    assert_eq!(rows, [(false, true, None), (true, false, Some(link))]);
    assert_eq!(yard.campaign("r-1").gone, 1);
}

fn holders(yard: &Yard, id: &str) -> Vec<(String, HolderStatus, u64)> {
    let (mut all, mut start_after): (Vec<HolderView>, Option<String>) = (vec![], None);
    loop {
        let page: Vec<HolderView> = yard
            .ask(QueryMsg::CampaignHolders { id: id.into(), start_after, limit: Some(1) })
            .expect("a page");
        let Some(last) = page.last() else {
            return all.into_iter().map(|h| (h.participant, h.status, h.units)).collect();
        };
        start_after = Some(last.participant.clone());
        all.extend(page);
    }
}

#[test]
fn who_holds_or_owns_a_unit_is_told_and_answers() {
    let Shop { mut yard, screws, arm, robot, .. } = shop();
    yard.pass(&[&robot]);
    yard.acme(Operation::Ship { units: vec![robot.clone()], to: "haul".into(), ownership: false });
    yard.actor("haul", Operation::Receive { units: vec![robot.clone()] });
    yard.open("acme", "r-1", &[&screws]).expect("opens");
    let told = |participant: &str, status, units| (participant.to_string(), status, units);
    assert_eq!(holders(&yard, "r-1"), [told("acme", HolderStatus::Notified, 1)]);
    let say = |answer, note: Option<&str>| ExecuteMsg::AnswerCampaign {
        id: "r-1".into(),
        answer,
        note: note.map(Into::into),
    };
    let stranger = CampaignError::NotHolder { id: "r-1".into(), participant: "haul".into() };
    assert_eq!(why(yard.send("haul", say(HolderAnswer::Acknowledged, None))), stranger);
    yard.send("acme", say(HolderAnswer::Accepted, Some("on it"))).expect("answers");
    yard.send("acme", say(HolderAnswer::Contained, None)).expect("answers");
    assert_eq!(yard.campaign("r-1").unanswered, 0);
    // Further units, further word: acme owns and haul holds the robot now.
    let links = [
        (arm.as_str(), Some(yard.link(&arm, &screws).id)),
        (robot.as_str(), Some(yard.link(&robot, &arm).id)),
    ];
    let response = yard.extend("acme", "r-1", &links).expect("extends");
    assert_eq!(response.events.iter().filter(|e| e.ty == "holder_notified").count(), 2);
    let both = [told("acme", HolderStatus::Notified, 3), told("haul", HolderStatus::Notified, 2)];
    assert_eq!(holders(&yard, "r-1"), both);
    let campaign = yard.campaign("r-1");
    assert_eq!((campaign.holders, campaign.unanswered), (2, 2));
    assert_eq!(why(yard.send("haul", say(HolderAnswer::Declined, None))), CampaignError::NoReason);
    yard.send("haul", say(HolderAnswer::Declined, Some("not ours"))).expect("answers");
    assert_eq!(yard.campaign("r-1").unanswered, 1);
    let (status, answer) = (HolderStatus::Declined, HolderAnswer::Contained);
    assert_eq!(
        why(yard.send("haul", say(answer, None))),
        CampaignError::BadAnswer { status, answer }
    );
    let (id, reason) = ("r-1".to_string(), "over".to_string());
    yard.send("acme", ExecuteMsg::CloseCampaign { id: id.clone(), reason }).expect("closes");
    let (status, needed) = (CampaignStatus::Closed, CampaignStatus::Open);
    assert_eq!(
        why(yard.send("haul", say(HolderAnswer::Accepted, None))),
        CampaignError::CampaignStatus { id, status, needed }
    );
}

#[test]
fn campaigns_are_listed_in_pages() {
    let Shop { mut yard, screws, .. } = shop();
    for n in 0..12 {
        yard.open("acme", &format!("r-{n:02}"), &[&screws]).expect("opens");
    }
    let list = |start_after: Option<&str>, limit| -> Vec<String> {
        let start_after = start_after.map(Into::into);
        let all: Vec<CampaignView> =
            yard.ask(QueryMsg::Campaigns { start_after, limit }).expect("a page");
        all.into_iter().map(|campaign| campaign.id).collect()
    };
    assert_eq!((list(None, Some(100)).len(), list(None, Some(5)).len()), (12, 5));
    assert_eq!(list(Some("r-09"), None), ["r-10", "r-11"]);
    let of = |start_after: Option<&str>| -> usize {
        let (code, start_after) = (screws.clone(), start_after.map(Into::into));
        let all: Vec<CampaignView> =
            yard.ask(QueryMsg::CampaignsOf { code, start_after, limit: None }).expect("a page");
        all.len()
    };
    assert_eq!((of(None), of(Some("r-09"))), (12, 2));
    let none: Option<CampaignView> =
        yard.ask(QueryMsg::Campaign { id: "r-99".into() }).expect("answers");
    assert_eq!(none, None);
    let members = QueryMsg::CampaignMembers { id: "r-99".into(), start_after: None, limit: None };
    assert_eq!(
        yard.ask::<MemberPage>(members),
        Err(CampaignError::UnknownCampaign { id: "r-99".into() }.into())
    );
}

#[test]
fn a_list_of_campaigns_ends_when_it_has_become_long() {
    let Shop { mut yard, screws, .. } = shop();
    let reason = || "\"".repeat(256);
    for n in 0..9 {
        let id = format!("{n:0>128}");
        let new = NewCampaign { reason: reason(), ..recall(&id, &[&screws]) };
        yard.send("acme", ExecuteMsg::OpenCampaign(new)).expect("opens");
        for n in 1..MAX_CAMPAIGN_CHANGES {
            let (id, reason) = (id.clone(), reason());
            let msg = match n % 2 {
                1 => ExecuteMsg::CancelCampaign { id, reason },
                _ => ExecuteMsg::ReopenCampaign { id, reason },
            };
            yard.send("acme", msg).expect("changes");
        }
    }
    let (mut all, mut pages, mut start_after) = (0, 0, None);
    loop {
        let msg = QueryMsg::Campaigns { start_after, limit: Some(100) };
        let bytes = yard.bytes(msg).expect("a page");
        assert!(bytes.len() < 192 * 1024, "{} bytes", bytes.len());
        let page: Vec<CampaignView> = cosmwasm_std::from_json(&bytes).expect("a page");
        let Some(last) = page.last() else { break };
        (all, pages) = (all + page.len(), pages + 1);
        start_after = Some(last.id.clone());
    }
    assert_eq!((all, pages), (9, 2));
}

/// The world of a random history, with a registry and a code contract that know campaigns.
fn regulated(wishes: &[crate::histories::Wish]) -> (Run, Codes) {
    let mut run = Run::new(wishes);
    let codes = Codes::default();
    for unit in 0..run.model.units.len() {
        let known = Known { life: Life::Active, marks: BTreeSet::new() };
        codes.borrow_mut().insert(code(unit), known);
    }
    let known = Codes::clone(&codes);
    run.world
        .deps
        .querier
        .update_wasm(move |request| SystemResult::Ok(ContractResult::Ok(answer(&known, request))));
    (run, codes)
}

/// Adds what open links allow until nothing is left to add.
fn spread(run: &mut Run, codes: &Codes, seeds: &[usize]) {
    let seeds: Vec<String> = seeds.iter().map(|seed| code(*seed)).collect();
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    let opened = run.world.send("watch", ExecuteMsg::OpenCampaign(recall("r-1", &seeds)));
    follow(codes, &opened.expect("opens"));
    loop {
        let mut grew = false;
        for unit in 0..run.model.units.len() {
            let links: Vec<LinkView> = run.world.links(&code(unit), Direction::Backward);
            for link in links {
                let units = vec![Extension { code: code(unit), link: Some(link.id) }];
                let msg = ExecuteMsg::ExtendCampaign { id: "r-1".into(), units };
                if let Ok(response) = run.world.send("watch", msg) {
                    follow(codes, &response);
                    grew = true;
                }
            }
        }
        if !grew {
            return;
        }
    }
}

fn members(run: &Run) -> BTreeMap<String, RecallScopeKind> {
    let (mut all, mut start_after) = (BTreeMap::new(), None);
    loop {
        let page: MemberPage = run
            .world
            .ask(QueryMsg::CampaignMembers { id: "r-1".into(), start_after, limit: Some(7) })
            .expect("a page");
        all.extend(page.members.into_iter().map(|member| (member.code, member.scope)));
        start_after = page.next;
        if start_after.is_none() {
            return all;
        }
    }
}

/// Units that hold a seed now: certain open links make a must, any open links a may.
fn expected(model: &Model, seeds: &[usize]) -> BTreeMap<String, RecallScopeKind> {
    let mut open = model.clone();
    let never = usize::MAX;
    open.links.retain(|link| link.closed == never);
    let certain = model.recall(seeds);
    let mut all = BTreeMap::new();
    for seed in seeds {
        for unit in open.forward(*seed, View::Current).0 {
            all.insert(code(unit), certain[&unit]);
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// clause B.3: a campaign that was extended as far as links allow is the forward closure of its seeds.
    #[test]
    fn a_campaign_reaches_the_forward_closure_and_no_further(wishes in wishes(5..40), seeds in proptest::collection::vec(any::<u8>(), 1..4)) {
        let (mut run, codes) = regulated(&wishes);
        let seeds: BTreeSet<usize> = seeds.iter().map(|s| usize::from(*s) % run.model.units.len()).collect();
        let seeds: Vec<usize> = seeds.into_iter().collect();
        spread(&mut run, &codes, &seeds);
        let found = members(&run);
        prop_assert_eq!(&found, &expected(&run.model, &seeds));
        for unit in found.keys() {
            let known = &codes.borrow()[unit];
            prop_assert!(known.marks.contains(&(Overlay::Recalled, "r-1".into())), "{}", unit);
        }
        let campaign: Option<CampaignView> =
            run.world.ask(QueryMsg::Campaign { id: "r-1".into() }).expect("answers");
        let campaign = campaign.expect("there");
        let must = found.values().filter(|scope| **scope == Must).count() as u64;
        prop_assert_eq!((campaign.members, campaign.must), (found.len() as u64, must));
    }
}
