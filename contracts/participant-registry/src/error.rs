//! Every refusal, with the values that explain it. The text before the colon is stable; the rest may change.

use cosmwasm_std::StdError;
use suyuan_contract_kit::Fault;
use suyuan_trace_api::participant::{
    IdentifierScheme, KeyAlgorithm, KeyPurpose, ParticipantKind, ParticipantStatus, SourceStatus,
};
use suyuan_trace_api::text::BadText;

/// Why a message or a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// Storage, encoding, or an address that is none.
    #[error("registry/Fault: {0}")]
    Fault(Fault),
    /// A text breaks its rule.
    #[error("registry/BadText: {0}")]
    Text(BadText),
    /// Too many entries.
    #[error("registry/TooMany: {found} {what}, at most {max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there would be.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// The threshold does not fit the certifiers.
    #[error("registry/BadThreshold: {threshold} of {certifiers} certifiers")]
    BadThreshold {
        /// Votes needed.
        threshold: u32,
        /// Certifiers.
        certifiers: usize,
    },
    /// A certifier is named twice.
    #[error("registry/RepeatedCertifier: {address}")]
    RepeatedCertifier {
        /// Which one.
        address: String,
    },
    /// Only certifiers may send this.
    #[error("registry/NotCertifier: {sender} is not a certifier")]
    NotCertifier {
        /// Who sent it.
        sender: String,
    },
    /// The certifier voted for this before.
    #[error("registry/AlreadyVoted: {sender} voted for {subject} before")]
    AlreadyVoted {
        /// Who sent it.
        sender: String,
        /// What the vote is about.
        subject: String,
    },
    /// No participant acts behind the sender.
    #[error("registry/UnknownActor: no participant acts behind {sender}")]
    UnknownActor {
        /// Who sent it.
        sender: String,
    },
    /// The sender's participant may not act now.
    #[error("registry/ActorNotActive: {participant} is {status:?}")]
    ActorNotActive {
        /// The participant.
        participant: String,
        /// Where it stands.
        status: ParticipantStatus,
    },
    /// Participant id taken.
    #[error("registry/ParticipantExists: {participant}")]
    ParticipantExists {
        /// Its id.
        participant: String,
    },
    /// No such participant.
    #[error("registry/UnknownParticipant: {participant}")]
    UnknownParticipant {
        /// Its id.
        participant: String,
    },
    /// The participant's state machine has no such step.
    #[error("registry/BadState: {participant} is {from:?} and cannot become {to:?}")]
    BadState {
        /// The participant.
        participant: String,
        /// Where it stands.
        from: ParticipantStatus,
        /// Where it should go.
        to: ParticipantStatus,
    },
    /// The participant's life in the registry ended.
    #[error("registry/Final: {participant} is {status:?} for good")]
    Final {
        /// The participant.
        participant: String,
        /// Where it stands.
        status: ParticipantStatus,
    },
    /// A person in clear, or another kind without a name.
    #[error("registry/BadName: a {kind:?} has {expected}", expected = expected_name(.kind))]
    BadName {
        /// Kind of the participant.
        kind: ParticipantKind,
    },
    /// An identifier of a person: it names the person in public registers.
    #[error("registry/PersonIdentifier: a person has no public {scheme:?} here")]
    PersonIdentifier {
        /// Which scheme.
        scheme: IdentifierScheme,
    },
    /// Syntax or check digit of an identifier.
    #[error("registry/BadIdentifier: {value:?} is not a {scheme:?} (form or check digit)")]
    BadIdentifier {
        /// Which scheme.
        scheme: IdentifierScheme,
        /// The number.
        value: String,
    },
    /// The identifier belongs to a participant.
    #[error("registry/IdentifierTaken: {scheme:?} {value} belongs to {participant}")]
    IdentifierTaken {
        /// Which scheme.
        scheme: IdentifierScheme,
        /// The number.
        value: String,
        /// Whose it is.
        participant: String,
    },
    /// A participant starts without an address.
    #[error("registry/NoAddress: a participant has at least one address")]
    NoAddress,
    /// The address acts for a participant.
    #[error("registry/AddressTaken: {address} acts for {participant}")]
    AddressTaken {
        /// The address.
        address: String,
        /// For whom it acts.
        participant: String,
    },
    /// An applicant names an address that is not its own: only certifiers vouch for others' addresses.
    #[error(
        "registry/NotOwnAddress: {sender} applies and may name its own address only, not {address}"
    )]
    NotOwnAddress {
        /// Who sent it.
        sender: String,
        /// The address.
        address: String,
    },
    /// The address does not act for the sender's participant.
    #[error("registry/NotBound: {address} does not act for {participant}")]
    NotBound {
        /// The address.
        address: String,
        /// The participant.
        participant: String,
    },
    /// The last address stays.
    #[error("registry/LastAddress: {participant} has no other address")]
    LastAddress {
        /// The participant.
        participant: String,
    },
    /// No such role.
    #[error("registry/UnknownRole: {role}")]
    UnknownRole {
        /// Its name.
        role: String,
    },
    /// The participant has the role.
    #[error("registry/RoleHeld: {participant} has role {role}")]
    RoleHeld {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// The participant does not have the role.
    #[error("registry/RoleNotHeld: {participant} does not have role {role}")]
    RoleNotHeld {
        /// The participant.
        participant: String,
        /// The role.
        role: String,
    },
    /// Length or form of a public key.
    #[error("registry/BadKey: {bytes} bytes are no {algorithm:?} public key")]
    BadKey {
        /// Algorithm.
        algorithm: KeyAlgorithm,
        /// Length found.
        bytes: usize,
    },
    /// The purpose does not fit the holder.
    #[error("registry/BadPurpose: {purpose:?} is not for this holder")]
    BadPurpose {
        /// The purpose.
        purpose: KeyPurpose,
    },
    /// The key would never be valid.
    #[error("registry/BadValidity: from height {from} to height {to}")]
    BadValidity {
        /// First height.
        from: u64,
        /// End, exclusive.
        to: u64,
    },
    /// Key id taken by the holder.
    #[error("registry/KeyExists: {kid}")]
    KeyExists {
        /// Key id.
        kid: String,
    },
    /// The holder has no such key.
    #[error("registry/UnknownKey: {kid}")]
    UnknownKey {
        /// Key id.
        kid: String,
    },
    /// Revoked before.
    #[error("registry/KeyRevoked: {kid} at height {at}")]
    KeyRevoked {
        /// Key id.
        kid: String,
        /// Height of revocation.
        at: u64,
    },
    /// Source id taken.
    #[error("registry/SourceExists: {source_id}")]
    SourceExists {
        /// Its id.
        source_id: String,
    },
    /// No such source.
    #[error("registry/UnknownSource: {source_id}")]
    UnknownSource {
        /// Its id.
        source_id: String,
    },
    /// The source belongs to another participant.
    #[error("registry/NotSourceOwner: {source_id} belongs to {owner}")]
    NotSourceOwner {
        /// The source.
        source_id: String,
        /// Its owner.
        owner: String,
    },
    /// The source's state machine has no such step.
    #[error("registry/BadSourceState: {source_id} is {from:?} and cannot become {to:?}")]
    BadSourceState {
        /// The source.
        source_id: String,
        /// Where it stands.
        from: SourceStatus,
        /// Where it should go.
        to: SourceStatus,
    },
    /// The range overlaps another one of its scheme (R1).
    #[error("registry/PrefixOverlap: {prefix} overlaps {taken} of {owner}")]
    PrefixOverlap {
        /// What was asked for.
        prefix: String,
        /// What is there.
        taken: String,
        /// Whose it is.
        owner: String,
    },
}

fn expected_name(kind: &ParticipantKind) -> &'static str {
    match kind {
        ParticipantKind::Person => "a name commitment and no name in clear",
        ParticipantKind::Organisation | ParticipantKind::Machine => "a name and no commitment",
    }
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Fault(suyuan_contract_kit::fault::fault(error))
    }
}

impl From<BadText> for ContractError {
    fn from(error: BadText) -> Self {
        Self::Text(error)
    }
}
