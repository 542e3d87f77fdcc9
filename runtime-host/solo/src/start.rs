//! Starting a chain: lock, open, compare, replay, first block, then hand over to the writer thread.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{mpsc, Arc};
use std::thread;

use suyuan_core::{HostFault, Hosted};
use tendermint::block::Header;

use crate::answers::BlockSummary;
use crate::application::Application;
use crate::block_log::{BlockLog, BlockReader, LogIdentity};
use crate::chain::Chain;
use crate::clock::Clock;
use crate::config::{Pace, SoloConfig};
use crate::error::ChainError;
use crate::event_index::Indexer;
use crate::genesis::Genesis;
use crate::guard::Signer;
use crate::key::ValidatorKey;
use crate::log_file::{DiskFile, LogFile};
use crate::mempool::Mempool;
use crate::producer::{answer_all, Producer, INTERVAL_MAX};
use crate::replay::{replay_into, ReplayReport};
use crate::shared::{Parts, Shared, Tip};
use crate::tmtypes::{commit_time, hash32, ChainState};

/// Name of the block log in the data directory.
pub const BLOCK_LOG_FILE: &str = "blocks.log";
/// Name of the signer's state in the data directory.
pub const SIGN_STATE_FILE: &str = "last_sign_state";
/// Name of the lock file in the data directory.
pub const LOCK_FILE: &str = "LOCK";

/// Name of the event index's folder in the data directory. It may be deleted while no node runs.
pub const EVENT_INDEX_DIR: &str = "event-index";

/// Stack of the writer thread in bytes: contracts that call contracts nest on it.
const WRITER_STACK: usize = 64 << 20;

/// The files of a chain.
#[derive(Debug)]
pub struct Files {
    /// The block log.
    pub blocks: Arc<dyn LogFile>,
    /// The signer's state.
    pub sign_state: Box<dyn LogFile>,
    /// Folder of the event index; without one, searches by event read the block log.
    pub index: Option<PathBuf>,
    /// The lock that keeps other processes away; released when the chain ends.
    pub lock: Option<File>,
}

impl Files {
    /// Opens or creates the files of a data directory and locks it.
    pub fn open(data_dir: &Path) -> Hosted<Files> {
        let fault = |what: &str, e: &dyn std::fmt::Display| {
            HostFault::new(format!("data directory {}: {what}: {e}", data_dir.display()))
        };
        fs::create_dir_all(data_dir).map_err(|e| fault("create", &e))?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(data_dir.join(LOCK_FILE))
            .map_err(|e| fault(LOCK_FILE, &e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(fault("locked", &"another process is using it"))
            }
            Err(TryLockError::Error(e)) => return Err(fault("lock", &e)),
        }
        let open = |name: &str| {
            DiskFile::open_or_create(&data_dir.join(name)).map_err(|e| fault(name, &e))
        };
        Ok(Files {
            blocks: Arc::new(open(BLOCK_LOG_FILE)?),
            sign_state: Box::new(open(SIGN_STATE_FILE)?),
            index: Some(data_dir.join(EVENT_INDEX_DIR)),
            lock: Some(lock),
        })
    }
}

/// Starts a chain in `config.data_dir`: opens and checks the block log, replays into the app what it is missing, makes
/// the first block if there is none, and starts the writer thread.
pub fn start(
    app: Box<dyn Application>,
    genesis: Genesis,
    key: ValidatorKey,
    config: SoloConfig,
    clock: Arc<dyn Clock>,
) -> Hosted<Chain> {
    let mut files = Files::open(&config.data_dir)?;
    if !config.event_index {
        files.index = None;
    }
    start_with(app, genesis, key, config, clock, files)
}

/// Like [`start`], on given files.
pub fn start_with(
    app: Box<dyn Application>,
    genesis: Genesis,
    key: ValidatorKey,
    config: SoloConfig,
    clock: Arc<dyn Clock>,
    files: Files,
) -> Hosted<Chain> {
    if let Pace::Every { interval, .. } = config.pace {
        if interval > INTERVAL_MAX {
            return Err(HostFault::new(format!(
                "the block interval is above {} s",
                INTERVAL_MAX.as_secs()
            )));
        }
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    let body = move || writer(app, genesis, key, config, clock, files, &sender);
    let writer = thread::Builder::new()
        .name("suyuan-writer".to_string())
        .stack_size(WRITER_STACK)
        .spawn(body)
        .map_err(|e| HostFault::new(format!("the writer thread does not start: {e}")))?;
    match receiver.recv() {
        Ok(Ok(chain)) => {
            let chain: Chain = chain;
            *chain.shared.writer.lock() = Some(writer);
            Ok(chain)
        }
        Ok(Err(fault)) => {
            // The files must be released when the error is seen.
            let _ = writer.join();
            Err(fault)
        }
        Err(_) => {
            let _ = writer.join();
            Err(HostFault::new("the writer thread died while it started"))
        }
    }
}

/// Everything the writer thread does. Starting happens here too, since replay needs the large stack.
fn writer(
    app: Box<dyn Application>,
    genesis: Genesis,
    key: ValidatorKey,
    config: SoloConfig,
    clock: Arc<dyn Clock>,
    files: Files,
    started: &mpsc::SyncSender<Hosted<Chain>>,
) {
    let Files { blocks, sign_state, index, lock } = files;
    let opened = Signer::open(key, sign_state)
        .and_then(|signer| open(app, genesis, signer, config, clock, Sources { blocks, index }));
    let mut producer = match opened {
        Ok(producer) => producer,
        Err(fault) => {
            drop(lock);
            let _ = started.send(Err(fault));
            return;
        }
    };
    let shared = producer.shared.clone();
    // Once the handle is out, every end of this thread must be told to those who wait on it.
    let _ = started.send(Ok(Chain { shared: shared.clone() }));
    let run = std::panic::AssertUnwindSafe(|| producer.run());
    let fault = match std::panic::catch_unwind(run) {
        Ok(Ok(())) => None,
        Ok(Err(fault)) => Some(fault),
        Err(_) => Some(HostFault::new("the writer thread panicked")),
    };
    if let Some(fault) = fault {
        tracing::error!(%fault, "the chain stops");
        shared.fail(&fault);
        let lost = shared.mempool.take_all();
        answer_all(lost.into_iter().filter_map(|p| p.done), &ChainError::Fault(fault));
    }
    drop(producer);
    if let Some(indexer) = &shared.indexer {
        indexer.stop();
    }
    drop(lock);
    shared.progress.set_stopped();
}

/// Where blocks are kept, and where their events are indexed.
struct Sources {
    blocks: Arc<dyn LogFile>,
    index: Option<PathBuf>,
}

/// Opens the log, brings app and signer to its height and makes the first block.
fn open(
    mut app: Box<dyn Application>,
    genesis: Genesis,
    mut signer: Signer,
    config: SoloConfig,
    clock: Arc<dyn Clock>,
    sources: Sources,
) -> Hosted<Producer> {
    let validators =
        genesis.solo_validators(signer.public_key()).map_err(|e| HostFault::new(e.to_string()))?;
    let identity = LogIdentity { genesis: genesis.digest(), validator: signer.raw_public_key() };
    let (log, report) = BlockLog::open(sources.blocks, &identity)?;
    let reader = log.reader();
    let newest = newest_signed(&reader)?;
    signer.reconcile(newest)?;
    let state = ChainState::new(&genesis, validators.clone(), Vec::new());
    let (state, replayed) = catch_up(app.as_mut(), &genesis, state, &reader)?;
    tracing::info!(
        blocks = report.blocks,
        bytes = report.bytes,
        replayed = replayed.executed,
        "block log opened"
    );
    let indexer =
        sources.index.map(|path| Indexer::start(path, &identity, reader.clone())).transpose()?;
    let to_stop = indexer.clone();
    let shared = Arc::new(Shared::new(Parts {
        genesis,
        validators,
        log: reader.clone(),
        checker: app.checker(),
        querier: app.querier(),
        mempool: Mempool::new(config.mempool),
        indexer,
    }));
    let mut producer = Producer {
        app,
        state,
        log,
        signer,
        clock,
        config,
        shared,
        seen_commit: None,
        proof_due: false,
    };
    let begun = begin(&mut producer, &reader);
    if let (Err(_), Some(indexer)) = (&begun, to_stop) {
        indexer.stop();
    }
    begun.map(|()| producer)
}

/// Shows the newest stored block, or makes the first one.
fn begin(producer: &mut Producer, reader: &BlockReader) -> Hosted<()> {
    resume(producer, reader)?;
    if producer.state.last.is_none() {
        producer.make_block()?;
    }
    Ok(())
}

fn newest_signed(
    reader: &BlockReader,
) -> Hosted<Option<(u64, tendermint::block::Id, tendermint::Time)>> {
    let Some((_, tip)) = reader.heights() else { return Ok(None) };
    let Some(block) = reader.block(tip)? else { return Ok(None) };
    let time = commit_time(&block.seen_commit()?)
        .ok_or_else(|| HostFault::new("a stored commit has no timestamp"))?;
    Ok(Some((tip, block.head().id, time)))
}

/// Compares the app with the log and replays what it is missing. The app must never be ahead.
fn catch_up(
    app: &mut dyn Application,
    genesis: &Genesis,
    state: ChainState,
    reader: &BlockReader,
) -> Hosted<(ChainState, ReplayReport)> {
    let info = app.info();
    let tip = reader.heights().map_or(0, |(_, tip)| tip);
    if info.height > tip {
        return Err(HostFault::new(format!(
            "the app is at height {}, but the block log ends at {tip}: acknowledged blocks are missing from the log; \
             restore it from a copy, or remove the state directory to rebuild the state from the log",
            info.height
        )));
    }
    replay_into(app, genesis, state, reader, &mut |_| true).map_err(HostFault::from)
}

/// Publishes the newest stored block and remembers whether it still has to be proved.
fn resume(producer: &mut Producer, reader: &BlockReader) -> Hosted<()> {
    let Some((base, tip)) = reader.heights() else { return Ok(()) };
    let missing = || HostFault::new("block log: a height in its range is missing");
    let first = reader.block(base)?.ok_or_else(missing)?.header()?;
    let block = reader.block(tip)?.ok_or_else(missing)?;
    let header = block.header()?;
    producer.seen_commit = Some(block.seen_commit()?);
    producer.proof_due =
        header.app_hash.as_bytes() != block.head().app_hash || block.head().tx_count > 0;
    *producer.shared.earliest.write() = Some(summary_of(&first));
    producer.shared.publish(Tip { header, app_hash: block.head().app_hash });
    Ok(())
}

/// The essence of a header.
pub(crate) fn summary_of(header: &Header) -> BlockSummary {
    BlockSummary {
        height: header.height.value(),
        hash: hash32(&header.hash()),
        app_hash: header.app_hash.as_bytes().to_vec(),
        time: header.time,
    }
}
