//! Read grants and services in state.

use cosmwasm_std::{Empty, Order, StdResult, Storage};
use suyuan_contract_kit::store::{Bound, Item, Map, Prefix};
use suyuan_trace_api::page::page_limit;
use suyuan_trace_api::participant::{Grant, Service, ServiceKind};

const GRANTS: Map<u64, Grant> = Map::new("g");
const GRANTS_FOR: Map<(&str, u64), Empty> = Map::new("f");
const GRANTS_BY: Map<(&str, u64), Empty> = Map::new("b");
const LAST_GRANT: Item<u64> = Item::new("m");
const SERVICES: Map<&str, Service> = Map::new("e");
const SERVICES_OF_KIND: Map<(u8, &str), Empty> = Map::new("d");
const SERVICES_OF_OWNER: Map<(&str, &str), Empty> = Map::new("h");

/// A grant, where there is one.
///
/// # Errors
/// Storage.
pub fn grant(storage: &dyn Storage, id: u64) -> StdResult<Option<Grant>> {
    GRANTS.may_load(storage, id)
}

/// Writes a grant that is there already.
///
/// # Errors
/// Storage.
pub fn save_grant(storage: &mut dyn Storage, grant: &Grant) -> StdResult<()> {
    GRANTS.save(storage, grant.id, grant)
}

/// Writes a new grant with its index entries.
///
/// # Errors
/// Storage.
pub fn add_grant(storage: &mut dyn Storage, grant: &Grant) -> StdResult<()> {
    save_grant(storage, grant)?;
    GRANTS_FOR.save(storage, (&grant.grantee, grant.id), &Empty {})?;
    GRANTS_BY.save(storage, (&grant.grantor, grant.id), &Empty {})
}

/// The next grant's number.
///
/// # Errors
/// Storage.
pub fn next_grant(storage: &mut dyn Storage) -> StdResult<u64> {
    super::next_number(storage, &LAST_GRANT)
}

/// Grants for a grantee after a number, in order; one page.
///
/// # Errors
/// Storage.
pub fn grants_for(
    storage: &dyn Storage,
    grantee: &str,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<Grant>> {
    grants(storage, GRANTS_FOR.prefix(grantee), after, limit)
}

/// Grants by a grantor after a number, in order; one page.
///
/// # Errors
/// Storage.
pub fn grants_by(
    storage: &dyn Storage,
    grantor: &str,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<Grant>> {
    grants(storage, GRANTS_BY.prefix(grantor), after, limit)
}

fn grants(
    storage: &dyn Storage,
    index: Prefix<u64, Empty>,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<Grant>> {
    index
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|id| GRANTS.load(storage, id?))
        .collect()
}

/// A service as stored.
///
/// # Errors
/// Storage.
pub fn service(storage: &dyn Storage, id: &str) -> StdResult<Option<Service>> {
    SERVICES.may_load(storage, id)
}

/// Writes a service that is there already.
///
/// # Errors
/// Storage.
pub fn save_service(storage: &mut dyn Storage, service: &Service) -> StdResult<()> {
    SERVICES.save(storage, &service.id, service)
}

/// Writes a new service with its index entries.
///
/// # Errors
/// Storage.
pub fn add_service(storage: &mut dyn Storage, service: &Service) -> StdResult<()> {
    save_service(storage, service)?;
    SERVICES_OF_KIND.save(storage, (service.kind as u8, &service.id), &Empty {})?;
    SERVICES_OF_OWNER.save(storage, (&service.owner, &service.id), &Empty {})
}

/// Services after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn services(
    storage: &dyn Storage,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Service>> {
    SERVICES
        .range(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|entry| entry.map(|(_, service)| service))
        .collect()
}

/// Services of a kind after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn services_of_kind(
    storage: &dyn Storage,
    kind: ServiceKind,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Service>> {
    indexed(storage, SERVICES_OF_KIND.prefix(kind as u8), after, limit)
}

/// Services of an owner after an id, in order; one page.
///
/// # Errors
/// Storage.
pub fn services_of(
    storage: &dyn Storage,
    owner: &str,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<Vec<Service>> {
    indexed(storage, SERVICES_OF_OWNER.prefix(owner), after, limit)
}

fn indexed<'a>(
    storage: &dyn Storage,
    index: Prefix<&'a str, Empty>,
    after: Option<&'a str>,
    limit: Option<u32>,
) -> StdResult<Vec<Service>> {
    index
        .keys(storage, after.map(Bound::exclusive), None, Order::Ascending)
        .take(page_limit(limit))
        .map(|id| SERVICES.load(storage, &id?))
        .collect()
}
