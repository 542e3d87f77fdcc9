//! Contracts, codes, and the way from records to the app hash.

use rand::rngs::StdRng;
use rand::Rng as _;
use suyuan_certificate::format::{Certificate, Contract, Entry, Node, Step};
use suyuan_certificate::Hex;

use super::{edited, flip, place, repaired, two, Ground, Row};

const PROOF: &[&str] = &["proof_broken", "proof_order", "proof_malformed"];

pub(super) const CLASSES: &[Row] = &[
    ("look-alike contracts", &["other_deployment"], look_alike),
    ("one contract of the look-alikes", &["other_deployment"], one_look_alike),
    ("look-alikes under the true addresses", &["proof_broken"], look_alike_renamed),
    ("address changed", &["other_deployment", "bad_address", "address_chain"], address),
    ("address chain changed", &["proof_broken"], item),
    ("item dropped", &["address_chain"], item_dropped),
    ("code of a contract changed", &["proof_broken"], info),
    ("checksum changed", &["proof_broken"], checksum),
    ("code dropped", &["codes_mismatch"], code_dropped),
    ("code repeated", &["codes_mismatch"], code_repeated),
    ("code renumbered", &["proof_broken"], code_renumbered),
    ("last migration dropped", &["history_incomplete"], history_cut),
    ("last migration as its own successor", &["history_incomplete"], history_cut_cleverly),
    ("first history entry dropped", &["proof_broken"], history_first),
    ("history reordered", &["proof_broken", "proof_order"], history_reordered),
    ("history changed", &["proof_broken"], history_changed),
    ("history repeated", &["proof_broken"], history_repeated),
    ("another record after the history", &["history_incomplete", "proof_broken"], after_changed),
    ("proof node changed", PROOF, node_changed),
    ("proof node dropped", PROOF, node_dropped),
    ("proof node added", &["proof_order"], node_added),
    ("proof nodes reordered", PROOF, nodes_reordered),
    ("proof node elsewhere", PROOF, node_elsewhere),
    ("path changed", PROOF, path_changed),
    ("path shortened", PROOF, path_shortened),
    ("leaf changed", &["proof_broken"], leaf_changed),
    ("inner node as a leaf", &["proof_broken"], inner_as_leaf),
    ("value and its length moved", &["proof_broken"], boundary_moved),
    ("empty value", &["proof_broken"], emptied),
    ("store root changed", &["store_proof_broken"], store_root),
    ("store path changed", &["store_proof_broken"], store_path),
    ("store path longer or shorter", &["store_proof_broken"], store_path_length),
];

fn contract<'a>(forged: &'a mut Certificate, dice: &mut StdRng) -> &'a mut Contract {
    let contracts = &mut forged.contracts;
    match dice.gen_range(0..4) {
        0 => &mut contracts.registry,
        1 => &mut contracts.trace_code,
        2 => &mut contracts.assembly_graph,
        _ => &mut contracts.event_log,
    }
}

/// Any entry of the certificate.
fn entry<'a>(forged: &'a mut Certificate, dice: &mut StdRng) -> Option<&'a mut Entry> {
    if dice.gen_range(0..4) == 0 {
        let one = contract(forged, dice);
        return match dice.gen_range(0..3) {
            0 => Some(&mut one.info),
            1 => one.history.first_mut(),
            _ => Some(&mut one.after_history.entry),
        };
    }
    let at = place(&forged.units, dice)?;
    let unit = &mut forged.units[at];
    Some(match dice.gen_range(0..3) {
        0 => &mut unit.core,
        1 => &mut unit.state,
        _ => &mut unit.accumulators,
    })
}

fn look_alike(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    ground.twin.to_bytes().ok()
}

fn one_look_alike(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let twin = ground.twin.contracts.clone();
        let ours = &mut forged.contracts;
        match dice.gen_range(0..4) {
            0 => ours.registry = twin.registry,
            1 => ours.trace_code = twin.trace_code,
            2 => ours.assembly_graph = twin.assembly_graph,
            _ => ours.event_log = twin.event_log,
        }
        Some(())
    })
}

fn look_alike_renamed(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    let mut forged = ground.twin.clone();
    let (ours, to) = (&ground.honest.contracts, &mut forged.contracts);
    to.registry.address.clone_from(&ours.registry.address);
    to.trace_code.address.clone_from(&ours.trace_code.address);
    to.assembly_graph.address.clone_from(&ours.assembly_graph.address);
    to.event_log.address.clone_from(&ours.event_log.address);
    forged.reseal().ok()?.to_bytes().ok()
}

fn address(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let other = forged.contracts.event_log.address.clone();
        let one = contract(forged, dice);
        let new = match dice.gen_range(0..3) {
            0 => one.address.to_uppercase(),
            1 => other,
            _ => one.address.replacen('q', "p", 1),
        };
        (one.address != new).then(|| one.address = new)
    })
}

fn item(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let one = contract(forged, dice);
        let at = place(&one.items, dice)?;
        flip(&mut one.items[at].value.0, dice)
    })
}

fn item_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| contract(forged, dice).items.pop().map(|_| ()))
}

fn info(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| flip(&mut contract(forged, dice).info.value.0, dice))
}

fn checksum(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.codes, dice)?;
        flip(&mut forged.codes[at].info.value.0, dice)
    })
}

fn code_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.codes, dice)?;
        forged.codes.remove(at);
        Some(())
    })
}

fn code_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.codes, dice)?;
        forged.codes.insert(at, forged.codes[at].clone());
        Some(())
    })
}

fn code_renumbered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let at = place(&forged.codes, dice)?;
        forged.codes[at].id += dice.gen_range(1..9u64);
        Some(())
    })
}

fn history_cut(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| forged.contracts.assembly_graph.history.pop().map(|_| ()))
}

/// The entry that is left out is shown as the record after the history, with its true proof.
fn history_cut_cleverly(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let graph = &mut forged.contracts.assembly_graph;
        let last = graph.history.pop()?;
        let mut key = vec![0x05];
        key.extend(
            bech32::primitives::decode::CheckedHrpstring::new::<bech32::Bech32>(&graph.address)
                .ok()?
                .byte_iter(),
        );
        key.extend_from_slice(&(graph.history.len() as u64 + 1).to_be_bytes());
        graph.after_history.key = Hex(key);
        graph.after_history.entry = last;
        Some(())
    })
}

fn history_first(ground: &Ground, _: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        forged.contracts.assembly_graph.history.remove(0);
        Some(())
    })
}

fn history_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let history = &mut forged.contracts.assembly_graph.history;
        let (a, b) = two(history, dice)?;
        history.swap(a, b);
        Some(())
    })
}

fn history_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let history = &mut contract(forged, dice).history;
        let at = place(history, dice)?;
        flip(&mut history[at].value.0, dice)
    })
}

fn history_repeated(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let history = &mut contract(forged, dice).history;
        let last = history.last()?.clone();
        history.push(last);
        Some(())
    })
}

/// A record with a true proof, but not the one that follows.
fn after_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let donor = [
            forged.contracts.registry.after_history.clone(),
            forged.contracts.trace_code.after_history.clone(),
            forged.contracts.assembly_graph.after_history.clone(),
            forged.contracts.event_log.after_history.clone(),
        ];
        let one = contract(forged, dice);
        let new = donor[dice.gen_range(0..donor.len())].clone();
        (one.after_history != new).then(|| one.after_history = new)
    })
}

fn node_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.proof.nodes, dice)?;
        let node = &mut forged.proof.nodes[at];
        let side = if dice.gen() { &mut node.prefix } else { &mut node.suffix };
        flip(&mut side.0, dice)
    })
}

fn node_dropped(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.proof.nodes, dice)?;
        forged.proof.nodes.remove(at);
        Some(())
    })
}

fn node_added(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.proof.nodes, dice)?;
        forged.proof.nodes.push(forged.proof.nodes[at].clone());
        Some(())
    })
}

fn nodes_reordered(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (a, b) = two(&forged.proof.nodes, dice)?;
        forged.proof.nodes.swap(a, b);
        Some(())
    })
}

fn node_elsewhere(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let (at, to) = two(&forged.proof.nodes, dice)?;
        let new = if dice.gen_range(0..8) == 0 { None } else { Some(u32::try_from(to).ok()?) };
        let node = &mut forged.proof.nodes[at];
        (node.above != new).then(|| node.above = new)
    })
}

fn path_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let new = place(&forged.proof.nodes, dice)?;
        let new = u32::try_from(new).ok()?;
        let one = entry(forged, dice)?;
        (one.path != Some(new)).then(|| one.path = Some(new))
    })
}

fn path_shortened(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let nodes = forged.proof.nodes.clone();
        let one = entry(forged, dice)?;
        one.path = nodes.get(one.path? as usize)?.above;
        Some(())
    })
}

fn leaf_changed(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let one = entry(forged, dice)?;
        match dice.gen_range(0..3) {
            0 => flip(&mut one.leaf.0, dice),
            1 => one.leaf.0.pop().map(|_| ()),
            _ => {
                one.leaf.0.push(dice.gen());
                Some(())
            }
        }
    })
}

/// The preimage of an inner node, offered as a record.
fn inner_as_leaf(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    repaired(ground, |forged| {
        let nodes = forged.proof.nodes.clone();
        let one = entry(forged, dice)?;
        let node: &Node = nodes.get(one.path? as usize)?;
        one.leaf = Hex([node.prefix.0.as_slice(), &[0x20]].concat());
        one.value.0 = node.suffix.0.clone();
        one.path = node.above;
        Some(())
    })
}

/// Bytes go from the value to the leaf's prefix.
fn boundary_moved(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let one = entry(forged, dice)?;
        let cut = dice.gen_range(1..=one.value.0.len());
        let moved: Vec<u8> = one.value.0.drain(..cut).collect();
        one.leaf.0.extend(moved);
        Some(())
    })
}

fn emptied(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        entry(forged, dice)?.value.0.clear();
        Some(())
    })
}

fn store_root(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| flip(&mut forged.proof.store_root.0, dice))
}

fn store_path(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let at = place(&forged.proof.store_path, dice)?;
        let step = &mut forged.proof.store_path[at];
        let side = if dice.gen() { &mut step.prefix } else { &mut step.suffix };
        flip(&mut side.0, dice)
    })
}

fn store_path_length(ground: &Ground, dice: &mut StdRng) -> Option<Vec<u8>> {
    edited(ground, |forged| {
        let path = &mut forged.proof.store_path;
        if dice.gen() {
            path.pop().map(|_| ())
        } else {
            path.push(Step { prefix: Hex(vec![1]), suffix: Hex(vec![dice.gen(); 32]) });
            Some(())
        }
    })
}
