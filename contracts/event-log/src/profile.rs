//! What a process profile says of an event, and what makes a good profile (clauses 12.1 b, 12.2). Pure.

use cosmwasm_std::StdResult;
use suyuan_trace_api::event::profile::{MAX_ALLOWED, MAX_RULES};
use suyuan_trace_api::event::{AllowedStep, Need, NewEvent, NewProfile, Outcome, Rule};
use suyuan_trace_api::text::{check_id, check_name};

use crate::check::{check_media_type, within};
use crate::error::ContractError;

/// What a profile judges.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The event.
    pub event: &'a NewEvent,
    /// True where a certified source reported it.
    pub is_reported: bool,
    /// True where its id was proved to be among its committed fields.
    pub id_proved: bool,
    /// Units that it acts on.
    pub units: Vec<&'a str>,
}

/// Refuses an event that does not satisfy a profile. `before` gives the result of a unit's last event of a step.
///
/// # Errors
/// [`ContractError::ProfileViolation`] with the first part that is not satisfied.
pub fn check(
    profile: &NewProfile,
    facts: &Facts<'_>,
    before: impl Fn(&str, &str) -> StdResult<Option<Outcome>>,
) -> Result<(), ContractError> {
    let violation = |path: String| ContractError::ProfileViolation {
        path: format!("{}:{}/{path}", profile.id, profile.version),
    };
    if !profile.allowed.iter().any(|step| allows(step, facts.event)) {
        return Err(violation("allowed".into()));
    }
    for (at, rule) in profile.rules.iter().enumerate().filter(|(_, rule)| binds(rule, facts)) {
        if let Need::Before { business_step, outcome } = &rule.needs {
            for unit in &facts.units {
                let last = before(unit, business_step)?;
                let fits = last.is_some_and(|last| outcome.is_none_or(|needed| needed == last));
                if !fits {
                    return Err(violation(format!("rules[{at}]/before[{business_step}]/{unit}")));
                }
            }
        } else if !holds(&rule.needs, facts) {
            return Err(violation(format!("rules[{at}]/{}", name(&rule.needs))));
        }
    }
    Ok(())
}

fn allows(step: &AllowedStep, event: &NewEvent) -> bool {
    step.kind == event.kind
        && step.business_step == event.business_step
        && (step.disposition.is_none() || step.disposition == event.disposition)
}

fn binds(rule: &Rule, facts: &Facts<'_>) -> bool {
    rule.business_step.as_ref().is_none_or(|step| *step == facts.event.business_step)
}

/// True where a need that concerns the event alone is met; [`Need::Before`] concerns others.
fn holds(need: &Need, facts: &Facts<'_>) -> bool {
    let event = facts.event;
    match need {
        Need::Disposition {} => event.disposition.is_some(),
        Need::Outcome { outcome } => event.outcome == *outcome,
        Need::ExactPosition {} => event.position.exact.is_some(),
        Need::BusinessTransaction { kind } => {
            event.business_transactions.iter().any(|transaction| transaction.kind == *kind)
        }
        Need::Resource { kind } => event.resources.iter().any(|resource| resource.kind == *kind),
        Need::Project {} => event.project.is_some(),
        Need::Payload { fields } => event.payload.as_ref().is_some_and(|p| p.fields >= *fields),
        Need::SensorTime {} => event.sensor_time_ms.is_some(),
        Need::ReadPoint {} => event.read_point.is_some(),
        Need::BusinessLocation {} => event.business_location.is_some(),
        Need::Source {} => !event.sources.is_empty(),
        Need::Destination {} => !event.destinations.is_empty(),
        Need::Person { role } => event.persons.iter().any(|person| person.role == *role),
        Need::Record { kind } => event.records.iter().any(|record| record.kind == *kind),
        Need::Evidence { media_type } => event
            .evidence
            .iter()
            .any(|file| media_type.as_ref().is_none_or(|wanted| *wanted == file.media_type)),
        Need::Reported {} => facts.is_reported,
        Need::ProvedId {} => facts.id_proved,
        Need::Before { .. } => true,
    }
}

const fn name(need: &Need) -> &'static str {
    match need {
        Need::Disposition {} => "disposition",
        Need::Outcome { .. } => "outcome",
        Need::ExactPosition {} => "exact_position",
        Need::BusinessTransaction { .. } => "business_transaction",
        Need::Resource { .. } => "resource",
        Need::Project {} => "project",
        Need::Payload { .. } => "payload",
        Need::SensorTime {} => "sensor_time",
        Need::ReadPoint {} => "read_point",
        Need::BusinessLocation {} => "business_location",
        Need::Source {} => "source",
        Need::Destination {} => "destination",
        Need::Person { .. } => "person",
        Need::Record { .. } => "record",
        Need::Evidence { .. } => "evidence",
        Need::Reported {} => "reported",
        Need::ProvedId {} => "proved_id",
        Need::Before { .. } => "before",
    }
}

/// Refuses a profile that breaks a rule by itself; its words are checked against the vocabulary elsewhere.
///
/// # Errors
/// [`ContractError::Text`], [`ContractError::OutOfBounds`], [`ContractError::BadMediaType`],
/// [`ContractError::Repeated`].
pub fn check_profile(profile: &NewProfile) -> Result<(), ContractError> {
    check_id("profile.id", &profile.id)?;
    check_name("industry", &profile.industry)?;
    within([
        ("version", u64::from(profile.version), 1, u64::from(u32::MAX)),
        ("allowed", profile.allowed.len() as u64, 1, MAX_ALLOWED as u64),
        ("rules", profile.rules.len() as u64, 0, MAX_RULES as u64),
    ])?;
    for (at, step) in profile.allowed.iter().enumerate() {
        if profile.allowed[..at].contains(step) {
            let found = format!("{}/{}", step.kind.name(), step.business_step);
            return Err(ContractError::Repeated { field: "allowed", found });
        }
    }
    for rule in &profile.rules {
        match &rule.needs {
            Need::Person { role } => check_id("rules.person.role", role)?,
            Need::Evidence { media_type: Some(media_type) } => check_media_type(media_type)?,
            Need::Payload { fields } => {
                let max = u64::from(suyuan_trace_api::event::MAX_PAYLOAD_FIELDS);
                within([("rules.payload.fields", u64::from(*fields), 1, max)])?;
            }
            _ => {}
        }
    }
    Ok(())
}
