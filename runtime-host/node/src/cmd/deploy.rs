//! `suyuan deploy`: the four contracts onto the chain, wired, and their addresses into `deployment.json`.

use std::path::PathBuf;

use suyuan_client::deploy::{deploy, Admin, Plan, Step};
use suyuan_client::msg::{parse_coin, parse_coins};
use suyuan_client::Deployment;

use crate::artifacts;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};

/// Grant to each account of a certified participant, in base units: enough to exist.
const GRANT_UNITS: u32 = 1;
/// What the registry pays grants from unless said otherwise, in base units.
const FUNDS_UNITS: u32 = 10_000;

/// What to deploy.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Directory with the wasm of the contracts [default: those built into this program]
    #[arg(long, env = "SUYUAN_ARTIFACTS", value_name = "DIR")]
    artifacts: Option<PathBuf>,
    /// Who certifies participants: key names or addresses [default: the deployer]
    #[arg(long = "certifier", value_name = "NAME")]
    certifiers: Vec<String>,
    /// How many certifiers must agree
    #[arg(long, default_value_t = 1)]
    threshold: u32,
    /// Sent to each account of a certified participant [default: one base unit]
    #[arg(long, value_name = "COIN")]
    grant: Option<String>,
    /// What the registry pays those grants from [default: 10000 base units]
    #[arg(long, value_name = "COINS")]
    fund: Option<String>,
    /// Who may migrate the contracts [default: the deployer]
    #[arg(long, value_name = "NAME", conflicts_with = "no_admin")]
    admin: Option<String>,
    /// Nobody may migrate the contracts
    #[arg(long, conflicts_with = "governed")]
    no_admin: bool,
    /// The registry may migrate the contracts: its certifiers decide, as many as --threshold says
    #[arg(long, conflicts_with = "admin")]
    governed: bool,
    /// Seconds between a decision of the certifiers and its execution
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    delay: u64,
    /// Deploy although this home knows a deployment
    #[arg(long)]
    again: bool,
}

/// Deploys and writes the file.
///
/// # Errors
/// Refused by the chain; local for missing artifacts and files.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    let path = ctx.home.deployment_file();
    if path.exists() && !args.again {
        return Err(Failure::usage(format!(
            "{} exists; --again deploys a second time and replaces it",
            path.display()
        )));
    }
    let signer = ctx.signer()?;
    let plan = plan(ctx, signer.address(), &args)?;
    let client = ctx.client().await?;
    let lang = ctx.lang();
    let deployment = deploy(&client, &signer, &plan, |step| {
        ctx.say(&match step {
            Step::Store(name) => lang.deploy_store(name),
            Step::Instantiate(name) => lang.deploy_instantiate(name),
            Step::Wire => lang.deploy_wire().to_string(),
        });
    })
    .await?;
    save(ctx, &deployment)?;
    ctx.print(&serde_json::to_value(&deployment).or_local(|| "deployment as JSON".into())?);
    Ok(())
}

fn plan(ctx: &Ctx, deployer: &str, args: &Args) -> Done<Plan> {
    let denom = ctx.denom();
    let mut certifiers = Vec::new();
    for name in &args.certifiers {
        certifiers.push(ctx.address_of(name)?);
    }
    if certifiers.is_empty() {
        certifiers.push(deployer.to_string());
    }
    let admin = match (&args.admin, args.no_admin, args.governed) {
        (Some(name), ..) => Admin::Address(ctx.address_of(name)?),
        (None, true, _) => Admin::Nobody,
        (None, false, true) => Admin::Registry,
        (None, false, false) => Admin::Address(deployer.to_string()),
    };
    let grant = args.grant.clone().unwrap_or_else(|| format!("{GRANT_UNITS}{denom}"));
    let fund = args.fund.clone().unwrap_or_else(|| format!("{FUNDS_UNITS}{denom}"));
    Ok(Plan {
        wasm: artifacts::load(args.artifacts.as_deref())?,
        certifiers,
        threshold: args.threshold,
        account_grant: parse_coin(&grant)?,
        registry_funds: parse_coins(&fund)?,
        delay_s: args.delay,
        admin,
    })
}

/// Writes `deployment.json` into the home.
///
/// # Errors
/// Local.
pub fn save(ctx: &Ctx, deployment: &Deployment) -> Done {
    let path = ctx.home.deployment_file();
    let mut text =
        serde_json::to_string_pretty(deployment).or_local(|| "deployment as JSON".into())?;
    text.push('\n');
    std::fs::create_dir_all(ctx.home.root()).or_local(|| "making the home".into())?;
    std::fs::write(&path, text).or_local(|| format!("writing {}", path.display()))
}
