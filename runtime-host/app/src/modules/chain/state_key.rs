//! Keys of the module, in the store of the facts (`consensus`).

/// All keys that belong to one chain and are never carried to another.
pub(crate) const OWN: &[u8] = b"suyuan/";
/// Validators: their 20-byte addresses.
pub(crate) const VALIDATORS: &[u8] = b"suyuan/validator/";
/// Plans: their numbers, 8 bytes big-endian.
pub(crate) const PLANS: &[u8] = b"suyuan/plan/";
/// Number of the last plan.
pub(crate) const LAST_PLAN: &[u8] = b"suyuan/last_plan";

pub(crate) fn validator(address: &[u8]) -> Vec<u8> {
    [VALIDATORS, address].concat()
}

pub(crate) fn plan(id: u64) -> Vec<u8> {
    [PLANS, &id.to_be_bytes()[..]].concat()
}
