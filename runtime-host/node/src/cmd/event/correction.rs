//! The rest of `suyuan event`: events declared wrong, and fields disclosed one by one.

use std::path::PathBuf;

use suyuan_trace_api::event::{ErrorReason, ExecuteMsg, NewDeclaration, QueryMsg};
use suyuan_trace_api::fields::Disclosure;

use super::Step;
use crate::cmd::act::Act;
use crate::cmd::words::{json_file, word};
use crate::fail::Done;

/// Corrections and disclosures.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Declare one's own event wrong: what it did is taken back by appending
    Declare {
        /// Id of the wrong event.
        id: String,
        /// did-not-occur or incorrect-data
        #[arg(long, value_parser = word::<ErrorReason>)]
        reason: ErrorReason,
        /// Id of the declaration [default: that of the wrong event, as EPCIS has it]
        #[arg(long, value_name = "ID")]
        declaration_id: Option<String>,
        /// Event that says it right; may be repeated, and come later
        #[arg(long = "corrective", value_name = "ID")]
        corrective_ids: Vec<String>,
    },
    /// Show whether events still count
    Statuses {
        /// Their ids.
        #[arg(required = true)]
        ids: Vec<String>,
    },
    /// Is a disclosed field among those that an event commits to? The node learns the field
    CheckDisclosure {
        /// Id of the event.
        id: String,
        /// JSON file with the disclosed field and its path; - is standard input.
        file: PathBuf,
    },
}

/// As a message or question.
///
/// # Errors
/// Usage for a file that is none.
pub fn act(command: Command) -> Done<Step> {
    Ok(match command {
        Command::Declare { id, reason, declaration_id, corrective_ids } => {
            Act::send(ExecuteMsg::Declare(NewDeclaration {
                event_id: declaration_id.unwrap_or_else(|| id.clone()),
                event: id,
                reason,
                corrective_ids,
                declared_at_ms: None,
            }))
        }
        Command::Statuses { ids } => Act::Ask(QueryMsg::Statuses { ids }),
        Command::CheckDisclosure { id, file } => {
            let disclosure: Disclosure = json_file(&file)?;
            Act::Ask(QueryMsg::VerifyDisclosure { event_id: id, disclosure })
        }
    })
}
