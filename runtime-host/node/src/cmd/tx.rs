//! `suyuan tx`: transactions of bank and wasm, with the names and flags of wasmd.

pub mod offline;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use cosmos_sdk_proto::cosmwasm::wasm::v1::{AccessConfig, AccessType};
use cosmos_sdk_proto::Any;
use suyuan_client::msg::{self, NewContract};
use suyuan_client::Signer;

use crate::cmd::send::send;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};

/// Largest wasm file that is read, in bytes; chains refuse much smaller ones, with a better text.
const WASM_BYTES_MAX: u64 = 16 << 20;

/// Modules that take transactions.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Move coins
    #[command(subcommand)]
    Bank(Bank),
    /// Upload and run contracts
    #[command(subcommand)]
    Wasm(Wasm),
    /// Sign a transaction that --generate-only printed, as a whole or as one member of a multisig
    Sign {
        /// The transaction; - is standard input.
        file: PathBuf,
        /// Sign as a member of this key: its name or address
        #[arg(long, value_name = "NAME")]
        multisig: Option<String>,
        /// Where the signature holds.
        #[command(flatten)]
        place: offline::PlaceArgs,
    },
    /// Put signatures of a multisig together
    Multisign {
        /// The transaction without signature.
        file: PathBuf,
        /// Name or address of the multisig.
        name: String,
        /// What `tx sign --multisig` printed, a file per member.
        #[arg(required = true)]
        signatures: Vec<PathBuf>,
        /// Where the signature holds.
        #[command(flatten)]
        place: offline::PlaceArgs,
    },
    /// Send a signed transaction
    Broadcast {
        /// The transaction; - is standard input.
        file: PathBuf,
    },
    /// Print the bytes of a transaction in base64
    Encode {
        /// The transaction; - is standard input.
        file: PathBuf,
    },
    /// Print a transaction given as bytes
    Decode {
        /// Bytes in base64.
        bytes: String,
        /// They are in hexadecimal
        #[arg(long, short = 'x')]
        hex: bool,
    },
}

/// Transactions of the bank module.
#[derive(Debug, clap::Subcommand)]
pub enum Bank {
    /// Send coins to an account
    Send {
        /// Sender: a key name or address (signs, unless --from says otherwise).
        #[arg(value_name = "FROM")]
        sender: String,
        /// Receiver: an address or key name.
        to: String,
        /// What to send, like 10usy
        amount: String,
    },
}

/// Transactions of the wasm module.
#[derive(Debug, clap::Subcommand)]
pub enum Wasm {
    /// Upload a contract (.wasm, or gzip)
    Store {
        /// The file.
        file: PathBuf,
        /// Everybody may instantiate it
        #[arg(long, value_name = "BOOL", group = "who")]
        instantiate_everybody: Option<bool>,
        /// Nobody may instantiate it
        #[arg(long, value_name = "BOOL", group = "who")]
        instantiate_nobody: Option<bool>,
        /// Only these addresses may instantiate it
        #[arg(long, value_delimiter = ',', value_name = "ADDRESS", group = "who")]
        instantiate_anyof_addresses: Vec<String>,
    },
    /// Create a contract from an uploaded code
    Instantiate {
        /// Id of the code.
        code_id: u64,
        /// Message as JSON.
        msg: String,
        /// What the new contract is.
        #[command(flatten)]
        new: NewArgs,
    },
    /// Create a contract at a predictable address
    Instantiate2 {
        /// Id of the code.
        code_id: u64,
        /// Message as JSON.
        msg: String,
        /// Salt as hex
        salt: String,
        /// The address depends on the message as well
        #[arg(long)]
        fix_msg: bool,
        /// What the new contract is.
        #[command(flatten)]
        new: NewArgs,
    },
    /// Call a contract
    Execute {
        /// Address of the contract.
        contract: String,
        /// Message as JSON.
        msg: String,
        /// Coins to send along, like 10usy
        #[arg(long, default_value = "", hide_default_value = true)]
        amount: String,
    },
    /// Move a contract to another code
    Migrate {
        /// Address of the contract.
        contract: String,
        /// Id of the new code.
        code_id: u64,
        /// Message as JSON.
        msg: String,
    },
    /// Give the right to migrate to somebody else
    SetContractAdmin {
        /// Address of the contract.
        contract: String,
        /// Address or key name of the new admin.
        new_admin: String,
    },
    /// Take the right to migrate from everybody, for ever
    ClearContractAdmin {
        /// Address of the contract.
        contract: String,
    },
}

/// Flags of a new contract.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// Name for people
    #[arg(long)]
    label: String,
    /// Who may migrate it: an address or key name
    #[arg(long, conflicts_with = "no_admin", required_unless_present = "no_admin")]
    admin: Option<String>,
    /// Nobody may migrate it
    #[arg(long)]
    no_admin: bool,
    /// Coins to send along, like 10usy
    #[arg(long, default_value = "", hide_default_value = true)]
    amount: String,
}

/// Builds, signs and sends.
///
/// # Errors
/// See [`send`]; usage for unreadable arguments.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    match command {
        Command::Bank(bank) => {
            let Bank::Send { sender, .. } = &bank;
            let by = Sender::new(ctx, Some(sender))?;
            let message = bank_message(ctx, by.address(), bank)?;
            by.send(ctx, message).await
        }
        Command::Wasm(wasm) => {
            let by = Sender::new(ctx, None)?;
            let message = wasm_message(ctx, by.address(), wasm)?;
            by.send(ctx, message).await
        }
        Command::Sign { file, multisig, place } => {
            offline::sign(ctx, &file, multisig.as_deref(), place).await
        }
        Command::Multisign { file, name, signatures, place } => {
            offline::multisign(ctx, &file, &name, &signatures, place).await
        }
        Command::Broadcast { file } => offline::broadcast(ctx, &file).await,
        Command::Encode { file } => offline::encode(&file),
        Command::Decode { bytes, hex } => offline::decode(&bytes, hex),
    }
}

/// Who sends: a key that signs at once, or an account for which others will sign.
enum Sender {
    Key(Box<Signer>),
    Account(String),
}

impl Sender {
    /// The key that `--from` names, else `given`, else the only one there is.
    fn new(ctx: &Ctx, given: Option<&str>) -> Done<Sender> {
        let flags = &ctx.globals.tx;
        let name = flags.from.as_deref().or(given);
        match (flags.generate_only, name) {
            (true, Some(name)) => Ok(Sender::Account(ctx.address_of(name)?)),
            (true, None) => Ok(Sender::Account(ctx.signer()?.address().to_string())),
            (false, Some(name)) => Ok(Sender::Key(Box::new(ctx.keyring().find_any(name)?.signer))),
            (false, None) => Ok(Sender::Key(Box::new(ctx.signer()?))),
        }
    }

    fn address(&self) -> &str {
        match self {
            Sender::Key(signer) => signer.address(),
            Sender::Account(address) => address,
        }
    }

    async fn send(&self, ctx: &Ctx, message: Any) -> Done {
        match self {
            Sender::Key(signer) => send(ctx, &ctx.client().await?, signer, vec![message]).await,
            Sender::Account(address) => offline::generate(ctx, address, vec![message]).await,
        }
    }
}

fn bank_message(ctx: &Ctx, from: &str, bank: Bank) -> Done<Any> {
    let Bank::Send { sender, to, amount } = bank;
    if ctx.address_of(&sender)? != from {
        return Err(Failure::usage(format!("{sender} is not the key that --from names")));
    }
    let coins = msg::parse_coins(&amount)?;
    if coins.is_empty() {
        return Err(Failure::usage("there is nothing to send"));
    }
    Ok(msg::bank_send(from, &ctx.address_of(&to)?, coins))
}

fn wasm_message(ctx: &Ctx, sender: &str, wasm: Wasm) -> Done<Any> {
    Ok(match wasm {
        Wasm::Store {
            file,
            instantiate_everybody,
            instantiate_nobody,
            instantiate_anyof_addresses,
        } => {
            let permission = access(
                instantiate_everybody == Some(true),
                instantiate_nobody == Some(true),
                instantiate_anyof_addresses,
            );
            msg::store_code(sender, compressed(&read_wasm(&file)?)?, permission)
        }
        Wasm::Instantiate { code_id, msg: text, new } => {
            msg::instantiate(sender, new_contract(ctx, code_id, &text, new)?)
        }
        Wasm::Instantiate2 { code_id, msg: text, salt, fix_msg, new } => {
            let salt = hex::decode(&salt).or_usage(|| "salt".into())?;
            msg::instantiate2(sender, new_contract(ctx, code_id, &text, new)?, salt, fix_msg)
        }
        Wasm::Execute { contract, msg: text, amount } => {
            msg::execute(sender, &contract, json_text(&text)?, msg::parse_coins(&amount)?)
        }
        Wasm::Migrate { contract, code_id, msg: text } => {
            msg::migrate(sender, &contract, code_id, json_text(&text)?)
        }
        Wasm::SetContractAdmin { contract, new_admin } => {
            msg::update_admin(sender, &contract, &ctx.address_of(&new_admin)?)
        }
        Wasm::ClearContractAdmin { contract } => msg::clear_admin(sender, &contract),
    })
}

fn new_contract(ctx: &Ctx, code_id: u64, text: &str, new: NewArgs) -> Done<NewContract> {
    let admin = match new.admin {
        Some(name) => ctx.address_of(&name)?,
        None => String::new(),
    };
    Ok(NewContract {
        code_id,
        label: new.label,
        admin,
        msg: json_text(text)?,
        funds: msg::parse_coins(&new.amount)?,
    })
}

fn access(everybody: bool, nobody: bool, addresses: Vec<String>) -> Option<AccessConfig> {
    let permission = match (everybody, nobody, addresses.is_empty()) {
        (true, ..) => AccessType::Everybody,
        (_, true, _) => AccessType::Nobody,
        (.., false) => AccessType::AnyOfAddresses,
        _ => return None,
    };
    Some(AccessConfig { permission: permission.into(), addresses })
}

/// Checks that a text is JSON and keeps it as it was written.
fn json_text(text: &str) -> Done<Vec<u8>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .or_usage(|| "the message is not JSON".into())?;
    Ok(text.as_bytes().to_vec())
}

/// Reads a wasm file, raw or gzip.
///
/// # Errors
/// Local if it cannot be read; usage if it is neither.
pub fn read_wasm(file: &Path) -> Done<Vec<u8>> {
    let doing = || format!("reading {}", file.display());
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .or_local(doing)?
        .take(WASM_BYTES_MAX)
        .read_to_end(&mut bytes)
        .or_local(doing)?;
    if bytes.starts_with(b"\0asm") || bytes.starts_with(&GZIP_MAGIC) {
        return Ok(bytes);
    }
    Err(Failure::usage(format!("{} is neither wasm nor gzip", file.display())))
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Compresses raw wasm: transactions pay for their length.
fn compressed(wasm: &[u8]) -> Done<Vec<u8>> {
    if wasm.starts_with(&GZIP_MAGIC) {
        return Ok(wasm.to_vec());
    }
    Ok(suyuan_client::deploy::compressed(wasm)?)
}
