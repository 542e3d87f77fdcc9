//! The stories of documents on the four contracts: every message is accepted, and the graph says what the plain model
//! says.
#![allow(missing_docs, reason = "tests are read as claims")]

#[path = "../it/shared.rs"]
mod shared;

#[path = "../it/texts.rs"]
mod texts;

mod house;

use proptest::prelude::*;
use suyuan_cases::model::Model;
use suyuan_cases::story::Story;
use suyuan_epcis::plan::{Before, Known, Rules};
use suyuan_epcis::read::read;
use suyuan_epcis::tell::{tell, tell_after, Options, IMPORTER};
use suyuan_trace_api::assembly::Quality;

use house::House;
use shared::files;
use texts::{document, mixed};

const ENDINGS: [&str; 2] = ["json", "jsonld"];

fn story(name: &str, bytes: &[u8]) -> Story {
    let options = Options { rules: Rules::default(), secret: [7; 32] };
    let document = read(bytes).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    tell(&document, &options).unwrap_or_else(|fault| panic!("{name}: {fault}")).story
}

fn agree(name: &str, house: &House, story: &Story) {
    let model = Model::from_story(story);
    for (code, unit) in &model.units {
        let seen = house.unit(code).unwrap_or_else(|| panic!("{name}: no unit {code}"));
        assert_eq!(seen.alternate_ids[0].value, unit.alternate_id, "{name}");
        assert_eq!(seen.balance, unit.balance, "{name}: {}", unit.alternate_id);
        assert_eq!(seen.event_range.count, unit.events.len() as u64, "{name}: {code}");
        assert!(matches!(
            seen.quality,
            Quality::Witnessed | Quality::NotNeeded | Quality::Passed | Quality::Failed
        ));
        assert_eq!(house.backward(code), model.backward(code), "{name}: {}", unit.alternate_id);
        assert_eq!(house.forward(code), model.forward(code), "{name}: {}", unit.alternate_id);
    }
}

/// Clauses 6.1, 11.2, 11.3: what third-party systems report is on the chain, traced both ways, nothing missing and
/// nothing twice.
#[test]
fn every_valid_document_is_recorded_and_traced_as_the_model_says() {
    for folder in ["epcis/documents", "epcis/industrial"] {
        for (name, bytes) in files(folder, &ENDINGS) {
            let story = story(&name, &bytes);
            let mut house = House::new(IMPORTER);
            house.play(&name, &story);
            agree(&name, &house, &story);
        }
    }
}

/// Documents of the event hash's vectors are EPCIS documents, too.
#[test]
fn the_documents_of_the_hash_vectors_are_recorded() {
    for (name, bytes) in files("epcis-hash", &["jsonld"]) {
        let story = story(&name, &bytes);
        let mut house = House::new(IMPORTER);
        house.play(&name, &story);
        agree(&name, &house, &story);
    }
}

/// One document after the other on one chain: none of their codes, classes and batches collide.
#[test]
fn documents_that_share_no_object_are_imported_on_one_chain() {
    let mut house = House::new(IMPORTER);
    for wanted in [
        "steel-transformation-rolling.jsonld",
        "electronics-component-replacement.jsonld",
        "battery-amperia-staxwall-lifecycle.jsonld",
        "battery-commissioning.jsonld",
    ] {
        let all = files("epcis/industrial", &["jsonld"]);
        let (name, bytes) = all.into_iter().find(|(name, _)| name == wanted).expect(wanted);
        let story = story(&name, &bytes);
        house.play(&name, &story);
        agree(&name, &house, &story);
    }
}

/// A thing's events come in several documents: each goes on with the units of those before, and none is recorded
/// twice.
#[test]
fn a_later_document_goes_on_with_the_units_of_the_earlier_ones() {
    let all = files("epcis/industrial", &["jsonld"]);
    let bytes = |wanted: &str| {
        let found = all.iter().find(|(name, _)| name == wanted);
        found.map(|(_, bytes)| bytes.clone()).expect(wanted)
    };
    let options = Options { rules: Rules::default(), secret: [7; 32] };
    let first = read(&bytes("battery-commissioning.jsonld")).expect("good");
    let told = tell(&first, &options).expect("good");
    let mut house = House::new(IMPORTER);
    house.play("first", &told.story);
    let model = Model::from_story(&told.story);
    let (code, unit) = model.units.iter().next().expect("one battery");
    let known = Known { code: code.clone(), holder: None, gone: false, left: None, uom: None };
    let before = Before {
        units: [(unit.alternate_id.clone(), known)].into(),
        events: told.rows.iter().filter_map(|row| Some((row.event_id.clone()?, false))).collect(),
    };
    let again = tell_after(&first, &options, &before).expect("good");
    assert_eq!(again.story.recordings().count(), 0, "nothing of it is new");
    let later = read(&bytes("battery-shipping.jsonld")).expect("good");
    let later = tell_after(&later, &options, &before).expect("good");
    house.play("later", &later.story);
    assert_eq!(house.unit(code).expect("there").event_range.count, 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever order and mix of events a document holds, the contracts take all of its story.
    #[test]
    fn any_mix_of_events_is_accepted_by_the_contracts(
        steps in prop::collection::vec((0u8..9, 0u8..4, 0u8..4), 1..16)
    ) {
        let bytes = document(&mixed(&steps).join(",\n"));
        let story = story("mixed", &bytes);
        let mut house = House::new(IMPORTER);
        house.play("mixed", &story);
        agree("mixed", &house, &story);
    }
}
