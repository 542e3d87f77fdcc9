//! What one node lets its callers take.

use std::time::Duration;

/// Bounds of the RPC server. Each protects the node from one kind of caller.
#[derive(Clone, Debug)]
pub struct RpcLimits {
    /// Bytes of a request body. An 800 KiB contract, uploaded raw and in base64, has 1.1 MB; 8 MiB leave room for a
    /// transaction that stores several.
    pub body_bytes_max: usize,
    /// Time in which a body must arrive.
    pub body_read_max: Duration,
    /// Calls in one batch. CosmJS sends 20 by default.
    pub batch_calls_max: usize,
    /// Connections at one time; further ones wait in the listener's backlog.
    pub connections_max: usize,
    /// Requests that read disk or run contracts at one time; further ones wait. Each takes a thread and, for a smart
    /// query, a contract instance.
    pub blocking_calls_max: usize,
    /// Time in which the head of the next request must arrive; also how long an idle connection is kept. Above the
    /// 90 s for which common client pools keep theirs, so that the client closes first.
    pub idle_max: Duration,
    /// How long `broadcast_tx_commit` waits for the block.
    pub commit_wait_max: Duration,
    /// How long open requests may go on after the shutdown signal.
    pub shutdown_wait_max: Duration,
}

impl Default for RpcLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 8 * 1024 * 1024,
            body_read_max: Duration::from_secs(30),
            batch_calls_max: 100,
            connections_max: 900,
            blocking_calls_max: 32,
            idle_max: Duration::from_secs(120),
            commit_wait_max: Duration::from_secs(10),
            shutdown_wait_max: Duration::from_secs(5),
        }
    }
}
