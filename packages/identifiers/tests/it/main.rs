//! The library from outside: published examples, round trips, and what check digits promise.
#![allow(missing_docs, reason = "tests are read as claims")]

mod checks;
mod digital_links;
mod epc_urns;
mod others;
