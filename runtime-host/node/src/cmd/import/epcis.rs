//! `suyuan import epcis`: EPCIS 2.0 documents, whole or event by event.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{json, Value};
use suyuan_client::{Client, Deployment, FaultClass, Signer};
use suyuan_epcis::fault::Fault;
use suyuan_epcis::plan::{Before, ClassLevel, OnError, Rules};
use suyuan_epcis::read::{read, Document};
use suyuan_epcis::tell::{tell_after, Import, Options, IMPORTER};
use suyuan_trace_api::digest::Digest;

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::play::{Player, Tally};
use crate::watch::Watch;

mod known;

/// What is imported, and how.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file: a capture document, a query document, or one event, in JSON-LD
    file: PathBuf,
    /// What to do with an event at fault: refuse the document, or leave the event out
    #[arg(long, value_enum, default_value = "stop")]
    on_error: OnErrorArg,
    /// What to do with classes in the place of lots: keep a ledger of the class, or refuse the event
    #[arg(long, value_enum, default_value = "keep")]
    class_level: ClassLevelArg,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnErrorArg {
    Stop,
    Skip,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ClassLevelArg {
    Keep,
    Refuse,
}

/// Reads the document, refuses it or sends it. The answer lists what became of each event.
///
/// # Errors
/// Usage for a broken document or, with `--on-error stop`, a broken event, with path, line and column; refusals of the
/// chain.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    let file = &args.file;
    let bytes = std::fs::read(file).or_local(|| format!("reading {}", file.display()))?;
    let document = read(&bytes).map_err(|fault| refused(file, &fault))?;
    if ctx.globals.tx.dry_run {
        let import = told(&document, &args, [0; 32], &Before::default())?;
        ctx.print(&answer(&import, None, 0.0));
        return Ok(());
    }
    let deployment = ctx.deployment()?;
    let signer = ctx.signer()?;
    let client = ctx.client().await?;
    let begin = Instant::now();
    let sent = send(ctx, (&client, &deployment, &signer), &document, &args).await;
    let (import, tally) = sent.map_err(|failure| match failure.class {
        // What is wrong with the document names it.
        FaultClass::Usage => {
            let error = failure.error.context(file.display().to_string());
            Failure { error, ..failure }
        }
        _ => failure,
    })?;
    let seconds = (begin.elapsed().as_millis() as f64) / 1000.0;
    ctx.print(&answer(&import, Some(tally), seconds));
    Ok(())
}

fn told(document: &Document, args: &Args, secret: [u8; 32], before: &Before) -> Done<Import> {
    let rules = Rules {
        on_error: match args.on_error {
            OnErrorArg::Stop => OnError::Stop,
            OnErrorArg::Skip => OnError::Skip,
        },
        class_level: match args.class_level {
            ClassLevelArg::Keep => ClassLevel::Keep,
            ClassLevelArg::Refuse => ClassLevel::Refuse,
        },
        latest_ms: now_ms(),
    };
    let options = Options { rules, secret };
    tell_after(document, &options, before)
        .map_err(|fault| Failure::usage(format!("{fault} [{}]", fault.reason.code())))
}

/// The clock of this machine; the chain judges by its own.
fn now_ms() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

fn refused(file: &Path, fault: &Fault) -> Failure {
    Failure::usage(format!("{}: {fault} [{}]", file.display(), fault.reason.code()))
}

/// From this come the salts of the document's commitments: whoever has the key can show their fields later.
fn secret(signer: &Signer, document: &Document) -> [u8; 32] {
    let parts: [&[u8]; 3] = [b"suyuan/epcis-salts/1", &signer.secret(), document.digest.bytes()];
    *Digest::of(&parts).bytes()
}

type Chain<'a> = (&'a Client, &'a Deployment, &'a Signer);

/// Sends what the chain does not know of a document yet: units of earlier documents go on where they stand.
///
/// # Errors
/// Usage, before anything is sent, if one of its units is not in the importer's hands or another key imported before;
/// refusals.
async fn send(
    ctx: &Ctx,
    (client, deployment, signer): Chain<'_>,
    document: &Document,
    args: &Args,
) -> Done<(Import, Tally)> {
    let secret = secret(signer, document);
    let mut player = Player::new(client, deployment, signer, ctx.prefix());
    let mut import = told(document, args, secret, &Before::default())?;
    if player.is_known(IMPORTER).await? {
        if !player.is_ours(IMPORTER).await? {
            return Err(Failure::usage(ctx.lang().imported_with_another_key(IMPORTER)));
        }
        let before = known::before(ctx, client, deployment, &import).await?;
        import = told(document, args, secret, &before)?;
    }
    let mut watch = Watch::new(ctx, import.story.steps().count());
    let tally = player.play(&import.story, |progress| watch.hear(progress)).await?;
    watch.end();
    Ok((import, tally))
}

fn answer(import: &Import, tally: Option<Tally>, seconds: f64) -> Value {
    let rows = import.rows.iter().map(|row| match &row.outcome {
        Ok(outcome) => json!({
            "event": row.index,
            "event_id": row.event_id,
            "outcome": outcome,
        }),
        Err(fault) => json!({
            "event": row.index,
            "refused": fault.to_string(),
            "code": fault.reason.code(),
            "path": fault.spot.path,
        }),
    });
    let notes = import.notes.iter().map(ToString::to_string);
    let sent = tally.map(|tally| {
        json!({
            "participants": tally.participants,
            "events": tally.events,
            "transactions": tally.transactions,
            "seconds": seconds,
        })
    });
    json!({
        "units": import.units.len(),
        "events": rows.collect::<Vec<_>>(),
        "notes": notes.collect::<Vec<_>>(),
        "sent": sent,
    })
}
