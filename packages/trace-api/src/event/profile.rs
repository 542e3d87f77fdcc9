//! Process profiles: which steps an industry's events take, which fields they need and what has to be proved
//! (clauses 12.1 b, 12.2). A profile is data: a new industry needs no migration. A version never changes.

use cosmwasm_schema::cw_serde;

use super::{EventKind, Outcome, RecordKind, ResourceKind};
use crate::digest::Digest;

/// Allowed triples of one profile.
pub const MAX_ALLOWED: usize = 256;
/// Rules of one profile.
pub const MAX_RULES: usize = 64;

/// A process profile at a version.
#[cw_serde]
#[derive(Eq)]
pub struct ProfileRef {
    /// Its id.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
}

/// A triple that an event of the profile may have.
#[cw_serde]
#[derive(Eq)]
pub struct AllowedStep {
    /// Kind of the event.
    pub kind: EventKind,
    /// Its business step.
    pub business_step: String,
    /// Its disposition; `None` = whichever, or none at all.
    pub disposition: Option<String>,
}

/// What a rule asks for.
#[cw_serde]
pub enum Need {
    /// A disposition.
    Disposition {},
    /// This result.
    Outcome {
        /// The result.
        outcome: Outcome,
    },
    /// A commitment to the exact position.
    ExactPosition {},
    /// A business transaction of this type.
    BusinessTransaction {
        /// Its type.
        kind: String,
    },
    /// A resource of this kind.
    Resource {
        /// Its kind.
        kind: ResourceKind,
    },
    /// A project number.
    Project {},
    /// Committed fields, at least so many leaves.
    Payload {
        /// Leaves.
        fields: u32,
    },
    /// The time of a sensor reading.
    SensorTime {},
    /// A read point.
    ReadPoint {},
    /// A business location.
    BusinessLocation {},
    /// A source (EPCIS source list).
    Source {},
    /// A destination (EPCIS destination list).
    Destination {},
    /// A person in this part.
    Person {
        /// The part.
        role: String,
    },
    /// A record of this kind.
    Record {
        /// Its kind.
        kind: RecordKind,
    },
    /// An evidence file of this media type; `None` = of any.
    Evidence {
        /// The media type.
        media_type: Option<String>,
    },
    /// A report by a certified source, not an entry by hand.
    Reported {},
    /// The id proved to be among the committed fields (E1).
    ProvedId {},
    /// Each unit that the event acts on (not those that it brings into being, nor what is inside a container) has been
    /// through this step before, in an event of any version of this profile, and the last one had this result.
    Before {
        /// The business step.
        business_step: String,
        /// The result; `None` = whichever.
        outcome: Option<Outcome>,
    },
}

/// A rule of a profile.
#[cw_serde]
pub struct Rule {
    /// Business step that it binds; `None` = every one.
    pub business_step: Option<String>,
    /// What it asks for.
    pub needs: Need,
}

/// A profile as it is defined.
#[cw_serde]
pub struct NewProfile {
    /// Id, the same for all versions.
    pub id: String,
    /// One more than the last, from 1.
    pub version: u32,
    /// Industry, in words for people.
    pub industry: String,
    /// Digest of the JSON schema of the payload's fields, which is kept outside the chain.
    pub schema: Option<Digest>,
    /// What events may be; at least one.
    pub allowed: Vec<AllowedStep>,
    /// What they need: fields, evidence, steps before.
    pub rules: Vec<Rule>,
}

/// Whether events may still name a version.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ProfileStatus {
    /// They may.
    Active,
    /// No longer. Events that did stay as they are.
    Retired,
}

/// A version of a profile as stored.
#[cw_serde]
pub struct ProcessProfile {
    /// The profile.
    pub profile: NewProfile,
    /// Whether events may name it.
    pub status: ProfileStatus,
    /// Participant that defined it.
    pub defined_by: String,
    /// Height of its definition.
    pub defined_at: u64,
    /// Height of its end.
    pub retired_at: Option<u64>,
}
