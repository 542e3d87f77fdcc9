//! Authentication nodes 认证节点: clause 6.4.

use super::*;

fn attest_key(kid: &str) -> ExecuteMsg {
    ExecuteMsg::AddKey(key(kid, KeyPurpose::Attest))
}

fn attestor(id: &str) -> NewParticipant {
    NewParticipant { roles: vec!["attestor".into()], ..organisation(id) }
}

impl World {
    fn attestors(&self, at_height: Option<u64>) -> Vec<(String, String)> {
        let answer: AttestorsAnswer =
            self.ask(QueryMsg::Attestors { at_height, start_after: None, limit: None });
        answer
            .attestors
            .into_iter()
            .map(|Attestor { participant, key }| (participant, key.kid))
            .collect()
    }
}

/// clause 6.4: an authentication node is an active participant that may attest and has a key for it.
#[test]
fn attestors_have_the_permission_and_a_key_that_is_valid() {
    let mut world = World::with_acme();
    world.active(attestor("node-1"));
    world.active(attestor("node-2"));
    world.send("acme", attest_key("k")).unwrap();
    world.send("node-1", attest_key("k")).unwrap();
    world.send("node-1", ExecuteMsg::AddKey(key("tail", KeyPurpose::CodeTail))).unwrap();
    let pair = |id: &str| (id.to_owned(), "k".to_owned());
    assert_eq!(world.attestors(None), [pair("node-1")], "a key alone is not enough");
    let before = world.env.block.height;
    world.pass(100);
    world.send("node-2", attest_key("k")).unwrap();
    assert_eq!(world.attestors(None), [pair("node-1"), pair("node-2")]);
    assert_eq!(world.attestors(Some(before)), [pair("node-1")], "the keys of another height");
    world.send("node-1", ExecuteMsg::RevokeKey { kid: "k".into() }).unwrap();
    assert_eq!(world.attestors(None), [pair("node-2")]);
    assert_eq!(world.attestors(Some(before)), [pair("node-1")]);
    world.suspend("c1", "node-2").unwrap();
    assert!(world.attestors(None).is_empty());
    world.pass(BRAKE_S);
    assert_eq!(world.attestors(None), [pair("node-2")]);
}

/// clause 6.4: the participants that co-sign are those that certify, m of n: participants, data sources and services.
#[test]
fn authentication_nodes_certify_m_of_n_and_attest() {
    let mut world = World::with_acme();
    for (id, certifier) in [("node-1", "c1"), ("node-2", "c2")] {
        let new = NewParticipant { addresses: vec![address(certifier)], ..attestor(id) };
        world.active(new);
        world.send(certifier, attest_key("k")).unwrap();
        assert_eq!(world.actor(certifier).unwrap().participant, id);
    }
    let pair = |id: &str| (id.to_owned(), "k".to_owned());
    assert_eq!(world.attestors(None), [pair("node-1"), pair("node-2")]);

    world.send("bolt", ExecuteMsg::Register(organisation("bolt"))).unwrap();
    world.certify("c1", "bolt").unwrap();
    assert_eq!(world.participant("bolt").status, ParticipantStatus::Applied, "one is not enough");
    world.certify("c2", "bolt").unwrap();
    assert_eq!(world.participant("bolt").status, ParticipantStatus::Active);

    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    assert_eq!(world.source("mes-1").status, SourceStatus::Registered, "one is not enough");
    world.certify_source("c2", "mes-1").unwrap();
    assert_eq!(world.source("mes-1").status, SourceStatus::Certified);

    let service = NewService {
        id: "resolver".into(),
        kind: ServiceKind::Resolver,
        name: "标识解析".into(),
        endpoint: "https://resolver.example.cn".into(),
    };
    world.send("acme", ExecuteMsg::RegisterService(service)).unwrap();
    let until_s = world.env.block.time.seconds() + 1_000;
    let certify = || ExecuteMsg::CertifyService { service: "resolver".into(), until_s };
    let status = |world: &World| {
        let found: Option<Service> = world.ask(QueryMsg::Service { id: "resolver".into() });
        found.unwrap().status
    };
    world.send("c1", certify()).unwrap();
    assert_eq!(status(&world), ServiceStatus::Registered, "one is not enough");
    world.send("c2", certify()).unwrap();
    assert_eq!(status(&world), ServiceStatus::Certified);
    assert_code(world.send("acme", certify()), "NotCertifier");
}

#[test]
fn attestors_are_paged_and_no_page_hides_another() {
    let mut world = World::with_acme();
    for id in ["a", "b", "c"] {
        let new = if id == "b" { organisation(id) } else { attestor(id) };
        world.active(new);
        for kid in ["k1", "k2"] {
            world.send(id, attest_key(kid)).unwrap();
        }
    }
    for size in 1..8 {
        let mut found = vec![];
        let mut start_after = None;
        for _ in 0..8 {
            let limit = Some(size);
            let page: AttestorsAnswer =
                world.ask(QueryMsg::Attestors { at_height: None, start_after, limit });
            found.extend(page.attestors.into_iter().map(|a| a.participant + "/" + &a.key.kid));
            start_after = page.next;
            if start_after.is_none() {
                break;
            }
        }
        assert_eq!(found, ["a/k1", "a/k2", "c/k1", "c/k2"], "pages of {size}");
    }
}
