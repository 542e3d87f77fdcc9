//! `suyuan keys`: make, list, show and import keys.

use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;

use serde_json::{json, Value};
use suyuan_client::signer::new_mnemonic;

use crate::cmd::tx::offline::multisig_json;
use crate::context::{ask_passphrase, Ctx};
use crate::fail::{Done, Failure, OrFail};
use crate::keyring::keystore::Keystore;
use crate::keyring::multisig::MultisigEntry;
use crate::keyring::{KeyEntry, Keyring};
use crate::output;

/// Longest input that is read as a mnemonic or secret, in bytes.
const SECRET_INPUT_BYTES_MAX: u64 = 4096;

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a new key, or recover one from its mnemonic
    Add {
        /// Name of the key.
        name: String,
        /// Read the mnemonic from standard input instead of making one
        #[arg(long)]
        recover: bool,
        /// Number of the account below the mnemonic, the i of m/44'/118'/0'/0/i
        #[arg(long, default_value_t = 0)]
        index: u32,
        /// Several keys instead: names of keys of this keyring, or public keys in hexadecimal
        #[arg(
            long,
            value_delimiter = ',',
            value_name = "KEY,KEY",
            requires = "multisig_threshold",
            conflicts_with = "recover"
        )]
        multisig: Vec<String>,
        /// How many of them must sign
        #[arg(long, value_name = "N", requires = "multisig")]
        multisig_threshold: Option<u32>,
        /// Keep the keys in the order given, which changes the address
        #[arg(long, requires = "multisig")]
        nosort: bool,
    },
    /// List all keys
    List,
    /// Show one key
    Show {
        /// Name or address.
        name: String,
        /// Only the address
        #[arg(long, short = 'a')]
        address: bool,
        /// Only the public key
        #[arg(long, short = 'p', conflicts_with = "address")]
        pubkey: bool,
    },
    /// Write a key for another keyring: encrypted with a passphrase, or with --unsafe-hex the bare secret
    Export {
        /// Name or address.
        name: String,
        /// Print the secret itself
        #[arg(long)]
        unsafe_hex: bool,
    },
    /// Import a key from a file, or from standard input
    Import {
        /// Name of the key.
        name: String,
        /// File with a mnemonic (or a secret with --hex); - is standard input
        #[arg(default_value = "-")]
        file: PathBuf,
        /// The input is a secret key of 64 hex digits
        #[arg(long)]
        hex: bool,
        /// The input is what `keys export` wrote
        #[arg(long, conflicts_with = "hex")]
        keystore: bool,
        /// Number of the account below the mnemonic
        #[arg(long, default_value_t = 0)]
        index: u32,
    },
}

/// Runs one of them.
///
/// # Errors
/// Usage for bad names; local for files and the keyring.
pub fn run(ctx: &Ctx, command: Command) -> Done {
    let ring = ctx.keyring();
    match command {
        Command::Add { name, multisig, multisig_threshold: Some(threshold), nosort, .. } => {
            let mut keys = multisig
                .iter()
                .map(|member| public_key_of(&ring, member))
                .collect::<Done<Vec<_>>>()?;
            if !nosort {
                keys.sort_by_key(suyuan_core::address::account_address);
            }
            ctx.print(&multisig_entry_json(&ring.add_multisig(&name, threshold, keys)?));
        }
        Command::Add { name, recover: false, index, .. } => {
            let words = new_mnemonic()?;
            let key = ring.add_mnemonic(&name, &words, index)?;
            print_new(ctx, &key, Some(&words));
        }
        Command::Add { name, recover: true, index, .. } => {
            if std::io::stdin().is_terminal() {
                ctx.say(ctx.lang().enter_mnemonic());
            }
            let words = read_secret(&PathBuf::from("-"))?;
            print_new(ctx, &ring.add_mnemonic(&name, &words, index)?, None);
        }
        Command::List => {
            let mut keys: Vec<Value> = ring.list()?.iter().map(key_json).collect();
            keys.extend(ring.multisigs()?.iter().map(multisig_entry_json));
            ctx.print(&Value::Array(keys));
        }
        Command::Show { name, address, pubkey } if ring.multisig(&name)?.is_some() => {
            let Some(several) = ring.multisig(&name)? else { return Ok(()) };
            match (address, pubkey) {
                (true, _) => output::print_line(&several.address),
                (_, true) => output::print_line(&multisig_json(&several.key).to_string()),
                _ => ctx.print(&multisig_entry_json(&several)),
            }
        }
        Command::Show { name, address, pubkey } => {
            let key = ring.find_any(&name)?;
            match (address, pubkey) {
                (true, _) => output::print_line(key.signer.address()),
                (_, true) => output::print_line(&pubkey_json(&key).to_string()),
                _ => ctx.print(&key_json(&key)),
            }
        }
        Command::Export { name, unsafe_hex } => {
            let key = ring.find_any(&name)?;
            if unsafe_hex {
                output::print_line(&hex::encode(key.signer.secret()));
            } else {
                let keystore = Keystore::seal(&key.signer.secret(), &ask_passphrase()?)?;
                let text = serde_json::to_string(&keystore).or_local(|| "key as JSON".into())?;
                output::print_line(&text);
            }
        }
        Command::Import { name, file, hex, keystore, index } => {
            let text = read_secret(&file)?;
            let key = if keystore {
                let keystore: Keystore =
                    serde_json::from_str(&text).or_usage(|| "the input is no key file".into())?;
                ring.add_secret(&name, &keystore.open(&ask_passphrase()?)?)?
            } else if hex {
                let mut secret = [0u8; 32];
                hex::decode_to_slice(text.trim(), &mut secret)
                    .or_usage(|| "the secret is not 64 hex digits".into())?;
                ring.add_secret(&name, &secret)?
            } else {
                ring.add_mnemonic(&name, &text, index)?
            };
            print_new(ctx, &key, None);
        }
    }
    Ok(())
}

/// Shows a key that was just stored; the mnemonic, if one was made, this once.
pub fn print_new(ctx: &Ctx, key: &KeyEntry, mnemonic: Option<&str>) {
    let mut shown = key_json(key);
    if let Some(words) = mnemonic {
        shown["mnemonic"] = json!(words);
        ctx.say(ctx.lang().write_it_down());
    }
    let ring = ctx.keyring();
    if !ring.is_encrypted() {
        ctx.say(&ctx.lang().keys_are_plain(&ring.dir().display().to_string()));
    }
    ctx.print(&shown);
}

/// A member of a multisig: a key of this keyring, or its public part.
fn public_key_of(ring: &Keyring, member: &str) -> Done<[u8; 33]> {
    if ring.contains(member) {
        return Ok(ring.find(member)?.signer.public_key());
    }
    let mut key = [0u8; 33];
    hex::decode_to_slice(member, &mut key)
        .or_usage(|| format!("{member} is neither a key nor a public key of 66 hex digits"))?;
    Ok(key)
}

fn multisig_entry_json(entry: &MultisigEntry) -> Value {
    json!({
        "name": entry.name,
        "type": "multi",
        "address": entry.address,
        "pubkey": multisig_json(&entry.key).to_string(),
    })
}

fn key_json(key: &KeyEntry) -> Value {
    json!({
        "name": key.name,
        "type": "local",
        "address": key.signer.address(),
        // A text within the JSON, as Cosmos command lines print it.
        "pubkey": pubkey_json(key).to_string(),
    })
}

fn pubkey_json(key: &KeyEntry) -> Value {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.encode(key.signer.public_key());
    json!({"@type": "/cosmos.crypto.secp256k1.PubKey", "key": bytes})
}

fn read_secret(file: &std::path::Path) -> Done<String> {
    let mut text = String::new();
    let doing = || format!("reading {}", file.display());
    if file.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(SECRET_INPUT_BYTES_MAX)
            .read_to_string(&mut text)
            .or_local(doing)?;
    } else {
        std::fs::File::open(file)
            .or_local(doing)?
            .take(SECRET_INPUT_BYTES_MAX)
            .read_to_string(&mut text)
            .or_local(doing)?;
    }
    if text.trim().is_empty() {
        return Err(Failure::usage("nothing to import: the input is empty"));
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
