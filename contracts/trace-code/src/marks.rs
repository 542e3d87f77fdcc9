//! Overlays: a set of problems beside a code's life. A mark is there as long as one of its problems is.
//!
//! Each problem has somebody who answers for it, weakest first: scans (anybody; a warning that blocks nothing), a proof
//! that the batch holds the code twice, the owner of the class, an event on the unit, a regulator. Who lifts:
//!
//! | set by | lifted by |
//! |---|---|
//! | scans | `AcquitClone` (once), a regulator |
//! | proof, owner | owner, event, regulator |
//! | event | event, regulator |
//! | regulator | regulator |

use serde::{Deserialize, Serialize};
use suyuan_trace_api::code::{Overlay, Problem, ProblemSetter, MAX_PROBLEMS};

/// Every overlay, ascending.
pub const ALL: [Overlay; 7] = [
    Overlay::Held,
    Overlay::Recalled,
    Overlay::NonConformant,
    Overlay::Stolen,
    Overlay::SuspectClone,
    Overlay::Damaged,
    Overlay::NeedsReplacement,
];

/// Problem under which scans warn.
pub const SCANS: &str = "scans";

/// Problem under which a proved duplicate is marked.
pub const DUPLICATE: &str = "duplicate";

/// Why a problem is not set or not lifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No room for one more.
    Full,
    /// A regulator set it.
    Regulators(Overlay),
    /// An event set it.
    Events(Overlay),
    /// Scans set it.
    Scans,
}

/// The problems of one code, ascending, each at most once. At most [`MAX_PROBLEMS`] of regulators and as many of
/// everybody else; scans need no room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(Vec<Problem>);

/// True for marks that stop a use.
pub const fn is_blocking(overlay: Overlay) -> bool {
    !matches!(overlay, Overlay::Damaged | Overlay::NeedsReplacement)
}

impl Marks {
    /// Sets a problem. False where nothing changed; where it is set already, the stronger word counts.
    ///
    /// # Errors
    /// [`Refusal::Full`].
    pub fn set(
        &mut self,
        overlay: Overlay,
        problem: &str,
        by: ProblemSetter,
    ) -> Result<bool, Refusal> {
        match self.place(overlay, problem) {
            Ok(at) if self.0[at].by >= by => Ok(false),
            Ok(at) => {
                self.room(by)?;
                self.0[at].by = by;
                Ok(true)
            }
            Err(at) => {
                self.room(by)?;
                self.0.insert(at, Problem { overlay, problem: problem.to_owned(), by });
                Ok(true)
            }
        }
    }

    /// Warns on the word of scans.
    pub fn warn(&mut self) {
        let warned = self.set(Overlay::SuspectClone, SCANS, ProblemSetter::Scans);
        debug_assert!(warned.is_ok(), "scans need no room");
    }

    /// Lifts a problem, or all of a mark where none is named. How many were lifted; nothing where one of them may not
    /// be lifted by `by`.
    ///
    /// # Errors
    /// [`Refusal::Regulators`], [`Refusal::Events`], [`Refusal::Scans`].
    pub fn clear(
        &mut self,
        overlay: Overlay,
        problem: Option<&str>,
        by: ProblemSetter,
    ) -> Result<usize, Refusal> {
        let meant =
            |p: &Problem| p.overlay == overlay && problem.is_none_or(|name| p.problem == name);
        self.0.iter().filter(|p| meant(p)).try_for_each(|p| may_lift(p, by))?;
        let before = self.0.len();
        self.0.retain(|p| !meant(p));
        Ok(before - self.0.len())
    }

    /// Dismisses the suspicion of a copy, whoever but a regulator or an event raised it. How many problems were lifted.
    ///
    /// # Errors
    /// [`Refusal::Regulators`] and [`Refusal::Events`], unless `by` is a regulator.
    pub fn dismiss(&mut self, by: ProblemSetter) -> Result<usize, Refusal> {
        let suspicion = |p: &Problem| p.overlay == Overlay::SuspectClone;
        for problem in self.0.iter().filter(|p| suspicion(p) && p.by != ProblemSetter::Scans) {
            may_lift(problem, by)?;
        }
        let before = self.0.len();
        self.0.retain(|p| !suspicion(p));
        Ok(before - self.0.len())
    }

    /// Takes over the problems of another code (L4). Those that were not there, or whose stronger word is new.
    ///
    /// # Errors
    /// [`Refusal::Full`].
    pub fn absorb(&mut self, other: &Self) -> Result<Vec<Problem>, Refusal> {
        let mut new = vec![];
        for problem in &other.0 {
            if self.set(problem.overlay, &problem.problem, problem.by)? {
                new.push(problem.clone());
            }
        }
        Ok(new)
    }

    /// True where the mark is set.
    pub fn has(&self, overlay: Overlay) -> bool {
        self.0.iter().any(|p| p.overlay == overlay)
    }

    /// True where nothing is set.
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// True where a mark blocks use: a blocking one that somebody answers for.
    pub fn blocks(&self) -> bool {
        self.0.iter().any(|p| is_blocking(p.overlay) && p.by != ProblemSetter::Scans)
    }

    /// The overlays, ascending, each once.
    pub fn list(&self) -> Vec<Overlay> {
        let mut list: Vec<_> = self.0.iter().map(|p| p.overlay).collect();
        list.dedup();
        list
    }

    /// The problems, ascending.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }

    fn place(&self, overlay: Overlay, problem: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|p| (p.overlay, p.problem.as_str()).cmp(&(overlay, problem)))
    }

    fn room(&self, by: ProblemSetter) -> Result<(), Refusal> {
        let same = |p: &&Problem| match by {
            ProblemSetter::Scans => false,
            ProblemSetter::Regulator => p.by == ProblemSetter::Regulator,
            ProblemSetter::Proof | ProblemSetter::Owner | ProblemSetter::Event => {
                !matches!(p.by, ProblemSetter::Regulator | ProblemSetter::Scans)
            }
        };
        if self.0.iter().filter(same).count() < MAX_PROBLEMS {
            return Ok(());
        }
        Err(Refusal::Full)
    }
}

fn may_lift(problem: &Problem, by: ProblemSetter) -> Result<(), Refusal> {
    match problem.by {
        _ if by == ProblemSetter::Regulator => Ok(()),
        ProblemSetter::Regulator => Err(Refusal::Regulators(problem.overlay)),
        ProblemSetter::Event if by != ProblemSetter::Event => Err(Refusal::Events(problem.overlay)),
        ProblemSetter::Scans => Err(Refusal::Scans),
        ProblemSetter::Event | ProblemSetter::Owner | ProblemSetter::Proof => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;
    use ProblemSetter::{Event, Owner, Proof, Regulator, Scans};

    const SETTERS: [ProblemSetter; 5] = [Scans, Proof, Owner, Event, Regulator];

    #[test]
    fn a_regulator_s_problem_stays_until_a_regulator_lifts_it() {
        let mut marks = Marks::default();
        assert_eq!(marks.set(Overlay::Recalled, "c1", Owner), Ok(true));
        assert_eq!(marks.set(Overlay::Recalled, "c1", Regulator), Ok(true), "the stronger word");
        assert_eq!(marks.set(Overlay::Recalled, "c1", Owner), Ok(false));
        let refused = Err(Refusal::Regulators(Overlay::Recalled));
        for by in [Owner, Event] {
            assert_eq!(marks.clear(Overlay::Recalled, Some("c1"), by), refused);
            assert_eq!(marks.clear(Overlay::Recalled, None, by), refused);
        }
        assert_eq!(marks.clear(Overlay::Recalled, None, Regulator), Ok(1));
        assert_eq!(marks, Marks::default());
    }

    #[test]
    fn a_mark_is_gone_with_its_last_problem() {
        let mut marks = Marks::default();
        for problem in ["p2", "p1"] {
            marks.set(Overlay::Held, problem, Owner).expect("room");
        }
        assert_eq!(marks.list(), [Overlay::Held]);
        assert_eq!(marks.clear(Overlay::Held, Some("p1"), Owner), Ok(1));
        assert!(marks.has(Overlay::Held) && marks.blocks());
        assert_eq!(marks.clear(Overlay::Held, Some("p1"), Owner), Ok(0), "lifted already");
        assert_eq!(marks.clear(Overlay::Held, Some("p2"), Owner), Ok(1));
        assert!(marks.is_clean());
    }

    #[test]
    fn a_warning_blocks_nothing_until_somebody_answers_for_it() {
        let mut marks = Marks::default();
        marks.warn();
        marks.warn();
        assert!(marks.has(Overlay::SuspectClone) && !marks.is_clean() && !marks.blocks());
        assert_eq!(marks.clear(Overlay::SuspectClone, None, Owner), Err(Refusal::Scans));
        assert_eq!(marks.set(Overlay::SuspectClone, SCANS, Owner), Ok(true), "now somebody does");
        assert!(marks.blocks());
        marks.warn();
        assert!(marks.blocks(), "a scan does not weaken it");
        assert_eq!(marks.dismiss(Owner), Ok(1));
        assert!(marks.is_clean());
    }

    #[test]
    fn a_joint_lot_has_the_union_of_the_problems() {
        let (mut one, mut other) = (Marks::default(), Marks::default());
        one.set(Overlay::Held, "p", Owner).expect("room");
        other.set(Overlay::Held, "p", Regulator).expect("room");
        other.set(Overlay::Recalled, "c", Owner).expect("room");
        assert_eq!(one.absorb(&other).map(|new| new.len()), Ok(2));
        assert_eq!(one, other, "the stronger word counts");
        assert_eq!(one.absorb(&other), Ok(vec![]));
    }

    #[test]
    fn damaged_and_worn_things_are_shown_and_not_blocked() {
        for overlay in ALL {
            let mut marks = Marks::default();
            marks.set(overlay, "p", Regulator).expect("room");
            let shown = matches!(overlay, Overlay::Damaged | Overlay::NeedsReplacement);
            assert_eq!(marks.blocks(), !shown, "{overlay:?}");
        }
    }

    #[test]
    fn the_owner_cannot_fill_the_regulator_s_room() {
        let mut marks = Marks::default();
        for number in 0..MAX_PROBLEMS {
            marks.set(Overlay::Held, &format!("o{number}"), Owner).expect("room");
        }
        assert_eq!(marks.set(Overlay::Held, "more", Owner), Err(Refusal::Full));
        assert_eq!(marks.set(Overlay::Held, "more", Event), Err(Refusal::Full));
        for number in 0..MAX_PROBLEMS {
            marks.set(Overlay::Held, &format!("r{number}"), Regulator).expect("room");
        }
        assert_eq!(marks.set(Overlay::Held, "more", Regulator), Err(Refusal::Full));
        marks.warn();
        assert_eq!(marks.problems().len(), 2 * MAX_PROBLEMS + 1);
    }

    proptest! {
        #[test]
        fn the_set_of_problems_is_the_model_s(
            wishes in proptest::collection::vec((0usize..7, 0u8..4, 1usize..5, any::<bool>(), any::<bool>()), 1..60),
        ) {
            let (mut marks, mut model) = (Marks::default(), BTreeMap::new());
            for (overlay, problem, by, set, named) in wishes {
                let (overlay, by, name) = (ALL[overlay], SETTERS[by], format!("p{problem}"));
                if set {
                    let old: Option<ProblemSetter> = model.get(&(overlay, name.clone())).copied();
                    let crowd = |wanted: bool| model.values().filter(|b| (**b == Regulator) == wanted).count();
                    let room = crowd(by == Regulator) < MAX_PROBLEMS;
                    let changes = old.is_none_or(|old| old < by);
                    let expected = if changes && !room { Err(Refusal::Full) } else { Ok(changes) };
                    prop_assert_eq!(marks.set(overlay, &name, by), expected.clone());
                    if expected == Ok(true) {
                        model.insert((overlay, name), by);
                    }
                } else {
                    let meant: Vec<_> = model.iter()
                        .filter(|((o, p), _)| *o == overlay && (!named || *p == name))
                        .map(|(key, by)| (key.clone(), *by)).collect();
                    let strong = |setter: ProblemSetter| setter == Event && by < Event;
                    let allowed = by == Regulator
                        || meant.iter().all(|(_, setter)| *setter != Regulator && !strong(*setter));
                    let lifted = marks.clear(overlay, named.then_some(name.as_str()), by);
                    prop_assert_eq!(lifted.is_ok(), allowed);
                    if allowed {
                        prop_assert_eq!(lifted, Ok(meant.len()));
                        meant.iter().for_each(|(key, _)| { model.remove(key); });
                    }
                }
                let held: Vec<_> = marks.problems().iter()
                    .map(|p| ((p.overlay, p.problem.clone()), p.by)).collect();
                prop_assert_eq!(held, model.clone().into_iter().collect::<Vec<_>>());
                prop_assert!(marks.list().windows(2).all(|w| w[0] < w[1]));
            }
        }
    }
}
