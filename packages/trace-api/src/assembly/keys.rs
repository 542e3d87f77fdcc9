//! Storage keys of the assembly graph. They are public API: proofs name them, and a snapshot test keeps them.
//!
//! | key | value |
//! |---|---|
//! | `config`, `counters`, `instantiator`, `event_log`, `contract_info` | JSON items |
//! | `01 code` | number of the unit (LEB128) |
//! | `02 unit` | [`UnitCore`](super::record::UnitCore) |
//! | `03 unit` | [`UnitState`](super::record::UnitState) |
//! | `04 unit` | [`Accumulators`](super::record::Accumulators) |
//! | `05 link` | [`Link`](super::record::Link) |
//! | `06 unit 00 birth birth'` | step backward: to an earlier revision, or to a contained part's newer one |
//! | `06 unit 01 birth link` | link to a part |
//! | `07 unit 00 birth birth'` | step forward: to a later revision, or to the whole's newer one |
//! | `07 unit 01 birth link` | link to a whole |
//! | `08 unit n` | id of the unit's n-th event, from 0 |
//! | `09 len scheme value` | number of the unit with this other name |
//! | `0a index len value unit` | `01`: the unit is in this index |
//! | `0b event` | what an event did, for its correction; the event id as in records |
//! | `0c unit` | the last judgement of the unit's quality |
//! | `0d process` | a long-running process |
//! | `0e unit` | counts of a lot: the one that waits for its confirmation, and when the last took effect |
//!
//! Numbers in keys are big-endian, 8 bytes (`len` of `0a`: 2 bytes, of `09`: 1 byte). `unit` is the birth of a
//! unit's first revision. The first byte of a binary key is below `0x20`, so it never meets a textual key.

use super::{AlternateId, Direction, UnitIndex};
use crate::codec::Writer;

const CODE: u8 = 0x01;
const CORE: u8 = 0x02;
const STATE: u8 = 0x03;
const ACCUMULATORS: u8 = 0x04;
const LINK: u8 = 0x05;
const BACKWARD: u8 = 0x06;
const FORWARD: u8 = 0x07;
const EVENT: u8 = 0x08;
const ALTERNATE_ID: u8 = 0x09;
const INDEX: u8 = 0x0a;
const JOURNAL: u8 = 0x0b;
const JUDGEMENT: u8 = 0x0c;
const PROCESS: u8 = 0x0d;
const COUNTS: u8 = 0x0e;

const EDGE_STEP: u8 = 0;
const EDGE_LINK: u8 = 1;

fn numbered(tag: u8, numbers: &[u64]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + 8 * numbers.len());
    key.push(tag);
    for number in numbers {
        key.extend_from_slice(&number.to_be_bytes());
    }
    key
}

/// `01 code`.
pub fn code(code: &str) -> Vec<u8> {
    [&[CODE], code.as_bytes()].concat()
}

/// `02 unit`.
pub fn core(unit: u64) -> Vec<u8> {
    numbered(CORE, &[unit])
}

/// `03 unit`.
pub fn unit_state(unit: u64) -> Vec<u8> {
    numbered(STATE, &[unit])
}

/// `04 unit`.
pub fn accumulators(unit: u64) -> Vec<u8> {
    numbered(ACCUMULATORS, &[unit])
}

/// `05 link`.
pub fn link(id: u64) -> Vec<u8> {
    numbered(LINK, &[id])
}

fn edge(direction: Direction, what: u8, unit: u64, rest: &[u64]) -> Vec<u8> {
    let tag = match direction {
        Direction::Backward => BACKWARD,
        Direction::Forward => FORWARD,
    };
    let mut key = numbered(tag, &[unit]);
    key.push(what);
    for number in rest {
        key.extend_from_slice(&number.to_be_bytes());
    }
    key
}

/// `06|07 unit 00 birth to`.
pub fn step(direction: Direction, unit: u64, birth: u64, to: u64) -> Vec<u8> {
    edge(direction, EDGE_STEP, unit, &[birth, to])
}

/// `06|07 unit 01 birth link`.
pub fn link_edge(direction: Direction, unit: u64, birth: u64, link: u64) -> Vec<u8> {
    edge(direction, EDGE_LINK, unit, &[birth, link])
}

/// Bounds of the steps of one revision.
pub fn steps_of(direction: Direction, unit: u64, birth: u64) -> (Vec<u8>, Vec<u8>) {
    (
        edge(direction, EDGE_STEP, unit, &[birth]),
        edge(direction, EDGE_STEP, unit, &[birth.saturating_add(1)]),
    )
}

/// Bounds of the links of one revision after a link.
pub fn links_of(direction: Direction, unit: u64, birth: u64, after: u64) -> (Vec<u8>, Vec<u8>) {
    (
        link_edge(direction, unit, birth, after.saturating_add(1)),
        edge(direction, EDGE_LINK, unit, &[birth.saturating_add(1)]),
    )
}

/// Bounds of the links of all revisions of a unit; `after` = revision and link of the last one given.
pub fn links_of_unit(
    direction: Direction,
    unit: u64,
    after: Option<(u64, u64)>,
) -> (Vec<u8>, Vec<u8>) {
    let start = match after {
        None => edge(direction, EDGE_LINK, unit, &[]),
        Some((birth, link)) => link_edge(direction, unit, birth, link.saturating_add(1)),
    };
    (start, edge(direction, EDGE_LINK + 1, unit, &[]))
}

/// `08 unit n`.
pub fn event(unit: u64, n: u64) -> Vec<u8> {
    numbered(EVENT, &[unit, n])
}

/// `09 len scheme value`.
///
/// # Panics
/// Never: schemes are identifiers, at most 128 bytes.
pub fn alternate_id(id: &AlternateId) -> Vec<u8> {
    let length = u8::try_from(id.scheme.len()).unwrap_or(u8::MAX);
    [&[ALTERNATE_ID, length], id.scheme.as_bytes(), id.value.as_bytes()].concat()
}

/// `0a index len value unit`.
pub fn index(index: UnitIndex, value: &str, unit: u64) -> Vec<u8> {
    let tag = match index {
        UnitIndex::LotNumber => 1,
        UnitIndex::Project => 2,
        UnitIndex::Order => 3,
        UnitIndex::Class => 4,
        UnitIndex::Maker => 5,
        UnitIndex::Supplier => 6,
        UnitIndex::InspectionLot => 7,
    };
    // Values are at most 256 bytes where they are stored; a longer one asked for meets no entry.
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let mut key = vec![INDEX, tag];
    key.extend_from_slice(&length.to_be_bytes());
    key.extend_from_slice(value.as_bytes());
    key.extend_from_slice(&unit.to_be_bytes());
    key
}

/// `0b event`.
pub fn journal(event_id: &str) -> Vec<u8> {
    let mut id = Writer::default();
    id.event_id(event_id);
    [&[JOURNAL], id.finish().as_slice()].concat()
}

/// `0c unit`.
pub fn judgement(unit: u64) -> Vec<u8> {
    numbered(JUDGEMENT, &[unit])
}

/// `0d process`.
pub fn process(id: &str) -> Vec<u8> {
    [&[PROCESS], id.as_bytes()].concat()
}

/// `0e unit`.
pub fn counts(unit: u64) -> Vec<u8> {
    numbered(COUNTS, &[unit])
}

/// The last eight bytes of a key as a number.
pub fn last_number(key: &[u8]) -> Option<u64> {
    let bytes = key.last_chunk::<8>()?;
    Some(u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        let hex = |key: Vec<u8>| key.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (back, forward) = (Direction::Backward, Direction::Forward);
        assert_eq!(hex(code("A7")), "014137");
        assert_eq!(hex(core(1)), "020000000000000001");
        assert_eq!(hex(unit_state(1)), "030000000000000001");
        assert_eq!(hex(accumulators(1)), "040000000000000001");
        assert_eq!(hex(link(258)), "050000000000000102");
        assert_eq!(
            hex(step(back, 1, 2, 3)),
            "06000000000000000100\
             00000000000000020000000000000003"
        );
        assert_eq!(
            hex(link_edge(forward, 1, 2, 3)),
            "07000000000000000101\
             00000000000000020000000000000003"
        );
        assert_eq!(hex(event(1, 2)), "0800000000000000010000000000000002");
        let id = AlternateId { scheme: "ab".into(), value: "cd".into() };
        assert_eq!(hex(alternate_id(&id)), "090261626364");
        assert_eq!(
            hex(index(UnitIndex::Order, "x", 9)),
            "0a03000178\
             0000000000000009"
        );
        assert_eq!(hex(journal("e1")), "0b00026531");
        let id = format!("ni:///sha-256;{}?ver=CBV2.0", "0a".repeat(32));
        assert_eq!(hex(journal(&id)), format!("0b01{}", "0a".repeat(32)));
        assert_eq!(hex(judgement(7)), "0c0000000000000007");
        assert_eq!(hex(process("melt-7")), "0d6d656c742d37");
        assert_eq!(hex(counts(7)), "0e0000000000000007");
    }
}
