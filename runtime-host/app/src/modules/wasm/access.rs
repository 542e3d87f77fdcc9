//! Who may upload and instantiate: everybody, nobody, or listed addresses.

use crate::error::{self, UserError};
use crate::facts::Facts;
use crate::limits::ACCESS_ADDRESSES_MAX;
use cosmos_sdk_proto::cosmwasm::wasm::v1::AccessConfig as ProtoAccessConfig;

/// A checked access configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AccessConfig {
    Nobody,
    Everybody,
    /// Addresses as texts, as they were given.
    AnyOf(Vec<String>),
}

const NOBODY: i32 = 1;
const EVERYBODY: i32 = 3;
const ANY_OF: i32 = 4;

impl AccessConfig {
    /// Checks a configuration of a message or of genesis.
    ///
    /// # Errors
    /// Unknown kinds; empty, long, invalid or repeating lists.
    pub(crate) fn from_proto(
        config: &ProtoAccessConfig,
        facts_prefix: &str,
    ) -> Result<AccessConfig, UserError> {
        match config.permission {
            NOBODY => Ok(AccessConfig::Nobody),
            EVERYBODY => Ok(AccessConfig::Everybody),
            ANY_OF => {
                Self::any_of(&config.addresses, facts_prefix).map_err(|e| e.wrap("addresses"))
            }
            0 => Err(error::WASM_EMPTY.with("type")),
            other => Err(error::WASM_INVALID.with(format_args!("unknown type: \"{other}\""))),
        }
    }

    /// Checks a list of addresses.
    ///
    /// # Errors
    /// Empty, long, invalid or repeating lists.
    pub(crate) fn any_of(addresses: &[String], prefix: &str) -> Result<AccessConfig, UserError> {
        if addresses.is_empty() {
            return Err(error::WASM_EMPTY.with("addresses"));
        }
        if addresses.len() > ACCESS_ADDRESSES_MAX {
            let text = format!("total number of addresses is greater than {ACCESS_ADDRESSES_MAX}");
            return Err(error::INVALID_REQUEST.with(text));
        }
        let mut seen = std::collections::BTreeSet::new();
        for address in addresses {
            let addr = suyuan_core::address::decode(prefix, address)
                .map_err(|e| error::uncoded(e).wrap(&format!("address: {address}")))?;
            if !seen.insert(addr) {
                return Err(error::WASM_DUPLICATE.with("duplicate addresses"));
            }
        }
        Ok(AccessConfig::AnyOf(addresses.to_vec()))
    }

    /// Wire and storage form.
    pub(crate) fn to_proto(&self) -> ProtoAccessConfig {
        let (permission, addresses) = match self {
            AccessConfig::Nobody => (NOBODY, Vec::new()),
            AccessConfig::Everybody => (EVERYBODY, Vec::new()),
            AccessConfig::AnyOf(addresses) => (ANY_OF, addresses.clone()),
        };
        ProtoAccessConfig { permission, addresses }
    }

    /// Name of the kind, as events and genesis write it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            AccessConfig::Nobody => "Nobody",
            AccessConfig::Everybody => "Everybody",
            AccessConfig::AnyOf(_) => "AnyOfAddresses",
        }
    }

    /// Whether `actor` may.
    pub(crate) fn allows(&self, facts: &Facts, actor: &[u8]) -> bool {
        match self {
            AccessConfig::Nobody => false,
            AccessConfig::Everybody => true,
            AccessConfig::AnyOf(addresses) => addresses.contains(&facts.text(actor)),
        }
    }

    /// The chain's default for code of `creator`: a default of "listed addresses" lists the creator.
    pub(crate) fn for_creator(&self, creator: &str) -> AccessConfig {
        match self {
            AccessConfig::AnyOf(_) => AccessConfig::AnyOf(vec![creator.to_string()]),
            other => other.clone(),
        }
    }

    /// Whether nobody gains access compared with `other` (wasmd's `IsSubset`).
    pub(crate) fn is_subset_of(&self, other: &AccessConfig) -> bool {
        match (self, other) {
            (_, AccessConfig::Everybody) | (AccessConfig::Nobody, _) => true,
            (AccessConfig::AnyOf(own), AccessConfig::AnyOf(all)) => {
                own.iter().all(|a| all.contains(a))
            }
            _ => false,
        }
    }
}
