//! Keys of the feegrant module in store `feegrant`. Frozen: proofs depend on them.

/// Name of the store.
pub(crate) const STORE: &str = "feegrant";
/// Prefix of all grants.
pub(crate) const GRANTS: &[u8] = &[0x00];

/// A grant: `00 ‖ length ‖ grantee ‖ length ‖ granter`.
pub(crate) fn grant(granter: &[u8], grantee: &[u8]) -> Vec<u8> {
    [&grants_to(grantee)[..], &[length(granter)], granter].concat()
}

/// Prefix of what somebody was granted: `00 ‖ length ‖ grantee`.
pub(crate) fn grants_to(grantee: &[u8]) -> Vec<u8> {
    [GRANTS, &[length(grantee)], grantee].concat()
}

/// Addresses have at most 255 bytes, so the length is one byte.
fn length(addr: &[u8]) -> u8 {
    u8::try_from(addr.len()).unwrap_or(u8::MAX)
}
