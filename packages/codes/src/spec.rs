//! What an issuer decides about a batch, and the checks on it.

use std::fmt;

use suyuan_trace_api::code::{SecretMode, ALPHABET, MAX_DEPTH, MAX_PREFIX};
use suyuan_trace_api::text::{check_id, BadText};

use crate::permutation::{MAX_CHARACTERS, MIN_CHARACTERS};
use crate::tail::TailKey;

/// A batch to generate. [`BatchSpec::new`] gives the usual one; the fields are open to change.
#[derive(Clone, Debug)]
pub struct BatchSpec {
    /// Batch id, unique on the chain.
    pub id: String,
    /// Class that the codes are for.
    pub class: String,
    /// First characters of every code, 1 to [`MAX_PREFIX`] of the code alphabet.
    pub prefix: String,
    /// Number of codes, 1 to 2^[`MAX_DEPTH`].
    pub count: u32,
    /// Characters of the random part, [`MIN_CHARACTERS`] to [`MAX_CHARACTERS`].
    pub random_characters: usize,
    /// What a thing holds besides its code's text.
    pub secrets: Secrets,
    /// How the tails are made.
    pub tail: TailKey,
    /// Production line that the codes are meant for.
    pub line: Option<String>,
    /// Codes come to life from this block time on, in seconds since 1970.
    pub valid_from_s: Option<u64>,
    /// And before this one.
    pub valid_to_s: Option<u64>,
}

impl BatchSpec {
    /// A batch with the shortest random part, without hidden secrets and tails.
    pub fn new(
        id: impl Into<String>,
        class: impl Into<String>,
        prefix: impl Into<String>,
        count: u32,
    ) -> Self {
        Self {
            id: id.into(),
            class: class.into(),
            prefix: prefix.into(),
            count,
            random_characters: MIN_CHARACTERS,
            secrets: Secrets::Nonce,
            tail: TailKey::None,
            line: None,
            valid_from_s: None,
            valid_to_s: None,
        }
    }

    /// Depth of the smallest tree that holds all codes.
    pub fn depth(&self) -> u8 {
        let leaves = u64::from(self.count.max(1)).next_power_of_two();
        u8::try_from(leaves.trailing_zeros()).expect("at most 32 bits")
    }

    /// Characters of each code: prefix, random part, check character.
    pub fn code_length(&self) -> usize {
        self.prefix.len() + self.random_characters + 1
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// [`BadSpec`] with the first fault.
    pub fn check(&self) -> Result<(), BadSpec> {
        check_id("id", &self.id)?;
        check_id("class", &self.class)?;
        if let Some(line) = &self.line {
            check_id("line", line)?;
        }
        if let Some(kid) = self.tail.kid() {
            check_id("tail_kid", kid)?;
        }
        let letters = self.prefix.bytes().all(|b| ALPHABET.contains(&b));
        if !(1..=MAX_PREFIX).contains(&self.prefix.len()) || !letters {
            return Err(BadSpec::Prefix);
        }
        if self.count == 0 || self.depth() > MAX_DEPTH {
            return Err(BadSpec::Count);
        }
        if let Secrets::Chips(keys) = &self.secrets {
            if usize::try_from(self.count) != Ok(keys.len()) {
                return Err(BadSpec::Chips);
            }
        }
        let (from, to) = (self.valid_from_s.unwrap_or(0), self.valid_to_s.unwrap_or(u64::MAX));
        if from >= to {
            return Err(BadSpec::Validity);
        }
        if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&self.random_characters) {
            return Err(BadSpec::RandomPart);
        }
        Ok(())
    }
}

/// What a thing holds besides its code's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// Nothing.
    None,
    /// A printed nonce.
    #[default]
    Nonce,
    /// A printed nonce, and a secret under a scratch layer.
    Hidden,
    /// A printed nonce, and a chip: its public key for each place of the batch.
    Chips(Vec<Vec<u8>>),
}

impl Secrets {
    /// As the chain names it.
    pub const fn mode(&self) -> SecretMode {
        match self {
            Self::None => SecretMode::None,
            Self::Nonce => SecretMode::Nonce,
            Self::Hidden => SecretMode::Hidden,
            Self::Chips(_) => SecretMode::ChipKey,
        }
    }
}

/// A specification that breaks a bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSpec {
    /// An id, line or key id.
    #[error(transparent)]
    Text(#[from] BadText),
    /// The prefix.
    #[error("a prefix has 1 to {MAX_PREFIX} digits and capital letters")]
    Prefix,
    /// The count.
    #[error("a batch has 1 to 2^{MAX_DEPTH} codes")]
    Count,
    /// The chips.
    #[error("a batch with chips has one public key for each code")]
    Chips,
    /// The time of validity.
    #[error("the codes would never be valid")]
    Validity,
    /// The random part.
    #[error("the random part has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters")]
    RandomPart,
}

/// The secret of one batch: who holds it can make the codes again, and nobody else can guess one.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Wraps 32 bytes from a good source of randomness.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
