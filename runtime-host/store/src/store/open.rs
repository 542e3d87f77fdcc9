//! Opening: whose layout is it, what is the last version, and is it really there.

use std::sync::Arc;

use suyuan_core::{sha256, Hash32, HostFault, Hosted};

use super::import::discard;
use super::records::{
    self, FORMAT, FORMAT_MIN, KEY_FORMAT, KEY_IMPORT, KEY_OLDEST, KEY_STORES, KEY_VERSION,
};
use crate::engine::{Batch, Engine, Space, View};
use crate::options::{Durability, Options, StoreName, STORES_MAX};
use crate::roots::Roots;
use crate::snapshot::{flat_key, Snapshot};
use crate::tree::walk;

/// Leaves per store whose way to the root is hashed at opening.
const SAMPLES_PER_STORE: u64 = 8;
/// Stands between store names in their record.
const SEPARATOR: u8 = b'\n';

/// What an engine holds.
pub(crate) struct Found {
    pub names: Arc<[StoreName]>,
    pub version: u64,
    pub oldest: u64,
    pub app_hash: Hash32,
    pub roots: Roots,
}

/// Reads what `engine` holds, and prepares it if it is new.
pub(crate) fn open(engine: &dyn Engine, options: &Options) -> Hosted<Found> {
    check_options(options)?;
    let view = engine.view();
    let recorded = match view.get(Space::Meta, KEY_FORMAT)? {
        Some(format) => {
            check_format(&format)?;
            view.get(Space::Meta, KEY_STORES)?
                .ok_or_else(|| HostFault::new("the state has no list of stores"))?
        }
        None => Vec::new(),
    };
    let names = merge_names(&recorded, &options.stores)?;
    let list = names.join(&char::from(SEPARATOR).to_string()).into_bytes();
    let raised = view.get(Space::Meta, KEY_FORMAT)?.as_deref() != Some(&FORMAT.to_be_bytes()[..]);
    if view.get(Space::Meta, KEY_IMPORT)?.is_some() {
        discard(engine)?;
    }
    if list != recorded || raised {
        let mut batch = Batch::default();
        batch.put(Space::Meta, KEY_FORMAT.to_vec(), FORMAT.to_be_bytes().to_vec());
        batch.put(Space::Meta, KEY_STORES.to_vec(), list);
        engine.write(batch, Durability::SyncAll)?;
    }
    let names: Arc<[StoreName]> = names.into();
    let Some(version) = number(&*view, KEY_VERSION)? else {
        let (app_hash, roots) = (sha256(&[]), Roots::empty(names.len()));
        return Ok(Found { names, version: 0, oldest: 0, app_hash, roots });
    };
    let oldest = number(&*view, KEY_OLDEST)?
        .ok_or_else(|| HostFault::new("the state has no oldest version"))?;
    let record = view.get(Space::Meta, &records::roots_key(version))?;
    let record = record
        .ok_or_else(|| HostFault::new(format!("the roots of version {version} are missing")))?;
    let (roots, app_hash) = Roots::decode(&record, &names)?;
    Ok(Found { names, version, oldest, app_hash, roots })
}

/// Hashes the way to a sample of the leaves of every store, and compares their values with the flat key space. Nodes
/// are compared with the link above them as they are read, and the links at the top with the app hash.
pub(crate) fn verify(snapshot: &Snapshot) -> Hosted<()> {
    let inner = snapshot.inner();
    for (index, (name, root)) in inner.names.iter().zip(&inner.roots.links).enumerate() {
        let Some(root) = root else { continue };
        for sample in 0..SAMPLES_PER_STORE.min(root.size) {
            let position =
                root.size / SAMPLES_PER_STORE * sample + sample.min(root.size % SAMPLES_PER_STORE);
            let pair = walk::leaf_at(&inner.nodes, root, position)?;
            let (key, value) = pair.ok_or_else(|| HostFault::new("a leaf is missing"))?;
            let flat = inner.view.get(Space::Latest, &flat_key(index, &key))?;
            if flat.as_ref() != Some(&value) {
                let text = format!(
                    "version {}: the values of store {name:?} are not those of its tree",
                    inner.version
                );
                return Err(HostFault::new(text));
            }
        }
    }
    Ok(())
}

fn check_options(options: &Options) -> Hosted<()> {
    let names = &options.stores;
    let distinct = names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
    let named = names.iter().all(|name| !name.is_empty() && !name.as_bytes().contains(&SEPARATOR));
    if names.is_empty() || names.len() > STORES_MAX || !distinct || !named {
        return Err(HostFault::new(format!("the stores {names:?} cannot stand under one root")));
    }
    Ok(())
}

fn check_format(format: &[u8]) -> Hosted<()> {
    match format.try_into().map(u32::from_be_bytes) {
        Ok(FORMAT_MIN..=FORMAT) => Ok(()),
        Ok(other) => {
            let text = format!(
                "the state has layout format {other}; this program knows formats {FORMAT_MIN} to {FORMAT} only"
            );
            Err(HostFault::new(text))
        }
        Err(_) => Err(HostFault::new("the state has an unreadable layout format")),
    }
}

/// Recorded names keep their numbers; new ones follow in the order of the options.
fn merge_names(recorded: &[u8], wanted: &[StoreName]) -> Hosted<Vec<StoreName>> {
    let mut names = Vec::with_capacity(wanted.len());
    for name in recorded.split(|byte| *byte == SEPARATOR).filter(|name| !name.is_empty()) {
        let known = wanted.iter().find(|wanted| wanted.as_bytes() == name);
        let text = || {
            format!(
                "the state has a store {:?} that was not asked for",
                String::from_utf8_lossy(name)
            )
        };
        names.push(*known.ok_or_else(|| HostFault::new(text()))?);
    }
    for name in wanted {
        if !names.contains(name) {
            names.push(name);
        }
    }
    Ok(names)
}

fn number(view: &dyn View, key: &[u8]) -> Hosted<Option<u64>> {
    let Some(bytes) = view.get(Space::Meta, key)? else { return Ok(None) };
    let number = bytes.try_into().map(u64::from_be_bytes);
    number.map(Some).map_err(|_| HostFault::new("a number of the state record is unreadable"))
}
