//! A small chain that keeps a record of everything it was asked, for both engines.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use cosmwasm_std::{coins, Binary, ContractResult, Order, SystemError, SystemResult};
use cosmwasm_vm::testing::{MockApi, MockQuerier};
use cosmwasm_vm::{
    BackendApi, BackendError as TheirError, BackendResult, GasInfo, Querier, Storage,
};
use suyuan_core::{HostFault, Hosted};
use suyuan_vm::{Backend, BackendError, Record};

/// Requests that are kept word by word; behind them only their number grows.
const LOG_MAX: usize = 20_000;
/// The account that has coins.
pub const RICH: &str = "rich";

/// One request of a contract, with what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `db_read`
    Read(Vec<u8>),
    /// `db_write`
    Write(Vec<u8>, Vec<u8>),
    /// `db_remove`
    Remove(Vec<u8>),
    /// `db_scan`: start, end, ascending
    Scan(Option<Vec<u8>>, Option<Vec<u8>>, bool),
    /// `db_next*`
    Next(u32),
    /// `addr_validate`
    Validate(String),
    /// `addr_canonicalize`
    Canonicalize(String),
    /// `addr_humanize`
    Humanize(Vec<u8>),
    /// `query_chain`, with the gas that was left
    Query(Vec<u8>, u64),
    /// `debug`
    Debug(String),
}

/// The state of one side.
#[derive(Debug, Default)]
pub struct World {
    /// The contract's store.
    pub store: BTreeMap<Vec<u8>, Vec<u8>>,
    iterators: Vec<(Vec<Record>, usize)>,
    /// What was asked since the last call began.
    pub log: Vec<Asked>,
    /// How much was asked since the last call began.
    pub asked: u64,
    /// Scans go the wrong way.
    lies: bool,
}

/// A world that an engine may own.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<World>>);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    /// The world itself.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no holder panics")
    }

    /// From now on scans go the wrong way: to see whether anyone notices.
    pub fn lie(&self) {
        self.world().lies = true;
    }

    /// Notes a debug message.
    pub fn debugged(&self, message: &str) {
        self.world().note(Asked::Debug(message.to_owned()));
    }

    /// Forgets what was asked, and open iterators: a new call begins.
    pub fn begin(&self) {
        let mut world = self.world();
        world.log.clear();
        world.asked = 0;
        world.iterators.clear();
    }
}

impl World {
    fn note(&mut self, asked: Asked) {
        self.asked += 1;
        if self.log.len() < LOG_MAX {
            self.log.push(asked);
        }
    }

    fn get(&mut self, key: &[u8]) -> (Option<Vec<u8>>, u64) {
        self.note(Asked::Read(key.to_vec()));
        let value = self.store.get(key).cloned();
        let cost = 1_000 + 3 * (key.len() + value.as_ref().map_or(0, Vec::len)) as u64;
        (value, cost)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> u64 {
        self.note(Asked::Write(key.to_vec(), value.to_vec()));
        self.store.insert(key.to_vec(), value.to_vec());
        2_000 + 30 * (key.len() + value.len()) as u64
    }

    fn remove(&mut self, key: &[u8]) -> u64 {
        self.note(Asked::Remove(key.to_vec()));
        self.store.remove(key);
        1_500
    }

    fn scan(&mut self, start: Option<&[u8]>, end: Option<&[u8]>, ascending: bool) -> (u32, u64) {
        self.note(Asked::Scan(start.map(Into::into), end.map(Into::into), ascending));
        let empty = matches!((start, end), (Some(start), Some(end)) if start >= end);
        let from = start.map_or(Bound::Unbounded, Bound::Included);
        let to = end.map_or(Bound::Unbounded, Bound::Excluded);
        let mut records: Vec<Record> = Vec::new();
        if !empty {
            let range = self.store.range::<[u8], _>((from, to));
            records.extend(range.map(|(key, value)| (key.clone(), value.clone())));
        }
        if ascending == self.lies {
            records.reverse();
        }
        self.iterators.push((records, 0));
        (self.iterators.len() as u32, 3_000)
    }

    /// The next record, `None` at the end; `Err` for an iterator that does not exist.
    fn next(&mut self, iterator: u32) -> (Result<Option<Record>, ()>, u64) {
        self.note(Asked::Next(iterator));
        let index = (iterator as usize).wrapping_sub(1);
        let Some((records, at)) = self.iterators.get_mut(index) else {
            return (Err(()), 700);
        };
        let record = records.get(*at).cloned();
        *at += 1;
        let bytes = record.as_ref().map_or(0, |(key, value)| key.len() + value.len());
        (Ok(record), 900 + 2 * bytes as u64)
    }
}

fn external(cost: u64) -> GasInfo {
    GasInfo::with_externally_used(cost)
}

/// Addresses as both engines see them.
#[derive(Clone)]
pub struct Api {
    shared: Shared,
    mock: MockApi,
}

/// The store as cosmwasm-vm sees it.
#[derive(Debug)]
pub struct Store(Shared);

/// Queries as both engines see them.
pub struct Chain {
    shared: Shared,
    mock: MockQuerier,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

/// The parts that cosmwasm-vm owns while an instance of it lives.
pub type Parts = cosmwasm_vm::Backend<Api, Store, Chain>;

impl Shared {
    /// The address functions over this world.
    pub fn api(&self, prefix: &'static str) -> Api {
        Api { shared: self.clone(), mock: MockApi::default().with_prefix(prefix) }
    }

    /// The queries over this world.
    pub fn chain(&self, prefix: &'static str) -> Chain {
        let rich = MockApi::default().with_prefix(prefix).addr_make(RICH);
        let balance = coins(5_000, "earth");
        let mock = MockQuerier::new(&[(rich.as_str(), balance.as_slice())]);
        Chain { shared: self.clone(), mock }
    }

    /// What cosmwasm-vm gets.
    pub fn parts(&self, prefix: &'static str) -> Parts {
        cosmwasm_vm::Backend {
            api: self.api(prefix),
            storage: Store(self.clone()),
            querier: self.chain(prefix),
        }
    }
}

impl BackendApi for Api {
    fn addr_validate(&self, input: &str) -> BackendResult<()> {
        self.shared.world().note(Asked::Validate(input.to_owned()));
        self.mock.addr_validate(input)
    }

    fn addr_canonicalize(&self, human: &str) -> BackendResult<Vec<u8>> {
        self.shared.world().note(Asked::Canonicalize(human.to_owned()));
        self.mock.addr_canonicalize(human)
    }

    fn addr_humanize(&self, canonical: &[u8]) -> BackendResult<String> {
        self.shared.world().note(Asked::Humanize(canonical.to_vec()));
        self.mock.addr_humanize(canonical)
    }
}

impl Storage for Store {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let (value, cost) = self.0.world().get(key);
        (Ok(value), external(cost))
    }

    fn scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> BackendResult<u32> {
        let (iterator, cost) = self.0.world().scan(start, end, order == Order::Ascending);
        (Ok(iterator), external(cost))
    }

    fn next(&mut self, iterator_id: u32) -> BackendResult<Option<Record>> {
        let (record, cost) = self.0.world().next(iterator_id);
        let record = record.map_err(|()| TheirError::iterator_does_not_exist(iterator_id));
        (record, external(cost))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        let cost = self.0.world().set(key, value);
        (Ok(()), external(cost))
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        let cost = self.0.world().remove(key);
        (Ok(()), external(cost))
    }
}

/// A request that starts with this costs more than any limit.
pub const BURN: &[u8] = b"burn";

impl Querier for Chain {
    fn query_raw(
        &self,
        request: &[u8],
        gas_limit: u64,
    ) -> BackendResult<SystemResult<ContractResult<Binary>>> {
        self.shared.world().note(Asked::Query(request.to_vec(), gas_limit));
        if request.starts_with(BURN) {
            return (Err(TheirError::out_of_gas()), external(gas_limit.saturating_add(1)));
        }
        let text = String::from_utf8_lossy(request);
        if text.contains("no_such_contract") {
            let error = SystemError::NoSuchContract { addr: "none".to_owned() };
            return (Ok(SystemResult::Err(error)), external(5_000));
        }
        let (answer, gas) = self.mock.query_raw(request, gas_limit);
        (answer, external(gas.cost.saturating_add(gas.externally_used).saturating_add(7_000)))
    }
}

/// A world as our engine sees it.
pub struct Ours {
    shared: Shared,
    api: Api,
    chain: Chain,
}

impl std::fmt::Debug for Ours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ours").finish_non_exhaustive()
    }
}

impl Ours {
    /// A world behind our interface.
    pub fn new(shared: &Shared, prefix: &'static str) -> Ours {
        Ours { shared: shared.clone(), api: shared.api(prefix), chain: shared.chain(prefix) }
    }
}

fn total(gas: GasInfo) -> u64 {
    gas.cost.saturating_add(gas.externally_used)
}

fn words(error: TheirError) -> String {
    match error {
        TheirError::UserErr { msg } => msg,
        other => other.to_string(),
    }
}

impl Backend for Ours {
    fn db_read(&mut self, key: &[u8]) -> Hosted<(Option<Vec<u8>>, u64)> {
        Ok(self.shared.world().get(key))
    }

    fn db_write(&mut self, key: &[u8], value: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        Ok((Ok(()), self.shared.world().set(key, value)))
    }

    fn db_remove(&mut self, key: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        Ok((Ok(()), self.shared.world().remove(key)))
    }

    fn db_scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        ascending: bool,
    ) -> Hosted<(u32, u64)> {
        Ok(self.shared.world().scan(start, end, ascending))
    }

    fn db_next(&mut self, iterator: u32) -> Hosted<(Result<Option<Record>, BackendError>, u64)> {
        let (record, cost) = self.shared.world().next(iterator);
        let missing = || TheirError::iterator_does_not_exist(iterator).to_string();
        Ok((record.map_err(|()| BackendError::User(missing())), cost))
    }

    fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64) {
        let (verdict, gas) = self.api.addr_validate(human);
        (verdict.map_err(words), total(gas))
    }

    fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64) {
        let (canonical, gas) = self.api.addr_canonicalize(human);
        (canonical.map_err(words), total(gas))
    }

    fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64) {
        let (human, gas) = self.api.addr_humanize(canonical);
        (human.map_err(words), total(gas))
    }

    fn query(&mut self, request: &[u8], gas_limit: u64) -> Hosted<(Vec<u8>, u64)> {
        let (answer, gas) = self.chain.query_raw(request, gas_limit);
        let answer = match answer {
            Ok(answer) => {
                cosmwasm_vm::to_vec(&answer).map_err(|error| HostFault::new(error.to_string()))?
            }
            // The cost above the limit ends the call before anyone reads the answer.
            Err(TheirError::OutOfGas {}) => Vec::new(),
            Err(error) => return Err(HostFault::new(error.to_string())),
        };
        Ok((answer, total(gas)))
    }

    fn debug(&mut self, message: &str) {
        self.shared.world().note(Asked::Debug(message.to_owned()));
    }
}
