//! `suyuan event profile`: which steps an industry's events take, as data on the chain.

use std::path::PathBuf;

use suyuan_trace_api::event::{ExecuteMsg, NewProfile, QueryMsg};

use super::Step;
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::json_file;
use crate::fail::Done;

/// What to do with profiles.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Define the next version of a profile from a JSON file
    Define {
        /// The file {id, version, industry, schema, allowed, rules}; - is standard input.
        file: PathBuf,
    },
    /// End a version; events that name it stay as they are
    Retire {
        /// Its id.
        id: String,
        /// Its version.
        #[arg(value_name = "VERSION")]
        number: u32,
    },
    /// Show a version
    Show {
        /// Its id.
        id: String,
        /// Its version [default: the last]
        #[arg(value_name = "VERSION")]
        number: Option<u32>,
    },
    /// List the last version of each profile
    List(TextPage),
}

/// As a message or question.
///
/// # Errors
/// Usage for a file that is none.
pub fn act(command: Command) -> Done<Step> {
    Ok(match command {
        Command::Define { file } => {
            let profile: NewProfile = json_file(&file)?;
            Act::send(ExecuteMsg::DefineProfile(Box::new(profile)))
        }
        Command::Retire { id, number: version } => {
            Act::send(ExecuteMsg::RetireProfile { id, version })
        }
        Command::Show { id, number: version } => Act::Ask(QueryMsg::Profile { id, version }),
        Command::List(TextPage { start_after, limit }) => {
            Act::Ask(QueryMsg::Profiles { start_after, limit })
        }
    })
}
