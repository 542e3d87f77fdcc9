//! What the drivers, the RPC and the tests say to the application and hear from it: plain requests and answers.

use suyuan_core::{Event, Hash32};

pub use suyuan_store::ProofOp;

/// Consensus parameters the application enforces or answers queries with. Everything else of CometBFT's parameters
/// belongs to the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsensusParams {
    /// Largest block in bytes.
    pub block_max_bytes: i64,
    /// Most SDK gas of one block; -1 is unlimited.
    pub block_max_gas: i64,
    /// How long evidence is accepted, in blocks.
    pub evidence_max_age_blocks: i64,
    /// How long evidence is accepted, in nanoseconds.
    pub evidence_max_age_ns: i64,
    /// Most bytes of evidence in one block.
    pub evidence_max_bytes: i64,
    /// Allowed kinds of validator keys.
    pub pub_key_types: Vec<String>,
}

impl Default for ConsensusParams {
    /// CometBFT 0.38's defaults, with a block gas limit that bounds the worst block.
    fn default() -> Self {
        ConsensusParams {
            block_max_bytes: 4 * 1024 * 1024,
            block_max_gas: crate::limits::BLOCK_GAS_DEFAULT,
            evidence_max_age_blocks: 100_000,
            evidence_max_age_ns: 172_800_000_000_000,
            evidence_max_bytes: 1_048_576,
            pub_key_types: vec!["ed25519".to_string()],
        }
    }
}

/// The first thing a chain tells its application.
#[derive(Clone, Debug)]
pub struct InitChain {
    /// Name of the chain; part of every signature.
    pub chain_id: String,
    /// Genesis time, nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// `app_state` of the genesis file.
    pub app_state: serde_json::Value,
    /// Consensus parameters of the genesis file.
    pub consensus_params: ConsensusParams,
    /// Height of the first block, at least 1.
    pub initial_height: u64,
    /// The validators of a network; none for a chain that one node makes alone, whose validator never changes.
    pub validators: Vec<ValidatorUpdate>,
}

/// A validator and its power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidatorUpdate {
    /// Its ed25519 key.
    pub pub_key: [u8; 32],
    /// Voting power; 0 removes it.
    pub power: u64,
}

/// What genesis computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InitOutcome {
    /// Hash of the genesis state; header 1 carries it.
    pub app_hash: Hash32,
}

/// Why a genesis file cannot start a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("genesis: {0}")]
pub struct GenesisError(pub String);

/// A decided block.
#[derive(Clone, Debug, Default)]
pub struct BlockRequest {
    /// Height of this block.
    pub height: u64,
    /// Header time, nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// Transactions in order, undecodable ones included.
    pub txs: Vec<Vec<u8>>,
    /// Address of the proposer.
    pub proposer: [u8; 20],
    /// Hash of the header; zero when the driver does not know it yet. Not visible to contracts.
    pub hash: Hash32,
}

/// What a block did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockOutcome {
    /// One result per transaction, in order.
    pub tx_results: Vec<TxOutcome>,
    /// Hash of the state after this block; the next header carries it.
    pub app_hash: Hash32,
    /// Events of the block itself: announced changes that were due.
    pub events: Vec<Event>,
    /// Validators whose power changed, in the order of their addresses.
    pub validator_updates: Vec<ValidatorUpdate>,
    /// The consensus parameters from the next block on, if they changed.
    pub consensus_param_updates: Option<ConsensusParams>,
}

/// What a transaction did, in a block, in a check or in a simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxOutcome {
    /// 0 for success, else a code of `codespace`.
    pub code: u32,
    /// Name space of `code`; empty on success.
    pub codespace: String,
    /// Protobuf `TxMsgData` on success, else empty.
    pub data: Vec<u8>,
    /// Empty on success, else the error's text.
    pub log: String,
    /// Gas limit of the transaction, SDK gas.
    pub gas_wanted: i64,
    /// Gas used, SDK gas; may exceed the limit by the step that exhausted it.
    pub gas_used: i64,
    /// Events; those of the ante handler only if a message failed.
    pub events: Vec<Event>,
}

impl TxOutcome {
    /// Whether the transaction succeeded.
    pub fn is_ok(&self) -> bool {
        self.code == 0
    }
}

/// Why a transaction is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// It is new to this node.
    New,
    /// It was accepted before and a block has been committed since; its signatures are not verified again.
    Recheck,
}

/// The last committed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Height of the last committed block, 0 before the first.
    pub height: u64,
    /// Hash of the state after it.
    pub app_hash: Hash32,
}

/// Answer to `abci_query`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryOutcome {
    /// 0 for success.
    pub code: u32,
    /// Name space of `code`; empty on success.
    pub codespace: String,
    /// The error's text; empty on success.
    pub log: String,
    /// The store key asked for, for raw queries.
    pub key: Vec<u8>,
    /// Answer; may be empty on success.
    pub value: Vec<u8>,
    /// Position of the key among all keys, for applications that count them; 0 elsewhere.
    pub index: i64,
    /// Height whose state was read; never 0 once a block is committed.
    pub height: u64,
    /// Proof operations, if asked for.
    pub proof_ops: Vec<ProofOp>,
}

/// The codes of gRPC that queries of a chain answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum GrpcCode {
    /// Errors that carry a code of the chain in their text.
    Unknown = 2,
    /// The request cannot be understood.
    InvalidArgument = 3,
    /// What was asked for does not exist.
    NotFound = 5,
    /// A bound of the node is reached.
    ResourceExhausted = 8,
    /// No such method.
    Unimplemented = 12,
    /// The node failed.
    Internal = 13,
    /// Not now: no block yet, or the node is stopping.
    Unavailable = 14,
}

/// Why a gRPC method has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrpcStatus {
    /// What kind of failure.
    pub code: GrpcCode,
    /// Its text, in the words that clients search.
    pub message: String,
}

impl GrpcStatus {
    /// A status with a text.
    pub fn new(code: GrpcCode, message: impl Into<String>) -> Self {
        GrpcStatus { code, message: message.into() }
    }

    /// The status of a path that nothing answers.
    pub fn unknown_method(path: &str) -> Self {
        let shown: String = path.trim_start_matches('/').chars().take(200).collect();
        let message = match shown.rsplit_once('/') {
            Some((service, method)) => format!("unknown method {method} for service {service}"),
            None => format!("unknown service {shown}"),
        };
        GrpcStatus { code: GrpcCode::Unimplemented, message }
    }
}

/// Answer to a gRPC method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrpcReply {
    /// Encoded response.
    pub value: Vec<u8>,
    /// Height whose state was read.
    pub height: u64,
}
