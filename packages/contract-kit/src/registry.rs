//! Who acts behind a sender: one query to the participant registry before every write.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use suyuan_trace_api::participant::{
    Actor, Participant, ParticipantStatus, Permission, Registry, Source,
};

use crate::fault::{fault, Fault};

/// Why a sender may not act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// No participant holds this address.
    #[error("no participant acts behind the address {address}")]
    Unknown {
        /// The sender.
        address: String,
    },
    /// Known, but not certified, or stopped.
    #[error("participant {participant} is {status:?}, not Active")]
    NotActive {
        /// The participant.
        participant: String,
        /// Where it stands.
        status: ParticipantStatus,
    },
    /// None of its roles allows this.
    #[error("no role of participant {participant} allows {permission:?}")]
    NotPermitted {
        /// The participant.
        participant: String,
        /// What it would need.
        permission: Permission,
    },
    /// The registry did not answer.
    #[error("the registry did not answer: {0}")]
    Registry(Fault),
}

/// The active participant behind `sender`, whatever its roles.
///
/// # Errors
/// [`ActorError::Unknown`], [`ActorError::NotActive`], [`ActorError::Registry`].
pub fn active_actor(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    sender: &Addr,
) -> Result<Actor, ActorError> {
    let answer = Registry::at(*querier, registry).actor(sender);
    let actor = answer.map_err(|e| ActorError::Registry(fault(e)))?;
    let actor = actor.ok_or_else(|| ActorError::Unknown { address: sender.to_string() })?;
    if actor.status != ParticipantStatus::Active {
        return Err(ActorError::NotActive { participant: actor.participant, status: actor.status });
    }
    Ok(actor)
}

/// The active participant behind `sender`, one of whose roles allows `permission`.
///
/// # Errors
/// As [`active_actor`], and [`ActorError::NotPermitted`].
pub fn permitted_actor(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    sender: &Addr,
    permission: Permission,
) -> Result<Actor, ActorError> {
    require(active_actor(querier, registry, sender)?, permission)
}

/// `actor` where it may, the reason where not.
///
/// # Errors
/// [`ActorError::NotPermitted`].
pub fn require(actor: Actor, permission: Permission) -> Result<Actor, ActorError> {
    if actor.may(permission) {
        return Ok(actor);
    }
    Err(ActorError::NotPermitted { participant: actor.participant, permission })
}

/// A participant by its id.
///
/// # Errors
/// Where the registry does not answer.
pub fn participant(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    id: &str,
) -> StdResult<Option<Participant>> {
    Registry::at(*querier, registry).participant(id)
}

/// A data source by its id.
///
/// # Errors
/// Where the registry does not answer.
pub fn source(
    querier: &QuerierWrapper<'_>,
    registry: &Addr,
    id: &str,
) -> StdResult<Option<Source>> {
    Registry::at(*querier, registry).source(id)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{to_json_binary, ContractResult, SystemResult};
    use suyuan_trace_api::participant::ParticipantKind;

    use super::*;

    fn check(answer: Option<Actor>, expected: Result<&str, ActorError>) {
        let mut querier = MockQuerier::default();
        querier.update_wasm(move |_| {
            SystemResult::Ok(ContractResult::Ok(to_json_binary(&answer).expect("json")))
        });
        let (registry, sender) = (Addr::unchecked("registry"), Addr::unchecked("sender"));
        let found = permitted_actor(
            &QuerierWrapper::new(&querier),
            &registry,
            &sender,
            Permission::RecordEvents,
        );
        assert_eq!(found.map(|a| a.participant), expected.map(ToString::to_string));
    }

    fn actor(status: ParticipantStatus, permissions: Vec<Permission>) -> Option<Actor> {
        Some(Actor {
            participant: "acme".into(),
            kind: ParticipantKind::Organisation,
            status,
            permissions,
        })
    }

    #[test]
    fn each_reason_not_to_act_has_its_own_error() {
        use ParticipantStatus::{Active, Suspended};
        check(actor(Active, vec![Permission::RecordEvents]), Ok("acme"));
        check(None, Err(ActorError::Unknown { address: "sender".into() }));
        check(
            actor(Suspended, vec![Permission::RecordEvents]),
            Err(ActorError::NotActive { participant: "acme".into(), status: Suspended }),
        );
        check(
            actor(Active, vec![Permission::IssueCodes]),
            Err(ActorError::NotPermitted {
                participant: "acme".into(),
                permission: Permission::RecordEvents,
            }),
        );
    }
}
