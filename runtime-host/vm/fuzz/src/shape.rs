//! What random contracts export and import.

/// Functions that every random contract exports, with their results as a letter each.
pub const FUNCTIONS: [(&str, &str); 6] =
    [("f0", ""), ("f1", "i32"), ("f2", "i64"), ("f3", "f32"), ("f4", "f64"), ("f5", "i32")];
/// Globals that every random contract exports, mutable.
pub const GLOBALS: [&str; 4] = ["g_i32", "g_i64", "g_f32", "g_f64"];

/// Name, parameters, results of the engine's imports (docs of cosmwasm-vm 3.0, in its order).
pub const IMPORTS: [(&str, &str, &str); 24] = [
    ("abort", "i32", ""),
    ("addr_canonicalize", "i32 i32", "i32"),
    ("addr_humanize", "i32 i32", "i32"),
    ("addr_validate", "i32", "i32"),
    ("bls12_381_aggregate_g1", "i32 i32", "i32"),
    ("bls12_381_aggregate_g2", "i32 i32", "i32"),
    ("bls12_381_hash_to_g1", "i32 i32 i32 i32", "i32"),
    ("bls12_381_hash_to_g2", "i32 i32 i32 i32", "i32"),
    ("bls12_381_pairing_equality", "i32 i32 i32 i32", "i32"),
    ("db_next", "i32", "i32"),
    ("db_next_key", "i32", "i32"),
    ("db_next_value", "i32", "i32"),
    ("db_read", "i32", "i32"),
    ("db_remove", "i32", ""),
    ("db_scan", "i32 i32 i32", "i32"),
    ("db_write", "i32 i32", ""),
    ("debug", "i32", ""),
    ("ed25519_batch_verify", "i32 i32 i32", "i32"),
    ("ed25519_verify", "i32 i32 i32", "i32"),
    ("query_chain", "i32", "i32"),
    ("secp256k1_recover_pubkey", "i32 i32 i32", "i64"),
    ("secp256k1_verify", "i32 i32 i32", "i32"),
    ("secp256r1_recover_pubkey", "i32 i32 i32", "i64"),
    ("secp256r1_verify", "i32 i32 i32", "i32"),
];

/// The imports as a text module, for wasm-smith and for hand-made contracts.
pub fn imports_text() -> String {
    let mut text = String::new();
    for (name, params, result) in IMPORTS {
        let result = if result.is_empty() { String::new() } else { format!("(result {result})") };
        text += &format!("(import \"env\" \"{name}\" (func ${name} (param {params}) {result}))\n");
    }
    text
}
