//! Bounds of what a verifier reads: a hostile file costs bounded time and memory.

/// Bytes of a file of attestations.
pub const ATTESTATIONS_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Attestations of one certificate.
pub const ATTESTATIONS_MAX: usize = 1_000;
/// Bytes of a certificate: several hundred thousand units.
pub const FILE_BYTES_MAX: usize = 512 * 1024 * 1024;
/// Units of a certificate.
pub const UNITS_MAX: usize = 1_000_000;
/// Links of a certificate.
pub const LINKS_MAX: usize = 4_000_000;
/// Events of a certificate.
pub const EVENTS_MAX: usize = 4_000_000;
/// Inner nodes from a leaf to the root: an AVL tree of 2^34 leaves is 49 high.
pub const PATH_MAX: usize = 64;
/// Steps of the proof over the stores: 255 stores are 8 high.
pub const STORE_PATH_MAX: usize = 16;
/// Entries of one contract's history.
pub const HISTORY_MAX: usize = 10_000;
/// Distinct codes of a certificate.
pub const CODES_MAX: usize = 10_000;
/// Validators of a header, as CometBFT bounds them.
pub const VALIDATORS_MAX: usize = 10_000;
