//! A network node as a value: app, ABCI server, engine and RPC wired together.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use suyuan_abci::AbciServer;
use suyuan_core::HostFault;
use suyuan_rpc::{Backend, EngineBackend};

use super::engine::Engine;
use super::files::EngineFiles;
use super::from_solo;
use crate::config::{Config, Home};
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{front as tls_front, lock, open_app, public, read_genesis, serve, Served};
use crate::tls::TlsFront;
use crate::{listen, settings};

/// How often the start looks whether the engine answers; it may replay for a long time.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// What an operator can say beside the configuration.
#[derive(Clone, Debug)]
pub struct NetworkOptions {
    /// Address of the RPC; none takes that of the configuration.
    pub rpc_laddr: Option<String>,
    /// Settings that go before the configuration, as [`crate::settings`] names them.
    pub settings: Vec<(String, String)>,
    /// The engine's program.
    pub cometbft: PathBuf,
}

/// A network node that runs in this process, its engine beside it. Dropping it stops both.
#[derive(Debug)]
pub struct NetworkNode {
    home: Home,
    chain_id: String,
    server: Arc<Mutex<AbciServer>>,
    engine: Engine,
    rpc_addr: SocketAddr,
    front: Option<Served>,
    tls: Option<TlsFront>,
    _lock: File,
}

impl NetworkNode {
    /// Starts app, engine and RPC, in this order, and returns when the engine has shaken hands and answers.
    ///
    /// # Errors
    /// Local for unreadable files, an engine that does not start or is not the right one, and host faults.
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
        let mut laddr = options.rpc_laddr.clone().or_else(|| Some(config.rpc.laddr.clone()));
        let tls = public("RPC", &config, &mut laddr, "http/1.1")?;
        let laddr = laddr.unwrap_or_default();
        let listener = listen::bind("RPC", &laddr, config.listen.insecure, false)?;
        let mut app = open_app(home, &config, &genesis)?;
        from_solo::reach_the_seam(home, &genesis, &mut app)?;
        let server =
            AbciServer::start(Box::new(app), &files.abci_socket()?, genesis.app_version())?;
        let engine = Engine::start(&options.cometbft, &files)?;
        let rpc_socket = files.rpc_socket()?;
        wait_for_engine(&server, &engine, &rpc_socket)?;
        let querier = server.querier();
        let past = from_solo::past(home, &genesis, server.checker(), server.querier())?;
        let server = Arc::new(Mutex::new(server));
        let probed = server.clone();
        let backend = Backend::Engine(EngineBackend {
            socket: rpc_socket,
            querier,
            fault: Arc::new(move || probed.lock().fault()),
            past,
        });
        let front = serve(backend, listener)?;
        let tls = tls_front(tls, Some(front.rpc_addr))?;
        let node = NetworkNode {
            home: home.clone(),
            chain_id: genesis.chain_id.to_string(),
            server,
            engine,
            rpc_addr: front.rpc_addr,
            front: Some(front),
            tls,
            _lock: lock,
        };
        let path = home.rpc_addr_file();
        fs::write(&path, format!("{}\n", node.rpc_addr))
            .or_local(|| format!("writing {}", path.display()))?;
        Ok(node)
    }

    /// URL for clients on this machine, and with TLS for all others.
    pub fn rpc_url(&self) -> String {
        match &self.tls {
            Some(front) => format!("https://{}", front.address()),
            None => format!("http://{}", self.rpc_addr),
        }
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
        let Some(front) = self.front.take() else { return Ok(()) };
        self.tls = None;
        let served = front.end();
        let engine = self.engine.stop();
        self.server.lock().shutdown();
        if fs::remove_file(self.home.rpc_addr_file()).is_err() {
            tracing::debug!("rpc.addr was removed before");
        }
        engine?;
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
