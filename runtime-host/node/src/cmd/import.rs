//! `suyuan import`: documents of others become participants, codes, units and links, by signed transactions.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;
use suyuan_cases::catena_x;
use suyuan_cases::genealogy::Genealogy;
use suyuan_client::{Client, Deployment, Signer};
use suyuan_trace_api::assembly::{AlternateId, QueryMsg, UnitView};

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::play::{Player, Tally};
use crate::watch::Watch;

/// Kinds of documents.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// A file of Catena-X digital twins with their as-built bills of materials
    #[command(name = "catena-x")]
    CatenaX {
        /// The file.
        file: PathBuf,
    },
}

/// Reads the document as a whole, refuses it or sends all of it.
///
/// # Errors
/// Usage for a broken document, with the place of the fault; refusals of the chain.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let Command::CatenaX { file } = command;
    let genealogy = read_catena_x(&file)?;
    let deployment = ctx.deployment()?;
    let signer = ctx.signer()?;
    let client = ctx.client().await?;
    let begin = Instant::now();
    let tally = import(ctx, &client, &deployment, &signer, &genealogy).await?;
    let answer = json!({
        "participants": tally.participants,
        "units": genealogy.parts().len(),
        "links": genealogy.links(),
        "events": tally.events,
        "transactions": tally.transactions,
        "seconds": (begin.elapsed().as_millis() as f64) / 1000.0,
    });
    ctx.print(&answer);
    Ok(())
}

/// Reads a Catena-X file.
///
/// # Errors
/// Local if the file cannot be read; usage with file, line, column and reason if it is broken.
pub fn read_catena_x(file: &std::path::Path) -> Done<Genealogy> {
    let text = std::fs::read_to_string(file).or_local(|| format!("reading {}", file.display()))?;
    catena_x::read(&text)
        .map_err(|refused| Failure::usage(format!("{}: {refused}", file.display())))
}

/// Sends a genealogy that is not on the chain yet.
///
/// # Errors
/// Usage if parts of it are on the chain; refusals.
pub async fn import(
    ctx: &Ctx,
    client: &Client,
    deployment: &Deployment,
    signer: &Signer,
    genealogy: &Genealogy,
) -> Done<Tally> {
    if let Some(first) = genealogy.parts().first() {
        let name =
            AlternateId { scheme: catena_x::ALTERNATE_SCHEME.into(), value: first.id.clone() };
        let question = QueryMsg::UnitByAlternateId(name);
        let there: Option<UnitView> = deployment.graph(client).query(&question).await?;
        if let Some(unit) = there {
            let (id, code) = (&first.id, unit.code);
            return Err(Failure::usage(format!("{id} is on this chain already, as unit {code}")));
        }
    }
    let story = catena_x::story(genealogy);
    let mut watch = Watch::new(ctx, story.steps().count());
    let mut player = Player::new(client, deployment, signer, ctx.prefix());
    let tally = player.play(&story, |progress| watch.hear(progress)).await?;
    watch.end();
    Ok(tally)
}
