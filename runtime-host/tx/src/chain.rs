//! Messages about the chain itself: its validators and its consensus parameters.
//!
//! `cosmos.consensus.v1.MsgUpdateParams` is the SDK's, which the protobuf crate does not have. Validators have no common
//! message among chains without staking: `suyuan.chain.v1` is this chain's own (docs/network.md holds its `.proto`).

use cosmos_sdk_proto::tendermint::types::{
    AbciParams, BlockParams, EvidenceParams, ValidatorParams,
};

/// `cosmos.consensus.v1.MsgUpdateParams`: replaces the consensus parameters.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgUpdateParams {
    /// Who decides; the signer.
    #[prost(string, tag = "1")]
    pub authority: String,
    /// Bytes and gas of a block.
    #[prost(message, optional, tag = "2")]
    pub block: Option<BlockParams>,
    /// How long evidence counts.
    #[prost(message, optional, tag = "3")]
    pub evidence: Option<EvidenceParams>,
    /// Kinds of validator keys.
    #[prost(message, optional, tag = "4")]
    pub validator: Option<ValidatorParams>,
    /// Vote extensions, which this chain does not have.
    #[prost(message, optional, tag = "5")]
    pub abci: Option<AbciParams>,
}

/// `cosmos.consensus.v1.MsgUpdateParamsResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgUpdateParamsResponse {}

/// A validator with the power that it is to have.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ValidatorChange {
    /// Its ed25519 key, 32 bytes.
    #[prost(bytes = "vec", tag = "1")]
    pub pub_key: Vec<u8>,
    /// Voting power; 0 removes it.
    #[prost(uint64, tag = "2")]
    pub power: u64,
    /// Name for people.
    #[prost(string, tag = "3")]
    pub name: String,
}

/// `suyuan.chain.v1.MsgSetValidators`: adds, removes and re-weights validators.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgSetValidators {
    /// Who decides; the signer.
    #[prost(string, tag = "1")]
    pub authority: String,
    /// What changes; validators that are not named stay as they are.
    #[prost(message, repeated, tag = "2")]
    pub validators: Vec<ValidatorChange>,
}

/// `suyuan.chain.v1.MsgSetValidatorsResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgSetValidatorsResponse {
    /// Number of the announced plan; 0 where changes are done at once.
    #[prost(uint64, tag = "1")]
    pub plan: u64,
}

/// `suyuan.chain.v1.MsgCancelPlan`: withdraws an announced change.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgCancelPlan {
    /// Who decides; the signer.
    #[prost(string, tag = "1")]
    pub authority: String,
    /// Number of the plan.
    #[prost(uint64, tag = "2")]
    pub plan: u64,
}

/// `suyuan.chain.v1.MsgCancelPlanResponse`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct MsgCancelPlanResponse {}

/// `suyuan.chain.v1.QueryValidatorsRequest`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QueryValidatorsRequest {}

/// `suyuan.chain.v1.QueryValidatorsResponse`: all validators, in the order of their addresses; none on a chain that one
/// node makes alone.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QueryValidatorsResponse {
    /// The set as of the height that was asked for; consensus follows it two blocks later.
    #[prost(message, repeated, tag = "1")]
    pub validators: Vec<ValidatorChange>,
    /// Who may change it; empty if nobody may.
    #[prost(string, tag = "2")]
    pub authority: String,
    /// Seconds between an announcement and its execution.
    #[prost(uint64, tag = "3")]
    pub delay_s: u64,
}

/// An announced change.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Plan {
    /// Its number, from 1.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// Height of the announcement.
    #[prost(uint64, tag = "2")]
    pub announced_height: u64,
    /// The first block with this time or a later one does it: nanoseconds since 1970.
    #[prost(uint64, tag = "3")]
    pub due_time_ns: u64,
    /// Type URL of the message that announced it.
    #[prost(string, tag = "4")]
    pub type_url: String,
    /// The validators that change, if they do.
    #[prost(message, repeated, tag = "5")]
    pub validators: Vec<ValidatorChange>,
    /// The new consensus parameters, if they change.
    #[prost(message, optional, tag = "6")]
    pub params: Option<MsgUpdateParams>,
}

/// `suyuan.chain.v1.QueryPlansRequest`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QueryPlansRequest {}

/// `suyuan.chain.v1.QueryPlansResponse`: what is announced, oldest first.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QueryPlansResponse {
    /// The plans; a chain keeps 64 at most.
    #[prost(message, repeated, tag = "1")]
    pub plans: Vec<Plan>,
}

macro_rules! named {
    ($package:literal: $($name:ident),+) => {$(
        impl prost::Name for $name {
            const NAME: &'static str = stringify!($name);
            const PACKAGE: &'static str = $package;
        }
    )+};
}

named!("cosmos.consensus.v1": MsgUpdateParams, MsgUpdateParamsResponse);
named!("suyuan.chain.v1": MsgSetValidators, MsgSetValidatorsResponse, MsgCancelPlan, MsgCancelPlanResponse);
