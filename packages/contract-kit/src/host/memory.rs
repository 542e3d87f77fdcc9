//! The allocator of contracts: [`crate::heap`] over the memory of wasm.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

use crate::heap::{Heap, Room, BLOCK_MIN};

const PAGE_BYTES: u32 = 1 << 16;

extern "C" {
    /// Where the linker's data ends.
    static __heap_base: u8;
}

#[global_allocator]
static MEMORY: Memory = Memory(UnsafeCell::new(Heap::CLOSED));

struct Memory(UnsafeCell<Heap>);

// SAFETY: contracts have one thread
unsafe impl Sync for Memory {}

impl Memory {
    #[inline(never)]
    fn take(&self, size: u32) -> *mut u8 {
        // SAFETY: one thread, and no function of the heap calls back
        let heap = unsafe { &mut *self.0.get() };
        if heap.is_closed() {
            heap.open(&raw const __heap_base as u32);
        }
        heap.take(&mut Wasm, size).map_or(null_mut(), |block| block as *mut u8)
    }

    #[inline(never)]
    fn give(&self, block: *mut u8, size: u32) {
        // SAFETY: as above
        unsafe { &mut *self.0.get() }.give(&mut Wasm, block as u32, size);
    }

    #[inline(never)]
    fn stretch(&self, block: *mut u8, size: u32, wanted: u32) -> bool {
        // SAFETY: as above
        unsafe { &mut *self.0.get() }.stretch(&mut Wasm, block as u32, size, wanted)
    }
}

// SAFETY: blocks do not overlap, are as long as asked for and lie where every type of ours may; the tests of the heap show it
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > BLOCK_MIN as usize {
            return null_mut();
        }
        self.take(layout.size() as u32)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.give(block, layout.size() as u32);
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, wanted: usize) -> *mut u8 {
        if self.stretch(block, layout.size() as u32, wanted as u32) {
            return block;
        }
        let new = self.take(wanted as u32);
        if !new.is_null() {
            // SAFETY: two blocks, each at least as long as the shorter of the sizes
            unsafe { new.copy_from_nonoverlapping(block, layout.size().min(wanted)) };
            self.give(block, layout.size() as u32);
        }
        new
    }
}

struct Wasm;

impl Room for Wasm {
    fn word(&self, at: u32) -> u32 {
        // SAFETY: a block that the heap gave is memory of ours
        unsafe { *(at as *const u32) }
    }

    fn set_word(&mut self, at: u32, value: u32) {
        // SAFETY: as above
        unsafe { *(at as *mut u32) = value };
    }

    fn reach(&mut self, end: u32) -> Option<u32> {
        let pages = memory_size::<0>() as u32;
        let wanted = end.div_ceil(PAGE_BYTES);
        if wanted > pages && memory_grow::<0>((wanted - pages) as usize) == usize::MAX {
            return None;
        }
        wanted.max(pages).checked_mul(PAGE_BYTES)
    }
}
