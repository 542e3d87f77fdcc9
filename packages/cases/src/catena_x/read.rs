//! From text to a checked genealogy, with the place of every fault.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::Value;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::text::check_date;

use crate::genealogy::{Child, Genealogy, Part, Reason, Refused};
use crate::place::Place;

type Raw<'a> = &'a RawValue;
type Twin<'a> = BTreeMap<String, Raw<'a>>;

/// Reads a file of Catena-X twins.
///
/// # Errors
/// [`Refused`] with place and reason at the first fault; nothing of a broken file is used.
pub fn read(text: &str) -> Result<Genealogy, Refused> {
    let mut parts = vec![];
    let mut listed = vec![];
    for raw in twins(text)? {
        parts.push(part(text, raw, &mut listed)?);
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
                let sum = first.quantity.zip(child.quantity).and_then(|(a, b)| a.checked_add(b));
                if bill != first_bill && same {
                    continue;
                }
                if bill == first_bill && lots.contains(&child.id) && first.uom == child.uom {
                    first.quantity = sum;
                } else {
                    children.push(child);
                }
            }
        }
    }
    Ok(())
}

/// The list of twins: the file's top level, or the value of its only key.
fn twins(text: &str) -> Result<Vec<Raw<'_>>, Refused> {
    let top: Raw<'_> = parse(text, text)?;
    if top.get().starts_with('[') {
        return parse(text, top.get());
    }
    let object: BTreeMap<String, Raw<'_>> = parse(text, top.get())?;
    let mut lists = object.values().filter(|value| value.get().starts_with('['));
    match (lists.next(), lists.next()) {
        (Some(list), None) => parse(text, list.get()),
        _ => Err(shape(text, top.get(), "expected one list of digital twins")),
    }
}

fn part(text: &str, raw: Raw<'_>, listed: &mut Vec<Listed>) -> Result<Part, Refused> {
    let twin: Twin<'_> = parse(text, raw.get())?;
    let id = match twin.get("catenaXId") {
        Some(id) => parse::<String>(text, id.get())?,
        None => return Err(shape(text, raw.get(), "a digital twin has no catenaXId")),
    };
    let mut part = Part {
        id,
        place: Place::of_part(text, raw.get()),
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
                identify(text, &mut part, aspect)?;
            }
            "Batch" => {
                part.tracking = Tracking::Lot;
                identify(text, &mut part, aspect)?;
            }
            "AssemblyPartRelationship" | "SingleLevelBomAsBuilt" => {
                relate(text, aspect, listed)?;
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
struct Identity {
    #[serde(default)]
    local_identifiers: Vec<LocalIdentifier>,
    manufacturing_information: Option<Manufacturing>,
    part_type_information: Option<PartType>,
}

#[derive(Deserialize)]
struct LocalIdentifier {
    key: String,
    value: String,
}

#[derive(Deserialize)]
struct Manufacturing {
    date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartType {
    manufacturer_part_id: Option<String>,
    name_at_manufacturer: Option<String>,
    classification: Option<Value>,
}

fn identify(text: &str, part: &mut Part, aspect: Raw<'_>) -> Result<(), Refused> {
    for raw in parse::<Vec<Raw<'_>>>(text, aspect.get())? {
        let identity: Identity = parse(text, raw.get())?;
        for LocalIdentifier { key, value } in identity.local_identifiers {
            match key.as_str() {
                "manufacturerId" => part.maker = Some(value),
                "partInstanceId" | "batchId" => part.instance = Some(value),
                "manufacturerPartId" => part.part_number = Some(value),
                _ => {}
            }
        }
        let date = identity.manufacturing_information.and_then(|m| m.date);
        part.production_date = date
            .and_then(|date| date.get(..10).map(ToString::to_string))
            .filter(|date| check_date("date", date).is_ok());
        if let Some(kind) = identity.part_type_information {
            part.part_number = kind.manufacturer_part_id.or(part.part_number.take());
            part.name = kind.name_at_manufacturer;
            part.product = kind.classification == Some(Value::from("product"));
        }
    }
    Ok(())
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quantity {
    #[serde(alias = "value")]
    quantity_number: Value,
    #[serde(alias = "unit")]
    measurement_unit: Option<Value>,
}

fn relate(text: &str, aspect: Raw<'_>, listed: &mut Vec<Listed>) -> Result<(), Refused> {
    for raw in parse::<Vec<Raw<'_>>>(text, aspect.get())? {
        let relation: Relationship<'_> = parse(text, raw.get())?;
        let parent: String = parse(text, relation.catena_x_id.get())?;
        let parent_place = Place::of_part(text, relation.catena_x_id.get());
        let bill = raw.get().as_ptr() as usize;
        for raw in relation.child_parts {
            let line: ChildPart<'_> = parse(text, raw.get())?;
            let (quantity, uom) = match line.quantity {
                None => (None, None),
                Some(raw) => measure(text, raw)?,
            };
            let place = Place::of_part(text, raw.get());
            let child = Child { id: line.child_catena_x_id, place, quantity, uom };
            listed.push(Listed { parent: parent.clone(), parent_place, bill, child });
        }
    }
    Ok(())
}

fn measure(text: &str, raw: Raw<'_>) -> Result<(Option<Amount>, Option<String>), Refused> {
    if raw.get() == "null" {
        return Ok((None, None));
    }
    let quantity: Quantity = parse(text, raw.get())?;
    let written = match &quantity.quantity_number {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let amount = written.parse::<Amount>().map_err(|why| Refused {
        place: Place::of_part(text, raw.get()),
        reason: Reason::Quantity { text: written.clone(), why: why.to_string() },
    })?;
    let unit = match &quantity.measurement_unit {
        None => None,
        Some(Value::String(unit)) => Some(unit.as_str()),
        Some(other) => other["lexicalValue"].as_str(),
    };
    let uom = match unit.map(|unit| unit.strip_prefix("unit:").unwrap_or(unit)) {
        None | Some("piece") => None,
        Some("kilogram") => Some("KGM".to_string()),
        Some("gram") => Some("GRM".to_string()),
        Some("litre") => Some("LTR".to_string()),
        Some("metre") => Some("MTR".to_string()),
        Some("squareMetre") => Some("MTK".to_string()),
        Some("cubicMetre") => Some("MTQ".to_string()),
        Some(other) => {
            let reason = format!("the unit of measure {other} is not known");
            return Err(shape(text, raw.get(), &reason));
        }
    };
    Ok((Some(amount), uom))
}

/// Parses `part`, a slice of `text`; a fault is placed in `text`.
fn parse<'a, T: Deserialize<'a>>(text: &str, part: &'a str) -> Result<T, Refused> {
    serde_json::from_str(part).map_err(|fault| {
        let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let place = Place::of_offset(text, start + offset_in(part, fault.line(), fault.column()));
        let why = fault.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why).to_string();
        let reason = match fault.classify() {
            serde_json::error::Category::Data => Reason::Shape(why),
            _ => Reason::NotJson(why),
        };
        Refused { place, reason }
    })
}

/// Byte offset of serde_json's line (from 1) and column (bytes, from 1; 0 = before the line's first byte).
fn offset_in(part: &str, line: usize, column: usize) -> usize {
    let start: usize = part.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(part.len())
}

fn shape(text: &str, part: &str, reason: &str) -> Refused {
    Refused { place: Place::of_part(text, part), reason: Reason::Shape(reason.to_string()) }
}
