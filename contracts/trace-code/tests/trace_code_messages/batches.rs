//! Issuing, withdrawing and exposing batches.

use super::*;

#[test]
fn a_batch_of_a_million_codes_is_one_small_record() {
    let (mut world, _) = World::with_batch();
    let before = world.deps.storage.range(None, None, Order::Ascending).count();
    let batch = NewBatch {
        id: "million".into(),
        prefix: "ACME2".into(),
        count: 1_000_000,
        depth: 20,
        ..generator("b1", "ACME1", 10).new_batch()
    };
    let response = world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    assert_eq!(kinds(&response), ["batch_issued"]);
    let after = world.deps.storage.range(None, None, Order::Ascending).count();
    assert_eq!(after - before, 3, "record, class index, prefix");
    let ids: Vec<Batch> = world.ask(QueryMsg::Batches {
        class: "engine".into(),
        start_after: Some("b1".into()),
        limit: None,
    });
    assert_eq!(ids.len(), 1);
    assert_eq!((ids[0].count, ids[0].issuer.as_str()), (1_000_000, "acme"));
}

#[test]
fn a_batch_is_refused_with_the_reason() {
    let (mut world, _) = World::with_batch();
    let mut refuse = |who: &str, change: fn(&mut NewBatch)| {
        let mut batch = generator("b2", "ACME2", 10).new_batch();
        change(&mut batch);
        world.send(who, ExecuteMsg::IssueBatch(batch)).unwrap_err().to_string()
    };
    for (who, change, code) in [
        ("lorry", (|_| {}) as fn(&mut NewBatch), "NotPermitted"),
        ("gone", |_| {}, "ActorNotActive"),
        ("bolt", |_| {}, "NotClassOwner"),
        ("acme", |b| b.class = "x".into(), "UnknownClass"),
        ("acme", |b| b.id = "b1".into(), "BatchExists"),
        ("acme", |b| b.id = "b 1".into(), "BadText"),
        ("acme", |b| b.prefix = String::new(), "BadPrefix"),
        ("acme", |b| b.prefix = "acme2".into(), "BadPrefix"),
        ("acme", |b| b.prefix = "A".repeat(13), "BadPrefix"),
        ("acme", |b| b.count = 0, "BadCount"),
        ("acme", |b| b.count = 17, "BadCount"),
        ("acme", |b| b.depth = 25, "BadCount"),
        ("acme", |b| b.tail = TailAlgorithm::Ed25519, "BadTail"),
        ("acme", |b| b.tail_kid = Some("k".into()), "BadTail"),
        ("acme", |b| b.prefix = "ACME1".into(), "PrefixOverlap"),
        ("acme", |b| b.prefix = "ACME17".into(), "PrefixOverlap"),
        ("acme", |b| b.prefix = "ACME".into(), "PrefixOverlap"),
        ("acme", |b| b.prefix = "BOLT7".into(), "NotPrefixOwner"),
        ("acme", |b| b.prefix = "BO".into(), "NotPrefixOwner"),
    ] {
        let refused = refuse(who, change);
        assert!(refused.starts_with(&format!("trace-code/{code}: ")), "{who}: {refused}");
    }
    let batch = generator("b2", "ACME2", 10).new_batch();
    assert!(world.send("acme", ExecuteMsg::IssueBatch(batch)).is_ok());
}

#[test]
fn inside_its_assigned_range_the_owner_issues() {
    let mut world = World::new();
    world.send("bolt", ExecuteMsg::RegisterClass(engine())).unwrap();
    let mut issue = |id: &str, prefix: &str| {
        let batch = generator(id, prefix, 4).new_batch();
        world.send("bolt", ExecuteMsg::IssueBatch(batch))
    };
    // Around its own range may lie the ranges of others.
    let refused = issue("around", "BO").unwrap_err();
    assert!(matches!(refused, ContractError::NotPrefixOwner { .. }));
    assert!(issue("inside", "BOLT1").is_ok());
}

#[test]
fn a_revoked_batch_brings_no_code_to_life_and_keeps_those_that_live() {
    let (mut world, generator, living) = World::with_code();
    let revoke = || ExecuteMsg::RevokeBatch { batch: "b1".into(), reason: "misprint".into() };
    assert_eq!(
        world.send("bolt", revoke()),
        Err(ContractError::NotIssuer { batch: "b1".into(), issuer: "acme".into() })
    );
    assert_eq!(kinds(&world.send("acme", revoke()).unwrap()), ["batch_revoked"]);
    let not_open = ContractError::BatchNotOpen { batch: "b1".into(), status: BatchStatus::Revoked };
    assert_eq!(world.activate(&generator, 1), Err(not_open.clone()));
    assert_eq!(world.send("acme", revoke()), Err(not_open));
    assert!(world.require(&living).is_ok());
    assert_eq!(world.verdict(&living, None), Verdict::Genuine);
    let presented = generator.present(1).unwrap();
    assert_eq!(world.verdict(&presented.code.clone(), Some(presented)), Verdict::Ended);
}

#[test]
fn anybody_proves_a_duplicate_and_the_batch_is_compromised() {
    let (mut world, _) = World::with_batch();
    let (batch, [first, second]) = twins();
    world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    world.advance(vec![activation(first.clone())]).unwrap();
    assert_eq!(
        world.advance(vec![activation(second.clone())]),
        Err(ContractError::CodeCollision { code: first.code.clone(), index: 1, other: 0 })
    );
    // A withdrawal does not hide it.
    let revoke = ExecuteMsg::RevokeBatch { batch: "twins".into(), reason: "hush".into() };
    world.send("acme", revoke).unwrap();

    let report = |first: &PresentedCode, second: &PresentedCode| ExecuteMsg::ReportDuplicate {
        first: first.clone(),
        second: second.clone(),
    };
    assert_eq!(world.send("nobody", report(&first, &first)), Err(ContractError::NoDuplicate));
    let mut forged = second.clone();
    forged.nonce = HexBinary::from(&[9; 16]);
    assert!(matches!(
        world.send("nobody", report(&first, &forged)),
        Err(ContractError::NotMember { .. })
    ));
    let response = world.send("nobody", report(&first, &second)).unwrap();
    assert_eq!(kinds(&response), ["batch_compromised"]);
    assert!(matches!(
        world.send("nobody", report(&first, &second)),
        Err(ContractError::BatchNotOpen { status: BatchStatus::Compromised, .. })
    ));
    assert_eq!(world.verdict(&first.code, None), Verdict::SuspectClone);
    assert!(matches!(world.require(&first.code), Err(ContractError::OverlayBlocks { .. })));
    // The issuer lifts the mark; whoever holds the proof sets it again.
    world.unmark("acme", &first.code, Overlay::SuspectClone).unwrap();
    world.send("nobody", report(&first, &second)).unwrap();
    assert_eq!(world.verdict(&first.code, None), Verdict::SuspectClone);
}
