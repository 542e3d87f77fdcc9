//! A chain with the real state machine on the real engine, recorded at rest after each part of its work, and started
//! again on what a crash or rot left of its files.

use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use suyuan_app::{App, STORES};
use suyuan_core::{Hash32, Hosted};
use suyuan_solo::{start_with, Chain, Files, SoloConfig, SystemClock};
use suyuan_store::{Durability, Options, Order, Snapshot, Store};
use suyuan_vm::{Vm, VmConfig};

use super::folder::{self, Folder};
use crate::disk::{Chance, Faults, Journal, MemFile, Which};
use crate::real::{genesis, Actor};
use crate::support::{key, WAIT};

/// Accounts of the chain. Those beyond the senders are made by what they receive.
const SENDERS: u64 = 4;
const RECEIVERS: u64 = 60;
/// Recordings, and transfers of each sender before one.
const MOMENTS: usize = 24;
const TRANSFERS: usize = 2;
/// Bytes that the engine gathers before it writes a file: little, so that there are journals, files and levels.
const WRITE_BUFFER: u64 = 100_000;
/// Versions that stay readable.
const KEEP: u64 = 30;
/// Keys whose proofs are made and compared.
const PROOFS: usize = 24;

/// All keys and values of a version, by store.
pub type State = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

/// The chain at rest.
pub struct Moment {
    pub height: u64,
    pub app_hash: Hash32,
    pub state: State,
    pub files: Folder,
    pub log: Vec<u8>,
    pub sign_state: Vec<u8>,
    /// Sequence of the first sender.
    sequence: u64,
}

/// The recorded chain.
pub struct World {
    vm: Vm,
    pub moments: Vec<Moment>,
    /// Where images are laid out.
    place: tempfile::TempDir,
}

/// How a start on damaged files ended, if it did not lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is there; so many blocks were executed again.
    Replayed(u64),
    /// Something said so, loudly, before a wrong answer was given.
    Detected(String),
}

/// A folder in memory where there is one.
fn temporary() -> tempfile::TempDir {
    let shared = Path::new("/dev/shm");
    let made = shared.is_dir().then(|| tempfile::tempdir_in(shared).ok()).flatten();
    made.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

fn options() -> Options {
    Options {
        durability: Durability::Buffer,
        keep_versions: Some(KEEP),
        write_buffer_bytes: WRITE_BUFFER,
        ..Options::new(&STORES)
    }
}

struct Running {
    chain: Chain,
    store: Store,
    blocks: Arc<MemFile>,
    sign_state: Arc<MemFile>,
}

fn start(vm: &Vm, store: Store, log: &[u8], sign_state: &[u8]) -> Hosted<Running> {
    let app = Box::new(App::new(store.clone(), vm.clone())?);
    let (journal, faults) = (Journal::default(), Arc::<Faults>::default());
    let file =
        |which, bytes: &[u8]| Arc::new(MemFile::new(which, bytes.to_vec(), &journal, &faults));
    let (blocks, sign_state) = (file(Which::Blocks, log), file(Which::SignState, sign_state));
    let files = Files {
        blocks: blocks.clone(),
        sign_state: Box::new(Shared(sign_state.clone())),
        index: None,
        lock: None,
    };
    let config = SoloConfig::new("unused");
    let chain = start_with(app, genesis(SENDERS), key(), config, Arc::new(SystemClock), files)?;
    Ok(Running { chain, store, blocks, sign_state })
}

/// A file that the test looks at as well.
#[derive(Debug)]
struct Shared(Arc<MemFile>);

impl suyuan_solo::log_file::LogFile for Shared {
    fn len(&self) -> std::io::Result<u64> {
        self.0.len()
    }
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<()> {
        self.0.read_exact_at(buf, offset)
    }
    fn write_all_at(&self, buf: &[u8], offset: u64) -> std::io::Result<()> {
        self.0.write_all_at(buf, offset)
    }
    fn set_len(&self, len: u64) -> std::io::Result<()> {
        self.0.set_len(len)
    }
    fn sync(&self) -> std::io::Result<()> {
        self.0.sync()
    }
}

/// Everything that a version holds.
fn state_of(snapshot: &Snapshot) -> Hosted<State> {
    let mut state = State::new();
    for store in STORES {
        for pair in snapshot.range(store, None, None, Order::Ascending)? {
            let (key, value) = pair?;
            state.insert((store, key), value);
        }
    }
    Ok(state)
}

/// Waits until the last block changes nothing and nothing waits.
fn rest(chain: &Chain) -> u64 {
    loop {
        let latest = chain.latest_height();
        let results = chain.block_results(None).unwrap();
        let header = chain.header(None).unwrap();
        let proved =
            header.app_hash.as_bytes() == results.app_hash && results.tx_results.is_empty();
        if proved && results.height == latest && chain.latest_height() == latest {
            return latest;
        }
        chain.wait_above(latest, WAIT);
    }
}

impl World {
    /// Records a chain whose transfers follow from a seed.
    pub fn record(seed: u64) -> World {
        let vm = Vm::new(VmConfig::default()).unwrap();
        let place = temporary();
        let path = place.path().join("recorded");
        let store = Store::open_disk(&path, options()).unwrap();
        let running = start(&vm, store, &[], &[]).unwrap();
        let mut senders: Vec<Actor> = (0..SENDERS).map(Actor::new).collect();
        let mut chance = Chance::of(seed, 0);
        let mut moments = Vec::new();
        for _ in 0..MOMENTS {
            for _ in 0..TRANSFERS {
                for sender in &mut senders {
                    let to = Actor::new(SENDERS + chance.below(RECEIVERS as usize) as u64).addr();
                    let tx = sender.send(&to, 1 + chance.below(50) as u128);
                    let done = running.chain.broadcast_commit(tx, WAIT).unwrap();
                    assert_eq!(done.result.code, 0, "{}", done.result.log);
                }
            }
            let height = rest(&running.chain);
            // Files that the engine writes behind a commit.
            std::thread::sleep(Duration::from_millis(30));
            let snapshot = running.store.snapshot();
            moments.push(Moment {
                height,
                app_hash: snapshot.app_hash(),
                state: state_of(&snapshot).unwrap(),
                files: folder::read(&path),
                log: running.blocks.bytes(),
                sign_state: running.sign_state.bytes(),
                sequence: senders[0].sequence,
            });
        }
        running.chain.shutdown().unwrap();
        World { vm, moments, place }
    }

    fn lay_out(&self, image: &Folder) -> PathBuf {
        let path = self.place.path().join("image");
        if path.exists() {
            std::fs::remove_dir_all(&path).unwrap();
        }
        std::fs::create_dir_all(&path).unwrap();
        folder::write(image, &path);
        path
    }

    /// Starts a chain on these files with the log of `shown`, reads everything and compares it with `expected`, and
    /// makes one more block.
    ///
    /// # Errors
    /// What was wrong without anybody saying so.
    pub fn judge(
        &self,
        image: &Folder,
        shown: &Moment,
        expected: &Moment,
    ) -> Result<Verdict, String> {
        let path = self.lay_out(image);
        let run = || self.judge_laid_out(&path, shown, expected);
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(verdict) => verdict,
            Err(_) => Ok(Verdict::Detected("panic".to_string())),
        }
    }

    fn judge_laid_out(
        &self,
        path: &Path,
        shown: &Moment,
        expected: &Moment,
    ) -> Result<Verdict, String> {
        let store = match Store::open_disk(path, options()) {
            Ok(store) => store,
            Err(fault) => return Ok(Verdict::Detected(format!("open: {fault}"))),
        };
        let before = store.version();
        let running = match start(&self.vm, store, &shown.log, &shown.sign_state) {
            Ok(running) => running,
            Err(fault) => return Ok(Verdict::Detected(format!("start: {fault}"))),
        };
        let height = running.chain.latest_height();
        if height < expected.height {
            return Err(format!("height {height} after an answer for {}", expected.height));
        }
        match self.examine(&running.store, expected) {
            Ok(Ok(())) => {}
            Ok(Err(wrong)) => return Err(wrong),
            Err(fault) => return Ok(Verdict::Detected(format!("read: {fault}"))),
        }
        let mut sender = Actor::new(0);
        sender.sequence = expected.sequence;
        let next = sender.send(&Actor::new(1).addr(), 1);
        match running.chain.broadcast_commit(next, WAIT) {
            Ok(done) if done.result.code == 0 => {}
            Ok(done) => return Err(format!("the next transfer fails: {}", done.result.log)),
            Err(error) => return Ok(Verdict::Detected(format!("next: {error}"))),
        }
        if let Err(fault) = running.chain.shutdown() {
            return Ok(Verdict::Detected(format!("shutdown: {fault}")));
        }
        Ok(Verdict::Replayed(height.saturating_sub(before)))
    }

    /// Compares everything that a store shows of `expected` and of the moments before it that it still keeps. The
    /// outer error is a fault that the store reports, the inner one what is wrong in silence.
    pub fn examine(&self, store: &Store, expected: &Moment) -> Hosted<Result<(), String>> {
        let last = store.snapshot();
        if last.version() != expected.height || last.app_hash() != expected.app_hash {
            return Ok(Err(format!("version {} has another app hash", last.version())));
        }
        if state_of(&last)? != expected.state {
            return Ok(Err("the values of the last version differ".to_string()));
        }
        let step = (expected.state.len() / PROOFS).max(1);
        for ((name, key), value) in expected.state.iter().step_by(step) {
            let proof = last.prove(name, key)?;
            if proof.value.as_ref() != Some(value) || proof.app_hash != expected.app_hash {
                return Ok(Err("a proof of the last version differs".to_string()));
            }
        }
        for moment in self.moments.iter().filter(|m| m.height < expected.height) {
            if moment.height < store.oldest_version() {
                continue;
            }
            let Some(past) = store.snapshot_at(moment.height)? else {
                return Ok(Err(format!("kept version {} is gone", moment.height)));
            };
            if past.app_hash() != moment.app_hash || state_of(&past)? != moment.state {
                return Ok(Err(format!("version {} differs", moment.height)));
            }
        }
        if store.oldest_version() > expected.height.saturating_sub(KEEP - 1).max(1) {
            return Ok(Err(format!("versions below {} are gone", store.oldest_version())));
        }
        Ok(Ok(()))
    }

    /// Compares an image with `expected` without bringing it up from the log: a node that does not replay.
    pub fn judge_without_replay(
        &self,
        image: &Folder,
        expected: &Moment,
    ) -> Result<Verdict, String> {
        let path = self.lay_out(image);
        let looked = catch_unwind(AssertUnwindSafe(|| {
            let store = Store::open_disk(&path, options())?;
            self.examine(&store, expected)
        }));
        match looked {
            Ok(Ok(Ok(()))) => Ok(Verdict::Replayed(0)),
            Ok(Ok(Err(wrong))) => Err(wrong),
            Ok(Err(fault)) => Ok(Verdict::Detected(fault.to_string())),
            Err(_) => Ok(Verdict::Detected("panic".to_string())),
        }
    }
}
