//! `suyuan registry proposal`: what certifiers decide m of n, with its announced delay.

use std::path::PathBuf;

use suyuan_trace_api::participant::{ExecuteMsg, GovernedAction, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, NumberPage};
use crate::cmd::words::json_file;
use crate::fail::Done;

/// What to do with proposals.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Propose an action from a JSON file, like {"set_governance": {...}}, or vote for the same open one
    Propose {
        /// The file; - is standard input.
        file: PathBuf,
    },
    /// Vote for a proposal
    Vote {
        /// Its number.
        id: u64,
    },
    /// Take one's vote back
    Withdraw {
        /// Its number.
        id: u64,
    },
    /// Execute a proposal that has the votes and whose delay is over
    Execute {
        /// Its number.
        id: u64,
    },
    /// Show a proposal
    Show {
        /// Its number.
        id: u64,
    },
    /// List all proposals, the newest first
    List {
        /// Lowest number of the page before
        #[arg(long)]
        start_before: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// List proposals that wait for votes, delay or execution
    Open(NumberPage),
}

/// As a message or question.
pub fn act(command: Command) -> Done<Step> {
    Ok(match command {
        Command::Propose { file } => {
            let action: GovernedAction = json_file(&file)?;
            Act::send(ExecuteMsg::Propose { action })
        }
        Command::Vote { id } => Act::send(ExecuteMsg::Vote { proposal: id }),
        Command::Withdraw { id } => Act::send(ExecuteMsg::Withdraw { proposal: id }),
        Command::Execute { id } => Act::send(ExecuteMsg::Execute { proposal: id }),
        Command::Show { id } => Act::Ask(QueryMsg::Proposal { id }),
        Command::List { start_before, limit } => {
            Act::Ask(QueryMsg::Proposals { start_before, limit })
        }
        Command::Open(NumberPage { start_after, limit }) => {
            Act::Ask(QueryMsg::OpenProposals { start_after, limit })
        }
    })
}
