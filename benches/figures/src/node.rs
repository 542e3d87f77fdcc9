//! Processes of a chain benchmark: the node, its command line, and the load.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::de::DeserializeOwned;
use suyuan_core::address;
use tempfile::TempDir;

/// Chain id of the nodes.
const CHAIN_ID: &str = "testing";
/// Longest time for a node to answer.
const START_MAX: Duration = Duration::from_secs(60);
const START_LOOK: Duration = Duration::from_millis(20);
/// First account of the load's default mnemonic, which pays the senders; only its prefix depends on the chain.
const PAYER: &str = "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4";
/// Prefix of the addresses of the load.
const LOAD_PREFIX: &str = "wasm";
const LOAD_DENOM: &str = "ustake";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Root of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Folder for what benchmarks write; on the disk of the repository, since that of temporary files may be memory.
///
/// # Errors
/// If it cannot be made.
pub fn scratch() -> anyhow::Result<PathBuf> {
    let dir = root().join("target/bench");
    fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
    Ok(dir)
}

/// Runs a program to its end and reads its last line as JSON. Its standard error is ours.
///
/// # Errors
/// If it fails, or prints something else.
pub fn run_json<T: DeserializeOwned>(command: &mut Command) -> anyhow::Result<T> {
    let done = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {command:?}"))?;
    anyhow::ensure!(done.status.success(), "{command:?}: {}", done.status);
    let text = String::from_utf8_lossy(&done.stdout);
    // The node prints indented objects, the load a line.
    serde_json::from_str(text.trim())
        .or_else(|_| serde_json::from_str(text.trim().lines().last().unwrap_or_default()))
        .with_context(|| format!("{command:?} printed {text:?}"))
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    anyhow::ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

/// A node in a process of its own, with a fresh chain. Dropping it ends it and removes its files.
#[derive(Debug)]
pub struct Node {
    process: Child,
    home: TempDir,
    rpc: String,
}

impl Node {
    /// Initialises a chain with one rich account (`NAME|ADDRESS=COINS`) and starts its node on a free port, blocks on
    /// demand, as `suyuan start` does by default.
    ///
    /// # Errors
    /// If the program is not built, or the node does not answer within a minute.
    pub fn start(prefix: &str, denom: &str, account: &str) -> anyhow::Result<Node> {
        let home = tempfile::Builder::new().prefix("node-").tempdir_in(scratch()?)?;
        let mut init = cli(home.path())?;
        init.args(["init", "--prefix", prefix, "--denom", denom, "--chain-id", CHAIN_ID]);
        run(init.args(["--genesis-account", account]).stdout(Stdio::null()).stderr(Stdio::null()))?;
        let log = fs::File::create(home.path().join("node.log"))?;
        let mut start = cli(home.path())?;
        start.args(["start", "--rpc.laddr", "127.0.0.1:0"]).stdout(log.try_clone()?).stderr(log);
        let process = start.spawn().context("starting the node")?;
        let mut node = Node { process, home, rpc: String::new() };
        node.rpc = node.wait_for_address()?;
        Ok(node)
    }

    /// The command line of this node's home, for one command.
    pub fn cli(&self) -> Command {
        cli(self.home.path()).expect("the node was started with the same program")
    }

    /// Where its RPC listens.
    pub fn rpc(&self) -> &str {
        &self.rpc
    }

    fn wait_for_address(&mut self) -> anyhow::Result<String> {
        let file = self.home.path().join("rpc.addr");
        let deadline = Instant::now() + START_MAX;
        while Instant::now() < deadline {
            match fs::read_to_string(&file) {
                Ok(text) if text.ends_with('\n') => return Ok(text.trim().to_owned()),
                _ => {}
            }
            if let Some(status) = self.process.try_wait()? {
                let log = fs::read_to_string(self.home.path().join("node.log")).unwrap_or_default();
                anyhow::bail!("the node ended with {status}: {log}");
            }
            std::thread::sleep(START_LOOK);
        }
        anyhow::bail!("the node does not answer")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself; its files go in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The release build of the node, which stands beside this program.
fn cli(home: &Path) -> anyhow::Result<Command> {
    let beside = std::env::current_exe().context("path of this program")?;
    let program = beside.with_file_name("suyuan");
    anyhow::ensure!(
        program.is_file(),
        "{} is missing: cargo build --release -p suyuan-node",
        program.display()
    );
    let mut command = Command::new(program);
    command
        .arg("--home")
        .arg(home)
        .args(["--output", "json"])
        .env_remove("SUYUAN_HOME")
        .env_remove("SUYUAN_NODE");
    Ok(command)
}

/// The load, built.
#[derive(Debug)]
pub struct Load {
    program: PathBuf,
    contract: PathBuf,
}

impl Load {
    /// Address of the account that pays the senders.
    pub fn payer(&self) -> String {
        address::decode("cosmos", PAYER)
            .and_then(|addr| address::encode(LOAD_PREFIX, &addr))
            .expect("the constant is an address")
    }

    /// The program with the arguments that name the chain.
    pub fn command(&self, node: &Node) -> Command {
        let mut command = Command::new(&self.program);
        command.args([
            "--rpc",
            node.rpc(),
            "--chain-id",
            CHAIN_ID,
            "--prefix",
            LOAD_PREFIX,
            "--denom",
            LOAD_DENOM,
        ]);
        command.arg("--wasm").arg(&self.contract);
        command
    }
}

/// Builds the load and its contract into `target/tools`; none if its sources are not on this machine.
///
/// # Errors
/// If a build fails.
pub fn build_load() -> anyhow::Result<Option<Load>> {
    let sources = root().join("../shared/tools/txload");
    if !sources.join("Cargo.toml").is_file() {
        return Ok(None);
    }
    let tools = root().join("target/tools");
    let target = tools.join("txload");
    run(&mut cargo_build(&sources, &target))?;
    run(cargo_build(&sources.join("cw20"), &target).args(["--target", WASM_TARGET]))?;
    let contract = tools.join("load_cw20.wasm");
    let built = target.join(WASM_TARGET).join("release/load_cw20.wasm");
    run(Command::new("bash").arg(root().join("tools/wasm-lower.sh")).args([&built, &contract]))?;
    Ok(Some(Load { program: target.join("release/txload"), contract }))
}

/// Cargo for a package outside of the workspace, with the compiler of the workspace.
fn cargo_build(package: &Path, target: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root()).args([
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--manifest-path",
    ]);
    command.arg(package.join("Cargo.toml")).arg("--target-dir").arg(target);
    command
}
