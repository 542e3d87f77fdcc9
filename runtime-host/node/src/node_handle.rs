//! A running node as a value: store, VM, app, driver and RPC wired together, in threads of this process.
//!
//! `suyuan start` is this plus a banner; the demo and the tests start nodes the same way, so that what they show is
//! what an operator runs.

use std::fs::{self, File, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{mpsc, Arc};
use std::thread::JoinHandle;

use suyuan_app::App;
use suyuan_core::HostFault;
use suyuan_rpc::{Backend, RpcLimits};
use suyuan_services::{NodeFacts, Services, Source};
use suyuan_solo::{Chain, Clock, Genesis, SoloConfig, SystemClock, ValidatorKey};
use suyuan_store::{Durability, Options, Store};
use suyuan_vm::Vm;
use tokio::sync::watch;

use crate::api_servers::{ApiAddresses, ApiServers};
use crate::config::{BlockTime, Config, Home, MIB};
use crate::fail::{Done, Failure, OrFail};
use crate::metrics::{self, MetricsServer, Scrape};
use crate::tls::TlsFront;
use crate::{listen, settings, tls};

/// Answers to the listener's start; one is enough.
const STARTED_MESSAGES: usize = 1;

/// What an operator can say beside the configuration.
#[derive(Clone, Debug, Default)]
pub struct NodeOptions {
    /// Address of the RPC; none takes that of the configuration. Port 0 takes a free one.
    pub rpc_laddr: Option<String>,
    /// Pace of blocks; none takes that of the configuration.
    pub block_time: Option<BlockTime>,
    /// Addresses of gRPC and REST; none takes those of the configuration.
    pub api: ApiAddresses,
    /// Other settings that go before the configuration, as [`crate::settings`] names them; later ones win.
    pub settings: Vec<(String, String)>,
}

impl NodeOptions {
    /// On demand, on a free port of this machine: for demos and tests.
    pub fn local() -> Self {
        NodeOptions {
            rpc_laddr: Some("127.0.0.1:0".into()),
            block_time: Some(BlockTime::OnDemand),
            api: ApiAddresses::default(),
            settings: Vec::new(),
        }
    }
}

/// A node that runs in this process. Dropping it stops it as [`RunningNode::shutdown`] does, without the result.
#[derive(Debug)]
pub struct RunningNode {
    home: Home,
    chain: Chain,
    chain_id: String,
    rpc_addr: SocketAddr,
    block_time: BlockTime,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<Result<(), Failure>>>,
    api: ApiServers,
    fronts: Fronts,
    metrics: Option<MetricsServer>,
    _lock: File,
}

/// A public listener with what its TLS shows.
pub(crate) type Public = (TcpListener, Arc<rustls::ServerConfig>);

/// Everything that listens, bound before the chain starts; the plain servers of gRPC and REST bind their own.
pub(crate) struct Sockets {
    pub rpc: TcpListener,
    pub rpc_tls: Option<Public>,
    pub api: ApiAddresses,
    pub grpc_tls: Option<Public>,
    pub rest_tls: Option<Public>,
    pub metrics: Option<TcpListener>,
}

impl Sockets {
    pub fn open(config: &Config, rpc_laddr: Option<&String>, given: &ApiAddresses) -> Done<Self> {
        let insecure = config.listen.insecure;
        let mut laddr = rpc_laddr.cloned().or_else(|| Some(config.rpc.laddr.clone()));
        let rpc_tls = public("RPC", config, &mut laddr, "http/1.1")?;
        let laddr = laddr.unwrap_or_default();
        let mut api = ApiAddresses {
            grpc: given.grpc.clone().or_else(|| config.grpc.address()),
            rest: given.rest.clone().or_else(|| config.rest.address()),
            insecure,
        };
        let metrics = match config.metrics.laddr.as_str() {
            "" => None,
            laddr => Some(listen::bind("metrics", laddr, insecure, false)?),
        };
        Ok(Sockets {
            rpc: listen::bind("RPC", &laddr, insecure, false)?,
            rpc_tls,
            grpc_tls: public("gRPC", config, &mut api.grpc, "h2")?,
            rest_tls: public("REST", config, &mut api.rest, "http/1.1")?,
            api,
            metrics,
        })
    }
}

/// With TLS, binds the address for its front; the server itself then takes a free port of this machine.
pub(crate) fn public(
    name: &str,
    config: &Config,
    laddr: &mut Option<String>,
    alpn: &str,
) -> Done<Option<Public>> {
    let Some(address) = laddr.as_mut() else { return Ok(None) };
    let Some(server) = tls::server(&config.tls, &[alpn])? else { return Ok(None) };
    let listener = listen::bind(name, address, config.listen.insecure, true)?;
    *address = "127.0.0.1:0".into();
    Ok(Some((listener, server)))
}

/// The TLS fronts of the servers.
#[derive(Debug, Default)]
pub(crate) struct Fronts {
    pub rpc: Option<TlsFront>,
    pub grpc: Option<TlsFront>,
    pub rest: Option<TlsFront>,
}

/// The servers of a node, all running.
#[derive(Debug)]
pub(crate) struct Serving {
    pub served: Served,
    pub api: ApiServers,
    pub fronts: Fronts,
    pub metrics: Option<MetricsServer>,
}

impl Serving {
    /// Starts everything in front of what answers.
    pub fn start(
        sockets: Sockets,
        backend: Backend,
        source: Arc<dyn Source>,
        scrape: Scrape,
        config: &Config,
    ) -> Done<Self> {
        let metrics =
            sockets.metrics.map(|listener| MetricsServer::start(listener, scrape)).transpose()?;
        let served = serve(backend, sockets.rpc)?;
        let services = services(source, config, served.rpc_addr);
        let api = ApiServers::start(services, &sockets.api)?;
        let fronts = Fronts {
            rpc: front(sockets.rpc_tls, Some(served.rpc_addr))?,
            grpc: front(sockets.grpc_tls, api.grpc_addr())?,
            rest: front(sockets.rest_tls, api.rest_addr())?,
        };
        Ok(Serving { served, api, fronts, metrics })
    }
}

pub(crate) fn front(
    public: Option<Public>,
    upstream: Option<SocketAddr>,
) -> Done<Option<TlsFront>> {
    match (public, upstream) {
        (Some((listener, server)), Some(upstream)) => {
            TlsFront::start(listener, server, upstream).map(Some)
        }
        _ => Ok(None),
    }
}

impl RunningNode {
    /// Starts the node of an initialised home and returns when its RPC answers.
    ///
    /// # Errors
    /// Local for unreadable files, a port that is taken, a data directory in use, and host faults.
    pub fn start(home: &Home, options: &NodeOptions) -> Done<Self> {
        Self::start_with_clock(home, options, Arc::new(SystemClock))
    }

    /// As [`RunningNode::start`], with another clock: for tests of what time does.
    ///
    /// # Errors
    /// The same.
    pub fn start_with_clock(
        home: &Home,
        options: &NodeOptions,
        clock: Arc<dyn Clock>,
    ) -> Done<Self> {
        let config = settings::apply(&Config::load(home)?, &options.settings)?;
        let lock = lock(home)?;
        let block_time = match options.block_time {
            Some(time) => time,
            None => config.block_time()?,
        };
        let genesis = read_genesis(home)?;
        let chain_id = genesis.chain_id.to_string();
        if chain_id != config.chain_id {
            return Err(Failure::local(format!(
                "config.toml names chain {}, genesis.json names {chain_id}",
                config.chain_id
            )));
        }
        let key = ValidatorKey::load(&home.validator_key_file())?;
        // Sockets and certificates first: what is wrong with them shows before anything is opened.
        let sockets = Sockets::open(&config, options.rpc_laddr.as_ref(), &options.api)?;
        let app = open_app(home, &config, &genesis)?;
        let mut solo = SoloConfig::new(home.blocks_dir());
        solo.pace = block_time.pace(config.blocks.empty);
        solo.mempool = config.mempool.limits();
        solo.block_txs_max = config.blocks.txs_max;
        let chain = suyuan_solo::start(Box::new(app), genesis, key, solo, clock)?;
        let (scraped, named) = (chain.clone(), chain_id.clone());
        let scrape: Scrape = Arc::new(move || metrics::text(&scraped, &named));
        let source = Arc::new(chain.clone());
        match Serving::start(sockets, chain.clone().into(), source, scrape, &config) {
            Ok(serving) => {
                let Serving { served: Served { rpc_addr, stop, server }, api, fronts, metrics } =
                    serving;
                let node = RunningNode {
                    home: home.clone(),
                    chain,
                    chain_id,
                    rpc_addr,
                    block_time,
                    stop,
                    server: Some(server),
                    api,
                    fronts,
                    metrics,
                    _lock: lock,
                };
                node.publish_address()?;
                Ok(node)
            }
            Err(failure) => {
                end(&chain)?;
                Err(failure)
            }
        }
    }

    /// URL for clients on this machine, and with TLS for all others.
    pub fn rpc_url(&self) -> String {
        match &self.fronts.rpc {
            Some(front) => format!("https://{}", front.address()),
            None => format!("http://{}", self.rpc_addr),
        }
    }

    /// Where gRPC is reached, if it is on.
    pub fn grpc_addr(&self) -> Option<SocketAddr> {
        self.fronts.grpc.as_ref().map(TlsFront::address).or_else(|| self.api.grpc_addr())
    }

    /// URL of REST, if it is on.
    pub fn rest_url(&self) -> Option<String> {
        match &self.fronts.rest {
            Some(front) => Some(format!("https://{}", front.address())),
            None => self.api.rest_addr().map(|addr| format!("http://{addr}")),
        }
    }

    /// URL of the metrics, if they are on.
    pub fn metrics_url(&self) -> Option<String> {
        self.metrics.as_ref().map(|server| format!("http://{}/metrics", server.address()))
    }

    /// Address that the RPC listens on, with the real port.
    pub fn rpc_addr(&self) -> SocketAddr {
        self.rpc_addr
    }

    /// The gRPC and REST servers.
    pub fn api(&self) -> &ApiServers {
        &self.api
    }

    /// The chain itself, for reading without RPC.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Its id.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// The pace in force.
    pub fn block_time(&self) -> BlockTime {
        self.block_time
    }

    /// The directory that it runs on.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Stops: no more requests, waiting transactions into blocks, files synced.
    ///
    /// # Errors
    /// Local if a host fault had stopped the chain, or files could not be synced.
    pub fn shutdown(mut self) -> Done {
        self.stop_all()
    }

    fn stop_all(&mut self) -> Done {
        let Some(server) = self.server.take() else { return Ok(()) };
        self.fronts = Fronts::default();
        self.metrics = None;
        // The receiver is gone only if the server ended by itself; joining tells why.
        let _ = self.stop.send(true);
        let served = server.join();
        let api = self.api.stop();
        let ended = end(&self.chain);
        if fs::remove_file(self.home.rpc_addr_file()).is_err() {
            tracing::debug!("rpc.addr was removed before");
        }
        ended?;
        api?;
        served.unwrap_or_else(|_| Err(Failure::local("the RPC server panicked")))
    }

    fn publish_address(&self) -> Done {
        let path = self.home.rpc_addr_file();
        fs::write(&path, format!("{}\n", self.rpc_addr))
            .or_local(|| format!("writing {}", path.display()))
    }
}

impl Drop for RunningNode {
    fn drop(&mut self) {
        if let Err(failure) = self.stop_all() {
            tracing::error!(error = %failure.text(), "the node did not stop cleanly");
        }
    }
}

/// Takes the home for this node. The lock ends with the process, however it ends.
pub(crate) fn lock(home: &Home) -> Done<File> {
    let path = home.lock_file();
    let file = File::create(&path).or_local(|| format!("creating {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::local(format!("a node runs on {} already", home.root().display())))
        }
        Err(TryLockError::Error(fault)) => {
            Err(fault).or_local(|| format!("locking {}", path.display()))
        }
    }
}

/// Reads the genesis of a home.
///
/// # Errors
/// Local if it is missing or cannot start a chain.
pub fn read_genesis(home: &Home) -> Done<Genesis> {
    let path = home.genesis_file();
    let text = fs::read(&path).or_local(|| format!("reading {}", path.display()))?;
    Genesis::from_json(&text).or_local(|| format!("reading {}", path.display()))
}

/// The VM that a genesis asks for, with compiled code kept in `cache_dir`.
///
/// # Errors
/// Local if the genesis names an unknown price table or capability, or the engine does not start.
pub fn open_vm(genesis: &Genesis, cache_dir: Option<&Path>) -> Done<Vm> {
    let mut config =
        suyuan_app::vm_config(&genesis.app_state).or_local(|| "app_state of the genesis".into())?;
    if let Some(dir) = cache_dir {
        fs::create_dir_all(dir).or_local(|| format!("creating {}", dir.display()))?;
    }
    config.cache_dir = cache_dir.map(Path::to_path_buf);
    Ok(Vm::new(config)?)
}

/// The app over the state of a home.
pub(crate) fn open_app(home: &Home, config: &Config, genesis: &Genesis) -> Done<App> {
    let vm = open_vm(genesis, Some(&home.wasm_cache_dir()))?;
    let state_dir = home.state_dir();
    fs::create_dir_all(&state_dir).or_local(|| format!("creating {}", state_dir.display()))?;
    let keep = config.store.keep_versions;
    let options = Options {
        keep_versions: Some(keep).filter(|n| *n > 0),
        node_cache_bytes: config.store.node_cache_mib.saturating_mul(MIB),
        read_cache_bytes: config.store.read_cache_mib.saturating_mul(MIB),
        // The block log is synced before every commit and replayed at start: a second sync would double the wait.
        durability: Durability::Buffer,
        ..Options::new(&suyuan_app::STORES)
    };
    let store = Store::open_disk(&state_dir, options)?;
    Ok(App::new(store, vm)?)
}

/// The services that gRPC and REST show, with what this node says about itself.
fn services(source: Arc<dyn Source>, config: &Config, rpc_addr: SocketAddr) -> Services {
    let facts = NodeFacts {
        version: crate::cmd::version::VERSION.to_string(),
        dialect_version: suyuan_rpc::DIALECT_VERSION.to_string(),
        rpc_address: format!("tcp://{rpc_addr}"),
        keep_versions: config.store.keep_versions,
        ..NodeFacts::default()
    };
    Services::new(source, facts)
}

/// A running RPC server.
#[derive(Debug)]
pub(crate) struct Served {
    pub rpc_addr: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<Result<(), Failure>>,
}

impl Served {
    /// Lets open requests end, then the server.
    pub fn end(self) -> Done {
        // The receiver is gone only if the server ended by itself; joining tells why.
        let _ = self.stop.send(true);
        self.server.join().unwrap_or_else(|_| Err(Failure::local("the RPC server panicked")))
    }
}

/// Runs the RPC server in a thread of its own, so that callers with and without a runtime can use it.
pub(crate) fn serve(backend: Backend, listener: TcpListener) -> Done<Served> {
    let rpc_addr = listener.local_addr().or_local(|| "address of the RPC".into())?;
    let (stop, stopped) = watch::channel(false);
    let (tell, started) = mpsc::sync_channel(STARTED_MESSAGES);
    let body = move || -> Done {
        // Queries run contracts on these threads, and contracts query contracts: the VM says how much stack they take.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("suyuan-rpc")
            .thread_stack_size(suyuan_vm::THREAD_STACK_BYTES)
            .enable_all()
            .build()
            .or_local(|| "starting the RPC runtime".into())?;
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener)
                .or_local(|| "preparing the RPC socket".into())?;
            // The starter may have given up; then nobody needs to know.
            let _ = tell.send(());
            suyuan_rpc::serve(listener, backend, RpcLimits::default(), until(stopped))
                .await
                .or_local(|| "serving the RPC".into())
        })
    };
    let server = std::thread::Builder::new()
        .name("suyuan-rpc".into())
        .spawn(body)
        .or_local(|| "starting the RPC thread".into())?;
    if started.recv().is_err() {
        let ended =
            server.join().unwrap_or_else(|_| Err(Failure::local("the RPC server panicked")));
        return Err(ended.err().unwrap_or_else(|| Failure::local("the RPC server did not start")));
    }
    Ok(Served { rpc_addr, stop, server })
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which also means stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn end(chain: &Chain) -> Done {
    chain.shutdown().map_err(|e| Failure::from(HostFault::new(format!("stopping the chain: {e}"))))
}
