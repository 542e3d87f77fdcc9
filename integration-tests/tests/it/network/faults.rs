//! The replay table with the real engine: the app dies before or after FinalizeBlock or Commit, the engine dies with
//! it, and both come back over what was durable.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context as _, Result};
use suyuan_abci::{AbciServer, Settings};
use suyuan_app::App;
use suyuan_core::{HostFault, Hosted};
use suyuan_integration_tests::network::{cometbft, Network};
use suyuan_node::network::files::EngineFiles;
use suyuan_solo::{
    Application, BlockOutcome, BlockRequest, CheckTx, Genesis, GenesisError, Info, InitChain,
    InitOutcome, QueryState,
};
use suyuan_store::{Options, Store};
use suyuan_vm::Vm;

/// Longest wait for a height or an end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Where the app dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    AfterInit,
    BeforeFinalize,
    AfterFinalize,
    BeforeCommit,
    AfterCommit,
}

const POINTS: [Point; 5] = [
    Point::AfterInit,
    Point::BeforeFinalize,
    Point::AfterFinalize,
    Point::BeforeCommit,
    Point::AfterCommit,
];

/// The app with a death at one point of one height.
struct Mortal {
    app: App,
    dies: Option<(Point, u64)>,
    finalized: Arc<AtomicU64>,
}

impl Mortal {
    fn reach(&self, point: Point, height: u64) -> Hosted<()> {
        if self.dies == Some((point, height)) {
            return Err(HostFault::new(format!("the test dies at {point:?} of {height}")));
        }
        Ok(())
    }
}

impl Application for Mortal {
    fn init_chain(&mut self, request: InitChain) -> Hosted<Result<InitOutcome, GenesisError>> {
        let outcome = self.app.init_chain(request)?;
        self.reach(Point::AfterInit, 0)?;
        Ok(outcome)
    }

    fn finalize_block(&mut self, request: &BlockRequest) -> Hosted<BlockOutcome> {
        self.reach(Point::BeforeFinalize, request.height)?;
        let outcome = self.app.finalize_block(request)?;
        self.finalized.fetch_add(1, Ordering::SeqCst);
        self.reach(Point::AfterFinalize, request.height)?;
        Ok(outcome)
    }

    fn commit(&mut self) -> Hosted<()> {
        let height = self.app.info().height + 1;
        self.reach(Point::BeforeCommit, height)?;
        self.app.commit()?;
        self.reach(Point::AfterCommit, height)
    }

    fn info(&self) -> Info {
        self.app.info()
    }

    fn declared_gas(&self, tx: &[u8]) -> Option<u64> {
        self.app.declared_gas(tx)
    }

    fn block_gas_max(&self) -> Option<u64> {
        self.app.block_gas_max()
    }

    fn checker(&self) -> Arc<dyn CheckTx> {
        Arc::new(self.app.checker())
    }

    fn querier(&self) -> Arc<dyn QueryState> {
        Arc::new(self.app.reader())
    }
}

struct Life {
    server: AbciServer,
    engine: Child,
    finalized: Arc<AtomicU64>,
}

impl Drop for Life {
    fn drop(&mut self) {
        // It dies with its app; killed here in case it does not.
        if self.engine.kill().is_ok() && self.engine.wait().is_err() {
            eprintln!("the engine was not waited for");
        }
    }
}

fn live(
    program: &Path,
    files: &EngineFiles,
    genesis: &Genesis,
    store: &Store,
    dies: Option<(Point, u64)>,
) -> Result<Life> {
    let vm = Vm::new(suyuan_app::vm_config(&genesis.app_state)?)?;
    let finalized = Arc::new(AtomicU64::new(0));
    let app = Mortal { app: App::new(store.clone(), vm)?, dies, finalized: finalized.clone() };
    let socket = files.abci_socket().map_err(|f| f.error)?;
    let server = AbciServer::start(Box::new(app), &socket, Settings::default())?;
    let engine = Command::new(program)
        .args(["start", "--abci", "socket", "--rpc.laddr", ""])
        // The next block is what is waited for.
        .args(["--consensus.create_empty_blocks_interval", "200ms", "--home"])
        .arg(files.root())
        .arg("--proxy_app")
        .arg(format!("unix://{}", socket.display()))
        .stdout(File::create(files.root().join("engine.log"))?)
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Life { server, engine, finalized })
}

#[test]
fn an_app_that_dies_between_any_two_calls_comes_back_with_the_real_engine() -> Result<()> {
    let program = cometbft()?;
    let network = Network::new("faults-1", 1, 1)?;
    let home = &network.nodes[0].home;
    let files = EngineFiles::new(home);
    let genesis = Genesis::from_json(&std::fs::read(home.genesis_file())?)?;
    let store = Store::in_memory(Options::new(&suyuan_app::STORES));
    let mut height = 0;
    for round in 0..POINTS.len() * 2 {
        let point = POINTS[round % POINTS.len()];
        let at = if point == Point::AfterInit { 0 } else { height + 1 };
        if point == Point::AfterInit && height > 0 {
            continue;
        }
        let mortal = live(&program, &files, &genesis, &store, Some((point, at)))?;
        let begin = Instant::now();
        while mortal.server.fault().is_none() {
            ensure!(begin.elapsed() < PATIENCE, "{point:?} of {at} was not reached");
            std::thread::sleep(LOOK_PAUSE);
        }
        let committed = mortal.server.info().height;
        let expected = if point == Point::AfterCommit { at } else { height };
        // The fault comes between the app's commit and its publication: the store decides.
        ensure!(store.version() == expected, "{point:?}: {} of {expected}", store.version());
        ensure!(committed <= expected, "Info was ahead of what is durable");
        drop(mortal);
        let healthy = live(&program, &files, &genesis, &store, None)?;
        let reached = healthy.server.wait_above(expected, PATIENCE);
        let next = reached.with_context(|| {
            let log = std::fs::read_to_string(files.root().join("engine.log")).unwrap_or_default();
            format!("no block after {point:?} of {at}; the engine says:\n{log}")
        })?;
        ensure!(healthy.finalized.load(Ordering::SeqCst) > 0, "nothing was computed");
        ensure!(healthy.server.fault().is_none(), "{:?}", healthy.server.fault());
        println!("died at {point:?} of {at}: went on to {next} after {:?}", begin.elapsed());
        drop(healthy);
        height = store.version();
    }
    Ok(())
}
