//! HTTP in the dialect's habits: which path, which status, which body.
//!
//! Knows nothing of chains: it reads envelopes, finds the method and hands over its arguments. Status rules that
//! clients depend on: a JSON-RPC answer with an error is HTTP 200 on `POST /` (the Rust client refuses other statuses
//! before it reads the body), 500 where no request could be read and for errors of the URI form, 400 for a body that
//! is too large or broken off.

use std::future::Future;
use std::sync::Arc;

use axum::body::{to_bytes, Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{header, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::Router;
use tokio::sync::{watch, Semaphore};
use tower_http::cors::{Any, CorsLayer};

use crate::envelope::{self, Call, NO_ID, URI_ID};
use crate::error::RpcError;
use crate::feed::Feed;
use crate::html;
use crate::limits::RpcLimits;
use crate::method::{self, MethodSpec};
use crate::params::Args;
use crate::websocket;

/// What answers the calls.
pub(crate) trait Methods: Send + Sync + 'static {
    /// Runs one method; the answer is the JSON text of its result.
    fn call<'a>(
        &'a self,
        spec: &'static MethodSpec,
        args: Args<'a>,
    ) -> impl Future<Output = Result<String, RpcError>> + Send + 'a;
}

/// What all connections share.
pub(crate) struct Shared<M> {
    pub methods: M,
    pub limits: RpcLimits,
    /// Subscriptions of the websockets.
    pub feed: Arc<Feed>,
    /// Room for websockets.
    pub websockets: Arc<Semaphore>,
    /// True when the server ends.
    pub stopped: watch::Receiver<bool>,
}

/// The routes over `methods`; websockets hear of `feed` and end with `stopped`.
pub(crate) fn router<M: Methods>(
    methods: M,
    limits: RpcLimits,
    feed: Arc<Feed>,
    stopped: watch::Receiver<bool>,
) -> Router {
    let websockets = Arc::new(Semaphore::new(limits.websockets_max));
    let shared = Arc::new(Shared { methods, limits, feed, websockets, stopped });
    Router::new()
        .route(websocket::PATH, get(websocket::on_upgrade::<M>))
        .route("/", post(on_post::<M>).get(on_list))
        .route("/{method}", any(on_uri::<M>))
        .fallback(on_unknown_path)
        .layer(cors())
        .with_state(shared)
}

/// Wallets and pages in browsers call the node from any origin. Nothing here acts by cookie or by address: what
/// changes state is a signed transaction.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::HEAD])
        .allow_headers(Any)
}

async fn on_list() -> Response {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, html)], html::endpoints()).into_response()
}

async fn on_post<M: Methods>(State(shared): State<Arc<Shared<M>>>, request: Request) -> Response {
    let body = match read_body(request.into_body(), &shared.limits).await {
        Ok(body) => body,
        Err(error) => {
            return json(StatusCode::BAD_REQUEST, envelope::single_answer(NO_ID, &Err(error)))
        }
    };
    if body.is_empty() {
        return on_list().await;
    }
    match envelope::parse(&body, shared.limits.batch_calls_max) {
        Ok(envelope::Body::One(call)) => answer_one(&shared.methods, &call).await,
        Ok(envelope::Body::Batch(calls)) => answer_batch(&shared.methods, &calls).await,
        Err(error) => {
            let status =
                if error.is_parse() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
            json(status, envelope::single_answer(NO_ID, &Err(error)))
        }
    }
}

async fn read_body(body: Body, limits: &RpcLimits) -> Result<Bytes, RpcError> {
    let read = tokio::time::timeout(limits.body_read_max, to_bytes(body, limits.body_bytes_max));
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(RpcError::invalid_request(format!(
            "error reading request body (at most {} bytes): {error}",
            limits.body_bytes_max
        ))),
        Err(_) => Err(RpcError::invalid_request("error reading request body: timed out")),
    }
}

async fn answer_one<M: Methods>(methods: &M, call: &Call<'_>) -> Response {
    let Some(id) = call.id else {
        return json(StatusCode::OK, Vec::new());
    };
    let outcome = run(methods, call).await;
    json(StatusCode::OK, envelope::single_answer(id.get(), &outcome))
}

/// Calls of a batch run one after the other, and are answered in that order. A lone answer is not wrapped in a list:
/// the dialect's choice, which batch clients accept.
async fn answer_batch<M: Methods>(methods: &M, calls: &[Call<'_>]) -> Response {
    let mut out = vec![b'['];
    let mut answers = 0_usize;
    for call in calls {
        let Some(id) = call.id else { continue };
        if answers > 0 {
            out.push(b',');
        }
        let outcome = run(methods, call).await;
        envelope::write_answer(&mut out, id.get(), &outcome);
        answers += 1;
    }
    match answers {
        0 => out.clear(),
        1 => {
            out.remove(0);
        }
        _ => out.push(b']'),
    }
    json(StatusCode::OK, out)
}

/// Runs one call.
pub(crate) async fn run<M: Methods>(methods: &M, call: &Call<'_>) -> Result<String, RpcError> {
    let spec = method::find(&call.method).ok_or_else(RpcError::method_not_found)?;
    let args = Args::from_json(spec.args, call.params)?;
    methods.call(spec, args).await
}

async fn on_uri<M: Methods>(
    State(shared): State<Arc<Shared<M>>>,
    Path(name): Path<String>,
    uri: Uri,
) -> Response {
    let Some(spec) = method::find(&name) else {
        if websocket::find(&name).is_some() {
            let error = Err(RpcError::method_not_found());
            return json(StatusCode::NOT_FOUND, envelope::single_answer(URI_ID, &error));
        }
        return on_unknown_path(uri).await;
    };
    let outcome = match Args::from_uri(&uri) {
        Ok(args) => shared.methods.call(spec, args).await,
        Err(error) => Err(error),
    };
    let status = if outcome.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    json(status, envelope::single_answer(URI_ID, &outcome))
}

async fn on_unknown_path(uri: Uri) -> Response {
    let text = format!("404: this node serves no {}; GET / lists the methods\n", uri.path());
    (StatusCode::NOT_FOUND, text).into_response()
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, json)], body).into_response()
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
