//! `suyuan graph`: units and links, one at a time.

use serde_json::Value;
use suyuan_trace_api::assembly::{AlternateId, Direction, QueryMsg, UnitIndex};

use crate::cmd::words::word;
use crate::context::Ctx;
use crate::fail::{Done, Failure};

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
    /// List units that share a lot number, project, order or class
    By {
        /// lot-number, project, order or class
        #[arg(value_parser = word::<UnitIndex>)]
        index: UnitIndex,
        /// Its value.
        value: String,
        /// Last birth of the page before
        #[arg(long)]
        start_after: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
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
        /// Last link id of the page before
        #[arg(long)]
        start_after: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Show the set-up and the counts
    Config,
}

/// Asks and prints.
///
/// # Errors
/// Refused if the graph does not know it.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let question = match command {
        Command::Show { code } => QueryMsg::Unit { code },
        Command::Alternate { scheme, value } => {
            QueryMsg::UnitByAlternateId(AlternateId { scheme, value })
        }
        Command::By { index, value, start_after, limit } => {
            QueryMsg::UnitsBy { index, value, start_after, limit }
        }
        Command::Events { code, skip, limit } => QueryMsg::UnitEvents { code, skip, limit },
        Command::Links { code, direction, start_after, limit } => {
            QueryMsg::UnitLinks { code, direction, start_after, limit }
        }
        Command::Config => QueryMsg::Config {},
    };
    let deployment = ctx.deployment()?;
    let client = ctx.client().await?;
    let answer: Value = deployment.graph(&client).query(&question).await?;
    if answer.is_null() {
        return Err(Failure::refused("the graph does not know it"));
    }
    ctx.print(&answer);
    Ok(())
}
