//! The contracts from the command line: one command after the other on a chain with the contracts deployed.

use std::path::PathBuf;

use serde_json::{json, Value};
use suyuan_cases::story::{Recording, Scene, Writer};
use suyuan_node::cmd::init::write_home;
use suyuan_node::config::{Config, Home};
use suyuan_node::genesis::Beginning;
use suyuan_node::keyring::Keyring;
use suyuan_node::node_handle::{NodeOptions, RunningNode};
use suyuan_trace_api::assembly::{NewUnit, Operation};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{Channel, EventKind, Outcome, RecordMsg};

use crate::house::House;
use crate::node_story::PREFIX;

/// 2026-01-01.
const MADE_MS: u64 = 1_767_225_600_000;
const CELL: &str = "N31E121";
/// 2100-01-01, in seconds.
const FAR: &str = "4102444800";

/// A home with a running chain, on which alice certifies and bob has coins.
struct Works {
    house: House,
    node: RunningNode,
    writer: Writer,
}

impl Works {
    fn new() -> Self {
        let house = House::new();
        let home = Home::new(house.path());
        let ring = Keyring::new(house.path(), PREFIX);
        let mut beginning = Beginning::new(PREFIX, "usy");
        for name in ["alice", "bob"] {
            let words = suyuan_client::signer::new_mnemonic().unwrap();
            let key = ring.add_mnemonic(name, &words, 0).unwrap().signer;
            let coins = vec![suyuan_core::Coin::new(1_000_000, "usy")];
            beginning.add_account(key.address(), coins).unwrap();
        }
        write_home(&home, &Config::new("works-1", PREFIX, "usy"), &beginning).unwrap();
        let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
        let works = Self { house, node, writer: Writer::new("command line", MADE_MS) };
        works.sends("alice", &["deploy"]);
        works
    }

    /// A transaction that the chain takes.
    fn sends(&self, from: &str, args: &[&str]) -> Value {
        self.house.answer(&[args, &["--from", from, "-y"]].concat())
    }

    /// A transaction that the chain refuses with this word: exit code 1, and the code in the answer.
    fn refuses(&self, from: &str, args: &[&str], word: &str) {
        let run = self.house.run(&[args, &["--from", from, "-y"]].concat());
        assert_eq!(run.code, 1, "{args:?}\n{}\n{}", run.out, run.err);
        let line = run.err.lines().last().expect("a reason");
        let failure: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(failure["error"]["class"], "refused");
        assert!(failure["error"]["code"].as_u64().expect("a code") > 0, "{failure}");
        assert!(failure.to_string().contains(word), "{args:?}: {failure}");
    }

    fn asks(&self, args: &[&str]) -> Value {
        self.house.answer(args)
    }

    fn file(&self, name: &str, content: &Value) -> String {
        let path: PathBuf = self.house.path().join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_string()
    }

    /// Records an event by hand; gives its id.
    fn records(&mut self, scene: Scene, operation: Operation) -> String {
        let Recording { event, operation, .. } = self.writer.draft(scene, operation);
        let id = event.event_id.clone();
        let channel = Channel::Manual;
        let record = RecordMsg { event, channel, operation, id_proof: None };
        let file = self.file("event.json", &serde_json::to_value(record).unwrap());
        self.sends("alice", &["event", "record", &file]);
        id
    }
}

#[test]
fn every_contract_is_worked_from_the_command_line() {
    let mut works = Works::new();
    registry(&works);
    codes(&works);
    let unit = events(&mut works);
    graph(&works, &unit);
    proposals(&works);
    works.node.shutdown().unwrap();
}

/// Participants, services and grants.
fn registry(works: &Works) {
    let roles = ["manufacturer", "process-engineer", "regulator", "attestor"];
    let roles: Vec<&str> = roles.iter().flat_map(|role| ["--role", role]).collect();
    let acme = ["registry", "register", "acme", "--name", "Acme"];
    works.sends("alice", &[acme.as_slice(), &roles].concat());
    let beta = ["registry", "register", "beta", "--name", "Beta", "--role", "attestor"];
    works.sends("alice", &[beta.as_slice(), &["--address", "bob"]].concat());
    assert_eq!(works.asks(&["registry", "show", "beta"])["status"], "active");
    let may = works.asks(&["registry", "may", "beta", "regulate"]);
    assert_eq!((&may["allowed"], &may["reason"]), (&json!(false), &json!("not_permitted")));

    let service = ["registry", "service", "register", "resolver-1", "--kind", "resolver"];
    let endpoint = ["--name", "Resolver", "--endpoint", "https://resolver.example"];
    works.sends("alice", &[service.as_slice(), &endpoint].concat());
    works.sends("alice", &["registry", "service", "certify", "resolver-1", "--ends", FAR]);
    let listed = works.asks(&["registry", "service", "list", "--kind", "resolver"]);
    assert_eq!(listed[0]["status"], "certified");

    let envelope = Digest::of(&[b"envelope"]).to_string();
    let give = ["registry", "grant", "give", "beta", "--class", "gear", "--tier", "partner"];
    let why = ["--purpose", "quality review", "--envelope", &envelope];
    works.sends("alice", &[give.as_slice(), &why].concat());
    let grant = works.asks(&["registry", "grant", "to", "beta"])[0].clone();
    assert_eq!(grant["envelopes"][0], envelope);
    works.sends("alice", &["registry", "grant", "revoke", "1"]);
    assert!(works.asks(&["registry", "grant", "show", "1"])["revoked_at_s"].is_u64());
    works.refuses("bob", &["registry", "grant", "revoke", "1"], "registry/NotGrantor");

    works.sends("alice", &["registry", "assign-prefix", "code", "W", "acme"]);
    works.sends("alice", &["registry", "range", "offer", "code", "W", "beta"]);
    works.sends("bob", &["registry", "range", "accept", "code", "W"]);
    assert_eq!(works.asks(&["registry", "range", "owner-of", "code", "W1"]), "beta");
}

/// Classes, batches and limits.
fn codes(works: &Works) {
    let class = ["code", "register-class", "gear", "--kind", "self-made-part"];
    let named = ["--name", "Gear", "--specification", "m2 z40", "--tracking", "serial"];
    works.sends("alice", &[class.as_slice(), &named].concat());
    let steel = ["code", "register-class", "steel", "--kind", "raw-material", "--uom", "KGM"];
    works.sends(
        "alice",
        &[steel.as_slice(), &["--name", "Steel", "--specification", "C45"]].concat(),
    );
    works.sends("alice", &["code", "revise-class", "gear", "--specification", "m2 z41"]);
    let versions = works.asks(&["code", "versions", "gear"]);
    assert_eq!(versions.as_array().map(Vec::len), Some(2));

    let issue = ["code", "issue", "gears", "--class", "gear", "--code-prefix", "GEAR"];
    works.sends("alice", &[issue.as_slice(), &["--count", "100"]].concat());
    works.sends("alice", &["code", "void-range", "gears", "90", "100", "--reason", "spoilt"]);
    let stats = works.asks(&["code", "stats", "gears"]);
    assert_eq!((&stats["voided"], &stats["unused"]), (&json!(10), &json!(90)));
    assert_eq!(works.asks(&["code", "ranges", "gears"])[0]["from"], 90);

    works.sends("alice", &["code", "quota", "set", "--class", "gear", "--max", "100"]);
    let quota = works.asks(&["code", "quota", "show", "--class", "gear"]);
    assert_eq!((&quota["issued"], &quota["limit"]), (&json!(100), &json!(100)));
    let more = ["code", "issue", "more", "--class", "gear", "--code-prefix", "MORE"];
    let one_more = [more.as_slice(), &["--count", "1"]].concat();
    works.refuses("alice", &one_more, "trace-code/QuotaExceeded");
    works.sends("alice", &["code", "restrict-prefixes", "assigned-only"]);
    assert_eq!(works.asks(&["code", "config"])["assigned_prefixes_only"], true);
    let acquit = ["code", "acquit-clone", "GEAR00", "--reason", "looked at"];
    works.refuses("alice", &acquit, "trace-code/");
}

/// Profiles, words, gaps, anchors; an event, what is said of it, and one that never was. Gives a unit's code.
fn events(works: &mut Works) -> String {
    let triple =
        json!({"kind": "production", "business_step": "commissioning", "disposition": null});
    let profile = json!({
        "id": "gears", "version": 1, "industry": "gears", "schema": null, "allowed": [triple],
        "rules": [],
    });
    let file = works.file("profile.json", &profile);
    works.sends("alice", &["event", "profile", "define", &file]);
    assert_eq!(works.asks(&["event", "profile", "show", "gears"])["status"], "active");
    works.sends("alice", &["event", "vocabulary", "add", "business-step", "hobbing"]);
    let words = ["event", "vocabulary", "list", "business-step", "--start-after", "h"];
    let words = works.asks(&words).to_string();
    assert!(words.contains("hobbing"), "{words}");

    let source = ["registry", "register-source", "mes-1", "--kind", "mes", "--public-key", "alice"];
    works.sends("alice", &source);
    works.sends("alice", &["registry", "certify-source", "mes-1"]);
    works.sends("alice", &["event", "gap", "policy", "mes-1", "mark"]);
    assert_eq!(works.asks(&["event", "gap", "policy", "mes-1"]), "mark");

    let root = Digest::of(&[b"log"]).to_string();
    let anchor = ["event", "anchor", "add", "audit", "--sequence", "1", "--root", &root];
    let span = ["--count", "3", "--begin", "0", "--end", "1000"];
    works.sends("alice", &[anchor.as_slice(), &span].concat());
    let latest = works.asks(&["event", "anchor", "latest", "acme", "audit"]);
    assert_eq!(latest["anchor"]["root"], root);

    let (first, unit) = born(works, "0");
    let (wrong, _) = born(works, "1");
    works.refuses("alice", &["event", "attest", "confirm", &first], "event-log/");
    works.sends("bob", &["event", "attest", "confirm", &first]);
    assert_eq!(works.asks(&["event", "attest", "show", &first])["confirmed"], 1);
    works.sends("alice", &["event", "declare", &wrong, "--reason", "did-not-occur"]);
    let statuses = works.asks(&["event", "statuses", &first, &wrong]).to_string();
    assert_eq!(statuses.matches("declared_wrong").count(), 1, "{statuses}");
    unit
}

/// A gear comes into being and passes its inspection.
fn born(works: &mut Works, index: &str) -> (String, String) {
    let code = works.asks(&["code", "present", "gears", index]);
    let text = code["code"].as_str().expect("its text").to_string();
    let unit = json!({
        "code": code, "class": "gear", "maker": null, "lot_number": "L1", "line_number": null,
        "production_date": null, "expiry_date": null, "produced": null, "alternate_ids": [],
        "project": "P-1", "order": null,
    });
    let unit: NewUnit = serde_json::from_value(unit).unwrap();
    let (kind, step) = (EventKind::QualityInspection, "commissioning");
    let scene = Scene::new("acme", kind, &format!("gear {index} hobbed"), step, CELL)
        .adds()
        .outcome(Outcome::Pass);
    let id = works.records(scene, Operation::Commission { units: vec![unit] });
    (id, text)
}

/// Holds, plans, projects, and answers about a unit.
fn graph(works: &Works, unit: &str) {
    let open = ["graph", "campaign", "open", "HOLD-1", "--kind", "hold", "--problem", "NCR-1"];
    works.sends("alice", &[open.as_slice(), &["--reason", "in doubt", unit]].concat());
    assert_eq!(works.asks(&["graph", "campaign", "of", unit])[0]["id"], "HOLD-1");
    assert_eq!(works.asks(&["code", "verify", unit])["verdict"], "held");
    let answer = ["graph", "campaign", "answer", "HOLD-1", "acknowledged"];
    works.sends("alice", &answer);
    let holders = works.asks(&["graph", "campaign", "holders", "HOLD-1"]);
    assert_eq!(holders[0]["status"], "acknowledged");
    works.sends("alice", &["graph", "campaign", "close", "HOLD-1", "--reason", "it is good"]);
    assert_eq!(works.asks(&["code", "verify", unit])["verdict"], "genuine");

    let plan = json!({
        "class": "gear", "revision": 1, "loss_ppm": null,
        "lines": [{"class": "steel", "quantity": "0.5", "uom": "KGM", "alternatives": []}],
    });
    let file = works.file("plan.json", &plan);
    works.refuses("bob", &["graph", "plan", "define", &file], "assembly-graph/");
    works.sends("alice", &["graph", "plan", "define", &file]);
    let diff = works.asks(&["graph", "plan", "diff", unit]);
    assert_eq!(diff["lines"][0]["verdict"], "short");
    let customer = Digest::of(&[b"salt", b"customer"]).to_string();
    let project = ["graph", "project", "define", "P-1", "--customer", &customer];
    works.sends("alice", &[project.as_slice(), &["--order", "SO-1"]].concat());
    let units = works.asks(&["graph", "project", "units", "P-1"]);
    assert_eq!(units["units"][0]["level"], "part");

    assert_eq!(works.asks(&["graph", "origins", unit])[0]["code"], unit);
    assert_eq!(works.asks(&["graph", "parts", unit]), json!([]));
    assert_eq!(works.asks(&["graph", "final-products", unit])[0]["unit"]["code"], unit);
    let unknown = works.house.run(&["graph", "campaign", "show", "HOLD-2"]);
    assert_eq!(unknown.code, 1, "{}", unknown.err);
}

/// Two certifiers decide from now on.
fn proposals(works: &Works) {
    let address =
        |name: &str| works.house.run(&["keys", "show", name, "-a"]).out.trim().to_string();
    let certifiers = [address("alice"), address("bob")];
    let action = json!({
        "set_governance": {"certifiers": certifiers, "threshold": 2, "delay_s": 0},
    });
    let file = works.file("action.json", &action);
    works.sends("alice", &["registry", "proposal", "propose", &file]);
    assert_eq!(works.asks(&["registry", "config"])["threshold"], 2);

    let role = json!({"grant_role": {"participant": "beta", "role": "inspector"}});
    let file = works.file("action.json", &role);
    works.sends("alice", &["registry", "proposal", "propose", &file]);
    let open = works.asks(&["registry", "proposal", "open"]);
    let number = open[0]["id"].to_string();
    assert_eq!(open[0]["status"], "open");
    works.refuses("alice", &["registry", "proposal", "execute", &number], "registry/");
    works.sends("bob", &["registry", "proposal", "vote", &number]);
    let done = works.asks(&["registry", "proposal", "show", &number]);
    assert_eq!(done["status"], "executed");
    let may = works.asks(&["registry", "may", "beta", "inspect-any"]);
    assert_eq!(may["allowed"], true);
}
