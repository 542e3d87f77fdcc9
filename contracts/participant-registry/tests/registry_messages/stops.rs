//! Suspension and quarantine: one certifier is a brake that lets go by itself.

use super::*;

fn reinstate() -> ExecuteMsg {
    ExecuteMsg::Reinstate { participant: "acme".into() }
}

fn status(world: &World) -> ParticipantStatus {
    let by_id = world.participant("acme").status;
    assert_eq!(world.actor("acme").unwrap().status, by_id, "both ways of asking agree");
    by_id
}

#[test]
fn one_certifier_s_suspension_ends_by_itself() {
    let mut world = World::with_acme();
    let response = world.suspend("c1", "acme").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded", "participant_suspended"]);
    let add = || ExecuteMsg::AddKey(key("a1", KeyPurpose::Attest));
    world.pass(BRAKE_S - 1);
    assert_eq!(status(&world), ParticipantStatus::Suspended);
    assert_code(world.send("acme", add()), "ActorNotActive");
    world.pass(1);
    assert_eq!(status(&world), ParticipantStatus::Active);
    world.send("acme", add()).unwrap();
}

#[test]
fn a_brake_is_not_pulled_again_before_its_rest_by_whomever() {
    let mut world = World::with_acme();
    world.suspend("c1", "acme").unwrap();
    world.pass(PROPOSAL_AGE_S);
    let response = world.suspend("c2", "acme").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded"], "counted, without braking");
    assert_eq!(status(&world), ParticipantStatus::Active);
    world.pass(BRAKE_REST_S - PROPOSAL_AGE_S);
    let response = world.suspend("c2", "acme").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded", "participant_suspended"]);
    assert_eq!(status(&world), ParticipantStatus::Suspended);
}

#[test]
fn the_threshold_confirms_a_suspension_until_a_decision() {
    let mut world = World::with_acme();
    world.suspend("c1", "acme").unwrap();
    world.suspend("c2", "acme").unwrap();
    assert_code(world.suspend("c3", "acme"), "BadState");
    world.pass(BRAKE_S * 100);
    assert_eq!(status(&world), ParticipantStatus::Suspended);
    assert_eq!(world.participant("acme").suspension.unwrap().until_s, None);
    assert_code(world.send("acme", reinstate()), "NotCertifier");
    world.send("c1", reinstate()).unwrap();
    assert_eq!(status(&world), ParticipantStatus::Suspended, "one is not enough");
    world.send("c2", reinstate()).unwrap();
    assert_eq!(status(&world), ParticipantStatus::Active);
    assert_code(world.send("c1", reinstate()), "BadState");
}

#[test]
fn whoever_braked_lets_go_and_nobody_else_alone() {
    let mut world = World::with_acme();
    world.suspend("c1", "acme").unwrap();
    let response = world.send("c2", reinstate()).unwrap();
    assert_eq!(decision(&response).proposal, Some(1));
    assert_eq!(status(&world), ParticipantStatus::Suspended);
    assert_eq!(kinds(&world.send("c1", reinstate()).unwrap()), ["participant_reinstated"]);
    assert_eq!(status(&world), ParticipantStatus::Active);
    let again = world.suspend("c1", "acme").unwrap();
    assert_eq!(kinds(&again), ["vote_recorded"], "its rest began with the brake");
}

#[test]
fn a_single_certifier_s_registry_suspends_until_it_reinstates() {
    let mut world = World::blank();
    world.init(setup(&["c1"], 1)).unwrap();
    world.send("c1", ExecuteMsg::Register(acme())).unwrap();
    world.suspend("c1", "acme").unwrap();
    world.pass(BRAKE_S * 100);
    assert_eq!(status(&world), ParticipantStatus::Suspended);
    world.send("c1", reinstate()).unwrap();
    assert_eq!(status(&world), ParticipantStatus::Active);
}

fn with_source() -> World {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    world.certify_source("c2", "mes-1").unwrap();
    world
}

#[test]
fn one_certifier_s_quarantine_ends_by_itself() {
    let mut world = with_source();
    world.quarantine("c1", "mes-1").unwrap();
    assert_eq!(world.source("mes-1").status, SourceStatus::Quarantined);
    assert_code(world.quarantine("c1", "mes-1"), "AlreadyVoted");
    world.pass(BRAKE_S);
    assert_eq!(world.source("mes-1").status, SourceStatus::Certified);
    let listed: Vec<Source> =
        world.ask(QueryMsg::Sources { owner: "acme".into(), start_after: None, limit: None });
    assert_eq!(listed[0].status, SourceStatus::Certified);
    assert_code(world.quarantine("c1", "mes-1"), "AlreadyVoted");
    world.pass(PROPOSAL_AGE_S);
    assert_eq!(kinds(&world.quarantine("c1", "mes-1").unwrap()), ["vote_recorded"]);
    assert_eq!(world.source("mes-1").status, SourceStatus::Certified, "not before its rest");
}

#[test]
fn the_threshold_or_the_owner_quarantines_until_certified_anew() {
    for stop in [&["c1", "c2"][..], &["acme"], &["c1", "acme"]] {
        let mut world = with_source();
        for by in stop {
            world.quarantine(by, "mes-1").unwrap();
        }
        world.pass(BRAKE_S * 100);
        assert_eq!(world.source("mes-1").status, SourceStatus::Quarantined, "{stop:?}");
        world.certify_source("c1", "mes-1").unwrap();
        world.certify_source("c3", "mes-1").unwrap();
        assert_eq!(world.source("mes-1").status, SourceStatus::Certified);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever one key of three does and whenever: nobody is stopped by it for more than three days in thirty.
    #[test]
    fn one_key_stops_nobody_for_long(
        steps in proptest::collection::vec((0u64..=BRAKE_REST_S / 3, any::<bool>()), 1..30),
    ) {
        let mut world = World::with_acme();
        let mut brakes: Vec<u64> = vec![];
        for (seconds, lets_go) in steps {
            world.pass(seconds);
            // Refusals are part of the game.
            let _ = if lets_go { world.send("c1", reinstate()) } else { world.suspend("c1", "acme") };
            if let Some(stop) = world.participant("acme").suspension {
                prop_assert!(stop.until_s.is_some_and(|until| until <= stop.since_s + BRAKE_S));
                if brakes.last() != Some(&stop.since_s) {
                    brakes.push(stop.since_s);
                }
            }
            let stopped = status(&world) == ParticipantStatus::Suspended;
            let last = brakes.last().copied();
            prop_assert!(!stopped || last.is_some_and(|since| world.now_s() < since + BRAKE_S));
        }
        prop_assert!(brakes.windows(2).all(|pair| pair[1] - pair[0] >= BRAKE_REST_S));
    }
}
