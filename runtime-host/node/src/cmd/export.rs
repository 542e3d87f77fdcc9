//! `suyuan export`: the state at a height as the genesis of a new chain.

use std::path::PathBuf;

use serde_json::json;

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{self, read_genesis};

/// What to export.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Height whose state is taken [default: the latest]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    height: u64,
    /// Id of the new chain [default: that of this one]
    #[arg(long, value_name = "ID")]
    new_chain_id: Option<String>,
    /// Where the genesis is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    output_document: Option<PathBuf>,
}

/// Writes the genesis. The node must not be running.
///
/// # Errors
/// Local if a node runs on the home; usage if the height is not kept.
pub fn run(ctx: &Ctx, args: Args) -> Done {
    let config = ctx.config()?;
    let _lock = node_handle::lock(&ctx.home)?;
    let mut genesis = read_genesis(&ctx.home)?;
    let app = node_handle::open_app(&ctx.home, config, &genesis)?;
    let export = app.reader().export(args.height)?.map_err(Failure::usage)?;
    genesis.app_state = export.app_state;
    genesis.initial_height = export.height.saturating_add(1);
    let seconds = i64::try_from(export.time_ns / 1_000_000_000).or_local(|| "block time".into())?;
    let rest = u32::try_from(export.time_ns % 1_000_000_000).or_local(|| "block time".into())?;
    genesis.genesis_time =
        tendermint::Time::from_unix_timestamp(seconds, rest).or_local(|| "block time".into())?;
    if let Some(id) = &args.new_chain_id {
        genesis.chain_id = id
            .parse::<tendermint::chain::Id>()
            .map_err(|e| Failure::usage(format!("chain id {id:?}: {e}")))?;
    }
    let text =
        serde_json::to_string(&genesis.to_json()).or_local(|| "genesis as JSON".into())? + "\n";
    let report = json!({
        "height": export.height.to_string(),
        "content": hex::encode(export.content),
        "chain_id": genesis.chain_id.as_str(),
        "initial_height": genesis.initial_height.to_string(),
    });
    match &args.output_document {
        Some(path) => {
            std::fs::write(path, text).or_local(|| format!("writing {}", path.display()))?;
            ctx.print(&report);
        }
        None => {
            crate::output::print_line(text.trim_end());
            crate::output::notice(&report.to_string());
        }
    }
    Ok(())
}
