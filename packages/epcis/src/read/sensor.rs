//! Sensor readings: checked for form; of their content the chain sees the latest time and the devices only.

use super::event::time;
use super::ids;
use crate::context::Context;
use crate::event::{Id, Position};
use crate::fault::{Fault, Note, Reason};
use crate::json::{At, Json};
use crate::time::Time;
use suyuan_cases::written::amount;

const NUMBERS: [&str; 7] =
    ["value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"];
const TIMES: [&str; 3] = ["time", "startTime", "endTime"];

/// What the chain needs of the readings.
#[derive(Debug, Default)]
pub struct Readings {
    /// True where there is a reading.
    pub any: bool,
    /// Latest time.
    pub latest: Option<Time>,
    /// Devices that read, each once.
    pub devices: Vec<Id>,
    latitude: Option<String>,
    longitude: Option<String>,
}

impl Readings {
    /// The position, where both of its angles were read.
    pub fn position(&self) -> Option<Position> {
        let (latitude, longitude) = (self.latitude.clone()?, self.longitude.clone()?);
        Some(Position { latitude, longitude })
    }
}

/// Reads `sensorElementList`.
pub fn readings(
    event: &At<'_>,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Readings, Fault> {
    let mut found = Readings::default();
    let Some(list) = event.member("sensorElementList") else { return Ok(found) };
    for element in list.list()? {
        element.object()?;
        if let Some(metadata) = element.member("sensorMetadata") {
            metadata.object()?;
            times(&metadata, &mut found)?;
            device(&metadata, &mut found, context, notes)?;
        }
        for report in element.required("sensorReport")?.list()? {
            report.object()?;
            times(&report, &mut found)?;
            device(&report, &mut found, context, notes)?;
            for name in NUMBERS {
                if let Some(at) = report.member(name) {
                    check_number(&at)?;
                }
            }
            angle(&report, &mut found);
            found.any = true;
        }
    }
    Ok(found)
}

fn device(
    at: &At<'_>,
    found: &mut Readings,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<(), Fault> {
    let Some(at) = at.member("deviceID") else { return Ok(()) };
    let id = ids::loose(&at, context, notes)?;
    if !found.devices.contains(&id) {
        found.devices.push(id);
    }
    Ok(())
}

fn times(at: &At<'_>, found: &mut Readings) -> Result<(), Fault> {
    for name in TIMES {
        if let Some(at) = at.member(name) {
            found.latest = found.latest.max(Some(time(&at)?));
        }
    }
    Ok(())
}

/// A number, or a number in a text, of either sign.
fn check_number(at: &At<'_>) -> Result<(), Fault> {
    match &at.value.json {
        Json::Number(_) => Ok(()),
        Json::Text(text) => {
            let text = text.trim();
            let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
            use suyuan_trace_api::amount::BadAmount::{Negative, Syntax};
            match amount(unsigned) {
                Err(Syntax | Negative) => {
                    let (text, why) = (text.chars().take(80).collect(), "no number".into());
                    Err(at.fault(Reason::Quantity { text, why }))
                }
                _ => Ok(()),
            }
        }
        _ => Err(at.wrong("a number")),
    }
}

fn angle(report: &At<'_>, found: &mut Readings) {
    let text = |name: &str| report.value.get(name).and_then(|value| value.text());
    let degrees = text("uom") == Some("DD");
    let value = match report.value.get("value").map(|value| &value.json) {
        Some(Json::Number(text) | Json::Text(text)) if degrees => text.clone(),
        _ => return,
    };
    match text("component").and_then(|component| component.rsplit(['-', ':']).next()) {
        Some("latitude") => found.latitude = Some(value),
        Some("longitude") => found.longitude = Some(value),
        _ => {}
    }
}
