//! Shares of the mempool: how much of one account waits, and how fast it sends.
//!
//! These are the node's own rules. They decide what waits, never what a block may hold, so the clock may be asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crate::config::MempoolLimits;

/// Accounts whose rate is remembered; above, those that have their whole burst again are forgotten.
const REMEMBERED_MAX: usize = 65_536;

/// Tokens of an account in thousandths, and when they were counted last.
#[derive(Clone, Copy)]
struct Bucket {
    millis: u64,
    at: Instant,
}

/// What accounts have in the mempool.
#[derive(Default)]
pub struct Accounts {
    waiting: BTreeMap<Arc<str>, usize>,
    buckets: BTreeMap<Arc<str>, Bucket>,
}

impl Accounts {
    /// Whether `account` may add one transaction at `now`.
    pub fn may_add(
        &self,
        account: &str,
        limits: &MempoolLimits,
        now: Instant,
    ) -> Result<(), String> {
        let waiting = self.waiting.get(account).copied().unwrap_or(0);
        let max = limits.account_count_max;
        if waiting >= max {
            return Err(format!("number of waiting txs {waiting} (max: {max})"));
        }
        if let Some(rate) = limits.account_rate_max {
            if self.tokens(account, rate, now) < 1_000 {
                return Err(format!("more than {rate} txs per second"));
            }
        }
        Ok(())
    }

    /// Counts a transaction that was admitted.
    pub fn add(&mut self, account: &Arc<str>, limits: &MempoolLimits, now: Instant) {
        *self.waiting.entry(account.clone()).or_default() += 1;
        let Some(rate) = limits.account_rate_max else { return };
        let millis = self.tokens(account, rate, now).saturating_sub(1_000);
        self.buckets.insert(account.clone(), Bucket { millis, at: now });
        if self.buckets.len() > REMEMBERED_MAX {
            let full = burst(rate);
            let buckets = std::mem::take(&mut self.buckets);
            let kept = buckets.into_iter().filter(|(_, b)| refilled(*b, rate, now) < full);
            self.buckets = kept.take(REMEMBERED_MAX).collect();
        }
    }

    /// A transaction of this account left the mempool.
    pub fn remove(&mut self, account: &Arc<str>) {
        if let Some(count) = self.waiting.get_mut(account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.waiting.remove(account);
            }
        }
    }

    /// All transactions were taken out.
    pub fn clear_waiting(&mut self) {
        self.waiting.clear();
    }

    /// These wait, and no others.
    pub fn recount<'a>(&mut self, accounts: impl Iterator<Item = &'a Arc<str>>) {
        self.waiting.clear();
        for account in accounts {
            *self.waiting.entry(account.clone()).or_default() += 1;
        }
    }

    fn tokens(&self, account: &str, rate: u32, now: Instant) -> u64 {
        self.buckets.get(account).map_or(burst(rate), |bucket| refilled(*bucket, rate, now))
    }
}

/// A second's worth, in thousandths of a transaction.
fn burst(rate: u32) -> u64 {
    u64::from(rate.max(1)).saturating_mul(1_000)
}

fn refilled(bucket: Bucket, rate: u32, now: Instant) -> u64 {
    let passed = u64::try_from(now.saturating_duration_since(bucket.at).as_millis());
    let gained = passed.unwrap_or(u64::MAX).saturating_mul(u64::from(rate));
    bucket.millis.saturating_add(gained).min(burst(rate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_account_has_its_share_and_its_rate() {
        let limits = MempoolLimits {
            account_count_max: 3,
            account_rate_max: Some(2),
            ..MempoolLimits::default()
        };
        let (alice, start) = (Arc::<str>::from("alice"), Instant::now());
        let mut accounts = Accounts::default();
        for _ in 0..2 {
            assert!(accounts.may_add(&alice, &limits, start).is_ok());
            accounts.add(&alice, &limits, start);
        }
        let refused = accounts.may_add(&alice, &limits, start).unwrap_err();
        assert_eq!(refused, "more than 2 txs per second");
        assert!(accounts.may_add("bob", &limits, start).is_ok());
        let later = start + Duration::from_millis(500);
        assert!(accounts.may_add(&alice, &limits, later).is_ok());
        accounts.add(&alice, &limits, later);
        let much_later = start + Duration::from_secs(60);
        let refused = accounts.may_add(&alice, &limits, much_later).unwrap_err();
        assert_eq!(refused, "number of waiting txs 3 (max: 3)");
        accounts.remove(&alice);
        assert!(accounts.may_add(&alice, &limits, much_later).is_ok());
        accounts.recount([&alice, &alice, &alice].into_iter());
        assert!(accounts.may_add(&alice, &limits, much_later).is_err());
        accounts.clear_waiting();
        assert!(accounts.may_add(&alice, &limits, much_later).is_ok());
    }
}
