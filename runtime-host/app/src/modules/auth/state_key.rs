//! Keys of the auth module in store `acc`. Frozen: proofs depend on them.

/// Name of the store.
pub(crate) const STORE: &str = "acc";
/// Parameters: `00`.
pub(crate) const PARAMS: &[u8] = &[0x00];
/// Number of the next account, 8 bytes big-endian: `02`.
pub(crate) const NEXT_NUMBER: &[u8] = &[0x02];
/// Prefix of all accounts.
pub(crate) const ACCOUNTS: &[u8] = &[0x01];

/// An account: `01 ‖ address`.
pub(crate) fn account(addr: &[u8]) -> Vec<u8> {
    [ACCOUNTS, addr].concat()
}
