//! What every contract remembers of its own migrations: they belong to its answers and to certificates.

use cosmwasm_schema::cw_serde;

/// Migrations that one contract remembers. None is ever forgotten: at the bound further ones are refused, until a
/// version step of the contract makes room in a way of its own. 64 are sixteen years of four a year, and keep the
/// list below 6 KB in each answer.
pub const MAX_MIGRATIONS: usize = 64;

/// One migration of a contract.
#[cw_serde]
#[derive(Eq)]
pub struct Migration {
    /// Height of the block.
    pub height: u64,
    /// Version of the state before.
    pub from_version: String,
    /// Version of the code that took over; the same one where the code changed without a new version.
    pub to_version: String,
}
