//! What one node lets the callers of gRPC and REST take.

use std::time::Duration;

/// Bounds of one server. Each protects the node from one kind of caller.
#[derive(Clone, Debug)]
pub struct ApiLimits {
    /// Bytes of a request: the SDK's 10 MiB, which leaves room for a transaction that stores several contracts.
    pub request_bytes_max: usize,
    /// Bytes of an answer over gRPC.
    pub response_bytes_max: usize,
    /// Time in which a body must arrive.
    pub body_read_max: Duration,
    /// Connections at one time; further ones wait in the listener's backlog.
    pub connections_max: usize,
    /// Requests at one time on one HTTP/2 connection.
    pub streams_max: u32,
    /// Calls at one time; further ones wait. Each takes a thread and, for a smart query, a contract instance.
    pub calls_max: usize,
    /// How long an idle connection is kept: over HTTP/1.1 until the head of the next request, over HTTP/2 between
    /// pings.
    pub idle_max: Duration,
    /// How long open requests may go on after the shutdown signal.
    pub shutdown_wait_max: Duration,
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self {
            request_bytes_max: 10 * 1024 * 1024,
            response_bytes_max: 64 * 1024 * 1024,
            body_read_max: Duration::from_secs(30),
            connections_max: 500,
            streams_max: 100,
            calls_max: 32,
            idle_max: Duration::from_secs(120),
            shutdown_wait_max: Duration::from_secs(5),
        }
    }
}
