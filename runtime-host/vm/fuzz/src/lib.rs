//! Fuzzing the contract engine without a nightly compiler: targets, corpora, a mutating driver and its log.
//!
//! A target is a plain function over bytes that panics when a promise is broken (`fuzz_region` and so on), the shape
//! that libFuzzer and others take as well. The driver is ours: it mutates the committed corpus with dice that depend on a
//! seed and a number alone, so that every input can be made again from its place in the log.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken promise must stop the run")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a driver of tests is no consensus code: it has a time limit and is told where to write"
)]

pub mod corpus;
pub mod dice;
pub mod drive;
pub mod mutate;
pub mod plain;
pub mod seeds;
pub mod shape;
#[cfg(feature = "smith")]
pub mod smith;
pub mod soak;
pub mod targets;

pub use dice::Dice;
