//! `suyuan registry key`: keys of participants and sources that take over from others, end, or are looked up.

use suyuan_trace_api::participant::{ExecuteMsg, KeyAlgorithm, KeyPurpose, NewKey, QueryMsg};

use super::{public_key, Step};
use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;
use crate::context::Ctx;
use crate::fail::{Done, Failure};

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add a key that takes over from another one of the same purpose
    Rotate {
        /// The key that ends.
        old: String,
        /// Its successor.
        #[command(flatten)]
        new: SuccessorArgs,
        /// attest, code-tail, envelope or source
        #[arg(long, value_parser = word::<KeyPurpose>, required_unless_present = "source")]
        purpose: Option<KeyPurpose>,
        /// Of this data source, instead of the sender's participant
        #[arg(long)]
        source: Option<String>,
        /// Blocks for which both are valid
        #[arg(long, default_value_t = 0, value_name = "BLOCKS")]
        overlap: u64,
    },
    /// Add a key to a data source of the sender's participant
    AddToSource {
        /// The source.
        source: String,
        /// The key.
        #[command(flatten)]
        new: SuccessorArgs,
    },
    /// Revoke a key from this height on
    Revoke {
        /// The key.
        kid: String,
        /// Of this data source, instead of the sender's participant
        #[arg(long)]
        source: Option<String>,
    },
    /// List a participant's keys that are valid at a height
    ValidAt {
        /// The participant.
        id: String,
        /// The height.
        height: u64,
        /// Of this purpose only
        #[arg(long, value_parser = word::<KeyPurpose>)]
        purpose: Option<KeyPurpose>,
        /// Which page.
        #[command(flatten)]
        page: TextPage,
    },
    /// List the keys of authentication nodes
    Attestors {
        /// At this height [default: now]
        #[arg(long)]
        at: Option<u64>,
        /// Entries wanted
        #[arg(long)]
        limit: Option<u32>,
    },
}

/// A new key on the command line.
#[derive(Debug, clap::Args)]
pub struct SuccessorArgs {
    /// Key id of the new key
    #[arg(long = "kid", value_name = "KID")]
    new_kid: String,
    /// ed25519, secp256k1 or x25519
    #[arg(long, value_parser = word::<KeyAlgorithm>, default_value = "secp256k1")]
    algorithm: KeyAlgorithm,
    /// Public key as hex, or the name of a key in the keyring
    #[arg(long, value_name = "HEX|NAME")]
    public_key: String,
}

impl SuccessorArgs {
    fn key(self, ctx: &Ctx, purpose: KeyPurpose) -> Done<NewKey> {
        let public_key = public_key(ctx, &self.public_key)?;
        Ok(super::new_key(self.new_kid, self.algorithm, purpose, public_key))
    }
}

/// As a message or question.
///
/// # Errors
/// Usage for a public key that is none.
pub fn act(ctx: &Ctx, command: Command) -> Done<Step> {
    Ok(match command {
        Command::Rotate { old: kid, new, purpose, source, overlap } => match source {
            Some(source) => {
                let key = new.key(ctx, KeyPurpose::Source)?;
                Act::send(ExecuteMsg::RotateSourceKey { source, kid, key, overlap })
            }
            None => {
                let purpose = purpose.ok_or_else(|| Failure::usage("name the key's --purpose"))?;
                let key = new.key(ctx, purpose)?;
                Act::send(ExecuteMsg::RotateKey { kid, key, overlap })
            }
        },
        Command::AddToSource { source, new } => {
            let key = new.key(ctx, KeyPurpose::Source)?;
            Act::send(ExecuteMsg::AddSourceKey { source, key })
        }
        Command::Revoke { kid, source: None } => Act::send(ExecuteMsg::RevokeKey { kid }),
        Command::Revoke { kid, source: Some(source) } => {
            Act::send(ExecuteMsg::RevokeSourceKey { source, kid })
        }
        Command::ValidAt { id, height, purpose, page: TextPage { start_after, limit } } => {
            Act::Ask(QueryMsg::KeysAt { participant: id, height, purpose, start_after, limit })
        }
        Command::Attestors { at, limit } => {
            Act::Ask(QueryMsg::Attestors { at_height: at, start_after: None, limit })
        }
    })
}
