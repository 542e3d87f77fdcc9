//! `suyuan event attest`: authentication nodes confirm or refute what events say, m of n.

use suyuan_trace_api::event::{EventKind, ExecuteMsg, QueryMsg, Threshold, Verdict};

use super::Step;
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;

/// What to do with confirmations.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Confirm an event's data
    Confirm(WordArgs),
    /// Refute it
    Refute(WordArgs),
    /// Set how many confirmations events of a kind need
    Threshold {
        /// Kind of events.
        #[arg(value_parser = word::<EventKind>)]
        kind: EventKind,
        /// Confirmations.
        needed: u32,
    },
    /// Show what was said of an event
    Show {
        /// Its id.
        id: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
}

/// A word on an event.
#[derive(Debug, clap::Args)]
pub struct WordArgs {
    /// Id of the event.
    id: String,
    /// Named-information URI of the report
    #[arg(long, value_name = "URI")]
    evidence: Option<String>,
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    let attest = |WordArgs { id, evidence }, verdict| {
        Act::send(ExecuteMsg::Attest { event_id: id, verdict, evidence })
    };
    match command {
        Command::Confirm(args) => attest(args, Verdict::Confirmed),
        Command::Refute(args) => attest(args, Verdict::Refuted),
        Command::Threshold { kind, needed } => {
            Act::send(ExecuteMsg::SetThreshold(Threshold { kind, needed }))
        }
        Command::Show { id, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Attestations { event_id: id, start_after, limit })
        }
    }
}
