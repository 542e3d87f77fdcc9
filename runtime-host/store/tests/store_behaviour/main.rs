//! The store as its callers see it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;
mod golden;
mod model;
mod proofs;
mod transfer;
