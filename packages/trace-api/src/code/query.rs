//! What trace-code is asked, and what it answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::HexBinary;

#[cfg_attr(
    target_arch = "wasm32",
    allow(unused_imports, reason = "types of answers are named by the schema only")
)]
use super::{
    Batch, BatchStatus, Class, ClassVersion, CodeState, DuplicateReport, Life, Overlay,
    PresentedCode, Quota, QuotaScope, VoidedRange,
};
use crate::migration::Migration;
use crate::participant::KeyAlgorithm;

/// Reads from trace-code.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Set-up.
    #[returns(ConfigAnswer)]
    Config {},
    /// A class.
    #[returns(Option<Class>)]
    Class {
        /// Its id.
        id: String,
    },
    /// Several classes at once, in the order asked; at most [`super::MAX_STEPS`].
    #[returns(Vec<Option<Class>>)]
    ClassesById {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Classes in order of id.
    #[returns(Vec<Class>)]
    Classes {
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Versions of a class, oldest first.
    #[returns(Vec<ClassVersion>)]
    ClassVersions {
        /// The class.
        class: String,
        /// Last version of the page before.
        start_after: Option<u32>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A batch.
    #[returns(Option<Batch>)]
    Batch {
        /// Its id.
        id: String,
    },
    /// Batches of a class in order of id.
    #[returns(Vec<Batch>)]
    Batches {
        /// The class.
        class: String,
        /// Last id of the page before.
        start_after: Option<String>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// How many codes of a batch are where.
    #[returns(Option<BatchStatsAnswer>)]
    BatchStats {
        /// The batch.
        id: String,
    },
    /// Ranges of a batch that are voided, ascending.
    #[returns(Vec<VoidedRange>)]
    RangeStates {
        /// The batch.
        batch: String,
        /// `from` of the last range of the page before.
        start_after: Option<u32>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Codes of a batch that came to life, by place.
    #[returns(Vec<PlacedCode>)]
    CodesOfBatch {
        /// The batch.
        batch: String,
        /// Last place of the page before.
        start_after: Option<u32>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// A code's record; `None` while it has none. A unit's code is its id in the assembly graph.
    #[returns(Option<CodeState>)]
    Code {
        /// The text.
        code: String,
    },
    /// Life of several codes at once, in the order asked; at most [`super::MAX_STEPS`].
    #[returns(Vec<Option<LifeAnswer>>)]
    Lives {
        /// The codes.
        codes: Vec<String>,
    },
    /// Is this code genuine? Writes nothing.
    #[returns(VerdictAnswer)]
    Verify {
        /// The text.
        code: String,
        /// Proof of issuance, where the scanner holds one.
        presented: Option<PresentedCode>,
        /// What else the scanner holds.
        #[serde(default)]
        evidence: Option<Evidence>,
    },
    /// Proved duplicates, in order of batch and code.
    #[returns(Vec<DuplicateReport>)]
    Duplicates {
        /// Batch and code of the last entry of the page before.
        start_after: Option<(String, String)>,
        /// Entries wanted.
        limit: Option<u32>,
    },
    /// Codes issued and allowed within a scope.
    #[returns(Quota)]
    Quota {
        /// The scope.
        scope: QuotaScope,
    },
    /// All scopes in which codes were issued or limited: classes, then issuers, each in order of id.
    #[returns(Vec<Quota>)]
    Quotas {
        /// Last scope of the page before.
        start_after: Option<QuotaScope>,
        /// Entries wanted.
        limit: Option<u32>,
    },
}

/// Set-up as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// The registry.
    pub registry: String,
    /// The assembly graph, once wired.
    pub assembly_graph: Option<String>,
    /// True where codes are issued in assigned number ranges only.
    pub assigned_prefixes_only: bool,
    /// Every migration of this contract, oldest first.
    pub migrations: Vec<Migration>,
}

/// Life and overlays of a code.
#[cw_serde]
pub struct LifeAnswer {
    /// Life.
    pub life: Life,
    /// Overlays, ascending.
    pub overlays: Vec<Overlay>,
}

/// A code of a batch that came to life.
#[cw_serde]
pub struct PlacedCode {
    /// Its place.
    pub index: u32,
    /// Its text.
    pub code: String,
    /// Its life.
    pub life: Life,
}

/// How many codes of a batch are where. `activated + voided + unused = count`.
#[cw_serde]
#[derive(Eq)]
pub struct BatchStatsAnswer {
    /// The batch.
    pub batch: String,
    /// Where it stands.
    pub status: BatchStatus,
    /// Codes in all.
    pub count: u32,
    /// Came to life.
    pub activated: u32,
    /// Withdrawn by range.
    pub voided: u32,
    /// Neither.
    pub unused: u32,
    /// Ranges of withdrawn places.
    pub void_ranges: u32,
}

/// What a scanner holds besides text and proof.
#[cw_serde]
#[derive(Default)]
pub struct Evidence {
    /// The tail printed beside the code, base64url without padding.
    pub tail: Option<String>,
    /// The nonce printed beside the code, where no proof is presented.
    pub nonce: Option<HexBinary>,
    /// The hidden secret. Nothing is redeemed by asking; whoever answers the query sees it.
    pub secret: Option<HexBinary>,
    /// What the chip answered.
    pub chip: Option<ChipAnswer>,
    /// Coarse cell of the place.
    pub cell: Option<String>,
}

/// A chip's answer to a challenge that the scanner made up.
#[cw_serde]
pub struct ChipAnswer {
    /// Algorithm of the chip's key.
    pub algorithm: KeyAlgorithm,
    /// The chip's public key; its hash is in the code's leaf.
    pub public_key: HexBinary,
    /// The challenge, at most [`super::MAX_CHALLENGE`] bytes.
    pub challenge: HexBinary,
    /// Signature over [`super::chip_bytes`].
    pub signature: HexBinary,
}

/// What a scan of a code means.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Verdict {
    /// Issued, alive, no mark against it.
    Genuine,
    /// Genuine and sold before.
    GenuineAlreadySold,
    /// Blocked.
    Held,
    /// Under recall.
    Recalled,
    /// Past its date.
    Expired,
    /// Issued, but nothing carries it yet.
    NotYetActive,
    /// Its unit waits for a quality record.
    AwaitingQuality,
    /// At the end of its life.
    Ended,
    /// No batch has this prefix, or nothing shows that this code was ever issued.
    Unknown,
    /// Syntax, check character, tail, proof, secret or chip is wrong: made up.
    Forged,
    /// Scans that no single object can explain.
    SuspectClone,
}

/// What is looked at, in this order.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// V0: length and alphabet.
    Syntax,
    /// V1: check character.
    Check,
    /// V2: tail.
    Tail,
    /// V3: place in a batch.
    Member,
    /// V4: life, marks, expiry.
    Life,
    /// V5: signs of a copy.
    Clone,
    /// V6: hidden secret or chip.
    Acquittal,
}

/// What came out.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum StageOutcome {
    /// Nothing against it.
    Passed,
    /// Something is wrong.
    Failed,
    /// Nothing to look at.
    NotChecked,
}

/// One stage of a verification.
#[cw_serde]
#[derive(Eq)]
pub struct StageResult {
    /// Which.
    pub stage: Stage,
    /// What came out.
    pub outcome: StageOutcome,
    /// Why, in a sentence.
    pub note: String,
}

/// A verdict with its reason and what is known of the code.
#[cw_serde]
pub struct VerdictAnswer {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// V0 to V6 in order, up to the first that ends the matter.
    pub stages: Vec<StageResult>,
    /// The code's record.
    pub state: Option<CodeState>,
}
