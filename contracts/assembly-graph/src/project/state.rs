//! Storage of projects.
//!
//! | key | value |
//! |---|---|
//! | Map `project` (number, revision) | [`StoredProject`], JSON |
//! | Map `project_latest` (number) | [`Keeper`], JSON |

use cosmwasm_schema::cw_serde;
use suyuan_contract_kit::store::Map;
use suyuan_trace_api::digest::Digest;

/// A revision as stored.
#[cw_serde]
pub struct StoredProject {
    /// Commitment to the customer.
    pub customer: Digest,
    /// Commitment to contract and demand.
    pub contract: Option<Digest>,
    /// Order numbers.
    pub orders: Vec<String>,
    /// Height.
    pub defined_at: u64,
}

/// Who keeps a project, and its latest revision.
#[cw_serde]
pub struct Keeper {
    /// The participant.
    pub owner: String,
    /// Number of the latest revision.
    pub revision: u32,
}

/// Revisions by project and number.
pub const PROJECTS: Map<(&str, u32), StoredProject> = Map::new("project");
/// The latest revision of each project.
pub const KEEPERS: Map<&str, Keeper> = Map::new("project_latest");
