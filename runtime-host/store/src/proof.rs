//! ICS-23 proofs that the stock `iavl_spec` and `tendermint_spec` accept: the key in its store, the store under the app
//! hash.

use ics23::commitment_proof::Proof as Kind;
use ics23::{
    CommitmentProof, ExistenceProof, HashOp, InnerOp, LeafOp, LengthOp, NonExistenceProof,
};
use prost::Message;
use suyuan_core::{merkle, Hash32, HostFault, Hosted};

use crate::node::{leaf_prefix, step_bytes, Link};
use crate::nodes::{as_inner, as_leaf, Nodes};
use crate::options::{Order, StoreName};
use crate::roots::Roots;
use crate::tree::walk::{way, Walk};

/// Type of the first proof op: the key in its store.
pub const OP_IAVL: &str = "ics23:iavl";
/// Type of the second proof op: the store's root under the app hash.
pub const OP_SIMPLE: &str = "ics23:simple";

/// One op of a proof, as CometBFT's `ProofOp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofOp {
    /// [`OP_IAVL`] or [`OP_SIMPLE`].
    pub type_: String,
    /// The key in the store, or the name of the store.
    pub key: Vec<u8>,
    /// A `cosmos.ics23.v1.CommitmentProof`, protobuf.
    pub data: Vec<u8>,
}

/// What a key holds at a version, and why one may believe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreProof {
    /// The value; `None` if the key is absent.
    pub value: Option<Vec<u8>>,
    /// The two ops, from the key to the app hash. Empty where ICS-23 cannot state it: an empty value, absence next to
    /// a key with an empty value, absence in an empty store.
    pub ops: Vec<ProofOp>,
    /// The root that the ops lead to. At height `h` it stands in the header of `h + 1`.
    pub app_hash: Hash32,
}

/// Proves what `key` holds in store `index`. Ops are empty if ICS-23 cannot state it.
pub(crate) fn prove(
    nodes: &Nodes,
    names: &[StoreName],
    roots: &Roots,
    index: usize,
    key: &[u8],
) -> Hosted<(Option<Vec<u8>>, Vec<ProofOp>)> {
    let Some(Some(root)) = roots.links.get(index) else { return Ok((None, Vec::new())) };
    let (value, proof) = match existence(nodes, root, key)? {
        Some(proof) => {
            (Some(proof.value.clone()), provable(&proof).then(|| Kind::Exist(proof.clone())))
        }
        None => (None, absence(nodes, root, key)?.map(Kind::Nonexist)),
    };
    let Some(proof) = proof else { return Ok((value, Vec::new())) };
    let name = names[index].as_bytes();
    let simple =
        Kind::Exist(store_existence(name, &roots.hash(index), &roots.prove(names, index)?));
    let ops = vec![op(OP_IAVL, key, proof), op(OP_SIMPLE, name, simple)];
    Ok((value, ops))
}

fn op(type_: &str, key: &[u8], proof: Kind) -> ProofOp {
    let data = CommitmentProof { proof: Some(proof) }.encode_to_vec();
    ProofOp { type_: type_.to_owned(), key: key.to_vec(), data }
}

/// Verifiers in every language refuse a proof whose value is empty.
fn provable(proof: &ExistenceProof) -> bool {
    !proof.value.is_empty()
}

fn leaf_op(prefix: Vec<u8>) -> LeafOp {
    LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::NoHash.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::VarProto.into(),
        prefix,
    }
}

fn inner_op((prefix, suffix): (Vec<u8>, Vec<u8>)) -> InnerOp {
    InnerOp { hash: HashOp::Sha256.into(), prefix, suffix }
}

/// The proof of `key` under `root`, if it is there.
fn existence(nodes: &Nodes, root: &Link, key: &[u8]) -> Hosted<Option<ExistenceProof>> {
    let (steps, node) = way(nodes, root, key)?;
    let leaf = as_leaf(&node)?;
    if *leaf.key != *key {
        return Ok(None);
    }
    let mut path = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        path.push(inner_op(step_bytes(as_inner(&step.node)?, step.went_left)));
    }
    let leaf_op = Some(leaf_op(leaf_prefix(leaf.version)));
    Ok(Some(ExistenceProof { key: key.to_vec(), value: leaf.value.to_vec(), leaf: leaf_op, path }))
}

/// The proofs of both neighbours of the absent `key`; none if a neighbour is unprovable.
fn absence(nodes: &Nodes, root: &Link, key: &[u8]) -> Hosted<Option<NonExistenceProof>> {
    let neighbour = |start, end, order| -> Hosted<Option<ExistenceProof>> {
        let found =
            Walk::new(nodes.clone(), Some(root.clone()), start, end, order).next().transpose()?;
        let Some((near, _)) = found else { return Ok(None) };
        let proof = existence(nodes, root, &near)?;
        proof.map(Some).ok_or_else(|| HostFault::new("a neighbour was seen and then not found"))
    };
    let left = neighbour(None, Some(key), Order::Descending)?;
    let right = neighbour(Some(key), None, Order::Ascending)?;
    let sound = left.iter().chain(&right).all(provable);
    Ok(sound.then(|| NonExistenceProof { key: key.to_vec(), left, right }))
}

/// The store's root under the app hash, as Tendermint's simple tree proves it.
fn store_existence(name: &[u8], root: &Hash32, proof: &merkle::Proof) -> ExistenceProof {
    let mut path = Vec::with_capacity(proof.aunts.len());
    for (aunt, is_left) in proof.aunts.iter().zip(sides(proof)) {
        let step = if is_left {
            ([&[1u8], &aunt[..]].concat(), Vec::new())
        } else {
            (vec![1], aunt.to_vec())
        };
        path.push(inner_op(step));
    }
    ExistenceProof { key: name.to_vec(), value: root.to_vec(), leaf: Some(leaf_op(vec![0])), path }
}

/// For each aunt from the leaf up, whether it stands on the left.
fn sides(proof: &merkle::Proof) -> Vec<bool> {
    let (mut index, mut total) = (proof.index, proof.total);
    let mut sides = Vec::with_capacity(proof.aunts.len());
    while total > 1 {
        // The left part is the largest power of two below the total.
        let left = 1u64 << (63 - (total - 1).leading_zeros());
        if index < left {
            sides.push(false);
            total = left;
        } else {
            sides.push(true);
            (index, total) = (index - left, total - left);
        }
    }
    sides.reverse();
    sides
}
