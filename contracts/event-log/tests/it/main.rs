//! The event log from outside, with the three contracts that it works with.

mod house;
mod sources;
mod together;
