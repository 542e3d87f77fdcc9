//! What the registry is asked.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Coin;

#[cfg_attr(
    target_arch = "wasm32",
    allow(unused_imports, reason = "types of answers are named by the schema only")
)]
use super::{
    Actor, Grant, Identifier, Key, KeyPurpose, Participant, Permission, Prefix, PrefixRange,
    Proposal, Role, Service, ServiceKind, Source,
};
use crate::migration::Migration;

/// Reads from the registry. Lists are pages of at most [`crate::page::PAGE_MAX`] entries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up and migrations.
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
    /// Whether a participant may do something, with the first reason why not.
    #[returns(CanAnswer)]
    Can {
        /// The participant's id.
        actor: String,
        /// What it wants to do.
        permission: Permission,
        /// Within what, where that matters.
        scope: Option<CanScope>,
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
    /// A participant's key by its id.
    #[returns(Option<Key>)]
    Key {
        /// The participant.
        participant: String,
        /// Key id.
        kid: String,
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
    /// A participant's keys that are valid at a height (R2), in order of key id.
    #[returns(KeysAnswer)]
    KeysAt {
        /// The participant.
        participant: String,
        /// The height.
        height: u64,
        /// Keys of this purpose only.
        purpose: Option<KeyPurpose>,
        /// `next` of the page before.
        start_after: Option<String>,
        /// Keys looked at.
        limit: Option<u32>,
    },
    /// Authentication nodes (clause 6.4): the keys for [`KeyPurpose::Attest`] that are valid at a height, of participants
    /// that are active and may attest now. In order of participant and key id.
    #[returns(AttestorsAnswer)]
    Attestors {
        /// The height; `None` = now.
        at_height: Option<u64>,
        /// `next` of the page before.
        start_after: Option<AttestorCursor>,
        /// Keys looked at.
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
    /// Whose number range a number lies in now.
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
    /// A number range by its exact prefix, with its validity, whether it holds or not.
    #[returns(Option<Prefix>)]
    Prefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
    },
    /// Number ranges of a scheme in order of prefix.
    #[returns(Vec<Prefix>)]
    Prefixes {
        /// Scheme.
        scheme: String,
        /// Last prefix of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A read grant.
    #[returns(Option<Grant>)]
    Grant {
        /// Its number.
        id: u64,
    },
    /// What a participant may read, in order of number.
    #[returns(Vec<Grant>)]
    GrantsFor {
        /// The grantee.
        grantee: String,
        /// Last number of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// What a participant lets others read, in order of number.
    #[returns(Vec<Grant>)]
    GrantsBy {
        /// The grantor.
        grantor: String,
        /// Last number of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A service.
    #[returns(Option<Service>)]
    Service {
        /// Its id.
        id: String,
    },
    /// Services in order of id.
    #[returns(Vec<Service>)]
    Services {
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Services of a kind in order of id.
    #[returns(Vec<Service>)]
    ServicesOfKind {
        /// The kind.
        kind: ServiceKind,
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Services that a participant operates in order of id.
    #[returns(Vec<Service>)]
    ServicesOf {
        /// The operator.
        owner: String,
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A proposal.
    #[returns(Option<Proposal>)]
    Proposal {
        /// Its number.
        id: u64,
    },
    /// All proposals, the newest first.
    #[returns(Vec<Proposal>)]
    Proposals {
        /// Last number of the page before.
        start_before: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Proposals that are open or announced now, in order of number.
    #[returns(Vec<Proposal>)]
    OpenProposals {
        /// Last number of the page before.
        start_after: Option<u64>,
        /// Entries wanted.
        limit: Option<u32>,
    },
}

/// Set-up of a registry as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// Certifying addresses.
    pub certifiers: Vec<String>,
    /// Votes needed.
    pub threshold: u32,
    /// Seconds from the last vote needed to the execution.
    pub delay_s: u64,
    /// How often the governance changed.
    pub round: u64,
    /// Grant to new accounts.
    pub account_grant: Coin,
    /// Migrations of this contract, oldest first.
    pub migrations: Vec<Migration>,
}

/// Within what a participant wants to act.
#[cw_serde]
#[derive(Eq)]
pub enum CanScope {
    /// Use a number of a range (for [`Permission::IssueCodes`], [`Permission::RegisterClass`]).
    Number {
        /// Scheme.
        scheme: String,
        /// The number, or a prefix of one.
        number: String,
    },
    /// Speak through a data source (for [`Permission::RecordEvents`]).
    Source {
        /// The source.
        source: String,
    },
}

/// Whether a participant may.
#[cw_serde]
#[derive(Eq)]
pub struct CanAnswer {
    /// True where it may.
    pub allowed: bool,
    /// The first reason why not.
    pub reason: Option<Refusal>,
}

/// Why a participant may not.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Refusal {
    /// No such participant.
    UnknownParticipant,
    /// It, or the one that a machine acts for, is not active.
    NotActive,
    /// None of its roles allows it.
    NotPermitted,
    /// The number lies in a range of somebody else, or reaches beyond its own.
    NotPrefixOwner,
    /// No such source.
    UnknownSource,
    /// The source belongs to somebody else.
    NotSourceOwner,
    /// The source is not certified, or stopped.
    SourceNotCertified,
    /// The permission does not know this kind of scope.
    OtherScope,
}

/// Keys of a page.
#[cw_serde]
pub struct KeysAnswer {
    /// Those that are valid.
    pub keys: Vec<Key>,
    /// Last key id looked at, where there are more.
    pub next: Option<String>,
}

/// An authentication node's key.
#[cw_serde]
pub struct Attestor {
    /// The participant.
    pub participant: String,
    /// Its key.
    pub key: Key,
}

/// Where a page of attestors ended.
#[cw_serde]
#[derive(Eq)]
pub struct AttestorCursor {
    /// The participant.
    pub participant: String,
    /// Key id.
    pub kid: String,
}

/// Attestors of a page.
#[cw_serde]
pub struct AttestorsAnswer {
    /// In order of participant and key id.
    pub attestors: Vec<Attestor>,
    /// The last key looked at, where there are more.
    pub next: Option<AttestorCursor>,
}
