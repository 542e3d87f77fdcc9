//! Answers by plain recursion: what a unit is made of, what it went into, what a recall touches.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::assembly::{Certainty, LinkKind, RecallScopeKind};

use super::{Model, ModelLink};

/// Units and links, told apart by what everybody sees of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Codes.
    pub units: BTreeSet<String>,
    /// `(parent, child)` with how often they were joined.
    pub links: BTreeMap<(String, String), usize>,
}

impl Model {
    /// All that `code` is made of: what a part got while it was inside counts, too.
    pub fn backward(&self, code: &str) -> Closure {
        let mut horizon: BTreeMap<String, usize> = BTreeMap::new();
        let mut open = vec![(code, usize::MAX)];
        while let Some((code, latest)) = open.pop() {
            if horizon.get(code).is_some_and(|known| *known >= latest) {
                continue;
            }
            horizon.insert(code.to_string(), latest);
            for link in self.parts_of(code).filter(|link| link.opened <= latest) {
                let until = match link.holding() {
                    true => link.closed.map_or(latest, |end| end.min(latest)),
                    false => link.opened,
                };
                open.push((&link.child, until));
            }
        }
        let inside = |link: &&ModelLink| link.opened <= horizon[&link.parent];
        let links = horizon.keys().flat_map(|code| self.parts_of(code)).filter(inside);
        closure(horizon.keys(), links)
    }

    fn parts_of(&self, code: &str) -> impl Iterator<Item = &ModelLink> {
        self.below.get(code).into_iter().flatten().map(|place| &self.links[*place])
    }

    pub(super) fn wholes_of(&self, code: &str) -> impl Iterator<Item = &ModelLink> {
        self.above.get(code).into_iter().flatten().map(|place| &self.links[*place])
    }

    /// Units that are part of nothing, each with how many units it is made of.
    pub fn roots(&self) -> BTreeMap<String, usize> {
        let roots = self.units.keys().filter(|code| !self.above.contains_key(*code));
        roots.map(|code| (code.clone(), self.backward(code).units.len())).collect()
    }

    /// All that `code` went into, and what holds that from then on.
    pub fn forward(&self, code: &str) -> Closure {
        let horizon = self.ahead([code], |_| true);
        let reached = |link: &&ModelLink| link.reaches(horizon[&link.child]);
        let links = horizon.keys().flat_map(|code| self.wholes_of(code)).filter(reached);
        closure(horizon.keys(), links)
    }

    /// What a recall of `seeds` touches, and whether each must or may be recalled. What never was touches nothing.
    pub fn recall(&self, seeds: &[&str]) -> BTreeMap<String, (RecallScopeKind, bool)> {
        let touched = self.ahead(seeds.iter().copied(), |link| !link.voided);
        let certain = self.ahead(seeds.iter().copied(), |link| {
            link.certainty == Certainty::Certain && link.closed.is_none()
        });
        touched
            .into_keys()
            .map(|code| {
                let must = certain.contains_key(&code);
                let kind = if must { RecallScopeKind::Must } else { RecallScopeKind::May };
                let gone = self.is_gone(&code);
                (code, (kind, gone))
            })
            .collect()
    }

    /// Gone itself, or inside something that is.
    fn is_gone(&self, code: &str) -> bool {
        let mut at = code.to_string();
        loop {
            if self.units.get(&at).is_some_and(|unit| unit.gone) {
                return true;
            }
            let whole = self.wholes_of(&at).find(|link| link.holding() && link.holds());
            match whole {
                Some(link) => at.clone_from(&link.parent),
                None => return false,
            }
        }
    }

    fn ahead<'a>(
        &'a self,
        seeds: impl IntoIterator<Item = &'a str>,
        follow: impl Fn(&ModelLink) -> bool,
    ) -> BTreeMap<String, usize> {
        let mut horizon: BTreeMap<String, usize> = BTreeMap::new();
        let mut open: Vec<(&str, usize)> = seeds.into_iter().map(|seed| (seed, 0)).collect();
        while let Some((code, earliest)) = open.pop() {
            if horizon.get(code).is_some_and(|known| *known <= earliest) {
                continue;
            }
            horizon.insert(code.to_string(), earliest);
            let out = self.wholes_of(code).filter(|link| link.reaches(earliest) && follow(link));
            open.extend(out.map(|link| (link.parent.as_str(), link.from(earliest))));
        }
        horizon
    }
}

fn closure<'a>(
    units: impl Iterator<Item = &'a String>,
    links: impl Iterator<Item = &'a ModelLink>,
) -> Closure {
    let mut closure = Closure { units: units.cloned().collect(), ..Closure::default() };
    for link in links {
        *closure.links.entry((link.parent.clone(), link.child.clone())).or_insert(0) += 1;
    }
    closure
}

impl ModelLink {
    /// True for a part that can still change inside its whole: built in or packed, and believed.
    fn holding(&self) -> bool {
        let kind = matches!(self.kind, LinkKind::Install | LinkKind::Pack | LinkKind::Relabel);
        kind && self.certainty == Certainty::Certain
    }

    /// True where what the part has from `earliest` on is, or comes, into the whole.
    fn reaches(&self, earliest: usize) -> bool {
        self.opened >= earliest || self.holding() && self.closed.is_none_or(|end| end > earliest)
    }

    /// From when on the whole has what the part has from `earliest` on.
    fn from(&self, earliest: usize) -> usize {
        if self.holding() {
            self.opened.max(earliest)
        } else {
            self.opened
        }
    }

    /// True where it is believed and did not end.
    pub(super) fn holds(&self) -> bool {
        self.closed.is_none() && self.certainty == Certainty::Certain
    }
}
