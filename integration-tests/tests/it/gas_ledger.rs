//! Where the gas of a transaction goes: the charges that the application tells at trace level, collected and added up.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use parking_lot::Mutex;
use suyuan_app::GAS_TRACE;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// What gas was spent on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Size, signatures, account and fee of the transaction.
    Ante,
    /// Loading a contract.
    Loading { contract: String },
    /// Instructions of a contract, and taking over its answers.
    Code { contract: String },
    /// Records of a contract: what was done, and which kind of record.
    Record { contract: String, deed: String, kind: String },
    /// What the chain does beside: looking contracts up, events.
    Chain,
}

/// How often a step was charged, and what it cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    pub times: u64,
    pub gas: u64,
}

/// The steps of one transaction.
pub type Steps = BTreeMap<Step, Sum>;

static WATCHED: AtomicBool = AtomicBool::new(false);
static FOUND: Mutex<BTreeMap<String, Steps>> = Mutex::new(BTreeMap::new());

/// Collects from now on. Other tests of the process may run beside: what they run is told apart by its hash.
///
/// # Errors
/// If something else collects events in this process.
pub fn watch() -> Result<()> {
    let collector = Collector { spans: Mutex::default(), last: AtomicU64::new(0) };
    tracing::subscriber::set_global_default(collector).context("events are collected already")?;
    WATCHED.store(true, Ordering::SeqCst);
    Ok(())
}

/// The steps of a transaction that ran in a block, by its hash in upper-case hexadecimal.
pub fn steps(hash: &str) -> Option<Steps> {
    FOUND.lock().get(hash).cloned()
}

/// No more collecting.
pub fn rest() {
    WATCHED.store(false, Ordering::SeqCst);
    FOUND.lock().clear();
}

#[derive(Clone)]
enum Span {
    Tx { hash: String },
    Ante,
    Call { contract: String },
    Other,
}

/// A transaction that runs on this thread.
#[derive(Default)]
struct Running {
    around: Vec<Span>,
    loading: Option<u64>,
    steps: Steps,
}

thread_local! {
    static RUNNING: RefCell<Running> = RefCell::default();
}

struct Collector {
    spans: Mutex<HashMap<u64, Span>>,
    last: AtomicU64,
}

impl Subscriber for Collector {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == GAS_TRACE
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let kind = match span.metadata().name() {
            "tx" if fields.text("mode") == "Deliver" => Span::Tx { hash: fields.text("hash") },
            "ante" => Span::Ante,
            "call" => Span::Call { contract: fields.text("contract") },
            _ => Span::Other,
        };
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.spans.lock().insert(id, kind);
        Id::from_u64(id)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        if !WATCHED.load(Ordering::Relaxed) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        RUNNING.with_borrow_mut(|running| running.charge(&fields));
    }

    fn enter(&self, id: &Id) {
        let kind = self.spans.lock().get(&id.into_u64()).cloned().unwrap_or(Span::Other);
        RUNNING.with_borrow_mut(|running| running.enter(kind));
    }

    fn exit(&self, _: &Id) {
        RUNNING.with_borrow_mut(Running::exit);
    }

    fn try_close(&self, id: Id) -> bool {
        self.spans.lock().remove(&id.into_u64());
        true
    }
}

impl Running {
    fn enter(&mut self, span: Span) {
        match &span {
            Span::Tx { .. } => self.steps.clear(),
            Span::Call { contract } => {
                if let Some(gas) = self.loading.take() {
                    self.add(Step::Loading { contract: contract.clone() }, gas);
                }
            }
            _ => {}
        }
        self.around.push(span);
    }

    fn exit(&mut self) {
        if let Some(Span::Tx { hash }) = self.around.pop() {
            let steps = std::mem::take(&mut self.steps);
            if WATCHED.load(Ordering::Relaxed) {
                FOUND.lock().insert(hash, steps);
            }
        }
    }

    fn charge(&mut self, fields: &Fields) {
        let (gas, place) = (fields.gas, fields.text("place"));
        let contract = match self.around.last() {
            Some(Span::Ante) => return self.add(Step::Ante, gas),
            Some(Span::Call { contract }) => contract.clone(),
            _ => String::new(),
        };
        if place.starts_with("Loading CosmWasm module") {
            // Its call follows and says which contract it is.
            self.loading = Some(gas);
            return;
        }
        let step = match (place.as_str(), fields.texts.get("key")) {
            ("wasm contract", _) => Step::Code { contract },
            (_, Some(key)) => {
                let deed = place.trim_start_matches("contract ").to_string();
                Step::Record { contract, deed, kind: kind(key) }
            }
            _ => Step::Chain,
        };
        self.add(step, gas);
    }

    fn add(&mut self, step: Step, gas: u64) {
        let sum = self.steps.entry(step).or_default();
        sum.times += 1;
        sum.gas += gas;
    }
}

/// The kind of a record by its key: the name of a map or an item, or the first byte of a binary key.
fn kind(key: &str) -> String {
    let bytes = hex::decode(key).unwrap_or_default();
    match bytes.as_slice() {
        [0, len, rest @ ..] if rest.len() >= usize::from(*len) => {
            String::from_utf8_lossy(&rest[..usize::from(*len)]).into_owned()
        }
        [tag, ..] if *tag < 0x20 => format!("{tag:02x}"),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}

#[derive(Default)]
struct Fields {
    gas: u64,
    texts: HashMap<&'static str, String>,
}

impl Fields {
    fn text(&self, name: &str) -> String {
        self.texts.get(name).cloned().unwrap_or_default()
    }
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "gas" {
            self.gas = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.texts.insert(field.name(), value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.texts.insert(field.name(), format!("{value:?}"));
    }
}

#[test]
fn kinds_of_records_are_read_off_their_keys() {
    assert_eq!(kind("0001656162"), "e");
    assert_eq!(kind("020000000000000001"), "02");
    assert_eq!(kind("636f6e666967"), "config");
}
