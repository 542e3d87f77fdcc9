//! The command line: what can be asked, and which file answers it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use suyuan_client::tx::GAS_PERCENT_DEFAULT;
use suyuan_client::Gas;

use crate::cmd;
use crate::context::Ctx;
use crate::fail::Done;
use crate::lang::Lang;
use crate::output::Format;
use crate::telemetry::LogLevel;

/// Suyuan 溯源: a traceability chain for industrial products.
#[derive(Debug, Parser)]
#[command(name = "suyuan", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Clone, Debug, Args)]
pub struct Globals {
    /// Directory of configuration, keys and data [default: ~/.suyuan]
    #[arg(long, global = true, env = "SUYUAN_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// RPC of the node [default: the node running on this home, else http://127.0.0.1:26657]
    #[arg(long, global = true, env = "SUYUAN_NODE", value_name = "URL")]
    pub node: Option<String>,
    /// PEM file of the authority that signed the node's certificate, for https
    #[arg(long, global = true, env = "SUYUAN_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Form of answers
    #[arg(long, short = 'o', global = true, value_enum, default_value = "text")]
    pub output: Format,
    /// Language of what people read
    #[arg(long, global = true, env = "SUYUAN_LANG", value_enum, default_value = "en")]
    pub lang: Lang,
    /// Chain id [default: that of the home, else the one the node reports]
    #[arg(long, global = true, env = "SUYUAN_CHAIN_ID", value_name = "ID")]
    pub chain_id: Option<String>,
    /// Prefix of addresses [default: that of the home, else suyuan]
    #[arg(long, global = true, env = "SUYUAN_PREFIX", value_name = "TEXT")]
    pub prefix: Option<String>,
    /// Directory that holds the keyring [default: the home]
    #[arg(long, global = true, env = "SUYUAN_KEYRING_DIR", value_name = "DIR")]
    pub keyring_dir: Option<PathBuf>,
    /// How keys are kept: test does not encrypt them, file asks for a passphrase
    #[arg(long, global = true, env = "SUYUAN_KEYRING_BACKEND", value_enum, default_value = "test")]
    pub keyring_backend: KeyringBackend,
    /// How much is logged to standard error
    #[arg(long, global = true, env = "SUYUAN_LOG", value_enum, default_value = "warn")]
    pub log_level: LogLevel,
    /// Flags of transactions.
    #[command(flatten)]
    pub tx: TxFlags,
}

/// Flags of every command that sends transactions.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Transactions")]
pub struct TxFlags {
    /// Key that signs, by name or address
    #[arg(long, global = true, env = "SUYUAN_FROM", value_name = "NAME")]
    pub from: Option<String>,
    /// Gas limit: a number, or auto to simulate first
    #[arg(long, global = true, default_value = "auto", value_name = "auto|N")]
    pub gas: GasFlag,
    /// Margin over simulated gas
    #[arg(long, global = true, default_value = "1.4", value_parser = parse_adjustment, value_name = "X")]
    pub gas_adjustment: u32,
    /// Fee to pay, like 10usy
    #[arg(
        long,
        global = true,
        default_value = "",
        hide_default_value = true,
        value_name = "COINS"
    )]
    pub fees: String,
    /// Text to attach
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "TEXT")]
    pub note: String,
    /// What to wait for
    #[arg(long, short = 'b', global = true, value_enum, default_value = "block")]
    pub broadcast_mode: BroadcastMode,
    /// Do not ask before sending
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Simulate only (an import: read and plan only)
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Print the transaction without signing it, for `tx sign` (bank, wasm)
    #[arg(long, global = true)]
    pub generate_only: bool,
}

/// How keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyringBackend {
    /// Readable by their owner alone, not encrypted.
    Test,
    /// Encrypted with a passphrase.
    File,
}

/// What a sending command waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BroadcastMode {
    /// The result in a block.
    Block,
    /// The check at the mempool's door.
    Sync,
}

/// Value of `--gas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GasFlag {
    /// Simulate first.
    Auto,
    /// This limit.
    Limit(u64),
}

impl std::str::FromStr for GasFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(GasFlag::Auto),
            number => match number.parse() {
                Ok(limit) if limit > 0 => Ok(GasFlag::Limit(limit)),
                _ => Err("expected auto or a number above zero".into()),
            },
        }
    }
}

impl TxFlags {
    /// How gas limits are found.
    pub fn gas(&self) -> Gas {
        match self.gas {
            GasFlag::Auto => Gas::Auto { percent: self.gas_adjustment },
            GasFlag::Limit(limit) => Gas::Fixed(limit),
        }
    }
}

/// Reads `1.4` as 140 percent, without floating point.
fn parse_adjustment(text: &str) -> Result<u32, String> {
    let bad = || {
        format!(
            "expected a factor from 1 to 10, like {}.{}",
            GAS_PERCENT_DEFAULT / 100,
            GAS_PERCENT_DEFAULT % 100 / 10
        )
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
        return Err(bad());
    }
    let padded = format!("{whole}{fraction:0<2}");
    match padded.parse::<u32>() {
        Ok(percent) if (100..=1_000).contains(&percent) => Ok(percent),
        _ => Err(bad()),
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write configuration, genesis and validator key of a new chain
    Init(cmd::init::Args),
    /// Run the node
    Start(cmd::start::Args),
    /// A network of several validators
    #[command(subcommand)]
    Network(cmd::network::Command),
    /// Execute all stored blocks again and compare every result
    Replay(cmd::replay::Args),
    /// Change and check the genesis of a chain that has not begun
    #[command(subcommand)]
    Genesis(cmd::genesis::Command),
    /// Write the state at a height as the genesis of a new chain
    Export(cmd::export::Args),
    /// Refused: says why, and what helps instead
    Rollback,
    /// Make, list, show and import keys
    #[command(subcommand)]
    Keys(cmd::keys::Command),
    /// Send a transaction
    #[command(subcommand)]
    Tx(cmd::tx::Command),
    /// Ask the chain
    #[command(alias = "q")]
    Query(cmd::query::Args),
    /// What the node says of itself
    Status,
    /// Put the four traceability contracts on the chain
    Deploy(cmd::deploy::Args),
    /// Participants, keys and data sources
    #[command(subcommand)]
    Registry(cmd::registry::Command),
    /// Classes and trace codes
    #[command(subcommand)]
    Code(cmd::code::Command),
    /// Events from production to sale
    #[command(subcommand)]
    Event(cmd::event::Command),
    /// Units and links
    #[command(subcommand)]
    Graph(cmd::graph::Command),
    /// Where something comes from, where it went, what to recall
    Trace(cmd::trace::Args),
    /// Check a certificate without any node
    Verify(cmd::verify::Args),
    /// Co-sign a certificate that the own full node confirms
    Attest(cmd::attest::Args),
    /// Documents of others become units and links
    #[command(subcommand)]
    Import(cmd::import::Command),
    /// Play a story on a chain of its own, ask its questions, check the answers
    Demo(cmd::demo::Args),
    /// Version of program and interfaces
    Version,
    /// What the exit codes mean
    #[command(long_about = cmd::exit_codes::TEXT)]
    ExitCodes,
}

/// Runs a parsed command.
///
/// # Errors
/// Whatever the command reports; the class is the exit code.
pub fn dispatch(cli: Cli) -> Done {
    let ctx = Ctx::new(cli.globals)?;
    match cli.command {
        Command::Init(args) => cmd::init::run(&ctx, args),
        Command::Start(args) => cmd::start::run(&ctx, args),
        Command::Network(command) => cmd::network::run(&ctx, command),
        Command::Replay(args) => cmd::replay::run(&ctx, args),
        Command::Genesis(command) => cmd::genesis::run(&ctx, command),
        Command::Export(args) => cmd::export::run(&ctx, args),
        Command::Rollback => cmd::rollback::run(),
        Command::Keys(command) => cmd::keys::run(&ctx, command),
        Command::Tx(command) => ctx.block_on(cmd::tx::run(&ctx, command)),
        Command::Query(args) => ctx.block_on(cmd::query::run(&ctx, args)),
        Command::Status => ctx.block_on(cmd::status::run(&ctx)),
        Command::Deploy(args) => ctx.block_on(cmd::deploy::run(&ctx, args)),
        Command::Registry(command) => ctx.block_on(cmd::registry::run(&ctx, command)),
        Command::Code(command) => ctx.block_on(cmd::code::run(&ctx, command)),
        Command::Event(command) => ctx.block_on(cmd::event::run(&ctx, command)),
        Command::Graph(command) => ctx.block_on(cmd::graph::run(&ctx, command)),
        Command::Trace(args) => ctx.block_on(cmd::trace::run(&ctx, args)),
        Command::Verify(args) => cmd::verify::run(&ctx, args),
        Command::Attest(args) => ctx.block_on(cmd::attest::run(&ctx, args)),
        Command::Import(command) => ctx.block_on(cmd::import::run(&ctx, command)),
        Command::Demo(args) => ctx.block_on(cmd::demo::run(&ctx, args)),
        Command::Version => cmd::version::run(&ctx),
        Command::ExitCodes => cmd::exit_codes::run(&ctx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// A command's argument with the id of a global flag would silently take its place.
    #[test]
    fn no_command_shadows_a_global_flag() {
        fn walk(command: &clap::Command, globals: &[String]) {
            for sub in command.get_subcommands() {
                for arg in sub.get_arguments() {
                    let id = arg.get_id().as_str();
                    assert!(!globals.iter().any(|g| g == id), "{} {id}", sub.get_name());
                }
                walk(sub, globals);
            }
        }
        let top = Cli::command();
        let globals: Vec<String> = top
            .get_arguments()
            .filter(|arg| arg.is_global_set())
            .map(|arg| arg.get_id().to_string())
            .collect();
        assert!(globals.len() > 10);
        walk(&top, &globals);
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for line in
            [["suyuan", "--output", "json", "status"], ["suyuan", "status", "--output", "json"]]
        {
            assert_eq!(Cli::parse_from(line).globals.output, Format::Json);
        }
    }

    #[test]
    fn gas_is_auto_or_a_number() {
        let flags = |gas: &str| Cli::try_parse_from(["suyuan", "status", "--gas", gas]);
        assert_eq!(flags("auto").unwrap().globals.tx.gas(), Gas::Auto { percent: 140 });
        assert_eq!(flags("200000").unwrap().globals.tx.gas(), Gas::Fixed(200_000));
        assert!(flags("0").is_err());
        assert!(flags("-3").is_err());
    }

    #[test]
    fn gas_adjustment_is_read_exactly() {
        assert_eq!(parse_adjustment("1.4"), Ok(140));
        assert_eq!(parse_adjustment("2"), Ok(200));
        assert_eq!(parse_adjustment("1.35"), Ok(135));
        for bad in ["", "0.9", "11", "1.355", "x", "-1"] {
            assert!(parse_adjustment(bad).is_err(), "{bad}");
        }
    }
}
