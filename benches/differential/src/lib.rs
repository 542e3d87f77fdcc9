//! Our contract engine beside cosmwasm-vm 3.0.10: the same calls on both, everything visible compared.
//!
//! A [`pair::Pair`] holds one contract on both engines, each with its own [`world::World`]. A call is compared in its
//! answer's bytes, gas (internal and external), kind of error, order and content of every request to the chain, debug
//! messages, and the store that it leaves. What may differ is listed in [`seen::Exception`], nowhere else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a comparison stops at the first surprise"
)]

pub mod calls;
pub mod contracts;
pub mod json;
pub mod known;
pub mod matrix;
pub mod pair;
pub mod puppet;
pub mod scripts;
pub mod seen;
pub mod smith;
pub mod testdata;
pub mod vectors;
pub mod verdicts;
pub mod world;
