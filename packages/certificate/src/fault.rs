//! Why a certificate is refused: one reason code per class, for programs; a sentence, for people.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// What does not hold. Each variant names what it is about.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Fault {
            $($(#[$doc])* #[error($text)] $name(String),)*
        }

        impl Fault {
            /// The reason code: stable, part of the interface.
            pub const fn reason(&self) -> &'static str {
                match self { $(Self::$name(_) => $code,)* }
            }

            /// All reason codes.
            pub const REASONS: &'static [&'static str] = &[$($code,)*];
        }
    };
}

faults! {
    /// More than a verifier reads.
    TooLarge = "too_large", "the certificate is too large: {0}";
    /// Not JSON, cut off, or with other fields than the format has.
    Unreadable = "unreadable", "the file is not a certificate: {0}";
    /// Another format or version.
    UnknownFormat = "unknown_format", "the format {0:?} is not known";
    /// Readable, but spelled differently from the one canonical form.
    NotCanonical = "not_canonical", "the file is not in canonical form, it differs at byte {0}";
    /// The digest at its end does not fit.
    DigestMismatch = "digest_mismatch", "the file has changed: its digest would be {0}";

    /// The header is of another chain than the certificate says.
    ChainMismatch = "chain_mismatch", "the header is of chain {0}";
    /// The header is not of the height after the state.
    HeightMismatch = "height_mismatch", "the header is of height {0}, which is not the one after the state";
    /// A header with a field that cannot be.
    BadHeader = "bad_header", "the header's {0} cannot be";
    /// A validator that cannot be.
    BadValidator = "bad_validator", "validator {0} cannot be";
    /// The validators are not in the order of their set, or one is there twice.
    ValidatorOrder = "validator_order", "the validators are not in order at {0}";
    /// The validators are not those of the header.
    ValidatorsMismatch = "validators_mismatch", "the header was signed by other validators: {0}";
    /// The commit does not have a place for each validator.
    CommitMalformed = "commit_malformed", "the commit does not fit to the validators: {0}";
    /// A signature is wrong.
    SignatureInvalid = "signature_invalid", "a signature does not hold: {0}";
    /// Not more than two thirds of the power signed.
    NotEnoughPower = "not_enough_power", "not more than two thirds of the power signed: {0}";
    /// More signatures than the canonical form has.
    SignatureSurplus = "signature_surplus", "signature {0} is not needed";

    /// The trusted header is another one.
    UntrustedHeader = "untrusted_header", "the header is {0}, not the trusted one";
    /// The trusted chain has another id.
    OtherChain = "other_chain", "this is chain {0}, not the trusted one";
    /// The validators are not the trusted ones, and too few of the trusted ones signed.
    UntrustedValidators = "untrusted_validators", "the validators are not the trusted ones: {0}";
    /// The contracts are not those of the deployment.
    OtherDeployment = "other_deployment", "{0}";

    /// A proof does not lead from the record to the store's root.
    ProofBroken = "proof_broken", "the proof of {0} does not hold";
    /// A node that points at no earlier one, or a path that is too long.
    ProofMalformed = "proof_malformed", "the proof nodes are malformed at {0}";
    /// The store's root is not under the app hash.
    StoreProofBroken = "store_proof_broken", "the store's root is not under the app hash{0}";
    /// Proof nodes in another order, twice or unused.
    ProofOrder = "proof_order", "the proof nodes are not in canonical order: {0}";

    /// Not an address.
    BadAddress = "bad_address", "{0} is not a contract's address";
    /// Two contracts at one address, or one that does not say the others' addresses.
    AddressChain = "address_chain", "the contracts do not belong together: {0}";
    /// A record of the wasm module that cannot be read.
    ContractUnreadable = "contract_unreadable", "{0} cannot be read";
    /// The codes are not exactly those of the contracts.
    CodesMismatch = "codes_mismatch", "the codes are not those of the contracts: {0}";
    /// A code that is not known.
    UnknownCode = "unknown_code", "a contract runs or ran code that is not known: {0}";
    /// A history that does not begin with the contract's birth, or goes on with something else than migrations.
    HistoryMismatch = "history_mismatch", "the history does not fit to the contract: {0}";
    /// A history with something after its end.
    HistoryIncomplete = "history_incomplete", "the history is not proved complete: {0}";

    /// Units out of order or repeated.
    UnitOrder = "unit_order", "the units are not in order, each once, at {0}";
    /// Two units with one code.
    UnitRepeated = "unit_repeated", "two units have the code {0}";
    /// A record of a unit that cannot be read.
    UnitUnreadable = "unit_unreadable", "{0} cannot be read";
    /// The start is not among the units.
    StartMissing = "start_missing", "the trace starts from {0}, which is not among the units";
    /// A link leads to a unit that is not there.
    UnitMissing = "unit_missing", "the unit {0} is missing";
    /// A unit that the start does not lead to.
    UnitForeign = "unit_foreign", "the unit {0} does not belong to the trace";

    /// Links out of order or repeated.
    LinkOrder = "link_order", "the links are not in order, each once, at {0}";
    /// A step of a link that is not there.
    LinkMissing = "link_missing", "the link {0} is missing";
    /// A step of another unit's link, or a link that no unit has.
    LinkForeign = "link_foreign", "the link {0} does not belong to the unit";
    /// Steps that cannot follow each other.
    LinkSteps = "link_steps", "the steps of link {0} cannot be";
    /// An end at a revision that the unit never had.
    LinkRevision = "link_revision", "link {0} names a revision that the unit does not have";
    /// The unit's record counts other links.
    LinksCount = "links_count", "the unit's record counts other links: {0}";
    /// The links are not those that the unit's record has accumulated.
    LinksAccumulator = "links_accumulator", "the links are not those of the unit's record: {0}";

    /// Events out of order or repeated.
    EventOrder = "event_order", "the events are not in order, each once, at {0}";
    /// A unit names an event that is not there.
    EventMissing = "event_missing", "the event {0} is missing";
    /// An event that no unit has.
    EventForeign = "event_foreign", "the event {0} belongs to no unit";
    /// An event that cannot be read.
    EventUnreadable = "event_unreadable", "event {0} cannot be read";
    /// An event whose content is not what its digest says.
    EventContent = "event_content", "the content of event {0} is not what its digest says";
    /// The unit's record counts other events.
    EventsCount = "events_count", "the unit's record counts other events: {0}";
    /// The events are not those that the unit's record has accumulated.
    EventsAccumulator = "events_accumulator", "the events are not those of the unit's record: {0}";

    /// The attestations are of another certificate.
    AttestationForeign = "attestation_foreign", "the attestations are of another certificate: {0}";
    /// Participants out of order or repeated, too many, or none.
    AttestorOrder = "attestor_order", "the attestors are not in order, each once, at {0}";
    /// A record of the registry that cannot be read.
    AttestorUnreadable = "attestor_unreadable", "{0} cannot be read";
    /// A participant that is not active at the time of the header.
    AttestorInactive = "attestor_inactive", "the attestor {0}";
    /// A participant that no role lets attest, or a machine.
    AttestorNotPermitted = "attestor_not_permitted", "{0} may not attest";
    /// A key for something else, or not valid at the height.
    AttestorKey = "attestor_key", "key {0} is not for attesting, or not valid at this height";
    /// A signature that is not over this certificate by this key.
    AttestationInvalid = "attestation_invalid", "the signature with key {0} does not hold";
    /// Fewer attestors than the caller wants.
    TooFewAttestors = "too_few_attestors", "too few attestors: {0}";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_class_has_its_own_reason() {
        let distinct: BTreeSet<_> = Fault::REASONS.iter().collect();
        assert_eq!(distinct.len(), Fault::REASONS.len());
        assert_eq!(Fault::UnitMissing("A".into()).reason(), "unit_missing");
        assert_eq!(Fault::UnitMissing("A".into()).to_string(), "the unit A is missing");
    }
}
