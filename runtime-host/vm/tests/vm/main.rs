//! The contract engine against hand-made contracts.
#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod artifacts;
mod cache;
mod chain;
mod common;
mod crypto;
mod evil;
mod gas;
mod isolation;
mod limits;
mod proposals;
mod regions;
mod stack;
