//! What each type of event does; transformations have a file of their own.

use suyuan_trace_api::event::{Action, EpcisType};

use super::book::{Book, Hold};
use super::{transform, untellable, Deed, Given, Sort};
use crate::event::{Event, Named, Term};
use crate::fault::{Fault, Reason};

/// Plans an event.
pub fn event(book: &mut Book, event: &Event) -> Result<(), Fault> {
    match (event.kind, event.action) {
        (EpcisType::Object, Some(Action::Add)) => add(book, event),
        (EpcisType::Object, Some(Action::Delete)) => delete(book, event),
        (EpcisType::Object, _) | (EpcisType::Transaction, _) => observe(book, event),
        (EpcisType::Aggregation, Some(Action::Add)) => pack(book, event),
        (EpcisType::Aggregation, Some(Action::Delete)) => take_out(book, event, Hold::Packed),
        (EpcisType::Association, Some(Action::Add)) => install(book, event),
        (EpcisType::Association, Some(Action::Delete)) => take_out(book, event, Hold::Installed),
        (EpcisType::Aggregation | EpcisType::Association, _) => observe(book, event),
        (EpcisType::Transformation, _) => transform::transform(book, event),
    }
}

/// An event that is known to be wrong: it is on record, and changes nothing.
pub fn without_effect(book: &mut Book, event: &Event) -> Result<(), Fault> {
    book.note(&event.spot, "declared wrong: recorded without effect on units, then declared so");
    observe(book, event)
}

/// All that an event names, the whole first. What names nothing is about the place where it was read.
fn everything(event: &Event) -> Result<Vec<Named>, Fault> {
    let objects = event.objects.iter().chain(&event.outputs);
    let all: Vec<Named> = event.parent.iter().chain(objects).cloned().collect();
    if !all.is_empty() {
        return Ok(all);
    }
    let place = event.read_point.iter().chain(&event.location).next().cloned();
    let missing = || Fault { spot: event.spot.clone(), reason: Reason::NoSubject };
    place.map(|place| vec![place]).ok_or_else(missing)
}

/// Says that everything the event names was there.
pub fn observe(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let all = everything(event)?;
    if event.objects.is_empty() && event.parent.is_none() && event.outputs.is_empty() {
        book.note(
            &event.spot,
            "the event names no object: it is kept with the place where it was read",
        );
    }
    let given = book.given(&all)?;
    book.bring_in(event, &all);
    all.iter().for_each(|named| {
        book.measured(named);
    });
    let units = given.into_iter().map(|given| given.unit).collect();
    book.act(event, Deed::Observe(units));
    Ok(())
}

fn add(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let given = book.given(&event.objects)?;
    let new = given.iter().filter(|given| !book.is_born(&given.unit)).count();
    if given.is_empty() || new < given.len() {
        for given in &given {
            let known = book.is_born(&given.unit) && book.sort(&given.unit) == Sort::Lot;
            if known && given.amount.is_some() {
                // More of a lot that is there already: how much it is together, nobody says.
                book.uncertain.insert(given.unit.clone());
            }
        }
        if new > 0 {
            let text = "some of these objects are there already: the others are brought in, all are observed";
            book.note(&event.spot, text);
        }
        return observe(book, event);
    }
    for given in &given {
        born(book, event, &event.objects, given);
    }
    let units = given.into_iter().map(|given| given.unit).collect();
    book.act(event, Deed::Commission(units));
    Ok(())
}

/// A unit that this event names comes into being by it.
pub fn born(book: &mut Book, event: &Event, named: &[Named], given: &Given) {
    if let Some(one) = named.iter().find(|named| named.id.text() == given.unit) {
        book.be_born(one, Some(event.index), given.amount);
    }
}

fn delete(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let given = book.given(&event.objects)?;
    book.bring_in(event, &event.objects);
    let sorts = |sort: Sort| given.iter().all(|given| book.sort(&given.unit) == sort);
    let stands =
        given.iter().all(|given| !book.is_gone(&given.unit) && book.holder(&given.unit).is_none());
    if given.is_empty() || !stands {
        if !stands {
            let text = "some of these objects are inside others or gone already: all are observed";
            book.note(&event.spot, text);
        }
        return observe(book, event);
    }
    let units: Vec<String> = given.iter().map(|given| given.unit.clone()).collect();
    if sorts(Sort::Piece) {
        let deed = match step(event) {
            Some("retail_selling" | "dispensing") => Deed::Sell(units.clone()),
            step => Deed::Dispose(units.clone(), step == Some("destroying")),
        };
        for unit in &units {
            book.change(unit, |_, state| state.gone = Some("the end of its life".into()));
        }
        book.act(event, deed);
        return Ok(());
    }
    match given.as_slice() {
        [one] if book.sort(&one.unit) == Sort::Lot => {
            let amount = one.amount.filter(|_| event.objects.iter().all(|n| book.measured(n)));
            let taken = Given { unit: one.unit.clone(), amount };
            if amount.is_none() && book.state(&one.unit).left.is_none() {
                return observe(book, event);
            }
            book.use_up("the end of its life", &taken);
            book.act(event, Deed::Scrap(taken.unit, taken.amount));
            Ok(())
        }
        _ => {
            book.note(&event.spot, "lots end one by one on the chain: these are observed");
            observe(book, event)
        }
    }
}

fn pack(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let parent = parent(event)?;
    let container = parent.id.text();
    let given = book.given(&event.objects)?;
    let fresh: Vec<String> =
        given.iter().filter(|g| !book.is_born(&g.unit)).map(|g| g.unit.clone()).collect();
    book.given(std::slice::from_ref(parent))?;
    book.bring_in(event, std::slice::from_ref(parent));
    book.bring_in(event, &event.objects);
    let mut packed = vec![];
    for given in &given {
        let whole = book.sort(&given.unit) == Sort::Piece
            || book.sort(&given.unit) == Sort::Lot && fresh.contains(&given.unit);
        let why = match book.holder(&given.unit) {
            Some((holder, Hold::Packed)) if holder == container => {
                "is inside already: the event is one more witness"
            }
            Some(_) => "is inside something else: it stays there",
            None if book.is_gone(&given.unit) => "is gone: it cannot be packed",
            None if book.closes_circle(&container, &given.unit) => "holds its container",
            None if !whole => "is a part of a lot: the chain packs pieces and whole lots",
            None => {
                packed.push(given.unit.clone());
                continue;
            }
        };
        book.note(&event.spot, &format!("{} {why}", given.unit));
    }
    if packed.is_empty() || book.sort(&container) != Sort::Piece || book.is_gone(&container) {
        return observe(book, event);
    }
    packed.iter().for_each(|unit| book.go_in_box(&container, unit));
    book.act(event, Deed::Pack(container, packed));
    Ok(())
}

fn install(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let parent = parent(event)?;
    let whole = parent.id.text();
    let given = book.given(&event.objects)?;
    book.given(std::slice::from_ref(parent))?;
    book.bring_in(event, std::slice::from_ref(parent));
    book.bring_in(event, &event.objects);
    let parts = fitting(book, event, &whole, &event.objects, given);
    if parts.is_empty() || book.sort(&whole) != Sort::Piece || book.is_gone(&whole) {
        return observe(book, event);
    }
    parts.iter().for_each(|part| book.go_in(&whole, part));
    book.act(event, Deed::Install(whole, parts));
    Ok(())
}

/// Parts that can go into a whole: what is inside already, was used up by it, or is gone, cannot once more.
pub fn fitting(
    book: &mut Book,
    event: &Event,
    whole: &str,
    named: &[Named],
    given: Vec<Given>,
) -> Vec<Given> {
    let mut parts = vec![];
    for mut part in given {
        let named = named.iter().find(|named| named.id.text() == part.unit);
        if !named.is_none_or(|named| book.measured(named)) {
            part.amount = None;
        }
        let why = match (book.holder(&part.unit), book.gone_into(&part.unit)) {
            (Some((holder, Hold::Installed)), _) if holder == whole => {
                "is inside already: one link, the event is one more witness of it"
            }
            (_, Some(into)) if into == whole => {
                "was used up for it: one link, the event is one more witness of it"
            }
            _ if book.has_taken(whole, &part) => {
                "went into it in this quantity before: one link, the event is one more witness of it"
            }
            (_, Some(_)) => "is gone: it cannot go into anything",
            _ if book.closes_circle(whole, &part.unit) => "holds what it is said to go into",
            (held, _) => {
                if book.sort(&part.unit) == Sort::Piece {
                    part.amount = None;
                }
                if matches!(held, Some((_, Hold::Packed))) {
                    // What is built in is not in its box any more.
                    book.free(event, &part.unit);
                }
                parts.push(part);
                continue;
            }
        };
        book.note(&event.spot, &format!("{} {why}", part.unit));
    }
    parts
}

/// Aggregation and association, DELETE. Without children all of them come out.
fn take_out(book: &mut Book, event: &Event, hold: Hold) -> Result<(), Fault> {
    let parent = parent(event)?;
    let whole = parent.id.text();
    let given = book.given(&event.objects)?;
    book.given(std::slice::from_ref(parent))?;
    book.bring_in(event, std::slice::from_ref(parent));
    book.bring_in(event, &event.objects);
    let named: Vec<String> = match given.is_empty() {
        true => book.held_by(&whole, hold),
        false => given.into_iter().map(|given| given.unit).collect(),
    };
    let mut out = vec![];
    let mut found = vec![];
    for unit in named {
        match book.holder(&unit) {
            Some((holder, how)) if holder == whole && how == hold => out.push(unit),
            None if may_be_found(book, &whole, &unit) => {
                found.push(unit.clone());
                out.push(unit);
            }
            _ => book.note(&event.spot, &format!("{unit} cannot have been inside: it is observed")),
        }
    }
    if out.is_empty() || book.sort(&whole) != Sort::Piece || book.is_gone(&whole) {
        return observe(book, event);
    }
    as_found(book, event, &whole, &found, hold);
    out.iter().for_each(|unit| book.come_out(unit));
    let deed = match hold {
        Hold::Installed => Deed::Remove(whole, out),
        Hold::Packed => Deed::Unpack(whole, out),
    };
    book.act(event, deed);
    Ok(())
}

fn may_be_found(book: &Book, whole: &str, unit: &str) -> bool {
    book.sort(unit) == Sort::Piece && !book.is_gone(unit) && !book.closes_circle(whole, unit)
}

/// What comes out was inside, though nobody said so: puts it there first.
pub fn as_found(book: &mut Book, event: &Event, whole: &str, found: &[String], hold: Hold) {
    if found.is_empty() {
        return;
    }
    let given = |unit: &String| Given { unit: unit.clone(), amount: None };
    let parts: Vec<Given> = found.iter().map(given).collect();
    let deed = match hold {
        Hold::Installed => Deed::Install(whole.to_string(), parts.clone()),
        Hold::Packed => Deed::Pack(whole.to_string(), found.to_vec()),
    };
    book.before(event, deed);
    for part in &parts {
        match hold {
            Hold::Installed => book.go_in(whole, part),
            Hold::Packed => book.go_in_box(whole, &part.unit),
        }
    }
    let text = format!("{} come out of {whole}: put inside first, as found", found.join(", "));
    book.note(&event.spot, &text);
}

fn parent(event: &Event) -> Result<&Named, Fault> {
    let missing = || untellable(&event.spot, "the event names no whole".into());
    event.parent.as_ref().ok_or_else(missing)
}

/// The business step, where it is a word of CBV.
pub fn step(event: &Event) -> Option<&'static str> {
    match event.step {
        Some(Term::Word(word)) => Some(word),
        _ => None,
    }
}
