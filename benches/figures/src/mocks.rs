//! The mock chain of cosmwasm-vm, lent to our engine, so that both sides ask the very same objects.

use cosmwasm_std::Order;
use cosmwasm_vm::testing::{MockApi, MockQuerier, MockStorage};
use cosmwasm_vm::{
    Backend as TheirBackend, BackendApi, BackendError as TheirError, GasInfo, Querier, Storage,
};
use suyuan_core::{HostFault, Hosted};
use suyuan_vm::{Backend, BackendError, Record};

/// Storage, addresses and queries of cosmwasm-vm's tests.
pub type Mocks = TheirBackend<MockApi, MockStorage, MockQuerier>;

/// The mocks as our engine sees a chain; storage and querier may be others than those of cosmwasm-vm's tests.
pub struct Lender<'a, S: Storage = MockStorage, Q: Querier = MockQuerier>(
    pub &'a mut TheirBackend<MockApi, S, Q>,
);

impl<S: Storage, Q: Querier> std::fmt::Debug for Lender<'_, S, Q> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lender").finish_non_exhaustive()
    }
}

fn total(gas: GasInfo) -> u64 {
    gas.cost.saturating_add(gas.externally_used)
}

fn refusal(error: TheirError) -> BackendError {
    match error {
        TheirError::OutOfGas {} => BackendError::OutOfGas,
        other => BackendError::User(other.to_string()),
    }
}

fn words(error: TheirError) -> String {
    match error {
        TheirError::UserErr { msg } => msg,
        other => other.to_string(),
    }
}

fn fault(error: impl std::fmt::Display) -> HostFault {
    HostFault::new(error.to_string())
}

impl<S: Storage, Q: Querier> Backend for Lender<'_, S, Q> {
    fn db_read(&mut self, key: &[u8]) -> Hosted<(Option<Vec<u8>>, u64)> {
        let (value, gas) = self.0.storage.get(key);
        Ok((value.map_err(fault)?, total(gas)))
    }

    fn db_write(&mut self, key: &[u8], value: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        let (done, gas) = self.0.storage.set(key, value);
        Ok((done.map_err(refusal), total(gas)))
    }

    fn db_remove(&mut self, key: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        let (done, gas) = self.0.storage.remove(key);
        Ok((done.map_err(refusal), total(gas)))
    }

    fn db_scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        ascending: bool,
    ) -> Hosted<(u32, u64)> {
        let order = if ascending { Order::Ascending } else { Order::Descending };
        let (iterator, gas) = self.0.storage.scan(start, end, order);
        Ok((iterator.map_err(fault)?, total(gas)))
    }

    fn db_next(&mut self, iterator: u32) -> Hosted<(Result<Option<Record>, BackendError>, u64)> {
        let (record, gas) = self.0.storage.next(iterator);
        Ok((record.map_err(refusal), total(gas)))
    }

    fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64) {
        let (verdict, gas) = self.0.api.addr_validate(human);
        (verdict.map_err(words), total(gas))
    }

    fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64) {
        let (canonical, gas) = self.0.api.addr_canonicalize(human);
        (canonical.map_err(words), total(gas))
    }

    fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64) {
        let (human, gas) = self.0.api.addr_humanize(canonical);
        (human.map_err(words), total(gas))
    }

    fn query(&mut self, request: &[u8], gas_limit: u64) -> Hosted<(Vec<u8>, u64)> {
        let (answer, gas) = self.0.querier.query_raw(request, gas_limit);
        let answer = match answer {
            Ok(answer) => cosmwasm_vm::to_vec(&answer).map_err(fault)?,
            // The cost above the limit ends the call before anyone reads the answer.
            Err(TheirError::OutOfGas {}) => Vec::new(),
            Err(error) => return Err(fault(error)),
        };
        Ok((answer, total(gas)))
    }

    fn debug(&mut self, _message: &str) {}
}
