//! The header, who signed it, and of which chain it is.

use rand::rngs::StdRng;
use rand::Rng as _;
use suyuan_certificate::{Certificate, Hex};

use super::{edited, flip, place, two, Ground, Row};

pub(super) const CLASSES: &[Row] = &[
    ("another height", &["height_mismatch"], other_height),
    ("another state's header", &["store_proof_broken"], other_header),
    ("another chain", &["other_chain"], other_chain),
    ("another chain id", &["chain_mismatch"], other_chain_id),
    ("other keys", &["untrusted_validators"], other_key),
    ("header of other keys", &["validators_mismatch"], other_key_header),
    ("header field changed", &["signature_invalid"], header_field),
    (
        "header field changed that the file repeats",
        &["height_mismatch", "chain_mismatch", "validators_mismatch", "signature_invalid"],
        header_field_elsewhere,
    ),
    ("header field that cannot be", &["bad_header"], impossible_field),
    ("app hash changed", &["signature_invalid"], app_hash),
    ("signature dropped", &["not_enough_power"], signature_dropped),
    ("all signatures dropped", &["not_enough_power"], all_signatures_dropped),
    ("signature forged", &["signature_invalid"], signature_forged),
    ("signature repeated", &["signature_invalid", "signature_surplus"], signature_repeated),
    ("signatures exchanged", &["signature_invalid"], signatures_exchanged),
    ("signature added", &["signature_surplus"], signature_added),
    ("time of a vote changed", &["signature_invalid"], vote_time),
    ("round changed", &["signature_invalid", "commit_malformed"], round),
    ("parts changed", &["signature_invalid"], parts),
    ("place in the commit dropped or added", &["commit_malformed"], commit_length),
    ("power changed", &["validators_mismatch", "validator_order", "bad_validator"], power),
    ("validator dropped", &["validators_mismatch"], validator_dropped),
    ("validator repeated", &["validator_order"], validator_repeated),
    ("validators reordered", &["validator_order"], validators_reordered),
    ("validator exchanged", &["validators_mismatch", "validator_order"], validator_exchanged),
];

fn other_height(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.height = forged.height.checked_add_signed(dice.gen_range(-3..=3i64))?;
        (forged.height != ground.honest.height).then_some(())
    })
}

fn other_header(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.header = ground.later.header.clone();
        forged.commit = ground.later.commit.clone();
        forged.height = ground.later.height;
        Some(())
    })
}

fn other_chain(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    ground.other_chain.to_bytes().ok()
}

fn other_chain_id(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.chain_id.push(char::from(dice.gen_range(b'a'..=b'z')));
        Some(())
    })
}

fn other_key(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    ground.strangers.to_bytes().ok()
}

fn other_key_header(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.header = ground.strangers.header.clone();
        forged.commit = ground.strangers.commit.clone();
        Some(())
    })
}

fn change_header(forged: &mut Certificate, dice: &mut StdRng) -> Option<()> {
    let header = &mut forged.header;
    let hash = Hex(dice.gen::<[u8; 32]>().to_vec());
    match dice.gen_range(0..14) {
        0 => header.app_version ^= dice.gen_range(1..9u64),
        1 => header.block_version ^= dice.gen_range(1..9u64),
        2 => header.time.nanos += dice.gen_range(1..9_999u32),
        3 => header.time.seconds += dice.gen_range(1..9_999i64),
        4 => header.last_block.as_mut()?.hash = hash,
        5 => header.last_commit_hash = hash,
        6 => header.data_hash = hash,
        7 => header.next_validators_hash = hash,
        8 => header.consensus_hash = hash,
        9 => header.last_results_hash = hash,
        10 => header.evidence_hash = hash,
        11 => header.proposer = Hex(dice.gen::<[u8; 20]>().to_vec()),
        12 => header.last_commit_hash = Hex(vec![]),
        _ => header.last_block = None,
    }
    Some(())
}

fn header_field(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| change_header(forged, dice))
}

/// Fields that something else in the file speaks of, too.
fn header_field_elsewhere(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        match dice.gen_range(0..4) {
            0 => forged.header.chain_id = "made-up-3".into(),
            1 => forged.header.validators_hash = Hex(dice.gen::<[u8; 32]>().to_vec()),
            2 => forged.header.height += dice.gen_range(1..9u64),
            _ => {
                forged.header.height += 1;
                forged.height += 1;
            }
        }
        Some(())
    })
}

fn impossible_field(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let header = &mut forged.header;
        let field = match dice.gen_range(0..5) {
            0 => &mut header.consensus_hash,
            1 => &mut header.data_hash,
            2 => &mut header.proposer,
            3 => &mut header.last_block.as_mut()?.parts_hash,
            _ => {
                header.time.nanos = dice.gen_range(1_000_000_000..u32::MAX);
                return Some(());
            }
        };
        field.0.push(dice.gen());
        Some(())
    })
}

fn app_hash(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| flip(&mut forged.header.app_hash.0, dice))
}

/// A place at which somebody signed.
fn signed_place(forged: &Certificate, dice: &mut StdRng) -> Option<usize> {
    let at = place(&forged.commit.signatures, dice)?;
    forged.commit.signatures[at].as_ref().map(|_| at)
}

fn signature_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = signed_place(forged, dice)?;
        forged.commit.signatures[at] = None;
        Some(())
    })
}

fn all_signatures_dropped(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.commit.signatures.iter_mut().for_each(|one| *one = None);
        Some(())
    })
}

fn signature_forged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = signed_place(forged, dice)?;
        let bytes = &mut forged.commit.signatures[at].as_mut()?.signature.0;
        match dice.gen_range(0..4) {
            0 => bytes.iter_mut().for_each(|byte| *byte = dice.gen()),
            1 => bytes.truncate(dice.gen_range(0..64)),
            _ => flip(bytes, dice)?,
        }
        Some(())
    })
}

/// One signature counts for two: at the place of another validator, who signed or did not.
fn signature_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let from = signed_place(forged, dice)?;
        let signatures = &mut forged.commit.signatures;
        let to = place(signatures, dice)?;
        (from != to).then(|| signatures[to] = signatures[from].clone())
    })
}

fn signatures_exchanged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (from, to) = (signed_place(forged, dice)?, place(&forged.commit.signatures, dice)?);
        (from != to).then(|| forged.commit.signatures.swap(from, to))
    })
}

fn signature_added(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let signatures = &mut forged.commit.signatures;
        let at = place(signatures, dice)?;
        let new = ground.full_commit.signatures[at].clone();
        (signatures[at] != new).then(|| signatures[at] = new)
    })
}

fn vote_time(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = signed_place(forged, dice)?;
        let time = &mut forged.commit.signatures[at].as_mut()?.time;
        if dice.gen() {
            time.nanos ^= dice.gen_range(1..999u32);
        } else {
            time.seconds += dice.gen_range(1..999i64);
        }
        Some(())
    })
}

fn round(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        forged.commit.round = dice.gen_range(1..u32::MAX);
        Some(())
    })
}

fn parts(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        if dice.gen() {
            forged.commit.parts_hash = Hex(dice.gen::<[u8; 32]>().to_vec());
        } else {
            forged.commit.parts = dice.gen_range(2..9u32);
        }
        Some(())
    })
}

fn commit_length(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let signatures = &mut forged.commit.signatures;
        if dice.gen() {
            signatures.pop()?;
        } else {
            signatures.push(None);
        }
        Some(())
    })
}

fn power(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.validators, dice)?;
        let power = &mut forged.validators[at].power;
        let new = match dice.gen_range(0..4) {
            0 => 0,
            1 => u64::MAX,
            2 => *power + 1,
            _ => dice.gen_range(1..1_000),
        };
        (*power != new).then(|| *power = new)
    })
}

fn validator_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.validators, dice)?;
        forged.validators.remove(at);
        forged.commit.signatures.remove(at);
        Some(())
    })
}

fn validator_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.validators, dice)?;
        forged.validators.insert(at, forged.validators[at].clone());
        Some(())
    })
}

fn validators_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (a, b) = two(&forged.validators, dice)?;
        forged.validators.swap(a, b);
        Some(())
    })
}

fn validator_exchanged(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.validators, dice)?;
        let stranger = place(&ground.strangers.validators, dice)?;
        forged.validators[at].ed25519 =
            Hex(ground.strangers.validators[stranger].ed25519.0.clone());
        Some(())
    })
}
