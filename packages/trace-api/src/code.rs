//! trace-code: classes with their granularity (Annex C), batches of trace codes at constant cost, and the
//! life cycle of each code (clause 9).
//!
//! The pure part – text form, leaf, Merkle path, what tails and chips sign – is here, so that a scanner can check a
//! code without a chain.
//!
//! * [`mod@self::class`]: kinds, classes, product ids;
//! * [`mod@self::batch`]: batches, ranges, quotas, presented codes;
//! * [`mod@self::life`]: lives, marks, scans, and the steps that the assembly graph asks for;
//! * [`mod@self::msg`], [`mod@self::query`], [`mod@self::ask`]: what is sent and asked;
//! * [`mod@self::text`], [`mod@self::commitment`]: check characters, leaves, paths.

pub mod ask;
pub mod batch;
pub mod class;
pub mod commitment;
pub mod life;
pub mod msg;
pub mod query;
pub mod text;

pub use ask::{Order, TraceCode};
pub use batch::{
    Batch, BatchStatus, DuplicateReport, NewBatch, PresentedCode, Quota, QuotaScope, SecretMode,
    TailAlgorithm, VoidedRange,
};
pub use class::{
    check_product_id, BadProductId, Class, ClassKind, ClassVersion, NewClass, Tracking,
};
pub use commitment::{
    chip_bytes, is_member, leaf_hash, node_hash, padding_hash, path_root, secret_hash, tail_bytes,
};
pub use life::{CodeState, Departure, Life, LifeStep, Overlay, Problem, ProblemSetter, Scan};
pub use msg::{ExecuteMsg, InstantiateMsg};
pub use query::{
    BatchStatsAnswer, ChipAnswer, ConfigAnswer, Evidence, LifeAnswer, PlacedCode, QueryMsg, Stage,
    StageOutcome, StageResult, Verdict, VerdictAnswer,
};
pub use text::{check_character, check_code, BadCode, ALPHABET};

/// Characters of a trace code at the most.
pub const MAX_CODE: usize = 48;
/// Characters of a code prefix.
pub const MAX_PREFIX: usize = 12;
/// Codes in one batch at the most: 2^24.
pub const MAX_DEPTH: u8 = 24;
/// Bytes of the printed nonce of a code.
pub const NONCE_BYTES: usize = 16;
/// Bytes of a hidden secret at the most.
pub const MAX_SECRET: usize = 64;
/// Bytes of a scan's nonce: few enough to store, many enough not to meet by chance.
pub const SCAN_NONCE_BYTES: std::ops::RangeInclusive<usize> = 8..=32;
/// Readings of one code whose nonces are remembered.
pub const SCAN_NONCES: usize = 16;
/// Distinct cells of one code that are remembered; the count stays at this number.
pub const MAX_CELLS: usize = 32;
/// Bytes of a challenge to a chip at the most.
pub const MAX_CHALLENGE: usize = 64;
/// Characters of a tail at the most: an Ed25519 signature in base64url has 86.
pub const MAX_TAIL: usize = 96;
/// Steps of one inner message at the most.
pub const MAX_STEPS: usize = 256;
/// Codes of one overlay message at the most.
pub const MAX_OVERLAY_CODES: usize = 64;
/// Problems that regulators hold against one code at the most; as many again for everybody else.
pub const MAX_PROBLEMS: usize = 16;
/// Ranges of voided places of one batch at the most; adjacent ones count once.
pub const MAX_VOID_RANGES: u32 = 1024;

/// Days within which what was sold, exported or sampled may come back.
pub const UNDO_DAYS: u64 = 10;
