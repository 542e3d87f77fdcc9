//! From the driver's values to the messages of the services.

use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxResponse;
use cosmos_sdk_proto::cosmos::tx::v1beta1::Tx;
use cosmos_sdk_proto::Any;
use prost::Message;
use suyuan_core::{hex_upper, Event};
use suyuan_solo::{TxAnswer, TxOutcome};
use tendermint_proto::abci::{Event as ProtoEvent, EventAttribute};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

use crate::{internal, GrpcStatus};

/// Type URL of a whole transaction.
const TX_TYPE_URL: &str = "/cosmos.tx.v1beta1.Tx";

/// A transaction of a block with its result. `time` is the header's.
pub(crate) fn tx_response(
    found: &TxAnswer,
    time: tendermint::Time,
) -> Result<TxResponse, GrpcStatus> {
    let response = TxResponse {
        height: i64::try_from(found.height).unwrap_or(i64::MAX),
        tx: Some(Any { type_url: TX_TYPE_URL.to_string(), value: found.tx.clone() }),
        timestamp: timestamp(time)?,
        ..checked(&found.hash, &found.result)
    };
    Ok(response)
}

/// A result without a place in the chain, as a broadcast answers it.
pub(crate) fn checked(hash: &[u8], outcome: &TxOutcome) -> TxResponse {
    TxResponse {
        txhash: hex_upper(hash),
        codespace: outcome.codespace.clone(),
        code: outcome.code,
        data: hex_upper(&outcome.data),
        raw_log: outcome.log.clone(),
        gas_wanted: outcome.gas_wanted,
        gas_used: outcome.gas_used,
        events: outcome.events.iter().map(event).collect(),
        ..TxResponse::default()
    }
}

fn event(event: &Event) -> ProtoEvent {
    let attribute = |a: &suyuan_core::Attribute| EventAttribute {
        key: a.key.clone(),
        value: a.value.clone(),
        index: true,
    };
    ProtoEvent {
        r#type: event.kind.clone(),
        attributes: event.attributes.iter().map(attribute).collect(),
    }
}

/// Whole seconds, as `2006-01-02T15:04:05Z`: cw-orch stops at anything else.
fn timestamp(time: tendermint::Time) -> Result<String, GrpcStatus> {
    OffsetDateTime::from_unix_timestamp(time.unix_timestamp())
        .ok()
        .and_then(|t| t.format(&Rfc3339).ok())
        .ok_or_else(|| internal("the time of a block is out of range"))
}

/// The parts of a transaction: its encoding is that of the raw form.
pub(crate) fn tx(bytes: &[u8]) -> Result<Tx, GrpcStatus> {
    Tx::decode(bytes).map_err(|e| crate::invalid(format!("tx parse error: {e}")))
}
