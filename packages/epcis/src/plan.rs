//! What the events of a document do to units, told apart by their ids: the story before codes, keys and salts.
//!
//! Documents of others do not say everything, and say some things twice. The rules, by the traps of real documents:
//!
//! | the document says | the plan |
//! |---|---|
//! | an object that no event brought into being | brought in first, by an event of the import's own |
//! | one piece on both sides of a transformation | it continues: what else goes in is installed, a part of the class that comes out is replaced |
//! | a lot on both sides | the difference is used up |
//! | a part that is inside already | one link, the event is one more witness of it |
//! | a part that another whole holds | a disputed link |
//! | a part taken out of what was never seen to hold it | put inside first, as found |
//! | a lot in a list of pieces | a lot, its quantity not known |
//! | a class in the place of a lot | a ledger of the class: one unit for all that is not told apart, or a refusal |
//! | an event with an error declaration | recorded without effect, then declared wrong |
//! | the same event again | recorded once |
//! | a transformation over several events | feeds and yields of one process |

mod book;
mod change;
mod deeds;
mod transform;

use std::collections::{BTreeMap, BTreeSet};

use suyuan_identifiers::Level;
use suyuan_trace_api::amount::Amount;

use crate::event::{Event, Named};
use crate::fault::{Fault, Note, Reason, Spot};

pub(crate) use book::Book;
pub use book::Hold;
pub(crate) use deeds::step as step_of;

/// What to do with an event that is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnError {
    /// The document is refused whole.
    #[default]
    Stop,
    /// The event is left out.
    Skip,
}

/// What to do with classes that are named where a lot or a piece should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClassLevel {
    /// Keep a ledger of the class: a lot that stands for everything of it that is not told apart.
    #[default]
    Keep,
    /// Refuse the event.
    Refuse,
}

/// How events are planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rules {
    /// What to do with events at fault.
    pub on_error: OnError,
    /// What to do with classes in the place of lots.
    pub class_level: ClassLevel,
    /// Events after this moment, in milliseconds since 1970, are at fault: the chain takes none of the future.
    pub latest_ms: Option<i64>,
}

/// What the chain knows before the document: units of earlier documents go on where they stand, and no event is
/// recorded twice.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// Units by the id that documents give them.
    pub units: BTreeMap<String, Known>,
    /// Events by their hash; true where one is declared wrong.
    pub events: BTreeMap<String, bool>,
}

/// A unit that is on the chain.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its code.
    pub code: String,
    /// What holds it, by the id that documents give that.
    pub holder: Option<(String, Hold)>,
    /// True where its life has ended.
    pub gone: bool,
    /// What is left of a lot, where that is known.
    pub left: Option<Amount>,
    /// Unit of measure.
    pub uom: Option<String>,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A piece.
    Piece,
    /// A lot.
    Lot,
    /// All of a class that is not told apart.
    Ledger,
}

/// A unit of the plan.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What it is called.
    pub named: Named,
    /// What it is.
    pub sort: Sort,
    /// Quantity made, where one event says so and no other disagrees.
    pub produced: Option<Amount>,
    /// Unit of measure.
    pub uom: Option<String>,
    /// Place in the document of the event that brought it into being; `None` where no event did.
    pub born_by: Option<usize>,
    /// Its code, where it is on the chain already.
    pub code: Option<String>,
    /// True where it goes into something.
    pub is_part: bool,
    /// True where something is packed in it.
    pub is_container: bool,
}

/// Something taken, with its quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The unit.
    pub unit: String,
    /// How much.
    pub amount: Option<Amount>,
}

/// What an event does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Nothing but to say that they were there.
    Observe(Vec<String>),
    /// Units come into being.
    Commission(Vec<String>),
    /// Inputs are used up for outputs.
    Transform(Vec<Given>, Vec<String>),
    /// A unit comes into being out of parts.
    Assemble(String, Vec<Given>),
    /// Parts go into a unit.
    Install(String, Vec<Given>),
    /// Parts come out.
    Remove(String, Vec<String>),
    /// One part for another.
    Replace(String, String, Given),
    /// Units go into a container.
    Pack(String, Vec<String>),
    /// Units come out of a container.
    Unpack(String, Vec<String>),
    /// Inputs are fed to a process.
    Feed(String, Vec<Given>),
    /// A process yields units.
    Yield(String, Vec<String>),
    /// Sold to a user.
    Sell(Vec<String>),
    /// Taken out of use, or destroyed.
    Dispose(Vec<String>, bool),
    /// Part of a lot is gone.
    Scrap(String, Option<Amount>),
    /// The event is declared wrong, by the event at this place of the document.
    Declare(usize),
}

impl Deed {
    /// Its verb.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Observe(_) => "Observe",
            Self::Commission(_) => "Commission",
            Self::Transform(..) => "Transform",
            Self::Assemble(..) => "Assemble",
            Self::Install(..) => "Install",
            Self::Remove(..) => "Remove",
            Self::Replace(..) => "Replace",
            Self::Pack(..) => "Pack",
            Self::Unpack(..) => "Unpack",
            Self::Feed(..) => "Feed",
            Self::Yield(..) => "Yield",
            Self::Sell(_) => "Sell",
            Self::Dispose(..) => "Dispose",
            Self::Scrap(..) => "Scrap",
            Self::Declare(_) => "Declare",
        }
    }
}

/// One recording of the story.
#[derive(Clone, Debug)]
pub struct Act {
    /// The event that it belongs to.
    pub event: usize,
    /// True for an event of the document; false for one that the import adds, so that the event can happen.
    pub own: bool,
    /// What it does.
    pub deed: Deed,
}

/// The plan of a document.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Units by id.
    pub units: BTreeMap<String, Unit>,
    /// What happens, in order.
    pub acts: Vec<Act>,
    /// Events that are left out, and why.
    pub refused: Vec<(usize, Fault)>,
    /// Taken otherwise than written.
    pub notes: Vec<Note>,
}

/// Plans the events of a document, in the order in which they happened.
///
/// # Errors
/// With [`OnError::Stop`] the first fault.
pub fn plan(events: &[Result<Event, Fault>], rules: Rules, before: &Before) -> Result<Plan, Fault> {
    // A lot of which more is taken than was made, or which is made twice, is known to be not known: planned again.
    let first = once(events, rules, before, BTreeSet::new())?;
    if first.uncertain.is_empty() {
        return Ok(first.into_plan());
    }
    let uncertain = first.uncertain.clone();
    Ok(once(events, rules, before, uncertain)?.into_plan())
}

fn once(
    events: &[Result<Event, Fault>],
    rules: Rules,
    before: &Before,
    unknown: BTreeSet<String>,
) -> Result<Book, Fault> {
    let mut book = Book::new(rules.class_level, before, unknown);
    for (index, event) in events.iter().enumerate() {
        if let Err(fault) = event {
            if rules.on_error == OnError::Stop {
                return Err(fault.clone());
            }
            book.refused.push((index, fault.clone()));
        }
    }
    for entry in order(events, before, &mut book) {
        let (Entry::Event { index, .. } | Entry::Declared { index, .. }) = entry;
        let Some(Ok(event)) = events.get(index) else { continue };
        let mark = book.mark();
        if let Err(fault) = take(&mut book, event, entry, rules, before) {
            if rules.on_error == OnError::Stop {
                return Err(fault);
            }
            book.undo(mark);
            book.refused.push((index, fault));
        }
    }
    Ok(book)
}

fn take(
    book: &mut Book,
    event: &Event,
    entry: Entry,
    rules: Rules,
    before: &Before,
) -> Result<(), Fault> {
    match entry {
        Entry::Event { .. } if rules.latest_ms.is_some_and(|latest| event.time.ms() > latest) => {
            let reason = Reason::Future(event.time.utc());
            Err(Fault { spot: event.spot.clone(), reason })
        }
        Entry::Event { .. } if event.time.ms() < 0 => {
            Err(untellable(&event.spot, "the event happened before 1970".into()))
        }
        Entry::Event { wrong: true, .. } => deeds::without_effect(book, event),
        Entry::Event { .. } => deeds::event(book, event),
        Entry::Declared { index, by } => {
            // What was left out cannot be declared wrong.
            let there = before.events.contains_key(&event.hash);
            if there || book.acts.iter().any(|act| act.own && act.event == index) {
                book.acts.push(Act { event: index, own: true, deed: Deed::Declare(by) });
            }
            Ok(())
        }
    }
}

#[derive(Clone, Copy)]
enum Entry {
    Event { index: usize, wrong: bool },
    Declared { index: usize, by: usize },
}

/// Events by their time, each once; declarations by theirs. A declaration repeats the event that it is about; where
/// the document does not hold that one, the repetition stands for it.
fn order(events: &[Result<Event, Fault>], before: &Before, book: &mut Book) -> Vec<Entry> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    let mut entries: Vec<((i64, usize, usize), Entry)> = vec![];
    let mut wrong = BTreeSet::new();
    let good = || events.iter().filter_map(|event| event.as_ref().ok());
    for event in good().filter(|event| event.declaration.is_none()) {
        if known.contains_key(event.hash.as_str()) {
            book.note(&event.spot, "the same event is in the document before; it is recorded once");
            continue;
        }
        known.insert(&event.hash, event.index);
        if let Some(id) = &event.id {
            by_id.entry(id).or_insert(event.index);
        }
        if before.events.contains_key(&event.hash) {
            book.note(&event.spot, "the event is on the chain already");
            continue;
        }
        let entry = Entry::Event { index: event.index, wrong: false };
        entries.push(((event.time.ms(), 0, event.index), entry));
    }
    for event in good() {
        let Some(declaration) = &event.declaration else { continue };
        let same_id = event.id.as_deref().and_then(|id| by_id.get(id)).copied();
        let about = known.get(event.hash.as_str()).copied().or(same_id);
        let index = about.unwrap_or(event.index);
        if !wrong.insert(index) {
            book.note(&declaration.spot, "the event is declared wrong already");
            continue;
        }
        let recorded = events.get(index).and_then(|e| e.as_ref().ok()).map(|e| &e.hash);
        if recorded.is_some_and(|hash| before.events.get(hash) == Some(&true)) {
            book.note(&declaration.spot, "the event is declared wrong on the chain already");
            continue;
        }
        if about.is_none() && !before.events.contains_key(&event.hash) {
            known.insert(&event.hash, event.index);
            let entry = Entry::Event { index, wrong: true };
            entries.push(((event.time.ms(), 0, event.index), entry));
        }
        let declared = Entry::Declared { index, by: event.index };
        let at = declaration.time.max(event.time).ms();
        entries.push(((at, 1, event.index), declared));
    }
    for (_, entry) in &mut entries {
        if let Entry::Event { index, wrong: is_wrong } = entry {
            *is_wrong |= wrong.contains(index);
        }
    }
    entries.sort_by_key(|(key, _)| *key);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What a named object is, as a unit.
pub(crate) fn sort_of(named: &Named) -> Sort {
    match named.id.level() {
        Level::Lot => Sort::Lot,
        Level::Class => Sort::Ledger,
        Level::Instance | Level::Place | Level::Party => Sort::Piece,
    }
}

pub(crate) fn untellable(spot: &Spot, why: String) -> Fault {
    Fault { spot: spot.clone(), reason: Reason::Untellable(why) }
}
