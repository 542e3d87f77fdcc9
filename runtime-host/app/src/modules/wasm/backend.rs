//! What the chain lends to a contract: its own records, addresses and queries.

use super::query::answer_contract;
use super::state_key::{self, STORE};
use crate::exec::{prefix_end, Exec};
use crate::gas;
use suyuan_core::{sdk_gas_of_vm, vm_gas_of_sdk, Hosted};
use suyuan_store::{Order, Pairs, KEY_LEN_MAX};
use suyuan_vm::{Backend, BackendError};

// Places of charges for a contract's own records.
const READ: &str = "contract reads";
const WRITE: &str = "contract writes";
const REMOVE: &str = "contract removes";
const ITERATE: &str = "contract iterates";

/// Prices of the address helpers, SDK gas.
const HUMANIZE: u64 = 5;
const CANONICALIZE: u64 = 4;
const VALIDATE: u64 = HUMANIZE + CANONICALIZE;

/// The backend of one call. Gas of storage and queries is counted on the chain's meter here and reported to the
/// engine, which lowers its own limit by it.
pub(super) struct ContractBackend<'e, 'a> {
    exec: &'e mut Exec<'a>,
    prefix: Vec<u8>,
    iterators: Vec<Scan>,
}

/// An open iterator, one record ahead: the SDK charges for a record when the iterator arrives at it.
struct Scan {
    records: Pairs,
    ahead: Option<(Vec<u8>, Vec<u8>)>,
}

impl<'e, 'a> ContractBackend<'e, 'a> {
    pub(super) fn new(exec: &'e mut Exec<'a>, addr: &[u8]) -> Self {
        ContractBackend { exec, prefix: state_key::contract_state(addr), iterators: Vec::new() }
    }

    fn key(&self, key: &[u8]) -> Vec<u8> {
        [&self.prefix[..], key].concat()
    }

    /// Counts SDK gas of a record, told with the contract's own key; the engine stops the contract if this was too much.
    fn note(&mut self, sdk_gas: u64, place: &'static str, key: &[u8]) -> u64 {
        self.exec.gas.note_record(sdk_gas, place, key.get(self.prefix.len()..).unwrap_or_default());
        vm_gas_of_sdk(sdk_gas)
    }
}

fn too_long() -> BackendError {
    BackendError::User("storage key is too long".to_string())
}

impl Backend for ContractBackend<'_, '_> {
    fn db_read(&mut self, key: &[u8]) -> Hosted<(Option<Vec<u8>>, u64)> {
        let key = self.key(key);
        let value =
            if key.len() > KEY_LEN_MAX { None } else { self.exec.delta.get(STORE, &key)? };
        let cost = self.note(gas::read(key.len(), value.as_ref().map_or(0, Vec::len)), READ, &key);
        Ok((value, cost))
    }

    fn db_write(&mut self, key: &[u8], value: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        let key = self.key(key);
        let cost = self.note(gas::write(key.len(), value.len()), WRITE, &key);
        if key.len() > KEY_LEN_MAX {
            return Ok((Err(too_long()), cost));
        }
        if self.exec.gas.used() > self.exec.gas.limit() {
            return Ok((Err(BackendError::OutOfGas), cost));
        }
        self.exec.delta.set(STORE, &key, value);
        Ok((Ok(()), cost))
    }

    fn db_remove(&mut self, key: &[u8]) -> Hosted<(Result<(), BackendError>, u64)> {
        let key = self.key(key);
        let cost = self.note(gas::remove(), REMOVE, &key);
        if key.len() > KEY_LEN_MAX {
            return Ok((Err(too_long()), cost));
        }
        self.exec.delta.remove(STORE, &key);
        Ok((Ok(()), cost))
    }

    fn db_scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        ascending: bool,
    ) -> Hosted<(u32, u64)> {
        let start = self.key(start.unwrap_or_default());
        let end = match end {
            Some(end) => Some(self.key(end)),
            None => prefix_end(&self.prefix),
        };
        let order = if ascending { Order::Ascending } else { Order::Descending };
        let mut records: Pairs = if end.as_ref().is_some_and(|end| start >= *end) {
            Box::new(std::iter::empty())
        } else {
            self.exec.delta.range(STORE, Some(&start), end.as_deref(), order)?
        };
        let ahead = records.next().transpose()?;
        let price = gas::seek(ahead.as_ref().map(|(k, v)| (k.len(), v.len())));
        let cost =
            self.note(price, ITERATE, ahead.as_ref().map_or(&start[..], |(key, _)| &key[..]));
        self.iterators.push(Scan { records, ahead });
        // The engine bounds the number of iterators of a call far below this.
        let id = u32::try_from(self.iterators.len()).unwrap_or(u32::MAX);
        Ok((id, cost))
    }

    fn db_next(
        &mut self,
        iterator: u32,
    ) -> Hosted<(Result<Option<suyuan_vm::Record>, BackendError>, u64)> {
        let index = (iterator as usize).wrapping_sub(1);
        let prefix_len = self.prefix.len();
        let Some(scan) = self.iterators.get_mut(index) else {
            let text = format!("Iterator with ID {iterator} does not exist");
            return Ok((Err(BackendError::User(text)), 0));
        };
        let Some((key, value)) = scan.ahead.take() else { return Ok((Ok(None), 0)) };
        scan.ahead = scan.records.next().transpose()?;
        let price = gas::seek(scan.ahead.as_ref().map(|(k, v)| (k.len(), v.len())));
        let cost = self.note(price, ITERATE, &key);
        Ok((Ok(Some((key[prefix_len..].to_vec(), value))), cost))
    }

    fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64) {
        match self.exec.facts.addr(human) {
            Err(e) => (Err(e.to_string()), vm_gas_of_sdk(CANONICALIZE)),
            Ok(addr) if self.exec.facts.text(&addr) == human => (Ok(()), vm_gas_of_sdk(VALIDATE)),
            Ok(_) => (Err("address not normalized".to_string()), vm_gas_of_sdk(VALIDATE)),
        }
    }

    fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64) {
        let result = self.exec.facts.addr(human).map_err(|e| e.to_string());
        (result, vm_gas_of_sdk(CANONICALIZE))
    }

    fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64) {
        let result = suyuan_core::address::encode(self.exec.facts.prefix(), canonical)
            .map_err(|e| e.to_string());
        (result, vm_gas_of_sdk(HUMANIZE))
    }

    fn query(&mut self, request: &[u8], gas_limit: u64) -> Hosted<(Vec<u8>, u64)> {
        let (answer, sdk_gas) = answer_contract(self.exec, request, sdk_gas_of_vm(gas_limit))?;
        // Told already, by what the query did.
        self.exec.gas.add(sdk_gas);
        Ok((answer, vm_gas_of_sdk(sdk_gas)))
    }

    fn debug(&mut self, _message: &str) {
        // Dropped: a message of a contract may reach neither state nor results.
    }
}
