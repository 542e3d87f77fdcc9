//! A state machine small enough to be obviously right: accounts with sequence numbers and balances.
//!
//! A transaction is `account:sequence:amount[:padding]`. State outlives the app, as a disk does.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_app::{
    BlockOutcome, BlockRequest, CheckKind, GenesisError, Info, InitChain, InitOutcome,
    QueryOutcome, TxOutcome,
};
use suyuan_core::{sha256, Event, Hash32, HostFault, Hosted};
use suyuan_solo::{Application, CheckTx, QueryState};

pub const CODE_SEQUENCE: u32 = 32;
pub const CODE_MALFORMED: u32 = 2;
/// An account whose transactions take long: the block sleeps until the gate below opens.
pub const SLOW: &str = "slow";
/// An account whose transactions break the machine.
pub const BROKEN: &str = "broken";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToyState {
    pub height: u64,
    pub accounts: BTreeMap<String, (u64, u64)>,
}

impl ToyState {
    pub fn app_hash(&self) -> Hash32 {
        let mut text = String::from("toy");
        for (name, (sequence, amount)) in &self.accounts {
            text.push_str(&format!("|{name}:{sequence}:{amount}"));
        }
        sha256(text.as_bytes())
    }

    fn apply(&mut self, tx: &[u8]) -> TxOutcome {
        let Some((name, sequence, amount)) = parse(tx) else {
            return TxOutcome {
                code: CODE_MALFORMED,
                codespace: "sdk".into(),
                log: "malformed".into(),
                ..Default::default()
            };
        };
        let account = self.accounts.entry(name.clone()).or_default();
        if account.0 != sequence {
            let log = format!("account sequence mismatch, expected {}, got {sequence}", account.0);
            return TxOutcome {
                code: CODE_SEQUENCE,
                codespace: "sdk".into(),
                log,
                gas_wanted: 100,
                gas_used: 1,
                ..Default::default()
            };
        }
        account.0 += 1;
        account.1 += amount;
        TxOutcome {
            data: amount.to_be_bytes().to_vec(),
            gas_wanted: 100,
            gas_used: 10 + tx.len() as i64,
            events: vec![
                Event::new("message").with("action", "/toy.Add").with("sender", &name),
                Event::new("transfer")
                    .with("recipient", &name)
                    .with("amount", format!("{amount}usy")),
            ],
            ..Default::default()
        }
    }
}

fn parse(tx: &[u8]) -> Option<(String, u64, u64)> {
    let text = std::str::from_utf8(tx).ok()?;
    let mut parts = text.splitn(4, ':');
    Some((parts.next()?.to_string(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What survives a restart: every committed state, and the switches of the tests.
#[derive(Debug, Default)]
pub struct ToyDisk {
    pub states: Mutex<Vec<ToyState>>,
    pub slow_gate: Mutex<()>,
    pub on_commit: Mutex<Option<CommitHook>>,
}

pub struct CommitHook(pub Box<dyn FnMut(u64) + Send>);

impl std::fmt::Debug for CommitHook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CommitHook")
    }
}

impl ToyDisk {
    pub fn with(states: Vec<ToyState>) -> Arc<Self> {
        Arc::new(ToyDisk { states: Mutex::new(states), ..Default::default() })
    }

    pub fn last(&self) -> ToyState {
        self.states.lock().last().cloned().unwrap_or_default()
    }
}

pub struct ToyApp {
    disk: Arc<ToyDisk>,
    check: Arc<Mutex<ToyState>>,
    next: Option<ToyState>,
}

impl ToyApp {
    pub fn boxed(disk: &Arc<ToyDisk>) -> Box<dyn Application> {
        Box::new(ToyApp {
            disk: disk.clone(),
            check: Arc::new(Mutex::new(disk.last())),
            next: None,
        })
    }
}

impl Application for ToyApp {
    fn init_chain(&mut self, request: InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        assert_eq!(self.disk.last().height, 0, "init_chain after a commit");
        if request.app_state.get("refuse").is_some() {
            return Ok(Err(GenesisError("refused".into())));
        }
        Ok(Ok(InitOutcome { app_hash: ToyState::default().app_hash() }))
    }

    fn declared_gas(&self, _tx: &[u8]) -> Option<u64> {
        Some(0)
    }

    fn block_gas_max(&self) -> Option<u64> {
        None
    }

    fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome> {
        let mut state = self.disk.last();
        if state.height != 0 && request.height != state.height + 1 {
            return Err(HostFault::new(format!("block {} after {}", request.height, state.height)));
        }
        let mut tx_results = Vec::new();
        for tx in &request.txs {
            if tx.starts_with(BROKEN.as_bytes()) {
                return Err(HostFault::new("the machine broke"));
            }
            if tx.starts_with(SLOW.as_bytes()) {
                drop(self.disk.slow_gate.lock());
            }
            tx_results.push(state.apply(tx));
        }
        state.accounts.retain(|_, (sequence, _)| *sequence > 0);
        state.height = request.height;
        let app_hash = state.app_hash();
        self.next = Some(state);
        Ok(BlockOutcome {
            tx_results,
            app_hash,
            events: vec![Event::new("toy").with("height", request.height.to_string())],
            ..BlockOutcome::default()
        })
    }

    fn commit(&mut self) -> Hosted<()> {
        let next = self.next.take().ok_or_else(|| HostFault::new("commit without a block"))?;
        let height = next.height;
        *self.check.lock() = next.clone();
        self.disk.states.lock().push(next);
        if let Some(hook) = self.disk.on_commit.lock().as_mut() {
            (hook.0)(height);
        }
        Ok(())
    }

    fn info(&self) -> Info {
        let last = self.disk.last();
        Info { height: last.height, app_hash: last.app_hash() }
    }

    fn checker(&self) -> Arc<dyn CheckTx> {
        Arc::new(ToyChecker(self.check.clone()))
    }

    fn querier(&self) -> Arc<dyn QueryState> {
        Arc::new(ToyQuerier(self.disk.clone()))
    }
}

struct ToyChecker(Arc<Mutex<ToyState>>);

impl CheckTx for ToyChecker {
    fn sender(&self, tx: &[u8]) -> Option<String> {
        parse(tx).map(|(name, _, _)| name)
    }

    fn check_tx(
        &self,
        tx: &[u8],
        _: CheckKind,
        admit: &mut dyn FnMut(&TxOutcome),
    ) -> Hosted<TxOutcome> {
        let mut state = self.0.lock();
        let mut trial = state.clone();
        let outcome = trial.apply(tx);
        if outcome.code == 0 {
            *state = trial;
            admit(&outcome);
        }
        Ok(outcome)
    }
}

struct ToyQuerier(Arc<ToyDisk>);

impl QueryState for ToyQuerier {
    fn query(&self, path: &str, _: &[u8], height: u64, _: bool) -> Hosted<QueryOutcome> {
        let states = self.0.states.lock();
        let state = match height {
            0 => states.last(),
            height => states.iter().find(|s| s.height == height),
        };
        let Some(state) = state else {
            return Ok(QueryOutcome {
                code: 26,
                log: "invalid height".into(),
                ..Default::default()
            });
        };
        let amount = state.accounts.get(path).map_or(0, |a| a.1);
        Ok(QueryOutcome {
            value: amount.to_string().into_bytes(),
            height: state.height,
            ..Default::default()
        })
    }
}
