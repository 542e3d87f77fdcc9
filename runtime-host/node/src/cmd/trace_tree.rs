//! A trace as a tree that people can read.
//!
//! A genealogy is not a tree: a lot goes into many wholes. Its own parts are drawn where it appears first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use suyuan_client::walk::Trace;
use suyuan_trace_api::assembly::{Certainty, Direction, LinkView, UnitView};

use crate::lang::Lang;

/// Deepest level that is drawn; real genealogies have about ten.
pub const LEVELS_MAX: usize = 64;

/// Draws the whole answer, with a heading and the counts.
pub fn draw(trace: &Trace, lang: Lang) -> String {
    let back = trace.direction == Direction::Backward;
    let mut tree = Tree {
        units: trace.units.iter().map(|unit| (unit.code.as_str(), unit)).collect(),
        below: BTreeMap::new(),
        drawn: BTreeSet::new(),
        out: String::new(),
        back,
        lang,
    };
    for link in &trace.links {
        let above = if back { &link.parent } else { &link.child };
        tree.below.entry(above).or_default().push(link);
    }
    let mut out = lang.trace_heading(back, &trace.root);
    out.push('\n');
    tree.unit(&trace.root, "", "");
    out.push_str(&tree.out);
    if trace.units.iter().any(|unit| !unit.maker.registered) {
        out.push_str(lang.declared_maker());
        out.push('\n');
    }
    out.push_str(&lang.trace_count(trace.units.len(), trace.links.len(), trace.height));
    out.push('\n');
    out
}

struct Tree<'a> {
    units: BTreeMap<&'a str, &'a UnitView>,
    below: BTreeMap<&'a str, Vec<&'a LinkView>>,
    drawn: BTreeSet<&'a str>,
    out: String,
    back: bool,
    lang: Lang,
}

impl<'a> Tree<'a> {
    /// Draws a unit and what is below it. `margin` is the drawing left of its children.
    fn unit(&mut self, code: &'a str, note: &str, margin: &str) {
        let first = self.drawn.insert(code);
        let links = self.below.get(code).cloned().unwrap_or_default();
        let again = !first && !links.is_empty();
        let title = match self.units.get(code) {
            Some(unit) => describe(unit),
            None => code.to_string(),
        };
        let above = if again { format!("  ({})", self.lang.shown_above()) } else { String::new() };
        // Writing into a String cannot fail.
        let _ = writeln!(self.out, "{title}{note}{above}");
        // Two columns of margin for each level.
        if !first || margin.chars().count() > LEVELS_MAX.saturating_mul(3) {
            return;
        }
        let count = links.len();
        for (place, link) in links.into_iter().enumerate() {
            let last = place.saturating_add(1) == count;
            let (branch, inner) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.out.push_str(margin);
            self.out.push_str(branch);
            let next = if self.back { link.child.as_str() } else { link.parent.as_str() };
            let note = self.link_note(link);
            self.unit(next, &note, &format!("{margin}{inner}"));
        }
    }

    fn link_note(&self, link: &LinkView) -> String {
        let mut note = String::new();
        if let Some(quantity) = link.quantity {
            let _ = write!(note, "  x {quantity}");
        }
        match link.certainty {
            Certainty::Certain => {}
            Certainty::Potential => note.push_str(&format!("  ({})", self.lang.mark_potential())),
            Certainty::Disputed => note.push_str(&format!("  ({})", self.lang.mark_disputed())),
        }
        if link.closed_by.is_some() {
            note.push_str(&format!("  ({})", self.lang.mark_removed()));
        }
        note
    }
}

fn describe(unit: &UnitView) -> String {
    let mut line = format!("{}  {}", unit.code, unit.class);
    if let Some(lot) = &unit.lot_number {
        line.push_str(&format!(" [{lot}]"));
    }
    line.push_str(&format!("  {}", unit.maker.id));
    if !unit.maker.registered {
        line.push('*');
    }
    line
}
