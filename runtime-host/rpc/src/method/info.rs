//! The node and the rules of its chain: status, peers, genesis, validators, consensus parameters.

use serde_json::value::RawValue;

use super::{per_page, Node};
use crate::dialect::node::{
    GenesisAnswer, GenesisChunk, NetInfo, ParamsAnswer, StatusAnswer, ValidatorsPage,
};
use crate::dialect::to_json;
use crate::error::RpcError;
use crate::params::Args;

/// Bytes of one piece of `genesis_chunked`. A larger genesis file is only given in pieces.
const GENESIS_CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// Answers while the chain makes blocks; afterwards with the fault that stopped it.
pub(super) fn health(node: &Node) -> Result<String, RpcError> {
    node.chain.health()?;
    Ok("{}".to_owned())
}

pub(super) fn status(node: &Node) -> Result<String, RpcError> {
    let status = node.chain.status()?;
    to_json(&StatusAnswer::new(&status, &node.rpc_address, &node.limits.names))
}

pub(super) fn net_info() -> Result<String, RpcError> {
    to_json(&NetInfo::ALONE)
}

pub(super) fn genesis(node: &Node) -> Result<String, RpcError> {
    if node.genesis.len() > GENESIS_CHUNK_BYTES {
        return Err(RpcError::internal(
            "genesis response is large, please use the genesis_chunked API instead",
        ));
    }
    let genesis: &RawValue = serde_json::from_str(&node.genesis)
        .map_err(|error| RpcError::internal(format!("the genesis file is not JSON: {error}")))?;
    to_json(&GenesisAnswer { genesis })
}

pub(super) fn genesis_chunked(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let asked = args.int("chunk")?.unwrap_or(0);
    let mut chunks = node.genesis.as_bytes().chunks(GENESIS_CHUNK_BYTES);
    let total = chunks.len();
    let found =
        usize::try_from(asked).ok().and_then(|index| chunks.nth(index).map(|data| (index, data)));
    let Some((index, data)) = found else {
        let last = total.saturating_sub(1);
        return Err(RpcError::internal(format!("there are {last} chunks, {asked} is invalid")));
    };
    to_json(&GenesisChunk::new(index, total, data))
}

/// The set is in memory and never changes, so nothing here waits.
pub(super) fn validators(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let (height, page) = (args.int("height")?, args.int("page")?);
    let entries = per_page(args.int("per_page")?);
    let answer = node.chain.validators(height)?;
    let all = answer.set.validators();
    let mut pages = all.chunks(entries);
    let last = pages.len().max(1);
    let asked = page.unwrap_or(1);
    let index = usize::try_from(asked).ok().and_then(|page| page.checked_sub(1));
    let Some(index) = index.filter(|index| *index < last) else {
        return Err(RpcError::page_out_of_range(asked, last));
    };
    let shown = pages.nth(index).unwrap_or_default();
    to_json(&ValidatorsPage::new(answer.height, shown, all.len()))
}

pub(super) async fn consensus_params(node: &Node, args: &Args<'_>) -> Result<String, RpcError> {
    let height = args.int("height")?;
    node.blocking(move |chain| to_json(&ParamsAnswer::from(&chain.consensus_params(height)?))).await
}
