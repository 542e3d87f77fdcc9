//! `suyuan genesis`: what stands in the genesis of a chain that has not begun.
//!
//! Each change is checked as a whole before it is written: a genesis on disk can start a chain, or was never written.

use serde_json::{json, Value};
use suyuan_app::{App, InitChain};
use suyuan_core::parse_coins;
use suyuan_solo::Genesis;
use suyuan_store::{Options, Store};

use crate::config::Config;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::keyring::write_durably;
use crate::node_handle::{open_vm, read_genesis};

/// What to change or show.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add an account, or change the one with this address
    AddAccount {
        /// Key name or address.
        account: String,
        /// Its coins, like 1000usy,5atom.
        #[arg(default_value = "")]
        coins: String,
        /// Sequence that it begins with
        #[arg(long)]
        sequence: Option<u64>,
        /// Account number; the lowest free one if none is given
        #[arg(long)]
        number: Option<u64>,
        /// Public key in the SDK's JSON form, one key or several with a threshold
        #[arg(long, value_name = "JSON")]
        pubkey: Option<String>,
    },
    /// Describe a denomination: base unit, unit that people read, and the power of ten between them
    AddDenom {
        /// Base denomination.
        base: String,
        /// Denomination for people.
        display: String,
        /// Power of ten.
        exponent: u32,
        /// Name and symbol for people
        #[arg(long, default_value = "")]
        name: String,
        /// Text for people
        #[arg(long, default_value = "")]
        description: String,
    },
    /// Name the validators: public key (ed25519, base64) and power of each, replacing those there
    SetValidators {
        /// KEY=POWER.
        #[arg(required = true)]
        validators: Vec<String>,
    },
    /// Who may upload code and, by default, instantiate it: everybody, nobody or addresses with commas
    SetWasmAccess {
        /// Upload.
        upload: String,
        /// Default of instantiation: everybody or nobody.
        #[arg(default_value = "everybody")]
        instantiate: String,
    },
    /// Who may send transactions: open, addresses or contract
    SetAdmission {
        /// open, addresses or contract.
        #[arg(value_parser = ["open", "addresses", "contract"])]
        kind: String,
        /// Addresses; the contract's.
        #[arg(value_delimiter = ',')]
        addresses: Vec<String>,
        /// Who may send before the contract exists
        #[arg(long, value_delimiter = ',')]
        before: Vec<String>,
    },
    /// Capabilities that contracts may require
    SetCapabilities {
        /// With commas.
        #[arg(value_delimiter = ',')]
        capabilities: Vec<String>,
    },
    /// Least price of gas, like 0.025usy; empty for none
    SetGasPrices {
        /// With commas.
        prices: String,
    },
    /// Chain id, here and in config.toml
    SetChainId {
        /// The id.
        id: String,
    },
    /// Prefix of addresses, here and in config.toml; addresses in the genesis are written anew
    SetPrefix {
        /// The prefix.
        to: String,
    },
    /// Check that a chain can start from it
    Validate,
    /// Show it
    Show,
}

/// Runs one of them.
///
/// # Errors
/// Usage for a genesis that could not start a chain; local if the chain has begun, or for files.
pub fn run(ctx: &Ctx, command: Command) -> Done {
    let before = read_genesis(&ctx.home)?;
    let mut config = ctx.config()?.clone();
    let mut doc = before.to_json();
    match command {
        Command::Show => {
            ctx.print(&doc);
            return Ok(());
        }
        Command::Validate => {
            check(&doc, &config)?;
            ctx.print(&json!({"valid": true, "chain_id": before.chain_id.as_str()}));
            return Ok(());
        }
        change => change_document(ctx, change, &mut doc, &mut config)?,
    }
    if ctx.home.blocks_dir().exists() {
        return Err(Failure::local("the chain has begun: its genesis does not change any more"));
    }
    let genesis = check(&doc, &config)?;
    let mut text =
        serde_json::to_string_pretty(&genesis.to_json()).or_local(|| "genesis as JSON".into())?;
    text.push('\n');
    write_durably(&ctx.home.genesis_file(), text.as_bytes())?;
    write_durably(&ctx.home.config_file(), config.to_text().as_bytes())?;
    ctx.print(&json!({"written": ctx.home.genesis_file().display().to_string()}));
    Ok(())
}

/// Reads the document as a node does, and computes its first state in memory.
fn check(doc: &Value, config: &Config) -> Done<Genesis> {
    let text = serde_json::to_vec(doc).or_local(|| "genesis as JSON".into())?;
    let genesis =
        Genesis::from_json(&text).or_usage(|| "the genesis cannot start a chain".into())?;
    if genesis.chain_id.as_str() != config.chain_id {
        return Err(Failure::usage(format!(
            "config.toml names chain {}, the genesis names {}",
            config.chain_id, genesis.chain_id
        )));
    }
    let vm = open_vm(&genesis, None)?;
    let mut app = App::new(Store::in_memory(Options::new(&suyuan_app::STORES)), vm)?;
    let seconds = u64::try_from(genesis.genesis_time.unix_timestamp()).unwrap_or(0);
    let request = InitChain {
        chain_id: genesis.chain_id.to_string(),
        time_ns: seconds.saturating_mul(1_000_000_000),
        app_state: genesis.app_state.clone(),
        consensus_params: suyuan_app::ConsensusParams::default(),
        initial_height: genesis.initial_height,
        validators: Vec::new(),
    };
    app.init_chain(request)?.or_usage(|| "the genesis cannot start a chain".into())?;
    Ok(genesis)
}

fn change_document(ctx: &Ctx, command: Command, doc: &mut Value, config: &mut Config) -> Done {
    let state = &mut doc["app_state"];
    match command {
        Command::AddAccount { account, coins, sequence, number, pubkey } => {
            let address = ctx.address_of(&account)?;
            let mut entry = json!({"address": address});
            for (name, value) in [("sequence", sequence), ("account_number", number)] {
                if let Some(value) = value {
                    entry[name] = json!(value.to_string());
                }
            }
            if let Some(text) = pubkey {
                entry["pub_key"] = serde_json::from_str(&text).or_usage(|| "--pubkey".into())?;
            }
            put(list(state, "auth", "accounts")?, "address", entry);
            let coins = parse_coins(&coins).or_usage(|| format!("coins of {account}"))?;
            if !coins.is_empty() {
                let shown: Vec<Value> = coins
                    .iter()
                    .map(|c| json!({"denom": c.denom, "amount": c.amount.to_string()}))
                    .collect();
                let entry = json!({"address": address, "coins": shown});
                put(list(state, "bank", "balances")?, "address", entry);
            }
        }
        Command::AddDenom { base, display, exponent, name, description } => {
            let entry = json!({
                "description": description,
                "denom_units": [
                    {"denom": base, "exponent": 0, "aliases": []},
                    {"denom": display, "exponent": exponent, "aliases": []},
                ],
                "base": base, "display": display, "name": name, "symbol": name,
                "uri": "", "uri_hash": "",
            });
            put(list(state, "bank", "denom_metadata")?, "base", entry);
        }
        Command::SetValidators { validators } => {
            doc["validators"] =
                validators.iter().map(|text| validator(text)).collect::<Done<_>>()?;
        }
        Command::SetWasmAccess { upload, instantiate } => {
            state["wasm"]["params"] = json!({
                "code_upload_access": access(&upload),
                "instantiate_default_permission": access(&instantiate)["permission"],
            });
        }
        Command::SetAdmission { kind, addresses, before } => {
            state["suyuan"]["admission"] = match (kind.as_str(), &addresses[..]) {
                ("open", []) => json!("open"),
                ("addresses", [_, ..]) => json!({ "addresses": addresses }),
                ("contract", [one]) => json!({"contract": {"address": one, "before": before}}),
                _ => return Err(Failure::usage(format!("{kind}: other addresses are needed"))),
            };
        }
        Command::SetCapabilities { capabilities } => {
            state["suyuan"]["capabilities"] = json!(capabilities);
        }
        Command::SetGasPrices { prices } => {
            state["suyuan"]["minimum_gas_prices"] = json!(prices);
        }
        Command::SetChainId { id } => {
            doc["chain_id"] = json!(id);
            config.chain_id = id;
        }
        Command::SetPrefix { to: prefix } => {
            if !suyuan_core::address::is_valid_prefix(&prefix) {
                return Err(Failure::usage(format!("{prefix:?} cannot be a prefix of addresses")));
            }
            rename(state, &config.prefix, &prefix);
            state["suyuan"]["bech32_prefix"] = json!(prefix);
            config.prefix = prefix;
        }
        Command::Show | Command::Validate => {}
    }
    Ok(())
}

/// The list `name` in a section, made if it is missing.
fn list<'s>(state: &'s mut Value, section: &str, name: &str) -> Done<&'s mut Vec<Value>> {
    let slot = &mut state[section][name];
    if slot.is_null() {
        *slot = json!([]);
    }
    slot.as_array_mut().ok_or_else(|| Failure::usage(format!("{section}.{name} is no list")))
}

/// Puts `entry` in the place of the one with the same `key`, or at the end.
fn put(list: &mut Vec<Value>, key: &str, entry: Value) {
    match list.iter_mut().find(|own| own[key] == entry[key]) {
        Some(own) => *own = entry,
        None => list.push(entry),
    }
}

fn validator(text: &str) -> Done<Value> {
    // Base64 may end in '=', so the power stands behind the last one.
    let (key, power) = text
        .rsplit_once('=')
        .ok_or_else(|| Failure::usage(format!("{text:?}: write it like KEY=10")))?;
    Ok(json!({
        "pub_key": {"type": "tendermint/PubKeyEd25519", "value": key},
        "power": power,
        "name": "",
    }))
}

fn access(text: &str) -> Value {
    match text {
        "everybody" => json!({"permission": "Everybody", "addresses": []}),
        "nobody" => json!({"permission": "Nobody", "addresses": []}),
        list => {
            let addresses: Vec<&str> = list.split(',').collect();
            json!({"permission": "AnyOfAddresses", "addresses": addresses})
        }
    }
}

/// Writes every address with the prefix `from` with the prefix `to`. Depth is that of the document.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => {
            if let Ok(addr) = suyuan_core::address::decode(from, text) {
                if let Ok(renamed) = suyuan_core::address::encode(to, &addr) {
                    *text = renamed;
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|v| rename(v, from, to)),
        Value::Object(map) => map.values_mut().for_each(|v| rename(v, from, to)),
        _ => {}
    }
}
