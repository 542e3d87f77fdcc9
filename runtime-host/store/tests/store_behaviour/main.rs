//! The store as its callers see it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;
mod full_disk;
mod golden;
mod many_keys;
mod model;
mod proofs;
mod transfer;
