//! The ends of a walk: the starting points of a unit backward (clause 11.1), its final products forward
//! (clause 11.2).
//!
//! Whether a unit is an end is known only at its last revision in the direction of the walk, where all paths to it
//! have met: a flag that travels along its chain of revisions says whether anything led on from it.
//!
//! Forward, packing leads on but ends nothing: goods on a pallet are the product, the pallet is not. So a unit that
//! was reached by packing alone is no end, and one that was only packed is.

use suyuan_trace_api::assembly::{Direction, LinkKind};

use crate::hops::each_link;
use crate::walk::{Entry, Far, Graph, Walk};

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
        let finished = each_link(walk, graph, (entry.unit, birth), &mut |walk, far| {
            lead_on(walk, graph, &mut entry, far, (far.unit, far.birth))
        })?;
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

/// Follows a link to a revision. Packing leads on from its near end, but not for good.
fn lead_on<G: Graph>(
    walk: &mut Walk,
    graph: &G,
    from: &mut Entry,
    far: &Far,
    (unit, birth): (u64, u64),
) -> Result<(), G::Error> {
    let fresh = far.kind != LinkKind::Pack;
    from.flag |= walk.direction == Direction::Backward || fresh;
    walk.add(graph, birth, Entry { unit, flag: false, fresh })
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
            lead_on(walk, graph, entry, &far, (step.unit, step.birth))?;
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
