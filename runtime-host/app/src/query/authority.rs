//! Queries about validators and announced changes.

use super::{chain, encode, unknown_path, Answer, View};
use crate::facts::StoredConsensus;
use crate::modules::chain::plans::{self, Plan};
use crate::modules::chain::{validators, Change};
use cosmos_sdk_proto::tendermint::types::ConsensusParams;
use suyuan_core::Hosted;
use suyuan_tx::chain::{self as proto, MsgUpdateParams};

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
    let ConsensusParams { block, evidence, validator, .. } = chain::proto(p);
    MsgUpdateParams { authority: String::new(), block, evidence, validator, abci: None }
}
