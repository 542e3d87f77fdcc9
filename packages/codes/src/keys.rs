//! The keys that one batch's secret grows into: one per use, bound to the batch's id.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use suyuan_trace_api::digest::frame;

use crate::spec::Secret;

/// HMAC-SHA-256 with its key scheduled once; cloned for each use.
pub(crate) type Prf = Hmac<Sha256>;

/// A keyed function for bytes of any length.
pub(crate) fn prf(key: &[u8]) -> Prf {
    Prf::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// The value of a keyed function.
pub(crate) fn value(prf: &Prf, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = prf.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// One keyed function per purpose.
#[derive(Clone)]
pub(crate) struct BatchKeys {
    pub permutation: Prf,
    pub nonce: Prf,
    pub hidden: Prf,
}

impl BatchKeys {
    pub fn derive(secret: &Secret, batch: &str) -> Self {
        let master = prf(secret.bytes());
        let grow = |purpose: &str| {
            let mut label = b"suyuan/codes/1".to_vec();
            frame(&mut label, purpose.as_bytes());
            frame(&mut label, batch.as_bytes());
            prf(&value(&master, &[&label]))
        };
        Self { permutation: grow("permutation"), nonce: grow("nonce"), hidden: grow("hidden") }
    }
}
