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
    refuse(|n| n.kind = ParticipantKind::Machine, "BadActsFor");
    refuse(|n| n.acts_for = Some("acme".into()), "BadActsFor");
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
        "BadCheckDigit",
    );
    refuse(
        |n| {
            let value = "BPNL00000003AYR".into();
            n.identifiers = vec![Identifier { scheme: IdentifierScheme::Bpn, value }]
        },
        "BadIdentifier",
    );
}

/// clause 7.1 a: a machine acts for somebody, and no better than that one may.
#[test]
fn a_machine_acts_for_a_person_or_an_organisation() {
    let mut world = World::with_acme();
    let machine = |id: &str, acts_for: &str| NewParticipant {
        kind: ParticipantKind::Machine,
        acts_for: Some(acts_for.into()),
        ..organisation(id)
    };
    let register = |m: NewParticipant| ExecuteMsg::Register(m);
    assert_code(world.send("m-1", register(machine("m-1", "nobody"))), "UnknownParticipant");
    world.active(machine("m-1", "acme"));
    assert_eq!(world.participant("m-1").acts_for.as_deref(), Some("acme"));
    assert_code(world.send("m-2", register(machine("m-2", "m-1"))), "ActsForMachine");
    assert!(world.actor("m-1").unwrap().may(Permission::RecordEvents));

    world.suspend("c1", "acme").unwrap();
    let actor = world.actor("m-1").unwrap();
    assert_eq!(actor.status, ParticipantStatus::Suspended);
    assert!(!actor.may(Permission::RecordEvents));
    let add = ExecuteMsg::AddKey(key("a1", KeyPurpose::Attest));
    assert_code(world.send("m-1", add), "ActorNotActive");
    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
    assert_eq!(world.actor("m-1").unwrap().status, ParticipantStatus::Revoked);
    assert_code(world.send("m-2", register(machine("m-2", "acme"))), "Final");
}

/// The schemes of organisations, each with its check.
#[test]
fn a_number_has_one_owner_under_whichever_scheme() {
    let mut world = World::new();
    let number = |scheme, value: &str| Identifier { scheme, value: value.into() };
    let gln = || number(IdentifierScheme::Gln, "9521141000007");
    let pgln = || number(IdentifierScheme::Pgln, "9521141000007");
    let all = NewParticipant {
        identifiers: vec![
            uscc(),
            gln(),
            pgln(),
            number(IdentifierScheme::Lei, "529900T8BM49AURSDO55"),
            number(IdentifierScheme::Bpn, "BPNL00000003AYRE"),
        ],
        ..organisation("acme")
    };
    world.send("acme", ExecuteMsg::Register(all)).unwrap();
    let thief = NewParticipant { identifiers: vec![pgln()], ..organisation("bolt") };
    assert_code(world.send("bolt", ExecuteMsg::Register(thief)), "IdentifierTaken");
    let found: Option<Participant> = world.ask(QueryMsg::ByIdentifier(pgln()));
    assert_eq!(found.unwrap().id, "acme");
}

/// clauses 7.1 a, 12.3, 13.3: who takes part is on record; a person under a pseudonym and a commitment.
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
    let state: Vec<u8> = world
        .deps
        .storage
        .range(None, None, Order::Ascending)
        .flat_map(|(k, v)| [k, v].concat())
        .collect();
    assert!(!String::from_utf8_lossy(&state).contains("王小明"));
}

/// Licences, addresses and contacts stay outside the chain; that they are those of the certified applicant can be shown.
#[test]
fn master_data_outside_the_chain_is_bound_by_a_commitment() {
    let mut world = World::new();
    let data = |n: u8| Some(Digest::of(&[b"salt", &[n]]));
    world.active(NewParticipant { metadata: data(1), ..acme() });
    assert_eq!(world.participant("acme").metadata, data(1));
    let set = |metadata| ExecuteMsg::SetMetadata { metadata };
    assert_code(world.send("stranger", set(data(2))), "UnknownActor");
    let told = world.send("acme", set(data(2))).unwrap();
    assert_eq!(kinds(&told), ["metadata_set"]);
    assert_eq!(world.participant("acme").metadata, data(2));
    world.send("acme", set(None)).unwrap();
    assert_eq!(world.participant("acme").metadata, None);
    world.suspend("c1", "acme").unwrap();
    assert_code(world.send("acme", set(data(3))), "ActorNotActive");
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
