//! One router for all queries, by gRPC method name. RPC, gRPC and REST are skins over it.

mod auth;
mod authority;
mod bank;
mod chain;
mod feegrant;
mod node;
mod page;
mod tx;
mod wasm;

use crate::api::{GrpcCode, GrpcStatus, QueryOutcome};
use crate::error::{self, Fail, UserError};
use crate::exec::{BlockEnv, Exec, Mode};
use crate::facts::Facts;
use crate::gas::GasMeter;
use crate::machine::Machine;
use prost::Message;
use suyuan_core::{HostFault, Hosted};
use suyuan_store::{Delta, Snapshot, KEY_LEN_MAX};

pub(crate) use tx::simulate_response;

/// One committed state with everything a query may look at.
pub(crate) struct View<'a> {
    pub facts: &'a Facts,
    pub machine: &'a Machine,
    pub snapshot: &'a Snapshot,
    pub block: BlockEnv,
}

impl View<'_> {
    /// Runs `work` in a read-only room over this state, under `gas`.
    fn exec<T>(&self, gas: GasMeter, work: impl FnOnce(&mut Exec<'_>) -> T) -> T {
        let mut delta = Delta::new(self.snapshot.clone());
        work(&mut Exec::new(self.facts, self.machine, &mut delta, Mode::Query, self.block, gas))
    }
}

/// Why a query has no answer.
#[derive(Debug)]
pub(crate) enum QueryFail {
    Host(HostFault),
    /// An error of the chain with its own code.
    User(UserError),
    /// A gRPC status.
    Status(Status, String),
    /// No such method.
    UnknownPath,
    /// Not a failure: the request is a simulation, which needs more than a view. Holds the transaction.
    Simulate(Vec<u8>),
}

/// The gRPC codes queries use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    InvalidArgument,
    NotFound,
    Unknown,
}

impl From<HostFault> for QueryFail {
    fn from(fault: HostFault) -> Self {
        QueryFail::Host(fault)
    }
}

impl From<UserError> for QueryFail {
    fn from(error: UserError) -> Self {
        QueryFail::User(error)
    }
}

impl QueryFail {
    /// A failure of something that ran under the meter `gas`.
    fn of_run(fail: Fail, gas: &GasMeter) -> QueryFail {
        match crate::run::user_error(fail, gas) {
            Ok(error) => QueryFail::User(error),
            Err(fault) => QueryFail::Host(fault),
        }
    }

    /// The error as a gRPC server tells it.
    pub(crate) fn grpc_status(self, path: &str) -> Hosted<GrpcStatus> {
        Ok(match self {
            QueryFail::Status(status, message) => {
                let code = match status {
                    Status::InvalidArgument => GrpcCode::InvalidArgument,
                    Status::NotFound => GrpcCode::NotFound,
                    Status::Unknown => GrpcCode::Unknown,
                };
                GrpcStatus { code, message }
            }
            QueryFail::User(error) => {
                GrpcStatus { code: GrpcCode::Unknown, message: error.grpc_text() }
            }
            QueryFail::UnknownPath => GrpcStatus::unknown_method(path),
            QueryFail::Host(fault) => return Err(fault),
            QueryFail::Simulate(_) => GrpcStatus::unknown_method(path),
        })
    }

    /// The error as ABCI carries it: gRPC codes become codes of the SDK, everything else is "unknown request".
    pub(crate) fn abci_error(self) -> UserError {
        match self {
            QueryFail::Status(status, text) => {
                let (name, code) = match status {
                    Status::InvalidArgument => ("InvalidArgument", error::INVALID_REQUEST),
                    Status::NotFound => ("NotFound", error::KEY_NOT_FOUND),
                    Status::Unknown => ("Unknown", error::UNKNOWN_REQUEST),
                };
                code.with(format_args!("rpc error: code = {name} desc = {text}"))
            }
            // Errors without a registered code carry no gRPC status and count as invalid requests.
            QueryFail::User(error) if error.codespace == "undefined" => {
                error::INVALID_REQUEST.with(error.text)
            }
            QueryFail::User(error) => error::UNKNOWN_REQUEST.with(error.text),
            QueryFail::Host(fault) => error::UNKNOWN_REQUEST.with(fault),
            QueryFail::UnknownPath => error::UNKNOWN_REQUEST.with("unknown query path"),
            QueryFail::Simulate(_) => error::UNKNOWN_REQUEST.with("simulation"),
        }
    }
}

type Answer = Result<Vec<u8>, QueryFail>;

/// Answers a gRPC method by its name.
pub(crate) fn route(view: &View<'_>, path: &str, data: &[u8]) -> Answer {
    let Some((service, method)) = path.strip_prefix('/').and_then(|p| p.split_once('/')) else {
        return Err(unknown_path());
    };
    match service {
        "cosmos.auth.v1beta1.Query" => auth::answer(view, method, data),
        "cosmos.bank.v1beta1.Query" => bank::answer(view, method, data),
        "cosmos.base.node.v1beta1.Service" => node::answer(view, method),
        "cosmos.feegrant.v1beta1.Query" => feegrant::answer(view, method, data),
        "cosmos.tx.v1beta1.Service" => tx::answer(method, data),
        "cosmos.consensus.v1.Query" => chain::answer_consensus(view, method),
        "suyuan.chain.v1.Query" => authority::answer(view, method),
        "cosmos.params.v1beta1.Query" => chain::answer_legacy(view, method, data),
        "cosmwasm.wasm.v1.Query" => wasm::answer(view, method, data),
        _ => Err(unknown_path()),
    }
}

fn unknown_path() -> QueryFail {
    QueryFail::UnknownPath
}

fn decode<M: Message + Default>(data: &[u8]) -> Result<M, QueryFail> {
    M::decode(data).map_err(|e| QueryFail::Status(Status::InvalidArgument, format!("request: {e}")))
}

fn invalid(text: impl Into<String>) -> QueryFail {
    QueryFail::Status(Status::InvalidArgument, text.into())
}

fn encode(message: &impl Message) -> Answer {
    Ok(message.encode_to_vec())
}

/// The value at a raw key, with proof operations if asked for. A missing key has an empty value, and a proof of absence.
pub(crate) fn raw(
    snapshot: &Snapshot,
    store: &str,
    key: &[u8],
    prove: bool,
) -> Hosted<Result<QueryOutcome, UserError>> {
    if !snapshot.has_store(store) {
        let shown: String = store.chars().take(64).collect();
        return Ok(Err(error::UNKNOWN_REQUEST.with(format_args!("no such store: {shown}"))));
    }
    if key.is_empty() || key.len() > KEY_LEN_MAX {
        return Ok(Err(
            error::INVALID_REQUEST.with(format_args!("query key of {} bytes", key.len()))
        ));
    }
    let mut outcome =
        QueryOutcome { key: key.to_vec(), height: snapshot.version(), ..QueryOutcome::default() };
    if prove {
        let proof = snapshot.prove(store, key)?;
        if proof.ops.is_empty() {
            let text = "the key has an empty value or an empty neighbour, which cannot be proved";
            return Ok(Err(error::NOT_SUPPORTED.with(text)));
        }
        outcome.value = proof.value.unwrap_or_default();
        outcome.proof_ops = proof.ops;
    } else {
        outcome.value = snapshot.get(store, key)?.unwrap_or_default();
    }
    Ok(Ok(outcome))
}
