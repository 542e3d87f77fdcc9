//! All documents of `shared/data/epcis` behave as their folder says.

use suyuan_epcis::plan::OnError;
use suyuan_epcis::read::read;
use suyuan_trace_api::text::check_event_id;

use crate::shared::files;
use crate::stories::{told, Played};

const ENDINGS: [&str; 2] = ["json", "jsonld"];

/// Clause 6.1: documents of third-party systems come in whole, with a table of what became of each event.
#[test]
fn valid_documents_become_stories() {
    println!("| document | event | outcome |\n|---|---|---|");
    for folder in ["epcis/documents", "epcis/industrial"] {
        for (name, bytes) in files(folder, &ENDINGS) {
            let (document, import) = match told(&bytes, OnError::Stop) {
                Ok(told) => told,
                Err(fault) => panic!("{name}: {fault}"),
            };
            assert_eq!(document.events.len(), import.rows.len(), "{name}");
            for row in &import.rows {
                let outcome = row.outcome.as_ref().expect("nothing is refused");
                println!("| {name} | {} | {outcome} |", row.index);
                if let Some(id) = &row.event_id {
                    assert!(check_event_id("id", id).is_ok(), "{name}: {id}");
                }
            }
            let played = Played::of(&import);
            assert_eq!(played.model.units.len(), import.units.len(), "{name}: every unit is born");
            for note in &import.notes {
                println!("|  |  | {} |", note.text);
            }
        }
    }
}

/// Clause 6.2: what is not structured as it should be does not reach the chain.
#[test]
fn invalid_documents_are_refused_with_path_and_reason() {
    println!("| document | refused |\n|---|---|");
    for (name, bytes) in files("epcis/invalid", &ENDINGS) {
        let fault = match told(&bytes, OnError::Stop) {
            Ok(_) => panic!("{name} was taken"),
            Err(fault) => fault,
        };
        println!("| {name} | {fault} |");
        let (path, code) = expected(&name);
        assert_eq!(fault.spot.path, path, "{name}: {fault}");
        assert_eq!(fault.reason.code(), code, "{name}: {fault}");
        assert!(fault.spot.place.line >= 1, "{name}");
    }
}

fn expected(name: &str) -> (&'static str, &'static str) {
    let event = "$.epcisBody.eventList[0]";
    match name {
        "EPCISDocument_without_context.json" => ("$", "epcis/missing"),
        "Combination_of_events_with_missing_mandatory_fields.json" => (event, "epcis/missing"),
        "ObjectEvent_without_identifier_list.json" => (event, "epcis/no-subject"),
        "ObjectEvent_with_invalid_action.json" => {
            ("$.epcisBody.eventList[0].action", "epcis/vocabulary")
        }
        "ObjectEvent_with_invalid_eventTime_format.json" => {
            ("$.epcisBody.eventList[0].eventTime", "epcis/time")
        }
        "ObjectEvent_with_non_standard_bizStep.json" => {
            ("$.epcisBody.eventList[0].bizStep", "epcis/vocabulary")
        }
        "ObjectEvent_with_quantity_as_text.json" => {
            ("$.epcisBody.eventList[0].quantityList[0].quantity", "epcis/quantity")
        }
        other => panic!("{other} is new: say where its fault is"),
    }
}

/// Event by event: what is at fault is left out, what is not is told.
#[test]
fn asked_to_skip_the_rest_of_a_document_is_told() {
    for (name, bytes) in files("epcis/invalid", &ENDINGS) {
        let Ok(document) = read(&bytes) else {
            assert_eq!(name, "EPCISDocument_without_context.json");
            continue;
        };
        let (_, import) = told(&bytes, OnError::Skip).expect("each event by itself");
        let refused = import.rows.iter().filter(|row| row.outcome.is_err()).count();
        assert!(refused > 0, "{name}");
        let bad = document.events.iter().filter(|event| event.is_err()).count();
        assert_eq!(refused, bad, "{name}");
        assert_eq!(import.story.recordings().count(), 0, "{name}: none of its events is good");
    }
}

#[test]
fn a_story_is_the_same_every_time_and_differs_from_that_of_another_document() {
    let files = files("epcis/industrial", &ENDINGS);
    let ids = |bytes: &[u8]| -> Vec<String> {
        let (_, import) = told(bytes, OnError::Stop).expect("good");
        import.story.recordings().map(|r| r.event.event_id.clone()).collect()
    };
    for (name, bytes) in &files {
        assert_eq!(ids(bytes), ids(bytes), "{name}");
    }
    let prefixes: Vec<String> = files
        .iter()
        .map(|(_, bytes)| {
            let (_, import) = told(bytes, OnError::Stop).expect("good");
            let codes = import.story.steps().find_map(|step| match step {
                suyuan_cases::story::Step::Batch { batch, .. } => Some(batch.prefix.clone()),
                _ => None,
            });
            codes.expect("a batch")
        })
        .collect();
    let mut distinct = prefixes.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), prefixes.len());
}

/// Clause 13.3: what a tier hides is nowhere in what is sent.
#[test]
fn readings_and_master_data_are_committed_not_sent() {
    for (name, bytes) in files("epcis/industrial", &ENDINGS) {
        let (_, import) = told(&bytes, OnError::Stop).expect("good");
        for recording in import.story.recordings() {
            let sent = format!("{:?} {:?}", recording.event, recording.operation);
            for hidden in ["eubat:", "STAX10 firmware", "Authorized Service Center", "97.5", "58.4"]
            {
                assert!(!sent.contains(hidden), "{name}: {hidden} in {sent}");
            }
        }
    }
}
