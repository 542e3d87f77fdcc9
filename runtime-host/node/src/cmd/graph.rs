//! `suyuan graph`: units and links, holds and recalls, plans and projects.

use suyuan_trace_api::assembly::{AlternateId, Direction, ExecuteMsg, QueryMsg, UnitIndex};

use crate::cmd::act::{Act, NumberPage};
use crate::cmd::words::word;
use crate::context::Ctx;
use crate::fail::Done;

pub mod campaign;
pub mod plan;
pub mod whole;

/// A message to the graph, or a question.
pub type Step = Act<ExecuteMsg, QueryMsg>;

/// What to look at.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show a unit by its code
    #[command(visible_alias = "unit")]
    Show {
        /// Its code.
        code: String,
    },
    /// Show a unit by another name
    Alternate {
        /// Scheme, like catena-x or supplier-lot
        scheme: String,
        /// The id in that scheme.
        value: String,
    },
    /// List units that share something
    By {
        /// lot-number, project, order, class, maker, supplier or inspection-lot
        #[arg(value_parser = word::<UnitIndex>)]
        index: UnitIndex,
        /// Its value.
        value: String,
        /// Which page, by birth.
        #[command(flatten)]
        page: NumberPage,
    },
    /// List the events of a unit
    Events {
        /// Its code.
        code: String,
        /// Events to skip
        #[arg(long, default_value_t = 0)]
        skip: u64,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// List the links of a unit
    Links {
        /// Its code.
        code: String,
        /// backward: to its parts; forward: to what it is part of
        #[arg(long, value_parser = word::<Direction>, default_value = "backward")]
        direction: Direction,
        /// Which page, by link id.
        #[command(flatten)]
        page: NumberPage,
    },
    /// Show the set-up and the counts
    Config,
    /// Holds and recalls
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Planned bills of materials
    #[command(subcommand)]
    Plan(plan::Plan),
    /// Projects
    #[command(subcommand)]
    Project(plan::Project),
    /// Whole answers about a unit.
    #[command(flatten)]
    Whole(whole::Command),
}

/// Sends or asks, and prints.
///
/// # Errors
/// See [`crate::cmd::send::send`]; refused if the graph does not know it.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let step = match command {
        Command::Whole(command) => return whole::run(ctx, command).await,
        Command::Campaign(command) => campaign::act(command),
        Command::Plan(command) => plan::plan(command)?,
        Command::Project(command) => plan::project(command),
        Command::Show { code } => Act::Ask(QueryMsg::Unit { code }),
        Command::Alternate { scheme, value } => {
            Act::Ask(QueryMsg::UnitByAlternateId(AlternateId { scheme, value }))
        }
        Command::By { index, value, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::UnitsBy { index, value, start_after, limit })
        }
        Command::Events { code, skip, limit } => {
            Act::Ask(QueryMsg::UnitEvents { code, skip, limit })
        }
        Command::Links { code, direction, page: NumberPage { start_after, limit } } => {
            Act::Ask(QueryMsg::UnitLinks { code, direction, start_after, limit })
        }
        Command::Config => Act::Ask(QueryMsg::Config {}),
    };
    step.run(ctx, |deployment| &deployment.assembly_graph).await
}
