//! Keys in state, and votes and ranges at random.

use suyuan_trace_api::event::EventKind;

use super::*;

#[test]
fn storage_keys_do_not_change() {
    let mut world = World::with_acme();
    world.send("acme", ExecuteMsg::AddKey(key("a1", KeyPurpose::Attest))).unwrap();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    world.certify_source("c1", "mes-1").unwrap();
    world.assign("6901", "acme").unwrap();
    world.active(organisation("bolt"));
    let grant = NewGrant {
        grantee: "bolt".into(),
        scope: GrantScope::EventKind { kind: EventKind::Production },
        tier: Tier::Partner,
        purpose: "audit".into(),
        from_s: None,
        until_s: None,
        envelopes: vec![],
    };
    world.send("acme", ExecuteMsg::GiveGrant(grant)).unwrap();
    let service = NewService {
        id: "resolver".into(),
        kind: ServiceKind::Resolver,
        name: "标识解析".into(),
        endpoint: "https://resolver.example.cn".into(),
    };
    world.send("acme", ExecuteMsg::RegisterService(service)).unwrap();
    let action = GovernedAction::Reinstate { participant: "bolt".into() };
    world.suspend("c1", "bolt").unwrap();
    world.propose("c2", action).unwrap();
    migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
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

    /// R1 with time: whatever is assigned, for how long, given away or freed by revocation, no range of the scheme
    /// begins with another one, and a number has the owner that a plain list says.
    #[test]
    fn ranges_with_an_end_stay_free_of_overlap(
        steps in proptest::collection::vec(("[01]{1,4}", 0u64..4, 0usize..3, any::<bool>()), 1..25),
    ) {
        let mut world = World::with_acme();
        for id in ["bolt", "carl"] {
            world.active(organisation(id));
        }
        let owners = ["acme", "bolt", "carl"];
        let mut model: Vec<(String, usize, u64)> = vec![];
        for (prefix, blocks, owner, give) in steps {
            let now = world.env.block.height;
            let to_height = now + 1 + blocks;
            let known = model.iter().position(|(p, ..)| *p == prefix);
            if let Some(place) = known.filter(|place| give && model[*place].2 > now) {
                let to = owners[owner].to_owned();
                let (scheme, prefix) = ("gs1".to_owned(), prefix.clone());
                let given = world.decide(ExecuteMsg::TransferPrefix { scheme, prefix, to });
                prop_assert_eq!(given.is_ok(), model[place].1 != owner);
                model[place].1 = owner;
            } else {
                let clash = model.iter().any(|(p, _, to)| {
                    let again = *p == prefix && *to <= now;
                    !again && (p.starts_with(&prefix) || prefix.starts_with(p.as_str()))
                });
                let action = GovernedAction::AssignPrefix {
                    scheme: "gs1".into(),
                    prefix: prefix.clone(),
                    participant: owners[owner].into(),
                    from_height: None,
                    to_height: Some(to_height),
                };
                let first = world.propose("c1", action.clone());
                prop_assert_eq!(first.is_err(), clash);
                if !clash {
                    world.propose("c2", action).unwrap();
                    model.retain(|(p, ..)| *p != prefix);
                    model.push((prefix, owner, to_height));
                }
            }
            world.env.block.height += 1;
            let now = world.env.block.height;
            for number in ["0000", "0110", "1010", "111", "01"] {
                let held = model.iter().find(|(p, _, to)| number.starts_with(p.as_str()) && *to > now);
                prop_assert_eq!(world.prefix_owner(number), held.map(|(_, o, _)| owners[*o].to_owned()));
            }
        }
    }
}
