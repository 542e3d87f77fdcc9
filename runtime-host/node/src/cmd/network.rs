//! `suyuan network`: a network of several validators, written and run.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{json, Value};
use suyuan_solo::Genesis;

use crate::cmd::init::genesis_accounts;
use crate::cmd::network_change;
use crate::cmd::start::signals;
use crate::config::{Config, Home};
use crate::context::{Ctx, PREFIX_DEFAULT};
use crate::fail::{Done, Failure, OrFail};
use crate::genesis::{Authority, Beginning, CHAIN_ID_DEFAULT, DENOM_DEFAULT};
use crate::keyring::Keyring;
use crate::network::engine::ask_to_end;
use crate::network::from_solo;
use crate::network::plan::{Joining, Plan, VALIDATORS_MAX};
use crate::output;

/// How often ended nodes and signals are looked for.
const LOOK_PAUSE: Duration = Duration::from_millis(200);
/// Shortest time between two status lines of one node.
const LINE_PAUSE: Duration = Duration::from_secs(1);
/// Longest time that a node takes to end, its engine included, before it is killed.
const STOP_MAX: Duration = Duration::from_secs(60);

/// What to do with a network.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write homes, keys, genesis and configuration of several validators
    Init(InitArgs),
    /// Write the home of a further node of a network; it follows, and validates once the authority gives it power
    Join(JoinArgs),
    /// Run all nodes of a directory on this machine, with their engines
    Start(StartArgs),
    /// Make the first node of a network of a solo home whose node was stopped in order
    FromSolo(FromSoloArgs),
    /// Add, remove and re-weight validators, signed by the authority
    #[command(subcommand)]
    Change(network_change::Command),
}

/// Where the first node of the network is.
#[derive(Debug, clap::Args)]
pub struct FromSoloArgs {
    /// Where peers reach the node
    #[arg(long, default_value = "127.0.0.1:26656", value_name = "HOST:PORT")]
    p2p: String,
}

/// Which network, and where.
#[derive(Debug, clap::Args)]
pub struct JoinArgs {
    /// Directory of the new home
    #[arg(long)]
    dir: PathBuf,
    /// The network's genesis.json
    #[arg(long, value_name = "FILE")]
    genesis: PathBuf,
    /// Nodes to connect to
    #[arg(long, value_delimiter = ',', required = true, value_name = "ID@HOST:PORT")]
    peers: Vec<String>,
    /// Where peers reach the node
    #[arg(long, default_value = "127.0.0.1:26656", value_name = "HOST:PORT")]
    p2p: String,
    /// Where its RPC listens
    #[arg(long = "rpc.laddr", default_value = "127.0.0.1:26657", value_name = "HOST:PORT")]
    rpc_laddr: String,
    /// Base denomination
    #[arg(long, default_value = DENOM_DEFAULT)]
    denom: String,
}

/// What the network is.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// How many validators
    #[arg(long, default_value_t = 4)]
    validators: usize,
    /// Directory of the homes node0, node1, …
    #[arg(long, default_value = "network")]
    dir: PathBuf,
    /// Host of each validator, or one for all
    #[arg(long, value_delimiter = ',', default_value = "127.0.0.1")]
    hosts: Vec<String>,
    /// Port for peers; further nodes on the same host take 10 more each
    #[arg(long, default_value_t = 26656)]
    p2p_port: u16,
    /// Port of the RPC; further nodes on the same host take 10 more each
    #[arg(long, default_value_t = 26657)]
    rpc_port: u16,
    /// Base denomination
    #[arg(long, default_value = DENOM_DEFAULT)]
    denom: String,
    /// An account of the genesis and its coins: a key name (made if there is none) or an address
    #[arg(long = "genesis-account", value_name = "NAME|ADDRESS=COINS")]
    genesis_accounts: Vec<String>,
    /// Address that may change validators and parameters: of a multisig, so that no single key can [default: nobody]
    #[arg(long, value_name = "ADDRESS")]
    authority: Option<String>,
    /// Seconds between the announcement of such a change and its execution
    #[arg(long, default_value_t = 0, requires = "authority")]
    authority_delay_s: u64,
}

/// How to run a network on this machine.
#[derive(Debug, clap::Args)]
pub struct StartArgs {
    /// Directory of the homes node0, node1, …
    #[arg(long, default_value = "network")]
    dir: PathBuf,
    /// The engine's program
    #[arg(long, env = "SUYUAN_COMETBFT", default_value = "cometbft", value_name = "PATH")]
    cometbft: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// Usage for impossible networks; local for files and processes.
pub fn run(ctx: &Ctx, command: Command) -> Done {
    match command {
        Command::Init(args) => init(ctx, args),
        Command::Join(args) => join(ctx, args),
        Command::Start(args) => start(ctx, &args),
        Command::FromSolo(args) => convert(ctx, &args),
        Command::Change(command) => ctx.block_on(network_change::run(ctx, command)),
    }
}

fn init(ctx: &Ctx, args: InitArgs) -> Done {
    let chain_id = ctx.globals.chain_id.as_deref().unwrap_or(CHAIN_ID_DEFAULT);
    let prefix = ctx.globals.prefix.as_deref().unwrap_or(PREFIX_DEFAULT);
    let root = ctx.globals.keyring_dir.as_deref().unwrap_or(&args.dir);
    let ring = Keyring::new(root, prefix);
    if args.validators == 0 || args.validators > VALIDATORS_MAX {
        return Err(Failure::usage(format!("1 to {VALIDATORS_MAX} validators are possible")));
    }
    let hosts = match args.hosts.as_slice() {
        [one] => vec![one.clone(); args.validators],
        many if many.len() == args.validators => many.to_vec(),
        many => {
            return Err(Failure::usage(format!(
                "{} hosts for {} validators",
                many.len(),
                args.validators
            )))
        }
    };
    let mut beginning = Beginning::new(prefix, &args.denom);
    let made = genesis_accounts(&ring, prefix, &args.genesis_accounts, &mut beginning)?;
    beginning.authority =
        args.authority.map(|address| Authority { address, delay_s: args.authority_delay_s });
    let plan = Plan {
        config: Config::new(chain_id, prefix, &args.denom),
        beginning,
        dir: args.dir,
        hosts,
        p2p_port: args.p2p_port,
        rpc_port: args.rpc_port,
    };
    let nodes = plan.write()?;
    let nodes: Vec<Value> = nodes
        .iter()
        .map(|node| {
            json!({"home": node.home.root().display().to_string(), "id": node.id.0,
                   "p2p": node.p2p, "rpc": node.rpc})
        })
        .collect();
    let accounts: Vec<Value> = made
        .iter()
        .map(|a| json!({"name": a.name, "address": a.address, "mnemonic": a.mnemonic}))
        .collect();
    ctx.print(&json!({"chain_id": chain_id, "nodes": nodes, "genesis_accounts": accounts}));
    if made.iter().any(|account| account.mnemonic.is_some()) {
        ctx.say(ctx.lang().write_it_down());
    }
    Ok(())
}

fn join(ctx: &Ctx, args: JoinArgs) -> Done {
    let reading = || format!("reading {}", args.genesis.display());
    let text = std::fs::read_to_string(&args.genesis).or_local(reading)?;
    let genesis = Genesis::from_json(text.as_bytes()).or_usage(reading)?;
    let prefix = suyuan_app::bech32_prefix(&genesis.app_state).or_usage(reading)?;
    let mut config = Config::new(genesis.chain_id.as_str(), &prefix, &args.denom);
    config.rpc.laddr = args.rpc_laddr;
    let joining = Joining {
        config,
        home: Home::new(args.dir),
        genesis: text,
        p2p: args.p2p,
        peers: args.peers,
    };
    let (node, key) = joining.write()?;
    ctx.print(&json!({
        "chain_id": genesis.chain_id.as_str(),
        "home": node.home.root().display().to_string(),
        "id": node.id.0, "p2p": node.p2p, "rpc": node.rpc,
        "validator_pub_key": base64::engine::general_purpose::STANDARD.encode(key.to_bytes()),
    }));
    Ok(())
}

fn convert(ctx: &Ctx, args: &FromSoloArgs) -> Done {
    let made = from_solo::convert(&ctx.home, &args.p2p)?;
    ctx.print(&json!({
        "chain_id": made.chain_id,
        "home": ctx.home.root().display().to_string(),
        "id": made.id.0, "p2p": args.p2p,
        "initial_height": made.initial_height.to_string(),
        "app_hash": hex::encode_upper(&made.app_hash),
    }));
    Ok(())
}

/// A node that runs as a process of its own.
struct Running {
    name: String,
    child: Child,
    said: mpsc::Receiver<String>,
    last_line: Option<Instant>,
}

fn start(ctx: &Ctx, args: &StartArgs) -> Done {
    let signals = signals()?;
    let mut nodes = Vec::new();
    for index in 0..VALIDATORS_MAX {
        let home = Home::new(args.dir.join(format!("node{index}")));
        if !home.config_file().exists() {
            break;
        }
        nodes.push(spawn(&home, index, &args.cometbft)?);
    }
    if nodes.is_empty() {
        return Err(Failure::local(format!("no node0 in {}", args.dir.display())));
    }
    let outcome = follow(ctx, &mut nodes, &signals);
    ctx.say(ctx.lang().stopping());
    for node in &mut nodes {
        stop(node)?;
    }
    outcome
}

fn spawn(home: &Home, index: usize, cometbft: &Path) -> Done<Running> {
    let program = std::env::current_exe().or_local(|| "finding this program".into())?;
    let mut child = Process::new(program)
        .arg("start")
        .arg("--home")
        .arg(home.root())
        .args(["--consensus", "cometbft", "--output", "json", "--cometbft"])
        .arg(cometbft)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .or_local(|| format!("starting node{index}"))?;
    let stdout = child.stdout.take();
    let (tell, said) = mpsc::channel();
    std::thread::Builder::new()
        .name(format!("node{index}"))
        .spawn(move || {
            let Some(stdout) = stdout else { return };
            for line in BufReader::new(stdout).lines() {
                let Ok(line) = line else { return };
                if tell.send(line).is_err() {
                    return;
                }
            }
        })
        .or_local(|| "starting a thread".into())?;
    Ok(Running { name: format!("node{index}"), child, said, last_line: None })
}

/// Shows what the nodes say until a signal comes or all have ended.
fn follow(ctx: &Ctx, nodes: &mut Vec<Running>, signals: &mpsc::Receiver<()>) -> Done {
    loop {
        if signals.try_recv().is_ok() {
            return Ok(());
        }
        for node in nodes.iter_mut() {
            show(ctx, node);
        }
        let mut ended = None;
        nodes.retain_mut(|node| match node.child.try_wait() {
            Ok(Some(status)) => {
                show(ctx, node);
                ctx.say(&ctx.lang().node_ended(&node.name, &status.to_string()));
                ended = Some(node.name.clone());
                false
            }
            _ => true,
        });
        if let (true, Some(name)) = (nodes.is_empty(), ended) {
            return Err(Failure::local(format!("all nodes have ended, {name} last")));
        }
        std::thread::sleep(LOOK_PAUSE);
    }
}

/// The latest of what a node said, one line at most per second.
fn show(ctx: &Ctx, node: &mut Running) {
    if node.last_line.is_some_and(|at| at.elapsed() < LINE_PAUSE) {
        return;
    }
    let Some(line) = node.said.try_iter().last() else { return };
    let Ok(said) = serde_json::from_str::<Value>(&line) else { return };
    node.last_line = Some(Instant::now());
    if !ctx.is_text() {
        ctx.print(&json!({"node": node.name, "said": said}));
        return;
    }
    let (height, rest) = if let Some(started) = said.get("started") {
        (&started["height"], started["rpc"].as_str().unwrap_or_default())
    } else {
        (&said["block"]["to"], said["block"]["app_hash"].as_str().unwrap_or_default())
    };
    let height = height.as_str().unwrap_or("?");
    output::print_line(&ctx.lang().node_line(&node.name, height, rest));
}

fn stop(node: &mut Running) -> Done {
    ask_to_end(&node.child)?;
    let begin = Instant::now();
    while begin.elapsed() < STOP_MAX {
        if node.child.try_wait().or_local(|| format!("the end of {}", node.name))?.is_some() {
            return Ok(());
        }
        std::thread::sleep(LOOK_PAUSE);
    }
    node.child.kill().or_local(|| format!("killing {}", node.name))?;
    node.child.wait().or_local(|| format!("the end of {}", node.name))?;
    Ok(())
}
