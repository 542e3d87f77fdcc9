//! Storage of planned bills of materials.
//!
//! | key | value |
//! |---|---|
//! | Map `bom` (class, revision) | [`StoredBom`], JSON |
//! | Map `bom_latest` (class) | [`Latest`], JSON: what every transformation reads |

use cosmwasm_schema::cw_serde;
use suyuan_contract_kit::store::Map;
use suyuan_trace_api::assembly::bom::BomLine;

/// A revision as stored.
#[cw_serde]
pub struct StoredBom {
    /// Its lines.
    pub lines: Vec<BomLine>,
    /// How much may be lost, in millionths.
    pub loss_ppm: Option<u32>,
    /// Who defined it.
    pub defined_by: String,
    /// Height.
    pub defined_at: u64,
}

/// What is read of a class without its lines.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Latest {
    /// Number of the latest revision.
    pub revision: u32,
    /// How much may be lost by it.
    pub loss_ppm: Option<u32>,
}

/// Revisions by class and number.
pub const BOMS: Map<(&str, u32), StoredBom> = Map::new("bom");
/// The latest revision of each class.
pub const LATEST: Map<&str, Latest> = Map::new("bom_latest");
