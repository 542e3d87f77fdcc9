//! A network node as a value: app, ABCI server, engine and RPC wired together.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use suyuan_abci::{AbciServer, Settings};
use suyuan_core::HostFault;
use suyuan_rpc::{Backend, EngineBackend};

use super::ask::Asker;
use super::engine::Engine;
use super::files::EngineFiles;
use super::source::EngineSource;
use super::{from_solo, metrics};
use crate::api_servers::ApiAddresses;
use crate::config::{Config, Home};
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{lock, open_app, read_genesis, Fronts, Serving, Sockets};
use crate::settings;
use crate::tls::TlsFront;

/// How often the start looks whether the engine answers; it may replay for a long time.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// What an operator can say beside the configuration.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Address of the RPC; none takes that of the configuration.
    pub rpc_laddr: Option<String>,
    /// Addresses of gRPC and REST; none takes those of the configuration.
    pub api: ApiAddresses,
    /// Settings that go before the configuration, as [`crate::settings`] names them.
    pub settings: Vec<(String, String)>,
    /// The engine's program.
    pub cometbft: PathBuf,
    /// Height after which this program does nothing more.
    pub halt_height: Option<u64>,
    /// Blocks that the engine keeps; none keeps all.
    pub retain_blocks: Option<u64>,
}

/// A network node that runs in this process, its engine beside it. Dropping it stops both.
#[derive(Debug)]
pub struct NetworkNode {
    home: Home,
    chain_id: String,
    server: Arc<Mutex<AbciServer>>,
    engine: Engine,
    serving: Option<Serving>,
    rpc_addr: SocketAddr,
    _lock: File,
}

impl NetworkNode {
    /// Starts app, engine and RPC, in this order, and returns when the engine has shaken hands and answers.
    ///
    /// # Errors
    /// Local for unreadable files, an engine that does not start or is not the right one, a height to halt at that is
    /// reached, and host faults.
    pub fn start(home: &Home, options: &NetworkOptions) -> Done<Self> {
        let config = settings::apply(&Config::load(home)?, &options.settings)?;
        let files = EngineFiles::new(home);
        if !files.exist() {
            return Err(Failure::local(format!(
                "{} is no home of a network: `suyuan network init` makes one",
                home.root().display()
            )));
        }
        let lock = lock(home)?;
        let genesis = read_genesis(home)?;
        // Sockets and certificates first: what is wrong with them shows before anything is opened.
        let sockets = Sockets::open(&config, options.rpc_laddr.as_ref(), &options.api)?;
        let mut app = open_app(home, &config, &genesis)?;
        from_solo::reach_the_seam(home, &genesis, &mut app)?;
        let height = app.info().height;
        if let Some(halt) = options.halt_height.filter(|halt| height >= *halt) {
            return Err(Failure::local(format!(
                "the chain is at {height}: the height to halt at, {halt}, is reached"
            )));
        }
        let settings = Settings {
            app_version: genesis.app_version(),
            seam: from_solo::seam(home)?,
            halt_height: options.halt_height,
            retain_blocks: options.retain_blocks,
        };
        let server = AbciServer::start(Box::new(app), &files.abci_socket()?, settings)?;
        let engine = Engine::start(&options.cometbft, &files)?;
        let rpc_socket = files.rpc_socket()?;
        wait_for_engine(&server, &engine, &rpc_socket)?;
        let (checker, querier) = (server.checker(), server.querier());
        let past = from_solo::past(home, &genesis, checker, querier.clone())?;
        let server = Arc::new(Mutex::new(server));
        let asker = Asker::new(rpc_socket.clone());
        let source =
            EngineSource::new(asker.clone(), querier.clone(), server.clone(), past.clone());
        let probed = server.clone();
        let backend = Backend::Engine(EngineBackend {
            socket: rpc_socket,
            querier,
            fault: Arc::new(move || probed.lock().fault()),
            past,
        });
        let chain_id = genesis.chain_id.to_string();
        let (scraped, named) = (server.clone(), chain_id.clone());
        let scrape = move || {
            let (height, healthy) = {
                let server = scraped.lock();
                (server.info().height, server.fault().is_none())
            };
            metrics::text(&asker, &named, height, healthy)
        };
        let serving =
            Serving::start(sockets, backend, Arc::new(source), Arc::new(scrape), &config)?;
        let node = NetworkNode {
            home: home.clone(),
            chain_id,
            server,
            engine,
            rpc_addr: serving.served.rpc_addr,
            serving: Some(serving),
            _lock: lock,
        };
        let path = home.rpc_addr_file();
        fs::write(&path, format!("{}\n", node.rpc_addr))
            .or_local(|| format!("writing {}", path.display()))?;
        Ok(node)
    }

    /// URL for clients on this machine, and with TLS for all others.
    pub fn rpc_url(&self) -> String {
        match self.serving.as_ref().and_then(|serving| serving.fronts.rpc.as_ref()) {
            Some(front) => format!("https://{}", front.address()),
            None => format!("http://{}", self.rpc_addr),
        }
    }

    /// Where gRPC is reached, if it is on.
    pub fn grpc_addr(&self) -> Option<SocketAddr> {
        let serving = self.serving.as_ref()?;
        serving.fronts.grpc.as_ref().map(TlsFront::address).or_else(|| serving.api.grpc_addr())
    }

    /// URL of REST, if it is on.
    pub fn rest_url(&self) -> Option<String> {
        let serving = self.serving.as_ref()?;
        match &serving.fronts.rest {
            Some(front) => Some(format!("https://{}", front.address())),
            None => serving.api.rest_addr().map(|addr| format!("http://{addr}")),
        }
    }

    /// URL of the metrics, if they are on.
    pub fn metrics_url(&self) -> Option<String> {
        let metrics = self.serving.as_ref()?.metrics.as_ref()?;
        Some(format!("http://{}/metrics", metrics.address()))
    }

    /// The height at which it halted, if it was told to halt.
    pub fn halted(&self) -> Option<u64> {
        self.server.lock().halted()
    }

    /// Id of the chain.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// The directory that it runs on.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Height and app hash of the last committed state.
    pub fn committed(&self) -> (u64, [u8; 32]) {
        let info = self.server.lock().info();
        (info.height, info.app_hash)
    }

    /// Process id of the engine.
    pub fn engine_id(&self) -> u32 {
        self.engine.id()
    }

    /// Why the node cannot go on, if it cannot: a fault of app or host, or an engine that ended.
    ///
    /// # Errors
    /// The reason.
    pub fn check(&self) -> Done {
        if let Some(fault) = self.server.lock().fault() {
            return Err(fault.into());
        }
        match self.engine.ended()? {
            None => Ok(()),
            Some(status) => {
                let fault = HostFault::new(self.engine.last_words(status));
                self.server.lock().fail(fault.clone());
                Err(fault.into())
            }
        }
    }

    /// Stops in order: no more requests, the engine, then the app that it talks to.
    ///
    /// # Errors
    /// Local if a part did not stop in order.
    pub fn shutdown(mut self) -> Done {
        self.stop_all()
    }

    fn stop_all(&mut self) -> Done {
        let Some(mut serving) = self.serving.take() else { return Ok(()) };
        serving.fronts = Fronts::default();
        serving.metrics = None;
        let served = serving.served.end();
        let api = serving.api.stop();
        if self.halted().is_some() {
            // The engine may wait for an answer that does not come any more: without the app it ends.
            self.server.lock().shutdown();
        }
        let engine = self.engine.stop();
        self.server.lock().shutdown();
        if fs::remove_file(self.home.rpc_addr_file()).is_err() {
            tracing::debug!("rpc.addr was removed before");
        }
        engine?;
        api?;
        served
    }
}

impl Drop for NetworkNode {
    fn drop(&mut self) {
        if let Err(failure) = self.stop_all() {
            tracing::error!(error = %failure.text(), "the node did not stop cleanly");
        }
    }
}

/// Waits until the engine's RPC listens: it does when the handshake, replay included, is done.
fn wait_for_engine(server: &AbciServer, engine: &Engine, socket: &Path) -> Done {
    loop {
        if let Some(fault) = server.fault() {
            return Err(fault.into());
        }
        if let Some(status) = engine.ended()? {
            return Err(Failure::local(engine.last_words(status)));
        }
        if UnixStream::connect(socket).is_ok() {
            return Ok(());
        }
        std::thread::sleep(LOOK_PAUSE);
    }
}
