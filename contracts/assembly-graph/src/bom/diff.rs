//! What was planned for a unit beside what it was built of, one level.

use cosmwasm_std::{Deps, Storage};
use suyuan_trace_api::amount::{Amount, SCALE};
use suyuan_trace_api::assembly::bom::{
    BomLine, DiffLine, DiffVerdict, PlannedDiffAnswer, Unplanned, MAX_DIFF_LINKS,
};
use suyuan_trace_api::assembly::{Certainty, Direction};
use suyuan_trace_api::code::Tracking;

use super::state::{StoredBom, BOMS, LATEST};
use super::BomError;
use crate::error::ContractError;
use crate::query::built;
use crate::record::UnitCore;
use crate::shelf::Shelf;
use crate::state::{self, COUNTERS};
use crate::view::far;
use crate::walk::{Endings, Mark, Rules};

/// What went in of one class.
#[derive(Clone, Copy, Debug)]
struct Built {
    /// `None` where a quantity is not known.
    sum: Option<Amount>,
    parts: u32,
}

impl Default for Built {
    fn default() -> Self {
        Self { sum: Some(Amount::ZERO), parts: 0 }
    }
}

impl Built {
    fn add(&mut self, other: Self) {
        self.sum = self.sum.zip(other.sum).and_then(|(a, b)| a.checked_add(b));
        self.parts = self.parts.saturating_add(other.parts);
    }
}

/// What went in, in order of class.
#[derive(Clone, Debug, Default)]
struct ByClass(Vec<(String, Built)>);

impl ByClass {
    fn place(&self, class: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(class))
    }

    fn add(&mut self, class: String, more: Built) {
        match self.place(&class) {
            Ok(at) => self.0[at].1.add(more),
            Err(at) => self.0.insert(at, (class, more)),
        }
    }

    fn take(&mut self, class: &str) -> Option<Built> {
        Some(self.0.remove(self.place(class).ok()?).1)
    }
}

/// A unit's plan against what it was built of: links that held at its first completion.
///
/// # Errors
/// [`ContractError::UnknownUnit`], [`BomError::NoPlan`], [`BomError::TooManyParts`].
pub fn planned_diff(
    deps: Deps<'_>,
    code: &str,
    revision: Option<u32>,
) -> Result<PlannedDiffAnswer, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let unit = shelf
        .unit_by_code(code)?
        .ok_or_else(|| ContractError::UnknownUnit { code: code.into() })?;
    let core = shelf.core(unit)?;
    let (revision, plan) = plan(deps.storage, &core, revision)?;
    let (mut built, uncertain) = parts(&shelf, unit, code)?;
    let made = made(&core);
    let lines = plan.lines.iter().map(|line| compare(line, made, &mut built)).collect();
    let left =
        |(class, built): (String, Built)| Unplanned { class, built: built.sum, parts: built.parts };
    Ok(PlannedDiffAnswer {
        code: core.code,
        class: core.class,
        revision,
        lines,
        unplanned: built.0.into_iter().map(left).collect(),
        uncertain,
    })
}

/// How many units of the plan this unit is: one for a piece, what was made of a lot.
fn made(core: &UnitCore) -> Option<Amount> {
    match (core.tracking, &core.uom) {
        (Tracking::Serial, None) => Some(Amount::ONE),
        _ => core.produced,
    }
}

/// The revision named, or the one in force at the unit's birth, or else the first.
fn plan(
    storage: &dyn Storage,
    core: &UnitCore,
    revision: Option<u32>,
) -> Result<(u32, StoredBom), ContractError> {
    let none = || BomError::NoPlan { class: core.class.clone() };
    let load = |revision| -> Result<StoredBom, ContractError> {
        Ok(BOMS.may_load(storage, (&core.class, revision))?.ok_or_else(none)?)
    };
    if let Some(revision) = revision {
        return Ok((revision, load(revision)?));
    }
    let latest = LATEST.may_load(storage, &core.class)?.ok_or_else(none)?;
    // Heights ascend with revisions: the last one of at most the unit's birth, in at most 32 halvings.
    let (mut low, mut high) = (1, latest.revision);
    while low < high {
        let middle = high - (high - low) / 2;
        if load(middle)?.defined_at <= core.born_at {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok((low, load(low)?))
}

/// What a unit was built of by class, and how many of its links are uncertain.
fn parts(shelf: &Shelf<'_>, unit: u64, code: &str) -> Result<(ByClass, u32), ContractError> {
    let counters = COUNTERS.load(shelf.storage())?;
    let now = Mark { birth: counters.next_birth, link: counters.next_link };
    let (latest, mark) = built(shelf, unit, now)?;
    let rules = Rules::all(Endings::Open);
    let bounds = state::links_of_unit(Direction::Backward, unit, None);
    let keys = shelf.scan(bounds, MAX_DIFF_LINKS + 1);
    if keys.len() > MAX_DIFF_LINKS {
        return Err(BomError::TooManyParts { code: code.into() }.into());
    }
    let (mut all, mut uncertain) = (ByClass::default(), 0u32);
    for id in keys.iter().filter_map(|(key, _)| state::last_number(key)) {
        let link = shelf.link(id)?;
        let end = far(&link, Direction::Backward);
        if link.parent.birth > latest || !rules.count(&end, mark) {
            continue;
        }
        if link.certainty != Certainty::Certain {
            uncertain = uncertain.saturating_add(1);
            continue;
        }
        let class = shelf.core(end.unit)?.class;
        all.add(class, Built { sum: link.quantity, parts: 1 });
    }
    Ok((all, uncertain))
}

/// A line against what is there of its class and of its alternatives, which it takes away.
fn compare(line: &BomLine, made: Option<Amount>, built: &mut ByClass) -> DiffLine {
    let mut sum = Built::default();
    let mut stood_in = vec![];
    sum.add(built.take(&line.class).unwrap_or_default());
    for class in &line.alternatives {
        if let Some(other) = built.take(class) {
            sum.add(other);
            stood_in.push(class.clone());
        }
    }
    let planned = made.and_then(|made| times(line.quantity, made));
    let verdict = match (planned, sum.sum) {
        (Some(planned), Some(built)) if built == planned => DiffVerdict::Equal,
        (Some(planned), Some(built)) if built < planned => DiffVerdict::Short,
        (Some(_), Some(_)) => DiffVerdict::Excess,
        _ => DiffVerdict::Unknown,
    };
    DiffLine {
        class: line.class.clone(),
        uom: line.uom.clone(),
        planned,
        built: sum.sum,
        parts: sum.parts,
        stood_in,
        verdict,
    }
}

/// The product of two quantities, rounded down to a millionth; `None` where it is too large.
fn times(quantity: Amount, by: Amount) -> Option<Amount> {
    // Whole units and the rest apart, so that the product of two large quantities does not overflow.
    let (whole, rest) = (by.micro() / SCALE, by.micro() % SCALE);
    let whole = quantity.micro().checked_mul(whole)?;
    let rest = quantity.micro().checked_mul(rest)? / SCALE;
    whole.checked_add(rest).and_then(Amount::from_micro)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_quantities_is_exact_or_nothing() {
        let amount = |text: &str| text.parse::<Amount>().expect("an amount");
        assert_eq!(times(amount("2.5"), amount("4")), Some(amount("10")));
        assert_eq!(times(amount("0.000003"), amount("0.5")), Some(amount("0.000001")));
        assert_eq!(
            times(amount("1000000000000000000"), amount("1")),
            Amount::from_units(1_000_000_000_000_000_000)
        );
        assert_eq!(times(amount("1000000000000000000"), amount("2")), None);
    }
}
