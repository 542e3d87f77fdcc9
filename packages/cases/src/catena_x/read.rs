//! From text to a checked genealogy, with the place of every fault.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use suyuan_trace_api::amount::{Amount, BadAmount};
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::text::{check_date, check_id, check_name, BadText};

use super::json::{parse, shape, Object, Raw};
use super::measure::measure;
use crate::genealogy::{Child, Genealogy, Part, Reason, Refused};
use crate::place::{Place, Places};

/// Reads a file of Catena-X twins.
///
/// # Errors
/// [`Refused`] with place and reason at the first fault; nothing of a broken file is used.
pub fn read(file: &[u8]) -> Result<Genealogy, Refused> {
    let text = std::str::from_utf8(file).map_err(|fault| {
        // The valid beginning says where the fault is.
        let good = String::from_utf8_lossy(&file[..fault.valid_up_to()]).into_owned();
        let reason = Reason::NotJson("not UTF-8 text".into());
        Refused { place: Places::of(&good).at(good.len()), reason }
    })?;
    let doc = Places::of(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut parts = vec![];
    let mut listed = vec![];
    for raw in twins(&doc)? {
        parts.push(part(&doc, raw, &mut listed)?);
    }
    if parts.is_empty() {
        return Err(shape(&doc, doc.text(), "there is no digital twin in it"));
    }
    attach(&mut parts, listed)?;
    Genealogy::new(parts)
}

/// A line of a bill of materials.
struct Listed {
    parent: String,
    parent_place: Place,
    /// Number of the bill in the file: two bills of one part may repeat each other.
    bill: usize,
    child: Child,
}

/// Gives every line to its parent. A line that another bill of the same part repeats is the same line; quantities of
/// a lot within one bill add up; a piece that one bill names twice is refused when the whole is checked.
fn attach(parts: &mut [Part], listed: Vec<Listed>) -> Result<(), Refused> {
    let lots: BTreeSet<String> =
        parts.iter().filter(|p| p.tracking == Tracking::Lot).map(|p| p.id.clone()).collect();
    let index: BTreeMap<String, usize> =
        parts.iter().enumerate().map(|(at, part)| (part.id.clone(), at)).collect();
    let mut seen: BTreeMap<(usize, String), (usize, usize)> = BTreeMap::new();
    for line in listed {
        let Listed { parent, parent_place: place, bill, child } = line;
        let Some(&at) = index.get(&parent) else {
            return Err(Refused { place, reason: Reason::UnknownParent(parent) });
        };
        let children = &mut parts[at].children;
        match seen.get(&(at, child.id.clone())) {
            None => {
                seen.insert((at, child.id.clone()), (bill, children.len()));
                children.push(child);
            }
            Some(&(first_bill, line)) => {
                let first = &mut children[line];
                let same = first.quantity == child.quantity && first.uom == child.uom;
                if bill != first_bill && same {
                    continue;
                }
                if bill == first_bill && lots.contains(&child.id) && first.uom == child.uom {
                    first.quantity = fold(first, &child)?;
                } else {
                    children.push(child);
                }
            }
        }
    }
    Ok(())
}

/// The sum of two lines of one lot; not known where one of them is not.
fn fold(first: &Child, more: &Child) -> Result<Option<Amount>, Refused> {
    let Some((a, b)) = first.quantity.zip(more.quantity) else {
        return Ok(None);
    };
    let why = BadAmount::TooLarge.to_string();
    let reason = Reason::Quantity { text: format!("{a} + {b}"), why };
    a.checked_add(b).map(Some).ok_or(Refused { place: more.place, reason })
}

/// The list of twins: the file's top level, or the value of its only key.
fn twins<'a>(doc: &Places<'a>) -> Result<Vec<Raw<'a>>, Refused> {
    let top: Raw<'a> = parse(doc, doc.text())?;
    if top.get().starts_with('[') {
        return parse(doc, top.get());
    }
    if !top.get().starts_with('{') {
        return Err(shape(doc, top.get(), NO_LIST));
    }
    let Object(members) = parse(doc, top.get())?;
    let mut lists = members.iter().filter(|(_, value)| value.get().starts_with('['));
    match (lists.next(), lists.next()) {
        (Some((_, list)), None) => parse(doc, list.get()),
        _ => Err(shape(doc, top.get(), NO_LIST)),
    }
}

const NO_LIST: &str = "expected one list of digital twins";

fn part<'a>(doc: &Places<'a>, raw: Raw<'a>, listed: &mut Vec<Listed>) -> Result<Part, Refused> {
    let Object(twin) = parse(doc, raw.get())?;
    let id = match twin.iter().find(|(name, _)| name == "catenaXId") {
        Some((_, id)) => text(doc, id, |id| check_id("catenaXId", id))?,
        None => return Err(shape(doc, raw.get(), "a digital twin has no catenaXId")),
    };
    let mut part = Part {
        id,
        place: doc.of_part(raw.get()),
        tracking: Tracking::Serial,
        maker: None,
        part_number: None,
        instance: None,
        name: None,
        product: false,
        production_date: None,
        children: vec![],
    };
    for (name, aspect) in &twin {
        match aspect_name(name) {
            "SerialPartTypization" | "SerialPart" | "JustInSequencePart" => {
                identify(doc, &mut part, aspect)?;
            }
            "Batch" => {
                part.tracking = Tracking::Lot;
                identify(doc, &mut part, aspect)?;
            }
            "AssemblyPartRelationship" | "SingleLevelBomAsBuilt" => {
                relate(doc, aspect, listed)?;
            }
            _ => {}
        }
    }
    Ok(part)
}

/// `urn:bamm:io.catenax.batch:1.0.0#Batch` is the aspect `Batch`.
fn aspect_name(key: &str) -> &str {
    key.rsplit_once('#').map_or("", |(_, name)| name)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    #[serde(borrow, default)]
    local_identifiers: Vec<LocalIdentifier<'a>>,
    #[serde(borrow)]
    manufacturing_information: Option<Manufacturing<'a>>,
    #[serde(borrow)]
    part_type_information: Option<PartType<'a>>,
}

#[derive(Deserialize)]
struct LocalIdentifier<'a> {
    key: String,
    #[serde(borrow)]
    value: Raw<'a>,
}

#[derive(Deserialize)]
struct Manufacturing<'a> {
    #[serde(borrow)]
    date: Option<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartType<'a> {
    #[serde(borrow)]
    manufacturer_part_id: Option<Raw<'a>>,
    #[serde(borrow)]
    name_at_manufacturer: Option<Raw<'a>>,
    classification: Option<Value>,
}

fn identify(doc: &Places<'_>, part: &mut Part, aspect: Raw<'_>) -> Result<(), Refused> {
    for raw in parse::<Vec<Raw<'_>>>(doc, aspect.get())? {
        let identity: Identity<'_> = parse(doc, raw.get())?;
        for LocalIdentifier { key, value } in identity.local_identifiers {
            match key.as_str() {
                "manufacturerId" => part.maker = said(doc, Some(value), "manufacturerId")?,
                "partInstanceId" => part.instance = said(doc, Some(value), "partInstanceId")?,
                "batchId" => part.instance = said(doc, Some(value), "batchId")?,
                "manufacturerPartId" => {
                    part.part_number = said(doc, Some(value), "manufacturerPartId")?;
                }
                _ => {}
            }
        }
        if let Some(date) = identity.manufacturing_information.and_then(|m| m.date) {
            part.production_date = day(doc, date)?;
        }
        if let Some(kind) = identity.part_type_information {
            let number = said(doc, kind.manufacturer_part_id, "manufacturerPartId")?;
            part.part_number = number.or(part.part_number.take());
            part.name = said(doc, kind.name_at_manufacturer, "nameAtManufacturer")?;
            part.product = kind.classification == Some(Value::from("product"));
        }
    }
    Ok(())
}

/// The date of a point in time; an empty text says nothing.
fn day(doc: &Places<'_>, raw: Raw<'_>) -> Result<Option<String>, Refused> {
    let written: String = text(doc, raw, |_| Ok(()))?;
    if written.is_empty() {
        return Ok(None);
    }
    let date = written.get(..DATE_LEN).unwrap_or(&written).to_string();
    match check_date("date", &date) {
        Ok(()) => Ok(Some(date)),
        Err(fault) => Err(shape(doc, raw.get(), &fault.to_string())),
    }
}

/// Characters of `YYYY-MM-DD`.
const DATE_LEN: usize = 10;

/// A text as the chain takes it; an empty one says nothing.
fn said(
    doc: &Places<'_>,
    raw: Option<Raw<'_>>,
    field: &'static str,
) -> Result<Option<String>, Refused> {
    let Some(raw) = raw.filter(|raw| raw.get() != "null") else {
        return Ok(None);
    };
    let check = |said: &str| if said.is_empty() { Ok(()) } else { check_name(field, said) };
    Ok(Some(text(doc, raw, check)?).filter(|said| !said.is_empty()))
}

fn text(
    doc: &Places<'_>,
    raw: Raw<'_>,
    check: impl Fn(&str) -> Result<(), BadText>,
) -> Result<String, Refused> {
    let text: String = parse(doc, raw.get())?;
    match check(&text) {
        Ok(()) => Ok(text),
        Err(fault) => Err(shape(doc, raw.get(), &fault.to_string())),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    catena_x_id: Raw<'a>,
    #[serde(borrow, default, alias = "childItems")]
    child_parts: Vec<Raw<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChildPart<'a> {
    #[serde(alias = "catenaXId")]
    child_catena_x_id: String,
    #[serde(borrow)]
    quantity: Option<Raw<'a>>,
}

fn relate(doc: &Places<'_>, aspect: Raw<'_>, listed: &mut Vec<Listed>) -> Result<(), Refused> {
    for raw in parse::<Vec<Raw<'_>>>(doc, aspect.get())? {
        let relation: Relationship<'_> = parse(doc, raw.get())?;
        let parent: String = parse(doc, relation.catena_x_id.get())?;
        let parent_place = doc.of_part(relation.catena_x_id.get());
        let bill = doc.offset_of(raw.get());
        for raw in relation.child_parts {
            let line: ChildPart<'_> = parse(doc, raw.get())?;
            let (quantity, uom) = match line.quantity {
                None => (None, None),
                Some(raw) => measure(doc, raw)?,
            };
            let place = doc.of_part(raw.get());
            let child = Child { id: line.child_catena_x_id, place, quantity, uom };
            listed.push(Listed { parent: parent.clone(), parent_place, bill, child });
        }
    }
    Ok(())
}
