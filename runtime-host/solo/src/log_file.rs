//! The few file operations that durability depends on, behind a trait, so that tests can lose, tear and break them.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A file with positioned access. Writers are serialised by the caller; readers run beside them on bytes that are
/// already durable.
pub trait LogFile: Send + Sync + std::fmt::Debug {
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no bytes.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Fills `buf` from `offset`.
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;
    /// Writes all of `buf` at `offset`, beyond the end if need be.
    fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()>;
    /// Cuts or extends the file.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Returns when everything written is on stable storage. An error is final: the caller stops and never retries.
    fn sync(&self) -> io::Result<()>;
}

/// Levels of folders that may be as new as a file in them: a home, a folder of it, and one inside.
const NEW_LEVELS: usize = 3;

/// Makes the name of a new file durable, in its folder and in those above, which may be new as well. A folder above the
/// file's own that this process may not open is older than the process and left alone.
///
/// # Errors
/// Of the file's own folder, and of any sync.
pub fn sync_entry(path: &Path) -> io::Result<()> {
    let named = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    for (level, folder) in named.take(NEW_LEVELS).enumerate() {
        match File::open(folder) {
            Ok(folder) => folder.sync_all()?,
            Err(error) if level == 0 => return Err(error),
            Err(_) => {}
        }
    }
    Ok(())
}

/// A file of the operating system.
#[derive(Debug)]
pub struct DiskFile(File);

impl DiskFile {
    /// Opens `path` for reading and writing; creates it durably (file and directory entry) if absent.
    pub fn open_or_create(path: &Path) -> io::Result<DiskFile> {
        let fresh = !path.exists();
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if fresh {
            file.sync_all()?;
            sync_entry(path)?;
        }
        Ok(DiskFile(file))
    }

    /// Opens `path` for reading only; every write fails.
    pub fn open_read_only(path: &Path) -> io::Result<DiskFile> {
        File::open(path).map(DiskFile)
    }
}

impl LogFile for DiskFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        FileExt::read_exact_at(&self.0, buf, offset)
    }

    fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()> {
        FileExt::write_all_at(&self.0, buf, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
