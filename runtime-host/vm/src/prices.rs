//! What everything costs, in VM gas. An input of the VM, not a constant: its name stands in genesis and its hash in
//! the key of every compiled artifact, because the prices of operators are compiled into the code.

use suyuan_core::{sha256, Hash32, HostFault, Hosted};

/// A price that grows with a number of bytes or items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearPrice {
    /// Flat part.
    pub base: u64,
    /// Part per byte or item.
    pub per_item: u64,
}

impl LinearPrice {
    /// Price of `items`; `None` when it exceeds `u64`, which the caller treats as out of gas.
    pub fn of(&self, items: u64) -> Option<u64> {
        self.base.checked_add(self.per_item.checked_mul(items)?)
    }
}

/// All prices of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceTable {
    /// Any operator that is not a branch source, branch target or call.
    pub operator: u64,
    /// Operators that end a straight line: `loop`, `end`, `if`, `else`, `br`, `br_if`, `br_table`, `return`, `call`,
    /// `call_indirect`.
    pub accounting_operator: u64,
    /// Declared locals of a function that cost nothing; each one above costs one `operator` at every entry.
    pub free_locals: u64,
    /// Every call of an import, before anything else.
    pub host_call: u64,
    /// Copying bytes into the contract's memory.
    pub write_region: LinearPrice,
    /// Copying bytes out of the contract's memory, up to `read_region_large_above` bytes.
    pub read_region: LinearPrice,
    /// Copying more than that.
    pub read_region_large: LinearPrice,
    /// Bytes up to which `read_region` applies.
    pub read_region_large_above: u64,
    /// Checking that bytes are text.
    pub string_from_bytes: LinearPrice,
    /// Signature check, secp256k1.
    pub secp256k1_verify: u64,
    /// Key recovery, secp256k1.
    pub secp256k1_recover_pubkey: u64,
    /// Signature check, secp256r1.
    pub secp256r1_verify: u64,
    /// Key recovery, secp256r1.
    pub secp256r1_recover_pubkey: u64,
    /// Signature check, ed25519.
    pub ed25519_verify: u64,
    /// Batch check, per signature.
    pub ed25519_batch_verify: LinearPrice,
    /// Batch check under one key, per signature.
    pub ed25519_batch_verify_one_pubkey: LinearPrice,
    /// Sum of points, per point.
    pub bls12_381_aggregate_g1: LinearPrice,
    /// Sum of points, per point.
    pub bls12_381_aggregate_g2: LinearPrice,
    /// Hash to the curve.
    pub bls12_381_hash_to_g1: u64,
    /// Hash to the curve.
    pub bls12_381_hash_to_g2: u64,
    /// Pairing check, per pairing.
    pub bls12_381_pairing_equality: LinearPrice,
}

/// Highest price of one operator. With it, a contract that has used up its gas cannot run on far enough (to the ends of
/// all functions on its stack) for the signed counter to wrap around.
pub const OPERATOR_PRICE_MAX: u64 = 1 << 24;

/// VM gas per microsecond of the machine that the crypto prices were measured on.
const PER_US: u64 = 1_000_000;

const fn linear(base: u64, per_item: u64) -> LinearPrice {
    LinearPrice { base, per_item }
}

impl PriceTable {
    /// The name of the default table in genesis.
    pub const COSMWASM_VM_3_0: &'static str = "cosmwasm-vm-3.0";

    /// The prices of cosmwasm-vm 3.0, to the unit.
    pub const fn cosmwasm_vm_3_0() -> PriceTable {
        PriceTable {
            operator: 115,
            accounting_operator: 14 * 115,
            free_locals: 29,
            host_call: 18_000,
            write_region: linear(230_000, 570),
            read_region: linear(200_000, 115),
            read_region_large: linear(0, 520),
            read_region_large_above: 8_000_000,
            string_from_bytes: linear(28_700, 1_400),
            secp256k1_verify: 96 * PER_US,
            secp256k1_recover_pubkey: 194 * PER_US,
            secp256r1_verify: 279 * PER_US,
            secp256r1_recover_pubkey: 592 * PER_US,
            ed25519_verify: 35 * PER_US,
            ed25519_batch_verify: linear(24 * PER_US, 21 * PER_US),
            ed25519_batch_verify_one_pubkey: linear(36 * PER_US, 10 * PER_US),
            bls12_381_aggregate_g1: linear(68 * PER_US, 12 * PER_US),
            bls12_381_aggregate_g2: linear(103_500_000, 24_500_000),
            bls12_381_hash_to_g1: 563 * PER_US,
            bls12_381_hash_to_g2: 871 * PER_US,
            bls12_381_pairing_equality: linear(2_112 * PER_US, 163 * PER_US),
        }
    }

    /// The table of that name, if there is one.
    pub fn by_name(name: &str) -> Option<PriceTable> {
        (name == Self::COSMWASM_VM_3_0).then(Self::cosmwasm_vm_3_0)
    }

    /// Price of copying `bytes` out of the contract's memory; `None` when it exceeds `u64`.
    pub fn read_region_of(&self, bytes: u64) -> Option<u64> {
        if bytes <= self.read_region_large_above {
            self.read_region.of(bytes)
        } else {
            self.read_region_large.of(bytes)
        }
    }

    /// Refuses prices of operators for which the counter in the contract could wrap around.
    pub fn validate(&self) -> Hosted<()> {
        let highest = self.operator.max(self.accounting_operator);
        if highest > OPERATOR_PRICE_MAX {
            return Err(HostFault::new(format!(
                "price table: an operator costs {highest}, at most {OPERATOR_PRICE_MAX} is possible"
            )));
        }
        Ok(())
    }

    /// Every price in a fixed order, as bytes: what [`hash`](PriceTable::hash) digests.
    fn to_bytes(self) -> Vec<u8> {
        let line = |price: LinearPrice| [price.base, price.per_item];
        let mut words = vec![
            self.operator,
            self.accounting_operator,
            self.free_locals,
            self.host_call,
            self.read_region_large_above,
            self.secp256k1_verify,
            self.secp256k1_recover_pubkey,
            self.secp256r1_verify,
            self.secp256r1_recover_pubkey,
            self.ed25519_verify,
            self.bls12_381_hash_to_g1,
            self.bls12_381_hash_to_g2,
        ];
        for price in [
            self.write_region,
            self.read_region,
            self.read_region_large,
            self.string_from_bytes,
            self.ed25519_batch_verify,
            self.ed25519_batch_verify_one_pubkey,
            self.bls12_381_aggregate_g1,
            self.bls12_381_aggregate_g2,
            self.bls12_381_pairing_equality,
        ] {
            words.extend(line(price));
        }
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// Identity of the table, for cache keys and for comparing two nodes.
    pub fn hash(&self) -> Hash32 {
        sha256(&self.to_bytes())
    }
}
