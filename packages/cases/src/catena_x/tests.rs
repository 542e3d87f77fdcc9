use std::collections::BTreeSet;

use suyuan_trace_api::assembly::{Certainty, Operation, MAX_ANCESTORS, MAX_OPERATION_UNITS};

use super::{read, story};
use crate::genealogy::Reason;
use crate::model::Model;
use crate::story::Step;

fn twin(id: &str, children: &[(&str, &str)]) -> String {
    let children: Vec<String> = children
        .iter()
        .map(|(child, quantity)| {
            format!(r#"{{"childCatenaXId": "{child}", "quantity": {{"quantityNumber": {quantity}, "measurementUnit": "unit:piece"}}}}"#)
        })
        .collect();
    format!(
        r##"{{"catenaXId": "{id}",
  "urn:bamm:io.catenax.serial_part_typization:1.1.0#SerialPartTypization": [{{"localIdentifiers": [{{"key": "manufacturerId", "value": "BPNL1"}}]}}],
  "urn:bamm:io.catenax.assembly_part_relationship:1.1.0#AssemblyPartRelationship": [{{"catenaXId": "{id}", "childParts": [{}]}}]}}"##,
        children.join(",\n    ")
    )
}

fn refusal(twins: &[String]) -> (usize, Reason) {
    let text = format!("{{\"data\": [\n{}\n]}}", twins.join(",\n"));
    let refused = read(text.as_bytes()).expect_err("broken");
    (refused.place.line, refused.reason)
}

#[test]
fn children_come_before_parents() {
    let text = format!("[{},{}]", twin("a", &[("b", "1")]), twin("b", &[]));
    let genealogy = read(text.as_bytes()).expect("good");
    let order: Vec<&str> = genealogy.parts().iter().map(|part| part.id.as_str()).collect();
    assert_eq!(order, ["b", "a"]);
    assert_eq!(genealogy.links(), 1);
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    let refused = read(b"{\"data\": [\n  {\"catenaXId\": }\n]}").expect_err("broken");
    assert_eq!((refused.place.line, refused.place.column), (2, 17));
    assert!(matches!(refused.reason, Reason::NotJson(_)), "{refused}");
}

#[test]
fn unknown_parts_and_parents_are_refused_with_their_place() {
    let (line, reason) = refusal(&[twin("a", &[("b", "1"), ("ghost", "1")]), twin("b", &[])]);
    assert_eq!(line, 5);
    assert_eq!(reason, Reason::UnknownChild { parent: "a".into(), child: "ghost".into() });

    let foreign =
        twin("a", &[("b", "1")]).replace(r#"[{"catenaXId": "a""#, r#"[{"catenaXId": "z""#);
    let (line, reason) = refusal(&[foreign, twin("b", &[])]);
    assert_eq!((line, reason), (4, Reason::UnknownParent("z".into())));
}

#[test]
fn a_cycle_is_refused_with_its_members() {
    let twins = [twin("a", &[("b", "1")]), twin("b", &[("c", "1")]), twin("c", &[("a", "1")])];
    let (line, reason) = refusal(&twins);
    assert_eq!(line, 10);
    assert_eq!(reason, Reason::Cycle(["a", "b", "c", "a"].map(String::from).to_vec()));
}

#[test]
fn quantities_that_are_none_are_refused() {
    let (line, reason) = refusal(&[twin("a", &[("b", "-2")]), twin("b", &[])]);
    assert_eq!(line, 4);
    assert!(matches!(reason, Reason::Quantity { text, .. } if text == "-2"));
    let (_, reason) = refusal(&[twin("a", &[("b", "\"two\"")]), twin("b", &[])]);
    assert!(matches!(reason, Reason::Quantity { .. }));
}

#[test]
fn repeated_parts_and_lines_are_refused() {
    let (_, reason) = refusal(&[twin("a", &[]), twin("a", &[])]);
    assert_eq!(reason, Reason::DuplicatePart("a".into()));
    let (_, reason) = refusal(&[twin("a", &[("b", "1"), ("b", "1")]), twin("b", &[])]);
    assert_eq!(reason, Reason::DuplicateChild { parent: "a".into(), child: "b".into() });
}

#[test]
fn a_bill_that_repeats_another_is_one() {
    let text = format!("[{},{}]", twin("a", &[("b", "1")]), twin("b", &[]));
    let aspect = "urn:bamm:io.catenax.assembly_part_relationship:1.1.0#AssemblyPartRelationship";
    let bill = &text[text.find(aspect).expect("there") - 1..text.find("},{").expect("there")];
    let other = bill
        .replace(
            "assembly_part_relationship:1.1.0#AssemblyPartRelationship",
            "x#SingleLevelBomAsBuilt",
        )
        .replace("childParts", "childItems")
        .replace("childCatenaXId", "catenaXId");
    let twice = text.replacen(bill, &format!("{bill}, {other}"), 1);
    assert_eq!(read(twice.as_bytes()).expect("good").links(), 1);
    let differs = text.replacen(bill, &format!("{bill}, {}", other.replace(": 1,", ": 2,")), 1);
    assert!(matches!(
        read(differs.as_bytes()).expect_err("broken").reason,
        Reason::DuplicateChild { .. }
    ));
}

#[test]
fn the_story_holds_every_part_and_link_once() {
    let twins = [
        twin("a", &[("c", "1")]),
        twin("b", &[("c", "1"), ("d", "1")]),
        twin("c", &[]),
        twin("d", &[]),
    ];
    let genealogy = read(format!("[{}]", twins.join(",")).as_bytes()).expect("good");
    let model = Model::from_story(&story(&genealogy));
    assert_eq!(model.units.len(), 4);
    assert_eq!(model.links.len(), 3);
    let disputed = model.links.iter().filter(|l| l.certainty == Certainty::Disputed).count();
    assert_eq!(disputed, 1, "the second parent of c is disputed");
}

#[test]
fn a_whole_of_many_parts_is_built_in_events_of_bounded_size() {
    let ids: Vec<String> = (0..300).map(|n| format!("part-{n}")).collect();
    let children: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "1")).collect();
    let mut twins = vec![twin("whole", &children)];
    twins.extend(ids.iter().map(|id| twin(id, &[])));
    let genealogy = read(format!("[{}]", twins.join(",")).as_bytes()).expect("good");
    let story = story(&genealogy);
    for recording in story.recordings() {
        let named = match &recording.operation {
            Operation::Assemble { parts, .. } | Operation::Install { parts, .. } => parts.len() + 1,
            Operation::Commission { units } => units.len(),
            other => panic!("not an import's operation: {other:?}"),
        };
        assert!(named <= MAX_OPERATION_UNITS, "{named}");
    }
    let model = Model::from_story(&story);
    assert_eq!((model.units.len(), model.links.len()), (301, 300));
    assert!(model.links.iter().all(|link| link.certainty == Certainty::Certain));
}

#[test]
fn what_the_chain_would_refuse_is_refused_at_reading() {
    let refused = |twin: String| read(format!("[{twin}]").as_bytes()).expect_err("broken").reason;
    let long = "x".repeat(200);
    for id in ["", "with space", "零件", long.as_str()] {
        assert!(matches!(refused(twin(id, &[])), Reason::Shape(_)), "{id}");
    }
    assert!(matches!(refused(twin("a", &[("a", "0")])), Reason::Quantity { .. }));
    let maker = twin("a", &[]).replace("BPNL1", &"M".repeat(300));
    assert!(matches!(refused(maker), Reason::Shape(_)));
    let dated = twin("a", &[]).replace(
        r#"[{"localIdentifiers""#,
        r#"[{"manufacturingInformation": {"date": "04.02.2022"}, "localIdentifiers""#,
    );
    assert!(matches!(refused(dated), Reason::Shape(_)));
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let refused = read(br#"[{"catenaXId": "a", "catenaXId": "b"}]"#).expect_err("broken");
    assert_eq!(refused.reason, Reason::Shape("the key catenaXId is there twice".into()));
}

#[test]
fn what_is_no_text_or_holds_nothing_is_refused() {
    let refused = read(b"[\n\xff]").expect_err("broken");
    assert_eq!((refused.place.line, refused.place.column), (2, 1));
    assert!(matches!(refused.reason, Reason::NotJson(_)));
    for empty in ["[]", "{\"data\": []}", "{}", "42"] {
        assert!(matches!(read(empty.as_bytes()).expect_err(empty).reason, Reason::Shape(_)));
    }
}

#[test]
fn a_maker_in_any_script_stays_a_declared_supplier() {
    let text = twin("a", &[]).replace("BPNL1", "上海 制造商");
    let story = story(&read(format!("[{text}]").as_bytes()).expect("good"));
    let joined = story.steps().filter(|step| matches!(step, Step::Join(_))).count();
    assert_eq!(joined, 1, "the importer alone");
    assert_eq!(
        Model::from_story(&story).units.values().next().and_then(|u| u.maker.as_deref()),
        Some("上海 制造商")
    );
}

#[test]
fn a_piece_counted_otherwise_than_once_keeps_its_count() {
    let text = format!("[{},{}]", twin("a", &[("b", "2.5")]), twin("b", &[]));
    let model = Model::from_story(&story(&read(text.as_bytes()).expect("good")));
    assert_eq!(model.links[0].quantity.map(|q| q.to_string()).as_deref(), Some("2.5"));
}

#[test]
fn two_documents_share_neither_classes_nor_codes() {
    let names = |id: &str| -> BTreeSet<String> {
        let story = story(&read(format!("[{}]", twin(id, &[])).as_bytes()).expect("good"));
        let name = |step: &Step| match step {
            Step::Class { class, .. } => Some(class.id.clone()),
            Step::Batch { batch, .. } => Some(batch.prefix.clone()),
            _ => None,
        };
        story.steps().filter_map(name).collect()
    };
    assert!(names("a").is_disjoint(&names("b")));
}

#[test]
fn pieces_in_pieces_have_a_bounded_depth() {
    let chain = |levels: usize| {
        let twins: Vec<String> = (0..=levels)
            .map(|n| {
                let next = format!("p{}", n + 1);
                let child = [(next.as_str(), "1")];
                twin(&format!("p{n}"), if n < levels { &child } else { &[] })
            })
            .collect();
        read(format!("[{}]", twins.join(",")).as_bytes())
    };
    assert!(chain(MAX_ANCESTORS).is_ok());
    let reason = chain(MAX_ANCESTORS + 1).expect_err("too deep").reason;
    assert_eq!(reason, Reason::TooDeep("p0".into()));
}
