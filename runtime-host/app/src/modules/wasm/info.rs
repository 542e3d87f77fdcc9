//! Reading and writing what the chain knows about codes and contracts.

use super::state_key::{self, INDEX_VALUE, STORE};
use crate::error::{self, Run};
use crate::exec::Exec;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AbsoluteTxPosition, CodeInfo, ContractCodeHistoryEntry, ContractInfo,
};
use prost::Message;
use suyuan_core::{Hash32, HostFault, Hosted};

/// Decodes a record of the chain's own; failing means a corrupt state.
pub(crate) fn decode<M: Message + Default>(bytes: &[u8]) -> Hosted<M> {
    M::decode(bytes)
        .map_err(|e| HostFault::new(format!("a record of the wasm module is broken: {e}")))
}

/// Info of a code, `None` if there is no such code.
pub(crate) fn code(exec: &mut Exec<'_>, code_id: u64) -> Run<Option<CodeInfo>> {
    let bytes = exec.read(STORE, &state_key::code(code_id))?;
    Ok(bytes.map(|b| decode(&b)).transpose()?)
}

/// Writes the info of a code.
pub(crate) fn save_code(exec: &mut Exec<'_>, code_id: u64, info: &CodeInfo) -> Run<()> {
    exec.write(STORE, &state_key::code(code_id), &info.encode_to_vec())
}

/// Checksum of a stored code.
pub(crate) fn checksum(info: &CodeInfo) -> Hosted<Hash32> {
    info.code_hash[..].try_into().map_err(|_| HostFault::new("a checksum in state is not 32 bytes"))
}

/// Info of a contract, `None` if there is no contract at `addr`.
pub(crate) fn contract(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Option<ContractInfo>> {
    let bytes = exec.read(STORE, &state_key::contract(addr))?;
    Ok(bytes.map(|b| decode(&b)).transpose()?)
}

/// Writes the info of a contract.
pub(crate) fn save_contract(exec: &mut Exec<'_>, addr: &[u8], info: &ContractInfo) -> Run<()> {
    exec.write(STORE, &state_key::contract(addr), &info.encode_to_vec())
}

/// A contract that is about to be called.
pub(crate) struct Instance {
    pub code_id: u64,
    pub checksum: Hash32,
}

/// The contract at `addr` with its code.
///
/// # Errors
/// No such contract.
pub(crate) fn instance(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Instance> {
    let Some(contract) = contract(exec, addr)? else {
        return Err(error::no_such_contract(&exec.facts.text(addr)).into());
    };
    let code_id = contract.code_id;
    let code = code(exec, code_id)?.ok_or_else(|| error::no_such_code(code_id))?;
    Ok(Instance { code_id, checksum: checksum(&code)? })
}

/// Where in the chain something happens now.
pub(crate) fn position(exec: &Exec<'_>) -> AbsoluteTxPosition {
    AbsoluteTxPosition {
        block_height: exec.block.height,
        tx_index: exec.tx.map_or(0, |tx| u64::from(tx.index)),
    }
}

/// Draws the next number of a sequence, from 1.
pub(crate) fn next_id(exec: &mut Exec<'_>, key: &[u8]) -> Run<u64> {
    let id = match exec.read(STORE, key)? {
        None => 1,
        Some(bytes) => u64::from_be_bytes(
            bytes.try_into().map_err(|_| HostFault::new("a sequence in state is not 8 bytes"))?,
        ),
    };
    let next = id.checked_add(1).ok_or_else(|| HostFault::new("a sequence is used up"))?;
    exec.write(STORE, key, &next.to_be_bytes())?;
    Ok(id)
}

/// Appends to a contract's history.
pub(crate) fn append_history(
    exec: &mut Exec<'_>,
    addr: &[u8],
    entry: &ContractCodeHistoryEntry,
) -> Run<()> {
    let prefix = state_key::history(addr);
    let last = match exec.last_with_prefix(STORE, &prefix)? {
        None => 0,
        Some((key, _)) => u64::from_be_bytes(
            key[prefix.len()..]
                .try_into()
                .map_err(|_| HostFault::new("a history key is not 8 bytes"))?,
        ),
    };
    let position = last.checked_add(1).ok_or_else(|| HostFault::new("a history is used up"))?;
    exec.write(STORE, &state_key::history_entry(addr, position), &entry.encode_to_vec())
}

/// The newest entry of a contract's history; every contract has one.
pub(crate) fn last_history(exec: &mut Exec<'_>, addr: &[u8]) -> Run<ContractCodeHistoryEntry> {
    match exec.last_with_prefix(STORE, &state_key::history(addr))? {
        Some((_, bytes)) => Ok(decode(&bytes)?),
        None => Err(HostFault::new("a contract without history").into()),
    }
}

/// Adds a contract to the index by code, or removes it.
pub(crate) fn index_by_code(
    exec: &mut Exec<'_>,
    addr: &[u8],
    entry: &ContractCodeHistoryEntry,
    present: bool,
) -> Run<()> {
    let AbsoluteTxPosition { block_height, tx_index } = entry.updated.clone().unwrap_or_default();
    let key = state_key::by_code_entry(entry.code_id, block_height, tx_index, addr);
    if present {
        exec.write(STORE, &key, INDEX_VALUE)
    } else {
        exec.remove(STORE, &key)
    }
}
