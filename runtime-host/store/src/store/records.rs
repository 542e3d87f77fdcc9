//! The records of a commit, and the keys of the `meta` space. Frozen by [`FORMAT`].

use std::collections::BTreeMap;

use crate::engine::{Batch, Space};
use crate::node::NodeId;
use crate::store::Staged;

/// Version of the layout; any change to a record or key raises it. Format 2 knows nodes whose version is not that of
/// their place.
pub(crate) const FORMAT: u32 = 2;
/// Oldest format that is read as it is: all its records are records of [`FORMAT`] too.
pub(crate) const FORMAT_MIN: u32 = 1;

pub(crate) const KEY_FORMAT: &[u8] = b"s/format";
pub(crate) const KEY_STORES: &[u8] = b"s/stores";
pub(crate) const KEY_VERSION: &[u8] = b"s/version";
pub(crate) const KEY_OLDEST: &[u8] = b"s/oldest";
/// Stands while an import is under way: everything but the format and the names is rubbish then.
pub(crate) const KEY_IMPORT: &[u8] = b"s/import";

/// Places in one orphan record.
const ORPHANS_PER_RECORD: usize = 4_096;
/// Bytes of one place: version and number, big-endian.
const PLACE_LEN: usize = 12;

/// Key of the roots of `version`.
pub(crate) fn roots_key(version: u64) -> Vec<u8> {
    [b"r/".as_slice(), &version.to_be_bytes()].concat()
}

/// Key of a pair of the caller.
pub(crate) fn extra_key(key: &[u8]) -> Vec<u8> {
    [b"x/".as_slice(), key].concat()
}

/// Key of one part of the orphans of `version`.
pub(crate) fn orphans_key(version: u64, part: u32) -> Vec<u8> {
    [version.to_be_bytes().as_slice(), &part.to_be_bytes()].concat()
}

/// Places in an orphan record.
pub(crate) fn places(record: &[u8]) -> impl Iterator<Item = NodeId> + '_ {
    record.chunks_exact(PLACE_LEN).map(|place| {
        let (version, seq) = place.split_at(8);
        NodeId {
            version: u64::from_be_bytes(version.try_into().expect("eight bytes were split off")),
            seq: u32::from_be_bytes(seq.try_into().expect("twelve less eight bytes are left")),
        }
    })
}

/// Everything that a version adds; `oldest` is the oldest version that stays readable.
/// Chunk records are moved out of `staged`.
pub(crate) fn write(
    staged: &mut Staged,
    extra: &[(Vec<u8>, Vec<u8>)],
    oldest: u64,
    batch: &mut Batch,
) {
    for (key, value) in &staged.flat {
        match value {
            Some(value) => batch.put(Space::Latest, key.clone(), value.to_vec()),
            None => batch.delete(Space::Latest, key.clone()),
        }
    }
    for chunk in staged.chunks.drain(..) {
        batch.put(Space::Nodes, chunk.key.to_vec(), chunk.record);
        if chunk.left_out != 0 {
            batch.put(Space::Dead, chunk.key.to_vec(), chunk.left_out.to_be_bytes().to_vec());
        }
    }
    // With no older version left, what this one replaced is already forgotten.
    let orphans = if oldest < staged.version { staged.orphans.as_slice() } else { &[] };
    for (part, ids) in (0u32..).zip(orphans.chunks(ORPHANS_PER_RECORD)) {
        let mut record = Vec::with_capacity(ids.len() * PLACE_LEN);
        for id in ids {
            record.extend_from_slice(&id.version.to_be_bytes());
            record.extend_from_slice(&id.seq.to_be_bytes());
        }
        batch.put(Space::Orphans, orphans_key(staged.version, part), record);
    }
    // The last of two pairs with one key wins: an engine batch must not name a key twice.
    let extra: BTreeMap<&Vec<u8>, &Vec<u8>> =
        extra.iter().map(|(key, value)| (key, value)).collect();
    for (key, value) in extra {
        batch.put(Space::Meta, extra_key(key), value.clone());
    }
    batch.put(Space::Meta, roots_key(staged.version), staged.roots.encode(&staged.app_hash));
    batch.put(Space::Meta, KEY_VERSION.to_vec(), staged.version.to_be_bytes().to_vec());
    batch.put(Space::Meta, KEY_OLDEST.to_vec(), oldest.to_be_bytes().to_vec());
}
