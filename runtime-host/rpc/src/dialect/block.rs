//! Blocks, headers, commits and their ids.

use serde::Serialize;
use suyuan_solo::{BlockAnswer, BlockMeta, BlockSearch, Blockchain, CommitAnswer};
use tendermint::block::{self, CommitSig};
use tendermint::evidence::Evidence;
use tendermint::{Hash, Time};

use super::{B64OrNull, Hex, Int, Rfc3339, B64};
use crate::error::RpcError;

/// The time of a vote that was not cast.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

#[derive(Debug, Serialize)]
pub(crate) struct BlockId<'a> {
    hash: Hex<&'a [u8]>,
    parts: Parts<'a>,
}

#[derive(Debug, Serialize)]
struct Parts<'a> {
    total: u32,
    hash: Hex<&'a [u8]>,
}

/// The id of no block, as the first header carries it.
const NO_BLOCK_ID: BlockId<'static> =
    BlockId { hash: Hex(&[]), parts: Parts { total: 0, hash: Hex(&[]) } };

impl<'a> From<&'a block::Id> for BlockId<'a> {
    fn from(id: &'a block::Id) -> Self {
        BlockId {
            hash: hash(&id.hash),
            parts: Parts { total: id.part_set_header.total, hash: hash(&id.part_set_header.hash) },
        }
    }
}

fn hash(hash: &Hash) -> Hex<&[u8]> {
    Hex(hash.as_bytes())
}

fn optional_hash(value: &Option<Hash>) -> Hex<&[u8]> {
    value.as_ref().map_or(Hex(&[]), hash)
}

#[derive(Debug, Serialize)]
struct Version {
    block: Int<u64>,
    app: Int<u64>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Header<'a> {
    version: Version,
    chain_id: &'a str,
    height: Int<u64>,
    time: Rfc3339,
    last_block_id: BlockId<'a>,
    last_commit_hash: Hex<&'a [u8]>,
    data_hash: Hex<&'a [u8]>,
    validators_hash: Hex<&'a [u8]>,
    next_validators_hash: Hex<&'a [u8]>,
    consensus_hash: Hex<&'a [u8]>,
    app_hash: Hex<&'a [u8]>,
    last_results_hash: Hex<&'a [u8]>,
    evidence_hash: Hex<&'a [u8]>,
    proposer_address: Hex<&'a [u8]>,
}

impl<'a> From<&'a block::Header> for Header<'a> {
    fn from(header: &'a block::Header) -> Self {
        Header {
            version: Version { block: Int(header.version.block), app: Int(header.version.app) },
            chain_id: header.chain_id.as_str(),
            height: Int(header.height.value()),
            time: Rfc3339(header.time),
            last_block_id: header.last_block_id.as_ref().map_or(NO_BLOCK_ID, BlockId::from),
            last_commit_hash: optional_hash(&header.last_commit_hash),
            data_hash: optional_hash(&header.data_hash),
            validators_hash: hash(&header.validators_hash),
            next_validators_hash: hash(&header.next_validators_hash),
            consensus_hash: hash(&header.consensus_hash),
            app_hash: Hex(header.app_hash.as_bytes()),
            last_results_hash: optional_hash(&header.last_results_hash),
            evidence_hash: optional_hash(&header.evidence_hash),
            proposer_address: Hex(header.proposer_address.as_bytes()),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Commit<'a> {
    height: Int<u64>,
    round: u32,
    block_id: BlockId<'a>,
    signatures: Vec<Signature<'a>>,
}

/// The commit before the first block: empty, never null (CosmJS reads into it).
const NO_COMMIT: Commit<'static> =
    Commit { height: Int(0), round: 0, block_id: NO_BLOCK_ID, signatures: Vec::new() };

impl<'a> From<&'a block::Commit> for Commit<'a> {
    fn from(commit: &'a block::Commit) -> Self {
        Commit {
            height: Int(commit.height.value()),
            round: commit.round.value(),
            block_id: BlockId::from(&commit.block_id),
            signatures: commit.signatures.iter().map(Signature::from).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Signature<'a> {
    block_id_flag: u8,
    validator_address: Hex<&'a [u8]>,
    timestamp: VoteTime,
    signature: B64OrNull<&'a [u8]>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum VoteTime {
    Voted(Rfc3339),
    Never(&'static str),
}

impl<'a> From<&'a CommitSig> for Signature<'a> {
    fn from(vote: &'a CommitSig) -> Self {
        const ABSENT: u8 = 1;
        const COMMIT: u8 = 2;
        const NIL: u8 = 3;
        match vote {
            CommitSig::BlockIdFlagAbsent => Signature {
                block_id_flag: ABSENT,
                validator_address: Hex(&[]),
                timestamp: VoteTime::Never(ZERO_TIME),
                signature: B64OrNull(&[]),
            },
            CommitSig::BlockIdFlagCommit { validator_address, timestamp, signature } => {
                Self::cast(COMMIT, validator_address.as_bytes(), *timestamp, signature)
            }
            CommitSig::BlockIdFlagNil { validator_address, timestamp, signature } => {
                Self::cast(NIL, validator_address.as_bytes(), *timestamp, signature)
            }
        }
    }
}

impl<'a> Signature<'a> {
    fn cast(
        flag: u8,
        address: &'a [u8],
        time: Time,
        signature: &'a Option<tendermint::Signature>,
    ) -> Self {
        Signature {
            block_id_flag: flag,
            validator_address: Hex(address),
            timestamp: VoteTime::Voted(Rfc3339(time)),
            signature: B64OrNull(signature.as_ref().map_or(&[], |bytes| bytes.as_bytes())),
        }
    }
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    txs: Vec<B64<&'a [u8]>>,
}

/// Evidence of misbehaving validators. A solo chain has none, and a block that holds some is refused on the way out
/// (see [`BlockWithId::new`]) rather than shown without it.
#[derive(Debug, Serialize)]
struct EvidenceList {
    evidence: [(); 0],
}

#[derive(Debug, Serialize)]
struct Block<'a> {
    header: Header<'a>,
    data: Data<'a>,
    evidence: EvidenceList,
    last_commit: Commit<'a>,
}

/// Answer of `block` and `block_by_hash`.
#[derive(Debug, Serialize)]
pub(crate) struct BlockWithId<'a> {
    block_id: BlockId<'a>,
    block: Option<Block<'a>>,
}

impl BlockWithId<'static> {
    /// What `block_by_hash` says of a hash that it does not know.
    pub const UNKNOWN: BlockWithId<'static> = BlockWithId { block_id: NO_BLOCK_ID, block: None };
}

impl<'a> BlockWithId<'a> {
    /// # Errors
    /// A block with evidence, which this dialect writer has no form for.
    pub fn new(answer: &'a BlockAnswer) -> Result<Self, RpcError> {
        let block = &answer.block;
        let evidence: &[Evidence] = block.evidence.as_ref();
        if !evidence.is_empty() {
            return Err(RpcError::internal(
                "the block holds evidence, which has no JSON form here",
            ));
        }
        Ok(BlockWithId {
            block_id: BlockId::from(&answer.id),
            block: Some(Block {
                header: Header::from(&block.header),
                data: Data { txs: block.data.iter().map(|tx| B64(tx.as_slice())).collect() },
                evidence: EvidenceList { evidence: [] },
                last_commit: block.last_commit.as_ref().map_or(NO_COMMIT, Commit::from),
            }),
        })
    }
}

/// Answer of `header` and `header_by_hash`; null where the hash is unknown.
#[derive(Debug, Serialize)]
pub(crate) struct HeaderOnly<'a> {
    pub header: Option<Header<'a>>,
}

/// Answer of `commit`.
#[derive(Debug, Serialize)]
pub(crate) struct SignedHeader<'a> {
    signed_header: HeaderAndCommit<'a>,
    canonical: bool,
}

#[derive(Debug, Serialize)]
struct HeaderAndCommit<'a> {
    header: Header<'a>,
    commit: Commit<'a>,
}

impl<'a> From<&'a CommitAnswer> for SignedHeader<'a> {
    fn from(answer: &'a CommitAnswer) -> Self {
        SignedHeader {
            signed_header: HeaderAndCommit {
                header: Header::from(&answer.signed_header.header),
                commit: Commit::from(&answer.signed_header.commit),
            },
            canonical: answer.canonical,
        }
    }
}

#[derive(Debug, Serialize)]
struct Meta<'a> {
    block_id: BlockId<'a>,
    block_size: Int<u64>,
    header: Header<'a>,
    num_txs: Int<u64>,
}

impl<'a> From<&'a BlockMeta> for Meta<'a> {
    fn from(meta: &'a BlockMeta) -> Self {
        Meta {
            block_id: BlockId::from(&meta.id),
            block_size: Int(meta.size),
            header: Header::from(&meta.header),
            num_txs: Int(meta.num_txs),
        }
    }
}

/// Answer of `blockchain`.
#[derive(Debug, Serialize)]
pub(crate) struct Metas<'a> {
    last_height: Int<u64>,
    block_metas: Vec<Meta<'a>>,
}

impl<'a> From<&'a Blockchain> for Metas<'a> {
    fn from(answer: &'a Blockchain) -> Self {
        Metas {
            last_height: Int(answer.last_height),
            block_metas: answer.metas.iter().map(Meta::from).collect(),
        }
    }
}

/// Answer of `block_search`.
#[derive(Debug, Serialize)]
pub(crate) struct Blocks<'a> {
    blocks: Vec<BlockWithId<'a>>,
    total_count: Int<u64>,
}

impl<'a> Blocks<'a> {
    /// # Errors
    /// As [`BlockWithId::new`].
    pub fn new(answer: &'a BlockSearch) -> Result<Self, RpcError> {
        let blocks = answer.blocks.iter().map(BlockWithId::new);
        Ok(Blocks { blocks: blocks.collect::<Result<_, _>>()?, total_count: Int(answer.total) })
    }
}
