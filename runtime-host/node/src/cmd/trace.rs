//! `suyuan trace`: whole answers, read in pages at one height.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use suyuan_cases::catena_x::ALTERNATE_SCHEME;
use suyuan_client::certificate::Question;
use suyuan_client::contracts::AssemblyGraph;
use suyuan_client::walk::{recall_scope, trace, RecallScope, Trace, Walk};
use suyuan_trace_api::assembly::{
    AlternateId, Direction, QueryMsg, RecallScopeKind, UnitView, View,
};
use suyuan_trace_api::code::check_code;

use crate::cmd::words::word;
use crate::cmd::{prove, trace_tree};
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// What to trace, and how.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    walk: WalkArgs,
    /// To what the unit went into, instead of what it is made of
    #[arg(long)]
    forward: bool,
}

/// What to answer.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Everything that a unit is made of (what `suyuan trace UNIT` does, too)
    #[command(visible_alias = "backward")]
    Back(WalkArgs),
    /// Everything that a unit went into
    Forward(WalkArgs),
    /// What a recall of these units touches
    Recall {
        /// Codes or other names of the suspect units.
        #[arg(required = true)]
        units: Vec<String>,
        /// Entries per page
        #[arg(long, value_name = "N")]
        page_size: Option<u32>,
        /// Height to read at; 0 is the latest
        #[arg(long, default_value_t = 0)]
        height: u64,
    },
}

/// How to walk.
#[derive(Debug, clap::Args)]
pub struct WalkArgs {
    /// Trace code of the unit, or another name of it (SCHEME=VALUE, or a Catena-X id as it is)
    #[arg(required = true)]
    unit: Option<String>,
    /// Units and links per page
    #[arg(long, value_name = "N")]
    page_size: Option<u32>,
    /// Height to read at; 0 is the latest
    #[arg(long, default_value_t = 0)]
    height: u64,
    /// history: removed parts included; current: what holds now
    #[arg(long, value_parser = word::<View>, default_value = "history")]
    view: View,
    /// Write a certificate that proves the answer complete (of the whole history)
    #[arg(long, requires = "out", conflicts_with_all = ["page_size", "view"])]
    prove: bool,
    /// File for the certificate
    #[arg(long, value_name = "FILE", requires = "prove")]
    out: Option<PathBuf>,
}

/// Walks and prints: a tree for people, `{units, links, ...}` for programs.
///
/// # Errors
/// Refused if a unit is unknown.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    match args.command {
        None if args.forward => walk(ctx, args.walk, Direction::Forward).await,
        None => walk(ctx, args.walk, Direction::Backward).await,
        Some(Command::Back(args)) => walk(ctx, args, Direction::Backward).await,
        Some(Command::Forward(args)) => walk(ctx, args, Direction::Forward).await,
        Some(Command::Recall { units, page_size, height }) => {
            let deployment = ctx.deployment()?;
            let client = ctx.client().await?;
            let graph = deployment.graph(&client);
            let mut codes = vec![];
            for unit in &units {
                codes.push(code_of(&graph, unit).await?);
            }
            let scope = recall_scope(&client, &graph, &codes, page_size, height).await?;
            if ctx.is_text() {
                print_recall(ctx, &scope);
            } else {
                ctx.print(&as_json(&scope)?);
            }
            Ok(())
        }
    }
}

async fn walk(ctx: &Ctx, args: WalkArgs, direction: Direction) -> Done {
    let deployment = ctx.deployment()?;
    let client = ctx.client().await?;
    let graph = deployment.graph(&client);
    let unit = args.unit.ok_or_else(|| Failure::usage("name a unit"))?;
    if let (true, Some(out)) = (args.prove, &args.out) {
        let code = code_of(&graph, &unit).await?;
        let question = Question { code, direction, height: args.height };
        return prove::run(ctx, &client, &question, out).await;
    }
    let walk = Walk {
        code: code_of(&graph, &unit).await?,
        direction,
        view: args.view,
        page_size: args.page_size,
        height: args.height,
    };
    let whole = trace(&client, &graph, &walk).await?;
    if ctx.is_text() {
        output::print_line(trace_tree::draw(&whole, ctx.lang()).trim_end());
    } else {
        ctx.print(&trace_json(&whole)?);
    }
    Ok(())
}

/// A trace code that some unit carries, else another name of a unit: an id of a document may look like a code.
async fn code_of(graph: &AssemblyGraph<'_>, unit: &str) -> Done<String> {
    if check_code(unit).is_ok() {
        let question = QueryMsg::Unit { code: unit.to_string() };
        let carried: Option<UnitView> = graph.query(&question).await?;
        if let Some(unit) = carried {
            return Ok(unit.code);
        }
    }
    let (scheme, value) = unit.split_once('=').unwrap_or((ALTERNATE_SCHEME, unit));
    let name = AlternateId { scheme: scheme.into(), value: value.into() };
    let found: Option<UnitView> = graph.query(&QueryMsg::UnitByAlternateId(name)).await?;
    found.map(|unit| unit.code).ok_or_else(|| {
        Failure::refused(format!(
            "{unit} is neither the trace code of a unit nor another name of one"
        ))
    })
}

/// A trace as programs read it: every unit also with its `id` (its first other name, else its code) and
/// `manufacturer`, every link also with the ids of both ends.
///
/// # Errors
/// None in practice: the answer is plain data.
pub fn trace_json(whole: &Trace) -> Done<Value> {
    let id = |unit: &UnitView| match unit.alternate_ids.first() {
        Some(name) => name.value.clone(),
        None => unit.code.clone(),
    };
    let ids: BTreeMap<&str, String> =
        whole.units.iter().map(|unit| (unit.code.as_str(), id(unit))).collect();
    let mut answer = as_json(whole)?;
    for (shown, unit) in items(&mut answer, "units").zip(&whole.units) {
        shown["id"] = Value::from(id(unit));
        shown["manufacturer"] = Value::from(unit.maker.id.clone());
    }
    for (shown, link) in items(&mut answer, "links").zip(&whole.links) {
        shown["parent_id"] = Value::from(ids.get(link.parent.as_str()).cloned());
        shown["child_id"] = Value::from(ids.get(link.child.as_str()).cloned());
    }
    Ok(answer)
}

fn items<'a>(answer: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    answer.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
}

fn as_json<T: serde::Serialize>(value: &T) -> Done<Value> {
    serde_json::to_value(value).or_local(|| "answer as JSON".into())
}

fn print_recall(ctx: &Ctx, scope: &RecallScope) {
    let [must, may, gone] = ctx.lang().recall_groups();
    let group = |title: &str, wanted: &dyn Fn(RecallScopeKind, bool) -> bool| {
        let entries: Vec<_> = scope.entries.iter().filter(|e| wanted(e.scope, e.gone)).collect();
        output::print_line(&format!("{title}: {}", entries.len()));
        for entry in entries {
            let lot = entry.lot_number.as_deref().map(|l| format!(" [{l}]")).unwrap_or_default();
            output::print_line(&format!(
                "  {}  {}{lot}  @ {}",
                entry.code, entry.class, entry.custodian
            ));
        }
    };
    group(must, &|kind, is_gone| kind == RecallScopeKind::Must && !is_gone);
    group(may, &|kind, is_gone| kind == RecallScopeKind::May && !is_gone);
    group(gone, &|_, is_gone| is_gone);
}
