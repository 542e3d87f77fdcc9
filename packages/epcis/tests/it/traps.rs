//! The traps of real documents (trace-model, section 8), each with the story that comes out.

use proptest::prelude::*;
use suyuan_cases::story::Step;
use suyuan_epcis::plan::{ClassLevel, OnError, Rules};
use suyuan_epcis::read::read;
use suyuan_epcis::tell::{tell, Options};
use suyuan_trace_api::assembly::{Certainty, LinkKind, Operation};
use suyuan_trace_api::fields::{holds, EPCIS_HASH};

use crate::shared::files;
use crate::stories::{told, Played, SECRET};
use crate::texts::{document, event, mixed};

fn industrial(name: &str) -> Vec<u8> {
    let all = files("epcis/industrial", &["jsonld"]);
    all.into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}")).1
}

fn play(events: &[String]) -> (suyuan_epcis::tell::Import, Played) {
    let bytes = document(&events.join(",\n"));
    let (_, import) = told(&bytes, OnError::Stop).unwrap_or_else(|fault| panic!("{fault}"));
    let played = Played::of(&import);
    (import, played)
}

/// Trap 1: the same piece on both sides is no loop and no parent of itself; the new battery replaces the old one.
#[test]
fn a_repair_with_one_piece_on_both_sides_is_a_replacement() {
    let bytes = industrial("electronics-component-replacement.jsonld");
    let (_, import) = told(&bytes, OnError::Stop).expect("good");
    assert_eq!(import.rows[0].outcome.as_deref().ok(), Some("Replace 3"));
    let played = Played::of(&import);
    let phone = "https://id.gs1.org/01/09506000134352/21/ABC123456";
    assert_eq!(
        played.parts(phone),
        [("https://id.gs1.org/01/09506000134369/21/BAT-NEW-456".to_string(), None)]
    );
    let old = played.code("https://id.gs1.org/01/09506000134369/21/BAT789012");
    let links: Vec<_> = played.model.links.iter().filter(|link| link.child == old).collect();
    assert_eq!(links.len(), 1, "it was inside once, as found");
    assert!(links[0].closed.is_some(), "and came out");
    assert!(played.model.links.iter().all(|link| link.parent != link.child));
}

/// Trap 2: Transformation and Association assert one relation; there is one link and one more witness.
#[test]
fn a_relation_that_is_asserted_twice_is_one_link() {
    let bytes = industrial("battery-amperia-staxwall-lifecycle.jsonld");
    let (_, import) = told(&bytes, OnError::Stop).expect("good");
    assert_eq!(import.rows[0].outcome.as_deref().ok(), Some("Assemble 3"));
    assert_eq!(import.rows[1].outcome.as_deref().ok(), Some("Observe 2"));
    let played = Played::of(&import);
    let pack = "https://id.gs1.org/01/09521234002000/21/STAX10-2026-000001";
    assert_eq!(
        played.parts(pack),
        [
            ("https://id.gs1.org/01/09521234007005".to_string(), Some("16".to_string())),
            ("https://id.gs1.org/8004/95212340BMS26001".to_string(), None),
        ]
    );
    assert_eq!(played.events(pack), 9, "all nine events are about the pack");
}

/// Traps 3, 4, 9: a lot in a list of pieces is a lot, an action of a transformation is ignored, a class is a ledger.
#[test]
fn lots_in_lists_of_pieces_are_lots_and_classes_are_ledgers() {
    let bytes = industrial("steel-transformation-rolling.jsonld");
    let (_, import) = told(&bytes, OnError::Stop).expect("good");
    let played = Played::of(&import);
    let lot = "https://id.gs1.org/01/09521234601005/10/H7740025";
    let billets = "https://id.gs1.org/01/09521234601029".to_string();
    assert_eq!(played.parts(lot), [(billets, Some("12.5".to_string()))]);
    let unit = &played.model.units[played.code(lot)];
    assert_eq!(unit.tracking, suyuan_trace_api::code::Tracking::Lot);
    assert_eq!(unit.lot_number.as_deref(), Some("H7740025"));
    let says = |text: &str| import.notes.iter().any(|note| note.text.contains(text));
    assert!(says("a transformation has no action"));
    assert!(says("names a class"));
}

#[test]
fn a_profile_without_class_ledgers_refuses_them_with_the_reason() {
    let document = read(&industrial("steel-transformation-rolling.jsonld")).expect("good");
    let rules = Rules { class_level: ClassLevel::Refuse, ..Rules::default() };
    let options = Options { rules, secret: SECRET };
    let fault = tell(&document, &options).expect_err("a class");
    assert_eq!(fault.reason.code(), "epcis/class-level");
    assert_eq!(fault.spot.path, "$.epcisBody.eventList[0].inputQuantityList[0].epcClass");
}

/// Trap 6: a repeated event id with an error declaration declares the first one wrong; without one it is the same
/// event.
#[test]
fn repeated_events_are_declarations_or_one_event() {
    let observed = r#""eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8", "epcList": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "OBSERVE", "bizStep": "inspecting""#;
    let first = event("ObjectEvent", 1, observed);
    let wrong = event(
        "ObjectEvent",
        1,
        &format!(
            r#"{observed}, "errorDeclaration": {{"declarationTime": "2026-01-02T00:00:00Z", "reason": "did_not_occur", "correctiveEventIDs": ["urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"]}}"#
        ),
    );
    let right = event(
        "ObjectEvent",
        2,
        r#""eventID": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "epcList": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "OBSERVE", "bizStep": "inspecting""#,
    );
    let (import, _) = play(&[first.clone(), wrong, right, first]);
    let ids: Vec<&str> = import.story.recordings().map(|r| r.event.event_id.as_str()).collect();
    assert_eq!(ids.len(), 3, "brought in, recorded once, and the corrective event");
    let declared: Vec<_> = import
        .story
        .steps()
        .filter_map(|step| match step {
            Step::Declare(declaration) => Some(declaration),
            _ => None,
        })
        .collect();
    assert_eq!(declared.len(), 1);
    assert_eq!(declared[0].wrong, ids[1]);
    assert_eq!(declared[0].corrective, [ids[2].to_string()]);
    assert!(import.notes.iter().any(|note| note.text.contains("recorded once")));
}

/// Trap 7: URN, Web URI, prefixed and bare words are one word, and keys in any spelling one key.
#[test]
fn spellings_are_mixed_and_mean_one_thing() {
    let same = |step: &str, id: &str| {
        let events = [event(
            "ObjectEvent",
            1,
            &format!(r#""epcList": ["{id}"], "action": "OBSERVE", "bizStep": "{step}""#),
        )];
        let (import, _) = play(&events);
        let last = import.story.recordings().last().expect("one").event.clone();
        (last.event_id, last.business_step)
    };
    let urn = same("urn:epcglobal:cbv:bizstep:receiving", "urn:epc:id:sgtin:4012345.011111.1");
    assert_eq!(urn.1, "receiving");
    for (step, id) in [
        ("receiving", "https://id.gs1.org/01/04012345111118/21/1"),
        ("cbv:BizStep-receiving", "https://example.com/x/01/4012345111118/21/1?a=b"),
        (
            "https://ref.gs1.org/cbv/BizStep-receiving",
            "http://example.com/gtin/04012345111118/ser/1",
        ),
    ] {
        assert_eq!(same(step, id), urn, "{step} {id}");
    }
}

/// Trap 7: a quantity as a text is a quantity, if it is one.
#[test]
fn quantities_in_texts_are_read_exactly() {
    let added = event(
        "ObjectEvent",
        1,
        r#""quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.L1", "quantity": "0.1908", "uom": "KGM"}], "action": "ADD", "bizStep": "commissioning""#,
    );
    let (_, played) = play(&[added]);
    let lot = &played.model.units[played.code("https://id.gs1.org/01/04012345111118/10/L1")];
    assert_eq!(lot.balance.map(|b| b.to_string()).as_deref(), Some("0.1908"));
}

/// Trap 8: one transformation over several events feeds a process and yields from it.
#[test]
fn a_transformation_over_several_events_is_one_process() {
    let id =
        r#""transformationID": "urn:epc:id:gdti:4012345.55555.1234", "bizStep": "commissioning""#;
    let feed = |minute, serial: u32| {
        event(
            "TransformationEvent",
            minute,
            &format!(r#""inputEPCList": ["urn:epc:id:sgtin:4012345.011111.{serial}"], {id}"#),
        )
    };
    let give = |minute, serial: u32| {
        event(
            "TransformationEvent",
            minute,
            &format!(r#""outputEPCList": ["urn:epc:id:sgtin:4012345.022222.{serial}"], {id}"#),
        )
    };
    let (import, played) = play(&[feed(1, 1), give(2, 1), feed(3, 2), give(4, 2)]);
    let verbs: Vec<_> = import.rows.iter().map(|row| row.outcome.as_deref().ok()).collect();
    assert_eq!(verbs, [Some("Feed 1"), Some("Yield 1"), Some("Feed 1"), Some("Yield 1")]);
    let parts = |serial: u32| {
        played.parts(&format!("https://id.gs1.org/01/04012345222227/21/{serial}")).len()
    };
    assert_eq!((parts(1), parts(2)), (1, 2), "an input fed later is in later outputs only");
}

#[test]
fn a_part_of_two_wholes_is_disputed_and_what_is_taken_out_was_inside() {
    let install = |minute, whole: &str| {
        event(
            "AssociationEvent",
            minute,
            &format!(
                r#""parentID": "urn:epc:id:grai:4012345.55555.{whole}", "childEPCs": ["urn:epc:id:giai:4000001.12345"], "action": "ADD", "bizStep": "assembling""#
            ),
        )
    };
    let (_, played) = play(&[install(1, "A"), install(2, "B")]);
    let certainty: Vec<Certainty> = played.model.links.iter().map(|link| link.certainty).collect();
    assert_eq!(certainty, [Certainty::Certain, Certainty::Disputed]);

    let unpack = event(
        "AggregationEvent",
        1,
        r#""parentID": "urn:epc:id:sscc:4012345.0111111111", "childEPCs": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "DELETE", "bizStep": "unpacking""#,
    );
    let (import, played) = play(&[unpack]);
    assert_eq!(import.rows[0].outcome.as_deref().ok(), Some("Unpack 2"));
    let links: Vec<_> = played.model.links.iter().map(|l| (l.kind, l.closed.is_some())).collect();
    assert_eq!(links, [(LinkKind::Pack, true)]);
}

/// More taken than was made: the document contradicts itself, so the quantity is not known – which is not zero.
#[test]
fn a_lot_of_which_more_is_taken_than_was_made_has_no_known_quantity() {
    let lot = |amount: u32| {
        format!(
            r#"[{{"epcClass": "urn:epc:class:lgtin:4012345.011111.L1", "quantity": {amount}, "uom": "KGM"}}]"#
        )
    };
    let made = event("ObjectEvent", 1, &format!(r#""quantityList": {}, "action": "ADD""#, lot(10)));
    let used = |minute, amount, serial: u32| {
        event(
            "TransformationEvent",
            minute,
            &format!(
                r#""inputQuantityList": {}, "outputEPCList": ["urn:epc:id:sgtin:4012345.022222.{serial}"]"#,
                lot(amount)
            ),
        )
    };
    let balance = |events: &[String]| {
        let (_, played) = play(events);
        played.model.units[played.code("https://id.gs1.org/01/04012345111118/10/L1")]
            .balance
            .map(|b| b.to_string())
    };
    assert_eq!(balance(&[made.clone(), used(2, 4, 1)]).as_deref(), Some("6"));
    assert_eq!(balance(&[made, used(2, 4, 1), used(3, 7, 2)]), None);
}

#[test]
fn events_are_played_in_the_order_in_which_they_happened() {
    let pack = event(
        "AggregationEvent",
        5,
        r#""parentID": "urn:epc:id:sscc:4012345.0111111111", "childEPCs": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "ADD""#,
    );
    let made = event(
        "ObjectEvent",
        1,
        r#""epcList": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "ADD", "bizStep": "commissioning""#,
    );
    let (import, _) = play(&[pack, made]);
    let operations: Vec<bool> = import
        .story
        .recordings()
        .map(|r| matches!(r.operation, Operation::Commission { .. }))
        .collect();
    assert_eq!(operations, [true, true, false], "the piece, its container, then the packing");
}

/// E1: whoever holds the secret shows that the payload is that of the event with this id.
#[test]
fn the_payload_commits_to_the_event_hash() {
    let bytes = industrial("battery-state-of-health.jsonld");
    let (document, import) = told(&bytes, OnError::Stop).expect("good");
    let event = document.events[0].as_ref().expect("good");
    let sealed = suyuan_epcis::tell::sealed(event, &SECRET).expect("few fields");
    let recorded = import.story.recordings().last().expect("one").event.clone();
    let payload = recorded.payload.expect("committed");
    assert_eq!((payload.root, payload.fields), (sealed.root(), sealed.count()));
    for (field, value) in
        [(EPCIS_HASH, event.hash.as_str()), ("sensorElementList[0].sensorReport[0].value", "94.2")]
    {
        let shown = sealed.disclose(field).expect("there");
        assert_eq!(shown.value, value);
        assert!(holds(&payload.root, payload.fields, &shown));
    }
    let other = suyuan_epcis::tell::sealed(event, &[8; 32]).expect("few fields");
    assert_ne!(other.root(), payload.root, "the salts come from the secret");
}

#[test]
fn events_of_the_future_are_refused_before_anything_is_sent() {
    let document = read(&industrial("battery-state-of-health.jsonld")).expect("good");
    let rules = Rules { latest_ms: Some(0), ..Rules::default() };
    let fault = tell(&document, &Options { rules, secret: SECRET }).expect_err("later than 1970");
    assert_eq!(fault.reason.code(), "epcis/future");
}

/// A.2, B.1: the equipment that inspected is indexed with the event.
#[test]
fn devices_that_read_are_inspection_equipment() {
    let bytes = industrial("battery-state-of-health.jsonld");
    let (_, import) = told(&bytes, OnError::Stop).expect("good");
    let recorded = import.story.recordings().last().expect("one").event.clone();
    let ids: Vec<&str> = recorded.resources.iter().map(|resource| resource.id.as_str()).collect();
    assert_eq!(ids, ["https://id.gs1.org/8004/9521987BMS-001"]);
}

#[test]
fn faults_in_the_text_are_placed() {
    let fault = read(b"{\"@context\": [\n  }").expect_err("broken");
    assert_eq!((fault.spot.place.line, fault.spot.place.column), (2, 3));
    let twice = read(b"{\"type\": 1, \"type\": 2}").expect_err("twice");
    assert!(twice.to_string().contains("the key type is there twice"), "{twice}");
    let deep = "[".repeat(60) + &"]".repeat(60);
    assert_eq!(read(deep.as_bytes()).expect_err("deep").reason.code(), "epcis/too-large");
    let bad = event(
        "ObjectEvent",
        1,
        r#""epcList": ["https://id.gs1.org/01/04012345111117/21/1"], "action": "ADD""#,
    );
    let fault = told(&document(&bad), OnError::Stop).expect_err("check digit");
    assert_eq!(fault.spot.path, "$.epcisBody.eventList[0].epcList[0]");
    assert_eq!(fault.reason.code(), "identifier/check");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any order and mix of packing, unpacking, building and using up: each document is told, no whole is inside its
    /// part, and every unit is born before it is named.
    #[test]
    fn any_mix_of_events_is_told_without_loops(
        steps in prop::collection::vec((0u8..9, 0u8..5, 0u8..5), 1..25)
    ) {
        let events = mixed(&steps);
        let (import, played) = play(&events);
        prop_assert_eq!(played.model.units.len(), import.units.len());
        for code in played.model.units.keys() {
            let below = played.model.backward(code);
            prop_assert!(below.links.keys().all(|(parent, child)| parent != child));
        }
        for recording in import.story.recordings() {
            for code in suyuan_cases::model::named(&recording.operation) {
                prop_assert!(played.model.units.contains_key(&code), "{code}");
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
        let _ = read(text.as_bytes());
        let _ = read(&document(&text));
    }
}
