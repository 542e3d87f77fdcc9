//! What a snapshot consists of: the little that is offered before any chunk is sent.

use suyuan_core::{sha256, Hash32};

use super::{CHUNKS_MAX, CHUNK_LEN, SNAPSHOT_FORMAT};

const MAGIC: &[u8; 8] = b"SUYUANSS";
/// Magic, format, version, app hash, length of the stream, number of chunks.
const HEAD_LEN: usize = 8 + 4 + 8 + 32 + 8 + 4;

/// Describes a snapshot: `magic | format u32 | version u64 | app hash | stream length u64 | count u32 | hashes`,
/// little-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The version that the snapshot holds, from 1 and below 2^62.
    pub version: u64,
    /// Its app hash. The manifest is no proof of it: compare it with a trusted header before any chunk is asked for.
    pub app_hash: Hash32,
    /// Bytes of all chunks together.
    pub stream_len: u64,
    /// SHA-256 of each chunk, in order; 1 to [`CHUNKS_MAX`].
    pub chunks: Vec<Hash32>,
}

/// Why bytes are no manifest that this program can use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestError {
    /// Another format; the number is it.
    Format(u32),
    /// Not a manifest, or one beyond the limits.
    Malformed,
}

impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ManifestError::Format(format) => write!(f, "snapshot format {format} is unknown"),
            ManifestError::Malformed => f.write_str("the manifest of the snapshot is malformed"),
        }
    }
}

impl std::error::Error for ManifestError {}

impl Manifest {
    /// The manifest as bytes: the `metadata` of an ABCI snapshot.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD_LEN + 32 * self.chunks.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&SNAPSHOT_FORMAT.to_le_bytes());
        out.extend_from_slice(&self.version.to_le_bytes());
        out.extend_from_slice(&self.app_hash);
        out.extend_from_slice(&self.stream_len.to_le_bytes());
        out.extend_from_slice(&(self.chunks.len() as u32).to_le_bytes());
        out.extend(self.chunks.iter().flatten());
        out
    }

    /// Reads a manifest and checks its limits.
    ///
    /// # Errors
    /// If the bytes are not exactly one manifest of format 1 within the limits.
    pub fn decode(bytes: &[u8]) -> Result<Manifest, ManifestError> {
        let (head, hashes) = bytes.split_at_checked(HEAD_LEN).ok_or(ManifestError::Malformed)?;
        let mut rest = head;
        let mut take = |len: usize| {
            let (field, after) = rest.split_at(len);
            rest = after;
            field
        };
        if take(8) != MAGIC {
            return Err(ManifestError::Malformed);
        }
        let format = u32_of(take(4));
        if format != SNAPSHOT_FORMAT {
            return Err(ManifestError::Format(format));
        }
        let version = u64_of(take(8));
        let app_hash = take(32).try_into().expect("32 bytes were taken");
        let stream_len = u64_of(take(8));
        let count = u32_of(take(4)) as usize;
        let chunks: Vec<Hash32> = hashes
            .chunks_exact(32)
            .map(|hash| hash.try_into().expect("chunks have 32 bytes"))
            .collect();
        let manifest = Manifest { version, app_hash, stream_len, chunks };
        let whole = hashes.len() == count.saturating_mul(32) && manifest.is_within_limits();
        whole.then_some(manifest).ok_or(ManifestError::Malformed)
    }

    /// Names the snapshot: equal on all nodes that made it from the same version.
    pub fn digest(&self) -> Hash32 {
        sha256(&self.encode())
    }

    pub(crate) fn is_within_limits(&self) -> bool {
        let count = self.chunks.len();
        (1..1 << 62).contains(&self.version)
            && (1..=CHUNKS_MAX).contains(&count)
            && self.stream_len.div_ceil(CHUNK_LEN as u64) == count as u64
    }

    /// Bytes that chunk `index` must have; the index is below the number of chunks.
    pub(crate) fn chunk_len(&self, index: usize) -> u64 {
        let before = (index as u64).saturating_mul(CHUNK_LEN as u64);
        self.stream_len.saturating_sub(before).min(CHUNK_LEN as u64)
    }
}

fn u32_of(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("four bytes were taken"))
}

fn u64_of(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes were taken"))
}
