//! What this contract tells the outside: one type per event.

use suyuan_contract_kit::{typed_events, TypedEvent};
use suyuan_trace_api::event::StoredEvent;

/// An event, or a declaration, was recorded.
#[derive(Clone, Debug)]
pub struct Recorded<'a>(pub &'a StoredEvent);

impl TypedEvent for Recorded<'_> {
    const NAME: &'static str = "event_recorded";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        let stored = self.0;
        let mut all = vec![
            ("event_id", stored.name()),
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

typed_events! {
    /// The very same event was there.
    Known = "event_known" { event_id, number }
    /// An event was declared wrong.
    DeclaredWrong = "event_declared_wrong" { event_id, by, number, reason, actor }
    /// A version of a profile was defined.
    ProfileDefined = "profile_defined" { id, version, by }
    /// A version of a profile was ended.
    ProfileRetired = "profile_retired" { id, version, by }
    /// Words came to the vocabulary.
    VocabularyExtended = "vocabulary_extended" { field, words, version, by }
    /// What happens to a source's gaps was set.
    GapPolicySet = "gap_policy_set" { source, policy, by }
    /// Events of a source are missing.
    GapOpened = "gap_opened" { source, gap, from, to }
    /// All missing events came in.
    GapFilled = "gap_filled" { source, gap }
    /// One side said that the missing events will not come.
    GapSignedOff = "gap_signed_off" { source, gap, by, status }
    /// A participant gave its word on an event.
    Attested = "event_attested" { event_id, participant, verdict, confirmed, needed }
    /// Confirmations needed were set.
    ThresholdSet = "threshold_set" { kind, needed, by }
    /// A root of a log was anchored.
    Anchored = "anchored" { participant, log, sequence, root, count }
}
