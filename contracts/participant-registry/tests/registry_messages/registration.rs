//! What an applicant may say of itself.

use super::*;

#[test]
fn a_registration_is_refused_with_the_reason() {
    let mut world = World::with_acme();
    let mut refuse = |change: fn(&mut NewParticipant), code: &str| {
        let mut new = organisation("bolt");
        change(&mut new);
        assert_code(world.send("bolt", ExecuteMsg::Register(new)), code);
    };
    let gln = |value: &str| Identifier { scheme: IdentifierScheme::Gln, value: value.into() };
    assert_eq!(gln("9521141000007").value.len(), 13);
    refuse(|n| n.id = "a b".into(), "BadText");
    refuse(|n| n.id = "acme".into(), "ParticipantExists");
    refuse(|n| n.name = None, "BadName");
    refuse(|n| n.name = Some("x".repeat(257)), "BadText");
    refuse(|n| n.name_commitment = Some(Digest::ZERO), "BadName");
    refuse(|n| n.kind = ParticipantKind::Person, "BadName");
    refuse(|n| n.roles = vec!["king".into()], "UnknownRole");
    refuse(|n| n.roles = vec!["seller".into(); 17], "TooMany");
    refuse(|n| n.addresses = vec![], "NoAddress");
    refuse(|n| n.addresses = vec![address("acme")], "AddressTaken");
    refuse(|n| n.addresses = vec![address("bolt"), address("bolt")], "AddressTaken");
    refuse(|n| n.addresses = vec![address("bolt"), address("victim")], "NotOwnAddress");
    refuse(|n| n.addresses = vec!["nonsense".into()], "Fault");
    refuse(|n| n.addresses = vec![address("b"); 17], "TooMany");
    refuse(|n| n.identifiers = vec![uscc()], "IdentifierTaken");
    refuse(|n| n.identifiers = vec![uscc(); 9], "TooMany");
    refuse(
        |n| {
            n.identifiers = vec![Identifier {
                scheme: IdentifierScheme::Lei,
                value: "529900T8BM49AURSDO56".into(),
            }]
        },
        "BadIdentifier",
    );
}

#[test]
fn a_person_is_known_by_a_commitment_only() {
    let mut world = World::new();
    let person = NewParticipant {
        kind: ParticipantKind::Person,
        name: None,
        name_commitment: Some(Digest::of(&[b"salt", b"name"])),
        addresses: vec![address("p")],
        ..organisation("p-1")
    };
    let named = NewParticipant { name: Some("王小明".into()), ..person.clone() };
    assert_code(world.send("p", ExecuteMsg::Register(named)), "BadName");
    let numbered = NewParticipant { identifiers: vec![uscc()], ..person.clone() };
    assert_code(world.send("p", ExecuteMsg::Register(numbered)), "PersonIdentifier");
    world.send("p", ExecuteMsg::Register(person)).unwrap();
    assert_eq!(world.participant("p-1").name, None);
}

#[test]
fn participants_are_paged_in_order_of_id() {
    let mut world = World::new();
    for id in ["c", "a", "b"] {
        world.send(id, ExecuteMsg::Register(organisation(id))).unwrap();
    }
    let page = |start_after: Option<&str>, limit| {
        let start_after = start_after.map(Into::into);
        let found: Vec<Participant> = world.ask(QueryMsg::Participants { start_after, limit });
        found.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, Some(2)), ["a", "b"]);
    assert_eq!(page(Some("b"), None), ["c"]);
}

#[test]
fn an_address_bound_without_asking_gets_free_again() {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::BindAddress { address: address("victim") }).unwrap();
    world.suspend("c1", "acme").unwrap();
    let leave = |name: &str| ExecuteMsg::UnbindAddress { address: address(name) };
    assert_code(world.send("acme", leave("victim")), "ActorNotActive");
    assert_code(world.send("stranger", leave("victim")), "UnknownActor");
    assert_code(world.send("stranger", leave("stranger")), "UnknownActor");
    world.send("victim", leave("victim")).unwrap();
    assert_code(world.send("acme", leave("acme")), "LastAddress");
    world.send("victim", ExecuteMsg::Register(organisation("victim"))).unwrap();
}
