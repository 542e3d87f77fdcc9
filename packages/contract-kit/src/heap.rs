//! Memory of a contract: blocks of powers of two, a list of free ones for each size.
//!
//! An instance lives for one message, so that nothing is gained by joining freed blocks again; taking one and giving it
//! back are a few instructions each, where Rust's allocator for wasm takes hundreds and nine kilobytes of code. A block
//! is at most twice as long as what was asked for.
//!
//! Numbers here are addresses. What lies behind them is [`Room`], so that the rules are tested without wasm.

/// Shortest block: every address is a multiple of it.
pub const BLOCK_MIN: u32 = 16;
/// Lists of free blocks: one for each power of two that an address has.
const CLASSES: usize = 32;

/// Memory in which blocks lie.
pub trait Room {
    /// The word at an address that [`Heap::take`] has given.
    fn word(&self, at: u32) -> u32;

    /// Writes it.
    fn set_word(&mut self, at: u32, value: u32);

    /// Makes the room end at `end` or behind it, and tells where it ends then; `None` where it may not grow so far.
    fn reach(&mut self, end: u32) -> Option<u32>;
}

/// Which blocks are free.
#[derive(Debug)]
pub struct Heap {
    free: [u32; CLASSES],
    top: u32,
    end: u32,
}

impl Heap {
    /// Without any room yet: [`Heap::open`] comes first.
    pub const CLOSED: Self = Self { free: [0; CLASSES], top: 0, end: 0 };

    /// True before [`Heap::open`].
    pub const fn is_closed(&self) -> bool {
        self.top == 0
    }

    /// Lets blocks lie from `start` on. Nothing lies at address 0.
    pub fn open(&mut self, start: u32) {
        self.top = start.max(1).next_multiple_of(BLOCK_MIN);
        self.end = self.top;
    }

    /// A block of at least `size` bytes; `None` where the room ends.
    pub fn take(&mut self, room: &mut impl Room, size: u32) -> Option<u32> {
        let class = class(size)?;
        let block = self.free[class];
        if block != 0 {
            self.free[class] = room.word(block);
            return Some(block);
        }
        let block = self.top;
        self.raise(room, block.checked_add(1 << class)?)?;
        Some(block)
    }

    /// Gives back a block that was taken for `size` bytes.
    pub fn give(&mut self, room: &mut impl Room, block: u32, size: u32) {
        if let Some(class) = class(size) {
            room.set_word(block, self.free[class]);
            self.free[class] = block;
        }
    }

    /// True where a block that was taken for `size` bytes holds `wanted` from now on: it is long enough, or is the last
    /// one and grows.
    pub fn stretch(&mut self, room: &mut impl Room, block: u32, size: u32, wanted: u32) -> bool {
        let (Some(before), Some(after)) = (class(size), class(wanted)) else {
            return false;
        };
        if after <= before {
            return true;
        }
        let is_last = block.checked_add(1 << before) == Some(self.top);
        let end = block.checked_add(1 << after).filter(|_| is_last);
        end.and_then(|end| self.raise(room, end)).is_some()
    }

    fn raise(&mut self, room: &mut impl Room, top: u32) -> Option<()> {
        if top > self.end {
            self.end = room.reach(top)?;
        }
        self.top = top;
        Some(())
    }
}

/// The power of two that holds `size` bytes.
fn class(size: u32) -> Option<usize> {
    let length = size.max(BLOCK_MIN).checked_next_power_of_two()?;
    usize::try_from(length.trailing_zeros()).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Bytes of a small memory that grows by pages of 256.
    struct Small(Vec<u8>);

    const LIMIT: usize = 1 << 16;

    impl Room for Small {
        fn word(&self, at: u32) -> u32 {
            let at = at as usize;
            u32::from_le_bytes(self.0[at..at + 4].try_into().expect("four bytes"))
        }

        fn set_word(&mut self, at: u32, value: u32) {
            let at = at as usize;
            self.0[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }

        fn reach(&mut self, end: u32) -> Option<u32> {
            let wanted = (end as usize).next_multiple_of(256);
            if wanted > LIMIT {
                return None;
            }
            self.0.resize(wanted, 0);
            Some(wanted as u32)
        }
    }

    #[derive(Clone, Debug)]
    enum Deed {
        Take(u32),
        Give(usize),
        Stretch(usize, u32),
    }

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let size = || prop_oneof![0u32..40, 0u32..3_000];
        let deed = prop_oneof![
            size().prop_map(Deed::Take),
            any::<usize>().prop_map(Deed::Give),
            (any::<usize>(), size()).prop_map(|(which, size)| Deed::Stretch(which, size)),
        ];
        proptest::collection::vec(deed, 0..300)
    }

    proptest! {
        #[test]
        fn blocks_hold_what_was_written_until_they_are_given_back(deeds in deeds(), start in 0u32..200) {
            let (mut heap, mut room) = (Heap::CLOSED, Small(vec![]));
            prop_assert!(heap.is_closed());
            heap.open(start);
            prop_assert!(!heap.is_closed());
            // address → (size, what fills it)
            let mut live: BTreeMap<u32, (u32, u8)> = BTreeMap::new();
            for (number, deed) in deeds.into_iter().enumerate() {
                let fill = number as u8;
                let pick = |which: usize| live.keys().nth(which % live.len().max(1)).copied();
                match deed {
                    Deed::Take(size) => {
                        if let Some(block) = heap.take(&mut room, size) {
                            prop_assert!(block >= start.max(1) && block % BLOCK_MIN == 0);
                            room.0[block as usize..(block + size) as usize].fill(fill);
                            prop_assert_eq!(live.insert(block, (size, fill)), None);
                        }
                    }
                    Deed::Give(which) => {
                        if let Some(block) = pick(which) {
                            let (size, _) = live.remove(&block).expect("live");
                            heap.give(&mut room, block, size);
                        }
                    }
                    Deed::Stretch(which, wanted) => {
                        let Some(block) = pick(which) else { continue };
                        let (size, was) = live[&block];
                        if heap.stretch(&mut room, block, size, wanted) {
                            let bytes = &room.0[block as usize..(block + size.min(wanted)) as usize];
                            prop_assert!(bytes.iter().all(|byte| *byte == was));
                            room.0[block as usize..(block + wanted) as usize].fill(fill);
                            live.insert(block, (wanted, fill));
                        }
                    }
                }
                let mut behind = 0;
                for (block, (size, fill)) in &live {
                    prop_assert!(*block >= behind, "blocks overlap");
                    behind = block + size;
                    let bytes = &room.0[*block as usize..behind as usize];
                    prop_assert!(bytes.iter().all(|byte| byte == fill), "a block was overwritten");
                }
            }
        }
    }

    #[test]
    fn a_block_that_is_given_back_is_the_next_one_of_its_size() {
        let (mut heap, mut room) = (Heap::CLOSED, Small(vec![]));
        heap.open(1);
        let first = heap.take(&mut room, 100).expect("room");
        let second = heap.take(&mut room, 100).expect("room");
        heap.give(&mut room, first, 100);
        assert_eq!(heap.take(&mut room, 65), Some(first));
        assert!(heap.stretch(&mut room, second, 100, 1_000), "the last block grows in its place");
        assert!(!heap.stretch(&mut room, first, 65, 129), "another one does not");
        assert_eq!(heap.take(&mut room, LIMIT as u32), None);
        assert_eq!(heap.take(&mut room, u32::MAX), None);
    }
}
