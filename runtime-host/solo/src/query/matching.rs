//! Which values satisfy a query.

use std::ops::RangeInclusive;

use suyuan_core::Event;
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

use super::{Condition, Operand, Query, Relation, Test};

impl Query {
    /// Subscription rule: every condition is satisfied by some value of its tag, each on its own. `values` gives the
    /// values of a tag.
    pub fn matches_values<'v, I>(&self, values: impl Fn(&str) -> I) -> bool
    where
        I: IntoIterator<Item = &'v str>,
    {
        self.conditions.iter().all(|c| values(&c.tag).into_iter().any(|v| c.test.holds(v)))
    }

    /// Search rule: one single event satisfies all conditions whose tag is not `reserved`. A query with reserved
    /// conditions only is satisfied.
    pub fn matches_one_event(&self, events: &[Event], reserved: &[&str]) -> bool {
        let own: Vec<&Condition> =
            self.conditions.iter().filter(|c| !reserved.contains(&c.tag.as_str())).collect();
        own.is_empty() || events.iter().any(|event| own.iter().all(|c| c.holds_in(event)))
    }

    /// Whether there are conditions whose tag is not `reserved`.
    pub fn asks_events(&self, reserved: &[&str]) -> bool {
        self.conditions.iter().any(|c| !reserved.contains(&c.tag.as_str()))
    }

    /// The text that `tag` must equal, if a condition says so.
    pub fn equal_text(&self, tag: &str) -> Option<&str> {
        self.conditions.iter().find_map(|c| match &c.test {
            Test::Compare(Relation::Equal, Operand::Text(text)) if c.tag == tag => {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    /// Narrows `range` by the comparisons of `tag` with numbers; `None` if nothing is left.
    pub fn narrow(&self, tag: &str, range: RangeInclusive<u64>) -> Option<RangeInclusive<u64>> {
        let (mut from, mut to) = range.into_inner();
        for condition in self.conditions.iter().filter(|c| c.tag == tag) {
            let (relation, number) = match &condition.test {
                Test::Exists => continue,
                Test::Compare(relation, Operand::Number(number)) => (*relation, *number),
                Test::Compare(relation, Operand::Text(text)) => (*relation, text.parse().ok()?),
                _ => return None,
            };
            let (low, high) = bounds(relation, number)?;
            from = from.max(low);
            to = to.min(high);
        }
        (from <= to).then_some(from..=to)
    }
}

/// Whole numbers that stand in `relation` to `number`.
fn bounds(relation: Relation, number: f64) -> Option<(u64, u64)> {
    // Float to integer conversion saturates, which is what a bound needs.
    match relation {
        Relation::Equal if number.fract() != 0.0 || number < 0.0 => None,
        Relation::Equal => Some((number as u64, number as u64)),
        Relation::Less if number <= 0.0 => None,
        Relation::Less => Some((0, (number.ceil() as u64).saturating_sub(1))),
        Relation::LessOrEqual if number < 0.0 => None,
        Relation::LessOrEqual => Some((0, number.floor() as u64)),
        Relation::Greater if number < 0.0 => Some((0, u64::MAX)),
        Relation::Greater => Some(((number.floor() as u64).saturating_add(1), u64::MAX)),
        Relation::GreaterOrEqual => Some((number.ceil().max(0.0) as u64, u64::MAX)),
    }
}

impl Condition {
    fn holds_in(&self, event: &Event) -> bool {
        let Some(key) =
            self.tag.strip_prefix(event.kind.as_str()).and_then(|rest| rest.strip_prefix('.'))
        else {
            // `EXISTS` may name an event type alone.
            return self.test == Test::Exists && self.tag == event.kind;
        };
        event.attributes.iter().any(|a| a.key == key && self.test.holds(&a.value))
    }
}

impl Test {
    /// Whether `value` satisfies the test.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Test::Exists => true,
            Test::Contains(text) => value.contains(text.as_str()),
            Test::Compare(Relation::Equal, Operand::Text(text)) => value == text,
            Test::Compare(_, Operand::Text(_)) => false,
            Test::Compare(relation, Operand::Number(operand)) => leading_number(value)
                .and_then(|n| n.partial_cmp(operand))
                .is_some_and(|o| relation.holds(o)),
            Test::Compare(relation, Operand::Time(operand)) => {
                OffsetDateTime::parse(value, &Rfc3339)
                    .is_ok_and(|t| relation.holds(t.unix_timestamp_nanos().cmp(operand)))
            }
        }
    }
}

impl Relation {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Relation::Equal => order.is_eq(),
            Relation::Less => order.is_lt(),
            Relation::LessOrEqual => order.is_le(),
            Relation::Greater => order.is_gt(),
            Relation::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// The number that a value begins with: 8 of `8atom`.
fn leading_number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    value[..end].parse().ok()
}
