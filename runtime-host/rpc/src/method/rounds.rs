//! The state of the next height, as CometBFT shows its rounds. The one validator proposes and commits in one step, so
//! that between two blocks the next height always stands at its beginning: round 0, nothing proposed, no votes.

use super::Node;
use crate::dialect::rounds::{Dump, RoundSummary};
use crate::dialect::to_json;
use crate::error::RpcError;

pub(super) fn consensus_state(node: &Node) -> Result<String, RpcError> {
    let status = node.chain.status()?;
    to_json(&RoundSummary::new(&status))
}

pub(super) async fn dump_consensus_state(node: &Node) -> Result<String, RpcError> {
    node.blocking(|chain| {
        let status = chain.status()?;
        let height = i64::try_from(status.latest.height).ok();
        let last = chain.commit(height)?;
        to_json(&Dump::new(&status, &last))
    })
    .await
}
