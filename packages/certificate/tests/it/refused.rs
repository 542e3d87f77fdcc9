//! Every class of forgery is refused, for the reason that it should be.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::SeedableRng as _;
use suyuan_certificate::{verify, Fault};

use crate::tamper::{classes, Class, Ground};

/// Forgeries of each class.
const EACH: usize = 60;
/// Throws of the dice for one forgery.
const THROWS: usize = 400;

fn forge(class: &Class, ground: &Ground, dice: &mut StdRng) -> Vec<u8> {
    (0..THROWS)
        .find_map(|_| (class.forge)(ground, dice))
        .unwrap_or_else(|| panic!("{}: the dice give nothing", class.name))
}

fn check(ground: &Ground, each: usize) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut seen: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for class in classes() {
        let mut dice = StdRng::seed_from_u64(20_260_101);
        for _ in 0..each {
            let forged = forge(&class, ground, &mut dice);
            match verify(&forged, &ground.terms) {
                Ok(report) => panic!("{}: accepted {report:?}", class.name),
                Err(fault) => {
                    let known = class.reasons.contains(&fault.reason());
                    assert!(known, "{}: {} ({fault})", class.name, fault.reason());
                    seen.entry(class.name).or_default().insert(fault.reason());
                }
            }
        }
    }
    seen
}

/// clause 11.3: an answer with something missing, or twice, is no proof.
#[test]
fn each_forgery_of_a_small_certificate_is_refused_with_its_reason() {
    let ground = Ground::small();
    assert!(verify(&ground.bytes, &ground.terms).is_ok(), "the honest one is accepted");
    let seen = check(&ground, EACH);
    assert!(seen.len() >= 100, "{} classes", seen.len());
    let reasons: BTreeSet<_> = seen.values().flatten().collect();
    assert!(
        reasons.len() >= 35,
        "{} of {} reasons: {reasons:?}",
        reasons.len(),
        Fault::REASONS.len()
    );
}

#[test]
fn each_forgery_of_a_big_certificate_is_refused_with_its_reason() {
    let ground = Ground::big();
    assert!(verify(&ground.bytes, &ground.terms).is_ok(), "the honest one is accepted");
    check(&ground, 3);
}

#[test]
fn each_single_byte_counts() {
    let ground = Ground::small();
    let mut bytes = ground.bytes.clone();
    for at in (0..bytes.len()).step_by(7) {
        let old = bytes[at];
        bytes[at] = old ^ 1;
        assert!(verify(&bytes, &ground.terms).is_err(), "byte {at}");
        bytes[at] = old;
    }
}
