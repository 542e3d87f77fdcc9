//! Blocks, validators and the node behind them: the SDK's `cmtservice`.

use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1 as proto;
use cosmos_sdk_proto::cosmos::crypto::ed25519::PubKey;
use cosmos_sdk_proto::Any;
use prost::Message;
use suyuan_core::address;
use suyuan_solo::{BlockAnswer, Validators};
use tendermint_proto::p2p::{DefaultNodeInfo, DefaultNodeInfoOther, ProtocolVersion};
use tendermint_proto::types::{Block, Header};

use crate::node::NodeFacts;
use crate::source::{failed, Source};
use crate::{decode, encode, internal, invalid, Answer, GrpcStatus};

/// Version of the SDK whose interfaces this node answers with. Clients choose their queries by it: from 0.50 on they
/// ask the consensus service for parameters.
const SDK_VERSION: &str = "v0.50.9";
/// Version of the peer-to-peer protocol that goes with the dialect.
const P2P_PROTOCOL: u64 = 8;
/// Version of the block protocol in every header.
const BLOCK_PROTOCOL: u64 = 11;
/// Validators of a page unless asked otherwise, and at most.
const PAGE_MAX: u64 = 100;
/// Type URL of a validator's key.
const ED25519_TYPE_URL: &str = "/cosmos.crypto.ed25519.PubKey";
/// Name of the service for what the application answers: the prefix of addresses.
const PREFIX_PATH: &str = "/cosmos.auth.v1beta1.Query/Bech32Prefix";

/// Answers a method; `None` if there is no such method.
pub(crate) fn answer(
    source: &dyn Source,
    node: &NodeFacts,
    method: &str,
    request: &[u8],
) -> Option<Answer> {
    Some(match method {
        "GetNodeInfo" => node_info(source, node),
        "GetSyncing" => source
            .syncing()
            .map_err(failed)
            .and_then(|syncing| encode(&proto::GetSyncingResponse { syncing })),
        "GetLatestBlock" => latest_block(source),
        "GetBlockByHeight" => block_by_height(source, request),
        "GetLatestValidatorSet" => latest_validators(source, request),
        "GetValidatorSetByHeight" => validators_by_height(source, request),
        "ABCIQuery" => abci_query(source, request),
        _ => return None,
    })
}

fn node_info(source: &dyn Source, node: &NodeFacts) -> Answer {
    let status = source.status().map_err(failed)?;
    let info = DefaultNodeInfo {
        protocol_version: Some(ProtocolVersion {
            p2p: P2P_PROTOCOL,
            block: BLOCK_PROTOCOL,
            app: status.app_version,
        }),
        default_node_id: hex::encode(status.validator.address.as_bytes()),
        listen_addr: node.rpc_address.clone(),
        network: status.chain_id,
        version: node.dialect_version.clone(),
        channels: Vec::new(),
        moniker: node.moniker.clone(),
        other: Some(DefaultNodeInfoOther {
            tx_index: "on".to_string(),
            rpc_address: node.rpc_address.clone(),
        }),
    };
    let version = proto::VersionInfo {
        name: "suyuan".to_string(),
        app_name: "suyuan".to_string(),
        version: node.version.clone(),
        cosmos_sdk_version: SDK_VERSION.to_string(),
        ..proto::VersionInfo::default()
    };
    encode(&proto::GetNodeInfoResponse {
        default_node_info: Some(info),
        application_version: Some(version),
    })
}

fn latest_block(source: &dyn Source) -> Answer {
    let answer = source.block(None).map_err(failed)?;
    let (block_id, block, sdk_block) = parts(source, answer)?;
    encode(&proto::GetLatestBlockResponse { block_id, block, sdk_block })
}

fn block_by_height(source: &dyn Source, request: &[u8]) -> Answer {
    let request: proto::GetBlockByHeightRequest = decode(request)?;
    refuse_future(source, request.height)?;
    let answer = source.block(Some(request.height)).map_err(failed)?;
    let (block_id, block, sdk_block) = parts(source, answer)?;
    encode(&proto::GetBlockByHeightResponse { block_id, block, sdk_block })
}

fn refuse_future(source: &dyn Source, height: i64) -> Result<(), GrpcStatus> {
    if u64::try_from(height).is_ok_and(|h| h > source.latest_height()) {
        return Err(invalid("requested block height is bigger then the chain length"));
    }
    Ok(())
}

type Parts = (Option<tendermint_proto::types::BlockId>, Option<Block>, Option<proto::Block>);

/// A block in both forms: the engine's, which older clients read, and the SDK's with the proposer as text.
fn parts(source: &dyn Source, answer: BlockAnswer) -> Result<Parts, GrpcStatus> {
    let block: Block = answer.block.into();
    let header = block.header.clone().map(|h| sdk_header(source, h)).transpose()?;
    let sdk_block = proto::Block {
        header,
        data: block.data.clone(),
        evidence: block.evidence.clone(),
        last_commit: block.last_commit.clone(),
    };
    Ok((Some(answer.id.into()), Some(block), Some(sdk_block)))
}

fn sdk_header(source: &dyn Source, h: Header) -> Result<proto::Header, GrpcStatus> {
    Ok(proto::Header {
        version: h.version,
        chain_id: h.chain_id,
        height: h.height,
        time: h.time,
        last_block_id: h.last_block_id,
        last_commit_hash: h.last_commit_hash,
        data_hash: h.data_hash,
        validators_hash: h.validators_hash,
        next_validators_hash: h.next_validators_hash,
        consensus_hash: h.consensus_hash,
        app_hash: h.app_hash,
        last_results_hash: h.last_results_hash,
        evidence_hash: h.evidence_hash,
        proposer_address: validator_text(source, &h.proposer_address)?,
    })
}

/// The address of a validator as the SDK writes it: the chain's prefix with `valcons`.
fn validator_text(source: &dyn Source, addr: &[u8]) -> Result<String, GrpcStatus> {
    use cosmos_sdk_proto::cosmos::auth::v1beta1::Bech32PrefixResponse;
    let reply = source.grpc(PREFIX_PATH, &[], 0)?;
    let prefix = Bech32PrefixResponse::decode(&reply.value[..]).map_err(internal)?.bech32_prefix;
    address::encode(&format!("{prefix}valcons"), addr).map_err(internal)
}

fn latest_validators(source: &dyn Source, request: &[u8]) -> Answer {
    let request: proto::GetLatestValidatorSetRequest = decode(request)?;
    let set = source.validators(None).map_err(failed)?;
    let (block_height, validators, page) = validators(source, &set, request.pagination)?;
    encode(&proto::GetLatestValidatorSetResponse {
        block_height,
        validators,
        pagination: Some(page),
    })
}

fn validators_by_height(source: &dyn Source, request: &[u8]) -> Answer {
    let request: proto::GetValidatorSetByHeightRequest = decode(request)?;
    refuse_future(source, request.height)?;
    let set = source.validators(Some(request.height)).map_err(failed)?;
    let (block_height, validators, page) = validators(source, &set, request.pagination)?;
    encode(&proto::GetValidatorSetByHeightResponse {
        block_height,
        validators,
        pagination: Some(page),
    })
}

fn validators(
    source: &dyn Source,
    answer: &Validators,
    page: Option<PageRequest>,
) -> Result<(i64, Vec<proto::Validator>, PageResponse), GrpcStatus> {
    let page = page.unwrap_or_default();
    let all = answer.set.validators();
    let limit = if page.limit == 0 { PAGE_MAX } else { page.limit.min(PAGE_MAX) };
    let (skip, take) = (
        usize::try_from(page.offset).unwrap_or(usize::MAX),
        usize::try_from(limit).unwrap_or(usize::MAX),
    );
    let mut shown = Vec::new();
    for info in all.iter().skip(skip).take(take) {
        let key = PubKey { key: info.pub_key.to_bytes() };
        shown.push(proto::Validator {
            address: validator_text(source, info.address.as_bytes())?,
            pub_key: Some(Any {
                type_url: ED25519_TYPE_URL.to_string(),
                value: key.encode_to_vec(),
            }),
            voting_power: i64::try_from(info.power()).unwrap_or(i64::MAX),
            proposer_priority: info.proposer_priority.value(),
        });
    }
    let height = i64::try_from(answer.height).unwrap_or(i64::MAX);
    Ok((height, shown, PageResponse { next_key: Vec::new(), total: all.len() as u64 }))
}

fn abci_query(source: &dyn Source, request: &[u8]) -> Answer {
    let request: proto::AbciQueryRequest = decode(request)?;
    let outcome = source
        .abci_query(&request.path, &request.data, request.height, request.prove)
        .map_err(failed)?;
    let ops: Vec<proto::ProofOp> = outcome
        .proof_ops
        .into_iter()
        .map(|op| proto::ProofOp { r#type: op.type_, key: op.key, data: op.data })
        .collect();
    encode(&proto::AbciQueryResponse {
        code: outcome.code,
        log: outcome.log,
        info: String::new(),
        index: 0,
        key: outcome.key,
        value: outcome.value,
        proof_ops: Some(proto::ProofOps { ops }).filter(|p| !p.ops.is_empty()),
        height: i64::try_from(outcome.height).unwrap_or(i64::MAX),
        codespace: outcome.codespace,
    })
}
