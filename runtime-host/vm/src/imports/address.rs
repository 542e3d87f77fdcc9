//! Addresses. What is wrong with an address is an answer for the contract, never the end of the call.

use super::{sentence, text, Reply};
use crate::host::{Host, Step};
use crate::limits::{CANONICAL_ADDRESS_MAX, HUMAN_ADDRESS_MAX};
use crate::region;

const EMPTY: &str = "Input is empty";
const NOT_TEXT: &str = "Input is not valid UTF-8";

/// The address that the contract gave, or what is wrong with it.
fn human<'m>(host: &mut Host, memory: &'m [u8], source: u32) -> Step<Result<&'m str, Reply>> {
    let bytes = region::read(host, memory, source, HUMAN_ADDRESS_MAX)?;
    if bytes.is_empty() {
        return Ok(Err(sentence(EMPTY)));
    }
    Ok(text(host, bytes)?.ok_or_else(|| sentence(NOT_TEXT)))
}

pub(crate) fn addr_validate(host: &mut Host, memory: &mut [u8], source: u32) -> Step<Reply> {
    let address = match human(host, memory, source)? {
        Ok(address) => address,
        Err(reply) => return Ok(reply),
    };
    let (verdict, cost) = host.backend(|backend| backend.addr_validate(address))?;
    host.charge(cost)?;
    Ok(match verdict {
        Ok(()) => Reply::Code(0),
        Err(why) => sentence(&why),
    })
}

pub(crate) fn addr_canonicalize(
    host: &mut Host,
    memory: &mut [u8],
    source: u32,
    destination: u32,
) -> Step<Reply> {
    let address = match human(host, memory, source)? {
        Ok(address) => address,
        Err(reply) => return Ok(reply),
    };
    let (canonical, cost) = host.backend(|backend| backend.addr_canonicalize(address))?;
    host.charge(cost)?;
    match canonical {
        Ok(canonical) => {
            region::write(host, memory, destination, &canonical)?;
            Ok(Reply::Code(0))
        }
        Err(why) => Ok(sentence(&why)),
    }
}

pub(crate) fn addr_humanize(
    host: &mut Host,
    memory: &mut [u8],
    source: u32,
    destination: u32,
) -> Step<Reply> {
    let canonical = region::read(host, memory, source, CANONICAL_ADDRESS_MAX)?;
    let (address, cost) = host.backend(|backend| backend.addr_humanize(canonical))?;
    host.charge(cost)?;
    match address {
        Ok(address) => {
            region::write(host, memory, destination, address.as_bytes())?;
            Ok(Reply::Code(0))
        }
        Err(why) => Ok(sentence(&why)),
    }
}
