//! Facts about the chain as a whole.

use std::sync::Arc;

use suyuan_core::{HostFault, Hosted};

use super::Chain;
use crate::answers::{AppInfo, Status};
use crate::application::{GrpcReply, GrpcStatus, QueryOutcome};
use crate::error::{Answer, ChainError};
use crate::genesis::Genesis;
use crate::shared::Tip;
use crate::start::summary_of;

impl Chain {
    /// The latest and the first block and the validator.
    pub fn status(&self) -> Answer<Status> {
        let tip = self.tip()?;
        let earliest = self.shared.earliest.read().clone();
        let validator = self.shared.validators.validators().first().cloned();
        let none = || HostFault::new("status before the first block");
        Ok(Status {
            chain_id: self.shared.genesis.chain_id.to_string(),
            app_version: tip.header.version.app,
            latest: summary_of(&tip.header),
            earliest: earliest.ok_or_else(none)?,
            validator: validator.ok_or_else(none)?,
        })
    }

    /// The genesis document.
    pub fn genesis(&self) -> &Genesis {
        &self.shared.genesis
    }

    /// The genesis document as CometBFT writes it.
    pub fn genesis_json(&self) -> Arc<serde_json::Value> {
        self.shared.genesis_json.clone()
    }

    /// Height and app hash of the state that queries see.
    pub fn abci_info(&self) -> AppInfo {
        let app_version = self.shared.genesis.app_version();
        match self.shared.tip() {
            None => AppInfo { height: 0, app_hash: Vec::new(), app_version },
            Some(tip) => {
                AppInfo { height: tip.height(), app_hash: tip.app_hash.to_vec(), app_version }
            }
        }
    }

    /// Asks the app; `height` 0 is the latest committed state.
    pub fn abci_query(
        &self,
        path: &str,
        data: &[u8],
        height: i64,
        prove: bool,
    ) -> Answer<QueryOutcome> {
        let height =
            u64::try_from(height).map_err(|_| ChainError::HeightNotPositive { asked: height })?;
        let _span = tracing::debug_span!("query", path, height).entered();
        let answer: Hosted<QueryOutcome> = self.shared.querier.query(path, data, height, prove);
        self.guarded(answer)
    }

    /// Asks the app by gRPC method; `height` 0 is the latest committed state. The inner error is the method's status.
    pub fn grpc(
        &self,
        path: &str,
        data: &[u8],
        height: u64,
    ) -> Answer<Result<GrpcReply, GrpcStatus>> {
        let _span = tracing::debug_span!("query", path, height).entered();
        self.guarded(self.shared.querier.grpc(path, data, height))
    }

    pub(super) fn tip(&self) -> Answer<Arc<Tip>> {
        self.shared
            .tip()
            .ok_or_else(|| ChainError::Fault(HostFault::new("the chain has no block yet")))
    }
}
