//! Every gRPC method of a chain behind one call: [`Services::call`].
//!
//! The application answers for accounts, coins, contracts and parameters; this crate adds what only the driver knows:
//! blocks, transactions in blocks, the way into a block, the node. RPC (`abci_query`), gRPC and REST are skins over it,
//! so that no two of them can answer differently.
//!
//! ```text
//! rpc abci_query ─┐
//! gRPC            ├─► Services::call ─┬─► tx, blocks, node   over Source (blocks, mempool)
//! REST            ┘                   └─► the application    over Source::grpc
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

mod abci;
mod amino;
mod blocks;
mod convert;
mod node;
mod source;
mod tx;

use std::sync::Arc;

use prost::Message;

pub use abci::to_query_outcome;
pub use node::NodeFacts;
pub use source::Source;
pub use suyuan_app::{GrpcCode, GrpcReply, GrpcStatus};

/// Result of a method: the encoded response with the height that was read, or the method's status.
pub type Reply = Result<GrpcReply, GrpcStatus>;

/// Result inside of this crate: the encoded response alone.
type Answer = Result<Vec<u8>, GrpcStatus>;

/// All methods over one chain. Cheap to clone; calls block for disk reads and contract runs, so an async server makes
/// them on its blocking threads, whose stacks are as deep as the contract engine asks.
#[derive(Clone)]
pub struct Services {
    source: Arc<dyn Source>,
    node: Arc<NodeFacts>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services").field("node", &self.node).finish_non_exhaustive()
    }
}

impl Services {
    /// The services of a chain on a node.
    pub fn new(source: Arc<dyn Source>, node: NodeFacts) -> Self {
        Services { source, node: Arc::new(node) }
    }

    /// Answers the method `path` (`/package.Service/Method`) with the encoded `request` as its argument. `height` 0 is
    /// the latest state; another height counts for what the application answers.
    ///
    /// # Errors
    /// The status, in the words of the SDK where clients search them.
    pub fn call(&self, path: &str, request: &[u8], height: u64) -> Reply {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let source = self.source.as_ref();
        let answer = match service {
            "cosmos.tx.v1beta1.Service" => tx::answer(source, method, request),
            "cosmos.base.tendermint.v1beta1.Service" => {
                blocks::answer(source, &self.node, method, request)
            }
            "cosmos.base.node.v1beta1.Service" => node::answer(source, &self.node, method),
            _ => None,
        };
        match answer {
            Some(answer) => Ok(GrpcReply { value: answer?, height: self.height_read(height)? }),
            None => source.grpc(path, request, height),
        }
    }

    /// Whether `path` is answered here and not by the application.
    pub fn is_own(path: &str) -> bool {
        let own = ["/cosmos.tx.v1beta1.Service/", "/cosmos.base.tendermint.v1beta1.Service/"];
        let simulate = path == "/cosmos.tx.v1beta1.Service/Simulate";
        !simulate
            && (own.iter().any(|s| path.starts_with(s))
                || path.starts_with("/cosmos.base.node.v1beta1.Service/"))
    }

    /// The height that an answer about blocks counts for.
    fn height_read(&self, asked: u64) -> Result<u64, GrpcStatus> {
        let latest = self.source.latest_height();
        match asked {
            0 => Ok(latest),
            asked if asked > latest => Err(GrpcStatus::new(
                GrpcCode::Unknown,
                "codespace sdk code 26: invalid height: cannot query with height in the future; please provide a valid height",
            )),
            asked => Ok(asked),
        }
    }
}

fn decode<M: Message + Default>(request: &[u8]) -> Result<M, GrpcStatus> {
    M::decode(request).map_err(|e| invalid(format!("request: {e}")))
}

fn encode(response: &impl Message) -> Answer {
    Ok(response.encode_to_vec())
}

fn invalid(text: impl Into<String>) -> GrpcStatus {
    GrpcStatus::new(GrpcCode::InvalidArgument, text)
}

fn not_found(text: impl Into<String>) -> GrpcStatus {
    GrpcStatus::new(GrpcCode::NotFound, text)
}

fn internal(text: impl std::fmt::Display) -> GrpcStatus {
    GrpcStatus::new(GrpcCode::Internal, text.to_string())
}
