//! What authentication nodes say of a certificate (clause 6.4), and what forgers make of it.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use suyuan_certificate::attest::{proof_keys, sign_bytes, Statement, Vouched};
use suyuan_certificate::{verify, verify_attested, Attestations, Certificate, Hex, Terms};
use suyuan_trace_api::assembly::Direction;
use suyuan_trace_api::digest::Digest;

use crate::chain::{Scene, CHAIN};
use crate::nodes::{honest, others, second_key, Node};
use crate::story::Story;
use crate::twins::Twin;

/// Forgeries of each class.
const EACH: usize = 25;
/// Throws of the dice for one forgery.
const THROWS: usize = 200;

/// What a forger has at hand.
struct Bench {
    scene: Scene,
    certificate: Certificate,
    bytes: Vec<u8>,
    header_hash: Vec<u8>,
    /// Another certificate of the same state.
    other: Vec<u8>,
    terms: Terms,
    honest: OnceCell<Attestations>,
}

/// What is signed: the honest words, of which a forger changes one.
struct Words {
    chain_id: String,
    height: u64,
    header_hash: Vec<u8>,
    registry: String,
    participant: String,
    kid: String,
    certificate: Digest,
}

impl Words {
    fn bytes(&self) -> Vec<u8> {
        sign_bytes(&Statement {
            chain_id: &self.chain_id,
            height: self.height,
            header_hash: &self.header_hash,
            registry: &self.registry,
            participant: &self.participant,
            kid: &self.kid,
            certificate: &self.certificate,
        })
    }
}

impl Bench {
    fn new() -> Self {
        let scene = Scene::new(Story::small());
        let certificate = scene.certificate("ROBOT1", Direction::Backward);
        let bytes = certificate.to_bytes().expect("bytes");
        let other = scene.certificate("LOT1", Direction::Backward).to_bytes().expect("bytes");
        let terms = scene.terms();
        let report = verify(&bytes, &terms).expect("accepted");
        let header_hash = hex::decode(report.header_hash).expect("hex");
        let honest = OnceCell::new();
        Self { scene, certificate, bytes, header_hash, other, terms, honest }
    }

    /// What all of them say.
    fn honest(&self) -> &Attestations {
        self.honest.get_or_init(|| self.file(&self::honest()))
    }

    fn words(&self, node: &Node) -> Words {
        Words {
            chain_id: CHAIN.into(),
            height: self.certificate.height,
            header_hash: self.header_hash.clone(),
            registry: self.certificate.contracts.registry.address.clone(),
            participant: node.id().into(),
            kid: node.kid().into(),
            certificate: Digest::of(&[&self.bytes]),
        }
    }

    /// The file of one node that signs other words than it should.
    fn spoken(&self, node: &Node, change: impl FnOnce(&mut Words)) -> Attestations {
        let mut words = self.words(node);
        change(&mut words);
        let keys = proof_keys(&self.certificate, node.id(), node.kid()).expect("keys");
        let vouched = Vouched {
            participant: node.id().into(),
            kid: node.kid().into(),
            proofs: keys.map(|key| self.scene.chain.present(&key)),
            signature: node.sign(&words.bytes()),
        };
        Attestations::build(Digest::of(&[&self.bytes]), vouched).expect("built")
    }

    fn one(&self, node: &Node) -> Attestations {
        self.spoken(node, |_| {})
    }

    fn file(&self, nodes: &[Node]) -> Attestations {
        let all = nodes.iter().map(|node| self.one(node));
        all.reduce(|a, b| a.with(b).expect("of one certificate")).expect("at least one")
    }

    fn judge(&self, file: &Attestations, wanted: usize) -> Result<Vec<String>, &'static str> {
        self.judge_bytes(&file.to_bytes().expect("bytes"), wanted)
    }

    fn judge_bytes(&self, file: &[u8], wanted: usize) -> Result<Vec<String>, &'static str> {
        let report = verify_attested(&self.bytes, file, &self.terms, wanted);
        let ids = report.map(|r| r.attestors.into_iter().map(|one| one.participant).collect());
        ids.map_err(|fault| fault.reason())
    }
}

/// clause 6.4: so many authentication nodes as the reader wants, each a participant of its own.
#[test]
fn as_many_registered_nodes_as_wanted_have_co_signed() {
    let bench = Bench::new();
    let ids: Vec<String> = honest().iter().map(|node| node.id().to_string()).collect();
    for wanted in 0..=ids.len() {
        assert_eq!(bench.judge(bench.honest(), wanted).as_ref(), Ok(&ids));
    }
    assert_eq!(bench.judge(bench.honest(), ids.len() + 1), Err("too_few_attestors"));
    for node in honest() {
        assert_eq!(bench.judge(&bench.one(&node), 1), Ok(vec![node.id().to_string()]));
    }
    let second = bench.one(&second_key());
    assert_eq!(
        bench.judge(&second, 1),
        Ok(vec!["node-2".into()]),
        "whichever key, one participant"
    );
    let exchanged = bench.honest().clone().with(second).expect("of one certificate");
    assert_eq!(bench.judge(&exchanged, ids.len() + 1), Err("too_few_attestors"));
    let plain = verify(&bench.bytes, &bench.terms).expect("accepted");
    assert!(plain.attestors.is_empty(), "nobody was asked for");
}

#[test]
fn the_order_in_which_nodes_sign_does_not_show() {
    let bench = Bench::new();
    let mut nodes = honest();
    let mut dice = StdRng::seed_from_u64(5);
    for _ in 0..10 {
        nodes.shuffle(&mut dice);
        assert_eq!(&bench.file(&nodes), bench.honest());
    }
    let bytes = bench.honest().to_bytes().expect("bytes");
    let read = Attestations::from_bytes(&bytes).expect("canonical");
    assert_eq!(read.to_bytes().expect("bytes"), bytes);
    let other = Attestations { certificate: Digest::ZERO, ..bench.honest().clone() };
    let refused = bench.honest().clone().with(other).map_err(|fault| fault.reason());
    assert_eq!(refused, Err("attestation_foreign"));
}

#[test]
fn who_may_not_attest_is_refused_with_the_reason() {
    let bench = Bench::new();
    let mut twin = Twin::of(&bench.scene, 1);
    for (node, reason) in others() {
        let alone = bench.one(&node);
        assert_eq!(bench.judge(&alone, 1), Err(reason), "{}", node.id());
        let bytes = alone.to_bytes().expect("bytes");
        assert_eq!(twin.judge_attested(&bench.bytes, &bytes).as_deref(), Some(reason));
        let among = bench.honest().clone().with(alone).expect("of one certificate");
        assert_eq!(bench.judge(&among, 1), Err(reason), "{} among others", node.id());
    }
    twin.stop();
}

#[test]
fn each_single_byte_of_attestations_counts() {
    let bench = Bench::new();
    let mut bytes = bench.honest().to_bytes().expect("bytes");
    for at in (0..bytes.len()).step_by(17) {
        let old = bytes[at];
        bytes[at] = old ^ 1;
        assert!(bench.judge_bytes(&bytes, 1).is_err(), "byte {at}");
        bytes[at] = old;
    }
}

type Forge = fn(&Bench, &mut StdRng) -> Option<(Vec<u8>, Vec<u8>)>;

/// Name, reasons for which its forgeries are refused, and how to make one: certificate and attestations.
const CLASSES: &[(&str, &[&str], Forge)] = &[
    ("cut off", &["unreadable", "not_canonical"], |b, d| {
        bytes(b, |file| file.truncate(d.gen_range(0..file.len())))
    }),
    ("white space", &["not_canonical"], |b, d| {
        bytes(b, |file| {
            let commas: Vec<usize> = (0..file.len()).filter(|at| file[*at] == b',').collect();
            file.insert(commas[d.gen_range(0..commas.len())] + 1, b' ');
        })
    }),
    ("field added", &["unreadable", "not_canonical"], |b, _| {
        bytes(b, |file| drop(file.splice(1..1, br#""more":1,"#.iter().copied())))
    }),
    ("another format", &["unknown_format"], |b, _| {
        edited(b, |file, _| file.format = "suyuan-attestations/2".into())
    }),
    ("of another certificate", &["attestation_foreign"], |b, _| {
        Some((b.other.clone(), b.honest().to_bytes().ok()?))
    }),
    ("said to be of another certificate", &["attestation_invalid"], |b, _| {
        let mut file = b.honest().clone();
        file.certificate = Digest::of(&[&b.other]);
        Some((b.other.clone(), file.to_bytes().ok()?))
    }),
    ("attestation repeated", &["attestor_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            file.attestations.insert(at, file.attestations[at].clone());
        })
    }),
    ("attestations exchanged", &["attestor_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(1..file.attestations.len());
            file.attestations.swap(at - 1, at);
        })
    }),
    ("one participant with two keys", &["attestor_order"], |b, _| {
        let mut file = b.one(&second_key());
        let first = b.one(&honest()[4]).attestations.remove(0);
        file.attestations.insert(0, first);
        made(b, &file)
    }),
    ("attestation dropped", &["too_few_attestors"], |b, d| {
        let mut nodes = honest();
        nodes.remove(d.gen_range(0..nodes.len()));
        made(b, &b.file(&nodes))
    }),
    ("attestation taken out of its place", &["proof_order", "too_few_attestors"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            file.attestations.remove(at);
        })
    }),
    ("nobody", &["attestor_order"], |b, _| edited(b, |file, _| file.attestations.clear())),
    ("signature of another node", &["attestation_invalid"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(1..file.attestations.len());
            file.attestations[at].signature = file.attestations[at - 1].signature.clone();
        })
    }),
    ("signature by a stranger", &["attestation_invalid"], |b, d| {
        let (mine, theirs) = two(d)?;
        let mut file = b.honest().clone();
        let place = file.attestations.iter().position(|one| one.participant == mine.id())?;
        file.attestations[place].signature = Hex(theirs.sign(&b.words(&mine).bytes()));
        made(b, &file)
    }),
    ("signature changed", &["attestation_invalid"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            let signature = &mut file.attestations[at].signature.0;
            let byte = d.gen_range(0..signature.len());
            signature[byte] ^= d.gen_range(1..=255u8);
        })
    }),
    ("signature of another length", &["attestation_invalid"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            let length = [0, 63, 65, 128][d.gen_range(0..4)];
            file.attestations[at].signature.0.resize(length, 1);
        })
    }),
    ("the other signature that fits", &["attestation_invalid"], |b, _| {
        edited(b, |file, _| {
            let one = file.attestations.iter_mut().find(|one| one.participant == "node-1");
            let one = one.expect("there");
            let low = k256::ecdsa::Signature::from_slice(&one.signature.0).expect("64 bytes");
            let (r, s) = low.split_scalars();
            let high = k256::ecdsa::Signature::from_scalars(r, -s).expect("not zero");
            one.signature = Hex(high.to_vec());
        })
    }),
    ("of another chain", &["attestation_invalid"], |b, d| {
        words(b, d, |words| words.chain_id = "made-up-2".into())
    }),
    ("of another height", &["attestation_invalid"], |b, d| words(b, d, |words| words.height += 1)),
    ("of another header", &["attestation_invalid"], |b, d| {
        words(b, d, |words| words.header_hash[7] ^= 1)
    }),
    ("of another registry", &["attestation_invalid"], |b, d| {
        let twin = b.scene.twin.addresses.registry.clone();
        words(b, d, |words| words.registry = twin)
    }),
    ("signed for another certificate", &["attestation_invalid"], |b, d| {
        let other = Digest::of(&[&b.other]);
        words(b, d, |words| words.certificate = other)
    }),
    ("signed as another participant", &["attestation_invalid"], |b, d| {
        words(b, d, |words| words.participant = "heir2".into())
    }),
    ("signed as another key", &["attestation_invalid"], |b, d| {
        words(b, d, |words| words.kid = "k2".into())
    }),
    ("another participant's name", &["proof_broken", "attestor_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            file.attestations[at].participant.push('x');
        })
    }),
    ("another key's name", &["proof_broken"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.attestations.len());
            file.attestations[at].kid = "k2".into();
        })
    }),
    ("record of another participant", &["proof_broken", "proof_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(1..file.attestations.len());
            file.attestations[at].record = file.attestations[at - 1].record.clone();
        })
    }),
    ("key of another participant", &["proof_broken", "proof_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(1..file.attestations.len());
            file.attestations[at].key = file.attestations[at - 1].key.clone();
        })
    }),
    ("a stopped participant set free", &["proof_broken"], |b, d| {
        let stopped: Vec<_> =
            others().into_iter().filter(|(_, why)| *why == "attestor_inactive").collect();
        let (node, _) = stopped.choose(d)?;
        let mut file = b.one(node);
        let mut freed = node.participant.clone();
        freed.status = suyuan_trace_api::participant::ParticipantStatus::Active;
        file.attestations[0].record.value.0 = cosmwasm_std::to_json_vec(&freed).ok()?;
        made(b, &file)
    }),
    ("a key made valid", &["proof_broken"], |b, d| {
        let bad: Vec<_> = others().into_iter().filter(|(_, why)| *why == "attestor_key").collect();
        let (node, _) = bad.choose(d)?;
        let mut file = b.one(node);
        let mut key = honest()[3].key.clone();
        key.public_key = node.key.public_key.clone();
        file.attestations[0].key.value.0 = cosmwasm_std::to_json_vec(&key).ok()?;
        made(b, &file)
    }),
    ("roles rewritten", &["proof_broken"], |b, _| {
        edited(b, |file, _| {
            let text = String::from_utf8(file.roles.value.0.clone()).expect("json");
            file.roles.value.0 = text.replace("record_events", "attest").into_bytes();
        })
    }),
    ("proof node changed", &["proof_broken", "proof_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.nodes.len());
            let node = &mut file.nodes[at];
            let side = if node.suffix.0.is_empty() { &mut node.prefix } else { &mut node.suffix };
            let byte = d.gen_range(0..side.0.len());
            side.0[byte] ^= d.gen_range(1..=255u8);
        })
    }),
    ("proof node too many", &["proof_order"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.nodes.len());
            file.nodes.push(file.nodes[at].clone());
        })
    }),
    ("proof node missing", &["proof_malformed", "proof_broken"], |b, _| {
        edited(b, |file, _| drop(file.nodes.pop()))
    }),
    ("path in a ring", &["proof_malformed"], |b, d| {
        edited(b, |file, _| {
            let at = d.gen_range(0..file.nodes.len());
            file.nodes[at].above = Some(u32::try_from(at).expect("few"));
        })
    }),
    ("the look-alike's registry", &["proof_broken", "proof_order"], |b, d| {
        // The twin's contracts stand in the same state: its registry knows the same nodes, at other keys.
        let nodes = honest();
        let node = nodes.choose(d)?;
        let mut twin = b.certificate.clone();
        twin.contracts.registry.address = b.scene.twin.addresses.registry.clone();
        let keys = proof_keys(&twin, node.id(), node.kid()).ok()?;
        let vouched = Vouched {
            participant: node.id().into(),
            kid: node.kid().into(),
            proofs: keys.map(|key| b.scene.chain.present(&key)),
            signature: node.sign(&b.words(node).bytes()),
        };
        made(b, &Attestations::build(Digest::of(&[&b.bytes]), vouched).ok()?)
    }),
];

fn bytes(bench: &Bench, edit: impl FnOnce(&mut Vec<u8>)) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut file = bench.honest().to_bytes().ok()?;
    edit(&mut file);
    Some((bench.bytes.clone(), file))
}

fn made(bench: &Bench, file: &Attestations) -> Option<(Vec<u8>, Vec<u8>)> {
    Some((bench.bytes.clone(), file.to_bytes().ok()?))
}

fn edited(
    bench: &Bench,
    edit: impl FnOnce(&mut Attestations, &Bench),
) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut file = bench.honest().clone();
    edit(&mut file, bench);
    (file != *bench.honest()).then_some(())?;
    made(bench, &file)
}

/// One of the nodes signs other words.
fn words(
    bench: &Bench,
    dice: &mut StdRng,
    change: impl FnOnce(&mut Words),
) -> Option<(Vec<u8>, Vec<u8>)> {
    let nodes = honest();
    let other = bench.spoken(nodes.choose(dice)?, change);
    made(bench, &bench.honest().clone().with(other).ok()?)
}

fn two(dice: &mut StdRng) -> Option<(Node, Node)> {
    let nodes = honest();
    let chosen: Vec<Node> = nodes.choose_multiple(dice, 2).cloned().collect();
    <[Node; 2]>::try_from(chosen).ok().map(|[a, b]| (a, b))
}

/// clause 6.4, told by two programs that share no code: what is forged, repeated, revoked, of another chain or of
/// somebody who may not is refused for the same reason.
#[test]
fn both_verifiers_refuse_each_forged_attestation_for_the_same_reason() {
    let bench = Bench::new();
    let all = honest().len();
    let mut twin = Twin::of(&bench.scene, all);
    let honest = bench.honest().to_bytes().expect("bytes");
    assert_eq!(twin.judge_attested(&bench.bytes, &honest), None, "the honest one is accepted");
    assert!(bench.judge_bytes(&honest, all).is_ok());
    let mut seen = BTreeSet::new();
    for (name, reasons, forge) in CLASSES {
        let mut dice = StdRng::seed_from_u64(20_261_124);
        for _ in 0..EACH {
            let forged = (0..THROWS).find_map(|_| forge(&bench, &mut dice));
            let (certificate, file) =
                forged.unwrap_or_else(|| panic!("{name}: the dice give nothing"));
            let here = match verify_attested(&certificate, &file, &bench.terms, all) {
                Ok(_) => panic!("{name}: accepted"),
                Err(fault) => fault.reason(),
            };
            let spelling = ["not_canonical", "unreadable"];
            assert!(reasons.contains(&here), "{name}: {here}");
            let there = twin.judge_attested(&certificate, &file);
            let there = there.unwrap_or_else(|| panic!("{name}: the other accepts"));
            let alike = spelling.contains(&here) && spelling.contains(&there.as_str());
            assert!(here == there || alike, "{name}: {here} here, {there} there");
            seen.insert(here);
        }
    }
    twin.stop();
    assert!(CLASSES.len() >= 35 && seen.len() >= 10, "{} classes: {seen:?}", CLASSES.len());
}
