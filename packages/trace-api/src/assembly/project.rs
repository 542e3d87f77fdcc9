//! Projects: the topmost level of annex B.1. The customer behind one is never in clear.

use cosmwasm_schema::cw_serde;

use super::UnitBrief;
use crate::code::ClassKind;
use crate::digest::Digest;

/// Orders of a project at the most.
pub const MAX_PROJECT_ORDERS: usize = 16;

/// A project to define, or the next revision of one.
#[cw_serde]
pub struct NewProject {
    /// Project number, as units carry it.
    pub number: String,
    /// One more than the revision before, from 1.
    pub revision: u32,
    /// Salted commitment to the customer.
    pub customer: Digest,
    /// Salted commitment to contract and demand.
    pub contract: Option<Digest>,
    /// Order numbers that belong to it, as units carry them.
    pub orders: Vec<String>,
}

/// A project as it answers.
#[cw_serde]
pub struct ProjectView {
    /// Project number.
    pub number: String,
    /// Revision.
    pub revision: u32,
    /// Commitment to the customer.
    pub customer: Digest,
    /// Commitment to contract and demand.
    pub contract: Option<Digest>,
    /// Order numbers.
    pub orders: Vec<String>,
    /// The participant that keeps it.
    pub owner: String,
    /// Height of this revision.
    pub defined_at: u64,
}

/// Levels of annex B.1 below the project, with machines and packaging beside them.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum ProductLevel {
    /// 产品.
    Product,
    /// 部件.
    SubAssembly,
    /// 零件, made or bought.
    Part,
    /// 原材料, blanks included.
    RawMaterial,
    /// 设备.
    Equipment,
    /// Boxes, pallets, containers.
    Packaging,
}

impl ProductLevel {
    /// The level of a kind of class.
    pub const fn of(kind: ClassKind) -> Self {
        match kind {
            ClassKind::Product => Self::Product,
            ClassKind::Component => Self::SubAssembly,
            ClassKind::SelfMadePart
            | ClassKind::KeyPurchasedPart
            | ClassKind::ImportantPurchasedPart
            | ClassKind::GeneralPurchasedPart
            | ClassKind::OutsourcedPart => Self::Part,
            ClassKind::Blank | ClassKind::RawMaterial => Self::RawMaterial,
            ClassKind::Equipment => Self::Equipment,
            ClassKind::Packaging => Self::Packaging,
        }
    }
}

/// A unit of a project.
#[cw_serde]
pub struct ProjectUnit {
    /// The unit.
    pub unit: UnitBrief,
    /// Its level.
    pub level: ProductLevel,
}

/// A page of a project's units.
#[cw_serde]
pub struct ProjectUnitPage {
    /// In order of birth.
    pub units: Vec<ProjectUnit>,
    /// Birth of the last unit looked at, for the next page; `None` when the list is complete.
    pub next: Option<u64>,
}
