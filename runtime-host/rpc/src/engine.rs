//! Passing a call on to the engine's own RPC, which listens on a Unix socket that nobody else can reach.
//!
//! A call keeps its method and its arguments as they came; the answer's `result` goes back byte for byte. The same
//! server, limits and batches stand in front as in solo.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{to_bytes, Body};
use axum::http::{header, Method as HttpMethod, Request};
use hyper::client::conn::http1::{handshake, SendRequest};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::value::RawValue;
use suyuan_core::HostFault;
use suyuan_solo::{Chain, QueryState};
use tokio::net::UnixStream;
use tokio::sync::{Mutex, Semaphore};

use crate::error::RpcError;
use crate::params::Args;

/// Calls that are passed on at one time; further ones wait.
const CALLS_MAX: usize = 256;
/// Idle connections that are kept.
const IDLE_MAX: usize = 32;
/// Most bytes of an answer: a block of the hard limit in base64, with room for its frame.
const ANSWER_BYTES_MAX: usize = 192 << 20;
/// Longest wait for an answer: above the engine's own wait for a commit.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(40);

/// Tells the fault that stops the node, if there is one.
pub type FaultProbe = Arc<dyn Fn() -> Option<HostFault> + Send + Sync>;

/// A network node as its RPC sees it.
#[derive(Clone)]
pub struct EngineBackend {
    /// Unix socket of the engine's RPC.
    pub socket: PathBuf,
    /// Answers `abci_query` here, without the way through the engine.
    pub querier: Arc<dyn QueryState>,
    /// Fault of the node, if it has one.
    pub fault: FaultProbe,
    /// The blocks of a chain that began alone, below the first height of the network.
    pub past: Option<Chain>,
}

impl std::fmt::Debug for EngineBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineBackend").field("socket", &self.socket).finish_non_exhaustive()
    }
}

/// The way to the engine, with connections that are used again.
#[derive(Debug)]
pub(crate) struct EngineClient {
    socket: PathBuf,
    idle: Mutex<Vec<SendRequest<Body>>>,
    slots: Semaphore,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<EngineError>,
}

#[derive(Deserialize)]
struct EngineError {
    code: i32,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: String,
}

impl EngineClient {
    pub fn new(socket: PathBuf) -> Self {
        EngineClient { socket, idle: Mutex::new(Vec::new()), slots: Semaphore::new(CALLS_MAX) }
    }

    /// The engine's answer to a call, as the JSON text of its result.
    pub async fn call(&self, method: &str, args: &Args<'_>) -> Result<String, RpcError> {
        let request = request(method, args)?;
        let answered = tokio::time::timeout(ANSWER_WAIT_MAX, self.exchange(request)).await;
        let bytes = answered.map_err(|_| unreachable_engine("no answer in time"))??;
        let envelope: Envelope<'_> =
            serde_json::from_slice(&bytes).map_err(|e| unreachable_engine(&e))?;
        match (envelope.result, envelope.error) {
            (_, Some(error)) => Err(RpcError::of_engine(error.code, &error.message, error.data)),
            (Some(result), None) => Ok(result.get().to_string()),
            (None, None) => Err(unreachable_engine("an answer without result")),
        }
    }

    async fn exchange(&self, request: Request<Body>) -> Result<Vec<u8>, RpcError> {
        let _slot = self.slots.acquire().await.map_err(|e| unreachable_engine(&e))?;
        let mut connection = self.connection().await?;
        let answer = connection.send_request(request).await.map_err(|e| unreachable_engine(&e))?;
        let body = Body::new(answer.into_body());
        let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|e| unreachable_engine(&e))?;
        let mut idle = self.idle.lock().await;
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        Ok(bytes.to_vec())
    }

    /// A connection that can take a request: an idle one that still lives, else a new one.
    async fn connection(&self) -> Result<SendRequest<Body>, RpcError> {
        loop {
            let Some(mut known) = self.idle.lock().await.pop() else { break };
            if !known.is_closed() && known.ready().await.is_ok() {
                return Ok(known);
            }
        }
        let stream = UnixStream::connect(&self.socket).await.map_err(|e| unreachable_engine(&e))?;
        let (sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|e| unreachable_engine(&e))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the engine broke off");
            }
        });
        Ok(sender)
    }
}

fn unreachable_engine(why: impl std::fmt::Display) -> RpcError {
    RpcError::internal(format!("the consensus engine did not answer: {why}"))
}

/// The call as the engine is asked: JSON stays JSON, a URI stays a URI, since the two write values differently.
fn request(method: &str, args: &Args<'_>) -> Result<Request<Body>, RpcError> {
    let built = match args {
        Args::Json(members) => {
            let params: serde_json::Map<String, serde_json::Value> = members
                .iter()
                .map(|(name, value)| Ok((name.to_string(), serde_json::from_str(value.get())?)))
                .collect::<Result<_, serde_json::Error>>()
                .map_err(|e| RpcError::invalid_params(e.to_string()))?;
            let call = serde_json::json!({
                "jsonrpc": "2.0", "id": ENGINE_CALL_ID, "method": method, "params": params,
            });
            Request::builder()
                .method(HttpMethod::POST)
                .uri("/")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::HOST, ENGINE_HOST)
                .body(Body::from(call.to_string()))
        }
        Args::Uri(pairs) => Request::builder()
            .method(HttpMethod::GET)
            .uri(uri(method, pairs))
            .header(header::HOST, ENGINE_HOST)
            .body(Body::empty()),
    };
    built.map_err(|e| RpcError::invalid_params(e.to_string()))
}

/// Id of a call; each has a connection of its own while it runs, so they need not differ.
const ENGINE_CALL_ID: u32 = 1;
/// Name of the host in requests over a socket that has none.
const ENGINE_HOST: &str = "engine";

fn uri(method: &str, pairs: &[(String, String)]) -> String {
    let query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    if query.is_empty() {
        format!("/{method}")
    } else {
        format!("/{method}?{}", query.join("&"))
    }
}

/// Percent-encodes everything but unreserved characters.
fn escaped(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_mul(3));
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_keeps_its_arguments() {
        let pairs =
            [("path".to_string(), "\"/a b/c\"".to_string()), ("prove".into(), "true".into())];
        assert_eq!(uri("abci_query", &pairs), "/abci_query?path=%22%2Fa%20b%2Fc%22&prove=true");
        assert_eq!(uri("status", &[]), "/status");
    }
}
