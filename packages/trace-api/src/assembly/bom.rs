//! Planned bills of materials: what a class should be made of, and how much may be lost (as planned, against as
//! built).

use cosmwasm_schema::cw_serde;

use crate::amount::Amount;

/// Lines of a bill of materials at the most.
pub const MAX_BOM_LINES: usize = 64;
/// Alternatives of one line at the most.
pub const MAX_ALTERNATIVES: usize = 8;
/// Classes named in one bill of materials at the most, alternatives included.
pub const MAX_BOM_CLASSES: usize = 128;
/// Links of a unit that a comparison with its plan reads at the most.
pub const MAX_DIFF_LINKS: usize = 512;
/// Parts per million in a whole.
pub const PPM: u32 = 1_000_000;

/// A line: so much of one class, or of one of its alternatives, for one unit (or one unit of measure) of the whole.
#[cw_serde]
#[derive(Eq)]
pub struct BomLine {
    /// Class of the part.
    pub class: String,
    /// How much.
    pub quantity: Amount,
    /// Unit of measure; must be the class's. `None` = pieces.
    pub uom: Option<String>,
    /// Classes that may stand in for it, of the same unit of measure.
    pub alternatives: Vec<String>,
}

/// A bill of materials to define.
#[cw_serde]
pub struct NewBom {
    /// Class of the whole; the sender must own it.
    pub class: String,
    /// One more than the revision before, from 1.
    pub revision: u32,
    /// Its lines, 1 to [`MAX_BOM_LINES`].
    pub lines: Vec<BomLine>,
    /// How much of the inputs a transformation into this class may lose, in millionths; `None` = not checked.
    pub loss_ppm: Option<u32>,
}

/// A bill of materials as it answers.
#[cw_serde]
pub struct BomView {
    /// Class of the whole.
    pub class: String,
    /// Revision.
    pub revision: u32,
    /// Its lines.
    pub lines: Vec<BomLine>,
    /// How much may be lost, in millionths; `None` = not checked.
    pub loss_ppm: Option<u32>,
    /// The participant that defined it.
    pub defined_by: String,
    /// Height.
    pub defined_at: u64,
}

/// How what was built compares with what was planned.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum DiffVerdict {
    /// As planned.
    Equal,
    /// Less than planned.
    Short,
    /// More than planned.
    Excess,
    /// A quantity is not known.
    Unknown,
}

/// A line of the plan against what was built.
#[cw_serde]
pub struct DiffLine {
    /// Class of the part.
    pub class: String,
    /// Unit of measure; `None` = pieces.
    pub uom: Option<String>,
    /// Planned for the whole unit; `None` where the unit's own quantity is not known.
    pub planned: Option<Amount>,
    /// Built in; `None` where a quantity is not known.
    pub built: Option<Amount>,
    /// Parts and lots that went in.
    pub parts: u32,
    /// Alternatives that stood in.
    pub stood_in: Vec<String>,
    /// The verdict.
    pub verdict: DiffVerdict,
}

/// What went in without being planned.
#[cw_serde]
pub struct Unplanned {
    /// Class of the part.
    pub class: String,
    /// Built in; `None` where a quantity is not known.
    pub built: Option<Amount>,
    /// Parts and lots that went in.
    pub parts: u32,
}

/// A unit's plan against what it was built of, one level, certain links only.
#[cw_serde]
pub struct PlannedDiffAnswer {
    /// The unit.
    pub code: String,
    /// Its class.
    pub class: String,
    /// Revision of the plan.
    pub revision: u32,
    /// Lines of the plan.
    pub lines: Vec<DiffLine>,
    /// Classes outside of the plan, ascending.
    pub unplanned: Vec<Unplanned>,
    /// Links that are potential or disputed and so count nowhere.
    pub uncertain: u32,
}
