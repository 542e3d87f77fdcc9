//! Keys of several people in the keyring: nothing in them is secret, so their files are never encrypted.

use std::fs;

use serde::{Deserialize, Serialize};
use suyuan_tx::{Multisig, PubKey};

use super::{make_private_dir, write_private, Keyring, KEYS_MAX};
use crate::fail::{Done, Failure, OrFail};

/// End of the names of such files; keys of one person end in `.json`.
const SUFFIX: &str = ".multisig";

/// What a file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MultisigFile {
    name: String,
    threshold: u32,
    /// Compressed keys in hexadecimal, in the order that the address depends on.
    public_keys: Vec<String>,
}

/// A key of several people.
#[derive(Clone, Debug)]
pub struct MultisigEntry {
    /// Its name.
    pub name: String,
    /// The keys and how many of them must sign.
    pub key: Multisig,
    /// Address of the account under the keyring's prefix.
    pub address: String,
}

impl Keyring {
    /// Stores `threshold` of `keys`, in this order.
    ///
    /// # Errors
    /// Usage for a bad name or threshold; local for a name that is taken and file errors.
    pub fn add_multisig(
        &self,
        name: &str,
        threshold: u32,
        keys: Vec<[u8; 33]>,
    ) -> Done<MultisigEntry> {
        if self.path(name)?.exists() || self.multisig_named(name)?.is_some() {
            return Err(Failure::local(format!("there is a key named {name} already")));
        }
        let public_keys = keys.iter().map(hex::encode).collect();
        let key = Multisig::new(threshold, keys)
            .or_usage(|| "a multisig needs 1 <= threshold <= keys".into())?;
        make_private_dir(self.dir())?;
        let content = MultisigFile { name: name.to_string(), threshold, public_keys };
        let mut text = serde_json::to_string_pretty(&content).or_local(|| "key as JSON".into())?;
        text.push('\n');
        write_private(&self.dir().join(format!("{name}{SUFFIX}")), text.as_bytes())?;
        self.entry(name, key)
    }

    /// The key of several people with this name or address, if there is one.
    ///
    /// # Errors
    /// Local for damaged files.
    pub fn multisig(&self, name_or_address: &str) -> Done<Option<MultisigEntry>> {
        if let Some(found) = self.multisig_named(name_or_address)? {
            return Ok(Some(found));
        }
        Ok(self.multisigs()?.into_iter().find(|entry| entry.address == name_or_address))
    }

    /// All keys of several people in order of name.
    ///
    /// # Errors
    /// Local for damaged files, and above [`KEYS_MAX`] of them.
    pub fn multisigs(&self) -> Done<Vec<MultisigEntry>> {
        if !self.dir().exists() {
            return Ok(Vec::new());
        }
        let doing = || format!("reading {}", self.dir().display());
        let mut names = Vec::new();
        for entry in fs::read_dir(self.dir()).or_local(doing)? {
            let file = entry.or_local(doing)?.file_name();
            if let Some(name) = file.to_str().and_then(|f| f.strip_suffix(SUFFIX)) {
                names.push(name.to_string());
            }
            if names.len() > KEYS_MAX {
                return Err(Failure::local(format!("more than {KEYS_MAX} keys")));
            }
        }
        names.sort();
        let found = names.iter().map(|name| self.multisig_named(name));
        Ok(found.collect::<Done<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn multisig_named(&self, name: &str) -> Done<Option<MultisigEntry>> {
        if !super::is_name(name) {
            return Ok(None);
        }
        let path = self.dir().join(format!("{name}{SUFFIX}"));
        let doing = || format!("key file {}", path.display());
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).or_local(doing)?;
        let file: MultisigFile = serde_json::from_str(&text).or_local(doing)?;
        let keys = file.public_keys.iter().map(|text| {
            let mut key = [0u8; 33];
            hex::decode_to_slice(text, &mut key).or_local(doing)?;
            Ok(key)
        });
        let key = Multisig::new(file.threshold, keys.collect::<Done<Vec<_>>>()?).or_local(doing)?;
        self.entry(name, key).map(Some)
    }

    fn entry(&self, name: &str, key: Multisig) -> Done<MultisigEntry> {
        let addr = PubKey::Multisig(key.clone()).address().unwrap_or_default();
        let address = suyuan_core::address::encode(self.prefix(), &addr)
            .or_usage(|| format!("address prefix {}", self.prefix()))?;
        Ok(MultisigEntry { name: name.to_string(), key, address })
    }
}
