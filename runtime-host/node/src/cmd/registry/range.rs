//! `suyuan registry range`: number ranges, such as company prefixes and prefixes of codes.

use suyuan_trace_api::participant::{ExecuteMsg, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, TextPage};

/// A range on the command line.
#[derive(Debug, clap::Args)]
pub struct RangeArgs {
    /// Scheme, like gs1 or code.
    scheme: String,
    /// First characters of the range.
    range: String,
}

/// What to do with number ranges.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Give a range to another participant without its owner's consent, or vote for it
    Transfer {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
        /// The new owner.
        to: String,
    },
    /// Offer one's own range to a participant; without one, withdraw the offer
    Offer {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
        /// The participant.
        to: Option<String>,
    },
    /// Take over a range that was offered
    Accept {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
    },
    /// Let another participant use one's own range
    Delegate {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
        /// The participant.
        delegate: String,
    },
    /// End a delegation: the owner or the delegate
    Undelegate {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
        /// The participant.
        delegate: String,
    },
    /// Show a range
    Show {
        /// Which.
        #[command(flatten)]
        which: RangeArgs,
    },
    /// Show whose range a number lies in
    OwnerOf {
        /// Scheme.
        scheme: String,
        /// A number, or a prefix of one.
        number: String,
    },
    /// List the ranges of a scheme
    List {
        /// Scheme.
        scheme: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Transfer { which: RangeArgs { scheme, range: prefix }, to } => {
            Act::send(ExecuteMsg::TransferPrefix { scheme, prefix, to })
        }
        Command::Offer { which: RangeArgs { scheme, range: prefix }, to } => {
            Act::send(ExecuteMsg::OfferPrefix { scheme, prefix, to })
        }
        Command::Accept { which: RangeArgs { scheme, range: prefix } } => {
            Act::send(ExecuteMsg::AcceptPrefix { scheme, prefix })
        }
        Command::Delegate { which: RangeArgs { scheme, range: prefix }, delegate } => {
            Act::send(ExecuteMsg::DelegatePrefix { scheme, prefix, delegate })
        }
        Command::Undelegate { which: RangeArgs { scheme, range: prefix }, delegate } => {
            Act::send(ExecuteMsg::UndelegatePrefix { scheme, prefix, delegate })
        }
        Command::Show { which: RangeArgs { scheme, range: prefix } } => {
            Act::Ask(QueryMsg::Prefix { scheme, prefix })
        }
        Command::OwnerOf { scheme, number } => Act::Ask(QueryMsg::PrefixOwner { scheme, number }),
        Command::List { scheme, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Prefixes { scheme, start_after, limit })
        }
    }
}
