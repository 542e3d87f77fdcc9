//! Catena-X test data as a story.
//!
//! A file holds digital twins, each with aspects: `SerialPart…`, `Batch` and an as-built bill of materials
//! (`AssemblyPartRelationship` or `SingleLevelBomAsBuilt`). All twins become units, all bill-of-material lines
//! become links, and every manufacturer becomes a participant. The importer records them all: it is the witness
//! of what the file says, and the makers stay makers. Where the file gives a serial part several parents, the
//! second and later assertions become disputed links.

mod json;
mod measure;
mod read;
mod write;

pub use read::read;
pub use write::{story, ALTERNATE_SCHEME, IMPORTER};

#[cfg(test)]
mod tests;
