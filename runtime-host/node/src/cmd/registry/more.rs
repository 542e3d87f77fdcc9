//! The rest of `suyuan registry`: refusals and withdrawals, addresses, sources, and what somebody may.

use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{CanScope, ExecuteMsg, Identifier, Permission, QueryMsg};

use super::{identifier, Step};
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;
use crate::context::Ctx;
use crate::fail::Done;

/// Further things to do in the registry.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Refuse an applicant
    Reject {
        /// Its id.
        id: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Take a role away from a participant, or vote for it
    WithdrawRole {
        /// Its id.
        id: String,
        /// The role.
        role: String,
    },
    /// Bind another address to the sender's participant
    BindAddress {
        /// Address or key name.
        address: String,
    },
    /// Unbind an address from the sender's participant
    UnbindAddress {
        /// Address or key name.
        address: String,
    },
    /// Commit to other master data of the sender's participant, or to none
    SetMetadata {
        /// Salted commitment, like sha-256:...
        metadata: Option<Digest>,
    },
    /// Stop a data source until it is certified anew
    QuarantineSource {
        /// Its id.
        id: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// End a data source for good
    RetireSource {
        /// Its id.
        id: String,
    },
    /// List the data sources of a participant
    Sources {
        /// The owner.
        owner: String,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
    /// Show the participant known elsewhere under a number
    ByIdentifier {
        /// Its number, like uscc:91310000MA1K4KXK5J.
        #[arg(value_name = "SCHEME:VALUE", value_parser = identifier)]
        number: Identifier,
    },
    /// May a participant do something, and if not, why?
    May {
        /// Its id.
        id: String,
        /// What.
        #[arg(value_parser = word::<Permission>)]
        permission: Permission,
        /// Through this data source
        #[arg(long, conflicts_with = "number")]
        source: Option<String>,
        /// With this number of a range, like code:S0001
        #[arg(long, value_name = "SCHEME:NUMBER", value_parser = number)]
        number: Option<(String, String)>,
    },
}

/// As a message or question.
///
/// # Errors
/// Usage for an address that is none.
pub fn act(ctx: &Ctx, command: Command) -> Done<Step> {
    Ok(match command {
        Command::Reject { id, reason } => Act::send(ExecuteMsg::Reject { participant: id, reason }),
        Command::WithdrawRole { id, role } => {
            Act::send(ExecuteMsg::WithdrawRole { participant: id, role })
        }
        Command::BindAddress { address } => {
            Act::send(ExecuteMsg::BindAddress { address: ctx.address_of(&address)? })
        }
        Command::UnbindAddress { address } => {
            Act::send(ExecuteMsg::UnbindAddress { address: ctx.address_of(&address)? })
        }
        Command::SetMetadata { metadata } => Act::send(ExecuteMsg::SetMetadata { metadata }),
        Command::QuarantineSource { id, reason } => {
            Act::send(ExecuteMsg::QuarantineSource { source: id, reason })
        }
        Command::RetireSource { id } => Act::send(ExecuteMsg::RetireSource { source: id }),
        Command::Sources { owner, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Sources { owner, start_after, limit })
        }
        Command::ByIdentifier { number } => Act::Ask(QueryMsg::ByIdentifier(number)),
        Command::May { id, permission, source, number } => {
            let number = number.map(|(scheme, number)| CanScope::Number { scheme, number });
            let scope = source.map(|source| CanScope::Source { source }).or(number);
            Act::Ask(QueryMsg::Can { actor: id, permission, scope })
        }
    })
}

fn number(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once(':').ok_or("write it like code:S0001")?;
    Ok((parts.0.to_string(), parts.1.to_string()))
}
