//! The demo's stage: a chain in this process with the four contracts on it, spoken to over RPC.

use std::sync::Arc;

use anyhow::Result;
use clap::Parser as _;
use suyuan_node::cli::Cli;
use suyuan_node::context::Ctx;
use suyuan_node::demo::stage::Stage;
use suyuan_solo::Clock;

use crate::files;
use crate::house::plain;

/// The surroundings of a command whose answers are for programs.
///
/// # Errors
/// None for this command line.
pub fn quiet_ctx() -> Result<Ctx> {
    let cli = Cli::try_parse_from(["suyuan", "status", "--output", "json"])?;
    Ctx::new(cli.globals).map_err(plain)
}

/// A chain with the contracts deployed and wired, as `suyuan demo` sets it.
///
/// # Errors
/// If the contracts were not built, or the chain does not start.
pub async fn set() -> Result<Stage> {
    let contracts = files::contracts_dir()?;
    Stage::set(&quiet_ctx()?, Some(&contracts)).await.map_err(plain)
}

/// The same on a clock of the test's own.
///
/// # Errors
/// As [`set`].
pub async fn set_with_clock(clock: Arc<dyn Clock>) -> Result<Stage> {
    let contracts = files::contracts_dir()?;
    Stage::set_with_clock(&quiet_ctx()?, Some(&contracts), clock).await.map_err(plain)
}
