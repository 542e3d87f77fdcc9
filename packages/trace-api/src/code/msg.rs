//! What is sent to trace-code.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::HexBinary;

use super::{LifeStep, NewBatch, NewClass, Overlay, PresentedCode, QuotaScope};

/// Set-up of trace-code.
#[cw_serde]
pub struct InstantiateMsg {
    /// The participant registry.
    pub registry: String,
}

/// Writes to trace-code.
#[cw_serde]
pub enum ExecuteMsg {
    /// Once, by whoever instantiated: who may send [`ExecuteMsg::Advance`].
    Wire {
        /// The assembly graph.
        assembly_graph: String,
    },
    /// Registers a class. Needs [`crate::participant::Permission::RegisterClass`].
    RegisterClass(NewClass),
    /// The owner of a class gives it a new version. Batches of earlier versions stay with theirs.
    ReviseClass {
        /// The class.
        class: String,
        /// Specification or model from now on.
        specification: String,
        /// Days from production to expiry from now on.
        shelf_life_days: Option<u32>,
    },
    /// Issues a batch. Needs [`crate::participant::Permission::IssueCodes`], the class, and the prefix.
    IssueBatch(NewBatch),
    /// The issuer withdraws what is not yet in life.
    RevokeBatch {
        /// The batch.
        batch: String,
        /// Why, for the record.
        reason: String,
    },
    /// The issuer withdraws a range of places (labels lost or spoilt), none of which is in life; whatever its length,
    /// the cost is the same.
    VoidRange {
        /// The batch.
        batch: String,
        /// First place.
        from: u32,
        /// First place behind the range.
        to: u32,
        /// Why, for the record.
        reason: String,
    },
    /// Two leaves with one code: anybody proves it, the batch is compromised.
    ReportDuplicate {
        /// One.
        first: PresentedCode,
        /// The other: same code and batch, another index.
        second: PresentedCode,
    },
    /// Anybody records a scan; scans that no single object can explain mark the code as a suspected clone. Such a
    /// mark shows in every verdict; it blocks use only once class owner or regulator set it.
    RecordScan {
        /// The code.
        code: String,
        /// Coarse cell of the place.
        cell: String,
        /// Names the reading: the same reading is not counted twice. [`super::SCAN_NONCE_BYTES`] bytes.
        #[serde(default)]
        nonce: Option<HexBinary>,
    },
    /// Anybody who holds the hidden secret of a code redeems it: once.
    Acquit {
        /// The code.
        code: String,
        /// The secret.
        secret: HexBinary,
    },
    /// The class owner or a regulator dismisses the suspicion that a code was copied: once for each code.
    AcquitClone {
        /// The code.
        code: String,
        /// Why, for the record.
        reason: String,
    },
    /// Sets a mark for a problem: the class owner or a regulator.
    SetOverlay {
        /// The codes, at most [`super::MAX_OVERLAY_CODES`].
        codes: Vec<String>,
        /// The mark.
        overlay: Overlay,
        /// Problem or campaign; where none is named, the sender's participant id.
        #[serde(default)]
        problem: Option<String>,
        /// Why, for the record.
        reason: String,
    },
    /// Lifts a problem; the mark is gone with its last one. The class owner or a regulator; what a regulator or an
    /// event set is lifted by a regulator only.
    ClearOverlay {
        /// The codes.
        codes: Vec<String>,
        /// The mark.
        overlay: Overlay,
        /// The problem; where none is named, all of the mark.
        #[serde(default)]
        problem: Option<String>,
        /// Why, for the record.
        reason: String,
    },
    /// A regulator limits how many codes may be issued for a class, or by an issuer.
    SetQuota {
        /// Of what.
        scope: QuotaScope,
        /// Codes in all, those already issued included; `None` = no limit.
        limit: Option<u64>,
    },
    /// A regulator decides whether codes are issued in assigned number ranges only.
    RestrictPrefixes {
        /// True: a prefix outside every assigned range is refused.
        assigned_only: bool,
    },
    /// Inner message, from the assembly graph only: all steps or none.
    Advance {
        /// At most [`super::MAX_STEPS`].
        steps: Vec<LifeStep>,
    },
}
