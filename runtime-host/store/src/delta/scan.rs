//! A scan that merges written keys with the snapshot below, as of one moment.

use std::iter::Peekable;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_core::Hosted;

use super::overlay::{Overlay, Written};
use crate::engine::Pair;
use crate::options::{Order, StoreName};
use crate::snapshot::Pairs;

/// Written keys taken under one lock: few at first, since most scans are short, then doubling up to the second.
const PAGE_FIRST: usize = 4;
const PAGE_MAX: usize = 256;

pub(super) struct Scan {
    overlay: Arc<Mutex<Overlay>>,
    base: Peekable<Pairs>,
    store: StoreName,
    moment: u64,
    start: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
    order: Order,
    page: Peekable<std::vec::IntoIter<Written>>,
    page_len: usize,
    /// The overlay has no keys beyond the page.
    last_page: bool,
}

impl Scan {
    pub fn new(
        overlay: Arc<Mutex<Overlay>>,
        base: Pairs,
        store: StoreName,
        moment: u64,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Scan {
        Scan {
            overlay,
            base: base.peekable(),
            store,
            moment,
            start: start.map_or(Bound::Unbounded, |start| Bound::Included(start.to_vec())),
            end: end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.to_vec())),
            order,
            page: Vec::new().into_iter().peekable(),
            page_len: PAGE_FIRST,
            last_page: false,
        }
    }

    fn fill(&mut self) {
        if self.page.peek().is_some() || self.last_page {
            return;
        }
        let bounds = (self.start.as_ref().map(Vec::as_slice), self.end.as_ref().map(Vec::as_slice));
        let page =
            self.overlay.lock().page(self.store, self.moment, bounds, self.order, self.page_len);
        self.last_page = page.len() < self.page_len;
        self.page_len = (self.page_len * 2).min(PAGE_MAX);
        if let Some((last, _)) = page.last() {
            match self.order {
                Order::Ascending => self.start = Bound::Excluded(last.to_vec()),
                Order::Descending => self.end = Bound::Excluded(last.to_vec()),
            }
        }
        self.page = page.into_iter().peekable();
    }

    /// Whether the next written key comes before the next key below, and whether they are the same key.
    fn turn(&mut self) -> Turn {
        self.fill();
        match (self.page.peek(), self.base.peek()) {
            (None, _) | (_, Some(Err(_))) => Turn::Base,
            (Some(_), None) => Turn::Written,
            (Some((written, _)), Some(Ok((below, _)))) => {
                let order = (**written).cmp(below.as_slice());
                let order = if self.order == Order::Descending { order.reverse() } else { order };
                match order {
                    std::cmp::Ordering::Less => Turn::Written,
                    std::cmp::Ordering::Equal => Turn::Both,
                    std::cmp::Ordering::Greater => Turn::Base,
                }
            }
        }
    }
}

enum Turn {
    Base,
    Written,
    Both,
}

impl Iterator for Scan {
    type Item = Hosted<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.turn() {
                Turn::Base => return self.base.next(),
                Turn::Written => {}
                Turn::Both => drop(self.base.next()),
            }
            if let Some((key, Some(value))) = self.page.next() {
                return Some(Ok((key.to_vec(), value.to_vec())));
            }
        }
    }
}
