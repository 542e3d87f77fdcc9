//! One event.

use suyuan_trace_api::event::{Action, EpcisType};

use super::{ids, parts, sensor};
use crate::context::Context;
use crate::event::{Event, Id, Named, Position};
use crate::fault::{Fault, Note, Reason};
use crate::hash;
use crate::json::At;
use crate::time::{offset_minutes, Time};
use crate::vocabulary::Vocabulary;

/// Fields of every event.
const COMMON: [&str; 16] = [
    "@context",
    "type",
    "eventID",
    "eventTime",
    "eventTimeZoneOffset",
    "recordTime",
    "errorDeclaration",
    "certificationInfo",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
];

/// Fields of some events, and of which.
const SPECIAL: [(&str, &[EpcisType]); 14] = {
    use EpcisType::{Aggregation, Association, Object, Transaction, Transformation};
    [
        ("action", &[Object, Aggregation, Association, Transaction]),
        ("epcList", &[Object, Transaction]),
        ("quantityList", &[Object, Transaction]),
        ("parentID", &[Aggregation, Association, Transaction]),
        ("childEPCs", &[Aggregation, Association]),
        ("childQuantityList", &[Aggregation, Association]),
        ("inputEPCList", &[Transformation]),
        ("inputQuantityList", &[Transformation]),
        ("outputEPCList", &[Transformation]),
        ("outputQuantityList", &[Transformation]),
        ("transformationID", &[Transformation]),
        ("ilmd", &[Object, Transformation]),
        ("sensorElementList", &[Object, Aggregation, Association, Transaction, Transformation]),
        ("id", &[Object, Aggregation, Association, Transaction, Transformation]),
    ]
};

/// Reads an event.
pub fn event(at: &At<'_>, index: usize, context: &Context) -> Result<Event, Fault> {
    at.object()?;
    let context = &context.within(at)?;
    let kind = kind(&at.required("type")?)?;
    let mut notes = vec![];
    check_fields(at, kind, context, &mut notes)?;
    let time = time(&at.required("eventTime")?)?;
    let offset = at.required("eventTimeZoneOffset")?;
    if offset_minutes(offset.text()?).is_none() {
        return Err(offset.fault(Reason::Offset(offset.text()?.chars().take(80).collect())));
    }
    if let Some(at) = at.member("recordTime") {
        self::time(&at)?;
    }
    parts::check_certification(at, context)?;
    let action = action(at, kind)?;
    let readings = sensor::readings(at, context, &mut notes)?;
    let (set, unset) = parts::persistent(at, context)?;
    let read_point = parts::place(at, "readPoint", context, &mut notes)?;
    let mut event = Event {
        spot: at.spot(),
        index,
        hash: hash::of_event(at.value, context).trim_end_matches(hash::VERSION).to_string(),
        id: at.member("eventID").map(|at| ids::uri(&at, context)).transpose()?,
        kind,
        action,
        time,
        offset: offset.text()?.to_string(),
        declaration: parts::declaration(at, context)?,
        parent: ids::maybe(at, "parentID", context, &mut notes)?,
        objects: vec![],
        outputs: vec![],
        transformation: at
            .member("transformationID")
            .map(|at| ids::loose(&at, context, &mut notes).map(|id| id.text()))
            .transpose()?,
        step: parts::maybe_term(at, "bizStep", Vocabulary::Step, context)?,
        disposition: parts::maybe_term(at, "disposition", Vocabulary::Disposition, context)?,
        set,
        unset,
        position: position(read_point.as_ref(), &readings),
        read_point,
        location: parts::place(at, "bizLocation", context, &mut notes)?,
        transactions: typed(at, "bizTransaction", Vocabulary::Transaction, context, &mut notes)?,
        sources: typed(at, "source", Vocabulary::Party, context, &mut notes)?,
        destinations: typed(at, "destination", Vocabulary::Party, context, &mut notes)?,
        sensed: readings.latest,
        devices: readings.devices.clone(),
        ilmd: parts::ilmd(at, context)?,
        notes: vec![],
        whole: at.value.clone(),
    };
    objects(at, &mut event, context, &mut notes)?;
    check_subject(at, &event, readings.any)?;
    event.notes = notes;
    Ok(event)
}

/// A point in time with its offset.
pub fn time(at: &At<'_>) -> Result<Time, Fault> {
    let text = at.text()?;
    Time::parse(text).ok_or_else(|| at.fault(Reason::Time(text.chars().take(80).collect())))
}

fn kind(at: &At<'_>) -> Result<EpcisType, Fault> {
    match at.text()? {
        "ObjectEvent" => Ok(EpcisType::Object),
        "AggregationEvent" => Ok(EpcisType::Aggregation),
        "AssociationEvent" => Ok(EpcisType::Association),
        "TransactionEvent" => Ok(EpcisType::Transaction),
        "TransformationEvent" => Ok(EpcisType::Transformation),
        other => {
            let found = other.chars().take(80).collect();
            Err(at.fault(Reason::Vocabulary { found, what: "event type" }))
        }
    }
}

fn action(event: &At<'_>, kind: EpcisType) -> Result<Option<Action>, Fault> {
    if kind == EpcisType::Transformation {
        return Ok(None);
    }
    let at = event.required("action")?;
    match at.text()? {
        "ADD" => Ok(Some(Action::Add)),
        "OBSERVE" => Ok(Some(Action::Observe)),
        "DELETE" => Ok(Some(Action::Delete)),
        other => {
            let found = other.chars().take(80).collect();
            Err(at.fault(Reason::Vocabulary { found, what: "action" }))
        }
    }
}

/// Every field is the standard's, of this type of event, or belongs to another vocabulary that is declared.
fn check_fields(
    event: &At<'_>,
    kind: EpcisType,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<(), Fault> {
    for (name, at) in event.members() {
        let other = name.contains(':') || name.starts_with(['_', '@', '#']) || name == "comment";
        if COMMON.contains(&name) || other {
            continue;
        }
        match SPECIAL.iter().find(|(known, _)| *known == name) {
            Some((_, kinds)) if kinds.contains(&kind) => {}
            // Seen in documents of steelworks: harmless, and no reason to lose the event.
            Some(("action", _)) => {
                let text = "a transformation has no action; this one is ignored".to_string();
                notes.push(Note { spot: at.spot(), text });
            }
            Some(_) => return Err(at.fault(Reason::ForeignField(name.to_string()))),
            None if context.may_define(name) => {}
            None => return Err(at.fault(Reason::UnknownField(name.to_string()))),
        }
    }
    Ok(())
}

fn typed(
    event: &At<'_>,
    field: &str,
    words: Vocabulary,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Vec<crate::event::Typed>, Fault> {
    let list = format!("{field}List");
    parts::typed(event, (&list, field), words, context, notes)
}

fn objects(
    at: &At<'_>,
    event: &mut Event,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<(), Fault> {
    let (epcs, quantities) = match event.kind {
        EpcisType::Object | EpcisType::Transaction => ("epcList", "quantityList"),
        EpcisType::Aggregation | EpcisType::Association => ("childEPCs", "childQuantityList"),
        EpcisType::Transformation => ("inputEPCList", "inputQuantityList"),
    };
    event.objects = ids::list(at, epcs, context, notes)?;
    event.objects.extend(parts::quantities(at, quantities, context, notes)?);
    if event.kind == EpcisType::Transformation {
        event.outputs = ids::list(at, "outputEPCList", context, notes)?;
        event.outputs.extend(parts::quantities(at, "outputQuantityList", context, notes)?);
    }
    Ok(())
}

/// What each type must name.
fn check_subject(at: &At<'_>, event: &Event, sensed: bool) -> Result<(), Fault> {
    let missing = |name: &str| Err(at.fault(Reason::Missing(name.into())));
    let none = event.objects.is_empty() && event.parent.is_none();
    match (event.kind, event.action) {
        (EpcisType::Object, _) if none && !sensed => Err(at.fault(Reason::NoSubject)),
        (EpcisType::Aggregation | EpcisType::Association, Some(Action::Add | Action::Delete))
            if event.parent.is_none() =>
        {
            missing("parentID")
        }
        (EpcisType::Aggregation | EpcisType::Association, Some(Action::Add))
            if event.objects.is_empty() =>
        {
            missing("childEPCs or childQuantityList")
        }
        (EpcisType::Aggregation | EpcisType::Association, _) if none => {
            Err(at.fault(Reason::NoSubject))
        }
        (EpcisType::Transaction, _) if event.transactions.is_empty() => {
            missing("bizTransactionList")
        }
        (EpcisType::Transaction, _) if none => Err(at.fault(Reason::NoSubject)),
        (EpcisType::Transformation, _) => {
            let (inputs, outputs) = (!event.objects.is_empty(), !event.outputs.is_empty());
            match event.transformation {
                Some(_) if !inputs && !outputs => Err(at.fault(Reason::NoSubject)),
                None if !inputs => missing("inputEPCList or inputQuantityList"),
                None if !outputs => missing("outputEPCList or outputQuantityList"),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// `geo:latitude,longitude` of the read point, or what the sensors say.
fn position(read_point: Option<&Named>, readings: &sensor::Readings) -> Option<Position> {
    let geo = read_point.and_then(|place| match &place.id {
        Id::Uri(uri) => uri.strip_prefix("geo:"),
        Id::Gs1(_) => None,
    });
    let split = geo.and_then(|geo| {
        let plain = geo.split(';').next().unwrap_or(geo);
        let (latitude, rest) = plain.split_once(',')?;
        let longitude = rest.split(',').next().unwrap_or(rest);
        Some(Position { latitude: latitude.into(), longitude: longitude.into() })
    });
    split.or_else(|| readings.position())
}
