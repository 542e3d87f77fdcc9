//! The node itself: status, peers, genesis, validators, parameters.

use serde::Serialize;
use serde_json::value::RawValue;
use suyuan_solo::{AppInfo, ConsensusParams, Status};
use tendermint::{consensus, public_key, validator};

use super::{Hex, Int, Rfc3339, B64};
use crate::limits::NodeNames;

/// Version of CometBFT whose RPC dialect this node speaks.
///
/// It names the dialect, not an engine: CosmJS picks its decoder by the prefix `0.38.`, and `tendermint-rpc` refuses
/// versions other than 0.34, 0.37 and 0.38. The whole 0.38 line shares one dialect.
pub const DIALECT_VERSION: &str = "0.38.25";

/// Version of the peer-to-peer protocol that goes with the dialect. Nothing speaks it in solo mode.
const P2P_PROTOCOL: u64 = 8;

/// Version of the block protocol in every header.
const BLOCK_PROTOCOL: u64 = 11;

/// Name of the application.
const APP_NAME: &str = "suyuan";

#[derive(Debug, Serialize)]
struct ProtocolVersion {
    p2p: Int<u64>,
    block: Int<u64>,
    app: Int<u64>,
}

#[derive(Debug, Serialize)]
struct NodeInfo<'a> {
    protocol_version: ProtocolVersion,
    id: String,
    listen_addr: &'a str,
    network: &'a str,
    version: &'a str,
    channels: &'static str,
    moniker: &'a str,
    other: OtherInfo<'a>,
}

#[derive(Debug, Serialize)]
struct OtherInfo<'a> {
    tx_index: &'static str,
    rpc_address: &'a str,
}

#[derive(Debug, Serialize)]
struct SyncInfo<'a> {
    latest_block_hash: Hex<&'a [u8]>,
    latest_app_hash: Hex<&'a [u8]>,
    latest_block_height: Int<u64>,
    latest_block_time: Rfc3339,
    earliest_block_hash: Hex<&'a [u8]>,
    earliest_app_hash: Hex<&'a [u8]>,
    earliest_block_height: Int<u64>,
    earliest_block_time: Rfc3339,
    catching_up: bool,
}

#[derive(Debug, Serialize)]
struct PubKey {
    r#type: &'static str,
    value: B64<Vec<u8>>,
}

impl From<&tendermint::PublicKey> for PubKey {
    fn from(key: &tendermint::PublicKey) -> Self {
        PubKey {
            r#type: match key {
                tendermint::PublicKey::Ed25519(_) => "tendermint/PubKeyEd25519",
                _ => "tendermint/PubKeySecp256k1",
            },
            value: B64(key.to_bytes()),
        }
    }
}

#[derive(Debug, Serialize)]
struct ValidatorInfo<'a> {
    address: Hex<&'a [u8]>,
    pub_key: PubKey,
    voting_power: Int<u64>,
}

/// Answer of `status`.
#[derive(Debug, Serialize)]
pub(crate) struct StatusAnswer<'a> {
    node_info: NodeInfo<'a>,
    sync_info: SyncInfo<'a>,
    validator_info: ValidatorInfo<'a>,
}

impl<'a> StatusAnswer<'a> {
    /// `rpc_address` is where this server listens (`tcp://host:port`). It also stands in for the peer-to-peer address,
    /// which a solo node has not and clients want filled. The node id, 20 bytes derived from a peer-to-peer key
    /// elsewhere, is the validator's address.
    pub fn new(status: &'a Status, rpc_address: &'a str, names: &'a NodeNames) -> Self {
        let validator = &status.validator;
        StatusAnswer {
            node_info: NodeInfo {
                protocol_version: ProtocolVersion {
                    p2p: Int(P2P_PROTOCOL),
                    block: Int(BLOCK_PROTOCOL),
                    app: Int(status.app_version),
                },
                id: hex::encode(validator.address.as_bytes()),
                listen_addr: rpc_address,
                network: &status.chain_id,
                version: &names.version,
                channels: "",
                moniker: &names.moniker,
                other: OtherInfo { tx_index: "on", rpc_address },
            },
            sync_info: SyncInfo {
                latest_block_hash: Hex(&status.latest.hash),
                latest_app_hash: Hex(&status.latest.app_hash),
                latest_block_height: Int(status.latest.height),
                latest_block_time: Rfc3339(status.latest.time),
                earliest_block_hash: Hex(&status.earliest.hash),
                earliest_app_hash: Hex(&status.earliest.app_hash),
                earliest_block_height: Int(status.earliest.height),
                earliest_block_time: Rfc3339(status.earliest.time),
                catching_up: false,
            },
            validator_info: ValidatorInfo {
                address: Hex(validator.address.as_bytes()),
                pub_key: PubKey::from(&validator.pub_key),
                voting_power: Int(validator.power.value()),
            },
        }
    }
}

/// Answer of `net_info`: a solo node has no peers, and waits for none.
#[derive(Debug, Serialize)]
pub(crate) struct NetInfo {
    listening: bool,
    listeners: [(); 0],
    n_peers: Int<u64>,
    peers: [(); 0],
}

impl NetInfo {
    pub const ALONE: NetInfo =
        NetInfo { listening: false, listeners: [], n_peers: Int(0), peers: [] };
}

/// Answer of `genesis`: the file as it is.
#[derive(Debug, Serialize)]
pub(crate) struct GenesisAnswer<'a> {
    pub genesis: &'a RawValue,
}

/// Answer of `genesis_chunked`.
#[derive(Debug, Serialize)]
pub(crate) struct GenesisChunk<'a> {
    chunk: Int<usize>,
    total: Int<usize>,
    data: B64<&'a [u8]>,
}

impl<'a> GenesisChunk<'a> {
    pub fn new(chunk: usize, total: usize, data: &'a [u8]) -> Self {
        GenesisChunk { chunk: Int(chunk), total: Int(total), data: B64(data) }
    }
}

/// Answer of `abci_info`.
#[derive(Debug, Serialize)]
pub(crate) struct AbciInfo<'a> {
    response: AbciInfoResponse<'a>,
}

#[derive(Debug, Serialize)]
struct AbciInfoResponse<'a> {
    data: &'static str,
    version: &'static str,
    app_version: Int<u64>,
    last_block_height: Int<u64>,
    last_block_app_hash: B64<&'a [u8]>,
}

impl<'a> From<&'a AppInfo> for AbciInfo<'a> {
    fn from(info: &'a AppInfo) -> Self {
        AbciInfo {
            response: AbciInfoResponse {
                data: APP_NAME,
                version: env!("CARGO_PKG_VERSION"),
                app_version: Int(info.app_version),
                last_block_height: Int(info.height),
                last_block_app_hash: B64(&info.app_hash),
            },
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Validator<'a> {
    address: Hex<&'a [u8]>,
    pub_key: PubKey,
    voting_power: Int<u64>,
    proposer_priority: Int<i64>,
}

impl<'a> From<&'a validator::Info> for Validator<'a> {
    fn from(info: &'a validator::Info) -> Self {
        Validator {
            address: Hex(info.address.as_bytes()),
            pub_key: PubKey::from(&info.pub_key),
            voting_power: Int(info.power.value()),
            proposer_priority: Int(info.proposer_priority.value()),
        }
    }
}

/// Answer of `validators`.
#[derive(Debug, Serialize)]
pub(crate) struct ValidatorsPage<'a> {
    block_height: Int<u64>,
    validators: Vec<Validator<'a>>,
    count: Int<usize>,
    total: Int<usize>,
}

impl<'a> ValidatorsPage<'a> {
    pub fn new(height: u64, page: &'a [validator::Info], total: usize) -> Self {
        ValidatorsPage {
            block_height: Int(height),
            validators: page.iter().map(Validator::from).collect(),
            count: Int(page.len()),
            total: Int(total),
        }
    }
}

/// Answer of `consensus_params`.
#[derive(Debug, Serialize)]
pub(crate) struct ParamsAnswer {
    block_height: Int<u64>,
    consensus_params: Params,
}

#[derive(Debug, Serialize)]
struct Params {
    block: BlockParams,
    evidence: EvidenceParams,
    validator: ValidatorParams,
    version: VersionParams,
    abci: AbciParams,
}

#[derive(Debug, Serialize)]
struct BlockParams {
    max_bytes: Int<u64>,
    max_gas: Int<i64>,
}

#[derive(Debug, Serialize)]
struct EvidenceParams {
    max_age_num_blocks: Int<u64>,
    /// Nanoseconds.
    max_age_duration: Int<u128>,
    max_bytes: Int<i64>,
}

#[derive(Debug, Serialize)]
struct ValidatorParams {
    pub_key_types: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct VersionParams {
    app: Int<u64>,
}

#[derive(Debug, Serialize)]
struct AbciParams {
    vote_extensions_enable_height: Int<u64>,
}

impl From<&ConsensusParams> for ParamsAnswer {
    fn from(answer: &ConsensusParams) -> Self {
        ParamsAnswer {
            block_height: Int(answer.height),
            consensus_params: Params::from(&answer.params),
        }
    }
}

impl From<&consensus::Params> for Params {
    fn from(params: &consensus::Params) -> Self {
        let key_types = params.validator.pub_key_types.iter().map(|kind| match kind {
            public_key::Algorithm::Ed25519 => "ed25519",
            public_key::Algorithm::Secp256k1 => "secp256k1",
        });
        let extensions_from = params.abci.vote_extensions_enable_height;
        Params {
            block: BlockParams {
                max_bytes: Int(params.block.max_bytes),
                max_gas: Int(params.block.max_gas),
            },
            evidence: EvidenceParams {
                max_age_num_blocks: Int(params.evidence.max_age_num_blocks),
                max_age_duration: Int(params.evidence.max_age_duration.0.as_nanos()),
                max_bytes: Int(params.evidence.max_bytes),
            },
            validator: ValidatorParams { pub_key_types: key_types.collect() },
            version: VersionParams {
                app: Int(params.version.as_ref().map_or(0, |version| version.app)),
            },
            abci: AbciParams {
                vote_extensions_enable_height: Int(
                    extensions_from.map_or(0, |height| height.value())
                ),
            },
        }
    }
}
