//! `suyuan graph campaign`: holds and recalls, from opening to the last holder's answer.

use suyuan_trace_api::assembly::campaign::{
    CampaignKind, Extension, HolderAnswer, NewCampaign, Severity,
};
use suyuan_trace_api::assembly::{ExecuteMsg, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, NumberPage, TextPage};
use crate::cmd::words::word;

/// What to do with holds and recalls.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Open a hold or recall and mark its units
    Open(OpenArgs),
    /// Add units to an open one
    Extend {
        /// Its id.
        id: String,
        /// Codes; CODE:LINK names the link by which a unit holds one that is in it already.
        #[arg(required = true, value_name = "CODE[:LINK]", value_parser = extension)]
        units: Vec<Extension>,
    },
    /// Take it back for the time being
    Cancel(ChangeArgs),
    /// Open a cancelled one again
    Reopen(ChangeArgs),
    /// End it for good
    Close(ChangeArgs),
    /// Bring the marks of the next units in line with its status
    Settle {
        /// Its id.
        id: String,
    },
    /// Answer as a notified holder
    Answer {
        /// Its id.
        id: String,
        /// acknowledged, accepted, declined or contained.
        #[arg(value_parser = word::<HolderAnswer>)]
        answer: HolderAnswer,
        /// In words; must be there where the answer is declined
        #[arg(long, value_name = "TEXT")]
        words: Option<String>,
    },
    /// Show it
    Show {
        /// Its id.
        id: String,
    },
    /// List all
    List(TextPage),
    /// List those that a unit is in
    Of {
        /// The unit's code.
        code: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
    /// List its units in the order in which they joined
    Members {
        /// Its id.
        id: String,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
    /// List who was notified, and what they answered
    Holders {
        /// Its id.
        id: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
}

/// A hold or recall on the command line.
#[derive(Debug, clap::Args)]
pub struct OpenArgs {
    /// Its id, unique on the chain.
    id: String,
    /// hold or recall
    #[arg(long, value_parser = word::<CampaignKind>)]
    kind: CampaignKind,
    /// Number of the problem behind it
    #[arg(long)]
    problem: String,
    /// Why, for the record
    #[arg(long)]
    reason: String,
    /// minor, major, critical or life-threatening
    #[arg(long, value_parser = word::<Severity>, default_value = "major")]
    severity: Severity,
    /// Date by which holders should have acted, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    target_date: Option<String>,
    /// Codes of the suspect units.
    #[arg(required = true)]
    units: Vec<String>,
}

/// A change of status.
#[derive(Debug, clap::Args)]
pub struct ChangeArgs {
    /// Its id.
    id: String,
    /// Why, for the record
    #[arg(long)]
    reason: String,
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Open(args) => Act::send(ExecuteMsg::OpenCampaign(NewCampaign {
            id: args.id,
            kind: args.kind,
            problem: args.problem,
            seeds: args.units,
            reason: args.reason,
            severity: args.severity,
            target_date: args.target_date,
        })),
        Command::Extend { id, units } => Act::send(ExecuteMsg::ExtendCampaign { id, units }),
        Command::Cancel(ChangeArgs { id, reason }) => {
            Act::send(ExecuteMsg::CancelCampaign { id, reason })
        }
        Command::Reopen(ChangeArgs { id, reason }) => {
            Act::send(ExecuteMsg::ReopenCampaign { id, reason })
        }
        Command::Close(ChangeArgs { id, reason }) => {
            Act::send(ExecuteMsg::CloseCampaign { id, reason })
        }
        Command::Settle { id } => Act::send(ExecuteMsg::SettleCampaign { id }),
        Command::Answer { id, answer, words } => {
            Act::send(ExecuteMsg::AnswerCampaign { id, answer, note: words })
        }
        Command::Show { id } => Act::Ask(QueryMsg::Campaign { id }),
        Command::List(TextPage { start_after, limit }) => {
            Act::Ask(QueryMsg::Campaigns { start_after, limit })
        }
        Command::Of { code, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::CampaignsOf { code, start_after, limit })
        }
        Command::Members { id, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::CampaignMembers { id, start_after, limit })
        }
        Command::Holders { id, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::CampaignHolders { id, start_after, limit })
        }
    }
}

fn extension(text: &str) -> Result<Extension, String> {
    let (code, link) = match text.split_once(':') {
        None => (text, None),
        Some((code, link)) => {
            let number = link.parse().map_err(|_| format!("{link:?} is no number of a link"))?;
            (code, Some(number))
        }
    };
    Ok(Extension { code: code.to_string(), link })
}
