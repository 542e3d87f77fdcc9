//! The payload of a record: a fixed head, a row per transaction, then the pieces they point to.
//!
//! Head and rows make a header, a commit, a transaction or a result readable alone: each piece carries its own
//! checksum, since the record's hash can be verified over the whole only.

use prost::Message;
use suyuan_core::{Attribute, Event, Hash32, HostFault, Hosted};
use tendermint::block::{self, parts, Commit};
use tendermint::consensus;
use tendermint_proto::v0_38::abci as pb;

use super::frame::{le_u32, PAYLOAD_LEN_MAX};
use crate::application::{BlockOutcome, TxOutcome};
use crate::tmtypes::{encode_commit, hash32, EncodedBlock};

/// Pieces of a payload, in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Piece {
    /// One [`TxRow`] per transaction.
    Rows,
    /// The encoded block.
    Block,
    /// The header inside of the block.
    Header,
    /// The last commit inside of the block.
    LastCommit,
    /// The commit for this block.
    SeenCommit,
    /// Consensus parameters.
    Params,
    /// Events of the block itself.
    Events,
    /// Results of the transactions.
    Results,
}

/// Number of pieces.
const PIECES: usize = 8;
const SPAN_LEN: usize = 12;
const HASHES_AT: usize = 8 + PIECES * SPAN_LEN;
const CHECK_AT: usize = HASHES_AT + 4 + 3 * 32;
/// Bytes of the head.
pub const HEAD_LEN: usize = CHECK_AT + 4;
/// Bytes of a row.
pub const ROW_LEN: usize = 32 + 6 * 4;

/// Where a piece lies in the payload, and its checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset in the payload.
    pub at: u32,
    /// Length.
    pub len: u32,
    /// CRC-32 of the bytes.
    pub crc: u32,
}

/// The fixed head of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// Number of transactions.
    pub tx_count: u32,
    /// Id of the block.
    pub id: block::Id,
    /// App hash after the block.
    pub app_hash: Hash32,
    spans: [Span; PIECES],
}

/// Where one transaction and its result lie in the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TxRow {
    /// SHA-256 of the transaction.
    pub hash: Hash32,
    /// The transaction; its hash is its checksum, so `crc` is of the row.
    pub tx: Span,
    /// The result.
    pub result: Span,
}

/// A block with all that came of it, ready to be written.
#[derive(Debug)]
pub struct BlockRecord<'a> {
    /// Height.
    pub height: u64,
    /// Id of the block.
    pub id: block::Id,
    /// The encoded block.
    pub block: &'a EncodedBlock,
    /// Hashes of its transactions.
    pub tx_hashes: &'a [Hash32],
    /// The precommit for it.
    pub seen_commit: &'a Commit,
    /// Consensus parameters at this height.
    pub params: &'a consensus::Params,
    /// What its execution did.
    pub outcome: &'a BlockOutcome,
}

impl BlockRecord<'_> {
    /// The payload.
    pub fn encode(&self) -> Hosted<Vec<u8>> {
        let count = self.tx_hashes.len();
        if self.block.txs.len() != count || self.outcome.tx_results.len() != count {
            return Err(HostFault::new(format!(
                "block {} has {count} transactions but {} results",
                self.height,
                self.outcome.tx_results.len()
            )));
        }
        let mut out = vec![0u8; HEAD_LEN + count * ROW_LEN];
        let mut spans = [Span::default(); PIECES];
        let block_at = out.len();
        out.extend_from_slice(&self.block.bytes);
        spans[Piece::Block as usize] = span(&out, block_at, out.len())?;
        let (header, last) = (&self.block.header, &self.block.last_commit);
        spans[Piece::Header as usize] = span(&out, block_at + header.start, block_at + header.end)?;
        spans[Piece::LastCommit as usize] = span(&out, block_at + last.start, block_at + last.end)?;
        spans[Piece::SeenCommit as usize] = append(&mut out, &encode_commit(self.seen_commit))?;
        let params = tendermint_proto::v0_38::types::ConsensusParams::from(self.params.clone());
        spans[Piece::Params as usize] = append(&mut out, &params.encode_to_vec())?;
        let events =
            pb::ExecTxResult { events: raw_events(&self.outcome.events), ..Default::default() };
        spans[Piece::Events as usize] = append(&mut out, &events.encode_to_vec())?;
        let results_at = out.len();
        for index in 0..count {
            let result =
                append(&mut out, &raw_result(&self.outcome.tx_results[index]).encode_to_vec())?;
            let tx = &self.block.txs[index];
            let tx = Span { at: narrow(block_at + tx.start)?, len: narrow(tx.len())?, crc: 0 };
            let row = TxRow { hash: self.tx_hashes[index], tx, result };
            let at = HEAD_LEN + index * ROW_LEN;
            out[at..at + ROW_LEN].copy_from_slice(&row.encode());
        }
        spans[Piece::Results as usize] = span(&out, results_at, out.len())?;
        spans[Piece::Rows as usize] = span(&out, HEAD_LEN, block_at)?;
        let head = RecordHead {
            tx_count: narrow(count)?,
            id: self.id,
            app_hash: self.outcome.app_hash,
            spans,
        };
        out[..HEAD_LEN].copy_from_slice(&head.encode());
        Ok(out)
    }
}

impl RecordHead {
    /// Where `piece` lies.
    pub fn span(&self, piece: Piece) -> Span {
        self.spans[piece as usize]
    }

    /// Whether a payload of `len` bytes holds every piece.
    pub fn fits(&self, len: u64) -> bool {
        self.spans.iter().all(|s| u64::from(s.at) + u64::from(s.len) <= len)
            && u64::from(self.span(Piece::Rows).len) == u64::from(self.tx_count) * ROW_LEN as u64
    }

    fn encode(&self) -> [u8; HEAD_LEN] {
        let mut out = [0u8; HEAD_LEN];
        out[..4].copy_from_slice(&self.tx_count.to_le_bytes());
        for (i, span) in self.spans.iter().enumerate() {
            span.encode(&mut out[8 + i * SPAN_LEN..8 + (i + 1) * SPAN_LEN]);
        }
        out[HASHES_AT..HASHES_AT + 4].copy_from_slice(&self.id.part_set_header.total.to_le_bytes());
        let hashes = [hash32(&self.id.hash), hash32(&self.id.part_set_header.hash), self.app_hash];
        for (i, hash) in hashes.iter().enumerate() {
            out[HASHES_AT + 4 + i * 32..HASHES_AT + 36 + i * 32].copy_from_slice(hash);
        }
        let crc = crc32fast::hash(&out[..CHECK_AT]);
        out[CHECK_AT..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads a head; `None` if the checksum is wrong.
    pub fn decode(bytes: &[u8]) -> Option<RecordHead> {
        let bytes = bytes.get(..HEAD_LEN)?;
        if crc32fast::hash(&bytes[..CHECK_AT]) != le_u32(bytes, CHECK_AT) {
            return None;
        }
        let hash = |i: usize| -> Hash32 {
            bytes[HASHES_AT + 4 + i * 32..HASHES_AT + 36 + i * 32].try_into().expect("32 bytes")
        };
        let parts =
            parts::Header::new(le_u32(bytes, HASHES_AT), tendermint::Hash::Sha256(hash(1))).ok()?;
        let mut spans = [Span::default(); PIECES];
        for (i, span) in spans.iter_mut().enumerate() {
            *span = Span::decode(bytes, 8 + i * SPAN_LEN);
        }
        Some(RecordHead {
            tx_count: le_u32(bytes, 0),
            id: block::Id { hash: tendermint::Hash::Sha256(hash(0)), part_set_header: parts },
            app_hash: hash(2),
            spans,
        })
    }
}

impl TxRow {
    fn encode(&self) -> [u8; ROW_LEN] {
        let mut out = [0u8; ROW_LEN];
        out[..32].copy_from_slice(&self.hash);
        out[32..36].copy_from_slice(&self.tx.at.to_le_bytes());
        out[36..40].copy_from_slice(&self.tx.len.to_le_bytes());
        self.result.encode(&mut out[40..52]);
        let crc = crc32fast::hash(&out[..52]);
        out[52..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads a row; `None` if the checksum is wrong.
    pub fn decode(bytes: &[u8]) -> Option<TxRow> {
        let bytes = bytes.get(..ROW_LEN)?;
        if crc32fast::hash(&bytes[..52]) != le_u32(bytes, 52) {
            return None;
        }
        Some(TxRow {
            hash: bytes[..32].try_into().expect("32 bytes"),
            tx: Span { at: le_u32(bytes, 32), len: le_u32(bytes, 36), crc: 0 },
            result: Span::decode(bytes, 40),
        })
    }
}

impl Span {
    fn encode(&self, out: &mut [u8]) {
        out[..4].copy_from_slice(&self.at.to_le_bytes());
        out[4..8].copy_from_slice(&self.len.to_le_bytes());
        out[8..12].copy_from_slice(&self.crc.to_le_bytes());
    }

    fn decode(bytes: &[u8], at: usize) -> Span {
        Span { at: le_u32(bytes, at), len: le_u32(bytes, at + 4), crc: le_u32(bytes, at + 8) }
    }
}

fn narrow(n: usize) -> Hosted<u32> {
    u32::try_from(n)
        .ok()
        .filter(|n| u64::from(*n) <= PAYLOAD_LEN_MAX)
        .ok_or_else(|| HostFault::new("a block and its results are too large for the block log"))
}

fn span(out: &[u8], from: usize, to: usize) -> Hosted<Span> {
    Ok(Span { at: narrow(from)?, len: narrow(to - from)?, crc: crc32fast::hash(&out[from..to]) })
}

fn append(out: &mut Vec<u8>, bytes: &[u8]) -> Hosted<Span> {
    let at = out.len();
    out.extend_from_slice(bytes);
    span(out, at, out.len())
}

fn raw_events(events: &[Event]) -> Vec<pb::Event> {
    let raw = |a: &Attribute| pb::EventAttribute {
        key: a.key.clone(),
        value: a.value.clone(),
        index: true,
    };
    events
        .iter()
        .map(|e| pb::Event {
            r#type: e.kind.clone(),
            attributes: e.attributes.iter().map(raw).collect(),
        })
        .collect()
}

fn raw_result(result: &TxOutcome) -> pb::ExecTxResult {
    pb::ExecTxResult {
        code: result.code,
        data: result.data.clone().into(),
        log: result.log.clone(),
        info: String::new(),
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        events: raw_events(&result.events),
        codespace: result.codespace.clone(),
    }
}

/// Decodes a stored result.
pub fn decode_result(bytes: &[u8]) -> Hosted<TxOutcome> {
    let raw = pb::ExecTxResult::decode(bytes)
        .map_err(|e| HostFault::new(format!("block log: a stored result does not decode: {e}")))?;
    let attribute = |a: pb::EventAttribute| Attribute { key: a.key, value: a.value };
    let event = |e: pb::Event| Event {
        kind: e.r#type,
        attributes: e.attributes.into_iter().map(attribute).collect(),
    };
    Ok(TxOutcome {
        code: raw.code,
        codespace: raw.codespace,
        data: raw.data.to_vec(),
        log: raw.log,
        gas_wanted: raw.gas_wanted,
        gas_used: raw.gas_used,
        events: raw.events.into_iter().map(event).collect(),
    })
}
