//! Vocabulary and process profiles are data on chain (clauses 12.1 b, 12.2).

use suyuan_event_log::ContractError;
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::profile::{MAX_ALLOWED, MAX_RULES};
use suyuan_trace_api::event::vocabulary::{CBV_VERSION, MAX_NEW_WORDS};
use suyuan_trace_api::event::{
    AllowedStep, ConfigAnswer, EventIndex, EventKind, EventsAnswer, ExecuteMsg, Need, NewEvent,
    NewProfile, Outcome, ProcessProfile, ProfileRef, ProfileStatus, ProfilesAnswer, QueryMsg, Rule,
    WordField, WordsAnswer,
};

use crate::desk::{observe, refusal, tells, Desk, Told};
use crate::records::fill;

fn words(desk: &Desk, field: WordField) -> Vec<(String, u32)> {
    let question = QueryMsg::Words { field, start_after: None, limit: Some(100) };
    let answer: WordsAnswer = desk.ask(question);
    assert_eq!(answer.next, None);
    answer.words.into_iter().map(|word| (word.word, word.since)).collect()
}

fn extend(field: WordField, words: &[&str]) -> ExecuteMsg {
    let words = words.iter().map(|word| (*word).to_string()).collect();
    ExecuteMsg::ExtendVocabulary { field, words }
}

fn allowed(kind: EventKind, step: &str, disposition: Option<&str>) -> AllowedStep {
    let disposition = disposition.map(Into::into);
    AllowedStep { kind, business_step: step.into(), disposition }
}

fn rule(step: &str, needs: Need) -> Rule {
    Rule { business_step: Some(step.into()), needs }
}

/// Robots are inspected, with a file, before they are shipped.
fn robots(version: u32) -> NewProfile {
    NewProfile {
        id: "robots".into(),
        version,
        industry: "工业机器人 industrial robots".into(),
        schema: None,
        allowed: vec![
            allowed(EventKind::Production, "assembling", None),
            allowed(EventKind::QualityInspection, "inspecting", Some("conformant")),
            allowed(EventKind::QualityInspection, "inspecting", Some("non_conformant")),
            allowed(EventKind::Outbound, "shipping", Some("in_transit")),
        ],
        rules: vec![
            rule("inspecting", Need::Evidence { media_type: Some("application/pdf".into()) }),
            rule(
                "shipping",
                Need::Before { business_step: "inspecting".into(), outcome: Some(Outcome::Pass) },
            ),
        ],
    }
}

fn define(desk: &mut Desk, profile: NewProfile) -> Told {
    desk.send("engineer", ExecuteMsg::DefineProfile(Box::new(profile)))
}

fn follow(event: &mut NewEvent, version: u32) {
    event.profile = Some(ProfileRef { id: "robots".into(), version });
}

/// An inspection of `unit`; it is filled, so that it has a PDF file.
fn inspect(desk: &mut Desk, unit: &str, outcome: Outcome) -> Told {
    let mut event = desk.event();
    fill(&mut event);
    follow(&mut event, 1);
    event.kind = EventKind::QualityInspection;
    event.business_step = "inspecting".into();
    let word = if outcome == Outcome::Pass { "conformant" } else { "non_conformant" };
    (event.outcome, event.disposition) = (outcome, Some(word.into()));
    desk.record("acme", event, observe(&[unit]))
}

fn ship(desk: &mut Desk, units: &[&str]) -> Told {
    let mut event = desk.event();
    follow(&mut event, 1);
    event.kind = EventKind::Outbound;
    (event.business_step, event.disposition) = ("shipping".into(), Some("in_transit".into()));
    let units = units.iter().map(|unit| (*unit).to_string()).collect();
    desk.record("acme", event, Operation::Ship { units, to: "beta".into(), ownership: true })
}

fn violation(path: &str) -> Told {
    Err(ContractError::ProfileViolation { path: format!("robots:1/{path}") })
}

#[test]
fn the_log_begins_with_the_words_of_cbv_2_0() {
    let desk = Desk::new();
    let counts = WordField::ALL.map(|field| words(&desk, field).len());
    assert_eq!(counts, [41, 33, 13, 3]);
    for field in WordField::ALL {
        let expected: Vec<_> =
            field.cbv().iter().map(|word| ((*word).to_string(), CBV_VERSION)).collect();
        assert_eq!(words(&desk, field), expected);
    }
}

/// clause 12.1 b: business information is configured, not compiled.
#[test]
fn a_configurer_adds_words_and_events_may_use_them_at_once() {
    let mut desk = Desk::new();
    let use_it = |e: &mut NewEvent| e.business_step = "heat_treating".into();
    assert_eq!(refusal(&desk.observed("acme", use_it)), "UnknownWord");
    let add = extend(WordField::BusinessStep, &["heat_treating", "grinding"]);
    for sender in ["acme", "gone", "stranger"] {
        assert_eq!(refusal(&desk.send(sender, add.clone())), "Actor", "{sender}");
    }
    assert!(tells(&desk.send("engineer", add.clone()), "vocabulary_extended"));
    desk.observed("acme", use_it).expect("recorded");
    let config: ConfigAnswer = desk.ask(QueryMsg::Config {});
    assert_eq!(config.vocabulary, CBV_VERSION + 1);
    assert!(words(&desk, WordField::BusinessStep).contains(&("grinding".into(), 2)));
    assert_eq!(words(&desk, WordField::Disposition).len(), 33, "a word belongs to one field");

    let word = "heat_treating".to_string();
    assert_eq!(desk.send("engineer", add), Err(ContractError::WordKnown { word }));
    let many: Vec<String> = (0..=MAX_NEW_WORDS).map(|n| format!("word{n}")).collect();
    let too_many = ExecuteMsg::ExtendVocabulary { field: WordField::Party, words: many };
    assert_eq!(refusal(&desk.send("engineer", too_many)), "OutOfBounds");
    let none = extend(WordField::Party, &[]);
    assert_eq!(refusal(&desk.send("engineer", none)), "OutOfBounds");
    let colon = extend(WordField::BusinessTransaction, &["a:b"]);
    assert_eq!(refusal(&desk.send("engineer", colon)), "Text");
}

#[test]
fn a_vocabulary_has_a_bound() {
    let mut desk = Desk::new();
    let mut told = Ok(cosmwasm_std::Response::new());
    for round in 0..20 {
        let words = (0..MAX_NEW_WORDS).map(|n| format!("word-{round}-{n}")).collect();
        let field = WordField::Party;
        told = desk.send("engineer", ExecuteMsg::ExtendVocabulary { field, words });
        if told.is_err() {
            break;
        }
    }
    assert_eq!(refusal(&told), "TooManyWords");
}

/// clause 12.2: another kind of business is another profile, and an event that names one has to satisfy it.
#[test]
fn what_an_event_of_a_profile_may_be_is_a_triple_of_kind_step_and_disposition() {
    let mut desk = Desk::new();
    assert!(tells(&define(&mut desk, robots(1)), "profile_defined"));
    desk.observed("acme", |e| follow(e, 1)).expect("assembling, whatever the disposition");
    let wrong_step = |e: &mut NewEvent| {
        follow(e, 1);
        e.business_step = "packing".into();
    };
    assert_eq!(desk.observed("acme", wrong_step), violation("allowed"));
    let wrong_kind = |e: &mut NewEvent| {
        follow(e, 1);
        e.kind = EventKind::Sale;
    };
    assert_eq!(desk.observed("acme", wrong_kind), violation("allowed"));
    desk.observed("acme", |e| e.business_step = "packing".into()).expect("no profile, no rule");
}

/// clauses 12.2 and 10 c: what a business asks of its events, as rules of its profile.
#[test]
fn an_inspection_needs_its_file_and_comes_before_the_shipment() {
    let mut desk = Desk::new();
    define(&mut desk, robots(1)).expect("defined");
    let without_file = |e: &mut NewEvent| {
        follow(e, 1);
        e.kind = EventKind::QualityInspection;
        (e.business_step, e.disposition) = ("inspecting".into(), Some("conformant".into()));
    };
    assert_eq!(desk.observed("acme", without_file), violation("rules[0]/evidence"));

    assert_eq!(ship(&mut desk, &["R1"]), violation("rules[1]/before[inspecting]/R1"));
    inspect(&mut desk, "R1", Outcome::Fail).expect("recorded");
    assert_eq!(ship(&mut desk, &["R1"]), violation("rules[1]/before[inspecting]/R1"));
    inspect(&mut desk, "R1", Outcome::Pass).expect("recorded");
    assert_eq!(ship(&mut desk, &["R1", "R2"]), violation("rules[1]/before[inspecting]/R2"));
    ship(&mut desk, &["R1"]).expect("inspected");
    inspect(&mut desk, "R1", Outcome::Fail).expect("recorded");
    assert_eq!(
        ship(&mut desk, &["R1"]),
        violation("rules[1]/before[inspecting]/R1"),
        "the last one counts"
    );
}

#[test]
fn every_need_can_be_met_and_missed() {
    let needs = || -> Vec<(&str, Need)> {
        use suyuan_trace_api::event::{RecordKind, ResourceKind};
        vec![
            ("disposition", Need::Disposition {}),
            ("outcome", Need::Outcome { outcome: Outcome::Measured }),
            ("exact_position", Need::ExactPosition {}),
            ("business_transaction", Need::BusinessTransaction { kind: "po".into() }),
            ("resource", Need::Resource { kind: ResourceKind::Gauge }),
            ("project", Need::Project {}),
            ("payload", Need::Payload { fields: 8 }),
            ("sensor_time", Need::SensorTime {}),
            ("read_point", Need::ReadPoint {}),
            ("business_location", Need::BusinessLocation {}),
            ("source", Need::Source {}),
            ("destination", Need::Destination {}),
            ("person", Need::Person { role: "inspector".into() }),
            ("record", Need::Record { kind: RecordKind::ProcessInspection }),
            ("evidence", Need::Evidence { media_type: None }),
        ]
    };
    for (name, needs) in needs() {
        let mut desk = Desk::new();
        let rules = vec![Rule { business_step: None, needs }];
        define(&mut desk, NewProfile { rules, ..robots(1) }).expect("defined");
        let told = desk.observed("acme", |e| follow(e, 1));
        assert_eq!(told, violation(&format!("rules[0]/{name}")));
        let full = |e: &mut NewEvent| {
            fill(e);
            follow(e, 1);
            e.outcome = Outcome::Measured;
        };
        desk.observed("acme", full).expect(name);
    }
}

#[test]
fn a_profile_can_ask_for_the_word_of_a_machine() {
    let mut desk = Desk::new();
    let rules = vec![Rule { business_step: None, needs: Need::Reported {} }];
    define(&mut desk, NewProfile { rules, ..robots(1) }).expect("defined");
    assert_eq!(desk.observed("acme", |e| follow(e, 1)), violation("rules[0]/reported"));
}

/// clause 12.1 b: a process is data, and what was defined stays what it was.
#[test]
fn versions_follow_each_other_and_never_change() {
    let mut desk = Desk::new();
    for sender in ["acme", "authority", "gone", "stranger"] {
        let msg = ExecuteMsg::DefineProfile(Box::new(robots(1)));
        assert_eq!(refusal(&desk.send(sender, msg)), "Actor", "{sender}");
    }
    let wrong =
        |expected, got| Err(ContractError::ProfileVersion { id: "robots".into(), expected, got });
    assert_eq!(define(&mut desk, robots(2)), wrong(1, 2));
    define(&mut desk, robots(1)).expect("defined");
    assert_eq!(define(&mut desk, robots(1)), wrong(2, 1));
    let second = NewProfile { rules: vec![], ..robots(2) };
    define(&mut desk, second.clone()).expect("defined");

    let get = |version| -> Option<ProcessProfile> {
        desk.ask(QueryMsg::Profile { id: "robots".into(), version })
    };
    assert_eq!(
        get(Some(1)).map(|p| (p.profile, p.defined_by)),
        Some((robots(1), "engineer".into()))
    );
    assert_eq!(get(None).map(|p| p.profile), Some(second));
    assert_eq!(get(Some(3)), None);
    let list: ProfilesAnswer = desk.ask(QueryMsg::Profiles { start_after: None, limit: None });
    let list: Vec<_> = list.profiles.iter().map(|p| (&*p.profile.id, p.profile.version)).collect();
    assert_eq!(list, [("robots", 2)]);
}

#[test]
fn a_retired_version_is_followed_no_more_and_its_events_stay() {
    let mut desk = Desk::new();
    define(&mut desk, robots(1)).expect("defined");
    desk.observed("acme", |e| follow(e, 1)).expect("recorded");
    let retire = |version| ExecuteMsg::RetireProfile { id: "robots".into(), version };
    assert_eq!(refusal(&desk.send("acme", retire(1))), "Actor");
    assert_eq!(refusal(&desk.send("engineer", retire(2))), "ProfileUnknown");
    assert!(tells(&desk.send("engineer", retire(1)), "profile_retired"));
    assert_eq!(refusal(&desk.send("engineer", retire(1))), "ProfileRetired");
    assert_eq!(refusal(&desk.observed("acme", |e| follow(e, 1))), "ProfileRetired");
    assert_eq!(refusal(&desk.observed("acme", |e| follow(e, 2))), "ProfileUnknown");
    let found: Option<ProcessProfile> =
        desk.ask(QueryMsg::Profile { id: "robots".into(), version: Some(1) });
    assert_eq!(found.map(|p| p.status), Some(ProfileStatus::Retired));
    let events: EventsAnswer = desk.ask(QueryMsg::EventsBy {
        index: EventIndex::Profile,
        value: "robots:1".into(),
        window: None,
        start_after: None,
        limit: None,
    });
    assert_eq!(events.events.len(), 1);
}

#[test]
fn a_profile_that_makes_no_sense_is_refused() {
    let mut desk = Desk::new();
    let mut refused = |change: &dyn Fn(&mut NewProfile), name: &str| {
        let mut profile = robots(1);
        change(&mut profile);
        assert_eq!(refusal(&define(&mut desk, profile)), name);
    };
    refused(&|p| p.id = "a b".into(), "Text");
    refused(&|p| p.industry.clear(), "Text");
    refused(&|p| p.version = 0, "OutOfBounds");
    refused(&|p| p.allowed.clear(), "OutOfBounds");
    refused(&|p| p.allowed = vec![p.allowed[0].clone(); MAX_ALLOWED + 1], "OutOfBounds");
    refused(&|p| p.allowed.push(p.allowed[0].clone()), "Repeated");
    refused(&|p| p.rules = vec![p.rules[0].clone(); MAX_RULES + 1], "OutOfBounds");
    refused(&|p| p.allowed[0].business_step = "dancing".into(), "UnknownWord");
    refused(&|p| p.allowed[0].disposition = Some("merry".into()), "UnknownWord");
    refused(&|p| p.rules[0].business_step = Some("dancing".into()), "UnknownWord");
    let needs = |needs: Need| move |p: &mut NewProfile| p.rules[0].needs = needs.clone();
    let before = Need::Before { business_step: "dancing".into(), outcome: None };
    refused(&needs(before), "UnknownWord");
    refused(&needs(Need::BusinessTransaction { kind: "x".into() }), "UnknownWord");
    refused(&needs(Need::Evidence { media_type: Some("pdf".into()) }), "BadMediaType");
    refused(&needs(Need::Payload { fields: 0 }), "OutOfBounds");
    refused(&needs(Need::Person { role: String::new() }), "Text");
}
