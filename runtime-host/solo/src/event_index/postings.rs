//! What one block adds: for each term the places where it occurs, in the order of the block.

use std::collections::BTreeMap;

use suyuan_core::Event;

use super::key::Term;

/// One occurrence within a block: position of the transaction, position of the event in it.
pub type Spot = (u32, u32);

/// Occurrences of one term in one block, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List(pub Vec<Spot>);

/// Occurrences by term.
pub type Lists = BTreeMap<Term, List>;

/// Postings of the transactions of a block.
pub fn of_txs(txs: &[&[Event]]) -> Lists {
    let mut lists = Lists::new();
    for (index, events) in txs.iter().enumerate() {
        add(&mut lists, u32::try_from(index).unwrap_or(u32::MAX), events);
    }
    lists
}

/// Postings of a block's own events.
pub fn of_block(events: &[Event]) -> Lists {
    let mut lists = Lists::new();
    add(&mut lists, 0, events);
    lists
}

fn add(lists: &mut Lists, index: u32, events: &[Event]) {
    for (seq, event) in events.iter().enumerate() {
        let spot = (index, u32::try_from(seq).unwrap_or(u32::MAX));
        // The type alone, for `EXISTS`.
        push(lists, &event.kind, "", spot);
        for attribute in &event.attributes {
            push(lists, &format!("{}.{}", event.kind, attribute.key), &attribute.value, spot);
        }
    }
}

fn push(lists: &mut Lists, tag: &str, value: &str, spot: Spot) {
    let Some(term) = Term::new(tag, value) else { return };
    let list = &mut lists.entry(term).or_default().0;
    // An event may repeat an attribute.
    if list.last() != Some(&spot) {
        list.push(spot);
    }
}

impl List {
    /// Differences of positions, each as a variable-length number.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len().saturating_mul(2));
        let mut last = 0u32;
        for (index, seq) in &self.0 {
            put(&mut bytes, index.saturating_sub(last));
            put(&mut bytes, *seq);
            last = *index;
        }
        bytes
    }

    /// `None` if the bytes are no list.
    pub fn decode(mut bytes: &[u8]) -> Option<List> {
        let mut list = Vec::new();
        let mut last = 0u32;
        while !bytes.is_empty() {
            last = last.checked_add(take(&mut bytes)?)?;
            list.push((last, take(&mut bytes)?));
        }
        Some(List(list))
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let low = u32::from(byte & 0x7f);
        if shift == 28 && low > 0x0f {
            return None;
        }
        number |= low << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_is_read_back(mut spots in proptest::collection::vec((any::<u32>(), any::<u32>()), 0..40)) {
            spots.sort_unstable();
            let list = List(spots);
            prop_assert_eq!(List::decode(&list.encode()), Some(list));
        }

        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = List::decode(&bytes);
        }
    }

    #[test]
    fn an_event_counts_once_per_value_and_its_type_is_a_tag() {
        let events = [Event::new("a").with("k", "v").with("k", "v").with("k", "w")];
        let lists = of_txs(&[&[], &events]);
        let of =
            |tag: &str, value: &str| lists.get(&Term::new(tag, value).expect("short")).cloned();
        assert_eq!(of("a.k", "v"), Some(List(vec![(1, 0)])));
        assert_eq!(of("a.k", "w"), Some(List(vec![(1, 0)])));
        assert_eq!(of("a", ""), Some(List(vec![(1, 0)])));
        assert_eq!(lists.len(), 3);
    }
}
