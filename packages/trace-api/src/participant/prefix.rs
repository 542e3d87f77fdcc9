//! Number ranges: GS1 company prefixes, code prefixes, handle prefixes (R1).

use cosmwasm_schema::cw_serde;

/// Scheme of the ranges that prefixes of trace codes are taken from.
pub const CODE_SCHEME: &str = "code";

/// Participants that may use one range beside its owner.
pub const MAX_DELEGATES: usize = 16;

/// A number range as it counts at the height of the answer.
#[cw_serde]
pub struct PrefixRange {
    /// All numbers of the range begin with this.
    pub prefix: String,
    /// The participant that it belongs to. Empty where the range is reserved: its time has not come, or is over and
    /// it was not assigned anew. Nobody uses it then.
    pub owner: String,
    /// Participants that may use it, too, ascending.
    #[serde(default)]
    pub delegates: Vec<String>,
}

impl PrefixRange {
    /// True for the owner and for its delegates.
    pub fn serves(&self, participant: &str) -> bool {
        self.owner == participant || self.delegates.iter().any(|d| d == participant)
    }
}

/// A number range as stored.
#[cw_serde]
pub struct Prefix {
    /// Scheme, e.g. `gs1`, `code`, `handle`.
    pub scheme: String,
    /// All numbers of the range begin with this.
    pub prefix: String,
    /// The participant that it belongs to.
    pub owner: String,
    /// Participants that may use it, too, ascending.
    pub delegates: Vec<String>,
    /// First height at which it holds.
    pub from_height: u64,
    /// First height at which it no longer holds; `None` = without end.
    pub to_height: Option<u64>,
    /// The participant that its owner offers it to.
    pub offered_to: Option<String>,
}

impl Prefix {
    /// True where the range is its owner's at this height.
    pub fn holds_at(&self, height: u64) -> bool {
        height >= self.from_height && !self.is_over(height)
    }

    /// True where the range's time is over at this height.
    pub fn is_over(&self, height: u64) -> bool {
        self.to_height.is_some_and(|to| to <= height)
    }
}
