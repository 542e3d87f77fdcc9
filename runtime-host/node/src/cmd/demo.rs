//! `suyuan demo`: a fresh chain in a temporary folder, a story played on it, and its questions answered and checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use serde_json::Value;
use suyuan_cases::fault::Faults;
use suyuan_cases::genealogy::Genealogy;

use crate::cmd::import::read_catena_x;
use crate::context::Ctx;
use crate::demo::stage::Stage;
use crate::demo::{catena_x, certificate, power, robot, supply};
use crate::fail::{Done, Failure, OrFail};
use crate::output;

/// What to play.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which story
    #[arg(long, value_enum, default_value = "robot")]
    case: Case,
    /// The document of the case catena-x
    #[arg(long, required_if_eq("case", "catena-x"), value_name = "PATH")]
    file: Option<PathBuf>,
    /// Id of the part to trace in the case catena-x [default: the one that is made of the most]
    #[arg(long, value_name = "ID")]
    root: Option<String>,
    /// How many times three robots, four cabinets, or six motors
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    scale: u32,
    /// What goes wrong: none, all, seed:NUMBER, or a list such as repair,wrong-event [default: none in the case
    /// robot, all in the cases power and supply-chain]
    #[arg(long, value_name = "LIST")]
    faults: Option<Faults>,
    /// Leave the node running until interrupted
    #[arg(long)]
    keep: bool,
    /// Where the answers go
    #[arg(long, default_value = "target/demo", value_name = "DIR")]
    out: PathBuf,
    /// Directory with the wasm of the contracts [default: those built into this program]
    #[arg(long, env = "SUYUAN_ARTIFACTS", value_name = "DIR")]
    artifacts: Option<PathBuf>,
}

/// The stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Case {
    /// Annex A.1: an industrial robot from order to sale
    Robot,
    /// Annex A.2: power equipment, many variants in small batches
    Power,
    /// Annex A.3: a manufacturing supply chain from wire to user
    SupplyChain,
    /// A Catena-X document
    CatenaX,
}

/// Plays, asks, checks, and writes `answer.json`.
///
/// # Errors
/// Verification if an answer differs from the plain model; usage for a broken document; whatever stops the chain.
pub async fn run(ctx: &Ctx, args: Args) -> Done {
    let begin = Instant::now();
    let document = document(ctx, &args)?;
    fs::create_dir_all(&args.out).or_local(|| format!("creating {}", args.out.display()))?;
    let lang = ctx.lang();
    ctx.say(
        lang.pick("A chain of its own, and the four contracts on it", "启动独立链并部署四个合约"),
    );
    let stage = Stage::set(ctx, args.artifacts.as_deref()).await?;
    let answer = match (document, args.case) {
        (Some(genealogy), _) => catena_x::play(&stage, &genealogy, args.root.as_deref()).await?,
        (None, Case::Power) => {
            let faults = args.faults.unwrap_or_else(Faults::all);
            power::play(&stage, args.scale, &faults).await?
        }
        (None, Case::SupplyChain) => {
            let faults = args.faults.unwrap_or_else(Faults::all);
            supply::play(&stage, args.scale, &faults).await?
        }
        (None, _) => {
            let faults = args.faults.unwrap_or_default();
            robot::play(&stage, args.scale, &faults, &args.out).await?
        }
    };
    let path = args.out.join("answer.json");
    write_json(&path, &answer)?;
    certificate::leave(&stage, &answer, &args.out).await?;
    if !ctx.is_text() {
        ctx.print(&answer);
    }
    let seconds = begin.elapsed().as_secs();
    ctx.say(&lang.pick(
        format!(
            "\nAll answers agree with the plain model ({seconds} s). They are in {}",
            path.display()
        ),
        format!("\n所有答案与内存模型一致（{seconds} 秒），已写入 {}", path.display()),
    ));
    if args.keep {
        return stage.keep().await;
    }
    ctx.say(lang.pick(
        "\nNext: suyuan demo --keep leaves the node running; then ask it yourself, from another terminal:\n  suyuan trace CODE, suyuan trace forward CODE, suyuan trace recall CODE, suyuan code verify CODE\n  make demo CASE=power and make demo CASE=supply-chain play the other cases of the standard, with faults\n  make demo CASE=catena-x FILE=PATH traces a document of your own",
        "\n下一步：suyuan demo --keep 保持节点运行，可在另一终端查询：\n  suyuan trace CODE、suyuan trace forward CODE、suyuan trace recall CODE、suyuan code verify CODE\n  make demo CASE=power 与 make demo CASE=supply-chain 演示标准中的另外两个场景（含故障）\n  make demo CASE=catena-x FILE=PATH 溯源您自己的文件",
    ));
    stage.strike()
}

/// The document to play. A broken one, or a root that it does not hold, is refused before a chain is started.
fn document(ctx: &Ctx, args: &Args) -> Done<Option<Genealogy>> {
    let lang = ctx.lang();
    let (Case::CatenaX, Some(file)) = (args.case, &args.file) else {
        if args.file.is_some() || args.root.is_some() {
            return Err(Failure::usage(lang.document_needs_its_case()));
        }
        return Ok(None);
    };
    let genealogy = read_catena_x(file)?;
    if let Some(root) = &args.root {
        if !genealogy.parts().iter().any(|part| part.id == *root) {
            return Err(Failure::usage(lang.not_in_document(root, &file.display().to_string())));
        }
    }
    Ok(Some(genealogy))
}

/// Writes a value as indented JSON.
///
/// # Errors
/// Local.
pub fn write_json(path: &Path, value: &Value) -> Done {
    let mut text = serde_json::to_string_pretty(value).or_local(|| "answer as JSON".into())?;
    text.push('\n');
    fs::write(path, text).or_local(|| format!("writing {}", path.display()))
}

/// Prints a line of a demo's report to people.
pub fn tell(ctx: &Ctx, line: &str) {
    if ctx.is_text() {
        output::print_line(line);
    }
}
