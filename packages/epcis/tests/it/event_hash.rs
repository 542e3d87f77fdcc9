//! The CBV 2.0 event hash equals the published vectors.

use std::fs;

use suyuan_cases::place::Places;
use suyuan_epcis::context::Context;
use suyuan_epcis::evidence::Algorithm;
use suyuan_epcis::hash::{event_id, pre_hash};
use suyuan_epcis::json::{self, At, Value};

use crate::shared::{files, folder};

fn lines(name: &str) -> Vec<String> {
    let path = folder("epcis-hash").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().filter(|line| !line.trim().is_empty()).map(String::from).collect()
}

fn events(root: &Value) -> Vec<Value> {
    let body = root.get("epcisBody").expect("a body");
    let results = || body.get("queryResults")?.get("resultsBody")?.get("eventList");
    body.get("eventList").or_else(results).expect("events").items().to_vec()
}

/// Clauses 5.3 c, 8.2 b: whoever has the document comes to the same id.
#[test]
fn pre_hash_strings_and_hashes_equal_every_vector() {
    let mut count = 0;
    for (name, bytes) in files("epcis-hash", &["jsonld"]) {
        let stem = name.trim_end_matches(".jsonld");
        let text = String::from_utf8(bytes).expect("text");
        let places = Places::of(&text);
        let root = json::read(&places).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let context = Context::of(&At::root(&places, &root)).expect("a context");
        let pre: Vec<String> =
            events(&root).iter().map(|event| pre_hash(event, &context)).collect();
        assert_eq!(pre, lines(&format!("{stem}.prehashes")), "{name}");
        let ids: Vec<String> = pre.iter().map(|pre| event_id(pre, Algorithm::Sha256)).collect();
        assert_eq!(ids, lines(&format!("{stem}.hashes")), "{name}");
        count += ids.len();
        println!("{name}: {} events equal", ids.len());
    }
    assert!(count >= 20, "{count} events");
}
