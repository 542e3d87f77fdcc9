//! `suyuan event`: record events and read them; each further noun has a file of its own.

use std::path::PathBuf;

use suyuan_client::Client;
use suyuan_client::Deployment;
use suyuan_trace_api::event::{
    Channel, EventIndex, ExecuteMsg, QueryMsg, RecordMsg, TimeField, TimeWindow,
};

use crate::cmd::act::{Act, NumberPage};
use crate::cmd::send::send;
use crate::cmd::words::{json_file, word};
use crate::context::Ctx;
use crate::fail::Done;

pub mod anchor;
pub mod attest;
pub mod correction;
pub mod gap;
pub mod profile;
pub mod vocabulary;

/// A message to the event log, or a question.
pub type Step = Act<ExecuteMsg, QueryMsg>;

/// What to do with events.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Record an event from a JSON file {event, channel, operation}
    Record {
        /// The file; - is standard input.
        file: PathBuf,
        /// Sign it as this data source, replacing the channel of the file
        #[arg(long, requires = "source_key", value_name = "ID")]
        source: Option<String>,
        /// Key of the keyring that signs for the source
        #[arg(long, requires = "source", value_name = "NAME")]
        source_key: Option<String>,
        /// Key id under which the registry knows it
        #[arg(long, default_value = "k1")]
        kid: String,
    },
    /// Show an event
    Show {
        /// Its id.
        id: String,
    },
    /// List events in order of recording
    List(NumberPage),
    /// List events that share something
    By {
        /// business-transaction, resource, project, actor, source, record, profile, kind, business-step or
        /// business-location
        #[arg(value_parser = word::<EventIndex>)]
        index: EventIndex,
        /// Its value; for business transactions and records KIND:ID, for profiles ID:VERSION
        value: String,
        /// Only events of this stretch of time, the end exclusive, in milliseconds since 1970
        #[arg(long, value_name = "MS..MS", value_parser = stretch)]
        during: Option<(u64, u64)>,
        /// Which time is meant with --during: event-time or record-time
        #[arg(long, value_parser = word::<TimeField>, default_value = "event-time")]
        time: TimeField,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
    /// List events recorded in a stretch of block time
    Between {
        /// Begin (inclusive), milliseconds since 1970.
        begin_ms: u64,
        /// End (exclusive).
        end_ms: u64,
        /// Which page.
        #[command(flatten)]
        page: NumberPage,
    },
    /// Show where the chain of events of a source stands
    SourceState {
        /// The source.
        source: String,
    },
    /// Show the set-up
    Config,
    /// Process profiles: which steps events take and what they need
    #[command(subcommand)]
    Profile(profile::Command),
    /// Words that events may use
    #[command(subcommand)]
    Vocabulary(vocabulary::Command),
    /// Events that a source left out
    #[command(subcommand)]
    Gap(gap::Command),
    /// What authentication nodes say of events
    #[command(subcommand)]
    Attest(attest::Command),
    /// Roots of logs that are kept outside the chain
    #[command(subcommand)]
    Anchor(anchor::Command),
    /// Corrections and disclosures.
    #[command(flatten)]
    Correction(correction::Command),
}

/// Sends or asks.
///
/// # Errors
/// See [`send`]; refused for failed queries; usage for unreadable files.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let step = match command {
        Command::Record { file, source, source_key, kid } => {
            return record(ctx, json_file(&file)?, source.zip(source_key), &kid).await;
        }
        Command::Show { id } => Act::Ask(QueryMsg::Event { id }),
        Command::List(NumberPage { start_after, limit }) => {
            Act::Ask(QueryMsg::Events { start_after, limit })
        }
        Command::By { index, value, during, time, page: NumberPage { start_after, limit } } => {
            let window = |(from_ms, to_ms)| TimeWindow { field: time, from_ms, to_ms };
            let window = during.map(window);
            Act::Ask(QueryMsg::EventsBy { index, value, window, start_after, limit })
        }
        Command::Between { begin_ms, end_ms, page: NumberPage { start_after, limit } } => {
            let (from_ms, to_ms) = (begin_ms, end_ms);
            Act::Ask(QueryMsg::EventsBetween { from_ms, to_ms, start_after, limit })
        }
        Command::SourceState { source } => Act::Ask(QueryMsg::SourceState { source }),
        Command::Config => Act::Ask(QueryMsg::Config {}),
        Command::Profile(command) => profile::act(command)?,
        Command::Vocabulary(command) => vocabulary::act(command),
        Command::Gap(command) => gap::act(command),
        Command::Attest(command) => attest::act(command),
        Command::Anchor(command) => anchor::act(command),
        Command::Correction(command) => correction::act(command)?,
    };
    step.run(ctx, |deployment| &deployment.event_log).await
}

/// Records an event, signed for a source where one is named with its key.
async fn record(
    ctx: &Ctx,
    mut record: RecordMsg,
    source: Option<(String, String)>,
    kid: &str,
) -> Done {
    let deployment = ctx.deployment()?;
    let signer = ctx.signer()?;
    let client = ctx.client().await?;
    if let Some((source, name)) = source {
        sign(ctx, &client, &deployment, &mut record, (&source, kid, &name)).await?;
    }
    let message = ExecuteMsg::Record(Box::new(record));
    let packed = deployment.event(&client).message(signer.address(), &message)?;
    send(ctx, &client, &signer, vec![packed]).await
}

async fn sign(
    ctx: &Ctx,
    client: &Client,
    deployment: &Deployment,
    record: &mut RecordMsg,
    (source, kid, key_name): (&str, &str, &str),
) -> Done {
    let key = ctx.keyring().find_any(key_name)?.signer;
    let signature =
        suyuan_client::source::sign_next(client, deployment, record, (source, kid), &key).await?;
    record.channel = Channel::Source(signature);
    Ok(())
}

/// Begin and end of a stretch of time, like `1767225600000..1767312000000`.
fn stretch(text: &str) -> Result<(u64, u64), String> {
    let ends = text.split_once("..").ok_or("write it like 1767225600000..1767312000000")?;
    let number = |end: &str| end.parse::<u64>().map_err(|e| format!("{end}: {e}"));
    Ok((number(ends.0)?, number(ends.1)?))
}
