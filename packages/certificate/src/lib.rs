//! The completeness certificate: a trace as a file that proves itself (clauses 11.1 to 11.3).
//!
//! A certificate holds, for everything that a unit is made of (or went into) at one height, the units' records, the
//! links between them and all their events, each as the chain stored it, with ICS-23 proofs up to the app hash of a
//! signed header. Each unit's record counts its links and events in append-only accumulators, so that an answer
//! with something missing, added, repeated, reordered or changed does not fit to the record that the validators
//! signed.
//!
//! Reading order: [`format`] (what is in the file), [`verify`] (the order of all checks), then one file per check:
//! [`header`] (who signed), [`proofs`] (records to app hash), [`contracts`] (which code wrote them), [`graph`]
//! (nothing missing, nothing twice), [`events`]. [`mod@build`] makes a certificate out of a node's proofs,
//! [`seal`] brings it into its one canonical form. [`attest`]: what authentication nodes say of it.
//!
//! This crate knows no network, no clock and no file system. It is told what to trust ([`Anchor`]) and which code
//! ([`Checksums`]); everything else it computes.
#![forbid(unsafe_code)]

pub mod attest;
pub mod build;
mod bytes;
pub mod contracts;
pub mod events;
mod fault;
pub mod format;
pub mod graph;
pub mod header;
mod limits;
pub mod pack;
pub mod proofs;
mod proto;
mod report;
pub mod seal;
pub mod signed;
mod trust;
pub mod verify;

pub use attest::{verify_attested, Attestations};
pub use bytes::{Base64, Hex};
pub use fault::Fault;
pub use format::Certificate;
pub use report::{Attestor, CodeReport, ContractReport, Report, Signer};
pub use trust::{Addresses, Anchor, BadTrust, Checksums, TrustedChain};
pub use verify::{verify, Terms};
