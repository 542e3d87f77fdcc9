//! The same answers without sockets and threads: for simulations of engines.

use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};
use suyuan_solo::Application;
use tendermint_proto::v0_38::abci::{request, response};

use crate::shared::{Settings, Shared};
use crate::side::{self, Side};
use crate::writer::Writer;

/// An app behind ABCI, asked by one caller.
pub struct Service {
    shared: Arc<Shared>,
    writer: Writer,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("info", &self.shared.info.read()).finish_non_exhaustive()
    }
}

impl Service {
    /// Takes the app over, as a starting process does.
    pub fn new(app: Box<dyn Application>, settings: Settings) -> Service {
        let shared = Arc::new(Shared::new(app.checker(), app.querier(), app.info(), settings));
        Service { writer: Writer::new(app, shared.clone()), shared }
    }

    /// Answers any request, as [`crate::AbciServer`] does.
    ///
    /// # Errors
    /// What would end the process.
    pub fn call(&mut self, request: request::Value) -> Hosted<response::Value> {
        match side::answer(&self.shared, request) {
            Side::Answered(answer) => answer,
            Side::Consensus(request) => self.writer.perform(request),
            Side::Refused(refused) => Err(HostFault::new(refused.to_string())),
        }
    }
}
