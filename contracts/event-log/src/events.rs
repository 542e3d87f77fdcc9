//! What this contract tells the outside: one type per event.

use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::event::StoredEvent;

/// An event was recorded.
#[derive(Clone, Debug)]
pub struct Recorded<'a>(pub &'a StoredEvent);

impl TypedEvent for Recorded<'_> {
    const NAME: &'static str = "event_recorded";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        let stored = self.0;
        let mut all = vec![
            ("event_id", stored.event.event_id.clone()),
            ("number", stored.number.to_string()),
            ("kind", format!("{:?}", stored.event.kind)),
            ("actor", stored.actor.clone()),
        ];
        if let Some(mark) = &stored.source {
            all.push(("source", mark.source.clone()));
            all.push(("sequence", mark.sequence.to_string()));
        }
        all
    }
}
