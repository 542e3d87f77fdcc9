//! What a new unit says about itself.

use suyuan_trace_api::text::{check_date, check_id, check_name};

use super::chain_id;
use crate::event::{Event, Id, Term};
use crate::plan::{Sort, Unit};

/// Who made it: the source that owned or held it, or the place where it was made.
pub fn maker(event: &Event) -> Option<String> {
    let party = |kind: &'static str| {
        let found = event.sources.iter().find(|party| party.kind == Some(Term::Word(kind)));
        found.map(|party| party.id.text())
    };
    let place = || {
        let places = [&event.location, &event.read_point];
        places.into_iter().flatten().find_map(|place| match &place.id {
            Id::Gs1(key) => Some(key.to_string()),
            Id::Uri(_) => None,
        })
    };
    let found = party("owning_party").or_else(|| party("possessing_party")).or_else(place);
    found.filter(|text| check_name("maker", text).is_ok())
}

pub fn lot_number(unit: &Unit, event: &Event, by_event: bool) -> Option<String> {
    let of_key = match (&unit.named.id, unit.sort) {
        (Id::Gs1(key), Sort::Lot) => key.number().map(String::from),
        _ => None,
    };
    let names = ["lotNumber", "hasBatchLotNumber", "batchLotNumber", "batch", "heatNumber"];
    let of_event = || {
        let found = event.ilmd.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.filter(|_| by_event && unit.sort == Sort::Piece).map(|(_, value)| value.clone())
    };
    of_key.or_else(of_event).map(|lot| chain_id(&lot)).filter(|lot| check_id("lot", lot).is_ok())
}

pub fn date(event: &Event, names: &[&str]) -> Option<String> {
    let found = event.ilmd.iter().find(|(name, _)| names.contains(&name.as_str()));
    let (_, value) = found?;
    let day = value.get(..10)?;
    check_date("date", day).is_ok().then(|| day.to_string())
}

/// The order that it was made for.
pub fn order(event: &Event) -> Option<String> {
    let kinds = [Some(Term::Word("prodorder")), Some(Term::Word("po"))];
    let found = kinds.iter().find_map(|k| event.transactions.iter().find(|t| t.kind == *k));
    found.map(|transaction| chain_id(&transaction.id.text()))
}
