//! Parts and links of a document, checked as a whole: every end is known, nothing contains itself, and parts
//! come in an order in which each can be built from what is there.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::MAX_ANCESTORS;
use suyuan_trace_api::code::Tracking;

use crate::place::Place;

/// Parts of one document at the most.
pub const MAX_PARTS: usize = 200_000;

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its id in the document.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// Piece or lot.
    pub tracking: Tracking,
    /// Manufacturer as the document names it; `None` where it says nothing.
    pub maker: Option<String>,
    /// The manufacturer's part number.
    pub part_number: Option<String>,
    /// The manufacturer's serial or lot number.
    pub instance: Option<String>,
    /// Name for people.
    pub name: Option<String>,
    /// True for a finished product.
    pub product: bool,
    /// Production date, `YYYY-MM-DD`.
    pub production_date: Option<String>,
    /// What it is made of, in the order of the document.
    pub children: Vec<Child>,
}

/// A part that went into another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Its id in the document.
    pub id: String,
    /// Where the link stands.
    pub place: Place,
    /// How much; `None` where the document says nothing.
    pub quantity: Option<Amount>,
    /// Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
    pub uom: Option<String>,
}

/// A document whose parts hang together, children before parents.
#[derive(Clone, Debug)]
pub struct Genealogy {
    parts: Vec<Part>,
}

/// Why a document is refused. Nothing of it is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Refused {
    /// Where in the file.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON of another shape.
    #[error("{0}")]
    Shape(String),
    /// A link to a part that the document does not hold.
    #[error("the part {child} of {parent} is not in the document")]
    UnknownChild {
        /// The whole.
        parent: String,
        /// The part.
        child: String,
    },
    /// A relationship of a part that the document does not hold.
    #[error("the parent {0} is not in the document")]
    UnknownParent(String),
    /// Two parts with one id.
    #[error("the part {0} is in the document twice")]
    DuplicatePart(String),
    /// One part named twice under the same whole.
    #[error("the part {child} is listed twice under {parent}")]
    DuplicateChild {
        /// The whole.
        parent: String,
        /// The part.
        child: String,
    },
    /// A part that contains itself.
    #[error("a cycle: {}", .0.join(" contains "))]
    Cycle(Vec<String>),
    /// A quantity that is not one.
    #[error("the quantity {text} is refused: {why}")]
    Quantity {
        /// As written.
        text: String,
        /// Why.
        why: String,
    },
    /// One part measured in two units.
    #[error("{child} is measured in {first} elsewhere and in {second} here")]
    MixedUnits {
        /// The part.
        child: String,
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// Pieces in pieces, deeper than the chain follows.
    #[error("{0} is more than {MAX_ANCESTORS} levels of assembly above its innermost part")]
    TooDeep(String),
    /// More than [`MAX_PARTS`].
    #[error("more than {MAX_PARTS} parts")]
    TooLarge,
}

impl Genealogy {
    /// Checks the parts as a whole and puts children before parents, otherwise in the order of the document.
    ///
    /// # Errors
    /// [`Refused`] at the first fault.
    pub fn new(parts: Vec<Part>) -> Result<Self, Refused> {
        let index = index(&parts)?;
        check_links(&parts, &index)?;
        let order = Order::of(&parts, &index)?;
        let mut parts: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
        let parts: Vec<Part> = order.into_iter().filter_map(|at| parts[at].take()).collect();
        check_levels(&parts)?;
        Ok(Self { parts })
    }

    /// The parts, children before parents.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Number of links.
    pub fn links(&self) -> usize {
        self.parts.iter().map(|part| part.children.len()).sum()
    }

    /// Unit of measure of each part that some link measures in one.
    pub fn units_of_measure(&self) -> BTreeMap<&str, &str> {
        let links = self.parts.iter().flat_map(|part| &part.children);
        links.filter_map(|c| Some((c.id.as_str(), c.uom.as_deref()?))).collect()
    }
}

fn index(parts: &[Part]) -> Result<BTreeMap<&str, usize>, Refused> {
    let mut index = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        if at == MAX_PARTS {
            return Err(Refused { place: part.place, reason: Reason::TooLarge });
        }
        if index.insert(part.id.as_str(), at).is_some() {
            let reason = Reason::DuplicatePart(part.id.clone());
            return Err(Refused { place: part.place, reason });
        }
    }
    Ok(index)
}

fn check_links(parts: &[Part], index: &BTreeMap<&str, usize>) -> Result<(), Refused> {
    let mut measured: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for part in parts {
        let mut seen = BTreeSet::new();
        for child in &part.children {
            let refuse = |reason| Err(Refused { place: child.place, reason });
            let (parent_id, child_id) = (part.id.clone(), child.id.clone());
            if !index.contains_key(child.id.as_str()) {
                return refuse(Reason::UnknownChild { parent: parent_id, child: child_id });
            }
            if !seen.insert(child.id.as_str()) {
                return refuse(Reason::DuplicateChild { parent: parent_id, child: child_id });
            }
            let here = child.uom.as_deref();
            let first = *measured.entry(&child.id).or_insert(here);
            if first != here {
                let name = |uom: Option<&str>| uom.unwrap_or("pieces").to_string();
                let (first, second) = (name(first), name(here));
                return refuse(Reason::MixedUnits { child: child_id, first, second });
            }
        }
    }
    Ok(())
}

/// Pieces may contain pieces over [`MAX_ANCESTORS`] levels. Of several wholes of a piece the first one that is built
/// holds it; what goes into a lot, or is one, is used up and makes no level.
fn check_levels(parts: &[Part]) -> Result<(), Refused> {
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    let mut held = BTreeSet::new();
    for part in parts {
        let mut here = 0;
        for child in &part.children {
            let Some(below) = levels.get(child.id.as_str()).copied() else { continue };
            if !held.insert(child.id.as_str()) {
                continue;
            }
            here = here.max(below + 1);
            if here > MAX_ANCESTORS {
                let reason = Reason::TooDeep(part.id.clone());
                return Err(Refused { place: child.place, reason });
            }
        }
        // Only pieces are held by what they go into.
        if part.tracking == Tracking::Serial {
            levels.insert(&part.id, here);
        }
    }
    Ok(())
}

/// Depth-first order without recursion: a document decides how deep it is, not the stack.
struct Order<'a> {
    parts: &'a [Part],
    index: &'a BTreeMap<&'a str, usize>,
    state: Vec<State>,
    done: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Untouched,
    Open,
    Done,
}

impl<'a> Order<'a> {
    fn of(parts: &'a [Part], index: &'a BTreeMap<&'a str, usize>) -> Result<Vec<usize>, Refused> {
        let state = vec![State::Untouched; parts.len()];
        let mut order = Self { parts, index, state, done: vec![] };
        for root in 0..parts.len() {
            order.visit(root)?;
        }
        Ok(order.done)
    }

    fn visit(&mut self, root: usize) -> Result<(), Refused> {
        if self.state[root] != State::Untouched {
            return Ok(());
        }
        self.state[root] = State::Open;
        let mut path = vec![(root, 0)];
        while let Some((at, next)) = path.pop() {
            let Some(child) = self.parts[at].children.get(next) else {
                self.state[at] = State::Done;
                self.done.push(at);
                continue;
            };
            path.push((at, next + 1));
            let to = self.index[child.id.as_str()];
            match self.state[to] {
                State::Done => {}
                State::Open => return Err(self.cycle(&path, to, child.place)),
                State::Untouched => {
                    self.state[to] = State::Open;
                    path.push((to, 0));
                }
            }
        }
        Ok(())
    }

    fn cycle(&self, path: &[(usize, usize)], to: usize, place: Place) -> Refused {
        let from = path.iter().position(|(at, _)| *at == to).unwrap_or(0);
        let mut ids: Vec<String> =
            path[from..].iter().map(|(at, _)| self.parts[*at].id.clone()).collect();
        ids.push(self.parts[to].id.clone());
        Refused { place, reason: Reason::Cycle(ids) }
    }
}
