//! VAA, Handle, did:bid, UUID, battery codes, and telling them apart.

use suyuan_identifiers::battery::BatteryPart;
use suyuan_identifiers::{BatteryCode, Bid, Handle, Identifier, Uuid, Vaa};

/// clause 5.4 a: whichever way an identifier is written, it leads to one thing.
#[test]
fn spellings_of_one_identifier_become_one() {
    for (text, canonical) in [
        ("VAA088123456789/PUMP.1", "vaa:VAA088123456789/PUMP.1"),
        ("vaa:VAA088123456789/PUMP.1", "vaa:VAA088123456789/PUMP.1"),
        ("88.118.8/pump-1", "hdl:88.118.8/pump-1"),
        ("hdl:88.118.8/pump-1", "hdl:88.118.8/pump-1"),
        ("https://hdl.handle.net/88.118.8/pump-1", "hdl:88.118.8/pump-1"),
        ("did:bid:ef214PmkhKndUcArDQPgD5J4fFVwqJFPt", "did:bid:ef214PmkhKndUcArDQPgD5J4fFVwqJFPt"),
        (
            "did:bid:byo1:ef214PmkhKndUcArDQPgD5J4fFVwqJFPt",
            "did:bid:byo1:ef214PmkhKndUcArDQPgD5J4fFVwqJFPt",
        ),
        ("374D95FC-9457-4A51-BD6A-0BBA133845A8", "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"),
        (
            "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
            "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        ),
        ("91350100M000100Y43", "91350100M000100Y43"),
        ("529900T8BM49AURSDO55", "529900T8BM49AURSDO55"),
        ("BPNL00000003CRHK", "BPNL00000003CRHK"),
        ("4012345111118", "https://id.gs1.org/01/04012345111118"),
        ("340123451111111111", "https://id.gs1.org/00/340123451111111111"),
        ("urn:epc:id:giai:4012345.ABC345", "https://id.gs1.org/8004/4012345ABC345"),
        ("X12MCPM27KLPCLE1E1234567", "X12MCPM27KLPCLE1E1234567"),
    ] {
        let read = text.parse::<Identifier>().map(|id| id.to_string());
        assert_eq!(read.as_deref(), Ok(canonical), "{text}");
        assert_eq!(canonical.parse::<Identifier>().map(|id| id.to_string()), read, "{text}");
    }
}

#[test]
fn what_breaks_a_rule_is_refused() {
    for bad in ["VAA", "vaa:vaa123", "VAA 1", &format!("VAA{}", "1".repeat(48))] {
        assert!(bad.parse::<Vaa>().is_err(), "{bad}");
    }
    for bad in ["88.118.8", "88.118/x", "88.118.8/", "86.118.8/x", "88.118.8/a b", "88.1.2.3.4/x"] {
        assert!(bad.parse::<Handle>().is_err(), "{bad}");
    }
    for bad in ["did:bid:short", "did:bid:toolong:ef214PmkhKndUcArDQPgD5J4fFVwqJFPt", "did:web:x"] {
        assert!(bad.parse::<Bid>().is_err(), "{bad}");
    }
    for bad in ["374d95fc94574a51bd6a0bba133845a8", "374d95fc-9457-4a51-bd6a-0bba133845ag"] {
        assert!(bad.parse::<Uuid>().is_err(), "{bad}");
    }
    for bad in ["", "hello", "零零零零零零", "12345"] {
        assert!(bad.parse::<Identifier>().is_err(), "{bad}");
    }
}

#[test]
fn a_battery_code_says_what_it_is_on() {
    let code: BatteryCode = "X12MCPM27KLPCLE1E1234567".parse().expect("good");
    assert_eq!(code.manufacturer(), "X12");
    assert_eq!(code.part(), BatteryPart::Module);
    assert!(!code.is_reused());
    assert_eq!(code.serial(), "1234567");
    let reused: BatteryCode = "X12PCPM91E1234567RP".parse().expect("good");
    assert_eq!(
        (reused.part(), reused.is_reused(), reused.serial()),
        (BatteryPart::Pack, true, "1234567")
    );
    for bad in [
        "X12XCPM27KLPCLE1E1234567",
        "X12MIPM27KLPCLE1E1234567",
        "X12MCPM27KLPCLI1E1234567",
        "X12MCPM27KLPCLEDE1234567",
        "X12MCPM27KLPCLE1E123456A",
        "X12MCPM27KLPCLE1E123456",
        "X12PCPM91E1234567XP",
    ] {
        assert!(bad.parse::<BatteryCode>().is_err(), "{bad}");
    }
}
