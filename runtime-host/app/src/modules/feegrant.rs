//! Allowances: an account lets another one pay its fees from the granter's coins, as the SDK's feegrant module does.
//!
//! Of the SDK's kinds of allowance the basic one exists: coins to spend, and a time at which it ends. An allowance whose
//! time is over is never used; it is removed when it is granted anew or revoked, not by a block of its own.

pub(crate) mod state_key;

use crate::error::{self, Run, UserError};
use crate::exec::{BlockEnv, Exec};
use crate::modules::{auth, bank};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmos_sdk_proto::cosmos::feegrant::v1beta1::{
    BasicAllowance, Grant, MsgGrantAllowance, MsgRevokeAllowance,
};
use cosmos_sdk_proto::Any;
use prost::Message;
use state_key::STORE;
use suyuan_core::{Coin, Event, HostFault, Hosted};

/// Type URL of the one kind of allowance.
const BASIC: &str = "/cosmos.feegrant.v1beta1.BasicAllowance";

/// Grants an allowance; creates the grantee's account if need be.
///
/// # Errors
/// Bad addresses or coins, an end that is over, another kind of allowance, or one that exists already.
pub(crate) fn grant(exec: &mut Exec<'_>, msg: &MsgGrantAllowance) -> Run<()> {
    let (granter, grantee) = parties(exec, &msg.granter, &msg.grantee)?;
    if granter == grantee {
        return Err(error::INVALID_ADDRESS.with("cannot self-grant fee authorization").into());
    }
    let allowance = checked(msg.allowance.as_ref(), exec.block)?;
    let key = state_key::grant(&granter, &grantee);
    if let Some(known) = read(exec, &key)? {
        if !is_over(&known, exec.block) {
            return Err(error::INVALID_REQUEST.with("fee allowance already exists").into());
        }
    }
    auth::ensure(exec, &grantee)?;
    let (granter, grantee) = (exec.facts.text(&granter), exec.facts.text(&grantee));
    save(exec, &key, &granter, &grantee, &allowance)?;
    exec.emit(event("set_feegrant", &granter, &grantee));
    Ok(())
}

/// Takes an allowance back.
///
/// # Errors
/// If there is none.
pub(crate) fn revoke(exec: &mut Exec<'_>, msg: &MsgRevokeAllowance) -> Run<()> {
    let (granter, grantee) = parties(exec, &msg.granter, &msg.grantee)?;
    if granter == grantee {
        return Err(error::INVALID_ADDRESS.with("addresses must be different").into());
    }
    let key = state_key::grant(&granter, &grantee);
    if read(exec, &key)?.is_none() {
        return Err(missing().into());
    }
    exec.remove(STORE, &key)?;
    let (granter, grantee) = (exec.facts.text(&granter), exec.facts.text(&grantee));
    exec.emit(event("revoke_feegrant", &granter, &grantee));
    Ok(())
}

/// Spends `fee` of what `granter` allows `grantee`; the coins themselves are moved by the caller.
///
/// # Errors
/// No allowance, one that is over, or one that is too small.
pub(crate) fn spend(exec: &mut Exec<'_>, granter: &[u8], grantee: &[u8], fee: &[Coin]) -> Run<()> {
    let key = state_key::grant(granter, grantee);
    let (from, to) = (exec.facts.text(granter), exec.facts.text(grantee));
    let spent = match read(exec, &key)? {
        None => Err(missing()),
        Some(allowance) if is_over(&allowance, exec.block) => {
            Err(error::FEE_ALLOWANCE_OVER.with("basic allowance"))
        }
        Some(allowance) => match left_of(&allowance, fee)? {
            Ok(left) => Ok((allowance, left)),
            Err(e) => Err(e),
        },
    };
    let wrap = |e: UserError| e.wrap(&format!("{from} does not allow to pay fees for {to}"));
    let (allowance, left) = spent.map_err(wrap)?;
    match left {
        Some(left) if left.is_empty() => exec.remove(STORE, &key)?,
        Some(spend_limit) => {
            save(exec, &key, &from, &to, &BasicAllowance { spend_limit, ..allowance })?;
        }
        None => {}
    }
    exec.emit(event("use_feegrant", &from, &to));
    Ok(())
}

/// What an allowance holds after `fee`; outer `None` in the result for one without limit.
fn left_of(
    allowance: &BasicAllowance,
    fee: &[Coin],
) -> Hosted<Result<Option<Vec<ProtoCoin>>, UserError>> {
    if allowance.spend_limit.is_empty() {
        return Ok(Ok(None));
    }
    let mut left = bank::coins::checked(&allowance.spend_limit)
        .map_err(|_| HostFault::new("an allowance in state has no valid coins"))?;
    for coin in fee {
        let own = left.iter_mut().find(|own| own.denom == coin.denom);
        match own.map(|own| (own.amount.checked_sub(coin.amount), own)) {
            Some((Some(amount), own)) => own.amount = amount,
            _ => return Ok(Err(error::FEE_LIMIT_EXCEEDED.with("basic allowance"))),
        }
    }
    left.retain(|coin| coin.amount > 0);
    Ok(Ok(Some(bank::coins::to_proto(&left))))
}

/// The grant as stored, from a committed state.
pub(crate) fn grant_of_record(bytes: &[u8]) -> Hosted<Grant> {
    Grant::decode(bytes).map_err(|_| HostFault::new("a fee grant in state is none"))
}

fn read(exec: &mut Exec<'_>, key: &[u8]) -> Run<Option<BasicAllowance>> {
    let Some(bytes) = exec.read(STORE, key)? else { return Ok(None) };
    let stored = grant_of_record(&bytes)?.allowance.unwrap_or_default();
    let broken = |_| HostFault::new("an allowance in state is not a basic one");
    Ok(Some(BasicAllowance::decode(&stored.value[..]).map_err(broken)?))
}

fn save(
    exec: &mut Exec<'_>,
    key: &[u8],
    granter: &str,
    grantee: &str,
    allowance: &BasicAllowance,
) -> Run<()> {
    let allowance = Any { type_url: BASIC.to_string(), value: allowance.encode_to_vec() };
    let grant = Grant {
        granter: granter.to_string(),
        grantee: grantee.to_string(),
        allowance: Some(allowance),
    };
    exec.write(STORE, key, &grant.encode_to_vec())
}

fn checked(allowance: Option<&Any>, block: BlockEnv) -> Result<BasicAllowance, UserError> {
    let Some(any) = allowance else {
        return Err(error::INVALID_REQUEST.with("allowance cannot be nil"));
    };
    if any.type_url != BASIC {
        let shown: String = any.type_url.chars().take(100).collect();
        return Err(error::NOT_SUPPORTED.with(format_args!("fee allowance {shown}")));
    }
    let allowance = BasicAllowance::decode(&any.value[..])
        .map_err(|e| error::TX_DECODE.with(format_args!("fee allowance: {e}")))?;
    bank::coins::checked(&allowance.spend_limit)
        .map_err(|e| error::INVALID_COINS.with(format_args!("spend limit: {}", e.text)))?;
    if allowance.expiration.as_ref().is_some_and(|at| at.nanos < 0 || at.nanos > 999_999_999) {
        return Err(error::INVALID_REQUEST.with("expiration is no time"));
    }
    if is_over(&allowance, block) {
        return Err(error::INVALID_REQUEST.with("expiration is before current block time"));
    }
    Ok(allowance)
}

/// Whether the allowance ended before this block.
fn is_over(allowance: &BasicAllowance, block: BlockEnv) -> bool {
    let Some(at) = &allowance.expiration else { return false };
    let at_ns =
        i128::from(at.seconds).saturating_mul(1_000_000_000).saturating_add(i128::from(at.nanos));
    at_ns < i128::from(block.time_ns)
}

fn parties(exec: &Exec<'_>, granter: &str, grantee: &str) -> Result<(Vec<u8>, Vec<u8>), UserError> {
    let addr = |text: &str| exec.facts.addr(text).map_err(|e| error::INVALID_ADDRESS.with(e));
    Ok((addr(granter)?, addr(grantee)?))
}

fn missing() -> UserError {
    error::NOT_FOUND.with("fee-grant not found")
}

fn event(kind: &str, granter: &str, grantee: &str) -> Event {
    Event::new(kind).with("granter", granter).with("grantee", grantee)
}
