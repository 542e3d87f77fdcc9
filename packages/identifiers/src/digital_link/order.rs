//! Order of qualifiers behind a primary key.

use crate::error::BadIdentifier;
use crate::gs1::order;

type Element = (String, String);

/// Checks that each qualifier may follow what stands before it.
pub fn check(primary: &str, qualifiers: &[Element]) -> Result<(), BadIdentifier> {
    let mut row = 0;
    let mut after = primary;
    for (ai, _) in qualifiers {
        match place(primary, ai) {
            Some(at) if at >= row => row = at + 1,
            _ => return Err(BadIdentifier::Order { ai: ai.clone(), after: after.to_string() }),
        }
        after = ai;
    }
    Ok(())
}

/// Puts qualifiers in their order, then checks them.
pub fn sort(primary: &str, qualifiers: &mut [Element]) -> Result<(), BadIdentifier> {
    qualifiers.sort_by_key(|(ai, _)| place(primary, ai));
    check(primary, qualifiers)
}

fn place(primary: &str, ai: &str) -> Option<usize> {
    order(primary).iter().position(|row| row.contains(&ai))
}
