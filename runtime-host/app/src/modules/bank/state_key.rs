//! Keys of the bank module in store `bank`. Frozen: proofs depend on them.

/// Name of the store.
pub(crate) const STORE: &str = "bank";
/// Prefix of all supplies.
pub(crate) const SUPPLIES: &[u8] = &[0x00];
const BALANCES: u8 = 0x02;
const HOLDERS: u8 = 0x03;
/// Value of an index entry: not empty, so that it can be proved.
pub(crate) const HOLDER_VALUE: &[u8] = &[0x00];

/// Supply of a denomination: `00 ‖ denom`.
pub(crate) fn supply(denom: &str) -> Vec<u8> {
    [SUPPLIES, denom.as_bytes()].concat()
}

/// Prefix of the metadata of denominations: `01 ‖ denom`.
pub(crate) const METADATA: &[u8] = &[0x01];

/// Metadata of one denomination: `01 ‖ denom`.
pub(crate) fn metadata(denom: &str) -> Vec<u8> {
    [METADATA, denom.as_bytes()].concat()
}

/// Prefix of the holders of a denomination: `03 ‖ denom ‖ 00`; an address with its length follows.
pub(crate) fn holders(denom: &str) -> Vec<u8> {
    [&[HOLDERS], denom.as_bytes(), &[0]].concat()
}

/// Prefix of the balances of an address: `02 ‖ length ‖ address`.
pub(crate) fn balances(addr: &[u8]) -> Vec<u8> {
    [&[BALANCES, length(addr)], addr].concat()
}

/// One balance: `02 ‖ length ‖ address ‖ denom`.
pub(crate) fn balance(addr: &[u8], denom: &str) -> Vec<u8> {
    [&[BALANCES, length(addr)], addr, denom.as_bytes()].concat()
}

/// Index of holders: `03 ‖ denom ‖ 00 ‖ length ‖ address`.
pub(crate) fn holder(denom: &str, addr: &[u8]) -> Vec<u8> {
    [&[HOLDERS], denom.as_bytes(), &[0, length(addr)], addr].concat()
}

/// Addresses have at most 255 bytes, so the length is one byte.
fn length(addr: &[u8]) -> u8 {
    u8::try_from(addr.len()).unwrap_or(u8::MAX)
}
