//! Settling disputed links.

use suyuan_trace_api::assembly::{Certainty, LinkKind};
use suyuan_trace_api::code::Life;
use suyuan_trace_api::text::check_name;

use super::Desk;
use crate::book::{Ending, NewLink};
use crate::error::ContractError;

/// Settles a disputed link: it ends, and where it was right, a certain one takes its place from now on. By who may
/// regulate, or who has both whole and part.
#[inline(never)]
pub fn resolve(
    desk: &mut Desk<'_>,
    id: u64,
    confirmed: bool,
    reason: &str,
) -> Result<(), ContractError> {
    check_name("reason", reason)?;
    let link = desk.book.link(id)?;
    if link.certainty != Certainty::Disputed || link.closed.is_some() {
        return Err(ContractError::NotDisputed { link: id });
    }
    let (whole, part) = (link.parent.unit, link.child.unit);
    desk.named.add(whole);
    desk.named.add(part);
    if !desk.msg.may_regulate {
        desk.authorize(whole)?;
        desk.authorize(part)?;
    }
    if !confirmed {
        let revision = desk.book.revise(whole)?;
        return desk.book.end_link(id, &revision, Ending::Voided);
    }
    desk.check_free(part)?;
    desk.check_here(part)?;
    desk.book.check_outside(part, whole)?;
    desk.check_not_used_up(whole)?;
    let revision = desk.book.revise(whole)?;
    desk.book.end_link(id, &revision, Ending::Closed)?;
    let owner = desk.book.holding(whole)?.owner;
    let (owner_follows, measure) = {
        let state = desk.book.state(part)?;
        (state.owner == owner, state.balance)
    };
    let certain = NewLink::certain(LinkKind::Install, measure);
    desk.book.put_inside(&revision, part, certain, owner_follows)?;
    desk.move_life(part, Life::InUse)
}
