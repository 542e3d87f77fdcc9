//! `suyuan trace … --prove`: a trace as a file that proves itself.

use std::fs;
use std::path::Path;

use serde_json::json;
use suyuan_certificate::{verify, Anchor, Certificate, Checksums, Report, Terms};
use suyuan_client::certificate::{fetch, Question};
use suyuan_client::{Client, Deployment};

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// Fetches a certificate, checks it as a reader would, and writes it.
///
/// # Errors
/// Refused if the unit is unknown; verification if the node's answers do not prove each other; local for the file.
pub async fn run(ctx: &Ctx, client: &Client, question: &Question, out: &Path) -> Done {
    let deployment = ctx.deployment()?;
    let (certificate, report) = proved(client, &deployment, question).await?;
    let bytes = certificate.to_bytes().or_local(|| "the certificate as JSON".into())?;
    fs::write(out, &bytes).or_local(|| format!("writing {}", out.display()))?;
    if ctx.is_text() {
        let text = format!(
            "{}: {} units, {} links, {} events at height {}, {} bytes",
            out.display(),
            report.units,
            report.links,
            report.events,
            report.height,
            bytes.len()
        );
        output::print_line(&text);
        ctx.say(ctx.lang().pick(
            "Anyone can check it without a node: suyuan verify FILE --trust GENESIS",
            "任何人都可在没有节点的情况下核验：suyuan verify FILE --trust GENESIS",
        ));
    } else {
        ctx.print(&json!({
            "file": out.display().to_string(), "bytes": bytes.len(), "height": report.height,
            "units": report.units, "links": report.links, "events": report.events,
            "header_hash": report.header_hash,
        }));
    }
    Ok(())
}

/// A certificate that is complete and consistent in itself. Code is accepted as the chain has it: who verifies the
/// file says which code to believe.
///
/// # Errors
/// As [`run`].
pub async fn proved(
    client: &Client,
    deployment: &Deployment,
    question: &Question,
) -> Done<(Certificate, Report)> {
    let certificate = fetch(client, deployment, question).await?;
    let mut checksums = Checksums::built_in();
    for checksum in certificate.checksums() {
        checksums.accept(&checksum).or_local(|| "a checksum".into())?;
    }
    let terms = Terms { anchor: Anchor::None, checksums, deployment: None };
    let bytes = certificate.to_bytes().or_local(|| "the certificate as JSON".into())?;
    let report = verify(&bytes, &terms).map_err(|fault| {
        Failure::verification(format!("the node proves nothing ({}): {fault}", fault.reason()))
    })?;
    Ok((certificate, report))
}
