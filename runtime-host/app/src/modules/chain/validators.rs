//! The validators of a network, as its state knows them.

use super::state_key;
use crate::api::ValidatorUpdate;
use crate::error::{self, Run, UserError};
use crate::exec::{prefix_end, Exec};
use crate::facts::STORE;
use crate::gas;
use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use suyuan_core::{sha256, Event, HostFault, Hosted};
use suyuan_store::{ChangeSet, Order, Snapshot};
use suyuan_tx::chain::ValidatorChange;

/// Most validators of a chain.
pub(crate) const VALIDATORS_MAX: usize = 200;
/// Most changes of one message: all of them.
const CHANGES_MAX: usize = VALIDATORS_MAX;
/// Most power of one validator. All together stay far below CometBFT's bound of 2^60.
pub(crate) const POWER_MAX: u64 = 1 << 32;
/// Longest name, in bytes.
const NAME_LEN_MAX: usize = 64;
/// Bytes of an address of a validator.
const ADDRESS_LEN: usize = 20;

/// A validator's key and power, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Power {
    /// Its ed25519 key, base64.
    pub pub_key: String,
    /// Voting power; 0 only where it means removal.
    pub power: u64,
    /// Name for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Power {
    fn key(&self) -> Hosted<[u8; 32]> {
        let bytes = STANDARD.decode(&self.pub_key).ok();
        bytes
            .and_then(|b| b.try_into().ok())
            .ok_or_else(|| HostFault::new("the key of a validator in state is no ed25519 key"))
    }

    pub(crate) fn to_proto(&self) -> Hosted<ValidatorChange> {
        Ok(ValidatorChange {
            pub_key: self.key()?.to_vec(),
            power: self.power,
            name: self.name.clone(),
        })
    }

    fn decode(bytes: &[u8]) -> Hosted<Power> {
        serde_json::from_slice(bytes)
            .map_err(|e| HostFault::new(format!("a validator in state: {e}")))
    }

    fn encode(&self) -> Hosted<Vec<u8>> {
        serde_json::to_vec(self).map_err(|e| HostFault::new(e.to_string()))
    }
}

/// The address that belongs to a key: the first 20 bytes of its SHA-256.
fn address(key: &[u8; 32]) -> [u8; ADDRESS_LEN] {
    let mut short = [0; ADDRESS_LEN];
    short.copy_from_slice(&sha256(key)[..ADDRESS_LEN]);
    short
}

fn bad(text: impl std::fmt::Display) -> UserError {
    error::INVALID_REQUEST.with(text)
}

/// Checks what follows from a message alone.
pub(super) fn checked(changes: &[ValidatorChange]) -> Result<Vec<Power>, UserError> {
    if changes.is_empty() || changes.len() > CHANGES_MAX {
        return Err(bad(format_args!(
            "{} validators, 1 to {CHANGES_MAX} are possible",
            changes.len()
        )));
    }
    let mut keys = BTreeSet::new();
    let mut result = Vec::with_capacity(changes.len());
    for change in changes {
        let len = change.pub_key.len();
        if len != 32 {
            return Err(
                error::INVALID_PUB_KEY.with(format_args!("{len} bytes, an ed25519 key has 32"))
            );
        }
        if !keys.insert(&change.pub_key) {
            return Err(bad("a validator is named twice"));
        }
        if change.power > POWER_MAX {
            return Err(bad(format_args!("power {} is above {POWER_MAX}", change.power)));
        }
        if change.name.len() > NAME_LEN_MAX {
            return Err(bad(format_args!("a name is longer than {NAME_LEN_MAX} bytes")));
        }
        result.push(Power {
            pub_key: STANDARD.encode(&change.pub_key),
            power: change.power,
            name: change.name.clone(),
        });
    }
    Ok(result)
}

/// Writes the validators of genesis; they were checked by the driver's own rules, and are checked by ours.
pub(crate) fn write_genesis(exec: &mut Exec<'_>, validators: &[ValidatorUpdate]) -> Run<()> {
    let changes: Vec<ValidatorChange> = validators
        .iter()
        .map(|v| ValidatorChange {
            pub_key: v.pub_key.to_vec(),
            power: v.power,
            name: String::new(),
        })
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let changes = checked(&changes)?;
    if changes.iter().any(|c| c.power == 0) {
        return Err(bad("a validator without power").into());
    }
    for change in changes {
        let key = state_key::validator(&address(&change.key()?));
        exec.delta.set(STORE, &key, &change.encode()?);
    }
    Ok(())
}

/// Changes the set.
pub(super) fn apply(exec: &mut Exec<'_>, changes: &[Power]) -> Run<()> {
    let mut set = current(exec)?;
    if set.is_empty() {
        let text = "this chain is made by one node alone, which stays its only validator until it becomes a network";
        return Err(error::NOT_SUPPORTED.with(text).into());
    }
    for change in changes {
        let at = address(&change.key()?);
        let key = state_key::validator(&at);
        let event = Event::new("set_validator").with("pub_key", change.pub_key.clone());
        if change.power == 0 {
            if set.remove(&at).is_none() {
                return Err(bad(format_args!("{} is no validator", change.pub_key)).into());
            }
            exec.remove(STORE, &key)?;
        } else {
            let mut new = change.clone();
            if let (Some(old), true) = (set.get(&at), new.name.is_empty()) {
                new.name.clone_from(&old.name);
            }
            exec.write(STORE, &key, &new.encode()?)?;
            set.insert(at, new);
        }
        exec.emit(event.with("power", change.power.to_string()));
    }
    if set.is_empty() {
        return Err(bad("a chain without validators").into());
    }
    if set.len() > VALIDATORS_MAX {
        return Err(bad(format_args!("more than {VALIDATORS_MAX} validators")).into());
    }
    Ok(())
}

fn current(exec: &mut Exec<'_>) -> Run<BTreeMap<[u8; ADDRESS_LEN], Power>> {
    let end = prefix_end(state_key::VALIDATORS);
    let mut set = BTreeMap::new();
    let records: Vec<(Vec<u8>, Vec<u8>)> = exec
        .delta
        .range(STORE, Some(state_key::VALIDATORS), end.as_deref(), Order::Ascending)?
        .collect::<Hosted<_>>()?;
    for (key, value) in records {
        exec.gas.charge(gas::seek(Some((key.len(), value.len()))), "IterNextFlat")?;
        let power = Power::decode(&value)?;
        set.insert(address(&power.key()?), power);
    }
    Ok(set)
}

/// The validators of a committed state.
pub(crate) fn committed(snapshot: &Snapshot) -> Hosted<Vec<Power>> {
    let end = prefix_end(state_key::VALIDATORS);
    snapshot
        .range(STORE, Some(state_key::VALIDATORS), end.as_deref(), Order::Ascending)?
        .map(|pair| Power::decode(&pair?.1))
        .collect()
}

/// What a block changed, for consensus. `begun` holds what genesis wrote, if this is the first block.
pub(crate) fn updates(
    snapshot: &Snapshot,
    begun: Option<&ChangeSet>,
    changes: &ChangeSet,
) -> Hosted<Vec<ValidatorUpdate>> {
    let end = prefix_end(state_key::VALIDATORS).unwrap_or_default();
    let range = (STORE, state_key::VALIDATORS.to_vec())..(STORE, end);
    let mut updates = Vec::new();
    for (key, value) in changes.range(range) {
        let old = match begun.and_then(|changes| changes.get(key)) {
            Some(written) => written.clone(),
            None => snapshot.get(key.0, &key.1)?,
        };
        let (old, new) = (read(old.as_deref())?, read(value.as_deref())?);
        let update = match (&old, &new) {
            (Some(old), Some(new)) if old.power == new.power => continue,
            (None, None) => continue,
            (_, Some(new)) => ValidatorUpdate { pub_key: new.key()?, power: new.power },
            (Some(old), None) => ValidatorUpdate { pub_key: old.key()?, power: 0 },
        };
        updates.push(update);
    }
    Ok(updates)
}

fn read(bytes: Option<&[u8]>) -> Hosted<Option<Power>> {
    bytes.map(Power::decode).transpose()
}
