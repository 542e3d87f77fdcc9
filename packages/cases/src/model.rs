//! The same operations on a plain graph in memory, answered by recursion: the oracle for the contracts' answers.
//!
//! It shares no code with the contracts, so that agreement means something. [`Model::from_story`] tells it a whole
//! story; the answers are in [`walk`], what each operation does is in [`apply`].

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Certainty, LinkKind, Operation, Quality};
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking};
use suyuan_trace_api::event::{declaration_name, EventKind, Outcome};

use crate::story::{Recording, Settlement, Step, Story, WITNESS_ROLES};

mod apply;
mod named;
mod void;
mod walk;

pub use named::named;
pub use walk::Closure;

/// A link, told apart by its ends and the step that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelLink {
    /// Kind.
    pub kind: LinkKind,
    /// The whole.
    pub parent: String,
    /// The part.
    pub child: String,
    /// How much.
    pub quantity: Option<Amount>,
    /// How sure.
    pub certainty: Certainty,
    /// Number of the operation that made it.
    pub opened: usize,
    /// Number of the operation that ended it.
    pub closed: Option<usize>,
    /// True where it was declared that it never was.
    pub voided: bool,
}

/// What the model knows of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelUnit {
    /// Class.
    pub class: String,
    /// Piece or lot.
    pub tracking: Tracking,
    /// Manufacturer, where it is not the actor.
    pub maker: Option<String>,
    /// Who brought it into being.
    pub actor: String,
    /// Lot number.
    pub lot_number: Option<String>,
    /// Its first other name, empty where it has none.
    pub alternate_id: String,
    /// What is left; `None` = not known.
    pub balance: Option<Amount>,
    /// Whether it has its quality record.
    pub quality: Quality,
    /// Sold, exported, taken as a sample, used up, destroyed, replaced by another code, or never was.
    pub gone: bool,
    /// Events that named it, in order.
    pub events: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct ClassRule {
    kind: ClassKind,
    tracking: Tracking,
    measured: bool,
}

/// What an operation changed, so that its declaration as wrong can take it back.
#[derive(Clone, Debug, Default)]
struct Effect {
    opened: Vec<usize>,
    closed: Vec<usize>,
    born: Vec<String>,
    before: BTreeMap<String, ModelUnit>,
    after: BTreeMap<String, ModelUnit>,
    process: Option<String>,
}

/// Somebody's operation with what counts of its event.
#[derive(Clone, Copy, Debug)]
struct Act<'a> {
    actor: &'a str,
    witness: bool,
    inspection: Option<bool>,
    operation: &'a Operation,
}

/// A plain graph.
#[derive(Clone, Debug, Default)]
pub struct Model {
    classes: BTreeMap<String, ClassRule>,
    witnesses: BTreeSet<String>,
    /// Units by code.
    pub units: BTreeMap<String, ModelUnit>,
    /// Links in order of making.
    pub links: Vec<ModelLink>,
    operations: usize,
    below: BTreeMap<String, Vec<usize>>,
    above: BTreeMap<String, Vec<usize>>,
    processes: BTreeMap<String, Vec<String>>,
    effects: BTreeMap<String, Effect>,
}

impl Model {
    /// The model after everything that the chain accepts of a story.
    pub fn from_story(story: &Story) -> Self {
        let mut model = Self::default();
        for step in story.steps() {
            model.take(step);
        }
        model
    }

    /// Takes a step of a story. What the chain must refuse changes nothing here.
    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Join(party) => {
                if party.roles.iter().any(|role| WITNESS_ROLES.contains(&role.as_str())) {
                    self.witnesses.insert(party.id.clone());
                }
            }
            Step::Class { class, .. } => self.class(class),
            Step::Record(recording) => self.record(recording),
            Step::Gap(gap) => {
                self.record(&gap.lost);
                self.record(&gap.next);
            }
            Step::Late(late) => {
                self.record(&late.next);
                self.record(&late.lost);
            }
            Step::Settle(settlement) => self.settle(settlement),
            Step::Declare(declaration) if declaration.refused.is_none() => {
                self.void(&declaration.wrong, &declaration_name(&declaration.event_id));
            }
            Step::Declare(_)
            | Step::Source { .. }
            | Step::Batch { .. }
            | Step::Campaign(_)
            | Step::GapPolicy { .. }
            | Step::Refuse(_)
            | Step::Expect(_) => {}
        }
    }

    /// Takes note of a class.
    pub fn class(&mut self, class: &NewClass) {
        let rule =
            ClassRule { kind: class.kind, tracking: class.tracking, measured: class.uom.is_some() };
        self.classes.insert(class.id.clone(), rule);
    }

    /// Applies an event that the chain accepted.
    pub fn record(&mut self, recording: &Recording) {
        let inspection = match (recording.event.kind, recording.event.outcome) {
            (EventKind::QualityInspection, Outcome::Pass) => Some(true),
            (EventKind::QualityInspection, Outcome::Fail) => Some(false),
            _ => None,
        };
        let act = Act {
            actor: &recording.actor,
            witness: self.witnesses.contains(&recording.actor),
            inspection,
            operation: &recording.operation,
        };
        self.operations += 1;
        let touched = named(&recording.operation);
        let mut effect = Effect { before: self.snapshot(&touched), ..Effect::default() };
        self.apply(&act, &mut effect);
        for code in &touched {
            if let Some(unit) = self.units.get_mut(code) {
                unit.events.push(recording.event.event_id.clone());
            }
        }
        effect.after = self.snapshot(&touched);
        self.effects.insert(recording.event.event_id.clone(), effect);
    }

    /// A disputed link is settled: it ends, and where it was right, one that is believed begins.
    fn settle(&mut self, settlement: &Settlement) {
        let Settlement { recording, whole, part, confirmed } = settlement;
        self.operations += 1;
        let mut effect = Effect::default();
        self.end_dispute(whole, part, *confirmed, &mut effect);
        for code in [whole, part] {
            if let Some(unit) = self.units.get_mut(code) {
                unit.events.push(recording.event.event_id.clone());
            }
        }
        self.effects.insert(recording.event.event_id.clone(), effect);
    }

    fn snapshot(&self, codes: &BTreeSet<String>) -> BTreeMap<String, ModelUnit> {
        let known = |code: &String| Some((code.clone(), self.units.get(code)?.clone()));
        codes.iter().filter_map(known).collect()
    }

    /// The quality of a unit, where there is one with this code.
    pub fn quality(&self, code: &str) -> Option<Quality> {
        self.units.get(code).map(|unit| unit.quality)
    }
}
