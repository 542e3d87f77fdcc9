//! `suyuan verify`: is a certificate true? Needs no node, no home and no network.

use std::fs;
use std::path::PathBuf;

use serde_json::{json, Value};
use suyuan_certificate::{
    verify, verify_attested, Addresses, Anchor, Checksums, Fault, Report, Signer, Terms,
};
use suyuan_trace_api::assembly::Direction;

use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// Which file, and whom to believe.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    file: PathBuf,
    /// Genesis of the chain, a file with its chain_id and validators, or the hash of the header in hex
    #[arg(long, value_name = "GENESIS|HEADER_HASH")]
    trust: Option<String>,
    /// deployment.json with the contracts that count
    #[arg(long, value_name = "FILE")]
    deployment: Option<PathBuf>,
    /// SHA-256 of contract code to accept beside that of this release; may be repeated
    #[arg(long, value_name = "HEX")]
    accept_checksum: Vec<String>,
    /// What authentication nodes say of the certificate
    #[arg(long, value_name = "FILE")]
    attestations: Option<PathBuf>,
    /// How many distinct participants have to attest [default: 1]
    #[arg(long, value_name = "M", requires = "attestations")]
    attestors: Option<usize>,
}

/// Verifies and says what is proved.
///
/// # Errors
/// Verification with the reason if the certificate does not hold; unverified if it holds but nobody vouches for its
/// signers; usage and local for the arguments and their files.
pub fn run(ctx: &Ctx, args: Args) -> Done {
    let terms = terms(&args)?;
    let bytes = fs::read(&args.file).or_local(|| format!("reading {}", args.file.display()))?;
    let judged = match &args.attestations {
        None => verify(&bytes, &terms),
        Some(file) => {
            let said = fs::read(file).or_local(|| format!("reading {}", file.display()))?;
            verify_attested(&bytes, &said, &terms, args.attestors.unwrap_or(1))
        }
    };
    match judged {
        Err(fault) => {
            if !ctx.is_text() {
                ctx.print(&refused(&fault));
            }
            Err(Failure::verification(format!("refused ({}): {fault}", fault.reason())))
        }
        Ok(report) => {
            let proved = report.signer != Signer::Unverified;
            if ctx.is_text() {
                show(ctx, &report);
            } else {
                ctx.print(&accepted(&report)?);
            }
            if proved {
                return Ok(());
            }
            Err(Failure::unverified(ctx.lang().pick(
                "consistent, signer unverified: name a genesis or a header hash with --trust",
                "内容一致，但签名者未经核实：请用 --trust 指定创世文件或区块头哈希",
            )))
        }
    }
}

fn terms(args: &Args) -> Done<Terms> {
    let mut checksums = Checksums::built_in();
    for checksum in &args.accept_checksum {
        checksums.accept(checksum).or_usage(|| "--accept-checksum".into())?;
    }
    let anchor = match &args.trust {
        None => Anchor::None,
        Some(given) => match Anchor::header(given) {
            Ok(header) => header,
            Err(_) => {
                let bytes =
                    fs::read(given).or_local(|| format!("reading the trust file {given}"))?;
                Anchor::genesis(&bytes).or_usage(|| format!("--trust {given}"))?
            }
        },
    };
    let deployment = match &args.deployment {
        None => None,
        Some(file) => {
            let bytes = fs::read(file).or_local(|| format!("reading {}", file.display()))?;
            Some(Addresses::from_deployment(&bytes).or_usage(|| "--deployment".into())?)
        }
    };
    Ok(Terms { anchor, checksums, deployment })
}

fn accepted(report: &Report) -> Done<Value> {
    let mut answer = serde_json::to_value(report).or_local(|| "report as JSON".into())?;
    let verdict = if report.signer == Signer::Unverified { "consistent" } else { "proved" };
    answer["verdict"] = verdict.into();
    Ok(answer)
}

fn refused(fault: &Fault) -> Value {
    json!({"verdict": "refused", "reason": fault.reason(), "detail": fault.to_string()})
}

/// How much it is, and of what.
fn counts(ctx: &Ctx, report: &Report) -> String {
    let (units, links, events) = (report.units, report.links, report.events);
    let start = &report.start;
    match report.direction {
        Direction::Backward => ctx.lang().pick(
            format!("all that {start} is made of: {units} units, {links} links, {events} events"),
            format!("{start} 的完整构成：{units} 个单元、{links} 条关联、{events} 个事件"),
        ),
        Direction::Forward => ctx.lang().pick(
            format!("all that {start} went into: {units} units, {links} links, {events} events"),
            format!("{start} 的完整去向：{units} 个单元、{links} 条关联、{events} 个事件"),
        ),
    }
}

fn show(ctx: &Ctx, report: &Report) {
    let lang = ctx.lang();
    let signer = match report.signer {
        Signer::Unverified => lang.pick("nobody vouches for the signers", "签名者未经核实"),
        Signer::TrustedHeader => lang.pick("the header is the trusted one", "区块头即所信任者"),
        Signer::TrustedValidators => {
            lang.pick("signed by the trusted validators", "由所信任的验证人签名")
        }
        Signer::TrustedOverlap => lang.pick(
            "signed by validators that the trusted ones vouch for",
            "由受信任验证人认可的验证人签名",
        ),
    };
    let lines = [
        counts(ctx, report),
        lang.pick(
            format!("chain {}, height {}, {}", report.chain_id, report.height, report.header_time),
            format!("链 {}，高度 {}，{}", report.chain_id, report.height, report.header_time),
        ),
        format!("{} {}", lang.pick("header", "区块头"), report.header_hash),
        format!("{signer} ({})", report.validators),
    ];
    lines.iter().for_each(|line| output::print_line(line));
    if !report.attestors.is_empty() {
        let ids: Vec<&str> = report.attestors.iter().map(|one| one.participant.as_str()).collect();
        let said = lang.pick("co-signed by authentication nodes of", "认证节点共同签名");
        output::print_line(&format!("{said} {} ({})", ids.join(", "), ids.len()));
    }
    for contract in &report.contracts {
        output::print_line(&format!("{}  {}", contract.name, contract.address));
        for step in &contract.history {
            output::print_line(&format!(
                "  {} {}: {} {} {} ({})",
                lang.pick("since height", "自高度"),
                step.height,
                lang.pick("code", "代码"),
                step.code_id,
                step.checksum,
                step.known_as
            ));
        }
    }
}
