//! The verbs, one file per group. Handlers take validated addresses and decide; [`crate::state`] stores.

pub mod advance;
pub mod batch;
pub mod class;
pub mod overlay;
pub mod scan;
