//! List answers: [`page_limit`] entries at the most, errors of the iterator passed on.

use cosmwasm_std::StdResult;

pub use suyuan_trace_api::page::{page_limit, PAGE_DEFAULT, PAGE_MAX};

/// The first entries of `entries`: as many as asked for, at most [`PAGE_MAX`].
///
/// # Errors
/// The first error of the iterator within the page.
pub fn page<T>(
    entries: impl Iterator<Item = StdResult<T>>,
    limit: Option<u32>,
) -> StdResult<Vec<T>> {
    entries.take(page_limit(limit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_longer_than_the_bound() {
        let all = || (0..500u32).map(Ok);
        assert_eq!(page(all(), None).map(|p| p.len()).ok(), Some(30));
        assert_eq!(page(all(), Some(7)).map(|p| p.len()).ok(), Some(7));
        assert_eq!(page(all(), Some(u32::MAX)).map(|p| p.len()).ok(), Some(100));
    }
}
