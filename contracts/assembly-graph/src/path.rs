//! One way from a whole down to a part: a backward walk that remembers where it came from and keeps to revisions
//! that were born after the part. Bounded; it says so where the bound ends it.

use suyuan_trace_api::assembly::{Direction, MAX_PATH_VISITS};

use crate::walk::{Endings, Graph, Mark, Rules};

/// Links read from a node at once.
const LINKS_AT_ONCE: usize = 32;

/// What a search gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// Ids of the links, from the whole down.
    Found(Vec<u64>),
    /// There is none.
    Nothing,
    /// The bound was met after so many revisions.
    Undecided(u32),
}

/// A revision that was reached.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Its birth.
    birth: u64,
    /// Its unit.
    unit: u64,
    /// Reached from the revision with this birth; 0 for the whole itself.
    from: u64,
    /// By this link; `None` between revisions of one unit.
    link: Option<u64>,
}

/// A search under way.
struct Search<'g, G: Graph> {
    graph: &'g G,
    mark: Mark,
    /// Births before this one cannot lead to the part.
    earliest: u64,
    /// Revisions reached, in order of birth. Visits descend, and what they reach was born earlier.
    nodes: Vec<Node>,
}

/// Searches from the latest revision of the whole. `part` is the part's number, and so the birth of its first
/// revision.
///
/// # Errors
/// Of the graph.
pub fn search<G: Graph>(
    graph: &G,
    mark: Mark,
    (whole, latest): (u64, u64),
    part: u64,
) -> Result<Path, G::Error> {
    let start = Node { birth: latest, unit: whole, from: 0, link: None };
    let mut search = Search { graph, mark, earliest: part, nodes: vec![start] };
    let mut before = u64::MAX;
    for visited in 0..MAX_PATH_VISITS as u32 {
        let Some(node) = search.next(before) else {
            return Ok(Path::Nothing);
        };
        if node.unit == part {
            return Ok(Path::Found(search.way(node)));
        }
        if !search.visit(node.birth, node.unit)? {
            return Ok(Path::Undecided(visited));
        }
        before = node.birth;
    }
    Ok(Path::Undecided(MAX_PATH_VISITS as u32))
}

impl<G: Graph> Search<'_, G> {
    /// Adds all that a revision leads to; false where the search has cost enough.
    fn visit(&mut self, birth: u64, unit: u64) -> Result<bool, G::Error> {
        const RULES: Rules = Rules::all(Endings::Held);
        let back = Direction::Backward;
        for step in self.graph.steps(back, unit, birth)? {
            let counts = match step.carrier {
                None => true,
                Some(link) => RULES.count(&self.graph.link(back, link, self.mark)?.0, self.mark),
            };
            if counts {
                let (from, link) = (birth, step.carrier);
                self.reach(Node { birth: step.birth, unit: step.unit, from, link });
            }
        }
        let mut after = 0;
        loop {
            let ids = self.graph.links(back, unit, birth, after, LINKS_AT_ONCE)?;
            for id in &ids {
                if self.graph.exhausted() {
                    return Ok(false);
                }
                let (far, _) = self.graph.link(back, *id, self.mark)?;
                if *id < self.mark.link && RULES.count(&far, self.mark) {
                    let (from, link) = (birth, Some(*id));
                    self.reach(Node { birth: far.birth, unit: far.unit, from, link });
                }
                after = *id;
            }
            if ids.len() < LINKS_AT_ONCE {
                return Ok(!self.graph.exhausted());
            }
        }
    }

    /// The latest revision born before this one was.
    fn next(&self, before: u64) -> Option<Node> {
        let end = self.nodes.partition_point(|node| node.birth < before);
        self.nodes[..end].last().copied()
    }

    fn reach(&mut self, new: Node) {
        if new.birth < self.earliest {
            return;
        }
        if let Err(at) = self.nodes.binary_search_by_key(&new.birth, |node| node.birth) {
            self.nodes.insert(at, new);
        }
    }

    /// The links that led to a revision, from the whole down. Each step leads to a later birth, so it ends.
    fn way(&self, to: Node) -> Vec<u64> {
        let mut links = vec![];
        let mut at = to;
        loop {
            links.extend(at.link);
            match self.nodes.binary_search_by_key(&at.from, |node| node.birth) {
                Ok(from) => at = self.nodes[from],
                Err(_) => break,
            }
        }
        links.reverse();
        links
    }
}
