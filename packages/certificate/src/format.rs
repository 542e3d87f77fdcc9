//! What is in the file.
//!
//! One JSON object without white space, fields in the order of these types, all of them present, no others.
//! Numbers are plain integers; raw records are base64, hashes and proof nodes lower-case hex, events the text that the chain
//! stores. Lists have one order each, named at the field; [`crate::seal`] makes it and the verifier demands it.
//!
//! Keys of the state are not in the file: a verifier computes them, so that no record can stand in for another.

use serde::{Deserialize, Serialize};
use suyuan_trace_api::assembly::{Direction, LinkView};
use suyuan_trace_api::digest::Digest;

use crate::bytes::{Base64, Hex};
use crate::signed::{Commit, Header};

/// Name and version of the format.
pub const FORMAT: &str = "suyuan-certificate/1";
/// The store that contracts live in.
pub const STORE: &str = "wasm";

/// A certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`FORMAT`].
    pub format: String,
    /// The chain.
    pub chain_id: String,
    /// Height of the state: the header's less one.
    pub height: u64,
    /// Code of the unit that the trace starts from.
    pub start: String,
    /// Backward: what it is made of; forward: what it went into.
    pub direction: Direction,
    /// The four contracts.
    pub contracts: Contracts,
    /// Every code that they run or ever ran, ascending by id.
    pub codes: Vec<Code>,
    /// The units, ascending by number: in order of birth.
    pub units: Vec<Unit>,
    /// The links, ascending by id: in order of recording.
    pub links: Vec<LinkView>,
    /// The events, ascending by number: in order of recording.
    pub events: Vec<Event>,
    /// What all records share on their way to the app hash.
    pub proof: Shared,
    /// The header of the next height, which holds the app hash.
    pub header: Header,
    /// As many signatures under it, in the order of the validators, as are needed for more than two thirds of the
    /// power, and not one more.
    pub commit: Commit,
    /// The validators of that header, in the order of their set: descending by power, then ascending by address.
    pub validators: Vec<Validator>,
    /// SHA-256 of the certificate with [`Digest::ZERO`] here: against accidents.
    pub digest: Digest,
}

/// A record of the state: its value, and where its proof begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The record as it is stored.
    pub value: Base64,
    /// Prefix of its leaf: height 0, size 1 and version.
    pub leaf: Hex,
    /// Its lowest inner node in [`Shared::nodes`]; none in a tree of one leaf.
    pub path: Option<u32>,
}

/// An inner node, as one of its children sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What stands before the child's hash.
    pub prefix: Hex,
    /// What stands after it.
    pub suffix: Hex,
    /// The next node towards the root, an earlier one in the list; none at the root.
    pub above: Option<u32>,
}

/// What all records share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// Inner nodes: those of the first record from the root down, then those that the second one adds, and so on in
    /// the order of [`Certificate::entries`](crate::proofs::entries). None twice, none unused.
    pub nodes: Vec<Node>,
    /// Root of the store of contracts.
    pub store_root: Hex,
    /// Steps from that root to the app hash.
    pub store_path: Vec<Step>,
}

/// A step over the stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What stands before the hash so far.
    pub prefix: Hex,
    /// What stands after it.
    pub suffix: Hex,
}

/// The four contracts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contracts {
    /// participant-registry.
    pub registry: Contract,
    /// trace-code.
    pub trace_code: Contract,
    /// assembly-graph.
    pub assembly_graph: Contract,
    /// event-log.
    pub event_log: Contract,
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its address.
    pub address: String,
    /// `ContractInfo` of the wasm module: code, creator, admin, label.
    pub info: Entry,
    /// `ContractCodeHistoryEntry` of the wasm module, all of them, from the first: its birth and its migrations.
    pub history: Vec<Entry>,
    /// The record that follows the last entry in the store: proves that there is no further one.
    pub after_history: Neighbour,
    /// What it says of the other three: [`Role::items`](crate::contracts::Role::items).
    pub items: Vec<Entry>,
}

/// A record whose key is not the verifier's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// Its key.
    pub key: Hex,
    /// The record.
    pub entry: Entry,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Its id.
    pub id: u64,
    /// `CodeInfo` of the wasm module: checksum, creator.
    pub info: Entry,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its number: birth of its first revision.
    pub number: u64,
    /// What never changes of it ([`UnitCore`](suyuan_trace_api::assembly::record::UnitCore)).
    pub core: Entry,
    /// What changes of it ([`UnitState`](suyuan_trace_api::assembly::record::UnitState)).
    pub state: Entry,
    /// Its accumulators ([`Accumulators`](suyuan_trace_api::assembly::record::Accumulators)).
    pub accumulators: Entry,
    /// All steps of all its links in the direction of the trace, in order of recording.
    pub steps: Vec<LinkOp>,
    /// Numbers of all its events, in order of recording.
    pub events: Vec<u64>,
}

/// What happened to a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    /// It came into being, by [`LinkView::opened_by`].
    Opened,
    /// The next one of [`LinkView::witnesses`] asserted it, too.
    Witnessed,
    /// It ended, by [`LinkView::closed_by`].
    Closed,
    /// It was declared never to have been, by [`LinkView::closed_by`].
    Voided,
}

/// A step of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkOp {
    /// The link.
    pub link: u64,
    /// What happened.
    pub op: OpKind,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its number.
    pub number: u64,
    /// The record as it is stored: [`StoredEvent`](suyuan_trace_api::event::StoredEvent) as JSON.
    pub record: String,
    /// Prefix of its leaf.
    pub leaf: Hex,
    /// Its lowest inner node in [`Shared::nodes`].
    pub path: Option<u32>,
}

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// Its Ed25519 key.
    pub ed25519: Hex,
    /// Its power.
    pub power: u64,
}
