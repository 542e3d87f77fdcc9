//! Forgetting old versions, in the batch of the commit that makes them too old.
//!
//! A node that version `o` replaced is reachable only from versions before `o`; once those are forgotten it is dead.
//! Dead places are bits of their chunk; a chunk is rewritten without them when most are dead, and dropped when all are.

use std::collections::BTreeMap;
use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};

use super::records;
use crate::chunk;
use crate::engine::{Batch, Space, View};
use crate::node::NodeId;
use crate::options::Order;

/// Versions that one commit forgets at most, so that lowering `keep_versions` does not stall a block.
const VERSIONS_PER_COMMIT: u64 = 4;
/// A chunk is rewritten when its dead places reach one of these counts.
const REWRITE_AT: [u32; 2] = [24, 30];

/// Dead places of a chunk before and after this commit.
struct Deaths {
    before: u32,
    after: u32,
}

/// Adds to `batch` what forgets the versions beyond the last `keep`, counted from `version`, which is being committed
/// with `own_orphans`. Returns the oldest version that stays; if that is `version`, its own orphans are dealt with and need
/// no record (a key must not be written twice in one batch).
pub(crate) fn prune(
    view: &Arc<dyn View>,
    mut oldest: u64,
    version: u64,
    keep: Option<u64>,
    own_orphans: &[NodeId],
    batch: &mut Batch,
) -> Hosted<u64> {
    let Some(keep) = keep else { return Ok(oldest) };
    let keep_from = version.saturating_sub(keep.max(1) - 1);
    let until = keep_from.min(oldest.saturating_add(VERSIONS_PER_COMMIT));
    let mut chunks = BTreeMap::new();
    while oldest < until {
        batch.delete(Space::Meta, records::roots_key(oldest));
        oldest += 1;
        if oldest == version {
            for id in own_orphans {
                mark(view, *id, &mut chunks)?;
            }
            break;
        }
        let (start, end) = (records::orphans_key(oldest, 0), records::orphans_key(oldest + 1, 0));
        for pair in Arc::clone(view).range(Space::Orphans, &start, Some(&end), Order::Ascending) {
            let (key, record) = pair?;
            for id in records::places(&record) {
                mark(view, id, &mut chunks)?;
            }
            batch.delete(Space::Orphans, key);
        }
    }
    for (key, deaths) in chunks {
        bury(view, key, &deaths, batch)?;
    }
    Ok(oldest)
}

fn mark(view: &Arc<dyn View>, id: NodeId, chunks: &mut BTreeMap<[u8; 12], Deaths>) -> Hosted<()> {
    let key = chunk::key_of(id);
    if let Some(deaths) = chunks.get_mut(&key) {
        deaths.after |= chunk::bit_of(id);
        return Ok(());
    }
    let before = match view.get(Space::Dead, &key)? {
        Some(bits) => bits
            .try_into()
            .map(u32::from_be_bytes)
            .map_err(|_| HostFault::new("bad dead-place record"))?,
        None => 0,
    };
    chunks.insert(key, Deaths { before, after: before | chunk::bit_of(id) });
    Ok(())
}

fn bury(view: &Arc<dyn View>, key: [u8; 12], deaths: &Deaths, batch: &mut Batch) -> Hosted<()> {
    if deaths.after == u32::MAX {
        batch.delete(Space::Nodes, key.to_vec());
        if deaths.before != 0 {
            batch.delete(Space::Dead, key.to_vec());
        }
        return Ok(());
    }
    batch.put(Space::Dead, key.to_vec(), deaths.after.to_be_bytes().to_vec());
    let (before, after) = (deaths.before.count_ones(), deaths.after.count_ones());
    if REWRITE_AT.iter().any(|limit| before < *limit && *limit <= after) {
        let missing = || HostFault::new("a chunk with living tree nodes is missing");
        let old = view.get(Space::Nodes, &key)?.ok_or_else(missing)?;
        batch.put(Space::Nodes, key.to_vec(), chunk::without(&old, deaths.after));
    }
    Ok(())
}
