//! The store as its callers see it.

mod common;
mod model;
mod proofs;
