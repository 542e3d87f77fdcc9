//! Measured figures: each one beside the same work done by what people use today, in the same process.
//!
//! A figure is a median over rounds in which both sides take turns, so that a slow moment of the machine hits both.
//! What is published is the ratio; absolute times belong to the machine.

pub mod chain;
pub mod figure;
pub mod mocks;
pub mod node;
pub mod operators;
pub mod parallel;
pub mod store;
pub mod testdata;
pub mod trace;
pub mod vm;
