//! `suyuan attest`: an authentication node co-signs a certificate that its own state confirms.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use suyuan_certificate::{Addresses, Anchor, Attestations, Checksums, Terms};
use suyuan_client::attest::{attest, Attestant};

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// Which certificate, and who signs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    file: PathBuf,
    /// Participant that runs the node
    #[arg(long, value_name = "ID")]
    participant: String,
    /// Id of its key in the registry
    #[arg(long, value_name = "ID")]
    kid: String,
    /// Name of the key in the keyring
    #[arg(long, value_name = "NAME")]
    key: String,
    /// Attestations of others for the same certificate, to be taken along
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// File for the attestations
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// SHA-256 of contract code to accept beside that of this release; may be repeated
    #[arg(long, value_name = "HEX")]
    accept_checksum: Vec<String>,
    /// deployment.json with the contracts that count
    #[arg(long, value_name = "FILE")]
    deployment: Option<PathBuf>,
}

/// Checks the certificate against the node of `--node`, which has to be one's own, signs, and writes the file.
///
/// # Errors
/// Verification with the reason where the certificate does not hold against the node, or where this key may not
/// attest; usage and local for arguments, keys and files; network classes.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    let mut checksums = Checksums::built_in();
    for checksum in &args.accept_checksum {
        checksums.accept(checksum).or_usage(|| "--accept-checksum".into())?;
    }
    let read = |file: &PathBuf| fs::read(file).or_local(|| format!("reading {}", file.display()));
    let deployment = match &args.deployment {
        None => None,
        Some(file) => {
            Some(Addresses::from_deployment(&read(file)?).or_usage(|| "--deployment".into())?)
        }
    };
    let terms = Terms { anchor: Anchor::None, checksums, deployment };
    let bytes = read(&args.file)?;
    let signer = ctx.keyring().find_any(&args.key)?.signer;
    let client = ctx.client().await?;
    let attestant = Attestant { participant: &args.participant, kid: &args.kid, key: &signer };
    let refused = |fault: suyuan_certificate::Fault| {
        Failure::verification(format!("not signed ({}): {fault}", fault.reason()))
    };
    let mut signed = attest(&client, &bytes, &terms, attestant).await?.map_err(refused)?;
    if let Some(others) = &args.with {
        let others = Attestations::from_bytes(&read(others)?).map_err(refused)?;
        signed = others.with(signed).map_err(refused)?;
    }
    let file = signed.to_bytes().map_err(refused)?;
    fs::write(&args.out, &file).or_local(|| format!("writing {}", args.out.display()))?;
    let attestors: Vec<&str> =
        signed.attestations.iter().map(|one| one.participant.as_str()).collect();
    if ctx.is_text() {
        output::print_line(&format!(
            "{}: {} ({} bytes)",
            args.out.display(),
            attestors.join(", "),
            file.len()
        ));
    } else {
        ctx.print(&json!({
            "file": args.out.display().to_string(),
            "certificate": signed.certificate,
            "attestors": attestors,
        }));
    }
    Ok(())
}
