//! Faults, damage and pruning, seen from inside.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::records::{self, KEY_FORMAT};
use super::*;
use crate::engine::View;
use crate::options::Order;

const STORES: [StoreName; 4] = ["acc", "bank", "wasm", "consensus"];

fn options(keep: Option<u64>) -> Options {
    Options { keep_versions: keep, durability: Durability::Buffer, ..Options::new(&STORES) }
}

fn key(number: u64) -> Vec<u8> {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[..4].to_vec()
}

/// Version `version` touches 40 keys of 400, removing some.
fn changes(version: u64) -> ChangeSet {
    let change = |n: u64| {
        let value =
            (!n.is_multiple_of(5)).then(|| [version.to_le_bytes(), n.to_le_bytes()].concat());
        (("wasm", key((version * 37 + n * 11) % 400)), value)
    };
    (0..40).map(change).collect()
}

fn advance(store: &Store, versions: u64) {
    for _ in 0..versions {
        let next = store.version() + 1;
        store
            .commit(
                store.stage(&changes(next)).unwrap(),
                &[(b"at".to_vec(), next.to_le_bytes().to_vec())],
            )
            .unwrap();
    }
}

fn all(snapshot: &Snapshot) -> Vec<(Vec<u8>, Vec<u8>)> {
    snapshot.range("wasm", None, None, Order::Ascending).unwrap().collect::<Hosted<_>>().unwrap()
}

fn count(store: &Store, space: Space) -> usize {
    store.shared.engine.view().range(space, &[], None, Order::Ascending).count()
}

/// An engine whose writes fail on demand.
struct Failing {
    engine: Memory,
    fails: Arc<AtomicBool>,
}

impl Engine for Failing {
    fn view(&self) -> Arc<dyn View> {
        self.engine.view()
    }

    fn write(&self, batch: Batch, durability: Durability) -> Hosted<()> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(HostFault::new("no space left on device"));
        }
        self.engine.write(batch, durability)
    }
}

#[test]
fn a_failed_write_shows_nothing_and_forbids_further_commits() {
    let fails = Arc::new(AtomicBool::new(false));
    let engine = Failing { engine: Memory::default(), fails: Arc::clone(&fails) };
    let store = Store::open(Box::new(engine), &options(None)).unwrap();
    advance(&store, 3);
    let (before, hash) = (all(&store.snapshot()), store.app_hash());
    fails.store(true, Ordering::SeqCst);
    assert!(store.commit(store.stage(&changes(4)).unwrap(), &[]).is_err());
    fails.store(false, Ordering::SeqCst);
    let again = store.commit(store.stage(&changes(4)).unwrap(), &[]).unwrap_err();
    assert!(again.what.contains("opened anew"), "{again}");
    assert_eq!((store.version(), store.app_hash(), all(&store.snapshot())), (3, hash, before));
}

#[test]
fn what_was_staged_and_not_committed_is_gone_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    advance(&store, 3);
    let (hash, before) = (store.app_hash(), all(&store.snapshot()));
    let staged = store.stage(&changes(4)).unwrap();
    let planned = staged.app_hash();
    drop((staged, store));
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    assert_eq!((store.version(), store.app_hash(), all(&store.snapshot())), (3, hash, before));
    assert_eq!(store.meta(b"at").unwrap(), Some(3u64.to_le_bytes().to_vec()));
    advance(&store, 1);
    assert_eq!(store.app_hash(), planned);
}

/// The journal of fjall is cut after every commit's end and in between: what opens is some whole version.
#[test]
fn a_torn_journal_opens_as_a_whole_earlier_version() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    let mut states = vec![(store.app_hash(), None)];
    for version in 1..=6u64 {
        advance(&store, 1);
        states.push((store.app_hash(), Some(version.to_le_bytes().to_vec())));
    }
    drop(store);
    let journal = journal_of(folder.path());
    let whole = std::fs::read(&journal).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let mut seen = std::collections::BTreeSet::new();
    for cut in (0..24).map(|n| used - n * used / 30) {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(folder.path(), copy.path());
        let torn = journal_of(copy.path());
        std::fs::OpenOptions::new().write(true).open(&torn).unwrap().set_len(cut as u64).unwrap();
        let store = Store::open_disk(copy.path(), options(None)).unwrap();
        let version = store.version();
        assert_eq!((store.app_hash(), store.meta(b"at").unwrap()), states[version as usize]);
        assert_eq!(all(&store.snapshot()).len() as u64, tree_size(&store));
        seen.insert(version);
    }
    assert!(seen.len() > 3, "cuts fell into several versions: {seen:?}");
}

fn tree_size(store: &Store) -> u64 {
    let snapshot = store.snapshot();
    let roots = &snapshot.inner().roots;
    roots.links.iter().flatten().map(|link| link.size).sum()
}

fn journal_of(folder: &Path) -> std::path::PathBuf {
    let is_journal = |path: &std::path::PathBuf| path.extension().is_some_and(|kind| kind == "jnl");
    let mut found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.find(is_journal).expect("fjall keeps one journal")
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn pruning_forgets_the_old_and_keeps_the_rest_whole() {
    let kept = 5;
    for keep in [1, kept] {
        let (pruned, archive) =
            (Store::in_memory(options(Some(keep))), Store::in_memory(options(None)));
        advance(&archive, 60);
        advance(&pruned, 1);
        let held = pruned.snapshot();
        let first = all(&held);
        advance(&pruned, 59);
        assert_eq!(pruned.oldest_version(), 61 - keep);
        assert_eq!(all(&held), first, "a living snapshot is not pruned away");
        assert!(held.prove("wasm", &first[0].0).unwrap().value.is_some());
        drop(held);
        assert!(pruned.snapshot_at(60 - keep).unwrap().is_none());
        let cold = Arc::new(NodeCache::new(0));
        for version in 61 - keep..=60 {
            let (mine, theirs) =
                (pruned.snapshot_at(version).unwrap(), archive.snapshot_at(version).unwrap());
            let (mine, theirs) = (mine.unwrap(), theirs.unwrap());
            assert_eq!(mine.app_hash(), theirs.app_hash());
            let (view, roots) = (pruned.shared.engine.view(), mine.inner().roots.clone());
            let nodes = Nodes::new(view, Arc::clone(&cold));
            let root = roots.links[2].clone();
            let walked: Hosted<Vec<_>> =
                crate::tree::walk::Walk::new(nodes, root, None, None, Order::Ascending).collect();
            assert_eq!(walked.unwrap(), all(&theirs), "every node is read from the engine");
        }
        assert_no_rubbish(&pruned, keep);
    }
}

/// What remains is bounded by what lives: chunks with a living node, orphan records of kept versions.
fn assert_no_rubbish(store: &Store, keep: u64) {
    let view = store.shared.engine.view();
    assert!(count(store, Space::Orphans) as u64 <= keep);
    let roots = Arc::clone(&view).range(Space::Meta, b"r/", Some(b"r0"), Order::Ascending).count();
    assert_eq!(roots as u64, keep);
    for pair in Arc::clone(&view).range(Space::Dead, &[], None, Order::Ascending) {
        let (key, bits) = pair.unwrap();
        assert_ne!(bits, [0xff; 4]);
        let record =
            view.get(Space::Nodes, &key).unwrap().expect("a chunk with a living place stays");
        let dead = u32::from_be_bytes(bits.try_into().unwrap());
        for slot in 0..crate::chunk::SLOTS {
            assert!(dead & (1 << slot) != 0 || crate::chunk::slot(&record, slot).is_some());
        }
    }
    let (nodes, written) = (count(store, Space::Nodes), 60 * 6);
    assert!(nodes < written, "{nodes} chunks stay of about {written}");
}

#[test]
fn a_lowered_keep_is_reached_over_several_commits() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    advance(&store, 20);
    drop(store);
    let store = Store::open_disk(folder.path(), options(Some(3))).unwrap();
    advance(&store, 2);
    assert_eq!(store.oldest_version(), 9);
    advance(&store, 10);
    assert_eq!(store.oldest_version(), 30);
    drop(store);
    let store = Store::open_disk(folder.path(), options(Some(3))).unwrap();
    assert_eq!((store.oldest_version(), store.version()), (30, 32));
}

#[test]
fn an_unknown_format_and_a_dropped_store_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    advance(&store, 2);
    let hash = store.app_hash();
    drop(store);
    let fewer = Options { stores: vec!["acc", "bank"], ..options(None) };
    let fault = Store::open_disk(folder.path(), fewer).unwrap_err();
    assert!(fault.what.contains("wasm"), "{fault}");
    let more = Options { stores: vec!["new", "acc", "bank", "wasm", "consensus"], ..options(None) };
    let store = Store::open_disk(folder.path(), more.clone()).unwrap();
    assert_eq!(store.app_hash(), hash);
    let change = ChangeSet::from([(("new", b"k".to_vec()), Some(b"v".to_vec()))]);
    store.commit(store.stage(&change).unwrap(), &[]).unwrap();
    assert_eq!(store.snapshot().get("new", b"k").unwrap(), Some(b"v".to_vec()));
    assert_eq!(store.snapshot_at(2).unwrap().unwrap().app_hash(), hash);
    assert_eq!(store.snapshot_at(2).unwrap().unwrap().get("new", b"k").unwrap(), None);
    let mut batch = Batch::default();
    batch.put(Space::Meta, KEY_FORMAT.to_vec(), 77u32.to_be_bytes().to_vec());
    store.shared.engine.write(batch, Durability::SyncAll).unwrap();
    drop(store);
    let fault = Store::open_disk(folder.path(), more).unwrap_err();
    assert!(fault.what.contains("77"), "{fault}");
}

/// Damages one record of an otherwise whole store.
fn damaged(space: Space, damage: impl Fn(&mut Vec<u8>)) -> Hosted<Store> {
    let engine = Memory::default();
    let store = Store::open(Box::new(engine), &options(None)).unwrap();
    advance(&store, 1);
    let view = store.shared.engine.view();
    let mut batch = Batch::default();
    for pair in Arc::clone(&view).range(space, &[], None, Order::Ascending) {
        let (key, mut value) = pair.unwrap();
        if space != Space::Meta || key.starts_with(b"r/") {
            damage(&mut value);
        }
        batch.put(space, key, value);
    }
    store.shared.engine.write(batch, Durability::Buffer).unwrap();
    let shared = Arc::into_inner(store.shared).unwrap();
    Store::open(shared.engine, &options(None))
}

#[test]
fn damage_to_values_nodes_or_roots_is_found_at_opening() {
    let flip = |value: &mut Vec<u8>| {
        let last = value.len() - 1;
        value[last] ^= 1;
    };
    assert!(damaged(Space::Dead, |_| ()).is_ok());
    assert!(damaged(Space::Latest, flip).is_err());
    assert!(damaged(Space::Nodes, flip).is_err());
    assert!(damaged(Space::Nodes, |chunk| chunk.truncate(9)).is_err());
    assert!(damaged(Space::Meta, flip).is_err());
    assert!(damaged(Space::Meta, |roots| roots[0] ^= 1).is_err());
}

#[test]
fn a_version_follows_the_last_and_only_once() {
    let store = Store::in_memory(options(None));
    assert_eq!(store.app_hash(), suyuan_core::sha256(&[]));
    assert!(store.stage_at(0, &changes(1)).is_err());
    let (one, two) =
        (store.stage_at(100, &changes(1)).unwrap(), store.stage_at(100, &changes(1)).unwrap());
    assert_eq!(one.app_hash(), two.app_hash());
    store.commit(one, &[]).unwrap();
    assert!(store.commit(two, &[]).is_err());
    assert!(store.stage_at(100, &changes(1)).is_err() && store.stage_at(102, &changes(1)).is_err());
    assert_eq!(store.stage(&changes(1)).unwrap().version(), 101);
    assert_eq!((store.oldest_version(), store.snapshot_at(99).unwrap().is_none()), (100, true));
}

#[test]
fn unfit_names_and_keys_are_faults_of_the_caller() {
    let store = Store::in_memory(options(None));
    let stage = |name, key: Vec<u8>| {
        store.stage(&ChangeSet::from([((name, key), Some(vec![1]))])).map(|_| ())
    };
    assert!(stage("nowhere", vec![1]).is_err());
    assert!(stage("wasm", Vec::new()).is_err());
    assert!(stage("wasm", vec![1; KEY_LEN_MAX + 1]).is_err());
    assert!(stage("wasm", vec![1; KEY_LEN_MAX]).is_ok());
    assert!(store.snapshot().get("nowhere", b"k").is_err() && !store.has_store("nowhere"));
    assert!(Store::open(Box::<Memory>::default(), &Options::new(&[])).is_err());
    assert!(Store::open(Box::<Memory>::default(), &Options::new(&["a", "a"])).is_err());
}

#[test]
fn the_longest_key_and_a_large_value_are_kept_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    let (key, value) = (vec![0xff; KEY_LEN_MAX], vec![7u8; 3 << 20]);
    let change = ChangeSet::from([(("wasm", key.clone()), Some(value.clone()))]);
    store.commit(store.stage(&change).unwrap(), &[]).unwrap();
    drop(store);
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    assert_eq!(store.snapshot().get("wasm", &key).unwrap(), Some(value.clone()));
    assert_eq!(store.snapshot().prove("wasm", &key).unwrap().value, Some(value));
    assert!(records::roots_key(1).starts_with(b"r/"));
}

#[test]
fn readers_in_threads_see_whole_versions_while_a_writer_commits() {
    let store = Store::in_memory(options(Some(2)));
    advance(&store, 1);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let snapshot = store.snapshot();
                    let size = snapshot.inner().roots.links[2].as_ref().unwrap().size;
                    let pairs = all(&snapshot);
                    assert_eq!(pairs.len() as u64, size);
                    for (key, value) in pairs.iter().step_by(7) {
                        assert_eq!(snapshot.get("wasm", key).unwrap().as_ref(), Some(value));
                        assert_eq!(
                            snapshot.prove("wasm", key).unwrap().value.as_ref(),
                            Some(value)
                        );
                    }
                }
            });
        }
        advance(&store, 80);
        over.store(true, Ordering::SeqCst);
    });
    assert_eq!(store.version(), 81);
}
