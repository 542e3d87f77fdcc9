//! `suyuan query`: questions to wasm, bank, auth, transactions and blocks, with the names and answers of wasmd.

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::{json, Value};
use suyuan_client::query::{Query, PAGES_MAX};
use suyuan_client::Client;

use crate::cmd::show;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};

/// Flags and subject of a query.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = false)]
pub struct Args {
    /// Height of the state to ask; 0 is the latest
    #[arg(long, global = true, default_value_t = 0)]
    height: u64,
    /// What to ask.
    #[command(subcommand)]
    subject: Subject,
}

/// What can be asked.
#[derive(Debug, clap::Subcommand)]
pub enum Subject {
    /// Contracts and codes
    #[command(subcommand)]
    Wasm(Wasm),
    /// Balances
    #[command(subcommand)]
    Bank(Bank),
    /// Accounts
    #[command(subcommand)]
    Auth(Auth),
    /// A transaction by its hash
    Tx {
        /// Hash, 64 hex digits.
        hash: String,
    },
    /// A block; the latest if no height is given
    Block {
        /// Height.
        at: Option<u64>,
    },
}

/// Questions to the bank module.
#[derive(Debug, clap::Subcommand)]
pub enum Bank {
    /// All balances of an account
    Balances {
        /// Address or key name.
        address: String,
    },
    /// One balance of an account
    Balance {
        /// Address or key name.
        address: String,
        /// Denomination.
        denom: String,
    },
}

/// Questions to the auth module.
#[derive(Debug, clap::Subcommand)]
pub enum Auth {
    /// Number, sequence and key of an account
    Account {
        /// Address or key name.
        address: String,
    },
}

/// Questions to the wasm module.
#[derive(Debug, clap::Subcommand)]
pub enum Wasm {
    /// Ask a contract, or read its storage
    #[command(subcommand)]
    ContractState(State),
    /// Code, creator and admin of a contract
    Contract {
        /// Address of the contract.
        contract: String,
    },
    /// Download an uploaded code
    Code {
        /// Id of the code.
        code_id: u64,
        /// File to write.
        file: PathBuf,
    },
    /// Describe an uploaded code
    CodeInfo {
        /// Id of the code.
        code_id: u64,
    },
    /// All uploaded codes
    ListCode,
    /// All contracts that run a code
    ListContractByCode {
        /// Id of the code.
        code_id: u64,
    },
}

/// Ways to a contract's state.
#[derive(Debug, clap::Subcommand)]
pub enum State {
    /// Ask the contract
    Smart {
        /// Address of the contract.
        contract: String,
        /// Question, JSON by default
        query: String,
        /// How the question is written
        #[command(flatten)]
        form: Form,
    },
    /// Read one key of its storage
    Raw {
        /// Address of the contract.
        contract: String,
        /// Key, hex by default
        key: String,
        /// How the key is written
        #[command(flatten)]
        form: Form,
    },
    /// Read all its storage
    All {
        /// Address of the contract.
        contract: String,
    },
}

/// How an argument is written.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub struct Form {
    /// Plain text
    #[arg(long)]
    ascii: bool,
    /// Hex digits
    #[arg(long)]
    hex: bool,
    /// Base64
    #[arg(long)]
    b64: bool,
}

/// Asks and prints.
///
/// # Errors
/// Refused if the chain answers with an error; network if it does not answer.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    let rpc = ctx.rpc()?;
    // Queries do not depend on the chain id: no need to ask for it.
    let client = Client::offline(rpc, "");
    let query = client.query_at(args.height);
    let answer = match args.subject {
        Subject::Bank(bank) => ask_bank(ctx, &query, bank).await?,
        Subject::Auth(Auth::Account { address }) => {
            let address = ctx.address_of(&address)?;
            let found = query.account(&address).await?;
            let account =
                found.ok_or_else(|| Failure::refused(format!("account {address} not found")))?;
            json!({"account": show::account(&account)})
        }
        Subject::Wasm(wasm) => ask_wasm(&query, wasm).await?,
        Subject::Tx { hash } => ask_tx(&client, &hash).await?,
        Subject::Block { at } => ask_block(&client, at, args.height).await?,
    };
    ctx.print(&answer);
    Ok(())
}

async fn ask_bank(ctx: &Ctx, query: &Query<'_>, bank: Bank) -> Done<Value> {
    Ok(match bank {
        Bank::Balances { address } => {
            let coins = query.balances(&ctx.address_of(&address)?).await?;
            json!({"balances": show::coins(&coins), "pagination": {"total": coins.len().to_string()}})
        }
        Bank::Balance { address, denom } => {
            let amount = query.balance(&ctx.address_of(&address)?, &denom).await?;
            json!({"balance": {"denom": denom, "amount": amount.to_string()}})
        }
    })
}

async fn ask_wasm(query: &Query<'_>, wasm: Wasm) -> Done<Value> {
    Ok(match wasm {
        Wasm::ContractState(state) => ask_state(query, state).await?,
        Wasm::Contract { contract } => show::contract(&contract, &query.contract(&contract).await?),
        Wasm::Code { code_id, file } => {
            let (info, wasm) = query.code(code_id).await?;
            std::fs::write(&file, &wasm).or_local(|| format!("writing {}", file.display()))?;
            let mut shown = show::code_info(&info);
            shown["file"] = json!(file.display().to_string());
            shown["bytes"] = json!(wasm.len());
            shown
        }
        Wasm::CodeInfo { code_id } => show::code_info(&query.code(code_id).await?.0),
        Wasm::ListCode => {
            let codes = query.codes().await?;
            let shown: Vec<Value> = codes.iter().map(show::code_info).collect();
            json!({"code_infos": shown, "pagination": {"total": codes.len().to_string()}})
        }
        Wasm::ListContractByCode { code_id } => {
            let contracts = query.contracts_by_code(code_id).await?;
            let total = contracts.len().to_string();
            json!({"contracts": contracts, "pagination": {"total": total}})
        }
    })
}

async fn ask_state(query: &Query<'_>, state: State) -> Done<Value> {
    Ok(match state {
        State::Smart { contract, query: text, form } => {
            let question = form.bytes(&text, Form::plain)?;
            let answer = query.smart_bytes(&contract, question).await?;
            json!({"data": show::inline_json(&answer)})
        }
        State::Raw { contract, key, form } => {
            let value = query.raw(&contract, form.bytes(&key, Form::hex)?).await?;
            json!({"data": show::base64(&value)})
        }
        State::All { contract } => {
            let mut models = Vec::new();
            let mut key = Vec::new();
            for _ in 0..PAGES_MAX {
                let (page, next) = query.state_page(&contract, key).await?;
                models.extend(page.iter().map(
                    |m| json!({"key": hex::encode_upper(&m.key), "value": show::base64(&m.value)}),
                ));
                key = next;
                if key.is_empty() {
                    let total = models.len().to_string();
                    return Ok(json!({"models": models, "pagination": {"total": total}}));
                }
            }
            return Err(Failure::refused(format!("more than {PAGES_MAX} pages of state")));
        }
    })
}

impl Form {
    fn bytes(&self, text: &str, otherwise: fn(&str) -> Done<Vec<u8>>) -> Done<Vec<u8>> {
        match (self.ascii, self.hex, self.b64) {
            (true, ..) => Self::plain(text),
            (_, true, _) => Self::hex(text),
            (_, _, true) => base64::engine::general_purpose::STANDARD
                .decode(text)
                .or_usage(|| "not base64".into()),
            _ => otherwise(text),
        }
    }

    fn plain(text: &str) -> Done<Vec<u8>> {
        Ok(text.as_bytes().to_vec())
    }

    fn hex(text: &str) -> Done<Vec<u8>> {
        hex::decode(text).or_usage(|| "not hex".into())
    }
}

async fn ask_tx(client: &Client, hash: &str) -> Done<Value> {
    let found = client.rpc().tx(hash).await?;
    let receipt = found.ok_or_else(|| Failure::refused(format!("tx ({hash}) not found")))?;
    let mut shown = receipt.to_json();
    shown["tx"] = show::transaction(&receipt.tx);
    let header = client.rpc().commit(Some(receipt.height)).await?.signed_header.header;
    shown["timestamp"] = json!(header.time.to_rfc3339());
    Ok(shown)
}

async fn ask_block(client: &Client, at: Option<u64>, flag: u64) -> Done<Value> {
    let height = at.or(Some(flag).filter(|h| *h > 0));
    let block = client.rpc().block(height).await?;
    serde_json::to_value(&block).or_local(|| "block as JSON".into())
}
