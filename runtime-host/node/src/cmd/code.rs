//! `suyuan code`: classes, batches of trace codes, and what a scan of a code means.

use std::path::PathBuf;

use rand::RngCore as _;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use suyuan_codes::{BatchSpec, Generator, Secret};
use suyuan_trace_api::code::{
    ClassKind, ExecuteMsg, NewClass, Overlay, PresentedCode, QueryMsg, Tracking,
};

use crate::cmd::act::Act;
use crate::cmd::words::{json_file, word};
use crate::config::Home;
use crate::context::Ctx;
use crate::fail::{Done, Failure, OrFail};
use crate::keyring::{is_name, make_private_dir, write_private};

pub mod more;

/// A message to trace-code, or a question.
pub type Step = Act<ExecuteMsg, QueryMsg>;

/// Most labels that one command prints.
const LABELS_MAX: u32 = 10_000;

/// What to do with codes.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Register a class of products or parts
    RegisterClass {
        /// Its id, unique on the chain.
        id: String,
        /// Kind of Annex C, like product, key-purchased-part or raw-material
        #[arg(long, value_parser = word::<ClassKind>)]
        kind: ClassKind,
        /// serial or lot [default: the coarsest that Annex C allows]
        #[arg(long, value_parser = word::<Tracking>)]
        tracking: Option<Tracking>,
        /// Name for people
        #[arg(long)]
        name: String,
        /// Specification or model
        #[arg(long)]
        specification: String,
        /// Product id (GTIN, CPI)
        #[arg(long)]
        product_id: Option<String>,
        /// Unit of measure (UN/ECE Recommendation 20) [default: pieces]
        #[arg(long)]
        uom: Option<String>,
        /// Days from production to expiry
        #[arg(long)]
        shelf_life_days: Option<u32>,
    },
    /// Issue a batch of codes; its secret stays in the home
    Issue {
        /// Its id, unique on the chain.
        id: String,
        /// The class that the codes are for
        #[arg(long)]
        class: String,
        /// First characters of all its codes
        #[arg(long, value_name = "TEXT")]
        code_prefix: String,
        /// Number of codes
        #[arg(long)]
        count: u32,
        /// Production line that they are meant for
        #[arg(long)]
        line: Option<String>,
    },
    /// Print codes of a batch that was issued from this home
    Labels {
        /// Batch.
        batch: String,
        /// First index
        #[arg(long, default_value_t = 0, value_name = "INDEX")]
        first: u32,
        /// How many
        #[arg(long, default_value_t = 1)]
        count: u32,
    },
    /// Print a code with its proof of issuance, as events want it
    Present {
        /// Batch.
        batch: String,
        /// Index in the batch.
        index: u32,
    },
    /// Is this code genuine?
    Verify {
        /// Its text.
        code: String,
        /// JSON file with its proof of issuance; - is standard input
        #[arg(long, value_name = "FILE")]
        presented: Option<PathBuf>,
    },
    /// Record a scan
    Scan {
        /// Its text.
        code: String,
        /// Where, as a cell of one degree like N31E121
        #[arg(long)]
        cell: String,
    },
    /// Mark codes: held, recalled, non-conformant, stolen
    Mark {
        /// The mark.
        #[arg(value_parser = word::<Overlay>)]
        overlay: Overlay,
        /// Codes.
        #[arg(required = true)]
        codes: Vec<String>,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Lift a mark
    Unmark {
        /// The mark.
        #[arg(value_parser = word::<Overlay>)]
        overlay: Overlay,
        /// Codes.
        #[arg(required = true)]
        codes: Vec<String>,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Show the record of a code
    Show {
        /// Its text.
        code: String,
    },
    /// Show a class
    Class {
        /// Its id.
        id: String,
    },
    /// List classes in order of id
    Classes {
        /// Last id of the page before
        #[arg(long)]
        start_after: Option<String>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Show a batch
    Batch {
        /// Its id.
        id: String,
    },
    /// What else.
    #[command(flatten)]
    More(more::Command),
}

/// What the issuer keeps of a batch: enough to make the codes again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchFile {
    id: String,
    class: String,
    prefix: String,
    count: u32,
    line: Option<String>,
    secret: String,
}

/// Sends, asks or generates.
///
/// # Errors
/// See [`send`]; refused for failed queries; local for batch files.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    if let Some(answer) = offline(&ctx.home, &command)? {
        ctx.print(&answer);
        return Ok(());
    }
    let step = match command {
        Command::More(command) => more::act(command)?,
        command => match question(&command)? {
            Some(question) => Act::Ask(question),
            None => {
                // A batch is kept before it is sent: nothing is kept that cannot be sent at all.
                ctx.signer()?;
                ctx.deployment()?;
                Act::send(message(&ctx.home, command)?)
            }
        },
    };
    step.run(ctx, |deployment| &deployment.trace_code).await
}

fn offline(home: &Home, command: &Command) -> Done<Option<Value>> {
    match command {
        Command::Labels { batch, first, count } => {
            if *count > LABELS_MAX {
                return Err(Failure::usage(format!("at most {LABELS_MAX} labels at once")));
            }
            let generator = generator(home, batch)?;
            let end = first.saturating_add(*count);
            let mut labels = Vec::new();
            for index in *first..end {
                let presented = generator.present(index).or_usage(|| "index".into())?;
                labels.push(
                    json!({"index": index, "code": presented.code, "nonce": presented.nonce}),
                );
            }
            Ok(Some(Value::Array(labels)))
        }
        Command::Present { batch, index } => {
            let presented = generator(home, batch)?.present(*index).or_usage(|| "index".into())?;
            Ok(Some(serde_json::to_value(presented).or_local(|| "code as JSON".into())?))
        }
        _ => Ok(None),
    }
}

fn question(command: &Command) -> Done<Option<QueryMsg>> {
    Ok(Some(match command {
        Command::Verify { code, presented } => QueryMsg::Verify {
            code: code.clone(),
            presented: match presented {
                Some(file) => Some(json_file::<PresentedCode>(file)?),
                None => None,
            },
            evidence: None,
        },
        Command::Show { code } => QueryMsg::Code { code: code.clone() },
        Command::Class { id } => QueryMsg::Class { id: id.clone() },
        Command::Classes { start_after, limit } => {
            QueryMsg::Classes { start_after: start_after.clone(), limit: *limit }
        }
        Command::Batch { id } => QueryMsg::Batch { id: id.clone() },
        _ => return Ok(None),
    }))
}

fn message(home: &Home, command: Command) -> Done<ExecuteMsg> {
    Ok(match command {
        Command::RegisterClass {
            id,
            kind,
            tracking,
            name,
            specification,
            product_id,
            uom,
            shelf_life_days,
        } => ExecuteMsg::RegisterClass(NewClass {
            id,
            kind,
            tracking: tracking.unwrap_or(kind.coarsest()),
            name,
            specification,
            product_id,
            uom,
            shelf_life_days,
        }),
        Command::Issue { id, class, code_prefix, count, line } => {
            let mut secret = [0u8; 32];
            rand::rngs::OsRng.fill_bytes(&mut secret);
            let secret = hex::encode(secret);
            let file = BatchFile { id, class, prefix: code_prefix, count, line, secret };
            let batch = file.generator()?.new_batch();
            // Before the chain knows the batch: a batch whose secret is lost can never be used.
            save(home, &file)?;
            ExecuteMsg::IssueBatch(batch)
        }
        Command::Scan { code, cell } => ExecuteMsg::RecordScan { code, cell, nonce: None },
        Command::Mark { overlay, codes, reason } => {
            ExecuteMsg::SetOverlay { codes, overlay, problem: None, reason }
        }
        Command::Unmark { overlay, codes, reason } => {
            ExecuteMsg::ClearOverlay { codes, overlay, problem: None, reason }
        }
        reading => return Err(Failure::usage(format!("{reading:?} sends nothing"))),
    })
}

impl BatchFile {
    fn generator(&self) -> Done<Generator> {
        let mut secret = [0u8; 32];
        hex::decode_to_slice(&self.secret, &mut secret).or_local(|| "batch secret".into())?;
        let mut spec = BatchSpec::new(&self.id, &self.class, &self.prefix, self.count);
        spec.line.clone_from(&self.line);
        Generator::new(spec, Secret::new(secret)).or_usage(|| format!("batch {}", self.id))
    }
}

fn batch_path(home: &Home, id: &str) -> Done<PathBuf> {
    if !is_name(id) {
        return Err(Failure::usage(format!(
            "batch id {id:?} cannot be a file name: use letters, digits, '-', '_' or '.'"
        )));
    }
    Ok(home.root().join("batches").join(format!("{id}.json")))
}

fn save(home: &Home, file: &BatchFile) -> Done {
    let path = batch_path(home, &file.id)?;
    make_private_dir(&home.root().join("batches"))?;
    if path.exists() {
        return Err(Failure::usage(format!("{} exists: batch ids are used once", path.display())));
    }
    let text = serde_json::to_string_pretty(file).or_local(|| "batch as JSON".into())?;
    write_private(&path, text.as_bytes())
}

fn generator(home: &Home, id: &str) -> Done<Generator> {
    let path = batch_path(home, id)?;
    let text = std::fs::read_to_string(&path).or_local(|| format!("reading {}", path.display()))?;
    let file: BatchFile =
        serde_json::from_str(&text).or_local(|| format!("reading {}", path.display()))?;
    file.generator()
}
