//! Trace codes (clause 9): classes with the granularity of Annex C, batches of any size at the cost of one
//! record, and the life of each code.
//!
//! A code has no record until it comes to life: the batch's Merkle root stands for all of its codes. What a
//! code may do next is one table ([`life`]), beside it stand overlays ([`marks`]), and scans are judged by
//! pure rules ([`travel`], [`verdict`]).
//!
//! Invariants:
//! * no two batches share a prefix or one that begins with another's, so a code belongs to one batch at most;
//! * a code comes to life once, by its issuer, with its proof, while its batch is open;
//! * life moves only along the table, only on the word of the wired assembly graph, and never out of an end.
//!
//! Reading order: [`contract`], [`execute`], [`life`], [`marks`], [`travel`], [`verdict`], [`query`],
//! [`state`], [`events`], [`error`].
#![forbid(unsafe_code)]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod life;
pub mod marks;
pub mod query;
pub mod state;
pub mod travel;
pub mod verdict;

pub use error::ContractError;
