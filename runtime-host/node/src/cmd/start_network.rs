//! `suyuan start --consensus cometbft`: run a network node until a signal or a fault.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use suyuan_abci::RETAIN_BLOCKS_MIN;

use crate::api_servers::ApiAddresses;
use crate::context::Ctx;
use crate::fail::{Done, Failure};
use crate::network::node::{NetworkNode, NetworkOptions};
use crate::output;

/// Shortest time between two status lines.
const LINE_PAUSE: Duration = Duration::from_millis(250);
/// How often signals, the engine and new blocks are looked for.
const LOOK_PAUSE: Duration = Duration::from_millis(50);
/// How long a node that halted stays up for its peers, unless a signal comes.
const HALT_LINGER: Duration = Duration::from_secs(5);
/// Hex digits of an app hash in a status line.
const HASH_DIGITS: usize = 12;

/// Who makes the blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Consensus {
    /// This node alone.
    #[default]
    Solo,
    /// A network of CometBFT nodes; this node runs its own as a child.
    Cometbft,
}

/// Flags of a network node.
#[derive(Debug, clap::Args)]
pub struct NetworkArgs {
    /// Who makes the blocks
    #[arg(long, value_enum, default_value = "solo")]
    pub consensus: Consensus,
    /// The engine's program, CometBFT 0.38.21 or a later 0.38
    #[arg(long, env = "SUYUAN_COMETBFT", default_value = "cometbft", value_name = "PATH")]
    pub cometbft: PathBuf,
    /// Stop in order after this height, for another program to go on [network]
    #[arg(long, env = "SUYUAN_HALT_HEIGHT", value_name = "HEIGHT")]
    pub halt_height: Option<u64>,
    /// Blocks that the engine keeps, at least 300; without it all [network]
    #[arg(long, env = "SUYUAN_RETAIN_BLOCKS", value_name = "BLOCKS")]
    pub retain_blocks: Option<u64>,
}

/// Starts, reports, and waits for the end.
///
/// # Errors
/// Local if the node cannot start, a fault stops it, or its engine ends.
pub fn run(
    ctx: &Ctx,
    args: NetworkArgs,
    (rpc_laddr, api): (Option<String>, ApiAddresses),
    settings: Vec<(String, String)>,
    signals: &mpsc::Receiver<()>,
) -> Done {
    let NetworkArgs { cometbft, halt_height, retain_blocks, .. } = args;
    if retain_blocks.is_some_and(|kept| kept < RETAIN_BLOCKS_MIN) {
        return Err(Failure::usage(format!("--retain-blocks is below {RETAIN_BLOCKS_MIN}")));
    }
    let options = NetworkOptions { rpc_laddr, api, settings, cometbft, halt_height, retain_blocks };
    let node = NetworkNode::start(&ctx.home, &options)?;
    banner(ctx, &node);
    follow(ctx, &node, signals)?;
    ctx.say(ctx.lang().stopping());
    let (height, _) = node.committed();
    node.shutdown()?;
    ctx.say(&ctx.lang().stopped(height));
    Ok(())
}

fn banner(ctx: &Ctx, node: &NetworkNode) {
    let (height, _) = node.committed();
    let home = node.home().root().display().to_string();
    if !ctx.is_text() {
        ctx.print(&json!({
            "started": {
                "chain_id": node.chain_id(),
                "home": home,
                "rpc": node.rpc_url(),
                "grpc": node.grpc_addr().map(|a| a.to_string()),
                "rest": node.rest_url(),
                "metrics": node.metrics_url(),
                "block_time": "cometbft",
                "height": height.to_string(),
                "engine_pid": node.engine_id(),
            }
        }));
        return;
    }
    let lang = ctx.lang();
    output::print_line(&lang.banner(crate::cmd::version::VERSION));
    let lines = [
        (lang.label_chain(), node.chain_id().to_string()),
        (lang.label_home(), home),
        (lang.label_rpc(), node.rpc_url()),
        (lang.label_blocks(), "cometbft".to_string()),
        (lang.label_height(), height.to_string()),
    ];
    let others = [
        ("metrics", node.metrics_url()),
        ("gRPC", node.grpc_addr().map(|addr| addr.to_string())),
        ("REST", node.rest_url()),
    ];
    let others = others.into_iter().filter_map(|(label, value)| Some((label, value?)));
    for (label, value) in lines.into_iter().chain(others) {
        output::print_line(&format!("  {label:<7} {value}"));
    }
    output::print_line(lang.how_to_stop());
}

/// Prints status lines until a signal comes; an error is the fault that ends the node.
fn follow(ctx: &Ctx, node: &NetworkNode, signals: &mpsc::Receiver<()>) -> Done {
    let (mut shown, _) = node.committed();
    let mut last_line = Instant::now();
    loop {
        if signals.try_recv().is_ok() {
            return Ok(());
        }
        if let Some(height) = node.halted() {
            ctx.say(&ctx.lang().halted(height));
            // Slower peers fetch the last block from this engine meanwhile.
            let _ = signals.recv_timeout(HALT_LINGER);
            return Ok(());
        }
        node.check()?;
        let (height, app_hash) = node.committed();
        if height > shown && last_line.elapsed() >= LINE_PAUSE {
            block_line(ctx, shown.saturating_add(1), height, &hex::encode_upper(app_hash));
            shown = height;
            last_line = Instant::now();
        }
        std::thread::sleep(LOOK_PAUSE);
    }
}

fn block_line(ctx: &Ctx, from: u64, to: u64, app_hash: &str) {
    if ctx.is_text() {
        let short = app_hash.get(..HASH_DIGITS).unwrap_or(app_hash);
        output::print_line(&ctx.lang().network_blocks_line(from, to, short));
    } else {
        ctx.print(&json!({
            "block": {"from": from.to_string(), "to": to.to_string(), "app_hash": app_hash}
        }));
    }
}
