//! The offline generator of trace codes (clauses 9.1 to 9.3).
//!
//! An issuer chooses a [`BatchSpec`] and a 32-byte [`Secret`]; everything else follows from the two, so that
//! a million codes need no data base: [`Generator::new_batch`] is what goes on chain, [`Generator::label`] is
//! what a printer prints, [`Generator::present`] is what a production line sends when a code comes to life.
//!
//! * A code is `prefix ‖ random part ‖ check character`. The random part is a keyed permutation of the index
//!   ([`permutation`]): unique by construction, and not to be guessed without the secret.
//! * A Merkle tree binds the issuer to its own count ([`tree`]): the chain holds the root, a code comes to
//!   life only with its path and its printed nonce.
//! * A tail ([`tail`]) proves the origin without the chain.
//! * A [`Sheet`] holds all labels of a batch at once, made on several threads; the result does not depend on how many.
//! * [`cpi`] gives the 12-digit serials of GS1 component and part identifiers by the same permutation.
//! * [`fraud`] finds a code that a batch holds twice and says what to send.
//!
//! This crate knows no chain, no clock and no randomness: where the secret comes from is the caller's affair.
//!
//! ```
//! use suyuan_codes::{BatchSpec, Generator, Secret};
//! let spec = BatchSpec::new("batch-1", "class-1", "ACME1", 1_000);
//! let generator = Generator::new(spec, Secret::new([7; 32])).unwrap();
//! let first = generator.present(0).unwrap();
//! assert!(first.code.starts_with("ACME1"));
//! assert_eq!(generator.index_of(&first.code), Some(0));
//! ```
#![forbid(unsafe_code)]

pub mod cpi;
pub mod fraud;
mod generator;
mod keys;
pub mod permutation;
mod sheet;
mod spec;
pub mod tail;
pub mod tree;

pub use generator::{Generator, Label, OutOfRange};
pub use sheet::Sheet;
pub use spec::{BadSpec, BatchSpec, Secret, Secrets};
pub use tail::TailKey;
