//! An engine that forgets at exit. Every key keeps the values that a living view may still ask for.

use std::collections::btree_map::{BTreeMap, Entry};
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use suyuan_core::Hosted;

use super::{Batch, Engine, Pair, Pairs, Space, View, SPACES};
use crate::options::{Durability, Order};

/// Pairs that a scan takes under one lock.
const PAGE: usize = 64;

/// Values of one key by batch number, ascending; `None` = deleted.
type Cell = Vec<(u64, Option<Arc<[u8]>>)>;

#[derive(Default)]
struct Shared {
    data: RwLock<Data>,
    /// Batch numbers that living views look at, counted.
    watched: Mutex<BTreeMap<u64, usize>>,
}

#[derive(Default)]
struct Data {
    batch: u64,
    spaces: [BTreeMap<Vec<u8>, Cell>; SPACES.len()],
}

/// The engine.
#[derive(Default)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
}

impl Engine for Memory {
    fn view(&self) -> Arc<dyn View> {
        let data = self.shared.data.read();
        *self.shared.watched.lock().entry(data.batch).or_insert(0) += 1;
        Arc::new(MemoryView { at: data.batch, shared: Arc::clone(&self.shared) })
    }

    fn write(&self, batch: Batch, _durability: Durability) -> Hosted<()> {
        let mut data = self.shared.data.write();
        let oldest = self.shared.watched.lock().keys().next().copied().unwrap_or(data.batch);
        let number = data.batch + 1;
        for write in batch.writes {
            put(
                &mut data.spaces[write.space.index()],
                write.key,
                write.value.map(Arc::from),
                number,
                oldest,
            );
        }
        data.batch = number;
        Ok(())
    }
}

/// Adds a value and drops those that no view can see.
fn put(
    space: &mut BTreeMap<Vec<u8>, Cell>,
    key: Vec<u8>,
    value: Option<Arc<[u8]>>,
    number: u64,
    oldest: u64,
) {
    let mut entry = match space.entry(key) {
        Entry::Vacant(_) if value.is_none() => return,
        Entry::Vacant(vacant) => {
            vacant.insert(vec![(number, value)]);
            return;
        }
        Entry::Occupied(occupied) => occupied,
    };
    let cell = entry.get_mut();
    cell.retain(|(at, _)| *at != number);
    cell.push((number, value));
    let unseen = cell.partition_point(|(at, _)| *at <= oldest).saturating_sub(1);
    cell.drain(..unseen);
    if cell.iter().all(|(_, value)| value.is_none()) {
        entry.remove();
    }
}

struct MemoryView {
    at: u64,
    shared: Arc<Shared>,
}

impl MemoryView {
    fn seen<'a>(&self, cell: &'a Cell) -> Option<&'a Arc<[u8]>> {
        cell.iter().rev().find(|(at, _)| *at <= self.at).and_then(|(_, value)| value.as_ref())
    }

    /// Up to a page of pairs between the bounds, and whether the scan is over.
    fn page(
        &self,
        space: Space,
        start: Bound<&[u8]>,
        end: Bound<&[u8]>,
        order: Order,
    ) -> Vec<Pair> {
        let data = self.shared.data.read();
        let found = data.spaces[space.index()].range::<[u8], _>((start, end));
        let seen = |(key, cell): (&Vec<u8>, &Cell)| {
            self.seen(cell).map(|value| (key.clone(), value.to_vec()))
        };
        match order {
            Order::Ascending => found.filter_map(seen).take(PAGE).collect(),
            Order::Descending => found.rev().filter_map(seen).take(PAGE).collect(),
        }
    }
}

impl Drop for MemoryView {
    fn drop(&mut self) {
        let mut watched = self.shared.watched.lock();
        if let Some(count) = watched.get_mut(&self.at) {
            *count -= 1;
            if *count == 0 {
                watched.remove(&self.at);
            }
        }
    }
}

impl View for MemoryView {
    fn read(&self, space: Space, key: &[u8], visit: &mut dyn FnMut(&[u8])) -> Hosted<bool> {
        let data = self.shared.data.read();
        let found = data.spaces[space.index()].get(key).and_then(|cell| self.seen(cell));
        Ok(found.inspect(|value| visit(value)).is_some())
    }

    fn range(
        self: Arc<Self>,
        space: Space,
        start: &[u8],
        end: Option<&[u8]>,
        order: Order,
    ) -> Pairs {
        if end.is_some_and(|end| end <= start) {
            return Box::new(std::iter::empty());
        }
        let start = Bound::Included(start.to_vec());
        let end = end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.to_vec()));
        Box::new(Scan {
            view: self,
            space,
            start,
            end,
            order,
            page: Vec::new().into_iter(),
            over: false,
        })
    }
}

struct Scan {
    view: Arc<MemoryView>,
    space: Space,
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    order: Order,
    page: std::vec::IntoIter<Pair>,
    over: bool,
}

impl Iterator for Scan {
    type Item = Hosted<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.as_slice().is_empty() && !self.over {
            let (start, end) = (slice(&self.start), slice(&self.end));
            let page = self.view.page(self.space, start, end, self.order);
            self.over = page.len() < PAGE;
            if let Some((last, _)) = page.last() {
                match self.order {
                    Order::Ascending => self.start = Bound::Excluded(last.clone()),
                    Order::Descending => self.end = Bound::Excluded(last.clone()),
                }
            }
            self.page = page.into_iter();
        }
        self.page.next().map(Ok)
    }
}

fn slice(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(Vec::as_slice)
}
