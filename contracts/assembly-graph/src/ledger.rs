//! A lot's ledger: one entry for every movement of its balance, with the event that moved it (clause 11.3).

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{LotMovement, MovementKind};
use suyuan_trace_api::codec::{Corrupt, Reader, Writer};

/// `11 unit n`: the n-th movement of a lot. Big-endian.
const LEDGER: u8 = 0x11;

/// A movement to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement<'a> {
    /// What happened.
    pub kind: MovementKind,
    /// How much; `None` = not known.
    pub quantity: Option<Amount>,
    /// What is left after it; `None` = not known.
    pub balance: Option<Amount>,
    /// The event.
    pub event: &'a str,
}

/// The key of a movement.
pub fn key(unit: u64, number: u64) -> Vec<u8> {
    let mut key = vec![LEDGER];
    key.extend_from_slice(&unit.to_be_bytes());
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// Key and record of a movement, to be written with the operation.
pub fn entry(unit: u64, number: u64, movement: &Movement<'_>) -> (Vec<u8>, Vec<u8>) {
    let mut w = Writer::default();
    w.byte(tag(movement.kind)).maybe_amount(movement.quantity).maybe_amount(movement.balance);
    w.event_id(movement.event);
    (key(unit, number), w.finish())
}

/// A movement from its record.
///
/// # Errors
/// Foreign bytes.
pub fn decode(number: u64, value: &[u8]) -> Result<LotMovement, Corrupt> {
    let mut r = Reader::new("a movement of a lot", value);
    let movement = LotMovement {
        number,
        kind: kind(r.byte()?).ok_or(r.corrupt())?,
        quantity: r.maybe_amount()?,
        balance: r.maybe_amount()?,
        event: r.event_id()?,
    };
    r.end()?;
    Ok(movement)
}

/// Every kind; its place is its byte in a record: only append.
const KINDS: [MovementKind; 12] = [
    MovementKind::Made,
    MovementKind::Consumed,
    MovementKind::Fed,
    MovementKind::Split,
    MovementKind::Merged,
    MovementKind::Relabelled,
    MovementKind::Scrapped,
    MovementKind::Sampled,
    MovementKind::Returned,
    MovementKind::Adjusted,
    MovementKind::Restored,
    MovementKind::Voided,
];

const fn tag(kind: MovementKind) -> u8 {
    match kind {
        MovementKind::Made => 0,
        MovementKind::Consumed => 1,
        MovementKind::Fed => 2,
        MovementKind::Split => 3,
        MovementKind::Merged => 4,
        MovementKind::Relabelled => 5,
        MovementKind::Scrapped => 6,
        MovementKind::Sampled => 7,
        MovementKind::Returned => 8,
        MovementKind::Adjusted => 9,
        MovementKind::Restored => 10,
        MovementKind::Voided => 11,
    }
}

fn kind(tag: u8) -> Option<MovementKind> {
    KINDS.get(usize::from(tag)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_should_not_change() {
        assert_eq!(key(1, 2), [0x11, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }

    #[test]
    fn every_kind_of_movement_comes_back_from_its_record() {
        for (at, kind) in KINDS.into_iter().enumerate() {
            let movement = Movement {
                kind,
                quantity: Amount::from_units(at as u128).filter(|_| at % 2 == 0),
                balance: Amount::from_units(7),
                event: "ni:///sha-256;x",
            };
            let (_, value) = entry(1, 2, &movement);
            let read = decode(2, &value).expect("a movement");
            assert_eq!((read.kind, read.number), (kind, 2));
            assert_eq!((read.quantity, read.balance), (movement.quantity, movement.balance));
            assert_eq!(read.event, movement.event);
            assert!(decode(2, &value[..value.len() - 1]).is_err(), "a cut record");
        }
    }
}
