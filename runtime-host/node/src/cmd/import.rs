//! `suyuan import`: documents of others become participants, codes, units and links, by signed transactions.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;
use suyuan_cases::catena_x;
use suyuan_cases::genealogy::Genealogy;
use suyuan_client::{Client, Deployment, FaultClass, Signer};
use suyuan_trace_api::assembly::{AlternateId, QueryMsg, UnitView};

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::play::{Player, Tally};
use crate::watch::Watch;

pub mod epcis;

/// Kinds of documents.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// A file of Catena-X digital twins with their as-built bills of materials
    ///
    /// The key that signs must be a certifier of the deployment: it registers the makers that the file names.
    #[command(name = "catena-x")]
    CatenaX {
        /// The file
        file: PathBuf,
    },
    /// An EPCIS 2.0 document in JSON-LD
    ///
    /// The key that signs must be a certifier of the deployment: it registers the importer and the parties that the
    /// document names.
    Epcis(epcis::Args),
}

/// Reads the document as a whole, refuses it or sends all of it.
///
/// # Errors
/// Usage for a broken document, with the place of the fault; refusals of the chain.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    let file = match command {
        Command::CatenaX { file } => file,
        Command::Epcis(args) => return epcis::run(ctx, args).await,
    };
    let genealogy = read_catena_x(&file)?;
    let deployment = ctx.deployment()?;
    let signer = ctx.signer()?;
    let client = ctx.client().await?;
    let begin = Instant::now();
    let tally =
        import(ctx, &client, &deployment, &signer, &genealogy).await.map_err(|failure| {
            match failure.class {
                // What is wrong with the document names it.
                FaultClass::Usage => {
                    let error = failure.error.context(file.display().to_string());
                    Failure { error, ..failure }
                }
                _ => failure,
            }
        })?;
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
    let bytes = std::fs::read(file).or_local(|| format!("reading {}", file.display()))?;
    catena_x::read(&bytes)
        .map_err(|refused| Failure::usage(format!("{}: {refused}", file.display())))
}

/// Sends a genealogy of which nothing is on the chain yet.
///
/// # Errors
/// Usage, before anything is sent, if one of its parts is on the chain or another key imported before; refusals.
pub async fn import(
    ctx: &Ctx,
    client: &Client,
    deployment: &Deployment,
    signer: &Signer,
    genealogy: &Genealogy,
) -> Done<Tally> {
    let story = catena_x::story(genealogy);
    let mut player = Player::new(client, deployment, signer, ctx.prefix());
    if player.is_known(catena_x::IMPORTER).await? {
        if !player.is_ours(catena_x::IMPORTER).await? {
            return Err(Failure::usage(ctx.lang().imported_with_another_key(catena_x::IMPORTER)));
        }
        check_new(ctx, client, deployment, genealogy).await?;
    }
    let mut watch = Watch::new(ctx, story.steps().count());
    let tally = player.play(&story, |progress| watch.hear(progress)).await?;
    watch.end();
    Ok(tally)
}

/// No part may be on the chain under its id already.
async fn check_new(
    ctx: &Ctx,
    client: &Client,
    deployment: &Deployment,
    genealogy: &Genealogy,
) -> Done {
    let graph = deployment.graph(client);
    for part in genealogy.parts() {
        let name =
            AlternateId { scheme: catena_x::ALTERNATE_SCHEME.into(), value: part.id.clone() };
        let there: Option<UnitView> = graph.query(&QueryMsg::UnitByAlternateId(name)).await?;
        if let Some(unit) = there {
            let place = part.place;
            let text = ctx.lang().already_imported(&part.id, &unit.code, place.line, place.column);
            return Err(Failure::usage(text));
        }
    }
    Ok(())
}
