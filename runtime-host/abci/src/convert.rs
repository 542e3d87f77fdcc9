//! Between the words of the engine and the words of the app.

use prost::bytes::Bytes;
use suyuan_app::ConsensusParams;
use suyuan_core::{Event, HostFault, Hosted};
use suyuan_solo::{
    BlockOutcome, BlockRequest, InitChain, QueryOutcome, TxOutcome, ValidatorUpdate,
};
use tendermint_proto::google::protobuf::{Duration, Timestamp};
use tendermint_proto::v0_38::abci::{
    Event as ProtoEvent, EventAttribute, ExecTxResult, RequestFinalizeBlock, RequestInitChain,
    ResponseCheckTx, ResponseFinalizeBlock, ResponseQuery, ValidatorUpdate as ProtoUpdate,
};
use tendermint_proto::v0_38::crypto::{public_key, ProofOp, ProofOps, PublicKey};
use tendermint_proto::v0_38::types::{
    BlockParams, ConsensusParams as ProtoParams, EvidenceParams, ValidatorParams,
};

const NANOS: u64 = 1_000_000_000;

/// A height of the app as the engine writes it.
pub fn height(height: u64) -> Hosted<i64> {
    i64::try_from(height).map_err(|_| HostFault::new(format!("height {height} is out of range")))
}

/// A height of the engine.
pub fn height_of(height: i64) -> Hosted<u64> {
    u64::try_from(height)
        .ok()
        .filter(|h| *h > 0)
        .ok_or_else(|| HostFault::new(format!("the engine names height {height}")))
}

fn time_ns(time: Option<Timestamp>) -> Hosted<u64> {
    let broken = || HostFault::new(format!("the engine names the time {time:?}"));
    let time = time.as_ref().ok_or_else(broken)?;
    let seconds = u64::try_from(time.seconds).map_err(|_| broken())?;
    let nanos = u64::try_from(time.nanos).ok().filter(|n| *n < NANOS).ok_or_else(broken)?;
    seconds.checked_mul(NANOS).and_then(|ns| ns.checked_add(nanos)).ok_or_else(broken)
}

/// What the app is told of genesis.
pub fn init_chain(request: RequestInitChain) -> Hosted<InitChain> {
    let app_state = serde_json::from_slice(&request.app_state_bytes)
        .map_err(|e| HostFault::new(format!("genesis: app_state: {e}")))?;
    let params = request
        .consensus_params
        .ok_or_else(|| HostFault::new("genesis without consensus parameters"))?;
    Ok(InitChain {
        chain_id: request.chain_id,
        time_ns: time_ns(request.time)?,
        app_state,
        consensus_params: consensus_params(params)?,
        initial_height: height_of(request.initial_height)?,
        validators: request.validators.iter().map(validator).collect::<Hosted<_>>()?,
    })
}

fn validator(update: &ProtoUpdate) -> Hosted<ValidatorUpdate> {
    let key = match update.pub_key.as_ref().and_then(|key| key.sum.as_ref()) {
        Some(public_key::Sum::Ed25519(key)) => <[u8; 32]>::try_from(&key[..]).ok(),
        _ => None,
    };
    let pub_key =
        key.ok_or_else(|| HostFault::new("genesis: a validator's key is no ed25519 key"))?;
    let power = u64::try_from(update.power)
        .map_err(|_| HostFault::new(format!("genesis: power {}", update.power)))?;
    Ok(ValidatorUpdate { pub_key, power })
}

fn changed(update: ValidatorUpdate) -> Hosted<ProtoUpdate> {
    let key = PublicKey { sum: Some(public_key::Sum::Ed25519(update.pub_key.to_vec())) };
    let power = i64::try_from(update.power)
        .map_err(|_| HostFault::new(format!("power {} is out of range", update.power)))?;
    Ok(ProtoUpdate { pub_key: Some(key), power })
}

/// All parts that the app knows; the others stay as they are.
fn changed_params(params: ConsensusParams) -> ProtoParams {
    let age = Duration {
        seconds: params.evidence_max_age_ns / 1_000_000_000,
        nanos: i32::try_from(params.evidence_max_age_ns % 1_000_000_000).unwrap_or(0),
    };
    ProtoParams {
        block: Some(BlockParams {
            max_bytes: params.block_max_bytes,
            max_gas: params.block_max_gas,
        }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: params.evidence_max_age_blocks,
            max_age_duration: Some(age),
            max_bytes: params.evidence_max_bytes,
        }),
        validator: Some(ValidatorParams { pub_key_types: params.pub_key_types }),
        version: None,
        abci: None,
    }
}

fn consensus_params(params: ProtoParams) -> Hosted<ConsensusParams> {
    let missing = |what: &str| HostFault::new(format!("consensus parameters without {what}"));
    let block = params.block.ok_or_else(|| missing("block"))?;
    let evidence = params.evidence.ok_or_else(|| missing("evidence"))?;
    let validator = params.validator.ok_or_else(|| missing("validator"))?;
    Ok(ConsensusParams {
        block_max_bytes: block.max_bytes,
        block_max_gas: block.max_gas,
        evidence_max_age_blocks: evidence.max_age_num_blocks,
        evidence_max_age_ns: duration_ns(evidence.max_age_duration)?,
        evidence_max_bytes: evidence.max_bytes,
        pub_key_types: validator.pub_key_types,
    })
}

fn duration_ns(duration: Option<Duration>) -> Hosted<i64> {
    let Some(duration) = duration else { return Ok(0) };
    duration
        .seconds
        .checked_mul(1_000_000_000)
        .and_then(|ns| ns.checked_add(i64::from(duration.nanos)))
        .ok_or_else(|| HostFault::new("an age of evidence is out of range"))
}

/// A decided block as the app is told of it.
pub fn decided(request: RequestFinalizeBlock) -> Hosted<BlockRequest> {
    Ok(BlockRequest {
        height: height_of(request.height)?,
        time_ns: time_ns(request.time)?,
        txs: request.txs.into_iter().map(Vec::from).collect(),
        proposer: fixed(&request.proposer_address, "address of the proposer")?,
        hash: fixed(&request.hash, "hash of the block")?,
    })
}

fn fixed<const N: usize>(bytes: &Bytes, what: &str) -> Hosted<[u8; N]> {
    <[u8; N]>::try_from(bytes.as_ref())
        .map_err(|_| HostFault::new(format!("the {what} has {} bytes, not {N}", bytes.len())))
}

/// What a block did, as the engine is told of it.
pub fn finalized(outcome: BlockOutcome) -> Hosted<ResponseFinalizeBlock> {
    let updates = outcome.validator_updates.into_iter().map(changed).collect::<Hosted<_>>()?;
    Ok(ResponseFinalizeBlock {
        events: outcome.events.into_iter().map(event).collect(),
        tx_results: outcome.tx_results.into_iter().map(executed).collect(),
        validator_updates: updates,
        consensus_param_updates: outcome.consensus_param_updates.map(changed_params),
        app_hash: outcome.app_hash.to_vec().into(),
    })
}

/// Code, data and gas are hashed by the engine and equal on all nodes; texts and events are not hashed.
fn executed(outcome: TxOutcome) -> ExecTxResult {
    ExecTxResult {
        code: outcome.code,
        data: outcome.data.into(),
        log: outcome.log,
        info: String::new(),
        gas_wanted: outcome.gas_wanted,
        gas_used: outcome.gas_used,
        events: outcome.events.into_iter().map(event).collect(),
        codespace: outcome.codespace,
    }
}

/// The judgement of CheckTx.
pub fn checked(outcome: TxOutcome) -> ResponseCheckTx {
    ResponseCheckTx {
        code: outcome.code,
        data: outcome.data.into(),
        log: outcome.log,
        info: String::new(),
        gas_wanted: outcome.gas_wanted,
        gas_used: outcome.gas_used,
        events: outcome.events.into_iter().map(event).collect(),
        codespace: outcome.codespace,
    }
}

/// Every attribute is for searches, as in solo.
fn event(event: Event) -> ProtoEvent {
    let attributes = event
        .attributes
        .into_iter()
        .map(|a| EventAttribute { key: a.key, value: a.value, index: true })
        .collect();
    ProtoEvent { r#type: event.kind, attributes }
}

/// An answer of the state.
pub fn queried(outcome: QueryOutcome) -> Hosted<ResponseQuery> {
    let ops: Vec<_> = outcome
        .proof_ops
        .into_iter()
        .map(|op| ProofOp { r#type: op.type_, key: op.key, data: op.data })
        .collect();
    Ok(ResponseQuery {
        code: outcome.code,
        log: outcome.log,
        info: String::new(),
        index: outcome.index,
        key: outcome.key.into(),
        value: outcome.value.into(),
        proof_ops: if ops.is_empty() { None } else { Some(ProofOps { ops }) },
        height: height(outcome.height)?,
        codespace: outcome.codespace,
    })
}

/// A query below height 0: the caller's fault, in the SDK's words for an invalid request.
pub fn bad_height(asked: i64) -> ResponseQuery {
    ResponseQuery {
        code: INVALID_REQUEST_CODE,
        codespace: "sdk".to_string(),
        log: format!(
            "cannot query with height {asked}; please provide a valid height: invalid request"
        ),
        ..ResponseQuery::default()
    }
}

/// The SDK's code of an invalid request.
const INVALID_REQUEST_CODE: u32 = 18;
