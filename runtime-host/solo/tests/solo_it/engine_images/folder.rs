//! A folder in memory, and what a crash or rot makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::Chance;

const SECTOR: usize = 512;
/// Key spaces of the engine, its own included, and one place for everything else.
const KEY_SPACES_MAX: usize = 8;
/// One file of so many is torn where few are.
const FEW: usize = 10;

/// A file: its bytes up to the last that is not zero, and its length. The engine makes its journals long ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    bytes: Arc<[u8]>,
    len: u64,
}

impl Contents {
    fn of(mut bytes: Vec<u8>, len: u64) -> Self {
        bytes.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        bytes.truncate(used);
        Contents { bytes: bytes.into(), len }
    }

    /// Bytes up to the last that is not zero.
    pub fn used(&self) -> usize {
        self.bytes.len()
    }
}

/// The files of a folder by their path in it.
pub type Folder = BTreeMap<PathBuf, Contents>;

/// Reads a folder.
pub fn read(path: &Path) -> Folder {
    let mut folder = Folder::new();
    add(path, Path::new(""), &mut folder);
    folder
}

fn add(root: &Path, part: &Path, folder: &mut Folder) {
    for entry in fs::read_dir(root.join(part)).unwrap() {
        let entry = entry.unwrap();
        let name = part.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            add(root, &name, folder);
        } else {
            folder.insert(name, read_file(&entry.path()));
        }
    }
}

/// Reads up to the zeros at the end, which are many: a mebibyte of them is taken for the rest.
fn read_file(path: &Path) -> Contents {
    const STEP: usize = 1 << 20;
    let mut file = fs::File::open(path).unwrap();
    let len = file.metadata().unwrap().len();
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        let read = Read::by_ref(&mut file).take(STEP as u64).read_to_end(&mut bytes).unwrap();
        if read < STEP || bytes[start..].iter().all(|byte| *byte == 0) {
            return Contents::of(bytes, len);
        }
    }
}

/// Writes a folder to an empty or missing place.
pub fn write(folder: &Folder, path: &Path) {
    for (name, contents) in folder {
        let target = path.join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let mut file = fs::File::create(&target).unwrap();
        file.write_all(&contents.bytes).unwrap();
        file.set_len(contents.len).unwrap();
    }
}

/// What a crash left of a file that was `older` once and `newer` before the crash; `None` is no file.
fn crashed(
    older: Option<&Contents>,
    newer: Option<&Contents>,
    chance: &mut Chance,
) -> Option<Contents> {
    match chance.below(6) {
        0 => older.cloned(),
        1 | 2 => newer.cloned(),
        3 => newer.map(|file| {
            // The length is there, the bytes behind some place are not.
            let kept = chance.below(file.used() + 1);
            Contents::of(file.bytes[..kept].to_vec(), file.len)
        }),
        4 => newer.map(|file| {
            let len = chance.below(file.used() + 1);
            Contents::of(file.bytes[..len].to_vec(), len as u64)
        }),
        _ => newer.map(|file| mixed(older, file, chance)),
    }
}

/// Each sector is the older or the newer one, by chance.
fn mixed(older: Option<&Contents>, newer: &Contents, chance: &mut Chance) -> Contents {
    let mut bytes = newer.bytes.to_vec();
    for (at, sector) in bytes.chunks_mut(SECTOR).enumerate() {
        if chance.coin() {
            let from = at * SECTOR;
            for (n, byte) in sector.iter_mut().enumerate() {
                *byte = older.and_then(|file| file.bytes.get(from + n)).copied().unwrap_or(0);
            }
        }
    }
    Contents::of(bytes, newer.len)
}

/// A folder after a crash between `older` and `newer`, as if no sync of the engine had meant anything: files are torn,
/// or whole key spaces are as they were.
pub fn crash_without_syncs(older: &Folder, newer: &Folder, chance: &mut Chance) -> Folder {
    let names: BTreeSet<&PathBuf> = older.keys().chain(newer.keys()).collect();
    let way = chance.below(3);
    let behind: Vec<bool> = (0..KEY_SPACES_MAX).map(|_| chance.coin()).collect();
    let mut left = |name: &PathBuf| {
        let (was, is) = (older.get(name), newer.get(name));
        match way {
            0 => crashed(was, is, chance),
            1 if chance.below(FEW) == 0 => crashed(was, is, chance),
            1 => is.cloned(),
            _ if behind[key_space(name)] => was.cloned(),
            _ => is.cloned(),
        }
    };
    names.into_iter().filter_map(|name| Some((name.clone(), left(name)?))).collect()
}

/// The number of the key space that a file belongs to; the journals and the rest are one of their own.
fn key_space(name: &Path) -> usize {
    let number = name.strip_prefix("keyspaces").ok().and_then(|rest| rest.iter().next());
    let number = number.and_then(|text| text.to_str()).and_then(|text| text.parse().ok());
    number.unwrap_or(KEY_SPACES_MAX - 1).min(KEY_SPACES_MAX - 1)
}

/// A folder after a crash behind `newer` on a disk that keeps what was synced: the end of the newest journal alone is
/// in doubt, from where it ended at `older` on. The engine syncs the journal before it writes any other file, so
/// `None` if it wrote one since.
pub fn crash(older: &Folder, newer: &Folder, chance: &mut Chance) -> Option<Folder> {
    let journal = newer.keys().filter(|name| is_journal(name)).max_by_key(|name| number(name))?;
    let rest = |folder: &Folder| {
        let mut folder = folder.clone();
        folder.remove(journal);
        folder
    };
    if rest(older) != rest(newer) {
        return None;
    }
    let (was, is) = (older.get(journal)?, &newer[journal]);
    let mut left = crashed(Some(was), Some(is), chance).unwrap_or_else(|| was.clone());
    let synced = is.bytes.get(..was.used())?;
    let mut bytes = left.bytes.to_vec();
    bytes.resize(bytes.len().max(synced.len()), 0);
    bytes[..synced.len()].copy_from_slice(synced);
    left = Contents::of(bytes, left.len.max(was.len));
    let mut image = newer.clone();
    image.insert(journal.clone(), left);
    Some(image)
}

fn is_journal(name: &Path) -> bool {
    name.extension().is_some_and(|kind| kind == "jnl")
}

/// Journals are named by numbers that rise.
fn number(name: &Path) -> u64 {
    name.file_stem().unwrap().to_str().unwrap().parse().unwrap()
}

/// Flips bits of one byte of one file. Half of the flips go to files, half to bytes, by chance.
pub fn flip(folder: &Folder, chance: &mut Chance) -> (Folder, String) {
    let all: usize = folder.values().map(Contents::used).sum();
    let files: Vec<_> = folder.iter().filter(|(_, file)| file.used() > 0).collect();
    let (name, at) = if chance.coin() {
        let (name, file) = files[chance.below(files.len())];
        (name, chance.below(file.used()))
    } else {
        let mut at = chance.below(all);
        let found = files.iter().find(|(_, file)| {
            let here = at < file.used();
            at -= if here { 0 } else { file.used() };
            here
        });
        (found.unwrap().0, at)
    };
    let mask = 1 + chance.below(255) as u8;
    let mut image = folder.clone();
    let file = &folder[name];
    let mut bytes = file.bytes.to_vec();
    bytes[at] ^= mask;
    image.insert(name.clone(), Contents::of(bytes, file.len));
    (image, format!("{}: byte {at} of {} ^ {mask:#04x}", name.display(), file.used()))
}

/// Every file gone, and every file cut at some places.
pub fn cuts(folder: &Folder) -> impl Iterator<Item = (Folder, String)> + '_ {
    folder.iter().flat_map(move |(name, file)| {
        let used = file.used();
        let places = [None, Some(0), Some(used / 3), Some(used.saturating_sub(1))];
        places.into_iter().map(move |len| {
            let mut image = folder.clone();
            let what = match len {
                None => {
                    image.remove(name);
                    "removed".to_string()
                }
                Some(len) => {
                    let cut = Contents::of(file.bytes[..len].to_vec(), len as u64);
                    image.insert(name.clone(), cut);
                    format!("cut at {len} of {used}")
                }
            };
            (image, format!("{}: {what}", name.display()))
        })
    })
}
