//! Log lines for operators, on standard error. What commands answer goes to standard output and is not logging.

use clap::ValueEnum;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What stops the node.
    Error,
    /// What an operator should look at.
    Warn,
    /// The course of things.
    Info,
    /// Details.
    Debug,
    /// Everything.
    Trace,
}

/// Starts logging for the process. A second call changes nothing.
///
/// From `debug` on a line names the spans that it was written in: `block{height txs}` with `execute`, `append`, `commit`
/// and `recheck`, and `query{path height}`. With `trace` there is `check_tx{hash}` and, where transactions run,
/// `tx{hash mode}` with their contract calls, and each span writes a line at its end that says how long it took.
pub fn init(level: LogLevel) {
    let filter = match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let ends = if level == LogLevel::Trace { FmtSpan::CLOSE } else { FmtSpan::NONE };
    let started = tracing_subscriber::fmt()
        .with_max_level(filter)
        .with_span_events(ends)
        .with_writer(std::io::stderr)
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
