//! The crate against documents that others wrote.
#![allow(missing_docs, reason = "tests are read as claims")]

mod documents;
mod event_hash;
mod shared;
mod stories;
mod texts;
mod traps;
