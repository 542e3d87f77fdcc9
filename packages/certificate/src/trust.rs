//! What the caller trusts: a header, or the validators of a chain; and which code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use tendermint::{validator, vote, Hash, PublicKey};

use crate::contracts::Role;
use crate::limits::VALIDATORS_MAX;

/// Checksums of the contracts in this repository, as `sha256sum` writes them.
const ARTIFACTS: &str = include_str!("../../../artifacts/checksums.txt");

/// A trust file, hash or checksum that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadTrust(pub String);

/// Whom to believe.
#[derive(Clone, Debug, Default)]
pub enum Anchor {
    /// Nobody.
    #[default]
    None,
    /// Exactly this header.
    Header(Hash),
    /// The validators of a chain.
    Chain(TrustedChain),
}

/// A chain that is trusted from its beginning.
#[derive(Clone, Debug)]
pub struct TrustedChain {
    /// Its id.
    pub chain_id: String,
    /// Its validators.
    pub validators: validator::Set,
    /// The contracts that count, where the file names them.
    pub contracts: Option<Addresses>,
}

/// The four contracts of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Addresses {
    /// participant-registry.
    pub registry: String,
    /// trace-code.
    pub trace_code: String,
    /// assembly-graph.
    pub assembly_graph: String,
    /// event-log.
    pub event_log: String,
}

impl Addresses {
    /// Reads a `deployment.json`.
    ///
    /// # Errors
    /// Where it does not name the four.
    pub fn from_deployment(bytes: &[u8]) -> Result<Self, BadTrust> {
        serde_json::from_slice(bytes).map_err(|e| BadTrust(format!("not a deployment: {e}")))
    }

    /// One of them.
    pub fn of(&self, role: Role) -> &str {
        match role {
            Role::Registry => &self.registry,
            Role::TraceCode => &self.trace_code,
            Role::AssemblyGraph => &self.assembly_graph,
            Role::EventLog => &self.event_log,
        }
    }
}

/// As much of a genesis as counts.
#[derive(Deserialize)]
struct Genesis {
    chain_id: String,
    validators: Vec<GenesisValidator>,
    #[serde(default)]
    contracts: Option<Addresses>,
}

#[derive(Deserialize)]
struct GenesisValidator {
    pub_key: GenesisKey,
    power: Value,
}

#[derive(Deserialize)]
struct GenesisKey {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

impl Anchor {
    /// A header by its hash.
    ///
    /// # Errors
    /// Where it is not 64 hex digits.
    pub fn header(text: &str) -> Result<Self, BadTrust> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)
            .map_err(|_| BadTrust(format!("{text:?} is not a header hash of 64 hex digits")))?;
        Ok(Self::Header(Hash::Sha256(hash)))
    }

    /// A chain by its genesis, or by a file with `chain_id` and `validators` as a genesis has them. It may name the
    /// `contracts` that count.
    ///
    /// # Errors
    /// Where there are no validators, or one cannot be read.
    pub fn genesis(bytes: &[u8]) -> Result<Self, BadTrust> {
        let genesis: Genesis =
            serde_json::from_slice(bytes).map_err(|e| BadTrust(format!("not a genesis: {e}")))?;
        if genesis.validators.is_empty() || genesis.validators.len() > VALIDATORS_MAX {
            return Err(BadTrust(format!("{} validators", genesis.validators.len())));
        }
        let validators =
            genesis.validators.iter().map(trusted_validator).collect::<Result<Vec<_>, _>>()?;
        let validators = validator_set(validators).ok_or_else(|| {
            BadTrust("the validators cannot be: twice the same, or too much power".into())
        })?;
        let chain =
            TrustedChain { chain_id: genesis.chain_id, validators, contracts: genesis.contracts };
        Ok(Self::Chain(chain))
    }
}

fn trusted_validator(given: &GenesisValidator) -> Result<validator::Info, BadTrust> {
    use base64::Engine as _;
    let bad = |what: &str| BadTrust(format!("a validator's {what} cannot be read"));
    if given.pub_key.kind != "tendermint/PubKeyEd25519" {
        return Err(bad("kind of key"));
    }
    let key = base64::engine::general_purpose::STANDARD
        .decode(&given.pub_key.value)
        .map_err(|_| bad("key"))?;
    let power = match &given.power {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    validator_info(&key, power.ok_or_else(|| bad("power"))?).ok_or_else(|| bad("key or power"))
}

/// A validator; `None` where the key or the power cannot be.
pub(crate) fn validator_info(key: &[u8], power: u64) -> Option<validator::Info> {
    let power = vote::Power::try_from(power).ok().filter(|power| power.value() > 0)?;
    Some(validator::Info::new(PublicKey::from_raw_ed25519(key)?, power))
}

/// A set in its own order; `None` where an address stands twice or the power is too much.
pub(crate) fn validator_set(validators: Vec<validator::Info>) -> Option<validator::Set> {
    let addresses: BTreeSet<_> = validators.iter().map(|v| v.address).collect();
    let total = validators.iter().try_fold(0u64, |sum, v| sum.checked_add(v.power()))?;
    let sound =
        addresses.len() == validators.len() && total <= validator::Set::MAX_TOTAL_VOTING_POWER;
    sound.then(|| validator::Set::without_proposer(validators))
}

/// Codes that are known, by what they are for.
#[derive(Clone, Debug, Default)]
pub struct Checksums {
    named: BTreeMap<[u8; 32], String>,
    accepted: BTreeSet<[u8; 32]>,
}

impl Checksums {
    /// Knows nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// The contracts that this program was built beside.
    pub fn built_in() -> Self {
        let mut known = Self::none();
        for line in ARTIFACTS.lines() {
            let Some((checksum, file)) = line.split_once("  ") else {
                continue;
            };
            let mut bytes = [0; 32];
            if hex::decode_to_slice(checksum, &mut bytes).is_ok() {
                known.named.insert(bytes, file.trim_end_matches(".wasm").into());
            }
        }
        known
    }

    /// Accepts one more, for any contract.
    ///
    /// # Errors
    /// Where it is not 64 hex digits.
    pub fn accept(&mut self, checksum: &str) -> Result<(), BadTrust> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(checksum, &mut bytes)
            .map_err(|_| BadTrust(format!("{checksum:?} is not a checksum of 64 hex digits")))?;
        self.accepted.insert(bytes);
        Ok(())
    }

    /// Under which name a code is known for this role.
    pub(crate) fn name(&self, role: Role, checksum: &[u8; 32]) -> Option<String> {
        if self.named.get(checksum).is_some_and(|name| name == role.name()) {
            return Some(role.name().into());
        }
        self.accepted.contains(checksum).then(|| "accepted by the caller".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_checksums_name_the_four_contracts_for_their_role_only() {
        let known = Checksums::built_in();
        for role in Role::ALL {
            let of_role = known.named.iter().find(|(_, name)| *name == role.name());
            let (checksum, _) = of_role.expect("in artifacts/checksums.txt");
            for other in Role::ALL {
                assert_eq!(known.name(other, checksum).is_some(), other == role);
            }
        }
        assert!(Checksums::none().name(Role::Registry, &[0; 32]).is_none());
    }

    #[test]
    fn a_genesis_without_usable_validators_is_no_anchor() {
        let text = |validators: &str| format!(r#"{{"chain_id":"c","validators":[{validators}]}}"#);
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let one = |power: &str| {
            format!(
                r#"{{"pub_key":{{"type":"tendermint/PubKeyEd25519","value":"{key}"}},"power":{power}}}"#
            )
        };
        assert!(Anchor::genesis(text(&one("\"10\"")).as_bytes()).is_ok());
        assert!(Anchor::genesis(text(&one("10")).as_bytes()).is_ok());
        let twice = [one("1"), one("1")].join(",");
        for bad in ["", &one("0"), &one("-1"), &one("true"), &twice, "{}"] {
            assert!(Anchor::genesis(text(bad).as_bytes()).is_err(), "{bad}");
        }
        assert!(Anchor::header("ab").is_err());
        assert!(Anchor::header(&"AB".repeat(32)).is_ok());
    }
}
