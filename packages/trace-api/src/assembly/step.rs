//! Steps of a link and of a unit's events as bytes: the leaves of the accumulators.

use super::LinkView;
use crate::digest::{frame, Digest};

/// An operation on a link: the leaves of the accumulators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStep<'a> {
    /// The link came into being.
    Opened,
    /// The link ended by this event.
    Closed {
        /// The event's id.
        by: &'a str,
    },
    /// This event, too, asserts the link, which holds already: nothing is counted twice.
    Witnessed {
        /// The event's id.
        by: &'a str,
    },
    /// This event declared that the link never was.
    Voided {
        /// The event's id.
        by: &'a str,
    },
}

/// Canonical bytes of a step of a link, for [`crate::accumulator::leaf`]. They hold all that a verifier has to
/// see unchanged: ids, revisions, kind, quantity, certainty and the asserting event.
pub fn link_step_bytes(link: &LinkView, step: LinkStep<'_>) -> Vec<u8> {
    let mut out = vec![match step {
        LinkStep::Opened => 1,
        LinkStep::Closed { .. } => 2,
        LinkStep::Voided { .. } => 4,
        LinkStep::Witnessed { .. } => 5,
    }];
    out.extend_from_slice(&link.id.to_be_bytes());
    out.push(link.kind.tag());
    frame(&mut out, link.parent.as_bytes());
    out.extend_from_slice(&link.parent_revision.to_be_bytes());
    frame(&mut out, link.child.as_bytes());
    out.extend_from_slice(&link.child_revision.to_be_bytes());
    match link.quantity {
        None => out.push(0),
        Some(quantity) => {
            out.push(1);
            out.extend_from_slice(&quantity.micro().to_be_bytes());
        }
    }
    out.push(link.certainty.tag());
    out.extend_from_slice(&link.group.map_or([0, 0], |group| [1, group]));
    frame(&mut out, link.opened_by.as_bytes());
    match step {
        LinkStep::Opened => {}
        LinkStep::Closed { by } | LinkStep::Voided { by } | LinkStep::Witnessed { by } => {
            frame(&mut out, by.as_bytes());
        }
    }
    out
}

/// Canonical bytes of an event in a unit's event accumulator.
pub fn unit_event_bytes(event_id: &str, content: &Digest) -> Vec<u8> {
    let mut out = vec![3];
    frame(&mut out, event_id.as_bytes());
    out.extend_from_slice(content.bytes());
    out
}
