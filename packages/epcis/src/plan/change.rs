//! How parts go in and come out, and how lots are used up.

use super::book::{Book, Hold};
use super::{Deed, Given, Sort};
use crate::event::Event;

impl Book {
    /// Takes what is used up; a lot of which more is taken than was made is uncertain.
    pub fn use_up(&mut self, whole: &str, given: &Given) {
        if self.sort(&given.unit) == Sort::Piece {
            let whole = whole.to_string();
            self.change(&given.unit, |unit, state| {
                unit.is_part = true;
                state.gone = Some(whole);
            });
            return;
        }
        self.takes(whole, given);
        let left = self.state(&given.unit).left;
        let rest = match (left, given.amount) {
            (Some(left), Some(amount)) => match left.checked_sub(amount) {
                Some(rest) => Some(rest),
                None => {
                    self.uncertain.insert(given.unit.clone());
                    None
                }
            },
            // How much is taken is not known, so what is left is not known either.
            _ => None,
        };
        let whole = whole.to_string();
        self.change(&given.unit, |unit, state| {
            unit.is_part = true;
            state.left = rest;
            if rest.is_some_and(suyuan_trace_api::amount::Amount::is_zero) {
                state.gone = Some(whole);
            }
        });
    }

    /// A piece goes in, a quantity of a lot is used up. A piece that something else holds stays where it is.
    pub fn go_in(&mut self, whole: &str, part: &Given) {
        if self.sort(&part.unit) != Sort::Piece {
            return self.use_up(whole, part);
        }
        let taken = self.holder(&part.unit).is_some();
        let whole = whole.to_string();
        self.change(&part.unit, |unit, state| {
            unit.is_part = true;
            if !taken {
                state.holder = Some((whole, Hold::Installed));
            }
        });
    }

    /// A piece or a whole lot goes into a container.
    pub fn go_in_box(&mut self, container: &str, id: &str) {
        let owned = container.to_string();
        self.change(id, |_, state| state.holder = Some((owned, Hold::Packed)));
        self.change(container, |unit, _| unit.is_container = true);
    }

    pub fn come_out(&mut self, id: &str) {
        self.change(id, |_, state| state.holder = None);
    }

    /// Takes a unit out of whatever holds it, by an event of the import's own: what is used up elsewhere was not
    /// inside any more.
    pub fn free(&mut self, event: &Event, id: &str) {
        let Some((whole, hold)) = self.holder(id) else { return };
        let part = vec![id.to_string()];
        let deed = match hold {
            Hold::Installed => Deed::Remove(whole.clone(), part),
            Hold::Packed => Deed::Unpack(whole.clone(), part),
        };
        self.before(event, deed);
        self.come_out(id);
        let text = format!("{id} was inside {whole}; it is taken out first");
        self.note(&event.spot, &text);
    }
}
