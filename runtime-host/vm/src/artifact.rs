//! Compiled contracts on disk, believed only with the node's own seal.
//!
//! The engine takes machine code from bytes without looking at it, so whoever can write the file can run anything. A
//! file is therefore sealed: HMAC-SHA256 with a key that this node made for itself, over the identity of the artifact
//! and every byte of the code. The identity covers all that the code depends on: the wasm, the prices compiled into
//! it, the version of the rewrite, the engine's own compatibility hash and the processor. Anything that does not match
//! is compiled again; the cache is never a reason to fail a call.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use suyuan_core::{hex_lower, Hash32, HostFault, Hosted};
use wasmtime::Engine;

use crate::rewrite::REWRITE_VERSION;

/// First bytes of every file, with the version of its layout.
const MAGIC: &[u8; 16] = b"suyuan-artifact1";
const SEAL_BYTES: usize = 32;
const HEADER_BYTES: usize = MAGIC.len() + SEAL_BYTES;
/// Largest file that is read at all: 800 KiB of wasm become 20 MB of plain machine code at most.
const FILE_BYTES_MAX: u64 = 256 << 20;
const KEY_FILE: &str = "node.key";
const KEY_BYTES: usize = 32;
const PRIVATE_DIR: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

type Seal = Hmac<Sha256>;

/// Machine code that this node made: fresh from the compiler or with a valid seal.
pub(crate) struct Authentic<'a>(&'a [u8]);

impl<'a> Authentic<'a> {
    /// What the code generator of this process has just returned.
    pub(crate) fn fresh(bytes: &'a [u8]) -> Self {
        Authentic(bytes)
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.0
    }
}

/// What compiled code depends on besides the wasm.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings(Hash32);

/// Feeds what the engine hashes into SHA-256, so that the identity does not depend on a hasher of the standard library.
struct Feed(Sha256);

impl Hasher for Feed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0 // only the digest is used
    }
}

/// The parts of [`Surroundings`]; each of them makes another artifact.
struct Parts<'a> {
    engine: &'a Engine,
    prices: &'a Hash32,
    memory_pages_max: u32,
    rewrite_version: u32,
    machine: [&'a str; 2],
    processor: &'a str,
}

impl Parts<'_> {
    fn digest(&self) -> Hash32 {
        let mut feed = Feed(Sha256::new());
        feed.write(MAGIC);
        feed.write(self.prices);
        feed.write(&self.rewrite_version.to_le_bytes());
        feed.write(&self.memory_pages_max.to_le_bytes());
        for part in self.machine {
            feed.write(part.as_bytes());
        }
        feed.write(self.processor.as_bytes());
        self.engine.precompile_compatibility_hash().hash(&mut feed);
        feed.0.finalize().into()
    }
}

impl Surroundings {
    pub(crate) fn new(engine: &Engine, prices: &Hash32, memory_pages_max: u32) -> Self {
        let parts = Parts {
            engine,
            prices,
            memory_pages_max,
            rewrite_version: REWRITE_VERSION,
            machine: [std::env::consts::ARCH, std::env::consts::OS],
            processor: &processor(),
        };
        Surroundings(parts.digest())
    }

    fn identity(&self, checksum: &Hash32) -> Hash32 {
        suyuan_core::sha256_parts(&[&self.0, checksum])
    }
}

/// Extensions of the processor that the code generator uses.
#[cfg(target_arch = "x86_64")]
fn processor() -> String {
    macro_rules! present {
        ($($name:tt),*) => {
            [$(($name, std::arch::is_x86_feature_detected!($name))),*]
        };
    }
    present!(
        "sse3",
        "ssse3",
        "sse4.1",
        "sse4.2",
        "popcnt",
        "avx",
        "avx2",
        "fma",
        "bmi1",
        "bmi2",
        "lzcnt",
        "avx512f",
        "avx512vl",
        "avx512dq",
        "avx512bitalg",
        "avx512vbmi"
    )
    .iter()
    .filter(|(_, present)| *present)
    .map(|(name, _)| *name)
    .collect::<Vec<&str>>()
    .join(",")
}

/// Elsewhere the engine's compatibility hash stands alone.
#[cfg(not(target_arch = "x86_64"))]
fn processor() -> String {
    String::new()
}

/// The private directory with sealed artifacts.
pub(crate) struct Shelf {
    dir: PathBuf,
    key: [u8; KEY_BYTES],
    surroundings: Surroundings,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("dir", &self.dir).finish_non_exhaustive()
    }
}

fn fault(what: &str, path: &Path, error: &io::Error) -> HostFault {
    HostFault::new(format!("{what} {}: {error}", path.display()))
}

impl Shelf {
    /// Opens or makes the directory and its key.
    pub(crate) fn open(dir: &Path, surroundings: Surroundings) -> Hosted<Shelf> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(PRIVATE_DIR)
            .create(dir)
            .map_err(|error| fault("cannot make", dir, &error))?;
        let key = node_key(dir)?;
        Ok(Shelf { dir: dir.to_owned(), key, surroundings })
    }

    fn path(&self, identity: &Hash32) -> PathBuf {
        self.dir.join(format!("{}.artifact", hex_lower(identity)))
    }

    fn seal(&self, identity: &Hash32, code: &[u8]) -> Seal {
        let mut seal =
            Seal::new_from_slice(&self.key).expect("a MAC key of any length is accepted");
        seal.update(MAGIC);
        seal.update(identity);
        seal.update(code);
        seal
    }

    /// Hands the stored code for `checksum` to `load`, if there is any with a valid seal.
    pub(crate) fn fetch<T>(
        &self,
        checksum: &Hash32,
        load: impl FnOnce(&Authentic<'_>) -> Option<T>,
    ) -> Option<T> {
        let identity = self.surroundings.identity(checksum);
        let file = read_private(&self.path(&identity))?;
        if file.len() < HEADER_BYTES || &file[..MAGIC.len()] != MAGIC {
            return None;
        }
        let (header, code) = file.split_at(HEADER_BYTES);
        self.seal(&identity, code).verify_slice(&header[MAGIC.len()..]).ok()?;
        load(&Authentic(code))
    }

    /// Stores code for `checksum`. A full or broken disk costs a later compilation, nothing else.
    pub(crate) fn keep(&self, checksum: &Hash32, code: &[u8]) {
        let identity = self.surroundings.identity(checksum);
        let seal = self.seal(&identity, code).finalize().into_bytes();
        let path = self.path(&identity);
        let draft = path.with_extension("draft");
        let written = write_private(&draft, &[MAGIC, &seal, code]);
        if written.and_then(|()| fs::rename(&draft, &path)).is_err() {
            let _ = fs::remove_file(&draft);
        }
    }
}

/// The bytes of a regular file; `None` if there is none, it is a link, or too large.
fn read_private(path: &Path) -> Option<Vec<u8>> {
    let meta = fs::symlink_metadata(path).ok()?;
    if !meta.is_file() || meta.len() > FILE_BYTES_MAX {
        return None;
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    let file = fs::File::open(path).ok()?;
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn write_private(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(path)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}

/// The node's key: read if it is there and private, made new otherwise (then nothing stored before is believed).
fn node_key(dir: &Path) -> Hosted<[u8; KEY_BYTES]> {
    let path = dir.join(KEY_FILE);
    let private = fs::symlink_metadata(&path)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o777 == PRIVATE_FILE);
    if private {
        let stored = read_private(&path).and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes).ok());
        if let Some(key) = stored {
            return Ok(key);
        }
    }
    let mut key = [0; KEY_BYTES];
    let source = Path::new("/dev/urandom");
    fs::File::open(source)
        .and_then(|mut random| random.read_exact(&mut key))
        .map_err(|error| fault("cannot read", source, &error))?;
    write_private(&path, &[&key]).map_err(|error| fault("cannot write", &path, &error))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime::{Config, OptLevel};

    #[test]
    fn every_part_of_the_surroundings_makes_another_artifact() {
        let engine = |change: fn(&mut Config)| {
            let mut config = Config::new();
            config.cranelift_nan_canonicalization(true);
            change(&mut config);
            Engine::new(&config).expect("a plain engine")
        };
        let plain = engine(|_| {});
        let parts = || Parts {
            engine: &plain,
            prices: &[1; 32],
            memory_pages_max: 512,
            rewrite_version: 7,
            machine: ["x86_64", "linux"],
            processor: "avx,bmi1",
        };
        let loose_nan = engine(|config| {
            config.cranelift_nan_canonicalization(false);
        });
        let unoptimised = engine(|config| {
            config.cranelift_opt_level(OptLevel::None);
        });
        let fuel = engine(|config| {
            config.consume_fuel(true);
        });
        let identities = [
            parts(),
            Parts { engine: &loose_nan, ..parts() },
            Parts { engine: &unoptimised, ..parts() },
            Parts { engine: &fuel, ..parts() },
            Parts { prices: &[2; 32], ..parts() },
            Parts { memory_pages_max: 511, ..parts() },
            Parts { rewrite_version: 8, ..parts() },
            Parts { machine: ["aarch64", "linux"], ..parts() },
            Parts { machine: ["x86_64", "macos"], ..parts() },
            Parts { processor: "avx", ..parts() },
        ]
        .map(|parts| parts.digest());
        assert_eq!(parts().digest(), identities[0], "equal parts have equal artifacts");
        let distinct: std::collections::BTreeSet<&Hash32> = identities.iter().collect();
        assert_eq!(distinct.len(), identities.len());
        let surroundings = Surroundings(identities[0]);
        assert_ne!(surroundings.identity(&[1; 32]), surroundings.identity(&[2; 32]));
    }
}
