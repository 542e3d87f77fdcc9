//! What the whole-house tests in `tests/it` share.
//!
//! Everything here stands outside the house and speaks to it as a stranger would: real files, real sockets, real
//! processes, and stock crates as judges (`tendermint-rpc`, `tendermint-light-client-verifier`, `ics23`). It knows no
//! shortcuts into the state of a node; where a chain runs inside this process, it is the chain that `suyuan start`
//! runs.
#![forbid(unsafe_code)]

pub mod files;
pub mod house;
pub mod ics;
pub mod kvstore;
pub mod light;
pub mod network;
pub mod process;
pub mod stage;
