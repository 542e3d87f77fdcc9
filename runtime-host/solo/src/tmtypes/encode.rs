//! The one encoding of a block, written once and used for the part set, the log and readers.

use std::ops::Range;

use prost::encoding::{encode_varint, encoded_len_varint};
use prost::Message;
use suyuan_core::{HostFault, Hosted};
use tendermint::block::{self, Block, Commit, Header};
use tendermint_proto::v0_38::types as pb;

/// Bytes of a block part.
pub const BLOCK_PART_SIZE: usize = 65_536;

const TAG_HEADER: u8 = 0x0a;
const TAG_DATA: u8 = 0x12;
const TAG_EVIDENCE: u8 = 0x1a;
const TAG_LAST_COMMIT: u8 = 0x22;
const TAG_TX: u8 = 0x0a;

/// A block in protobuf with the places of its pieces, so that readers fetch a header or a transaction alone.
#[derive(Clone, Debug)]
pub struct EncodedBlock {
    /// The whole block.
    pub bytes: Vec<u8>,
    /// The header message.
    pub header: Range<usize>,
    /// The last commit message.
    pub last_commit: Range<usize>,
    /// Each transaction.
    pub txs: Vec<Range<usize>>,
}

/// Bytes that `tx` takes inside of a block.
pub fn tx_len_in_block(tx: &[u8]) -> usize {
    1 + encoded_len_varint(tx.len() as u64) + tx.len()
}

/// Encodes a block as CometBFT does. The crate's own conversion drops `last_block_id` and `last_commit` of the first
/// block, which Go writes as empty messages: its part set hash would be wrong.
pub fn encode_block<T: AsRef<[u8]>>(
    header: &Header,
    txs: &[T],
    last_commit: Option<&Commit>,
) -> EncodedBlock {
    let header = raw_header(header).encode_to_vec();
    let commit = raw_commit(last_commit).encode_to_vec();
    let data_len: usize = txs.iter().map(|tx| tx_len_in_block(tx.as_ref())).sum();
    let mut bytes = Vec::with_capacity(header.len() + commit.len() + data_len + 64);
    let header = put(&mut bytes, TAG_HEADER, &header);
    bytes.push(TAG_DATA);
    encode_varint(data_len as u64, &mut bytes);
    let txs = txs.iter().map(|tx| put(&mut bytes, TAG_TX, tx.as_ref())).collect();
    put(&mut bytes, TAG_EVIDENCE, &[]);
    let last_commit = put(&mut bytes, TAG_LAST_COMMIT, &commit);
    EncodedBlock { bytes, header, last_commit, txs }
}

/// Decodes a block.
pub fn decode_block(bytes: &[u8]) -> Hosted<Block> {
    let raw = pb::Block::decode(bytes)
        .map_err(|e| HostFault::new(format!("a stored block does not decode: {e}")))?;
    Block::try_from(raw).map_err(|e| HostFault::new(format!("a stored block is malformed: {e}")))
}

/// Decodes a header.
pub fn decode_header(bytes: &[u8]) -> Hosted<Header> {
    let raw = pb::Header::decode(bytes)
        .map_err(|e| HostFault::new(format!("a stored header does not decode: {e}")))?;
    Header::try_from(raw).map_err(|e| HostFault::new(format!("a stored header is malformed: {e}")))
}

/// Decodes a commit.
pub fn decode_commit(bytes: &[u8]) -> Hosted<Commit> {
    let raw = pb::Commit::decode(bytes)
        .map_err(|e| HostFault::new(format!("a stored commit does not decode: {e}")))?;
    Commit::try_from(raw).map_err(|e| HostFault::new(format!("a stored commit is malformed: {e}")))
}

/// Encodes a commit.
pub fn encode_commit(commit: &Commit) -> Vec<u8> {
    raw_commit(Some(commit)).encode_to_vec()
}

fn raw_header(header: &Header) -> pb::Header {
    let mut raw = pb::Header::from(header.clone());
    raw.last_block_id = Some(header.last_block_id.unwrap_or_default().into());
    raw
}

fn raw_commit(commit: Option<&Commit>) -> pb::Commit {
    match commit {
        Some(commit) => commit.clone().into(),
        None => pb::Commit { block_id: Some(block::Id::default().into()), ..pb::Commit::default() },
    }
}

fn put(out: &mut Vec<u8>, tag: u8, message: &[u8]) -> Range<usize> {
    out.push(tag);
    encode_varint(message.len() as u64, out);
    let start = out.len();
    out.extend_from_slice(message);
    start..out.len()
}
