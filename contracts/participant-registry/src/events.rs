//! What the contract tells the outside. The chain puts `wasm-` before each name.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// An applicant registered.
    ParticipantRegistered = "participant_registered" { participant, kind }

    /// A certifier voted; `action` is `certify`, `revoke` or `certify_source`.
    VoteRecorded = "vote_recorded" { action, subject, certifier, votes, threshold }

    /// The last vote needed came: the participant may act, its accounts exist.
    ParticipantCertified = "participant_certified" { participant }

    /// An applicant was refused.
    ParticipantRejected = "participant_rejected" { participant, certifier, reason }

    /// Stopped for the time being.
    ParticipantSuspended = "participant_suspended" { participant, certifier, reason }

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

    /// A key was added; `holder` is a participant or a source.
    KeyAdded = "key_added" { holder, kid, from_height }

    /// A key was revoked.
    KeyRevoked = "key_revoked" { holder, kid, height }

    /// A data source was registered.
    SourceRegistered = "source_registered" { source, owner, kind }

    /// A data source may speak.
    SourceCertified = "source_certified" { source, owner }

    /// A data source was stopped for the time being.
    SourceQuarantined = "source_quarantined" { source, owner, reason }

    /// A data source ended.
    SourceRetired = "source_retired" { source, owner }

    /// A number range was assigned.
    PrefixAssigned = "prefix_assigned" { scheme, prefix, participant }
}

/// A plain enum variant as messages spell it.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    cosmwasm_std::to_json_string(value)
        .map(|text| text.trim_matches('"').to_owned())
        .unwrap_or_default()
}
