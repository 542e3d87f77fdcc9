//! Pieces of memory that host and contract hand each other: address, capacity and length, as cosmwasm-std's `allocate`
//! makes them and its `deallocate` takes them back.

/// Where a piece of memory lies. The host reads and writes these twelve bytes.
#[repr(C)]
pub(super) struct Region {
    offset: u32,
    capacity: u32,
    length: u32,
}

const _: () = assert!(std::mem::size_of::<Region>() == 12);

impl Region {
    /// Bytes for the host to read. They must outlive the call of the host, whose argument is [`Region::address`].
    pub(super) fn lend(bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        Self { offset: bytes.as_ptr() as u32, capacity: length, length }
    }

    /// Where this region itself lies.
    pub(super) fn address(&self) -> u32 {
        std::ptr::from_ref(self) as u32
    }
}

/// Gives bytes away, to the host.
#[inline(never)]
pub(super) fn give(bytes: Vec<u8>) -> u32 {
    let mut bytes = std::mem::ManuallyDrop::new(bytes);
    let region = Region {
        offset: bytes.as_mut_ptr() as u32,
        capacity: bytes.capacity() as u32,
        length: bytes.len() as u32,
    };
    Box::into_raw(Box::new(region)) as u32
}

/// Takes bytes that the host gives: a region of `allocate`, filled by the host, used once.
#[inline(never)]
pub(super) fn take(address: u32) -> Vec<u8> {
    assert!(address != 0, "the host gives a region");
    // SAFETY: the host hands in only what `allocate` made, each once. `allocate` boxes a region of this layout, whose
    // bytes are a vector of that capacity; the host has written `length` of them, at most `capacity`.
    unsafe {
        let region = Box::from_raw(address as *mut Region);
        let (length, capacity) = (region.length as usize, region.capacity as usize);
        Vec::from_raw_parts(region.offset as *mut u8, length, capacity)
    }
}
