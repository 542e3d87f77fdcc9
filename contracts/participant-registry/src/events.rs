//! What the contract tells the outside. The chain puts `wasm-` before each name.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// An applicant registered.
    ParticipantRegistered = "participant_registered" { participant, kind }

    /// A certifier voted; `action` says for what.
    VoteRecorded = "vote_recorded" { action, subject, certifier, votes, threshold }

    /// The last vote needed came: the participant may act, its accounts exist.
    ParticipantCertified = "participant_certified" { participant }

    /// An applicant was refused.
    ParticipantRejected = "participant_rejected" { participant, certifier, reason }

    /// Stopped until a time by one certifier, or until a `decision` by enough of them.
    ParticipantSuspended = "participant_suspended" { participant, certifier, until_s, reason }

    /// May act again.
    ParticipantReinstated = "participant_reinstated" { participant, certifier }

    /// Ended for good.
    ParticipantRevoked = "participant_revoked" { participant, reason }

    /// A role was defined or replaced.
    RoleDefined = "role_defined" { role, certifier }

    /// A role was given.
    RoleGranted = "role_granted" { participant, role, certifier }

    /// A role was taken away.
    RoleWithdrawn = "role_withdrawn" { participant, role, certifier }

    /// Another address acts for a participant.
    AddressBound = "address_bound" { participant, address }

    /// An address acts no longer.
    AddressUnbound = "address_unbound" { participant, address }

    /// A participant commits to other master data; empty = to none.
    MetadataSet = "metadata_set" { participant, metadata }

    /// A key was added; `holder` is a participant or a source.
    KeyAdded = "key_added" { holder, kid, from_height }

    /// A key has a successor and ends at a height.
    KeyEnding = "key_ending" { holder, kid, successor, to_height }

    /// A key was revoked.
    KeyRevoked = "key_revoked" { holder, kid, height }

    /// A data source was registered.
    SourceRegistered = "source_registered" { source, owner, kind }

    /// A data source may speak.
    SourceCertified = "source_certified" { source, owner }

    /// A data source was stopped until a time by one certifier, or until a `decision`.
    SourceQuarantined = "source_quarantined" { source, owner, until_s, reason }

    /// A data source ended.
    SourceRetired = "source_retired" { source, owner }

    /// A number range was assigned.
    PrefixAssigned = "prefix_assigned" { scheme, prefix, participant, from_height }

    /// A number range went to another participant.
    PrefixTransferred = "prefix_transferred" { scheme, prefix, from, to }

    /// Its owner offers a number range to another participant.
    PrefixOffered = "prefix_offered" { scheme, prefix, to }

    /// The offer of a number range was taken back.
    PrefixOfferWithdrawn = "prefix_offer_withdrawn" { scheme, prefix }

    /// Another participant may use a number range.
    PrefixDelegated = "prefix_delegated" { scheme, prefix, delegate }

    /// It may no longer.
    PrefixUndelegated = "prefix_undelegated" { scheme, prefix, delegate }

    /// A participant lets another one read its hidden data.
    GrantGiven = "grant_given" { grant, grantor, grantee, tier }

    /// Further key envelopes were handed over.
    EnvelopesAdded = "envelopes_added" { grant, added }

    /// A read grant ended.
    GrantRevoked = "grant_revoked" { grant, grantor, grantee }

    /// A service was registered.
    ServiceRegistered = "service_registered" { service, owner, kind, endpoint }

    /// A service moved, and needs its certification anew.
    ServiceMoved = "service_moved" { service, endpoint }

    /// A service was certified until a time.
    ServiceCertified = "service_certified" { service, owner, until_s }

    /// A service ended.
    ServiceRevoked = "service_revoked" { service, owner }

    /// A certifier proposed something.
    ProposalOpened = "proposal_opened" { proposal, action, certifier }

    /// A certifier voted for a proposal.
    ProposalVoted = "proposal_voted" { proposal, certifier, votes, threshold }

    /// A proposal has the votes and can be executed from a time on.
    ProposalAnnounced = "proposal_announced" { proposal, action, executable_at_s }

    /// A certifier took its vote back.
    VoteWithdrawn = "vote_withdrawn" { proposal, certifier, votes }

    /// A proposal ended, since no vote was left.
    ProposalWithdrawn = "proposal_withdrawn" { proposal }

    /// A proposal was executed.
    ProposalExecuted = "proposal_executed" { proposal, action, certifier }

    /// Certifiers, threshold and delay were replaced; open proposals ended.
    GovernanceSet = "governance_set" { certifiers, threshold, delay_s, round }

    /// A contract was told to run other code.
    MigrationOrdered = "migration_ordered" { contract, code_id }

    /// A contract got another admin.
    AdminUpdated = "admin_updated" { contract, admin }

    /// A contract has no admin any more.
    AdminCleared = "admin_cleared" { contract }
}

/// A plain enum variant as messages spell it.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    suyuan_trace_api::json::to_json_string(value)
        .map(|text| text.trim_matches('"').to_owned())
        .unwrap_or_default()
}
