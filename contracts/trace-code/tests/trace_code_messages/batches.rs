//! Issuing, withdrawing and exposing batches.

use super::*;

#[test]
fn a_batch_of_a_million_codes_is_one_small_record() {
    let (mut world, _) = World::with_batch();
    let size = |world: &World| {
        let entries = world.deps.storage.range(None, None, Order::Ascending);
        entries.fold((0, 0), |(n, bytes), (key, value)| (n + 1, bytes + key.len() + value.len()))
    };
    let before = size(&world);
    let batch = NewBatch {
        id: "million".into(),
        prefix: "ACME2".into(),
        count: 1_000_000,
        depth: 20,
        tail: TailAlgorithm::Ed25519,
        tail_kid: Some("tail".into()),
        line: Some("line-7".into()),
        secret_mode: SecretMode::Hidden,
        valid_from_s: Some(1_571_797_419),
        valid_to_s: Some(1_971_797_419),
        ..generator("b1", "ACME1", 10).new_batch()
    };
    let response = world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    assert_eq!(kinds(&response), ["batch_issued"]);
    let after = size(&world);
    assert_eq!(after.0 - before.0, 3, "record, class index, prefix; quotas are there already");
    assert!(after.1 - before.1 < 1024, "{} bytes of state", after.1 - before.1);
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
        ("acme", |b| b.valid_to_s = Some(0), "BadValidity"),
        (
            "acme",
            |b| (b.valid_from_s, b.valid_to_s) = (Some(1 << 40), Some(1 << 39)),
            "BadValidity",
        ),
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
    // A delegate issues for classes of its own.
    let class = NewClass { id: "forging".into(), ..engine() };
    world.send("smith", ExecuteMsg::RegisterClass(class)).unwrap();
    let spec = BatchSpec::new("delegated", "forging", "BOLT2", 4);
    let generator = Generator::new(spec, Secret::new([7; 32])).unwrap();
    assert!(world.send("smith", ExecuteMsg::IssueBatch(generator.new_batch())).is_ok());
}

/// clause 9 c: an Ed25519 tail names a key that the registry knows, for this use, valid at this height.
#[test]
fn a_tail_s_key_holds_at_the_height_of_issuance() {
    let (mut world, _) = World::with_batch();
    let mut issue = |kid: &str, tail| {
        let mut batch = generator("b2", "ACME2", 10).new_batch();
        (batch.tail, batch.tail_kid) = (tail, Some(kid.to_owned()));
        world.send("acme", ExecuteMsg::IssueBatch(batch))
    };
    for (kid, code) in [
        ("unknown", "UnknownTailKey"),
        ("attest", "WrongTailKey"),
        ("koblitz", "WrongTailKey"),
        ("over", "TailKeyNotValid"),
        ("later", "TailKeyNotValid"),
        ("gone", "TailKeyNotValid"),
    ] {
        let refused = issue(kid, TailAlgorithm::Ed25519).unwrap_err();
        assert!(starts_with_code(&refused, code), "{kid}: {refused}");
    }
    assert!(issue("revoked", TailAlgorithm::Ed25519).is_ok(), "revoked from the next height on");
}

#[test]
fn the_id_of_a_shared_tail_key_is_only_declared() {
    let (mut world, _) = World::with_batch();
    let mut batch = generator("b2", "ACME2", 10).new_batch();
    (batch.tail, batch.tail_kid) = (TailAlgorithm::HmacSha256128, Some("shared".into()));
    world.send("acme", ExecuteMsg::IssueBatch(batch.clone())).unwrap();
    (batch.id, batch.prefix, batch.tail_kid) = ("b3".into(), "ACME3".into(), Some("x".repeat(129)));
    let refused = world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap_err();
    assert!(starts_with_code(&refused, "BadText"), "{refused}");
}

#[test]
fn codes_come_to_life_while_their_batch_is_valid() {
    let (mut world, _) = World::with_batch();
    let now = world.env.block.time.seconds();
    let valid = |spec: &mut BatchSpec| {
        (spec.valid_from_s, spec.valid_to_s) = (Some(now + 10), Some(now + 20));
    };
    let generator = world.issue("b2", "ACME2", valid);
    let refused = world.activate(&generator, 0).unwrap_err();
    assert!(starts_with_code(&refused, "BatchNotValid"), "{refused}");
    world.later(10);
    world.activate(&generator, 0).unwrap();
    world.later(10);
    let refused = world.activate(&generator, 1).unwrap_err();
    assert!(starts_with_code(&refused, "BatchNotValid"), "{refused}");
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

/// clause 9 c, invariant K4
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
    assert_eq!(
        world.send("nobody", report(&second, &first)),
        Err(ContractError::AlreadyReported { batch: "twins".into(), code: first.code.clone() })
    );
    let found: Vec<DuplicateReport> =
        world.ask(QueryMsg::Duplicates { start_after: None, limit: None });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].batch.as_str(), found[0].code.as_str()), ("twins", first.code.as_str()));
    assert_eq!((found[0].first_index, found[0].second_index, found[0].height), (0, 1, HEIGHT));
    assert_eq!(found[0].reporter, address("nobody").into_string());
    let start_after = Some((found[0].batch.clone(), found[0].code.clone()));
    let rest: Vec<DuplicateReport> = world.ask(QueryMsg::Duplicates { start_after, limit: None });
    assert_eq!(rest, []);
    assert_eq!(world.verdict(&first.code, None), Verdict::SuspectClone);
    assert!(matches!(world.require(&first.code), Err(ContractError::OverlayBlocks { .. })));
    // The issuer lifts the mark; whoever holds the proof sets it again.
    world.unmark("acme", &first.code, Overlay::SuspectClone).unwrap();
    world.send("nobody", report(&first, &second)).unwrap();
    assert_eq!(world.verdict(&first.code, None), Verdict::SuspectClone);
}
