//! What everything costs, in SDK gas, and the meter that counts it.
//!
//! Prices are those of the Cosmos SDK (`KVGasConfig`, ante) and of wasmd's gas register, so that gas limits known from
//! other chains hold. No price depends on a cache: equal blocks cost equal gas on every node.
//!
//! Every charge is told once as an event of `tracing` at trace level, target [`TRACE`]: fields `gas` and `place`, for
//! records of contracts also `key` (hexadecimal). Spans around it say whose it is: `tx` (`hash`, `mode`), `ante`, and
//! `call` (`contract`, `entry`); a contract is loaded right before its call. The charges of a transaction that never ran
//! out of gas add up to what it used.

use crate::error::{Fail, Run};

/// Target of the events that tell the charges.
pub const TRACE: &str = "suyuan::gas";

/// Per byte of a transaction.
pub(crate) const TX_BYTE: u64 = 10;
/// Per secp256k1 signature.
pub(crate) const SIGNATURE: u64 = 1_000;
/// What a simulation adds for the fee and the signature that the real transaction will carry: deducting a coin costs
/// about 18,000, its bytes and those of a signature the rest. Some clients simulate without a fee and take what the
/// simulation used as their limit; without this, a plain transfer runs out of it.
pub(crate) const SIMULATED_FEE: u64 = 20_000;
/// How often the SDK's ante handler reads the parameters of the auth module: for memo, size, number and price of
/// signatures.
const PARAM_READS: u64 = 4;
/// Key of the SDK's index of accounts by number: one byte of prefix and the number.
const NUMBER_KEY_LEN: usize = 9;

const HAS: u64 = 1_000;
const DELETE: u64 = 1_000;
const READ: u64 = 1_000;
const READ_BYTE: u64 = 3;
const WRITE: u64 = 2_000;
const WRITE_BYTE: u64 = 30;
const ITERATOR_NEXT: u64 = 30;

/// Loading a contract.
const INSTANCE: u64 = 60_000;
/// Loading a contract that this transaction has loaded before.
const INSTANCE_DISCOUNT: u64 = 2_000;
/// Compiling, per byte.
const COMPILE_BYTE: u64 = 3;
/// Decompressing costs 15/100 per byte of the archive.
const UNCOMPRESS: (u64, u64) = (15, 100);
const EVENT_ATTRIBUTE: u64 = 10;
const EVENT_BYTE: u64 = 1;
const EVENT_BYTES_FREE: u64 = 100;
const CUSTOM_EVENT: u64 = 20;
/// Pinning or unpinning one code.
pub(crate) const PIN_CODE: u64 = 500_000;
const ANY_MSG: u64 = 5;
const ANY_MSG_KIB: u64 = 1;

/// Counts SDK gas against a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GasMeter {
    limit: u64,
    used: u64,
}

impl GasMeter {
    pub(crate) fn new(limit: u64) -> Self {
        GasMeter { limit, used: 0 }
    }

    /// A meter that never runs out: genesis, and reads that bounds of another kind protect.
    pub(crate) fn unlimited() -> Self {
        GasMeter::new(u64::MAX)
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn used(&self) -> u64 {
        self.used
    }

    pub(crate) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Adds `amount`; over the limit the amount stays counted and the operation fails at `place`.
    pub(crate) fn charge(&mut self, amount: u64, place: &'static str) -> Run<()> {
        tracing::trace!(target: TRACE, gas = amount, place);
        self.settle(amount, place)
    }

    /// Adds what meters of narrower limits have counted and told; as [`GasMeter::charge`] otherwise.
    pub(crate) fn settle(&mut self, amount: u64, place: &'static str) -> Run<()> {
        self.add(amount);
        if self.used > self.limit {
            return Err(Fail::OutOfGas(place));
        }
        Ok(())
    }

    /// Adds `amount` without judging: the contract engine compares with its own limit, which is as tight.
    pub(crate) fn note(&mut self, amount: u64, place: &'static str) {
        tracing::trace!(target: TRACE, gas = amount, place);
        self.add(amount);
    }

    /// Adds what a record of a contract costs, without judging.
    pub(crate) fn note_record(&mut self, amount: u64, place: &'static str, key: &[u8]) {
        tracing::trace!(target: TRACE, gas = amount, place, key = hex::encode(key));
        self.add(amount);
    }

    /// Adds what another meter has counted and told, without judging.
    pub(crate) fn add(&mut self, amount: u64) {
        self.used = self.used.saturating_add(amount);
    }
}

fn bytes(len: usize, price: u64) -> u64 {
    (len as u64).saturating_mul(price)
}

/// Reading `key` and the value found.
pub(crate) fn read(key_len: usize, value_len: usize) -> u64 {
    READ.saturating_add(bytes(key_len, READ_BYTE)).saturating_add(bytes(value_len, READ_BYTE))
}

/// Writing `value` at `key`.
pub(crate) fn write(key_len: usize, value_len: usize) -> u64 {
    WRITE.saturating_add(bytes(key_len, WRITE_BYTE)).saturating_add(bytes(value_len, WRITE_BYTE))
}

/// Asking whether a key exists.
pub(crate) fn has() -> u64 {
    HAS
}

/// Removing a key, existing or not.
pub(crate) fn remove() -> u64 {
    DELETE
}

/// Moving an iterator to a record of these lengths, or to its end (`None`).
pub(crate) fn seek(record: Option<(usize, usize)>) -> u64 {
    let data = record
        .map_or(0, |(key, value)| bytes(key, READ_BYTE).saturating_add(bytes(value, READ_BYTE)));
    ITERATOR_NEXT.saturating_add(data)
}

/// What the ante handler reads of the auth module's parameters, which have `params_len` bytes.
pub(crate) fn params_of_ante(params_len: usize) -> u64 {
    read(1, params_len).saturating_mul(PARAM_READS)
}

/// What the SDK's index of accounts by number costs at each write of an account: the record before, whose entry goes
/// if there was one, a look for another account with the number, and the new entry.
pub(crate) fn account_index(key_len: usize, before: Option<usize>) -> u64 {
    let addr_len = key_len.saturating_sub(1);
    read(key_len, before.unwrap_or(0))
        .saturating_add(if before.is_some() { DELETE } else { 0 })
        .saturating_add(HAS)
        .saturating_add(write(NUMBER_KEY_LEN, addr_len))
}

/// Asking whether coins of these denominations may be sent: the parameters of the bank module and one entry each.
pub(crate) fn send_enabled<'d>(denoms: impl Iterator<Item = &'d str>) -> u64 {
    denoms.fold(read(1, 2), |sum, denom| sum.saturating_add(read(denom.len().saturating_add(1), 0)))
}

/// Loading a contract.
pub(crate) fn instance(discount: bool) -> u64 {
    if discount {
        INSTANCE_DISCOUNT
    } else {
        INSTANCE
    }
}

/// Compiling `len` bytes.
pub(crate) fn compile(len: usize) -> u64 {
    bytes(len, COMPILE_BYTE)
}

/// Decompressing an archive of `len` bytes.
pub(crate) fn uncompress(len: usize) -> u64 {
    bytes(len, UNCOMPRESS.0) / UNCOMPRESS.1
}

/// Unpacking a protobuf message of a contract.
pub(crate) fn any_msg(len: usize) -> u64 {
    ANY_MSG.saturating_add(bytes(len, ANY_MSG_KIB) / 1024)
}

/// Byte counts that share one free tier over all attributes of a call.
pub(crate) struct EventCost {
    free: u64,
    total: u64,
}

impl EventCost {
    pub(crate) fn new() -> Self {
        EventCost { free: EVENT_BYTES_FREE, total: 0 }
    }

    /// Adds one list of attributes, given as lengths of key and value together.
    pub(crate) fn attributes(&mut self, lens: impl Iterator<Item = usize>) {
        let (mut count, mut stored) = (0u64, 0u64);
        for len in lens {
            count = count.saturating_add(1);
            stored = stored.saturating_add(len as u64);
        }
        let paid = stored.saturating_sub(self.free);
        self.free = self.free.saturating_sub(stored);
        self.add(paid.saturating_mul(EVENT_BYTE));
        self.add(count.saturating_mul(EVENT_ATTRIBUTE));
    }

    /// Adds the price of a custom event with a type of `len` bytes.
    pub(crate) fn custom_event(&mut self, len: usize) {
        self.add(CUSTOM_EVENT);
        self.event_type(len);
    }

    /// Adds the price of the name of an event alone.
    pub(crate) fn event_type(&mut self, len: usize) {
        self.add(bytes(len, EVENT_BYTE));
    }

    fn add(&mut self, amount: u64) {
        self.total = self.total.saturating_add(amount);
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_equal_those_of_the_sdk_and_wasmd() {
        assert_eq!(read(10, 20), 1_000 + 90);
        assert_eq!(write(10, 20), 2_000 + 900);
        assert_eq!(params_of_ante(13), 4 * 1_042);
        assert_eq!(account_index(21, None), 1_063 + 1_000 + 2_870);
        assert_eq!(account_index(21, Some(100)), 1_363 + 1_000 + 1_000 + 2_870);
        assert_eq!(send_enabled(["usy"].into_iter()), 1_009 + 1_012);
        assert_eq!(seek(None), 30);
        assert_eq!(seek(Some((2, 3))), 45);
        assert_eq!(uncompress(99), 14);
        assert_eq!(compile(100), 300);
        assert_eq!(any_msg(2048), 7);
        let mut cost = EventCost::new();
        cost.attributes([60, 60].into_iter());
        cost.custom_event(4);
        cost.attributes([5].into_iter());
        assert_eq!(cost.total(), 20 + 20 + 24 + 10 + 5);
    }

    #[test]
    fn no_amount_wraps_the_meter() {
        for amount in [0, 1, u64::MAX - 1, u64::MAX] {
            let mut meter = GasMeter::new(10);
            meter.add(5);
            let within = meter.charge(amount, "here").is_ok();
            assert_eq!(within, amount <= 5);
            assert!(meter.used() >= 5);
            meter.note(u64::MAX, "here");
            assert_eq!((meter.used(), meter.remaining()), (u64::MAX, 0));
        }
        assert_eq!(read(usize::MAX, usize::MAX), u64::MAX);
        assert_eq!(write(usize::MAX, 0), u64::MAX);
    }
}
