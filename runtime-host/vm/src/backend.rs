//! What the chain lends to a contract for the length of one call.
//!
//! The VM knows no store, no bank and no chain: it asks a [`Backend`]. Every answer carries what it cost in VM gas,
//! and the VM subtracts that from the contract's limit at once, whether the answer was a success or not.

use suyuan_core::Hosted;

/// Why the chain refused something that a contract asked for. Ends the call; the same on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendError {
    /// The chain's own gas meter ran dry while it served the request. The call ends as out of gas.
    OutOfGas,
    /// Any other refusal, as a text that may enter a transaction result (so: deterministic, no addresses of memory,
    /// no operating system errors).
    User(String),
}

/// One record of an iteration: key and value.
pub type Record = (Vec<u8>, Vec<u8>);

/// What the chain lends to a contract for one call.
///
/// Gas returned by the `db_*` methods and by [`query`](Backend::query) is *external*: the chain has charged it to its
/// own meter already, the VM only lowers the contract's remaining limit. Gas returned by the address methods is
/// *internal*: the VM reports it in [`CallOutcome::gas_used_internal`](crate::CallOutcome). (The same split that wasmd
/// makes, so that totals agree.) All amounts are VM gas.
///
/// `Err(HostFault)` from any method stops the node; it never becomes a result of the call.
pub trait Backend {
    /// The value at `key`, `None` if there is none. `key` is at most 64 KiB.
    fn db_read(&mut self, key: &[u8]) -> Hosted<(Option<Vec<u8>>, u64)>;

    /// Writes `value` (at most 128 KiB) at `key` (at most 64 KiB). Never called in a read-only call.
    fn db_write(&mut self, key: &[u8], value: &[u8]) -> Hosted<(Result<(), BackendError>, u64)>;

    /// Removes `key`; removing what is not there is no error. Never called in a read-only call.
    fn db_remove(&mut self, key: &[u8]) -> Hosted<(Result<(), BackendError>, u64)>;

    /// Opens an iterator over `[start, end)` and returns its number. Numbers must be deterministic: 1, 2, 3 and so on.
    fn db_scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        ascending: bool,
    ) -> Hosted<(u32, u64)>;

    /// The next record of an iterator, `None` at its end. An unknown number is a [`BackendError::User`].
    #[allow(clippy::type_complexity, reason = "the shape of every method here: (answer, cost)")]
    fn db_next(&mut self, iterator: u32) -> Hosted<(Result<Option<Record>, BackendError>, u64)>;

    /// Checks a human readable address. The error is a text for the contract, not the end of the call.
    fn addr_validate(&mut self, human: &str) -> (Result<(), String>, u64);

    /// The canonical bytes of a human readable address. The error is a text for the contract.
    fn addr_canonicalize(&mut self, human: &str) -> (Result<Vec<u8>, String>, u64);

    /// The human readable form of a canonical address. The error is a text for the contract.
    fn addr_humanize(&mut self, canonical: &[u8]) -> (Result<String, String>, u64);

    /// Answers a `QueryRequest` (JSON, at most 64 KiB) with a `SystemResult<ContractResult<Binary>>` (JSON).
    ///
    /// `gas_limit` is all that the contract has left. To say that the query ran out of gas, return any answer with a
    /// cost above `gas_limit`: the call then ends as out of gas.
    fn query(&mut self, request: &[u8], gas_limit: u64) -> Hosted<(Vec<u8>, u64)>;

    /// A debug message of the contract (at most 2 MiB). Must change nothing that a later call can see.
    fn debug(&mut self, message: &str);
}
