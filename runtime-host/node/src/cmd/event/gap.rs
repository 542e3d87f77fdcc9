//! `suyuan event gap`: what happens to events of a source that leave others out, and what is still missing.

use suyuan_trace_api::event::{ExecuteMsg, GapPolicy, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, NumberPage};
use crate::cmd::words::word;

/// What to do with gaps.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show, or with a policy set, what happens to events that leave others out
    Policy {
        /// The source.
        source: String,
        /// strict: refused; mark: accepted, with a report that stays open.
        #[arg(value_parser = word::<GapPolicy>)]
        policy: Option<GapPolicy>,
    },
    /// Say that missing events will not come: the source's owner, and a regulator
    SignOff {
        /// The source.
        source: String,
        /// Number of the report.
        gap: u64,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// List the reports of a source
    List {
        /// The source.
        source: String,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
    /// List the open reports of all sources
    Open {
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Policy { source, policy: None } => Act::Ask(QueryMsg::GapPolicy { source }),
        Command::Policy { source, policy: Some(policy) } => {
            Act::send(ExecuteMsg::SetGapPolicy { source, policy })
        }
        Command::SignOff { source, gap, reason } => {
            Act::send(ExecuteMsg::SignOffGap { source, gap, reason })
        }
        Command::List { source, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Gaps { source, start_after, limit })
        }
        Command::Open { limit } => Act::Ask(QueryMsg::OpenGaps { start_after: None, limit }),
    }
}
