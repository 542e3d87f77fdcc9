//! Blocks of a chain that goes on in a network: read, never written again.

use std::path::Path;
use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};
use tendermint::PublicKey;

use crate::application::{CheckTx, QueryState};
use crate::block_log::BlockLog;
use crate::chain::Chain;
use crate::config::MempoolLimits;
use crate::error::ChainError;
use crate::genesis::Genesis;
use crate::log_file::DiskFile;
use crate::mempool::Mempool;
use crate::shared::{Parts, Shared, Tip};
use crate::start::{summary_of, BLOCK_LOG_FILE};

/// Opens the blocks in `data_dir` for reading. The handle answers everything about them, and takes no transactions.
///
/// # Errors
/// The log cannot be read, is damaged, belongs to another genesis, or is empty.
pub fn open_past(
    data_dir: &Path,
    genesis: &Genesis,
    checker: Arc<dyn CheckTx>,
    querier: Arc<dyn QueryState>,
) -> Hosted<Chain> {
    let path = data_dir.join(BLOCK_LOG_FILE);
    let fault = |what: String| HostFault::new(format!("block log {}: {what}", path.display()));
    let file = DiskFile::open_read_only(&path).map_err(|e| fault(e.to_string()))?;
    let (log, _) = BlockLog::open_read_only(Arc::new(file), &genesis.digest())?;
    let key = PublicKey::from_raw_ed25519(&log.validator())
        .ok_or_else(|| fault("the validator's key is malformed".to_string()))?;
    let validators = genesis.solo_validators(key).map_err(|e| HostFault::new(e.to_string()))?;
    let reader = log.reader();
    let (base, tip) = reader.heights().ok_or_else(|| fault("it holds no block".to_string()))?;
    let missing = || fault("a height in its range is missing".to_string());
    let first = reader.block(base)?.ok_or_else(missing)?.header()?;
    let last = reader.block(tip)?.ok_or_else(missing)?;
    let mempool = Mempool::new(MempoolLimits::default());
    mempool.close(ChainError::Stopped);
    let shared = Shared::new(Parts {
        genesis: genesis.clone(),
        validators,
        log: reader.clone(),
        checker,
        querier,
        mempool,
        // Searches in the past read its blocks.
        indexer: None,
    });
    *shared.earliest.write() = Some(summary_of(&first));
    shared.publish(Tip { header: last.header()?, app_hash: last.head().app_hash });
    shared.progress.set_stopped();
    Ok(Chain { shared: Arc::new(shared) })
}
