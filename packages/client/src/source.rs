//! How a device, MES or ERP signs what it reports (clause 10 a).

use cosmwasm_std::Binary;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    content_digest, source_sign_bytes, QueryMsg, RecordMsg, SourceSignature, SourceState,
};

use crate::client::Client;
use crate::deploy::Deployment;
use crate::error::Outcome;
use crate::signer::Signer;

/// Signs a record as the next event of a source, continuing the chain that the event log knows.
///
/// `source` is the source's id and the key id under which the registry knows `key` (secp256k1).
///
/// # Errors
/// Refusals and network classes of the query for the source's state.
pub async fn sign_next(
    client: &Client,
    deployment: &Deployment,
    record: &RecordMsg,
    source: (&str, &str),
    key: &Signer,
) -> Outcome<SourceSignature> {
    let question = QueryMsg::SourceState { source: source.0.to_string() };
    let state: SourceState = deployment.event(client).query(&question).await?;
    let (signature, _) = sign_after(&deployment.chain_id, record, source, key, &state);
    Ok(signature)
}

/// Signs a record as the event after `state`; returns the signature and the state after it, so that a source can sign
/// many events ahead of the chain.
pub fn sign_after(
    chain_id: &str,
    record: &RecordMsg,
    (source, kid): (&str, &str),
    key: &Signer,
    state: &SourceState,
) -> (SourceSignature, SourceState) {
    let sequence = state.sequence.saturating_add(1);
    let content = content_digest(&record.event, &record.operation);
    let event_id = &record.event.event_id;
    let bytes = source_sign_bytes(chain_id, source, sequence, &state.last, event_id, &content);
    let signature = SourceSignature {
        source: source.to_string(),
        kid: kid.to_string(),
        sequence,
        previous: state.last,
        signature: Binary::from(key.sign(&bytes).as_slice()),
    };
    (signature, SourceState { sequence, last: Digest::of(&[&bytes]) })
}
