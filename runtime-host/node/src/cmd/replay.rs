//! `suyuan replay`: execute all stored blocks again, from genesis, and compare every app hash and every result.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use suyuan_app::App;
use suyuan_core::hex_upper;
use suyuan_solo::{ReplayError, ReplayReport};
use suyuan_store::{Options, Store};

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{open_vm, read_genesis};

/// Stack of the thread that executes: contracts nest on it, as on the node's writer.
const REPLAY_STACK_BYTES: usize = 64 << 20;

/// How to replay.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Stop after this height
    #[arg(long, value_name = "HEIGHT")]
    to: Option<u64>,
    /// Keep the new state on disk in a temporary directory instead of memory
    #[arg(long)]
    on_disk: bool,
}

/// Replays and reports. A node may be running on the home meanwhile: nothing of it is written.
///
/// # Errors
/// Verification (exit code 5) at the first height that differs; local for unreadable files.
pub fn run(ctx: &Ctx, args: Args) -> Done {
    ctx.config()?;
    let bar = progress_bar(ctx);
    let outcome = std::thread::scope(|scope| {
        let work = std::thread::Builder::new()
            .name("suyuan-replay".into())
            .stack_size(REPLAY_STACK_BYTES)
            .spawn_scoped(scope, || replay(ctx, &args, &bar))
            .or_local(|| "starting the replay thread".into())?;
        work.join().unwrap_or_else(|_| Err(Failure::local("the replay panicked")))
    });
    bar.finish_and_clear();
    let report = outcome?;
    let app_hash = hex_upper(&report.app_hash);
    if ctx.is_text() {
        crate::output::print_line(&ctx.lang().replay_agrees(
            report.executed,
            report.txs,
            &app_hash,
        ));
    } else {
        ctx.print(&json!({
            "agrees": true,
            "height": report.height.to_string(),
            "tip": report.tip.to_string(),
            "blocks": report.executed.to_string(),
            "txs": report.txs.to_string(),
            "app_hash": app_hash,
        }));
    }
    Ok(())
}

fn replay(ctx: &Ctx, args: &Args, bar: &ProgressBar) -> Done<ReplayReport> {
    let genesis = read_genesis(&ctx.home)?;
    // The node's cache of compiled code is not used: a replay trusts nothing but blocks and genesis.
    let vm = open_vm(&genesis, None)?;
    let dir = tempfile::tempdir().or_local(|| "making a temporary directory".into())?;
    let store = if args.on_disk {
        Store::open_disk(dir.path(), Options::new(&suyuan_app::STORES))?
    } else {
        Store::in_memory(Options::new(&suyuan_app::STORES))
    };
    let mut app = App::new(store, vm)?;
    let last = args.to.unwrap_or(u64::MAX);
    let mut seen = |report: &ReplayReport| {
        bar.set_length(report.tip.min(last));
        bar.set_position(report.height);
        report.height < last
    };
    suyuan_solo::replay(&ctx.home.blocks_dir(), &genesis, &mut app, &mut seen).map_err(explain)
}

fn explain(error: ReplayError) -> Failure {
    match error {
        ReplayError::Divergence { height, what } => {
            Failure::verification(format!("the replay differs at height {height}: {what}"))
        }
        ReplayError::Fault(fault) => Failure::from(fault),
    }
}

fn progress_bar(ctx: &Ctx) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !ctx.is_text() || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len}  {per_sec}  {eta}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
