//! `suyuan registry`: participants, roles, keys and data sources; each further noun has a file of its own.

use cosmwasm_std::Binary;
use serde_json::json;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::participant::{
    ExecuteMsg, Identifier, IdentifierScheme, KeyAlgorithm, KeyPurpose, NewKey, NewParticipant,
    NewSource, ParticipantKind, Permission, QueryMsg, Role, SourceKind,
};

use crate::cmd::act::{Act, TextPage};
use crate::cmd::words::word;
use crate::context::Ctx;
use crate::fail::{Done, OrFail};

pub mod grant;
pub mod key;
pub mod more;
pub mod proposal;
pub mod range;
pub mod service;

/// A message to the registry, or a question.
pub type Step = Act<ExecuteMsg, QueryMsg>;

/// What to do in the registry.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Register a participant
    Register {
        /// Its id, unique in the registry.
        id: String,
        /// organisation, person or machine
        #[arg(long, value_parser = word::<ParticipantKind>, default_value = "organisation")]
        kind: ParticipantKind,
        /// Name in clear; not for persons
        #[arg(long)]
        name: Option<String>,
        /// Role asked for; may be repeated
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// Address that acts for it; may be repeated [default: the sender]
        #[arg(long = "address", value_name = "NAME")]
        addresses: Vec<String>,
        /// Number by which others know it, like uscc:91310000MA1K4KXK5J
        #[arg(long = "identifier", value_name = "SCHEME:VALUE", value_parser = identifier)]
        identifiers: Vec<Identifier>,
        /// Salted commitment to master data kept outside the chain, like sha-256:...
        #[arg(long)]
        metadata: Option<Digest>,
    },
    /// Vote to certify a participant
    Certify {
        /// Its id.
        id: String,
    },
    /// Stop a participant for the time being
    Suspend {
        /// Its id.
        id: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Let a suspended participant act again
    Reinstate {
        /// Its id.
        id: String,
    },
    /// Vote to revoke a participant for good
    Revoke {
        /// Its id.
        id: String,
        /// Why, for the record
        #[arg(long)]
        reason: String,
    },
    /// Define or replace a role
    DefineRole {
        /// Its name.
        name: String,
        /// What it allows; may be repeated
        #[arg(long = "permission", value_parser = word::<Permission>, required = true)]
        permissions: Vec<Permission>,
    },
    /// Give a role to a participant
    GrantRole {
        /// Its id.
        id: String,
        /// The role.
        role: String,
    },
    /// Add a key to the sender's participant
    AddKey(KeyArgs),
    /// Register a data source of the sender's participant
    RegisterSource {
        /// Its id, unique in the registry.
        id: String,
        /// plc, sensor, scanner, mes or erp
        #[arg(long, value_parser = word::<SourceKind>)]
        kind: SourceKind,
        /// Its first key.
        #[command(flatten)]
        key: SourceKeyArgs,
    },
    /// Vote to certify a data source
    CertifySource {
        /// Its id.
        id: String,
    },
    /// Assign a number range to a participant
    AssignPrefix {
        /// Scheme, like gs1 or code
        scheme: String,
        /// First characters of the range.
        range: String,
        /// The participant's id.
        id: String,
    },
    /// Show a participant
    #[command(visible_alias = "participant")]
    Show {
        /// Its id.
        id: String,
    },
    /// List participants in order of id
    List(TextPage),
    /// Show the keys of a participant
    Keys {
        /// Its id.
        id: String,
    },
    /// Show a data source
    Source {
        /// Its id.
        id: String,
    },
    /// Show who acts behind an address
    Actor {
        /// Address or key name.
        address: String,
    },
    /// List roles
    Roles,
    /// Show the set-up
    Config,
    /// What certifiers decide together
    #[command(subcommand)]
    Proposal(proposal::Command),
    /// Who may read hidden data
    #[command(subcommand)]
    Grant(grant::Command),
    /// Data services and their certification
    #[command(subcommand)]
    Service(service::Command),
    /// Number ranges
    #[command(subcommand)]
    Range(range::Command),
    /// Keys: rotate, revoke, look up
    #[command(subcommand)]
    Key(key::Command),
    /// What else.
    #[command(flatten)]
    More(more::Command),
}

/// A key on the command line.
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    /// Key id.
    kid: String,
    /// attest, code-tail, envelope or source
    #[arg(long, value_parser = word::<KeyPurpose>)]
    purpose: KeyPurpose,
    /// ed25519 or secp256k1
    #[arg(long, value_parser = word::<KeyAlgorithm>, default_value = "secp256k1")]
    algorithm: KeyAlgorithm,
    /// Public key as hex, or the name of a key in the keyring
    #[arg(long, value_name = "HEX|NAME")]
    public_key: String,
}

/// The first key of a source on the command line.
#[derive(Debug, clap::Args)]
pub struct SourceKeyArgs {
    /// Key id
    #[arg(long, default_value = "k1")]
    kid: String,
    /// ed25519 or secp256k1
    #[arg(long, value_parser = word::<KeyAlgorithm>, default_value = "secp256k1")]
    algorithm: KeyAlgorithm,
    /// Public key as hex, or the name of a key in the keyring
    #[arg(long, value_name = "HEX|NAME")]
    public_key: String,
}

/// Sends or asks.
///
/// # Errors
/// See [`crate::cmd::send::send`]; refused for failed queries.
pub async fn run(ctx: &Ctx, command: Command) -> Done {
    act(ctx, command)?.run(ctx, |deployment| &deployment.registry).await
}

fn act(ctx: &Ctx, command: Command) -> Done<Step> {
    Ok(match command {
        Command::Proposal(command) => return proposal::act(command),
        Command::Grant(command) => return grant::act(command),
        Command::Service(command) => service::act(command),
        Command::Range(command) => range::act(command),
        Command::Key(command) => return key::act(ctx, command),
        Command::More(command) => return more::act(ctx, command),
        Command::Show { id } => Act::Ask(QueryMsg::Participant { id }),
        Command::List(TextPage { start_after, limit }) => {
            Act::Ask(QueryMsg::Participants { start_after, limit })
        }
        Command::Keys { id } => {
            Act::Ask(QueryMsg::Keys { participant: id, start_after: None, limit: None })
        }
        Command::Source { id } => Act::Ask(QueryMsg::Source { id }),
        Command::Actor { address } => {
            Act::Ask(QueryMsg::Actor { address: ctx.address_of(&address)? })
        }
        Command::Roles => Act::Ask(QueryMsg::Roles { start_after: None, limit: None }),
        Command::Config => Act::Ask(QueryMsg::Config {}),
        Command::Register { id, kind, name, roles, addresses, identifiers, metadata } => {
            let addresses = acting(ctx, &addresses)?;
            Act::send(ExecuteMsg::Register(NewParticipant {
                id,
                kind,
                name,
                name_commitment: None,
                acts_for: None,
                identifiers,
                roles,
                addresses,
                metadata,
            }))
        }
        Command::Certify { id } => Act::send(ExecuteMsg::Certify { participant: id }),
        Command::Suspend { id, reason } => {
            Act::send(ExecuteMsg::Suspend { participant: id, reason })
        }
        Command::Reinstate { id } => Act::send(ExecuteMsg::Reinstate { participant: id }),
        Command::Revoke { id, reason } => Act::send(ExecuteMsg::Revoke { participant: id, reason }),
        Command::DefineRole { name, permissions } => Act::send(define_role(name, permissions)),
        Command::GrantRole { id, role } => {
            Act::send(ExecuteMsg::GrantRole { participant: id, role })
        }
        Command::AddKey(key) => {
            let public_key = public_key(ctx, &key.public_key)?;
            let key = new_key(key.kid, key.algorithm, key.purpose, public_key);
            Act::send(ExecuteMsg::AddKey(key))
        }
        Command::RegisterSource { id, kind, key } => {
            let public_key = public_key(ctx, &key.public_key)?;
            let key = new_key(key.kid, key.algorithm, KeyPurpose::Source, public_key);
            Act::send(ExecuteMsg::RegisterSource(NewSource { id, kind, profile: None, key }))
        }
        Command::CertifySource { id } => Act::send(ExecuteMsg::CertifySource { source: id }),
        Command::AssignPrefix { scheme, range, id } => {
            Act::send(ExecuteMsg::AssignPrefix { scheme, prefix: range, participant: id })
        }
    })
}

/// The addresses named, or the sender's.
fn acting(ctx: &Ctx, named: &[String]) -> Done<Vec<String>> {
    if named.is_empty() {
        return Ok(vec![ctx.signer()?.address().to_string()]);
    }
    named.iter().map(|address| ctx.address_of(address)).collect()
}

fn define_role(name: String, mut permissions: Vec<Permission>) -> ExecuteMsg {
    permissions.sort();
    permissions.dedup();
    ExecuteMsg::DefineRole(Role { name, permissions, inherits: vec![], kinds: vec![] })
}

fn new_key(
    kid: String,
    algorithm: KeyAlgorithm,
    purpose: KeyPurpose,
    public_key: Binary,
) -> NewKey {
    NewKey { kid, algorithm, purpose, public_key, from_height: None, to_height: None }
}

fn public_key(ctx: &Ctx, text: &str) -> Done<Binary> {
    let ring = ctx.keyring();
    if ring.contains(text) {
        return Ok(Binary::from(ring.find(text)?.signer.public_key().as_slice()));
    }
    let bytes = hex::decode(text).or_usage(|| format!("{text:?} is neither a key nor hex"))?;
    Ok(Binary::from(bytes))
}

fn identifier(text: &str) -> Result<Identifier, String> {
    let (scheme, value) = text
        .split_once(':')
        .ok_or_else(|| format!("{} - write it like uscc:NUMBER", json!(text)))?;
    Ok(Identifier { scheme: word::<IdentifierScheme>(scheme)?, value: value.to_string() })
}
