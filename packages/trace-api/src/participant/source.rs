//! Data sources: what devices, systems and input terminals report is signed with their own keys.

use cosmwasm_schema::cw_serde;

use super::{Key, NewKey, Stop};

/// Keys that one source can have had: they are part of its record, read at each of its events.
pub const MAX_SOURCE_KEYS: usize = 16;

/// Kinds of data sources (clause 6.1). Devices, MES and ERP sign what they report.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceKind {
    /// Programmable controller.
    Plc,
    /// Sensor.
    Sensor,
    /// Code scanner.
    Scanner,
    /// Manufacturing execution system.
    Mes,
    /// Enterprise resource planning system.
    Erp,
    /// Terminal or app through which people enter data (manual input).
    Manual,
}

/// `Registered → Certified ⇄ Quarantined`, and from any of the three `→ Retired`. Only a certified source may speak
/// (clause 10 a).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceStatus {
    /// Known, may not speak yet.
    Registered,
    /// May speak.
    Certified,
    /// Stopped for the time being.
    Quarantined,
    /// Final.
    Retired,
}

/// A data source as it is registered by its owner.
#[cw_serde]
pub struct NewSource {
    /// Unique id of the device or system.
    pub id: String,
    /// Kind.
    pub kind: SourceKind,
    /// Process profile that its events follow, where it serves one only.
    #[serde(default)]
    pub profile: Option<String>,
    /// Its first key; the purpose must be [`super::KeyPurpose::Source`].
    pub key: NewKey,
}

/// A data source as stored, and answered as of the time of the block.
#[cw_serde]
pub struct Source {
    /// Id.
    pub id: String,
    /// The participant that answers for it.
    pub owner: String,
    /// Kind.
    pub kind: SourceKind,
    /// Process profile that its events follow, where it serves one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Where it stands.
    pub status: SourceStatus,
    /// The last time that it was stopped; it may be over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<Stop>,
    /// Its keys, oldest first.
    pub keys: Vec<Key>,
}
