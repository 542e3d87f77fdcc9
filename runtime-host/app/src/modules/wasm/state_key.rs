//! Keys of the wasm module in store `wasm`, as wasmd has them. Frozen: proofs and certificates depend on them.

/// Name of the store.
pub(crate) const STORE: &str = "wasm";
/// Prefix of code infos.
pub(crate) const CODES: &[u8] = &[0x01];
const CONTRACTS: u8 = 0x02;
const CONTRACT_STATE: u8 = 0x03;
/// Last code id given: `04 ‖ "lastCodeId"`, 8 bytes big-endian holding the next id.
pub(crate) const SEQUENCE_CODE: &[u8] = b"\x04lastCodeId";
/// Last instance number given: `04 ‖ "lastContractId"`.
pub(crate) const SEQUENCE_INSTANCE: &[u8] = b"\x04lastContractId";
const HISTORY: u8 = 0x05;
const BY_CODE: u8 = 0x06;
/// Prefix of pinned codes.
pub(crate) const PINNED: &[u8] = &[0x07];
const BY_CREATOR: u8 = 0x09;
/// Parameters: `10`.
pub(crate) const PARAMS: &[u8] = &[0x10];
/// Value of an index entry: not empty as in wasmd, so that it can be proved.
pub(crate) const INDEX_VALUE: &[u8] = &[0x01];
/// Bytes of a position (height and transaction index) in an index.
pub(crate) const POSITION_LEN: usize = 16;

/// Code info: `01 ‖ code id`.
pub(crate) fn code(code_id: u64) -> Vec<u8> {
    [CODES, &code_id.to_be_bytes()].concat()
}

/// Contract info: `02 ‖ address`.
pub(crate) fn contract(addr: &[u8]) -> Vec<u8> {
    [&[CONTRACTS], addr].concat()
}

/// Prefix of a contract's own records: `03 ‖ address`.
pub(crate) fn contract_state(addr: &[u8]) -> Vec<u8> {
    [&[CONTRACT_STATE], addr].concat()
}

/// Prefix of a contract's history: `05 ‖ address`.
pub(crate) fn history(addr: &[u8]) -> Vec<u8> {
    [&[HISTORY], addr].concat()
}

/// One entry of a contract's history, from 1: `05 ‖ address ‖ position`.
pub(crate) fn history_entry(addr: &[u8], position: u64) -> Vec<u8> {
    [&[HISTORY], addr, &position.to_be_bytes()].concat()
}

/// Prefix of the contracts of a code: `06 ‖ code id`.
pub(crate) fn by_code(code_id: u64) -> Vec<u8> {
    [&[BY_CODE][..], &code_id.to_be_bytes()].concat()
}

/// Index entry: `06 ‖ code id ‖ height ‖ tx index ‖ address`.
pub(crate) fn by_code_entry(code_id: u64, height: u64, tx_index: u64, addr: &[u8]) -> Vec<u8> {
    [&by_code(code_id)[..], &height.to_be_bytes(), &tx_index.to_be_bytes(), addr].concat()
}

/// Pinned code: `07 ‖ code id`.
pub(crate) fn pinned(code_id: u64) -> Vec<u8> {
    [PINNED, &code_id.to_be_bytes()].concat()
}

/// Prefix of the contracts of a creator: `09 ‖ length ‖ creator`.
pub(crate) fn by_creator(creator: &[u8]) -> Vec<u8> {
    let len = u8::try_from(creator.len()).unwrap_or(u8::MAX);
    [&[BY_CREATOR, len], creator].concat()
}

/// Index entry: `09 ‖ length ‖ creator ‖ height ‖ tx index ‖ address`.
pub(crate) fn by_creator_entry(creator: &[u8], height: u64, tx_index: u64, addr: &[u8]) -> Vec<u8> {
    [&by_creator(creator)[..], &height.to_be_bytes(), &tx_index.to_be_bytes(), addr].concat()
}
