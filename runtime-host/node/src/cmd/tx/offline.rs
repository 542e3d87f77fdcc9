//! Transactions in files: made by one command, signed by others, sent by a third, as on every Cosmos command line.
//!
//! The files are those of wasmd: a transaction as protobuf JSON, signatures of a multisig as `signatures` with public
//! key, mode and bytes. Several people never share a machine with all their keys, so each signs the file alone.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{AuthInfo, Fee as ProtoFee, TxRaw};
use cosmos_sdk_proto::Any;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use serde_json::json;
use suyuan_client::msg;
use suyuan_tx::{build, MultiMode, Multisig, PubKey, SignMode, SignedTx};

use crate::cli::GasFlag;
use crate::cmd::send;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// Longest file that is read, in bytes: a transaction of the largest size in base64, and some more.
const FILE_BYTES_MAX: u64 = 8 << 20;
const AMINO: &str = "SIGN_MODE_LEGACY_AMINO_JSON";

/// Where a signature is bound to.
#[derive(Debug, clap::Args)]
pub struct PlaceArgs {
    /// Number of the account; with --sequence, no node is asked
    #[arg(long, requires = "sequence")]
    account_number: Option<u64>,
    /// How many transactions the account has sent before
    #[arg(long, requires = "account_number")]
    sequence: Option<u64>,
}

/// A place with its chain.
struct Place {
    chain_id: String,
    number: u64,
    sequence: u64,
}

/// A signature of one member of a multisig, as wasmd writes it.
#[derive(Serialize, Deserialize)]
struct SignatureFile {
    signatures: Vec<SignatureEntry>,
}

#[derive(Serialize, Deserialize)]
struct SignatureEntry {
    public_key: KeyJson,
    data: DataJson,
    sequence: String,
}

#[derive(Serialize, Deserialize)]
struct KeyJson {
    #[serde(rename = "@type")]
    type_url: String,
    key: String,
}

#[derive(Serialize, Deserialize)]
struct DataJson {
    single: SingleJson,
}

#[derive(Serialize, Deserialize)]
struct SingleJson {
    mode: String,
    signature: String,
}

/// Prints the transaction of these messages without a signature, for `tx sign`.
///
/// # Errors
/// Refused if the simulation fails; usage and network classes.
pub async fn generate(ctx: &Ctx, sender: &str, messages: Vec<Any>) -> Done {
    let flags = &ctx.globals.tx;
    let body = build::body(messages, &flags.note, 0);
    let fee = |gas_limit| ProtoFee {
        amount: msg::parse_coins(&flags.fees).unwrap_or_default(),
        gas_limit,
        ..ProtoFee::default()
    };
    msg::parse_coins(&flags.fees)?;
    let gas_limit = match flags.gas {
        GasFlag::Limit(limit) => limit,
        GasFlag::Auto => {
            let client = ctx.client().await?;
            let key = ctx.keyring().multisig(sender)?.map(|entry| PubKey::Multisig(entry.key));
            let bytes = simulated(&body, fee(0), key.as_ref());
            let used = client.query().simulate(bytes).await?;
            let percent = u64::from(flags.gas_adjustment);
            used.saturating_mul(percent).div_ceil(100)
        }
    };
    let auth = AuthInfo { fee: Some(fee(gas_limit)), ..AuthInfo::default() };
    print_tx(&build::tx_raw(body, auth.encode_to_vec(), Vec::new()))
}

/// A transaction as simulations take it: one signer, who has not signed.
fn simulated(body: &[u8], fee: ProtoFee, key: Option<&PubKey>) -> Vec<u8> {
    use cosmos_sdk_proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
    use cosmos_sdk_proto::cosmos::tx::v1beta1::{ModeInfo, SignerInfo};
    let signer = SignerInfo {
        public_key: key.map(PubKey::to_any),
        mode_info: Some(ModeInfo { sum: Some(Sum::Single(Single { mode: 0 })) }),
        sequence: 0,
    };
    let auth = AuthInfo { signer_infos: vec![signer], fee: Some(fee), ..AuthInfo::default() };
    build::tx_raw(body.to_vec(), auth.encode_to_vec(), vec![Vec::new()])
}

/// Signs a transaction of a file: whole, or one signature of a multisig.
///
/// # Errors
/// Usage for a file that is no transaction of one signer; keyring and network classes.
pub async fn sign(ctx: &Ctx, file: &Path, multisig: Option<&str>, place: PlaceArgs) -> Done {
    let signer = ctx.signer()?;
    let raw = read_tx(file)?;
    let Some(name) = multisig else {
        let place = place_of(ctx, signer.address(), place).await?;
        let key = PubKey::Secp256k1(signer.public_key());
        let info = build::signer_info(&key, SignMode::Direct, place.sequence);
        let auth = with_signer(&raw, info)?;
        let document = build::sign_doc(&raw.body_bytes, &auth, &place.chain_id, place.number);
        let signature = signer.sign(&document).to_vec();
        return print_tx(&build::tx_raw(raw.body_bytes, auth, vec![signature]));
    };
    let (address, _) = members(ctx, name)?;
    let place = place_of(ctx, &address, place).await?;
    let document = amino_document(&raw, &place)?;
    let entry = SignatureEntry {
        public_key: KeyJson {
            type_url: suyuan_tx::SECP256K1_TYPE_URL.to_string(),
            key: STANDARD.encode(signer.public_key()),
        },
        data: DataJson {
            single: SingleJson {
                mode: AMINO.to_string(),
                signature: STANDARD.encode(signer.sign(&document)),
            },
        },
        sequence: place.sequence.to_string(),
    };
    let file = SignatureFile { signatures: vec![entry] };
    output::print_line(&serde_json::to_string(&file).or_local(|| "signature as JSON".into())?);
    Ok(())
}

/// Puts the signatures of a multisig together and prints the transaction, for `tx broadcast`.
///
/// # Errors
/// Usage for signatures of others, wrong ones, or too few.
pub async fn multisign(
    ctx: &Ctx,
    file: &Path,
    name: &str,
    signatures: &[PathBuf],
    place: PlaceArgs,
) -> Done {
    let raw = read_tx(file)?;
    let (address, key) = members(ctx, name)?;
    let place = place_of(ctx, &address, place).await?;
    let document = amino_document(&raw, &place)?;
    let mut by_member: Vec<Option<Vec<u8>>> = vec![None; key.keys().len()];
    for path in signatures {
        let bad = |what: &str| Failure::usage(format!("{}: {what}", path.display()));
        let read: SignatureFile =
            serde_json::from_str(&read_text(path)?).or_usage(|| path.display().to_string())?;
        for entry in read.signatures {
            if entry.data.single.mode != AMINO {
                return Err(bad(&format!("a member of a multisig signs by {AMINO}")));
            }
            if entry.sequence != place.sequence.to_string() {
                return Err(bad("signed for another sequence"));
            }
            let member = STANDARD.decode(&entry.public_key.key).or_usage(|| "key".into())?;
            let at = key.keys().iter().position(|own| own[..] == member[..]);
            let at = at.ok_or_else(|| bad("signed by a key that is no member"))?;
            let signature =
                STANDARD.decode(&entry.data.single.signature).or_usage(|| "signature".into())?;
            suyuan_tx::verify(&key.keys()[at], &document, &signature)
                .map_err(|e| bad(&format!("not a signature of this transaction: {e}")))?;
            by_member[at] = Some(signature);
        }
    }
    let bits: Vec<bool> = by_member.iter().map(Option::is_some).collect();
    let given: Vec<Vec<u8>> = by_member.into_iter().flatten().collect();
    let needed = usize::try_from(key.threshold()).unwrap_or(usize::MAX);
    if given.len() < needed {
        return Err(Failure::usage(format!("{} of {needed} signatures", given.len())));
    }
    let mode = MultiMode { bits, modes: vec![SignMode::LegacyAminoJson; given.len()] };
    let info = build::multisig_info(&PubKey::Multisig(key), &mode, place.sequence);
    let auth = with_signer(&raw, info)?;
    print_tx(&build::tx_raw(raw.body_bytes, auth, vec![build::multi_signature(given)]))
}

/// Sends a signed transaction of a file.
///
/// # Errors
/// As every sending command.
pub async fn broadcast(ctx: &Ctx, file: &Path) -> Done {
    let bytes = tx_bytes(file)?;
    let client = ctx.client().await?;
    let hash = client.rpc().broadcast_sync(bytes).await?;
    send::follow(ctx, &client, &hash).await
}

/// Prints the bytes of a transaction of a file in base64.
///
/// # Errors
/// Usage if it is none.
pub fn encode(file: &Path) -> Done {
    output::print_line(&STANDARD.encode(tx_bytes(file)?));
    Ok(())
}

/// Prints a transaction given in base64 or hexadecimal.
///
/// # Errors
/// Usage if it is none.
pub fn decode(text: &str, is_hex: bool) -> Done {
    let bytes = if is_hex {
        hex::decode(text).or_usage(|| "the transaction is not hexadecimal".into())?
    } else {
        STANDARD.decode(text).or_usage(|| "the transaction is not base64".into())?
    };
    suyuan_tx::decode(&bytes).or_usage(|| "decoding".into())?;
    print_tx(&bytes)
}

/// Prints a transaction in one line.
fn print_tx(bytes: &[u8]) -> Done {
    let text = suyuan_api::tx_to_json(bytes).map_err(|e| Failure::local(e.to_string()))?;
    output::print_line(&text);
    Ok(())
}

fn tx_bytes(file: &Path) -> Done<Vec<u8>> {
    suyuan_api::tx_from_json(&read_text(file)?)
        .map_err(|e| Failure::usage(format!("{} is no transaction: {e}", file.display())))
}

fn read_tx(file: &Path) -> Done<TxRaw> {
    let doing = || format!("{} is no transaction", file.display());
    TxRaw::decode(&tx_bytes(file)?[..]).or_usage(doing)
}

fn read_text(file: &Path) -> Done<String> {
    let doing = || format!("reading {}", file.display());
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(FILE_BYTES_MAX).read_to_string(&mut text).or_local(doing)?;
    } else {
        let file = std::fs::File::open(file).or_local(doing)?;
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).or_local(doing)?;
    }
    Ok(text)
}

/// Signers and fee with this one signer, whoever was there before.
fn with_signer(
    raw: &TxRaw,
    info: cosmos_sdk_proto::cosmos::tx::v1beta1::SignerInfo,
) -> Done<Vec<u8>> {
    let mut auth = AuthInfo::decode(&raw.auth_info_bytes[..]).or_usage(|| "fee".into())?;
    auth.signer_infos = vec![info];
    Ok(auth.encode_to_vec())
}

/// What members of a multisig sign. It does not cover who else signs, only the account.
fn amino_document(raw: &TxRaw, place: &Place) -> Done<Vec<u8>> {
    let mut auth = AuthInfo::decode(&raw.auth_info_bytes[..]).or_usage(|| "fee".into())?;
    auth.signer_infos.clear();
    let bytes = build::tx_raw(raw.body_bytes.clone(), auth.encode_to_vec(), Vec::new());
    let tx: SignedTx = suyuan_tx::decode(&bytes).or_usage(|| "the transaction".into())?;
    suyuan_tx::amino::sign_bytes(&tx, &place.chain_id, place.number, place.sequence)
        .or_usage(|| "the transaction".into())
}

fn members(ctx: &Ctx, name: &str) -> Done<(String, Multisig)> {
    let found = ctx.keyring().multisig(name)?.ok_or_else(|| {
        Failure::local(format!(
            "no multisig named {name}; make one with: suyuan keys add {name} --multisig A,B --multisig-threshold N"
        ))
    })?;
    Ok((found.address, found.key))
}

async fn place_of(ctx: &Ctx, address: &str, args: PlaceArgs) -> Done<Place> {
    if let (Some(number), Some(sequence)) = (args.account_number, args.sequence) {
        let own = || ctx.config().ok().map(|config| config.chain_id.clone());
        let chain_id = ctx.globals.chain_id.clone().or_else(own);
        let chain_id =
            chain_id.ok_or_else(|| Failure::usage("--chain-id is needed".to_string()))?;
        return Ok(Place { chain_id, number, sequence });
    }
    let client = ctx.client().await?;
    let account = client.query().account(address).await?.ok_or_else(|| {
        Failure::usage(format!("{address} has no account; send it some coins first"))
    })?;
    Ok(Place {
        chain_id: client.chain_id().to_string(),
        number: account.account_number,
        sequence: account.sequence,
    })
}

/// A multisig key as command lines show it.
pub fn multisig_json(key: &Multisig) -> serde_json::Value {
    let keys = key
        .keys()
        .iter()
        .map(|key| json!({"@type": suyuan_tx::SECP256K1_TYPE_URL, "key": STANDARD.encode(key)}));
    json!({
        "@type": suyuan_tx::MULTISIG_TYPE_URL,
        "threshold": key.threshold(),
        "public_keys": keys.collect::<Vec<_>>(),
    })
}
