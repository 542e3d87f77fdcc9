//! Questions to the application.

use super::Node;
use crate::dialect::node::AbciInfo;
use crate::dialect::query::QueryAnswer;
use crate::dialect::to_json;
use crate::error::RpcError;
use crate::params::Args;

pub(super) fn abci_info(node: &Node) -> Result<String, RpcError> {
    to_json(&AbciInfo::from(&node.chain.abci_info()))
}

/// Smart queries run contract code and proofs read many tree nodes: always off the async workers.
pub(super) async fn abci_query(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let path = args.string("path")?.into_owned();
    let data = args.bytes_hex("data")?;
    let prove = args.flag("prove")?;
    let height = args.int("height")?.unwrap_or(0);
    let services = node.services.clone();
    node.blocking(move |_| {
        to_json(&QueryAnswer::from(&services.abci_query(&path, &data, height, prove)?))
    })
    .await
}
