//! EPC URNs to keys and back.

use proptest::prelude::*;
use suyuan_identifiers::epc::{parse, parse_with_prefix, to_urn};
use suyuan_identifiers::{check, BadIdentifier, Gs1Key};

/// Pairs that the CBV event hash publishes, with the length of the company prefix.
const PAIRS: [(&str, &str); 32] = [
    ("urn:epc:id:sgtin:4012345.011111.9876", "01/04012345111118/21/9876"),
    ("urn:epc:id:sgtin:4012345.011111.98%22", "01/04012345111118/21/98%22"),
    ("urn:epc:id:sgtin:415056789012.0.987654", "01/04150567890128/21/987654"),
    (
        "urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()",
        "01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29",
    ),
    ("urn:epc:id:sscc:4012345.3111111111", "00/340123451111111111"),
    ("urn:epc:id:sgln:4012345.00005.122", "414/4012345000054/254/122"),
    ("urn:epc:id:sgln:4012345.00005.0", "414/4012345000054"),
    ("urn:epc:id:grai:4012345.00022.334455", "8003/04012345000221334455"),
    ("urn:epc:id:giai:4012345.ABC345", "8004/4012345ABC345"),
    ("urn:epc:id:gsrn:4012345.0000006765", "8018/401234500000067657"),
    ("urn:epc:id:gsrnp:4012345.0000000007", "8017/401234500000000074"),
    ("urn:epc:id:gdti:4012345.00009.PO-4711", "253/4012345000092PO-4711"),
    ("urn:epc:id:gdti:987659999999..9", "253/98765999999929"),
    (
        "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
        "8010/061414111111111111111-A%23%2F/8011/1234",
    ),
    ("urn:epc:id:ginc:0614141.xyz47%2F11", "401/0614141xyz47%2F11"),
    ("urn:epc:id:gsin:4012345.222333444", "402/40123452223334442"),
    ("urn:epc:id:itip:4012345.011111.01.02.987", "8006/040123451111180102/21/987"),
    (
        "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
        "01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7'SDB",
    ),
    ("urn:epc:id:pgln:4000001.00000", "417/4000001000005"),
    ("urn:epc:id:pgln:999999999999.", "417/9999999999994"),
    ("urn:epc:id:sgcn:4012345.99999.44", "255/401234599999044"),
    ("urn:epc:id:sgln:0614141.07346.1234", "414/0614141073467/254/1234"),
    ("urn:epc:class:lgtin:4012345.012345.Lot987", "01/04012345123456/10/Lot987"),
    ("urn:epc:class:lgtin:4023333.002000.2019-10-07", "01/04023333020008/10/2019-10-07"),
    ("urn:epc:idpat:sgtin:4012345.066666.*", "01/04012345666663"),
    ("urn:epc:idpat:grai:4012345.66666.*", "8003/04012345666663"),
    ("urn:epc:idpat:gdti:4012345.55555.*", "253/4012345555554"),
    ("urn:epc:idpat:sgcn:4012345.99999.*", "255/4012345999990"),
    ("urn:epc:idpat:cpi:4012345.ABC.*", "8010/4012345ABC"),
    ("urn:epc:idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102"),
    ("urn:epc:id:sgtin:952001.1012345.22222223333", "01/19520010123455/21/22222223333"),
    ("urn:epc:id:gsrn:95252084.000000001", "8018/952520840000000010"),
];

/// clause 9 b: GS1 keys in both of their spellings.
#[test]
fn published_pairs_hold_both_ways() {
    for (urn, path) in PAIRS {
        let read = parse_with_prefix(urn).expect(urn);
        assert_eq!(read.key.to_string(), format!("https://id.gs1.org/{path}"), "{urn}");
        assert_eq!(to_urn(&read.key, read.prefix_length).as_deref(), Ok(urn), "{urn}");
    }
}

#[test]
fn urns_whose_lengths_do_not_add_up_are_refused() {
    for urn in [
        "urn:epc:id:sgtin:4012345.0111111.9",
        "urn:epc:id:sgtin:4012345.01111.9",
        "urn:epc:id:sscc:4012345.311111111",
        "urn:epc:id:sgln:4012345.0005.0",
        "urn:epc:idpat:grai:4012345.6666.*",
    ] {
        assert!(matches!(parse(urn), Err(BadIdentifier::Partition { .. })), "{urn}");
    }
    for urn in ["urn:epc:id:sgtin:40123.01111112.9", "urn:epc:id:sgtin:4012345678901.0.9"] {
        assert!(matches!(parse(urn), Err(BadIdentifier::PrefixLength { .. })), "{urn}");
    }
}

#[test]
fn what_is_no_urn_of_a_known_scheme_is_refused() {
    for (urn, code) in [
        ("urn:epc:id:imovn:9176187", "identifier/scheme"),
        ("urn:epc:class:sgtin:4012345.011111.1", "identifier/scheme"),
        ("urn:epc:tag:sgtin-96:1.4012345.011111.1", "identifier/form"),
        ("urn:epc:id:sgtin:4012345.011111", "identifier/form"),
        ("urn:epc:id:sgtin:4012345.011111.", "identifier/empty"),
        ("urn:epc:idpat:sgtin:4012345.*.*", "identifier/character"),
        ("urn:epc:idpat:sgtin:4012345.011111.[1-5]", "identifier/form"),
        ("urn:epc:id:sgtin:4012345.011111.a%2", "identifier/percent"),
        ("urn:epc:id:sgtin:4012345.011111.a%20b", "identifier/character"),
    ] {
        assert_eq!(parse(urn).expect_err(urn).code(), code, "{urn}");
    }
}

#[test]
fn keys_without_a_urn_say_so() {
    let no = |uri: &str, length: usize| {
        to_urn(&uri.parse::<Gs1Key>().expect(uri), length).expect_err(uri).code()
    };
    assert_eq!(no("https://id.gs1.org/01/00000096385074/21/1", 7), "identifier/no-urn");
    assert_eq!(no("https://id.gs1.org/8006/040123451111180102/10/L", 7), "identifier/no-urn");
    assert_eq!(no("https://id.gs1.org/8004/4012345A", 9), "identifier/no-urn");
    assert_eq!(no("https://id.gs1.org/01/04012345111118", 5), "identifier/prefix-length");
}

proptest! {
    #[test]
    fn a_key_comes_back_for_every_length_of_the_prefix(
        body in "[1-9][0-9]{12}", serial in "[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}", length in 6usize..=12
    ) {
        let gtin = format!("{body}{}", check::gs1(&body).expect("digits"));
        for with in [Some(("21", serial.as_str())), Some(("10", serial.as_str())), None] {
            let key = Gs1Key::new("01", &gtin, with).expect("good");
            let urn = to_urn(&key, length).expect("has one");
            // `*` alone is how a pattern says any serial number.
            let read = parse_with_prefix(&urn).expect("written by us");
            prop_assert_eq!(read.prefix_length, length);
            prop_assert_eq!(read.key, key);
        }
    }

    #[test]
    fn documents_and_assets_come_back(body in "[1-9][0-9]{11}", serial in "[0-9A-Z]{1,16}", length in 6usize..=12) {
        let base = format!("{body}{}", check::gs1(&body).expect("digits"));
        for (ai, value) in [
            ("253", format!("{base}{serial}")), ("8003", format!("0{base}{serial}")),
            ("253", base.clone()), ("414", base.clone()), ("417", base.clone()), ("8004", format!("{body}{serial}")),
        ] {
            let key = Gs1Key::new(ai, &value, None).expect("good");
            let urn = to_urn(&key, length).expect("has one");
            let read = parse_with_prefix(&urn);
            prop_assert_eq!(read.map(|r| (r.key, r.prefix_length)), Ok((key, length)), "{}", urn);
        }
    }
}
