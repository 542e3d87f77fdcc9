//! The roots of one version and the app hash over them, as Cosmos' multistore makes it: the RFC 6962 root over the
//! leaves `len name | name | 0x20 | SHA256(store root)` in order of name, where an empty store has the root SHA256("").

use suyuan_core::{merkle, sha256, Hash32, HostFault, Hosted};

use crate::node::Link;
use crate::options::StoreName;
use crate::varint;

/// Roots by store number. Stores that were added later have no place in the record of an older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Roots {
    pub links: Vec<Option<Link>>,
}

impl Roots {
    pub fn empty(stores: usize) -> Roots {
        Roots { links: vec![None; stores] }
    }

    /// Root hash of store `index`.
    pub fn hash(&self, index: usize) -> Hash32 {
        match self.links.get(index) {
            Some(Some(link)) => link.hash,
            _ => sha256(&[]),
        }
    }

    /// Store numbers in order of name, and their leaves.
    fn leaves(&self, names: &[StoreName]) -> (Vec<usize>, Vec<Vec<u8>>) {
        let mut order: Vec<usize> = (0..self.links.len()).collect();
        order.sort_by_key(|index| names[*index]);
        let leaves = order.iter().map(|index| leaf(names[*index], &self.hash(*index))).collect();
        (order, leaves)
    }

    /// The app hash.
    pub fn app_hash(&self, names: &[StoreName]) -> Hash32 {
        merkle::root(&self.leaves(names).1)
    }

    /// Proof that store `index` has its root under the app hash.
    pub fn prove(&self, names: &[StoreName], index: usize) -> Hosted<merkle::Proof> {
        let (order, leaves) = self.leaves(names);
        let place = order.iter().position(|other| *other == index);
        let proof = place.and_then(|place| merkle::prove(&leaves, place));
        proof.map(|(_, proof)| proof).ok_or_else(|| HostFault::new("no such store in this version"))
    }

    /// The disk form.
    pub fn encode(&self, app_hash: &Hash32) -> Vec<u8> {
        let mut out = app_hash.to_vec();
        out.push(self.links.len() as u8);
        for link in &self.links {
            match link {
                None => out.push(0),
                Some(link) => {
                    out.push(1);
                    link.encode(&mut out);
                }
            }
        }
        out
    }

    /// Reads the disk form back, with the app hash, which is recomputed and compared.
    pub fn decode(mut bytes: &[u8], names: &[StoreName]) -> Hosted<(Roots, Hash32)> {
        let from = &mut bytes;
        let app_hash = varint::take_bytes(from, 32)?;
        let count = usize::from(varint::take_byte(from)?);
        if count > names.len() {
            return Err(HostFault::new("a version has more stores than this node knows"));
        }
        let mut links = Vec::with_capacity(count);
        for _ in 0..count {
            links.push(match varint::take_byte(from)? {
                0 => None,
                1 => Some(Link::decode(from)?),
                other => {
                    return Err(HostFault::new(format!("root record has unknown tag {other}")))
                }
            });
        }
        let roots = Roots { links };
        let computed = roots.app_hash(names);
        if !from.is_empty() || computed != app_hash {
            return Err(HostFault::new("recorded roots do not give the recorded app hash"));
        }
        Ok((roots, computed))
    }
}

/// One leaf of the tree over the stores.
fn leaf(name: &str, root: &[u8]) -> Vec<u8> {
    let mut leaf = Vec::with_capacity(name.len() + 34);
    varint::put(&mut leaf, name.len() as u64);
    leaf.extend_from_slice(name.as_bytes());
    leaf.push(32);
    leaf.extend_from_slice(&sha256(root));
    leaf
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of cosmos-sdk's own test of its store map (`TestMerkleMap`).
    #[test]
    fn leaves_over_stores_are_those_of_the_cosmos_sdk() {
        let hex = |hash: Hash32| hash.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let (one, two) = (leaf("key1", b"value1"), leaf("key2", b"value2"));
        assert_eq!(
            hex(merkle::root(&[&one])),
            "a44d3cc7daba1a4600b00a2434b30f8b970652169810d6dfa9fb1793a2189324"
        );
        assert_eq!(
            hex(merkle::root(&[&one, &two])),
            "8fd19b19e7bb3f2b3ee0574027d8a5a4cec370464ea2db2fbfa5c7d35bb0cff3"
        );
    }

    /// Computed outside of this crate with Python's hashlib from the rule in the module doc.
    #[test]
    fn app_hash_over_empty_stores_is_that_of_cosmos() {
        let names = ["bank", "acc"];
        let hex: String =
            Roots::empty(2).app_hash(&names).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "9f88b6bc47de843ab8e812da4a0c91593bc1ff046cd68500e5a1dbe31408a173");
    }

    #[test]
    fn record_reads_back_and_a_changed_one_is_refused() {
        let names = ["b", "a", "later"];
        let link = Link { hash: [3; 32], size: 1, ..Link::default() };
        let roots = Roots { links: vec![Some(link), None] };
        let app_hash = roots.app_hash(&names);
        let mut bytes = roots.encode(&app_hash);
        assert_eq!(Roots::decode(&bytes, &names).unwrap(), (roots, app_hash));
        bytes[40] ^= 1;
        assert!(Roots::decode(&bytes, &names).is_err());
    }
}
