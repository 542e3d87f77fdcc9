//! The contract's own keys and values.

use super::Reply;
use crate::error::GuestError;
use crate::host::{Host, Step, Stop};
use crate::limits::{DB_KEY_MAX, DB_VALUE_MAX};
use crate::region;

const ASCENDING: i32 = 1;
const DESCENDING: i32 = 2;

pub(crate) fn db_read(host: &mut Host, memory: &mut [u8], key: u32) -> Step<Reply> {
    let key = region::read(host, memory, key, DB_KEY_MAX)?;
    let (value, cost) = host.backend(|backend| backend.db_read(key))??;
    host.meter.charge_external(cost)?;
    Ok(match value {
        Some(value) => Reply::Bytes(value),
        None => Reply::Code(0),
    })
}

fn key_too_long(length: u32, limit: u32) -> GuestError {
    GuestError::StorageLimit(format!(
        "Key too big. Tried to write {length} bytes to storage, limit is {limit}."
    ))
}

fn value_too_long(length: u32, limit: u32) -> GuestError {
    GuestError::StorageLimit(format!(
        "Value too big. Tried to write {length} bytes to storage, limit is {limit}."
    ))
}

fn writable(host: &Host) -> Step<()> {
    if host.read_only {
        return Err(Stop::Guest(GuestError::WriteInReadOnly));
    }
    Ok(())
}

pub(crate) fn db_write(host: &mut Host, memory: &mut [u8], key: u32, value: u32) -> Step<()> {
    writable(host)?;
    let key = region::read_or(host, memory, key, DB_KEY_MAX, key_too_long)?;
    let value = region::read_or(host, memory, value, DB_VALUE_MAX, value_too_long)?;
    let (done, cost) = host.backend(|backend| backend.db_write(key, value))??;
    host.meter.charge_external(cost)?;
    Ok(done?)
}

pub(crate) fn db_remove(host: &mut Host, memory: &mut [u8], key: u32) -> Step<()> {
    writable(host)?;
    let key = region::read(host, memory, key, DB_KEY_MAX)?;
    let (done, cost) = host.backend(|backend| backend.db_remove(key))??;
    host.meter.charge_external(cost)?;
    Ok(done?)
}

pub(crate) fn db_scan(
    host: &mut Host,
    memory: &mut [u8],
    start: u32,
    end: u32,
    order: i32,
) -> Step<u32> {
    let start = region::read_optional(host, memory, start, DB_KEY_MAX)?;
    let end = region::read_optional(host, memory, end, DB_KEY_MAX)?;
    if order != ASCENDING && order != DESCENDING {
        return Err(region::bad(format!("Got an invalid value for iteration order: {order}")));
    }
    let (iterator, cost) =
        host.backend(|backend| backend.db_scan(start, end, order == ASCENDING))??;
    host.meter.charge_external(cost)?;
    Ok(iterator)
}

fn next(host: &mut Host, iterator: u32) -> Step<Option<crate::Record>> {
    let (record, cost) = host.backend(|backend| backend.db_next(iterator))??;
    host.meter.charge_external(cost)?;
    Ok(record?)
}

/// Key and value; an empty key means the end.
pub(crate) fn db_next(host: &mut Host, iterator: u32) -> Step<Reply> {
    let (key, value) = next(host, iterator)?.unwrap_or_default();
    Ok(Reply::Bytes(region::encode_record(&key, &value)?))
}

/// The key alone; a null pointer means the end.
pub(crate) fn db_next_key(host: &mut Host, iterator: u32) -> Step<Reply> {
    Ok(match next(host, iterator)? {
        Some((key, _)) => Reply::Bytes(key),
        None => Reply::Code(0),
    })
}

/// The value alone; a null pointer means the end.
pub(crate) fn db_next_value(host: &mut Host, iterator: u32) -> Step<Reply> {
    Ok(match next(host, iterator)? {
        Some((_, value)) => Reply::Bytes(value),
        None => Reply::Code(0),
    })
}
