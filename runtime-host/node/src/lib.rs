//! The node and the command line of Suyuan.
//!
//! This crate wires the others together: it owns files, ports, processes and the words that people read, and decides
//! nothing about state. [`node_handle`] starts a node inside any process; [`cli`] lists the commands, one file each in
//! [`cmd`].
#![forbid(unsafe_code)]

pub mod api_servers;
pub mod artifacts;
mod background;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod context;
pub mod demo;
pub mod fail;
pub mod genesis;
pub mod keyring;
pub mod lang;
pub mod listen;
pub mod metrics;
pub mod network;
pub mod node_handle;
pub mod output;
pub mod play;
pub mod settings;
pub mod telemetry;
pub mod tls;
pub mod watch;

use clap::Parser;
use std::process::ExitCode;

/// Parses the command line, runs the command and turns its result into an exit code.
///
/// Usage errors end inside clap with code 2.
pub fn run() -> ExitCode {
    let cli = cli::Cli::parse();
    telemetry::init(cli.globals.log_level);
    let format = cli.globals.output;
    match cli::dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::print_failure(format, &failure);
            ExitCode::from(failure.class as u8)
        }
    }
}
