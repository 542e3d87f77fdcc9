//! Where somebody stands at the time of the block. Stops and certifications end by themselves, without a
//! transaction: what is stored is brought up to date whenever it is read.

use cosmwasm_std::{StdResult, Storage};
use suyuan_trace_api::participant::{
    Participant, ParticipantStatus, Service, ServiceStatus, Source, SourceStatus, Stop,
    BRAKE_REST_S,
};

use crate::state::{self, Badge};

/// A stop that is over is over.
pub fn settle(participant: &mut Participant, now_s: u64) {
    participant.status = participant.status_at(now_s);
}

/// As [`settle`], for a source.
pub fn settle_source(source: &mut Source, now_s: u64) {
    let over = source.quarantine.as_ref().is_some_and(|stop| stop.is_over(now_s));
    if source.status == SourceStatus::Quarantined && over {
        source.status = SourceStatus::Certified;
    }
}

/// A certification that ran out is no longer one.
pub fn settle_service(service: &mut Service, now_s: u64) {
    let over = service.certified_until_s.is_none_or(|until| until <= now_s);
    if service.status == ServiceStatus::Certified && over {
        service.status = ServiceStatus::Expired;
    }
}

/// Where the participant behind a badge stands. A machine stands no better than the one that it acts for: one read
/// more, for machines only.
///
/// # Errors
/// Storage.
pub fn of_badge(storage: &dyn Storage, badge: &Badge, now_s: u64) -> StdResult<ParticipantStatus> {
    let over = badge.until_s.is_some_and(|until| until <= now_s);
    let own = match badge.status {
        ParticipantStatus::Suspended if over => ParticipantStatus::Active,
        status => status,
    };
    principal(storage, own, badge.acts_for.as_deref(), now_s)
}

/// Where a participant that is brought up to date stands, its principal considered.
///
/// # Errors
/// Storage.
pub fn of_participant(
    storage: &dyn Storage,
    participant: &Participant,
    now_s: u64,
) -> StdResult<ParticipantStatus> {
    principal(storage, participant.status, participant.acts_for.as_deref(), now_s)
}

fn principal(
    storage: &dyn Storage,
    own: ParticipantStatus,
    acts_for: Option<&str>,
    now_s: u64,
) -> StdResult<ParticipantStatus> {
    let (ParticipantStatus::Active, Some(id)) = (own, acts_for) else {
        return Ok(own);
    };
    let Some(mut found) = state::participant(storage, id)? else {
        return Ok(ParticipantStatus::Revoked);
    };
    settle(&mut found, now_s);
    Ok(found.status)
}

/// True where one certifier alone may stop it (again): not within [`BRAKE_REST_S`] of the last time.
pub fn may_brake(last: Option<&Stop>, now_s: u64) -> bool {
    last.is_none_or(|stop| stop.since_s.saturating_add(BRAKE_REST_S) <= now_s)
}

#[cfg(test)]
mod tests {
    use suyuan_trace_api::participant::BRAKE_S;

    use super::*;

    fn stop(since_s: u64, until_s: Option<u64>) -> Stop {
        Stop { by: "c1".into(), since_s, until_s }
    }

    #[test]
    fn a_brake_ends_by_itself_and_a_decision_does_not() {
        let brake = stop(100, Some(100 + BRAKE_S));
        assert!(!brake.is_over(100 + BRAKE_S - 1));
        assert!(brake.is_over(100 + BRAKE_S));
        assert!(!stop(100, None).is_over(u64::MAX));
    }

    #[test]
    fn a_brake_is_not_pulled_again_before_its_rest() {
        let brake = stop(100, Some(100 + BRAKE_S));
        assert!(may_brake(None, 0));
        assert!(!may_brake(Some(&brake), 100 + BRAKE_S));
        assert!(!may_brake(Some(&brake), 100 + BRAKE_REST_S - 1));
        assert!(may_brake(Some(&brake), 100 + BRAKE_REST_S));
    }
}
