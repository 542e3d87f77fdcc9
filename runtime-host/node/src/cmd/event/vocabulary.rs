//! `suyuan event vocabulary`: words that events may use, data on the chain as well.

use suyuan_trace_api::event::{ExecuteMsg, QueryMsg, WordField};

use super::Step;
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;

/// What to do with words.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add words
    Add {
        /// business-step, disposition, business-transaction or party.
        #[arg(value_parser = word::<WordField>)]
        field: WordField,
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// List the words of a field
    List {
        /// business-step, disposition, business-transaction or party.
        #[arg(value_parser = word::<WordField>)]
        field: WordField,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
}

/// As a message or question.
pub fn act(command: Command) -> Step {
    match command {
        Command::Add { field, words } => Act::send(ExecuteMsg::ExtendVocabulary { field, words }),
        Command::List { field, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::Words { field, start_after, limit })
        }
    }
}
