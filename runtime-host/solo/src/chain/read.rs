//! Blocks and what came of them, by height or hash.

use suyuan_core::{merkle, Hash32, HostFault};
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::Header;

use super::Chain;
use crate::answers::{
    BlockAnswer, BlockMeta, BlockResults, Blockchain, CommitAnswer, ConsensusParams, TxAnswer,
    TxProof, Validators,
};
use crate::block_log::{StoredBlock, StoredTx};
use crate::error::{Answer, ChainError};

/// Most headers that `blockchain` answers with (CometBFT).
pub const BLOCKCHAIN_PAGE_MAX: u64 = 20;

impl Chain {
    /// The block of a height; `None` is the latest.
    pub fn block(&self, height: Option<i64>) -> Answer<BlockAnswer> {
        let height = self.height(height)?;
        self.block_answer(&self.stored(height)?)
    }

    /// The block with this header hash.
    pub fn block_by_hash(&self, hash: &[u8]) -> Answer<Option<BlockAnswer>> {
        self.stored_by_hash(hash)?.map(|block| self.block_answer(&block)).transpose()
    }

    /// What executing the block of a height did.
    pub fn block_results(&self, height: Option<i64>) -> Answer<BlockResults> {
        let height = self.height(height)?;
        let block = self.stored(height)?;
        Ok(BlockResults {
            height,
            tx_results: self.guarded(block.results())?,
            events: self.guarded(block.events())?,
            app_hash: block.head().app_hash.to_vec(),
        })
    }

    /// The header of a height; `None` is the latest.
    pub fn header(&self, height: Option<i64>) -> Answer<Header> {
        let height = self.height(height)?;
        self.guarded(self.stored(height)?.header())
    }

    /// The header with this hash.
    pub fn header_by_hash(&self, hash: &[u8]) -> Answer<Option<Header>> {
        self.stored_by_hash(hash)?.map(|block| self.guarded(block.header())).transpose()
    }

    /// Header and signatures of a height. Below the latest height the commit is the canonical one, that the next
    /// block contains; at the latest it is the one made with the block.
    pub fn commit(&self, height: Option<i64>) -> Answer<CommitAnswer> {
        let latest = self.tip()?.height();
        let height = self.height(height)?;
        let block = self.stored(height)?;
        let header = self.guarded(block.header())?;
        let canonical = height < latest;
        let commit = if canonical {
            self.guarded(self.stored(height + 1)?.last_commit())?
        } else {
            self.guarded(block.seen_commit())?
        };
        let signed_header = SignedHeader::new(header, commit).map_err(|e| {
            HostFault::new(format!("the commit of height {height} does not fit its header: {e}"))
        });
        Ok(CommitAnswer { signed_header: self.guarded(signed_header)?, canonical })
    }

    /// The validators of a height up to the one that comes next; `None` is the next height, as light clients expect.
    pub fn validators(&self, height: Option<i64>) -> Answer<Validators> {
        let next = self.tip()?.height().saturating_add(1);
        let height = self.height_up_to(height, next)?;
        Ok(Validators { height, set: self.shared.validators.clone() })
    }

    /// Consensus parameters of a height up to the one that comes next; `None` is the next height.
    pub fn consensus_params(&self, height: Option<i64>) -> Answer<ConsensusParams> {
        let latest = self.tip()?.height();
        let height = self.height_up_to(height, latest.saturating_add(1))?;
        let params = self.guarded(self.stored(height.min(latest))?.params())?;
        Ok(ConsensusParams { height, params })
    }

    /// Headers from `max` down to `min`, at most [`BLOCKCHAIN_PAGE_MAX`]; 0 stands for "no bound".
    pub fn blockchain(&self, min: i64, max: i64) -> Answer<Blockchain> {
        let latest = self.tip()?.height();
        let bound =
            |asked: i64| u64::try_from(asked).map_err(|_| ChainError::HeightNotPositive { asked });
        let base = self.base();
        let max = match bound(max)? {
            0 => latest,
            max => max.min(latest),
        };
        let min = bound(min)?.max(base).max(max.saturating_sub(BLOCKCHAIN_PAGE_MAX - 1));
        if min > max {
            return Err(ChainError::HeightRange { min, max });
        }
        let metas =
            (min..=max).rev().map(|h| self.meta(&self.stored(h)?)).collect::<Answer<_>>()?;
        Ok(Blockchain { last_height: latest, metas })
    }

    /// The transaction with this hash. One that is in several blocks is shown where it succeeded.
    pub fn tx(&self, hash: &[u8], prove: bool) -> Answer<TxAnswer> {
        let mut wanted: Hash32 = [0; 32];
        if hash.len() != wanted.len() {
            return Err(ChainError::Query(format!(
                "a transaction hash has 32 bytes, not {}",
                hash.len()
            )));
        }
        wanted.copy_from_slice(hash);
        let latest = self.tip()?.height();
        let found = self.guarded(self.shared.log.tx(&wanted, latest))?;
        self.tx_answer(found.ok_or(ChainError::TxNotFound { hash: wanted })?, prove)
    }

    pub(super) fn tx_answer(&self, found: StoredTx, prove: bool) -> Answer<TxAnswer> {
        let proof = if prove { Some(self.prove(&found)?) } else { None };
        let StoredTx { hash, spot, tx, result } = found;
        Ok(TxAnswer { hash, height: spot.height, index: spot.index, result, tx, proof })
    }

    fn prove(&self, found: &StoredTx) -> Answer<TxProof> {
        let hashes = self.guarded(self.stored(found.spot.height)?.tx_hashes())?;
        let (root_hash, proof) =
            self.guarded(merkle::prove(&hashes, found.spot.index as usize).ok_or_else(|| {
                HostFault::new("a stored transaction is beyond the end of its block")
            }))?;
        Ok(TxProof { root_hash, data: found.tx.clone(), proof })
    }

    pub(super) fn block_answer(&self, block: &StoredBlock) -> Answer<BlockAnswer> {
        let decoded = self.guarded(block.block())?;
        Ok(BlockAnswer { id: block.head().id, block: decoded, size: block.size() })
    }

    fn meta(&self, block: &StoredBlock) -> Answer<BlockMeta> {
        Ok(BlockMeta {
            id: block.head().id,
            size: block.size(),
            header: self.guarded(block.header())?,
            num_txs: u64::from(block.head().tx_count),
        })
    }

    /// The stored block of a published height.
    pub(super) fn stored(&self, height: u64) -> Answer<StoredBlock> {
        let found = self.guarded(self.shared.log.block(height))?;
        found.ok_or_else(|| {
            let lowest = self.base();
            ChainError::HeightGone { asked: height, lowest }
        })
    }

    fn stored_by_hash(&self, hash: &[u8]) -> Answer<Option<StoredBlock>> {
        let Ok(hash) = Hash32::try_from(hash) else { return Ok(None) };
        let latest = self.tip()?.height();
        self.guarded(self.shared.log.block_by_hash(&hash, latest))
    }

    /// The lowest height kept.
    pub(super) fn base(&self) -> u64 {
        self.shared.log.heights().map_or(0, |(base, _)| base)
    }

    fn height(&self, asked: Option<i64>) -> Answer<u64> {
        self.height_up_to(asked, self.tip()?.height())
    }

    fn height_up_to(&self, asked: Option<i64>, latest: u64) -> Answer<u64> {
        let Some(asked) = asked else { return Ok(latest) };
        let height = u64::try_from(asked)
            .ok()
            .filter(|h| *h > 0)
            .ok_or(ChainError::HeightNotPositive { asked })?;
        if height > latest {
            return Err(ChainError::HeightAhead { asked: height, latest });
        }
        let lowest = self.base();
        if height < lowest {
            return Err(ChainError::HeightGone { asked: height, lowest });
        }
        Ok(height)
    }
}
