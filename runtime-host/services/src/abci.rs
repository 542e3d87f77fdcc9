//! The services as `abci_query` serves them, for clients that have no gRPC.

use suyuan_app::{GrpcCode, GrpcStatus, QueryOutcome};

use crate::{Reply, Services};

impl Services {
    /// Answers `abci_query`: methods of this crate here, everything else by the application.
    ///
    /// # Errors
    /// The driver's.
    pub fn abci_query(
        &self,
        path: &str,
        data: &[u8],
        height: i64,
        prove: bool,
    ) -> Result<QueryOutcome, suyuan_solo::ChainError> {
        if !Services::is_own(path) {
            return self.source.abci_query(path, data, height, prove);
        }
        let height = u64::try_from(height)
            .map_err(|_| suyuan_solo::ChainError::HeightNotPositive { asked: height })?;
        // A refusal names a height too: clients take 0 for "no answer".
        let read = self.source.latest_height();
        Ok(to_query_outcome(self.call(path, data, height), read))
    }
}

/// A reply with the ABCI code of its status, as the SDK maps them.
pub fn to_query_outcome(reply: Reply, height: u64) -> QueryOutcome {
    match reply {
        Ok(reply) => {
            QueryOutcome { value: reply.value, height: reply.height, ..QueryOutcome::default() }
        }
        Err(GrpcStatus { code, message }) => {
            let (abci, text) = match code {
                GrpcCode::NotFound => (22, "key not found"),
                GrpcCode::InvalidArgument => (18, "invalid request"),
                _ => (6, "unknown request"),
            };
            let log = if code == GrpcCode::Unimplemented {
                format!("unknown query path: {text}")
            } else {
                format!("rpc error: code = {code:?} desc = {message}: {text}")
            };
            QueryOutcome {
                code: abci,
                codespace: "sdk".to_string(),
                log,
                height,
                ..QueryOutcome::default()
            }
        }
    }
}
