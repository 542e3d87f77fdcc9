//! A disk that remembers every operation, so that the image after a crash at any of them can be built: with the
//! unsynced writes lost, kept, partly kept, or torn at 512 bytes.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_solo::log_file::LogFile;

const SECTOR: usize = 512;

/// Which file of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Blocks,
    SignState,
}

#[derive(Clone, Debug)]
pub enum Op {
    Write(Which, u64, Vec<u8>),
    SetLen(Which, u64),
    Sync(Which),
    /// The app has committed this height.
    AppCommit(u64),
    /// Somebody was told that this height is there.
    Acked(u64),
}

/// The operations in order.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Op>>>);

impl Journal {
    pub fn note(&self, op: Op) {
        self.0.lock().push(op);
    }

    pub fn ops(&self) -> Vec<Op> {
        self.0.lock().clone()
    }
}

/// A file in memory that writes the journal.
#[derive(Debug)]
pub struct MemFile {
    which: Which,
    bytes: Mutex<Vec<u8>>,
    journal: Journal,
    faults: Arc<Faults>,
}

/// Switches that make operations fail.
#[derive(Debug, Default)]
pub struct Faults {
    pub fail_writes: Mutex<bool>,
    pub fail_syncs: Mutex<bool>,
}

impl MemFile {
    pub fn new(which: Which, bytes: Vec<u8>, journal: &Journal, faults: &Arc<Faults>) -> Self {
        MemFile {
            which,
            bytes: Mutex::new(bytes),
            journal: journal.clone(),
            faults: faults.clone(),
        }
    }

    pub fn quiet(bytes: Vec<u8>) -> Self {
        MemFile::new(Which::Blocks, bytes, &Journal::default(), &Arc::default())
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().clone()
    }
}

impl LogFile for MemFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.lock().len() as u64)
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let bytes = self.bytes.lock();
        let from = offset as usize;
        let part = bytes.get(from..from + buf.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(part);
        Ok(())
    }

    fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()> {
        if *self.faults.fail_writes.lock() {
            return Err(io::Error::other("no space left on device"));
        }
        self.journal.note(Op::Write(self.which, offset, buf.to_vec()));
        write_into(&mut self.bytes.lock(), offset, buf);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.journal.note(Op::SetLen(self.which, len));
        self.bytes.lock().resize(len as usize, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        if *self.faults.fail_syncs.lock() {
            return Err(io::Error::other("input/output error"));
        }
        self.journal.note(Op::Sync(self.which));
        Ok(())
    }
}

fn write_into(bytes: &mut Vec<u8>, offset: u64, buf: &[u8]) {
    let end = offset as usize + buf.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset as usize..end].copy_from_slice(buf);
}

/// What becomes of writes that were not synced when the machine stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    Lost,
    Kept,
    /// Each write survives or not, by chance.
    Some(u64),
    /// Each sector of each write survives or not, by chance.
    Torn(u64),
    /// Each write survives up to a byte that chance names.
    Cut(u64),
    /// As `Lost`, but the disk has lied: what was synced within the last `n` operations is lost as well.
    LyingSync(usize),
}

/// The contents of one file after a crash behind operation `at`.
pub fn image(ops: &[Op], at: usize, which: Which, policy: Unsynced) -> Vec<u8> {
    let mut durable = Vec::new();
    let mut pending: Vec<&Op> = Vec::new();
    let honest = match policy {
        Unsynced::LyingSync(n) => at.saturating_sub(n),
        _ => at,
    };
    for (i, op) in ops[..at].iter().enumerate() {
        match op {
            Op::Write(w, ..) | Op::SetLen(w, _) if *w == which => pending.push(op),
            Op::Sync(w) if *w == which && i < honest => {
                for op in pending.drain(..) {
                    apply(&mut durable, op, &mut |_| true);
                }
            }
            _ => {}
        }
    }
    settle(&mut durable, &pending, at, policy);
    durable
}

/// Does to `durable` what `policy` makes of the writes that were not synced at operation `at`.
pub fn settle(durable: &mut Vec<u8>, pending: &[&Op], at: usize, policy: Unsynced) {
    let mut chance = Chance::new(policy, at);
    for op in pending {
        match policy {
            Unsynced::Lost | Unsynced::LyingSync(_) => {}
            Unsynced::Kept => apply(durable, op, &mut |_| true),
            Unsynced::Some(_) => {
                if chance.coin() {
                    apply(durable, op, &mut |_| true);
                }
            }
            Unsynced::Torn(_) => apply(durable, op, &mut |_| chance.coin()),
            Unsynced::Cut(_) => match op {
                Op::Write(which, offset, bytes) => {
                    let len = chance.below(bytes.len() + 1);
                    apply(durable, &Op::Write(*which, *offset, bytes[..len].to_vec()), &mut |_| {
                        true
                    });
                }
                other => apply(durable, other, &mut |_| chance.coin()),
            },
        }
    }
}

/// Does `op` to `bytes`, as far as `keep` says of the place of each sector in a write.
pub fn apply(bytes: &mut Vec<u8>, op: &Op, keep: &mut dyn FnMut(usize) -> bool) {
    match op {
        Op::Write(_, offset, buf) => {
            let mut at = 0;
            while at < buf.len() {
                // Sectors are aligned to the file, not to the write.
                let sector_end = (*offset as usize + at) / SECTOR * SECTOR + SECTOR;
                let len = (sector_end - (*offset as usize + at)).min(buf.len() - at);
                if keep(at) {
                    write_into(bytes, offset + at as u64, &buf[at..at + len]);
                }
                at += len;
            }
        }
        Op::SetLen(_, len) if keep(0) => bytes.resize(*len as usize, 0),
        _ => {}
    }
}

/// A reproducible sequence of coins and numbers.
pub struct Chance(u64);

impl Chance {
    fn new(policy: Unsynced, at: usize) -> Self {
        let seed = match policy {
            Unsynced::Some(seed) | Unsynced::Torn(seed) | Unsynced::Cut(seed) => seed,
            _ => 0,
        };
        Chance::of(seed, at as u64)
    }

    /// The sequence of a seed and a number.
    pub fn of(seed: u64, number: u64) -> Self {
        Chance(
            seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
                ^ number.wrapping_add(1).wrapping_mul(0xD1B5_4A32_D192_ED03),
        )
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.next() & 4 == 0
    }

    /// A number below `end`, which is above 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
