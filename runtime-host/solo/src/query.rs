//! The query language of searches and subscriptions: `cond AND cond ...`.
//!
//! A condition compares a tag (`tx.height`, `wasm-released.code`) with a value. Operators are `=`, `<`, `<=`, `>`,
//! `>=`, `CONTAINS` and `EXISTS`; values are `'text'`, numbers, `TIME 2013-05-03T14:45:00Z` and `DATE 2013-05-03`.
//! There is no OR. The grammar is CometBFT 0.38's.

mod decimal;
mod matching;
mod parse;

pub use decimal::Decimal;

/// Longest query text in bytes (CometBFT).
pub const QUERY_LEN_MAX: usize = 512;
/// Most conditions of one query; no text of [`QUERY_LEN_MAX`] bytes has more.
pub const CONDITIONS_MAX: usize = 128;

/// A parsed query: all conditions must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    conditions: Vec<Condition>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Tag: an event type and an attribute key joined by a dot, or a reserved tag.
    pub tag: String,
    /// What is required of a value of the tag.
    pub test: Test,
}

/// What is required of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The tag occurs.
    Exists,
    /// The value contains this text.
    Contains(String),
    /// The value stands in this relation to the operand.
    Compare(Relation, Operand),
}

/// A relation between a value and an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A text in quotes; equality is of texts.
    Text(String),
    /// A number, compared with the digits that a value begins with.
    Number(Decimal),
    /// A point in time, in nanoseconds since 1970.
    Time(i128),
}

impl Query {
    /// Parses a query; the error says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Query, String> {
        parse::parse(text).map(|conditions| Query { conditions })
    }

    /// The conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}
