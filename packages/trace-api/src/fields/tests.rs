use proptest::prelude::*;

use super::*;

fn sealed(values: &[String], decoys: u32) -> Sealed {
    let secret = [7; 32];
    let fields = values
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let name = format!("field-{place}");
            Field { salt: salt_from(&secret, b"event 1", &name), name, value: value.clone() }
        })
        .collect();
    let decoys: Vec<_> = (0..decoys).map(|i| decoy_from(&secret, b"event 1", i)).collect();
    Sealed::new(fields, &decoys).expect("good fields")
}

#[test]
fn the_bytes_of_a_commitment_should_not_change() {
    let sealed = sealed(&["24.1 Nm".to_string(), "21 C".to_string()], 3);
    assert_eq!(sealed.count(), 5);
    assert_eq!(
        sealed.root().to_string(),
        "sha-256:a19be8ab5ad5cf08218474cab351c82f5d0c20299b4569a81f20eda673edacac"
    );
    let shown = sealed.disclose("field-0").expect("is there");
    assert_eq!(shown.salt, "0f1985d5311ec5878024c6e847e985e4");
}

#[test]
fn what_cannot_be_committed_is_refused_each_with_its_own_error() {
    let field = |name: &str, value: String| Field {
        name: name.into(),
        value,
        salt: Salt::new([1; SALT_BYTES]),
    };
    let refused = |fields, decoys: &[Digest]| Sealed::new(fields, decoys).map(|_| ()).err();
    assert_eq!(refused(vec![], &[]), Some(BadFields::Leaves { got: 0 }));
    let many = vec![Digest::ZERO; MAX_LEAVES + 1];
    assert_eq!(refused(vec![], &many), Some(BadFields::Leaves { got: MAX_LEAVES + 1 }));
    let twice = vec![field("a", "1".into()), field("b", "1".into()), field("a", "2".into())];
    assert_eq!(refused(twice, &[]), Some(BadFields::Repeated { name: "a".into() }));
    let long = vec![field("a", "x".repeat(MAX_VALUE + 1))];
    assert_eq!(refused(long, &[]), Some(BadFields::LongValue { name: "a".into() }));
    let unnamed = vec![field("", "1".into())];
    let empty = BadText::Empty { field: "field name" };
    assert_eq!(refused(unnamed, &[]), Some(BadFields::Name(empty)));
    let none = sealed(&["1".into()], 0).disclose("b").err();
    assert_eq!(none, Some(BadFields::NoField { name: "b".into() }));
}

#[test]
fn salts_are_hex_of_128_bits_and_are_not_printed_by_accident() {
    let salt = Salt::new([0xAB; SALT_BYTES]);
    assert_eq!(salt.to_string().parse(), Ok(salt));
    for bad in ["", "ab", &salt.to_string().to_uppercase(), &"g".repeat(32)] {
        assert_eq!(bad.parse::<Salt>(), Err(BadSalt), "{bad}");
    }
    assert_eq!(format!("{salt:?}"), "Salt(..)");
}

#[test]
fn the_same_value_in_two_events_gives_two_leaves() {
    let secret = [9; 32];
    let of = |context: &[u8]| leaf("torque", &salt_from(&secret, context, "torque"), "24.1 Nm");
    assert_ne!(of(b"event 1"), of(b"event 2"));
    assert_ne!(decoy_from(&secret, b"event 1", 0), decoy_from(&secret, b"event 1", 1));
}

proptest! {
    #[test]
    fn every_field_can_be_shown_alone(
        values in prop::collection::vec("[ -~]{0,20}", 1..40),
        decoys in 0u32..40,
    ) {
        let sealed = sealed(&values, decoys);
        let (root, count) = (sealed.root(), sealed.count());
        prop_assert_eq!(count as usize, values.len() + decoys as usize);
        for (place, value) in values.iter().enumerate() {
            let shown = sealed.disclose(&format!("field-{place}")).expect("is there");
            prop_assert_eq!(&shown.value, value);
            prop_assert!(holds(&root, count, &shown));
        }
    }

    #[test]
    fn a_changed_byte_name_salt_place_path_count_or_root_is_refused(
        values in prop::collection::vec("[a-z]{1,8}", 1..20),
        decoys in 0u32..20,
        pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
    ) {
        let sealed = sealed(&values, decoys);
        let (root, count) = (sealed.root(), sealed.count());
        let place = pick.index(values.len());
        let shown = sealed.disclose(&format!("field-{place}")).expect("is there");

        let changed = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            String::from_utf8(bytes).expect("ascii")
        };
        let mut lies = vec![
            Disclosure { name: changed(&shown.name), ..shown.clone() },
            Disclosure { value: changed(&shown.value), ..shown.clone() },
            Disclosure { salt: changed(&shown.salt), ..shown.clone() },
            Disclosure { value: format!("{} ", shown.value), ..shown.clone() },
            Disclosure { index: shown.index + 1, ..shown.clone() },
        ];
        let mut longer = shown.clone();
        longer.path.push(Digest::ZERO);
        lies.push(longer);
        if !shown.path.is_empty() {
            let mut shorter = shown.clone();
            shorter.path.pop();
            lies.push(shorter);
            let mut other = shown.clone();
            let beside = at.index(other.path.len());
            other.path[beside] = Digest::of(&[other.path[beside].bytes()]);
            lies.push(other);
        }
        for lie in lies {
            prop_assert!(!holds(&root, count, &lie), "{:?}", lie);
        }
        prop_assert!(!holds(&root, count + 1, &shown));
        prop_assert!(!holds(&Digest::of(&[root.bytes()]), count, &shown));
    }
}
