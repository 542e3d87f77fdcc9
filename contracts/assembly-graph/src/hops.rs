//! The links of one revision, for walks that show units alone: ends and recalls.

use crate::walk::{Far, Graph, Walk};

/// Links read from a node at once.
const LINKS_AT_ONCE: usize = 32;

/// What a walk does with a link that counts.
type Take<'t, E> = &'t mut dyn FnMut(&mut Walk, &Far) -> Result<(), E>;

/// Gives each link of a revision that counts to `take`, going on where the walk rests; false where the page has cost
/// enough.
///
/// # Errors
/// Of the graph and of `take`.
pub fn each_link<G: Graph>(
    walk: &mut Walk,
    graph: &G,
    (unit, birth): (u64, u64),
    take: Take<'_, G::Error>,
) -> Result<bool, G::Error> {
    let (to, mark) = (walk.direction, walk.mark);
    loop {
        let after = walk.at.unwrap_or(0);
        let ids = graph.links(to, unit, birth, after, LINKS_AT_ONCE)?;
        for id in &ids {
            if *id >= mark.link {
                return Ok(true);
            }
            if graph.exhausted() {
                return Ok(false);
            }
            let (far, _) = graph.link(to, *id, mark)?;
            if walk.rules.count(&far, mark) {
                take(walk, &far)?;
            }
            walk.at = Some(*id);
        }
        if ids.len() < LINKS_AT_ONCE {
            return Ok(true);
        }
    }
}
