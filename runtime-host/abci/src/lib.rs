//! The network driver: an ABCI 2.0 server (CometBFT 0.38) on a Unix socket, over the same app that solo drives.
//!
//! ```text
//! CometBFT ──► socket ──► server (connections, frames) ──► writer thread: InitChain … FinalizeBlock, Commit ──► App
//!                                    └────────────────► beside it: Info, CheckTx, Query ──────────────────► handles
//! ```
//!
//! Consensus is the engine's business; this crate translates, keeps the one writer, and is loud: what goes wrong on the
//! consensus connection ends the server with a fault that the node exits with. What goes wrong on another connection
//! ends that connection.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

mod convert;
mod engine;
mod frame;
mod proposal;
mod server;
mod service;
mod shared;
mod side;
mod writer;

pub use engine::{EngineRefused, ABCI_VERSION, ENGINE_LINE, ENGINE_PATCH_MIN};
pub use frame::{read_frame, write_frame, FrameError, FRAME_BYTES_MAX};
pub use server::{AbciServer, CONNECTIONS_MAX};
pub use service::Service;
pub use shared::{Settings, RETAIN_BLOCKS_MIN};
pub use suyuan_solo::HeightCallback;

/// Name that `Info` gives to the application.
pub const APP_NAME: &str = "suyuan";
