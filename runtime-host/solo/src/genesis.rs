//! The genesis document in the shape of CometBFT's `genesis.json`.

use serde::Deserialize;
use serde_json::{json, Value};
use suyuan_core::{hex_upper, sha256, Hash32, HostFault, Hosted};
use tendermint::{block, chain, consensus, evidence, public_key, validator, PublicKey, Time};

use crate::application::InitChain;

/// Most bytes of a chain id (CometBFT).
pub const CHAIN_ID_LEN_MAX: usize = 50;
/// Voting power of the one validator unless genesis says otherwise.
pub const SOLO_POWER: u32 = 10;
/// Hard bound of CometBFT for a block.
pub const BLOCK_BYTES_HARD_MAX: u64 = 100 * 1024 * 1024;

/// Why a genesis document cannot start a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("genesis: {0}")]
pub struct GenesisFileError(pub String);

/// A checked genesis document.
#[derive(Clone, Debug, PartialEq)]
pub struct Genesis {
    /// Time of the first block.
    pub genesis_time: Time,
    /// Chain id, at most [`CHAIN_ID_LEN_MAX`] bytes.
    pub chain_id: chain::Id,
    /// Height of the first block, at least 1.
    pub initial_height: u64,
    /// Consensus parameters.
    pub consensus_params: consensus::Params,
    /// Validators; empty means the validator whose key the node holds.
    pub validators: Vec<validator::Info>,
    /// App hash of a checkpoint genesis; empty for a chain that begins.
    pub app_hash: Vec<u8>,
    /// The app's part.
    pub app_state: Value,
}

#[derive(Deserialize)]
struct Document {
    genesis_time: Time,
    chain_id: String,
    #[serde(default)]
    initial_height: Value,
    #[serde(default)]
    consensus_params: Option<consensus::Params>,
    #[serde(default)]
    validators: Option<Vec<Value>>,
    #[serde(default)]
    app_hash: Option<String>,
    #[serde(default)]
    app_state: Value,
}

impl Genesis {
    /// A genesis with default parameters, no named validator and this app state.
    pub fn new(
        chain_id: &str,
        genesis_time: Time,
        app_state: Value,
    ) -> Result<Genesis, GenesisFileError> {
        let genesis = Genesis {
            genesis_time,
            chain_id: parse_chain_id(chain_id)?,
            initial_height: 1,
            consensus_params: default_params(),
            validators: Vec::new(),
            app_hash: Vec::new(),
            app_state,
        };
        genesis.check()?;
        Ok(genesis)
    }

    /// Reads and checks a `genesis.json`.
    pub fn from_json(text: &[u8]) -> Result<Genesis, GenesisFileError> {
        let doc: Document =
            serde_json::from_slice(text).map_err(|e| GenesisFileError(e.to_string()))?;
        let app_hash = hex::decode(doc.app_hash.unwrap_or_default())
            .map_err(|e| GenesisFileError(format!("app_hash is not hexadecimal: {e}")))?;
        let validators = doc
            .validators
            .unwrap_or_default()
            .iter()
            .map(parse_validator)
            .collect::<Result<_, _>>()?;
        let genesis = Genesis {
            genesis_time: doc.genesis_time,
            chain_id: parse_chain_id(&doc.chain_id)?,
            initial_height: parse_height(&doc.initial_height)?,
            consensus_params: doc.consensus_params.unwrap_or_else(default_params),
            validators,
            app_hash,
            app_state: doc.app_state,
        };
        genesis.check()?;
        Ok(genesis)
    }

    /// The document as CometBFT writes it.
    pub fn to_json(&self) -> Value {
        json!({
            "genesis_time": self.genesis_time.to_rfc3339(),
            "chain_id": self.chain_id.as_str(),
            "initial_height": self.initial_height.to_string(),
            "consensus_params": params_json(&self.consensus_params),
            "validators": self.validators.iter().map(validator_json).collect::<Vec<_>>(),
            "app_hash": hex_upper(&self.app_hash),
            "app_state": self.app_state,
        })
    }

    /// Digest that ties a block log to this genesis. Independent of the spelling of the file.
    pub fn digest(&self) -> Hash32 {
        sha256(self.to_json().to_string().as_bytes())
    }

    /// App version for headers.
    pub fn app_version(&self) -> u64 {
        self.consensus_params.version.as_ref().map_or(0, |v| v.app)
    }

    /// The validator set of a solo chain: the one validator of the document, which must be `key`.
    pub fn solo_validators(&self, key: PublicKey) -> Result<validator::Set, GenesisFileError> {
        let info = match self.validators.as_slice() {
            [] => validator::Info::new(key, SOLO_POWER.into()),
            [one] if one.pub_key == key => one.clone(),
            [other] => {
                return Err(GenesisFileError(format!(
                    "the validator is {}, but this node holds the key of {}",
                    other.address,
                    tendermint::account::Id::from(key)
                )))
            }
            many => {
                return Err(GenesisFileError(format!(
                    "a solo chain has one validator, not {}",
                    many.len()
                )))
            }
        };
        Ok(validator::Set::new(vec![info.clone()], Some(info)))
    }

    /// Genesis time in nanoseconds since 1970-01-01T00:00:00Z.
    pub fn time_ns(&self) -> Hosted<u64> {
        time_ns(self.genesis_time)
    }

    /// What the app is told.
    pub(crate) fn init_chain(&self) -> Hosted<InitChain> {
        let params = &self.consensus_params;
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Ok(InitChain {
            chain_id: self.chain_id.to_string(),
            time_ns: self.time_ns()?,
            app_state: self.app_state.clone(),
            consensus_params: suyuan_app::ConsensusParams {
                block_max_bytes: whole(params.block.max_bytes),
                block_max_gas: params.block.max_gas,
                evidence_max_age_blocks: whole(params.evidence.max_age_num_blocks),
                evidence_max_age_ns: i64::try_from(params.evidence.max_age_duration.0.as_nanos())
                    .unwrap_or(i64::MAX),
                evidence_max_bytes: params.evidence.max_bytes,
                pub_key_types: vec!["ed25519".to_string()],
            },
            initial_height: self.initial_height,
            // The one validator of a chain that is made alone is not the app's business: it never changes.
            validators: Vec::new(),
        })
    }

    fn check(&self) -> Result<(), GenesisFileError> {
        let fail = |what: String| Err(GenesisFileError(what));
        let max_bytes = self.consensus_params.block.max_bytes;
        if self.initial_height == 0 || i64::try_from(self.initial_height).is_err() {
            return fail(format!("initial_height {} is out of range", self.initial_height));
        }
        if max_bytes < crate::producer::BLOCK_OVERHEAD_MAX as u64
            || max_bytes > BLOCK_BYTES_HARD_MAX
        {
            return fail(format!("block.max_bytes {max_bytes} is out of range"));
        }
        if self.consensus_params.block.max_gas < -1 {
            return fail(format!(
                "block.max_gas {} is below -1",
                self.consensus_params.block.max_gas
            ));
        }
        if self.genesis_time.unix_timestamp() < 0 {
            return fail("genesis_time is before 1970".to_string());
        }
        Ok(())
    }
}

/// Nanoseconds since 1970-01-01T00:00:00Z of a block time.
pub(crate) fn time_ns(time: Time) -> Hosted<u64> {
    u64::try_from(time.unix_timestamp_nanos())
        .map_err(|_| HostFault::new(format!("time {time} is out of range")))
}

/// A block time of nanoseconds since 1970-01-01T00:00:00Z.
pub(crate) fn time_of_ns(ns: u64) -> Hosted<Time> {
    let seconds =
        i64::try_from(ns / 1_000_000_000).map_err(|e| HostFault::new(format!("time {ns}: {e}")))?;
    let rest = u32::try_from(ns % 1_000_000_000).expect("a remainder of 10^9 fits");
    Time::from_unix_timestamp(seconds, rest).map_err(|e| HostFault::new(format!("time {ns}: {e}")))
}

/// The parameters of a chain that names none.
pub fn default_params() -> consensus::Params {
    let app = suyuan_app::ConsensusParams::default();
    consensus::Params {
        block: block::Size {
            max_bytes: u64::try_from(app.block_max_bytes).unwrap_or(BLOCK_BYTES_HARD_MAX),
            max_gas: app.block_max_gas,
            time_iota_ms: block::Size::default_time_iota_ms(),
        },
        evidence: evidence::Params {
            max_age_num_blocks: u64::try_from(app.evidence_max_age_blocks).unwrap_or_default(),
            max_age_duration: evidence::Duration(std::time::Duration::from_nanos(
                u64::try_from(app.evidence_max_age_ns).unwrap_or_default(),
            )),
            max_bytes: app.evidence_max_bytes,
        },
        validator: consensus::params::ValidatorParams {
            pub_key_types: vec![public_key::Algorithm::Ed25519],
        },
        version: Some(consensus::params::VersionParams { app: 0 }),
        abci: consensus::params::AbciParams::default(),
    }
}

fn params_json(params: &consensus::Params) -> Value {
    json!({
        "block": {
            "max_bytes": params.block.max_bytes.to_string(),
            "max_gas": params.block.max_gas.to_string(),
        },
        "evidence": {
            "max_age_num_blocks": params.evidence.max_age_num_blocks.to_string(),
            "max_age_duration": params.evidence.max_age_duration.0.as_nanos().to_string(),
            "max_bytes": params.evidence.max_bytes.to_string(),
        },
        "validator": { "pub_key_types": ["ed25519"] },
        "version": { "app": params.version.as_ref().map_or(0, |v| v.app).to_string() },
        "abci": {
            "vote_extensions_enable_height":
                params.abci.vote_extensions_enable_height.map_or(0, |h| h.value()).to_string(),
        },
    })
}

fn validator_json(info: &validator::Info) -> Value {
    json!({
        "address": info.address.to_string(),
        "pub_key": info.pub_key,
        "power": info.power.value().to_string(),
        "name": info.name.clone().unwrap_or_default(),
    })
}

fn parse_chain_id(text: &str) -> Result<chain::Id, GenesisFileError> {
    if text.is_empty() || text.len() > CHAIN_ID_LEN_MAX {
        return Err(GenesisFileError(format!("chain_id must have 1 to {CHAIN_ID_LEN_MAX} bytes")));
    }
    text.parse().map_err(|e| GenesisFileError(format!("chain_id: {e}")))
}

fn parse_height(value: &Value) -> Result<u64, GenesisFileError> {
    let height = match value {
        Value::Null => Some(1),
        Value::String(text) if text.is_empty() => Some(1),
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    // CometBFT reads 0 as 1.
    height.map(|h| h.max(1)).ok_or_else(|| GenesisFileError(format!("initial_height: {value}")))
}

fn parse_validator(value: &Value) -> Result<validator::Info, GenesisFileError> {
    let bad = |what: String| GenesisFileError(format!("validator: {what}"));
    let key = value.get("pub_key").cloned().ok_or_else(|| bad("pub_key is missing".to_string()))?;
    let key: PublicKey = serde_json::from_value(key).map_err(|e| bad(e.to_string()))?;
    let power = match value.get("power") {
        Some(Value::String(text)) => text.parse::<u32>().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
        _ => None,
    };
    let power = power
        .filter(|p| *p > 0)
        .ok_or_else(|| bad("power must be a positive number".to_string()))?;
    let mut info = validator::Info::new(key, power.into());
    let address = value.get("address").and_then(Value::as_str).unwrap_or_default();
    if !address.is_empty() && !address.eq_ignore_ascii_case(&info.address.to_string()) {
        return Err(bad(format!("address {address} does not belong to the key")));
    }
    info.name =
        value.get("name").and_then(Value::as_str).filter(|n| !n.is_empty()).map(str::to_string);
    Ok(info)
}
