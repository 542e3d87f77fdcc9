//! The contract engine against hand-made contracts.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests measure time and take their number of rounds from the environment"
)]
#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod ahead;
mod artifacts;
mod bomb_shapes;
mod bombs;
mod cache;
mod chain;
mod common;
mod crypto;
mod evil;
mod frames;
mod gas;
mod gas_edges;
mod isolation;
mod limits;
mod proposals;
mod regions;
mod smith;
mod stack;
mod vectors;
