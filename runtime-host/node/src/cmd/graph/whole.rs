//! Whole answers about one unit, read in pages at one height: where it starts and ends, one level up and down, its
//! ledger, and the way between two units.

use serde_json::Value;
use suyuan_client::lists;
use suyuan_trace_api::assembly::{AsOf, QueryMsg};

use crate::context::Ctx;
use crate::fail::{Done, OrFail};

/// Questions about one unit.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List the starting points of a unit, with their makers
    Origins {
        /// Its code.
        code: String,
        /// As it was after this height [default: now]
        #[arg(long, value_name = "HEIGHT")]
        as_of: Option<u64>,
    },
    /// List the final products that a unit went into
    FinalProducts {
        /// Its code.
        code: String,
    },
    /// List what a unit went into, one level, ended links included
    WhereUsed {
        /// Its code.
        code: String,
    },
    /// List what a unit consists of, one level
    Parts {
        /// Its code.
        code: String,
        /// As it was after this height [default: now]
        #[arg(long, value_name = "HEIGHT")]
        as_of: Option<u64>,
    },
    /// List every movement of a lot's balance
    Ledger {
        /// Its code.
        code: String,
    },
    /// Show one way from a whole down to a part
    Path {
        /// Code of the whole.
        whole: String,
        /// Code of the part.
        part: String,
    },
    /// Count what a recall touches, by order, product batch, model, project and holder
    RecallSummary {
        /// Codes of the suspect units.
        #[arg(required = true)]
        units: Vec<String>,
    },
    /// Show the raw keys and records of a unit, for proofs
    NodeRecord {
        /// Its code.
        code: String,
    },
}

/// Asks for all pages and prints one answer.
///
/// # Errors
/// Refused if the graph does not know a unit.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let deployment = ctx.deployment()?;
    let client = ctx.client().await?;
    let graph = deployment.graph(&client);
    let height = |height: Option<u64>| height.map(AsOf::Height);
    let answer = match command {
        Command::Origins { code, as_of } => {
            json(lists::origins(&client, &graph, &code, height(as_of)).await?)
        }
        Command::FinalProducts { code } => {
            json(lists::final_products(&client, &graph, &code).await?)
        }
        Command::WhereUsed { code } => json(lists::where_used(&client, &graph, &code).await?),
        Command::Parts { code, as_of } => {
            json(lists::current_bom(&client, &graph, &code, height(as_of)).await?)
        }
        Command::Ledger { code } => json(lists::lot_ledger(&client, &graph, &code).await?),
        Command::RecallSummary { units } => {
            json(lists::recall_summary(&client, &graph, &units).await?)
        }
        Command::Path { whole, part } => {
            Ok(graph.query::<Value>(&QueryMsg::Path { whole, part }).await?)
        }
        Command::NodeRecord { code } => {
            Ok(graph.query::<Value>(&QueryMsg::NodeRecord { code }).await?)
        }
    }?;
    ctx.print(&answer);
    Ok(())
}

fn json(answer: impl serde::Serialize) -> Done<Value> {
    serde_json::to_value(answer).or_local(|| "answer as JSON".into())
}
