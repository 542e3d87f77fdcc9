//! Digital Links: read, built, canonical.

use proptest::prelude::*;
use suyuan_identifiers::{BadIdentifier, DigitalLink, Gs1Key, Kind, Level};

#[test]
fn any_domain_and_path_lead_to_one_canonical_form() {
    let canonical = "https://id.gs1.org/01/09780345418913/21/765tz";
    for spelled in [
        "https://id.gs1.org/01/09780345418913/21/765tz",
        "https://example.com/gtin/09780345418913/21/765tz?abc=211121",
        "http://example.com/some/shop/01/9780345418913/ser/765tz/",
        "https://example.com:8080/01/09780345418913/22/2A/10/L1/21/765tz#top",
    ] {
        let key: Gs1Key = spelled.parse().expect(spelled);
        assert_eq!(key.to_string(), canonical, "{spelled}");
        assert_eq!((key.kind(), key.level()), (Kind::Sgtin, Level::Instance));
    }
}

#[test]
fn qualifiers_stand_in_their_order() {
    let order = |uri: &str| DigitalLink::parse(uri).expect_err(uri);
    for wrong in [
        "https://id.gs1.org/01/09780345418913/21/A/10/B",
        "https://id.gs1.org/01/09780345418913/21/A/235/B",
        "https://id.gs1.org/01/09780345418913/254/A",
        "https://id.gs1.org/00/340123451111111111/21/A",
        "https://id.gs1.org/8004/4012345A/21/A",
    ] {
        assert!(matches!(order(wrong), BadIdentifier::Order { .. }), "{wrong}");
    }
}

#[test]
fn a_built_link_puts_them_in_order() {
    let key: Gs1Key = "https://id.gs1.org/01/09780345418913/21/S%2F1".parse().expect("good");
    let link = DigitalLink::new(&key)
        .with("10", "L(1)")
        .and_then(|link| link.with("22", "2A"))
        .and_then(|link| link.with_attribute("17", "271231"))
        .expect("good");
    assert_eq!(
        link.to_string(),
        "https://id.gs1.org/01/09780345418913/22/2A/10/L%281%29/21/S%2F1?17=271231"
    );
    assert_eq!(DigitalLink::parse(&link.to_string()), Ok(link.clone()));
    assert_eq!(link.key(), Ok(key));
    assert!(link.with("10", "again").is_err(), "one lot");
}

#[test]
fn what_is_no_link_is_refused_with_the_reason() {
    let code = |uri: &str| uri.parse::<Gs1Key>().expect_err(uri).code();
    for (uri, expected) in [
        ("https://example.com/about/us", "identifier/no-key"),
        ("https://example.com/", "identifier/no-key"),
        ("https://dlnkd.tn.gg/Ad-_-9xZpQ2k", "identifier/compressed"),
        ("ftp://id.gs1.org/01/09780345418913", "identifier/form"),
        ("https://id.gs1.org/01/09780345418914", "identifier/check"),
        ("https://id.gs1.org/01/09780345418913/21/", "identifier/no-key"),
        ("https://id.gs1.org/01/09780345418913/21/a%zz", "identifier/percent"),
        ("https://id.gs1.org/01/09780345418913/21/a%20b", "identifier/character"),
        ("https://id.gs1.org/01/09780345418913/21/123456789012345678901", "identifier/length"),
        ("https://id.gs1.org/8003/952012200000001004", "identifier/value"),
        ("https://id.gs1.org/8010/4012345ABC/8011/012", "identifier/value"),
        ("https://id.gs1.org/8010/4012345abc", "identifier/character"),
        ("https://id.gs1.org/8006/040123451234560302", "identifier/value"),
        ("https://id.gs1.org/8004/ABC4012345", "identifier/character"),
    ] {
        assert_eq!(code(uri), expected, "{uri}");
    }
}

#[test]
fn a_key_knows_its_class() {
    let class = |uri: &str| uri.parse::<Gs1Key>().expect(uri).class().to_string();
    assert_eq!(
        class("https://id.gs1.org/01/09780345418913/10/L1"),
        "https://id.gs1.org/01/09780345418913"
    );
    assert_eq!(
        class("https://id.gs1.org/8003/04012345000221334455"),
        "https://id.gs1.org/8003/04012345000221"
    );
    assert_eq!(
        class("https://id.gs1.org/8010/4012345ABC/8011/123"),
        "https://id.gs1.org/8010/4012345ABC"
    );
    assert_eq!(class("https://id.gs1.org/8004/4012345A"), "https://id.gs1.org/8004/4012345A");
}

proptest! {
    #[test]
    fn a_serial_number_of_any_characters_comes_back(serial in "[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}") {
        let key = Gs1Key::new("01", "09780345418913", Some(("21", &serial))).expect("set 82");
        let again: Gs1Key = key.to_string().parse().expect("canonical");
        prop_assert_eq!(&again, &key);
        prop_assert_eq!(again.number(), Some(serial.as_str()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = text.parse::<Gs1Key>();
        let _ = format!("https://a/01/{text}").parse::<Gs1Key>();
        let _ = text.parse::<suyuan_identifiers::Identifier>();
    }
}
