//! What is answered beside the writer, on the connection's own thread: facts, checks and queries.

use suyuan_core::Hosted;
use suyuan_solo::CheckKind;
use tendermint_proto::v0_38::abci::{
    request, response, response_apply_snapshot_chunk, response_offer_snapshot, CheckTxType,
    RequestCheckTx, RequestInfo, RequestQuery, ResponseApplySnapshotChunk, ResponseEcho,
    ResponseFlush, ResponseInfo, ResponseListSnapshots, ResponseLoadSnapshotChunk,
    ResponseOfferSnapshot,
};

use crate::convert;
use crate::engine;
use crate::shared::Shared;
use crate::APP_NAME;

/// What became of a request.
pub enum Side {
    /// It is answered.
    Answered(Hosted<response::Value>),
    /// It belongs to the writer.
    Consensus(request::Value),
    /// The engine must not drive this app; the node ends.
    Refused(engine::EngineRefused),
}

/// Answers a request unless it belongs to the writer.
pub fn answer(shared: &Shared, request: request::Value) -> Side {
    use request::Value as Ask;
    use response::Value as Say;
    let said = match request {
        Ask::Echo(echo) => Ok(Say::Echo(ResponseEcho { message: echo.message })),
        Ask::Flush(_) => Ok(Say::Flush(ResponseFlush {})),
        Ask::Info(info) => return info_answer(shared, &info),
        Ask::CheckTx(check) => check_tx(shared, &check),
        Ask::Query(query) => self::query(shared, &query),
        // Joining goes by replaying the blocks: this node offers no snapshots and takes none.
        Ask::ListSnapshots(_) => {
            Ok(Say::ListSnapshots(ResponseListSnapshots { snapshots: Vec::new() }))
        }
        Ask::OfferSnapshot(_) => Ok(Say::OfferSnapshot(ResponseOfferSnapshot {
            result: response_offer_snapshot::Result::RejectFormat.into(),
        })),
        Ask::LoadSnapshotChunk(_) => {
            Ok(Say::LoadSnapshotChunk(ResponseLoadSnapshotChunk::default()))
        }
        Ask::ApplySnapshotChunk(_) => Ok(Say::ApplySnapshotChunk(ResponseApplySnapshotChunk {
            result: response_apply_snapshot_chunk::Result::Abort.into(),
            refetch_chunks: Vec::new(),
            reject_senders: Vec::new(),
        })),
        other => return Side::Consensus(other),
    };
    Side::Answered(said)
}

fn info_answer(shared: &Shared, info: &RequestInfo) -> Side {
    // The engine's own `abci_info` of its RPC asks with the same words as its handshake.
    if let Err(refused) = engine::judge(&info.version, &info.abci_version) {
        return Side::Refused(refused);
    }
    let committed = *shared.info.read();
    // A network over a state that was made alone begins at its own first block.
    let begun = committed.height > shared.settings.seam;
    let height = if begun { committed.height } else { 0 };
    let app_hash = if begun { committed.app_hash.to_vec() } else { Vec::new() };
    Side::Answered(convert::height(height).map(|last_block_height| {
        response::Value::Info(ResponseInfo {
            data: APP_NAME.to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            app_version: shared.settings.app_version,
            last_block_height,
            last_block_app_hash: app_hash.into(),
        })
    }))
}

fn check_tx(shared: &Shared, check: &RequestCheckTx) -> Hosted<response::Value> {
    let kind = if check.r#type == i32::from(CheckTxType::Recheck) {
        CheckKind::Recheck
    } else {
        shared.checker.prepare(&check.tx)?;
        CheckKind::New
    };
    let outcome = shared.checker.check_tx(&check.tx, kind, &mut |_| {})?;
    Ok(response::Value::CheckTx(convert::checked(outcome)))
}

fn query(shared: &Shared, query: &RequestQuery) -> Hosted<response::Value> {
    let Ok(height) = u64::try_from(query.height) else {
        return Ok(response::Value::Query(convert::bad_height(query.height)));
    };
    let outcome = shared.querier.query(&query.path, &query.data, height, query.prove)?;
    Ok(response::Value::Query(convert::queried(outcome)?))
}
