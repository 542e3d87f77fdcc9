//! Searches for transactions and blocks.
//!
//! `tx.hash`, `tx.height` and `block.height` are answered from the log's own index, conditions on events from the
//! event index. Heights that are not indexed yet are read from the log; so is everything where the index cannot tell
//! alone.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::Chain;
use crate::answers::{BlockSearch, Page, SearchOrder, TxAnswer, TxSearch};
use crate::block_log::{StoredTx, TxSpot};
use crate::error::{Answer, ChainError};
use crate::event_index::{Budget, EventIndex, Place, Space};
use crate::query::{Condition, Query};

/// Entries per page unless asked otherwise.
pub const PER_PAGE_DEFAULT: u64 = 30;
/// Most entries per page; more are clipped.
pub const PER_PAGE_MAX: u64 = 100;
/// Most transactions (or blocks, for a block search) whose events one search reads from the log.
pub const SEARCH_READS_MAX: u64 = 200_000;
/// Most postings that one search reads from the event index, and so most matches of a search by events.
pub const SEARCH_MATCHES_MAX: u64 = 1_000_000;
/// Longest time that a search waits for the event index to follow. It is some milliseconds behind the chain; what it
/// has not reached then is read from the log.
const INDEX_WAIT_MAX: Duration = Duration::from_secs(2);

const TX_HASH: &str = "tx.hash";
const TX_HEIGHT: &str = "tx.height";
const BLOCK_HEIGHT: &str = "block.height";
const TX_RESERVED: [&str; 2] = [TX_HASH, TX_HEIGHT];
const BLOCK_RESERVED: [&str; 1] = [BLOCK_HEIGHT];

/// Transactions in a range of heights, or those at these places.
enum Matches {
    All(Vec<(u64, u32)>),
    These(Vec<Place>),
}

impl Chain {
    /// Transactions that match a query. `tx.hash` decides alone; the height conditions narrow; all other conditions
    /// must hold in one single event.
    ///
    /// # Errors
    /// [`ChainError::Query`], [`ChainError::QueryTooBroad`] above [`SEARCH_READS_MAX`] or [`SEARCH_MATCHES_MAX`],
    /// [`ChainError::Page`].
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
        let matches = match query.narrow(TX_HEIGHT, self.heights()?) {
            None => Matches::These(Vec::new()),
            Some(range) if query.asks_events(&TX_RESERVED) => {
                Matches::These(self.matching_txs(&query, range)?)
            }
            Some(range) => Matches::All(self.shared.log.tx_counts(range)),
        };
        let total = matches.total();
        let spots = matches.cut(Window::of(total, page, order)?);
        let txs = spots
            .into_iter()
            .map(|spot| self.tx_at(spot, prove))
            .collect::<Answer<Vec<TxAnswer>>>()?;
        Ok(TxSearch { txs, total })
    }

    /// Blocks that match a query, with the transactions left to `tx_search`.
    ///
    /// # Errors
    /// As [`Chain::tx_search`].
    pub fn block_search(&self, query: &str, page: Page, order: SearchOrder) -> Answer<BlockSearch> {
        let query = Query::parse(query).map_err(ChainError::Query)?;
        let range = query.narrow(BLOCK_HEIGHT, self.heights()?);
        let (total, heights) = match range {
            Some(range) if !query.asks_events(&BLOCK_RESERVED) => {
                let (from, total) = (*range.start(), range.end() - range.start() + 1);
                let window = Window::of(total, page, order)?;
                (total, window.positions().map(|at| from + at).collect::<Vec<u64>>())
            }
            range => {
                let matches = match range {
                    None => Vec::new(),
                    Some(range) => self.matching_blocks(&query, range)?,
                };
                let total = matches.len() as u64;
                let window = Window::of(total, page, order)?;
                (total, window.pick(&matches).into_iter().map(|place| place.height).collect())
            }
        };
        let blocks = heights
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
        let window = Window::of(total, page, SearchOrder::Ascending)?;
        Ok(TxSearch { txs: txs.into_iter().take(window.count()).collect(), total })
    }

    fn tx_at(&self, place: Place, prove: bool) -> Answer<TxAnswer> {
        let spot = TxSpot { height: place.height, index: place.index };
        let found = self.guarded(self.stored(spot.height)?.tx(spot.index))?;
        let found: StoredTx =
            found.ok_or_else(|| ChainError::QueryTooBroad("a match is gone".to_string()))?;
        self.tx_answer(found, prove)
    }

    fn matching_txs(&self, query: &Query, range: RangeInclusive<u64>) -> Answer<Vec<Place>> {
        let mut reads = 0u64;
        let indexed = self.indexed(Space::Txs, query, &TX_RESERVED, &range)?;
        let mut places = Vec::new();
        if indexed.exact {
            places = indexed.places;
        } else {
            for of_block in indexed.places.chunk_by(|a, b| a.height == b.height) {
                self.judge(query, of_block, &mut reads, &mut places)?;
            }
        }
        for (height, count) in self.shared.log.tx_counts(indexed.next..=*range.end()) {
            if count > 0 {
                let all: Vec<Place> = (0..count).map(|index| Place { height, index }).collect();
                self.judge(query, &all, &mut reads, &mut places)?;
            }
        }
        Ok(places)
    }

    /// Of some transactions of one block, adds those that match to `places`.
    fn judge(
        &self,
        query: &Query,
        candidates: &[Place],
        reads: &mut u64,
        places: &mut Vec<Place>,
    ) -> Answer<()> {
        let Some(first) = candidates.first() else { return Ok(()) };
        *reads = reads.saturating_add(candidates.len() as u64);
        bound_reads(*reads)?;
        let results = self.guarded(self.stored(first.height)?.results())?;
        for place in candidates {
            let events = results.get(place.index as usize).map(|result| &result.events);
            if events.is_some_and(|events| query.matches_one_event(events, &TX_RESERVED)) {
                places.push(*place);
            }
        }
        Ok(())
    }

    fn matching_blocks(&self, query: &Query, range: RangeInclusive<u64>) -> Answer<Vec<Place>> {
        let mut reads = 0u64;
        let indexed = self.indexed(Space::Blocks, query, &BLOCK_RESERVED, &range)?;
        let unread = (indexed.next..=*range.end()).map(|height| Place { height, index: 0 });
        let (mut places, to_judge) = match indexed.exact {
            true => (indexed.places, Vec::new()),
            false => (Vec::new(), indexed.places),
        };
        for place in to_judge.into_iter().chain(unread) {
            reads = reads.saturating_add(1);
            bound_reads(reads)?;
            let events = self.guarded(self.stored(place.height)?.events())?;
            if query.matches_one_event(&events, &BLOCK_RESERVED) {
                places.push(place);
            }
        }
        Ok(places)
    }

    /// What the event index says about a range, and the first height that it says nothing about.
    fn indexed(
        &self,
        space: Space,
        query: &Query,
        reserved: &[&str],
        range: &RangeInclusive<u64>,
    ) -> Answer<Indexed> {
        let nothing = Indexed { places: Vec::new(), exact: true, next: *range.start() };
        let Some(indexer) = &self.shared.indexer else { return Ok(nothing) };
        let progress = indexer.wait_for(*range.end(), INDEX_WAIT_MAX);
        let Some(index) = indexer.index() else { return Ok(nothing) };
        let end = progress.indexed.min(*range.end());
        if progress.failed || end < *range.start() {
            return Ok(nothing);
        }
        let places =
            self.places_from_index(&index, space, &query.others(reserved), *range.start()..=end)?;
        Ok(Indexed { places: places.0, exact: places.1, next: end.saturating_add(1) })
    }

    fn places_from_index(
        &self,
        index: &EventIndex,
        space: Space,
        conditions: &[&Condition],
        range: RangeInclusive<u64>,
    ) -> Answer<(Vec<Place>, bool)> {
        let mut budget = Budget::new(SEARCH_MATCHES_MAX);
        // The index is no part of the chain: a fault of it is the search's, and the chain goes on.
        let found = index
            .find(space, conditions, range, &mut budget)
            .map_err(|fault| ChainError::QueryTooBroad(fault.to_string()))?;
        if budget.exceeded {
            return Err(ChainError::QueryTooBroad(format!(
                "it would read more than {SEARCH_MATCHES_MAX} index entries; narrow it by height"
            )));
        }
        Ok((found.places, found.exact))
    }

    fn heights(&self) -> Answer<RangeInclusive<u64>> {
        Ok(self.base()..=self.tip()?.height())
    }
}

/// What the event index says about a range.
struct Indexed {
    places: Vec<Place>,
    /// Whether each place matches for certain.
    exact: bool,
    /// The first height that is to be read from the log.
    next: u64,
}

fn bound_reads(reads: u64) -> Answer<()> {
    if reads > SEARCH_READS_MAX {
        return Err(ChainError::QueryTooBroad(format!(
            "it would read more than {SEARCH_READS_MAX} blocks and transactions; narrow it by height"
        )));
    }
    Ok(())
}

impl Matches {
    fn total(&self) -> u64 {
        match self {
            Matches::All(counts) => counts.iter().map(|(_, count)| u64::from(*count)).sum(),
            Matches::These(places) => places.len() as u64,
        }
    }

    fn cut(&self, window: Window) -> Vec<Place> {
        match self {
            Matches::These(places) => window.pick(places),
            Matches::All(counts) => {
                let all = counts.iter().flat_map(|(height, count)| {
                    (0..*count).map(|index| Place { height: *height, index })
                });
                let skip = usize::try_from(window.from).unwrap_or(usize::MAX);
                let mut page: Vec<Place> = all.skip(skip).take(window.count()).collect();
                if window.order == SearchOrder::Descending {
                    page.reverse();
                }
                page
            }
        }
    }
}

/// One page of a list: positions counted in ascending order, and how they are turned.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: u64,
    to: u64,
    order: SearchOrder,
}

impl Window {
    fn of(total: u64, page: Page, order: SearchOrder) -> Answer<Window> {
        let per_page = page.per_page.and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0);
        let per_page = per_page.unwrap_or(PER_PAGE_DEFAULT).min(PER_PAGE_MAX);
        let pages = total.div_ceil(per_page).max(1);
        let given = page.page.unwrap_or(1);
        let number = u64::try_from(given).ok().filter(|n| (1..=pages).contains(n));
        let number = number.ok_or(ChainError::Page { pages, given })?;
        let skip = (number - 1).saturating_mul(per_page);
        let end = skip.saturating_add(per_page).min(total);
        Ok(match order {
            SearchOrder::Ascending => Window { from: skip, to: end, order },
            SearchOrder::Descending => Window { from: total - end, to: total - skip, order },
        })
    }

    /// At most [`PER_PAGE_MAX`].
    fn count(self) -> usize {
        usize::try_from(self.to - self.from).unwrap_or(usize::MAX)
    }

    fn positions(self) -> Box<dyn Iterator<Item = u64>> {
        match self.order {
            SearchOrder::Ascending => Box::new(self.from..self.to),
            SearchOrder::Descending => Box::new((self.from..self.to).rev()),
        }
    }

    fn pick(self, all: &[Place]) -> Vec<Place> {
        let at = |position: u64| all.get(usize::try_from(position).ok()?).copied();
        self.positions().filter_map(at).collect()
    }
}
