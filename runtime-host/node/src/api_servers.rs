//! The gRPC and REST servers of a node, in a thread with a runtime of their own. Both are off unless an address is set.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use suyuan_api::ApiLimits;
use suyuan_services::Services;
use tokio::sync::watch;

use crate::fail::{Done, Failure, OrFail};
use crate::listen::bind;

/// Answers to the servers' start; one is enough.
const STARTED_MESSAGES: usize = 1;

/// Where the servers listen; none is off. Port 0 takes a free one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiAddresses {
    /// gRPC, usually on port 9090.
    pub grpc: Option<String>,
    /// REST, usually on port 1317.
    pub rest: Option<String>,
    /// Whether others may reach them without TLS.
    pub insecure: bool,
}

/// The running servers. Dropping it leaves them to the end of the process; [`ApiServers::stop`] ends them.
#[derive(Debug)]
pub struct ApiServers {
    grpc: Option<SocketAddr>,
    rest: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<Done>>,
}

impl ApiServers {
    /// Starts the servers that have an address and returns when they accept.
    ///
    /// # Errors
    /// Usage for an address that is not of this machine alone, local if a port is taken.
    pub fn start(services: Services, addresses: &ApiAddresses) -> Done<Self> {
        let insecure = addresses.insecure;
        let grpc =
            addresses.grpc.as_deref().map(|a| bind("gRPC", a, insecure, false)).transpose()?;
        let rest =
            addresses.rest.as_deref().map(|a| bind("REST", a, insecure, false)).transpose()?;
        let (stop, stopped) = watch::channel(false);
        let mut servers = ApiServers {
            grpc: address_of(grpc.as_ref())?,
            rest: address_of(rest.as_ref())?,
            stop,
            thread: None,
        };
        if grpc.is_none() && rest.is_none() {
            return Ok(servers);
        }
        let (tell, started) = mpsc::sync_channel(STARTED_MESSAGES);
        let thread = std::thread::Builder::new()
            .name("suyuan-api".into())
            .spawn(move || serve(services, grpc, rest, stopped, &tell))
            .or_local(|| "starting the API thread".into())?;
        if started.recv().is_err() {
            let ended = thread.join().unwrap_or_else(|_| Err(panicked()));
            return Err(ended.err().unwrap_or_else(|| Failure::local("the API did not start")));
        }
        servers.thread = Some(thread);
        Ok(servers)
    }

    /// Where gRPC listens, with the real port.
    pub fn grpc_addr(&self) -> Option<SocketAddr> {
        self.grpc
    }

    /// Where REST listens, with the real port.
    pub fn rest_addr(&self) -> Option<SocketAddr> {
        self.rest
    }

    /// Stops: open requests get their grace.
    ///
    /// # Errors
    /// Local if a server had failed.
    pub fn stop(&mut self) -> Done {
        // The receiver is gone only if the servers ended by themselves; joining tells why.
        let _ = self.stop.send(true);
        match self.thread.take() {
            Some(thread) => thread.join().unwrap_or_else(|_| Err(panicked())),
            None => Ok(()),
        }
    }
}

fn panicked() -> Failure {
    Failure::local("the API server panicked")
}

fn address_of(listener: Option<&std::net::TcpListener>) -> Done<Option<SocketAddr>> {
    listener.map(|l| l.local_addr().or_local(|| "address of a listener".into())).transpose()
}

fn serve(
    services: Services,
    grpc: Option<std::net::TcpListener>,
    rest: Option<std::net::TcpListener>,
    stopped: watch::Receiver<bool>,
    tell: &mpsc::SyncSender<()>,
) -> Done {
    // Queries run contracts on these threads, and contracts query contracts: the VM says how much stack they take.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("suyuan-api")
        .thread_stack_size(suyuan_vm::THREAD_STACK_BYTES)
        .enable_all()
        .build()
        .or_local(|| "starting the API runtime".into())?;
    runtime.block_on(async move {
        let grpc = adopt(grpc)?;
        let rest = adopt(rest)?;
        // The starter may have given up; then nobody needs to know.
        let _ = tell.send(());
        let limits = ApiLimits::default();
        let grpc = async {
            match grpc {
                Some(listener) => {
                    let stop = until(stopped.clone());
                    suyuan_api::serve_grpc(listener, services.clone(), limits.clone(), stop).await
                }
                None => Ok(()),
            }
        };
        let rest = async {
            match rest {
                Some(listener) => {
                    let stop = until(stopped.clone());
                    suyuan_api::serve_rest(listener, services.clone(), limits.clone(), stop).await
                }
                None => Ok(()),
            }
        };
        let (grpc, rest) = tokio::join!(grpc, rest);
        grpc.or_local(|| "serving gRPC".into())?;
        rest.or_local(|| "serving REST".into())
    })
}

fn adopt(listener: Option<std::net::TcpListener>) -> Done<Option<tokio::net::TcpListener>> {
    listener
        .map(tokio::net::TcpListener::from_std)
        .transpose()
        .or_local(|| "preparing a socket of the API".into())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}
