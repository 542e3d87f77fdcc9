//! A version as a stream of chunks; see [`crate::transfer`] for the form.

use std::fmt;

use suyuan_core::{sha256, Hash32, HostFault, Hosted};

use super::{records, Store};
use crate::cache::NodeCache;
use crate::engine::Space;
use crate::node::{Link, Node};
use crate::nodes::Nodes;
use crate::snapshot::Snapshot;
use crate::transfer::{
    Manifest, CHUNKS_MAX, CHUNK_LEN, SNAPSHOT_VALUE_LEN_MAX, TAG_END, TAG_INNER, TAG_LEAF,
    TAG_PAIR, TAG_STORE,
};
use crate::varint;

/// What is still to be written, the next on top.
enum Todo {
    Store(usize),
    Subtree(Link),
    /// An inner node whose subtrees are written.
    Inner(u64),
    Pair(Vec<u8>),
    End,
}

/// A version on its way out. Holds one chunk and one way through the tree; commits and pruning go on beside it.
pub struct Export {
    snapshot: Snapshot,
    nodes: Nodes,
    todo: Vec<Todo>,
    buffer: Vec<u8>,
    stream_len: u64,
    chunks: Vec<Hash32>,
}

impl Store {
    /// Begins to write out `version`, with the caller's pairs of the given keys ([`Store::meta`]) beside the state; none
    /// if that version is pruned, in the future, or 0. Every node that is read is checked against its hash.
    ///
    /// # Errors
    /// If the engine cannot be read, or a pair is missing.
    pub fn export(&self, version: u64, pairs: &[Vec<u8>]) -> Hosted<Option<Export>> {
        let Some(snapshot) = self.snapshot_at(version)?.filter(|found| found.version() > 0) else {
            return Ok(None);
        };
        let inner = snapshot.inner();
        // A cache of its own, and an empty one: what an export reads once must not push out what blocks need.
        let nodes = Nodes::new(inner.view.clone(), NodeCache::new(0).into());
        let mut todo = vec![Todo::End];
        todo.extend(pairs.iter().rev().cloned().map(Todo::Pair));
        let mut stores: Vec<usize> = (0..inner.roots.links.len()).collect();
        stores.sort_by_key(|index| inner.names[*index]);
        todo.extend(stores.into_iter().rev().map(Todo::Store));
        let (buffer, chunks) = (Vec::new(), Vec::new());
        Ok(Some(Export { snapshot, nodes, todo, buffer, stream_len: 0, chunks }))
    }
}

impl Export {
    /// The version.
    pub fn version(&self) -> u64 {
        self.snapshot.version()
    }

    /// The next chunk; none after the last.
    ///
    /// # Errors
    /// If the engine cannot be read or is damaged, a value is longer than [`SNAPSHOT_VALUE_LEN_MAX`], or there would be
    /// more than [`CHUNKS_MAX`] chunks.
    pub fn next_chunk(&mut self) -> Hosted<Option<Vec<u8>>> {
        while self.buffer.len() < CHUNK_LEN {
            let Some(todo) = self.todo.pop() else { break };
            self.write(todo)?;
        }
        if self.buffer.is_empty() {
            return Ok(None);
        }
        if self.chunks.len() == CHUNKS_MAX {
            return Err(HostFault::new("the state is too large for a snapshot"));
        }
        let rest = self.buffer.split_off(self.buffer.len().min(CHUNK_LEN));
        let chunk = std::mem::replace(&mut self.buffer, rest);
        self.chunks.push(sha256(&chunk));
        self.stream_len = self.stream_len.saturating_add(chunk.len() as u64);
        Ok(Some(chunk))
    }

    /// What the chunks that were given are.
    ///
    /// # Errors
    /// If not all chunks were asked for.
    pub fn finish(self) -> Hosted<Manifest> {
        if !self.todo.is_empty() || !self.buffer.is_empty() {
            return Err(HostFault::new("a snapshot was not written to its end"));
        }
        let (version, app_hash) = (self.snapshot.version(), self.snapshot.app_hash());
        Ok(Manifest { version, app_hash, stream_len: self.stream_len, chunks: self.chunks })
    }

    fn write(&mut self, todo: Todo) -> Hosted<()> {
        match todo {
            Todo::Store(index) => {
                let inner = self.snapshot.inner();
                self.buffer.push(TAG_STORE);
                put_text(&mut self.buffer, inner.names[index].as_bytes())?;
                self.todo.extend(inner.roots.links[index].clone().map(Todo::Subtree));
            }
            Todo::Subtree(link) => match &*self.nodes.load(&link)? {
                Node::Leaf(leaf) => {
                    self.buffer.push(TAG_LEAF);
                    varint::put(&mut self.buffer, leaf.version);
                    put_text(&mut self.buffer, &leaf.key)?;
                    put_text(&mut self.buffer, &leaf.value)?;
                }
                Node::Inner(inner) => {
                    self.todo.push(Todo::Inner(inner.version));
                    self.todo.push(Todo::Subtree(inner.right.clone()));
                    self.todo.push(Todo::Subtree(inner.left.clone()));
                }
            },
            Todo::Inner(version) => {
                self.buffer.push(TAG_INNER);
                varint::put(&mut self.buffer, version);
            }
            Todo::Pair(key) => {
                let view = &self.snapshot.inner().view;
                let value = view.get(Space::Meta, &records::extra_key(&key))?;
                let missing = || HostFault::new("a pair that a snapshot should carry is missing");
                self.buffer.push(TAG_PAIR);
                put_text(&mut self.buffer, &key)?;
                put_text(&mut self.buffer, &value.ok_or_else(missing)?)?;
            }
            Todo::End => self.buffer.push(TAG_END),
        }
        Ok(())
    }
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) -> Hosted<()> {
    if text.len() > SNAPSHOT_VALUE_LEN_MAX {
        return Err(HostFault::new(format!(
            "a value of {} bytes is too long for a snapshot",
            text.len()
        )));
    }
    varint::put(out, text.len() as u64);
    out.extend_from_slice(text);
    Ok(())
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").field("version", &self.version()).finish_non_exhaustive()
    }
}
