//! Searches for transactions and blocks.
//!
//! `tx.hash`, `tx.height` and `block.height` are answered from the index. Conditions on events read the blocks in the
//! asked range of heights, newest or oldest first, up to a bound.

use std::ops::RangeInclusive;

use super::Chain;
use crate::answers::{BlockSearch, Page, SearchOrder, TxAnswer, TxSearch};
use crate::block_log::{StoredTx, TxSpot};
use crate::error::{Answer, ChainError};
use crate::query::Query;

/// Entries per page unless asked otherwise.
pub const PER_PAGE_DEFAULT: u64 = 30;
/// Most entries per page; more are clipped.
pub const PER_PAGE_MAX: u64 = 100;
/// Most transactions (or blocks, for a block search) that one search by events reads.
pub const SEARCH_READS_MAX: u64 = 200_000;

const TX_HASH: &str = "tx.hash";
const TX_HEIGHT: &str = "tx.height";
const BLOCK_HEIGHT: &str = "block.height";
const TX_RESERVED: [&str; 2] = [TX_HASH, TX_HEIGHT];
const BLOCK_RESERVED: [&str; 1] = [BLOCK_HEIGHT];

impl Chain {
    /// Transactions that match a query. `tx.hash` decides alone; the height conditions narrow; all other conditions
    /// must hold in one single event.
    pub fn tx_search(
        &self,
        query: &str,
        prove: bool,
        page: Page,
        order: SearchOrder,
    ) -> Answer<TxSearch> {
        let query = Query::parse(query).map_err(ChainError::Query)?;
        if let Some(hash) = query.equal_text(TX_HASH) {
            return self.tx_search_hash(hash, prove, page);
        }
        let spots = match query.narrow(TX_HEIGHT, self.heights()?) {
            None => Vec::new(),
            Some(range) => self.matching_txs(&query, range)?,
        };
        let total = spots.len() as u64;
        let txs = cut(spots, page, order)?
            .into_iter()
            .map(|spot| {
                let found = self.guarded(self.stored(spot.height)?.tx(spot.index))?;
                let found: StoredTx = found
                    .ok_or_else(|| ChainError::QueryTooBroad("a match is gone".to_string()))?;
                self.tx_answer(found, prove)
            })
            .collect::<Answer<Vec<TxAnswer>>>()?;
        Ok(TxSearch { txs, total })
    }

    /// Blocks that match a query, with the transactions left to `tx_search`.
    pub fn block_search(&self, query: &str, page: Page, order: SearchOrder) -> Answer<BlockSearch> {
        let query = Query::parse(query).map_err(ChainError::Query)?;
        let heights = match query.narrow(BLOCK_HEIGHT, self.heights()?) {
            None => Vec::new(),
            Some(range) => self.matching_blocks(&query, range)?,
        };
        let total = heights.len() as u64;
        let blocks = cut(heights, page, order)?
            .into_iter()
            .map(|height| self.block_answer(&self.stored(height)?))
            .collect::<Answer<_>>()?;
        Ok(BlockSearch { blocks, total })
    }

    fn tx_search_hash(&self, hash: &str, prove: bool, page: Page) -> Answer<TxSearch> {
        let bytes =
            hex::decode(hash).map_err(|e| ChainError::Query(format!("tx.hash '{hash}': {e}")))?;
        let txs = match self.tx(&bytes, prove) {
            Ok(found) => vec![found],
            Err(ChainError::TxNotFound { .. }) => Vec::new(),
            Err(other) => return Err(other),
        };
        let total = txs.len() as u64;
        Ok(TxSearch { txs: cut(txs, page, SearchOrder::Ascending)?, total })
    }

    fn matching_txs(&self, query: &Query, range: RangeInclusive<u64>) -> Answer<Vec<TxSpot>> {
        let events_matter = query.asks_events(&TX_RESERVED);
        let mut spots = Vec::new();
        let mut reads = 0u64;
        for height in range {
            let count = self.shared.log.tx_count(height);
            if !events_matter {
                spots.extend((0..count).map(|index| TxSpot { height, index }));
                continue;
            }
            if count == 0 {
                continue;
            }
            reads = reads.saturating_add(u64::from(count));
            bound_reads(reads)?;
            for (index, result) in self.guarded(self.stored(height)?.results())?.iter().enumerate()
            {
                if query.matches_one_event(&result.events, &TX_RESERVED) {
                    spots.push(TxSpot { height, index: u32::try_from(index).unwrap_or(u32::MAX) });
                }
            }
        }
        Ok(spots)
    }

    fn matching_blocks(&self, query: &Query, range: RangeInclusive<u64>) -> Answer<Vec<u64>> {
        let events_matter = query.asks_events(&BLOCK_RESERVED);
        let mut heights = Vec::new();
        let mut reads = 0u64;
        for height in range {
            reads = reads.saturating_add(1);
            if events_matter {
                bound_reads(reads)?;
                let events = self.guarded(self.stored(height)?.events())?;
                if !query.matches_one_event(&events, &BLOCK_RESERVED) {
                    continue;
                }
            }
            heights.push(height);
        }
        Ok(heights)
    }

    fn heights(&self) -> Answer<RangeInclusive<u64>> {
        Ok(self.base()..=self.tip()?.height())
    }
}

fn bound_reads(reads: u64) -> Answer<()> {
    if reads > SEARCH_READS_MAX {
        return Err(ChainError::QueryTooBroad(format!(
            "it would read more than {SEARCH_READS_MAX} blocks and transactions; narrow it by height"
        )));
    }
    Ok(())
}

/// One page of a list in ascending order, turned around if asked for.
fn cut<T>(mut all: Vec<T>, page: Page, order: SearchOrder) -> Answer<Vec<T>> {
    let per_page = page.per_page.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
    let per_page = per_page.unwrap_or(PER_PAGE_DEFAULT).min(PER_PAGE_MAX);
    let pages = (all.len() as u64).div_ceil(per_page).max(1);
    let given = page.page.unwrap_or(1);
    let number = u64::try_from(given).ok().filter(|n| (1..=pages).contains(n));
    let number = number.ok_or(ChainError::Page { pages, given })?;
    if order == SearchOrder::Descending {
        all.reverse();
    }
    let skip = usize::try_from((number - 1).saturating_mul(per_page)).unwrap_or(usize::MAX);
    Ok(all.into_iter().skip(skip).take(usize::try_from(per_page).unwrap_or(usize::MAX)).collect())
}
