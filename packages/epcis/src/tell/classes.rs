//! Classes of the units of a document.

use std::collections::BTreeMap;

use suyuan_identifiers::Kind;
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking, ALPHABET};
use suyuan_trace_api::digest::Digest;

use super::chain_id;
use crate::event::Id;
use crate::plan::{Plan, Sort, Unit};

/// Characters of the document's digest in the prefixes of its codes.
const PREFIX_CHARS: usize = 5;
/// Characters of the document's digest in the ids of its classes.
const CLASS_CHARS: usize = 8;
/// Characters of the key in the id of a class.
const SHORT_CHARS: usize = 40;

/// Units of one key belong to one class: same class in the document, same granularity, same unit of measure.
pub fn key(unit: &Unit) -> String {
    let sort = match unit.sort {
        Sort::Piece => "piece",
        Sort::Lot => "lot",
        Sort::Ledger => "ledger",
    };
    format!("{}|{sort}|{}", class_of(unit), unit.uom.as_deref().unwrap_or_default())
}

fn class_of(unit: &Unit) -> String {
    match &unit.named.id {
        // Assets, logistic units and places have no class of their own: one for each kind.
        Id::Gs1(key) if is_single(key.kind()) => key.kind().name().to_string(),
        Id::Gs1(key) => key.class().to_string(),
        Id::Uri(uri) => uri.split(':').take(2).collect::<Vec<_>>().join(":"),
    }
}

const fn is_single(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sscc
            | Kind::Gln
            | Kind::Pgln
            | Kind::Giai
            | Kind::Gsrn
            | Kind::Gsrnp
            | Kind::Ginc
            | Kind::Gsin
    )
}

/// Key, class and number of units of each class, in order of key.
pub fn of(plan: &Plan, document: &Digest) -> Vec<(String, NewClass, u32)> {
    let mut groups: BTreeMap<String, Vec<&Unit>> = BTreeMap::new();
    for unit in plan.units.values().filter(|unit| unit.code.is_none()) {
        groups.entry(key(unit)).or_default().push(unit);
    }
    let digest: String = hex::encode(document.bytes()).chars().take(CLASS_CHARS).collect();
    let class = |(number, (key, units)): (usize, (String, Vec<&Unit>))| {
        let one = units[0];
        let class = class_of(one);
        let id = format!("ep-{digest}-{:04}-{}", number + 1, short(&class));
        let (kind, tracking) = kind_of(&units);
        let name = match one.sort {
            Sort::Piece => class.clone(),
            Sort::Lot => format!("lots of {class}"),
            Sort::Ledger => format!("ledger of {class}: lots and pieces not told apart"),
        };
        let product = matches!(one.named.id, Id::Gs1(_)).then(|| chain_id(&class));
        let new = NewClass {
            id,
            kind,
            tracking,
            name: name.chars().take(80).collect(),
            specification: chain_id(&class),
            product_id: product,
            uom: one.uom.clone(),
            shelf_life_days: None,
        };
        (key, new, u32::try_from(units.len()).unwrap_or(u32::MAX))
    };
    groups.into_iter().enumerate().map(class).collect()
}

/// Lots are material; a piece that goes into something is a component, what holds others in transport is packaging,
/// what is neither is a product. Assets, places and papers are equipment: they carry no quality record.
fn kind_of(units: &[&Unit]) -> (ClassKind, Tracking) {
    if units[0].sort != Sort::Piece {
        return (ClassKind::RawMaterial, Tracking::Lot);
    }
    let any = |is: fn(&Unit) -> bool| units.iter().any(|unit| is(unit));
    let kind = match &units[0].named.id {
        _ if any(|unit| unit.is_part) => ClassKind::Component,
        Id::Gs1(key) => match key.kind() {
            Kind::Sscc | Kind::Grai => ClassKind::Packaging,
            Kind::Sgtin | Kind::Upui | Kind::Cpi | Kind::Itip => ClassKind::Product,
            _ => ClassKind::Equipment,
        },
        Id::Uri(_) if any(|unit| unit.is_container) => ClassKind::Packaging,
        Id::Uri(_) => ClassKind::Product,
    };
    (kind, Tracking::Serial)
}

/// The last two parts of a URI, as an id.
fn short(class: &str) -> String {
    let parts: Vec<&str> = class.rsplit('/').take(2).collect();
    let joined: Vec<&str> = parts.into_iter().rev().collect();
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    joined.join("-").chars().map(clean).take(SHORT_CHARS).collect()
}

/// `E` and some characters of the digest. No code of another kind of story begins with `E`.
pub fn prefix(document: &Digest) -> String {
    let letters = document.bytes().iter().take(PREFIX_CHARS);
    let letters = letters.map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()]));
    std::iter::once('E').chain(letters).collect()
}
