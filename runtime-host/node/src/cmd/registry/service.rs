//! `suyuan registry service`: data services, registered by their operators and certified m of n.

use suyuan_trace_api::participant::{ExecuteMsg, NewService, QueryMsg, ServiceKind};

use super::Step;
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;

/// What to do with services.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Register a service of the sender's participant
    Register {
        /// Its id, unique in the registry.
        id: String,
        /// Kind, like capture, resolver, query, verification or application
        #[arg(long, value_parser = word::<ServiceKind>)]
        kind: ServiceKind,
        /// Name for people
        #[arg(long)]
        name: String,
        /// Where it is reached: a URI with an encrypted channel
        #[arg(long)]
        endpoint: String,
    },
    /// Move a service to another endpoint; it needs its certification anew
    Move {
        /// Its id.
        id: String,
        /// Where it is reached from now on.
        endpoint: String,
    },
    /// Certify a service as it stands, or vote for it
    Certify {
        /// Its id.
        id: String,
        /// Block time at which the certification ends, seconds since 1970
        #[arg(long, value_name = "SECONDS")]
        ends: u64,
    },
    /// Revoke a service for good: its operator at once, others by a vote
    Revoke {
        /// Its id.
        id: String,
    },
    /// Show a service
    Show {
        /// Its id.
        id: String,
    },
    /// List services in order of id
    List {
        /// Of this kind only
        #[arg(long, value_parser = word::<ServiceKind>, conflicts_with = "operator")]
        kind: Option<ServiceKind>,
        /// Of this participant only
        #[arg(long)]
        operator: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Register { id, kind, name, endpoint } => {
            Act::send(ExecuteMsg::RegisterService(NewService { id, kind, name, endpoint }))
        }
        Command::Move { id, endpoint } => {
            Act::send(ExecuteMsg::MoveService { service: id, endpoint })
        }
        Command::Certify { id, ends } => {
            Act::send(ExecuteMsg::CertifyService { service: id, until_s: ends })
        }
        Command::Revoke { id } => Act::send(ExecuteMsg::RevokeService { service: id }),
        Command::Show { id } => Act::Ask(QueryMsg::Service { id }),
        Command::List { kind, operator, page: TextPage { start_after, limit } } => {
            Act::Ask(match (kind, operator) {
                (Some(kind), _) => QueryMsg::ServicesOfKind { kind, start_after, limit },
                (None, Some(owner)) => QueryMsg::ServicesOf { owner, start_after, limit },
                (None, None) => QueryMsg::Services { start_after, limit },
            })
        }
    }
}
