//! One list of matches out of two: those from before the network, and those of the network.

use suyuan_solo::{ChainError, Page, SearchOrder, TxSearch, PER_PAGE_DEFAULT, PER_PAGE_MAX};

/// A search that answers page by page.
pub type Search<'a> = &'a dyn Fn(Page) -> Result<TxSearch, ChainError>;

/// The page of the two lists put together, the older one first unless `order` is descending.
///
/// # Errors
/// Those of the searches, and a page that there is not.
pub fn search(
    older: Search<'_>,
    newer: Search<'_>,
    page: Page,
    order: SearchOrder,
) -> Result<TxSearch, ChainError> {
    let (first, second) =
        if order == SearchOrder::Descending { (newer, older) } else { (older, newer) };
    let default = PER_PAGE_DEFAULT;
    let size = match page.per_page.map(u64::try_from) {
        Some(Ok(n)) if n > 0 => n.min(PER_PAGE_MAX),
        _ => default,
    };
    let whole = |search: Search<'_>| Ok::<_, ChainError>(search(at(1, 1))?.total);
    let (in_first, in_second) = (whole(first)?, whole(second)?);
    let total = in_first.saturating_add(in_second);
    let pages = total.div_ceil(size).max(1);
    let given = page.page.unwrap_or(1);
    let number = u64::try_from(given).ok().filter(|n| (1..=pages).contains(n));
    let number = number.ok_or(ChainError::Page { pages, given })?;
    let begin = number.saturating_sub(1).saturating_mul(size);
    let end = begin.saturating_add(size).min(total);
    let mut txs = Vec::new();
    take(first, size, begin.min(in_first), end.min(in_first), &mut txs)?;
    let (begin, end) = (begin.max(in_first) - in_first, end.max(in_first) - in_first);
    take(second, size, begin, end, &mut txs)?;
    Ok(TxSearch { txs, total })
}

/// Appends the matches at `begin..end`, which lie on two pages at the most.
fn take(
    search: Search<'_>,
    size: u64,
    begin: u64,
    end: u64,
    txs: &mut Vec<suyuan_solo::TxAnswer>,
) -> Result<(), ChainError> {
    let mut at_match = begin;
    while at_match < end {
        let number = at_match / size;
        let found = search(at(number.saturating_add(1), size))?.txs;
        let skip = usize::try_from(at_match % size).unwrap_or(usize::MAX);
        let wanted = usize::try_from(end.saturating_sub(at_match)).unwrap_or(usize::MAX);
        let before = txs.len();
        txs.extend(found.into_iter().skip(skip).take(wanted));
        let gained = txs.len().saturating_sub(before);
        if gained == 0 {
            // Fewer than were counted a moment ago.
            return Ok(());
        }
        at_match = at_match.saturating_add(gained as u64);
    }
    Ok(())
}

fn at(page: u64, per_page: u64) -> Page {
    let signed = |n: u64| Some(i64::try_from(n).unwrap_or(i64::MAX));
    Page { page: signed(page), per_page: signed(per_page) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_solo::{TxAnswer, TxOutcome};

    /// Matches of these heights, as a search gives them in either order.
    fn list(
        heights: std::ops::Range<u64>,
        order: SearchOrder,
    ) -> impl Fn(Page) -> Result<TxSearch, ChainError> {
        move |page| {
            let mut all: Vec<u64> = heights.clone().collect();
            if order == SearchOrder::Descending {
                all.reverse();
            }
            let size = usize::try_from(page.per_page.unwrap()).unwrap();
            let skip = usize::try_from(page.page.unwrap() - 1).unwrap() * size;
            let txs = all.iter().skip(skip).take(size).map(|height| TxAnswer {
                hash: [0; 32],
                height: *height,
                index: 0,
                result: TxOutcome::default(),
                tx: vec![],
                proof: None,
            });
            Ok(TxSearch { txs: txs.collect(), total: all.len() as u64 })
        }
    }

    #[test]
    fn pages_over_the_seam_hold_each_match_once_in_order() {
        for older in 0..8 {
            for newer in 0..8 {
                for size in 1..6 {
                    for order in [SearchOrder::Ascending, SearchOrder::Descending] {
                        let (a, b) = (list(0..older, order), list(older..older + newer, order));
                        let mut seen = Vec::new();
                        for page in 1..=(older + newer).div_ceil(size).max(1) {
                            let found = search(&a, &b, at(page, size), order).unwrap();
                            assert_eq!(found.total, older + newer);
                            seen.extend(found.txs.iter().map(|tx| tx.height));
                        }
                        let mut expected: Vec<u64> = (0..older + newer).collect();
                        if order == SearchOrder::Descending {
                            expected.reverse();
                        }
                        assert_eq!(seen, expected, "{older} and {newer} by {size}");
                    }
                }
            }
        }
        let (a, b) = (list(0..1, SearchOrder::Ascending), list(1..2, SearchOrder::Ascending));
        for page in [0, 3] {
            let page = Page { page: Some(page), per_page: Some(1) };
            let refused = search(&a, &b, page, SearchOrder::Ascending);
            assert!(matches!(refused, Err(ChainError::Page { pages: 2, .. })));
        }
    }
}
