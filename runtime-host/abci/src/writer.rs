//! The one thread that writes: genesis, proposals, blocks, commits, in the order in which the engine asks.

use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::Arc;

use prost::bytes::Bytes;
use suyuan_core::{HostFault, Hosted};
use suyuan_solo::Application;
use tendermint_proto::v0_38::abci::{
    request, response, response_process_proposal, response_verify_vote_extension,
    RequestFinalizeBlock, RequestInitChain, RequestPrepareProposal, RequestProcessProposal,
    ResponseCommit, ResponseExtendVote, ResponseInitChain, ResponsePrepareProposal,
    ResponseProcessProposal, ResponseVerifyVoteExtension,
};

use crate::convert;
use crate::proposal;
use crate::shared::Shared;

/// A request of the consensus connection and the way back.
pub struct Job {
    pub request: request::Value,
    pub reply: SyncSender<Hosted<response::Value>>,
}

/// The writer's state: the app, and what it tells the others.
pub struct Writer {
    app: Box<dyn Application>,
    shared: Arc<Shared>,
}

impl Writer {
    /// Takes the app; `shared` was made from it.
    pub fn new(app: Box<dyn Application>, shared: Arc<Shared>) -> Writer {
        Writer { app, shared }
    }

    /// Does what a request of the consensus connection asks for.
    pub fn perform(&mut self, request: request::Value) -> Hosted<response::Value> {
        perform(self.app.as_mut(), &self.shared, request)
    }
}

/// Works until every sender is gone, or a fault. Whether a connection was told of the fault: it then has the last word
/// to the engine and ends the others.
pub fn run(mut writer: Writer, jobs: &Receiver<Job>) -> bool {
    let shared = writer.shared.clone();
    while let Ok(Job { request, reply }) = jobs.recv() {
        let work = std::panic::AssertUnwindSafe(|| writer.perform(request));
        let done = std::panic::catch_unwind(work)
            .unwrap_or_else(|_| Err(HostFault::new("the writer thread panicked")));
        let fault = done.as_ref().err().cloned();
        if let Some(fault) = fault {
            shared.fail(&fault);
            return reply.send(done).is_ok();
        }
        // The connection may have ended meanwhile; the engine will ask again.
        let _ = reply.send(done);
        if shared.halted().is_some() {
            // Nothing more is done at this height by this program; the node ends the engine.
            shared.progress.wait_stopped();
            return false;
        }
    }
    false
}

fn perform(
    app: &mut dyn Application,
    shared: &Shared,
    request: request::Value,
) -> Hosted<response::Value> {
    use request::Value as Ask;
    use response::Value as Say;
    match request {
        Ask::InitChain(request) => init_chain(app, request).map(Say::InitChain),
        Ask::PrepareProposal(request) => Ok(Say::PrepareProposal(prepare(app, request))),
        Ask::ProcessProposal(request) => Ok(Say::ProcessProposal(process(app, &request))),
        Ask::FinalizeBlock(request) => finalize(app, request),
        Ask::Commit(_) => commit(app, shared).map(Say::Commit),
        // Vote extensions are off (`vote_extensions_enable_height` 0); an engine that asks all the same gets none.
        Ask::ExtendVote(_) => {
            Ok(Say::ExtendVote(ResponseExtendVote { vote_extension: Bytes::new() }))
        }
        Ask::VerifyVoteExtension(request) => {
            use response_verify_vote_extension::VerifyStatus;
            let empty = request.vote_extension.is_empty();
            let status = if empty { VerifyStatus::Accept } else { VerifyStatus::Reject };
            Ok(Say::VerifyVoteExtension(ResponseVerifyVoteExtension { status: status.into() }))
        }
        other => Err(HostFault::new(format!("the writer was asked for {}", name(&other)))),
    }
}

fn init_chain(app: &mut dyn Application, request: RequestInitChain) -> Hosted<ResponseInitChain> {
    let request = convert::init_chain(request)?;
    // A genesis that cannot start the chain is as final here as a broken disk: the node ends and says why.
    let outcome = app.init_chain(request)?.map_err(|e| HostFault::new(e.to_string()))?;
    Ok(ResponseInitChain {
        consensus_params: None,
        // None means: those of the genesis file.
        validators: Vec::new(),
        app_hash: outcome.app_hash.to_vec().into(),
    })
}

fn prepare(app: &dyn Application, request: RequestPrepareProposal) -> ResponsePrepareProposal {
    ResponsePrepareProposal { txs: proposal::fit(app, request.txs, request.max_tx_bytes) }
}

fn process(app: &dyn Application, request: &RequestProcessProposal) -> ResponseProcessProposal {
    use response_process_proposal::ProposalStatus;
    let status = match proposal::acceptable(app, &request.txs) {
        Ok(()) => ProposalStatus::Accept,
        Err(why) => {
            tracing::warn!(height = request.height, %why, "a proposal is refused");
            ProposalStatus::Reject
        }
    };
    ResponseProcessProposal { status: status.into() }
}

fn finalize(app: &mut dyn Application, request: RequestFinalizeBlock) -> Hosted<response::Value> {
    let block = convert::decided(request)?;
    let outcome = app.finalize_block(&block)?;
    if outcome.tx_results.len() != block.txs.len() {
        return Err(HostFault::new(
            "the app gave another number of results than the block has transactions",
        ));
    }
    Ok(response::Value::FinalizeBlock(convert::finalized(outcome)?))
}

fn commit(app: &mut dyn Application, shared: &Shared) -> Hosted<ResponseCommit> {
    app.commit()?;
    let info = app.info();
    let height = info.height;
    shared.publish(info);
    shared.note_committed(height);
    Ok(ResponseCommit { retain_height: convert::height(shared.settings.retain_height(height))? })
}

/// Name of a request for people.
pub fn name(request: &request::Value) -> &'static str {
    use request::Value as Ask;
    match request {
        Ask::Echo(_) => "Echo",
        Ask::Flush(_) => "Flush",
        Ask::Info(_) => "Info",
        Ask::InitChain(_) => "InitChain",
        Ask::Query(_) => "Query",
        Ask::CheckTx(_) => "CheckTx",
        Ask::Commit(_) => "Commit",
        Ask::ListSnapshots(_) => "ListSnapshots",
        Ask::OfferSnapshot(_) => "OfferSnapshot",
        Ask::LoadSnapshotChunk(_) => "LoadSnapshotChunk",
        Ask::ApplySnapshotChunk(_) => "ApplySnapshotChunk",
        Ask::PrepareProposal(_) => "PrepareProposal",
        Ask::ProcessProposal(_) => "ProcessProposal",
        Ask::ExtendVote(_) => "ExtendVote",
        Ask::VerifyVoteExtension(_) => "VerifyVoteExtension",
        Ask::FinalizeBlock(_) => "FinalizeBlock",
    }
}
