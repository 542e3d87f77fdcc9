//! Sensor readings.

use super::{canon, extension, fields};
use crate::context::Context;
use crate::json::Value;
use crate::vocabulary::Vocabulary;

const METADATA: [&str; 8] = [
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
];

const REPORT: [&str; 23] = [
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
];

/// All elements, in lexical order of what they say.
pub fn elements(out: &mut String, value: &Value, context: &Context, later: &mut Vec<String>) {
    let mut over = vec![];
    let parts: Vec<String> =
        value.items().iter().map(|item| element(item, context, &mut over)).collect();
    fields::list(out, "sensorElementList", parts.into_iter());
    if !over.is_empty() {
        over.sort();
        later.push(format!("sensorElementList{}", over.concat()));
    }
}

fn element(item: &Value, context: &Context, over: &mut Vec<String>) -> String {
    let mut inside = String::new();
    let mut left = vec![];
    if let Some(metadata) = item.get("sensorMetadata") {
        let text = record("sensorMetadata", metadata, &METADATA, context, &mut left);
        inside.push_str(&text);
    }
    let reports = item.get("sensorReport").map(Value::items).unwrap_or_default();
    let mut parts: Vec<String> = reports
        .iter()
        .map(|report| record("sensorReport", report, &REPORT, context, &mut left))
        .collect();
    parts.sort();
    parts.iter().for_each(|part| inside.push_str(part));
    extension::inside(&mut inside, item, &["sensorMetadata", "sensorReport"], context);
    if !left.is_empty() {
        left.sort();
        over.push(format!("sensorElement{}", left.concat()));
    }
    if inside.is_empty() {
        return inside;
    }
    format!("sensorElement{inside}")
}

/// The standard's fields in their order, then those of other vocabularies. What belongs to neither goes to `left`.
fn record(
    name: &str,
    value: &Value,
    order: &[&str],
    context: &Context,
    left: &mut Vec<String>,
) -> String {
    let mut inside = String::new();
    for field in order {
        let Some(value) = value.get(field) else { continue };
        fields::leaf(&mut inside, field, value, |text| spell(field, text, context));
    }
    extension::inside(&mut inside, value, order, context);
    let mut unknown = vec![];
    for (name, value) in value.members() {
        if !order.contains(&name.as_str()) && !extension::is_foreign(name, context) {
            extension::parts_of(name, value, context, &mut unknown);
        }
    }
    if !unknown.is_empty() {
        unknown.sort();
        left.push(format!("{name}{}", unknown.concat()));
    }
    if inside.is_empty() {
        return inside;
    }
    format!("{name}{inside}")
}

fn spell(field: &str, text: &str, context: &Context) -> String {
    match field {
        "time" | "startTime" | "endTime" => fields::time(text),
        "type" => canon::word(text, Vocabulary::Measurement, context),
        "exception" => canon::word(text, Vocabulary::Exception, context),
        "component" => canon::word(text, Vocabulary::Component, context),
        _ => canon::value(text, context),
    }
}
