//! How many codes may be issued, and where.

use super::*;

fn class(id: &str) -> QuotaScope {
    QuotaScope::Class(id.into())
}

fn issuer(id: &str) -> QuotaScope {
    QuotaScope::Issuer(id.into())
}

fn limit(scope: QuotaScope, limit: Option<u64>) -> ExecuteMsg {
    ExecuteMsg::SetQuota { scope, limit }
}

/// Invariant K6
#[test]
fn what_is_issued_stays_within_the_quota_of_class_and_issuer() {
    for scope in [class("engine"), issuer("acme")] {
        let (mut world, _) = World::with_batch();
        let response = world.send("authority", limit(scope.clone(), Some(25))).unwrap();
        assert_eq!(kinds(&response), ["quota_set"]);
        world.issue("b2", "ACME2", |spec| spec.count = 15);
        let batch = generator("b3", "ACME3", 1).new_batch();
        let exceeded =
            ContractError::QuotaExceeded { scope: scope.clone(), asked: 1, issued: 25, limit: 25 };
        assert_eq!(world.send("acme", ExecuteMsg::IssueBatch(batch.clone())), Err(exceeded));
        let quota: Quota = world.ask(QueryMsg::Quota { scope: scope.clone() });
        assert_eq!(quota, Quota { scope: scope.clone(), issued: 25, limit: Some(25) });
        world.send("authority", limit(scope, None)).unwrap();
        world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    }
}

#[test]
fn a_withdrawn_batch_frees_no_quota() {
    let (mut world, _) = World::with_batch();
    world.send("authority", limit(class("engine"), Some(10))).unwrap();
    let revoke = ExecuteMsg::RevokeBatch { batch: "b1".into(), reason: "misprint".into() };
    world.send("acme", revoke).unwrap();
    let batch = generator("b2", "ACME2", 1).new_batch();
    let refused = world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap_err();
    assert!(starts_with_code(&refused, "QuotaExceeded"), "{refused}");
}

#[test]
fn only_a_regulator_sets_quotas_and_restricts_prefixes() {
    let (mut world, _) = World::with_batch();
    for (who, code) in [("acme", "NotPermitted"), ("gone", "ActorNotActive"), ("x", "UnknownActor")]
    {
        let refused = world.send(who, limit(class("engine"), None)).unwrap_err();
        assert!(starts_with_code(&refused, code), "{who}: {refused}");
        let restrict = ExecuteMsg::RestrictPrefixes { assigned_only: true };
        let refused = world.send(who, restrict).unwrap_err();
        assert!(starts_with_code(&refused, code), "{who}: {refused}");
    }
    let refused = world.send("authority", limit(class("a b"), None)).unwrap_err();
    assert!(starts_with_code(&refused, "BadText"), "{refused}");
}

#[test]
fn quotas_are_paged_classes_before_issuers() {
    let (mut world, _) = World::with_batch();
    world.send("authority", limit(issuer("zulu"), Some(0))).unwrap();
    world.send("authority", limit(class("wheel"), Some(7))).unwrap();
    let page = |start_after: Option<QuotaScope>, limit| {
        let quotas: Vec<Quota> = world.ask(QueryMsg::Quotas { start_after, limit });
        quotas.into_iter().map(|quota| quota.scope).collect::<Vec<_>>()
    };
    let all = [class("engine"), class("wheel"), issuer("acme"), issuer("zulu")];
    assert_eq!(page(None, None), all);
    assert_eq!(page(None, Some(3)), all[..3]);
    assert_eq!(page(Some(class("wheel")), None), all[2..]);
}

/// Invariant K5
#[test]
fn where_a_regulator_asks_for_it_codes_are_issued_in_assigned_ranges_only() {
    let mut world = World::new();
    world.send("bolt", ExecuteMsg::RegisterClass(engine())).unwrap();
    let restrict = |assigned_only| ExecuteMsg::RestrictPrefixes { assigned_only };
    let response = world.send("authority", restrict(true)).unwrap();
    assert_eq!(kinds(&response), ["prefixes_restricted"]);
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert!(config.assigned_prefixes_only);
    let issue =
        |id: &str, prefix: &str| ExecuteMsg::IssueBatch(generator(id, prefix, 4).new_batch());
    assert_eq!(
        world.send("bolt", issue("b1", "FREE")),
        Err(ContractError::PrefixNotAssigned { prefix: "FREE".into() })
    );
    world.send("bolt", issue("b1", "BOLT1")).unwrap();
    world.send("authority", restrict(false)).unwrap();
    world.send("bolt", issue("b2", "FREE")).unwrap();
}
