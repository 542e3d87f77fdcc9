//! Who takes part (clause 7.1 a), with which addresses, keys, data sources, services and number ranges, who may do
//! what and who may read what (clauses 5.4 b–d, 6.4, 8.2 a, 10 a).
//!
//! Certifiers decide m of n, what is power over others with an announced delay, and the registry can be the admin of
//! every contract, itself included: no single key rewrites anything. Everybody else asks
//! [`suyuan_trace_api::participant::QueryMsg::Actor`] before every write: two reads, whatever the number of roles.
//!
//! Invariants:
//! * number ranges of one scheme never overlap (R1);
//! * a key is valid from height to height, and its revocation does not reach back (R2);
//! * a participant keeps at least one address (R3);
//! * the graph of roles has no cycle and is at most eight deep (R4);
//! * who is not `Active` may not act, but stays readable (R5);
//! * a person is never named in clear (R6).
//!
//! Reading order: [`contract`], [`execute`], [`governance`], [`roles`], [`identifier`], [`query`], [`state`],
//! [`events`], [`error`].
#![forbid(unsafe_code)]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod governance;
pub mod identifier;
pub mod migrate;
pub mod query;
pub mod roles;
pub mod standing;
pub mod state;

pub use error::ContractError;
