//! Snapshots: what is taken over is the same state with the same future, and nothing else is taken over.

use std::collections::BTreeSet;

use crate::common::Dice;
use suyuan_core::{Hash32, Hosted};
use suyuan_store::{
    ChangeSet, Durability, Export, Import, ImportJudge, Manifest, ManifestError, NoPairs, Options,
    Order, Refusal, Snapshot, SnapshotFolder, Store, CHUNK_LEN,
};

const SEED: u64 = 7_301;

fn options(keep: Option<u64>) -> Options {
    Options { keep_versions: keep, durability: Durability::Buffer, ..Options::default() }
}

fn changes(dice: &mut Dice, keys: u64) -> ChangeSet {
    let mut changes = ChangeSet::new();
    for _ in 0..60 {
        let value = (dice.roll(4) > 0).then(|| vec![dice.roll(256) as u8; dice.roll(90) as usize]);
        let store = if dice.roll(5) == 0 { "acc" } else { "wasm" };
        changes.insert((store, dice.key(keys)), value);
    }
    changes
}

/// Two stores cannot differ in the future if they have the same changes: so both get the same ones.
fn advance(stores: &[&Store], dice: &mut Dice, versions: u64) {
    for _ in 0..versions {
        let changes = changes(dice, 500);
        for store in stores {
            let pair = (b"at".to_vec(), store.version().to_le_bytes().to_vec());
            store.commit(store.stage(&changes).unwrap(), &[pair]).unwrap();
        }
    }
}

fn chunks(mut export: Export) -> (Vec<Vec<u8>>, Manifest) {
    let mut chunks = Vec::new();
    while let Some(chunk) = export.next_chunk().unwrap() {
        chunks.push(chunk);
    }
    (chunks, export.finish().unwrap())
}

fn exported(store: &Store, version: u64) -> (Vec<Vec<u8>>, Manifest) {
    chunks(store.export(version, &[]).unwrap().unwrap())
}

fn import(store: &Store, manifest: &Manifest) -> Import {
    store.import(manifest.clone(), Box::new(NoPairs)).unwrap().unwrap()
}

/// Takes a whole snapshot over, or tells why not.
fn take(store: &Store, chunks: &[Vec<u8>], manifest: &Manifest) -> Result<(), Refusal> {
    let mut import = store.import(manifest.clone(), Box::new(NoPairs)).unwrap()?;
    for (index, chunk) in (0..).zip(chunks) {
        import.chunk(index, chunk).unwrap()?;
    }
    import.finish().unwrap()
}

/// A manifest that is right about whatever chunks it is given.
fn claiming(version: u64, app_hash: Hash32, chunks: &[Vec<u8>]) -> Manifest {
    let stream_len = chunks.iter().map(|chunk| chunk.len() as u64).sum();
    let chunks = chunks.iter().map(|chunk| suyuan_core::sha256(chunk)).collect();
    Manifest { version, app_hash, stream_len, chunks }
}

fn all(snapshot: &Snapshot, store: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    snapshot.range(store, None, None, Order::Ascending).unwrap().collect::<Hosted<_>>().unwrap()
}

fn is_fresh(store: &Store) {
    let snapshot = store.snapshot();
    assert_eq!((store.version(), store.oldest_version()), (0, 0));
    assert!(all(&snapshot, "wasm").is_empty() && all(&snapshot, "acc").is_empty());
    assert_eq!(store.meta(b"at").unwrap(), None);
}

#[test]
fn what_is_taken_over_has_the_same_hashes_proofs_and_future() {
    for keep in [None, Some(3)] {
        let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED));
        advance(&[&source], &mut dice, 25);
        let folder = tempfile::tempdir().unwrap();
        let copy = Store::open_disk(folder.path(), options(keep)).unwrap();
        let (chunks, manifest) = exported(&source, 25);
        // A read of the fresh store must not linger in a cache.
        let (key, value) = all(&source.snapshot(), "wasm").swap_remove(9);
        assert_eq!(copy.snapshot().get("wasm", &key).unwrap(), None);
        take(&copy, &chunks, &manifest).unwrap();
        assert_eq!((copy.version(), copy.oldest_version()), (25, 25));
        assert_eq!(copy.snapshot().get("wasm", &key).unwrap(), Some(value));
        for store in ["acc", "bank", "wasm", "consensus"] {
            assert_eq!(all(&copy.snapshot(), store), all(&source.snapshot(), store));
        }
        for (key, _) in all(&source.snapshot(), "wasm").iter().step_by(5) {
            let (mine, theirs) =
                (copy.snapshot().prove("wasm", key), source.snapshot().prove("wasm", key));
            assert_eq!(mine.unwrap(), theirs.unwrap());
        }
        for _ in 0..40 {
            advance(&[&source, &copy], &mut dice, 1);
            assert_eq!(copy.app_hash(), source.app_hash());
        }
        drop(copy);
        let copy = Store::open_disk(folder.path(), options(keep)).unwrap();
        assert_eq!((copy.version(), copy.app_hash()), (65, source.app_hash()));
        assert_eq!(copy.oldest_version(), if keep.is_some() { 63 } else { 25 });
        assert!(copy.snapshot_at(24).unwrap().is_none());
        let (mine, theirs) = (exported(&copy, 64), exported(&source, 64));
        assert_eq!(mine, theirs, "a snapshot of an imported store is the snapshot of the original");
    }
}

#[test]
fn a_past_version_is_written_out_while_the_store_goes_on_and_prunes() {
    let (source, mut dice) = (Store::in_memory(options(Some(4))), Dice(SEED + 1));
    advance(&[&source], &mut dice, 12);
    assert!(source.export(8, &[]).unwrap().is_none(), "pruned");
    assert!(source.export(13, &[]).unwrap().is_none(), "not there yet");
    let expected = exported(&source, 9);
    let export = source.export(9, &[]).unwrap().unwrap();
    advance(&[&source], &mut dice, 30);
    assert_eq!(chunks(export), expected);
    let copy = Store::in_memory(options(None));
    take(&copy, &expected.0, &expected.1).unwrap();
    assert_eq!(copy.app_hash(), expected.1.app_hash);
}

#[test]
fn an_empty_state_and_values_across_chunks_are_carried() {
    let source = Store::in_memory(options(None));
    source.commit(source.stage_at(40, &ChangeSet::new()).unwrap(), &[]).unwrap();
    let (chunks, manifest) = exported(&source, 40);
    assert_eq!(chunks.len(), 1);
    let copy = Store::in_memory(options(None));
    take(&copy, &chunks, &manifest).unwrap();
    assert_eq!((copy.version(), copy.app_hash()), (40, source.app_hash()));
    let value = |n: u64| vec![n as u8; 3 << 20];
    let large = (0..7u64).map(|n| (("wasm", vec![n as u8 + 1]), Some(value(n)))).collect();
    source.commit(source.stage(&large).unwrap(), &[]).unwrap();
    let (chunks, manifest) = exported(&source, 41);
    assert!(chunks.len() > 5 && chunks[..chunks.len() - 1].iter().all(|c| c.len() == CHUNK_LEN));
    let copy = Store::in_memory(options(None));
    take(&copy, &chunks, &manifest).unwrap();
    assert_eq!(copy.snapshot().get("wasm", &[4]).unwrap(), Some(value(3)));
    assert_eq!(copy.app_hash(), source.app_hash());
}

/// Carries one key, and wants to have seen it.
struct Expects(BTreeSet<Vec<u8>>);

impl ImportJudge for Expects {
    fn pair(&mut self, key: &[u8], value: &[u8]) -> bool {
        value.len() == 8 && self.0.remove(key)
    }

    fn state(&mut self, state: &Snapshot) -> Hosted<bool> {
        Ok(self.0.is_empty() && state.get("wasm", b"never")?.is_none())
    }
}

#[test]
fn pairs_of_the_caller_travel_along_and_the_caller_judges_them() {
    let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED + 2));
    advance(&[&source], &mut dice, 3);
    let (with, manifest) = chunks(source.export(3, &[b"at".to_vec()]).unwrap().unwrap());
    let (without, bare) = exported(&source, 3);
    let expecting = |keys: &[&[u8]]| Box::new(Expects(keys.iter().map(|k| k.to_vec()).collect()));
    let run = |chunks: &[Vec<u8>], manifest: &Manifest, judge| {
        let store = Store::in_memory(options(None));
        let mut import = store.import(manifest.clone(), judge).unwrap().unwrap();
        let done = import.chunk(0, &chunks[0]).unwrap().and_then(|()| import.finish().unwrap());
        if done.is_err() {
            is_fresh(&store);
        }
        done.map(|()| store.meta(b"at").unwrap())
    };
    assert_eq!(run(&with, &manifest, expecting(&[b"at"])).unwrap(), source.meta(b"at").unwrap());
    assert_eq!(run(&with, &manifest, expecting(&[])), Err(Refusal::Judged));
    assert_eq!(run(&without, &bare, expecting(&[b"at"])), Err(Refusal::Judged));
    assert!(source.export(3, &[b"absent".to_vec()]).unwrap().unwrap().next_chunk().is_err());
}

#[test]
fn a_given_up_or_killed_import_leaves_a_fresh_store() {
    let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED + 3));
    let large = (0..3u64).map(|n| (("acc", vec![n as u8 + 1]), Some(vec![1; 3 << 20]))).collect();
    source.commit(source.stage(&large).unwrap(), &[]).unwrap();
    advance(&[&source], &mut dice, 5);
    let (chunks, manifest) = exported(&source, 6);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_disk(folder.path(), options(None)).unwrap();
    let mut begun = import(&store, &manifest);
    begun.chunk(0, &chunks[0]).unwrap().unwrap();
    assert_eq!(
        store.import(manifest.clone(), Box::new(NoPairs)).unwrap().unwrap_err(),
        Refusal::Busy
    );
    let staged = store.stage(&changes(&mut dice, 9)).unwrap();
    assert!(store.commit(staged, &[]).is_err(), "nothing is committed beside an import");
    is_fresh(&store);
    drop(begun);
    is_fresh(&store);
    // Killed: the mark stays on the disk.
    let mut begun = import(&store, &manifest);
    begun.chunk(0, &chunks[0]).unwrap().unwrap();
    std::mem::forget(begun);
    let copied = tempfile::tempdir().unwrap();
    copy_folder(folder.path(), copied.path());
    let store = Store::open_disk(copied.path(), options(None)).unwrap();
    is_fresh(&store);
    take(&store, &chunks, &manifest).unwrap();
    advance(&[&source, &store], &mut dice, 3);
    assert_eq!(store.app_hash(), source.app_hash());
    assert_eq!(take(&store, &chunks, &manifest), Err(Refusal::NotFresh));
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
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
fn a_wrong_chunk_is_asked_for_again_and_a_wrong_order_is_told() {
    let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED + 4));
    advance(&[&source], &mut dice, 4);
    let (chunks, manifest) = exported(&source, 4);
    let store = Store::in_memory(options(None));
    let mut import = import(&store, &manifest);
    let mut bad = chunks[0].clone();
    bad[7] ^= 1;
    let longer = [&chunks[0][..], &[0]].concat();
    assert_eq!(import.chunk(1, &chunks[0]).unwrap(), Err(Refusal::ChunkOrder { due: 0 }));
    for wrong in [&bad, &longer, &Vec::new()] {
        let refusal = import.chunk(0, wrong).unwrap().unwrap_err();
        assert_eq!(refusal, Refusal::ChunkHash { index: 0 });
        assert!(refusal.goes_on());
    }
    import.chunk(0, &chunks[0]).unwrap().unwrap();
    assert_eq!(import.due(), 1);
    assert_eq!(import.chunk(0, &chunks[0]).unwrap(), Err(Refusal::ChunkOrder { due: 1 }));
    import.finish().unwrap().unwrap();
    assert_eq!(store.app_hash(), source.app_hash());
}

/// The sender is the attacker: chunk hashes are right, the content is not. Nothing but the true stream, or one that
/// differs in what no hash covers and the parser refuses anyway, may be shown.
#[test]
fn no_hostile_stream_under_a_true_app_hash_is_taken_over() {
    let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED + 5));
    advance(&[&source], &mut dice, 6);
    let (chunks, manifest) = exported(&source, 6);
    let stream = chunks.concat();
    let mut codes = BTreeSet::new();
    for _ in 0..600 {
        let mut forged = stream.clone();
        let at = dice.roll(forged.len() as u64) as usize;
        match dice.roll(4) {
            0 => forged[at] ^= 1 << dice.roll(8),
            1 => forged.truncate(at.max(1)),
            2 => forged.insert(at, dice.roll(256) as u8),
            _ => {
                let end = (at + 1 + dice.roll(40) as usize).min(forged.len());
                let part = forged[at..end].to_vec();
                forged.splice(at..at, part);
            }
        }
        if forged == stream {
            continue;
        }
        let parts: Vec<_> = forged.chunks(CHUNK_LEN).map(<[u8]>::to_vec).collect();
        let store = Store::in_memory(options(None));
        let claim = claiming(6, manifest.app_hash, &parts);
        codes.insert(
            take(&store, &parts, &claim).expect_err("a forged stream was taken over").code(),
        );
        is_fresh(&store);
        advance(&[&store], &mut Dice(1), 1);
    }
    assert!(codes.contains("app_hash") && codes.contains("malformed"), "{codes:?}");
}

#[test]
fn bombs_and_strangers_are_refused_by_their_first_chunk() {
    let store = Store::in_memory(options(None));
    let refusal = |stream: &[u8]| {
        let parts = vec![stream.to_vec()];
        take(&store, &parts, &claiming(9, [1; 32], &parts)).unwrap_err().code()
    };
    let leaf = |key: u16| [&[0, 1, 2][..], &key.to_be_bytes(), &[0]].concat();
    let wasm = [&[2, 4][..], b"wasm"].concat();
    let many: Vec<u8> = (0..200).flat_map(leaf).collect();
    assert_eq!(refusal(&[&wasm[..], &many].concat()), "malformed", "subtrees without parents");
    assert_eq!(
        refusal(&[&wasm[..], &[0, 1, 1, 7, 0xff, 0xff, 0xff, 0xff, 0x7f]].concat()),
        "malformed"
    );
    assert_eq!(refusal(&[&wasm[..], &leaf(2), &leaf(1)].concat()), "malformed", "order of keys");
    assert_eq!(refusal(&[&wasm[..], &leaf(2), &[1, 1]].concat()), "malformed", "one child");
    assert_eq!(refusal(&[&wasm[..], &[0, 10, 1, 1, 0]].concat()), "malformed", "from the future");
    assert_eq!(refusal(&[&wasm[..], &[0, 1, 0, 0]].concat()), "malformed", "an empty key");
    assert_eq!(refusal(&leaf(1)), "malformed", "outside of a store");
    assert_eq!(refusal(&[2, 1, b'x']), "stores");
    assert_eq!(refusal(&[&wasm[..], &[2, 3], b"acc"].concat()), "stores", "order of stores");
    assert_eq!(refusal(&[4]), "stores", "no store at all");
    assert_eq!(refusal(&[&wasm[..], &[4]].concat()), "app_hash", "too few");
    assert_eq!(refusal(&[9]), "malformed");
    assert_eq!(refusal(&[&wasm[..], &leaf(1)].concat()), "malformed", "no end");
    let beyond = Manifest { version: 1, app_hash: [0; 32], stream_len: 0, chunks: Vec::new() };
    assert_eq!(take(&store, &[], &beyond).unwrap_err().code(), "malformed");
    is_fresh(&store);
}

#[test]
fn a_manifest_reads_back_and_changed_ones_are_refused() {
    let chunks = vec![[7; 32], [8; 32]];
    let manifest =
        Manifest { version: 3, app_hash: [1; 32], stream_len: CHUNK_LEN as u64 + 1, chunks };
    let bytes = manifest.encode();
    assert_eq!(Manifest::decode(&bytes).unwrap(), manifest);
    for len in 0..bytes.len() {
        assert_eq!(Manifest::decode(&bytes[..len]), Err(ManifestError::Malformed));
    }
    assert!(Manifest::decode(&[&bytes[..], &[0]].concat()).is_err());
    let mut other = bytes.clone();
    other[8] = 2;
    assert_eq!(Manifest::decode(&other), Err(ManifestError::Format(2)));
    for at in (0..8).chain(12..20).chain(55..64) {
        let mut other = bytes.clone();
        other[at] ^= 0x80;
        assert!(Manifest::decode(&other).is_err_and(|e| e == ManifestError::Malformed) || at < 20);
    }
}

#[test]
fn a_folder_keeps_whole_snapshots_and_only_the_newest() {
    let (source, mut dice) = (Store::in_memory(options(None)), Dice(SEED + 6));
    let place = tempfile::tempdir().unwrap();
    let folder = SnapshotFolder::open(&place.path().join("snapshots")).unwrap();
    let mut manifests = Vec::new();
    for _ in 0..3 {
        advance(&[&source], &mut dice, 10);
        let export = source.export(source.version(), &[]).unwrap().unwrap();
        manifests.insert(0, folder.take(export).unwrap());
    }
    assert_eq!(folder.list().unwrap(), manifests);
    folder.forget(2).unwrap();
    assert_eq!(folder.list().unwrap(), manifests[..2]);
    let chunk = folder.chunk(30, 0).unwrap().unwrap();
    assert_eq!(folder.chunk(30, 1).unwrap(), None);
    assert_eq!(folder.chunk(10, 0).unwrap(), None);
    let copy = Store::in_memory(options(None));
    take(&copy, &[chunk], &manifests[0]).unwrap();
    assert_eq!(copy.app_hash(), source.app_hash());
    let path = place.path().join("snapshots");
    std::fs::create_dir(path.join("40.part")).unwrap();
    let file = path.join("30/000000");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let folder = SnapshotFolder::open(&path).unwrap();
    assert!(!path.join("40.part").exists());
    assert_eq!(folder.chunk(30, 0).unwrap(), None, "a rotten chunk is not handed out");
    std::fs::write(path.join("30/manifest"), b"rubbish").unwrap();
    assert_eq!(folder.list().unwrap(), manifests[1..2]);
}

#[test]
#[ignore = "a million keys on disk; make soak-snapshot"]
#[allow(clippy::disallowed_types, reason = "it measures; nothing of it is consensus")]
fn a_million_keys_are_taken_over_within_a_minute() {
    const KEYS: u64 = 1_000_000;
    let folder = tempfile::tempdir().unwrap();
    let source = Store::open_disk(&folder.path().join("source"), options(Some(1))).unwrap();
    for part in 0..50 {
        let numbers = part * KEYS / 50..(part + 1) * KEYS / 50;
        let pair = |n: u64| {
            let key = suyuan_core::sha256(&n.to_be_bytes());
            (("wasm", key.to_vec()), Some(vec![n as u8; 120]))
        };
        source.commit(source.stage(&numbers.map(pair).collect()).unwrap(), &[]).unwrap();
    }
    let start = std::time::Instant::now();
    let snapshots = SnapshotFolder::open(&folder.path().join("snapshots")).unwrap();
    let manifest = snapshots.take(source.export(50, &[]).unwrap().unwrap()).unwrap();
    let written = start.elapsed();
    let copy = Store::open_disk(&folder.path().join("copy"), options(None)).unwrap();
    let start = std::time::Instant::now();
    let mut import = import(&copy, &manifest);
    for index in 0..manifest.chunks.len() as u32 {
        let chunk = snapshots.chunk(50, index).unwrap().unwrap();
        import.chunk(index, &chunk).unwrap().unwrap();
    }
    import.finish().unwrap().unwrap();
    let taken = start.elapsed();
    println!(
        "{KEYS} keys, {} bytes: written in {written:?}, taken over in {taken:?}",
        manifest.stream_len
    );
    assert_eq!(copy.app_hash(), source.app_hash());
    assert!(taken < std::time::Duration::from_secs(60), "{taken:?}");
}
