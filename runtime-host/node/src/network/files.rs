//! The engine's own directory inside a home, and what is written there.

use std::fs;
use std::path::{Path, PathBuf};

use rand::RngCore;
use serde_json::json;
use suyuan_solo::ValidatorKey;
use tendermint::PrivateKey;

use crate::config::Home;
use crate::fail::{Done, Failure, OrFail};
use crate::keyring::{make_private_dir, write_private};

/// Longest path of a Unix socket on Linux, in bytes.
const SOCKET_PATH_MAX: usize = 107;
/// Sign step of a precommit in the engine's words.
const STEP_PRECOMMIT: u8 = 3;

/// Where the engine's files of a home are.
#[derive(Clone, Debug)]
pub struct EngineFiles {
    home: Home,
}

impl EngineFiles {
    /// Those of `home`; nothing is created.
    pub fn new(home: &Home) -> Self {
        EngineFiles { home: home.clone() }
    }

    /// The engine's home.
    pub fn root(&self) -> PathBuf {
        self.home.root().join("cometbft")
    }

    /// Its settings.
    pub fn config_file(&self) -> PathBuf {
        self.root().join("config").join("config.toml")
    }

    /// The genesis of the network where it is not the home's own: that of a chain that began alone.
    pub fn checkpoint_file(&self) -> PathBuf {
        self.root().join("config").join("genesis.json")
    }

    /// Its key among peers, which says nothing about consensus.
    pub fn node_key_file(&self) -> PathBuf {
        self.root().join("config").join("node_key.json")
    }

    /// What its signer signed last: never delete or restore this file.
    pub fn sign_state_file(&self) -> PathBuf {
        self.root().join("data").join("priv_validator_state.json")
    }

    /// Held by the engine process as long as it lives.
    pub fn lock_file(&self) -> PathBuf {
        self.root().join("engine.lock")
    }

    /// What it says.
    pub fn log_file(&self) -> PathBuf {
        self.home.data_dir().join("engine.log")
    }

    /// The socket of the app.
    ///
    /// # Errors
    /// Usage if the home's path is too long for a socket.
    pub fn abci_socket(&self) -> Done<PathBuf> {
        self.socket("abci.sock")
    }

    /// The socket of the engine's RPC.
    ///
    /// # Errors
    /// Usage if the home's path is too long for a socket.
    pub fn rpc_socket(&self) -> Done<PathBuf> {
        self.socket("engine-rpc.sock")
    }

    fn socket(&self, name: &str) -> Done<PathBuf> {
        let root = std::path::absolute(self.home.data_dir()).or_local(|| "the home".into())?;
        let path = root.join(name);
        if path.as_os_str().len() > SOCKET_PATH_MAX {
            return Err(Failure::usage(format!(
                "{} is longer than {SOCKET_PATH_MAX} bytes: a home for a network needs a shorter path",
                path.display()
            )));
        }
        Ok(path)
    }

    /// Whether the home is one of a network.
    pub fn exist(&self) -> bool {
        self.config_file().exists()
    }

    /// Writes settings and keys of a new engine. A key or sign state that is there stays.
    ///
    /// # Errors
    /// Local if a file cannot be written.
    pub fn write(&self, settings: &EngineSettings) -> Done<NodeId> {
        for dir in ["config", "data"] {
            make_private_dir(&self.root().join(dir))?;
        }
        let id = self.load_or_make_node_key()?;
        let state = self.sign_state_file();
        if !state.exists() {
            write_text(&state, &sign_state(settings.signed_height))?;
        }
        write_text(&self.config_file(), &settings.to_text())?;
        Ok(id)
    }

    /// The id of this node among peers; its key is made if there is none.
    ///
    /// # Errors
    /// Local if the file cannot be read or written.
    pub fn load_or_make_node_key(&self) -> Done<NodeId> {
        let path = self.node_key_file();
        if path.exists() {
            return read_node_id(&path);
        }
        let mut secret = [0u8; 32];
        rand::rngs::OsRng.fill_bytes(&mut secret);
        let key = tendermint::private_key::Ed25519::try_from(&secret[..])
            .or_local(|| "making a node key".into())?;
        let text = json!({ "priv_key": PrivateKey::Ed25519(key) }).to_string();
        write_private(&path, text.as_bytes())?;
        Ok(NodeId::of(&secret))
    }
}

/// The signer's state after `height` was signed for good, 0 for nothing.
fn sign_state(height: u64) -> String {
    let step = if height == 0 { 0 } else { STEP_PRECOMMIT };
    json!({ "height": height.to_string(), "round": 0, "step": step }).to_string()
}

fn write_text(path: &Path, text: &str) -> Done {
    fs::write(path, text).or_local(|| format!("writing {}", path.display()))
}

/// Name of a node among peers: the address of its node key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeId(pub String);

impl NodeId {
    fn of(secret: &[u8; 32]) -> Self {
        NodeId(ValidatorKey::from_secret(secret).address().to_string().to_lowercase())
    }
}

fn read_node_id(path: &Path) -> Done<NodeId> {
    #[derive(serde::Deserialize)]
    struct KeyFile {
        priv_key: PrivateKey,
    }
    let reading = || format!("reading {}", path.display());
    let text = fs::read(path).or_local(reading)?;
    let file: KeyFile = serde_json::from_slice(&text).or_local(reading)?;
    let key = file.priv_key.ed25519_signing_key();
    let secret = key.and_then(|key| <[u8; 32]>::try_from(key.as_bytes()).ok());
    let secret =
        secret.ok_or_else(|| Failure::local(format!("{}: no ed25519 key", path.display())))?;
    Ok(NodeId::of(&secret))
}

/// What of the engine's settings is not its own default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineSettings {
    /// Name for people.
    pub moniker: String,
    /// Where peers connect: `HOST:PORT`.
    pub p2p_laddr: String,
    /// Where peers find this node, if that is another address.
    pub external_address: String,
    /// All peers, as `ID@HOST:PORT`.
    pub peers: Vec<String>,
    /// Height that this validator's key has signed before the network, 0 for none. Above 0 the engine begins with the
    /// checkpoint.
    pub signed_height: u64,
}

impl EngineSettings {
    /// Text of the engine's `config.toml`. What is missing there is the engine's default; sockets are given as flags.
    pub fn to_text(&self) -> String {
        format!(
            "# Settings of the consensus engine, CometBFT 0.38. Sockets are given to it as flags by `suyuan start`.\n\
             moniker = {:?}\n\
             genesis_file = {:?}\n\
             priv_validator_key_file = \"../config/priv_validator_key.json\"\n\
             priv_validator_state_file = \"data/priv_validator_state.json\"\n\
             node_key_file = \"config/node_key.json\"\n\
             log_level = \"error\"\n\n\
             [rpc]\nmax_body_bytes = 8388608\n\n\
             [p2p]\nladdr = {:?}\nexternal_address = {:?}\npersistent_peers = {:?}\n\
             # a permissioned network: the peers are those that are named\n\
             pex = false\naddr_book_strict = false\nallow_duplicate_ip = true\n\
             flush_throttle_timeout = \"10ms\"\nsend_rate = 20480000\nrecv_rate = 20480000\n\n\
             [mempool]\ntype = \"flood\"\nsize = 20000\nmax_txs_bytes = 67108864\ncache_size = 40000\n\
             max_tx_bytes = 2097152\n\n\
             [consensus]\ntimeout_propose = \"1s\"\ntimeout_commit = \"200ms\"\n\
             # an empty block follows at once when state changed, else after this time\n\
             create_empty_blocks = true\ncreate_empty_blocks_interval = \"10s\"\n\
             peer_gossip_sleep_duration = \"10ms\"\n\n\
             [storage]\ndiscard_abci_responses = false\n\n\
             [tx_index]\nindexer = \"kv\"\n",
            self.moniker,
            if self.signed_height > 0 { "config/genesis.json" } else { "../config/genesis.json" },
            format!("tcp://{}", self.p2p_laddr),
            self.external_address,
            self.peers.join(","),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_are_toml_and_a_node_key_keeps_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        let files = EngineFiles::new(&home);
        let settings = EngineSettings {
            moniker: "node \"0\"".into(),
            p2p_laddr: "127.0.0.1:26656".into(),
            external_address: String::new(),
            peers: vec!["a@h:1".into(), "b@h:2".into()],
            signed_height: 7,
        };
        let id = files.write(&settings).unwrap();
        assert_eq!(files.write(&settings).unwrap(), id);
        assert_eq!(id.0.len(), 40);
        let text = fs::read_to_string(files.config_file()).unwrap();
        let read: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(read["p2p"]["persistent_peers"].as_str(), Some("a@h:1,b@h:2"));
        assert_eq!(read["moniker"].as_str(), Some("node \"0\""));
        let state = fs::read_to_string(files.sign_state_file()).unwrap();
        assert_eq!(state, r#"{"height":"7","round":0,"step":3}"#);
    }

    #[test]
    fn a_home_too_deep_for_sockets_is_refused_by_name() {
        let files = EngineFiles::new(&Home::new(format!("/{}", "x".repeat(100))));
        assert!(files.abci_socket().unwrap_err().text().contains("longer than 107"));
    }
}
