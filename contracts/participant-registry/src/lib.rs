//! Who takes part (clause 7.1 a), with which addresses, keys and data sources, and who may do what
//! (clauses 5.4 b–d, 10 a).
//!
//! Certifiers decide m of n. Everybody else asks [`suyuan_trace_api::participant::QueryMsg::Actor`] before
//! every write: two reads, whatever the number of roles.
//!
//! Invariants:
//! * number ranges of one scheme never overlap (R1);
//! * a key is valid from height to height, and its revocation does not reach back (R2);
//! * a participant keeps at least one address (R3);
//! * who is not `Active` may not act, but stays readable (R5);
//! * a person is never named in clear (R6).
//!
//! Reading order: [`contract`], [`execute`], [`identifier`], [`query`], [`state`], [`events`], [`error`].
#![forbid(unsafe_code)]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod identifier;
pub mod query;
pub mod roles;
pub mod state;

pub use error::ContractError;
