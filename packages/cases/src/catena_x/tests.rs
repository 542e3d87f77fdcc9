use suyuan_trace_api::assembly::Certainty;

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
    let refused = read(&text).expect_err("broken");
    (refused.place.line, refused.reason)
}

#[test]
fn children_come_before_parents() {
    let text = format!("[{},{}]", twin("a", &[("b", "1")]), twin("b", &[]));
    let genealogy = read(&text).expect("good");
    let order: Vec<&str> = genealogy.parts().iter().map(|part| part.id.as_str()).collect();
    assert_eq!(order, ["b", "a"]);
    assert_eq!(genealogy.links(), 1);
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    let refused = read("{\"data\": [\n  {\"catenaXId\": }\n]}").expect_err("broken");
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
    assert_eq!(read(&twice).expect("good").links(), 1);
    let differs = text.replacen(bill, &format!("{bill}, {}", other.replace(": 1,", ": 2,")), 1);
    assert!(matches!(read(&differs).expect_err("broken").reason, Reason::DuplicateChild { .. }));
}

#[test]
fn the_story_holds_every_part_and_link_once() {
    let twins = [
        twin("a", &[("c", "1")]),
        twin("b", &[("c", "1"), ("d", "1")]),
        twin("c", &[]),
        twin("d", &[]),
    ];
    let genealogy = read(&format!("[{}]", twins.join(","))).expect("good");
    let story = story(&genealogy);
    let mut model = Model::default();
    for step in story.steps() {
        match step {
            Step::Class { class, .. } => model.class(&class.id, class.tracking),
            Step::Record(r) => model.apply(&r.actor, &r.event.event_id, &r.operation),
            _ => {}
        }
    }
    assert_eq!(model.units.len(), 4);
    assert_eq!(model.links.len(), 3);
    let disputed = model.links.iter().filter(|l| l.certainty == Certainty::Disputed).count();
    assert_eq!(disputed, 1, "the second parent of c is disputed");
}
