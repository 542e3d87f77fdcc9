//! Keys in state and the indexes on them.

use super::*;

#[test]
fn storage_keys_do_not_change() {
    let (mut world, _, code) = World::with_code();
    world.event_mark(&code, Overlay::NonConformant, "event-1", true).unwrap();
    world.event_mark(&code, Overlay::NonConformant, "event-1", false).unwrap();
    world.mark("authority", &code, Overlay::Damaged).unwrap();
    world.sell(&code).unwrap();
    world.scan(&code, "N31E121").unwrap();
    let (batch, [first, second]) = twins();
    world.send("acme", ExecuteMsg::IssueBatch(batch)).unwrap();
    world.send("nobody", ExecuteMsg::ReportDuplicate { first, second }).unwrap();
    let void =
        |from, to| ExecuteMsg::VoidRange { batch: "b1".into(), from, to, reason: "x".into() };
    world.send("acme", void(4, 6)).unwrap();
    world.send("authority", ExecuteMsg::RestrictPrefixes { assigned_only: true }).unwrap();
    let keys: Vec<_> = world
        .deps
        .storage
        .range(None, None, Order::Ascending)
        .map(|(key, value)| format!("{} = {}", key.escape_ascii(), value.escape_ascii()))
        .collect();
    insta::assert_snapshot!(keys.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_two_prefixes_ever_overlap(prefixes in proptest::collection::vec("[0-2]{1,5}", 1..30)) {
        let mut storage = MockStorage::new();
        let mut taken: Vec<String> = vec![];
        for (number, prefix) in prefixes.into_iter().enumerate() {
            let clash = taken.iter().any(|t| t.starts_with(&prefix) || prefix.starts_with(t.as_str()));
            let found = state::overlapping(&storage, &prefix).unwrap();
            prop_assert_eq!(found.is_some(), clash, "{}", prefix);
            if !clash {
                state::add_batch(&mut storage, &plain_batch(number, &prefix)).unwrap();
                taken.push(prefix);
            }
        }
        // Each text belongs to the batch whose prefix it begins with, and to no other.
        for text in ["0", "01210", "22222", "10", "120120"] {
            let expected = taken.iter().find(|t| text.starts_with(t.as_str()));
            let found = state::prefix_of(&storage, text).unwrap().map(|(prefix, _)| prefix);
            prop_assert_eq!(found.as_ref(), expected);
        }
    }
}

fn plain_batch(number: usize, prefix: &str) -> Batch {
    Batch {
        id: format!("b{number}"),
        class: "c".into(),
        class_version: 1,
        issuer: "acme".into(),
        prefix: prefix.into(),
        count: 1,
        depth: 0,
        root: Digest::ZERO,
        tail: TailAlgorithm::None,
        tail_kid: None,
        secret_mode: SecretMode::Nonce,
        line: None,
        valid_from_s: None,
        valid_to_s: None,
        status: BatchStatus::Open,
        activated: 0,
        voided: 0,
        void_ranges: 0,
        issued_at: 1,
    }
}
