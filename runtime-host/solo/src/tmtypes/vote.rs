//! Precommits of the one validator, and commits made of them.

use tendermint::block::{self, Commit, CommitSig, Height, Round};
use tendermint::crypto::default::signature::Verifier;
use tendermint::vote::{Type, ValidatorIndex, Vote};
use tendermint::{account, chain, validator, Signature, Time};

/// The bytes that a precommit for `id` at round 0 signs.
pub fn precommit_sign_bytes(
    chain_id: &chain::Id,
    height: Height,
    id: block::Id,
    time: Time,
    by: account::Id,
) -> Vec<u8> {
    let vote = Vote {
        vote_type: Type::Precommit,
        height,
        round: Round::from(0u8),
        block_id: Some(id),
        timestamp: Some(time),
        validator_address: by,
        validator_index: ValidatorIndex::try_from(0u32).expect("0 is a valid index"),
        signature: None,
        extension: Vec::new(),
        extension_signature: None,
    };
    vote.into_signable_vec(chain_id.clone())
}

/// The commit of one signature.
pub fn commit_of(
    height: Height,
    id: block::Id,
    time: Time,
    by: account::Id,
    signature: Signature,
) -> Commit {
    Commit {
        height,
        round: Round::from(0u8),
        block_id: id,
        signatures: vec![CommitSig::BlockIdFlagCommit {
            validator_address: by,
            timestamp: time,
            signature: Some(signature),
        }],
    }
}

/// BFT time of a commit with one signature: the weighted median of one timestamp is that timestamp.
pub fn commit_time(commit: &Commit) -> Option<Time> {
    match commit.signatures.as_slice() {
        [CommitSig::BlockIdFlagCommit { timestamp, .. }] => Some(*timestamp),
        _ => None,
    }
}

/// Whether `commit` is the one validator's valid precommit for `id` at `height`.
pub fn verify_commit(
    chain_id: &chain::Id,
    set: &validator::Set,
    height: Height,
    id: block::Id,
    commit: &Commit,
) -> Result<(), String> {
    if commit.height != height || commit.block_id != id || commit.round.value() != 0 {
        return Err(format!("the commit of height {height} is for another block"));
    }
    let (
        [validator],
        [CommitSig::BlockIdFlagCommit { validator_address, timestamp, signature: Some(signature) }],
    ) = (set.validators().as_slice(), commit.signatures.as_slice())
    else {
        return Err(format!("the commit of height {height} is not one signature of one validator"));
    };
    if *validator_address != validator.address {
        return Err(format!("the commit of height {height} is signed by {validator_address}"));
    }
    let bytes = precommit_sign_bytes(chain_id, height, id, *timestamp, *validator_address);
    validator
        .verify_signature::<Verifier>(&bytes, signature)
        .map_err(|_| format!("the signature of the commit of height {height} is wrong"))
}
