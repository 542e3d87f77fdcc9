//! trace-code: classes with their granularity (Annex C), batches of trace codes at constant cost, and the
//! life cycle of each code (clause 9).
//!
//! The pure part – text form, leaf, Merkle path – is here, so that a scanner can check a code without a chain.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::HexBinary;

use crate::digest::{frame, Digest};

/// Characters of a trace code at the most.
pub const MAX_CODE: usize = 48;
/// Characters of a code prefix.
pub const MAX_PREFIX: usize = 12;
/// Codes in one batch at the most: 2^24.
pub const MAX_DEPTH: u8 = 24;
/// Bytes of the printed nonce of a code.
pub const NONCE_BYTES: usize = 16;
/// Steps of one inner message at the most.
pub const MAX_STEPS: usize = 256;
/// Codes of one overlay message at the most.
pub const MAX_OVERLAY_CODES: usize = 64;

/// Kinds of Annex C, table C.1, with the two that A.2 and B.1 add (outsourced part, blank).
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ClassKind {
    /// 产品: a serial code for each piece.
    Product,
    /// 部件: a serial code for each piece.
    Component,
    /// 自制零件: a lot code.
    SelfMadePart,
    /// 关键外购件: a serial code for each piece, at incoming inspection.
    KeyPurchasedPart,
    /// 重要外购件: a serial code for each piece, at incoming inspection.
    ImportantPurchasedPart,
    /// 一般外购件: a code for each inspection lot.
    GeneralPurchasedPart,
    /// 外协件: a lot code.
    OutsourcedPart,
    /// 毛坯: a lot code.
    Blank,
    /// 原材料: a lot code.
    RawMaterial,
    /// 设备: a serial code for each machine.
    Equipment,
    /// Boxes, pallets, containers: a serial code for each.
    Packaging,
}

/// Granularity of a class.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Tracking {
    /// One code, one piece.
    Serial,
    /// One code, one lot with a quantity.
    Lot,
}

impl ClassKind {
    /// The coarsest tracking that Annex C allows. Stricter is allowed, laxer is refused.
    pub const fn coarsest(self) -> Tracking {
        match self {
            Self::Product
            | Self::Component
            | Self::KeyPurchasedPart
            | Self::ImportantPurchasedPart
            | Self::Equipment
            | Self::Packaging => Tracking::Serial,
            Self::SelfMadePart
            | Self::GeneralPurchasedPart
            | Self::OutsourcedPart
            | Self::Blank
            | Self::RawMaterial => Tracking::Lot,
        }
    }

    /// True where Annex C allows `tracking` for this kind.
    pub const fn allows(self, tracking: Tracking) -> bool {
        matches!(tracking, Tracking::Serial) || matches!(self.coarsest(), Tracking::Lot)
    }
}

/// A class of products or parts.
#[cw_serde]
pub struct NewClass {
    /// Id, unique on the chain.
    pub id: String,
    /// Kind of Annex C.
    pub kind: ClassKind,
    /// Granularity.
    pub tracking: Tracking,
    /// Name for people.
    pub name: String,
    /// Specification or model (clause 7.1 b).
    pub specification: String,
    /// Product id (GTIN, CPI …) where there is one.
    pub product_id: Option<String>,
    /// Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
    pub uom: Option<String>,
    /// Days from production to expiry, where goods expire.
    pub shelf_life_days: Option<u32>,
}

/// A class as stored.
#[cw_serde]
#[schemaifier(mute_warnings)]
pub struct Class {
    /// The registered data.
    #[serde(flatten)]
    pub data: ClassData,
    /// The participant that registered it.
    pub owner: String,
    /// Height of registration.
    pub registered_at: u64,
}

/// The registered data of a class (alias: what [`NewClass`] says).
pub type ClassData = NewClass;

/// How a code's tail proves its origin without the chain.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum TailAlgorithm {
    /// No tail: nonce and Merkle path only.
    None,
    /// HMAC-SHA-256 cut to 128 bits, for the issuer's own scanners.
    HmacSha256128,
    /// Ed25519 signature, for everybody's scanners.
    Ed25519,
}

/// A batch of codes: one record, whatever the count.
#[cw_serde]
pub struct NewBatch {
    /// Id, unique on the chain.
    pub id: String,
    /// The class that the codes are for; the sender must own it.
    pub class: String,
    /// All codes of the batch begin with this; no two batches share a prefix or one that begins with it.
    pub prefix: String,
    /// Number of codes: 1 to 2^depth.
    pub count: u32,
    /// Depth of the Merkle tree, at most [`MAX_DEPTH`].
    pub depth: u8,
    /// Root over the leaves ([`leaf_hash`], padded with [`padding_hash`]).
    pub root: Digest,
    /// Kind of tail.
    pub tail: TailAlgorithm,
    /// Key id of the tail's key, where there is a tail.
    pub tail_kid: Option<String>,
    /// Production line that the codes are meant for.
    pub line: Option<String>,
}

/// `Open → Revoked`, and either of them `→ Compromised` once two leaves with one code are proved: an issuer
/// cannot hide behind a withdrawal.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum BatchStatus {
    /// Codes can come to life.
    Open,
    /// The issuer withdrew what is not yet in life.
    Revoked,
    /// A duplicate was proved.
    Compromised,
}

/// A batch as stored.
#[cw_serde]
pub struct Batch {
    /// Id.
    pub id: String,
    /// Class.
    pub class: String,
    /// The participant that issued it.
    pub issuer: String,
    /// Prefix.
    pub prefix: String,
    /// Number of codes.
    pub count: u32,
    /// Depth of the tree.
    pub depth: u8,
    /// Root.
    pub root: Digest,
    /// Kind of tail.
    pub tail: TailAlgorithm,
    /// Key id of the tail.
    pub tail_kid: Option<String>,
    /// Production line.
    pub line: Option<String>,
    /// Where it stands.
    pub status: BatchStatus,
    /// Codes of it that came to life.
    pub activated: u32,
    /// Height of issuance.
    pub issued_at: u64,
}

/// What a scanner or a production line holds of one code: enough to prove that it was issued.
#[cw_serde]
pub struct PresentedCode {
    /// The code's text.
    pub code: String,
    /// Its batch.
    pub batch: String,
    /// Its place in the batch, from 0.
    pub index: u32,
    /// The nonce printed beside it ([`NONCE_BYTES`] bytes).
    pub nonce: HexBinary,
    /// Hash of the hidden secret, [`Digest::ZERO`] where the batch has none.
    pub hidden: Digest,
    /// Siblings from the leaf to the root: `depth` digests.
    pub path: Vec<Digest>,
}

/// Life of a code. Terminal: Voided, Consumed, Retired, Destroyed, Superseded.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Life {
    /// In a batch, not used yet (no record of its own).
    Committed,
    /// Never to be used.
    Voided,
    /// Identifies a unit.
    Active,
    /// Its unit is part of another one.
    InUse,
    /// Its unit went into something irreversibly.
    Consumed,
    /// Taken out of use.
    Retired,
    /// Destroyed.
    Destroyed,
    /// Left the region of the chain.
    Exported,
    /// Sold to its user.
    Sold,
    /// Replaced by another code for the same unit.
    Superseded,
}

/// Marks beside the life, set and lifted independently.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Overlay {
    /// Blocked until cleared.
    Held,
    /// Under recall.
    Recalled,
    /// Failed its specification.
    NonConformant,
    /// Reported stolen.
    Stolen,
    /// Seen where it cannot be.
    SuspectClone,
}

/// A code's own record, written when it leaves its batch's default.
#[cw_serde]
pub struct CodeState {
    /// The text.
    pub code: String,
    /// Batch.
    pub batch: String,
    /// Class.
    pub class: String,
    /// Place in the batch.
    pub index: u32,
    /// Life.
    pub life: Life,
    /// Overlays, ascending.
    pub overlays: Vec<Overlay>,
    /// Height at which it came to life.
    pub activated_at: u64,
    /// Scans recorded.
    pub scans: u32,
    /// First recorded scan.
    pub first_scan: Option<Scan>,
    /// Latest recorded scan.
    pub last_scan: Option<Scan>,
}

/// A recorded scan. The place is a coarse cell: a consumer's exact position is never on chain.
#[cw_serde]
pub struct Scan {
    /// Height.
    pub height: u64,
    /// Block time in seconds since 1970.
    pub time_s: u64,
    /// Coarse cell ([`crate::event::check_cell`]).
    pub cell: String,
}

/// A step of a code's life that the assembly graph asks for.
#[cw_serde]
pub enum LifeStep {
    /// A presented code comes to life for a new unit.
    Activate {
        /// The code with its proof.
        presented: PresentedCode,
        /// The class that the unit claims.
        class: String,
        /// The participant that makes the unit: must be the batch's issuer.
        actor: String,
    },
    /// A living code moves on.
    Move {
        /// The code.
        code: String,
        /// Where to.
        to: Life,
    },
    /// Fails where the code is not alive or an overlay blocks its use.
    Require {
        /// The code.
        code: String,
    },
    /// Something is taken from the code's lot: fails where the code is not `Active` (what was sold or left is no
    /// longer anybody's to use) or an overlay blocks its use.
    Use {
        /// The code.
        code: String,
    },
}

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
    /// Issues a batch. Needs [`crate::participant::Permission::IssueCodes`] and the class.
    IssueBatch(NewBatch),
    /// The issuer withdraws what is not yet in life.
    RevokeBatch {
        /// The batch.
        batch: String,
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
    },
    /// Sets an overlay. Held, NonConformant, Stolen: the class owner or a regulator; Recalled: the same.
    SetOverlay {
        /// The codes, at most [`MAX_OVERLAY_CODES`].
        codes: Vec<String>,
        /// The mark.
        overlay: Overlay,
        /// Why, for the record.
        reason: String,
    },
    /// Lifts an overlay; who may set it may lift it, but a regulator's is lifted by a regulator only.
    ClearOverlay {
        /// The codes.
        codes: Vec<String>,
        /// The mark.
        overlay: Overlay,
        /// Why, for the record.
        reason: String,
    },
    /// Inner message, from the assembly graph only: all steps or none.
    Advance {
        /// At most [`MAX_STEPS`].
        steps: Vec<LifeStep>,
    },
}

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
    /// Several classes at once, in the order asked; at most [`MAX_STEPS`].
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
    /// A code's record; `None` while it has none.
    #[returns(Option<CodeState>)]
    Code {
        /// The text.
        code: String,
    },
    /// Life of several codes at once, in the order asked; at most [`MAX_STEPS`].
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
    },
}

/// Set-up as it answers.
#[cw_serde]
pub struct ConfigAnswer {
    /// The registry.
    pub registry: String,
    /// The assembly graph, once wired.
    pub assembly_graph: Option<String>,
}

/// Life and overlays of a code.
#[cw_serde]
pub struct LifeAnswer {
    /// Life.
    pub life: Life,
    /// Overlays, ascending.
    pub overlays: Vec<Overlay>,
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
    /// Issued, but nothing carries it yet.
    NotYetActive,
    /// At the end of its life.
    Ended,
    /// No batch has this prefix, or nothing shows that this code was ever issued.
    Unknown,
    /// Syntax, check character or proof is wrong: made up.
    Forged,
    /// Scans that no single object can explain.
    SuspectClone,
}

/// A verdict with its reason and what is known of the code.
#[cw_serde]
pub struct VerdictAnswer {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// The code's record.
    pub state: Option<CodeState>,
}

// ---------------------------------------------------------------------------------------------------------
// Text form
// ---------------------------------------------------------------------------------------------------------

/// Alphabet of trace codes: digits and capital letters, as ISO/IEC 7064 MOD 37,36 checks them.
pub const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A text that cannot be a trace code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Empty, too long, or outside the alphabet.
    #[error("a trace code has 2 to {MAX_CODE} digits and capital letters")]
    Syntax,
    /// The last character does not fit the others: a typing error or an invention.
    #[error("the check character is wrong: expected {expected:?}, found {found:?}")]
    Check {
        /// What ISO/IEC 7064 MOD 37,36 gives.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// Check character of ISO/IEC 7064 MOD 37,36 over characters of [`ALPHABET`]; `None` for any other.
pub fn check_character(body: &str) -> Option<char> {
    let mut product = 36u32;
    for byte in body.bytes() {
        let value = ALPHABET.iter().position(|a| *a == byte)? as u32;
        let sum = (product + value) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    let check = (37 - product) % 36;
    Some(char::from(ALPHABET[check as usize]))
}

/// Checks length, alphabet and check character of a code.
///
/// # Errors
/// [`BadCode`].
pub fn check_code(code: &str) -> Result<(), BadCode> {
    if !(2..=MAX_CODE).contains(&code.len()) || !code.is_ascii() {
        return Err(BadCode::Syntax);
    }
    let (body, found) = code.split_at(code.len() - 1);
    let found = found.chars().next().ok_or(BadCode::Syntax)?;
    if !ALPHABET.contains(&(found as u8)) {
        return Err(BadCode::Syntax);
    }
    let expected = check_character(body).ok_or(BadCode::Syntax)?;
    if expected != found {
        return Err(BadCode::Check { expected, found });
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------------------
// Batch commitment
// ---------------------------------------------------------------------------------------------------------

const TAG_LEAF: u8 = 0x00;
const TAG_NODE: u8 = 0x01;
const TAG_PADDING: u8 = 0x02;
const LEAF_VERSION: u8 = 1;

/// Leaf of a batch: binds batch, place, code, the hash of its printed nonce and the hash of its hidden secret.
pub fn leaf_hash(batch: &str, index: u32, code: &str, nonce: &[u8], hidden: &Digest) -> Digest {
    let mut bytes = vec![TAG_LEAF, LEAF_VERSION];
    frame(&mut bytes, batch.as_bytes());
    bytes.extend_from_slice(&index.to_be_bytes());
    frame(&mut bytes, code.as_bytes());
    bytes.extend_from_slice(Digest::of(&[nonce]).bytes());
    bytes.extend_from_slice(hidden.bytes());
    Digest::of(&[&bytes])
}

/// Leaf that fills places from `count` to 2^depth. Never a copy of a real one (CVE-2012-2459).
pub fn padding_hash(batch: &str, index: u32) -> Digest {
    let mut bytes = vec![TAG_PADDING];
    frame(&mut bytes, batch.as_bytes());
    bytes.extend_from_slice(&index.to_be_bytes());
    Digest::of(&[&bytes])
}

/// Inner node of a batch's tree.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[TAG_NODE], left.bytes(), right.bytes()])
}

/// Root that a leaf at `index` and its siblings lead to.
pub fn path_root(leaf: Digest, index: u32, path: &[Digest]) -> Digest {
    let mut node = leaf;
    let mut place = index;
    for sibling in path {
        node = if place & 1 == 0 { node_hash(&node, sibling) } else { node_hash(sibling, &node) };
        place >>= 1;
    }
    node
}

/// True where `presented` is a code of `batch`: place inside the count, path of the right length, root equal.
pub fn is_member(batch: &Batch, presented: &PresentedCode) -> bool {
    presented.batch == batch.id
        && presented.index < batch.count
        && presented.path.len() == usize::from(batch.depth)
        && presented.nonce.len() == NONCE_BYTES
        && presented.code.starts_with(&batch.prefix)
        && path_root(
            leaf_hash(
                &batch.id,
                presented.index,
                &presented.code,
                presented.nonce.as_slice(),
                &presented.hidden,
            ),
            presented.index,
            &presented.path,
        ) == batch.root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn check_character_follows_iso_7064() {
        // GS1 model number / ISO examples: "A12425GABC1234002" has the check character M.
        assert_eq!(check_character("A12425GABC1234002"), Some('M'));
        assert_eq!(check_code("A12425GABC1234002M"), Ok(()));
        assert_eq!(
            check_code("A12425GABC1234002N"),
            Err(BadCode::Check { expected: 'M', found: 'N' })
        );
        assert_eq!(check_code("a1"), Err(BadCode::Syntax));
    }

    #[test]
    fn annex_c_allows_stricter_and_refuses_laxer() {
        assert!(!ClassKind::Product.allows(Tracking::Lot));
        assert!(!ClassKind::KeyPurchasedPart.allows(Tracking::Lot));
        assert!(!ClassKind::Equipment.allows(Tracking::Lot));
        assert!(ClassKind::SelfMadePart.allows(Tracking::Lot));
        assert!(ClassKind::GeneralPurchasedPart.allows(Tracking::Serial));
    }

    proptest! {
        #[test]
        fn one_wrong_character_or_a_swap_is_noticed(body in "[0-9A-Z]{4,20}", at in 0usize..20, other in 0usize..36) {
            let code = format!("{body}{}", check_character(&body).expect("in the alphabet"));
            prop_assert_eq!(check_code(&code), Ok(()));
            let at = at % code.len();
            let mut wrong = code.clone().into_bytes();
            wrong[at] = ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert_eq!(check_code(&wrong).is_ok(), wrong == code);
        }
    }
}
