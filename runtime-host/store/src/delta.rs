//! A copy-on-write overlay over a snapshot: what transactions write before a block is staged.

mod overlay;
mod scan;

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use suyuan_core::Hosted;

use crate::options::{ChangeSet, Order, StoreName};
use crate::snapshot::{Pairs, Snapshot};
use overlay::Overlay;
use scan::Scan;

/// A copy-on-write overlay. Layers nest: [`Delta::push`], then [`Delta::commit_layer`] (merge into the one below) or
/// [`Delta::discard_layer`]. A read costs one lookup at any depth; discarding costs what the layer wrote.
pub struct Delta {
    base: Snapshot,
    /// Shared with living scans, which look at the moment of their creation.
    overlay: Arc<Mutex<Overlay>>,
}

impl Delta {
    /// An empty overlay over `base`.
    pub fn new(base: Snapshot) -> Delta {
        Delta { base, overlay: Arc::default() }
    }

    /// What it lies on.
    pub fn base(&self) -> &Snapshot {
        &self.base
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// As [`Snapshot::get`].
    pub fn get(&self, store: &str, key: &[u8]) -> Hosted<Option<Vec<u8>>> {
        if let Some(value) = self.overlay.lock().get(store, key) {
            return Ok(value.map(|value| value.to_vec()));
        }
        self.base.get(store, key)
    }

    /// Sets `key`. Whether store and key are fit to be stored is judged by [`crate::Store::stage`].
    pub fn set(&mut self, store: StoreName, key: &[u8], value: &[u8]) {
        self.write(store, key, Some(value.into()));
    }

    /// Removes `key`, present or not.
    pub fn remove(&mut self, store: StoreName, key: &[u8]) {
        self.write(store, key, None);
    }

    fn write(&mut self, store: StoreName, key: &[u8], value: Option<Arc<[u8]>>) {
        let watched = self.is_watched();
        self.overlay.lock().write(store, key, value, watched);
    }

    /// Whether a scan lives.
    fn is_watched(&self) -> bool {
        Arc::strong_count(&self.overlay) > 1
    }

    /// Pairs with `start <= key < end` in order, an open end being `None`. The iterator borrows nothing, reads lazily,
    /// and shows this moment: later writes are not seen. It must not outlive the layer it was created in.
    ///
    /// # Errors
    /// As [`Snapshot::range`].
    pub fn range(
        &self,
        store: StoreName,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Hosted<Pairs> {
        if matches!((start, end), (Some(start), Some(end)) if end <= start) {
            return Ok(Box::new(std::iter::empty()));
        }
        let base = self.base.range(store, start, end, order)?;
        let mut overlay = self.overlay.lock();
        if !overlay.touches(store, start, end) {
            return Ok(base);
        }
        let moment = overlay.freeze();
        drop(overlay);
        Ok(Box::new(Scan::new(Arc::clone(&self.overlay), base, store, moment, start, end, order)))
    }

    /// Opens a layer.
    pub fn push(&mut self) {
        self.overlay.lock().push();
    }

    /// Merges the top layer into the one below. Without an open layer nothing happens.
    pub fn commit_layer(&mut self) {
        let watched = self.is_watched();
        self.overlay.lock().commit_layer(watched);
    }

    /// Undoes what was written since the top layer was opened, and closes it. Without an open layer nothing happens.
    pub fn discard_layer(&mut self) {
        self.overlay.lock().discard_layer();
    }

    /// Number of open layers.
    pub fn depth(&self) -> usize {
        self.overlay.lock().depth()
    }

    /// All that was written, open layers included.
    pub fn into_changes(self) -> ChangeSet {
        self.overlay.lock().changes()
    }
}

impl fmt::Debug for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delta")
            .field("base", &self.base)
            .field("depth", &self.depth())
            .finish_non_exhaustive()
    }
}
