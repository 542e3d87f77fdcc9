//! Whole answers out of pages: traces and recall scopes at one height.
//!
//! A walk is read page after page, and the chain may grow in between. All pages are therefore asked at one height, so
//! that the answer is the state of one moment. Pages are used as they come, without removing anything: the walk gives
//! each unit and each link once.

use serde::{Deserialize, Serialize};
use suyuan_trace_api::assembly::{
    AsOf, Direction, LinkView, QueryMsg, RecallEntry, RecallPage, TraceFilter, TracePage, UnitView,
    View,
};
use suyuan_trace_api::migration::Migration;

use crate::client::Client;
use crate::contracts::AssemblyGraph;
use crate::error::{ClientError, Outcome};

/// Most pages of one answer. With 100 entries each that is ten million units and links.
pub const WALK_PAGES_MAX: usize = 100_000;

/// What to walk.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Code of the unit to start from.
    pub code: String,
    /// To what it is made of, or to what it went into.
    pub direction: Direction,
    /// All links that ever were, or those that hold now.
    pub view: View,
    /// Units and links per page; none leaves it to the contract.
    pub page_size: Option<u32>,
    /// Height to read at; 0 takes the latest and stays there.
    pub height: u64,
}

/// A whole trace, in the order of the walk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trace {
    /// Unit that it starts from.
    pub root: String,
    /// `backward` or `forward`.
    pub direction: Direction,
    /// Height at which all of it was true.
    pub height: u64,
    /// Pages that were read.
    pub pages: usize,
    /// Each unit once, the root first.
    pub units: Vec<UnitView>,
    /// Each link once.
    pub links: Vec<LinkView>,
    /// Migrations of the contract that answered: no answer hides that the code behind it was changed.
    #[serde(default)]
    pub migrations: Vec<Migration>,
}

/// A whole recall scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecallScope {
    /// Suspect units.
    pub seeds: Vec<String>,
    /// Height at which all of it was true.
    pub height: u64,
    /// Each touched unit once, the seeds among them.
    pub entries: Vec<RecallEntry>,
}

/// Reads a whole trace.
///
/// # Errors
/// Refusals of the contract (unknown code, frontier too wide); malformed above [`WALK_PAGES_MAX`] pages.
pub async fn trace(client: &Client, graph: &AssemblyGraph<'_>, walk: &Walk) -> Outcome<Trace> {
    trace_as_of(client, graph, walk, None, None).await
}

/// Reads a whole trace as it was at a moment, over some of the links only.
///
/// # Errors
/// As [`trace`].
pub async fn trace_as_of(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    walk: &Walk,
    as_of: Option<AsOf>,
    filter: Option<TraceFilter>,
) -> Outcome<Trace> {
    let height = pin(client, walk.height).await?;
    let mut whole = Trace {
        root: walk.code.clone(),
        direction: walk.direction,
        height,
        pages: 0,
        units: Vec::new(),
        links: Vec::new(),
        migrations: Vec::new(),
    };
    let mut cursor = None;
    while whole.pages < WALK_PAGES_MAX {
        let question = QueryMsg::Trace {
            code: walk.code.clone(),
            direction: walk.direction,
            view: Some(walk.view),
            as_of,
            filter: filter.clone(),
            limit: walk.page_size,
            cursor,
        };
        let page: TracePage = graph.query_at(height, &question).await?;
        whole.pages = whole.pages.saturating_add(1);
        whole.migrations = page.migrations;
        whole.units.extend(page.units);
        whole.links.extend(page.links);
        match page.next {
            None => return Ok(whole),
            next => cursor = next,
        }
    }
    Err(endless("trace"))
}

/// Reads a whole recall scope.
///
/// # Errors
/// See [`trace`].
pub async fn recall_scope(
    client: &Client,
    graph: &AssemblyGraph<'_>,
    seeds: &[String],
    page_size: Option<u32>,
    height: u64,
) -> Outcome<RecallScope> {
    let height = pin(client, height).await?;
    let mut entries = Vec::new();
    let mut cursor = None;
    for _ in 0..WALK_PAGES_MAX {
        let question = QueryMsg::RecallScope { seeds: seeds.to_vec(), limit: page_size, cursor };
        let page: RecallPage = graph.query_at(height, &question).await?;
        entries.extend(page.entries);
        match page.next {
            None => return Ok(RecallScope { seeds: seeds.to_vec(), height, entries }),
            next => cursor = next,
        }
    }
    Err(endless("recall scope"))
}

/// The height to read at: the one named, or the latest.
///
/// # Errors
/// Network classes.
pub(crate) async fn pin(client: &Client, height: u64) -> Outcome<u64> {
    if height > 0 {
        return Ok(height);
    }
    Ok(client.rpc().status().await?.sync_info.latest_block_height.value())
}

fn endless(what: &str) -> ClientError {
    ClientError::Malformed { what: what.into(), why: format!("more than {WALK_PAGES_MAX} pages") }
}
