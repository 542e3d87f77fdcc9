//! Transactions that are in blocks.

use suyuan_solo::SearchOrder;

use super::{page, Node};
use crate::dialect::to_json;
use crate::dialect::tx::{Tx, Txs};
use crate::error::RpcError;
use crate::params::Args;

/// Bytes of a search query (the dialect's bound).
const QUERY_BYTES_MAX: usize = 512;

pub(super) async fn tx(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let prove = args.flag("prove")?;
    let hash =
        <[u8; 32]>::try_from(args.hash("hash")?).map_err(|other| RpcError::tx_not_found(&other))?;
    node.blocking(move |chain| to_json(&Tx::from(&chain.tx(&hash, prove)?))).await
}

pub(super) async fn tx_search(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let query = args.string("query")?.into_owned();
    if query.len() > QUERY_BYTES_MAX {
        return Err(RpcError::internal("maximum query length exceeded"));
    }
    let (prove, page) = (args.flag("prove")?, page(args)?);
    let order = match args.string("order_by")?.as_ref() {
        "asc" | "" => SearchOrder::Ascending,
        "desc" => SearchOrder::Descending,
        _ => return Err(RpcError::order_by()),
    };
    node.blocking(move |chain| to_json(&Txs::from(&chain.tx_search(&query, prove, page, order)?)))
        .await
}
