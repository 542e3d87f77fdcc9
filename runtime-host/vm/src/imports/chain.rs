//! Queries to the chain, debug messages, and the contract's last words.

use super::Reply;
use crate::error::GuestError;
use crate::host::{Host, Step, Stop};
use crate::limits::{ABORT_MAX, DEBUG_MAX, QUERY_REQUEST_MAX};
use crate::region;

/// Passes a request on with all the gas that is left.
pub(crate) fn query_chain(host: &mut Host, memory: &mut [u8], request: u32) -> Step<Reply> {
    let request = region::read(host, memory, request, QUERY_REQUEST_MAX)?;
    let left = host.meter.left;
    let (answer, cost) = host.backend(|backend| backend.query(request, left))??;
    host.meter.charge_external(cost)?;
    Ok(Reply::Bytes(answer))
}

pub(crate) fn debug(host: &mut Host, memory: &mut [u8], message: u32) -> Step<()> {
    let message = region::read(host, memory, message, DEBUG_MAX)?;
    host.backend(|backend| backend.debug(&String::from_utf8_lossy(message)))?;
    Ok(())
}

/// Always a stop.
pub(crate) fn abort(host: &mut Host, memory: &mut [u8], message: u32) -> Step<()> {
    let message = region::read(host, memory, message, ABORT_MAX)?;
    let price = host.prices.string_from_bytes;
    host.charge_linear(price, message.len())?;
    let text = String::from_utf8_lossy(message).into_owned();
    Err(Stop::Guest(GuestError::Aborted(text)))
}
