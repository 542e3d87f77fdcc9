//! The transaction service: simulation. Searching transactions is the driver's business.

use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, Status};
use crate::api::TxOutcome;
use cosmos_sdk_proto::cosmos::base::abci::v1beta1::{GasInfo, Result as AbciResult, TxMsgData};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse, Tx, TxRaw};
use cosmos_sdk_proto::tendermint::abci::{Event as ProtoEvent, EventAttribute};
use prost::Message;
use suyuan_core::Event;

pub(super) fn answer(method: &str, data: &[u8]) -> Answer {
    match method {
        "Simulate" => Err(QueryFail::Simulate(transaction(decode(data)?)?)),
        _ => Err(unknown_path()),
    }
}

/// The transaction's bytes, also from the deprecated field that some clients still send.
fn transaction(request: SimulateRequest) -> Result<Vec<u8>, QueryFail> {
    #[allow(deprecated, reason = "cosmpy sends this field")]
    let (tx, tx_bytes) = (request.tx, request.tx_bytes);
    match (tx_bytes, tx) {
        (bytes, _) if !bytes.is_empty() => Ok(bytes),
        (_, Some(Tx { body, auth_info, signatures })) => {
            let body_bytes = body.map(|b| b.encode_to_vec()).unwrap_or_default();
            let auth_info_bytes = auth_info.map(|a| a.encode_to_vec()).unwrap_or_default();
            Ok(TxRaw { body_bytes, auth_info_bytes, signatures }.encode_to_vec())
        }
        _ => Err(invalid("empty txBytes is not allowed")),
    }
}

/// The answer to a simulation. `gas_wanted` is "unlimited", as the SDK answers.
pub(crate) fn simulate_response(outcome: TxOutcome) -> Answer {
    if outcome.code != 0 {
        let text = format!("{} with gas used: '{}'", outcome.log, outcome.gas_used);
        return Err(QueryFail::Status(Status::Unknown, text));
    }
    let gas_used = u64::try_from(outcome.gas_used).unwrap_or(0);
    let responses =
        TxMsgData::decode(&outcome.data[..]).map(|d| d.msg_responses).unwrap_or_default();
    #[allow(deprecated, reason = "old clients read the data field")]
    encode(&SimulateResponse {
        gas_info: Some(GasInfo { gas_wanted: u64::MAX, gas_used }),
        result: Some(AbciResult {
            data: outcome.data,
            log: outcome.log,
            events: outcome.events.into_iter().map(event).collect(),
            msg_responses: responses,
        }),
    })
}

fn event(event: Event) -> ProtoEvent {
    let attributes = event
        .attributes
        .into_iter()
        .map(|a| EventAttribute { key: a.key, value: a.value, index: true })
        .collect();
    ProtoEvent { r#type: event.kind, attributes }
}
