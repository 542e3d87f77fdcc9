//! What writer, connections and the node share.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use suyuan_core::HostFault;
use suyuan_solo::{CheckTx, Info, Progress, QueryState};

/// What a server does beside translating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// App version of the chain, as genesis names it; `Info` says it.
    pub app_version: u64,
    /// Height at which a chain that was made alone became a network, 0 for none. `Info` calls it 0: for the engine the
    /// chain begins behind it, and only so does it ask for `InitChain`.
    pub seam: u64,
    /// Height after whose commit nothing more is executed, so that another program goes on; `None` for none.
    pub halt_height: Option<u64>,
    /// Blocks that the engine keeps; `None` for all.
    pub retain_blocks: Option<u64>,
}

/// Fewest blocks that an engine must keep: a node that lost what its system had not yet written replays them.
pub const RETAIN_BLOCKS_MIN: u64 = 300;

impl Settings {
    /// The lowest height that the engine has to keep; 0 for all.
    pub(crate) fn retain_height(&self, height: u64) -> u64 {
        let Some(kept) = self.retain_blocks else { return 0 };
        let lowest = height.saturating_add(1).saturating_sub(kept.max(RETAIN_BLOCKS_MIN));
        // Below the first block of a network there is nothing to remove.
        if lowest > self.seam.saturating_add(1) {
            lowest
        } else {
            0
        }
    }
}

pub struct Shared {
    pub checker: Arc<dyn CheckTx>,
    pub querier: Arc<dyn QueryState>,
    /// What was committed last; `Info` answers from here and never with anything that is not durable.
    pub info: RwLock<Info>,
    /// What the operator and genesis say.
    pub settings: Settings,
    pub progress: Progress,
    halted: Mutex<Option<u64>>,
}

impl Shared {
    pub fn new(
        checker: Arc<dyn CheckTx>,
        querier: Arc<dyn QueryState>,
        info: Info,
        settings: Settings,
    ) -> Shared {
        Shared {
            checker,
            querier,
            progress: Progress::at(info.height),
            info: RwLock::new(info),
            settings,
            halted: Mutex::new(None),
        }
    }

    /// Tells of a committed height.
    pub fn publish(&self, info: Info) {
        *self.info.write() = info;
        self.progress.reach(info.height);
        self.progress.tell(info.height);
    }

    /// Records the fault that ends the server; the first one is kept.
    pub fn fail(&self, fault: &HostFault) {
        if self.progress.fail(fault) {
            tracing::error!(%fault, "the consensus connection failed; the node ends");
        }
        self.progress.set_stopped();
    }

    /// Halts where the operator wanted it.
    pub fn note_committed(&self, height: u64) {
        if self.settings.halt_height.is_some_and(|halt| height >= halt) {
            *self.halted.lock() = Some(height);
        }
    }

    /// The height at which the server halted.
    pub fn halted(&self) -> Option<u64> {
        *self.halted.lock()
    }
}
