//! Where a node's files are, and what its operator can set.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use suyuan_solo::{MempoolLimits, Pace, SoloConfig};

use crate::fail::{Done, Failure, OrFail};

/// The directory of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// A home at this directory; nothing is created.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Home { root: root.into() }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Directory of configuration, genesis and validator key.
    pub fn config_dir(&self) -> PathBuf {
        self.root.join("config")
    }

    /// The operator's settings.
    pub fn config_file(&self) -> PathBuf {
        self.config_dir().join("config.toml")
    }

    /// The chain's beginning.
    pub fn genesis_file(&self) -> PathBuf {
        self.config_dir().join("genesis.json")
    }

    /// The validator's secret key.
    pub fn validator_key_file(&self) -> PathBuf {
        self.config_dir().join("priv_validator_key.json")
    }

    /// Directory of everything that the node writes while it runs.
    pub fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Directory of the state.
    pub fn state_dir(&self) -> PathBuf {
        self.data_dir().join("state")
    }

    /// Directory of the block log and the signer's state.
    pub fn blocks_dir(&self) -> PathBuf {
        self.data_dir().join("blocks")
    }

    /// Directory of compiled contracts; can be deleted at any time.
    pub fn wasm_cache_dir(&self) -> PathBuf {
        self.data_dir().join("wasm-cache")
    }

    /// Held by the node that runs on this home.
    pub fn lock_file(&self) -> PathBuf {
        self.root.join("node.lock")
    }

    /// Holds the address of the RPC while the node runs.
    pub fn rpc_addr_file(&self) -> PathBuf {
        self.root.join("rpc.addr")
    }

    /// Addresses of the deployed contracts.
    pub fn deployment_file(&self) -> PathBuf {
        self.root.join("deployment.json")
    }
}

/// When blocks are made, as it is written in the configuration and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockTime {
    /// As soon as a transaction waits.
    OnDemand,
    /// One block per interval, empty ones included.
    Every(Duration),
}

/// Shortest pace: below, timestamps crowd and clients cannot follow.
pub const BLOCK_TIME_MIN: Duration = Duration::from_millis(10);
/// Longest pace: above, a client's wait for inclusion runs out.
pub const BLOCK_TIME_MAX: Duration = Duration::from_secs(3600);

impl BlockTime {
    /// In the terms of the solo driver.
    pub fn pace(self, empty_blocks: bool) -> Pace {
        match self {
            BlockTime::OnDemand => Pace::OnDemand,
            BlockTime::Every(interval) => Pace::Every { interval, empty_blocks },
        }
    }
}

impl std::str::FromStr for BlockTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || "expected on-demand, or a time like 1s or 500ms (10ms to 3600s)".to_string();
        if text == "on-demand" {
            return Ok(BlockTime::OnDemand);
        }
        let every = if let Some(number) = text.strip_suffix("ms") {
            number.parse().ok().map(Duration::from_millis)
        } else if let Some(number) = text.strip_suffix('s') {
            number.parse().ok().map(Duration::from_secs)
        } else {
            None
        };
        every
            .filter(|d| (BLOCK_TIME_MIN..=BLOCK_TIME_MAX).contains(d))
            .map(BlockTime::Every)
            .ok_or_else(bad)
    }
}

impl std::fmt::Display for BlockTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BlockTime::OnDemand => f.write_str("on-demand"),
            BlockTime::Every(d) if d.subsec_millis() == 0 => write!(f, "{}s", d.as_secs()),
            BlockTime::Every(d) => write!(f, "{}ms", d.as_millis()),
        }
    }
}

/// Content of `config.toml`. Unknown keys are refused, so that a typing error is not silently a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Chain id; must be that of the genesis.
    pub chain_id: String,
    /// Prefix of addresses; must be that of the genesis.
    pub prefix: String,
    /// Base denomination, for defaults of the command line.
    pub denom: String,
    /// The RPC server.
    pub rpc: RpcConfig,
    /// The gRPC server.
    #[serde(default)]
    pub grpc: ApiConfig,
    /// The REST server.
    #[serde(default)]
    pub rest: ApiConfig,
    /// How blocks are made.
    pub blocks: BlocksConfig,
    /// How much of the past is kept.
    #[serde(default)]
    pub store: StoreConfig,
    /// What waits for blocks.
    #[serde(default)]
    pub mempool: MempoolConfig,
    /// What Prometheus reads.
    #[serde(default)]
    pub metrics: MetricsConfig,
    /// TLS of all listeners.
    #[serde(default)]
    pub tls: TlsConfig,
    /// Rules of all listeners.
    #[serde(default)]
    pub listen: ListenConfig,
}

/// Settings of the RPC server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RpcConfig {
    /// Address to listen on; port 0 takes a free one.
    pub laddr: String,
}

/// Settings of the gRPC or the REST server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiConfig {
    /// Address to listen on; empty is off, port 0 takes a free one.
    pub laddr: String,
}

impl ApiConfig {
    /// The address, none if the server is off.
    pub fn address(&self) -> Option<String> {
        Some(self.laddr.clone()).filter(|a| !a.is_empty())
    }
}

/// Settings of block production.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlocksConfig {
    /// `on-demand`, or an interval such as `1s`.
    pub time: String,
    /// With an interval: also blocks without transactions.
    #[serde(default = "yes")]
    pub empty: bool,
    /// Most transactions of one block.
    #[serde(default = "block_txs_max")]
    pub txs_max: usize,
}

fn yes() -> bool {
    true
}

fn block_txs_max() -> usize {
    SoloConfig::new("").block_txs_max
}

/// Settings of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// Past heights whose state can be queried and proved; 0 keeps all.
    pub keep_versions: u64,
    /// Most MiB of tree nodes in memory.
    pub node_cache_mib: usize,
    /// Most MiB of values in memory.
    pub read_cache_mib: usize,
}

/// Bytes of a MiB.
pub const MIB: usize = 1 << 20;

impl Default for StoreConfig {
    fn default() -> Self {
        let options = suyuan_store::Options::new(&suyuan_app::STORES);
        StoreConfig {
            keep_versions: 0,
            node_cache_mib: options.node_cache_bytes / MIB,
            read_cache_mib: options.read_cache_bytes / MIB,
        }
    }
}

/// Settings of the mempool; see [`MempoolLimits`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MempoolConfig {
    /// Most waiting transactions.
    pub count_max: usize,
    /// Most waiting bytes.
    pub bytes_max: u64,
    /// Most bytes of one transaction.
    pub tx_bytes_max: usize,
    /// Remembered hashes.
    pub cache_max: usize,
    /// Most waiting transactions of one account.
    pub account_count_max: usize,
    /// Most transactions per second of one account; 0 is unbounded.
    pub account_rate_max: u32,
}

impl Default for MempoolConfig {
    fn default() -> Self {
        let limits = MempoolLimits::default();
        MempoolConfig {
            count_max: limits.count_max,
            bytes_max: limits.bytes_max,
            tx_bytes_max: limits.tx_bytes_max,
            cache_max: limits.cache_max,
            account_count_max: limits.account_count_max,
            account_rate_max: limits.account_rate_max.unwrap_or(0),
        }
    }
}

impl MempoolConfig {
    /// In the terms of the solo driver.
    pub fn limits(&self) -> MempoolLimits {
        MempoolLimits {
            count_max: self.count_max,
            bytes_max: self.bytes_max,
            tx_bytes_max: self.tx_bytes_max,
            cache_max: self.cache_max,
            account_count_max: self.account_count_max,
            account_rate_max: Some(self.account_rate_max).filter(|rate| *rate > 0),
        }
    }
}

/// Settings of the metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Address to listen on; empty is off.
    pub laddr: String,
}

/// Settings of TLS; empty paths are not set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// Certificate and chain of the server.
    pub cert: String,
    /// Its key.
    pub key: String,
    /// Authority of client certificates.
    pub client_ca: String,
}

/// Rules of listeners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListenConfig {
    /// Listen where other machines reach, without TLS.
    pub insecure: bool,
}

impl Config {
    /// Defaults for a chain.
    pub fn new(chain_id: &str, prefix: &str, denom: &str) -> Self {
        Config {
            chain_id: chain_id.into(),
            prefix: prefix.into(),
            denom: denom.into(),
            rpc: RpcConfig { laddr: "127.0.0.1:26657".into() },
            grpc: ApiConfig::default(),
            rest: ApiConfig::default(),
            blocks: BlocksConfig {
                time: "on-demand".into(),
                empty: yes(),
                txs_max: block_txs_max(),
            },
            store: StoreConfig::default(),
            mempool: MempoolConfig::default(),
            metrics: MetricsConfig::default(),
            tls: TlsConfig::default(),
            listen: ListenConfig::default(),
        }
    }

    /// Reads the configuration of a home; none if it was not initialised.
    ///
    /// # Errors
    /// Local, with line and reason, if the file cannot be understood.
    pub fn load_if_any(home: &Home) -> Done<Option<Self>> {
        let path = home.config_file();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).or_local(|| format!("reading {}", path.display())),
        };
        toml::from_str(&text).map(Some).or_local(|| format!("reading {}", path.display()))
    }

    /// Reads the configuration of a home.
    ///
    /// # Errors
    /// See [`Config::load_if_any`]; also if there is none.
    pub fn load(home: &Home) -> Done<Self> {
        Self::load_if_any(home)?
            .ok_or_else(|| Failure::local(format!("no chain in {}", home.root().display())))
    }

    /// Text of the file, with what each setting means.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "# Settings of this node. SUYUAN_… of the environment and flags of `suyuan start` go before them\n\
             # (docs/configuration.md).\nchain_id = {:?}\nprefix = {:?}\ndenom = {:?}\n",
            self.chain_id, self.prefix, self.denom,
        );
        let table = toml::Table::try_from(self).unwrap_or_default();
        let mut section = "";
        for setting in crate::settings::SETTINGS {
            let Some((own, name)) = setting.key.split_once('.') else { continue };
            let Some(value) = table.get(own).and_then(|s| s.get(name)) else { continue };
            if own != section {
                text.push_str(&format!("\n[{own}]\n"));
                section = own;
            }
            text.push_str(&format!("# {}\n{name} = {value}\n", setting.help));
        }
        text
    }

    /// The pace in force.
    ///
    /// # Errors
    /// Local if the text is not one.
    pub fn block_time(&self) -> Done<BlockTime> {
        self.blocks
            .time
            .parse()
            .map_err(|e: String| Failure::local(format!("config.toml, blocks.time: {e}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_file_reads_back() {
        let config = Config::new("c-1", "suyuan", "usy");
        assert_eq!(toml::from_str::<Config>(&config.to_text()).unwrap(), config);
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        let text = Config::new("c-1", "suyuan", "usy").to_text().replace("laddr", "ladr");
        assert!(toml::from_str::<Config>(&text).is_err());
    }

    #[test]
    fn block_times_are_read_and_bounded() {
        assert_eq!("on-demand".parse(), Ok(BlockTime::OnDemand));
        assert_eq!("1s".parse(), Ok(BlockTime::Every(Duration::from_secs(1))));
        assert_eq!("250ms".parse(), Ok(BlockTime::Every(Duration::from_millis(250))));
        for bad in ["", "0s", "1", "9ms", "3601s", "x"] {
            assert!(bad.parse::<BlockTime>().is_err(), "{bad}");
        }
    }
}
