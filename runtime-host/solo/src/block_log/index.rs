//! The index from hashes and heights to places in the log: in memory, rebuilt at open, derived and never believed
//! over the log (every hit is compared with the full hash in the record).
//!
//! Memory: 16 bytes per transaction and 40 per block. Entries are kept in sorted runs that are merged when the newer
//! has grown to the size of the older one, so an insertion costs O(log n) amortised and a lookup a binary search in
//! O(log n) runs. The same runs can later lie on disk.

use std::sync::Arc;

use parking_lot::RwLock;
use suyuan_core::{Hash32, HostFault, Hosted};

const INDEX_BITS: u32 = 24;
/// Most transactions of one block that the index can name.
pub const BLOCK_TXS_HARD_MAX: u64 = 1 << INDEX_BITS;
/// Highest height that the index can name.
pub const HEIGHT_HARD_MAX: u64 = 1 << (64 - INDEX_BITS);
/// Most places looked at for one hash: different hashes with an equal 64-bit prefix, or one transaction in several
/// blocks (all but one failed).
pub const CANDIDATES_MAX: usize = 64;

/// Where a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TxSpot {
    /// Height of the block.
    pub height: u64,
    /// Position in the block.
    pub index: u32,
}

/// Pairs of (hash prefix, number), sorted.
type Run = Vec<(u64, u64)>;

/// A multimap from hash prefixes to numbers. A clone shares the runs.
#[derive(Clone, Debug, Default)]
pub struct PrefixIndex {
    runs: Vec<Arc<Run>>,
}

impl PrefixIndex {
    /// Adds entries of one block.
    pub fn add(&mut self, mut entries: Run) {
        if entries.is_empty() {
            return;
        }
        entries.sort_unstable();
        self.runs.push(Arc::new(entries));
        while let [.., older, newer] = self.runs.as_slice() {
            if newer.len() < older.len() {
                break;
            }
            let newer = self.runs.pop().expect("two runs");
            let older = self.runs.pop().expect("two runs");
            self.runs.push(Arc::new(merge(&older, &newer)));
        }
    }

    /// Values of a prefix in ascending order, at most [`CANDIDATES_MAX`].
    pub fn get(&self, prefix: u64) -> Vec<u64> {
        let mut values = Vec::new();
        for run in &self.runs {
            let from = run.partition_point(|(p, _)| *p < prefix);
            let hits = run[from..].iter().take_while(|(p, _)| *p == prefix).take(CANDIDATES_MAX);
            values.extend(hits.map(|(_, v)| *v));
        }
        values.sort_unstable();
        values.truncate(CANDIDATES_MAX);
        values
    }
}

fn merge(a: &Run, b: &Run) -> Run {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        out.extend(if x <= y { a.next() } else { b.next() });
    }
    out.extend(a);
    out.extend(b);
    out
}

/// Where a record lies in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordSpot {
    /// Offset of the payload.
    pub payload_at: u64,
    /// Bytes of the payload.
    pub payload_len: u64,
    /// Transactions of the block.
    pub tx_count: u32,
}

/// The index of a log.
#[derive(Debug, Default)]
pub struct LogIndex {
    base: u64,
    records: Vec<RecordSpot>,
    blocks: PrefixIndex,
    txs: PrefixIndex,
}

impl LogIndex {
    /// First height; 0 if there is none.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Last height; 0 if there is none.
    pub fn tip(&self) -> u64 {
        match self.records.len() as u64 {
            0 => 0,
            count => self.base + count - 1,
        }
    }

    /// Place of a height.
    pub fn record(&self, height: u64) -> Option<RecordSpot> {
        let at = usize::try_from(height.checked_sub(self.base)?).ok()?;
        self.records.get(at).copied()
    }

    /// Heights whose block hash begins like `hash`.
    pub fn blocks(&self, hash: &Hash32) -> Vec<u64> {
        self.blocks.get(prefix(hash))
    }

    /// Places of transactions whose hash begins like `hash`, oldest first.
    pub fn txs(&self, hash: &Hash32) -> Vec<TxSpot> {
        let spot = |v: u64| TxSpot {
            height: v >> INDEX_BITS,
            index: (v & (BLOCK_TXS_HARD_MAX - 1)) as u32,
        };
        self.txs.get(prefix(hash)).into_iter().map(spot).collect()
    }
}

fn prefix(hash: &Hash32) -> u64 {
    u64::from_be_bytes(hash[..8].try_into().expect("8 bytes"))
}

/// Adds the next record. Called by the one writer; readers are held up for two assignments only, however large the
/// runs are that have to be merged.
pub fn add_record(
    index: &RwLock<LogIndex>,
    height: u64,
    spot: RecordSpot,
    block: &Hash32,
    txs: &[Hash32],
) -> Hosted<()> {
    let (tip, mut block_runs, mut tx_runs) = {
        let index = index.read();
        (index.tip(), index.blocks.clone(), index.txs.clone())
    };
    let follows = tip == 0 || height == tip + 1;
    if !follows
        || height == 0
        || height >= HEIGHT_HARD_MAX
        || txs.len() as u64 >= BLOCK_TXS_HARD_MAX
    {
        return Err(HostFault::new(format!("block log: height {height} cannot follow {tip}")));
    }
    block_runs.add(vec![(prefix(block), height)]);
    let entry = |(i, hash): (usize, &Hash32)| (prefix(hash), (height << INDEX_BITS) | i as u64);
    tx_runs.add(txs.iter().enumerate().map(entry).collect());
    let mut index = index.write();
    if index.records.is_empty() {
        index.base = height;
    }
    index.records.push(spot);
    index.blocks = block_runs;
    index.txs = tx_runs;
    Ok(())
}
