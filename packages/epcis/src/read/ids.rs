//! Ids of objects, places and parties.

use suyuan_identifiers::{epc, BadIdentifier, DigitalLink, Identifier};

use crate::context::Context;
use crate::event::{Id, Named};
use crate::fault::{Fault, Note, Reason};
use crate::json::At;

/// Bytes of a URI at the most.
const MAX_URI: usize = 2048;
/// The domain whose paths are GS1 keys and nothing else.
const GS1_DOMAIN: &str = "https://id.gs1.org/";
/// Schemes of other identifier systems with a canonical form.
const OTHER_SCHEMES: [&str; 4] = ["urn:uuid:", "did:bid:", "vaa:", "hdl:"];

/// Reads an id. A GS1 key that breaks a rule is refused where it shows that it is one: as an EPC URN, or at
/// `id.gs1.org`. At another domain such a path may mean something else, so the URI stays what it is, with a note.
pub fn id(at: &At<'_>, context: &Context, notes: &mut Vec<Note>) -> Result<Id, Fault> {
    let text = uri(at, context)?;
    let refused = |why| at.fault(Reason::Identifier { uri: text.clone(), why });
    if text.starts_with("urn:epc:") {
        return match epc::parse(&text) {
            Ok(key) => Ok(Id::Gs1(key)),
            Err(BadIdentifier::Scheme { .. }) => Ok(Id::Uri(text)),
            Err(why) => Err(refused(why)),
        };
    }
    if OTHER_SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
        return text.parse::<Identifier>().map(|id| Id::Uri(id.to_string())).map_err(refused);
    }
    match DigitalLink::parse(&text).and_then(|link| link.key()) {
        Ok(key) => Ok(Id::Gs1(key)),
        Err(why) if text.starts_with(GS1_DOMAIN) => Err(refused(why)),
        Err(BadIdentifier::NoKey | BadIdentifier::Form { .. } | BadIdentifier::Compressed) => {
            Ok(Id::Uri(text))
        }
        Err(why) => {
            let text_of = format!("{text} is taken as a URI, not as a GS1 key: {why}");
            notes.push(Note { spot: at.spot(), text: text_of });
            Ok(Id::Uri(text))
        }
    }
}

/// Reads the id of a place, a party, a document or a process: nothing is traced by it, so a fault of its scheme is
/// worth a note, not the event.
pub fn loose(at: &At<'_>, context: &Context, notes: &mut Vec<Note>) -> Result<Id, Fault> {
    match id(at, context, notes) {
        Err(Fault { spot, reason: Reason::Identifier { uri, why } }) => {
            let text = format!("{uri} is taken as a URI: {why}");
            notes.push(Note { spot, text });
            Ok(Id::Uri(uri))
        }
        other => other,
    }
}

/// A URI with declared prefixes expanded.
pub fn uri(at: &At<'_>, context: &Context) -> Result<String, Fault> {
    let text = context.expand(at.text()?);
    let shape = text.contains(':') && !text.starts_with(':') && text.len() <= MAX_URI;
    match shape && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        true => Ok(text),
        false => Err(at.fault(Reason::Uri(text.chars().take(80).collect()))),
    }
}

/// The ids of a list; a list that is not there is empty.
pub fn list(
    event: &At<'_>,
    name: &str,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Vec<Named>, Fault> {
    let Some(list) = event.member(name) else { return Ok(vec![]) };
    let one = |at: At<'_>| {
        Ok(Named { id: id(&at, context, notes)?, amount: None, uom: None, spot: at.spot() })
    };
    list.list()?.into_iter().map(one).collect()
}

/// An id that may be there.
pub fn maybe(
    event: &At<'_>,
    name: &str,
    context: &Context,
    notes: &mut Vec<Note>,
) -> Result<Option<Named>, Fault> {
    let Some(at) = event.member(name) else { return Ok(None) };
    let id = id(&at, context, notes)?;
    Ok(Some(Named { id, amount: None, uom: None, spot: at.spot() }))
}
