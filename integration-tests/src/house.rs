//! A new chain in a temporary folder, with accounts that can pay.

use anyhow::{Context as _, Result};
use suyuan_client::signer::new_mnemonic;
use suyuan_client::{Client, Gas, Signer};
use suyuan_core::Coin;
use suyuan_node::cmd::init::write_home;
use suyuan_node::config::{Config, Home};
use suyuan_node::fail::Failure;
use suyuan_node::genesis::Beginning;
use suyuan_node::node_handle::{NodeOptions, RunningNode};
use tempfile::TempDir;

/// Prefix of addresses of the test chains.
pub const PREFIX: &str = "suyuan";
/// Base denomination of the test chains.
pub const DENOM: &str = "usy";
/// What each account begins with.
pub const FUNDS: u128 = 1_000_000_000_000;
/// Gas limit of a plain transfer: about twice its use.
pub const SEND_GAS: u64 = 150_000;

/// An initialised home; removed when dropped.
#[derive(Debug)]
pub struct House {
    folder: TempDir,
    chain_id: String,
    words: String,
}

impl House {
    /// Writes configuration, genesis and validator key. The first `accounts` accounts of a new mnemonic have
    /// [`FUNDS`].
    ///
    /// # Errors
    /// Of the file system.
    pub fn new(chain_id: &str, accounts: u32) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("suyuan-it-").tempdir()?;
        let house = House { folder, chain_id: chain_id.into(), words: new_mnemonic()? };
        let mut beginning = Beginning::new(PREFIX, DENOM);
        for index in 0..accounts {
            let coins = vec![Coin::new(FUNDS, DENOM)];
            beginning.add_account(house.signer(index)?.address(), coins).map_err(plain)?;
        }
        let config = Config::new(chain_id, PREFIX, DENOM);
        write_home(&house.home(), &config, &beginning).map_err(plain)?;
        Ok(house)
    }

    /// Its files.
    pub fn home(&self) -> Home {
        Home::new(self.folder.path())
    }

    /// Its chain id.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// The mnemonic of its accounts.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The key at this index of the mnemonic.
    ///
    /// # Errors
    /// None for an index that BIP-32 knows.
    pub fn signer(&self, index: u32) -> Result<Signer> {
        Ok(Signer::from_mnemonic(&self.words, index, PREFIX)?)
    }

    /// Starts its node in this process, on a free port, with blocks on demand.
    ///
    /// # Errors
    /// As the node.
    pub fn start(&self) -> Result<RunningNode> {
        RunningNode::start(&self.home(), &NodeOptions::local()).map_err(plain)
    }
}

/// A client that sends transfers without simulating them first.
///
/// # Errors
/// If the node does not answer.
pub async fn sending_client(url: &str) -> Result<Client> {
    let client = Client::connect(url).await.with_context(|| format!("connecting to {url}"))?;
    Ok(client.with_gas(Gas::Fixed(SEND_GAS)))
}

/// A command's failure as an error with its causes.
pub fn plain(failure: Failure) -> anyhow::Error {
    failure.error
}
