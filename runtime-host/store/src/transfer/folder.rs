//! Snapshots that lie ready in a folder: `HEIGHT/manifest` and `HEIGHT/NNNNNN`, one file per chunk. A snapshot that is
//! being written is called `HEIGHT.part`, and is rubbish for whoever opens the folder.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use suyuan_core::{sha256, HostFault, Hosted};

use super::Manifest;
use crate::store::Export;

const MANIFEST: &str = "manifest";
const PART: &str = "part";

/// A folder of snapshots.
#[derive(Clone, Debug)]
pub struct SnapshotFolder {
    path: PathBuf,
}

impl SnapshotFolder {
    /// Opens or creates the folder and removes what an interrupted [`SnapshotFolder::take`] left.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn open(path: &Path) -> Hosted<SnapshotFolder> {
        fs::create_dir_all(path).map_err(|e| fault("create", path, &e))?;
        for entry in fs::read_dir(path).map_err(|e| fault("read", path, &e))? {
            let part = entry.map_err(|e| fault("read", path, &e))?.path();
            if part.extension().is_some_and(|kind| kind == PART) {
                fs::remove_dir_all(&part).map_err(|e| fault("remove", &part, &e))?;
            }
        }
        Ok(SnapshotFolder { path: path.to_owned() })
    }

    /// Writes a snapshot; it is listed once all of it is on stable storage. Holds one chunk in memory.
    ///
    /// # Errors
    /// If the version cannot be read or the files cannot be written.
    pub fn take(&self, mut export: Export) -> Hosted<Manifest> {
        let target = self.of(export.version());
        let part = target.with_extension(PART);
        remove(&part)?;
        fs::create_dir_all(&part).map_err(|e| fault("create", &part, &e))?;
        let mut index = 0u32;
        while let Some(chunk) = export.next_chunk()? {
            write_synced(&part.join(chunk_name(index)), &chunk)?;
            index = index.saturating_add(1);
        }
        let manifest = export.finish()?;
        write_synced(&part.join(MANIFEST), &manifest.encode())?;
        sync_folder(&part)?;
        remove(&target)?;
        fs::rename(&part, &target).map_err(|e| fault("rename", &part, &e))?;
        sync_folder(&self.path)?;
        Ok(manifest)
    }

    /// Manifests of the snapshots that lie ready, the newest first. Unreadable ones are left out.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn list(&self) -> Hosted<Vec<Manifest>> {
        let manifests = self.versions()?.into_iter().rev().map(|version| self.manifest(version));
        Ok(manifests.collect::<Hosted<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The chunk `index` of the snapshot of `version`; none if there is no such chunk or its file was damaged.
    ///
    /// # Errors
    /// If a file that is there cannot be read.
    pub fn chunk(&self, version: u64, index: u32) -> Hosted<Option<Vec<u8>>> {
        let Some(manifest) = self.manifest(version)? else { return Ok(None) };
        let Some(hash) = manifest.chunks.get(index as usize) else { return Ok(None) };
        let chunk = read(&self.of(version).join(chunk_name(index)))?;
        Ok(chunk.filter(|chunk| sha256(chunk) == *hash))
    }

    /// Removes all but the newest `keep` snapshots.
    ///
    /// # Errors
    /// If a folder cannot be removed.
    pub fn forget(&self, keep: usize) -> Hosted<()> {
        let versions = self.versions()?;
        let old = versions.len().saturating_sub(keep);
        versions[..old].iter().try_for_each(|version| remove(&self.of(*version)))
    }

    /// Versions in ascending order.
    fn versions(&self) -> Hosted<Vec<u64>> {
        let mut versions = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(|e| fault("read", &self.path, &e))? {
            let name = entry.map_err(|e| fault("read", &self.path, &e))?.file_name();
            versions.extend(name.to_str().and_then(|name| name.parse::<u64>().ok()));
        }
        versions.sort_unstable();
        Ok(versions)
    }

    fn manifest(&self, version: u64) -> Hosted<Option<Manifest>> {
        let bytes = read(&self.of(version).join(MANIFEST))?;
        let manifest = bytes.and_then(|bytes| Manifest::decode(&bytes).ok());
        Ok(manifest.filter(|manifest| manifest.version == version))
    }

    fn of(&self, version: u64) -> PathBuf {
        self.path.join(version.to_string())
    }
}

fn chunk_name(index: u32) -> String {
    format!("{index:06}")
}

fn read(path: &Path) -> Hosted<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(fault("read", path, &e)),
    }
}

fn remove(path: &Path) -> Hosted<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(fault("remove", path, &e)),
        _ => Ok(()),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Hosted<()> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|e| fault("write", path, &e))
}

fn sync_folder(path: &Path) -> Hosted<()> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|e| fault("sync", path, &e))
}

fn fault(what: &str, path: &Path, error: &std::io::Error) -> HostFault {
    HostFault::new(format!("snapshots: cannot {what} {}: {error}", path.display()))
}
