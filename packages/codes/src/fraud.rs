//! Finding that a batch holds a code twice. Whoever holds two presented codes with one text proves it to everybody:
//! the batch is compromised from then on.

use std::collections::BTreeMap;

use suyuan_trace_api::code::{is_member, Batch, ExecuteMsg, PresentedCode};

/// The first code of `batch` that `presented` shows at two places, as the message that proves it; codes that the root
/// does not prove are passed over.
pub fn find_duplicate<'a>(
    batch: &Batch,
    presented: impl IntoIterator<Item = &'a PresentedCode>,
) -> Option<ExecuteMsg> {
    let mut seen: BTreeMap<&str, &PresentedCode> = BTreeMap::new();
    for second in presented.into_iter().filter(|p| is_member(batch, p)) {
        match seen.get(second.code.as_str()) {
            Some(first) if first.index != second.index => {
                return Some(ExecuteMsg::ReportDuplicate {
                    first: (*first).clone(),
                    second: second.clone(),
                });
            }
            Some(_) => {}
            None => {
                seen.insert(&second.code, second);
            }
        }
    }
    None
}
