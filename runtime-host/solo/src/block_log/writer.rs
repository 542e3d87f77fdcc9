//! Opening, checking, repairing and appending to the log.

use std::sync::Arc;

use parking_lot::RwLock;
use rand::RngCore;
use sha2::{Digest, Sha256};
use suyuan_core::{sha256_parts, Hash32, HostFault, Hosted};

use super::frame::{
    find_magic, FileHeader, Frame, LogIdentity, FILE_HEADER_LEN, FRAME_LEN, TRAILER_LEN,
};
use super::index::{add_record, LogIndex, RecordSpot};
use super::reader::{damaged, read, BlockReader};
use super::record::{BlockRecord, Piece, RecordHead, TxRow, ROW_LEN};
use crate::log_file::LogFile;
use crate::tmtypes::hash32;

/// Least and most bytes by which the file grows ahead of its records; in between, a sixteenth of its length.
const GROWTH_MIN: u64 = 64 << 10;
const GROWTH_MAX: u64 = 4 << 20;
/// Bytes read at once when a tail is examined.
const TAIL_CHUNK: usize = 1 << 20;

/// What opening found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Blocks in the log.
    pub blocks: u64,
    /// Bytes up to the end of the last record.
    pub bytes: u64,
    /// Bytes of an incomplete append that were cut off; it was never answered for.
    pub torn_bytes: u64,
}

/// The log as its one writer sees it.
#[derive(Debug)]
pub struct BlockLog {
    file: Arc<dyn LogFile>,
    index: Arc<RwLock<LogIndex>>,
    header: FileHeader,
    end: u64,
    file_len: u64,
    prev: Hash32,
    read_only: bool,
    broken: bool,
}

impl BlockLog {
    /// Opens a log for writing: creates it if the file is empty, verifies every record, cuts off an incomplete append.
    pub fn open(file: Arc<dyn LogFile>, identity: &LogIdentity) -> Hosted<(BlockLog, OpenReport)> {
        if !has_content(file.as_ref())? {
            create(file.as_ref(), identity)?;
        }
        let mut log = BlockLog::attach(file, &identity.genesis, false)?;
        if log.header.identity.validator != identity.validator {
            return Err(HostFault::new(
                "block log: its blocks are signed by another validator key",
            ));
        }
        let (report, last) = log.scan()?;
        if report.torn_bytes > 0 {
            tracing::warn!(
                bytes = report.torn_bytes,
                "an incomplete append at the end of the block log is cut off"
            );
            log.file.set_len(log.end).map_err(|e| fault("cut", &e))?;
            log.file_len = log.end;
        }
        if let Some(record) = last {
            // A failed sync of an earlier process may have left the last record in memory only and marked clean:
            // writing it again makes the sync below mean what it says.
            log.file
                .write_all_at(&record, log.end - record.len() as u64)
                .map_err(|e| fault("write", &e))?;
        }
        log.file.sync().map_err(|e| fault("sync", &e))?;
        Ok((log, report))
    }

    /// Opens a log that another process may be writing: verifies every record and stops before an incomplete one.
    pub fn open_read_only(
        file: Arc<dyn LogFile>,
        genesis: &Hash32,
    ) -> Hosted<(BlockLog, OpenReport)> {
        let mut log = BlockLog::attach(file, genesis, true)?;
        let (report, _) = log.scan()?;
        Ok((log, report))
    }

    /// ed25519 public key of the validator whose blocks the log holds.
    pub fn validator(&self) -> [u8; 32] {
        self.header.identity.validator
    }

    /// A handle that reads.
    pub fn reader(&self) -> BlockReader {
        BlockReader { file: self.file.clone(), index: self.index.clone() }
    }

    /// Appends a block and returns when it is on stable storage. After an error nothing more is ever appended.
    pub fn append(&mut self, record: &BlockRecord<'_>) -> Hosted<()> {
        if self.broken || self.read_only {
            return Err(HostFault::new("block log: not writable after a failure or by a reader"));
        }
        self.broken = true;
        let payload = record.encode()?;
        let frame =
            Frame { payload_len: payload.len() as u64, height: record.height, prev: self.prev };
        let frame_bytes = frame.encode(&self.header.salt);
        let hash = sha256_parts(&[&frame_bytes, &payload]);
        let payload_at = self.end + FRAME_LEN as u64;
        let hash_at = payload_at + frame.payload_len;
        let end = hash_at + TRAILER_LEN as u64;
        self.write(&frame_bytes, self.end)?;
        self.write(&payload, payload_at)?;
        self.write(&hash, hash_at)?;
        self.grow(end)?;
        self.file.sync().map_err(|e| fault("sync", &e))?;
        let tx_count = u32::try_from(record.tx_hashes.len()).unwrap_or(u32::MAX);
        let spot = RecordSpot { payload_at, payload_len: frame.payload_len, tx_count };
        add_record(&self.index, record.height, spot, &hash32(&record.id.hash), record.tx_hashes)?;
        self.end = end;
        self.prev = hash;
        self.broken = false;
        Ok(())
    }

    fn attach(file: Arc<dyn LogFile>, genesis: &Hash32, read_only: bool) -> Hosted<BlockLog> {
        let file_len = file.len().map_err(|e| fault("length", &e))?;
        let mut bytes = [0u8; FILE_HEADER_LEN];
        if file_len >= FILE_HEADER_LEN as u64 {
            read(file.as_ref(), &mut bytes, 0)?;
        }
        let header = FileHeader::decode(&bytes)?.ok_or_else(|| {
            HostFault::new("block log: the header of the file is damaged, or it is no block log")
        })?;
        if header.identity.genesis != *genesis {
            return Err(HostFault::new("block log: it belongs to a chain with another genesis"));
        }
        let index = Arc::new(RwLock::new(LogIndex::default()));
        let (end, prev) = (FILE_HEADER_LEN as u64, header.chain_start());
        Ok(BlockLog { file, index, header, end, file_len, prev, read_only, broken: false })
    }

    /// Reads all records into the index. Returns the bytes of the last one.
    fn scan(&mut self) -> Hosted<(OpenReport, Option<Vec<u8>>)> {
        let mut last: Option<Vec<u8>> = None;
        let mut buffer = Vec::new();
        let torn_bytes = loop {
            while self.scan_record(&mut buffer)? {
                std::mem::swap(last.get_or_insert_default(), &mut buffer);
            }
            match self.examine_tail() {
                // A writer of another process may have completed records between the two looks.
                Err(_) if self.read_only && self.scan_record(&mut buffer)? => {
                    std::mem::swap(last.get_or_insert_default(), &mut buffer);
                }
                examined => break examined?,
            }
        };
        let index = self.index.read();
        let blocks = if index.tip() == 0 { 0 } else { index.tip() - index.base() + 1 };
        Ok((OpenReport { blocks, bytes: self.end, torn_bytes }, last))
    }

    /// Reads the record at the end reached so far into `buffer`; false if there is no whole one.
    fn scan_record(&mut self, buffer: &mut Vec<u8>) -> Hosted<bool> {
        let Some(frame) = self.frame_at(self.end)? else { return Ok(false) };
        let len = frame.record_len();
        if self.end + len > self.file_len {
            return Ok(false);
        }
        buffer.resize(usize::try_from(len).map_err(|_| damaged(frame.height))?, 0);
        read(self.file.as_ref(), buffer, self.end)?;
        let (body, stored) = buffer.split_at(buffer.len() - TRAILER_LEN);
        let hash: Hash32 = Sha256::digest(body).into();
        if hash != *stored {
            return Ok(false);
        }
        // From here on the record is whole: anything odd is damage or a stranger's record, not a torn write.
        if frame.prev != self.prev {
            return Err(HostFault::new(format!(
                "block log: the record of height {} does not follow the one before it",
                frame.height
            )));
        }
        let payload = &body[FRAME_LEN..];
        let head = RecordHead::decode(payload)
            .filter(|h| h.fits(payload.len() as u64))
            .ok_or_else(|| damaged(frame.height))?;
        let rows = head.span(Piece::Rows);
        let rows = &payload[rows.at as usize..(rows.at + rows.len) as usize];
        let hashes: Option<Vec<Hash32>> =
            rows.chunks_exact(ROW_LEN).map(|row| TxRow::decode(row).map(|r| r.hash)).collect();
        let hashes = hashes.ok_or_else(|| damaged(frame.height))?;
        let payload_at = self.end + FRAME_LEN as u64;
        let spot =
            RecordSpot { payload_at, payload_len: frame.payload_len, tx_count: head.tx_count };
        add_record(&self.index, frame.height, spot, &hash32(&head.id.hash), &hashes)?;
        self.end += len;
        self.prev = hash;
        Ok(true)
    }

    fn frame_at(&self, at: u64) -> Hosted<Option<Frame>> {
        if at + FRAME_LEN as u64 > self.file_len {
            return Ok(None);
        }
        let mut bytes = [0u8; FRAME_LEN];
        read(self.file.as_ref(), &mut bytes, at)?;
        Ok(Frame::decode(&self.header.salt, &bytes))
    }

    /// What stands behind the last whole record: zeros (0 is returned), an incomplete append (its bytes are counted),
    /// or a further record, which means that the one in between is damaged.
    fn examine_tail(&self) -> Hosted<u64> {
        let mut used = 0u64;
        let mut at = self.end;
        let mut chunk = vec![0u8; TAIL_CHUNK];
        while at < self.file_len {
            let len = usize::try_from(self.file_len - at).unwrap_or(TAIL_CHUNK).min(TAIL_CHUNK);
            let bytes = &mut chunk[..len];
            read(self.file.as_ref(), bytes, at)?;
            if let Some(last) = bytes.iter().rposition(|b| *b != 0) {
                used = at + last as u64 + 1 - self.end;
                self.refuse_frames(bytes, at)?;
            }
            if len < TAIL_CHUNK {
                break;
            }
            // Chunks overlap, so that no frame is missed at their border.
            at += (TAIL_CHUNK - FRAME_LEN) as u64;
        }
        Ok(used)
    }

    fn refuse_frames(&self, bytes: &[u8], at: u64) -> Hosted<()> {
        let mut from = 0;
        while let Some(found) = find_magic(bytes, from) {
            let frame = Frame::decode(&self.header.salt, &bytes[found..]);
            if let Some(frame) = frame.filter(|_| at + found as u64 > self.end) {
                return Err(HostFault::new(format!(
                    "block log: a record before height {} is damaged at byte {}; the log holds acknowledged blocks \
                     behind the damage, restore it from a copy",
                    frame.height, self.end
                )));
            }
            from = found + 1;
        }
        Ok(())
    }

    fn write(&self, bytes: &[u8], at: u64) -> Hosted<()> {
        self.file.write_all_at(bytes, at).map_err(|e| fault("write", &e))
    }

    /// Fills with zeros ahead of the records, so that most syncs find the file's size and blocks unchanged.
    fn grow(&mut self, end: u64) -> Hosted<()> {
        if end <= self.file_len {
            return Ok(());
        }
        let step = (end / 16).clamp(GROWTH_MIN, GROWTH_MAX);
        let target =
            end.div_ceil(GROWTH_MIN).saturating_mul(GROWTH_MIN).saturating_add(step).max(end);
        let zeros =
            usize::try_from(target - end).map_err(|_| HostFault::new("block log: too large"))?;
        self.write(&vec![0u8; zeros], end)?;
        self.file_len = target;
        Ok(())
    }
}

/// Whether the file holds more than the zeros or the part of a header that an interrupted creation leaves.
fn has_content(file: &dyn LogFile) -> Hosted<bool> {
    let len = file.len().map_err(|e| fault("length", &e))?;
    if len > FILE_HEADER_LEN as u64 {
        return Ok(true);
    }
    if len < FILE_HEADER_LEN as u64 {
        return Ok(false);
    }
    let mut bytes = [0u8; FILE_HEADER_LEN];
    read(file, &mut bytes, 0)?;
    // The header is synced before the first record is written, so a torn header means a log without blocks.
    Ok(FileHeader::decode(&bytes)?.is_some())
}

fn create(file: &dyn LogFile, identity: &LogIdentity) -> Hosted<()> {
    let mut header = FileHeader { identity: *identity, salt: [0; 16] };
    rand::rngs::OsRng.fill_bytes(&mut header.salt);
    file.set_len(0).map_err(|e| fault("cut", &e))?;
    file.write_all_at(&header.encode(), 0).map_err(|e| fault("write", &e))?;
    file.sync().map_err(|e| fault("sync", &e))
}

fn fault(what: &str, error: &std::io::Error) -> HostFault {
    HostFault::new(format!("block log: {what} failed: {error}"))
}
