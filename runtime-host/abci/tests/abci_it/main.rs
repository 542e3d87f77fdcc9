//! The server over real sockets, driven by an engine written here: orders that a real engine cannot be forced into.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at the first surprise")]

mod calls;
mod chain;
mod loud;
mod peer;
mod sim;
