//! Both skins over a real chain, asked by real clients.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

mod chain;
mod grpc;
mod pruning;
mod rest;
