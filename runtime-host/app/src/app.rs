//! The single writer: genesis, blocks and commits.

use crate::api::{
    BlockOutcome, BlockRequest, CheckKind, GenesisError, Info, InitChain, InitOutcome, TxOutcome,
};
use crate::checker::Checker;
use crate::claims::Claims;
use crate::exec::{BlockEnv, Exec, Mode};
use crate::facts::Facts;
use crate::genesis;
use crate::machine::{code_meta_key, FreshCode, Machine};
use crate::modules::{chain, wasm};
use crate::reader::Reader;
use crate::run::{run_bytes, Stage};
use crate::stack;
use crate::verdicts::Verdicts;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use suyuan_core::{Hash32, HostFault, Hosted};
use suyuan_store::{ChangeSet, Delta, Staged, Store};
use suyuan_vm::Vm;

/// The application of one chain. One owner writes; [`Checker`] and [`Reader`] are handles for other threads.
///
/// Blocks run on a deep stack of their own, so callers need none.
pub struct App {
    shared: Arc<Shared>,
    /// Genesis that was computed and not yet committed.
    genesis: Option<Genesis>,
    /// The block that was computed and not yet committed.
    computed: Option<ComputedBlock>,
}

/// What writer, checkers and readers share.
pub(crate) struct Shared {
    pub store: Store,
    pub machine: Machine,
    pub claims: Claims,
    pub verdicts: Verdicts,
    /// The last committed block; replaced by each commit.
    pub latest: RwLock<Option<Latest>>,
    /// State of the mempool's checks; dropped by each commit.
    pub check: Mutex<Option<crate::checker::CheckState>>,
}

/// The last committed block as others need it.
#[derive(Clone)]
pub(crate) struct Latest {
    pub facts: Arc<Facts>,
    pub block: BlockEnv,
}

struct Genesis {
    changes: ChangeSet,
    codes: Vec<FreshCode>,
    facts: Arc<Facts>,
    initial_height: u64,
}

struct ComputedBlock {
    staged: Staged,
    extra: Vec<(Vec<u8>, Vec<u8>)>,
    facts: Arc<Facts>,
    block: BlockEnv,
}

impl App {
    /// Opens the application over `store`, at the height that was committed last.
    ///
    /// # Errors
    /// A host fault if the state is of another format or broken.
    pub fn new(store: Store, vm: Vm) -> Hosted<App> {
        let height = store.version();
        let latest = match Facts::load(&store.snapshot())? {
            None if height == 0 => None,
            None => return Err(HostFault::new("a committed state without facts of its chain")),
            Some(facts) => Some(Latest {
                facts: Arc::new(facts),
                block: BlockEnv { height, time_ns: block_time(&store, height)? },
            }),
        };
        if let Some(latest) = &latest {
            settings_agree(&latest.facts, &vm)?;
        }
        let machine = Machine::new(store.clone(), vm);
        let shared = Shared {
            store,
            machine,
            claims: Claims::default(),
            verdicts: Verdicts::default(),
            latest: RwLock::new(latest),
            check: Mutex::new(None),
        };
        Ok(App { shared: Arc::new(shared), genesis: None, computed: None })
    }

    /// Computes the genesis state. Nothing is persisted before the first commit, so it may be repeated until then.
    ///
    /// # Errors
    /// A host fault if a block is committed already.
    pub fn init_chain(&mut self, request: InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        if self.shared.store.version() != 0 {
            return self.checkpoint(&request);
        }
        let genesis::First { facts, changes, codes } =
            match genesis::compute(&self.shared.machine, &self.shared.store, &request)? {
                Ok(computed) => computed,
                Err(e) => return Ok(Err(e)),
            };
        settings_agree(&facts, &self.shared.machine.vm)?;
        let staged = self.shared.store.stage_at(request.initial_height, &changes)?;
        let app_hash = staged.app_hash();
        self.genesis = Some(Genesis {
            changes,
            codes,
            facts: Arc::new(facts),
            initial_height: request.initial_height,
        });
        self.computed = None;
        *self.shared.check.lock() = None;
        Ok(Ok(InitOutcome { app_hash }))
    }

    /// Computes what a decided block does. Persists nothing; may run again with the same or another block of the same
    /// height, and the last one counts.
    ///
    /// # Errors
    /// A host fault, also for a height that does not follow the last one.
    pub fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome> {
        let facts = self.start_block(request)?;
        let mut delta = Delta::new(self.shared.store.snapshot());
        if let Some(genesis) = &self.genesis {
            apply(&mut delta, &genesis.changes);
            self.shared.machine.add_pending(genesis.codes.clone());
        }
        let block = BlockEnv { height: request.height, time_ns: request.time_ns };
        let events = self.run_due(&facts, block, &mut delta)?;
        let tx_results = stack::deep(|| self.run_txs(&facts, block, &mut delta, &request.txs))?;
        let changes = delta.into_changes();
        let begun = self.genesis.as_ref().map(|genesis| &genesis.changes);
        let validator_updates =
            chain::validators::updates(&self.shared.store.snapshot(), begun, &changes)?;
        let changed = chain::facts_of(&facts, &changes)?;
        let consensus_param_updates = changed.as_ref().map(|new| (&new.stored.consensus).into());
        let facts = changed.map_or(facts, Arc::new);
        let extra = self.meta_of_block(&changes, block)?;
        let staged = self.shared.store.stage_at(request.height, &changes)?;
        let app_hash = staged.app_hash();
        self.computed = Some(ComputedBlock { staged, extra, facts, block });
        Ok(BlockOutcome {
            tx_results,
            app_hash,
            events,
            validator_updates,
            consensus_param_updates,
        })
    }

    /// Begins a network with the state that is there: a chain that was made alone goes on with these validators.
    fn checkpoint(&mut self, request: &InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        let refuse = |text: String| Ok(Err(GenesisError(text)));
        let Some(latest) = self.shared.latest() else {
            return Err(HostFault::new("a committed state without facts of its chain"));
        };
        let height = latest.block.height;
        let Some(checkpoint) = request.app_state.get("checkpoint") else {
            return Err(HostFault::new("genesis after the first commit"));
        };
        let named = checkpoint.get("height");
        if named.and_then(serde_json::Value::as_str) != Some(height.to_string().as_str()) {
            return refuse(format!("no checkpoint of height {height}, where the state is"));
        }
        if request.chain_id != latest.facts.chain_id() {
            return refuse(format!("the state is of chain {}", latest.facts.chain_id()));
        }
        if Some(request.initial_height) != height.checked_add(1) {
            return refuse(format!("the first block cannot be {}", request.initial_height));
        }
        if request.validators.is_empty() {
            return refuse("a checkpoint names the validators that go on".to_string());
        }
        let mut delta = Delta::new(self.shared.store.snapshot());
        let block = BlockEnv { height, time_ns: request.time_ns };
        if let Err(e) = genesis::add_validators(
            &latest.facts,
            &self.shared.machine,
            &mut delta,
            block,
            &request.validators,
        )? {
            return Ok(Err(e));
        }
        self.genesis = Some(Genesis {
            changes: delta.into_changes(),
            codes: Vec::new(),
            facts: latest.facts,
            initial_height: request.initial_height,
        });
        self.computed = None;
        *self.shared.check.lock() = None;
        Ok(Ok(InitOutcome { app_hash: self.shared.store.app_hash() }))
    }

    /// Persists what the last [`finalize_block`](Self::finalize_block) computed, in one atomic step, and restarts the
    /// mempool's checks from there.
    ///
    /// # Errors
    /// A host fault if no block was computed, or if the engine fails.
    pub fn commit(&mut self) -> Hosted<()> {
        let computed = self
            .computed
            .take()
            .ok_or_else(|| HostFault::new("commit without a computed block"))?;
        let ComputedBlock { staged, extra, facts, block } = computed;
        self.shared.store.commit(staged, &extra)?;
        self.shared.machine.take_pending();
        self.genesis = None;
        // Both under the lock of the check state (always taken first): no check may start from the old block.
        let mut check = self.shared.check.lock();
        *self.shared.latest.write() = Some(Latest { facts, block });
        *check = None;
        Ok(())
    }

    /// Checks a transaction for the mempool; see [`Checker::check_tx`].
    pub fn check_tx(&self, tx: &[u8], kind: CheckKind) -> Hosted<TxOutcome> {
        self.checker().check_tx(tx, kind)
    }

    /// The gas limit that a transaction declares, if a proposed block may hold it; `None` for bytes that are no
    /// transaction of this chain. Follows from the bytes and from what genesis decided, never from other state: every
    /// node judges a proposal alike.
    pub fn declared_gas(&self, tx: &[u8]) -> Option<u64> {
        let facts = self.facts()?;
        let claimed = self.shared.claims.look(tx, &facts).ok()?;
        Some(claimed.tx.fee.gas_limit)
    }

    /// The consensus parameters of the committed state, if a message replaced those of genesis.
    pub fn updated_params(&self) -> Option<crate::api::ConsensusParams> {
        let facts = self.shared.latest()?.facts;
        facts.stored.consensus_updated.then(|| (&facts.stored.consensus).into())
    }

    /// Most SDK gas of one block, `None` for unlimited or before genesis.
    pub fn block_gas_max(&self) -> Option<u64> {
        self.facts()?.block_gas_max()
    }

    /// How many signatures of transactions were verified since the start; those that were remembered do not count.
    pub fn signatures_verified(&self) -> u64 {
        self.shared.verdicts.verified()
    }

    fn facts(&self) -> Option<Arc<Facts>> {
        match &self.genesis {
            Some(genesis) => Some(genesis.facts.clone()),
            None => self.shared.latest().map(|latest| latest.facts),
        }
    }

    /// The last committed state.
    pub fn info(&self) -> Info {
        Info { height: self.shared.store.version(), app_hash: self.shared.store.app_hash() }
    }

    /// A handle that answers queries.
    pub fn reader(&self) -> Reader {
        Reader::new(self.shared.clone())
    }

    /// A handle that checks transactions.
    pub fn checker(&self) -> Checker {
        Checker::new(self.shared.clone())
    }

    /// Checks that the block is the next one and forgets what an earlier attempt left.
    fn start_block(&mut self, request: &BlockRequest) -> Hosted<Arc<Facts>> {
        self.computed = None;
        self.shared.machine.take_pending();
        let latest = self.shared.latest.read().clone();
        let (facts, expected) = match (&self.genesis, latest) {
            (_, Some(latest)) => (latest.facts, latest.block.height.checked_add(1)),
            (Some(genesis), None) => (genesis.facts.clone(), Some(genesis.initial_height)),
            (None, None) => return Err(HostFault::new("a block before genesis")),
        };
        if expected != Some(request.height) {
            return Err(HostFault::new(format!(
                "block {} instead of {expected:?}",
                request.height
            )));
        }
        Ok(facts)
    }

    /// Does the announced changes whose time has come; a chain without delay never has any.
    fn run_due(
        &self,
        facts: &Facts,
        block: BlockEnv,
        delta: &mut Delta,
    ) -> Hosted<Vec<suyuan_core::Event>> {
        if facts.stored.authority_delay_s.is_none() {
            return Ok(Vec::new());
        }
        let gas = crate::gas::GasMeter::unlimited();
        let mut exec = Exec::new(facts, &self.shared.machine, delta, Mode::Deliver, block, gas);
        chain::plans::run_due(&mut exec)?;
        Ok(std::mem::take(&mut exec.events))
    }

    fn run_txs(
        &self,
        facts: &Facts,
        block: BlockEnv,
        delta: &mut Delta,
        txs: &[Vec<u8>],
    ) -> Hosted<Vec<TxOutcome>> {
        let shared = &self.shared;
        let mut gas_left = facts.block_gas_max();
        let mut results = Vec::with_capacity(txs.len());
        for (index, bytes) in txs.iter().enumerate() {
            let index = u32::try_from(index)
                .map_err(|_| HostFault::new("too many transactions in a block"))?;
            let verifier =
                |signature: &crate::ante::SignatureToCheck<'_>| shared.verdicts.verify(signature);
            let stage = Stage {
                facts,
                machine: &shared.machine,
                block,
                mode: Mode::Deliver,
                block_gas_left: gas_left,
                verifier: &verifier,
            };
            let ran = run_bytes(&stage, delta, bytes, index, &shared.claims)?;
            shared.machine.add_pending(ran.new_codes);
            let used = u64::try_from(ran.outcome.gas_used).unwrap_or(0);
            gas_left = gas_left.map(|left| left.saturating_sub(used));
            results.push(ran.outcome);
        }
        Ok(results)
    }

    /// What is written beside the tree in the same step: the block's time and the code its changes name.
    fn meta_of_block(
        &self,
        changes: &ChangeSet,
        block: BlockEnv,
    ) -> Hosted<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut extra = vec![(time_meta_key(block.height), block.time_ns.to_be_bytes().to_vec())];
        let pending = self.shared.machine.take_pending();
        for checksum in new_checksums(changes)? {
            if let Some(bytes) = pending.get(&checksum) {
                extra.push((code_meta_key(&checksum), bytes.as_ref().clone()));
            }
        }
        self.shared.machine.add_pending(pending.into_iter().collect());
        Ok(extra)
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("info", &self.info()).finish_non_exhaustive()
    }
}

impl Shared {
    /// The last committed block, or genesis time and height before it.
    pub(crate) fn latest(&self) -> Option<Latest> {
        self.latest.read().clone()
    }
}

/// The engine must have the prices, capabilities and memory limit that genesis named: with others it would give other
/// results than the rest of the chain.
fn settings_agree(facts: &Facts, vm: &Vm) -> Hosted<()> {
    let prices = suyuan_vm::PriceTable::by_name(&facts.stored.price_table);
    if prices.as_ref() != Some(vm.prices()) {
        return Err(HostFault::new(format!(
            "genesis names the price table {}, the contract engine runs with another one",
            facts.stored.price_table
        )));
    }
    if !vm.capabilities().iter().eq(&facts.stored.capabilities) {
        return Err(HostFault::new("the contract engine has other capabilities than genesis"));
    }
    let pages = facts.stored.memory_pages.unwrap_or(suyuan_vm::MEMORY_PAGES_MAX);
    if pages != vm.memory_pages_max() {
        return Err(HostFault::new("the contract engine has another memory limit than genesis"));
    }
    Ok(())
}

/// Checksums of the codes whose infos `changes` write, each once.
fn new_checksums(changes: &ChangeSet) -> Hosted<std::collections::BTreeSet<Hash32>> {
    let first = (wasm::state_key::STORE, wasm::state_key::CODES.to_vec());
    let end = (
        wasm::state_key::STORE,
        crate::exec::prefix_end(wasm::state_key::CODES).unwrap_or_default(),
    );
    changes
        .range(first..end)
        .filter_map(|(_, value)| value.as_ref())
        .map(|bytes| wasm::info::checksum(&wasm::info::decode(bytes)?))
        .collect()
}

fn apply(delta: &mut Delta, changes: &ChangeSet) {
    for ((store, key), value) in changes {
        match value {
            Some(value) => delta.set(store, key, value),
            None => delta.remove(store, key),
        }
    }
}

/// Key of a block's time beside the tree: an idle chain must not change its state by the clock.
fn time_meta_key(height: u64) -> Vec<u8> {
    [b"app/time/", &height.to_be_bytes()[..]].concat()
}

/// Header time of a committed block, nanoseconds since the Unix epoch.
pub(crate) fn block_time(store: &Store, height: u64) -> Hosted<u64> {
    let bytes = store
        .meta(&time_meta_key(height))?
        .ok_or_else(|| HostFault::new(format!("the time of block {height} is not stored")))?;
    let bytes =
        bytes.try_into().map_err(|_| HostFault::new("the time of a block is not 8 bytes"))?;
    Ok(u64::from_be_bytes(bytes))
}
