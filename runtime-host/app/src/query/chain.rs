//! Queries about the chain itself.

use super::{decode, encode, invalid, unknown_path, Answer, View};
use crate::facts::StoredConsensus;
use cosmos_sdk_proto::cosmos::params::v1beta1::{
    ParamChange, QueryParamsRequest as LegacyParamsRequest,
    QueryParamsResponse as LegacyParamsResponse, QuerySubspacesResponse, Subspace,
};
use cosmos_sdk_proto::tendermint::google::protobuf::Duration;
use cosmos_sdk_proto::tendermint::types::{
    BlockParams, ConsensusParams, EvidenceParams, ValidatorParams,
};

/// Answer of `cosmos.consensus.v1.Query/Params`, which the protobuf crate does not have.
#[derive(Clone, PartialEq, prost::Message)]
struct QueryParamsResponse {
    #[prost(message, optional, tag = "1")]
    params: Option<ConsensusParams>,
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;

pub(super) fn answer_consensus(view: &View<'_>, method: &str) -> Answer {
    if method != "Params" {
        return Err(unknown_path());
    }
    let params = proto(&view.facts.stored.consensus);
    encode(&QueryParamsResponse { params: Some(params) })
}

/// Consensus parameters as clients know them.
pub(super) fn proto(p: &StoredConsensus) -> ConsensusParams {
    let age = Duration {
        seconds: p.evidence_max_age_ns / NANOS_PER_SECOND,
        nanos: i32::try_from(p.evidence_max_age_ns % NANOS_PER_SECOND).unwrap_or(0),
    };
    ConsensusParams {
        block: Some(BlockParams { max_bytes: p.block_max_bytes, max_gas: p.block_max_gas }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: p.evidence_max_age_blocks,
            max_age_duration: Some(age),
            max_bytes: p.evidence_max_bytes,
        }),
        validator: Some(ValidatorParams { pub_key_types: p.pub_key_types.clone() }),
        ..ConsensusParams::default()
    }
}

/// Subspace of the parameters that older clients ask for, with its keys.
const SUBSPACE: &str = "baseapp";
const KEYS: [&str; 3] = ["BlockParams", "EvidenceParams", "ValidatorParams"];

/// The module of parameters from before the consensus module, as far as clients still ask it.
pub(super) fn answer_legacy(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "Params" => legacy_param(view, decode(data)?),
        "Subspaces" => encode(&QuerySubspacesResponse {
            subspaces: vec![Subspace {
                subspace: SUBSPACE.to_string(),
                keys: KEYS.iter().map(|k| (*k).to_string()).collect(),
            }],
        }),
        _ => Err(unknown_path()),
    }
}

fn legacy_param(view: &View<'_>, request: LegacyParamsRequest) -> Answer {
    if request.subspace.is_empty() || request.key.is_empty() {
        return Err(invalid("invalid request"));
    }
    let p = &view.facts.stored.consensus;
    let value = match (request.subspace.as_str(), request.key.as_str()) {
        (SUBSPACE, "BlockParams") => serde_json::json!({
            "max_bytes": p.block_max_bytes.to_string(),
            "max_gas": p.block_max_gas.to_string(),
        }),
        (SUBSPACE, "EvidenceParams") => serde_json::json!({
            "max_age_num_blocks": p.evidence_max_age_blocks.to_string(),
            "max_age_duration": p.evidence_max_age_ns.to_string(),
            "max_bytes": p.evidence_max_bytes.to_string(),
        }),
        (SUBSPACE, "ValidatorParams") => serde_json::json!({ "pub_key_types": p.pub_key_types }),
        (SUBSPACE, _) => serde_json::Value::Null,
        _ => return Err(invalid("the requested subspace does not exist")),
    };
    let value = if value.is_null() { String::new() } else { value.to_string() };
    let LegacyParamsRequest { subspace, key } = request;
    encode(&LegacyParamsResponse { param: Some(ParamChange { subspace, key, value }) })
}
