//! Reading stored blocks, from any thread, beside the writer.

use std::sync::Arc;

use parking_lot::RwLock;
use prost::Message;
use suyuan_core::{Event, Hash32, HostFault, Hosted};
use tendermint::block::{Block, Commit, Header};
use tendermint::consensus;

use super::index::{LogIndex, RecordSpot, TxSpot};
use super::record::{decode_result, Piece, RecordHead, Span, TxRow, HEAD_LEN, ROW_LEN};
use crate::application::TxOutcome;
use crate::log_file::LogFile;
use crate::tmtypes::{decode_block, decode_commit, decode_header};

/// A cheap handle that reads the log.
#[derive(Clone, Debug)]
pub struct BlockReader {
    pub(super) file: Arc<dyn LogFile>,
    pub(super) index: Arc<RwLock<LogIndex>>,
}

/// One stored block: its head is read, everything else on request.
#[derive(Clone, Debug)]
pub struct StoredBlock {
    file: Arc<dyn LogFile>,
    spot: RecordSpot,
    height: u64,
    head: RecordHead,
}

/// One stored transaction.
#[derive(Clone, Debug)]
pub struct StoredTx {
    /// SHA-256 of the bytes.
    pub hash: Hash32,
    /// Position.
    pub spot: TxSpot,
    /// Bytes.
    pub tx: Vec<u8>,
    /// What its execution did.
    pub result: TxOutcome,
}

impl BlockReader {
    /// First and last height in the log; `None` if it is empty. The last one may not be published yet.
    pub fn heights(&self) -> Option<(u64, u64)> {
        let index = self.index.read();
        (index.tip() > 0).then(|| (index.base(), index.tip()))
    }

    /// Number of transactions of a height, from memory; 0 if the log does not hold it.
    pub fn tx_count(&self, height: u64) -> u32 {
        self.index.read().record(height).map_or(0, |spot| spot.tx_count)
    }

    /// Numbers of transactions of the heights in `range` that the log holds, from memory.
    pub fn tx_counts(&self, range: std::ops::RangeInclusive<u64>) -> Vec<(u64, u32)> {
        let index = self.index.read();
        range.map_while(|height| Some((height, index.record(height)?.tx_count))).collect()
    }

    /// The block of a height, if the log holds it.
    pub fn block(&self, height: u64) -> Hosted<Option<StoredBlock>> {
        let Some(spot) = self.index.read().record(height) else { return Ok(None) };
        let mut bytes = [0u8; HEAD_LEN];
        read(self.file.as_ref(), &mut bytes, spot.payload_at)?;
        let head = RecordHead::decode(&bytes)
            .filter(|h| h.fits(spot.payload_len))
            .ok_or_else(|| damaged(height))?;
        Ok(Some(StoredBlock { file: self.file.clone(), spot, height, head }))
    }

    /// The block with this hash, if its height is at most `tip`.
    pub fn block_by_hash(&self, hash: &Hash32, tip: u64) -> Hosted<Option<StoredBlock>> {
        let heights = self.index.read().blocks(hash);
        for height in heights.into_iter().filter(|h| *h <= tip) {
            if let Some(block) = self.block(height)? {
                if block.head.id.hash == tendermint::Hash::Sha256(*hash) {
                    return Ok(Some(block));
                }
            }
        }
        Ok(None)
    }

    /// The transaction with this hash up to height `tip`: the last one that succeeded, else the last one.
    pub fn tx(&self, hash: &Hash32, tip: u64) -> Hosted<Option<StoredTx>> {
        let spots = self.index.read().txs(hash);
        let mut best: Option<StoredTx> = None;
        for spot in spots.into_iter().filter(|s| s.height <= tip) {
            let Some(block) = self.block(spot.height)? else { continue };
            let Some(found) = block.tx_if(spot.index, Some(hash))? else { continue };
            if found.result.code == 0 || best.as_ref().is_none_or(|b| b.result.code != 0) {
                best = Some(found);
            }
        }
        Ok(best)
    }
}

impl StoredBlock {
    /// Height.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// The fixed head.
    pub fn head(&self) -> &RecordHead {
        &self.head
    }

    /// Bytes of the encoded block.
    pub fn size(&self) -> u64 {
        u64::from(self.head.span(Piece::Block).len)
    }

    /// The encoded block.
    pub fn block_bytes(&self) -> Hosted<Vec<u8>> {
        self.piece(Piece::Block)
    }

    /// The whole block.
    pub fn block(&self) -> Hosted<Block> {
        decode_block(&self.piece(Piece::Block)?)
    }

    /// The header alone.
    pub fn header(&self) -> Hosted<Header> {
        decode_header(&self.piece(Piece::Header)?)
    }

    /// The last commit inside of this block, for the block before. Must not be asked of the first block.
    pub fn last_commit(&self) -> Hosted<Commit> {
        decode_commit(&self.piece(Piece::LastCommit)?)
    }

    /// The commit made for this block when it was made.
    pub fn seen_commit(&self) -> Hosted<Commit> {
        decode_commit(&self.piece(Piece::SeenCommit)?)
    }

    /// Consensus parameters at this height.
    pub fn params(&self) -> Hosted<consensus::Params> {
        let raw = tendermint_proto::v0_38::types::ConsensusParams::decode(
            self.piece(Piece::Params)?.as_slice(),
        )
        .map_err(|_| damaged(self.height))?;
        consensus::Params::try_from(raw).map_err(|_| damaged(self.height))
    }

    /// Events of the block itself.
    pub fn events(&self) -> Hosted<Vec<Event>> {
        Ok(decode_result(&self.piece(Piece::Events)?)?.events)
    }

    /// Hashes of the transactions.
    pub fn tx_hashes(&self) -> Hosted<Vec<Hash32>> {
        Ok(self.rows()?.into_iter().map(|r| r.hash).collect())
    }

    /// Results of the transactions.
    pub fn results(&self) -> Hosted<Vec<TxOutcome>> {
        let base = self.head.span(Piece::Results).at;
        let bytes = self.piece(Piece::Results)?;
        let result = |row: TxRow| {
            let from =
                row.result.at.checked_sub(base).ok_or_else(|| damaged(self.height))? as usize;
            let to =
                from.checked_add(row.result.len as usize).ok_or_else(|| damaged(self.height))?;
            decode_result(bytes.get(from..to).ok_or_else(|| damaged(self.height))?)
        };
        self.rows()?.into_iter().map(result).collect()
    }

    /// One transaction with its result; `None` beyond the last.
    pub fn tx(&self, index: u32) -> Hosted<Option<StoredTx>> {
        self.tx_if(index, None)
    }

    fn tx_if(&self, index: u32, hash: Option<&Hash32>) -> Hosted<Option<StoredTx>> {
        if index >= self.head.tx_count {
            return Ok(None);
        }
        let at = u64::from(self.head.span(Piece::Rows).at) + u64::from(index) * ROW_LEN as u64;
        let mut bytes = [0u8; ROW_LEN];
        read(self.file.as_ref(), &mut bytes, self.spot.payload_at + at)?;
        let row = TxRow::decode(&bytes).ok_or_else(|| damaged(self.height))?;
        if hash.is_some_and(|h| *h != row.hash) {
            return Ok(None);
        }
        let tx = self.bytes(row.tx)?;
        let result = self.bytes(row.result)?;
        if suyuan_core::sha256(&tx) != row.hash || crc32fast::hash(&result) != row.result.crc {
            return Err(damaged(self.height));
        }
        let spot = TxSpot { height: self.height, index };
        Ok(Some(StoredTx { hash: row.hash, spot, tx, result: decode_result(&result)? }))
    }

    fn rows(&self) -> Hosted<Vec<TxRow>> {
        let bytes = self.piece(Piece::Rows)?;
        bytes
            .chunks_exact(ROW_LEN)
            .map(|row| TxRow::decode(row).ok_or_else(|| damaged(self.height)))
            .collect()
    }

    fn piece(&self, piece: Piece) -> Hosted<Vec<u8>> {
        let span = self.head.span(piece);
        let bytes = self.bytes(span)?;
        if crc32fast::hash(&bytes) != span.crc {
            return Err(damaged(self.height));
        }
        Ok(bytes)
    }

    fn bytes(&self, span: Span) -> Hosted<Vec<u8>> {
        if u64::from(span.at) + u64::from(span.len) > self.spot.payload_len {
            return Err(damaged(self.height));
        }
        let mut bytes = vec![0u8; span.len as usize];
        read(self.file.as_ref(), &mut bytes, self.spot.payload_at + u64::from(span.at))?;
        Ok(bytes)
    }
}

pub(super) fn read(file: &dyn LogFile, buf: &mut [u8], at: u64) -> Hosted<()> {
    file.read_exact_at(buf, at).map_err(|e| HostFault::new(format!("block log: read at {at}: {e}")))
}

pub(super) fn damaged(height: u64) -> HostFault {
    HostFault::new(format!("block log: the record of height {height} is damaged"))
}
