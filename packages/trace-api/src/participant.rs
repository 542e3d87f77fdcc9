//! participant-registry: who takes part (clause 7.1 a), with which keys and data sources, and who may do what
//! (clauses 5.4 b–d, 10 a).
//!
//! A participant's id is not an address: addresses and keys bind to it, from height to height, and rotate.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Coin};

use crate::digest::Digest;

/// Addresses that one participant can hold.
pub const MAX_ADDRESSES: usize = 16;
/// Roles that one participant can hold.
pub const MAX_ROLES: usize = 16;
/// Identifiers (USCC, GLN, LEI …) of one participant.
pub const MAX_IDENTIFIERS: usize = 8;
/// Certifying addresses of a registry.
pub const MAX_CERTIFIERS: usize = 32;

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

/// `Applied → Active ⇄ Suspended → Revoked`, or `Applied → Rejected`.
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
    /// Set and lift holds and recalls on anybody's codes.
    Regulate,
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
    /// GS1 global location number of a party (PGLN).
    Gln,
    /// ISO 17442.
    Lei,
    /// Catena-X business partner number.
    Bpn,
}

/// A participant as it is registered.
#[cw_serde]
pub struct NewParticipant {
    /// Identity id, unique in the registry ([`crate::text::check_id`]).
    pub id: String,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Name in clear for organisations and machines; `None` for persons.
    pub name: Option<String>,
    /// Salted commitment to a person's name; `None` for the other kinds.
    pub name_commitment: Option<Digest>,
    /// Numbers by which others know it.
    pub identifiers: Vec<Identifier>,
    /// System roles asked for; they take effect at certification.
    pub roles: Vec<String>,
    /// First addresses that act for it, at least one.
    pub addresses: Vec<String>,
}

/// A participant as stored.
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
    /// Other numbers.
    pub identifiers: Vec<Identifier>,
    /// System roles.
    pub roles: Vec<String>,
    /// Addresses that act for it now.
    pub addresses: Vec<String>,
    /// Where it stands.
    pub status: ParticipantStatus,
    /// Height of registration.
    pub registered_at: u64,
    /// Height of certification.
    pub certified_at: Option<u64>,
}

/// A role and what it allows.
#[cw_serde]
pub struct Role {
    /// Its name, e.g. `manufacturer`.
    pub name: String,
    /// What it allows, ascending and without repetition.
    pub permissions: Vec<Permission>,
}

/// Signature algorithms of keys.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum KeyAlgorithm {
    /// RFC 8032, 32-byte public key.
    Ed25519,
    /// SEC 1 compressed 33-byte public key, SHA-256 prehash, 64-byte signature.
    Secp256k1,
}

/// What a key may be used for.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum KeyPurpose {
    /// Co-signs certificates and confirmations.
    Attest,
    /// Signs the tails of trace codes.
    CodeTail,
    /// Receives encrypted key envelopes.
    Envelope,
    /// Signs what a data source reports.
    Source,
}

/// A public key with its time of validity, in heights.
#[cw_serde]
pub struct Key {
    /// Key id, unique for its holder.
    pub kid: String,
    /// Algorithm.
    pub algorithm: KeyAlgorithm,
    /// Use.
    pub purpose: KeyPurpose,
    /// The key.
    pub public_key: Binary,
    /// First height at which it is valid.
    pub from_height: u64,
    /// First height at which it is no longer valid; `None` = until revoked.
    pub to_height: Option<u64>,
    /// Height of revocation. Signatures from before stay valid.
    pub revoked_at: Option<u64>,
}

impl Key {
    /// Invariant R2: a key signs inside `[from, to)` and before its revocation, at the height of use.
    pub fn valid_at(&self, height: u64) -> bool {
        height >= self.from_height
            && self.to_height.is_none_or(|to| height < to)
            && self.revoked_at.is_none_or(|revoked| height < revoked)
    }
}

/// A key as it is added; valid from the height of its addition or later.
#[cw_serde]
pub struct NewKey {
    /// Key id, unique for its holder.
    pub kid: String,
    /// Algorithm.
    pub algorithm: KeyAlgorithm,
    /// Use.
    pub purpose: KeyPurpose,
    /// The key.
    pub public_key: Binary,
    /// First height of validity; earlier than now means now.
    pub from_height: Option<u64>,
    /// End of validity (exclusive).
    pub to_height: Option<u64>,
}

/// Kinds of data sources (clause 6.1). Devices, MES and ERP sign what they report.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceKind {
    /// Programmable controller.
    Plc,
    /// Sensor.
    Sensor,
    /// Code scanner.
    Scanner,
    /// Manufacturing execution system.
    Mes,
    /// Enterprise resource planning system.
    Erp,
}

/// `Registered → Certified ⇄ Quarantined → Retired`. Only a certified source may speak (clause 10 a).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceStatus {
    /// Known, may not speak yet.
    Registered,
    /// May speak.
    Certified,
    /// Stopped for the time being.
    Quarantined,
    /// Final.
    Retired,
}

/// A data source as it is registered by its owner.
#[cw_serde]
pub struct NewSource {
    /// Unique id of the device or system.
    pub id: String,
    /// Kind.
    pub kind: SourceKind,
    /// Its first key; the purpose must be [`KeyPurpose::Source`].
    pub key: NewKey,
}

/// A data source as stored.
#[cw_serde]
pub struct Source {
    /// Id.
    pub id: String,
    /// The participant that answers for it.
    pub owner: String,
    /// Kind.
    pub kind: SourceKind,
    /// Where it stands.
    pub status: SourceStatus,
    /// Its keys, oldest first.
    pub keys: Vec<Key>,
}

/// Set-up of a registry.
#[cw_serde]
pub struct InstantiateMsg {
    /// Addresses that certify, 1 to [`MAX_CERTIFIERS`].
    pub certifiers: Vec<String>,
    /// How many of them must agree, 1 to their number.
    pub threshold: u32,
    /// Sent to each address of a participant when it is certified, so that its account exists and its first
    /// transaction works at zero fee. Taken from the registry's own balance.
    pub account_grant: Coin,
}

/// Writes to the registry.
#[cw_serde]
pub enum ExecuteMsg {
    /// Registers a participant as `Applied`. Anyone, with its own address only; a certifier may name any address,
    /// and its registration counts as its first vote. The id of a rejected applicant is free again.
    Register(NewParticipant),
    /// A certifier's vote to certify; the last one needed makes it `Active` and creates its accounts.
    Certify {
        /// The participant.
        participant: String,
    },
    /// A certifier refuses an applicant.
    Reject {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// A certifier stops a participant for the time being.
    Suspend {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// A certifier lets a suspended participant act again.
    Reinstate {
        /// The participant.
        participant: String,
    },
    /// A certifier's vote to revoke for good; needs the threshold.
    Revoke {
        /// The participant.
        participant: String,
        /// Why, for the record.
        reason: String,
    },
    /// A certifier defines or replaces a role.
    DefineRole(Role),
    /// A certifier gives a role.
    GrantRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// A certifier takes a role away.
    WithdrawRole {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// The participant binds another address to itself.
    BindAddress {
        /// The new address.
        address: String,
    },
    /// The participant unbinds one of its addresses, or an address itself leaves; never the last one.
    UnbindAddress {
        /// The address.
        address: String,
    },
    /// The participant adds a key.
    AddKey(NewKey),
    /// The participant revokes one of its keys from this height on.
    RevokeKey {
        /// The key.
        kid: String,
    },
    /// The participant registers a data source of its own.
    RegisterSource(NewSource),
    /// A certifier's vote for a source; the last one needed makes it `Certified`.
    CertifySource {
        /// The source.
        source: String,
    },
    /// Owner or certifier stops a source for the time being.
    QuarantineSource {
        /// The source.
        source: String,
        /// Why, for the record.
        reason: String,
    },
    /// Owner or certifier ends a source for good.
    RetireSource {
        /// The source.
        source: String,
    },
    /// The owner adds a key to its source.
    AddSourceKey {
        /// The source.
        source: String,
        /// The key.
        key: NewKey,
    },
    /// The owner revokes a key of its source from this height on.
    RevokeSourceKey {
        /// The source.
        source: String,
        /// The key.
        kid: String,
    },
    /// A certifier assigns a number range to a participant; ranges of one scheme never overlap (R1).
    AssignPrefix {
        /// Scheme, e.g. `gs1`, `code`, `handle`.
        scheme: String,
        /// The prefix.
        prefix: String,
        /// The participant.
        participant: String,
    },
}

/// Reads from the registry.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up.
    #[returns(ConfigAnswer)]
    Config {},
    /// One participant.
    #[returns(Option<Participant>)]
    Participant {
        /// Its id.
        id: String,
    },
    /// Participants in order of id.
    #[returns(Vec<Participant>)]
    Participants {
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted, at most [`crate::page::PAGE_MAX`].
        limit: Option<u32>,
    },
    /// The participant known elsewhere under a number.
    #[returns(Option<Participant>)]
    ByIdentifier(Identifier),
    /// Who acts behind an address and what it may do now. Other contracts ask this before every write.
    #[returns(Option<Actor>)]
    Actor {
        /// The sender.
        address: String,
    },
    /// A role.
    #[returns(Option<Role>)]
    Role {
        /// Its name.
        name: String,
    },
    /// All roles in order of name.
    #[returns(Vec<Role>)]
    Roles {
        /// Last name of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A participant's keys in order of key id.
    #[returns(Vec<Key>)]
    Keys {
        /// The participant.
        participant: String,
        /// Last key id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A data source.
    #[returns(Option<Source>)]
    Source {
        /// Its id.
        id: String,
    },
    /// Data sources of a participant in order of id.
    #[returns(Vec<Source>)]
    Sources {
        /// The owner.
        owner: String,
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Whose number range a number lies in.
    #[returns(Option<String>)]
    PrefixOwner {
        /// Scheme.
        scheme: String,
        /// A number, or a prefix of one.
        number: String,
    },
    /// The assigned range that a prefix touches: the one that it lies in, else the first one that lies in it.
    #[returns(Option<PrefixRange>)]
    PrefixRange {
        /// Scheme.
        scheme: String,
        /// A number, or a prefix of one.
        number: String,
    },
}

/// A number range as assigned.
#[cw_serde]
pub struct PrefixRange {
    /// All numbers of the range begin with this.
    pub prefix: String,
    /// The participant that it belongs to.
    pub owner: String,
}

/// Scheme of the ranges that prefixes of trace codes are taken from ([`ExecuteMsg::AssignPrefix`]).
pub const CODE_SCHEME: &str = "code";

/// Set-up of a registry as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// Certifying addresses.
    pub certifiers: Vec<String>,
    /// Votes needed.
    pub threshold: u32,
    /// Grant to new accounts.
    pub account_grant: Coin,
}

/// Who acts behind an address.
#[cw_serde]
pub struct Actor {
    /// The participant's id.
    pub participant: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Where it stands.
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
