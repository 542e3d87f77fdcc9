//! The solo driver: one validator, embedded in the node, that makes real Tendermint blocks.
//!
//! [`start`] opens the block log, brings the app to its height and starts the one writer thread; the [`Chain`] handle
//! that it returns answers everything an RPC server asks and takes transactions. Blocks are valid in the sense of
//! CometBFT 0.38 (see [`tmtypes::validate_block`]), so light clients verify them; but one key is the whole trust: solo
//! is not Byzantine fault tolerant.
//!
//! Durability: a block is answered for only when its record in the append-only [`block_log`] is on stable storage. The
//! app's own storage follows and is brought up from the log after a crash.
#![forbid(unsafe_code)]

pub mod answers;
pub mod application;
pub mod block_log;
mod chain;
mod clock;
mod config;
mod error;
pub mod event_index;
mod genesis;
mod guard;
mod key;
pub mod log_file;
mod mempool;
mod past;
mod producer;
mod progress;
pub mod query;
mod replay;
mod shared;
mod start;
mod stats;
pub mod tmtypes;

pub use answers::*;
pub use application::{
    Application, BlockOutcome, BlockRequest, CheckKind, CheckTx, ConsensusParams as AppParams,
    GenesisError, GrpcCode, GrpcReply, GrpcStatus, Info, InitChain, InitOutcome, ProofOp,
    QueryOutcome, QueryState, TxOutcome, ValidatorUpdate,
};
pub use chain::{
    Chain, BLOCKCHAIN_PAGE_MAX, PER_PAGE_DEFAULT, PER_PAGE_MAX, SEARCH_MATCHES_MAX,
    SEARCH_READS_MAX,
};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{MempoolLimits, Pace, SoloConfig};
pub use error::{Answer, ChainError};
pub use genesis::{default_params, Genesis, GenesisFileError, CHAIN_ID_LEN_MAX};
pub use guard::{Precommit, SignState, Signer};
pub use key::ValidatorKey;
pub use mempool::Done;
pub use past::open_past;
pub use progress::{HeightCallback, Progress};
pub use replay::{replay, replay_file, ReplayError, ReplayReport};
pub use start::{
    start, start_with, Files, BLOCK_LOG_FILE, EVENT_INDEX_DIR, LOCK_FILE, SIGN_STATE_FILE,
};
pub use stats::Stats;
