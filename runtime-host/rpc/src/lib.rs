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
mod engine;
mod envelope;
mod error;
mod feed;
mod html;
mod limits;
mod method;
mod params;
mod server;
mod transport;
mod tunnel;
mod websocket;

use std::future::Future;
use std::io;
use std::sync::Arc;

use suyuan_solo::Chain;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use dialect::node::DIALECT_VERSION;
pub use engine::{EngineBackend, FaultProbe};
pub use error::RpcError;
pub use limits::{NodeNames, RpcLimits};

/// Who makes the blocks behind this RPC.
#[derive(Clone, Debug)]
pub enum Backend {
    /// This process alone.
    Solo(Chain),
    /// An engine beside it.
    Engine(EngineBackend),
}

impl From<Chain> for Backend {
    fn from(chain: Chain) -> Self {
        Backend::Solo(chain)
    }
}

/// Serves `backend`, for example a [`Chain`], on `listener` until `shutdown` resolves.
///
/// # Errors
/// The listener's own address cannot be read. Failures of single connections end those connections only.
pub async fn serve(
    listener: TcpListener,
    backend: impl Into<Backend>,
    limits: RpcLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let rpc_address = format!("tcp://{}", listener.local_addr()?);
    match backend.into() {
        Backend::Solo(chain) => serve_solo(listener, chain, limits, rpc_address, shutdown).await,
        Backend::Engine(engine) => {
            serve_engine(listener, engine, limits, rpc_address, shutdown).await
        }
    }
}

async fn serve_solo(
    listener: TcpListener,
    chain: Chain,
    limits: RpcLimits,
    rpc_address: String,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
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

/// Subscriptions are the engine's: websockets are joined to it, and the feed of this process stays without news.
async fn serve_engine(
    listener: TcpListener,
    engine: EngineBackend,
    limits: RpcLimits,
    rpc_address: String,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let (_stop, stopped) = watch::channel(false);
    let feed = feed::Feed::new(limits.clone());
    let socket = engine.socket.clone();
    let node = method::NetworkNode::new(engine, limits.clone(), rpc_address);
    let inner = transport::router(node, limits.clone(), feed, stopped);
    server::run(listener, tunnel::before(inner, socket), &limits, shutdown).await
}
