//! What certifiers decide m of n.

use super::*;

#[test]
fn two_distinct_certifiers_make_an_applicant_active_and_create_its_accounts() {
    let mut world = World::new();
    let mut new = acme();
    new.addresses.push(address("acme-2"));
    assert_eq!(
        kinds(&world.send("c3", ExecuteMsg::Register(new)).unwrap()),
        ["participant_registered", "vote_recorded"]
    );
    assert_eq!(world.participant("acme").status, ParticipantStatus::Applied);
    assert_code(world.certify("c3", "acme"), "AlreadyVoted");
    assert_code(world.certify("acme", "acme"), "NotCertifier");
    assert_eq!(world.actor("acme").unwrap().status, ParticipantStatus::Applied);

    let response = world.certify("c1", "acme").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded", "participant_certified"]);
    let grants: Vec<_> = response.messages.into_iter().map(|m| m.msg).collect();
    let expected = ["acme", "acme-2"].map(|name| {
        CosmosMsg::Bank(BankMsg::Send {
            to_address: address(name),
            amount: vec![Coin::new(1u128, "usy")],
        })
    });
    assert_eq!(grants, expected);
    let acme = world.participant("acme");
    assert_eq!(acme.status, ParticipantStatus::Active);
    assert_eq!(acme.certified_at, Some(world.env.block.height));
    assert!(world.actor("acme-2").unwrap().may(Permission::IssueCodes));
    assert_code(world.certify("c2", "acme"), "BadState");
    assert_code(world.certify("c2", "nobody"), "UnknownParticipant");
}

#[test]
fn a_certifier_s_registration_is_its_first_vote() {
    let mut world = World::new();
    let response = world.send("c1", ExecuteMsg::Register(acme())).unwrap();
    assert_eq!(kinds(&response), ["participant_registered", "vote_recorded"]);
    assert_code(world.certify("c1", "acme"), "AlreadyVoted");
    world.certify("c2", "acme").unwrap();
    assert_eq!(world.participant("acme").status, ParticipantStatus::Active);

    let mut alone = World::blank();
    alone.init(setup(&["c1"], 1)).unwrap();
    let response = alone.send("c1", ExecuteMsg::Register(acme())).unwrap();
    assert_eq!(response.messages.len(), 1);
    assert_eq!(alone.participant("acme").status, ParticipantStatus::Active);
}

#[test]
fn a_grant_of_nothing_sends_nothing() {
    let mut world = World::blank();
    let account_grant = Coin::new(0u128, "usy");
    world.init(InstantiateMsg { account_grant, ..setup(&["c1"], 1) }).unwrap();
    let response = world.send("c1", ExecuteMsg::Register(acme())).unwrap();
    assert!(response.messages.is_empty());
}

#[test]
fn a_rejected_applicant_frees_its_numbers_and_is_not_certified() {
    let mut world = World::new();
    world.send("acme", ExecuteMsg::Register(acme())).unwrap();
    let reject = || ExecuteMsg::Reject { participant: "acme".into(), reason: "false".into() };
    assert_code(world.send("acme", reject()), "NotCertifier");
    assert_eq!(kinds(&world.send("c1", reject()).unwrap()), ["participant_rejected"]);
    assert_code(world.send("c1", reject()), "BadState");
    assert_code(world.certify("c1", "acme"), "BadState");
    assert_eq!(world.actor("acme"), None);

    let honest = NewParticipant { id: "real".into(), ..acme() };
    world.active(honest);
    let found: Option<Participant> = world.ask(QueryMsg::ByIdentifier(uscc()));
    assert_eq!(found.unwrap().id, "real");
}

#[test]
fn a_rejected_application_does_not_burn_the_id() {
    let mut world = World::new();
    let squat = NewParticipant { addresses: vec![address("evil")], ..organisation("acme") };
    world.send("evil", ExecuteMsg::Register(squat)).unwrap();
    assert_code(world.send("acme", ExecuteMsg::Register(acme())), "ParticipantExists");
    let reject = ExecuteMsg::Reject { participant: "acme".into(), reason: "false".into() };
    world.send("c1", reject).unwrap();
    world.active(acme());
    assert_eq!(world.participant("acme").addresses, [address("acme")]);
    assert_eq!(world.actor("evil"), None);
}

#[test]
fn suspension_is_lifted_and_revocation_is_not() {
    let mut world = World::with_acme();
    assert_code(world.suspend("acme", "acme"), "NotCertifier");
    world.suspend("c3", "acme").unwrap();
    assert!(!world.actor("acme").unwrap().may(Permission::IssueCodes));
    assert_code(world.suspend("c3", "acme"), "AlreadyVoted");
    let bind = ExecuteMsg::BindAddress { address: address("x") };
    assert_code(world.send("acme", bind), "ActorNotActive");
    let reinstate = || ExecuteMsg::Reinstate { participant: "acme".into() };
    world.send("c3", reinstate()).unwrap();
    assert!(world.actor("acme").unwrap().may(Permission::IssueCodes));
    assert_code(world.send("c3", reinstate()), "BadState");

    assert_eq!(kinds(&world.revoke("c1", "acme").unwrap()), ["vote_recorded"]);
    assert_code(world.revoke("c1", "acme"), "AlreadyVoted");
    assert!(world.actor("acme").unwrap().may(Permission::IssueCodes), "one vote is not enough");
    let response = world.revoke("c2", "acme").unwrap();
    assert_eq!(kinds(&response), ["vote_recorded", "participant_revoked"]);
    for refused in
        [world.revoke("c3", "acme"), world.suspend("c3", "acme"), world.send("c3", reinstate())]
    {
        assert_code(refused, "BadState");
    }
    assert_eq!(world.participant("acme").status, ParticipantStatus::Revoked);
}

#[test]
fn votes_for_one_matter_do_not_count_for_another() {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "bolt").unwrap();
    assert_eq!(world.participant("acme").status, ParticipantStatus::Active);
    assert_eq!(world.participant("bolt").status, ParticipantStatus::Active);
}
