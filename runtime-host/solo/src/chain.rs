//! The handle to a running chain: what the RPC servers, the CLI and tests hold.
//!
//! Reading never waits for the writer: published blocks are immutable records of the block log, and the latest height
//! is swapped in only when everything of it can be read.

mod inspect;
mod lifecycle;
mod read;
mod search;
mod submit;

pub use read::BLOCKCHAIN_PAGE_MAX;
pub use search::{PER_PAGE_DEFAULT, PER_PAGE_MAX, SEARCH_MATCHES_MAX, SEARCH_READS_MAX};

use std::sync::Arc;

use crate::shared::Shared;

/// A cheap, cloneable handle. `Send + Sync`; every method may be called from any thread, but may block for disk reads
/// (all of `read` and `search`), signature checks (`broadcast_*`, `check_tx`) or on purpose (`broadcast_commit`,
/// `wait_*`, `shutdown`): an async server calls them through its blocking pool.
#[derive(Clone)]
pub struct Chain {
    pub(crate) shared: Arc<Shared>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").field("latest", &self.latest_height()).finish()
    }
}
