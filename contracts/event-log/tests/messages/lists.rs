//! Events are found by what they share, by when they were recorded, and page by page.

use suyuan_event_log::ContractError;
use suyuan_trace_api::assembly::{CustodyModel, NewUnit, Operation};
use suyuan_trace_api::code::PresentedCode;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    Action, EventIndex, EventsAnswer, EventsByIdAnswer, QueryMsg, Resource, ResourceKind,
    TimeField, TimeWindow, MAX_FUTURE_MS, PAGE_BYTES,
};

use crate::desk::{event_id, observe, Desk};
use crate::records::fill;

fn numbers(answer: &EventsAnswer) -> Vec<u64> {
    answer.events.iter().map(|event| event.number).collect()
}

fn by(desk: &Desk, index: EventIndex, value: &str) -> Vec<u64> {
    let value = value.to_string();
    let (window, start_after, limit) = (None, None, None);
    let answer: EventsAnswer =
        desk.ask(QueryMsg::EventsBy { index, value, window, start_after, limit });
    assert_eq!(answer.next, None);
    numbers(&answer)
}

#[test]
fn every_index_finds_what_it_should_and_no_more() {
    let mut desk = Desk::new();
    desk.observed("beta", |_| {}).expect("recorded");
    desk.observed("acme", fill).expect("recorded");
    for (index, value) in [
        (EventIndex::BusinessTransaction, "po:4711"),
        (EventIndex::Resource, "mill-5"),
        (EventIndex::Resource, "cmm-3"),
        (EventIndex::Project, "P-7"),
        (EventIndex::Actor, "acme"),
        (EventIndex::Record, "process_inspection:PI-9"),
        (EventIndex::BusinessLocation, "hall-3"),
    ] {
        assert_eq!(by(&desk, index, value), [2], "{index:?}");
        assert_eq!(by(&desk, index, &value[..value.len() - 1]), [0; 0], "{index:?}: no prefixes");
    }
    assert_eq!(by(&desk, EventIndex::Kind, "production"), [1, 2]);
    assert_eq!(by(&desk, EventIndex::BusinessStep, "assembling"), [1, 2]);
    assert_eq!(by(&desk, EventIndex::Record, "customer:"), [0; 0], "a commitment has no id");
}

#[test]
fn pages_of_any_size_give_each_event_once() {
    let mut desk = Desk::new();
    for _ in 0..7 {
        desk.observed("acme", |_| {}).expect("recorded");
    }
    for limit in 1..=8 {
        let (mut seen, mut start_after) = (vec![], None);
        loop {
            let limit = Some(limit);
            let page: EventsAnswer = desk.ask(QueryMsg::Events { start_after, limit });
            seen.extend(numbers(&page));
            match page.next {
                Some(next) => start_after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7], "{limit} at a time");
    }
}

#[test]
fn events_are_found_by_the_time_of_their_block() {
    let mut desk = Desk::new();
    let mut times = vec![];
    for _ in 0..4 {
        desk.observed("acme", |_| {}).expect("recorded");
        times.push(desk.now_ms());
    }
    let between = |from_ms, to_ms, start_after| -> Vec<u64> {
        let limit = None;
        numbers(&desk.ask(QueryMsg::EventsBetween { from_ms, to_ms, start_after, limit }))
    };
    assert_eq!(between(0, u64::MAX, None), [1, 2, 3, 4]);
    assert_eq!(between(times[1], times[3], None), [2, 3], "from inclusive, to exclusive");
    assert_eq!(between(times[1] + 1, times[3] + 1, None), [3, 4]);
    assert_eq!(between(times[0], times[3], Some(2)), [3]);
    assert_eq!(between(times[3] + 1, u64::MAX, None), [0; 0]);
    assert_eq!(between(times[3], times[1], None), [0; 0]);
}

/// clauses A.2, B.1: what a machine, a tool or a gauge did within a stretch of time, by when it happened and by when it
/// was recorded. Some events come in late, one before it is over.
#[test]
fn what_a_resource_did_is_found_by_either_time() {
    let mut desk = Desk::new();
    let mill = Resource { kind: ResourceKind::ProcessEquipment, id: "mill-5".into() };
    let mut times = vec![];
    for late_s in [0i64, 100, 0, -120, 7] {
        desk.observed("beta", |_| {}).expect("another machine");
        let resource = mill.clone();
        desk.next_block();
        let now = desk.now_ms() + 5000;
        let happened = now.saturating_add_signed(-late_s * 1000);
        desk.observed("acme", |event| {
            event.resources = vec![resource];
            event.event_time_ms = happened;
        })
        .expect("recorded");
        times.push((happened, desk.now_ms()));
    }
    assert_eq!(times[3].0, times[3].1 + MAX_FUTURE_MS, "as far ahead as it may be");
    let ask = |window: TimeWindow, limit| -> Vec<u64> {
        let (mut seen, mut start_after) = (vec![], None);
        loop {
            let (index, value) = (EventIndex::Resource, "mill-5".to_string());
            let page: EventsAnswer = desk.ask(QueryMsg::EventsBy {
                index,
                value,
                window: Some(window),
                start_after,
                limit,
            });
            seen.extend(numbers(&page));
            match page.next {
                Some(next) => start_after = Some(next),
                None => return seen,
            }
        }
    };
    let mut moments: Vec<u64> = times.iter().flat_map(|(a, b)| [*a, *b, a + 1, b + 1]).collect();
    moments.extend([0, u64::MAX]);
    for field in [TimeField::EventTime, TimeField::RecordTime] {
        for (from_ms, to_ms) in moments.iter().flat_map(|a| moments.iter().map(|b| (*a, *b))) {
            let inside = |(happened, recorded): &(u64, u64)| {
                let time = if field == TimeField::EventTime { happened } else { recorded };
                from_ms <= *time && *time < to_ms
            };
            let of_mill = times.iter().zip((2u64..).step_by(2));
            let plain: Vec<u64> = of_mill.filter(|(t, _)| inside(t)).map(|(_, n)| n).collect();
            for limit in [None, Some(1)] {
                let window = TimeWindow { field, from_ms, to_ms };
                assert_eq!(ask(window, limit), plain, "{window:?} {limit:?} of {times:?}");
            }
        }
    }
}

/// An event of 128 new units with long texts: as large as they get.
fn large(n: usize) -> Operation {
    let unit = |at: usize| NewUnit {
        code: PresentedCode {
            code: format!("CODE{n}{at}"),
            batch: "b".repeat(120),
            index: 1,
            nonce: vec![7; 16].into(),
            hidden: Digest::ZERO,
            path: vec![],
        },
        class: "c".repeat(120),
        maker: Some("m".repeat(120)),
        supplier: Some("s".repeat(120)),
        inspection_lot: Some("i".repeat(120)),
        lot_number: Some("l".repeat(120)),
        line_number: Some("n".repeat(120)),
        production_date: Some("2026-01-01".into()),
        expiry_date: Some("2027-01-01".into()),
        produced: None,
        alternate_ids: vec![],
        project: Some("p".repeat(120)),
        order: Some("o".repeat(120)),
        custody: Some(CustodyModel::Segregated),
    };
    Operation::Commission { units: (0..128).map(unit).collect() }
}

#[test]
fn a_list_answer_has_a_bound_in_bytes_and_says_where_to_go_on() {
    let mut desk = Desk::new();
    for n in 0..6 {
        let mut event = desk.event();
        event.action = Some(Action::Add);
        desk.record("acme", event, large(n)).expect("recorded");
    }
    let (start_after, limit) = (None, Some(100));
    let page: EventsAnswer = desk.ask(QueryMsg::Events { start_after, limit });
    assert!(page.events.len() < 6, "{} events", page.events.len());
    assert_eq!(page.next, page.events.last().map(|event| event.number));
    let bytes: usize =
        page.events.iter().map(|event| cosmwasm_std::to_json_vec(event).expect("json").len()).sum();
    assert!(bytes <= PAGE_BYTES, "{bytes}");

    let ids: Vec<String> = (1..=6).map(event_id).collect();
    let (mut from, mut seen) = (0, vec![]);
    loop {
        let answer: EventsByIdAnswer = desk.ask(QueryMsg::EventsById { ids: ids[from..].to_vec() });
        seen.extend(answer.events.into_iter().map(|event| event.map(|event| event.number)));
        match answer.next {
            Some(next) => from += next as usize,
            None => break,
        }
    }
    assert_eq!(seen, (1..=6).map(Some).collect::<Vec<_>>());
}

#[test]
fn events_by_id_keep_the_order_asked_and_say_which_are_unknown() {
    let mut desk = Desk::new();
    desk.observed("acme", |_| {}).expect("recorded");
    desk.observed("acme", |_| {}).expect("recorded");
    let ids = vec![event_id(2), event_id(77), event_id(1)];
    let answer: EventsByIdAnswer = desk.ask(QueryMsg::EventsById { ids });
    let found: Vec<_> = answer.events.iter().map(|e| e.as_ref().map(|e| e.number)).collect();
    assert_eq!(found, [Some(2), None, Some(1)]);
    let ids = vec![event_id(1); 101];
    let too_many = ContractError::TooManyIds { got: 101 };
    assert_eq!(desk.ask_in_vain(QueryMsg::EventsById { ids: ids.clone() }), too_many);
    assert_eq!(desk.ask_in_vain(QueryMsg::Statuses { ids }), too_many);
}

#[test]
fn an_observation_of_many_units_is_one_event() {
    let mut desk = Desk::new();
    let event = desk.event();
    desk.record("acme", event, observe(&["U1", "U2", "U1"])).expect("the graph sorts out repeats");
    assert_eq!(by(&desk, EventIndex::Actor, "acme"), [1]);
}
