//! Hashes of evidence as named-information URIs (RFC 6920): `ni:///sha-256;…`, in SHA-256 and SHA-3.

use sha2::Digest as _;

/// Hash algorithms that the chain takes, by their names in the IANA registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA3-256 (FIPS 202).
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sha256, Self::Sha3_256, Self::Sha3_384, Self::Sha3_512];

    /// Its name in a URI.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha3_256 => "sha3-256",
            Self::Sha3_384 => "sha3-384",
            Self::Sha3_512 => "sha3-512",
        }
    }

    /// The algorithm of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The hash in lower-case hex digits.
    pub fn hex(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => hex::encode(sha2::Sha256::digest(bytes)),
            Self::Sha3_256 => hex::encode(sha3::Sha3_256::digest(bytes)),
            Self::Sha3_384 => hex::encode(sha3::Sha3_384::digest(bytes)),
            Self::Sha3_512 => hex::encode(sha3::Sha3_512::digest(bytes)),
        }
    }

    /// The URI of a content.
    pub fn uri(self, bytes: &[u8]) -> String {
        format!("ni:///{};{}", self.name(), self.hex(bytes))
    }
}

/// True where a URI in hex names these bytes. An unknown algorithm proves nothing.
pub fn names(uri: &str, bytes: &[u8]) -> bool {
    let uri = uri.split_once('?').map_or(uri, |(name, _)| name);
    let parts = uri.strip_prefix("ni:///").and_then(|rest| rest.split_once(';'));
    parts
        .and_then(|(name, value)| Some((Algorithm::of_name(name)?, value)))
        .is_some_and(|(algorithm, value)| algorithm.hex(bytes) == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_trace_api::text::{check_event_id, check_hash_uri};

    #[test]
    fn published_values_of_each_algorithm() {
        for (algorithm, start) in [
            (Algorithm::Sha256, "ni:///sha-256;ba7816bf8f01cfea414140de5dae2223"),
            (Algorithm::Sha3_256, "ni:///sha3-256;3a985da74fe225b2045c172d6bd390bd"),
            (Algorithm::Sha3_384, "ni:///sha3-384;ec01498288516fc926459f58e2c6ad8d"),
            (Algorithm::Sha3_512, "ni:///sha3-512;b751850b1a57168a5693cd924b6b096e"),
        ] {
            let uri = algorithm.uri(b"abc");
            assert!(uri.starts_with(start), "{uri}");
            assert!(names(&uri, b"abc") && !names(&uri, b"abd"));
            assert_eq!(check_hash_uri("hash", &uri), Ok(()));
            assert!(check_event_id("id", &uri).is_ok());
        }
        assert!(!names("ni:///md5;900150983cd24fb0d6963f7d28e17f72", b"abc"));
    }
}
