//! Transactions that wait for a block: first in, first out, bounded in number, bytes and size.

mod accounts;
mod cache;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};
use suyuan_core::Hash32;

use crate::answers::{Included, Unconfirmed};
use crate::application::BlockRequest;
use crate::config::MempoolLimits;
use crate::error::{Answer, ChainError};
use crate::tmtypes::tx_len_in_block;
use accounts::Accounts;
use cache::SeenCache;

/// Called on the writer thread when a transaction's fate is known. Must return at once, and neither wait nor check or
/// submit a transaction.
pub type Done = Box<dyn FnOnce(Answer<Included>) + Send>;

/// A transaction that passed CheckTx.
pub struct Pending {
    /// Bytes.
    pub tx: Vec<u8>,
    /// SHA-256 of the bytes.
    pub hash: Hash32,
    /// The account whose share it takes, if the app names one.
    pub sender: Option<Arc<str>>,
    /// Gas limit that it declared; bounds a block.
    pub gas_wanted: i64,
    /// Who waits for it.
    pub done: Option<Done>,
}

/// Bounds of one block.
#[derive(Clone, Copy, Debug)]
pub struct BlockBounds {
    /// Most transactions.
    pub txs: usize,
    /// Most bytes of the data message.
    pub bytes: usize,
    /// Most gas; `None` is unbounded.
    pub gas: Option<i64>,
}

/// A wake-up of the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Transactions wait.
    Txs,
    /// The time is over.
    Time,
    /// The mempool takes no more: shut down.
    Closed,
}

#[derive(Default)]
struct Inner {
    queue: VecDeque<Pending>,
    bytes: u64,
    cache: SeenCache,
    accounts: Accounts,
    closed: Option<ChainError>,
    /// Number and bytes of the transactions that were taken out for the block being made.
    taken: (u64, u64),
    executing: Option<Arc<BlockRequest>>,
}

/// The mempool.
pub struct Mempool {
    limits: MempoolLimits,
    inner: Mutex<Inner>,
    wake: Condvar,
}

impl Mempool {
    /// An empty mempool.
    pub fn new(limits: MempoolLimits) -> Self {
        let inner = Inner { cache: SeenCache::new(limits.cache_max), ..Inner::default() };
        Mempool { limits, inner: Mutex::new(inner), wake: Condvar::new() }
    }

    /// The first step of admission: refuses what needs no check, and remembers the hash so that a copy that arrives
    /// during the check is refused. Must be followed by `admit` or `forget`.
    pub fn reserve(&self, len: usize, hash: &Hash32) -> Answer<()> {
        if len > self.limits.tx_bytes_max {
            return Err(ChainError::TxTooLarge { max: self.limits.tx_bytes_max, got: len });
        }
        let mut inner = self.inner.lock();
        self.refuse_if_full(&inner, len)?;
        if !inner.cache.insert(*hash) {
            return Err(ChainError::TxInCache);
        }
        Ok(())
    }

    /// Whether this account may add a transaction now; asked between `reserve` and the check, so that a refusal moves no
    /// check state. Only transactions that passed their check count, so nobody uses up another's share.
    pub fn account_may(&self, account: &str) -> Answer<()> {
        let inner = self.inner.lock();
        inner
            .accounts
            .may_add(account, &self.limits, Instant::now())
            .map_err(|why| ChainError::AccountFull { account: account.to_string(), why })
    }

    /// The second step: appends a transaction that passed its check.
    pub fn admit(&self, pending: Pending) -> Answer<()> {
        let mut inner = self.inner.lock();
        if let Err(refused) = self.refuse_if_full(&inner, pending.tx.len()) {
            inner.cache.remove(&pending.hash);
            return Err(refused);
        }
        inner.bytes += pending.tx.len() as u64;
        if let Some(sender) = &pending.sender {
            inner.accounts.add(sender, &self.limits, Instant::now());
        }
        inner.queue.push_back(pending);
        drop(inner);
        self.wake.notify_all();
        Ok(())
    }

    /// Forgets a hash, so that the transaction may be sent again.
    pub fn forget(&self, hash: &Hash32) {
        self.inner.lock().cache.remove(hash);
    }

    /// Takes the next block's transactions: as many from the front as the bounds allow. A transaction that no block
    /// can hold is handed back as misfit.
    pub fn reap(&self, bounds: BlockBounds) -> (Vec<Pending>, Vec<Pending>) {
        let mut inner = self.inner.lock();
        let (mut taken, mut misfits) = (Vec::new(), Vec::new());
        let (mut bytes, mut gas) = (0usize, 0i64);
        while taken.len() < bounds.txs {
            let Some(next) = inner.queue.front() else { break };
            let len = tx_len_in_block(&next.tx);
            let fits_alone =
                len <= bounds.bytes && bounds.gas.is_none_or(|max| next.gas_wanted <= max);
            let new_bytes = bytes.saturating_add(len);
            let new_gas = gas.saturating_add(next.gas_wanted.max(0));
            if fits_alone
                && (new_bytes > bounds.bytes || bounds.gas.is_some_and(|max| new_gas > max))
            {
                break;
            }
            let next = inner.queue.pop_front().expect("front was there");
            inner.bytes = inner.bytes.saturating_sub(next.tx.len() as u64);
            if let Some(sender) = &next.sender {
                inner.accounts.remove(sender);
            }
            if fits_alone {
                (bytes, gas) = (new_bytes, new_gas);
                taken.push(next);
            } else {
                inner.cache.remove(&next.hash);
                misfits.push(next);
            }
        }
        inner.taken = (taken.len() as u64, taken.iter().map(|p| p.tx.len() as u64).sum());
        (taken, misfits)
    }

    /// Shows the transactions of a block as unconfirmed while it executes.
    pub fn executing(&self, request: Arc<BlockRequest>) {
        self.inner.lock().executing = Some(request);
    }

    /// The transactions taken out last are in a published block, or lost.
    pub fn settled(&self) {
        let mut inner = self.inner.lock();
        inner.executing = None;
        inner.taken = (0, 0);
    }

    /// Takes all waiting transactions out for a recheck; `restore` puts back what passed.
    pub fn take_all(&self) -> VecDeque<Pending> {
        let mut inner = self.inner.lock();
        inner.bytes = 0;
        inner.accounts.clear_waiting();
        std::mem::take(&mut inner.queue)
    }

    /// Puts rechecked transactions back to the front.
    pub fn restore(&self, mut passed: VecDeque<Pending>) {
        let mut inner = self.inner.lock();
        passed.append(&mut inner.queue);
        inner.bytes = passed.iter().map(|p| p.tx.len() as u64).sum();
        inner.accounts.recount(passed.iter().filter_map(|p| p.sender.as_ref()));
        inner.queue = passed;
    }

    /// Waits until there are transactions, the deadline passes or the mempool is closed.
    pub fn wait(&self, deadline: Option<Instant>) -> Wake {
        let mut inner = self.inner.lock();
        loop {
            if inner.closed.is_some() {
                return Wake::Closed;
            }
            if !inner.queue.is_empty() {
                return Wake::Txs;
            }
            match deadline {
                None => self.wake.wait(&mut inner),
                Some(deadline) => {
                    if self.wake.wait_until(&mut inner, deadline).timed_out()
                        && inner.queue.is_empty()
                    {
                        return if inner.closed.is_some() { Wake::Closed } else { Wake::Time };
                    }
                }
            }
        }
    }

    /// Waits until the deadline passes or the mempool is closed, whatever arrives.
    pub fn wait_time(&self, deadline: Instant) -> Wake {
        let mut inner = self.inner.lock();
        while inner.closed.is_none() {
            if self.wake.wait_until(&mut inner, deadline).timed_out() {
                return if inner.closed.is_some() { Wake::Closed } else { Wake::Time };
            }
        }
        Wake::Closed
    }

    /// Takes no more transactions from now on and wakes the writer; those that wait stay.
    pub fn close(&self, why: ChainError) {
        self.inner.lock().closed.get_or_insert(why);
        self.wake.notify_all();
    }

    /// Number of waiting transactions.
    pub fn waiting(&self) -> usize {
        self.inner.lock().queue.len()
    }

    /// What waits or executes right now.
    pub fn unconfirmed(&self, limit: usize) -> Unconfirmed {
        let inner = self.inner.lock();
        let executing: &[Vec<u8>] = inner.executing.as_ref().map_or(&[], |r| &r.txs);
        let waiting = inner.queue.iter().map(|p| &p.tx);
        Unconfirmed {
            txs: executing.iter().chain(waiting).take(limit).cloned().collect(),
            total: inner.taken.0 + inner.queue.len() as u64,
            total_bytes: inner.taken.1 + inner.bytes,
        }
    }

    fn refuse_if_full(&self, inner: &Inner, len: usize) -> Answer<()> {
        if let Some(why) = &inner.closed {
            return Err(why.clone());
        }
        let full = inner.queue.len() >= self.limits.count_max
            || inner.bytes.saturating_add(len as u64) > self.limits.bytes_max;
        if full {
            return Err(ChainError::MempoolFull {
                count: inner.queue.len(),
                count_max: self.limits.count_max,
                bytes: inner.bytes,
                bytes_max: self.limits.bytes_max,
            });
        }
        Ok(())
    }
}
