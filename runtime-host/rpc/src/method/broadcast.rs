//! Transactions on their way into a block, and those that wait.

use serde_json::Value;
use suyuan_solo::{Answer, ChainError, Committed, Done, Included, TxOutcome};
use tokio::sync::oneshot;

use super::{per_page, Node};
use crate::dialect::to_json;
use crate::dialect::tx::{Broadcast, BroadcastCommit, TxResult, Waiting};
use crate::error::RpcError;
use crate::params::Args;

/// What `broadcast_evidence` may be given (CometBFT's registered types).
const EVIDENCE_KINDS: [&str; 2] =
    ["tendermint/DuplicateVoteEvidence", "tendermint/LightClientAttackEvidence"];

/// The hot method: thousands per second come in here.
///
/// CheckTx is a signature check and a few reads of a snapshot, tens of microseconds: less than a trip to the blocking
/// pool and back. So it runs where the request was read.
pub(super) fn broadcast_sync(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let submitted = node.chain.broadcast_sync(args.bytes_base64("tx")?)?;
    to_json(&Broadcast::from(&submitted))
}

/// Answers with the hash alone. What the mempool itself refuses (known, full, too large) is an error here, too; the
/// judgement of CheckTx is not told.
pub(super) fn broadcast_async(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let submitted = node.chain.broadcast_async(args.bytes_base64("tx")?)?;
    to_json(&Broadcast::from(&submitted))
}

/// Waits for the block without holding a thread: the chain reports the inclusion by a callback.
pub(super) async fn broadcast_commit(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let (sender, included) = oneshot::channel();
    let done: Done = Box::new(move |answer| {
        // The caller may have stopped waiting.
        let _ = sender.send(answer);
    });
    let submitted = node.chain.broadcast_watch(args.bytes_base64("tx")?, done)?;
    let mut committed = Committed {
        hash: submitted.hash,
        check: submitted.outcome,
        result: TxOutcome::default(),
        height: 0,
    };
    if committed.check.code == 0 {
        let Included { height, result, .. } = wait_included(node, included).await?;
        committed.height = height;
        committed.result = result;
    }
    to_json(&BroadcastCommit::from(&committed))
}

async fn wait_included(
    node: &Node,
    included: oneshot::Receiver<Answer<Included>>,
) -> Answer<Included> {
    match tokio::time::timeout(node.limits.commit_wait_max, included).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(node.chain.fault().map_or(ChainError::Stopped, ChainError::Fault)),
        Err(_) => Err(ChainError::TimedOut),
    }
}

/// Evidence of a validator who voted twice, or of an attack on light clients. One validator cannot be outvoted by
/// proof of his own fault, so there is no pool that would keep it: well-formed evidence is refused with the reason.
pub(super) fn broadcast_evidence(args: &Args<'_>) -> Result<String, RpcError> {
    let Some(text) = args.json("evidence")? else {
        return Err(RpcError::internal("no evidence was provided"));
    };
    let kind = text.get("type").and_then(Value::as_str).unwrap_or_default();
    if !EVIDENCE_KINDS.contains(&kind) || !text.get("value").is_some_and(Value::is_object) {
        return Err(RpcError::invalid_params(format!(
            "error converting json params to arguments: unregistered type of evidence: {kind:?}"
        )));
    }
    Err(RpcError::internal("failed to add evidence: a chain of one validator keeps no evidence"))
}

pub(super) async fn check_tx(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let tx = args.bytes_base64("tx")?;
    node.blocking(move |chain| to_json(&TxResult::from(&chain.check_tx(&tx)?))).await
}

pub(super) fn unconfirmed_txs(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let limit = per_page(args.int("limit")?);
    to_json(&Waiting::listed(&node.chain.unconfirmed_txs(limit)))
}

pub(super) fn num_unconfirmed_txs(node: &Node) -> Result<String, RpcError> {
    to_json(&Waiting::counted(&node.chain.num_unconfirmed_txs()))
}
