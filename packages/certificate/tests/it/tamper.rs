//! Everything that a forger may try: each class takes an honest certificate and makes something of it that must be
//! refused. Where the forger can repair the rest – order of proof nodes, the digest at the end – the class does.

mod file;
mod graph;
mod header;
mod tree;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::Rng as _;
use suyuan_certificate::signed::{Commit, Header};
use suyuan_certificate::{Certificate, Terms};
use suyuan_trace_api::assembly::Direction;

use crate::chain::{Scene, Signers};
use crate::story::Story;

/// What a forger has at hand.
pub struct Ground {
    /// The honest certificate.
    pub honest: Certificate,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// With every signature that there is.
    pub full_commit: suyuan_certificate::signed::Commit,
    /// Of the same chain: another start.
    pub other_start: Certificate,
    /// Of the same chain: the other direction.
    pub other_way: Certificate,
    /// Of the same chain: the look-alike contracts.
    pub twin: Certificate,
    /// Another state of the same chain, signed by the same validators.
    pub later: Certificate,
    /// Another chain of the same validators.
    pub other_chain: Certificate,
    /// The same state, signed by strangers.
    pub strangers: Certificate,
    /// What the verifier is told.
    pub terms: Terms,
    /// The trust file in it.
    pub trust: serde_json::Value,
}

impl Ground {
    /// Six units, of which the trace has four.
    pub fn small() -> Self {
        Self::of(Story::small(), "ROBOT1", "LOT1")
    }

    /// Some two hundred units.
    pub fn big() -> Self {
        Self::of(Story::big(), "U4X0", "U0X3")
    }

    fn of(story: Story, start: &str, other: &str) -> Self {
        let scene = Scene::new(story.clone());
        let honest = scene.certificate(start, Direction::Backward);
        let back = Direction::Backward;
        let strangers = Signers::new(7, &[10, 10, 7, 5]);
        let app_hash = honest.header.app_hash.0.clone();
        let signed = scene.signers.sign(crate::chain::CHAIN, honest.height + 1, &app_hash);
        let full_commit = Commit::from_stock(&signed.commit);
        let mut other_chain = honest.clone();
        other_chain.chain_id = "made-up-2".into();
        let signed = scene.signers.sign("made-up-2", honest.height + 1, &app_hash);
        other_chain.header = Header::from_stock(&signed.header);
        other_chain.commit = Commit::from_stock(&signed.commit);
        let mut grown = story;
        let event = grown.event("one more");
        grown.birth("NEWCOMER", event);
        let later = Scene::new(grown);
        Self {
            bytes: honest.to_bytes().expect("bytes"),
            full_commit,
            other_start: scene.certificate(other, back),
            other_way: scene.certificate(other, Direction::Forward),
            twin: scene.chain.certificate(&scene.twin, start, back, &scene.signers),
            later: later.certificate(start, back),
            other_chain: other_chain.seal().expect("sealed"),
            strangers: scene.chain.certificate(&scene.site, start, back, &strangers),
            terms: scene.terms(),
            trust: scene.signers.trust_json(Some(&scene.site.addresses)),
            honest,
        }
    }
}

/// A way to forge.
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// Reasons for which its forgeries are refused.
    pub reasons: &'static [&'static str],
    /// Makes one; `None` where the dice gave nothing that is different.
    pub forge: fn(&Ground, &mut StdRng) -> Option<Vec<u8>>,
}

/// All of them.
pub fn classes() -> Vec<Class> {
    [graph::CLASSES, tree::CLASSES, header::CLASSES, file::CLASSES]
        .into_iter()
        .flatten()
        .map(|(name, reasons, forge)| Class { name, reasons, forge: *forge })
        .collect()
}

/// A row of a table of classes.
type Row = (&'static str, &'static [&'static str], fn(&Ground, &mut StdRng) -> Option<Vec<u8>>);

/// Changes the honest certificate; the digest fits again.
fn edited(ground: &Ground, edit: impl FnOnce(&mut Certificate) -> Option<()>) -> Option<Vec<u8>> {
    let mut forged = ground.honest.clone();
    edit(&mut forged)?;
    forged.reseal().ok()?.to_bytes().ok()
}

/// Changes the honest certificate; order of lists, proof nodes and digest fit again.
fn repaired(ground: &Ground, edit: impl FnOnce(&mut Certificate) -> Option<()>) -> Option<Vec<u8>> {
    let mut forged = ground.honest.clone();
    edit(&mut forged)?;
    forged.seal().ok()?.to_bytes().ok()
}

/// A place of a list that is not empty.
fn place<T>(list: &[T], dice: &mut StdRng) -> Option<usize> {
    (!list.is_empty()).then(|| dice.gen_range(0..list.len()))
}

/// Two different places of a list.
fn two<T>(list: &[T], dice: &mut StdRng) -> Option<(usize, usize)> {
    let places: Vec<usize> = (0..list.len()).collect();
    let chosen: Vec<_> = places.choose_multiple(dice, 2).copied().collect();
    <[usize; 2]>::try_from(chosen).ok().map(|[a, b]| (a, b))
}

/// Another byte somewhere.
fn flip(bytes: &mut [u8], dice: &mut StdRng) -> Option<()> {
    let at = place(bytes, dice)?;
    bytes[at] ^= dice.gen_range(1..=255u8);
    Some(())
}
