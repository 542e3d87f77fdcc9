//! `suyuan init`: configuration, genesis and validator key of a new chain.

use std::fs;
use std::path::Path;

use serde_json::{json, Value};
use suyuan_client::signer::new_mnemonic;
use suyuan_core::{parse_coins, Coin};
use suyuan_solo::{Genesis, ValidatorKey};
use tendermint::Time;

use crate::config::{Config, Home};
use crate::context::{Ctx, PREFIX_DEFAULT};
use crate::fail::{Done, Failure, OrFail};
use crate::genesis::{Beginning, CHAIN_ID_DEFAULT, DENOM_DEFAULT};
use crate::keyring::{make_private_dir, write_durably, Keyring};

/// What the new chain is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Base denomination
    #[arg(long, default_value = DENOM_DEFAULT)]
    pub denom: String,
    /// Replace an initialised home, its data included; keys of users stay
    #[arg(long)]
    pub overwrite: bool,
    /// An account of the genesis and its coins: a key name (made if there is none) or an address
    #[arg(long = "genesis-account", value_name = "NAME|ADDRESS=COINS")]
    pub genesis_accounts: Vec<String>,
    /// Capabilities that contracts may require [default: iterator and the standard library up to 2.2]
    #[arg(long, value_delimiter = ',')]
    pub capabilities: Vec<String>,
}

/// An account of the genesis as `init` reports it.
#[derive(Clone, Debug)]
pub struct MadeAccount {
    /// Key name, if it was given by name.
    pub name: Option<String>,
    /// Address.
    pub address: String,
    /// Mnemonic of a key that was made now.
    pub mnemonic: Option<String>,
}

/// Writes the files and reports what was made.
///
/// # Errors
/// Usage for bad arguments; local if the home is initialised already or cannot be written.
pub fn run(ctx: &Ctx, args: Args) -> Done {
    let chain_id = ctx.globals.chain_id.as_deref().unwrap_or(CHAIN_ID_DEFAULT);
    // An old configuration that is about to be replaced does not decide the new prefix.
    let prefix = ctx.globals.prefix.as_deref().unwrap_or(PREFIX_DEFAULT);
    let ring = ctx.keyring_of(prefix);
    check_arguments(ctx, prefix, &args)?;
    let mut beginning = Beginning::new(prefix, &args.denom);
    if !args.capabilities.is_empty() {
        beginning.capabilities.clone_from(&args.capabilities);
    }
    let made = genesis_accounts(&ring, prefix, &args.genesis_accounts, &mut beginning)?;
    if args.overwrite {
        remove_chain(&ctx.home)?;
    }
    write_home(&ctx.home, &Config::new(chain_id, prefix, &args.denom), &beginning)?;
    report(ctx, chain_id, &ring, &made);
    Ok(())
}

/// Writes configuration, genesis (with the validator in it) and validator key.
///
/// # Errors
/// Usage if the genesis cannot start a chain; local if a file cannot be written.
pub fn write_home(home: &Home, config: &Config, beginning: &Beginning) -> Done {
    make_private_dir(&home.config_dir())?;
    make_private_dir(&home.data_dir())?;
    let key = ValidatorKey::load_or_create(&home.validator_key_file())?;
    let mut genesis = Genesis::new(&config.chain_id, Time::now(), beginning.app_state())
        .or_usage(|| "the genesis cannot start a chain".into())?;
    // Naming the validator in the file binds the chain to its key.
    let set = genesis.solo_validators(key.public_key()).or_local(|| "validator".into())?;
    genesis.validators = set.validators().clone();
    let mut text =
        serde_json::to_string_pretty(&genesis.to_json()).or_local(|| "genesis as JSON".into())?;
    text.push('\n');
    write_new(&home.genesis_file(), &text)?;
    write_new(&home.config_file(), &config.to_text())
}

/// Reads `NAME=COINS` and `ADDRESS=COINS`, makes missing keys, and fills the genesis.
///
/// # Errors
/// Usage for unreadable entries; local for keyring errors.
pub fn genesis_accounts(
    ring: &Keyring,
    prefix: &str,
    entries: &[String],
    beginning: &mut Beginning,
) -> Done<Vec<MadeAccount>> {
    let mut made = Vec::new();
    for entry in entries {
        let (who, coins) = split_entry(entry)?;
        let account = account_for(ring, prefix, who)?;
        beginning.add_account(&account.address, coins)?;
        made.push(account);
    }
    Ok(made)
}

fn split_entry(entry: &str) -> Done<(&str, Vec<Coin>)> {
    let (who, coins) = entry
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("{entry:?}: write it like alice=1000000usy")))?;
    let coins = parse_coins(coins).or_usage(|| format!("coins of {who}"))?;
    if coins.is_empty() || coins.iter().any(|c| c.amount == 0) {
        return Err(Failure::usage(format!("{entry:?} gives no coins")));
    }
    Ok((who, coins))
}

fn account_for(ring: &Keyring, prefix: &str, who: &str) -> Done<MadeAccount> {
    if suyuan_core::address::decode(prefix, who).is_ok() {
        return Ok(MadeAccount { name: None, address: who.to_string(), mnemonic: None });
    }
    let (key, mnemonic) = if ring.contains(who) {
        (ring.find(who)?, None)
    } else {
        let words = new_mnemonic()?;
        (ring.add_mnemonic(who, &words, 0)?, Some(words))
    };
    let address = key.signer.address().to_string();
    Ok(MadeAccount { name: Some(key.name), address, mnemonic })
}

fn check_arguments(ctx: &Ctx, prefix: &str, args: &Args) -> Done {
    if !suyuan_core::address::is_valid_prefix(prefix) {
        return Err(Failure::usage(format!("{prefix:?} cannot be a prefix of addresses")));
    }
    if !suyuan_core::is_valid_denom(&args.denom) {
        return Err(Failure::usage(format!("{:?} cannot be a denomination", args.denom)));
    }
    for entry in &args.genesis_accounts {
        split_entry(entry)?;
    }
    let home = &ctx.home;
    let taken = home.genesis_file().exists() || home.data_dir().exists();
    if taken && !args.overwrite {
        let shown = home.root().display().to_string();
        return Err(Failure::local(ctx.lang().already_initialised(&shown)));
    }
    Ok(())
}

/// Removes a chain and what was deployed on it; the users' keyring stays.
fn remove_chain(home: &Home) -> Done {
    for dir in [home.config_dir(), home.data_dir()] {
        if dir.exists() {
            fs::remove_dir_all(&dir).or_local(|| format!("removing {}", dir.display()))?;
        }
    }
    for file in [home.deployment_file(), home.rpc_addr_file()] {
        if file.exists() {
            fs::remove_file(&file).or_local(|| format!("removing {}", file.display()))?;
        }
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> Done {
    write_durably(path, text.as_bytes())
}

fn report(ctx: &Ctx, chain_id: &str, ring: &Keyring, made: &[MadeAccount]) {
    let accounts: Vec<Value> = made
        .iter()
        .map(|account| {
            let mut shown = json!({"name": account.name, "address": account.address});
            if let Some(words) = &account.mnemonic {
                shown["mnemonic"] = json!(words);
            }
            shown
        })
        .collect();
    let home = ctx.home.root().display().to_string();
    ctx.print(&json!({"chain_id": chain_id, "home": home, "genesis_accounts": accounts}));
    if made.iter().any(|account| account.mnemonic.is_some()) {
        ctx.say(ctx.lang().write_it_down());
        if !ring.is_encrypted() {
            ctx.say(&ctx.lang().keys_are_plain(&ring.dir().display().to_string()));
        }
    }
    ctx.say(&ctx.lang().initialised(chain_id, &home));
    if made.is_empty() {
        ctx.say(ctx.lang().no_accounts());
    }
}
