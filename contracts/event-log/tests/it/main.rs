//! The event log from outside, with the three contracts that it works with.

#[path = "../fixtures.rs"]
mod fixtures;
mod house;
mod sources;
mod together;
