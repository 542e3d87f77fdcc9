//! Units of a recall counted by what they share: at most one group for each unit of a page and list, so that the
//! memory of a page is bounded by its length.

use suyuan_trace_api::assembly::{RecallEntry, RecallGroup, RecallScopeKind, RecallSummaryPage};

/// Counts a unit in all its groups.
pub fn count(page: &mut RecallSummaryPage, entry: &RecallEntry) {
    page.units = page.units.saturating_add(1);
    let values = [
        (&mut page.orders, entry.order.as_ref()),
        (&mut page.lots, entry.lot_number.as_ref()),
        (&mut page.models, Some(&entry.class)),
        (&mut page.projects, entry.project.as_ref()),
        (&mut page.owners, Some(&entry.owner)),
        (&mut page.custodians, Some(&entry.custodian)),
    ];
    for (groups, value) in values {
        let Some(value) = value else { continue };
        let group = group(groups, value);
        match entry.scope {
            RecallScopeKind::Must => group.must = group.must.saturating_add(1),
            RecallScopeKind::May => group.may = group.may.saturating_add(1),
        }
        group.gone = group.gone.saturating_add(u64::from(entry.gone));
    }
}

/// The group of a value, new where there is none; groups stay in order.
fn group<'g>(groups: &'g mut Vec<RecallGroup>, value: &str) -> &'g mut RecallGroup {
    let at = match groups.binary_search_by(|group| group.value.as_str().cmp(value)) {
        Ok(at) => at,
        Err(at) => {
            let (value, model) = (value.to_string(), None);
            groups.insert(at, RecallGroup { value, model, must: 0, may: 0, gone: 0 });
            at
        }
    };
    &mut groups[at]
}
