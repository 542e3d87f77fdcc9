//! Queries about the chain itself.

use super::{encode, unknown_path, Answer, View};
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
    let p = &view.facts.stored.consensus;
    let age = Duration {
        seconds: p.evidence_max_age_ns / NANOS_PER_SECOND,
        nanos: i32::try_from(p.evidence_max_age_ns % NANOS_PER_SECOND).unwrap_or(0),
    };
    let params = ConsensusParams {
        block: Some(BlockParams { max_bytes: p.block_max_bytes, max_gas: p.block_max_gas }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: p.evidence_max_age_blocks,
            max_age_duration: Some(age),
            max_bytes: p.evidence_max_bytes,
        }),
        validator: Some(ValidatorParams { pub_key_types: p.pub_key_types.clone() }),
        ..ConsensusParams::default()
    };
    encode(&QueryParamsResponse { params: Some(params) })
}
