//! Every bound of the state machine in one place, each with its unit in the name and its reason.

/// Time of the dearest operator class for one SDK gas, in nanoseconds: dependent loads that miss every cache, in 32 MiB
/// of memory (docs/decisions/0028). Plain loops take some 20. What a limit below is worth in time follows from it.
pub const WORST_NS_PER_GAS: u64 = 300_000;
/// Most SDK gas of one block unless genesis says otherwise: some 4,000 token transfers, some 8 s of plain loops. Networks
/// where strangers may upload set less, and less memory (`suyuan.memory_pages`): docs/decisions/0028.
pub const BLOCK_GAS_DEFAULT: i64 = 400_000_000;
/// Bounds of `block.max_bytes` when the authority changes it: a block must hold the largest upload, and CometBFT takes no
/// larger ones than 100 MiB.
pub const BLOCK_BYTES_MIN: i64 = 2 * 1024 * 1024;
/// See [`BLOCK_BYTES_MIN`].
pub const BLOCK_BYTES_MAX: i64 = 100 * 1024 * 1024;
/// Least `block.max_gas` that the authority may set: the next change of it, and the largest upload, must fit.
pub const BLOCK_GAS_MIN: i64 = 20_000_000;
/// Largest gas limit that a transaction may declare, also on chains whose blocks have none: ten times the dearest
/// simulation. The largest upload takes 11 million.
pub const TX_GAS_MAX: u64 = 10 * SIMULATION_GAS_MAX;
/// Longest memo, in characters as the SDK counts them (bytes).
pub const MEMO_LEN_MAX: usize = 256;
/// Most signatures of one transaction (the SDK's `TxSigLimit`).
pub const SIGNATURES_MAX: usize = 7;
/// SDK gas of a smart query from outside.
pub const SMART_QUERY_GAS_MAX: u64 = 3_000_000;
/// SDK gas of a simulation: bounds what an unsigned request may cost, at a few seconds of plain loops.
pub const SIMULATION_GAS_MAX: u64 = 50_000_000;
/// Largest contract, in bytes, before and after decompression (wasmd by default as well; docs/decisions/0035).
pub const WASM_LEN_MAX: usize = 800 * 1024;
/// Longest contract label, in characters.
pub const LABEL_LEN_MAX: usize = 128;
/// Most addresses of an access configuration.
pub const ACCESS_ADDRESSES_MAX: usize = 50;
/// Deepest nesting of calls by sub-messages and replies.
pub const CALL_DEPTH_MAX: u32 = 100;
/// Deepest nesting of queries by contracts.
pub const QUERY_DEPTH_MAX: u32 = 10;
/// Largest protobuf message a contract may send as `Any`, in bytes.
pub const ANY_VALUE_LEN_MAX: usize = 512 * 1024;
/// Largest answer of a contract's entry point that the chain parses, in bytes.
pub const RESULT_LEN_MAX: usize = 64 * 1024 * 1024;
/// Most SDK gas of the question whether a transaction's signers are admitted: loading a contract and some reads.
pub const ADMISSION_GAS_MAX: u64 = 300_000;
/// Most bytes of keys and values of a state that is exported as a genesis file.
pub const EXPORT_BYTES_MAX: usize = 1 << 30;
/// Most denominations in which gas has a least price.
pub const GAS_PRICES_MAX: usize = 16;
/// Entries of a page unless asked otherwise.
pub const PAGE_DEFAULT: u64 = 100;
/// Most entries of a page of the wasm module, as in wasmd.
pub const PAGE_MAX: u64 = 100;
/// Most entries of a page of the other modules, where the SDK has no bound: wallets ask for 1,000 balances at once.
pub const PAGE_SDK_MAX: u64 = 1_000;
/// Most code ids of one message that pins or unpins.
pub const PIN_CODES_MAX: usize = 50;
/// Longest text of a denomination's metadata, in bytes each.
pub const METADATA_TEXT_LEN_MAX: usize = 4_096;
/// Most units of a denomination, and most aliases of a unit.
pub const METADATA_UNITS_MAX: usize = 64;
/// Most verified signatures remembered between CheckTx and the block. 32 bytes each; forgetting costs time only.
pub const VERIFIED_CACHE_MAX: usize = 65_536;
/// Most decoded transactions remembered between CheckTx and the block; a mempool of the default size fits.
pub const CLAIMS_MAX: usize = 32_768;
/// Most bytes of these transactions together, as they came.
pub const CLAIMS_BYTES_MAX: usize = 64 << 20;
/// Most coins in one message, genesis entry or fee; bounds quadratic checks.
pub const COINS_MAX: usize = 256;
