//! What one node lets its callers take.

use std::time::Duration;

use crate::dialect::node::DIALECT_VERSION;

/// What the node calls itself in `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeNames {
    /// Name of the node. CosmJS refuses an empty one.
    pub moniker: String,
    /// Version of the dialect; another one than [`DIALECT_VERSION`] only where a client's own tests demand it.
    pub version: String,
}

impl Default for NodeNames {
    fn default() -> Self {
        NodeNames { moniker: "suyuan".to_owned(), version: DIALECT_VERSION.to_owned() }
    }
}

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
    /// Open websockets; a further one is refused with HTTP 503.
    pub websockets_max: usize,
    /// Websocket clients with subscriptions.
    pub subscription_clients_max: usize,
    /// Subscriptions of one websocket client.
    pub subscriptions_per_client_max: usize,
    /// Messages that may wait for one websocket client. A block of thousands of transactions makes as many at once; a
    /// client with more waiting is cut off.
    pub outbox_messages_max: usize,
    /// Bytes that may wait for one websocket client; events are counted for each, but held once for all.
    pub outbox_bytes_max: usize,
    /// How often a websocket client is pinged.
    pub ping_every: Duration,
    /// Longest silence of a websocket client; an answer to a ping breaks it.
    pub silence_max: Duration,
    /// Time in which a websocket client must take a message.
    pub write_max: Duration,
    /// What the node calls itself.
    pub names: NodeNames,
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
            websockets_max: 200,
            subscription_clients_max: 100,
            subscriptions_per_client_max: 5,
            outbox_messages_max: 20_000,
            outbox_bytes_max: 64 << 20,
            ping_every: Duration::from_secs(27),
            silence_max: Duration::from_secs(30),
            write_max: Duration::from_secs(10),
            names: NodeNames::default(),
        }
    }
}
