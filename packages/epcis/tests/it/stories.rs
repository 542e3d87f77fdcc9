//! Telling a document and playing it on the plain model.

use suyuan_cases::model::Model;
use suyuan_epcis::fault::Fault;
use suyuan_epcis::plan::{OnError, Rules};
use suyuan_epcis::read::{read, Document};
use suyuan_epcis::tell::{tell, Import, Options};

pub const SECRET: [u8; 32] = [7; 32];

pub fn options(on_error: OnError) -> Options {
    Options { rules: Rules { on_error, ..Rules::default() }, secret: SECRET }
}

/// Reads and tells a document.
pub fn told(bytes: &[u8], on_error: OnError) -> Result<(Document, Import), Fault> {
    let document = read(bytes)?;
    let import = tell(&document, &options(on_error))?;
    Ok((document, import))
}

/// The plain model after a story, and a look at it by the ids of the document.
pub struct Played {
    pub model: Model,
}

impl Played {
    pub fn of(import: &Import) -> Self {
        Self { model: Model::from_story(&import.story) }
    }

    /// The code of a unit by its id in the document.
    pub fn code(&self, id: &str) -> &str {
        let found = self.model.units.iter().find(|(_, unit)| unit.alternate_id == id);
        found.map(|(code, _)| code.as_str()).unwrap_or_else(|| panic!("no unit {id}"))
    }

    /// Open links into a whole, as ids of its parts with quantities, in order.
    pub fn parts(&self, id: &str) -> Vec<(String, Option<String>)> {
        let code = self.code(id);
        let links = self.model.links.iter().filter(|l| l.parent == code && l.closed.is_none());
        let mut parts: Vec<(String, Option<String>)> = links
            .map(|link| {
                let name = self.model.units[&link.child].alternate_id.clone();
                (name, link.quantity.map(|quantity| quantity.to_string()))
            })
            .collect();
        parts.sort();
        parts
    }

    /// Events that name a unit.
    pub fn events(&self, id: &str) -> usize {
        self.model.units[self.code(id)].events.len()
    }
}
