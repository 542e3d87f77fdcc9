//! `suyuan event anchor`: roots of audit and evidence logs.

use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{ExecuteMsg, LogKind, NewAnchor, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, NumberPage};
use crate::cmd::words::word;

/// What to do with anchors.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Anchor the next root of the sender's own log
    Add {
        /// audit or evidence.
        #[arg(value_parser = word::<LogKind>)]
        log: LogKind,
        /// One more than the last of this log, from 1
        #[arg(long)]
        sequence: u64,
        /// Root over the entries, like sha-256:...
        #[arg(long, value_name = "DIGEST")]
        root: Digest,
        /// How many entries
        #[arg(long)]
        count: u64,
        /// Begin (inclusive), milliseconds since 1970: where the one before ends
        #[arg(long, value_name = "MS")]
        begin: u64,
        /// End (exclusive), milliseconds since 1970
        #[arg(long, value_name = "MS")]
        end: u64,
    },
    /// Show the last anchor of a participant's log
    Latest {
        /// The participant.
        id: String,
        /// audit or evidence.
        #[arg(value_parser = word::<LogKind>)]
        log: LogKind,
    },
    /// List the anchors of a participant's log
    List {
        /// The participant.
        id: String,
        /// audit or evidence.
        #[arg(value_parser = word::<LogKind>)]
        log: LogKind,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Add { log, sequence, root, count, begin, end } => {
            let anchor = NewAnchor { log, sequence, root, count, from_ms: begin, to_ms: end };
            Act::send(ExecuteMsg::Anchor(anchor))
        }
        Command::Latest { id, log } => Act::Ask(QueryMsg::LatestAnchor { participant: id, log }),
        Command::List { id, log, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Anchors { participant: id, log, start_after, limit })
        }
    }
}
