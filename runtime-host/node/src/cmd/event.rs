//! `suyuan event`: record events and read them.

use std::path::PathBuf;

use serde_json::Value;
use suyuan_client::Client;
use suyuan_client::Deployment;
use suyuan_trace_api::event::{Channel, EventIndex, ExecuteMsg, QueryMsg, RecordMsg};

use crate::cmd::send::send;
use crate::cmd::words::{json_file, word};
use crate::context::Ctx;
use crate::fail::{Done, Failure};

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
    List {
        /// Last number of the page before
        #[arg(long)]
        start_after: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// List events that share something
    By {
        /// business-transaction, resource, project, actor or source
        #[arg(value_parser = word::<EventIndex>)]
        index: EventIndex,
        /// Its value; for business transactions KIND:ID
        value: String,
        /// Last number of the page before
        #[arg(long)]
        start_after: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Show where the chain of events of a source stands
    SourceState {
        /// The source.
        source: String,
    },
}

/// Sends or asks.
///
/// # Errors
/// See [`send`]; refused for failed queries; usage for unreadable files.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let deployment = ctx.deployment()?;
    let question = match command {
        Command::Record { file, source, source_key, kid } => {
            let mut record: RecordMsg = json_file(&file)?;
            let signer = ctx.signer()?;
            let client = ctx.client().await?;
            if let (Some(source), Some(name)) = (source, source_key) {
                sign(ctx, &client, &deployment, &mut record, (&source, &kid, &name)).await?;
            }
            let message = ExecuteMsg::Record(Box::new(record));
            let packed = deployment.event(&client).message(signer.address(), &message)?;
            return send(ctx, &client, &signer, vec![packed]).await;
        }
        Command::Show { id } => QueryMsg::Event { id },
        Command::List { start_after, limit } => QueryMsg::Events { start_after, limit },
        Command::By { index, value, start_after, limit } => {
            QueryMsg::EventsBy { index, value, start_after, limit }
        }
        Command::SourceState { source } => QueryMsg::SourceState { source },
    };
    let client = ctx.client().await?;
    let answer: Value = deployment.event(&client).query(&question).await?;
    if answer.is_null() {
        return Err(Failure::refused("the event log does not know it"));
    }
    ctx.print(&answer);
    Ok(())
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
