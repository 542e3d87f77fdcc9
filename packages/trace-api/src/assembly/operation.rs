//! What an event does to the units that it names.

use cosmwasm_schema::cw_serde;

use super::{AlternateId, CustodyModel};
use crate::amount::Amount;
use crate::code::PresentedCode;

/// A unit that an operation brings into being.
#[cw_serde]
pub struct NewUnit {
    /// Its code with the proof of issuance.
    pub code: PresentedCode,
    /// Its class.
    pub class: String,
    /// The manufacturer, where it is not the actor: an id in the registry, or a declared supplier that is
    /// not registered (marked as such). Purchased parts must name theirs (Annex C).
    pub maker: Option<String>,
    /// Who delivered it, where that is not the maker.
    #[serde(default)]
    pub supplier: Option<String>,
    /// Inspection lot of incoming goods. Purchased parts must name theirs (Annex C, 检验批).
    #[serde(default)]
    pub inspection_lot: Option<String>,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Production line number.
    pub line_number: Option<String>,
    /// Production date, `YYYY-MM-DD`.
    pub production_date: Option<String>,
    /// End of validity, `YYYY-MM-DD`.
    pub expiry_date: Option<String>,
    /// Quantity of a lot; `None` = not known, which is not zero. Serial units are one piece and say nothing,
    /// unless their class has a unit of measure: then this is the measure of the piece.
    pub produced: Option<Amount>,
    /// Other names.
    pub alternate_ids: Vec<AlternateId>,
    /// Project number (annex B.1).
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
    /// How a lot is kept apart from others; `None` = mass balance, or as what it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<CustodyModel>,
}

/// A part or material that goes into something.
#[cw_serde]
pub struct Input {
    /// Its code.
    pub code: String,
    /// How much of a lot; `None` = not known. Serial units go in whole and say nothing; a piece whose class
    /// has a unit of measure may say its measure, which then stands on the link.
    pub quantity: Option<Amount>,
    /// Inputs with the same group are alternatives: one of them went in, nobody knows which. Their links are
    /// [`Certainty::Potential`], carry no quantity and change no balance.
    #[serde(default)]
    pub group: Option<u8>,
}

/// What to do where a serial part already belongs to something else.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub enum OnConflict {
    /// Refuse the operation: the rule for one's own production.
    #[default]
    Refuse,
    /// Keep the assertion as a disputed link without quantity: the rule for documents of others.
    Dispute,
}

/// What an event does to the units that it names.
#[cw_serde]
pub enum Operation {
    /// Nothing: inspection, storing, transport and the like.
    Observe {
        /// The units.
        units: Vec<String>,
    },
    /// Units come into being from nothing that is on the chain (incoming goods, raw material).
    Commission {
        /// The new units.
        units: Vec<NewUnit>,
    },
    /// Inputs are used up for outputs, irreversibly (EPCIS transformation).
    Transform {
        /// What goes in.
        inputs: Vec<Input>,
        /// What comes out.
        outputs: Vec<NewUnit>,
    },
    /// A unit comes into being out of parts that it holds from then on.
    Assemble {
        /// The whole.
        unit: NewUnit,
        /// Serial parts are installed, quantities of lots consumed.
        parts: Vec<Input>,
        /// For parts that already belong to something.
        on_conflict: OnConflict,
    },
    /// Parts go into an existing unit (EPCIS association, ADD).
    Install {
        /// The whole.
        parent: String,
        /// The parts.
        parts: Vec<Input>,
        /// For parts that already belong to something.
        on_conflict: OnConflict,
    },
    /// Serial parts come out of a unit (EPCIS association, DELETE).
    Remove {
        /// The whole.
        parent: String,
        /// The parts.
        parts: Vec<String>,
        /// Why, for the record.
        reason: String,
    },
    /// One part for another in one step (annex B.3, 补装配).
    Replace {
        /// The whole.
        parent: String,
        /// The part that comes out.
        removed: String,
        /// The part that goes in.
        installed: Input,
        /// Why, for the record.
        reason: String,
    },
    /// Units go into a container (EPCIS aggregation, ADD).
    Pack {
        /// The container, a serial unit.
        container: String,
        /// What goes in.
        units: Vec<String>,
    },
    /// Units come out of a container (EPCIS aggregation, DELETE).
    Unpack {
        /// The container.
        container: String,
        /// What comes out.
        units: Vec<String>,
    },
    /// Custody (and ownership) is offered to another participant; it takes effect when they receive.
    Ship {
        /// The units; what they contain goes with them.
        units: Vec<String>,
        /// The participant that they go to.
        to: String,
        /// True where ownership passes, too.
        ownership: bool,
    },
    /// Takes what was shipped to the actor.
    Receive {
        /// The units.
        units: Vec<String>,
    },
    /// Sold to a user outside the registry: the end of custody on the chain.
    Sell {
        /// The units.
        units: Vec<String>,
    },
    /// Taken out of use or destroyed.
    Dispose {
        /// The units.
        units: Vec<String>,
        /// True for destroyed, false for retired.
        destroyed: bool,
    },
    /// Goods leave the region of the chain.
    Export {
        /// The units.
        units: Vec<String>,
    },
    /// What was sold, exported or sampled comes back to whoever gave it away, at the same place, within
    /// [`crate::code::UNDO_DAYS`].
    Undo {
        /// The units.
        units: Vec<String>,
    },
    /// A lot is divided into lots of the same class; the quantities must add up to what is left of it, or less.
    Split {
        /// The lot.
        source: String,
        /// The new lots, each with its quantity.
        outputs: Vec<NewUnit>,
    },
    /// Lots of one class become one lot, whole; it inherits their marks (L4).
    Merge {
        /// The lots; all that is left of them goes in.
        sources: Vec<String>,
        /// The new lot; its quantity is the sum, or unknown where one of theirs is.
        output: NewUnit,
    },
    /// The same thing under a new code. The old unit ends as superseded, the new one takes its place with owner,
    /// custodian and balance.
    Relabel {
        /// The old code.
        unit: String,
        /// The new one; class, quantity and maker must be the old one's.
        new: Box<NewUnit>,
        /// Why, for the record.
        reason: String,
    },
    /// Part of a lot, or a piece, is scrapped.
    Scrap {
        /// The unit.
        unit: String,
        /// How much of a lot; `None` = all of it. A piece says nothing.
        quantity: Option<Amount>,
        /// Why, for the record.
        reason: String,
    },
    /// Part of a lot, or a piece, is taken as a sample.
    Sample {
        /// The unit.
        unit: String,
        /// How much of a lot. A piece says nothing.
        quantity: Option<Amount>,
    },
    /// Stock was counted: proposes what is left of a lot. Takes effect with [`Operation::ConfirmAdjust`] by
    /// another participant (two-person rule).
    Adjust {
        /// The lot.
        unit: String,
        /// What was counted.
        counted: Amount,
        /// Why, for the record.
        reason: String,
    },
    /// Confirms the pending adjustment of a lot: a participant other than the one that proposed it, with
    /// custody, ownership, or the permission to inspect anything.
    ConfirmAdjust {
        /// The lot.
        unit: String,
        /// What was counted, once more: must be what was proposed.
        counted: Amount,
    },
    /// Rework begins on units: they need a new quality record before they are used again.
    Rework {
        /// The units.
        units: Vec<String>,
        /// Why, for the record.
        reason: String,
    },
    /// Inputs are fed to a long-running process (EPCIS `transformationID`). They are used up now.
    Feed {
        /// The process: its first feed opens it, and it belongs to who opened it.
        process: String,
        /// What goes in.
        inputs: Vec<Input>,
    },
    /// A long-running process yields units: all that was fed to it so far is in them (G5).
    Yield {
        /// The process.
        process: String,
        /// What comes out.
        outputs: Vec<NewUnit>,
        /// True where the process ends with this.
        last: bool,
    },
    /// Settles a disputed link. Needs the permission to regulate, or custody of whole and part.
    Resolve {
        /// The link.
        link: u64,
        /// True: it holds, and the part must be free now; false: it never did.
        confirmed: bool,
        /// Why, for the record.
        reason: String,
    },
    /// An earlier event of the same participant was wrong (EPCIS error declaration): its effects are taken back
    /// by appending. Only the event log builds this, from the event that it stored; a sender never does.
    Void {
        /// The wrong event.
        event: String,
        /// What it did.
        original: Box<Operation>,
    },
}

impl Operation {
    /// The operation without the Merkle paths of presented codes: they prove issuance at the moment of
    /// recording, are checked then, and are no part of what happened. A path is most of an operation's bytes.
    #[must_use]
    pub fn without_paths(&self) -> Self {
        let strip = |unit: &mut NewUnit| unit.code.path.clear();
        let mut bare = self.clone();
        match &mut bare {
            Self::Commission { units }
            | Self::Split { outputs: units, .. }
            | Self::Transform { outputs: units, .. }
            | Self::Yield { outputs: units, .. } => units.iter_mut().for_each(strip),
            Self::Assemble { unit, .. } | Self::Merge { output: unit, .. } => strip(unit),
            Self::Relabel { new, .. } => strip(new),
            Self::Void { original, .. } => **original = original.without_paths(),
            Self::Observe { .. }
            | Self::Install { .. }
            | Self::Remove { .. }
            | Self::Replace { .. }
            | Self::Pack { .. }
            | Self::Unpack { .. }
            | Self::Ship { .. }
            | Self::Receive { .. }
            | Self::Sell { .. }
            | Self::Dispose { .. }
            | Self::Export { .. }
            | Self::Undo { .. }
            | Self::Scrap { .. }
            | Self::Sample { .. }
            | Self::Adjust { .. }
            | Self::ConfirmAdjust { .. }
            | Self::Rework { .. }
            | Self::Feed { .. }
            | Self::Resolve { .. } => {}
        }
        bare
    }
}
