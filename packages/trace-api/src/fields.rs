//! Field commitments: many fields behind one root, each to be disclosed alone (clause 13.3).
//!
//! ```text
//! leaf  = H(0x10 ‖ name ‖ salt ‖ value)      name and value with their length, salt of 128 bits
//! node  = H(0x11 ‖ left ‖ right)             over the leaves in ascending order
//! root  = H(0x12 ‖ number of leaves ‖ top)   4 bytes, big-endian
//! ```
//!
//! A tree over n leaves is split at the greatest power of two below n, as RFC 6962 does. Sorting hides the order
//! of the fields, salts hide their values from whoever could guess them, and decoys – leaves with nothing behind
//! them – hide how many there are. One leaf of an event's payload is the GS1 event hash ([`EPCIS_HASH`]): shown with
//! the event, it binds the id to the payload (E1).
//!
//! Salts come from whoever commits: at random, or from a secret by [`salt_from`].

use std::fmt;
use std::str::FromStr;

use cosmwasm_schema::cw_serde;

use crate::digest::{frame, Digest};
use crate::text::{check_id, BadText};

/// Bytes of a salt.
pub const SALT_BYTES: usize = 16;
/// Leaves of one commitment, decoys included.
pub const MAX_LEAVES: usize = 1024;
/// Hashes on the way from a leaf to the top at the most: log2 of [`MAX_LEAVES`].
pub const MAX_PATH: usize = 10;
/// Bytes of a value at the most: a sensor report or a parameter set as JSON.
pub const MAX_VALUE: usize = 16_384;
/// Name of the leaf that holds the GS1 event hash, which is the event's id without `?ver=…`.
pub const EPCIS_HASH: &str = "epcis_hash";

const TAG_LEAF: u8 = 0x10;
const TAG_NODE: u8 = 0x11;
const TAG_ROOT: u8 = 0x12;
const TAG_SALT: u8 = 0x13;
const TAG_DECOY: u8 = 0x14;

/// Why fields cannot be committed or disclosed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFields {
    /// A name breaks its rule.
    #[error("{0}")]
    Name(#[from] BadText),
    /// A value is too long.
    #[error("the value of {name} is longer than {MAX_VALUE} bytes")]
    LongValue {
        /// The field.
        name: String,
    },
    /// Two fields of one name.
    #[error("the field {name} is there twice")]
    Repeated {
        /// The field.
        name: String,
    },
    /// No leaf, or too many.
    #[error("{got} leaves, allowed are 1 to {MAX_LEAVES}")]
    Leaves {
        /// How many.
        got: usize,
    },
    /// No such field behind this root.
    #[error("there is no field {name}")]
    NoField {
        /// The field.
        name: String,
    },
}

/// A salt. Text form: 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// Wraps random bytes.
    pub const fn new(bytes: [u8; SALT_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; SALT_BYTES] {
        &self.0
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Not printed: whoever holds the salt can test guesses of the value.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// A text that is no salt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a salt: expected 32 lower-case hex digits")]
pub struct BadSalt;

impl FromStr for Salt {
    type Err = BadSalt;

    fn from_str(text: &str) -> Result<Self, BadSalt> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadSalt);
        }
        let mut bytes = [0; SALT_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadSalt)?;
        Ok(Self(bytes))
    }
}

/// A field before it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, unique behind one root.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its salt, used once.
    pub salt: Salt,
}

/// One field shown, with the way from its leaf to the root.
#[cw_serde]
pub struct Disclosure {
    /// The field.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its salt: 32 lower-case hex digits.
    pub salt: String,
    /// Place of its leaf, from 0.
    pub index: u32,
    /// Neighbours on the way up, the lowest first; at most [`MAX_PATH`].
    pub path: Vec<Digest>,
}

/// Leaf of a field.
pub fn leaf(name: &str, salt: &Salt, value: &str) -> Digest {
    let mut bytes = vec![TAG_LEAF];
    frame(&mut bytes, name.as_bytes());
    bytes.extend_from_slice(salt.bytes());
    frame(&mut bytes, value.as_bytes());
    Digest::of(&[&bytes])
}

/// A salt from a secret, for a field of one event: whoever keeps the secret need not keep the salts. Use a context
/// once, e.g. the source and its sequence.
pub fn salt_from(secret: &[u8; 32], context: &[u8], name: &str) -> Salt {
    let hash = derive(TAG_SALT, secret, context, name.as_bytes());
    let mut bytes = [0; SALT_BYTES];
    bytes.copy_from_slice(&hash.bytes()[..SALT_BYTES]);
    Salt(bytes)
}

/// A decoy from a secret: a leaf with nothing behind it.
pub fn decoy_from(secret: &[u8; 32], context: &[u8], place: u32) -> Digest {
    derive(TAG_DECOY, secret, context, &place.to_be_bytes())
}

/// Hashed twice, so that nothing can be appended to what the secret began.
fn derive(tag: u8, secret: &[u8; 32], context: &[u8], what: &[u8]) -> Digest {
    let mut bytes = vec![tag];
    frame(&mut bytes, secret);
    frame(&mut bytes, context);
    frame(&mut bytes, what);
    Digest::of(&[&[tag], Digest::of(&[&bytes]).bytes()])
}

/// Fields with their tree, on the side of whoever commits.
#[derive(Clone, Debug)]
pub struct Sealed {
    fields: Vec<Field>,
    leaves: Vec<Digest>,
}

impl Sealed {
    /// Commits to fields among decoys.
    ///
    /// # Errors
    /// [`BadFields`], but never `NoField`.
    pub fn new(fields: Vec<Field>, decoys: &[Digest]) -> Result<Self, BadFields> {
        let mut names: Vec<&str> = vec![];
        for field in &fields {
            check_id("field name", &field.name)?;
            if field.value.len() > MAX_VALUE {
                return Err(BadFields::LongValue { name: field.name.clone() });
            }
            names.push(&field.name);
        }
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(BadFields::Repeated { name: pair[0].to_string() });
        }
        let own = fields.iter().map(|field| leaf(&field.name, &field.salt, &field.value));
        let mut leaves: Vec<Digest> = own.chain(decoys.iter().copied()).collect();
        leaves.sort_unstable();
        if leaves.is_empty() || leaves.len() > MAX_LEAVES {
            return Err(BadFields::Leaves { got: leaves.len() });
        }
        Ok(Self { fields, leaves })
    }

    /// How many leaves there are, decoys included.
    ///
    /// # Panics
    /// Never: there are at most [`MAX_LEAVES`].
    pub fn count(&self) -> u32 {
        u32::try_from(self.leaves.len()).expect("at most MAX_LEAVES")
    }

    /// The root over all of them.
    pub fn root(&self) -> Digest {
        root_of(self.count(), &top(&self.leaves))
    }

    /// Shows one field.
    ///
    /// # Errors
    /// [`BadFields::NoField`].
    pub fn disclose(&self, name: &str) -> Result<Disclosure, BadFields> {
        let missing = || BadFields::NoField { name: name.to_string() };
        let field = self.fields.iter().find(|field| field.name == name).ok_or_else(missing)?;
        let leaf = leaf(&field.name, &field.salt, &field.value);
        let index = self.leaves.binary_search(&leaf).map_err(|_| missing())?;
        let mut path = vec![];
        climb(&self.leaves, index, &mut path);
        Ok(Disclosure {
            name: field.name.clone(),
            value: field.value.clone(),
            salt: field.salt.to_string(),
            index: u32::try_from(index).map_err(|_| missing())?,
            path,
        })
    }
}

/// True where the disclosed field is behind `root`, which is over `count` leaves.
pub fn holds(root: &Digest, count: u32, shown: &Disclosure) -> bool {
    let Ok(salt) = shown.salt.parse::<Salt>() else {
        return false;
    };
    if shown.index >= count || shown.path.len() > MAX_PATH {
        return false;
    }
    let leaf = leaf(&shown.name, &salt, &shown.value);
    climbed(leaf, shown.index, count, &shown.path).is_some_and(|top| root_of(count, &top) == *root)
}

fn root_of(count: u32, top: &Digest) -> Digest {
    Digest::of(&[&[TAG_ROOT], &count.to_be_bytes(), top.bytes()])
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[TAG_NODE], left.bytes(), right.bytes()])
}

/// Leaves in the left half: the greatest power of two below `count`, which is 2 or more.
const fn split_at(count: usize) -> usize {
    let half = count.next_power_of_two() / 2;
    if half == 0 {
        1
    } else {
        half
    }
}

/// Depth of recursion: at most [`MAX_PATH`], since each level halves the leaves. Never empty.
fn top(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::ZERO,
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split_at(many.len()));
            node(&top(left), &top(right))
        }
    }
}

fn climb(leaves: &[Digest], index: usize, path: &mut Vec<Digest>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = leaves.split_at(split_at(leaves.len()));
    if index < left.len() {
        climb(left, index, path);
        path.push(top(right));
    } else {
        climb(right, index - left.len(), path);
        path.push(top(left));
    }
}

/// The top that a leaf leads to; `None` where the path is longer or shorter than the tree is high there.
fn climbed(leaf: Digest, index: u32, count: u32, path: &[Digest]) -> Option<Digest> {
    let (mut index, mut count) = (index as usize, count as usize);
    // From the top down: on which side the leaf lies at each level.
    let mut sides = vec![];
    while count > 1 {
        let left = split_at(count);
        let is_left = index < left;
        sides.push(is_left);
        (index, count) = if is_left { (index, left) } else { (index - left, count - left) };
    }
    if sides.len() != path.len() {
        return None;
    }
    let step = |below: Digest, (is_left, beside): (&bool, &Digest)| {
        if *is_left {
            node(&below, beside)
        } else {
            node(beside, &below)
        }
    };
    Some(sides.iter().rev().zip(path).fold(leaf, step))
}

#[cfg(test)]
mod tests;
