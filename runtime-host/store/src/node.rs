//! The nodes of a versioned tree: what they hold, how they are hashed (IAVL's rule, which the ICS-23 `iavl_spec`
//! fixes) and how they lie on disk (our own compact form, frozen by `FORMAT`).

use std::sync::Arc;

use suyuan_core::{sha256, sha256_parts, Hash32, HostFault, Hosted};

use crate::varint;

/// Deepest tree: an AVL of 2^34 leaves, the most that the ICS-23 prefix length allows, is 49 high. Bounds recursion.
pub(crate) const HEIGHT_MAX: u8 = 64;

const TAG_LEAF: u8 = 0;
const TAG_INNER: u8 = 1;
/// Set in the tag of a node whose version is not that of its place: it was imported, and its version follows the tag.
const TAG_ELSEWHERE: u8 = 2;
/// Length byte that IAVL writes before each 32-byte hash.
const HASH_LEN: u8 = 32;

/// Where a node lies: the version that wrote it and its place among the nodes of that version. Never reused. The version
/// that is hashed is the node's own: nodes of an import lie under the version imported.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct NodeId {
    pub version: u64,
    pub seq: u32,
}

/// A parent's knowledge of a child: enough to hash, measure and balance without loading the child.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Link {
    pub id: NodeId,
    pub hash: Hash32,
    /// 0 for a leaf.
    pub height: u8,
    /// Leaves below, the node itself included if it is one.
    pub size: u64,
}

/// A sealed (hashed, immutable) node.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Leaf(Leaf),
    Inner(Inner),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Version that made it.
    pub version: u64,
    pub key: Arc<[u8]>,
    pub value: Arc<[u8]>,
}

/// `key` is the smallest key of the right subtree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    /// Version that made it.
    pub version: u64,
    pub key: Arc<[u8]>,
    pub left: Link,
    pub right: Link,
}

impl Inner {
    pub fn height(&self) -> u8 {
        1 + self.left.height.max(self.right.height)
    }

    pub fn size(&self) -> u64 {
        self.left.size + self.right.size
    }
}

impl Node {
    /// Bytes the node takes in a cache, roughly.
    pub fn weight(&self) -> usize {
        const FIXED: usize = 96;
        match self {
            Node::Leaf(leaf) => FIXED + leaf.key.len() + leaf.value.len(),
            // The key is most often shared with a leaf, but may be its only holder.
            Node::Inner(inner) => FIXED + 2 * std::mem::size_of::<Link>() + inner.key.len(),
        }
    }

    /// The link that a parent would keep to this node.
    pub fn link(&self, id: NodeId) -> Link {
        match self {
            Node::Leaf(leaf) => Link { id, hash: leaf_hash(leaf), height: 0, size: 1 },
            Node::Inner(inner) => {
                Link { id, hash: inner_hash(inner), height: inner.height(), size: inner.size() }
            }
        }
    }

    /// Version that made it.
    pub fn version(&self) -> u64 {
        match self {
            Node::Leaf(leaf) => leaf.version,
            Node::Inner(inner) => inner.version,
        }
    }

    /// Appends the disk form for a place of version `placed`.
    pub fn encode(&self, placed: u64, out: &mut Vec<u8>) {
        let mut tag = |own| match self.version() {
            version if version == placed => out.push(own),
            version => {
                out.push(own | TAG_ELSEWHERE);
                varint::put(out, version);
            }
        };
        match self {
            Node::Leaf(leaf) => {
                tag(TAG_LEAF);
                varint::put(out, leaf.key.len() as u64);
                out.extend_from_slice(&leaf.key);
                out.extend_from_slice(&leaf.value);
            }
            Node::Inner(inner) => {
                tag(TAG_INNER);
                varint::put(out, inner.key.len() as u64);
                out.extend_from_slice(&inner.key);
                inner.left.encode(out);
                inner.right.encode(out);
            }
        }
    }

    /// Reads the disk form back from a place of version `placed`.
    pub fn decode(placed: u64, mut bytes: &[u8]) -> Hosted<Node> {
        let from = &mut bytes;
        let tag = varint::take_byte(from)?;
        let version = if tag & TAG_ELSEWHERE == 0 { placed } else { varint::take(from)? };
        let key_len = varint::take_len(from)?;
        let key: Arc<[u8]> = varint::take_bytes(from, key_len)?.into();
        match tag & !TAG_ELSEWHERE {
            TAG_LEAF => Ok(Node::Leaf(Leaf { version, key, value: (*from).into() })),
            TAG_INNER => {
                let (left, right) = (Link::decode(from)?, Link::decode(from)?);
                if !from.is_empty() {
                    return Err(HostFault::new("tree node has trailing bytes"));
                }
                Ok(Node::Inner(Inner { version, key, left, right }))
            }
            _ => Err(HostFault::new(format!("tree node has unknown tag {tag}"))),
        }
    }
}

impl Link {
    /// Appends the disk form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        varint::put(out, self.id.version);
        varint::put(out, u64::from(self.id.seq));
        out.extend_from_slice(&self.hash);
        out.push(self.height);
        varint::put(out, self.size);
    }

    /// Reads the disk form from the front of `from`.
    pub fn decode(from: &mut &[u8]) -> Hosted<Link> {
        let version = varint::take(from)?;
        let seq = u32::try_from(varint::take(from)?)
            .map_err(|_| HostFault::new("tree link has a bad place"))?;
        let mut hash = [0u8; 32];
        hash.copy_from_slice(varint::take_bytes(from, 32)?);
        let height = varint::take_byte(from)?;
        if height > HEIGHT_MAX {
            return Err(HostFault::new(format!("tree link claims height {height}")));
        }
        let size = varint::take(from)?;
        Ok(Link { id: NodeId { version, seq }, hash, height, size })
    }
}

/// `SHA256(0, 1, version | len key | key | 0x20 | SHA256(value))`, numbers zigzag-encoded.
pub(crate) fn leaf_hash(leaf: &Leaf) -> Hash32 {
    let mut head = Image::default();
    put_leaf_prefix(&mut head, leaf.version);
    head.varint(leaf.key.len() as u64);
    sha256_parts(&[head.bytes(), &leaf.key, &[HASH_LEN], &sha256(&leaf.value)])
}

/// `SHA256(height, size, version | 0x20 left | 0x20 right)`, numbers zigzag-encoded.
pub(crate) fn inner_hash(inner: &Inner) -> Hash32 {
    let mut image = Image::default();
    put_inner_prefix(&mut image, inner);
    image.hash(&inner.left.hash);
    image.hash(&inner.right.hash);
    sha256(image.bytes())
}

/// What stands before the key in the image of a leaf: the ICS-23 leaf prefix.
pub(crate) fn leaf_prefix(version: u64) -> Vec<u8> {
    let mut prefix = Image::default();
    put_leaf_prefix(&mut prefix, version);
    prefix.bytes().to_vec()
}

fn put_leaf_prefix(image: &mut Image, version: u64) {
    image.zigzag(0);
    image.zigzag(1);
    image.zigzag(version);
}

fn put_inner_prefix(image: &mut Image, inner: &Inner) {
    image.zigzag(u64::from(inner.height()));
    image.zigzag(inner.size());
    image.zigzag(inner.version);
}

/// Most bytes of an image: three numbers and two hashes with their lengths, rounded up.
const IMAGE_LEN_MAX: usize = 112;

/// What is hashed, on the stack: this runs for every changed node of every block.
struct Image {
    bytes: [u8; IMAGE_LEN_MAX],
    len: usize,
}

impl Default for Image {
    fn default() -> Image {
        Image { bytes: [0; IMAGE_LEN_MAX], len: 0 }
    }
}

impl Image {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte((number as u8) | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    /// A non-negative number as Go's `PutVarint` writes it. Heights, sizes and versions stay far below 2^63.
    fn zigzag(&mut self, number: u64) {
        debug_assert!(number < 1 << 63, "zigzag doubles the number");
        self.varint(number << 1);
    }

    fn hash(&mut self, hash: &Hash32) {
        self.byte(HASH_LEN);
        self.bytes[self.len..self.len + hash.len()].copy_from_slice(hash);
        self.len += hash.len();
    }
}

/// ICS-23 prefix and suffix of the step from one child of `inner` up to `inner`.
pub(crate) fn step_bytes(inner: &Inner, child_is_left: bool) -> (Vec<u8>, Vec<u8>) {
    let (mut prefix, mut suffix) = (Image::default(), Image::default());
    put_inner_prefix(&mut prefix, inner);
    if child_is_left {
        suffix.hash(&inner.right.hash);
    } else {
        prefix.hash(&inner.left.hash);
    }
    prefix.byte(HASH_LEN);
    (prefix.bytes().to_vec(), suffix.bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes computed outside of this crate (Python's hashlib over bytes written out by hand):
    /// leaf `00 02 02 | 01 'a' | 20 sha256("1")` and `00 02 04 | 01 'b' | 20 sha256("2")`,
    /// inner `02 04 04 | 20 left | 20 right` (height 1, size 2, version 2).
    #[test]
    fn leaf_and_inner_hashes_are_those_of_iavl() {
        let leaf = |version, k: &[u8], v: &[u8]| Leaf { version, key: k.into(), value: v.into() };
        let a = Node::Leaf(leaf(1, b"a", b"1")).link(NodeId { version: 1, seq: 0 });
        let b = Node::Leaf(leaf(2, b"b", b"2")).link(NodeId { version: 2, seq: 0 });
        let root = Node::Inner(Inner {
            version: 2,
            key: b"b".as_slice().into(),
            left: a.clone(),
            right: b.clone(),
        })
        .link(NodeId { version: 2, seq: 1 });
        let hex = |h: &Hash32| h.iter().map(|b| format!("{b:02x}")).collect::<String>();
        assert_eq!(
            hex(&a.hash),
            "bbe33cd0a785b97b9fb1f964aa71159dacd9e0ade84df7403dc0f9dc24818404"
        );
        assert_eq!(
            hex(&b.hash),
            "4cfa4f532bf14f2b24fcc63939c6437e60ddfa08d4e93ef29a3ef517565f9aca"
        );
        assert_eq!(
            hex(&root.hash),
            "fd654bad78771a5194bbf63a9a7002e16159646c6e914bed597c01691c74e4e6"
        );
        assert_eq!((root.height, root.size), (1, 2));
    }

    #[test]
    fn disk_form_reads_back_and_damage_is_an_error() {
        let link = |n: u8| Link {
            id: NodeId { version: 300, seq: 70_000 },
            hash: [n; 32],
            height: 3,
            size: 9,
        };
        let nodes = [
            Node::Leaf(Leaf {
                version: 4,
                key: b"k".as_slice().into(),
                value: b"".as_slice().into(),
            }),
            Node::Leaf(Leaf {
                version: 900,
                key: vec![7; 300].into(),
                value: vec![8; 5_000].into(),
            }),
            Node::Inner(Inner {
                version: 3,
                key: b"m".as_slice().into(),
                left: link(1),
                right: link(2),
            }),
        ];
        for node in &nodes {
            let mut bytes = Vec::new();
            node.encode(4, &mut bytes);
            assert_eq!(&Node::decode(4, &bytes).unwrap(), node);
        }
        let mut inner = Vec::new();
        nodes[2].encode(4, &mut inner);
        for cut in 0..inner.len() {
            assert!(Node::decode(4, &inner[..cut]).is_err());
        }
        inner.push(0);
        assert!(Node::decode(4, &inner).is_err());
        assert!(Node::decode(4, &[9, 1, 1]).is_err());
    }
}
