//! `suyuan network change`: what the authority of a network decides, signed by one key or by m of n.
//!
//! A draft is a file. Each member signs it where its key is; whoever has enough signatures sends it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use suyuan_client::Client;
use suyuan_tx::chain::{
    MsgCancelPlan, MsgSetValidators, QueryPlansRequest, QueryPlansResponse, QueryValidatorsRequest,
    QueryValidatorsResponse, ValidatorChange,
};
use suyuan_tx::{amino, build, Any, Fee, MultiMode, Multisig, PubKey, SignMode};
use tendermint_rpc::Client as _;

use crate::cmd::send::{finish, send};
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};

/// Gas limit of a draft unless it says otherwise: many changes and several signatures fit.
const GAS_DEFAULT: u64 = 2_000_000;

/// Steps of a change.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write down what is to change, for the members of the authority to sign
    Draft(DraftArgs),
    /// Add the signature of the key --from to a draft
    Sign {
        /// The draft.
        file: PathBuf,
    },
    /// Send a draft that has enough signatures; with one key, sign it with --from and send it
    Send {
        /// The draft.
        file: PathBuf,
    },
    /// Show the validators, who may change them, and what is announced
    Show,
    /// Show the address of m of n keys, for `network init --authority`
    Address {
        /// Public keys of the members in base64
        #[arg(long, value_delimiter = ',', required = true, value_name = "PUBKEY")]
        members: Vec<String>,
        /// How many of them sign
        #[arg(long)]
        threshold: u32,
    },
}

/// What is to change, and who decides.
#[derive(Debug, clap::Args)]
pub struct DraftArgs {
    /// File to write
    #[arg(long)]
    out: PathBuf,
    /// A validator's new power, 0 to remove it: its ed25519 key in base64
    #[arg(long = "validator", value_name = "PUBKEY=POWER[:NAME]")]
    validators: Vec<String>,
    /// Withdraw this announced change
    #[arg(long, value_name = "NUMBER")]
    cancel: Vec<u64>,
    /// Public keys of the members of the authority in base64, in the order of its address; none if it is one key
    #[arg(long, value_delimiter = ',', value_name = "PUBKEY", requires = "threshold")]
    members: Vec<String>,
    /// How many of them sign
    #[arg(long, requires = "members")]
    threshold: Option<u32>,
    /// Gas limit
    #[arg(long, default_value_t = GAS_DEFAULT)]
    gas_limit: u64,
}

/// A change on its way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    chain_id: String,
    authority: String,
    account_number: u64,
    sequence: u64,
    gas_limit: u64,
    /// Least number of signatures; 0 for an authority of one key.
    threshold: u32,
    /// Base64, in the order that makes the address.
    members: Vec<String>,
    messages: Vec<Packed>,
    /// By place of the member, base64.
    signatures: BTreeMap<usize, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Packed {
    type_url: String,
    value: String,
}

/// Runs the command.
///
/// # Errors
/// Usage for impossible drafts; local for files and keys; refused if the chain says no.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    match command {
        Command::Draft(args) => draft(ctx, args).await,
        Command::Sign { file } => sign(ctx, &file),
        Command::Send { file } => send_draft(ctx, &file).await,
        Command::Show => show(ctx).await,
        Command::Address { members, threshold } => {
            let keys = members.iter().map(|text| member(text)).collect::<Done<Vec<_>>>()?;
            let address = address(ctx, &multisig(&keys, threshold)?)?;
            ctx.print(&json!({"address": address, "threshold": threshold, "of": keys.len()}));
            Ok(())
        }
    }
}

async fn draft(ctx: &Ctx, args: DraftArgs) -> Done {
    let client = ctx.client().await?;
    let members = args.members.iter().map(|text| member(text)).collect::<Done<Vec<_>>>()?;
    let authority = if members.is_empty() {
        ctx.signer()?.address().to_string()
    } else {
        address(ctx, &multisig(&members, args.threshold.unwrap_or(0))?)?
    };
    let named = validators(&client).await?.authority;
    if named != authority {
        return Err(Failure::usage(format!(
            "the authority of {} is {named:?}, and these keys are {authority}",
            client.chain_id()
        )));
    }
    let account = client.query().account(&authority).await?;
    let account = account.ok_or_else(|| {
        Failure::refused(format!("{authority} has no account yet: send it one coin"))
    })?;
    let mut messages = Vec::new();
    if !args.validators.is_empty() {
        let validators = args.validators.iter().map(|text| change(text)).collect::<Done<_>>()?;
        let authority = authority.clone();
        messages.push(build::any(&MsgSetValidators { authority, validators }));
    }
    for plan in args.cancel {
        messages.push(build::any(&MsgCancelPlan { authority: authority.clone(), plan }));
    }
    if messages.is_empty() {
        return Err(Failure::usage("nothing changes: give --validator or --cancel"));
    }
    let draft = Draft {
        chain_id: client.chain_id().to_string(),
        authority,
        account_number: account.account_number,
        sequence: account.sequence,
        gas_limit: args.gas_limit,
        threshold: args.threshold.unwrap_or(0),
        members: args.members,
        messages: messages
            .into_iter()
            .map(|any| Packed { type_url: any.type_url, value: STANDARD.encode(any.value) })
            .collect(),
        signatures: BTreeMap::new(),
    };
    draft.write(&args.out)?;
    ctx.print(&draft.shown(&args.out)?);
    Ok(())
}

fn sign(ctx: &Ctx, file: &Path) -> Done {
    let mut draft = Draft::read(file)?;
    let signer = ctx.signer()?;
    let own = STANDARD.encode(signer.public_key());
    let place = draft.members.iter().position(|member| *member == own).ok_or_else(|| {
        Failure::usage(format!("{} is no member of {}", signer.address(), draft.authority))
    })?;
    ctx.say(&crate::output::indented(&draft.shown(file)?));
    ctx.confirm(ctx.lang().confirm_tx())?;
    let (bytes, _, _) = draft.to_sign()?;
    draft.signatures.insert(place, STANDARD.encode(signer.sign(&bytes)));
    draft.write(file)?;
    ctx.print(&draft.shown(file)?);
    Ok(())
}

async fn send_draft(ctx: &Ctx, file: &Path) -> Done {
    let draft = Draft::read(file)?;
    let client = ctx.client().await?;
    if draft.members.is_empty() {
        return send(ctx, &client, &ctx.signer()?, draft.unpacked()?).await;
    }
    let wanted = usize::try_from(draft.threshold).unwrap_or(usize::MAX);
    if draft.signatures.len() < wanted {
        return Err(Failure::usage(format!(
            "{} of {wanted} signatures are there",
            draft.signatures.len()
        )));
    }
    let tx = draft.transaction()?;
    let said = client.rpc().http().broadcast_tx_sync(tx).await;
    let said = said.or_local(|| "sending the change".into())?;
    if said.code.is_err() {
        return Err(Failure::refused(said.log));
    }
    finish(ctx, client.wait(&said.hash.to_string()).await?)
}

async fn show(ctx: &Ctx) -> Done {
    let client = ctx.client().await?;
    let answer = validators(&client).await?;
    let path = "/suyuan.chain.v1.Query/Plans";
    let plans: QueryPlansResponse =
        ask(&client, path, QueryPlansRequest {}.encode_to_vec()).await?;
    let plans: Vec<Value> = plans
        .plans
        .iter()
        .map(|plan| {
            json!({
                "plan": plan.id, "announced_height": plan.announced_height,
                "due_time_ns": plan.due_time_ns.to_string(), "message": plan.type_url,
                "validators": plan.validators.iter().map(shown).collect::<Vec<_>>(),
                "block": plan.params.as_ref().and_then(|p| p.block.as_ref()).map(|block| {
                    json!({"max_bytes": block.max_bytes, "max_gas": block.max_gas})
                }),
            })
        })
        .collect();
    ctx.print(&json!({
        "validators": answer.validators.iter().map(shown).collect::<Vec<_>>(),
        "authority": answer.authority,
        "delay_s": answer.delay_s,
        "plans": plans,
    }));
    Ok(())
}

async fn validators(client: &Client) -> Done<QueryValidatorsResponse> {
    let path = "/suyuan.chain.v1.Query/Validators";
    ask(client, path, QueryValidatorsRequest {}.encode_to_vec()).await
}

async fn ask<A: prost::Message + Default>(client: &Client, path: &str, data: Vec<u8>) -> Done<A> {
    let answer = client.rpc().abci_query(path, data, None, false).await?;
    A::decode(answer.value.as_slice()).or_local(|| format!("reading the answer of {path}"))
}

fn shown(change: &ValidatorChange) -> Value {
    json!({
        "pub_key": STANDARD.encode(&change.pub_key),
        "power": change.power,
        "name": change.name,
    })
}

fn member(text: &str) -> Done<[u8; 33]> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Failure::usage(format!("{text:?} is no secp256k1 key in base64")))
}

fn multisig(members: &[[u8; 33]], threshold: u32) -> Done<PubKey> {
    let key = Multisig::new(threshold, members.to_vec());
    key.map(PubKey::Multisig).or_usage(|| format!("{threshold} of {} keys", members.len()))
}

fn address(ctx: &Ctx, key: &PubKey) -> Done<String> {
    let bytes = key.address().ok_or_else(|| Failure::usage("a key that cannot sign"))?;
    suyuan_core::address::encode(ctx.prefix(), &bytes).or_usage(|| "the prefix".into())
}

fn change(text: &str) -> Done<ValidatorChange> {
    let bad = || Failure::usage(format!("{text:?}: write it like BASE64KEY=10:name"));
    // The key ends in '=' itself: the last one divides.
    let (key, rest) = text.rsplit_once('=').ok_or_else(bad)?;
    let (power, name) = rest.split_once(':').unwrap_or((rest, ""));
    let pub_key = STANDARD.decode(key).ok().filter(|key| key.len() == 32).ok_or_else(bad)?;
    let power = power.parse().map_err(|_| bad())?;
    Ok(ValidatorChange { pub_key, power, name: name.to_string() })
}

impl Draft {
    fn read(file: &Path) -> Done<Self> {
        let reading = || format!("reading {}", file.display());
        let text = std::fs::read(file).or_local(reading)?;
        serde_json::from_slice(&text).or_usage(reading)
    }

    fn write(&self, file: &Path) -> Done {
        let writing = || format!("writing {}", file.display());
        let text = serde_json::to_string_pretty(self).or_local(writing)?;
        std::fs::write(file, text).or_local(writing)
    }

    fn unpacked(&self) -> Done<Vec<Any>> {
        let unpack = |packed: &Packed| {
            let value =
                STANDARD.decode(&packed.value).or_usage(|| "a message of the draft".into())?;
            Ok(Any { type_url: packed.type_url.clone(), value })
        };
        self.messages.iter().map(unpack).collect()
    }

    /// What a person reads before signing.
    fn shown(&self, file: &Path) -> Done<Value> {
        let mut changes = Vec::new();
        for any in self.unpacked()? {
            let broken = || format!("a message {} of the draft", any.type_url);
            changes.push(match any.type_url.as_str() {
                "/suyuan.chain.v1.MsgSetValidators" => {
                    let m = MsgSetValidators::decode(&any.value[..]).or_usage(broken)?;
                    json!({"authority": m.authority,
                           "set": m.validators.iter().map(shown).collect::<Vec<_>>()})
                }
                "/suyuan.chain.v1.MsgCancelPlan" => {
                    let m = MsgCancelPlan::decode(&any.value[..]).or_usage(broken)?;
                    json!({"authority": m.authority, "cancel": m.plan})
                }
                other => return Err(Failure::usage(format!("{other} is no change of a network"))),
            });
        }
        Ok(json!({
            "file": file.display().to_string(), "chain_id": self.chain_id,
            "authority": self.authority, "sequence": self.sequence, "changes": changes,
            "signatures": format!("{} of {}", self.signatures.len(), self.threshold.max(1)),
        }))
    }

    /// The amino bytes that every member signs, and the parts of the transaction but its signatures. The bytes do not
    /// depend on who signs.
    fn to_sign(&self) -> Done<(Vec<u8>, Vec<u8>, Vec<u8>)> {
        let keys = self.members.iter().map(|text| member(text)).collect::<Done<Vec<_>>>()?;
        let key = multisig(&keys, self.threshold)?;
        let wanted = usize::try_from(self.threshold).unwrap_or(usize::MAX);
        let bits: Vec<bool> = if self.signatures.len() < wanted {
            (0..keys.len()).map(|place| place < wanted).collect()
        } else {
            (0..keys.len()).map(|place| self.signatures.contains_key(&place)).collect()
        };
        let signing = bits.iter().filter(|bit| **bit).count();
        let mode = MultiMode { bits, modes: vec![SignMode::LegacyAminoJson; signing] };
        let body = build::body(self.unpacked()?, "", 0);
        let info = build::multisig_info(&key, &mode, self.sequence);
        let fee = Fee { gas_limit: self.gas_limit, ..Fee::default() };
        let auth = build::auth_info_of(vec![info], &fee);
        let unsigned = build::tx_raw(body.clone(), auth.clone(), vec![vec![]]);
        let decoded = suyuan_tx::decode(&unsigned).or_usage(|| "the draft".into())?;
        let bytes = amino::sign_bytes(&decoded, &self.chain_id, self.account_number, self.sequence)
            .or_usage(|| "the draft".into())?;
        Ok((bytes, body, auth))
    }

    fn transaction(&self) -> Done<Vec<u8>> {
        let (_, body, auth) = self.to_sign()?;
        let signatures = self
            .signatures
            .values()
            .map(|text| STANDARD.decode(text).or_usage(|| "a signature of the draft".into()))
            .collect::<Done<Vec<_>>>()?;
        Ok(build::tx_raw(body, auth, vec![build::multi_signature(signatures)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_with_and_without_name() {
        let key = STANDARD.encode([7; 32]);
        let read = change(&format!("{key}=10:north")).unwrap();
        assert_eq!((read.pub_key, read.power, read.name), (vec![7; 32], 10, "north".into()));
        assert_eq!(change(&format!("{key}=0")).unwrap().power, 0);
        for bad in [key.as_str(), "=1", "AAAA=1", &format!("{key}=x"), &format!("{key}=")] {
            assert!(change(bad).is_err(), "{bad}");
        }
    }
}
