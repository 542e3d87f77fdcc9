//! Trace codes (clause 9): classes with the granularity of Annex C, batches of any size at the cost of one
//! record, and the life of each code.
//!
//! A code has no record until it comes to life: the batch's Merkle root stands for all of its codes. What a
//! code may do next is one table ([`life`]), beside it stand overlays ([`marks`]) and ranges of withdrawn places
//! ([`ranges`]), and scans are judged by pure rules ([`travel`], [`calendar`], [`verdict`]).
//!
//! Invariants:
//! * K1 places in life and voided ones never meet: their sum stays within the count;
//! * K2, K3 life moves only along the table, only on the word of the wired assembly graph, and out of an end only by a
//!   correction;
//! * K4 a revoked or compromised batch brings nothing to life;
//! * K5 no two batches share a prefix or one that begins with another's, and none lies in a foreign number range;
//! * K6 what is issued stays within the quota of its class and its issuer;
//! * K7 a unit has one code at any height.
//!
//! Reading order: [`contract`], [`execute`], [`life`], [`marks`], [`ranges`], [`travel`], [`verdict`], [`verify`],
//! [`query`], [`registry`], [`state`], [`migrate`], [`events`], [`error`].
#![forbid(unsafe_code)]

pub mod calendar;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod life;
pub mod marks;
pub mod migrate;
pub mod query;
pub mod ranges;
pub mod registry;
pub mod state;
pub mod travel;
pub mod verdict;
pub mod verify;

pub use error::ContractError;
