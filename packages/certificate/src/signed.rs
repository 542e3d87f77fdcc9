//! The header and its commit: as the file has them, and as the stock verifier takes them.
//!
//! The file has integers and hex only, and nothing that follows from something else: the hash that was signed is that of
//! the header, and the signatures stand in the order of the validators. So there is little that could be spelled in
//! two ways, and nothing hostile reaches the readers of other formats.

use serde::{Deserialize, Serialize};
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{self, parts, CommitSig};
use tendermint::{account, validator, AppHash, Hash, Signature, Time};

use crate::bytes::Hex;
use crate::fault::Fault;

/// Bytes of a chain id at the most, as CometBFT bounds them.
const CHAIN_ID_MAX: usize = 50;

/// A header of CometBFT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the block format.
    pub block_version: u64,
    /// Version of the application.
    pub app_version: u64,
    /// The chain.
    pub chain_id: String,
    /// Its height: the state's and one.
    pub height: u64,
    /// Its time.
    pub time: Moment,
    /// The block before; none for the first.
    pub last_block: Option<BlockId>,
    /// Hash of the commit of the block before; empty where there is none, as all hashes that may be.
    pub last_commit_hash: Hex,
    /// Hash of the transactions.
    pub data_hash: Hex,
    /// Hash of the validators of this header.
    pub validators_hash: Hex,
    /// Hash of the validators of the next one.
    pub next_validators_hash: Hex,
    /// Hash of the consensus parameters.
    pub consensus_hash: Hex,
    /// Root of the state after the block before.
    pub app_hash: Hex,
    /// Hash of the results of the block before.
    pub last_results_hash: Hex,
    /// Hash of the evidence.
    pub evidence_hash: Hex,
    /// Who proposed the block: an address of 20 bytes.
    pub proposer: Hex,
}

/// A moment, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// And nanoseconds.
    pub nanos: u32,
}

/// What names a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockId {
    /// Hash of its header.
    pub hash: Hex,
    /// Number of its parts.
    pub parts: u32,
    /// Hash of its parts.
    pub parts_hash: Hex,
}

/// The signatures under a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// The round in which it was decided.
    pub round: u32,
    /// Number of the block's parts.
    pub parts: u32,
    /// Hash of the block's parts.
    pub parts_hash: Hex,
    /// One place for each validator, in their order.
    pub signatures: Vec<Option<Vote>>,
}

/// A validator's vote for the header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// When it was signed.
    pub time: Moment,
    /// The signature.
    pub signature: Hex,
}

impl From<Time> for Moment {
    fn from(time: Time) -> Self {
        let nanos = time.unix_timestamp_nanos().rem_euclid(1_000_000_000);
        Self { seconds: time.unix_timestamp(), nanos: u32::try_from(nanos).unwrap_or_default() }
    }
}

impl Moment {
    fn time(self) -> Option<Time> {
        Time::from_unix_timestamp(self.seconds, self.nanos).ok()
    }
}

fn hash(hex: &Hex) -> Option<Hash> {
    <[u8; 32]>::try_from(hex.0.as_slice()).ok().map(Hash::Sha256)
}

/// A hash that may be empty.
fn maybe_hash(hex: &Hex) -> Option<Option<Hash>> {
    if hex.0.is_empty() {
        return Some(None);
    }
    hash(hex).map(Some)
}

fn from_hash(hash: Hash) -> Hex {
    Hex(hash.as_bytes().to_vec())
}

fn from_maybe(hash: Option<Hash>) -> Hex {
    hash.map(from_hash).unwrap_or_default()
}

impl Header {
    /// From the header of a node.
    pub fn from_stock(header: &block::Header) -> Self {
        Self {
            block_version: header.version.block,
            app_version: header.version.app,
            chain_id: header.chain_id.to_string(),
            height: header.height.value(),
            time: header.time.into(),
            last_block: header.last_block_id.map(|id| BlockId {
                hash: from_hash(id.hash),
                parts: id.part_set_header.total,
                parts_hash: from_hash(id.part_set_header.hash),
            }),
            last_commit_hash: from_maybe(header.last_commit_hash),
            data_hash: from_maybe(header.data_hash),
            validators_hash: from_hash(header.validators_hash),
            next_validators_hash: from_hash(header.next_validators_hash),
            consensus_hash: from_hash(header.consensus_hash),
            app_hash: Hex(header.app_hash.as_bytes().to_vec()),
            last_results_hash: from_maybe(header.last_results_hash),
            evidence_hash: from_maybe(header.evidence_hash),
            proposer: Hex(header.proposer_address.as_bytes().to_vec()),
        }
    }

    /// As the stock verifier takes it.
    ///
    /// # Errors
    /// [`Fault::BadHeader`] with the field that cannot be.
    pub fn stock(&self) -> Result<block::Header, Fault> {
        let bad = |field: &str| Fault::BadHeader(field.into());
        if self.chain_id.len() > CHAIN_ID_MAX {
            return Err(bad("chain_id"));
        }
        let last_block_id = match &self.last_block {
            None => None,
            Some(id) => Some(block::Id {
                hash: hash(&id.hash).ok_or_else(|| bad("last_block"))?,
                part_set_header: part_set(id.parts, &id.parts_hash)
                    .ok_or_else(|| bad("last_block"))?,
            }),
        };
        let needed = |field: &str, hex: &Hex| hash(hex).ok_or_else(|| bad(field));
        let optional = |field: &str, hex: &Hex| maybe_hash(hex).ok_or_else(|| bad(field));
        let proposer =
            <[u8; 20]>::try_from(self.proposer.0.as_slice()).map_err(|_| bad("proposer"))?;
        Ok(block::Header {
            version: block::header::Version { block: self.block_version, app: self.app_version },
            chain_id: self.chain_id.parse().map_err(|_| bad("chain_id"))?,
            height: self.height.try_into().map_err(|_| bad("height"))?,
            time: self.time.time().ok_or_else(|| bad("time"))?,
            last_block_id,
            last_commit_hash: optional("last_commit_hash", &self.last_commit_hash)?,
            data_hash: optional("data_hash", &self.data_hash)?,
            validators_hash: needed("validators_hash", &self.validators_hash)?,
            next_validators_hash: needed("next_validators_hash", &self.next_validators_hash)?,
            consensus_hash: needed("consensus_hash", &self.consensus_hash)?,
            app_hash: AppHash::try_from(self.app_hash.0.clone()).map_err(|_| bad("app_hash"))?,
            last_results_hash: optional("last_results_hash", &self.last_results_hash)?,
            evidence_hash: optional("evidence_hash", &self.evidence_hash)?,
            proposer_address: account::Id::new(proposer),
        })
    }
}

fn part_set(total: u32, hex: &Hex) -> Option<parts::Header> {
    parts::Header::new(total, hash(hex)?).ok()
}

impl Commit {
    /// From the commit of a node: votes for the header only, in the order of the validators.
    pub fn from_stock(commit: &block::Commit) -> Self {
        let vote = |one: &CommitSig| match one {
            CommitSig::BlockIdFlagCommit { timestamp, signature: Some(signature), .. } => {
                Some(Vote {
                    time: (*timestamp).into(),
                    signature: Hex(signature.as_bytes().to_vec()),
                })
            }
            _ => None,
        };
        Self {
            round: commit.round.value(),
            parts: commit.block_id.part_set_header.total,
            parts_hash: from_hash(commit.block_id.part_set_header.hash),
            signatures: commit.signatures.iter().map(vote).collect(),
        }
    }
}

/// Header and commit as the stock verifier takes them.
///
/// # Errors
/// [`Fault::BadHeader`], [`Fault::CommitMalformed`].
pub(crate) fn stock(
    header: &Header,
    commit: &Commit,
    set: &validator::Set,
) -> Result<SignedHeader, Fault> {
    let malformed = |what: String| Fault::CommitMalformed(what);
    let header = header.stock()?;
    let (found, wanted) = (commit.signatures.len(), set.validators().len());
    if found != wanted {
        return Err(malformed(format!("{found} places for {wanted} validators")));
    }
    let mut signatures = vec![];
    for (place, (vote, validator)) in commit.signatures.iter().zip(set.validators()).enumerate() {
        signatures.push(match vote {
            None => CommitSig::BlockIdFlagAbsent,
            Some(vote) => {
                let signature = Signature::new(&vote.signature.0).ok().flatten();
                let exact = signature.filter(|s| s.as_bytes().len() == SIGNATURE_BYTES);
                let invalid = || Fault::SignatureInvalid(format!("{place} has not 64 bytes"));
                CommitSig::BlockIdFlagCommit {
                    validator_address: validator.address,
                    timestamp: vote.time.time().ok_or_else(|| malformed("time".into()))?,
                    signature: Some(exact.ok_or_else(invalid)?),
                }
            }
        });
    }
    let part_set_header =
        part_set(commit.parts, &commit.parts_hash).ok_or_else(|| malformed("parts".into()))?;
    let round = block::Round::try_from(commit.round).map_err(|_| malformed("round".into()))?;
    let block_id = block::Id { hash: header.hash(), part_set_header };
    let commit = block::Commit { height: header.height, round, block_id, signatures };
    SignedHeader::new(header, commit).map_err(|e| malformed(e.to_string()))
}

const SIGNATURE_BYTES: usize = 64;
