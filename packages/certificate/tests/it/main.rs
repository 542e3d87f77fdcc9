//! The verifier against certificates of a made-up chain with real trees, real proofs and real signatures.

mod accepted;
mod attested;
mod chain;
mod nodes;
mod refused;
mod soak;
mod story;
mod tamper;
mod twins;
