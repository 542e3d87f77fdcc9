//! Keys in state, and votes and ranges at random.

use super::*;

#[test]
fn storage_keys_do_not_change() {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::AddKey(key("a1", KeyPurpose::Attest))).unwrap();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    world.assign("6901", "acme").unwrap();
    let keys: Vec<_> = world
        .deps
        .storage
        .range(None, None, Order::Ascending)
        .map(|(key, value)| format!("{} = {}", key.escape_ascii(), String::from_utf8_lossy(&value)))
        .collect();
    insta::assert_snapshot!(keys.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_votes_however_often_the_threshold_counts_heads(
        threshold in 1u32..=5, votes in proptest::collection::vec(0usize..5, 0..12),
    ) {
        let names = ["c0", "c1", "c2", "c3", "c4"];
        let mut world = World::blank();
        world.init(setup(&names, threshold)).unwrap();
        world.send("acme", ExecuteMsg::Register(acme())).unwrap();
        let mut heads = std::collections::BTreeSet::new();
        for vote in votes {
            let open = heads.len() < threshold as usize;
            let fresh = open && heads.insert(vote);
            prop_assert_eq!(world.certify(names[vote], "acme").is_ok(), fresh);
            let active = world.participant("acme").status == ParticipantStatus::Active;
            prop_assert_eq!(active, heads.len() >= threshold as usize);
        }
    }

    #[test]
    fn assigned_ranges_stay_free_of_overlap(prefixes in proptest::collection::vec("[0-2]{1,5}", 1..25)) {
        let mut world = World::with_acme();
        let mut taken: Vec<String> = vec![];
        for prefix in prefixes {
            let clash = taken.iter().any(|t| t.starts_with(&prefix) || prefix.starts_with(t.as_str()));
            prop_assert_eq!(world.assign(&prefix, "acme").is_err(), clash);
            if !clash {
                taken.push(prefix);
            }
        }
        for number in ["0", "01210", "22222", "10", "120120"] {
            let expected = taken.iter().any(|t| number.starts_with(t.as_str()));
            prop_assert_eq!(world.prefix_owner(number).is_some(), expected);
        }
    }
}
