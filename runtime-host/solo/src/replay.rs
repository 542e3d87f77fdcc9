//! Executing stored blocks again: at start, for what the app is missing, and as an audit of a whole chain.

use std::path::Path;
use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};
use tendermint::PublicKey;

use crate::application::{Application, BlockRequest};
use crate::block_log::{BlockLog, BlockReader, StoredBlock};
use crate::genesis::{time_ns, Genesis};
use crate::log_file::{DiskFile, LogFile};
use crate::producer::proposer_bytes;
use crate::start::BLOCK_LOG_FILE;
use crate::tmtypes::{
    decode_block, hash32, part_set_header, results_hash, validate_block, verify_commit, ChainState,
    LastBlock,
};

/// Why a replay did not reach the end of the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// Executing a stored block gave something else than is stored, or the stored block is invalid.
    #[error("height {height}: {what}")]
    Divergence {
        /// Height of the block.
        height: u64,
        /// What differs.
        what: String,
    },
    /// The host failed.
    #[error(transparent)]
    Fault(#[from] HostFault),
}

impl From<ReplayError> for HostFault {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Fault(fault) => fault,
            divergence => HostFault::new(format!("replay of the block log: {divergence}")),
        }
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayReport {
    /// Last height executed; 0 if none.
    pub height: u64,
    /// Last height of the log.
    pub tip: u64,
    /// Blocks executed and found equal.
    pub executed: u64,
    /// Transactions in them.
    pub txs: u64,
    /// App hash after `height`.
    pub app_hash: [u8; 32],
}

/// Told after each block; `false` ends the replay early.
pub type Progress<'a> = &'a mut dyn FnMut(&ReplayReport) -> bool;

/// Replays the whole log in `data_dir` from genesis into a fresh app and compares app hash and every result at every
/// height, and each block with the rules of validity. Reads only: a node may be running on the directory.
pub fn replay(
    data_dir: &Path,
    genesis: &Genesis,
    app: &mut dyn Application,
    progress: Progress<'_>,
) -> Result<ReplayReport, ReplayError> {
    let path = data_dir.join(BLOCK_LOG_FILE);
    let file = DiskFile::open_read_only(&path)
        .map_err(|e| HostFault::new(format!("block log {}: {e}", path.display())))?;
    replay_file(Arc::new(file), genesis, app, progress)
}

/// Like [`replay`], on a given file.
pub fn replay_file(
    file: Arc<dyn LogFile>,
    genesis: &Genesis,
    app: &mut dyn Application,
    progress: Progress<'_>,
) -> Result<ReplayReport, ReplayError> {
    if app.info().height != 0 {
        return Err(HostFault::new("an audit needs an app without any state").into());
    }
    let (log, _) = BlockLog::open_read_only(file, &genesis.digest())?;
    let key = PublicKey::from_raw_ed25519(&log.validator())
        .ok_or_else(|| HostFault::new("block log: the validator's key is malformed"))?;
    let validators = genesis.solo_validators(key).map_err(|e| HostFault::new(e.to_string()))?;
    let state = ChainState::new(genesis, validators, Vec::new());
    let (_, report) = replay_into(app, genesis, state, &log.reader(), progress)?;
    Ok(report)
}

/// Brings `app` from its height to the end of the log. Returns the state after the last block and what was done.
pub fn replay_into(
    app: &mut dyn Application,
    genesis: &Genesis,
    mut state: ChainState,
    reader: &BlockReader,
    progress: Progress<'_>,
) -> Result<(ChainState, ReplayReport), ReplayError> {
    let from = app.info().height;
    if from == 0 {
        state.app_hash = init_chain(app, genesis)?;
    } else {
        stand_at(app, &mut state, reader, from)?;
    }
    let Some((base, tip)) = reader.heights() else { return Ok((state, ReplayReport::default())) };
    let mut report = ReplayReport {
        height: from,
        tip,
        app_hash: app.info().app_hash,
        ..ReplayReport::default()
    };
    for height in base.max(from.saturating_add(1))..=tip {
        let block = stored(reader, height)?;
        report.txs += replay_block(app, &mut state, &block)?;
        report.executed += 1;
        report.height = height;
        report.app_hash = block.head().app_hash;
        if !progress(&report) {
            break;
        }
    }
    Ok((state, report))
}

fn init_chain(app: &mut dyn Application, genesis: &Genesis) -> Hosted<Vec<u8>> {
    let outcome =
        app.init_chain(genesis.init_chain()?)?.map_err(|e| HostFault::new(e.to_string()))?;
    Ok(outcome.app_hash.to_vec())
}

/// The state after height `at`, where the app stands; the app must agree with the log about it.
fn stand_at(
    app: &dyn Application,
    state: &mut ChainState,
    reader: &BlockReader,
    at: u64,
) -> Result<(), ReplayError> {
    let block = stored(reader, at)?;
    if app.info().app_hash != block.head().app_hash {
        return Err(diverges(
            at,
            "the app's state has another hash than the block log; remove the state directory to \
                                 rebuild the state from the log",
        ));
    }
    let time = block.header()?.time;
    state.last = Some(LastBlock { height: at, id: block.head().id, time });
    state.app_hash = block.head().app_hash.to_vec();
    state.last_results_hash = results_hash(&block.results()?);
    if let Some(params) = app.updated_params() {
        state.replace_params(&params);
    }
    Ok(())
}

/// Judges, executes and compares one block. Returns its number of transactions.
fn replay_block(
    app: &mut dyn Application,
    state: &mut ChainState,
    stored: &StoredBlock,
) -> Result<u64, ReplayError> {
    let height = stored.height();
    let id = stored.head().id;
    let bytes = stored.block_bytes()?;
    let block = decode_block(&bytes)?;
    if block.header.hash() != id.hash || part_set_header(&bytes) != id.part_set_header {
        return Err(diverges(height, "the block has another hash than its record says"));
    }
    validate_block(state, &block, bytes.len()).map_err(|e| diverges(height, &e.to_string()))?;
    verify_commit(
        &state.chain_id,
        &state.validators,
        block.header.height,
        id,
        &stored.seen_commit()?,
    )
    .map_err(|e| diverges(height, &e))?;
    let request = BlockRequest {
        height,
        time_ns: time_ns(block.header.time)?,
        txs: block.data,
        proposer: proposer_bytes(state),
        hash: hash32(&id.hash),
    };
    let outcome = app.finalize_block(&request)?;
    let results = stored.results()?;
    if let Some(index) = (0..results.len()).find(|i| outcome.tx_results.get(*i) != results.get(*i))
    {
        return Err(diverges(
            height,
            &format!("transaction {index} has another result than is stored"),
        ));
    }
    if outcome.tx_results.len() != results.len() || outcome.app_hash != stored.head().app_hash {
        return Err(diverges(height, "the app hash differs from the stored one"));
    }
    app.commit()?;
    state.advance(LastBlock { height, id, time: block.header.time }, outcome.app_hash, &results);
    if let Some(params) = &outcome.consensus_param_updates {
        state.replace_params(params);
    }
    Ok(results.len() as u64)
}

fn stored(reader: &BlockReader, height: u64) -> Hosted<StoredBlock> {
    reader
        .block(height)?
        .ok_or_else(|| HostFault::new(format!("block log: height {height} is missing")))
}

fn diverges(height: u64, what: &str) -> ReplayError {
    ReplayError::Divergence { height, what: what.to_string() }
}
