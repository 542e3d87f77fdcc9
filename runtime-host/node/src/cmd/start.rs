//! `suyuan start`: run the node until a signal or a host fault.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use suyuan_solo::Chain;

use crate::api_servers::ApiAddresses;
use crate::cmd::start_network::{self, Consensus, NetworkArgs};
use crate::config::BlockTime;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{NodeOptions, RunningNode};
use crate::output;
use crate::settings::{self, parse_assignment};

/// Shortest time between two status lines: what an eye can follow.
const LINE_PAUSE: Duration = Duration::from_millis(250);
/// How often the loop looks for signals while no block comes.
const LOOK_PAUSE: Duration = Duration::from_millis(100);
/// Most blocks whose results are read for one status line; beyond, only their heights are shown.
const BLOCKS_PER_LINE_MAX: u64 = 500;
/// Hex digits of an app hash in a status line.
const HASH_DIGITS: usize = 12;

/// How to run.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address of the RPC; port 0 takes a free one [default: that of config.toml, 127.0.0.1:26657]
    #[arg(long = "rpc.laddr", alias = "rpc-laddr", value_name = "HOST:PORT")]
    rpc_laddr: Option<String>,
    /// Address of the gRPC server, usually 127.0.0.1:9090 [default: that of config.toml, off]
    #[arg(
        long = "grpc.laddr",
        alias = "grpc-laddr",
        env = "SUYUAN_GRPC_LADDR",
        value_name = "HOST:PORT"
    )]
    grpc_laddr: Option<String>,
    /// Address of the REST server, usually 127.0.0.1:1317 [default: that of config.toml, off]
    #[arg(
        long = "rest.laddr",
        alias = "rest-laddr",
        env = "SUYUAN_REST_LADDR",
        value_name = "HOST:PORT"
    )]
    rest_laddr: Option<String>,
    /// on-demand, or an interval like 1s [default: that of config.toml, on-demand]
    #[arg(long, value_name = "TIME")]
    block_time: Option<BlockTime>,
    /// Change any setting of docs/configuration.md for this run, like mempool.count_max=5000
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = parse_assignment)]
    set: Vec<(String, String)>,
    /// Listen where other machines can reach, without TLS
    #[arg(long)]
    insecure_listen: bool,
    #[command(flatten)]
    network: NetworkArgs,
}

/// Starts, reports, and waits for the end.
///
/// # Errors
/// Local if the node cannot start, or a host fault stops it.
pub fn run(ctx: &Ctx, args: Args) -> Done {
    ctx.config()?;
    let signals = signals()?;
    let mut settings = settings::from_env();
    settings.extend(args.set);
    if args.insecure_listen {
        settings.push(("listen.insecure".into(), "true".into()));
    }
    if args.network.consensus == Consensus::Cometbft {
        let api = ApiAddresses { grpc: args.grpc_laddr, rest: args.rest_laddr, insecure: false };
        return start_network::run(ctx, args.network, (args.rpc_laddr, api), settings, &signals);
    }
    // A flag of its own goes before `--set`, and `--set rpc.laddr` before the environment.
    let options = NodeOptions {
        rpc_laddr: args.rpc_laddr,
        block_time: args.block_time,
        api: ApiAddresses { grpc: args.grpc_laddr, rest: args.rest_laddr, insecure: false },
        settings,
    };
    let node = RunningNode::start(&ctx.home, &options)?;
    banner(ctx, &node);
    let fault = follow(ctx, node.chain(), &signals);
    if let Some(fault) = fault {
        // Loud and with its own exit code: an operator has to look before the node runs again.
        return Err(fault);
    }
    ctx.say(ctx.lang().stopping());
    let chain = node.chain().clone();
    node.shutdown()?;
    ctx.say(&ctx.lang().stopped(chain.latest_height()));
    Ok(())
}

fn banner(ctx: &Ctx, node: &RunningNode) {
    if !ctx.is_text() {
        ctx.print(&json!({
            "started": {
                "chain_id": node.chain_id(),
                "home": node.home().root().display().to_string(),
                "rpc": node.rpc_url(),
                "grpc": node.grpc_addr().map(|a| a.to_string()),
                "rest": node.rest_url(),
                "metrics": node.metrics_url(),
                "block_time": node.block_time().to_string(),
                "height": node.chain().latest_height().to_string(),
            }
        }));
        return;
    }
    let lang = ctx.lang();
    output::print_line(&lang.banner(crate::cmd::version::VERSION));
    let lines = [
        (lang.label_chain(), node.chain_id().to_string()),
        (lang.label_home(), node.home().root().display().to_string()),
        (lang.label_rpc(), node.rpc_url()),
        (lang.label_blocks(), node.block_time().to_string()),
        (lang.label_height(), node.chain().latest_height().to_string()),
    ];
    let metrics = node.metrics_url().map(|url| ("metrics", url));
    for (label, value) in lines.into_iter().chain(metrics) {
        output::print_line(&format!("  {label:<7} {value}"));
    }
    // Both names are the same in every language.
    if let Some(addr) = node.grpc_addr() {
        output::print_line(&format!("  {:<7} {addr}", "gRPC"));
    }
    if let Some(url) = node.rest_url() {
        output::print_line(&format!("  {:<7} {url}", "REST"));
    }
    output::print_line(lang.how_to_stop());
}

/// Prints status lines until a signal comes (none) or the chain stops by itself (the fault).
fn follow(ctx: &Ctx, chain: &Chain, signals: &mpsc::Receiver<()>) -> Option<Failure> {
    let mut shown = chain.latest_height();
    let mut last_line = Instant::now();
    loop {
        if signals.try_recv().is_ok() {
            return None;
        }
        if let Some(fault) = chain.fault() {
            return Some(Failure::from(fault));
        }
        if let Some(height) = chain.wait_above(shown, LOOK_PAUSE) {
            // Blocks on demand can come by the hundred: gather them into one line.
            let rest = LINE_PAUSE.saturating_sub(last_line.elapsed());
            if !rest.is_zero() {
                std::thread::sleep(rest.min(LOOK_PAUSE));
                continue;
            }
            block_line(ctx, chain, shown.saturating_add(1), height);
            shown = height;
            last_line = Instant::now();
        }
    }
}

fn block_line(ctx: &Ctx, chain: &Chain, from: u64, to: u64) {
    let mut txs = 0usize;
    let mut failed = 0usize;
    let mut app_hash = String::new();
    let first = from.max(to.saturating_sub(BLOCKS_PER_LINE_MAX));
    for height in first..=to {
        let Ok(results) = chain.block_results(i64::try_from(height).ok()) else { continue };
        txs = txs.saturating_add(results.tx_results.len());
        failed = failed.saturating_add(results.tx_results.iter().filter(|r| r.code != 0).count());
        app_hash = hex::encode_upper(&results.app_hash);
    }
    if ctx.is_text() {
        let short = app_hash.get(..HASH_DIGITS).unwrap_or(&app_hash);
        output::print_line(&ctx.lang().blocks_line(from, to, txs as u64, failed as u64, short));
    } else {
        ctx.print(&json!({
            "block": {
                "from": from.to_string(), "to": to.to_string(),
                "txs": txs, "refused": failed, "app_hash": app_hash,
            }
        }));
    }
}

/// A channel that tells of SIGINT and SIGTERM.
///
/// # Errors
/// Local if the system refuses.
pub fn signals() -> Done<mpsc::Receiver<()>> {
    let (tell, told) = mpsc::channel();
    let (ready, is_ready) = mpsc::channel();
    std::thread::Builder::new()
        .name("suyuan-signals".into())
        .spawn(move || listen(&tell, &ready))
        .or_local(|| "starting the signal thread".into())?;
    match is_ready.recv() {
        Ok(Ok(())) => Ok(told),
        Ok(Err(e)) => Err(e).or_local(|| "listening for signals".into()),
        Err(_) => Err(Failure::local("the signal thread ended")),
    }
}

fn listen(tell: &mpsc::Sender<()>, ready: &mpsc::Sender<std::io::Result<()>>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            let _ = ready.send(Err(e));
            return;
        }
    };
    runtime.block_on(async {
        let mut streams = match SignalStreams::new() {
            Ok(streams) => {
                let _ = ready.send(Ok(()));
                streams
            }
            Err(e) => {
                let _ = ready.send(Err(e));
                return;
            }
        };
        streams.next().await;
        // The main thread may be gone: then the process ends anyway.
        let _ = tell.send(());
    });
}

#[cfg(unix)]
struct SignalStreams {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl SignalStreams {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{signal, SignalKind};
        Ok(SignalStreams {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct SignalStreams;

#[cfg(not(unix))]
impl SignalStreams {
    fn new() -> std::io::Result<Self> {
        Ok(SignalStreams)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
