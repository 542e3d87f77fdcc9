//! Keys, one file each, readable by their owner alone: `file` under a passphrase, `test` not encrypted.
//!
//! The `test` backend serves development, tests and machines whose disk is the trust boundary, and says so. A mnemonic is
//! never stored: what is in the file is the derived secret.

pub mod keystore;
pub mod multisig;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use suyuan_client::signer::hd_path;
use suyuan_client::Signer;
use suyuan_solo::log_file::sync_entry;

use crate::fail::{Done, Failure, OrFail};
use crate::keyring::keystore::Keystore;

/// Directory of the `test` backend below the keyring root, named as wasmd names it.
pub const KEYRING_DIR: &str = "keyring-test";
/// Directory of the `file` backend.
pub const KEYRING_FILE_DIR: &str = "keyring-file";
/// Shortest passphrase that is taken for new keys, in characters.
pub const PASSPHRASE_LEN_MIN: usize = 8;
/// Longest key name, in bytes.
pub const NAME_LEN_MAX: usize = 64;
/// Most keys that are listed.
pub const KEYS_MAX: usize = 10_000;
/// Mode of key files: the owner reads and writes.
const FILE_MODE: u32 = 0o600;
/// Mode of the keyring directory.
const DIR_MODE: u32 = 0o700;

/// Where the passphrase of a keyring comes from; asked for when the first secret is needed.
pub type AskPassphrase = std::sync::Arc<dyn Fn() -> Done<String> + Send + Sync>;

/// Keys in a directory.
#[derive(Clone)]
pub struct Keyring {
    dir: PathBuf,
    prefix: String,
    passphrase: Option<AskPassphrase>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// What a key file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    name: String,
    algorithm: String,
    hd_path: Option<String>,
    public_key: String,
    /// In the `test` backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// In the `file` backend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keystore: Option<Keystore>,
}

/// A key as it is shown.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    /// Its name.
    pub name: String,
    /// The key with the address prefix of the keyring.
    pub signer: Signer,
}

impl Keyring {
    /// Keys below `root`, with addresses shown under `prefix`. Nothing is created yet.
    pub fn new(root: &Path, prefix: &str) -> Self {
        Keyring { dir: root.join(KEYRING_DIR), prefix: prefix.to_string(), passphrase: None }
    }

    /// Encrypted keys below `root`; `ask` gives the passphrase.
    pub fn encrypted(root: &Path, prefix: &str, ask: AskPassphrase) -> Self {
        let dir = root.join(KEYRING_FILE_DIR);
        Keyring { dir, prefix: prefix.to_string(), passphrase: Some(ask) }
    }

    /// Whether the keys are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.passphrase.is_some()
    }

    /// Where the files are.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Stores the key of a mnemonic.
    ///
    /// # Errors
    /// Usage for a bad name; local for a name that is taken, bad words and file errors.
    pub fn add_mnemonic(&self, name: &str, words: &str, index: u32) -> Done<KeyEntry> {
        let signer = Signer::from_mnemonic(words, index, &self.prefix)?;
        self.add(name, signer, Some(hd_path(index)))
    }

    /// Stores a raw secret.
    ///
    /// # Errors
    /// See [`Keyring::add_mnemonic`].
    pub fn add_secret(&self, name: &str, secret: &[u8; 32]) -> Done<KeyEntry> {
        let signer = Signer::from_secret(secret, &self.prefix)?;
        self.add(name, signer, None)
    }

    fn add(&self, name: &str, signer: Signer, hd_path: Option<String>) -> Done<KeyEntry> {
        let path = self.path(name)?;
        if path.exists() || self.multisig(name)?.is_some() {
            return Err(Failure::local(format!("there is a key named {name} already")));
        }
        let (secret, keystore) = match &self.passphrase {
            None => (Some(hex::encode(signer.secret())), None),
            Some(ask) => {
                let passphrase = ask()?;
                if passphrase.chars().count() < PASSPHRASE_LEN_MIN {
                    return Err(Failure::usage(format!(
                        "the passphrase needs at least {PASSPHRASE_LEN_MIN} characters"
                    )));
                }
                (None, Some(Keystore::seal(&signer.secret(), &passphrase)?))
            }
        };
        make_private_dir(&self.dir)?;
        let content = KeyFile {
            name: name.to_string(),
            algorithm: "secp256k1".into(),
            hd_path,
            public_key: hex::encode(signer.public_key()),
            secret,
            keystore,
        };
        let mut text = serde_json::to_string_pretty(&content).or_local(|| "key as JSON".into())?;
        text.push('\n');
        write_private(&path, text.as_bytes())?;
        Ok(KeyEntry { name: name.to_string(), signer })
    }

    /// Looks a key up by name.
    ///
    /// # Errors
    /// Local if there is no such key, its file is damaged, or others may read it.
    pub fn find(&self, name: &str) -> Done<KeyEntry> {
        let path = self.path(name)?;
        if !path.exists() {
            return Err(Failure::local(format!("no key named {name} in {}", self.dir.display())));
        }
        refuse_if_shared(&path)?;
        let text = fs::read_to_string(&path).or_local(|| format!("reading {}", path.display()))?;
        let file: KeyFile =
            serde_json::from_str(&text).or_local(|| format!("key file {}", path.display()))?;
        let secret = self.secret_of(&file).map_err(|failure| {
            Failure::local(format!("key file {}: {}", path.display(), failure.text()))
        })?;
        let signer = Signer::from_secret(&secret, &self.prefix)?;
        if hex::encode(signer.public_key()) != file.public_key || file.name != name {
            return Err(Failure::local(format!("key file {} contradicts itself", path.display())));
        }
        Ok(KeyEntry { name: file.name, signer })
    }

    fn secret_of(&self, file: &KeyFile) -> Done<[u8; 32]> {
        match (&file.secret, &file.keystore, &self.passphrase) {
            (Some(text), None, None) => {
                let mut secret = [0u8; 32];
                hex::decode_to_slice(text, &mut secret).or_local(|| "secret".into())?;
                Ok(secret)
            }
            (None, Some(keystore), Some(ask)) => keystore.open(&ask()?),
            _ => Err(Failure::local("the file is of another backend")),
        }
    }

    /// Looks a key up by name or by one of its addresses.
    ///
    /// # Errors
    /// See [`Keyring::find`].
    pub fn find_any(&self, name_or_address: &str) -> Done<KeyEntry> {
        if is_name(name_or_address) && self.path(name_or_address)?.exists() {
            return self.find(name_or_address);
        }
        let found = self.list()?.into_iter().find(|key| key.signer.address() == name_or_address);
        found.ok_or_else(|| {
            Failure::local(format!(
                "no key named {name_or_address} in {}; make one with: suyuan keys add {name_or_address}",
                self.dir.display()
            ))
        })
    }

    /// True if there is a key with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.path(name).is_ok_and(|path| path.exists())
    }

    /// All keys in order of name.
    ///
    /// # Errors
    /// Local for damaged or shared files, and above [`KEYS_MAX`] keys.
    pub fn list(&self) -> Done<Vec<KeyEntry>> {
        if !self.dir.exists() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        let entries =
            fs::read_dir(&self.dir).or_local(|| format!("reading {}", self.dir.display()))?;
        for entry in entries {
            let entry = entry.or_local(|| format!("reading {}", self.dir.display()))?;
            let file = entry.file_name();
            if let Some(name) = file.to_str().and_then(|f| f.strip_suffix(".json")) {
                names.push(name.to_string());
            }
            if names.len() > KEYS_MAX {
                return Err(Failure::local(format!("more than {KEYS_MAX} keys")));
            }
        }
        names.sort();
        names.iter().map(|name| self.find(name)).collect()
    }

    /// Prefix of the addresses that are shown.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn path(&self, name: &str) -> Done<PathBuf> {
        if !is_name(name) {
            return Err(Failure::usage(format!(
                "key name {name:?}: use 1 to {NAME_LEN_MAX} letters, digits, '-', '_' or '.', not first"
            )));
        }
        Ok(self.dir.join(format!("{name}.json")))
    }
}

/// True for names that are safe as a file name.
pub fn is_name(name: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=NAME_LEN_MAX).contains(&name.len())
        && name.chars().all(safe)
        && !name.starts_with(['.', '-'])
}

/// Creates a directory that only its owner may enter.
///
/// # Errors
/// Local.
pub fn make_private_dir(dir: &Path) -> Done {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(DIR_MODE);
    }
    builder.create(dir).or_local(|| format!("creating {}", dir.display()))
}

/// Writes a new file that only its owner may read. The mode is set at creation, so that nobody can look in between.
///
/// # Errors
/// Local; also if the file exists.
pub fn write_private(path: &Path, content: &[u8]) -> Done {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(FILE_MODE);
    }
    let doing = || format!("writing {}", path.display());
    let mut file = options.open(path).or_local(doing)?;
    file.write_all(content).or_local(doing)?;
    file.sync_all().and_then(|()| sync_entry(path)).or_local(doing)
}

/// Writes or replaces a file that a chain cannot go on without: at any moment the old or the new one is whole on stable
/// storage.
///
/// # Errors
/// Local.
pub fn write_durably(path: &Path, content: &[u8]) -> Done {
    let doing = || format!("writing {}", path.display());
    let part = path.with_extension("part");
    let mut file = fs::File::create(&part).or_local(doing)?;
    file.write_all(content).and_then(|()| file.sync_all()).or_local(doing)?;
    fs::rename(&part, path).and_then(|()| sync_entry(path)).or_local(doing)
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path) -> Done {
    use std::os::unix::fs::PermissionsExt;
    let mode =
        fs::metadata(path).or_local(|| format!("reading {}", path.display()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Failure::local(format!(
            "{} can be read by others (mode {:o}); run: chmod 600 {}",
            path.display(),
            mode & 0o777,
            path.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_if_shared(_path: &Path) -> Done {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABANDON: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[cfg(unix)]
    #[test]
    fn keys_are_readable_by_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let ring = Keyring::new(dir.path(), "cosmos");
        ring.add_mnemonic("alice", ABANDON, 0).unwrap();
        let file = ring.dir().join("alice.json");
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(ring.dir()), 0o700);
        assert!(!fs::read_to_string(&file).unwrap().contains("abandon"), "no mnemonic on disk");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(ring.find("alice").unwrap_err().text().contains("chmod 600"));
    }

    #[test]
    fn a_stored_key_is_found_by_name_and_by_address() {
        let dir = tempfile::tempdir().unwrap();
        let ring = Keyring::new(dir.path(), "cosmos");
        ring.add_mnemonic("alice", ABANDON, 0).unwrap();
        let address = "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4";
        assert_eq!(ring.find_any("alice").unwrap().signer.address(), address);
        assert_eq!(ring.find_any(address).unwrap().name, "alice");
        assert!(ring.add_mnemonic("alice", ABANDON, 1).is_err(), "a name is taken once");
        assert_eq!(ring.list().unwrap().len(), 1);
    }

    #[test]
    fn encrypted_keys_open_with_their_passphrase_alone() {
        let dir = tempfile::tempdir().unwrap();
        let with = |words: &'static str| {
            let ask: AskPassphrase = std::sync::Arc::new(move || Ok(words.to_string()));
            Keyring::encrypted(dir.path(), "cosmos", ask)
        };
        assert!(with("short").add_mnemonic("alice", ABANDON, 0).is_err());
        let ring = with("correct horse");
        let made = ring.add_mnemonic("alice", ABANDON, 0).unwrap();
        let text = fs::read_to_string(ring.dir().join("alice.json")).unwrap();
        assert!(!text.contains(&hex::encode(made.signer.secret())), "no secret on disk");
        assert_eq!(ring.find("alice").unwrap().signer.address(), made.signer.address());
        let wrong = with("wrong horse").find("alice").unwrap_err();
        assert!(wrong.text().contains("wrong passphrase"), "{}", wrong.text());
        assert!(Keyring::new(dir.path(), "cosmos").list().unwrap().is_empty());
    }

    #[test]
    fn names_cannot_leave_the_directory() {
        for bad in ["", "..", "../x", "a/b", ".x", "-x", "a b"] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(is_name("alice-1_b.c"));
    }
}
