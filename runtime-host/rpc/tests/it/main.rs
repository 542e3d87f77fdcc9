//! A real chain behind the server, asked by the Rust client and by hand.
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

mod answers;
mod broadcast;
mod fixtures;
mod live;
mod refusals;
mod stream;
