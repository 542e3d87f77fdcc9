//! Data services: clauses 5.4 c and d.

use super::*;

fn resolver() -> NewService {
    NewService {
        id: "resolver".into(),
        kind: ServiceKind::Resolver,
        name: "标识解析".into(),
        endpoint: "https://resolver.example.cn".into(),
    }
}

fn registered() -> World {
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world.send("acme", ExecuteMsg::RegisterService(resolver())).unwrap();
    world
}

impl World {
    fn service(&self) -> Service {
        let id = "resolver".into();
        self.ask::<Option<Service>>(QueryMsg::Service { id }).unwrap()
    }

    fn certify_service(&mut self, by: &str, until_s: u64) -> Result<Response, ContractError> {
        self.send(by, ExecuteMsg::CertifyService { service: "resolver".into(), until_s })
    }
}

/// clause 5.4 c: services are registered, with an endpoint in clear.
#[test]
fn a_service_is_registered_by_its_operator_and_found_by_kind_and_operator() {
    let mut world = registered();
    let found = world.service();
    assert_eq!((found.owner.as_str(), found.status), ("acme", ServiceStatus::Registered));
    assert_eq!(found.endpoint, "https://resolver.example.cn");
    let register = |new: NewService| ExecuteMsg::RegisterService(new);
    assert_code(world.send("bolt", register(resolver())), "ServiceExists");
    assert_code(world.send("stranger", register(resolver())), "UnknownActor");
    let bad = NewService { id: "x".into(), endpoint: "http://x.cn".into(), ..resolver() };
    assert_code(world.send("bolt", register(bad)), "BadEndpoint");
    let bad = NewService { id: "a b".into(), ..resolver() };
    assert_code(world.send("bolt", register(bad)), "BadText");
    let query = NewService { id: "query".into(), kind: ServiceKind::Query, ..resolver() };
    world.send("bolt", register(query)).unwrap();

    let ids = |msg: QueryMsg| -> Vec<String> {
        let found: Vec<Service> = world.ask(msg);
        found.into_iter().map(|s| s.id).collect()
    };
    let none = || (None::<String>, None::<u32>);
    let (start_after, limit) = none();
    assert_eq!(ids(QueryMsg::Services { start_after, limit }), ["query", "resolver"]);
    let (start_after, limit) = (Some("query".into()), Some(1));
    assert_eq!(ids(QueryMsg::Services { start_after, limit }), ["resolver"]);
    let (start_after, limit) = none();
    let kind = ServiceKind::Query;
    assert_eq!(ids(QueryMsg::ServicesOfKind { kind, start_after, limit }), ["query"]);
    let (start_after, limit) = none();
    let owner = "acme".into();
    assert_eq!(ids(QueryMsg::ServicesOf { owner, start_after, limit }), ["resolver"]);
}

/// clause 5.4 d: services are certified, m of n, until a time.
#[test]
fn a_service_is_certified_by_the_threshold_until_a_time() {
    let mut world = registered();
    let until_s = world.now_s() + 1_000;
    assert_code(world.certify_service("acme", until_s), "NotCertifier");
    let past = world.now_s();
    assert_code(world.certify_service("c1", past), "BadPeriod");
    world.certify_service("c1", until_s).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Registered, "one vote is not enough");
    let response = world.certify_service("c2", until_s).unwrap();
    assert!(kinds(&response).contains(&"service_certified"));
    assert_eq!(world.service().status, ServiceStatus::Certified);
    assert_eq!(world.service().certified_at, Some(world.env.block.height));
    world.pass(1_000);
    assert_eq!(world.service().status, ServiceStatus::Expired);
    let until_s = world.now_s() + 1_000;
    world.certify_service("c1", until_s).unwrap();
    world.certify_service("c3", until_s).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Certified, "renewed");
}

#[test]
fn a_service_that_moves_needs_its_certification_anew() {
    let mut world = registered();
    let until_s = world.now_s() + 1_000;
    let move_to = |endpoint: &str| ExecuteMsg::MoveService {
        service: "resolver".into(),
        endpoint: endpoint.into(),
    };
    world.certify_service("c1", until_s).unwrap();
    assert_code(world.send("bolt", move_to("https://b.cn")), "NotServiceOwner");
    assert_code(world.send("acme", move_to("http://b.cn")), "BadEndpoint");
    world.send("acme", move_to("https://b.cn")).unwrap();
    assert_code(world.send("c2", ExecuteMsg::Vote { proposal: 1 }), "ServiceMoved");
    world.certify_service("c2", until_s).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Registered, "votes for another endpoint");
    world.certify_service("c3", until_s).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Certified);
    world.send("acme", move_to("https://c.cn")).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Registered);
    assert_eq!(world.service().certified_until_s, None);
}

#[test]
fn a_service_is_revoked_by_its_operator_or_by_the_threshold_for_good() {
    let revoke = || ExecuteMsg::RevokeService { service: "resolver".into() };
    let mut world = registered();
    assert_code(world.send("bolt", revoke()), "NotServiceOwner");
    assert_code(world.send("stranger", revoke()), "UnknownActor");
    world.send("c1", revoke()).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Registered, "one is not enough");
    world.send("c2", revoke()).unwrap();
    assert_eq!(world.service().status, ServiceStatus::Revoked);
    assert_code(world.send("acme", revoke()), "BadServiceState");
    let until_s = world.now_s() + 1;
    assert_code(world.certify_service("c1", until_s), "BadServiceState");
    let unknown = ExecuteMsg::RevokeService { service: "other".into() };
    assert_code(world.send("acme", unknown), "UnknownService");

    let mut world = registered();
    assert_eq!(kinds(&world.send("acme", revoke()).unwrap()), ["service_revoked"]);
    assert_eq!(world.service().status, ServiceStatus::Revoked);
}

#[test]
fn a_service_of_a_stopped_operator_is_not_certified() {
    let mut world = registered();
    world.suspend("c1", "acme").unwrap();
    let until_s = world.now_s() + 1_000;
    assert_code(world.certify_service("c1", until_s), "ActorNotActive");
}
