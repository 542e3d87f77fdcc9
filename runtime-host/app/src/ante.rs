//! From a decoded transaction to an authenticated one: everything that is checked and paid before a message runs.
//!
//! The order of checks, their codes and their texts are those of the Cosmos SDK, because clients match them.

use crate::admission;
use crate::error::{self, Fail, Run, UserError};
use crate::exec::{Exec, Mode};
use crate::facts::Facts;
use crate::fees;
use crate::gas;
use crate::limits::{MEMO_LEN_MAX, SIGNATURES_MAX, TX_GAS_MAX};
use crate::modules::auth::{self, Account};
use crate::modules::{bank, feegrant};
use crate::msg::Msg;
use base64::Engine as _;
use prost::Message as _;
use std::sync::Arc;
use suyuan_core::address::Addr;
use suyuan_core::{coins_text, Event};
use suyuan_tx::{build, PubKey, SignMode, SignedTx, Signer};

/// A transaction whose messages are decoded and whose claimed signers are those its messages need.
pub(crate) struct ClaimedTx {
    pub tx: SignedTx,
    msgs: Vec<Msg>,
    /// Distinct signers in order of appearance; the first pays unless a payer is named.
    signers: Vec<Addr>,
    payer: Addr,
}

impl ClaimedTx {
    /// The messages, in order. Their signers are claimed, no more.
    pub(crate) fn messages(&self) -> &[Msg] {
        &self.msgs
    }

    /// Decodes the messages and finds their signers.
    ///
    /// # Errors
    /// "tx parse error" and the checks that need no state.
    pub(crate) fn new(tx: SignedTx, facts: &Facts) -> Result<ClaimedTx, UserError> {
        if tx.messages.is_empty() {
            return Err(error::INVALID_REQUEST.with("must contain at least one message"));
        }
        let mut msgs = Vec::with_capacity(tx.messages.len());
        let mut signers: Vec<Addr> = Vec::new();
        for any in &tx.messages {
            let msg = Msg::decode(any).map_err(|e| error::TX_DECODE.with(e))?.ok_or_else(|| {
                error::TX_DECODE.with(format_args!("unable to resolve type URL {}", any.type_url))
            })?;
            let signer = msg.signer(facts)?;
            if !signers.contains(&signer) {
                // A transaction can never pass with more signers than this, so the search above stays short.
                if signers.len() > SIGNATURES_MAX {
                    return Err(too_many_signatures(signers.len()));
                }
                signers.push(signer);
            }
            msgs.push(msg);
        }
        let payer = match tx.fee.payer.as_str() {
            "" => signers[0].clone(),
            text => facts.addr(text).map_err(|e| error::TX_DECODE.with(e))?,
        };
        if !signers.contains(&payer) {
            signers.push(payer.clone());
        }
        Ok(ClaimedTx { tx, msgs, signers, payer })
    }

    /// The signature of signer `index`, and the key to check it with.
    ///
    /// # Errors
    /// Why there is nothing to check: no key, or a sign mode that this key cannot have.
    pub(crate) fn signature_to_check<'t>(
        &'t self,
        facts: &'t Facts,
        index: usize,
        account: &'t Account,
    ) -> Result<SignatureToCheck<'t>, String> {
        let missing = || "no signature".to_string();
        let signer = self.tx.signers.get(index).ok_or_else(missing)?;
        let pub_key =
            account.pub_key.as_ref().or(signer.pub_key.as_ref()).ok_or("no public key")?;
        let fits = match pub_key {
            PubKey::Secp256k1(_) => is_signing_mode(signer.mode),
            PubKey::Multisig(_) => signer
                .multi
                .as_ref()
                .is_some_and(|multi| multi.modes.iter().all(|mode| is_signing_mode(*mode))),
            PubKey::Unsupported(_) => false,
        };
        if !fits {
            return Err(format!("unsupported sign mode {}", signer.mode.name()));
        }
        let signature = self.tx.signatures.get(index).ok_or_else(missing)?;
        Ok(SignatureToCheck {
            tx: &self.tx,
            signer,
            signature,
            chain_id: facts.chain_id(),
            pub_key,
            account_number: account.number,
        })
    }

    /// Distinct signers in order.
    pub(crate) fn signers(&self) -> &[Addr] {
        &self.signers
    }
}

fn is_signing_mode(mode: SignMode) -> bool {
    matches!(mode, SignMode::Direct | SignMode::LegacyAminoJson)
}

/// One signature with everything its verdict depends on. The signed bytes are built only if it must be verified.
pub(crate) struct SignatureToCheck<'t> {
    tx: &'t SignedTx,
    signer: &'t Signer,
    signature: &'t [u8],
    chain_id: &'t str,
    pub_key: &'t PubKey,
    account_number: u64,
}

impl SignatureToCheck<'_> {
    /// Verifies it.
    ///
    /// # Errors
    /// Why it is not valid.
    pub(crate) fn verify(&self) -> Result<(), String> {
        match (self.pub_key, &self.signer.multi) {
            (PubKey::Secp256k1(key), _) => {
                let bytes = self.sign_bytes(self.signer.mode)?;
                suyuan_tx::verify(key, &bytes, self.signature).map_err(|e| e.to_string())
            }
            (PubKey::Multisig(key), Some(multi)) => {
                let mut bytes = |mode| self.sign_bytes(mode);
                suyuan_tx::verify_multisig(key, multi, self.signature, &mut bytes)
            }
            _ => Err("this key cannot sign".to_string()),
        }
    }

    /// What a signer with this mode signed.
    fn sign_bytes(&self, mode: SignMode) -> Result<Vec<u8>, String> {
        let (tx, number) = (self.tx, self.account_number);
        if mode == SignMode::LegacyAminoJson {
            return suyuan_tx::amino::sign_bytes(tx, self.chain_id, number, self.signer.sequence)
                .map_err(|e| e.to_string());
        }
        Ok(build::sign_doc(&tx.body_bytes, &tx.auth_info_bytes, self.chain_id, number))
    }

    /// Names the verdict: equal names have equal verdicts. The transaction's hash stands for sign bytes and signature
    /// (chain id and signer follow from the account's number).
    pub(crate) fn name(&self) -> suyuan_core::Hash32 {
        let number = self.account_number.to_be_bytes();
        let (one, several);
        let key: &[u8] = match self.pub_key {
            PubKey::Secp256k1(key) => {
                one = key;
                one
            }
            PubKey::Multisig(key) => {
                several = key.amino_bytes();
                &several
            }
            PubKey::Unsupported(_) => &[],
        };
        suyuan_core::sha256_parts(&[&self.tx.hash, &number, key])
    }
}

/// Says whether a signature is valid; `Err` holds the reason's text.
pub(crate) type Verifier<'v> = dyn Fn(&SignatureToCheck<'_>) -> Result<(), String> + Sync + 'v;

/// A transaction that may run: paid for and signed. Only [`authenticate`] makes one.
pub(crate) struct AuthedTx {
    claimed: Arc<ClaimedTx>,
}

impl AuthedTx {
    pub(crate) fn msgs(&self) -> &[Msg] {
        &self.claimed.msgs
    }
}

/// Checks a transaction, deducts its fee, sets public keys and raises sequences. `exec` holds a meter with the
/// transaction's gas limit; the caller keeps or drops what was written.
///
/// # Errors
/// The SDK's codes and texts.
pub(crate) fn authenticate(
    exec: &mut Exec<'_>,
    claimed: Arc<ClaimedTx>,
    verifier: &Verifier<'_>,
) -> Run<AuthedTx> {
    check_basics(exec, &claimed)?;
    exec.gas.charge(gas::params_of_ante(auth::params().encoded_len()), "ReadPerByte")?;
    exec.gas.charge((claimed.tx.len as u64).saturating_mul(gas::TX_BYTE), "txSize")?;
    admission::check_list(exec.facts, &claimed.signers)?;
    deduct_fee(exec, &claimed)?;
    set_pub_keys(exec, &claimed)?;
    let keys = claimed.tx.signers.iter().map(|s| s.pub_key.as_ref().map_or(1, PubKey::count)).sum();
    if keys > SIGNATURES_MAX {
        return Err(too_many_signatures(keys).into());
    }
    for (index, addr) in claimed.signers.iter().enumerate() {
        let mut account = signer_account(exec, addr)?;
        // The SDK reads it for the price of the signature, for the signature, and to raise the sequence.
        auth::charge_read(exec, addr)?;
        auth::charge_read(exec, addr)?;
        check_signature(exec, &claimed, index, &account, verifier)?;
        account.sequence = account
            .sequence
            .checked_add(1)
            .ok_or_else(|| error::INVALID_REQUEST.with("sequence overflows"))?;
        auth::save(exec, &account)?;
    }
    admission::ask_contract(exec, &claimed.signers)?;
    Ok(AuthedTx { claimed })
}

fn check_basics(exec: &Exec<'_>, claimed: &ClaimedTx) -> Result<(), UserError> {
    let tx = &claimed.tx;
    if tx.has_extension_options {
        return Err(error::UNKNOWN_EXTENSION_OPTIONS.bare());
    }
    let gas = tx.fee.gas_limit;
    if gas > TX_GAS_MAX {
        return Err(
            error::INVALID_REQUEST.with(format_args!("invalid gas supplied; {gas} > {TX_GAS_MAX}"))
        );
    }
    if let (Some(max), true) = (exec.facts.block_gas_max(), exec.mode != Mode::Simulate) {
        if gas > max {
            let text = format!("tx gas limit {gas} exceeds block max gas {max}");
            return Err(error::INVALID_GAS_LIMIT.with(text));
        }
    }
    if tx.signatures.is_empty() {
        return Err(error::NO_SIGNATURES.bare());
    }
    let expected = claimed.signers.len();
    for got in [tx.signatures.len(), tx.signers.len()] {
        if got != expected {
            let text = format!("wrong number of signers; expected {expected}, got {got}");
            return Err(error::UNAUTHORIZED.with(text));
        }
    }
    if tx.timeout_height > 0 && exec.block.height > tx.timeout_height {
        let text =
            format!("block height: {}, timeout height: {}", exec.block.height, tx.timeout_height);
        return Err(error::TX_TIMEOUT_HEIGHT.with(text));
    }
    let memo = tx.memo.len();
    if memo > MEMO_LEN_MAX {
        let text = format!(
            "maximum number of characters is {MEMO_LEN_MAX} but received {memo} characters"
        );
        return Err(error::MEMO_TOO_LARGE.with(text));
    }
    Ok(())
}

fn deduct_fee(exec: &mut Exec<'_>, claimed: &ClaimedTx) -> Run<()> {
    let fee = &claimed.tx.fee;
    if exec.mode != Mode::Simulate {
        fees::check(&exec.facts.stored.minimum_gas_prices, fee)?;
    }
    let from = match fee.granter.as_str() {
        "" => claimed.payer.clone(),
        text => exec.facts.addr(text).map_err(|e| error::TX_DECODE.with(e))?,
    };
    if from != claimed.payer {
        feegrant::spend(exec, &from, &claimed.payer, &fee.amount)?;
    }
    let payer = exec.facts.text(&from);
    if auth::account(exec, &from)?.is_none() {
        let text = format!("fee payer address: {payer} does not exist");
        return Err(error::UNKNOWN_ADDRESS.with(text).into());
    }
    if !fee.amount.is_empty() {
        let collector = exec.facts.fee_collector.clone();
        auth::charge_read(exec, &collector)?;
        bank::send(exec, &from, &collector, &fee.amount).map_err(|e| match e {
            Fail::User(e) => Fail::User(error::INSUFFICIENT_FUNDS.with(e.text)),
            other => other,
        })?;
    } else if exec.mode == Mode::Simulate {
        exec.gas.charge(gas::SIMULATED_FEE, "ante: fee to come")?;
    }
    exec.emit(Event::new("tx").with("fee", coins_text(&fee.amount)).with("fee_payer", payer));
    Ok(())
}

/// Sets the public keys of accounts that sign for the first time, and reports sequence and signature of each signer.
fn set_pub_keys(exec: &mut Exec<'_>, claimed: &ClaimedTx) -> Run<()> {
    for (index, (addr, signer)) in claimed.signers.iter().zip(&claimed.tx.signers).enumerate() {
        let Some(key) = &signer.pub_key else { continue };
        if let PubKey::Unsupported(type_url) = key {
            let text = format!("unrecognized public key type: {type_url}");
            return Err(error::INVALID_PUB_KEY.with(text).into());
        }
        if key.address().as_ref() != Some(addr) {
            let signer = exec.facts.text(addr);
            let text =
                format!("pubKey does not match signer address {signer} with signer index: {index}");
            return Err(error::INVALID_PUB_KEY.with(text).into());
        }
        let mut account = signer_account(exec, addr)?;
        if account.pub_key.is_none() {
            account.pub_key = Some(key.clone());
            auth::save(exec, &account)?;
        }
    }
    for ((addr, signer), signature) in
        claimed.signers.iter().zip(&claimed.tx.signers).zip(&claimed.tx.signatures)
    {
        let addr = exec.facts.text(addr);
        exec.emit(Event::new("tx").with("acc_seq", format!("{addr}/{}", signer.sequence)));
        let signature = base64::engine::general_purpose::STANDARD.encode(signature);
        exec.emit(Event::new("tx").with("signature", signature));
    }
    Ok(())
}

fn signer_account(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Account> {
    match auth::account(exec, addr)? {
        Some(account) => Ok(account),
        None => {
            let text = format!("account {} does not exist", exec.facts.text(addr));
            Err(error::UNKNOWN_ADDRESS.with(text).into())
        }
    }
}

fn check_signature(
    exec: &mut Exec<'_>,
    claimed: &ClaimedTx,
    index: usize,
    account: &Account,
    verifier: &Verifier<'_>,
) -> Run<()> {
    let signer = &claimed.tx.signers[index];
    let keys = signatures_claimed(signer, account);
    exec.gas.charge(gas::SIGNATURE.saturating_mul(keys), "ante verify: secp256k1")?;
    // A simulation has neither a signature nor, with some wallets, a key; its sequence may be one that is pending.
    if exec.mode == Mode::Simulate {
        return Ok(());
    }
    if signer.sequence != account.sequence {
        let (expected, got) = (account.sequence, signer.sequence);
        let text = format!("account sequence mismatch, expected {expected}, got {got}");
        return Err(error::WRONG_SEQUENCE.with(text).into());
    }
    if account.pub_key.is_none() {
        return Err(error::INVALID_PUB_KEY.with("pubkey on account is not set").into());
    }
    let verdict = claimed.signature_to_check(exec.facts, index, account).and_then(|s| verifier(&s));
    verdict.map_err(|reason| {
        let (number, chain_id) = (account.number, exec.facts.chain_id());
        let text = if is_amino(signer) {
            format!(
                "signature verification failed; please verify account number ({number}), sequence ({}) and \
                 chain-id ({chain_id})",
                account.sequence
            )
        } else {
            format!(
                "signature verification failed; please verify account number ({number}) and chain-id \
                 ({chain_id}): ({reason})"
            )
        };
        error::UNAUTHORIZED.with(text).into()
    })
}

/// How many signatures are paid for: those that a multisig says to carry, in simulations as many as it needs.
fn signatures_claimed(signer: &Signer, account: &Account) -> u64 {
    match (&signer.multi, account.pub_key.as_ref().or(signer.pub_key.as_ref())) {
        (Some(multi), _) => (multi.modes.len() as u64).max(1),
        (None, Some(PubKey::Multisig(key))) => u64::from(key.threshold()),
        _ => 1,
    }
}

fn is_amino(signer: &Signer) -> bool {
    match &signer.multi {
        Some(multi) => multi.modes.iter().all(|mode| *mode == SignMode::LegacyAminoJson),
        None => signer.mode == SignMode::LegacyAminoJson,
    }
}

fn too_many_signatures(got: usize) -> UserError {
    error::TOO_MANY_SIGNATURES.with(format_args!("signatures: {got}, limit: {SIGNATURES_MAX}"))
}
