//! The one table along which a code's life moves.
//!
//! | step | from | to | needs a clean code |
//! |---|---|---|---|
//! | `Activate` | Committed | Applied (waits for its quality record), Active | – |
//! | void: `VoidRange`, or derived from `RevokeBatch` | Committed | Voided* | no |
//! | `Release` | Applied | Active | no |
//! | `Rework` | Active | Applied | no |
//! | `Move` | Active | InUse | yes |
//! | `Move` | InUse | Active | no |
//! | `Move` | Active, InUse | Consumed* | yes |
//! | `Join` (L4: a lot goes whole into a joint one, which takes over its marks) | Active | Consumed* | no |
//! | `Move` | Applied | Voided* | no |
//! | `Move` | Applied, Active, InUse, Exported, Sold, Sampled | Retired*, Destroyed* | no |
//! | `Leave` | Active, InUse | Exported, Sold, Sampled | yes |
//! | `Undo` | Exported, Sold, Sampled | Active, InUse | yes |
//! | `Supersede` | Applied, Active, InUse, Exported, Sold, Sampled | Superseded* | no |
//! | `Restore` | all with a record but Voided | Applied, Active, InUse, Exported, Sold, Sampled, Voided* | no |
//!
//! (* an end: nothing but the correction `Restore` leads out of it, and nothing at all out of Voided; K3.) A unit with a
//! blocking mark may still be taken out, retired, destroyed or relabelled. Where a code is `Applied` and the same step
//! is open to an `Active` one, what is missing is its quality record (Annex C): [`lacks_record`].

use suyuan_trace_api::code::Life;
use Life::{
    Active, Applied, Committed, Consumed, Destroyed, Exported, InUse, Retired, Sampled, Sold,
    Superseded, Voided,
};

/// Every state, in the order of the type.
pub const ALL: [Life; 12] = [
    Committed, Voided, Applied, Active, InUse, Consumed, Retired, Destroyed, Exported, Sold,
    Sampled, Superseded,
];

/// What moves a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A unit is made.
    Activate,
    /// The issuer withdraws a code that nothing carries.
    Void,
    /// The quality record is there.
    Release,
    /// Rework begins.
    Rework,
    /// Built in, taken out, used up, retired, destroyed.
    Move,
    /// Goes whole into a joint lot.
    Join,
    /// Sold, exported, taken as a sample.
    Leave,
    /// Comes back to whoever gave it away.
    Undo,
    /// Another code for the same unit.
    Supersede,
    /// A correction.
    Restore,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What moves.
    pub verb: Verb,
    /// From any of these.
    pub from: &'static [Life],
    /// To any of these.
    pub to: &'static [Life],
    /// True where a blocking mark forbids it.
    pub clean: bool,
}

const fn row(verb: Verb, from: &'static [Life], to: &'static [Life], clean: bool) -> Row {
    Row { verb, from, to, clean }
}

/// States in which a unit carries the code.
pub const ALIVE: &[Life] = &[Applied, Active, InUse, Exported, Sold, Sampled];

/// States of a unit that left the participants' hands and may come back.
pub const AWAY: &[Life] = &[Exported, Sold, Sampled];

/// The table.
pub const TABLE: [Row; 14] = [
    row(Verb::Activate, &[Committed], &[Applied, Active], false),
    row(Verb::Void, &[Committed], &[Voided], false),
    row(Verb::Release, &[Applied], &[Active], false),
    row(Verb::Rework, &[Active], &[Applied], false),
    row(Verb::Move, &[Active], &[InUse], true),
    row(Verb::Move, &[InUse], &[Active], false),
    row(Verb::Move, &[Active, InUse], &[Consumed], true),
    row(Verb::Join, &[Active], &[Consumed], false),
    row(Verb::Move, &[Applied], &[Voided], false),
    row(Verb::Move, ALIVE, &[Retired, Destroyed], false),
    row(Verb::Leave, &[Active, InUse], AWAY, true),
    row(Verb::Undo, AWAY, &[Active, InUse], true),
    row(Verb::Supersede, ALIVE, &[Superseded], false),
    row(
        Verb::Restore,
        &[
            Applied, Active, InUse, Consumed, Retired, Destroyed, Exported, Sold, Sampled,
            Superseded,
        ],
        &[Applied, Active, InUse, Exported, Sold, Sampled, Voided],
        false,
    ),
];

/// The row that allows the step. Nothing stays where it is.
pub fn step(verb: Verb, from: Life, to: Life) -> Option<&'static Row> {
    if from == to {
        return None;
    }
    TABLE.iter().find(|row| row.verb == verb && row.from.contains(&from) && row.to.contains(&to))
}

/// True where only the quality record is missing for the step.
pub fn lacks_record(verb: Verb, from: Life, to: Life) -> bool {
    from == Applied
        && step(verb, from, to).is_none()
        && matches!(verb, Verb::Move | Verb::Leave | Verb::Join)
        && step(verb, Active, to).is_some()
}

/// True where nothing but a correction leads out.
pub const fn is_terminal(life: Life) -> bool {
    matches!(life, Voided | Consumed | Retired | Destroyed | Superseded)
}

/// True where a unit carries the code now.
pub fn is_alive(life: Life) -> bool {
    ALIVE.contains(&life)
}

/// True where the unit left the participants' hands and may come back.
pub fn is_away(life: Life) -> bool {
    AWAY.contains(&life)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VERBS: [Verb; 10] = [
        Verb::Activate,
        Verb::Void,
        Verb::Release,
        Verb::Rework,
        Verb::Move,
        Verb::Join,
        Verb::Leave,
        Verb::Undo,
        Verb::Supersede,
        Verb::Restore,
    ];

    fn life() -> impl Strategy<Value = Life> {
        proptest::sample::select(ALL.to_vec())
    }

    /// clause 9 a: the whole life of a code, step by step.
    #[test]
    fn the_table_has_exactly_these_steps() {
        let mut lines = vec![];
        for verb in VERBS {
            for from in ALL {
                let to: Vec<_> =
                    ALL.into_iter().filter(|to| step(verb, from, *to).is_some()).collect();
                if !to.is_empty() {
                    lines.push(format!("{verb:?}: {from:?} -> {to:?}"));
                }
            }
        }
        insta::assert_snapshot!(lines.join("\n"), @r"
        Activate: Committed -> [Applied, Active]
        Void: Committed -> [Voided]
        Release: Applied -> [Active]
        Rework: Active -> [Applied]
        Move: Applied -> [Voided, Retired, Destroyed]
        Move: Active -> [InUse, Consumed, Retired, Destroyed]
        Move: InUse -> [Active, Consumed, Retired, Destroyed]
        Move: Exported -> [Retired, Destroyed]
        Move: Sold -> [Retired, Destroyed]
        Move: Sampled -> [Retired, Destroyed]
        Join: Active -> [Consumed]
        Leave: Active -> [Exported, Sold, Sampled]
        Leave: InUse -> [Exported, Sold, Sampled]
        Undo: Exported -> [Active, InUse]
        Undo: Sold -> [Active, InUse]
        Undo: Sampled -> [Active, InUse]
        Supersede: Applied -> [Superseded]
        Supersede: Active -> [Superseded]
        Supersede: InUse -> [Superseded]
        Supersede: Exported -> [Superseded]
        Supersede: Sold -> [Superseded]
        Supersede: Sampled -> [Superseded]
        Restore: Applied -> [Voided, Active, InUse, Exported, Sold, Sampled]
        Restore: Active -> [Voided, Applied, InUse, Exported, Sold, Sampled]
        Restore: InUse -> [Voided, Applied, Active, Exported, Sold, Sampled]
        Restore: Consumed -> [Voided, Applied, Active, InUse, Exported, Sold, Sampled]
        Restore: Retired -> [Voided, Applied, Active, InUse, Exported, Sold, Sampled]
        Restore: Destroyed -> [Voided, Applied, Active, InUse, Exported, Sold, Sampled]
        Restore: Exported -> [Voided, Applied, Active, InUse, Sold, Sampled]
        Restore: Sold -> [Voided, Applied, Active, InUse, Exported, Sampled]
        Restore: Sampled -> [Voided, Applied, Active, InUse, Exported, Sold]
        Restore: Superseded -> [Voided, Applied, Active, InUse, Exported, Sold, Sampled]
        ");
    }

    #[test]
    fn every_state_is_committed_or_alive_or_an_end() {
        for life in ALL {
            let kinds = [life == Committed, is_alive(life), is_terminal(life)];
            assert_eq!(kinds.iter().filter(|k| **k).count(), 1, "{life:?}");
        }
    }

    #[test]
    fn no_two_rows_speak_of_one_step() {
        for verb in VERBS {
            for (from, to) in ALL.iter().flat_map(|from| ALL.iter().map(move |to| (*from, *to))) {
                let rows = TABLE
                    .iter()
                    .filter(|r| r.verb == verb && r.from.contains(&from) && r.to.contains(&to));
                assert!(rows.count() <= 1, "{verb:?} {from:?} {to:?}");
            }
        }
    }

    proptest! {
        /// Invariant K3
        #[test]
        fn an_end_is_final_but_for_a_correction(
            wishes in proptest::collection::vec((0usize..10, life()), 1..60),
        ) {
            let mut now = Committed;
            for (verb, wish) in wishes {
                let verb = VERBS[verb];
                if step(verb, now, wish).is_some() {
                    prop_assert!(!is_terminal(now) || verb == Verb::Restore, "{verb:?} led out of {now:?}");
                    prop_assert_ne!(now, Voided, "nothing leads out of Voided");
                    now = wish;
                }
            }
        }

        #[test]
        fn nothing_becomes_committed_again_or_stays_where_it_is(verb in 0usize..10, from in life()) {
            prop_assert!(step(VERBS[verb], from, Committed).is_none());
            prop_assert!(step(VERBS[verb], from, from).is_none());
        }

        #[test]
        fn a_marked_unit_can_always_be_taken_out_of_use(from in life()) {
            if is_alive(from) {
                prop_assert!(step(Verb::Move, from, Retired).is_some_and(|row| !row.clean));
            }
        }

        /// clause 7.2, annex C: first use needs the quality record
        #[test]
        fn an_applied_code_is_never_used_nor_leaves(to in life()) {
            for verb in [Verb::Move, Verb::Join, Verb::Leave] {
                let open = step(verb, Applied, to).is_some();
                prop_assert!(!open || is_terminal(to) && to != Consumed, "{verb:?} {to:?}");
            }
        }
    }
}
