//! The verbs, one file per group. Handlers take validated addresses and decide; [`crate::state`] stores.

pub mod acquit;
pub mod advance;
pub mod batch;
mod birth;
pub mod class;
pub mod duplicate;
pub mod overlay;
pub mod quota;
pub mod scan;
