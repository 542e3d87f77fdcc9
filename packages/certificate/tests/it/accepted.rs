//! What is accepted, and on which terms.

use suyuan_certificate::{verify, Anchor, Certificate, Signer, Terms};
use suyuan_trace_api::assembly::Direction;

use crate::chain::{checksums, terms, Chain, Scene, Signers};
use crate::story::Story;

fn scene() -> Scene {
    Scene::new(Story::small())
}

/// clauses 5.5 and 11.2: back to the starting points and forward to the final products, proved complete.
#[test]
fn a_backward_and_a_forward_trace_are_proved() {
    let scene = scene();
    let back = scene.certificate("ROBOT1", Direction::Backward).to_bytes().expect("bytes");
    let report = verify(&back, &scene.terms()).expect("accepted");
    assert_eq!((report.units, report.links, report.events), (4, 5, 8));
    assert_eq!(report.signer, Signer::TrustedValidators);
    let graph = &report.contracts[2];
    assert_eq!(graph.name, "assembly_graph");
    let codes: Vec<u64> = graph.history.iter().map(|step| step.code_id).collect();
    assert_eq!(codes, [1, 3, 2], "the migrations show");

    let forward = scene.certificate("LOT1", Direction::Forward).to_bytes().expect("bytes");
    let report = verify(&forward, &scene.terms()).expect("accepted");
    assert_eq!((report.units, report.links), (6, 7));
}

#[test]
fn a_leaf_is_a_certificate_of_one_unit() {
    let scene = scene();
    let leaf = scene.certificate("LOT1", Direction::Backward).to_bytes().expect("bytes");
    let report = verify(&leaf, &scene.terms()).expect("accepted");
    assert_eq!((report.units, report.links), (1, 0));
}

#[test]
fn hundreds_of_units_share_their_paths() {
    let scene = Scene::new(Story::big());
    let certificate = scene.certificate("U4X0", Direction::Backward);
    let bytes = certificate.to_bytes().expect("bytes");
    let report = verify(&bytes, &scene.terms()).expect("accepted");
    assert!(report.units > 150, "{}", report.units);
    let records = 3 * report.units + report.events;
    assert!(certificate.proof.nodes.len() < 3 * records, "{} nodes", certificate.proof.nodes.len());
}

#[test]
fn without_an_anchor_it_is_consistent_and_no_more() {
    let scene = scene();
    let bytes = scene.certificate("ROBOT1", Direction::Backward).to_bytes().expect("bytes");
    let report = verify(&bytes, &terms(Anchor::None)).expect("consistent");
    assert_eq!(report.signer, Signer::Unverified);
}

#[test]
fn a_header_hash_is_an_anchor() {
    let scene = scene();
    let bytes = scene.certificate("ROBOT1", Direction::Backward).to_bytes().expect("bytes");
    let hash = verify(&bytes, &terms(Anchor::None)).expect("consistent").header_hash;
    let report = verify(&bytes, &terms(Anchor::header(&hash).expect("a hash"))).expect("accepted");
    assert_eq!(report.signer, Signer::TrustedHeader);
    let other = Anchor::header(&"ab".repeat(32)).expect("a hash");
    assert_eq!(verify(&bytes, &terms(other)).map_err(|f| f.reason()), Err("untrusted_header"));
}

#[test]
fn validators_may_have_changed_as_long_as_a_third_of_the_trusted_power_signed() {
    let scene = scene();
    let trusted = Signers::new(1, &[10, 10, 7, 5]);
    let of = |signers: &Signers| {
        let certificate =
            scene.chain.certificate(&scene.site, "ROBOT1", Direction::Backward, signers);
        verify(&certificate.to_bytes().expect("bytes"), &terms(trusted.anchor(None)))
    };
    let grown = trusted.with(&Signers::new(9, &[6, 6]));
    assert_eq!(of(&grown).map(|r| r.signer), Ok(Signer::TrustedOverlap));
    let taken_over = trusted.with(&Signers::new(9, &[500]));
    assert_eq!(of(&taken_over).map_err(|f| f.reason()), Err("untrusted_validators"));
    let strangers = Signers::new(9, &[10, 10, 7, 5]);
    assert_eq!(of(&strangers).map_err(|f| f.reason()), Err("untrusted_validators"));
}

#[test]
fn one_validator_or_a_hundred() {
    let scene = scene();
    for powers in [vec![1], vec![1, 1], vec![3; 100], (1..=31).collect()] {
        let signers = Signers::new(4, &powers);
        let certificate =
            scene.chain.certificate(&scene.site, "ROBOT1", Direction::Backward, &signers);
        let report = verify(&certificate.to_bytes().expect("bytes"), &terms(signers.anchor(None)));
        assert_eq!(report.map(|r| r.validators), Ok(powers.len()));
    }
}

#[test]
fn a_look_alike_is_refused_where_the_deployment_is_known() {
    let scene = scene();
    let twin = scene.chain.certificate(&scene.twin, "ROBOT1", Direction::Backward, &scene.signers);
    let bytes = twin.to_bytes().expect("bytes");
    let refused = verify(&bytes, &scene.terms()).map_err(|f| f.reason());
    assert_eq!(refused, Err("other_deployment"), "the anchor names the contracts");
    let mut by_file = terms(scene.signers.anchor(None));
    by_file.deployment = Some(scene.site.addresses.clone());
    assert_eq!(verify(&bytes, &by_file).map_err(|f| f.reason()), Err("other_deployment"));
    let report = verify(&bytes, &terms(scene.signers.anchor(None))).expect("the chain says so");
    assert_eq!(report.contracts[3].address, scene.twin.addresses.event_log);
}

#[test]
fn code_that_is_not_known_is_refused_also_where_it_ran_in_the_past() {
    let scene = scene();
    let bytes = scene.certificate("ROBOT1", Direction::Backward).to_bytes().expect("bytes");
    let anchor = || scene.signers.anchor(None);
    let mut current_only = suyuan_certificate::Checksums::none();
    current_only.accept(&hex::encode(crate::chain::CHECKSUM)).expect("a checksum");
    let strict = Terms { anchor: anchor(), checksums: current_only, deployment: None };
    let fault = verify(&bytes, &strict).expect_err("refused");
    assert_eq!(fault.reason(), "unknown_code");
    assert!(fault.to_string().contains("code 1 of assembly_graph"), "{fault}");
    let lenient = Terms { anchor: anchor(), checksums: checksums(), deployment: None };
    assert!(verify(&bytes, &lenient).is_ok());
}

#[test]
fn a_file_reads_back_to_the_same_bytes() {
    let scene = scene();
    let bytes = scene.certificate("ROBOT1", Direction::Backward).to_bytes().expect("bytes");
    let again = Certificate::from_bytes(&bytes).expect("canonical");
    assert_eq!(again.to_bytes().expect("bytes"), bytes);
    assert_eq!(again.clone().seal().expect("sealed"), again, "sealing changes nothing any more");
    let other = Chain::new(&[&scene.site, &scene.twin]);
    let same = other.certificate(&scene.site, "ROBOT1", Direction::Backward, &scene.signers);
    assert_eq!(same, again, "and so does building it again");
}
