//! Websockets of a network node: the engine owns subscriptions, so the connection is joined to the engine's.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::Router;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Path of websockets in the dialect.
const PATH: &str = "/websocket";
/// Websockets at one time; further ones are refused.
const TUNNELS_MAX: usize = 200;
/// Longest time for the engine to agree.
const OPEN_MAX: Duration = Duration::from_secs(10);

struct Tunnels {
    socket: PathBuf,
    slots: Arc<Semaphore>,
}

/// `inner` with websockets of the engine at `socket` before it.
pub(crate) fn before(inner: Router, socket: PathBuf) -> Router {
    let tunnels = Tunnels { socket, slots: Arc::new(Semaphore::new(TUNNELS_MAX)) };
    Router::new().route(PATH, any(open)).with_state(Arc::new(tunnels)).fallback_service(inner)
}

async fn open(State(tunnels): State<Arc<Tunnels>>, request: Request) -> Response {
    let Ok(slot) = tunnels.slots.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many websockets\n").into_response();
    };
    match tokio::time::timeout(OPEN_MAX, join(&tunnels.socket, request, slot)).await {
        Ok(Ok(response)) => response,
        Ok(Err(why)) => (StatusCode::BAD_GATEWAY, format!("{why}\n")).into_response(),
        Err(_) => (StatusCode::GATEWAY_TIMEOUT, "the engine did not answer\n").into_response(),
    }
}

/// Passes the request for a websocket on, and joins both connections if the engine agrees.
async fn join(
    socket: &std::path::Path,
    mut request: Request,
    slot: OwnedSemaphorePermit,
) -> Result<Response, String> {
    let text = |e: &dyn std::fmt::Display| format!("the engine's websocket: {e}");
    let stream = UnixStream::connect(socket).await.map_err(|e| text(&e))?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(|e| text(&e))?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a websocket to the engine broke off");
        }
    });
    let ours = hyper::upgrade::on(&mut request);
    let mut passed = Request::new(Body::empty());
    *passed.uri_mut() = axum::http::Uri::from_static(PATH);
    *passed.headers_mut() = offered(request.headers());
    let mut answer = sender.send_request(passed).await.map_err(|e| text(&e))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Ok((status, "the engine opens no websocket for this request\n").into_response());
    }
    let theirs = hyper::upgrade::on(&mut answer);
    tokio::spawn(async move {
        let _slot = slot;
        let (Ok(ours), Ok(theirs)) = (ours.await, theirs.await) else { return };
        let (mut ours, mut theirs) = (TokioIo::new(ours), TokioIo::new(theirs));
        if let Err(error) = tokio::io::copy_bidirectional(&mut ours, &mut theirs).await {
            tracing::debug!(%error, "a websocket broke off");
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = headers;
    Ok(response)
}

/// What a client says about the websocket that it wants, and nothing else.
fn offered(headers: &HeaderMap) -> HeaderMap {
    let names = [
        header::CONNECTION,
        header::UPGRADE,
        header::HOST,
        header::SEC_WEBSOCKET_KEY,
        header::SEC_WEBSOCKET_VERSION,
        header::SEC_WEBSOCKET_PROTOCOL,
    ];
    names
        .into_iter()
        .filter_map(|name| headers.get(&name).map(|value| (name, value.clone())))
        .collect()
}
