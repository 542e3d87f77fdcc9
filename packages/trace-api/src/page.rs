//! Bounds that every list query shares.

/// Entries of a list answer where the caller names no limit.
pub const PAGE_DEFAULT: u32 = 30;

/// Entries of a list answer at the most. Keeps a page of the largest records below the 3,000,000 gas that
/// wasmd grants a smart query by default.
pub const PAGE_MAX: u32 = 100;

/// The limit to use for a request: the default where none is given, and never above [`PAGE_MAX`].
pub fn page_limit(asked: Option<u32>) -> usize {
    asked.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX) as usize
}
