//! Networks of several validators with the real engine, each node a process of its own.

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context as _, Result};
use suyuan_client::signer::new_mnemonic;
use suyuan_client::{Client, Signer};
use suyuan_core::Coin;
use suyuan_node::config::{Config, Home};
use suyuan_node::genesis::{Authority, Beginning};
use suyuan_node::network::plan::{Joining, Plan, PlannedNode};
use tempfile::TempDir;

use crate::files;
use crate::house::{plain, sending_client, DENOM, FUNDS, PREFIX};
use crate::process::{run, NodeProcess};

/// Longest time to install the engine.
const INSTALL_MAX: Duration = Duration::from_secs(600);
/// Where the ports of networks under test begin: below those that the system gives to clients by itself.
const PORT_FIRST: u16 = 20_000;
/// Distance between the ports of two validators.
const PORT_STEP: u16 = 10;
/// Ports of one network, and how many such blocks there are.
const PORT_BLOCK: u16 = 100;
const PORT_BLOCKS: u16 = 100;
/// How often a height is asked for.
const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// The pinned engine; installed by `tools/cometbft.sh` where it is missing.
///
/// # Errors
/// If it cannot be installed.
pub fn cometbft() -> Result<PathBuf> {
    let folder = files::profile_dir()?.join("../tools");
    let mut install = Command::new("bash");
    install.arg(files::workspace().join("tools/cometbft.sh")).arg(&folder);
    let ended = run(&mut install, INSTALL_MAX)?;
    ensure!(ended.code == Some(0), "tools/cometbft.sh: {}\n{}", ended.out, ended.err);
    Ok(std::path::absolute(folder.join("cometbft"))?)
}

/// A network on this machine; its processes end with it.
#[derive(Debug)]
pub struct Network {
    /// Its nodes as they were planned.
    pub nodes: Vec<PlannedNode>,
    running: Vec<Option<NodeProcess>>,
    engine: PathBuf,
    words: String,
    folder: TempDir,
    ports: Ports,
}

impl Network {
    /// Writes a network of `validators` with `accounts` funded accounts; nothing runs yet.
    ///
    /// # Errors
    /// Of files and ports.
    pub fn new(chain_id: &str, validators: usize, accounts: u32) -> Result<Self> {
        Self::governed(chain_id, validators, accounts, &|_| Ok(None))
    }

    /// The same with an authority that follows from the mnemonic of the accounts.
    ///
    /// # Errors
    /// Of files and ports.
    pub fn governed(
        chain_id: &str,
        validators: usize,
        accounts: u32,
        authority: &dyn Fn(&str) -> Result<Option<String>>,
    ) -> Result<Self> {
        let engine = cometbft()?;
        let folder = tempfile::Builder::new().prefix("suyuan-net-").tempdir()?;
        let words = new_mnemonic()?;
        let mut beginning = Beginning::new(PREFIX, DENOM);
        for index in 0..accounts {
            let signer = Signer::from_mnemonic(&words, index, PREFIX)?;
            let coins = vec![Coin::new(FUNDS, DENOM)];
            beginning.add_account(signer.address(), coins).map_err(plain)?;
        }
        let authority = authority(&words)?;
        beginning.authority = authority.map(|address| Authority { address, delay_s: 0 });
        let ports = Ports::reserve(validators)?;
        let plan = Plan {
            config: Config::new(chain_id, PREFIX, DENOM),
            beginning,
            dir: folder.path().to_path_buf(),
            hosts: vec!["127.0.0.1".into(); validators],
            p2p_port: ports.first,
            rpc_port: 1,
        };
        let nodes = plan.write().map_err(plain)?;
        let running = nodes.iter().map(|_| None).collect();
        Ok(Network { nodes, running, engine, words, folder, ports })
    }

    /// The mnemonic of its accounts.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The key at this index of the accounts.
    ///
    /// # Errors
    /// None for an index that BIP-32 knows.
    pub fn signer(&self, index: u32) -> Result<Signer> {
        Ok(Signer::from_mnemonic(&self.words, index, PREFIX)?)
    }

    /// Starts all nodes that do not run, at the same time: the engine of each waits for the others.
    ///
    /// # Errors
    /// If one does not start.
    pub fn start_all(&mut self) -> Result<()> {
        self.start_all_with(&[])
    }

    /// The same with further flags of `suyuan start`.
    ///
    /// # Errors
    /// If one does not start.
    pub fn start_all_with(&mut self, flags: &[&str]) -> Result<()> {
        let engine = &self.engine;
        std::thread::scope(|scope| {
            let starting: Vec<_> = self
                .nodes
                .iter()
                .zip(self.running.iter_mut())
                .filter(|(_, running)| running.is_none())
                .map(|(node, running)| {
                    scope.spawn(move || -> Result<()> {
                        *running =
                            Some(NodeProcess::start_network_with(&node.home, engine, flags)?);
                        Ok(())
                    })
                })
                .collect();
            for thread in starting {
                thread.join().unwrap_or_else(|_| bail!("a start panicked"))?;
            }
            Ok(())
        })
    }

    /// Writes one more node, which knows all others and is known to none; returns its place and its validator's key.
    ///
    /// # Errors
    /// Of files and ports.
    pub fn join(&mut self) -> Result<(usize, [u8; 32])> {
        let index = self.nodes.len();
        let first = &self.nodes[0];
        let joining = Joining {
            config: Config::load(&first.home).map_err(plain)?,
            home: Home::new(self.folder.path().join(format!("node{index}"))),
            genesis: std::fs::read_to_string(first.home.genesis_file())?,
            p2p: format!("127.0.0.1:{}", self.ports.at(index)?),
            peers: self.nodes.iter().map(|n| format!("{}@{}", n.id.0, n.p2p)).collect(),
        };
        let (node, key) = joining.write().map_err(plain)?;
        self.nodes.push(node);
        self.running.push(None);
        Ok((index, key.to_bytes().as_slice().try_into()?))
    }

    /// Starts one node with further flags of `suyuan start`.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start_with(&mut self, index: usize, flags: &[&str]) -> Result<()> {
        let home = &self.nodes[index].home;
        self.running[index] = Some(NodeProcess::start_network_with(home, &self.engine, flags)?);
        Ok(())
    }

    /// Starts one node.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(&mut self, index: usize) -> Result<()> {
        let process = NodeProcess::start_network(&self.nodes[index].home, &self.engine)?;
        self.running[index] = Some(process);
        Ok(())
    }

    /// The process of a node.
    ///
    /// # Errors
    /// If it does not run.
    pub fn process(&self, index: usize) -> Result<&NodeProcess> {
        self.running[index].as_ref().with_context(|| format!("node{index} does not run"))
    }

    /// SIGKILL for the node; its engine notices and ends by itself.
    ///
    /// # Errors
    /// If it had ended before.
    pub fn kill(&mut self, index: usize) -> Result<()> {
        self.take(index)?.kill()
    }

    /// The process of a node, which is from now on the caller's.
    ///
    /// # Errors
    /// If it does not run.
    pub fn take(&mut self, index: usize) -> Result<NodeProcess> {
        self.running[index].take().with_context(|| format!("node{index} does not run"))
    }

    /// A client of a running node that sends transfers without simulating them.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn client(&self, index: usize) -> Result<Client> {
        sending_client(self.process(index)?.rpc_url()).await
    }

    /// Waits until a node has reached `height`; how long that took.
    ///
    /// # Errors
    /// If it takes longer than `patience`.
    pub async fn wait_height(
        &self,
        index: usize,
        height: u64,
        patience: Duration,
    ) -> Result<Duration> {
        let client = self.client(index).await?;
        let begin = Instant::now();
        loop {
            let now = latest(&client).await?;
            if now >= height {
                return Ok(begin.elapsed());
            }
            ensure!(begin.elapsed() < patience, "node{index} is at {now}, not at {height}");
            tokio::time::sleep(LOOK_PAUSE).await;
        }
    }
}

/// Latest height of a node.
///
/// # Errors
/// If it does not answer.
pub async fn latest(client: &Client) -> Result<u64> {
    Ok(client.rpc().status().await?.sync_info.latest_block_height.value())
}

/// Ports that no other network under test takes, in this process or another, while this lives.
#[derive(Debug)]
struct Ports {
    first: u16,
    /// Locked; the lock goes with the process, however it ends.
    _block: File,
}

impl Ports {
    /// Takes the first block whose lock nobody holds and whose ports are free. That they are free now is not enough:
    /// an engine binds its port seconds after it was chosen.
    fn reserve(validators: usize) -> Result<Ports> {
        let validators = u16::try_from(validators)?;
        ensure!(
            validators < PORT_BLOCK / PORT_STEP,
            "{validators} validators in one block of ports"
        );
        for block in 0..PORT_BLOCKS {
            let lock = std::env::temp_dir().join(format!("suyuan-ports-{block}.lock"));
            let lock = File::create(lock)?;
            if lock.try_lock().is_err() {
                continue;
            }
            let first = PORT_FIRST + block * PORT_BLOCK;
            // One more than asked for: a node may join.
            let free = |n| TcpListener::bind(("127.0.0.1", first + n * PORT_STEP)).is_ok();
            if (0..=validators).all(free) {
                return Ok(Ports { first, _block: lock });
            }
        }
        bail!("no free ports")
    }

    /// The port of a node.
    fn at(&self, index: usize) -> Result<u16> {
        let index = u16::try_from(index)?;
        ensure!(index < PORT_BLOCK / PORT_STEP, "node{index} in one block of ports");
        Ok(self.first + index * PORT_STEP)
    }
}

/// Sends a signal to a process by its id.
///
/// # Errors
/// If there is no such process.
pub fn signal(id: u32, name: &str) -> Result<()> {
    let mut kill = Command::new("kill");
    kill.arg(format!("-{name}")).arg(id.to_string());
    let ended = run(&mut kill, Duration::from_secs(5))?;
    ensure!(ended.code == Some(0), "kill -{name} {id}: {}", ended.err);
    Ok(())
}
