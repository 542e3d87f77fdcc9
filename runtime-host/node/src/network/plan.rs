//! What a new network is: its nodes, where they are, and the files of each.

use std::fs;
use std::path::{Path, PathBuf};

use suyuan_solo::{Genesis, ValidatorKey};
use tendermint::{validator, Time};

use super::files::{EngineFiles, EngineSettings, NodeId};
use crate::config::{Config, Home};
use crate::fail::{Done, Failure, OrFail};
use crate::genesis::Beginning;
use crate::keyring::make_private_dir;

/// Most validators that one command makes.
pub const VALIDATORS_MAX: usize = 100;
/// Voting power of each validator of a new network.
const POWER: u32 = 10;
/// Distance of ports when several nodes share a host.
const PORT_STEP: u16 = 10;

/// A network that is to be written.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Settings that all nodes share; the RPC's address is each node's own.
    pub config: Config,
    /// The chain's beginning.
    pub beginning: Beginning,
    /// Where the homes are written, as `node0`, `node1`, ….
    pub dir: PathBuf,
    /// Host of each validator.
    pub hosts: Vec<String>,
    /// Port for peers of the first node on a host.
    pub p2p_port: u16,
    /// Port of the RPC of the first node on a host.
    pub rpc_port: u16,
}

/// One node of a written network.
#[derive(Clone, Debug)]
pub struct PlannedNode {
    /// Its directory.
    pub home: Home,
    /// Its id among peers.
    pub id: NodeId,
    /// Where peers reach it.
    pub p2p: String,
    /// Where its RPC listens.
    pub rpc: String,
}

impl Plan {
    /// Writes homes, keys, one genesis and the settings of all nodes.
    ///
    /// # Errors
    /// Usage for impossible numbers; local if a home is there already or cannot be written.
    pub fn write(&self) -> Done<Vec<PlannedNode>> {
        if self.hosts.is_empty() || self.hosts.len() > VALIDATORS_MAX {
            return Err(Failure::usage(format!("1 to {VALIDATORS_MAX} validators are possible")));
        }
        let nodes = self.nodes()?;
        let genesis = self.genesis(&nodes)?;
        let mut text = serde_json::to_string_pretty(&genesis.to_json())
            .or_local(|| "genesis as JSON".into())?;
        text.push('\n');
        for (index, node) in nodes.iter().enumerate() {
            self.write_node(index, node, &nodes, &text)?;
        }
        Ok(nodes)
    }

    fn nodes(&self) -> Done<Vec<PlannedNode>> {
        let mut nodes: Vec<PlannedNode> = Vec::with_capacity(self.hosts.len());
        for (index, host) in self.hosts.iter().enumerate() {
            let home = Home::new(self.dir.join(format!("node{index}")));
            if home.genesis_file().exists() || home.data_dir().exists() {
                return Err(Failure::local(format!("{} is in use", home.root().display())));
            }
            let before = self.hosts.iter().take(index).filter(|other| *other == host).count();
            let port = |first: u16| {
                let before = u16::try_from(before).ok();
                before
                    .and_then(|n| n.checked_mul(PORT_STEP))
                    .and_then(|step| first.checked_add(step))
                    .ok_or_else(|| Failure::usage("the ports are above 65535"))
            };
            make_private_dir(&home.config_dir())?;
            make_private_dir(&home.data_dir())?;
            nodes.push(PlannedNode {
                id: make_engine_dir(&home)?,
                p2p: format!("{host}:{}", port(self.p2p_port)?),
                // Clients of other machines need TLS, which is a setting of its own.
                rpc: format!("127.0.0.1:{}", port(self.rpc_port)?),
                home,
            });
        }
        Ok(nodes)
    }

    fn genesis(&self, nodes: &[PlannedNode]) -> Done<Genesis> {
        let mut genesis =
            Genesis::new(&self.config.chain_id, Time::now(), self.beginning.app_state())
                .or_usage(|| "the genesis cannot start a chain".into())?;
        for (index, node) in nodes.iter().enumerate() {
            let key = ValidatorKey::load_or_create(&node.home.validator_key_file())?;
            let mut info = validator::Info::new(key.public_key(), POWER.into());
            info.name = Some(format!("node{index}"));
            genesis.validators.push(info);
        }
        Ok(genesis)
    }

    fn write_node(
        &self,
        index: usize,
        node: &PlannedNode,
        all: &[PlannedNode],
        genesis: &str,
    ) -> Done {
        let mut config = self.config.clone();
        config.rpc.laddr.clone_from(&node.rpc);
        write(&node.home.config_file(), &config.to_text())?;
        write(&node.home.genesis_file(), genesis)?;
        let peers = all
            .iter()
            .filter(|other| other.id != node.id)
            .map(|other| format!("{}@{}", other.id.0, other.p2p))
            .collect();
        let settings = EngineSettings {
            moniker: format!("node{index}"),
            p2p_laddr: listen_address(&node.p2p),
            external_address: node.p2p.clone(),
            peers,
            signed_height: 0,
        };
        EngineFiles::new(&node.home).write(&settings)?;
        Ok(())
    }
}

/// A node that joins a network which is there: without power until the authority gives it some.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Settings of the node.
    pub config: Config,
    /// Its directory.
    pub home: Home,
    /// Text of the network's genesis file.
    pub genesis: String,
    /// Where peers reach it: `HOST:PORT`.
    pub p2p: String,
    /// The nodes that it connects to, as `ID@HOST:PORT`.
    pub peers: Vec<String>,
}

impl Joining {
    /// Writes the home; the public key is what the authority is asked to give power to.
    ///
    /// # Errors
    /// Local if a home is there already or cannot be written.
    pub fn write(&self) -> Done<(PlannedNode, tendermint::PublicKey)> {
        let home = &self.home;
        if home.genesis_file().exists() || home.data_dir().exists() {
            return Err(Failure::local(format!("{} is in use", home.root().display())));
        }
        make_private_dir(&home.config_dir())?;
        make_private_dir(&home.data_dir())?;
        let id = make_engine_dir(home)?;
        let key = ValidatorKey::load_or_create(&home.validator_key_file())?;
        write(&home.config_file(), &self.config.to_text())?;
        write(&home.genesis_file(), &self.genesis)?;
        let settings = EngineSettings {
            moniker: id.0.chars().take(NAME_DIGITS).collect(),
            p2p_laddr: listen_address(&self.p2p),
            external_address: self.p2p.clone(),
            peers: self.peers.clone(),
            signed_height: 0,
        };
        EngineFiles::new(home).write(&settings)?;
        let (p2p, rpc) = (self.p2p.clone(), self.config.rpc.laddr.clone());
        Ok((PlannedNode { home: home.clone(), id, p2p, rpc }, key.public_key()))
    }
}

/// Digits of a node's id that are its name until it has one.
const NAME_DIGITS: usize = 8;

/// On this machine alone for loopback names; else on all addresses, since a host's public name need not be its own.
fn listen_address(p2p: &str) -> String {
    let (host, port) = p2p.rsplit_once(':').unwrap_or((p2p, "26656"));
    if host == "localhost" || host.starts_with("127.") {
        p2p.to_string()
    } else {
        format!("0.0.0.0:{port}")
    }
}

fn make_engine_dir(home: &Home) -> Done<NodeId> {
    let files = EngineFiles::new(home);
    make_private_dir(&files.root().join("config"))?;
    files.load_or_make_node_key()
}

fn write(path: &Path, text: &str) -> Done {
    fs::write(path, text).or_local(|| format!("writing {}", path.display()))
}
