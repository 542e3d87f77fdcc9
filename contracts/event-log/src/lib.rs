//! event-log: the one door by which business operations enter, and the record of what happened to units.
//!
//! It knows events, the chain of each source, and who may record. What an event does to units it passes on to
//! the assembly graph as a sub-message, so that event, links and codes change together or not at all.
//!
//! Reading order: [`check`] (pure: bounds and EPCIS consistency), [`execute`], [`state`], [`query`].
//!
//! Invariants, each with a test:
//!
//! * **E1** an event id is recorded once.
//! * **E2** the events of a source are gap-free, in order, each signed over the one before.
//! * **E5** nothing is overwritten or removed.
#![forbid(unsafe_code)]

pub mod check;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod migrate;
pub mod query;
pub mod state;

pub use error::ContractError;
