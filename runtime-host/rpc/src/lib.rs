//! Tendermint RPC over HTTP in the CometBFT 0.38 dialect: what CosmJS, `tendermint-rpc`, `cosmrs`, the light client
//! and the `wasmd` command line talk to.
//!
//! The crate is a skin. It reads requests in the forms in which existing clients send them, asks the [`Chain`]
//! handle, and writes the answers in the forms that those clients can read. It decides nothing about transactions,
//! blocks or state, and keeps nothing but the genesis file.
//!
//! ```text
//! socket → server (HTTP/1.1) → transport (paths, statuses) → envelope, params → method → Chain
//!                                                             envelope ← dialect ←┘
//!   websocket → envelope, params → method, or feed (subscriptions) ← new blocks of Chain
//! ```
#![forbid(unsafe_code)]

mod dialect;
mod envelope;
mod error;
mod feed;
mod html;
mod limits;
mod method;
mod params;
mod server;
mod transport;
mod websocket;

use std::future::Future;
use std::io;
use std::sync::Arc;

use suyuan_solo::Chain;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use dialect::node::DIALECT_VERSION;
pub use error::RpcError;
pub use limits::{NodeNames, RpcLimits};

/// Serves `chain` on `listener` until `shutdown` resolves.
///
/// # Errors
/// The listener's own address cannot be read. Failures of single connections end those connections only.
pub async fn serve(
    listener: TcpListener,
    chain: Chain,
    limits: RpcLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let rpc_address = format!("tcp://{}", listener.local_addr()?);
    let (stop, stopped) = watch::channel(false);
    let feed = feed::Feed::new(limits.clone());
    let follower = feed::follow(chain.clone(), Arc::clone(&feed));
    let node = method::Node::new(chain, limits.clone(), rpc_address);
    let router = transport::router(node, limits.clone(), feed, stopped);
    let shutdown = async {
        shutdown.await;
        // Websockets are no connections of the server any more: they are told apart.
        let _ = stop.send(true);
    };
    tokio::select! {
        ended = server::run(listener, router, &limits, shutdown) => ended,
        () = follower => Err(io::Error::other("the chain's news have ended")),
    }
}
