//! The node service: settings and how far the node is.

use cosmos_sdk_proto::cosmos::base::node::v1beta1::{ConfigResponse, StatusResponse};

use crate::source::{failed, Source};
use crate::{decode, encode, Answer};

/// What the node says about itself: fixed while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    /// Name of the node; clients refuse an empty one.
    pub moniker: String,
    /// Version of this program.
    pub version: String,
    /// Version of the CometBFT dialect that the RPC speaks (`0.38.x`).
    pub dialect_version: String,
    /// Where the RPC listens, as `tcp://host:port`; empty if it does not.
    pub rpc_address: String,
    /// Past heights kept; 0 for all.
    pub keep_versions: u64,
}

impl Default for NodeFacts {
    fn default() -> Self {
        NodeFacts {
            moniker: "suyuan".to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            dialect_version: "0.38.25".to_string(),
            rpc_address: String::new(),
            keep_versions: 0,
        }
    }
}

/// Answers a method; `None` if there is no such method.
pub(crate) fn answer(source: &dyn Source, node: &NodeFacts, method: &str) -> Option<Answer> {
    Some(match method {
        "Config" => config(source, node),
        "Status" => status(source),
        _ => return None,
    })
}

/// What the node keeps, and the least price of gas, which the chain itself knows.
fn config(source: &dyn Source, node: &NodeFacts) -> Answer {
    let of_chain = source.grpc("/cosmos.base.node.v1beta1.Service/Config", &[], 0)?;
    let of_chain: ConfigResponse = decode(&of_chain.value)?;
    encode(&ConfigResponse {
        minimum_gas_price: of_chain.minimum_gas_price,
        pruning_keep_recent: node.keep_versions.to_string(),
        // Every commit prunes what became too old, if anything is pruned at all.
        pruning_interval: u64::from(node.keep_versions > 0).to_string(),
        halt_height: 0,
    })
}

fn status(source: &dyn Source) -> Answer {
    let status = source.status().map_err(failed)?;
    let latest = source.block(None).map_err(failed)?;
    encode(&StatusResponse {
        earliest_store_height: status.earliest.height,
        height: status.latest.height,
        timestamp: Some(status.latest.time.into()),
        app_hash: status.latest.app_hash,
        validator_hash: latest.block.header.validators_hash.as_bytes().to_vec(),
    })
}
