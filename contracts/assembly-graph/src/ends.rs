//! The ends of a walk: the starting points of a unit backward (clause 11.1), its final products forward
//! (clause 11.2).
//!
//! Whether a unit is an end is known only at its last revision in the direction of the walk, where all paths to it
//! have met: a flag that travels along its chain of revisions says whether anything led on from it.
//!
//! Forward, packing leads on but ends nothing: goods on a pallet are the product, the pallet is not. So a unit that
//! was reached by packing alone is no end, and one that was only packed is.

use suyuan_trace_api::assembly::{Direction, LinkKind};

use crate::walk::{Entry, Far, Graph, Walk};

/// Links read from a node at once.
const LINKS_AT_ONCE: usize = 32;

/// The walk before its first page.
pub fn start(mut walk: Walk) -> Walk {
    // What is asked for is a product itself, if it went into nothing.
    walk.frontier.values_mut().for_each(|entry| entry.fresh = true);
    walk
}

/// The next page: at most `limit` ends.
///
/// # Errors
/// Of the graph, and a frontier above its bound.
pub fn page<G: Graph>(walk: &mut Walk, graph: &G, limit: usize) -> Result<Vec<G::Unit>, G::Error> {
    let mut found = vec![];
    while let Some((birth, mut entry)) = walk.head() {
        if found.len() >= limit || graph.exhausted() {
            break;
        }
        let finished = take_links(walk, graph, birth, &mut entry)?;
        walk.frontier.insert(birth, entry);
        if !finished {
            break;
        }
        let last = take_steps(walk, graph, birth, &mut entry)?;
        let product = walk.direction == Direction::Backward || entry.fresh;
        if last && product && !entry.flag {
            found.push(graph.unit(entry.unit)?);
        }
        walk.frontier.remove(&birth);
        walk.at = None;
    }
    Ok(found)
}

/// True where a link leads on from its near end for good.
fn leads_on(walk: &Walk, far: &Far) -> bool {
    walk.direction == Direction::Backward || far.kind != LinkKind::Pack
}

/// Takes the links of a revision; false where the page has cost enough.
fn take_links<G: Graph>(
    walk: &mut Walk,
    graph: &G,
    birth: u64,
    entry: &mut Entry,
) -> Result<bool, G::Error> {
    let (to, mark) = (walk.direction, walk.mark);
    loop {
        let after = walk.at.unwrap_or(0);
        let ids = graph.links(to, entry.unit, birth, after, LINKS_AT_ONCE)?;
        for id in &ids {
            if *id >= mark.link {
                return Ok(true);
            }
            if graph.exhausted() {
                return Ok(false);
            }
            let (far, _) = graph.link(to, *id, mark)?;
            if walk.rules.count(&far, mark) {
                entry.flag |= leads_on(walk, &far);
                let fresh = far.kind != LinkKind::Pack;
                walk.add(graph, far.birth, Entry { unit: far.unit, flag: false, fresh })?;
            }
            walk.at = Some(*id);
        }
        if ids.len() < LINKS_AT_ONCE {
            return Ok(true);
        }
    }
}

/// Takes the steps of a revision; true where it is its unit's last one in this direction.
fn take_steps<G: Graph>(
    walk: &mut Walk,
    graph: &G,
    birth: u64,
    entry: &mut Entry,
) -> Result<bool, G::Error> {
    let (to, mark) = (walk.direction, walk.mark);
    let mut next = None;
    for step in graph.steps(to, entry.unit, birth)? {
        if step.birth >= mark.birth {
            continue;
        }
        let Some(carrier) = step.carrier else {
            next = Some(step);
            continue;
        };
        let (far, _) = graph.link(to, carrier, mark)?;
        if walk.rules.count(&far, mark) {
            entry.flag |= leads_on(walk, &far);
            let fresh = far.kind != LinkKind::Pack;
            walk.add(graph, step.birth, Entry { unit: step.unit, flag: false, fresh })?;
        }
    }
    match next {
        None => Ok(true),
        Some(step) => {
            walk.add(graph, step.birth, *entry)?;
            Ok(false)
        }
    }
}
