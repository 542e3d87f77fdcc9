//! The one writer: takes transactions, makes blocks, makes them durable, publishes them.
//!
//! Order per block: build, execute, sign, append to the block log and sync, commit the app, publish, answer. A crash
//! before the sync loses a block that nobody was told about; a crash after it is repaired by replaying the log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use suyuan_core::{Hash32, HostFault, Hosted};
use tendermint::block::{self, Commit, Height};

use crate::answers::Included;
use crate::application::{Application, BlockOutcome, BlockRequest, CheckKind};
use crate::block_log::{BlockLog, BlockRecord};
use crate::clock::Clock;
use crate::config::{Pace, SoloConfig};
use crate::error::ChainError;
use crate::genesis::{time_ns, time_of_ns};
use crate::guard::{Precommit, Signer};
use crate::mempool::{BlockBounds, Done, Pending, Wake};
use crate::shared::{Shared, Tip};
use crate::tmtypes::{
    commit_of, commit_time, encode_block, hash32, part_set_header, BlockDraft, ChainState,
    EncodedBlock, LastBlock,
};

/// Bytes of a block beside its transactions: header, last commit, evidence, framing (CometBFT counts under 900).
pub const BLOCK_OVERHEAD_MAX: usize = 2048;
/// A proposal re-signs the last precommit if its timestamp is older than this: header time then follows the clock
/// within half of the promised second.
const RESIGN_AFTER_NS: u64 = 500_000_000;
/// On demand, how long the next transaction may come and take the proof block's place. A client that sends one
/// transaction after the other then waits for one sync each, not for two.
const PROOF_PAUSE: Duration = Duration::from_millis(5);
/// A vote is at least this much later than its block (CometBFT's `voteTime`).
const VOTE_STEP_NS: u64 = 1_000_000;

/// The writer's state.
pub struct Producer {
    pub app: Box<dyn Application>,
    pub state: ChainState,
    pub log: BlockLog,
    pub signer: Signer,
    pub clock: Arc<dyn Clock>,
    pub config: SoloConfig,
    pub shared: Arc<Shared>,
    /// The commit for the last block; `None` before the first.
    pub seen_commit: Option<Commit>,
    /// Whether the last block changed something that no header carries yet.
    pub proof_due: bool,
}

/// A block that was executed and signed and is to be written.
struct Ready {
    id: block::Id,
    header: block::Header,
    encoded: EncodedBlock,
    tx_hashes: Vec<Hash32>,
    commit: Commit,
    outcome: BlockOutcome,
}

/// Transactions of one block without their bytes, which are in the request.
struct Batch {
    hashes: Vec<Hash32>,
    waiters: Vec<Option<Done>>,
}

impl Producer {
    /// Makes blocks until the mempool is closed and drained. On a fault everybody who waits is told.
    pub fn run(&mut self) -> Hosted<()> {
        let mut last = Instant::now();
        while self.wait(last) {
            // An interval counts from the start of a block, the pause before a proof block from its end.
            let start = Instant::now();
            self.make_block()?;
            last = if self.config.pace == Pace::OnDemand { Instant::now() } else { start };
        }
        // A reader or a check may have found the host broken: then nothing more is written.
        if let Some(fault) = self.shared.progress.fault() {
            return Err(fault);
        }
        self.drain()?;
        self.signer.persist()?;
        self.signer.sync()
    }

    /// Waits for a reason to make a block; false when the chain is to end.
    fn wait(&self, last: Instant) -> bool {
        match self.config.pace {
            Pace::OnDemand if self.proof_due => {
                self.shared.mempool.wait(Some(last + PROOF_PAUSE)) != Wake::Closed
            }
            Pace::OnDemand => self.shared.mempool.wait(None) != Wake::Closed,
            Pace::Every { interval, empty_blocks } => {
                if self.shared.mempool.wait_time(last + interval) == Wake::Closed {
                    return false;
                }
                empty_blocks || self.proof_due || self.shared.mempool.wait(None) != Wake::Closed
            }
        }
    }

    /// Puts what waits into blocks and proves the last state.
    fn drain(&mut self) -> Hosted<()> {
        let deadline = Instant::now() + self.config.drain_max;
        while self.shared.mempool.waiting() > 0 && Instant::now() < deadline {
            self.make_block()?;
        }
        if self.proof_due {
            self.make_block()?;
        }
        self.answer_lost();
        Ok(())
    }

    fn answer_lost(&self) {
        let lost = self.shared.mempool.take_all();
        if !lost.is_empty() {
            tracing::warn!(
                count = lost.len(),
                "transactions were left waiting at the end of the time for shutdown"
            );
        }
        answer_all(lost.into_iter().filter_map(|p| p.done), &ChainError::Stopped);
    }

    /// Makes one block of what waits, perhaps empty, up to its publication.
    pub fn make_block(&mut self) -> Hosted<()> {
        let (taken, misfits) = self.shared.mempool.reap(self.bounds());
        for misfit in misfits {
            let why =
                ChainError::Evicted { code: 0, log: "it does not fit into any block".to_string() };
            answer_all(misfit.done, &why);
        }
        let (batch, txs) = split(taken);
        let mut waiters = batch.waiters;
        let result = self.make_block_of(batch.hashes, txs, &mut waiters);
        if let Err(fault) = &result {
            self.shared.mempool.settled();
            answer_all(waiters.into_iter().flatten(), &ChainError::Fault(fault.clone()));
        }
        result
    }

    fn make_block_of(
        &mut self,
        tx_hashes: Vec<Hash32>,
        txs: Vec<Vec<u8>>,
        waiters: &mut [Option<Done>],
    ) -> Hosted<()> {
        let last_commit = self.last_commit()?;
        let draft = BlockDraft { tx_hashes: &tx_hashes, last_commit: last_commit.as_ref() };
        let header = self.state.header(draft)?;
        let _span = tracing::debug_span!("block", height = header.height.value(), txs = txs.len())
            .entered();
        let encoded = encode_block(&header, &txs, last_commit.as_ref());
        let id =
            block::Id { hash: header.hash(), part_set_header: part_set_header(&encoded.bytes) };
        self.check_own_block(&encoded)?;
        let request = Arc::new(BlockRequest {
            height: header.height.value(),
            time_ns: time_ns(header.time)?,
            txs,
            proposer: proposer_bytes(&self.state),
            hash: hash32(&id.hash),
        });
        self.shared.mempool.executing(request.clone());
        let (height, txs) = (request.height, request.txs.len());
        let counters = &self.shared.counters;
        let started = Instant::now();
        let outcome = tracing::debug_span!("execute", height, txs)
            .in_scope(|| self.app.finalize_block(&request))?;
        counters.execute_micros.add_time(started.elapsed());
        if outcome.tx_results.len() != tx_hashes.len() {
            return Err(HostFault::new(
                "the app gave another number of results than the block has transactions",
            ));
        }
        let commit = self.precommit(header.height, id, time_ns(header.time)?)?;
        self.persist(Ready { id, header, encoded, tx_hashes, commit, outcome }, waiters)
    }

    /// In debug builds each block is judged by the oracle before it is executed.
    fn check_own_block(&self, encoded: &EncodedBlock) -> Hosted<()> {
        if cfg!(debug_assertions) {
            let block = crate::tmtypes::decode_block(&encoded.bytes)?;
            crate::tmtypes::validate_block(&self.state, &block, encoded.bytes.len())
                .map_err(|e| HostFault::new(format!("own block: {e}")))?;
        }
        Ok(())
    }

    fn persist(&mut self, ready: Ready, waiters: &mut [Option<Done>]) -> Hosted<()> {
        let height = ready.header.height.value();
        let appending = Instant::now();
        let span = tracing::debug_span!("append", height).entered();
        self.log.append(&BlockRecord {
            height,
            id: ready.id,
            block: &ready.encoded,
            tx_hashes: &ready.tx_hashes,
            seen_commit: &ready.commit,
            params: &self.state.params,
            outcome: &ready.outcome,
        })?;
        self.signer.persist()?;
        drop(span);
        let shared = self.shared.clone();
        shared.counters.append_micros.add_time(appending.elapsed());
        let committing = Instant::now();
        let _span = tracing::debug_span!("commit", height).entered();
        let gate = shared.gate.write();
        self.app.commit()?;
        self.check_committed(height, &ready.outcome)?;
        self.adopt(&ready)?;
        self.forget_failed(&ready);
        self.count(&ready);
        let Ready { header, outcome, .. } = ready;
        shared.publish(Tip { header, app_hash: outcome.app_hash });
        // After the publication: a transaction is always unconfirmed or in a block, never in neither.
        shared.mempool.settled();
        for (index, (done, result)) in waiters.iter_mut().zip(outcome.tx_results).enumerate() {
            if let Some(done) = done.take() {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                done(Ok(Included { height, index, result }));
            }
        }
        tracing::debug!("published");
        tracing::debug_span!("recheck", txs = shared.mempool.waiting())
            .in_scope(|| self.recheck())?;
        drop(gate);
        shared.counters.commit_micros.add_time(committing.elapsed());
        Ok(())
    }

    fn count(&self, ready: &Ready) {
        let counters = &self.shared.counters;
        let results = &ready.outcome.tx_results;
        let ok = results.iter().filter(|result| result.code == 0).count();
        counters.blocks.add(1);
        counters.txs_ok.add(ok as u64);
        counters.txs_failed.add((results.len() - ok) as u64);
        let gas = results.iter().map(|result| u64::try_from(result.gas_used).unwrap_or(0));
        counters.gas_used.add(gas.fold(0, u64::saturating_add));
    }

    fn check_committed(&self, height: u64, outcome: &BlockOutcome) -> Hosted<()> {
        let info = self.app.info();
        if info.height != height || info.app_hash != outcome.app_hash {
            return Err(HostFault::new(format!(
                "the app committed height {} with another hash or height than block {height} gave",
                info.height
            )));
        }
        Ok(())
    }

    fn adopt(&mut self, ready: &Ready) -> Hosted<()> {
        let before = std::mem::take(&mut self.state.app_hash);
        let last = LastBlock {
            height: ready.header.height.value(),
            id: ready.id,
            time: ready.header.time,
        };
        self.state.advance(last, ready.outcome.app_hash, &ready.outcome.tx_results);
        if let Some(params) = &ready.outcome.consensus_param_updates {
            self.state.replace_params(params);
        }
        self.proof_due = self.state.app_hash != before || !ready.tx_hashes.is_empty();
        self.seen_commit = Some(ready.commit.clone());
        let mut earliest = self.shared.earliest.write();
        if earliest.is_none() {
            *earliest = Some(crate::start::summary_of(&ready.header));
        }
        Ok(())
    }

    /// A transaction that failed may be sent again (CometBFT's `keep-invalid-txs-in-cache = false`).
    fn forget_failed(&self, ready: &Ready) {
        for (hash, result) in ready.tx_hashes.iter().zip(&ready.outcome.tx_results) {
            if result.code != 0 {
                self.shared.mempool.forget(hash);
            }
        }
    }

    /// Checks again what still waits, over the new state; called with the gate closed.
    fn recheck(&self) -> Hosted<()> {
        let mempool = &self.shared.mempool;
        let mut waiting = mempool.take_all();
        let mut passed = std::collections::VecDeque::with_capacity(waiting.len());
        while let Some(pending) = waiting.pop_front() {
            let outcome =
                match self.shared.checker.check_tx(&pending.tx, CheckKind::Recheck, &mut |_| {}) {
                    Ok(outcome) => outcome,
                    Err(fault) => {
                        waiting.push_front(pending);
                        passed.append(&mut waiting);
                        mempool.restore(passed);
                        return Err(fault);
                    }
                };
            if outcome.code == 0 {
                passed.push_back(pending);
            } else {
                mempool.forget(&pending.hash);
                self.shared.counters.evicted.add(1);
                answer_all(
                    pending.done,
                    &ChainError::Evicted { code: outcome.code, log: outcome.log },
                );
            }
        }
        mempool.restore(passed);
        Ok(())
    }

    fn bounds(&self) -> BlockBounds {
        let block = &self.state.params.block;
        // The first block has genesis time, which may be long ago: transactions wait for the second.
        let txs = if self.state.last.is_none() { 0 } else { self.config.block_txs_max };
        BlockBounds {
            txs,
            bytes: usize::try_from(block.max_bytes)
                .unwrap_or(usize::MAX)
                .saturating_sub(BLOCK_OVERHEAD_MAX),
            gas: u64::try_from(block.max_gas).ok().map(|_| block.max_gas),
        }
    }

    /// The precommits for the last block that the next block carries. Their timestamp becomes its header time, so an
    /// old precommit is signed again, for the same height, round and block, with the time of now.
    fn last_commit(&mut self) -> Hosted<Option<Commit>> {
        let (Some(last), Some(seen)) = (self.state.last.clone(), self.seen_commit.clone()) else {
            return Ok(None);
        };
        let stamped =
            commit_time(&seen).ok_or_else(|| HostFault::new("the last commit has no timestamp"))?;
        let now = self.clock.now_ns();
        if now.saturating_sub(time_ns(stamped)?) <= RESIGN_AFTER_NS {
            return Ok(Some(seen));
        }
        let height =
            Height::try_from(last.height).map_err(|e| HostFault::new(format!("height: {e}")))?;
        self.precommit(height, last.id, time_ns(last.time)?).map(Some)
    }

    /// Signs a precommit with the time of now, but later than its block and not before an earlier signature.
    fn precommit(&mut self, height: Height, id: block::Id, block_time_ns: u64) -> Hosted<Commit> {
        let mut at = self.clock.now_ns().max(block_time_ns.saturating_add(VOTE_STEP_NS));
        if let Some(last) = self.signer.last().filter(|l| l.height == height.value()) {
            at = at.max(time_ns(last.time)?);
        }
        let time = time_of_ns(at)?;
        let by = self.signer.address();
        let signature = self.signer.sign(&Precommit {
            chain_id: &self.state.chain_id,
            height,
            id,
            time,
            by,
        })?;
        Ok(commit_of(height, id, time, by, signature))
    }
}

/// Address of the proposer as bytes.
pub fn proposer_bytes(state: &ChainState) -> [u8; 20] {
    let mut bytes = [0u8; 20];
    bytes.copy_from_slice(state.proposer().as_bytes());
    bytes
}

fn split(taken: Vec<Pending>) -> (Batch, Vec<Vec<u8>>) {
    let mut batch =
        Batch { hashes: Vec::with_capacity(taken.len()), waiters: Vec::with_capacity(taken.len()) };
    let mut txs = Vec::with_capacity(taken.len());
    for pending in taken {
        batch.hashes.push(pending.hash);
        batch.waiters.push(pending.done);
        txs.push(pending.tx);
    }
    (batch, txs)
}

/// Tells everybody in `waiters` the same bad news.
pub fn answer_all(waiters: impl IntoIterator<Item = Done>, why: &ChainError) {
    for done in waiters {
        done(Err(why.clone()));
    }
}

/// An interval that no test or operator needs to exceed; guards `Instant` arithmetic.
pub const INTERVAL_MAX: Duration = Duration::from_secs(24 * 3600);
