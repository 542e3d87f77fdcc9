//! A code's life, the marks beside it, its scans, and the steps that the assembly graph asks for.

use cosmwasm_schema::cw_serde;

use super::PresentedCode;
use crate::digest::Digest;

/// Life of a code. Ends: Voided, Consumed, Retired, Destroyed, Superseded.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Life {
    /// In a batch, not used yet (no record of its own).
    Committed,
    /// Never to be used.
    Voided,
    /// Identifies a unit that waits for its quality record: first use needs one (Annex C).
    Applied,
    /// Identifies a unit that may be used.
    Active,
    /// Its unit is part of another one.
    InUse,
    /// Its unit went into something irreversibly.
    Consumed,
    /// Taken out of use.
    Retired,
    /// Destroyed.
    Destroyed,
    /// Left the region of the chain.
    Exported,
    /// Sold to its user.
    Sold,
    /// Taken as a sample.
    Sampled,
    /// Replaced by another code for the same unit.
    Superseded,
}

/// Marks beside the life, set and lifted independently.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Overlay {
    /// Blocked until cleared.
    Held,
    /// Under recall.
    Recalled,
    /// Failed its specification.
    NonConformant,
    /// Reported stolen.
    Stolen,
    /// Seen where it cannot be.
    SuspectClone,
    /// Damaged; shown, does not block.
    Damaged,
    /// To be replaced at the next service; shown, does not block.
    NeedsReplacement,
}

/// Who answers for a mark, weakest first. The stronger word counts where two set the same one.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum ProblemSetter {
    /// Scans, which anybody records: a warning, blocks nothing.
    Scans,
    /// A proof that a batch holds the code twice.
    Proof,
    /// The owner of the class.
    Owner,
    /// An event on the unit, by the word of the assembly graph.
    Event,
    /// A regulator: only a regulator lifts it.
    Regulator,
}

/// One problem behind a mark. A mark is there as long as one of its problems is.
#[cw_serde]
#[derive(Eq)]
pub struct Problem {
    /// The mark.
    pub overlay: Overlay,
    /// The problem, campaign, event or participant that it is set for.
    pub problem: String,
    /// Who answers for it.
    pub by: ProblemSetter,
}

/// When, where and by whom a unit left: what [`LifeStep::Undo`] asks for.
#[cw_serde]
#[derive(Eq)]
pub struct Departure {
    /// The participant.
    pub actor: String,
    /// Coarse cell of the place.
    pub cell: String,
    /// Block time in seconds since 1970.
    pub time_s: u64,
    /// Life before.
    pub from: Life,
}

/// A code's own record, written when it leaves its batch's default.
#[cw_serde]
pub struct CodeState {
    /// The text.
    pub code: String,
    /// Batch.
    pub batch: String,
    /// Class.
    pub class: String,
    /// Place in the batch.
    pub index: u32,
    /// Life.
    pub life: Life,
    /// Overlays, ascending.
    pub overlays: Vec<Overlay>,
    /// The problems behind them, ascending.
    pub problems: Vec<Problem>,
    /// Height at which it came to life.
    pub activated_at: u64,
    /// Its last departure.
    pub left: Option<Departure>,
    /// The code that this one replaced.
    pub supersedes: Option<String>,
    /// The code that replaced this one.
    pub superseded_by: Option<String>,
    /// Hash of its hidden secret or of its chip's public key.
    pub hidden: Option<Digest>,
    /// Height at which its hidden secret was redeemed.
    pub acquitted_at: Option<u64>,
    /// Height at which the suspicion of a copy was dismissed.
    pub clone_acquitted_at: Option<u64>,
    /// Scans recorded.
    pub scans: u32,
    /// Distinct cells among them; stays at [`super::MAX_CELLS`].
    pub distinct_cells: u32,
    /// First recorded scan.
    pub first_scan: Option<Scan>,
    /// Latest recorded scan.
    pub last_scan: Option<Scan>,
}

/// A recorded scan. The place is a coarse cell: a consumer's exact position is never on chain.
#[cw_serde]
pub struct Scan {
    /// Height.
    pub height: u64,
    /// Block time in seconds since 1970.
    pub time_s: u64,
    /// Coarse cell ([`crate::event::check_cell`]).
    pub cell: String,
}

/// A step of a code's life that the assembly graph asks for.
#[cw_serde]
pub enum LifeStep {
    /// A presented code comes to life for a new unit.
    Activate {
        /// The code with its proof.
        presented: PresentedCode,
        /// The class that the unit claims.
        class: String,
        /// The participant that makes the unit: must be the batch's issuer.
        actor: String,
        /// True where the unit has its quality record at birth, or its class needs none: the code becomes
        /// `Active`; else `Applied`.
        released: bool,
    },
    /// The quality record is there: `Applied → Active`. A code that is past `Applied` stays where it is.
    Release {
        /// The code.
        code: String,
    },
    /// Rework begins: `Active → Applied`, so that a new quality record is needed.
    Rework {
        /// The code.
        code: String,
    },
    /// The unit leaves the participants' hands: `Sold`, `Exported` or `Sampled`. Who and where is kept for [`Self::Undo`].
    Leave {
        /// The code.
        code: String,
        /// `Sold`, `Exported` or `Sampled`.
        to: Life,
        /// The participant.
        actor: String,
        /// Coarse cell of the place.
        cell: String,
    },
    /// The unit comes back: the same participant at the same place within [`super::UNDO_DAYS`], never where a mark
    /// blocks it.
    Undo {
        /// The code.
        code: String,
        /// The participant.
        actor: String,
        /// Coarse cell of the place.
        cell: String,
    },
    /// A correction: the event that moved the code was declared wrong. The only step out of an end.
    Restore {
        /// The code.
        code: String,
        /// Where it was before.
        to: Life,
    },
    /// Another code for the same thing: the old one becomes `Superseded`, the new one takes over life and marks.
    Supersede {
        /// The old code.
        code: String,
        /// The new code with its proof.
        by: PresentedCode,
        /// The class.
        class: String,
        /// The participant: must be the new batch's issuer.
        actor: String,
    },
    /// Sets or lifts a mark for a problem (an inspection that failed, a hold, a recall). Marks of several
    /// problems stand beside each other; the overlay is gone when the last one is lifted.
    Mark {
        /// The code.
        code: String,
        /// The mark.
        overlay: Overlay,
        /// The problem or campaign.
        problem: String,
        /// True = set, false = lift.
        set: bool,
    },
    /// A living code moves on: built in, taken out, used up, retired, destroyed.
    Move {
        /// The code.
        code: String,
        /// Where to.
        to: Life,
    },
    /// Fails where the code is not alive or an overlay blocks its use.
    Require {
        /// The code.
        code: String,
    },
    /// Work goes on at the unit: parts go in, or units are packed into it. Fails where the code is not alive or an
    /// overlay blocks its use; a unit that waits for its quality record (`Applied`) may be worked on.
    WorkOn {
        /// The code.
        code: String,
    },
    /// The whole of a lot goes into a joint one (L4): `Active → Consumed` whatever marks it carries, and the joint lot
    /// takes over all its marks with their problems.
    Join {
        /// The lot that ends.
        code: String,
        /// The joint lot, brought to life by an earlier step of the same message.
        into: String,
    },
    /// Something is taken from the code's lot: fails where the code is not `Active` (what was sold or left is no
    /// longer anybody's to use) or an overlay blocks its use.
    Use {
        /// The code.
        code: String,
    },
}
