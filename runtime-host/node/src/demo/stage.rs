//! A chain of its own in a temporary folder, with the contracts on it.

use std::path::Path;
use std::sync::Arc;

use suyuan_client::deploy::{deploy, Plan};
use suyuan_client::{Client, Deployment, Gas, Signer};
use suyuan_solo::{Clock, SystemClock};
use tempfile::TempDir;
use tendermint::validator;

use crate::artifacts;
use crate::cmd::deploy::save;
use crate::cmd::init::{genesis_accounts, write_home};
use crate::config::{Config, Home};
use crate::context::Ctx;
use crate::fail::{Done, OrFail};
use crate::genesis::Beginning;
use crate::keyring::Keyring;
use crate::node_handle::{read_genesis, NodeOptions, RunningNode};

const CHAIN_ID: &str = "suyuan-demo";
const DENOM: &str = "usy";
const PREFIX: &str = "suyuan";
/// Name of the key that deploys and certifies.
const OPERATOR: &str = "operator";
const GENESIS_COINS: &str = "operator=1000000000usy";
/// Margin over simulated gas, in percent.
const GAS_PERCENT: u32 = 150;

/// A running chain with the contracts, and the key that certifies.
#[derive(Debug)]
pub struct Stage {
    /// The surroundings of commands on this chain.
    pub ctx: Ctx,
    /// Connected over RPC, like any client.
    pub client: Client,
    /// Where the contracts are.
    pub deployment: Deployment,
    /// Deployer and certifier.
    pub operator: Signer,
    /// The validators that the genesis names.
    pub validators: validator::Set,
    node: RunningNode,
    folder: TempDir,
}

impl Stage {
    /// Initialises, starts, deploys.
    ///
    /// # Errors
    /// Local for files and ports; refusals of the deployment.
    pub async fn set(ctx: &Ctx, artifacts: Option<&Path>) -> Done<Self> {
        Self::set_with_clock(ctx, artifacts, Arc::new(SystemClock)).await
    }

    /// As [`Stage::set`], with another clock: for tests of what time does.
    ///
    /// # Errors
    /// The same.
    pub async fn set_with_clock(
        ctx: &Ctx,
        artifacts: Option<&Path>,
        clock: Arc<dyn Clock>,
    ) -> Done<Self> {
        let folder = tempfile::Builder::new()
            .prefix("suyuan-demo-")
            .tempdir()
            .or_local(|| "making a temporary folder".into())?;
        let home = Home::new(folder.path().join("home"));
        let ring = Keyring::new(home.root(), PREFIX);
        let mut beginning = Beginning::new(PREFIX, DENOM);
        genesis_accounts(&ring, PREFIX, &[GENESIS_COINS.to_string()], &mut beginning)?;
        write_home(&home, &Config::new(CHAIN_ID, PREFIX, DENOM), &beginning)?;
        let operator = ring.find(OPERATOR)?.signer;
        let node = RunningNode::start_with_clock(&home, &NodeOptions::local(), clock)?;
        let genesis = read_genesis(&home)?;
        let validators = validator::Set::new(genesis.validators, None);

        let mut globals = ctx.globals.clone();
        globals.home = Some(home.root().to_path_buf());
        globals.node = Some(node.rpc_url());
        globals.prefix = Some(PREFIX.into());
        globals.chain_id = None;
        let ctx = Ctx::new(globals)?;
        let client =
            Client::connect(&node.rpc_url()).await?.with_gas(Gas::Auto { percent: GAS_PERCENT });
        let plan = Plan::of_one_key(artifacts::load(artifacts)?, operator.address(), DENOM);
        let deployment = deploy(&client, &operator, &plan, |_| {}).await?;
        save(&ctx, &deployment)?;
        Ok(Stage { ctx, client, deployment, operator, validators, node, folder })
    }

    /// Stops the chain and removes its folder.
    ///
    /// # Errors
    /// Local if the chain had stopped by itself.
    pub fn strike(self) -> Done {
        self.node.shutdown()
    }

    /// Stops the chain and leaves its folder to the caller.
    ///
    /// # Errors
    /// As [`Stage::strike`].
    pub fn end(self) -> Done<TempDir> {
        self.node.shutdown()?;
        Ok(self.folder)
    }

    /// Leaves the chain running until the process is interrupted.
    ///
    /// # Errors
    /// As [`Stage::strike`].
    pub async fn keep(self) -> Done {
        let home = self.folder.path().join("home");
        self.ctx.say(&format!(
            "\nThe node runs on {}. From another terminal:\n  export SUYUAN_HOME={}\n  suyuan status\nStop it with Ctrl-C.",
            self.node.rpc_url(),
            home.display()
        ));
        tokio::signal::ctrl_c().await.or_local(|| "waiting for Ctrl-C".into())?;
        self.strike()
    }
}
