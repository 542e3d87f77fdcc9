//! What subscribers are sent: the data of each kind of event, in the forms of CometBFT's event bus.

use serde::Serialize;
use suyuan_solo::{BlockAnswer, BlockResults, TxOutcome};

use super::block::{BlockWithId, Header};
use super::tx::{events, EventJson, TxResult};
use super::{Int, B64};
use crate::error::RpcError;

/// Name and value of an event's data.
#[derive(Debug, Serialize)]
pub(crate) struct Data<T> {
    r#type: &'static str,
    value: T,
}

/// `tm.event='NewBlock'`.
#[derive(Debug, Serialize)]
pub(crate) struct NewBlock<'a> {
    #[serde(flatten)]
    block: BlockWithId<'a>,
    result_finalize_block: FinalizeBlock<'a>,
}

/// What executing the block gave. Lists are never null: the Rust client drops an event with a null list.
#[derive(Debug, Serialize)]
struct FinalizeBlock<'a> {
    events: Vec<EventJson<'a>>,
    tx_results: Vec<TxResult<'a>>,
    validator_updates: [(); 0],
    consensus_param_updates: Option<()>,
    app_hash: B64<&'a [u8]>,
}

/// `tm.event='NewBlockHeader'`.
#[derive(Debug, Serialize)]
pub(crate) struct NewBlockHeader<'a> {
    header: Header<'a>,
}

/// `tm.event='NewBlockEvents'`.
#[derive(Debug, Serialize)]
pub(crate) struct NewBlockEvents<'a> {
    height: Int<u64>,
    events: Vec<EventJson<'a>>,
    num_txs: Int<usize>,
}

/// `tm.event='Tx'`.
#[derive(Debug, Serialize)]
pub(crate) struct Tx<'a> {
    #[serde(rename = "TxResult")]
    result: TxInBlock<'a>,
}

#[derive(Debug, Serialize)]
struct TxInBlock<'a> {
    height: Int<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    index: u32,
    tx: B64<&'a [u8]>,
    result: TxResult<'a>,
}

/// CometBFT leaves a zero out here, and nowhere else.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(index: &u32) -> bool {
    *index == 0
}

/// Data of `NewBlock`.
///
/// # Errors
/// A block without a JSON form; see [`BlockWithId::new`].
pub(crate) fn new_block<'a>(
    block: &'a BlockAnswer,
    results: &'a BlockResults,
) -> Result<Data<NewBlock<'a>>, RpcError> {
    let value = NewBlock {
        block: BlockWithId::new(block)?,
        result_finalize_block: FinalizeBlock {
            events: events(&results.events),
            tx_results: results.tx_results.iter().map(TxResult::from).collect(),
            validator_updates: [],
            consensus_param_updates: None,
            app_hash: B64(&results.app_hash),
        },
    };
    Ok(Data { r#type: "tendermint/event/NewBlock", value })
}

/// Data of `NewBlockHeader`.
pub(crate) fn new_block_header(block: &BlockAnswer) -> Data<NewBlockHeader<'_>> {
    let value = NewBlockHeader { header: Header::from(&block.block.header) };
    Data { r#type: "tendermint/event/NewBlockHeader", value }
}

/// Data of `NewBlockEvents`.
pub(crate) fn new_block_events(results: &BlockResults) -> Data<NewBlockEvents<'_>> {
    let value = NewBlockEvents {
        height: Int(results.height),
        events: events(&results.events),
        num_txs: Int(results.tx_results.len()),
    };
    Data { r#type: "tendermint/event/NewBlockEvents", value }
}

/// Data of `Tx`.
pub(crate) fn tx<'a>(height: u64, index: u32, tx: &'a [u8], result: &'a TxOutcome) -> Data<Tx<'a>> {
    let result =
        TxInBlock { height: Int(height), index, tx: B64(tx), result: TxResult::from(result) };
    Data { r#type: "tendermint/event/Tx", value: Tx { result } }
}
