//! Messages and answers of the event log.

use cosmwasm_schema::{cw_serde, QueryResponses};

#[cfg_attr(
    target_arch = "wasm32",
    allow(unused_imports, reason = "types of answers are named by the schema only")
)]
use super::correction::{EventStatus, NewDeclaration};
use super::profile::{NewProfile, ProcessProfile};
use super::source::{GapKey, GapPolicy, GapReport};
use super::trust::{Anchor, Attestation, LogKind, NewAnchor, Threshold, Verdict};
use super::vocabulary::{Word, WordField};
#[cfg_attr(
    target_arch = "wasm32",
    allow(unused_imports, reason = "types of answers are named by the schema only")
)]
use super::{Channel, NewEvent, SourceState, StoredEvent};
use crate::assembly::Operation;
use crate::fields::Disclosure;
use crate::migration::Migration;

/// Set-up of the event log.
#[cw_serde]
pub struct InstantiateMsg {
    /// The participant registry.
    pub registry: String,
    /// The assembly graph.
    pub assembly_graph: String,
}

/// Writes to the event log.
#[cw_serde]
pub enum ExecuteMsg {
    /// Records an event and does what it says. Needs [`crate::participant::Permission::RecordEvents`]; instead of it,
    /// [`crate::participant::Permission::InspectAny`] is enough for a quality inspection that changes nothing and for
    /// [`Operation::ConfirmAdjust`], and [`crate::participant::Permission::Regulate`] for [`Operation::Resolve`].
    Record(Box<RecordMsg>),
    /// Declares an event wrong: what it did is taken back by appending. The participant that recorded it.
    Declare(NewDeclaration),
    /// Defines the next version of a process profile. Needs [`crate::participant::Permission::ConfigureProfiles`].
    DefineProfile(Box<NewProfile>),
    /// Ends a version of a profile. Needs [`crate::participant::Permission::ConfigureProfiles`].
    RetireProfile {
        /// Its id.
        id: String,
        /// Its version.
        version: u32,
    },
    /// Adds words to the vocabulary. Needs [`crate::participant::Permission::ConfigureProfiles`].
    ExtendVocabulary {
        /// Of which field.
        field: WordField,
        /// The words, at most [`super::vocabulary::MAX_NEW_WORDS`].
        words: Vec<String>,
    },
    /// Sets what happens to events of a source that leave others out. Needs
    /// [`crate::participant::Permission::ConfigureProfiles`].
    SetGapPolicy {
        /// The source.
        source: String,
        /// The policy, from the next event on.
        policy: GapPolicy,
    },
    /// Says that the missing events of a gap will not come. The source's owner, and a regulator other than it; the
    /// report is closed when both have. What comes after that is refused as a replay.
    SignOffGap {
        /// The source.
        source: String,
        /// Number of the report.
        gap: u64,
        /// Why, for the record.
        reason: String,
    },
    /// Confirms or refutes an event's data, once. Needs [`crate::participant::Permission::Attest`]; never whoever
    /// recorded the event.
    Attest {
        /// The event.
        event_id: String,
        /// What was found.
        verdict: Verdict,
        /// Named-information URI of the report.
        evidence: Option<String>,
    },
    /// Sets how many confirmations events of a kind need. Needs
    /// [`crate::participant::Permission::ConfigureProfiles`].
    SetThreshold(Threshold),
    /// Anchors a root of the sender's own log. Any active participant.
    Anchor(NewAnchor),
}

/// An event, how it came in, and what it does.
#[cw_serde]
pub struct RecordMsg {
    /// The event.
    pub event: NewEvent,
    /// How it came in.
    pub channel: Channel,
    /// What it does.
    pub operation: Operation,
    /// Shows that the payload commits to the event's id, as the field [`crate::fields::EPCIS_HASH`] (E1). Not stored, only
    /// that it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_proof: Option<Disclosure>,
}

/// Indexes over events, kept from the first write.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EventIndex {
    /// Business transaction, as `kind:id` – order numbers among them.
    BusinessTransaction,
    /// Resource id.
    Resource,
    /// Project number.
    Project,
    /// Participant that recorded.
    Actor,
    /// Source that reported.
    Source,
    /// Attached record, as `kind:id`, kind in snake case ([`super::RecordKind::name`]); only those with an id.
    Record,
    /// Process profile, as `id:version`.
    Profile,
    /// Kind of event in snake case ([`super::EventKind::name`]).
    Kind,
    /// Business step.
    BusinessStep,
    /// Business location.
    BusinessLocation,
}

/// Which of an event's two times is meant.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum TimeField {
    /// When it happened, as its reporter says.
    EventTime,
    /// When it was recorded: block time.
    RecordTime,
}

/// A stretch of time.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct TimeWindow {
    /// Of which time.
    pub field: TimeField,
    /// Begin (inclusive), milliseconds since 1970.
    pub from_ms: u64,
    /// End (exclusive).
    pub to_ms: u64,
}

/// Reads from the event log. Lists hold at most [`crate::page::PAGE_MAX`] entries and at most
/// [`PAGE_BYTES`] of them (at least one); `next` says where to go on and is `None` at the end.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up.
    #[returns(ConfigAnswer)]
    Config {},
    /// One event.
    #[returns(Option<StoredEvent>)]
    Event {
        /// Its id, or the name of a declaration.
        id: String,
    },
    /// Several events at once, in the order asked; at most [`crate::page::PAGE_MAX`] ids.
    #[returns(EventsByIdAnswer)]
    EventsById {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Whether events still count, in the order asked; at most [`crate::page::PAGE_MAX`] ids.
    #[returns(Vec<Option<EventStatus>>)]
    Statuses {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Events in order of recording.
    #[returns(EventsAnswer)]
    Events {
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Events that share something, in order of recording. A page of a window of event times looks at events outside
    /// of it, too, and may be empty: only `next` says that there is no more.
    #[returns(EventsAnswer)]
    EventsBy {
        /// Which index.
        index: EventIndex,
        /// Its value.
        value: String,
        /// Only those of this stretch of time.
        #[serde(default)]
        window: Option<TimeWindow>,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Events recorded in a stretch of block time, in order of recording.
    #[returns(EventsAnswer)]
    EventsBetween {
        /// Begin (inclusive), milliseconds since 1970.
        from_ms: u64,
        /// End (exclusive).
        to_ms: u64,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Where a source's chain of events stands: what its next event has to continue.
    #[returns(SourceState)]
    SourceState {
        /// The source.
        source: String,
    },
    /// What happens to events of a source that leave others out.
    #[returns(GapPolicy)]
    GapPolicy {
        /// The source.
        source: String,
    },
    /// Gap reports of a source in order of opening.
    #[returns(GapsAnswer)]
    Gaps {
        /// The source.
        source: String,
        /// Number of the last report of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Open gap reports of all sources, in order of source and number.
    #[returns(GapsAnswer)]
    OpenGaps {
        /// `next` of the page before.
        start_after: Option<GapKey>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A version of a profile; the last one where none is named.
    #[returns(Option<ProcessProfile>)]
    Profile {
        /// Its id.
        id: String,
        /// Its version.
        version: Option<u32>,
    },
    /// The last version of each profile, in order of id.
    #[returns(ProfilesAnswer)]
    Profiles {
        /// `next` of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Words of the vocabulary in order of the alphabet.
    #[returns(WordsAnswer)]
    Words {
        /// Of which field.
        field: WordField,
        /// `next` of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Confirmations of an event, in order of participant.
    #[returns(Option<AttestationsAnswer>)]
    Attestations {
        /// The event.
        event_id: String,
        /// `next` of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Anchors of a participant's log in order.
    #[returns(AnchorsAnswer)]
    Anchors {
        /// The participant.
        participant: String,
        /// Which log.
        log: LogKind,
        /// `next` of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// The last anchor of a participant's log.
    #[returns(Option<Anchor>)]
    LatestAnchor {
        /// The participant.
        participant: String,
        /// Which log.
        log: LogKind,
    },
    /// Whether a disclosed field is among those that an event commits to. Whoever asks a node tells it the field.
    #[returns(DisclosureAnswer)]
    VerifyDisclosure {
        /// The event.
        event_id: String,
        /// The field.
        disclosure: Disclosure,
    },
}

/// Bytes of entries that one list answer reads: 1,500,000 gas, half of what wasmd grants a smart query. An event that
/// brings 128 units into being is some 60 kB.
pub const PAGE_BYTES: usize = 500_000;

/// Set-up as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// The registry.
    pub registry: String,
    /// The assembly graph.
    pub assembly_graph: String,
    /// Events recorded.
    pub events: u64,
    /// Version of the vocabulary.
    pub vocabulary: u32,
    /// Confirmations needed by kind, all seven.
    pub thresholds: Vec<Threshold>,
    /// Migrations of this contract, oldest first.
    pub migrations: Vec<Migration>,
}

/// A page of events.
#[cw_serde]
pub struct EventsAnswer {
    /// The events.
    pub events: Vec<StoredEvent>,
    /// What the next page starts after.
    pub next: Option<u64>,
}

/// Events by id.
#[cw_serde]
pub struct EventsByIdAnswer {
    /// One entry for each of the first ids, `None` for an unknown one.
    pub events: Vec<Option<StoredEvent>>,
    /// Place of the first id that found no room, from 0: ask again from there.
    pub next: Option<u32>,
}

/// A page of gap reports.
#[cw_serde]
pub struct GapsAnswer {
    /// The reports.
    pub gaps: Vec<GapReport>,
    /// What the next page starts after.
    pub next: Option<GapKey>,
}

/// A page of profiles.
#[cw_serde]
pub struct ProfilesAnswer {
    /// The profiles.
    pub profiles: Vec<ProcessProfile>,
    /// What the next page starts after.
    pub next: Option<String>,
}

/// A page of the vocabulary.
#[cw_serde]
pub struct WordsAnswer {
    /// The words.
    pub words: Vec<Word>,
    /// What the next page starts after.
    pub next: Option<String>,
}

/// A page of what authentication nodes say of an event.
#[cw_serde]
pub struct AttestationsAnswer {
    /// Confirmations needed for events of its kind.
    pub needed: u32,
    /// Confirmations so far.
    pub confirmed: u32,
    /// Refutations so far.
    pub refuted: u32,
    /// Height at which the confirmations reached what was needed then.
    pub reached_at: Option<u64>,
    /// The words of this page.
    pub attestations: Vec<Attestation>,
    /// What the next page starts after.
    pub next: Option<String>,
}

/// A page of anchors.
#[cw_serde]
pub struct AnchorsAnswer {
    /// The anchors.
    pub anchors: Vec<Anchor>,
    /// What the next page starts after.
    pub next: Option<u64>,
}

/// Whether a field is among those that an event commits to.
#[cw_serde]
pub struct DisclosureAnswer {
    /// True where it is.
    pub holds: bool,
    /// Number of the event.
    pub number: u64,
}
