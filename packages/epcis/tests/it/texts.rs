//! Documents written for a test.

/// A capture document around events.
pub fn document(events: &str) -> Vec<u8> {
    format!(
        r#"{{"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {{"example": "https://ns.example.com/epcis/"}}],
 "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T00:00:00Z",
 "epcisBody": {{"eventList": [
{events}
]}}}}"#
    )
    .into_bytes()
}

/// An event at a minute of the first of January 2026.
pub fn event(kind: &str, minute: u32, rest: &str) -> String {
    format!(
        r#"{{"type": "{kind}", "eventTime": "2026-01-01T10:{minute:02}:00Z", "eventTimeZoneOffset": "+01:00", {rest}}}"#
    )
}

/// Events of every kind about a few pieces and lots, in the order of the steps: verb and two numbers of objects.
pub fn mixed(steps: &[(u8, u8, u8)]) -> Vec<String> {
    let id = |n: u8| format!("urn:epc:id:sgtin:4012345.011111.{n}");
    let lot = |n: u8, amount: u8| {
        format!(
            r#"[{{"epcClass": "urn:epc:class:lgtin:4012345.022222.L{n}", "quantity": {}}}]"#,
            amount + 1
        )
    };
    let one = |(minute, (verb, a, b)): (usize, &(u8, u8, u8))| {
        let (first, second) = (id(*a), id(*b));
        let pair = format!(r#""parentID": "{first}", "childEPCs": ["{second}"]"#);
        let (kind, rest) = match verb {
            0 => ("ObjectEvent", format!(r#""epcList": ["{first}", "{second}"], "action": "ADD""#)),
            1 => ("AggregationEvent", format!(r#"{pair}, "action": "ADD""#)),
            2 => ("AggregationEvent", format!(r#"{pair}, "action": "DELETE""#)),
            3 => ("AssociationEvent", format!(r#"{pair}, "action": "ADD""#)),
            4 => ("AssociationEvent", format!(r#"{pair}, "action": "DELETE""#)),
            5 => (
                "TransformationEvent",
                format!(r#""inputEPCList": ["{first}"], "outputEPCList": ["{second}"]"#),
            ),
            6 => ("ObjectEvent", format!(r#""epcList": ["{first}"], "action": "DELETE""#)),
            7 => ("ObjectEvent", format!(r#""quantityList": {}, "action": "ADD""#, lot(*a, 9))),
            _ => (
                "TransformationEvent",
                format!(
                    r#""inputQuantityList": {}, "outputEPCList": ["{second}"], "bizStep": "assembling""#,
                    lot(*a, *b)
                ),
            ),
        };
        event(kind, minute as u32, &rest)
    };
    steps.iter().enumerate().map(one).collect()
}
