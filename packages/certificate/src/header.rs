//! Who signed: the header, its validators and their commit, judged by the stock light client verifier.

use tendermint::block::signed_header::SignedHeader;
use tendermint::{validator, Hash};
use tendermint_light_client_verifier::errors::{VerificationError, VerificationErrorDetail};
use tendermint_light_client_verifier::operations::{
    ProdVotingPowerCalculator, VotingPowerCalculator,
};
use tendermint_light_client_verifier::types::{TrustThreshold, UntrustedBlockState};
use tendermint_light_client_verifier::{PredicateVerifier, ProdVerifier, Verdict};

use crate::fault::Fault;
use crate::format::{Certificate, Validator};
use crate::limits::VALIDATORS_MAX;
use crate::report::Signer;
use crate::signed::{stock, Commit};
use crate::trust::{validator_info, validator_set, Anchor};

/// The validators of a certificate as a set.
///
/// # Errors
/// [`Fault::BadValidator`], [`Fault::ValidatorOrder`].
pub(crate) fn validators(given: &[Validator]) -> Result<validator::Set, Fault> {
    if given.is_empty() || given.len() > VALIDATORS_MAX {
        return Err(Fault::BadValidator(format!("number {} (the number of them)", given.len())));
    }
    let mut infos = vec![];
    for (place, one) in given.iter().enumerate() {
        let info = validator_info(&one.ed25519.0, one.power);
        infos.push(info.ok_or_else(|| Fault::BadValidator(place.to_string()))?);
    }
    let set = validator_set(infos.clone()).ok_or_else(|| {
        Fault::ValidatorOrder("one that is there twice, or the sum of power".into())
    })?;
    match set.validators().iter().zip(&infos).position(|(a, b)| a.address != b.address) {
        None => Ok(set),
        Some(place) => Err(Fault::ValidatorOrder(place.to_string())),
    }
}

/// Checks that the header is of the right chain and height and that more than two thirds of its validators signed.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub(crate) fn check(
    certificate: &Certificate,
    set: &validator::Set,
) -> Result<SignedHeader, Fault> {
    let header = &certificate.header;
    if header.chain_id != certificate.chain_id {
        return Err(Fault::ChainMismatch(header.chain_id.clone()));
    }
    if certificate.height.checked_add(1) != Some(header.height) {
        return Err(Fault::HeightMismatch(header.height.to_string()));
    }
    let signed = stock(header, &certificate.commit, set)?;
    if set.hash() != signed.header.validators_hash {
        return Err(Fault::ValidatorsMismatch(signed.header.validators_hash.to_string()));
    }
    if certificate.commit.signatures.iter().all(Option::is_none) {
        return Err(Fault::NotEnoughPower("nobody".into()));
    }
    check_signatures(&signed, set)?;
    match surplus(&certificate.commit, set) {
        None => Ok(signed),
        Some(place) => Err(Fault::SignatureSurplus(place.to_string())),
    }
}

fn check_signatures(signed: &SignedHeader, set: &validator::Set) -> Result<(), Fault> {
    let untrusted =
        UntrustedBlockState { signed_header: signed, validators: set, next_validators: None };
    let verifier: PredicateVerifier<_, _, _> = ProdVerifier::default();
    for verdict in [verifier.verify_validator_sets(&untrusted), verifier.verify_commit(&untrusted)]
    {
        if let Some(fault) = fault_of(verdict) {
            return Err(fault);
        }
    }
    Ok(())
}

fn fault_of(verdict: Verdict) -> Option<Fault> {
    match verdict {
        Verdict::Success => None,
        Verdict::NotEnoughTrust(tally) => Some(Fault::NotEnoughPower(tally.to_string())),
        Verdict::Invalid(detail) => Some(match detail {
            VerificationErrorDetail::InvalidSignature(wrong) => {
                Fault::SignatureInvalid(format!("validator {}", wrong.validator.address))
            }
            VerificationErrorDetail::InsufficientSignersOverlap(tally) => {
                Fault::NotEnoughPower(tally.tally.to_string())
            }
            VerificationErrorDetail::MissingSignature(_) => {
                Fault::SignatureInvalid("one is empty".into())
            }
            other => Fault::CommitMalformed(other.to_string()),
        }),
    }
}

/// The first signature after those that are enough.
pub(crate) fn surplus(commit: &Commit, set: &validator::Set) -> Option<usize> {
    let total = u128::from(set.total_voting_power().value());
    let mut power = 0u128;
    for (place, (vote, validator)) in commit.signatures.iter().zip(set.validators()).enumerate() {
        if vote.is_none() {
            continue;
        }
        if power * 3 > total * 2 {
            return Some(place);
        }
        power += u128::from(validator.power());
    }
    None
}

/// Compares with what is trusted.
///
/// # Errors
/// [`Fault::UntrustedHeader`], [`Fault::OtherChain`], [`Fault::UntrustedValidators`].
pub(crate) fn check_anchor(
    signed: &SignedHeader,
    set: &validator::Set,
    anchor: &Anchor,
) -> Result<Signer, Fault> {
    let chain = match anchor {
        Anchor::None => return Ok(Signer::Unverified),
        Anchor::Header(trusted) => {
            let found: Hash = signed.header.hash();
            let same = found == *trusted;
            return same
                .then_some(Signer::TrustedHeader)
                .ok_or_else(|| Fault::UntrustedHeader(found.to_string()));
        }
        Anchor::Chain(chain) => chain,
    };
    if chain.chain_id != signed.header.chain_id.as_str() {
        return Err(Fault::OtherChain(signed.header.chain_id.to_string()));
    }
    if chain.validators.hash() == set.hash() {
        return Ok(Signer::TrustedValidators);
    }
    let overlap = ProdVotingPowerCalculator::default().check_enough_trust_and_signers(
        signed,
        &chain.validators,
        TrustThreshold::ONE_THIRD,
        set,
    );
    match overlap {
        Ok(()) => Ok(Signer::TrustedOverlap),
        Err(VerificationError(detail, _)) => Err(Fault::UntrustedValidators(detail.to_string())),
    }
}
