//! What a certificate says, once it is verified.

use serde::Serialize;
use suyuan_trace_api::assembly::Direction;

/// Who vouches for the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// Nobody that the caller trusts: the certificate is consistent in itself, its signers may be anybody.
    Unverified,
    /// The header is the trusted one.
    TrustedHeader,
    /// The validators are the trusted ones.
    TrustedValidators,
    /// The validators have changed; more than a third of the trusted ones' power signed.
    TrustedOverlap,
}

/// What is proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Who vouches for it.
    pub signer: Signer,
    /// The chain.
    pub chain_id: String,
    /// Height of the state.
    pub height: u64,
    /// Hash of the header that holds the app hash.
    pub header_hash: String,
    /// Time of that header.
    pub header_time: String,
    /// Validators of that header.
    pub validators: usize,
    /// The unit that the trace starts from.
    pub start: String,
    /// Direction of the trace.
    pub direction: Direction,
    /// Units of the trace.
    pub units: usize,
    /// Links of the trace.
    pub links: usize,
    /// Events of the trace.
    pub events: usize,
    /// The contracts that recorded it.
    pub contracts: Vec<ContractReport>,
    /// The authentication nodes that co-signed it, where their attestations were asked for.
    pub attestors: Vec<Attestor>,
}

/// An authentication node that co-signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attestor {
    /// The participant that runs it.
    pub participant: String,
    /// The key that it signed with.
    pub kid: String,
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractReport {
    /// What it is for.
    pub name: String,
    /// Its address.
    pub address: String,
    /// The code that it runs.
    pub code_id: u64,
    /// Who may migrate it; empty: nobody.
    pub admin: String,
    /// Its label.
    pub label: String,
    /// The codes that it ran, the first one from its birth.
    pub history: Vec<CodeReport>,
}

/// A code that a contract runs or ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeReport {
    /// Since when.
    pub height: u64,
    /// Its id.
    pub code_id: u64,
    /// SHA-256 of the wasm.
    pub checksum: String,
    /// Under which name the verifier knows it.
    pub known_as: String,
}
