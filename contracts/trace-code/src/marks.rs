//! Overlays of one code as two small bit sets: which are set, and which of them by a regulator.
//!
//! A regulator's mark is lifted by a regulator only; any other mark by the class owner or a regulator.

use cosmwasm_schema::cw_serde;
use suyuan_trace_api::code::Overlay;

/// Every overlay, ascending. Its place is its bit in [`Marks`]: only append.
pub const ALL: [Overlay; 5] = [
    Overlay::Held,
    Overlay::Recalled,
    Overlay::NonConformant,
    Overlay::Stolen,
    Overlay::SuspectClone,
];

/// The overlays of one code.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Marks {
    /// Bit n is set where `ALL[n]` is.
    pub set: u8,
    /// Bit n is set where a regulator set `ALL[n]`.
    pub regulator: u8,
    /// Bit n is set where `ALL[n]` rests on scans alone. Anybody records scans, so such a mark warns and blocks
    /// nothing: else two false scans would stop the goods of a stranger.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hearsay: u8,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(bits: &u8) -> bool {
    *bits == 0
}

impl Marks {
    /// Sets a mark. False where nothing changed.
    pub fn set(&mut self, overlay: Overlay, regulator: bool) -> bool {
        let before = *self;
        self.set |= bit(overlay);
        self.hearsay &= !bit(overlay);
        if regulator {
            self.regulator |= bit(overlay);
        }
        *self != before
    }

    /// Sets a mark on the word of scans: a warning, where the mark is not set already.
    pub fn warn(&mut self, overlay: Overlay) {
        if !self.has(overlay) {
            self.set |= bit(overlay);
            self.hearsay |= bit(overlay);
        }
    }

    /// Lifts a mark. `None` where a regulator has to; false where it was not set.
    pub fn clear(&mut self, overlay: Overlay, regulator: bool) -> Option<bool> {
        if self.regulator & bit(overlay) != 0 && !regulator {
            return None;
        }
        let was = self.has(overlay);
        self.set &= !bit(overlay);
        self.hearsay &= !bit(overlay);
        self.regulator &= !bit(overlay);
        Some(was)
    }

    /// True where the mark is set.
    pub const fn has(self, overlay: Overlay) -> bool {
        self.set & bit(overlay) != 0
    }

    /// True where no mark is set.
    pub const fn is_clean(self) -> bool {
        self.set == 0
    }

    /// True where a mark blocks use: any that somebody answers for.
    pub const fn blocks(self) -> bool {
        self.set & !self.hearsay != 0
    }

    /// The overlays, ascending.
    pub fn list(self) -> Vec<Overlay> {
        ALL.into_iter().filter(|o| self.has(*o)).collect()
    }
}

const fn bit(overlay: Overlay) -> u8 {
    match overlay {
        Overlay::Held => 1,
        Overlay::Recalled => 1 << 1,
        Overlay::NonConformant => 1 << 2,
        Overlay::Stolen => 1 << 3,
        Overlay::SuspectClone => 1 << 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_regulator_s_mark_stays_until_a_regulator_lifts_it() {
        let mut marks = Marks::default();
        assert!(marks.set(Overlay::Recalled, false));
        assert!(marks.set(Overlay::Recalled, true));
        assert!(!marks.set(Overlay::Recalled, false));
        assert_eq!(marks.clear(Overlay::Recalled, false), None);
        assert!(marks.has(Overlay::Recalled));
        assert_eq!(marks.clear(Overlay::Recalled, true), Some(true));
        assert!(marks.is_clean());
        assert_eq!(marks, Marks::default());
    }

    #[test]
    fn a_warning_blocks_nothing_until_somebody_answers_for_it() {
        let mut marks = Marks::default();
        marks.warn(Overlay::SuspectClone);
        assert!(marks.has(Overlay::SuspectClone) && !marks.is_clean() && !marks.blocks());
        assert!(marks.set(Overlay::SuspectClone, false), "from now on somebody does");
        assert!(marks.blocks());
        marks.warn(Overlay::SuspectClone);
        assert!(marks.blocks(), "a scan does not weaken it");
        assert_eq!(marks.clear(Overlay::SuspectClone, false), Some(true));
        assert_eq!(marks, Marks::default());
    }

    proptest! {
        #[test]
        fn the_list_is_ascending_and_holds_what_was_set(picks in proptest::collection::vec(0usize..5, 0..8)) {
            let mut marks = Marks::default();
            picks.iter().for_each(|p| { marks.set(ALL[*p], p % 2 == 0); });
            let list = marks.list();
            prop_assert!(list.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(ALL.iter().enumerate().all(|(i, o)| list.contains(o) == picks.contains(&i)));
        }
    }
}
