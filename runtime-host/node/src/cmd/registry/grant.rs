//! `suyuan registry grant`: who may read what of the sender's hidden data, and by which key envelopes.

use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::EventKind;
use suyuan_trace_api::participant::{ExecuteMsg, GrantScope, NewGrant, QueryMsg, Tier};

use super::Step;
use crate::cmd::act::{Act, NumberPage};
use crate::cmd::words::word;

/// What to do with read grants.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Let a participant read hidden data of one's own
    Give(GiveArgs),
    /// Hand over further key envelopes under a grant
    AddEnvelopes {
        /// Number of the grant.
        id: u64,
        /// Digests of the envelopes, like sha-256:...
        #[arg(required = true)]
        envelopes: Vec<Digest>,
    },
    /// End a grant
    Revoke {
        /// Its number.
        id: u64,
    },
    /// Show a grant
    Show {
        /// Its number.
        id: u64,
    },
    /// List what a participant may read
    To {
        /// The participant.
        grantee: String,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
    /// List what a participant lets others read
    By {
        /// The participant.
        grantor: String,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
}

/// A grant on the command line.
#[derive(Debug, clap::Args)]
pub struct GiveArgs {
    /// The participant that may read.
    grantee: String,
    /// What it opens.
    #[command(flatten)]
    scope: ScopeArgs,
    /// Up to which tier: public, partner, authorised or regulator
    #[arg(long, value_parser = word::<Tier>)]
    tier: Tier,
    /// For what, for the record; no names of persons, customers or prices
    #[arg(long)]
    purpose: String,
    /// Block time from which it holds, seconds since 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    starts: Option<u64>,
    /// Block time at which it ends, seconds since 1970 [default: when revoked]
    #[arg(long, value_name = "SECONDS")]
    ends: Option<u64>,
    /// Digest of a key envelope handed over; may be repeated
    #[arg(long = "envelope", value_name = "DIGEST")]
    envelopes: Vec<Digest>,
}

/// What a grant opens: one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct ScopeArgs {
    /// One unit, by its code
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// All units of a class
    #[arg(long)]
    class: Option<String>,
    /// All units with codes of a batch
    #[arg(long)]
    batch: Option<String>,
    /// All events of a kind
    #[arg(long, value_parser = word::<EventKind>)]
    event_kind: Option<EventKind>,
    /// All that belongs to a project
    #[arg(long, value_name = "NUMBER")]
    project: Option<String>,
}

impl ScopeArgs {
    /// `None` cannot be: the group is required.
    fn scope(self) -> Option<GrantScope> {
        let unit = self.unit.map(|code| GrantScope::Unit { code });
        unit.or(self.class.map(|class| GrantScope::Class { class }))
            .or(self.batch.map(|batch| GrantScope::Batch { batch }))
            .or(self.event_kind.map(|kind| GrantScope::EventKind { kind }))
            .or(self.project.map(|project| GrantScope::Project { project }))
    }
}

/// As a message or question.
pub fn act(command: Command) -> crate::fail::Done<Step> {
    Ok(match command {
        Command::Give(args) => {
            let scope = args.scope.scope();
            let scope = scope.ok_or_else(|| crate::fail::Failure::usage("name what to open"))?;
            Act::send(ExecuteMsg::GiveGrant(NewGrant {
                grantee: args.grantee,
                scope,
                tier: args.tier,
                purpose: args.purpose,
                from_s: args.starts,
                until_s: args.ends,
                envelopes: args.envelopes,
            }))
        }
        Command::AddEnvelopes { id, envelopes } => {
            Act::send(ExecuteMsg::AddEnvelopes { grant: id, envelopes })
        }
        Command::Revoke { id } => Act::send(ExecuteMsg::RevokeGrant { grant: id }),
        Command::Show { id } => Act::Ask(QueryMsg::Grant { id }),
        Command::To { grantee, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::GrantsFor { grantee, start_after, limit })
        }
        Command::By { grantor, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::GrantsBy { grantor, start_after, limit })
        }
    })
}
