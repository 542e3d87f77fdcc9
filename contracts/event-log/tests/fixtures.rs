//! What both houses of tests begin with: ids in a row, and an event about which nothing is special.

use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{Action, EpcisType, EventKind, NewEvent, Outcome, Position};

/// The id of the n-th event of a test.
pub fn event_id(n: u64) -> String {
    format!("ni:///sha-256;{n:064x}?ver=CBV2.0")
}

/// The n-th event: something is observed in production.
pub fn observation(n: u64, event_time_ms: u64) -> NewEvent {
    NewEvent {
        event_id: event_id(n),
        kind: EventKind::Production,
        name: "step".into(),
        epcis_type: EpcisType::Object,
        action: Some(Action::Observe),
        business_step: "assembling".into(),
        disposition: None,
        event_time_ms,
        time_zone: "+08:00".into(),
        operator: Digest::of(&[b"operator"]),
        outcome: Outcome::Done,
        position: Position { cell: "N31E121".into(), exact: None },
        business_transactions: vec![],
        resources: vec![],
        project: None,
        payload: None,
        evidence: vec![],
        profile: None,
        sensor_time_ms: None,
        set_dispositions: vec![],
        unset_dispositions: vec![],
        read_point: None,
        business_location: None,
        sources: vec![],
        destinations: vec![],
        persons: vec![],
        records: vec![],
        envelopes: vec![],
    }
}
