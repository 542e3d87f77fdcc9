//! Units, links and events.

use rand::rngs::StdRng;
use rand::Rng as _;
use suyuan_certificate::format::{Certificate, LinkOp, OpKind};
use suyuan_certificate::Base64;
use suyuan_trace_api::accumulator::{leaf, Chain};
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::record::{Accumulators, Record as _, UnitCore};
use suyuan_trace_api::assembly::{link_step_bytes, Certainty, Direction, LinkKind, LinkStep};
use suyuan_trace_api::event::{content_digest, StoredEvent};

use super::{edited, flip, place, repaired, two, Ground, Row};

const LINKS: &[&str] = &["links_accumulator"];
const PROOF: &[&str] = &["proof_broken"];

pub(super) const CLASSES: &[Row] = &[
    (
        "unit dropped",
        &["unit_missing", "link_foreign", "start_missing", "event_foreign"],
        unit_dropped,
    ),
    ("unit dropped with its links and events", &["links_count"], trace_shrunk),
    ("unit repeated", &["unit_order"], unit_repeated),
    ("units reordered", &["proof_order", "unit_order"], units_reordered),
    ("unit renumbered", PROOF, unit_renumbered),
    ("records of two units exchanged", PROOF, records_exchanged),
    ("core changed", PROOF, core_changed),
    ("state changed", PROOF, state_changed),
    ("accumulators changed", PROOF, accumulators_changed),
    ("count changed", PROOF, count_changed),
    ("link dropped and the record with it", PROOF, link_dropped_with_record),
    (
        "unit of another trace added",
        &["unit_foreign", "unit_order", "event_missing", "link_missing", "links_count"],
        unit_added,
    ),
    ("link dropped", &["links_count"], link_dropped),
    ("link taken out of the list", &["link_missing"], link_missing),
    ("link repeated", &["link_order"], link_repeated),
    ("links reordered", &["link_order"], links_reordered),
    ("link added", &["links_count"], link_added),
    ("quantity changed", LINKS, quantity),
    ("certainty changed", LINKS, certainty),
    ("kind changed", LINKS, kind),
    ("revision changed", &["links_accumulator", "link_revision"], revision),
    ("endpoint changed", &["links_accumulator", "link_foreign", "unit_missing"], endpoint),
    ("event of a link changed", &["links_accumulator"], link_event),
    ("witness of a link dropped", &["links_count"], witness_dropped),
    ("end of a link forgotten", &["links_count"], end_forgotten),
    ("link voided or not", LINKS, voided),
    ("step dropped", &["links_count", "link_steps", "link_foreign"], step_dropped),
    ("step repeated", &["link_steps"], step_repeated),
    ("steps reordered", &["links_accumulator", "link_steps"], steps_reordered),
    ("step of another kind", &["link_steps"], step_kind),
    ("step moved to another unit", &["link_foreign", "links_count", "link_steps"], step_moved),
    ("event dropped", &["event_missing"], event_missing),
    ("event dropped everywhere", &["events_count"], event_dropped),
    ("event repeated", &["event_order"], event_repeated),
    ("events reordered", &["proof_order", "event_order"], events_reordered),
    ("event changed", &["proof_broken"], event_changed),
    ("event renumbered", &["proof_broken", "event_order"], event_renumbered),
    ("event of a unit dropped", &["events_count", "event_foreign"], unit_event_dropped),
    ("event of a unit repeated", &["event_order"], unit_event_repeated),
    (
        "event of a unit exchanged",
        &["events_accumulator", "event_order", "event_foreign"],
        unit_event_exchanged,
    ),
    ("event given to another unit", &["events_count", "event_order"], unit_event_given),
    ("start changed", &["unit_foreign", "start_missing"], start_changed),
    ("direction changed", &["links_count", "link_foreign"], direction_changed),
];

fn unit_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        forged.units.remove(at);
        Some(())
    })
}

fn code(certificate: &Certificate, unit: usize) -> Option<String> {
    Some(UnitCore::decode(&certificate.units[unit].core.value.0).ok()?.code)
}

/// Takes a link away, with every step of it.
fn without_link(forged: &mut Certificate, at: usize) {
    let link = forged.links.remove(at);
    for unit in &mut forged.units {
        unit.steps.retain(|step| step.link != link.id);
    }
}

/// Takes away a unit that is not the start, its links in both directions, and the events that it alone had.
fn trace_shrunk(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        let gone = code(forged, at)?;
        if gone == forged.start {
            return None;
        }
        forged.units.remove(at);
        while let Some(link) =
            forged.links.iter().position(|link| link.parent == gone || link.child == gone)
        {
            without_link(forged, link);
        }
        let used: std::collections::BTreeSet<u64> =
            forged.units.iter().flat_map(|unit| unit.events.clone()).collect();
        forged.events.retain(|event| used.contains(&event.number));
        Some(())
    })
}

fn unit_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        forged.units.insert(at, forged.units[at].clone());
        Some(())
    })
}

fn units_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (a, b) = two(&forged.units, dice)?;
        forged.units.swap(a, b);
        Some(())
    })
}

fn unit_renumbered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        forged.units[at].number += dice.gen_range(1..3u64);
        Some(())
    })
}

fn records_exchanged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let (a, b) = two(&forged.units, dice)?;
        let (one, other) = (forged.units[a].clone(), forged.units[b].clone());
        match dice.gen_range(0..3) {
            0 => (forged.units[a].core, forged.units[b].core) = (other.core, one.core),
            1 => (forged.units[a].state, forged.units[b].state) = (other.state, one.state),
            _ => {
                (forged.units[a].accumulators, forged.units[b].accumulators) =
                    (other.accumulators, one.accumulators);
            }
        }
        Some(())
    })
}

fn core_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        flip(&mut forged.units[at].core.value.0, dice)
    })
}

fn state_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        flip(&mut forged.units[at].state.value.0, dice)
    })
}

fn accumulators_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        flip(&mut forged.units[at].accumulators.value.0, dice)
    })
}

fn count_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.units, dice)?;
        let value = &mut forged.units[at].accumulators.value;
        let mut all = Accumulators::decode(&value.0).ok()?;
        if dice.gen() {
            all.incoming.count = all.incoming.count.checked_add_signed(dice.gen_range(-1..=1))?;
        } else {
            all.incoming = Chain::default();
        }
        let changed = all.encode();
        (changed != value.0).then(|| *value = Base64(changed))
    })
}

/// The record is made to fit to what is left: its proof no longer does.
fn link_dropped_with_record(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.links, dice)?;
        without_link(forged, at);
        let links = forged.links.clone();
        for unit in &mut forged.units {
            let mut all = Accumulators::decode(&unit.accumulators.value.0).ok()?;
            all.incoming = Chain::default();
            for step in &unit.steps {
                let view = links.iter().find(|link| link.id == step.link)?;
                let by = view.closed_by.as_deref().unwrap_or_default();
                let step = match step.op {
                    OpKind::Opened => LinkStep::Opened,
                    OpKind::Witnessed => LinkStep::Witnessed { by: view.witnesses.first()? },
                    OpKind::Closed => LinkStep::Closed { by },
                    OpKind::Voided => LinkStep::Voided { by },
                };
                all.incoming.append(leaf(&link_step_bytes(view, step)));
            }
            unit.accumulators.value = Base64(all.encode());
        }
        Some(())
    })
}

/// A unit with true proofs that does not belong here.
fn unit_added(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    let other = if dice.gen() { &ground.other_way } else { &ground.other_start };
    let mut forged = ground.honest.clone();
    let at = place(&other.units, dice)?;
    let mut unit = other.units[at].clone();
    let offset = u32::try_from(forged.proof.nodes.len()).ok()?;
    let moved = other.proof.nodes.iter().cloned().map(|mut node| {
        node.above = node.above.map(|above| above + offset);
        node
    });
    forged.proof.nodes.extend(moved);
    for entry in [&mut unit.core, &mut unit.state, &mut unit.accumulators] {
        entry.path = entry.path.map(|path| path + offset);
    }
    forged.units.push(unit);
    forged.seal().ok()?.to_bytes().ok()
}

fn link_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.links, dice)?;
        without_link(forged, at);
        Some(())
    })
}

fn link_missing(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        forged.links.remove(at);
        Some(())
    })
}

fn link_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        forged.links.insert(at, forged.links[at].clone());
        Some(())
    })
}

fn links_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (a, b) = two(&forged.links, dice)?;
        forged.links.swap(a, b);
        Some(())
    })
}

fn link_added(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let mut link = forged.links[at].clone();
        link.id = forged.links.last()?.id + dice.gen_range(1..9u64);
        link.closed_by = None;
        link.voided = false;
        link.witnesses.clear();
        let whole = (0..forged.units.len())
            .find(|unit| code(forged, *unit).as_ref() == Some(&link.parent))?;
        forged.units[whole].steps.push(LinkOp { link: link.id, op: OpKind::Opened });
        forged.links.push(link);
        Some(())
    })
}

fn quantity(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let new = if dice.gen() { None } else { Amount::from_micro(dice.gen_range(1..9_000_000)) };
        (forged.links[at].quantity != new).then(|| forged.links[at].quantity = new)
    })
}

fn certainty(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let link = &mut forged.links[at];
        match dice.gen_range(0..3) {
            0 => link.certainty = Certainty::Potential,
            1 => link.certainty = Certainty::Disputed,
            _ => link.group = Some(dice.gen()),
        }
        Some(())
    })
}

fn kind(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let kinds = [LinkKind::Consume, LinkKind::Pack, LinkKind::Split, LinkKind::Merge];
        forged.links[at].kind = kinds[dice.gen_range(0..kinds.len())];
        Some(())
    })
}

fn revision(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let link = &mut forged.links[at];
        let revision =
            if dice.gen() { &mut link.parent_revision } else { &mut link.child_revision };
        *revision ^= dice.gen_range(1..8u32);
        Some(())
    })
}

fn endpoint(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let unit = place(&forged.units, dice)?;
        let new = if dice.gen() { code(forged, unit)? } else { "NOBODY".to_string() };
        let link = &mut forged.links[at];
        let end = if dice.gen() { &mut link.parent } else { &mut link.child };
        (*end != new).then(|| *end = new)
    })
}

fn link_event(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let from = place(&forged.links, dice)?;
        let new = forged.links[from].opened_by.clone();
        let link = &mut forged.links[at];
        let old = match (dice.gen_range(0..3), &mut link.closed_by, link.witnesses.first_mut()) {
            (1, Some(by), _) => by,
            (2, _, Some(by)) => by,
            _ => &mut link.opened_by,
        };
        (*old != new).then(|| *old = new)
    })
}

fn witness_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        forged.links[at].witnesses.pop()?;
        let id = forged.links[at].id;
        for unit in &mut forged.units {
            unit.steps.retain(|step| step.link != id || step.op != OpKind::Witnessed);
        }
        Some(())
    })
}

fn end_forgotten(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        forged.links[at].closed_by.take()?;
        forged.links[at].voided = false;
        let id = forged.links[at].id;
        for unit in &mut forged.units {
            unit.steps.retain(|step| {
                step.link != id || !matches!(step.op, OpKind::Closed | OpKind::Voided)
            });
        }
        Some(())
    })
}

fn voided(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.links, dice)?;
        let link = &mut forged.links[at];
        link.closed_by.as_ref()?;
        link.voided = !link.voided;
        let (id, op) = (link.id, if link.voided { OpKind::Voided } else { OpKind::Closed });
        for step in forged.units.iter_mut().flat_map(|unit| &mut unit.steps) {
            if step.link == id && matches!(step.op, OpKind::Closed | OpKind::Voided) {
                step.op = op;
            }
        }
        Some(())
    })
}

fn step_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let at = place(&forged.units[unit].steps, dice)?;
        forged.units[unit].steps.remove(at);
        Some(())
    })
}

fn step_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let steps = &mut forged.units[unit].steps;
        let at = place(steps, dice)?;
        steps.insert(at, steps[at].clone());
        Some(())
    })
}

fn steps_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let steps = &mut forged.units[unit].steps;
        let (a, b) = two(steps, dice)?;
        (steps[a] != steps[b]).then(|| steps.swap(a, b))
    })
}

fn step_kind(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let steps = &mut forged.units[unit].steps;
        let at = place(steps, dice)?;
        let kinds = [OpKind::Opened, OpKind::Witnessed, OpKind::Closed, OpKind::Voided];
        let new = kinds[dice.gen_range(0..kinds.len())];
        (steps[at].op != new).then(|| steps[at].op = new)
    })
}

fn step_moved(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (from, to) = two(&forged.units, dice)?;
        let at = place(&forged.units[from].steps, dice)?;
        let step = forged.units[from].steps.remove(at);
        forged.units[to].steps.push(step);
        Some(())
    })
}

fn event_missing(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.events, dice)?;
        forged.events.remove(at);
        Some(())
    })
}

fn event_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.events, dice)?;
        let number = forged.events.remove(at).number;
        for unit in &mut forged.units {
            unit.events.retain(|event| *event != number);
        }
        Some(())
    })
}

fn event_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.events, dice)?;
        forged.events.insert(at, forged.events[at].clone());
        Some(())
    })
}

fn events_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (a, b) = two(&forged.events, dice)?;
        forged.events.swap(a, b);
        Some(())
    })
}

/// Says something else of an event, and makes its own digest fit.
fn event_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.events, dice)?;
        let record = &mut forged.events[at].record;
        let mut stored: StoredEvent = serde_json::from_str(record).ok()?;
        match dice.gen_range(0..5) {
            0 => stored.event.name.push('x'),
            1 => stored.actor.push('x'),
            2 => stored.recorded_at += 1,
            3 => stored.record_time_ms += 1,
            _ => stored.event.event_time_ms += 1,
        }
        stored.content = content_digest(&stored.event, &stored.operation);
        *record = serde_json::to_string(&stored).ok()?;
        Some(())
    })
}

fn event_renumbered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.events, dice)?;
        let old = forged.events[at].number;
        let new = old + dice.gen_range(1..3u64);
        forged.events[at].number = new;
        for event in forged.units.iter_mut().flat_map(|unit| &mut unit.events) {
            if *event == old {
                *event = new;
            }
        }
        Some(())
    })
}

fn unit_event_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let at = place(&forged.units[unit].events, dice)?;
        forged.units[unit].events.remove(at);
        Some(())
    })
}

fn unit_event_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let events = &mut forged.units[unit].events;
        let at = place(events, dice)?;
        events.insert(at, events[at]);
        Some(())
    })
}

fn unit_event_exchanged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let unit = place(&forged.units, dice)?;
        let other = place(&forged.events, dice)?;
        let new = forged.events[other].number;
        let events = &mut forged.units[unit].events;
        let at = place(events, dice)?;
        (events[at] != new).then(|| events[at] = new)
    })
}

fn unit_event_given(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (from, to) = two(&forged.units, dice)?;
        let at = place(&forged.units[from].events, dice)?;
        let event = forged.units[from].events[at];
        let events = &mut forged.units[to].events;
        let to = events.partition_point(|other| *other < event);
        (events.get(to) != Some(&event)).then(|| events.insert(to, event))
    })
}

fn start_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.units, dice)?;
        let new = if dice.gen_range(0..8) == 0 { "NOBODY".into() } else { code(forged, at)? };
        (new != forged.start).then(|| forged.start = new)
    })
}

fn direction_changed(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.direction = Direction::Forward;
        Some(())
    })
}
