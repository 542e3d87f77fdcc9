//! Where everything lies in storage, and how an older state is brought up.

use std::collections::BTreeSet;

use cosmwasm_std::{from_json, Empty, Storage as _};
use suyuan_event_log::contract::migrate;
use suyuan_event_log::migrate::{MAX_INDEXED, NAME, VERSION};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    keys, AllowedStep, ConfigAnswer, ErrorReason, EventKind, ExecuteMsg, GapPolicy, LogKind,
    NewAnchor, NewDeclaration, NewProfile, ProfileRef, QueryMsg, StoredEvent, Threshold, Verdict,
    WordField, WordsAnswer,
};

use crate::desk::{event_id, Desk};
use crate::records::fill;

/// A log with something under every key.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let profile = NewProfile {
        id: "robots".into(),
        version: 1,
        industry: "robots".into(),
        schema: None,
        allowed: vec![AllowedStep {
            kind: EventKind::Production,
            business_step: "assembling".into(),
            disposition: None,
        }],
        rules: vec![],
    };
    desk.send("engineer", ExecuteMsg::DefineProfile(Box::new(profile))).expect("defined");
    desk.observed("acme", |e| {
        fill(e);
        e.profile = Some(ProfileRef { id: "robots".into(), version: 1 });
    })
    .expect("recorded");
    desk.source("acme", "plc");
    let (source, policy) = ("plc".to_string(), GapPolicy::Mark);
    desk.send("engineer", ExecuteMsg::SetGapPolicy { source, policy }).expect("set");
    desk.reported("plc", 3, Digest::of(&[b"2"])).0.expect("recorded");
    let threshold = Threshold { kind: EventKind::Sale, needed: 3 };
    desk.send("engineer", ExecuteMsg::SetThreshold(threshold)).expect("set");
    let (verdict, evidence) = (Verdict::Confirmed, None);
    desk.send("node-1", ExecuteMsg::Attest { event_id: event_id(1), verdict, evidence })
        .expect("attested");
    let (root, count) = (Digest::of(&[b"root"]), 1);
    let anchor = NewAnchor { log: LogKind::Audit, sequence: 1, root, count, from_ms: 1, to_ms: 2 };
    desk.send("acme", ExecuteMsg::Anchor(anchor)).expect("anchored");
    let declaration = NewDeclaration {
        event_id: event_id(2),
        event: event_id(2),
        reason: ErrorReason::DidNotOccur,
        corrective_ids: vec![],
        declared_at_ms: None,
    };
    desk.send("acme", ExecuteMsg::Declare(declaration)).expect("declared");
    desk
}

#[test]
fn every_key_begins_as_documented() {
    let desk = desk();
    let names: BTreeSet<String> = desk
        .state()
        .into_iter()
        .map(|(key, _)| match key.as_slice() {
            [0, 1, name, ..] => char::from(*name).to_string(),
            item => String::from_utf8(item.to_vec()).expect("an item"),
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "a",
            "config",
            "contract_info",
            "count",
            "d",
            "e",
            "f",
            "g",
            "h",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "vocabulary",
            "w",
            "x",
            "y"
        ]
    );
}

#[test]
fn keys_should_not_change() {
    let keys: Vec<String> = desk()
        .state()
        .into_iter()
        .map(|(key, _)| key.iter().map(|b| format!("{b:02x}")).collect::<String>())
        .filter(|key| !key.starts_with("000177"))
        .collect();
    insta::assert_snapshot!("keys", keys.join("\n"));
}

#[test]
fn the_raw_keys_that_proofs_name_hold_what_they_say() {
    let desk = desk();
    for number in 1..=3 {
        let raw = desk.deps.storage.get(&keys::event(number)).expect("is there");
        let stored: StoredEvent = from_json(raw).expect("a record");
        assert_eq!(stored.number, number);
    }
    assert_eq!(desk.deps.storage.get(&keys::event(4)), None);
}

fn migrated(desk: &mut Desk) -> Result<(), String> {
    desk.next_block();
    migrate(desk.deps.as_mut(), desk.env.clone(), Empty {})
        .map(|response| assert_eq!(response.events[0].ty, "migrated"))
        .map_err(|error| error.to_string())
}

/// Removes what the version before the vocabulary did not write.
fn make_old(desk: &mut Desk) {
    let new = |key: &[u8]| {
        key == b"vocabulary"
            || key.starts_with(b"\0\x01w")
            || key.starts_with(b"\0\x01t")
            || key.starts_with(b"\0\x01i\0\x01\x08")
            || key.starts_with(b"\0\x01i\0\x01\x09")
    };
    let gone: Vec<_> = desk.state().into_iter().filter(|(key, _)| new(key)).collect();
    assert!(gone.len() > 90, "there was something to remove");
    gone.iter().for_each(|(key, _)| desk.deps.storage.remove(key));
}

#[test]
fn a_migration_is_remembered_and_changes_nothing_that_is_there() {
    let mut desk = desk();
    let before = desk.state();
    migrated(&mut desk).expect("migrates");
    let after: Vec<_> = desk.state().into_iter().filter(|(key, _)| key != b"migrations").collect();
    assert_eq!(after, before);
    let config: ConfigAnswer = desk.ask(QueryMsg::Config {});
    let [migration] = config.migrations.as_slice() else {
        panic!("one migration");
    };
    assert_eq!(migration.height, desk.env.block.height);
    assert_eq!((&*migration.from_version, &*migration.to_version), (VERSION, VERSION));
}

#[test]
fn an_older_state_gets_its_vocabulary_and_its_indexes() {
    let mut desk = desk();
    let before = desk.state();
    make_old(&mut desk);
    migrated(&mut desk).expect("migrates");
    let after: Vec<_> = desk.state().into_iter().filter(|(key, _)| key != b"migrations").collect();
    assert!(after == before, "as if it had been written by this version");
    let (field, start_after, limit) = (WordField::Party, None, None);
    let words: WordsAnswer = desk.ask(QueryMsg::Words { field, start_after, limit });
    assert_eq!(words.words.len(), 3);
}

#[test]
fn more_events_than_a_migration_can_index_are_refused() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    make_old_count(&mut desk, MAX_INDEXED + 1);
    let text = migrated(&mut desk).expect_err("too many");
    assert!(text.starts_with("event-log/TooManyToIndex: "), "{text}");
}

fn make_old_count(desk: &mut Desk, count: u64) {
    make_old(desk);
    let count = cosmwasm_std::to_json_vec(&count).expect("json");
    desk.deps.storage.set(b"count", &count);
}

#[test]
fn the_state_of_another_contract_or_a_newer_one_is_refused() {
    for (name, version) in [("suyuan-trace-code", VERSION), (NAME, "99.0.0")] {
        let mut desk = Desk::new();
        cw2::set_contract_version(&mut desk.deps.storage, name, version).expect("storage");
        assert!(migrated(&mut desk).is_err(), "{name} {version}");
    }
}
