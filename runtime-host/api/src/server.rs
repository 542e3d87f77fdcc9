//! Accepts connections and runs HTTP on them, with a bound on connections and a graceful end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{watch, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::limits::ApiLimits;

/// Pause after a failed accept: out of file descriptors is the usual reason, and retrying at once only burns time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long a peer may take to answer a ping of HTTP/2.
const PING_WAIT_MAX: Duration = Duration::from_secs(20);
/// Bytes of the headers of one request.
const HEADER_BYTES_MAX: u32 = 64 * 1024;

/// What is spoken on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// REST.
    Http1,
    /// gRPC, without TLS and upgrade: the client begins with the preface.
    Http2,
}

/// Serves `router` on `listener` until `shutdown` resolves; then open requests get their grace, and all ends.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    protocol: Protocol,
    limits: &ApiLimits,
    shutdown: impl Future<Output = ()> + Send,
) {
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
        // The semaphore is never closed while this loop runs.
        let Some((stream, slot)) = accepted else { break };
        let connection = Connection { stream, slot, protocol, limits: limits.clone() };
        connections.spawn(connection.serve(router.clone(), stopped.clone()));
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
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, slot)),
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

struct Connection {
    stream: TcpStream,
    slot: OwnedSemaphorePermit,
    protocol: Protocol,
    limits: ApiLimits,
}

impl Connection {
    async fn serve(self, router: Router, mut stopped: watch::Receiver<bool>) {
        // Answers are small and awaited: waiting to fill a segment would add tens of milliseconds to each.
        if let Err(error) = self.stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle_max)
            .pipeline_flush(true);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(self.limits.streams_max)
            .max_header_list_size(HEADER_BYTES_MAX)
            .keep_alive_interval(self.limits.idle_max)
            .keep_alive_timeout(PING_WAIT_MAX);
        let http = match self.protocol {
            Protocol::Http1 => http.http1_only(),
            Protocol::Http2 => http.http2_only(),
        };
        let service = TowerToHyperService::new(router);
        let connection = http.serve_connection(TokioIo::new(self.stream), service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
        drop(self.slot);
    }
}
