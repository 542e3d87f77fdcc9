//! The one table along which a code's life moves.
//!
//! | from | to | on the word of |
//! |---|---|---|
//! | Committed | Active | `Activate`: the issuer makes a unit |
//! | Committed | Voided* | `RevokeBatch` (derived from the batch, no record of its own) |
//! | Active | InUse | built in, packed |
//! | InUse | Active | taken out, unpacked |
//! | Active, InUse | Consumed* | used up |
//! | Active, InUse | Exported, Sold | left the region, sold |
//! | Exported, Sold | Active | came back |
//! | Active, InUse, Exported, Sold | Retired*, Destroyed* | taken out of use, destroyed |
//! | Active, InUse, Exported, Sold | Superseded* | replaced by another code |
//!
//! (* an end: nothing leads out of it.) A unit with a blocking mark may still be taken out, retired, destroyed
//! or relabelled; every other step asks for a clean code ([`needs_clean`]).

use suyuan_trace_api::code::Life;

/// Every state, in the order of the type.
pub const ALL: [Life; 10] = [
    Life::Committed,
    Life::Voided,
    Life::Active,
    Life::InUse,
    Life::Consumed,
    Life::Retired,
    Life::Destroyed,
    Life::Exported,
    Life::Sold,
    Life::Superseded,
];

/// The new state where the table allows the step.
pub const fn step(from: Life, to: Life) -> Option<Life> {
    use Life::{
        Active, Committed, Consumed, Destroyed, Exported, InUse, Retired, Sold, Superseded, Voided,
    };
    let allowed = match from {
        Committed => matches!(to, Active | Voided),
        Active => {
            matches!(to, InUse | Consumed | Retired | Destroyed | Exported | Sold | Superseded)
        }
        InUse => {
            matches!(to, Active | Consumed | Retired | Destroyed | Exported | Sold | Superseded)
        }
        Exported | Sold => matches!(to, Active | Retired | Destroyed | Superseded),
        Voided | Consumed | Retired | Destroyed | Superseded => false,
    };
    if allowed {
        Some(to)
    } else {
        None
    }
}

/// True where nothing leads out.
pub const fn is_terminal(life: Life) -> bool {
    matches!(
        life,
        Life::Voided | Life::Consumed | Life::Retired | Life::Destroyed | Life::Superseded
    )
}

/// True where a unit carries the code now.
pub const fn is_alive(life: Life) -> bool {
    matches!(life, Life::Active | Life::InUse | Life::Exported | Life::Sold)
}

/// True for steps that a blocking mark forbids: use, sale, export, and coming back from either.
pub const fn needs_clean(from: Life, to: Life) -> bool {
    match to {
        Life::InUse | Life::Consumed | Life::Exported | Life::Sold => true,
        Life::Active => matches!(from, Life::Exported | Life::Sold),
        Life::Committed | Life::Voided | Life::Retired | Life::Destroyed | Life::Superseded => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn life() -> impl Strategy<Value = Life> {
        proptest::sample::select(ALL.to_vec())
    }

    #[test]
    fn the_table_has_exactly_these_steps() {
        let steps: Vec<_> = ALL
            .iter()
            .flat_map(|from| ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| step(*from, *to).is_some())
            .map(|(from, to)| format!("{from:?} -> {to:?}"))
            .collect();
        insta::assert_snapshot!(steps.join("\n"), @r"
        Committed -> Voided
        Committed -> Active
        Active -> InUse
        Active -> Consumed
        Active -> Retired
        Active -> Destroyed
        Active -> Exported
        Active -> Sold
        Active -> Superseded
        InUse -> Active
        InUse -> Consumed
        InUse -> Retired
        InUse -> Destroyed
        InUse -> Exported
        InUse -> Sold
        InUse -> Superseded
        Exported -> Active
        Exported -> Retired
        Exported -> Destroyed
        Exported -> Superseded
        Sold -> Active
        Sold -> Retired
        Sold -> Destroyed
        Sold -> Superseded
        ");
    }

    #[test]
    fn every_state_is_committed_or_alive_or_an_end() {
        for life in ALL {
            let kinds = [life == Life::Committed, is_alive(life), is_terminal(life)];
            assert_eq!(kinds.iter().filter(|k| **k).count(), 1, "{life:?}");
        }
    }

    proptest! {
        #[test]
        fn an_end_is_final_whatever_is_tried(wishes in proptest::collection::vec(life(), 1..40)) {
            let mut now = Life::Committed;
            let mut end = None;
            for wish in wishes {
                if let Some(next) = step(now, wish) {
                    prop_assert_eq!(end, None, "a step led out of an end");
                    now = next;
                }
                if is_terminal(now) {
                    end = Some(now);
                }
            }
            prop_assert!(end.is_none_or(|end| end == now));
        }

        #[test]
        fn nothing_becomes_committed_again_or_stays_where_it_is(from in life()) {
            prop_assert_eq!(step(from, Life::Committed), None);
            prop_assert_eq!(step(from, from), None);
        }

        #[test]
        fn a_marked_unit_can_always_be_taken_out_of_use(from in life()) {
            if is_alive(from) {
                prop_assert!(step(from, Life::Retired).is_some());
                prop_assert!(!needs_clean(from, Life::Retired));
            }
        }
    }
}
