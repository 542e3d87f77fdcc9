//! The thin layer over `tendermint-rpc`: one connection pool, bounded retries, our own errors.

use std::future::Future;
use std::time::Duration;

use base64::Engine as _;
use tendermint::abci::types::ExecTxResult;
use tendermint::Hash;
use tendermint_rpc::client::CompatMode;
use tendermint_rpc::endpoint::{abci_query::AbciQuery, block, block_results, commit, status};
use tendermint_rpc::error::ErrorDetail;
use tendermint_rpc::{Client as _, HttpClient, HttpClientUrl};

use crate::error::{ClientError, Outcome, Stage};
use crate::receipt::Receipt;

/// How often a refused connection is tried; a node that was just started needs a moment.
pub const CONNECT_ATTEMPTS_MAX: u32 = 5;
/// Pause before the second attempt; it doubles with each further one (1.5 s in all).
pub const CONNECT_PAUSE_FIRST: Duration = Duration::from_millis(100);
/// Longest time that one request may take, body included. Compiling a large contract counts.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// One node's RPC. Cheap to clone; clones share the connection pool.
#[derive(Clone, Debug)]
pub struct Rpc {
    http: HttpClient,
    url: String,
    attempts_max: u32,
}

impl Rpc {
    /// Prepares requests to `url` (`http://host:port`, also `tcp://` as wasmd writes it). Nothing
    /// is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the text is not such a URL.
    pub fn new(url: &str) -> Outcome<Self> {
        Self::with_ca(url, None)
    }

    /// As [`Rpc::new`], and trusts the authorities in `ca` (PEM) beside those of the system: for nodes with TLS (`https`)
    /// whose certificate no public authority signed.
    ///
    /// # Errors
    /// [`ClientError::Input`] also for a text that is no certificate.
    pub fn with_ca(url: &str, ca: Option<&[u8]>) -> Outcome<Self> {
        let web = url.replacen("tcp://", "http://", 1);
        let bad = |why: String| ClientError::Input(format!("node address {url:?}: {why}"));
        let parsed = reqwest::Url::parse(&web).map_err(|e| bad(e.to_string()))?;
        // The rest of this error's text is where in its own code it arose.
        let first = |e: &dyn std::fmt::Display| {
            e.to_string().lines().next().unwrap_or_default().to_string()
        };
        let target: HttpClientUrl = web.parse().map_err(|e| bad(first(&e)))?;
        let mut builder = reqwest::Client::builder().timeout(REQUEST_TIMEOUT);
        if is_loopback(&parsed) {
            // A proxy from the environment cannot reach our own machine.
            builder = builder.no_proxy();
        }
        if let Some(pem) = ca {
            let cert = reqwest::Certificate::from_pem(pem).map_err(|e| bad(e.to_string()))?;
            builder = builder.add_root_certificate(cert);
        }
        let pool = builder.build().map_err(|e| bad(e.to_string()))?;
        let http = HttpClient::builder(target)
            .compat_mode(CompatMode::V0_38)
            .client(pool)
            .build()
            .map_err(|e| bad(first(&e)))?;
        Ok(Rpc { http, url: web, attempts_max: CONNECT_ATTEMPTS_MAX })
    }

    /// Bounds the attempts at a refused connection; 1 means no retry.
    pub fn with_attempts(mut self, attempts_max: u32) -> Self {
        self.attempts_max = attempts_max.clamp(1, CONNECT_ATTEMPTS_MAX);
        self
    }

    /// Address of the node as given, with `http`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The plain `tendermint-rpc` client, for methods that have no wrapper here.
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// Node, chain and latest height.
    ///
    /// # Errors
    /// Network classes of [`ClientError`].
    pub async fn status(&self) -> Outcome<status::Response> {
        self.attempt("status", || self.http.status()).await
    }

    /// A block, or the latest one.
    ///
    /// # Errors
    /// [`ClientError::Rpc`] if there is no such height; network classes.
    pub async fn block(&self, height: Option<u64>) -> Outcome<block::Response> {
        match height {
            None => self.attempt("block", || self.http.latest_block()).await,
            Some(h) => {
                let height = block_height(h)?;
                self.attempt("block", || self.http.block(height)).await
            }
        }
    }

    /// Transaction results and events of a block.
    ///
    /// # Errors
    /// See [`Rpc::block`].
    pub async fn block_results(&self, height: u64) -> Outcome<block_results::Response> {
        let height = block_height(height)?;
        self.attempt("block_results", || self.http.block_results(height)).await
    }

    /// Header and commit of a block, or of the latest one.
    ///
    /// # Errors
    /// See [`Rpc::block`].
    pub async fn commit(&self, height: Option<u64>) -> Outcome<commit::Response> {
        match height {
            None => self.attempt("commit", || self.http.latest_commit()).await,
            Some(h) => {
                let height = block_height(h)?;
                self.attempt("commit", || self.http.commit(height)).await
            }
        }
    }

    /// The validators of a height, which may be the one after the latest.
    ///
    /// # Errors
    /// See [`Rpc::block`].
    pub async fn validators(&self, height: u64) -> Outcome<Vec<tendermint::validator::Info>> {
        let height = block_height(height)?;
        let all = tendermint_rpc::Paging::All;
        let answer = self.attempt("validators", || self.http.validators(height, all)).await?;
        Ok(answer.validators)
    }

    /// Sends an ABCI query. `path` is a gRPC method name or `/store/NAME/key`; `height` 0 or none
    /// means the latest.
    ///
    /// # Errors
    /// [`ClientError::Query`] if the answer's code is not 0; network classes.
    pub async fn abci_query(
        &self,
        path: &str,
        data: Vec<u8>,
        height: Option<u64>,
        prove: bool,
    ) -> Outcome<AbciQuery> {
        let at = height.filter(|h| *h > 0).map(block_height).transpose()?;
        let answer = self
            .attempt("abci_query", || {
                self.http.abci_query(Some(path.to_string()), data.clone(), at, prove)
            })
            .await?;
        if answer.code.is_ok() {
            return Ok(answer);
        }
        Err(ClientError::Query {
            path: path.to_string(),
            codespace: answer.codespace,
            code: answer.code.value(),
            log: answer.log,
        })
    }

    /// Hands a signed transaction to the mempool and returns its upper-case hex hash.
    ///
    /// A repeated broadcast of a transaction that the node holds already is a success: it happens
    /// when a connection breaks between sending and answering.
    ///
    /// # Errors
    /// [`ClientError::Refused`] at [`Stage::Check`]; network classes.
    pub async fn broadcast_sync(&self, tx: Vec<u8>) -> Outcome<String> {
        let hash = tx_hash(&tx);
        let sent =
            self.attempt("broadcast_tx_sync", || self.http.broadcast_tx_sync(tx.clone())).await;
        let refusal = match sent {
            Ok(answer) if answer.code.is_ok() => return Ok(hash),
            Ok(answer) => ClientError::Refused {
                stage: Stage::Check,
                codespace: answer.codespace,
                code: answer.code.value(),
                log: answer.log,
                tx_hash: hash.clone(),
                height: 0,
            },
            Err(error) => error,
        };
        if refusal.is_already_known() {
            return Ok(hash);
        }
        Err(refusal)
    }

    /// Hands a signed transaction over without waiting for any check.
    ///
    /// # Errors
    /// Network classes of [`ClientError`].
    pub async fn broadcast_async(&self, tx: Vec<u8>) -> Outcome<String> {
        let hash = tx_hash(&tx);
        self.attempt("broadcast_tx_async", || self.http.broadcast_tx_async(tx.clone())).await?;
        Ok(hash)
    }

    /// Looks a transaction up by its hex hash; none while it is in no block.
    ///
    /// # Errors
    /// [`ClientError::Input`] if the hash is not 64 hex digits; network classes.
    pub async fn tx(&self, hash: &str) -> Outcome<Option<Receipt>> {
        let wanted = parse_hash(hash)?;
        match self.attempt("tx", || self.http.tx(wanted, false)).await {
            Ok(found) => {
                let height = found.height.value();
                receipt(hash, height, found.index, found.tx_result, found.tx).map(Some)
            }
            Err(ClientError::Rpc { message, .. }) if message.contains("not found") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Runs one request, again only if the connection was refused: then nothing was sent.
    async fn attempt<T, F, Fut>(&self, method: &'static str, request: F) -> Outcome<T>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, tendermint_rpc::Error>>,
    {
        let mut pause = CONNECT_PAUSE_FIRST;
        for attempt in 1..=self.attempts_max {
            let error = match request().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if attempt == self.attempts_max || !is_connection_refused(&error) {
                return Err(self.explain(method, &error));
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
        }
        unreachable!("the last attempt returns")
    }

    fn explain(&self, method: &'static str, error: &tendermint_rpc::Error) -> ClientError {
        let text = whole_text(error);
        match error.detail() {
            ErrorDetail::Response(answer) => ClientError::Rpc {
                method,
                code: answer.source.code().value(),
                message: match answer.source.data() {
                    Some(data) => format!("{}: {data}", answer.source.message()),
                    None => answer.source.message().to_string(),
                },
            },
            ErrorDetail::Http(_) if text.contains("operation timed out") => ClientError::Timeout {
                what: format!("the answer to {method}"),
                after: REQUEST_TIMEOUT,
            },
            ErrorDetail::Http(_) | ErrorDetail::HttpRequestFailed(_) => {
                ClientError::Unreachable { url: self.url.clone(), what: text }
            }
            _ => ClientError::malformed(method, text),
        }
    }
}

/// The error with all its causes in one line; the type keeps the causes of HTTP errors as text only.
fn whole_text(error: &tendermint_rpc::Error) -> String {
    format!("{:#}", error.trace())
}

/// Upper-case hex SHA-256 of a transaction: its name everywhere.
pub fn tx_hash(tx: &[u8]) -> String {
    suyuan_core::hex_upper(&suyuan_core::sha256(tx))
}

fn receipt(
    hash: &str,
    height: u64,
    index: u32,
    result: ExecTxResult,
    tx: Vec<u8>,
) -> Outcome<Receipt> {
    // The crate hands out the base64 text of the JSON as if it were the bytes.
    let data = base64::engine::general_purpose::STANDARD
        .decode(&result.data)
        .map_err(|e| ClientError::malformed("data of tx", e))?;
    Ok(Receipt {
        hash: hash.to_ascii_uppercase(),
        height,
        index,
        code: result.code.value(),
        codespace: result.codespace,
        log: result.log,
        data,
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        events: result.events.iter().map(plain_event).collect(),
        tx,
    })
}

fn plain_event(event: &tendermint::abci::Event) -> suyuan_core::Event {
    let mut plain = suyuan_core::Event::new(event.kind.clone());
    for attribute in &event.attributes {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        plain = plain.with(text(attribute.key_bytes()), text(attribute.value_bytes()));
    }
    plain
}

fn parse_hash(hash: &str) -> Outcome<Hash> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(hash, &mut bytes).map_err(|_| {
        ClientError::Input(format!("{hash:?} is not a transaction hash of 64 hex digits"))
    })?;
    Ok(Hash::Sha256(bytes))
}

fn block_height(height: u64) -> Outcome<tendermint::block::Height> {
    height.try_into().map_err(|_| ClientError::Input(format!("height {height} is above 2^63 - 1")))
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

fn is_connection_refused(error: &tendermint_rpc::Error) -> bool {
    if !matches!(error.detail(), ErrorDetail::Http(_)) {
        return false;
    }
    let text = whole_text(error);
    text.contains("Connection refused") || text.contains("tcp connect error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasmd_style_addresses_are_understood() {
        assert_eq!(Rpc::new("tcp://127.0.0.1:26657").unwrap().url(), "http://127.0.0.1:26657");
        assert!(matches!(Rpc::new("not a url"), Err(ClientError::Input(_))));
    }

    #[tokio::test]
    async fn an_absent_node_is_a_network_error() {
        // Port 1 is reserved and nobody listens there.
        let rpc = Rpc::new("http://127.0.0.1:1").unwrap().with_attempts(1);
        let error = rpc.status().await.unwrap_err();
        assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    }

    #[test]
    fn hashes_are_checked_before_they_are_sent() {
        assert!(parse_hash(&"AB".repeat(32)).is_ok());
        for bad in ["", "xyz", "AB"] {
            assert!(matches!(parse_hash(bad), Err(ClientError::Input(_))), "{bad}");
        }
    }
}
