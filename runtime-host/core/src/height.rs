//! Block heights.

/// Height of a block; 0 means "before the first block".
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Height(pub u64);

impl Height {
    /// The next height, or `None` at the end of the number range.
    pub fn next(self) -> Option<Height> {
        self.0.checked_add(1).map(Height)
    }
}

impl std::fmt::Display for Height {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
