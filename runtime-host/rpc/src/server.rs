//! Accepts connections and runs HTTP/1.1 on them.
//!
//! Our own loop in place of `axum::serve`, for three switches that it does not have: answers to pipelined requests are
//! flushed together (load generators and batching clients send tens of requests per segment), the head of a request
//! has a deadline, and the number of connections has a bound.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::limits::RpcLimits;

/// Pause after a failed accept: out of file descriptors is the usual reason, and retrying at once only burns time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `shutdown` resolves; then open requests get their grace, and all ends.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    limits: &RpcLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(limits.connections_max));
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let (stream, slot) = accepted;
        let idle_max = limits.idle_max;
        connections.spawn(serve_connection(
            stream,
            slot,
            router.clone(),
            idle_max,
            stopped.clone(),
        ));
    }
    drop(listener);
    // Nobody listening any more means that every connection has ended already.
    let _ = stop.send(true);
    let drained = tokio::time::timeout(limits.shutdown_wait_max, async {
        while connections.join_next().await.is_some() {}
    });
    if drained.await.is_err() {
        tracing::info!(open = connections.len(), "closing connections that outlived the grace");
        connections.shutdown().await;
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let slot = Arc::clone(slots).acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            Err(error) => {
                tracing::warn!(%error, "accepting an RPC connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    slot: OwnedSemaphorePermit,
    router: Router,
    idle_max: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and awaited: waiting to fill a segment would add tens of milliseconds to each.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(idle_max).pipeline_flush(true);
    let service = TowerToHyperService::new(router);
    // A websocket leaves HTTP, and with it this function and its slot; it has bounds of its own.
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "an RPC connection broke off");
    }
    drop(slot);
}
