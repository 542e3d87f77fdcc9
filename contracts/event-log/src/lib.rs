//! event-log: the one door by which business operations enter, and the record of what happened to units.
//!
//! It knows events, who may record and correct them, the chain of each source with its gaps, the words and process
//! profiles that events follow, what authentication nodes say of them, and the roots of logs kept elsewhere. What an
//! event does to units it passes on to the assembly graph as a sub-message, so that event, links and codes change
//! together or not at all.
//!
//! Reading order: [`check`] (bounds and EPCIS consistency), [`chain`] (order and gaps of a source), [`profile`]
//! (process profiles) are pure; then [`execute`], [`state`], [`query`].
//!
//! Invariants, each with a test:
//!
//! * **E1** an id is one event's: the same event again does nothing, another one is refused; a sender can prove that the
//!   payload commits to the id.
//! * **E2** the events of a source are gap-free, in order, each signed over the one before, or a gap report is open.
//! * **E5** nothing is overwritten or removed.
//! * **E6** a declaration repeats its event.
#![forbid(unsafe_code)]

pub mod chain;
pub mod check;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod migrate;
pub mod profile;
pub mod query;
pub mod state;

pub use error::ContractError;
