//! The scope of a recall: a forward walk from several seeds that asks how sure each unit is touched.
//!
//! A unit can be reached by several paths, and through several of its revisions. It is touched for certain when
//! one of them consists of certain links that still hold. That is known only at its last revision, where all
//! paths to it have met: there, and not where it is first reached, the unit appears. Seeds appear before the
//! walk begins, always as certain.

use suyuan_trace_api::assembly::{Direction, RecallScopeKind};

use crate::hops::each_link;
use crate::sorted::Map;
use crate::walk::{Endings, Entry, Graph, Mark, Rules, Walk};

/// All that ever held: what was declared never to have been recalls nothing.
pub const RULES: Rules = Rules::all(Endings::Held);

/// A recall between two pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recall {
    /// Seeds that have appeared.
    pub seeds_given: usize,
    /// The walk.
    pub walk: Walk,
}

/// A unit touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched<U> {
    /// The unit.
    pub unit: U,
    /// How sure.
    pub scope: RecallScopeKind,
}

impl Recall {
    /// A recall that starts at the first revisions of these units, which ascend.
    pub fn new(mark: Mark, seeds: &[u64]) -> Self {
        let entry = |unit: &u64| {
            let entry = Entry { unit: *unit, flag: true, fresh: false };
            (*unit, entry)
        };
        let frontier: Map<u64, Entry> = seeds.iter().map(entry).collect();
        Self {
            seeds_given: 0,
            walk: Walk { direction: Direction::Forward, rules: RULES, mark, at: None, frontier },
        }
    }

    /// True when everything has appeared.
    pub fn is_complete(&self, seeds: &[u64]) -> bool {
        self.seeds_given >= seeds.len() && self.walk.frontier.is_empty()
    }

    /// The next page: at most `limit` units.
    ///
    /// # Errors
    /// Of the graph, and a frontier above its bound.
    pub fn page<G: Graph>(
        &mut self,
        graph: &G,
        seeds: &[u64],
        limit: usize,
    ) -> Result<Vec<Touched<G::Unit>>, G::Error> {
        let mut found = vec![];
        for seed in seeds.iter().skip(self.seeds_given) {
            if found.len() >= limit || graph.exhausted() {
                return Ok(found);
            }
            found.push(Touched { unit: graph.unit(*seed)?, scope: RecallScopeKind::Must });
            self.seeds_given += 1;
        }
        while let Some((birth, entry)) = self.walk.head() {
            if graph.exhausted() {
                break;
            }
            if self.walk.at.is_none() {
                let last = self.take_steps(graph, birth, entry)?;
                if last && seeds.binary_search(&entry.unit).is_err() {
                    if found.len() >= limit {
                        break;
                    }
                    found.push(Touched {
                        unit: graph.unit(entry.unit)?,
                        scope: if entry.flag {
                            RecallScopeKind::Must
                        } else {
                            RecallScopeKind::May
                        },
                    });
                }
                self.walk.at = Some(0);
            }
            let mark = self.walk.mark;
            let finished =
                each_link(&mut self.walk, graph, (entry.unit, birth), &mut |walk, far| {
                    let flag = entry.flag && far.certain_at(mark);
                    walk.add(graph, far.birth, Entry { unit: far.unit, flag, fresh: false })
                })?;
            if !finished {
                break;
            }
            self.walk.frontier.remove(&birth);
            self.walk.at = None;
        }
        Ok(found)
    }

    /// Takes the steps of a revision; true where it is its unit's last one.
    fn take_steps<G: Graph>(
        &mut self,
        graph: &G,
        birth: u64,
        entry: Entry,
    ) -> Result<bool, G::Error> {
        let mark = self.walk.mark;
        let mut last = true;
        for step in graph.steps(Direction::Forward, entry.unit, birth)? {
            if step.birth >= mark.birth {
                continue;
            }
            let certain = match step.carrier {
                None => {
                    last = false;
                    entry.flag
                }
                Some(link) => {
                    let (far, _) = graph.link(Direction::Forward, link, mark)?;
                    if !self.walk.rules.count(&far, mark) {
                        continue;
                    }
                    entry.flag && far.certain_at(mark)
                }
            };
            let entry = Entry { unit: step.unit, flag: certain, fresh: false };
            self.walk.add(graph, step.birth, entry)?;
        }
        Ok(last)
    }
}
