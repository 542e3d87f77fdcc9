//! What the next block's header depends on: the driver's replicated state.

use std::time::Duration;

use suyuan_core::{HostFault, Hosted};
use tendermint::block::{self, header::Version, Commit, Header, Height};
use tendermint::{account, chain, consensus, evidence, validator, AppHash, Time};

use super::{commit_hash, commit_time, consensus_hash, data_hash, empty_hash, results_hash, sha};
use crate::application::{ConsensusParams, TxOutcome};
use crate::genesis::Genesis;
use suyuan_core::Hash32;

/// Block protocol version of CometBFT 0.38.
pub const BLOCK_VERSION: u64 = 11;

/// The last block, as far as the next one depends on it.
#[derive(Clone, Debug)]
pub struct LastBlock {
    /// Height.
    pub height: u64,
    /// Id.
    pub id: block::Id,
    /// Header time.
    pub time: Time,
}

/// Everything that determines and judges the next block.
#[derive(Clone, Debug)]
pub struct ChainState {
    /// Chain id.
    pub chain_id: chain::Id,
    /// Height of the first block.
    pub initial_height: u64,
    /// Time of the first block.
    pub genesis_time: Time,
    /// App version for headers.
    pub app_version: u64,
    /// The one validator.
    pub validators: validator::Set,
    /// Consensus parameters; a solo chain keeps those of its genesis.
    pub params: consensus::Params,
    /// The last block; `None` before the first.
    pub last: Option<LastBlock>,
    /// App hash after the last block (or of genesis).
    pub app_hash: Vec<u8>,
    /// Results hash of the last block.
    pub last_results_hash: Hash32,
}

/// What a proposer chooses about a block.
#[derive(Clone, Copy, Debug)]
pub struct BlockDraft<'a> {
    /// Hashes of the transactions in block order.
    pub tx_hashes: &'a [Hash32],
    /// Precommits for the last block; `None` at the first block only.
    pub last_commit: Option<&'a Commit>,
}

impl ChainState {
    /// The state before the first block.
    pub fn new(genesis: &Genesis, validators: validator::Set, app_hash: Vec<u8>) -> Self {
        ChainState {
            chain_id: genesis.chain_id.clone(),
            initial_height: genesis.initial_height,
            genesis_time: genesis.genesis_time,
            app_version: genesis.app_version(),
            validators,
            params: genesis.consensus_params.clone(),
            last: None,
            app_hash,
            last_results_hash: empty_hash(),
        }
    }

    /// Height of the next block.
    pub fn next_height(&self) -> Hosted<Height> {
        let next = match &self.last {
            None => Some(self.initial_height),
            Some(last) => last.height.checked_add(1),
        };
        next.and_then(|h| Height::try_from(h).ok())
            .ok_or_else(|| HostFault::new("the chain has no further height"))
    }

    /// Address of the validator that proposes every block.
    pub fn proposer(&self) -> account::Id {
        self.validators.validators().first().map_or(account::Id::new([0; 20]), |v| v.address)
    }

    /// The header that this state and the draft determine. Header time is BFT time: the timestamp of the last
    /// commit, or genesis time.
    pub fn header(&self, draft: BlockDraft<'_>) -> Hosted<Header> {
        let time = match (draft.last_commit, &self.last) {
            (None, None) => self.genesis_time,
            (Some(commit), Some(_)) => commit_time(commit)
                .ok_or_else(|| HostFault::new("the last commit has no timestamp"))?,
            _ => return Err(HostFault::new("a last commit belongs to every block but the first")),
        };
        let app_hash = AppHash::try_from(self.app_hash.clone())
            .map_err(|e| HostFault::new(format!("the app hash does not fit into a header: {e}")))?;
        Ok(Header {
            version: Version { block: BLOCK_VERSION, app: self.app_version },
            chain_id: self.chain_id.clone(),
            height: self.next_height()?,
            time,
            last_block_id: self.last.as_ref().map(|l| l.id),
            last_commit_hash: Some(sha(commit_hash(draft.last_commit))),
            data_hash: Some(sha(data_hash(draft.tx_hashes))),
            validators_hash: self.validators.hash(),
            next_validators_hash: self.validators.hash(),
            consensus_hash: sha(consensus_hash(&self.params)),
            app_hash,
            last_results_hash: Some(sha(self.last_results_hash)),
            evidence_hash: Some(sha(empty_hash())),
            proposer_address: self.proposer(),
        })
    }

    /// Parameters that a block replaced: they hold from the next one on.
    pub fn replace_params(&mut self, new: &ConsensusParams) {
        let block = &mut self.params.block;
        block.max_bytes = u64::try_from(new.block_max_bytes).unwrap_or(block.max_bytes);
        block.max_gas = new.block_max_gas;
        let evidence = &mut self.params.evidence;
        evidence.max_age_num_blocks =
            u64::try_from(new.evidence_max_age_blocks).unwrap_or(evidence.max_age_num_blocks);
        if let Ok(ns) = u64::try_from(new.evidence_max_age_ns) {
            evidence.max_age_duration = evidence::Duration(Duration::from_nanos(ns));
        }
        evidence.max_bytes = new.evidence_max_bytes;
    }

    /// The state after a block with this id and time was executed.
    pub fn advance(&mut self, block: LastBlock, app_hash: Hash32, results: &[TxOutcome]) {
        self.last = Some(block);
        self.app_hash = app_hash.to_vec();
        self.last_results_hash = results_hash(results);
    }
}
