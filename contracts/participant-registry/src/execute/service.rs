//! Data services (clauses 5.4 c and d): registered by their operators, certified by decision until a time.

use cosmwasm_std::Response;
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::participant::{GovernedAction, NewService, Service, ServiceStatus};
use suyuan_trace_api::text::{check_id, check_name};

use crate::error::ContractError;
use crate::events::{word, ServiceCertified, ServiceMoved, ServiceRegistered, ServiceRevoked};
use crate::execute::{decide, Call};
use crate::state;

/// Schemes of endpoints with an encrypted channel (clause 10 b).
const ENCRYPTED: [&str; 5] = ["https://", "wss://", "mqtts://", "amqps://", "coaps://"];
/// Endpoints on the asker's own machine, where nobody listens between.
const LOCAL: [&str; 3] = ["http://localhost", "http://127.0.0.1", "http://[::1]"];

/// The sender's participant registers a service that it operates.
///
/// # Errors
/// [`ContractError::ServiceExists`], [`ContractError::BadEndpoint`], bounds.
pub fn register(call: &mut Call<'_>, new: NewService) -> Result<Response, ContractError> {
    check_id("id", &new.id)?;
    check_name("name", &new.name)?;
    check_endpoint(&new.endpoint)?;
    let owner = call.actor()?.participant;
    if state::service(call.storage, &new.id)?.is_some() {
        return Err(ContractError::ServiceExists { service: new.id });
    }
    let service = Service {
        id: new.id,
        owner,
        kind: new.kind,
        name: new.name,
        endpoint: new.endpoint,
        status: ServiceStatus::Registered,
        registered_at: call.height,
        certified_at: None,
        certified_until_s: None,
    };
    state::add_service(call.storage, &service)?;
    let kind = word(&service.kind);
    let Service { id, owner, endpoint, .. } = service;
    let event = ServiceRegistered { service: id, owner, kind, endpoint };
    Ok(Response::new().add_event(event.into_event()))
}

/// The operator moves its service. What was certified is another endpoint, so that the certification ends.
///
/// # Errors
/// [`ContractError::NotServiceOwner`], [`ContractError::BadServiceState`], [`ContractError::BadEndpoint`].
pub fn move_to(call: &mut Call<'_>, id: &str, endpoint: String) -> Result<Response, ContractError> {
    check_endpoint(&endpoint)?;
    let actor = call.actor()?.participant;
    let mut service = call.service(id)?;
    if service.owner != actor {
        return Err(ContractError::NotServiceOwner { service: service.id, owner: service.owner });
    }
    step(&mut service, ServiceStatus::Registered)?;
    service.endpoint = endpoint;
    service.certified_until_s = None;
    state::save_service(call.storage, &service)?;
    let event = ServiceMoved { service: service.id, endpoint: service.endpoint };
    Ok(Response::new().add_event(event.into_event()))
}

/// A certifier proposes to certify a service as it stands.
///
/// # Errors
/// As [`decide::propose`] and [`certified`].
pub fn propose(
    call: &mut Call<'_>,
    service: String,
    until_s: u64,
) -> Result<Response, ContractError> {
    call.certifier()?;
    let endpoint = call.service(&service)?.endpoint;
    decide::propose(call, GovernedAction::CertifyService { service, endpoint, until_s })
}

/// A service as it would be after its certification.
///
/// # Errors
/// [`ContractError::UnknownService`], [`ContractError::BadServiceState`], [`ContractError::ServiceMoved`],
/// [`ContractError::ActorNotActive`], [`ContractError::BadPeriod`].
pub fn certified(
    call: &Call<'_>,
    id: &str,
    endpoint: &str,
    until_s: u64,
) -> Result<Service, ContractError> {
    let mut service = call.service(id)?;
    step(&mut service, ServiceStatus::Certified)?;
    if service.endpoint != endpoint {
        return Err(ContractError::ServiceMoved { service: service.id, to: service.endpoint });
    }
    call.active_participant(&service.owner)?;
    if until_s <= call.time_s {
        return Err(ContractError::BadPeriod { from_s: call.time_s, until_s });
    }
    service.certified_at = Some(call.height);
    service.certified_until_s = Some(until_s);
    Ok(service)
}

/// Certifies a service. Decided before.
///
/// # Errors
/// As [`certified`].
pub fn certify(
    call: &mut Call<'_>,
    id: &str,
    endpoint: &str,
    until_s: u64,
) -> Result<Response, ContractError> {
    let service = certified(call, id, endpoint, until_s)?;
    state::save_service(call.storage, &service)?;
    let Service { id, owner, .. } = service;
    let event = ServiceCertified { service: id, owner, until_s: until_s.to_string() };
    Ok(Response::new().add_event(event.into_event()))
}

/// The operator revokes its service at once; a certifier proposes it.
///
/// # Errors
/// [`ContractError::NotServiceOwner`], [`ContractError::BadServiceState`], and as [`decide::propose`].
pub fn withdraw(call: &mut Call<'_>, id: String) -> Result<Response, ContractError> {
    let owner = call.service(&id)?.owner;
    let is_owner = call.actor().is_ok_and(|badge| badge.participant == owner);
    if is_owner {
        return revoke(call, &id);
    }
    if call.is_certifier()? {
        return decide::propose(call, GovernedAction::RevokeService { service: id });
    }
    call.actor()?;
    Err(ContractError::NotServiceOwner { service: id, owner })
}

/// A service as it would be after its revocation.
///
/// # Errors
/// [`ContractError::UnknownService`], [`ContractError::BadServiceState`].
pub fn revoked(call: &Call<'_>, id: &str) -> Result<Service, ContractError> {
    let mut service = call.service(id)?;
    step(&mut service, ServiceStatus::Revoked)?;
    service.certified_until_s = None;
    Ok(service)
}

/// Revokes a service for good. Who decided it was checked before.
///
/// # Errors
/// As [`revoked`].
pub fn revoke(call: &mut Call<'_>, id: &str) -> Result<Response, ContractError> {
    let service = revoked(call, id)?;
    state::save_service(call.storage, &service)?;
    let event = ServiceRevoked { service: service.id, owner: service.owner };
    Ok(Response::new().add_event(event.into_event()))
}

/// Moves a service along `Registered → Certified → Expired`, renewed `Certified` or `Expired → Certified`, back to
/// `Registered` where it moves, and from any of them to `Revoked`.
fn step(service: &mut Service, to: ServiceStatus) -> Result<(), ContractError> {
    if service.status == ServiceStatus::Revoked {
        let (service, from) = (service.id.clone(), service.status);
        return Err(ContractError::BadServiceState { service, from, to });
    }
    service.status = to;
    Ok(())
}

/// A URI with an encrypted channel, or one of the asker's own machine.
fn check_endpoint(endpoint: &str) -> Result<(), ContractError> {
    check_name("endpoint", endpoint)?;
    let visible = endpoint.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\'));
    let encrypted = ENCRYPTED
        .iter()
        .any(|scheme| endpoint.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    let local = LOCAL.iter().any(|host| {
        let rest = endpoint.strip_prefix(host);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    });
    if visible && (encrypted || local) {
        return Ok(());
    }
    Err(ContractError::BadEndpoint { endpoint: endpoint.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_an_encrypted_channel_or_is_local() {
        for good in [
            "https://trace.example.cn/v1",
            "wss://trace.example.cn",
            "mqtts://broker.example.cn:8883",
            "http://localhost:8080/epcis",
            "http://127.0.0.1",
            "http://[::1]:8080",
        ] {
            assert_eq!(check_endpoint(good), Ok(()), "{good}");
        }
        for bad in [
            "http://trace.example.cn",
            "http://localhost.example.cn",
            "http://127.0.0.1.example.cn",
            "ftp://x",
            "https://",
            "https://a b",
            "https://例",
            "trace.example.cn",
        ] {
            let refused = ContractError::BadEndpoint { endpoint: bad.into() };
            assert_eq!(check_endpoint(bad), Err(refused), "{bad}");
        }
    }
}
