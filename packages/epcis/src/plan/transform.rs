//! Transformations: what goes in, what comes out, and what is on both sides.

use suyuan_trace_api::assembly::MAX_OPERATION_LINKS;

use super::book::{Book, Hold};
use super::deeds::{as_found, born, fitting, observe, step};
use super::{untellable, Deed, Given, Sort};
use crate::event::{Event, Named};
use crate::fault::Fault;

/// Steps at which one thing is built out of parts that it holds from then on.
const BUILDING: [&str; 2] = ["assembling", "installing"];

/// Plans a transformation.
pub fn transform(book: &mut Book, event: &Event) -> Result<(), Fault> {
    let inputs = book.given(&event.objects)?;
    let outputs = book.given(&event.outputs)?;
    let (inputs, outputs, continuing) = net(book, event, inputs, outputs);
    if let Some(process) = &event.transformation {
        return feed_and_yield(book, event, process, inputs, outputs);
    }
    match continuing.as_slice() {
        [] => consume(book, event, inputs, outputs),
        [one] => continues(book, event, one, inputs, outputs),
        _ => {
            let why = "several pieces are on both sides: into which of them the others went, nobody can tell";
            Err(untellable(&event.spot, why.into()))
        }
    }
}

/// Takes what is on both sides away: of a lot the difference stays an input, a piece continues.
fn net(
    book: &mut Book,
    event: &Event,
    mut inputs: Vec<Given>,
    mut outputs: Vec<Given>,
) -> (Vec<Given>, Vec<Given>, Vec<String>) {
    let mut continuing = vec![];
    for output in outputs.clone() {
        let Some(at) = inputs.iter().position(|input| input.unit == output.unit) else { continue };
        outputs.retain(|known| known.unit != output.unit);
        let input = inputs.remove(at);
        if is_piece(&output.unit, event) {
            continuing.push(output.unit);
            continue;
        }
        let left = input.amount.zip(output.amount).and_then(|(a, b)| a.checked_sub(b));
        let text = format!("{} is on both sides: the difference is used up", input.unit);
        book.note(&event.spot, &text);
        if let Some(amount) = left.filter(|left| !left.is_zero()) {
            inputs.push(Given { unit: input.unit, amount: Some(amount) });
        }
    }
    (inputs, outputs, continuing)
}

fn is_piece(unit: &str, event: &Event) -> bool {
    let all = event.objects.iter().chain(&event.outputs);
    all.clone().filter(|n| n.id.text() == unit).all(|n| super::sort_of(n) == Sort::Piece)
}

fn named_in<'e>(event: &'e Event, unit: &str) -> Option<&'e Named> {
    event.objects.iter().chain(&event.outputs).find(|named| named.id.text() == unit)
}

fn bring(book: &mut Book, event: &Event, given: &[Given]) {
    let named: Vec<Named> =
        given.iter().filter_map(|g| named_in(event, &g.unit)).cloned().collect();
    book.bring_in(event, &named);
}

/// Inputs that can be used up. What is gone cannot; what something holds comes out first.
fn usable(book: &mut Book, event: &Event, inputs: Vec<Given>) -> Vec<Given> {
    bring(book, event, &inputs);
    let mut usable = vec![];
    for mut input in inputs {
        if let Some(into) = book.gone_into(&input.unit).map(String::from) {
            let text =
                format!("{} went into {into} before: it cannot be used up again", input.unit);
            book.note(&event.spot, &text);
            continue;
        }
        let named = named_in(event, &input.unit).cloned();
        if named.is_some_and(|named| !book.measured(&named)) {
            input.amount = None;
        }
        if book.sort(&input.unit) == Sort::Piece {
            input.amount = None;
        }
        usable.push(input);
    }
    usable
}

/// Outputs that come into being now. Others are there already.
fn new_outputs(book: &mut Book, event: &Event, outputs: Vec<Given>) -> (Vec<Given>, Vec<String>) {
    let (mut new, mut known) = (vec![], vec![]);
    for output in outputs {
        match book.is_born(&output.unit) {
            true => {
                if book.sort(&output.unit) == Sort::Lot {
                    // More of the same lot: how much it is together, nobody says.
                    book.uncertain.insert(output.unit.clone());
                }
                let text = format!("{} is there already", output.unit);
                book.note(&event.spot, &text);
                known.push(output.unit);
            }
            false => new.push(output),
        }
    }
    (new, known)
}

fn consume(
    book: &mut Book,
    event: &Event,
    inputs: Vec<Given>,
    outputs: Vec<Given>,
) -> Result<(), Fault> {
    let inputs = usable(book, event, inputs);
    let (new, known) = new_outputs(book, event, outputs);
    if let ([], [whole]) = (new.as_slice(), known.as_slice()) {
        let whole = whole.clone();
        if book.sort(&whole) == Sort::Piece && !book.is_gone(&whole) {
            return put_in(book, event, whole, inputs);
        }
    }
    if new.is_empty() || inputs.is_empty() {
        return observe(book, event);
    }
    let building = step(event).is_some_and(|step| BUILDING.contains(&step));
    if let ([whole], true) = (new.as_slice(), building) {
        let whole = whole.clone();
        if is_piece(&whole.unit, event) {
            return build(book, event, &whole, inputs);
        }
    }
    if new.len() * inputs.len() > MAX_OPERATION_LINKS {
        let why = format!("inputs and outputs make more than {MAX_OPERATION_LINKS} links");
        return Err(untellable(&event.spot, why));
    }
    for input in &inputs {
        book.free(event, &input.unit);
    }
    new.iter().for_each(|output| born(book, event, &event.outputs, output));
    let into = new.first().map(|output| output.unit.clone()).unwrap_or_default();
    inputs.iter().for_each(|input| book.use_up(&into, input));
    let outputs = new.into_iter().map(|output| output.unit).collect();
    book.act(event, Deed::Transform(inputs, outputs));
    Ok(())
}

fn build(book: &mut Book, event: &Event, whole: &Given, parts: Vec<Given>) -> Result<(), Fault> {
    for part in &parts {
        if matches!(book.holder(&part.unit), Some((_, Hold::Packed))) {
            book.free(event, &part.unit);
        }
    }
    born(book, event, &event.outputs, whole);
    parts.iter().for_each(|part| book.go_in(&whole.unit, part));
    book.act(event, Deed::Assemble(whole.unit.clone(), parts));
    Ok(())
}

/// Parts go into a piece that is there.
fn put_in(book: &mut Book, event: &Event, whole: String, parts: Vec<Given>) -> Result<(), Fault> {
    let parts = fitting(book, event, &whole, &event.objects, parts);
    if parts.is_empty() {
        return observe(book, event);
    }
    parts.iter().for_each(|part| book.go_in(&whole, part));
    book.act(event, Deed::Install(whole, parts));
    Ok(())
}

/// One piece is on both sides: it was repaired, refitted, worked on.
fn continues(
    book: &mut Book,
    event: &Event,
    one: &str,
    inputs: Vec<Given>,
    outputs: Vec<Given>,
) -> Result<(), Fault> {
    bring(book, event, &[Given { unit: one.to_string(), amount: None }]);
    if book.is_gone(one) {
        return observe(book, event);
    }
    if let ([removed], [installed]) = (inputs.as_slice(), outputs.as_slice()) {
        if swaps(event, removed, installed) {
            let (removed, installed) = (removed.unit.clone(), installed.clone());
            return replace(book, event, one, removed, installed);
        }
    }
    if inputs.is_empty() {
        let text = format!("{one} is on both sides: it continues");
        book.note(&event.spot, &text);
        return observe(book, event);
    }
    if !outputs.is_empty() {
        let text = format!("{one} is on both sides: what else goes in is built in, what else comes out is brought in");
        book.note(&event.spot, &text);
        bring(book, event, &outputs);
    }
    let inputs = usable(book, event, inputs);
    put_in(book, event, one.to_string(), inputs)
}

/// One piece in, another of its class out.
fn swaps(event: &Event, removed: &Given, installed: &Given) -> bool {
    let class = |unit: &str| match named_in(event, unit).map(|named| &named.id) {
        Some(crate::event::Id::Gs1(key)) => Some(key.class()),
        _ => None,
    };
    is_piece(&removed.unit, event)
        && is_piece(&installed.unit, event)
        && class(&removed.unit).is_some_and(|of| Some(of) == class(&installed.unit))
}

fn replace(
    book: &mut Book,
    event: &Event,
    whole: &str,
    removed: String,
    installed: Given,
) -> Result<(), Fault> {
    bring(book, event, &[Given { unit: removed.clone(), amount: None }, installed.clone()]);
    let held = book.holder(&removed);
    let inside = held.as_ref().is_some_and(|(h, how)| h == whole && *how == Hold::Installed);
    let elsewhere = held.is_some() && !inside;
    let taken = book.is_gone(&installed.unit) || book.holder(&installed.unit).is_some();
    if elsewhere || book.is_gone(&removed) || taken || book.closes_circle(whole, &installed.unit) {
        book.note(&event.spot, "the parts are inside other things or gone: all are observed");
        return observe(book, event);
    }
    if !inside {
        as_found(book, event, whole, std::slice::from_ref(&removed), Hold::Installed);
    }
    book.come_out(&removed);
    let installed = Given { amount: None, ..installed };
    book.go_in(whole, &installed);
    book.act(event, Deed::Replace(whole.to_string(), removed, installed));
    Ok(())
}

/// One transformation over several events: inputs feed the process, outputs are its yield so far.
fn feed_and_yield(
    book: &mut Book,
    event: &Event,
    process: &str,
    inputs: Vec<Given>,
    outputs: Vec<Given>,
) -> Result<(), Fault> {
    let inputs = usable(book, event, inputs);
    let (new, _) = new_outputs(book, event, outputs);
    let mut done = false;
    if !inputs.is_empty() {
        inputs.iter().for_each(|input| book.free(event, &input.unit));
        inputs.iter().for_each(|input| book.use_up(process, input));
        book.opens_process(process);
        book.act(event, Deed::Feed(process.to_string(), inputs));
        done = true;
    }
    if !new.is_empty() && book.has_process(process) {
        new.iter().for_each(|output| born(book, event, &event.outputs, output));
        let units = new.into_iter().map(|output| output.unit).collect();
        book.act(event, Deed::Yield(process.to_string(), units));
        done = true;
    } else if !new.is_empty() {
        book.note(&event.spot, "no event before says what was fed to this process");
    }
    if done {
        return Ok(());
    }
    observe(book, event)
}
