//! Every number that decides whether a module is accepted, and every number that bounds one call.
//!
//! The first group is cosmwasm-vm 3.0's, so that a contract which passes there passes here. The second group is ours:
//! it bounds the time to compile an accepted module by a static rule, because a timeout would differ between nodes.
//! Real contracts stay below it (36 measured: body 99 KB with 2,048 calls, nesting 178, `br_table` 84 targets; for each
//! KiB of module at most 75 accounting operators, 22 calls, of them 1.3 indirect, and 2 loops).

/// Pages of 64 KiB in WebAssembly.
pub const PAGE_BYTES: usize = 64 << 10;

// --- as cosmwasm-vm 3.0 ---

/// Entries of the table.
pub const TABLE_ENTRIES_MAX: u64 = 2_500;
/// Imports.
pub const IMPORTS_MAX: usize = 100;
/// Functions that the module defines.
pub const FUNCTIONS_MAX: usize = 20_000;
/// Parameters of one function type.
pub const PARAMS_MAX: usize = 100;
/// Parameters of all functions together.
pub const PARAMS_TOTAL_MAX: usize = 10_000;
/// Results of one function type.
pub const RESULTS_MAX: usize = 1;
/// Declared locals of one function.
pub const LOCALS_MAX: usize = 100;
/// Declared locals of all functions together.
pub const LOCALS_TOTAL_MAX: usize = 10_000;

// --- ours ---

/// Bytes of one function body.
pub const BODY_BYTES_MAX: usize = 256 << 10;
/// Blocks, loops and ifs inside each other, the function itself included.
pub const NESTING_MAX: u32 = 256;
/// Targets of one `br_table`, the default not included.
pub const BR_TABLE_TARGETS_MAX: u32 = 4_096;
/// Targets of all `br_table` of one function.
pub const BR_TABLE_TARGETS_BODY_MAX: u32 = 16_384;
/// Accounting operators (branches, calls and their targets) of one function.
pub const ACCOUNTING_BODY_MAX: u32 = 16_384;
/// Accounting operators of all functions together.
pub const ACCOUNTING_TOTAL_MAX: u32 = 80_000;
/// Calls of one function, direct and indirect.
pub const CALLS_BODY_MAX: u32 = 4_096;
/// Calls of all functions together.
pub const CALLS_TOTAL_MAX: u32 = 32_768;
/// Calls that any module may have; each [`CALL_BYTES`] of the module allow one more. Calls cost the most to compile for
/// their size, so their number is bounded by the size that the upload is charged for.
pub const CALLS_FREE: u32 = 1_024;
/// Bytes of the module for each call above [`CALLS_FREE`]: 64 per KiB, three times what real contracts have.
pub const CALL_BYTES: usize = 16;
/// Indirect calls that any module may have; each [`INDIRECT_CALL_BYTES`] of the module allow one more.
pub const INDIRECT_CALLS_FREE: u32 = 64;
/// Bytes of the module for each indirect call above [`INDIRECT_CALLS_FREE`]: 8 per KiB, six times what real contracts
/// have. Each of them becomes some 200 bytes of machine code.
pub const INDIRECT_CALL_BYTES: usize = 128;
/// Loops of all functions together.
pub const LOOPS_TOTAL_MAX: u32 = 8_192;
/// Values on the operand stack of one function.
pub const OPERANDS_MAX: u32 = 4_096;
/// Globals.
pub const GLOBALS_MAX: usize = 1_000;
/// Exports.
pub const EXPORTS_MAX: usize = 1_000;
/// Function types.
pub const TYPES_MAX: usize = 2_000;
/// Segments of the table.
pub const ELEMENT_SEGMENTS_MAX: usize = 2_500;
/// Segments of memory.
pub const DATA_SEGMENTS_MAX: usize = 10_000;

// A module beyond one of these is compiled by the slower but bounded code generator. Results and gas do not depend on
// the choice.

/// Bytes of a body up to which the optimising code generator is used.
pub const FAST_BODY_BYTES: usize = 64 << 10;
/// Calls of a body up to which the optimising code generator is used.
pub const FAST_CALLS_BODY: u32 = 2_048;
/// Calls of a module up to which the optimising code generator is used.
pub const FAST_CALLS_TOTAL: u32 = 16_384;
/// `br_table` targets of a body up to which the optimising code generator is used.
pub const FAST_BR_TABLE_TARGETS_BODY: u32 = 4_096;
/// Loops of a body up to which the optimising code generator is used.
pub const FAST_LOOPS_BODY: u32 = 256;
/// Loops of a module up to which the optimising code generator is used.
pub const FAST_LOOPS_TOTAL: u32 = 4_096;

// --- one call ---

/// Pages that stand ready behind the memory that a contract declares (512 KiB). `memory.grow` into them is a matter of
/// counting, so that an ordinary call asks the operating system for nothing. Part of consensus: an access behind the
/// contract's own end, but within these pages, reads zeros or what was written there before, instead of trapping.
pub const READY_PAGES: u32 = 8;

/// The logical stack: 4 MiB, counted as [`FRAME_BYTES`] per call and [`VALUE_BYTES`] for every parameter, local and
/// operand that a function may hold at once, and for every value that it makes: an optimising compiler may compute values
/// ahead and keep them, a plain one may give each a place of its own, so that native frames can be far larger than what
/// the function holds (docs/decisions/0029).
pub const LOGICAL_STACK_BYTES: i32 = 4 << 20;
/// Logical size of a frame without values.
pub const FRAME_BYTES: i32 = 64;
/// Logical size of one value.
pub const VALUE_BYTES: i32 = 8;
/// Guest entries inside each other: an export, and one `allocate` that an import asked for. As cosmwasm-vm.
pub const CALL_DEPTH_MAX: u32 = 2;

/// Bytes that a contract may return from one call.
pub const RESULT_BYTES_MAX: u64 = 64 << 20;
/// Bytes of a store key.
pub const DB_KEY_MAX: u32 = 64 << 10;
/// Bytes of a store value.
pub const DB_VALUE_MAX: u32 = 128 << 10;
/// Bytes of a canonical address.
pub const CANONICAL_ADDRESS_MAX: u32 = 64;
/// Bytes of a human readable address.
pub const HUMAN_ADDRESS_MAX: u32 = 256;
/// Bytes of a query request.
pub const QUERY_REQUEST_MAX: u32 = 64 << 10;
/// Bytes of a debug message.
pub const DEBUG_MAX: u32 = 2 << 20;
/// Bytes of an abort message.
pub const ABORT_MAX: u32 = 2 << 20;
/// Bytes of an ed25519 signature.
pub const ED25519_SIGNATURE: u32 = 64;
/// Bytes of an ed25519 public key.
pub const ED25519_PUBKEY: u32 = 32;
/// Bytes of a message under an ed25519 signature.
pub const ED25519_MESSAGE_MAX: u32 = 128 << 10;
/// Entries of an ed25519 batch.
pub const ED25519_BATCH_MAX: u32 = 256;
/// Bytes of the length that follows each entry of a batch.
pub const SECTION_LENGTH_BYTES: u32 = 4;
/// Bytes of a message hash under an ECDSA signature.
pub const MESSAGE_HASH: u32 = 32;
/// Bytes of an ECDSA signature.
pub const ECDSA_SIGNATURE: u32 = 64;
/// Bytes of an ECDSA public key.
pub const ECDSA_PUBKEY_MAX: u32 = 65;
/// Bytes of a compressed point of G1.
pub const G1_POINT: u32 = 48;
/// Bytes of a compressed point of G2.
pub const G2_POINT: u32 = 96;
/// Bytes of a list of points.
pub const BLS_POINTS_MAX: u32 = 2 << 20;
/// Bytes of a message to hash to the curve.
pub const BLS_MESSAGE_MAX: u32 = 5 << 20;
/// Bytes of a domain separation tag.
pub const BLS_DST_MAX: u32 = 5 << 10;
