//! Parts of an event that are more than a value: quantities, places, typed ids, dispositions, declarations.

use suyuan_cases::written::amount;
use suyuan_trace_api::amount::Amount;

use super::event::time;
use super::ids;
use crate::context::Context;
use crate::event::{ErrorDeclaration, Named, Term, Typed};
use crate::fault::{Fault, Note, Reason};
use crate::json::{At, Json};
use crate::vocabulary::Vocabulary;

/// Characters of a UN/ECE Recommendation 20 code.
const UOM_MAX: usize = 3;
/// Pieces under another name than silence.
const PIECES: [&str; 3] = ["EA", "C62", "H87"];

/// A word of a vocabulary in any of its spellings, or a URI of another vocabulary. A bare word that CBV does not know
/// is a fault: nobody could tell what it means.
pub fn term(at: &At<'_>, words: Vocabulary, context: &Context) -> Result<Term, Fault> {
    let written = at.text()?;
    let text = context.expand(written);
    if let Some(word) = words.word(&text) {
        return Ok(Term::Word(word));
    }
    if text.contains(':') {
        return Ok(Term::Other(text));
    }
    let found = written.chars().take(80).collect();
    Err(at.fault(Reason::Vocabulary { found, what: words.name() }))
}

/// A term that may be there.
pub fn maybe_term(
    at: &At<'_>,
    name: &str,
    words: Vocabulary,
    context: &Context,
) -> Result<Option<Term>, Fault> {
    at.member(name).map(|at| term(&at, words, context)).transpose()
}

/// A list of classes with quantities; a list that is not there is empty.
pub fn quantities(
    event: &At<'_>,
    name: &str,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Vec<Named>, Fault> {
    let Some(list) = event.member(name) else { return Ok(vec![]) };
    list.list()?.iter().map(|at| quantity(at, context, notes)).collect()
}

fn quantity(at: &At<'_>, context: &Context, notes: &mut Vec<Note>) -> Result<Named, Fault> {
    at.object()?;
    for (name, value) in at.members() {
        let known = ["epcClass", "quantity", "uom"].contains(&name);
        if !known && !name.contains(':') && !context.may_define(name) {
            return Err(value.fault(Reason::UnknownField(name.to_string())));
        }
    }
    let class = at.required("epcClass")?;
    let id = ids::id(&class, context, notes)?;
    let amount = match at.member("quantity") {
        None => None,
        Some(at) => number(&at)?,
    };
    let uom = match at.member("uom") {
        None => None,
        Some(at) => uom(&at)?,
    };
    if amount.is_none() && at.member("quantity").is_some() {
        let text = "a quantity of nothing is taken as one that is not known".to_string();
        notes.push(Note { spot: at.spot(), text });
    }
    Ok(Named { id, amount, uom, spot: class.spot() })
}

/// A quantity as a number, or as a number in a text. Zero says nothing.
fn number(at: &At<'_>) -> Result<Option<Amount>, Fault> {
    let text = match &at.value.json {
        Json::Number(text) | Json::Text(text) => text.trim(),
        _ => return Err(at.wrong("a number")),
    };
    let found = amount(text).map_err(|why| {
        let text = text.chars().take(80).collect();
        at.fault(Reason::Quantity { text, why: why.to_string() })
    })?;
    Ok(Some(found).filter(|amount| !amount.is_zero()))
}

fn uom(at: &At<'_>) -> Result<Option<String>, Fault> {
    let text = at.text()?;
    let good = (2..=UOM_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !good {
        let why = "the unit of measure is no code of UN/ECE Recommendation 20".to_string();
        return Err(at.fault(Reason::Quantity { text: text.chars().take(80).collect(), why }));
    }
    Ok((!PIECES.contains(&text)).then(|| text.to_string()))
}

/// `{"id": …}` with fields of other vocabularies beside it.
pub fn place(
    event: &At<'_>,
    name: &str,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Option<Named>, Fault> {
    let Some(at) = event.member(name) else { return Ok(None) };
    at.object()?;
    let at = at.required("id")?;
    let id = ids::loose(&at, context, notes)?;
    Ok(Some(Named { id, amount: None, uom: None, spot: at.spot() }))
}

/// A list of typed ids: business transactions, sources, destinations.
pub fn typed(
    event: &At<'_>,
    (list, field): (&str, &str),
    words: Vocabulary,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Vec<Typed>, Fault> {
    let Some(list) = event.member(list) else { return Ok(vec![]) };
    let mut found = vec![];
    for at in list.list()? {
        at.object()?;
        let kind = maybe_term(&at, "type", words, context)?;
        if kind.is_none() && words == Vocabulary::Party {
            return Err(at.fault(Reason::Missing("type".into())));
        }
        let id = ids::loose(&at.required(field)?, context, notes)?;
        found.push(Typed { kind, id, spot: at.spot() });
    }
    Ok(found)
}

/// Terms that begin and end to hold.
pub fn persistent(event: &At<'_>, context: &Context) -> Result<(Vec<Term>, Vec<Term>), Fault> {
    let Some(at) = event.member("persistentDisposition") else { return Ok((vec![], vec![])) };
    at.object()?;
    let terms = |name: &str| -> Result<Vec<Term>, Fault> {
        let Some(list) = at.member(name) else { return Ok(vec![]) };
        let one = |at: &At<'_>| term(at, Vocabulary::Disposition, context);
        list.list()?.iter().map(one).collect()
    };
    Ok((terms("set")?, terms("unset")?))
}

/// Says that the event was wrong.
pub fn declaration(event: &At<'_>, context: &Context) -> Result<Option<ErrorDeclaration>, Fault> {
    let Some(at) = event.member("errorDeclaration") else { return Ok(None) };
    at.object()?;
    let corrective = match at.member("correctiveEventIDs") {
        None => vec![],
        Some(list) => {
            let uri = |at: &At<'_>| ids::uri(at, context);
            list.list()?.iter().map(uri).collect::<Result<_, Fault>>()?
        }
    };
    Ok(Some(ErrorDeclaration {
        time: time(&at.required("declarationTime")?)?,
        reason: maybe_term(&at, "reason", Vocabulary::Error, context)?,
        corrective,
        spot: at.spot(),
    }))
}

/// A certificate or several, by URI.
pub fn check_certification(event: &At<'_>, context: &Context) -> Result<(), Fault> {
    let Some(at) = event.member("certificationInfo") else { return Ok(()) };
    match at.value.json {
        Json::List(_) => {
            for item in at.list()? {
                ids::uri(&item, context)?;
            }
        }
        _ => {
            ids::uri(&at, context)?;
        }
    }
    Ok(())
}

/// Instance and lot master data. Its fields belong to other vocabularies, so each must say to which.
pub fn ilmd(event: &At<'_>, context: &Context) -> Result<Vec<(String, String)>, Fault> {
    let Some(at) = event.member("ilmd") else { return Ok(vec![]) };
    at.object()?;
    let mut found = vec![];
    for (name, value) in at.members() {
        let known = name.contains(':') || name.starts_with(['@', '_']) || name == "type";
        if !known && !context.may_define(name) {
            return Err(value.fault(Reason::UnknownField(name.to_string())));
        }
        if let Json::Text(text) | Json::Number(text) = &value.value.json {
            let local = name.rsplit(':').next().unwrap_or(name);
            found.push((local.to_string(), text.trim().to_string()));
        }
    }
    Ok(found)
}
