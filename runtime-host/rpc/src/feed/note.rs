//! The events of one block, each written once for all its readers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use suyuan_core::{hex_upper, sha256, Event};
use suyuan_solo::query::Query;
use suyuan_solo::{BlockAnswer, BlockResults};

use crate::dialect::{event, to_json};
use crate::error::RpcError;

const EVENT: &str = "tm.event";
const TX_HASH: &str = "tx.hash";
const TX_HEIGHT: &str = "tx.height";

/// Tags with their values, in order of occurrence.
type Tags = BTreeMap<String, Vec<String>>;

/// One event: what queries see of it, and what matching subscribers are sent.
#[derive(Debug)]
pub(crate) struct Note {
    tags: Tags,
    body: Arc<str>,
}

impl Note {
    /// The end of the answer that carries it: data, events, and the closing brackets.
    pub fn body(&self) -> &Arc<str> {
        &self.body
    }

    /// Whether every condition holds for some value of its tag. A condition on an event's type alone sees an empty value
    /// where there is such an event.
    pub fn matches(&self, query: &Query) -> bool {
        query.matches_values(|tag| -> Vec<&str> {
            match self.tags.get(tag) {
                Some(values) => values.iter().map(String::as_str).collect(),
                None if self.has_type(tag) => vec![""],
                None => Vec::new(),
            }
        })
    }

    fn has_type(&self, kind: &str) -> bool {
        let from = format!("{kind}.");
        self.tags.range(from.clone()..).next().is_some_and(|(tag, _)| tag.starts_with(&from))
    }

    fn new(data: &impl Serialize, tags: Tags) -> Result<Note, RpcError> {
        let body = format!(r#""data":{},"events":{}}}}}"#, to_json(data)?, to_json(&tags)?);
        Ok(Note { tags, body: body.into() })
    }

    /// All notes of a block, in the order in which CometBFT publishes them.
    ///
    /// # Errors
    /// A block without a JSON form.
    pub fn all_of(block: &BlockAnswer, results: &BlockResults) -> Result<Vec<Note>, RpcError> {
        let named = |name: &str, mut tags: Tags| {
            tags.entry(EVENT.to_owned()).or_default().push(name.to_owned());
            tags
        };
        let own = tags_of(&results.events);
        let mut notes = vec![
            Note::new(&event::new_block(block, results)?, named("NewBlock", own.clone()))?,
            Note::new(&event::new_block_header(block), named("NewBlockHeader", Tags::new()))?,
            Note::new(&event::new_block_events(results), named("NewBlockEvents", own))?,
        ];
        for (index, (tx, result)) in block.block.data.iter().zip(&results.tx_results).enumerate() {
            let mut tags = named("Tx", tags_of(&result.events));
            tags.entry(TX_HASH.to_owned()).or_default().push(hex_upper(&sha256(tx)));
            tags.entry(TX_HEIGHT.to_owned()).or_default().push(results.height.to_string());
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            notes.push(Note::new(&event::tx(results.height, index, tx, result), tags)?);
        }
        Ok(notes)
    }
}

fn tags_of(events: &[Event]) -> Tags {
    let mut tags = Tags::new();
    for event in events.iter().filter(|event| !event.kind.is_empty()) {
        for attribute in event.attributes.iter().filter(|attribute| !attribute.key.is_empty()) {
            let tag = format!("{}.{}", event.kind, attribute.key);
            tags.entry(tag).or_default().push(attribute.value.clone());
        }
    }
    tags
}
