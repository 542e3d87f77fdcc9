//! assembly-graph: which unit was made of which, who holds it, and the walk that gives every unit and every
//! link exactly once.
//!
//! Reading order, write side: [`record`] (what is stored of a unit and of a link), [`state`] (under which keys),
//! [`book`] (the unit of work of one operation), [`execute`] (one file per group of verbs).
//!
//! Read side: [`shelf`] (reading with a meter), [`walk`] (the pure walk), [`cursor`] (how a walk rests between
//! pages), [`recall`], [`ends`] and [`path`] (walks with other questions), [`timeline`] (back to a height), [`query`].
//!
//! Beside the units: [`campaign`] (holds and recalls), [`bom`] (plans), [`project`].
//!
//! Invariants, each with a test:
//!
//! * **G1** every edge leads from a revision to one that was born earlier; nothing can be part of itself.
//! * **G2** a piece has at most one open certain whole; what contradicts it is refused or kept as disputed.
//! * **G3** the balance of a lot is what was produced less what was taken, or what two have counted, or unknown; never
//!   negative.
//! * **G4** both accumulators of a link and the event accumulator of every named unit grow with each step.
//! * **G5** the pages of a walk, read one after the other at any page size, hold the closure as of the first
//!   page: nothing missing, nothing twice.
#![forbid(unsafe_code)]

pub mod ask;
pub mod balance;
pub mod bom;
pub mod book;
pub mod campaign;
pub mod contract;
pub mod cursor;
pub mod ends;
pub mod error;
pub mod events;
pub mod execute;
pub mod hops;
pub mod journal;
pub mod ledger;
pub mod migrate;
pub mod path;
pub mod project;
pub mod query;
pub mod recall;
pub mod shelf;
pub mod sorted;
pub mod state;
pub mod summary;
pub mod timeline;
pub mod view;
pub mod walk;
pub mod weight;

pub use error::ContractError;
pub use suyuan_trace_api::assembly::record;
pub use suyuan_trace_api::codec;
