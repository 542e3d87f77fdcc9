//! Queries about validators and announced changes.

use super::{encode, unknown_path, Answer, View};
use crate::facts::StoredConsensus;
use crate::modules::chain::plans::{self, Plan};
use crate::modules::chain::{validators, Change};
use cosmos_sdk_proto::tendermint::google::protobuf::Duration;
use cosmos_sdk_proto::tendermint::types::{BlockParams, EvidenceParams, ValidatorParams};
use suyuan_core::Hosted;
use suyuan_tx::chain::{self as proto, MsgUpdateParams};

const NANOS_PER_SECOND: i64 = 1_000_000_000;

pub(super) fn answer(view: &View<'_>, method: &str) -> Answer {
    match method {
        "Validators" => {
            let set = validators::committed(view.snapshot)?;
            let stored = &view.facts.stored;
            encode(&proto::QueryValidatorsResponse {
                validators: set.iter().map(validators::Power::to_proto).collect::<Hosted<_>>()?,
                authority: stored.authority.clone().unwrap_or_default(),
                delay_s: stored.authority_delay_s.unwrap_or(0),
            })
        }
        "Plans" => {
            let plans = plans::committed(view.snapshot)?;
            let plans = plans.into_iter().map(plan).collect::<Hosted<_>>()?;
            encode(&proto::QueryPlansResponse { plans })
        }
        _ => Err(unknown_path()),
    }
}

fn plan(plan: Plan) -> Hosted<proto::Plan> {
    let mut answer = proto::Plan {
        id: plan.id,
        announced_height: plan.announced_height,
        due_time_ns: plan.due_time_ns,
        ..proto::Plan::default()
    };
    match plan.change {
        Change::Validators(changes) => {
            answer.type_url = "/suyuan.chain.v1.MsgSetValidators".to_string();
            answer.validators =
                changes.iter().map(validators::Power::to_proto).collect::<Hosted<_>>()?;
        }
        Change::Params(params) => {
            answer.type_url = "/cosmos.consensus.v1.MsgUpdateParams".to_string();
            answer.params = Some(message(&params));
        }
    }
    Ok(answer)
}

fn message(p: &StoredConsensus) -> MsgUpdateParams {
    let age = Duration {
        seconds: p.evidence_max_age_ns / NANOS_PER_SECOND,
        nanos: i32::try_from(p.evidence_max_age_ns % NANOS_PER_SECOND).unwrap_or(0),
    };
    MsgUpdateParams {
        authority: String::new(),
        block: Some(BlockParams { max_bytes: p.block_max_bytes, max_gas: p.block_max_gas }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: p.evidence_max_age_blocks,
            max_age_duration: Some(age),
            max_bytes: p.evidence_max_bytes,
        }),
        validator: Some(ValidatorParams { pub_key_types: p.pub_key_types.clone() }),
        abci: None,
    }
}
