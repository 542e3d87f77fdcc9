//! `/metrics` in the text format of Prometheus, on a listener of its own. Off unless `metrics.laddr` is set.

use std::future::IntoFuture as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::Router;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use suyuan_solo::Chain;
use tokio::sync::watch;

use crate::background::Background;
use crate::fail::Done;

/// Media type of the answer.
const CONTENT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Bytes of a page as `/proc/self/statm` counts them on the machines that the node runs on.
const PAGE_BYTES: i64 = 4_096;

/// Labels of the build.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: String,
    chain_id: String,
}

/// What a scrape answers, put together.
#[derive(Debug)]
pub struct Page(Registry);

impl Page {
    /// A page with what every node says: its program, its chain, its memory.
    pub fn new(chain_id: &str) -> Self {
        let mut page = Page(Registry::with_prefix("suyuan"));
        let build = Family::<Build, Gauge>::default();
        let labels = Build {
            version: crate::cmd::version::VERSION.to_string(),
            chain_id: chain_id.to_string(),
        };
        build.get_or_create(&labels).set(1);
        page.0.register("build", "The program and its chain", build);
        page.gauge("resident_bytes", "Memory that the process holds", resident_bytes());
        page
    }

    /// Adds a number that goes up and down.
    pub fn gauge(&mut self, name: &str, help: &str, value: i64) {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        self.0.register(name, help, gauge);
    }

    /// The page.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        if encode(&mut text, &self.0).is_err() {
            tracing::error!("metrics could not be written");
        }
        text
    }
}

/// What a scrape of a chain that this node makes alone answers.
pub fn text(chain: &Chain, chain_id: &str) -> String {
    let mut page = Page::new(chain_id);
    gauges(&mut page, chain);
    counters(&mut page.0, chain);
    page.text()
}

fn gauges(page: &mut Page, chain: &Chain) {
    let waiting = chain.num_unconfirmed_txs();
    let time = chain.status().map_or(0, |status| status.latest.time.unix_timestamp());
    for (name, help, value) in [
        ("height", "Latest published height", signed(chain.latest_height())),
        ("block_time_seconds", "Header time of the latest block", time),
        ("mempool_txs", "Transactions in no published block yet", signed(waiting.total)),
        ("mempool_bytes", "Bytes of these transactions", signed(waiting.total_bytes)),
        ("healthy", "1 unless a fault stopped the chain", i64::from(chain.fault().is_none())),
    ] {
        page.gauge(name, help, value);
    }
}

fn counters(registry: &mut Registry, chain: &Chain) {
    let stats = chain.stats();
    for (name, help, value) in [
        ("blocks", "Blocks made since the start", stats.blocks),
        ("txs_succeeded", "Transactions in these blocks with code 0", stats.txs_ok),
        ("txs_failed", "Transactions in these blocks with another code", stats.txs_failed),
        ("gas_used", "SDK gas used by these transactions", stats.gas_used),
        ("checks_accepted", "Transactions that the mempool took", stats.checks_ok),
        ("checks_refused", "Transactions that the mempool did not take", stats.checks_refused),
        ("evicted", "Transactions that became invalid while they waited", stats.evicted),
        ("execute_micros", "Time spent executing blocks", stats.execute_micros),
        ("append_micros", "Time spent writing and syncing the block log", stats.append_micros),
        ("commit_micros", "Time spent committing and rechecking", stats.commit_micros),
    ] {
        registry.register(name, help, ConstCounter::new(value));
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Resident memory, 0 where the system does not say.
fn resident_bytes() -> i64 {
    std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<i64>().ok())
        .map_or(0, |pages| pages.saturating_mul(PAGE_BYTES))
}

/// Writes the page of a scrape; may block.
pub type Scrape = Arc<dyn Fn() -> String + Send + Sync>;

async fn scrape(State(scrape): State<Scrape>) -> impl IntoResponse {
    let text = tokio::task::spawn_blocking(move || scrape()).await.unwrap_or_default();
    ([(CONTENT_TYPE, CONTENT)], text)
}

/// The running server. Dropping it ends it.
#[derive(Debug)]
pub struct MetricsServer(Background);

impl MetricsServer {
    /// Serves what `scraped` writes on `listener` (non-blocking).
    ///
    /// # Errors
    /// Local if thread or runtime do not start.
    pub fn start(listener: TcpListener, scraped: Scrape) -> Done<Self> {
        let router = Router::new().route("/metrics", get(scrape)).with_state(scraped);
        Background::start("metrics", listener, move |listener, stopped| {
            serve(listener, router, stopped)
        })
        .map(MetricsServer)
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    tokio::select! {
        served = axum::serve(listener, router).into_future() => {
            if let Err(error) = served {
                tracing::error!(%error, "the metrics server ended");
            }
        }
        // An error means that the sender is gone, which also means stop.
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
