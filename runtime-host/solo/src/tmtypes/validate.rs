//! The oracle: CometBFT's rules for a valid block (`state/validation.go`, `types/block.go` of 0.38), independent of the
//! code that builds blocks.

use tendermint::block::Block;

use super::{
    commit_hash, commit_time, consensus_hash, data_hash, empty_hash, sha, tx_hash, verify_commit,
    ChainState, BLOCK_VERSION,
};

/// Why a block is invalid after a state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid block: {0}")]
pub struct InvalidBlock(pub String);

/// Whether CometBFT would accept `block` (of `size` encoded bytes) after `state`.
pub fn validate_block(state: &ChainState, block: &Block, size: usize) -> Result<(), InvalidBlock> {
    validate_position(state, block)?;
    validate_content(block, size, state)?;
    validate_carried_state(state, block)?;
    validate_last_commit(state, block)?;
    validate_time(state, block)
}

fn check(holds: bool, what: &str) -> Result<(), InvalidBlock> {
    if holds {
        Ok(())
    } else {
        Err(InvalidBlock(what.to_string()))
    }
}

fn validate_position(state: &ChainState, block: &Block) -> Result<(), InvalidBlock> {
    let header = &block.header;
    check(header.version.block == BLOCK_VERSION, "block version")?;
    check(header.version.app == state.app_version, "app version")?;
    check(header.chain_id == state.chain_id, "chain id")?;
    let height = state.next_height().map_err(|e| InvalidBlock(e.what))?;
    check(header.height == height, "height")?;
    check(header.last_block_id == state.last.as_ref().map(|l| l.id), "last block id")
}

fn validate_content(block: &Block, size: usize, state: &ChainState) -> Result<(), InvalidBlock> {
    let header = &block.header;
    let hashes: Vec<_> = block.data.iter().map(|tx| tx_hash(tx)).collect();
    check(header.data_hash == Some(sha(data_hash(&hashes))), "data hash")?;
    check(block.evidence == tendermint::evidence::List::default(), "evidence in a solo chain")?;
    check(header.evidence_hash == Some(sha(empty_hash())), "evidence hash")?;
    check(size as u64 <= state.params.block.max_bytes, "block size")
}

fn validate_carried_state(state: &ChainState, block: &Block) -> Result<(), InvalidBlock> {
    let header = &block.header;
    check(header.app_hash.as_bytes() == state.app_hash, "app hash")?;
    check(header.consensus_hash == sha(consensus_hash(&state.params)), "consensus hash")?;
    check(header.last_results_hash == Some(sha(state.last_results_hash)), "last results hash")?;
    check(header.validators_hash == state.validators.hash(), "validators hash")?;
    check(header.next_validators_hash == state.validators.hash(), "next validators hash")?;
    check(state.validators.validator(header.proposer_address).is_some(), "proposer is no validator")
}

fn validate_last_commit(state: &ChainState, block: &Block) -> Result<(), InvalidBlock> {
    let commit = block.last_commit.as_ref();
    check(block.header.last_commit_hash == Some(sha(commit_hash(commit))), "last commit hash")?;
    match (&state.last, commit) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(InvalidBlock("the first block has a last commit".to_string())),
        (Some(_), None) => Err(InvalidBlock("the last commit is missing".to_string())),
        (Some(last), Some(commit)) => {
            let height = tendermint::block::Height::try_from(last.height)
                .map_err(|e| InvalidBlock(format!("last height: {e}")))?;
            verify_commit(&state.chain_id, &state.validators, height, last.id, commit)
                .map_err(InvalidBlock)
        }
    }
}

fn validate_time(state: &ChainState, block: &Block) -> Result<(), InvalidBlock> {
    let time = block.header.time;
    match &state.last {
        None => check(time == state.genesis_time, "time of the first block is not genesis time"),
        Some(last) => {
            check(time.after(last.time), "time does not grow")?;
            check(
                block.last_commit.as_ref().and_then(commit_time) == Some(time),
                "time is not the median of the commit",
            )
        }
    }
}
