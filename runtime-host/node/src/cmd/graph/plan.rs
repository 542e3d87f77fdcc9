//! `suyuan graph plan` and `suyuan graph project`: what was planned, and the topmost level of annex B.1.

use std::path::PathBuf;

use suyuan_trace_api::assembly::bom::NewBom;
use suyuan_trace_api::assembly::project::{NewProject, ProductLevel};
use suyuan_trace_api::assembly::{ExecuteMsg, QueryMsg};
use suyuan_trace_api::digest::Digest;

use super::Step;
use crate::cmd::act::{Act, NumberPage, TextPage};
use crate::cmd::words::{json_file, word};
use crate::fail::Done;

/// What to do with planned bills of materials.
#[derive(Debug, clap::Subcommand)]
pub enum Plan {
    /// Define the next revision for one's own class from a JSON file
    Define {
        /// The file {class, revision, lines, loss_ppm}; - is standard input.
        file: PathBuf,
    },
    /// Show a revision
    Show {
        /// The class.
        class: String,
        /// Revision [default: the latest]
        revision: Option<u32>,
    },
    /// What was planned for a unit against what it was built of
    Diff {
        /// The unit's code.
        code: String,
        /// Revision [default: the one in force at its birth]
        revision: Option<u32>,
    },
}

/// What to do with projects.
#[derive(Debug, clap::Subcommand)]
pub enum Project {
    /// Define a project or its next revision
    Define {
        /// Its number, as units carry it.
        number: String,
        /// One more than the revision before
        #[arg(long, default_value_t = 1)]
        revision: u32,
        /// Salted commitment to the customer, like sha-256:...
        #[arg(long, value_name = "DIGEST")]
        customer: Digest,
        /// Salted commitment to contract and demand
        #[arg(long, value_name = "DIGEST")]
        contract: Option<Digest>,
        /// Order that belongs to it; may be repeated
        #[arg(long = "order", value_name = "NUMBER")]
        orders: Vec<String>,
    },
    /// Show a project
    Show {
        /// Its number.
        number: String,
        /// Revision [default: the latest]
        revision: Option<u32>,
    },
    /// List projects in order of number
    List(TextPage),
    /// List the units of a project with their level of annex B.1
    Units {
        /// Its number.
        number: String,
        /// Of this level only: product, sub-assembly, part, raw-material, equipment or packaging
        #[arg(long, value_parser = word::<ProductLevel>)]
        level: Option<ProductLevel>,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
}

/// As a message or question.
///
/// # Errors
/// Usage for a file that is none.
pub fn plan(command: Plan) -> Done<Step> {
    Ok(match command {
        Plan::Define { file } => {
            let plan: NewBom = json_file(&file)?;
            Act::send(ExecuteMsg::DefineBom(plan))
        }
        Plan::Show { class, revision } => Act::Ask(QueryMsg::Bom { class, revision }),
        Plan::Diff { code, revision } => Act::Ask(QueryMsg::PlannedDiff { code, revision }),
    })
}

/// As a message or question.
pub fn project(command: Project) -> Step {
    match command {
        Project::Define { number, revision, customer, contract, orders } => {
            let project = NewProject { number, revision, customer, contract, orders };
            Act::send(ExecuteMsg::DefineProject(project))
        }
        Project::Show { number, revision } => Act::Ask(QueryMsg::Project { number, revision }),
        Project::List(TextPage { start_after, limit }) => {
            Act::Ask(QueryMsg::Projects { start_after, limit })
        }
        Project::Units { number, level, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::ProjectUnits { number, level, start_after, limit })
        }
    }
}
