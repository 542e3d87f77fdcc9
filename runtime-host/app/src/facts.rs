//! What a chain decided at genesis: its name, address prefix, admission and limits. Transactions change nothing of it but
//! the consensus parameters, and those only by the authority.

use crate::api::ConsensusParams;
use crate::exec::Exec;
use serde::{Deserialize, Serialize};
use suyuan_core::address::{self, Addr, AddressError};
use suyuan_core::{HostFault, Hosted};
use suyuan_store::Snapshot;

/// Store of the consensus parameters and of the facts themselves.
pub(crate) const STORE: &str = "consensus";
/// Key of the facts in [`STORE`].
pub(crate) const FACTS_KEY: &[u8] = b"suyuan/facts";

/// Version of the layout of state. A node refuses a state with another version.
pub(crate) const STATE_FORMAT: u32 = 1;

/// The facts as stored: JSON with fields in this order, so equal facts have equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFacts {
    pub state_format: u32,
    pub chain_id: String,
    pub genesis_time_ns: String,
    pub initial_height: u64,
    pub bech32_prefix: String,
    pub price_table: String,
    pub capabilities: Vec<String>,
    /// Most memory of one contract in pages of 64 KiB, where genesis says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_pages: Option<u32>,
    pub admission: Admission,
    pub consensus: StoredConsensus,
    /// Least prices of gas; empty for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minimum_gas_prices: Vec<crate::fees::GasPrice>,
    /// Who may change parameters and pin code; absent for a chain where nobody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Seconds between the announcement and the execution of what the authority decides about validators and consensus
    /// parameters; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_delay_s: Option<u64>,
    /// Whether a message has replaced the consensus parameters of genesis.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub consensus_updated: bool,
}

/// Who may send transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Admission {
    /// Everybody with an account.
    Open,
    /// Only these addresses.
    Addresses(Vec<String>),
    /// Those that this contract admits when it is asked; until it exists, those named here.
    Contract {
        /// Its address, which may be one that comes later.
        address: String,
        /// Who may send before it exists.
        before: Vec<String>,
    },
}

/// [`ConsensusParams`] in storable form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredConsensus {
    pub block_max_bytes: i64,
    pub block_max_gas: i64,
    pub evidence_max_age_blocks: i64,
    pub evidence_max_age_ns: i64,
    pub evidence_max_bytes: i64,
    pub pub_key_types: Vec<String>,
}

impl From<&StoredConsensus> for ConsensusParams {
    fn from(p: &StoredConsensus) -> Self {
        ConsensusParams {
            block_max_bytes: p.block_max_bytes,
            block_max_gas: p.block_max_gas,
            evidence_max_age_blocks: p.evidence_max_age_blocks,
            evidence_max_age_ns: p.evidence_max_age_ns,
            evidence_max_bytes: p.evidence_max_bytes,
            pub_key_types: p.pub_key_types.clone(),
        }
    }
}

impl From<&ConsensusParams> for StoredConsensus {
    fn from(p: &ConsensusParams) -> Self {
        StoredConsensus {
            block_max_bytes: p.block_max_bytes,
            block_max_gas: p.block_max_gas,
            evidence_max_age_blocks: p.evidence_max_age_blocks,
            evidence_max_age_ns: p.evidence_max_age_ns,
            evidence_max_bytes: p.evidence_max_bytes,
            pub_key_types: p.pub_key_types.clone(),
        }
    }
}

/// The facts with what is derived from them once.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub stored: StoredFacts,
    pub fee_collector: Addr,
    pub wasm_module: Addr,
    /// Of the facts, or the address of a module "gov" that this chain does not have: nobody can sign for it.
    pub authority: Addr,
}

impl Facts {
    /// Derives the rest of the facts.
    pub(crate) fn new(stored: StoredFacts) -> Facts {
        let named =
            stored.authority.as_ref().and_then(|a| address::decode(&stored.bech32_prefix, a).ok());
        Facts {
            fee_collector: address::module_address("fee_collector"),
            wasm_module: address::module_address("wasm"),
            authority: named.unwrap_or_else(|| address::module_address("gov")),
            stored,
        }
    }

    /// The facts of a committed state, `None` before the first commit.
    pub(crate) fn load(snapshot: &Snapshot) -> Hosted<Option<Facts>> {
        let Some(bytes) = snapshot.get(STORE, FACTS_KEY)? else { return Ok(None) };
        let stored: StoredFacts = serde_json::from_slice(&bytes)
            .map_err(|e| HostFault::new(format!("facts of the chain: {e}")))?;
        if stored.state_format != STATE_FORMAT {
            return Err(HostFault::new(format!(
                "state has format {}, this binary reads format {STATE_FORMAT}",
                stored.state_format
            )));
        }
        Ok(Some(Facts::new(stored)))
    }

    /// Writes the facts; genesis only.
    pub(crate) fn save(&self, exec: &mut Exec<'_>) -> Hosted<()> {
        let bytes = serde_json::to_vec(&self.stored).map_err(|e| HostFault::new(e.to_string()))?;
        exec.delta.set(STORE, FACTS_KEY, &bytes);
        Ok(())
    }

    pub(crate) fn chain_id(&self) -> &str {
        &self.stored.chain_id
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.stored.bech32_prefix
    }

    /// Most gas of one block, `None` for unlimited.
    pub(crate) fn block_gas_max(&self) -> Option<u64> {
        u64::try_from(self.stored.consensus.block_max_gas).ok()
    }

    /// Canonical bytes of an address of this chain.
    pub(crate) fn addr(&self, text: &str) -> Result<Addr, AddressError> {
        address::decode(self.prefix(), text)
    }

    /// Text of an address. Every address in state or derived by the chain has 1 to 255 bytes.
    pub(crate) fn text(&self, addr: &[u8]) -> String {
        address::encode(self.prefix(), addr).unwrap_or_default()
    }

    /// Whether `addr` is the authority of the chain, for which wasmd's access rules of code and contracts do not count.
    pub(crate) fn is_authority(&self, addr: &[u8]) -> bool {
        addr == self.authority
    }

    /// Whether `addr` is a module account, which nobody may send to.
    pub(crate) fn is_blocked(&self, addr: &[u8]) -> bool {
        addr == self.fee_collector || addr == self.wasm_module
    }
}
