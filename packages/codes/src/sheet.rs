//! All labels of a batch at once, in memory: what a printing line asks for.

use std::fmt;

use suyuan_trace_api::code::NONCE_BYTES;
use suyuan_trace_api::digest::Digest;

use crate::generator::{Generator, Label, Maker, OutOfRange};
use crate::spec::{BadSpec, BatchSpec, Secret};
use crate::tree::{regions, Tree};

/// Codes, nonces and tails of a whole batch beside its generator. 52 bytes for each code with an HMAC tail.
#[derive(Clone)]
pub struct Sheet {
    generator: Generator,
    code_length: usize,
    tail_length: usize,
    codes: Vec<u8>,
    nonces: Vec<[u8; NONCE_BYTES]>,
    tails: Vec<u8>,
}

impl Sheet {
    /// Makes the whole batch in one pass on up to `threads` threads; the result does not depend on how many.
    ///
    /// # Errors
    /// [`BadSpec`].
    ///
    /// # Panics
    /// Where the machine has no memory for the batch.
    pub fn make(spec: BatchSpec, secret: Secret, threads: usize) -> Result<Self, BadSpec> {
        let mut generator = Generator::unbuilt(spec, secret)?;
        let count = usize::try_from(generator.spec().count).expect("at most 2^24 codes");
        let code_length = generator.spec().code_length();
        let tail_length = generator.maker().tail.length();
        let mut codes = vec![0; count * code_length];
        let mut nonces = vec![[0; NONCE_BYTES]; count];
        let mut tails = vec![0; count * tail_length];
        let depth = generator.spec().depth();

        let maker = generator.maker();
        let (mut rest_codes, mut rest_nonces, mut rest_tails) =
            (&mut codes[..], &mut nonces[..], &mut tails[..]);
        let mut workers = vec![];
        for region in regions(depth, threads) {
            let end = region.end.min(u64::from(maker.spec.count));
            let number = usize::try_from(end.saturating_sub(region.start)).expect("at most 2^24");
            let (codes, others) = rest_codes.split_at_mut(number * code_length);
            rest_codes = others;
            let (nonces, others) = rest_nonces.split_at_mut(number);
            rest_nonces = others;
            let (tails, others) = rest_tails.split_at_mut(number * tail_length);
            rest_tails = others;
            let first = region.start;
            workers.push(Worker { maker, first, code_length, tail_length, codes, nonces, tails });
        }
        let workers = workers.into_iter().map(|mut worker| move |place| worker.leaf(place));
        let tree = Tree::build_with(depth, workers.collect());
        generator.tree = tree;
        Ok(Self { generator, code_length, tail_length, codes, nonces, tails })
    }

    /// The generator of the batch, with its root and its proofs.
    pub const fn generator(&self) -> &Generator {
        &self.generator
    }

    /// The code at a place.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn code(&self, index: u32) -> Result<&str, OutOfRange> {
        let at = self.generator.place(index)? * self.code_length;
        Ok(std::str::from_utf8(&self.codes[at..at + self.code_length]).expect("ASCII"))
    }

    /// What is printed of the code at a place.
    ///
    /// # Errors
    /// [`OutOfRange`].
    pub fn label(&self, index: u32) -> Result<Label, OutOfRange> {
        let place = self.generator.place(index)?;
        let at = place * self.tail_length;
        let tail = std::str::from_utf8(&self.tails[at..at + self.tail_length]).expect("ASCII");
        Ok(Label {
            code: self.code(index)?.to_owned(),
            nonce: self.nonces[place],
            tail: (!tail.is_empty()).then(|| tail.to_owned()),
            hidden: self.generator.maker().hidden_secret(index),
        })
    }

    /// The root that the chain holds.
    pub fn root(&self) -> Digest {
        self.generator.root()
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet").field("generator", &self.generator).finish_non_exhaustive()
    }
}

/// One region of a sheet at work.
struct Worker<'a> {
    maker: Maker<'a>,
    first: u64,
    code_length: usize,
    tail_length: usize,
    codes: &'a mut [u8],
    nonces: &'a mut [[u8; NONCE_BYTES]],
    tails: &'a mut [u8],
}

impl Worker<'_> {
    fn leaf(&mut self, place: u32) -> Digest {
        if place >= self.maker.spec.count {
            return self.maker.leaf(place);
        }
        let at = usize::try_from(u64::from(place) - self.first).expect("inside the region");
        let code = &mut self.codes[at * self.code_length..][..self.code_length];
        self.maker.write_code(place, code);
        let code = std::str::from_utf8(code).expect("ASCII");
        let nonce = self.maker.nonce(place);
        self.nonces[at] = nonce;
        let tail = &mut self.tails[at * self.tail_length..][..self.tail_length];
        self.maker.tail.write(&self.maker.spec.id, code, &nonce, tail);
        self.maker.leaf_of(place, code, &nonce)
    }
}
