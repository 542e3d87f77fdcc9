//! Regions: how contract and host hand each other bytes.
//!
//! A pointer names twelve bytes in the contract's memory, a region: offset, capacity, length (u32, little endian). All
//! of it is the contract's word, so nothing is believed: every access is checked against the memory as it is now.

use crate::error::GuestError;
use crate::host::{Host, Step, Stop};

/// Bytes of a region.
const REGION_BYTES: usize = 12;

/// A region that passed the checks of [`Region::read`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    offset: u32,
    capacity: u32,
    length: u32,
}

pub(crate) fn bad(message: impl Into<String>) -> Stop {
    Stop::Guest(GuestError::BadRegion(message.into()))
}

fn unreachable_pointer(pointer: u32) -> Stop {
    bad(format!(
        "The Wasm memory address {pointer} provided by the contract could not be dereferenced: Could not dereference this pointer to a Region"
    ))
}

fn word(bytes: &[u8], index: usize) -> u32 {
    let start = 4 * index;
    u32::from_le_bytes([bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]])
}

impl Region {
    /// The region at `pointer`: not null, length within capacity, capacity within the address space.
    fn read(memory: &[u8], pointer: u32) -> Step<Region> {
        let start = pointer as usize;
        let bytes = start
            .checked_add(REGION_BYTES)
            .and_then(|end| memory.get(start..end))
            .ok_or_else(|| unreachable_pointer(pointer))?;
        let region =
            Region { offset: word(bytes, 0), capacity: word(bytes, 1), length: word(bytes, 2) };
        region.validate()?;
        Ok(region)
    }

    fn validate(self) -> Step<()> {
        let Region { offset, capacity, length } = self;
        if offset == 0 {
            return Err(bad("Got an invalid region: Got a zero Wasm address in the offset"));
        }
        if length > capacity {
            return Err(bad(format!(
                "Got an invalid region: Region length exceeds capacity. Length {length}, capacity {capacity}"
            )));
        }
        if capacity > u32::MAX - offset {
            return Err(bad(format!(
                "Got an invalid region: Region exceeds address space. Offset {offset}, capacity {capacity}"
            )));
        }
        Ok(())
    }

    fn outside(self, memory_bytes: usize) -> Stop {
        let Region { offset, capacity, length } = self;
        bad(format!(
            "Tried to access memory of region {offset}+{length} (capacity {capacity}) in Wasm memory of size {memory_bytes} bytes. \
             This typically happens when the given Region pointer does not point to a proper Region struct."
        ))
    }
}

/// How a length above the limit is reported.
pub(crate) type TooLong = fn(length: u32, limit: u32) -> GuestError;

pub(crate) fn too_long(length: u32, limit: u32) -> GuestError {
    GuestError::BadRegion(format!("Region length too big. Got {length}, limit {limit}"))
}

/// The bytes of the region at `pointer`, borrowed from the contract's memory. Charged before the length is judged.
pub(crate) fn read<'m>(
    host: &mut Host,
    memory: &'m [u8],
    pointer: u32,
    limit: u32,
) -> Step<&'m [u8]> {
    read_or(host, memory, pointer, limit, too_long)
}

/// [`read`] with another word for a length above the limit.
pub(crate) fn read_or<'m>(
    host: &mut Host,
    memory: &'m [u8],
    pointer: u32,
    limit: u32,
    report: TooLong,
) -> Step<&'m [u8]> {
    let region = Region::read(memory, pointer)?;
    let cost = host.prices.read_region_of(u64::from(region.length));
    host.meter.charge(cost)?;
    if region.length > limit {
        return Err(Stop::Guest(report(region.length, limit)));
    }
    let start = region.offset as usize;
    start
        .checked_add(region.length as usize)
        .and_then(|end| memory.get(start..end))
        .ok_or_else(|| region.outside(memory.len()))
}

/// Like [`read`], where a null pointer means "nothing".
pub(crate) fn read_optional<'m>(
    host: &mut Host,
    memory: &'m [u8],
    pointer: u32,
    limit: u32,
) -> Step<Option<&'m [u8]>> {
    if pointer == 0 {
        return Ok(None);
    }
    read(host, memory, pointer, limit).map(Some)
}

/// Copies `data` into the region at `pointer` and sets its length.
pub(crate) fn write(host: &mut Host, memory: &mut [u8], pointer: u32, data: &[u8]) -> Step<()> {
    let region = Region::read(memory, pointer)?;
    let price = host.prices.write_region;
    host.charge_linear(price, data.len())?;
    if data.len() > region.capacity as usize {
        return Err(bad(format!(
            "Region too small. Got {}, required {}",
            region.capacity,
            data.len()
        )));
    }
    let memory_bytes = memory.len();
    let start = region.offset as usize;
    let target = start
        .checked_add(data.len())
        .and_then(|end| memory.get_mut(start..end))
        .ok_or_else(|| region.outside(memory_bytes))?;
    target.copy_from_slice(data);
    // The region may lie inside its own target, so all of it is written again. It was readable above and memory does
    // not shrink.
    let at = pointer as usize;
    for (i, word) in [region.offset, region.capacity, data.len() as u32].into_iter().enumerate() {
        memory[at + 4 * i..at + 4 * i + 4].copy_from_slice(&word.to_le_bytes());
    }
    Ok(())
}

/// Bytes of the length behind each section.
const SECTION_LENGTH_BYTES: usize = 4;

/// Takes apart `section || length || section || length ...` (lengths u32, big endian), from the end.
pub(crate) fn decode_sections(data: &[u8]) -> Step<Vec<&[u8]>> {
    let mut sections = Vec::new();
    let mut rest = data;
    while let Some((head, tail)) = rest.split_last_chunk::<SECTION_LENGTH_BYTES>() {
        let length = u32::from_be_bytes(*tail) as usize;
        let start = head
            .len()
            .checked_sub(length)
            .ok_or_else(|| bad("Got an invalid section: section length overflow"))?;
        sections.push(&head[start..]);
        rest = &head[..start];
    }
    if !rest.is_empty() {
        return Err(bad("Got an invalid section: extra data outside of any section"));
    }
    sections.reverse();
    Ok(sections)
}

/// Puts a record together as `key || length || value || length`.
pub(crate) fn encode_record(key: &[u8], value: &[u8]) -> Step<Vec<u8>> {
    let mut out = Vec::with_capacity(key.len() + value.len() + 2 * SECTION_LENGTH_BYTES);
    for section in [key, value] {
        let length = u32::try_from(section.len())
            .map_err(|_| suyuan_core::HostFault::new("a store record above 4 GiB"))?;
        out.extend_from_slice(section);
        out.extend_from_slice(&length.to_be_bytes());
    }
    Ok(out)
}
