//! TLS in front of a listener of this process.
//!
//! A front accepts TLS connections (1.3 and 1.2, ring), asks for a client certificate if a client CA is set, and
//! passes bytes to a plain listener on loopback. So every server of the node has TLS without knowing of it, whatever it speaks.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpStream;
use tokio::sync::{watch, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::background::Background;
use crate::config::TlsConfig;
use crate::fail::{Done, Failure, OrFail};

/// Most connections of one front at once.
pub const CONNECTIONS_MAX: usize = 1_024;
/// Longest handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// Pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Most certificates in one file.
const CERTIFICATES_MAX: usize = 64;
/// How long open connections may go on when the node stops.
const GRACE: Duration = Duration::from_secs(2);

/// What a server shows and asks for, or none if no certificate is configured. `alpn` names what is spoken behind it,
/// `http/1.1` or `h2`.
///
/// # Errors
/// Local for files that cannot be read or do not fit each other.
pub fn server(config: &TlsConfig, alpn: &[&str]) -> Done<Option<Arc<ServerConfig>>> {
    match (config.cert.is_empty(), config.key.is_empty()) {
        (true, true) if config.client_ca.is_empty() => return Ok(None),
        (false, false) => {}
        _ => return Err(Failure::usage("tls.cert and tls.key belong together")),
    }
    let certs = certificates(Path::new(&config.cert))?;
    let key = PrivateKeyDer::from_pem_file(&config.key)
        .or_local(|| format!("reading the key of tls.key, {}", config.key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .or_local(|| "TLS versions".into())?;
    let builder = if config.client_ca.is_empty() {
        builder.with_no_client_auth()
    } else {
        let mut roots = RootCertStore::empty();
        for cert in certificates(Path::new(&config.client_ca))? {
            roots.add(cert).or_local(|| format!("certificate in {}", config.client_ca))?;
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .or_local(|| "tls.client_ca".into())?;
        builder.with_client_cert_verifier(verifier)
    };
    let mut server = builder
        .with_single_cert(certs, key)
        .or_local(|| "tls.cert and tls.key do not fit".into())?;
    server.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(Some(Arc::new(server)))
}

fn certificates(path: &Path) -> Done<Vec<CertificateDer<'static>>> {
    let doing = || format!("reading certificates of {}", path.display());
    let certs: Vec<_> = CertificateDer::pem_file_iter(path)
        .or_local(doing)?
        .take(CERTIFICATES_MAX)
        .collect::<Result<_, _>>()
        .or_local(doing)?;
    if certs.is_empty() {
        return Err(Failure::local(format!("{} holds no certificate", path.display())));
    }
    Ok(certs)
}

/// A running front. Dropping it ends it.
#[derive(Debug)]
pub struct TlsFront(Background);

impl TlsFront {
    /// Serves TLS on `listener` (non-blocking) for the plain server at `upstream`.
    ///
    /// # Errors
    /// Local if the thread or its runtime does not start.
    pub fn start(
        listener: TcpListener,
        config: Arc<ServerConfig>,
        upstream: SocketAddr,
    ) -> Done<TlsFront> {
        let acceptor = TlsAcceptor::from(config);
        let serve = move |listener, stopped| run(listener, acceptor, upstream, stopped);
        Background::start("TLS", listener, serve).map(TlsFront)
    }

    /// The address that others connect to.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

async fn run(
    listener: tokio::net::TcpListener,
    acceptor: TlsAcceptor,
    upstream: SocketAddr,
    mut stopped: watch::Receiver<bool>,
) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let slot = tokio::select! {
            _ = stopped.changed() => break,
            slot = slots.clone().acquire_owned() => slot,
        };
        let Ok(slot) = slot else { break };
        let accepted = tokio::select! {
            _ = stopped.changed() => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    if let Err(error) = pass(stream, acceptor, upstream).await {
                        tracing::debug!(%error, "a TLS connection broke off");
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "accepting a TLS connection failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        connections.shutdown().await;
    }
}

async fn pass(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    upstream: SocketAddr,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let handshake = tokio::time::timeout(HANDSHAKE_MAX, acceptor.accept(stream));
    let mut outside = handshake.await.map_err(|_| std::io::ErrorKind::TimedOut)??;
    let mut inside = TcpStream::connect(upstream).await?;
    inside.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut outside, &mut inside).await.map(drop)
}
