//! The file header and the frame around each record.

use suyuan_core::{sha256, Hash32, HostFault, Hosted};

const FILE_MAGIC: &[u8; 8] = b"SUYUANBL";
const FORMAT_VERSION: u32 = 1;
const FRAME_MAGIC: &[u8; 4] = b"\xB1SyR";
const SALT_LEN: usize = 16;

/// Bytes of the file header.
pub const FILE_HEADER_LEN: usize = 128;
/// Bytes of a frame.
pub const FRAME_LEN: usize = 64;
/// Bytes of the hash behind a payload.
pub const TRAILER_LEN: usize = 32;
/// Most bytes of a payload: the largest block, its results with their events, and room.
pub const PAYLOAD_LEN_MAX: u64 = 1 << 30;

/// Whose blocks a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogIdentity {
    /// Digest of the genesis document.
    pub genesis: Hash32,
    /// ed25519 public key of the validator, so that an audit needs the file and the genesis only.
    pub validator: [u8; 32],
}

/// What the file header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHeader {
    /// Whose blocks the file holds.
    pub identity: LogIdentity,
    /// Random bytes that enter every frame's checksum: nobody can put something into a transaction that looks like a
    /// frame of this file.
    pub salt: [u8; SALT_LEN],
}

impl FileHeader {
    /// The header as bytes.
    pub fn encode(&self) -> [u8; FILE_HEADER_LEN] {
        let mut out = [0u8; FILE_HEADER_LEN];
        out[..8].copy_from_slice(FILE_MAGIC);
        out[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        out[12..44].copy_from_slice(&self.identity.genesis);
        out[44..76].copy_from_slice(&self.identity.validator);
        out[76..92].copy_from_slice(&self.salt);
        let check = sha256(&out[..FILE_HEADER_LEN - 32]);
        out[FILE_HEADER_LEN - 32..].copy_from_slice(&check);
        out
    }

    /// Reads a header; `None` if the bytes are not a whole one.
    pub fn decode(bytes: &[u8; FILE_HEADER_LEN]) -> Hosted<Option<FileHeader>> {
        let (body, check) = bytes.split_at(FILE_HEADER_LEN - 32);
        if sha256(body) != check || body[..8] != FILE_MAGIC[..] {
            return Ok(None);
        }
        let version = le_u32(body, 8);
        if version != FORMAT_VERSION {
            return Err(HostFault::new(format!(
                "block log: format version {version} is unknown to this program"
            )));
        }
        let identity = LogIdentity {
            genesis: body[12..44].try_into().expect("32 bytes"),
            validator: body[44..76].try_into().expect("32 bytes"),
        };
        Ok(Some(FileHeader { identity, salt: body[76..92].try_into().expect("16 bytes") }))
    }

    /// What the first record names as its predecessor.
    pub fn chain_start(&self) -> Hash32 {
        sha256(&self.encode())
    }
}

/// The frame in front of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Bytes of the payload.
    pub payload_len: u64,
    /// Height of the block.
    pub height: u64,
    /// Hash of the previous record.
    pub prev: Hash32,
}

impl Frame {
    /// The frame as bytes.
    pub fn encode(&self, salt: &[u8; SALT_LEN]) -> [u8; FRAME_LEN] {
        let mut out = [0u8; FRAME_LEN];
        out[..4].copy_from_slice(FRAME_MAGIC);
        out[8..16].copy_from_slice(&self.payload_len.to_le_bytes());
        out[16..24].copy_from_slice(&self.height.to_le_bytes());
        out[24..56].copy_from_slice(&self.prev);
        let check = frame_check(salt, &out[..56]);
        out[56..].copy_from_slice(&check);
        out
    }

    /// Reads a frame; `None` if the bytes are not a whole one of this file.
    pub fn decode(salt: &[u8; SALT_LEN], bytes: &[u8]) -> Option<Frame> {
        let bytes: &[u8; FRAME_LEN] = bytes.get(..FRAME_LEN)?.try_into().ok()?;
        if bytes[..4] != FRAME_MAGIC[..] || frame_check(salt, &bytes[..56]) != bytes[56..] {
            return None;
        }
        let frame = Frame {
            payload_len: le_u64(bytes, 8),
            height: le_u64(bytes, 16),
            prev: bytes[24..56].try_into().expect("32 bytes"),
        };
        (frame.payload_len <= PAYLOAD_LEN_MAX).then_some(frame)
    }

    /// Bytes of the whole record.
    pub fn record_len(&self) -> u64 {
        FRAME_LEN as u64 + self.payload_len + TRAILER_LEN as u64
    }
}

/// Position of the first byte in `bytes` where a frame could begin.
pub fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(step) = bytes.get(at..)?.iter().position(|b| *b == FRAME_MAGIC[0]) {
        at += step;
        if bytes[at..].starts_with(FRAME_MAGIC) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn frame_check(salt: &[u8; SALT_LEN], body: &[u8]) -> [u8; 8] {
    let mut keyed = Vec::with_capacity(SALT_LEN + body.len());
    keyed.extend_from_slice(salt);
    keyed.extend_from_slice(body);
    sha256(&keyed)[..8].try_into().expect("8 bytes")
}

/// A little-endian number at `at`; the caller guarantees the length.
pub fn le_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

/// A little-endian number at `at`; the caller guarantees the length.
pub fn le_u64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))
}
