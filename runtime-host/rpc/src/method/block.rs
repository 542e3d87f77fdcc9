//! Blocks and what belongs to one height.

use suyuan_solo::SearchOrder;

use super::{page, Node};
use crate::dialect::block::{BlockWithId, Blocks, Header, HeaderOnly, Metas, SignedHeader};
use crate::dialect::to_json;
use crate::dialect::tx::Results;
use crate::error::RpcError;
use crate::params::Args;

pub(super) async fn block(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let height = args.int("height")?;
    node.blocking(move |chain| to_json(&BlockWithId::new(&chain.block(height)?)?)).await
}

pub(super) async fn block_by_hash(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let hash = args.hash("hash")?;
    node.blocking(move |chain| match chain.block_by_hash(&hash)? {
        Some(answer) => to_json(&BlockWithId::new(&answer)?),
        None => to_json(&BlockWithId::UNKNOWN),
    })
    .await
}

pub(super) async fn header(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let height = args.int("height")?;
    node.blocking(move |chain| {
        let header = chain.header(height)?;
        to_json(&HeaderOnly { header: Some(Header::from(&header)) })
    })
    .await
}

pub(super) async fn header_by_hash(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let hash = args.hash("hash")?;
    node.blocking(move |chain| {
        let header = chain.header_by_hash(&hash)?;
        to_json(&HeaderOnly { header: header.as_ref().map(Header::from) })
    })
    .await
}

pub(super) async fn commit(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let height = args.int("height")?;
    node.blocking(move |chain| to_json(&SignedHeader::from(&chain.commit(height)?))).await
}

pub(super) async fn block_results(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let height = args.int("height")?;
    node.blocking(move |chain| to_json(&Results::from(&chain.block_results(height)?))).await
}

pub(super) async fn blockchain(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let min = args.int("minHeight")?.unwrap_or(0);
    let max = args.int("maxHeight")?.unwrap_or(0);
    node.blocking(move |chain| to_json(&Metas::from(&chain.blockchain(min, max)?))).await
}

pub(super) async fn block_search(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let query = args.string("query")?.into_owned();
    let page = page(args)?;
    // Newest first unless asked otherwise; tx_search has the opposite default.
    let order = match args.string("order_by")?.as_ref() {
        "desc" | "" => SearchOrder::Descending,
        "asc" => SearchOrder::Ascending,
        _ => return Err(RpcError::order_by()),
    };
    node.blocking(move |chain| to_json(&Blocks::new(&chain.block_search(&query, page, order)?)?))
        .await
}
