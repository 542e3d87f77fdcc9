//! An event was declared wrong: what it did is taken back, by appending.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::LinkKind;

use super::apply::certain;
use super::{Effect, Model};

impl Model {
    /// Takes back what an event did. Everything that it touched is as it was before it, and the links that it made
    /// never were; what others took from a lot in between stays taken.
    pub fn void(&mut self, event_id: &str, by: &str) {
        let Some(effect) = self.effects.get(event_id).cloned() else { return };
        self.operations += 1;
        let now = self.operations;
        for place in &effect.opened {
            self.links[*place].closed.get_or_insert(now);
            self.links[*place].voided = true;
        }
        for place in &effect.closed {
            let (kind, parent, child) = self.ends(*place);
            self.open(certain(kind, &parent, &child), &mut Effect::default());
        }
        self.restore(&effect);
        for code in &effect.born {
            self.end(code);
        }
        if let Some(process) = &effect.process {
            self.forget_feeds(process, &effect);
        }
        for code in effect.after.keys() {
            if let Some(unit) = self.units.get_mut(code) {
                unit.events.push(by.to_string());
            }
        }
    }

    fn ends(&self, place: usize) -> (LinkKind, String, String) {
        let link = &self.links[place];
        (link.kind, link.parent.clone(), link.child.clone())
    }

    fn restore(&mut self, effect: &Effect) {
        for (code, before) in &effect.before {
            let after = effect.after.get(code).unwrap_or(before);
            let Some(unit) = self.units.get_mut(code) else { continue };
            if before.gone != after.gone {
                unit.gone = before.gone;
            }
            if before.quality != after.quality {
                unit.quality = before.quality;
            }
            unit.balance = match (before.balance, after.balance, unit.balance) {
                (Some(before), Some(after), Some(now)) => {
                    before.checked_sub(after).and_then(|taken: Amount| now.checked_add(taken))
                }
                (before, _, None) => before,
                (_, _, now) => now,
            };
        }
    }

    fn forget_feeds(&mut self, process: &str, effect: &Effect) {
        let Some(fed) = self.processes.get_mut(process) else { return };
        for code in effect.before.keys() {
            if let Some(place) = fed.iter().rposition(|known| known == code) {
                fed.remove(place);
            }
        }
    }
}
