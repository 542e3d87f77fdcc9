//! Which values satisfy a query.

use std::ops::RangeInclusive;

use super::{Condition, Decimal, Operand, Query, Relation, Test};
use suyuan_core::Event;

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
        let own = self.others(reserved);
        own.is_empty() || events.iter().any(|event| own.iter().all(|c| c.holds_in(event)))
    }

    /// The conditions whose tag is not `reserved`.
    pub fn others(&self, reserved: &[&str]) -> Vec<&Condition> {
        self.conditions.iter().filter(|c| !reserved.contains(&c.tag.as_str())).collect()
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
                Test::Compare(relation, Operand::Number(number)) => (*relation, number.clone()),
                Test::Compare(relation, Operand::Text(text)) => (*relation, Decimal::parse(text)?),
                _ => return None,
            };
            let (low, high) = bounds(relation, &number)?;
            from = from.max(low);
            to = to.min(high);
        }
        (from <= to).then_some(from..=to)
    }
}

/// Whole numbers that stand in `relation` to `number`.
fn bounds(relation: Relation, number: &Decimal) -> Option<(u64, u64)> {
    let (floor, whole) = (number.whole_saturating(), number.is_whole());
    if number.is_negative() {
        return match relation {
            Relation::Greater | Relation::GreaterOrEqual => Some((0, u64::MAX)),
            _ => None,
        };
    }
    match relation {
        Relation::Equal => whole.then_some((floor, floor)),
        Relation::Less if whole => floor.checked_sub(1).map(|below| (0, below)),
        Relation::Less | Relation::LessOrEqual => Some((0, floor)),
        Relation::GreaterOrEqual if whole => Some((floor, u64::MAX)),
        Relation::Greater | Relation::GreaterOrEqual => {
            floor.checked_add(1).map(|above| (above, u64::MAX))
        }
    }
}

impl Condition {
    /// Whether `event` alone satisfies the condition.
    pub fn holds_in(&self, event: &Event) -> bool {
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
            Test::Compare(relation, Operand::Number(operand)) => Decimal::leading(value)
                .is_some_and(|(number, _)| relation.holds(number.cmp(operand))),
            Test::Compare(relation, Operand::Time(operand)) => {
                super::parse::time_or_date(value).is_some_and(|t| relation.holds(t.cmp(operand)))
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
