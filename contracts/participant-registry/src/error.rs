//! Every refusal, with the values that explain it. The text before the colon is stable; the rest may change.

use cosmwasm_std::StdError;
use suyuan_contract_kit::Fault;
use suyuan_trace_api::participant::{
    IdentifierScheme, KeyAlgorithm, KeyPurpose, ParticipantKind, ParticipantStatus, ProposalStatus,
    ServiceStatus, SourceStatus, MAX_DELAY_S, MAX_OVERLAP_BLOCKS,
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
    /// The delay is longer than allowed.
    #[error("registry/BadDelay: {delay_s} s, at most {MAX_DELAY_S} s")]
    BadDelay {
        /// Seconds.
        delay_s: u64,
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
    /// Who acts for another must be a machine, and a machine must.
    #[error("registry/BadActsFor: a {kind:?} {expected}", expected = expected_principal(.kind))]
    BadActsFor {
        /// Kind of the participant.
        kind: ParticipantKind,
    },
    /// A machine acts for a machine.
    #[error("registry/ActsForMachine: {participant} is a machine; somebody has to answer for it")]
    ActsForMachine {
        /// The other machine.
        participant: String,
    },
    /// Length or alphabet of an identifier.
    #[error("registry/BadIdentifier: {value:?} does not have the form of a {scheme:?}")]
    BadIdentifier {
        /// Which scheme.
        scheme: IdentifierScheme,
        /// The number.
        value: String,
    },
    /// The check digit of an identifier is wrong.
    #[error("registry/BadCheckDigit: {value:?} is not a {scheme:?}, its check digit is wrong")]
    BadCheckDigit {
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
    /// Roles would inherit from themselves (R4).
    #[error("registry/RoleCycle: {role} would inherit from itself")]
    RoleCycle {
        /// The role that closes the cycle.
        role: String,
    },
    /// The chain of inheritance is too long (R4).
    #[error("registry/RoleTooDeep: {role} makes roles inherit over {depth} steps, at most 8")]
    RoleTooDeep {
        /// The role that makes it too long.
        role: String,
        /// Steps.
        depth: usize,
    },
    /// The role is not for this kind of participant.
    #[error("registry/RoleNotForKind: {role} is not for a {kind:?}")]
    RoleNotForKind {
        /// The role.
        role: String,
        /// Kind of the participant.
        kind: ParticipantKind,
    },
    /// Length or form of a public key.
    #[error("registry/BadKey: {bytes} bytes are no {algorithm:?} public key")]
    BadKey {
        /// Algorithm.
        algorithm: KeyAlgorithm,
        /// Length found.
        bytes: usize,
    },
    /// The algorithm does not serve the purpose.
    #[error("registry/BadKeyUse: {algorithm:?} keys do not serve {purpose:?}")]
    BadKeyUse {
        /// Algorithm.
        algorithm: KeyAlgorithm,
        /// The purpose.
        purpose: KeyPurpose,
    },
    /// The purpose does not fit the holder, or the key that the new one takes over from.
    #[error("registry/BadPurpose: {purpose:?} is not for this holder, or not that of the old key")]
    BadPurpose {
        /// The purpose.
        purpose: KeyPurpose,
    },
    /// It would never be valid, or a successor only after its predecessor.
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
    /// Its time was over before.
    #[error("registry/KeyExpired: {kid} at height {at}")]
    KeyExpired {
        /// Key id.
        kid: String,
        /// First height at which it is no longer valid.
        at: u64,
    },
    /// Two keys would be valid beside each other for too long.
    #[error("registry/TooLongOverlap: {blocks} blocks, at most {MAX_OVERLAP_BLOCKS}")]
    TooLongOverlap {
        /// Blocks asked for.
        blocks: u64,
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
    /// No range with exactly this prefix holds, now or later.
    #[error("registry/UnknownPrefix: {scheme} {prefix}")]
    UnknownPrefix {
        /// Scheme.
        scheme: String,
        /// The prefix.
        prefix: String,
    },
    /// The range belongs to another participant.
    #[error("registry/NotPrefixOwner: {prefix} belongs to {owner}")]
    NotPrefixOwner {
        /// The prefix.
        prefix: String,
        /// Whose it is.
        owner: String,
    },
    /// The range is this participant's already.
    #[error("registry/PrefixHeld: {prefix} is {participant}'s already")]
    PrefixHeld {
        /// The prefix.
        prefix: String,
        /// The participant.
        participant: String,
    },
    /// The range is not offered (to the sender).
    #[error("registry/NotOffered: {prefix} is not offered to the sender, or not at all")]
    NotOffered {
        /// The prefix.
        prefix: String,
    },
    /// The participant may use the range already.
    #[error("registry/DelegateExists: {delegate} may use {prefix} already")]
    DelegateExists {
        /// The prefix.
        prefix: String,
        /// The participant.
        delegate: String,
    },
    /// The range is not delegated to this participant.
    #[error("registry/NotDelegate: {prefix} is not delegated to {delegate}")]
    NotDelegate {
        /// The prefix.
        prefix: String,
        /// The participant.
        delegate: String,
    },
    /// A grant to oneself.
    #[error("registry/SelfGrant: {participant} may read its own data")]
    SelfGrant {
        /// The participant.
        participant: String,
    },
    /// A time that ends before it begins.
    #[error("registry/BadPeriod: from {from_s} s until {until_s} s")]
    BadPeriod {
        /// Beginning, seconds since 1970.
        from_s: u64,
        /// End.
        until_s: u64,
    },
    /// No such grant.
    #[error("registry/UnknownGrant: {grant}")]
    UnknownGrant {
        /// Its number.
        grant: u64,
    },
    /// The grant is another participant's.
    #[error("registry/NotGrantor: grant {grant} was given by {grantor}")]
    NotGrantor {
        /// Its number.
        grant: u64,
        /// Who gave it.
        grantor: String,
    },
    /// The grant was revoked, or its time is over.
    #[error("registry/GrantOver: {grant}")]
    GrantOver {
        /// Its number.
        grant: u64,
    },
    /// Nothing to hand over.
    #[error("registry/NoEnvelopes: nothing to add to grant {grant}")]
    NoEnvelopes {
        /// The grant.
        grant: u64,
    },
    /// Service id taken.
    #[error("registry/ServiceExists: {service}")]
    ServiceExists {
        /// Its id.
        service: String,
    },
    /// No such service.
    #[error("registry/UnknownService: {service}")]
    UnknownService {
        /// Its id.
        service: String,
    },
    /// The service is operated by another participant.
    #[error("registry/NotServiceOwner: {service} is operated by {owner}")]
    NotServiceOwner {
        /// The service.
        service: String,
        /// Its operator.
        owner: String,
    },
    /// The service's state machine has no such step.
    #[error("registry/BadServiceState: {service} is {from:?} and cannot become {to:?}")]
    BadServiceState {
        /// The service.
        service: String,
        /// Where it stands.
        from: ServiceStatus,
        /// Where it should go.
        to: ServiceStatus,
    },
    /// The service moved since it was looked at.
    #[error("registry/ServiceMoved: {service} is now at {to}")]
    ServiceMoved {
        /// The service.
        service: String,
        /// Where it is.
        to: String,
    },
    /// The endpoint has no encrypted channel, or is none.
    #[error("registry/BadEndpoint: {endpoint:?} is no URI with an encrypted channel")]
    BadEndpoint {
        /// The endpoint.
        endpoint: String,
    },
    /// No such proposal.
    #[error("registry/UnknownProposal: {proposal}")]
    UnknownProposal {
        /// Its number.
        proposal: u64,
    },
    /// The proposal is done or ended.
    #[error("registry/ProposalOver: proposal {proposal} is {status:?}")]
    ProposalOver {
        /// Its number.
        proposal: u64,
        /// Where it stands.
        status: ProposalStatus,
    },
    /// The certifier has no vote to take back.
    #[error("registry/NotVoted: {sender} did not vote for proposal {proposal}")]
    NotVoted {
        /// Who sent it.
        sender: String,
        /// The proposal.
        proposal: u64,
    },
    /// Not enough certifiers agree yet.
    #[error("registry/VotesMissing: proposal {proposal} has {votes} of {threshold} votes")]
    VotesMissing {
        /// The proposal.
        proposal: u64,
        /// Votes so far.
        votes: usize,
        /// Votes needed.
        threshold: u32,
    },
    /// The announced delay is not over.
    #[error(
        "registry/DelayNotOver: proposal {proposal} from {executable_at_s} s on, now {now_s} s"
    )]
    DelayNotOver {
        /// The proposal.
        proposal: u64,
        /// From when it can be executed, seconds since 1970.
        executable_at_s: u64,
        /// Time of the block.
        now_s: u64,
    },
}

fn expected_name(kind: &ParticipantKind) -> &'static str {
    match kind {
        ParticipantKind::Person => "a name commitment and no name in clear",
        ParticipantKind::Organisation | ParticipantKind::Machine => "a name and no commitment",
    }
}

fn expected_principal(kind: &ParticipantKind) -> &'static str {
    match kind {
        ParticipantKind::Machine => "acts for a person or an organisation",
        ParticipantKind::Organisation | ParticipantKind::Person => "acts for itself",
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
