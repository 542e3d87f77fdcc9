//! The imports that a contract may ask for, with their types. Everything lives in the module `env`.

use wasmparser::ValType::{self, I32, I64};

type Signature = (&'static [ValType], &'static [ValType]);

/// Name and type of every import.
pub(crate) const IMPORTS: [(&str, Signature); 24] = [
    ("abort", (&[I32], &[])),
    ("addr_canonicalize", (&[I32, I32], &[I32])),
    ("addr_humanize", (&[I32, I32], &[I32])),
    ("addr_validate", (&[I32], &[I32])),
    ("bls12_381_aggregate_g1", (&[I32, I32], &[I32])),
    ("bls12_381_aggregate_g2", (&[I32, I32], &[I32])),
    ("bls12_381_hash_to_g1", (&[I32, I32, I32, I32], &[I32])),
    ("bls12_381_hash_to_g2", (&[I32, I32, I32, I32], &[I32])),
    ("bls12_381_pairing_equality", (&[I32, I32, I32, I32], &[I32])),
    ("db_next", (&[I32], &[I32])),
    ("db_next_key", (&[I32], &[I32])),
    ("db_next_value", (&[I32], &[I32])),
    ("db_read", (&[I32], &[I32])),
    ("db_remove", (&[I32], &[])),
    ("db_scan", (&[I32, I32, I32], &[I32])),
    ("db_write", (&[I32, I32], &[])),
    ("debug", (&[I32], &[])),
    ("ed25519_batch_verify", (&[I32, I32, I32], &[I32])),
    ("ed25519_verify", (&[I32, I32, I32], &[I32])),
    ("query_chain", (&[I32], &[I32])),
    ("secp256k1_recover_pubkey", (&[I32, I32, I32], &[I64])),
    ("secp256k1_verify", (&[I32, I32, I32], &[I32])),
    ("secp256r1_recover_pubkey", (&[I32, I32, I32], &[I64])),
    ("secp256r1_verify", (&[I32, I32, I32], &[I32])),
];

/// The type of the import `env.<name>`, if there is such an import.
pub(crate) fn import_signature(name: &str) -> Option<Signature> {
    IMPORTS.iter().find(|(known, _)| *known == name).map(|(_, signature)| *signature)
}
