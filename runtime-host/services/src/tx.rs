//! The transaction service: looking for transactions, sending them, taking them apart. Simulation is the application's.

use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxResponse;
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageResponse;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    BroadcastMode, BroadcastTxRequest, BroadcastTxResponse, GetBlockWithTxsRequest,
    GetBlockWithTxsResponse, GetTxRequest, GetTxResponse, GetTxsEventRequest, GetTxsEventResponse,
    OrderBy, Tx, TxDecodeAminoRequest, TxDecodeAminoResponse, TxDecodeRequest, TxDecodeResponse,
    TxEncodeAminoRequest, TxEncodeAminoResponse, TxEncodeRequest, TxEncodeResponse, TxRaw,
};
use prost::Message;
use suyuan_core::sha256;
use suyuan_solo::{ChainError, Page, SearchOrder, TxAnswer, TxOutcome};

use crate::source::{failed, Source};
use crate::{amino, convert, decode, encode, invalid, not_found, Answer, GrpcCode, GrpcStatus};

/// Transactions of a page unless asked otherwise (the SDK's default), and at most (the search's bound).
const PAGE_DEFAULT: u64 = 100;
/// Bytes of a search query (the dialect's bound).
const QUERY_BYTES_MAX: usize = 512;

/// Answers a method; `None` if this crate has no such method.
pub(crate) fn answer(source: &dyn Source, method: &str, request: &[u8]) -> Option<Answer> {
    Some(match method {
        "GetTx" => get_tx(source, request),
        "GetTxsEvent" => get_txs_event(source, request),
        "BroadcastTx" => broadcast_tx(source, request),
        "GetBlockWithTxs" => get_block_with_txs(source, request),
        "TxDecode" => tx_decode(request),
        "TxEncode" => tx_encode(request),
        "TxEncodeAmino" => tx_encode_amino(request),
        "TxDecodeAmino" => tx_decode_amino(request),
        _ => return None,
    })
}

fn get_tx(source: &dyn Source, request: &[u8]) -> Answer {
    let request: GetTxRequest = decode(request)?;
    if request.hash.is_empty() {
        return Err(invalid("tx hash cannot be empty"));
    }
    let hash = hex::decode(&request.hash)
        .map_err(|e| invalid(format!("tx hash {}: {e}", shortened(&request.hash))))?;
    let found = match source.tx(&hash) {
        Ok(found) => found,
        Err(ChainError::TxNotFound { .. }) => {
            return Err(not_found(format!("tx not found: {}", request.hash)));
        }
        // A hash of another length: nothing has it.
        Err(ChainError::Query(_)) => {
            let shown = shortened(&request.hash);
            return Err(not_found(format!("tx not found: {shown}")));
        }
        Err(other) => return Err(failed(other)),
    };
    let tx_response = describe(source, &found)?;
    encode(&GetTxResponse { tx: Some(convert::tx(&found.tx)?), tx_response: Some(tx_response) })
}

/// Hexadecimal digits of a hash that an error repeats.
const HASH_SHOWN_MAX: usize = 64;

fn shortened(text: &str) -> String {
    text.chars().take(HASH_SHOWN_MAX).collect()
}

fn describe(source: &dyn Source, found: &TxAnswer) -> Result<TxResponse, GrpcStatus> {
    let block = source.block(i64::try_from(found.height).ok()).map_err(failed)?;
    convert::tx_response(found, block.block.header.time)
}

fn get_txs_event(source: &dyn Source, request: &[u8]) -> Answer {
    let request: GetTxsEventRequest = decode(request)?;
    let order = match OrderBy::try_from(request.order_by) {
        Ok(OrderBy::Desc) => SearchOrder::Descending,
        Ok(_) => SearchOrder::Ascending,
        Err(_) => return Err(invalid(format!("unknown order {}", request.order_by))),
    };
    let query = search_query(&request)?;
    let page = if request.page == 0 { 1 } else { request.page };
    let limit = if request.limit == 0 { PAGE_DEFAULT } else { request.limit };
    let page = Page { page: signed(page), per_page: signed(limit) };
    let found = source.tx_search(&query, page, order).map_err(failed)?;
    let mut response = GetTxsEventResponse { total: found.total, ..Default::default() };
    for tx in &found.txs {
        response.txs.push(convert::tx(&tx.tx)?);
        response.tx_responses.push(describe(source, tx)?);
    }
    encode(&response)
}

fn signed(number: u64) -> Option<i64> {
    Some(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The query, also from the deprecated list of conditions that older clients send.
fn search_query(request: &GetTxsEventRequest) -> Result<String, GrpcStatus> {
    #[allow(deprecated, reason = "clients of older SDKs send this field")]
    let events = &request.events;
    let query = if request.query.is_empty() {
        if let Some(bad) = events.iter().find(|e| !e.contains('=')) {
            let text = "{eventType}.{eventAttribute}={value}";
            return Err(invalid(format!(
                "invalid event; event {} should be of the format: {text}",
                shortened(bad)
            )));
        }
        events.join(" AND ")
    } else {
        request.query.clone()
    };
    if query.is_empty() {
        return Err(invalid("query cannot be empty"));
    }
    if query.len() > QUERY_BYTES_MAX {
        return Err(invalid("maximum query length exceeded"));
    }
    Ok(query)
}

fn broadcast_tx(source: &dyn Source, request: &[u8]) -> Answer {
    let request: BroadcastTxRequest = decode(request)?;
    if request.tx_bytes.is_empty() {
        return Err(invalid("invalid empty tx"));
    }
    let wait = match BroadcastMode::try_from(request.mode) {
        Ok(BroadcastMode::Sync) => true,
        Ok(BroadcastMode::Async) => false,
        _ => {
            let text = "unsupported return type; supported types: sync, async";
            return Err(invalid(text));
        }
    };
    let hash = sha256(&request.tx_bytes);
    let response = match source.broadcast(request.tx_bytes, wait) {
        Ok(submitted) => convert::checked(&submitted.hash, &submitted.outcome),
        // What the mempool itself refuses is a result with a code of the SDK, as its clients make it.
        Err(error) => match mempool_code(&error) {
            Some(code) => {
                let refused = TxOutcome {
                    code,
                    codespace: "sdk".to_string(),
                    log: error.to_string(),
                    ..TxOutcome::default()
                };
                convert::checked(&hash, &refused)
            }
            None => return Err(failed(error)),
        },
    };
    encode(&BroadcastTxResponse { tx_response: Some(response) })
}

fn mempool_code(error: &ChainError) -> Option<u32> {
    match error {
        ChainError::TxInCache => Some(19),
        ChainError::MempoolFull { .. } => Some(20),
        ChainError::TxTooLarge { .. } => Some(21),
        _ => None,
    }
}

fn get_block_with_txs(source: &dyn Source, request: &[u8]) -> Answer {
    let request: GetBlockWithTxsRequest = decode(request)?;
    let latest = signed(source.latest_height()).unwrap_or(0);
    if request.height < 1 || request.height > latest {
        return Err(invalid(format!(
            "requested height {} but height must not be less than 1 or greater than the current height {latest}",
            request.height
        )));
    }
    let answer = source.block(Some(request.height)).map_err(failed)?;
    let page = request.pagination.unwrap_or_default();
    let txs = &answer.block.data;
    let total = txs.len() as u64;
    let limit = if page.limit == 0 { PAGE_DEFAULT } else { page.limit.min(PAGE_DEFAULT) };
    if page.offset > 0 && page.offset >= total {
        return Err(invalid(format!(
            "out of range: cannot paginate {total} txs with offset {} and limit {limit}",
            page.offset
        )));
    }
    let (skip, take) = (to_usize(page.offset), to_usize(limit));
    let shown = txs
        .iter()
        .skip(skip)
        .take(take)
        .map(|bytes| convert::tx(bytes))
        .collect::<Result<Vec<Tx>, _>>()?;
    encode(&GetBlockWithTxsResponse {
        txs: shown,
        block_id: Some(answer.id.into()),
        block: Some(answer.block.into()),
        pagination: Some(PageResponse { next_key: Vec::new(), total }),
    })
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn tx_decode(request: &[u8]) -> Answer {
    let request: TxDecodeRequest = decode(request)?;
    if request.tx_bytes.is_empty() {
        return Err(invalid("invalid empty tx bytes"));
    }
    encode(&TxDecodeResponse { tx: Some(convert::tx(&request.tx_bytes)?) })
}

fn tx_encode_amino(request: &[u8]) -> Answer {
    let request: TxEncodeAminoRequest = decode(request)?;
    if request.amino_json.is_empty() {
        return Err(invalid("invalid empty tx json"));
    }
    let amino_binary = amino::encode(&request.amino_json).map_err(unknown)?;
    encode(&TxEncodeAminoResponse { amino_binary })
}

fn tx_decode_amino(request: &[u8]) -> Answer {
    let request: TxDecodeAminoRequest = decode(request)?;
    if request.amino_binary.is_empty() {
        return Err(invalid("invalid empty tx bytes"));
    }
    let amino_json = amino::decode(&request.amino_binary).map_err(unknown)?;
    encode(&TxDecodeAminoResponse { amino_json })
}

fn unknown(text: String) -> GrpcStatus {
    GrpcStatus::new(GrpcCode::Unknown, text)
}

fn tx_encode(request: &[u8]) -> Answer {
    let request: TxEncodeRequest = decode(request)?;
    let Tx { body, auth_info, signatures } =
        request.tx.ok_or_else(|| invalid("invalid empty tx"))?;
    let raw = TxRaw {
        body_bytes: body.map(|b| b.encode_to_vec()).unwrap_or_default(),
        auth_info_bytes: auth_info.map(|a| a.encode_to_vec()).unwrap_or_default(),
        signatures,
    };
    encode(&TxEncodeResponse { tx_bytes: raw.encode_to_vec() })
}
