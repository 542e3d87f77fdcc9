//! `tx_search` over the seam: one list of matches out of those from before the network and those of the network.

use serde_json::{json, Value};

use super::network::NetworkNode;
use super::{per_page, MethodSpec, Node};
use crate::error::RpcError;
use crate::params::Args;
use crate::transport::Methods as _;

/// Who is asked.
#[derive(Clone, Copy)]
enum Side<'a> {
    Past(&'a Node),
    Engine(&'a NetworkNode),
}

/// The search that a client wants.
struct Search {
    spec: &'static MethodSpec,
    query: String,
    prove: bool,
    order: String,
}

impl Search {
    async fn ask(&self, side: Side<'_>, page: u64, per_page: u64) -> Result<Value, RpcError> {
        let text = |value: Value| value.to_string();
        let pairs = vec![
            ("query".to_string(), text(json!(self.query))),
            ("prove".to_string(), self.prove.to_string()),
            ("page".to_string(), text(json!(page.to_string()))),
            ("per_page".to_string(), text(json!(per_page.to_string()))),
            ("order_by".to_string(), text(json!(self.order))),
        ];
        let answer = match side {
            Side::Past(node) => node.call(self.spec, Args::Uri(pairs)).await?,
            Side::Engine(node) => node.engine().call(self.spec.name, &Args::Uri(pairs)).await?,
        };
        serde_json::from_str(&answer).map_err(|e| RpcError::internal(e.to_string()))
    }

    async fn total(&self, side: Side<'_>) -> Result<u64, RpcError> {
        let answer = self.ask(side, 1, 1).await?;
        let total = answer["total_count"].as_str().and_then(|text| text.parse().ok());
        total.ok_or_else(|| RpcError::internal("a search without total"))
    }

    /// Appends the matches at `begin..end`, which lie on two pages at the most.
    async fn take(
        &self,
        side: Side<'_>,
        size: u64,
        (begin, end): (u64, u64),
        txs: &mut Vec<Value>,
    ) -> Result<(), RpcError> {
        let mut at = begin;
        while at < end {
            let mut answer = self.ask(side, (at / size).saturating_add(1), size).await?;
            let found = match answer["txs"].take() {
                Value::Array(found) => found,
                _ => Vec::new(),
            };
            let small = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            let before = txs.len();
            let wanted = small(end.saturating_sub(at));
            txs.extend(found.into_iter().skip(small(at % size)).take(wanted));
            let gained = txs.len().saturating_sub(before) as u64;
            if gained == 0 {
                // Fewer than were counted a moment ago.
                return Ok(());
            }
            at = at.saturating_add(gained);
        }
        Ok(())
    }
}

/// Answers `tx_search` of a chain that began alone.
pub(super) async fn tx_search(
    past: &Node,
    engine: &NetworkNode,
    spec: &'static MethodSpec,
    args: &Args<'_>,
) -> Result<String, RpcError> {
    let order = args.string("order_by")?.into_owned();
    let search = Search {
        spec,
        query: args.string("query")?.into_owned(),
        prove: args.flag("prove")?,
        order: if order.is_empty() { "asc".to_string() } else { order },
    };
    let (past, engine) = (Side::Past(past), Side::Engine(engine));
    let (first, second) = if search.order == "desc" { (engine, past) } else { (past, engine) };
    let (in_first, in_second) = (search.total(first).await?, search.total(second).await?);
    let size = per_page(args.int("per_page")?) as u64;
    let total = in_first.saturating_add(in_second);
    let pages = total.div_ceil(size).max(1);
    let given = args.int("page")?.unwrap_or(1);
    let number = u64::try_from(given).ok().filter(|n| (1..=pages).contains(n));
    let number = number.ok_or(suyuan_solo::ChainError::Page { pages, given })?;
    let begin = number.saturating_sub(1).saturating_mul(size);
    let end = begin.saturating_add(size).min(total);
    let mut txs = Vec::new();
    search.take(first, size, (begin.min(in_first), end.min(in_first)), &mut txs).await?;
    let (begin, end) = (begin.max(in_first) - in_first, end.max(in_first) - in_first);
    search.take(second, size, (begin, end), &mut txs).await?;
    Ok(json!({"txs": txs, "total_count": total.to_string()}).to_string())
}
