//! Quantities and units of measure of a bill of materials, exactly as written: no floating point.

use serde::Deserialize;
use serde_json::Value;
use suyuan_trace_api::amount::Amount;

use super::json::{parse, shape, Raw};
use crate::genealogy::{Reason, Refused};
use crate::place::Places;
use crate::written::amount;

/// Units of the Catena-X catalogue as codes of UN/ECE Recommendation 20. Pieces have none.
const UNITS: [(&str, &str); 20] = [
    ("kilogram", "KGM"),
    ("gram", "GRM"),
    ("milligram", "MGM"),
    ("tonneMetricTon", "TNE"),
    ("litre", "LTR"),
    ("millilitre", "MLT"),
    ("metre", "MTR"),
    ("millimetre", "MMT"),
    ("centimetre", "CMT"),
    ("kilometre", "KMT"),
    ("squareMetre", "MTK"),
    ("squareCentimetre", "CMK"),
    ("squareMillimetre", "MMK"),
    ("cubicMetre", "MTQ"),
    ("cubicCentimetre", "CMQ"),
    ("cubicMillimetre", "MMQ"),
    ("kilowattHour", "KWH"),
    ("set", "SET"),
    ("pair", "PR"),
    ("page", "ZP"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quantity<'a> {
    #[serde(borrow, alias = "value")]
    quantity_number: Raw<'a>,
    #[serde(alias = "unit")]
    measurement_unit: Option<Value>,
}

/// Amount and unit of measure. Where the document says `null`, the amount is not known.
pub fn measure(
    doc: &Places<'_>,
    raw: Raw<'_>,
) -> Result<(Option<Amount>, Option<String>), Refused> {
    if raw.get() == "null" {
        return Ok((None, None));
    }
    let quantity: Quantity<'_> = parse(doc, raw.get())?;
    let uom = unit_of_measure(quantity.measurement_unit.as_ref())
        .map_err(|why| shape(doc, raw.get(), &why))?;
    let number = quantity.quantity_number;
    let written = match number.get() {
        "null" => return Ok((None, uom)),
        text if text.starts_with('"') => parse::<String>(doc, text)?,
        text => text.to_string(),
    };
    let refuse = |why: String| {
        let (place, text) = (doc.of_part(number.get()), written.clone());
        Refused { place, reason: Reason::Quantity { text, why } }
    };
    let amount = amount(&written).map_err(|why| refuse(why.to_string()))?;
    if amount.is_zero() {
        return Err(refuse("nothing is no part of anything".into()));
    }
    Ok((Some(amount), uom))
}

fn unit_of_measure(unit: Option<&Value>) -> Result<Option<String>, String> {
    let name = match unit {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(unit)) => Some(unit.as_str()),
        Some(other) => other.get("lexicalValue").and_then(Value::as_str),
    };
    let name = name.ok_or("the unit of measure has no name")?;
    let name = name.strip_prefix("unit:").unwrap_or(name);
    if name == "piece" {
        return Ok(None);
    }
    match UNITS.iter().find(|(known, _)| *known == name) {
        Some((_, code)) => Ok(Some((*code).to_string())),
        None => Err(format!("the unit of measure {name} is not known")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_without_a_known_name_is_no_piece() {
        assert_eq!(unit_of_measure(Some(&Value::from("unit:piece"))), Ok(None));
        assert_eq!(unit_of_measure(Some(&Value::from("litre"))), Ok(Some("LTR".into())));
        assert!(unit_of_measure(Some(&Value::from("unit:furlong"))).is_err());
        assert!(unit_of_measure(Some(&Value::from(5))).is_err());
    }
}
