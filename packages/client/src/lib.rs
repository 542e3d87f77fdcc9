//! The client side of Suyuan: sign, broadcast, wait, query.
//!
//! It exists so that the command line, the demo, the importer, the gateway and the tests speak to
//! a chain in one way. It knows Cosmos transactions and CometBFT's RPC, and nothing about how the
//! node works inside: everything here runs against any chain with `cosmwasm.wasm.v1`.
//!
//! Start at [`Client::connect`]; keys are [`Signer`]s, messages come from [`msg`].
#![forbid(unsafe_code)]

pub mod attest;
pub mod certificate;
pub mod contracts;
pub mod deploy;
pub mod error;
pub mod lists;
pub mod msg;
pub mod pipeline;
pub mod proof;
pub mod query;
pub mod receipt;
pub mod rpc;
pub mod signer;
pub mod source;
pub mod tx;
pub mod walk;

pub mod client;

pub use client::{Client, ClientOptions};
pub use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
pub use cosmos_sdk_proto::Any;
pub use deploy::Deployment;
pub use error::{ClientError, FaultClass, Outcome, Stage};
pub use receipt::Receipt;
pub use rpc::Rpc;
pub use signer::Signer;
pub use tx::Gas;
