//! What every case must obey, checked without a chain.

use std::collections::BTreeSet;

use suyuan_trace_api::assembly::{NewUnit, Operation, Quality};
use suyuan_trace_api::code::{ClassKind, NewClass};
use suyuan_trace_api::event::vocabulary::{
    BUSINESS_STEPS, BUSINESS_TRANSACTIONS, DISPOSITIONS, PARTIES,
};
use suyuan_trace_api::event::{check_cell, EventKind, NewEvent};
use suyuan_trace_api::participant::ParticipantKind;
use suyuan_trace_api::text::{check_id, check_name};

use crate::fault::{Fault, Faults};
use crate::model::Model;
use crate::power::power_case;
use crate::robot::robot_case;
use crate::story::{Recording, Step, Story};
use crate::supply::supply_case;

/// A fault that is asked for alone is told: something is refused, declared wrong, or must hold because of it.
pub(crate) fn every_fault_is_told(tell: impl Fn(&Faults) -> Story) {
    for fault in Fault::ALL {
        let story = tell(&[fault].into_iter().collect());
        let told = |step: &Step| match step {
            Step::Refuse(refusal) => refusal.fault == fault,
            Step::Expect(expectation) => expectation.fault == fault,
            Step::Gap(_) | Step::Late(_) => fault == Fault::MissingUpload,
            Step::Declare(_) | Step::Settle(_) => fault == Fault::WrongEvent,
            _ => false,
        };
        let own = story.steps().filter(|step| told(step)).count();
        assert!(own > 0, "{fault} is not told");
        let foreign = |step: &&Step| match step {
            Step::Refuse(refusal) => refusal.fault != fault,
            Step::Expect(expectation) => expectation.fault != fault,
            _ => false,
        };
        assert_eq!(story.steps().filter(foreign).count(), 0, "others beside {fault}");
    }
}

fn stories() -> Vec<(&'static str, Story)> {
    let mut stories = vec![];
    for faults in [Faults::none(), Faults::all()] {
        stories.push(("robot", robot_case(1, &faults).expect("in range").story));
        stories.push(("power", power_case(1, &faults).expect("in range").story));
        stories.push(("supply", supply_case(1, &faults).expect("in range").story));
    }
    stories
}

fn all_recordings(story: &Story) -> Vec<&Recording> {
    let mut all: Vec<&Recording> = story.recordings().collect();
    all.extend(story.steps().filter_map(|step| match step {
        Step::Refuse(refusal) => Some(&refusal.recording),
        _ => None,
    }));
    all
}

#[test]
fn business_words_are_those_of_cbv_2_0() {
    let known = |list: &[&str], word: &str| assert!(list.contains(&word), "{word}");
    for (_, story) in stories() {
        for Recording { event, .. } in all_recordings(&story) {
            known(&BUSINESS_STEPS, &event.business_step);
            event.disposition.iter().for_each(|word| known(&DISPOSITIONS, word));
            let persistent = event.set_dispositions.iter().chain(&event.unset_dispositions);
            persistent.for_each(|word| known(&DISPOSITIONS, word));
            let documents = event.business_transactions.iter();
            documents.for_each(|document| known(&BUSINESS_TRANSACTIONS, &document.kind));
            let parties = event.sources.iter().chain(&event.destinations);
            parties.for_each(|party| known(&PARTIES, &party.kind));
            check_cell("cell", &event.position.cell).expect("a cell");
        }
    }
}

#[test]
fn numbers_and_roles_are_texts_that_the_chain_takes() {
    for (case, story) in stories() {
        let id = |what: &'static str, text: &str| {
            check_id(what, text).unwrap_or_else(|fault| panic!("{case}: {text:?}: {fault}"));
        };
        for Recording { event, operation, .. } in all_recordings(&story) {
            check_name("name", &event.name).expect("a name");
            event.persons.iter().for_each(|person| id("role", &person.role));
            event.resources.iter().for_each(|resource| id("resource", &resource.id));
            event.business_transactions.iter().for_each(|document| id("document", &document.id));
            event.records.iter().flat_map(|record| &record.id).for_each(|text| id("record", text));
            event.project.iter().for_each(|project| id("project", project));
            for unit in born(operation) {
                unit.alternate_ids.iter().for_each(|name| id("alternate id", &name.value));
            }
        }
    }
}

/// Clauses 13.3 and 6.2 of the design: persons, positions, parameters, customers and prices are commitments.
#[test]
fn nothing_hidden_stands_in_what_is_sent() {
    for (case, story) in stories() {
        let mut sent = String::new();
        for step in story.steps() {
            if let Step::Join(party) = step {
                sent.push_str(&party.id);
                if party.kind != ParticipantKind::Person {
                    sent.push_str(&party.name);
                }
            }
        }
        for recording in all_recordings(&story) {
            sent.push_str(&serde_json::to_string(&recording.event).expect("plain data"));
            sent.push_str(&serde_json::to_string(&recording.operation).expect("plain data"));
        }
        assert!(story.hidden.len() > 10, "{case}: a case without secrets shows nothing");
        for hidden in &story.hidden {
            assert!(hidden.text.len() >= 6, "{case}: {hidden:?} is too short to be looked for");
            assert!(!sent.contains(&hidden.text), "{case}: {hidden:?} is sent in clear");
        }
    }
}

/// Annex C: no unit is used, shipped or sold before its quality record, and purchased parts get their code at
/// incoming inspection, bound to maker and inspection lot.
#[test]
fn units_have_their_quality_record_before_they_are_used() {
    for (case, story) in stories() {
        let mut model = Model::default();
        let mut classes: Vec<NewClass> = vec![];
        for step in story.steps() {
            match step {
                Step::Class { class, .. } => classes.push(class.clone()),
                Step::Record(recording) => annex_c(case, &model, &classes, recording),
                Step::Gap(gap) => {
                    annex_c(case, &model, &classes, &gap.lost);
                    annex_c(case, &model, &classes, &gap.next);
                }
                Step::Late(late) => {
                    annex_c(case, &model, &classes, &late.next);
                    annex_c(case, &model, &classes, &late.lost);
                }
                _ => {}
            }
            model.take(step);
        }
    }
}

fn annex_c(case: &str, model: &Model, classes: &[NewClass], recording: &Recording) {
    let name = &recording.event.name;
    for code in used(&recording.operation) {
        let unit = model.units.get(&code).unwrap_or_else(|| panic!("{case}, {name}: {code}?"));
        let ready =
            matches!(unit.quality, Quality::Passed | Quality::NotNeeded | Quality::Witnessed);
        assert!(ready, "{case}, {name}: {code} of {} is {:?}", unit.class, unit.quality);
        assert!(!unit.gone, "{case}, {name}: {code} of {} is gone", unit.class);
    }
    for unit in born(&recording.operation) {
        let kind = classes.iter().find(|class| class.id == unit.class).map(|class| class.kind);
        if kind.is_some_and(ClassKind::is_purchased) {
            assert_eq!(recording.event.kind, EventKind::QualityInspection, "{case}, {name}");
            assert!(unit.maker.is_some() && unit.inspection_lot.is_some(), "{case}, {name}");
        }
    }
}

/// What an operation uses: what goes in, is fed, divided, packed, shipped, sold or exported.
fn used(operation: &Operation) -> Vec<String> {
    match operation {
        Operation::Transform { inputs: parts, .. }
        | Operation::Assemble { parts, .. }
        | Operation::Install { parts, .. }
        | Operation::Feed { inputs: parts, .. } => {
            parts.iter().map(|part| part.code.clone()).collect()
        }
        Operation::Replace { installed, .. } => vec![installed.code.clone()],
        Operation::Pack { units, .. }
        | Operation::Ship { units, .. }
        | Operation::Sell { units }
        | Operation::Export { units }
        | Operation::Merge { sources: units, .. } => units.clone(),
        Operation::Split { source, .. } => vec![source.clone()],
        _ => vec![],
    }
}

fn born(operation: &Operation) -> Vec<&NewUnit> {
    match operation {
        Operation::Commission { units } => units.iter().collect(),
        Operation::Transform { outputs, .. }
        | Operation::Split { outputs, .. }
        | Operation::Yield { outputs, .. } => outputs.iter().collect(),
        Operation::Assemble { unit, .. } | Operation::Merge { output: unit, .. } => vec![unit],
        Operation::Relabel { new, .. } => vec![new],
        _ => vec![],
    }
}

#[test]
fn quality_expected_by_a_story_is_that_of_the_model() {
    for (case, story) in stories() {
        let mut model = Model::default();
        for step in story.steps() {
            if let Step::Expect(expected) = step {
                let known = model.quality(&expected.code);
                assert_eq!(
                    known, expected.quality,
                    "{case}, {}: {}",
                    expected.fault, expected.code
                );
            }
            model.take(step);
        }
    }
}

#[test]
fn time_goes_on_and_no_event_is_told_twice() {
    for (case, story) in stories() {
        let mut events: Vec<&NewEvent> = story.recordings().map(|told| &told.event).collect();
        // What comes in late happened before what came in.
        for late in story.steps().filter_map(|step| match step {
            Step::Late(late) => Some(late),
            _ => None,
        }) {
            let place = events.iter().position(|event| event.event_id == late.next.event.event_id);
            let place = place.expect("it is among the recordings");
            events.swap(place, place + 1);
        }
        let times = events.windows(2).all(|pair| pair[0].event_time_ms < pair[1].event_time_ms);
        assert!(times, "{case}: time stands still");
        let ids: BTreeSet<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
        assert_eq!(ids.len(), events.len(), "{case}");
    }
}

#[test]
fn every_case_tells_every_fault() {
    every_fault_is_told(|faults| robot_case(1, faults).expect("in range").story);
    every_fault_is_told(|faults| power_case(1, faults).expect("in range").story);
    every_fault_is_told(|faults| supply_case(1, faults).expect("in range").story);
}
