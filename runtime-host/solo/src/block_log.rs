//! The block log: one append-only file that holds everything of every block, and the durability point of the chain.
//!
//! ```text
//! file   = header (128 bytes: magic, version, genesis digest, salt, checksum) record*  zeros*
//! record = frame (64: magic, payload length, height, hash of the previous record, salted checksum)
//!          payload (see `record`)
//!          SHA-256 over frame and payload
//! ```
//!
//! Records are chained by their hashes, so a record can be neither changed, dropped nor moved unnoticed. The file
//! grows in zero-filled steps, so that the sync of a block rarely has to write file system metadata. Whatever stands
//! behind the last whole record was never answered for: it is cut off with a notice. A broken record with a whole one
//! behind it is damage, and refused.

mod frame;
mod index;
mod reader;
mod record;
mod writer;

pub use frame::LogIdentity;
pub use reader::{BlockReader, StoredBlock, StoredTx};
pub use record::{BlockRecord, RecordHead};
pub use writer::{BlockLog, OpenReport};

pub(crate) use index::TxSpot;
