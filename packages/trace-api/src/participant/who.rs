//! Who takes part: persons, organisations and machines, their roles, and what roles allow.

use cosmwasm_schema::cw_serde;

use crate::digest::Digest;

/// Addresses that one participant can hold.
pub const MAX_ADDRESSES: usize = 16;
/// Roles that one participant can hold.
pub const MAX_ROLES: usize = 16;
/// Identifiers (USCC, GLN, LEI …) of one participant.
pub const MAX_IDENTIFIERS: usize = 8;
/// Roles that one role inherits from directly.
pub const MAX_INHERITED: usize = 8;
/// Steps from a role to the farthest one that it inherits from (R4).
pub const MAX_ROLE_DEPTH: usize = 8;
/// Seconds for which one certifier alone can stop a participant or a source: three days, a weekend and the time to
/// gather the others.
pub const BRAKE_S: u64 = 3 * 24 * 60 * 60;
/// Seconds from a stop by one certifier alone to the next one of the same participant or source: thirty days, so
/// that nobody is kept from work by one key for more than a tenth of the time.
pub const BRAKE_REST_S: u64 = 30 * 24 * 60 * 60;

/// Person, organisation, or a machine that acts for a person (clause 7.1 a).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ParticipantKind {
    /// A company, an authority, an association.
    Organisation,
    /// A natural person: never named in clear.
    Person,
    /// A machine that carries out work instead of a person.
    Machine,
}

/// `Applied → Active ⇄ Suspended → Revoked`, `Active → Revoked`, or `Applied → Rejected`.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ParticipantStatus {
    /// Registered, not yet certified.
    Applied,
    /// Certified: may act.
    Active,
    /// May not act until reinstated; its history stays readable.
    Suspended,
    /// Final.
    Revoked,
    /// Final.
    Rejected,
}

/// What a role allows. Roles are data: a registry can define its own.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Register classes of products and parts.
    RegisterClass,
    /// Issue batches of trace codes under own classes.
    IssueCodes,
    /// Record events on units in own custody or ownership.
    RecordEvents,
    /// Record inspections on anybody's units.
    InspectAny,
    /// Set and lift holds and recalls on anybody's codes, settle disputes.
    Regulate,
    /// Take over units from the documents of others, whose quality records stay with them.
    Witness,
    /// Confirm events' data and co-sign certificates (authentication node 认证节点).
    Attest,
    /// Configure process profiles.
    ConfigureProfiles,
}

/// A number that identifies an organisation elsewhere.
#[cw_serde]
#[derive(Eq)]
pub struct Identifier {
    /// Which scheme.
    pub scheme: IdentifierScheme,
    /// The number in its canonical spelling.
    pub value: String,
}

/// Schemes of organisation identifiers.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum IdentifierScheme {
    /// 统一社会信用代码, GB 32100-2015.
    Uscc,
    /// GS1 global location number.
    Gln,
    /// ISO 17442.
    Lei,
    /// Catena-X business partner number.
    Bpn,
    /// GS1 global location number of a party, AI (417). The same numbers as [`Self::Gln`]: one number has one owner,
    /// under whichever of the two it is given.
    Pgln,
}

/// A participant as it is registered.
#[cw_serde]
pub struct NewParticipant {
    /// Identity id, unique in the registry ([`crate::text::check_id`]). It is public: a person's must be a pseudonym.
    pub id: String,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Name in clear for organisations and machines; `None` for persons.
    pub name: Option<String>,
    /// Salted commitment to a person's name; `None` for the other kinds.
    pub name_commitment: Option<Digest>,
    /// The person or organisation that a machine acts for (clause 7.1 a); `None` for the other kinds.
    #[serde(default)]
    pub acts_for: Option<String>,
    /// Numbers by which others know it.
    pub identifiers: Vec<Identifier>,
    /// System roles asked for; they take effect at certification.
    pub roles: Vec<String>,
    /// First addresses that act for it, at least one.
    pub addresses: Vec<String>,
    /// Salted commitment to further master data that is kept outside the chain (licences, address, contacts).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Digest>,
}

/// A participant as stored, and answered as of the time of the block.
#[cw_serde]
pub struct Participant {
    /// Identity id.
    pub id: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Name in clear, `None` for persons.
    pub name: Option<String>,
    /// Commitment to a person's name.
    pub name_commitment: Option<Digest>,
    /// The person or organisation that a machine acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<String>,
    /// Other numbers.
    pub identifiers: Vec<Identifier>,
    /// System roles.
    pub roles: Vec<String>,
    /// Addresses that act for it now.
    pub addresses: Vec<String>,
    /// Where it stands.
    pub status: ParticipantStatus,
    /// The last time that it was stopped; it may be over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Stop>,
    /// Height of registration.
    pub registered_at: u64,
    /// Height of certification.
    pub certified_at: Option<u64>,
    /// Salted commitment to further master data that is kept outside the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Digest>,
}

impl Participant {
    /// Where it stands at a time: a stop that ended by itself is over. A machine stands no better than the one that it
    /// acts for.
    pub fn status_at(&self, now_s: u64) -> ParticipantStatus {
        let over = self.suspension.as_ref().is_some_and(|stop| stop.is_over(now_s));
        match self.status {
            ParticipantStatus::Suspended if over => ParticipantStatus::Active,
            status => status,
        }
    }
}

/// That a participant or a source was stopped.
#[cw_serde]
#[derive(Eq)]
pub struct Stop {
    /// Address of who stopped it: the certifier that braked, or the one whose vote was the last needed.
    pub by: String,
    /// Block time at which it was stopped, seconds since 1970.
    pub since_s: u64,
    /// Block time at which it ends by itself; `None` where it needs a decision.
    pub until_s: Option<u64>,
}

impl Stop {
    /// True where it ended by itself.
    pub fn is_over(&self, now_s: u64) -> bool {
        self.until_s.is_some_and(|until| until <= now_s)
    }
}

/// A role and what it allows.
#[cw_serde]
pub struct Role {
    /// Its name, e.g. `manufacturer`.
    pub name: String,
    /// What it allows itself, ascending and without repetition.
    pub permissions: Vec<Permission>,
    /// Roles whose permissions it has too, ascending; the graph has no cycle (R4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// Kinds of participants that may hold it; none named = every kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ParticipantKind>,
}

impl Role {
    /// True where a participant of this kind may hold it.
    pub fn is_for(&self, kind: ParticipantKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// Permissions of the roles that a participant of a kind holds, with what they inherit, ascending and without
/// repetition. Unknown names allow nothing, and neither does a role that is not (or no longer) for this kind.
/// `roles` are in order of name.
pub fn permissions_of(roles: &[Role], held: &[String], kind: ParticipantKind) -> Vec<Permission> {
    let place = |name: &String| roles.binary_search_by(|known| known.name.cmp(name)).ok();
    let mut permissions = vec![];
    let mut seen = vec![false; roles.len()];
    let mut todo: Vec<_> =
        held.iter().filter_map(place).filter(|place| roles[*place].is_for(kind)).collect();
    // Each role is looked into once, so this ends after at most all of them.
    while let Some(next) = todo.pop() {
        if std::mem::replace(&mut seen[next], true) {
            continue;
        }
        permissions.extend_from_slice(&roles[next].permissions);
        todo.extend(roles[next].inherits.iter().filter_map(place));
    }
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}

/// Who acts behind an address.
#[cw_serde]
pub struct Actor {
    /// The participant's id.
    pub participant: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Where it stands; a machine stands no better than the one that it acts for.
    pub status: ParticipantStatus,
    /// Union of its roles' permissions, ascending.
    pub permissions: Vec<Permission>,
}

impl Actor {
    /// True for an active participant that one of its roles allows this.
    pub fn may(&self, permission: Permission) -> bool {
        self.status == ParticipantStatus::Active && self.permissions.contains(&permission)
    }
}
