//! The rest of `suyuan code`: versions of classes, ranges of batches, duplicates, secrets, and limits on issuance.

use std::path::PathBuf;

use cosmwasm_std::HexBinary;
use suyuan_trace_api::code::{ExecuteMsg, PresentedCode, QueryMsg, QuotaScope};

use super::Step;
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::json_file;
use crate::fail::{Done, OrFail};

/// Further things to do with codes.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Give one's own class a new version; batches stay with theirs
    ReviseClass {
        /// The class.
        class: String,
        /// Specification or model from now on
        #[arg(long)]
        specification: String,
        /// Days from production to expiry from now on
        #[arg(long)]
        shelf_life_days: Option<u32>,
    },
    /// List the versions of a class, oldest first
    Versions {
        /// The class.
        class: String,
    },
    /// Withdraw what is not yet in life of one's own batch
    RevokeBatch {
        /// The batch.
        batch: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a range of places of one's own batch: labels lost or spoilt
    VoidRange {
        /// The batch.
        batch: String,
        /// First place.
        first: u32,
        /// First place behind the range.
        end: u32,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// List the withdrawn ranges of a batch
    Ranges {
        /// The batch.
        batch: String,
        /// First place of the last range of the page before
        #[arg(long)]
        start_after: Option<u32>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// How many codes of a batch are where?
    Stats {
        /// The batch.
        batch: String,
    },
    /// List the batches of a class
    Batches {
        /// The class.
        class: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
    /// Prove that two places of a batch hold one code; the batch is compromised
    ReportDuplicate {
        /// JSON file with one code and its proof of issuance.
        one: PathBuf,
        /// The same of the other.
        other: PathBuf,
    },
    /// List proved duplicates
    Duplicates {
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Redeem the hidden secret of a code, once
    Acquit {
        /// The code.
        code: String,
        /// The secret as hex.
        secret: String,
    },
    /// Dismiss the suspicion that a code was copied, once
    AcquitClone {
        /// The code.
        code: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Limits on how many codes may be issued
    #[command(subcommand)]
    Quota(Quota),
    /// Decide whether codes are issued in assigned number ranges only: a regulator
    RestrictPrefixes {
        /// assigned-only or free.
        #[arg(value_enum)]
        rule: Ranges,
    },
    /// Show the set-up
    Config,
}

/// In which ranges codes are issued.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Ranges {
    /// In assigned ranges only.
    AssignedOnly,
    /// Also outside of every assigned range.
    Free,
}

/// What to do with limits on issuance.
#[derive(Debug, clap::Subcommand)]
pub enum Quota {
    /// Limit how many codes may be issued: a regulator
    Set {
        /// Of what.
        #[command(flatten)]
        scope: ScopeArgs,
        /// Codes in all, those already issued included [default: no limit]
        #[arg(long)]
        max: Option<u64>,
    },
    /// Show what is issued and allowed
    Show {
        /// Of what.
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// List what is issued and allowed, classes first
    List {
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
}

/// Of what a limit is: one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct ScopeArgs {
    /// Codes for this class
    #[arg(long)]
    class: Option<String>,
    /// Codes of this participant
    #[arg(long, value_name = "ID")]
    issuer: Option<String>,
}

impl ScopeArgs {
    fn scope(self) -> QuotaScope {
        match self.class {
            Some(class) => QuotaScope::Class(class),
            None => QuotaScope::Issuer(self.issuer.unwrap_or_default()),
        }
    }
}

/// As a message or question.
///
/// # Errors
/// Usage for files and secrets that are none.
pub fn act(command: Command) -> Done<Step> {
    Ok(match command {
        Command::ReviseClass { class, specification, shelf_life_days } => {
            Act::send(ExecuteMsg::ReviseClass { class, specification, shelf_life_days })
        }
        Command::Versions { class } => {
            Act::Ask(QueryMsg::ClassVersions { class, start_after: None, limit: None })
        }
        Command::RevokeBatch { batch, reason } => {
            Act::send(ExecuteMsg::RevokeBatch { batch, reason })
        }
        Command::VoidRange { batch, first, end, reason } => {
            Act::send(ExecuteMsg::VoidRange { batch, from: first, to: end, reason })
        }
        Command::Ranges { batch, start_after, limit } => {
            Act::Ask(QueryMsg::RangeStates { batch, start_after, limit })
        }
        Command::Stats { batch } => Act::Ask(QueryMsg::BatchStats { id: batch }),
        Command::Batches { class, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Batches { class, start_after, limit })
        }
        Command::ReportDuplicate { one, other } => {
            let (first, second): (PresentedCode, _) = (json_file(&one)?, json_file(&other)?);
            Act::send(ExecuteMsg::ReportDuplicate { first, second })
        }
        Command::Duplicates { limit } => {
            Act::Ask(QueryMsg::Duplicates { start_after: None, limit })
        }
        Command::Acquit { code, secret } => {
            let secret = hex::decode(&secret).or_usage(|| "the secret".into())?;
            Act::send(ExecuteMsg::Acquit { code, secret: HexBinary::from(secret) })
        }
        Command::AcquitClone { code, reason } => {
            Act::send(ExecuteMsg::AcquitClone { code, reason })
        }
        Command::Quota(command) => quota(command),
        Command::RestrictPrefixes { rule } => {
            let assigned_only = matches!(rule, Ranges::AssignedOnly);
            Act::send(ExecuteMsg::RestrictPrefixes { assigned_only })
        }
        Command::Config => Act::Ask(QueryMsg::Config {}),
    })
}

fn quota(command: Quota) -> Step {
    match command {
        Quota::Set { scope, max } => {
            Act::send(ExecuteMsg::SetQuota { scope: scope.scope(), limit: max })
        }
        Quota::Show { scope } => Act::Ask(QueryMsg::Quota { scope: scope.scope() }),
        Quota::List { limit } => Act::Ask(QueryMsg::Quotas { start_after: None, limit }),
    }
}
