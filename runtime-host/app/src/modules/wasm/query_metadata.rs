//! What contracts may ask about denominations (`cosmwasm_1_3`).

use super::query::to_json;
use crate::error::{self, Run};
use crate::exec::{prefix_end, Exec};
use crate::gas;
use crate::limits::{PAGE_DEFAULT, PAGE_MAX};
use crate::modules::bank::state_key;
use cosmos_sdk_proto::cosmos::bank::v1beta1::Metadata;
use cosmwasm_std::Binary;
use prost::Message;
use serde::{Deserialize, Serialize};
use suyuan_core::{HostFault, Hosted};
use suyuan_store::Order;

#[derive(Debug, Default, Deserialize)]
pub(super) struct AllDenomMetadataQuery {
    #[serde(default)]
    pagination: Option<Pagination>,
}

#[derive(Debug, Default, Deserialize)]
struct Pagination {
    #[serde(default)]
    key: Option<Binary>,
    #[serde(default)]
    limit: u32,
    #[serde(default)]
    reverse: bool,
}

#[derive(Serialize)]
struct MetadataJson {
    description: String,
    denom_units: Vec<UnitJson>,
    base: String,
    display: String,
    name: String,
    symbol: String,
    uri: String,
    uri_hash: String,
}

#[derive(Serialize)]
struct UnitJson {
    denom: String,
    exponent: u32,
    aliases: Vec<String>,
}

fn metadata_json(bytes: &[u8]) -> Hosted<MetadataJson> {
    let m = Metadata::decode(bytes)
        .map_err(|e| HostFault::new(format!("metadata of a denomination in state: {e}")))?;
    let unit = |u: cosmos_sdk_proto::cosmos::bank::v1beta1::DenomUnit| UnitJson {
        denom: u.denom,
        exponent: u.exponent,
        aliases: u.aliases,
    };
    Ok(MetadataJson {
        description: m.description,
        denom_units: m.denom_units.into_iter().map(unit).collect(),
        base: m.base,
        display: m.display,
        name: m.name,
        symbol: m.symbol,
        uri: m.uri,
        uri_hash: m.uri_hash,
    })
}

/// Metadata of one denomination.
pub(super) fn denom_metadata(exec: &mut Exec<'_>, denom: &str) -> Run<Vec<u8>> {
    #[derive(Serialize)]
    struct One {
        metadata: MetadataJson,
    }
    let bytes = exec
        .read(state_key::STORE, &state_key::metadata(denom))?
        .ok_or_else(|| error::NOT_FOUND.with(denom))?;
    to_json(&One { metadata: metadata_json(&bytes)? })
}

/// A page of metadata, charged like the steps of an iterator.
pub(super) fn all_denom_metadata(
    exec: &mut Exec<'_>,
    query: AllDenomMetadataQuery,
) -> Run<Vec<u8>> {
    #[derive(Serialize)]
    struct Many {
        metadata: Vec<MetadataJson>,
        next_key: Option<Binary>,
    }
    let page = query.pagination.unwrap_or_default();
    let limit = match u64::from(page.limit) {
        0 => PAGE_DEFAULT,
        limit => limit.min(PAGE_MAX),
    };
    let prefix = state_key::METADATA;
    let at_key = [prefix, page.key.as_deref().unwrap_or_default()].concat();
    let (start, end, order) = match (page.reverse, page.key.is_some()) {
        (false, _) => (at_key, prefix_end(prefix), Order::Ascending),
        (true, false) => (prefix.to_vec(), prefix_end(prefix), Order::Descending),
        (true, true) => (prefix.to_vec(), Some([&at_key[..], &[0]].concat()), Order::Descending),
    };
    let (mut metadata, mut next_key) = (Vec::new(), None);
    for record in exec.delta.range(state_key::STORE, Some(&start), end.as_deref(), order)? {
        let (key, value) = record?;
        exec.gas.charge(gas::seek(Some((key.len(), value.len()))), "IterNextFlat")?;
        if metadata.len() as u64 == limit {
            next_key = Some(Binary::new(key.get(prefix.len()..).unwrap_or_default().to_vec()));
            break;
        }
        metadata.push(metadata_json(&value)?);
    }
    to_json(&Many { metadata, next_key })
}
