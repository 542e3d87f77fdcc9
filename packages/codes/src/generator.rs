//! The generator: everything about one batch from its specification and its secret.

use std::fmt;

use cosmwasm_std::HexBinary;
use suyuan_trace_api::code::{
    check_character, check_code, leaf_hash, padding_hash, secret_hash, NewBatch, PresentedCode,
    ALPHABET, NONCE_BYTES,
};
use suyuan_trace_api::digest::Digest;

use crate::keys::{value, BatchKeys};
use crate::permutation::Permutation;
use crate::spec::{BadSpec, BatchSpec, Secret, Secrets};
use crate::tail::TailMaker;
use crate::tree::Tree;

/// Bytes of a hidden secret.
pub const HIDDEN_BYTES: usize = 16;

/// Makes the codes of one batch, always the same ones.
#[derive(Clone)]
pub struct Generator {
    spec: BatchSpec,
    keys: BatchKeys,
    permutation: Permutation,
    tail: TailMaker,
    pub(crate) tree: Tree,
}

/// What is printed of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code.
    pub code: String,
    /// Its nonce, printed beside it.
    pub nonce: [u8; NONCE_BYTES],
    /// Its tail, where the batch has one.
    pub tail: Option<String>,
    /// Its hidden secret, under a scratch layer, where the batch has one.
    pub hidden: Option<[u8; HIDDEN_BYTES]>,
}

/// An index that the batch does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the batch has {count} codes, none at {index}")]
pub struct OutOfRange {
    /// The index asked for.
    pub index: u32,
    /// Codes of the batch.
    pub count: u32,
}

impl Generator {
    /// Makes the whole batch once to learn its root; [`crate::Sheet`] keeps what it makes on the way.
    ///
    /// # Errors
    /// [`BadSpec`].
    pub fn new(spec: BatchSpec, secret: Secret) -> Result<Self, BadSpec> {
        let mut generator = Self::unbuilt(spec, secret)?;
        let maker = generator.maker();
        let tree = Tree::build(generator.spec.depth(), |place| maker.leaf(place));
        generator.tree = tree;
        Ok(generator)
    }

    /// With the tree of no batch; the caller puts the right one in.
    pub(crate) fn unbuilt(spec: BatchSpec, secret: Secret) -> Result<Self, BadSpec> {
        spec.check()?;
        let keys = BatchKeys::derive(&secret, &spec.id);
        let permutation = Permutation::new(keys.permutation.clone(), spec.random_characters);
        let tail = spec.tail.maker();
        let tree = Tree::build(0, |_| Digest::ZERO);
        Ok(Self { spec, keys, permutation, tail, tree })
    }

    /// What was asked for.
    pub const fn spec(&self) -> &BatchSpec {
        &self.spec
    }

    /// The root that the chain holds.
    pub fn root(&self) -> Digest {
        self.tree.root()
    }

    /// The message that issues the batch.
    pub fn new_batch(&self) -> NewBatch {
        NewBatch {
            id: self.spec.id.clone(),
            class: self.spec.class.clone(),
            prefix: self.spec.prefix.clone(),
            count: self.spec.count,
            depth: self.spec.depth(),
            root: self.root(),
            tail: self.spec.tail.algorithm(),
            tail_kid: self.spec.tail.kid().map(str::to_owned),
            line: self.spec.line.clone(),
            secret_mode: self.spec.secrets.mode(),
            valid_from_s: self.spec.valid_from_s,
            valid_to_s: self.spec.valid_to_s,
        }
    }

    /// The text of the code at `index`.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn code(&self, index: u32) -> Result<String, OutOfRange> {
        self.check(index)?;
        Ok(self.maker().code(index))
    }

    /// What is printed of the code at `index`.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn label(&self, index: u32) -> Result<Label, OutOfRange> {
        self.check(index)?;
        let maker = self.maker();
        let (code, nonce) = (maker.code(index), maker.nonce(index));
        Ok(Label {
            tail: maker.tail.make(&self.spec.id, &code, &nonce),
            hidden: maker.hidden_secret(index),
            code,
            nonce,
        })
    }

    /// The code at `index` with its proof of issuance.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn present(&self, index: u32) -> Result<PresentedCode, OutOfRange> {
        self.check(index)?;
        let maker = self.maker();
        Ok(PresentedCode {
            code: maker.code(index),
            batch: self.spec.id.clone(),
            index,
            nonce: HexBinary::from(&maker.nonce(index)),
            hidden: maker.hidden_digest(index),
            path: self.tree.path(index, |place| maker.leaf(place)),
        })
    }

    /// The index of a code of this batch; `None` for any other text.
    pub fn index_of(&self, code: &str) -> Option<u32> {
        check_code(code).ok()?;
        let random = code.strip_prefix(&self.spec.prefix)?;
        let random = random.get(..random.len().checked_sub(1)?)?;
        if random.len() != self.spec.random_characters {
            return None;
        }
        let number = random.bytes().try_fold(0u64, |number, byte| {
            let digit = ALPHABET.iter().position(|a| *a == byte)?;
            number.checked_mul(36)?.checked_add(u64::try_from(digit).ok()?)
        })?;
        let index = u32::try_from(self.permutation.backward(number)?).ok()?;
        (index < self.spec.count).then_some(index)
    }

    fn check(&self, index: u32) -> Result<(), OutOfRange> {
        let count = self.spec.count;
        (index < count).then_some(()).ok_or(OutOfRange { index, count })
    }

    /// The place of an index in lists.
    pub(crate) fn place(&self, index: u32) -> Result<usize, OutOfRange> {
        self.check(index)?;
        Ok(usize::try_from(index).expect("at most 2^24 codes"))
    }

    pub(crate) const fn maker(&self) -> Maker<'_> {
        Maker {
            spec: &self.spec,
            keys: &self.keys,
            permutation: &self.permutation,
            tail: &self.tail,
        }
    }
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator")
            .field("spec", &self.spec)
            .field("root", &self.root())
            .finish_non_exhaustive()
    }
}

/// What belongs to one place, before there is a tree.
#[derive(Clone, Copy)]
pub(crate) struct Maker<'a> {
    pub spec: &'a BatchSpec,
    keys: &'a BatchKeys,
    permutation: &'a Permutation,
    pub tail: &'a TailMaker,
}

impl Maker<'_> {
    fn code(&self, index: u32) -> String {
        let mut code = vec![0; self.spec.code_length()];
        self.write_code(index, &mut code);
        String::from_utf8(code).expect("the alphabet is ASCII")
    }

    /// Writes the code at `index`; `out` has the length of a code.
    pub fn write_code(&self, index: u32, out: &mut [u8]) {
        let mut number = self
            .permutation
            .forward(u64::from(index))
            .expect("2^24 indexes are far inside 36^8 numbers");
        let (body, check) = out.split_at_mut(out.len() - 1);
        let (prefix, random) = body.split_at_mut(self.spec.prefix.len());
        prefix.copy_from_slice(self.spec.prefix.as_bytes());
        for place in random.iter_mut().rev() {
            *place = ALPHABET[usize::try_from(number % 36).expect("below 36")];
            number /= 36;
        }
        let text = std::str::from_utf8(body).expect("the alphabet is ASCII");
        let character = check_character(text).expect("prefix and random part are of the alphabet");
        check[0] = u8::try_from(character).expect("the alphabet is ASCII");
    }

    pub fn nonce(&self, index: u32) -> [u8; NONCE_BYTES] {
        match self.spec.secrets {
            Secrets::None => [0; NONCE_BYTES],
            Secrets::Nonce | Secrets::Hidden | Secrets::Chips(_) => {
                first(&value(&self.keys.nonce, &[&index.to_be_bytes()]))
            }
        }
    }

    pub fn hidden_secret(&self, index: u32) -> Option<[u8; HIDDEN_BYTES]> {
        (self.spec.secrets == Secrets::Hidden)
            .then(|| first(&value(&self.keys.hidden, &[&index.to_be_bytes()])))
    }

    fn hidden_digest(&self, index: u32) -> Digest {
        if let Secrets::Chips(keys) = &self.spec.secrets {
            let place = usize::try_from(index).expect("at most 2^24 codes");
            return keys.get(place).map_or(Digest::ZERO, |key| secret_hash(key));
        }
        self.hidden_secret(index).map_or(Digest::ZERO, |secret| secret_hash(&secret))
    }

    pub fn leaf(&self, place: u32) -> Digest {
        if place >= self.spec.count {
            return padding_hash(&self.spec.id, place);
        }
        self.leaf_of(place, &self.code(place), &self.nonce(place))
    }

    pub fn leaf_of(&self, place: u32, code: &str, nonce: &[u8; NONCE_BYTES]) -> Digest {
        leaf_hash(&self.spec.id, place, code, nonce, &self.hidden_digest(place))
    }
}

fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    bytes[..N].try_into().expect("N is at most 32")
}
