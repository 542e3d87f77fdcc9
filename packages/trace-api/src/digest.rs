//! Hash values that name their algorithm, so that SM3 or a longer SHA can be added without a new format.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject};
use schemars::JsonSchema;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Hash algorithms that a stored value can name. The discriminant is what binary formats carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum HashAlgorithm {
    /// SHA-256 (FIPS 180-4).
    Sha256 = 1,
}

impl HashAlgorithm {
    /// The name in the IANA *Named Information Hash Algorithm* registry (RFC 6920).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        (name == "sha-256").then_some(Self::Sha256)
    }
}

/// A 32-byte hash with its algorithm. Text form: `sha-256:` and 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    algorithm: HashAlgorithm,
    bytes: [u8; 32],
}

impl Digest {
    /// 32 zero bytes: the start of every hash chain.
    pub const ZERO: Self = Self::sha256_from([0; 32]);

    /// Wraps bytes that are already a SHA-256 value.
    pub const fn sha256_from(bytes: [u8; 32]) -> Self {
        Self { algorithm: HashAlgorithm::Sha256, bytes }
    }

    /// Hashes the parts one after the other, without separators: the caller frames them.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self::sha256_from(hasher.finalize().into())
    }

    /// The algorithm that made the value.
    pub const fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// The hash itself.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

/// Appends `value` with its length as four big-endian bytes, so that two fields never run into each other.
///
/// # Panics
/// Where `value` is longer than 4 GiB, which no message can be.
pub fn frame(out: &mut Vec<u8>, value: &[u8]) {
    let length = u32::try_from(value.len()).expect("messages are shorter than 4 GiB");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(value);
}

/// A text that is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a digest: expected sha-256: and 64 lower-case hex digits")]
pub struct BadDigest;

impl FromStr for Digest {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let (name, value) = text.split_once(':').ok_or(BadDigest)?;
        let algorithm = HashAlgorithm::from_name(name).ok_or(BadDigest)?;
        if value.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadDigest);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(value, &mut bytes).map_err(|_| BadDigest)?;
        Ok(Self { algorithm, bytes })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), hex::encode(self.bytes))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Digest {
    fn schema_name() -> String {
        "Digest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema =
            SchemaObject { instance_type: Some(InstanceType::String.into()), ..Default::default() };
        schema.string().pattern = Some("^sha-256:[0-9a-f]{64}$".into());
        schema.metadata().description = Some("A hash with the name of its algorithm.".into());
        Schema::Object(schema)
    }
}

impl cosmwasm_schema::cw_schema::Schemaifier for Digest {
    fn visit_schema(
        visitor: &mut cosmwasm_schema::cw_schema::SchemaVisitor,
    ) -> cosmwasm_schema::cw_schema::DefinitionReference {
        visitor.insert(
            Self::id(),
            cosmwasm_schema::cw_schema::Node {
                name: Cow::Borrowed("Digest"),
                description: None,
                value: cosmwasm_schema::cw_schema::NodeType::String,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let digest = Digest::of(&[b"abc"]);
        let text = digest.to_string();
        assert_eq!(
            text,
            "sha-256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(text.parse(), Ok(digest));
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = Digest::ZERO.to_string();
        for bad in [good.to_uppercase(), good.replace("sha-256", "sha256"), good[..20].to_string()]
        {
            assert_eq!(bad.parse::<Digest>(), Err(BadDigest), "{bad}");
        }
    }
}
