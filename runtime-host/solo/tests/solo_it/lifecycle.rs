//! Starting, stopping, starting again; and the ways in which a start is refused.

use std::sync::Arc;

use suyuan_solo::log_file::LogFile;
use suyuan_solo::tmtypes::part_set_header;
use suyuan_solo::{
    replay, replay_file, start, ChainError, Precommit, Signer, SoloConfig, SystemClock,
    ValidatorKey,
};
use tendermint::{block, Time};

use crate::disk::MemFile;
use crate::support::{config, genesis, key, Setup, GENESIS_SECONDS, WAIT};
use crate::toy::{ToyApp, ToyDisk, ToyState};

#[test]
fn a_chain_on_real_files_goes_on_where_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::<ToyDisk>::default();
    let mut last = 0;
    for round in 0..3u64 {
        let cfg = SoloConfig::new(dir.path().join("data"));
        let chain =
            start(ToyApp::boxed(&disk), genesis(), key(), cfg, Arc::new(SystemClock)).unwrap();
        assert!(chain.status().unwrap().latest.height >= last.max(1));
        assert!(!chain.status().unwrap().latest.app_hash.is_empty());
        for i in 0..5 {
            let tx = format!("alice:{}:1", round * 5 + i).into_bytes();
            assert_eq!(chain.broadcast_commit(tx, WAIT).unwrap().result.code, 0);
        }
        chain.shutdown().unwrap();
        last = chain.latest_height();
    }
    let fresh = Arc::<ToyDisk>::default();
    let mut heights = Vec::new();
    let mut app = ToyApp::boxed(&fresh);
    let report = replay(&dir.path().join("data"), &genesis(), app.as_mut(), &mut |p| {
        heights.push(p.height);
        true
    })
    .unwrap();
    assert_eq!((report.height, report.tip, report.txs), (last, last, 15));
    assert_eq!(heights, (1..=last).collect::<Vec<_>>());
    assert_eq!(fresh.last(), disk.last());
}

#[test]
fn a_second_process_on_the_same_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let cfg = || SoloConfig::new(dir.path().join("data"));
    let chain =
        start(ToyApp::boxed(&Arc::default()), genesis(), key(), cfg(), Arc::new(SystemClock))
            .unwrap();
    let second =
        start(ToyApp::boxed(&Arc::default()), genesis(), key(), cfg(), Arc::new(SystemClock));
    assert!(second.unwrap_err().what.contains("another process"));
    chain.shutdown().unwrap();
    let disk = ToyDisk::with(Vec::new());
    start(ToyApp::boxed(&disk), genesis(), key(), cfg(), Arc::new(SystemClock))
        .unwrap()
        .shutdown()
        .unwrap();
}

#[test]
fn shutdown_puts_everything_that_waits_into_blocks() {
    let rig = Setup::default().start().unwrap();
    let gate = rig.disk.slow_gate.lock();
    rig.chain.broadcast_sync(b"slow:0:1".to_vec()).unwrap();
    for i in 0..100 {
        assert_eq!(
            rig.chain.broadcast_sync(format!("a{i}:0:1").into_bytes()).unwrap().outcome.code,
            0
        );
    }
    let chain = rig.chain.clone();
    let ending = std::thread::spawn(move || chain.shutdown());
    while rig.chain.broadcast_sync(b"late:0:1".to_vec()).is_ok() {}
    drop(gate);
    ending.join().unwrap().unwrap();
    assert_eq!(rig.disk.last().accounts.keys().filter(|k| k.starts_with('a')).count(), 100);
    let latest = rig.chain.latest_height();
    let header = rig.chain.header(None).unwrap();
    let results = rig.chain.block_results(Some(latest as i64)).unwrap();
    assert_eq!(header.app_hash.as_bytes(), results.app_hash, "the last state is proved");
    assert_eq!(rig.chain.shutdown(), Ok(()), "ending twice is harmless");
}

#[test]
fn a_block_that_was_not_proved_before_the_end_is_proved_after_the_start() {
    let rig = Setup::default().start().unwrap();
    rig.commit("alice:0:5");
    rig.rest();
    rig.chain.shutdown().unwrap();
    let full = rig.blocks.bytes();
    let states = rig.disk.states.lock().clone();
    // Cut the proof block off: the log as it is if the machine stops between the two blocks.
    let cut = cut_last_record(&full, states.len());
    let disk = ToyDisk::with(states[..states.len() - 1].to_vec());
    let again = Setup { disk, blocks: cut, ..Setup::default() }.start().unwrap();
    assert_eq!(again.rest(), states.len() as u64);
    again.chain.shutdown().unwrap();
}

/// The log without its last record, which lacks its last byte and is therefore cut off.
fn cut_last_record(full: &[u8], blocks: usize) -> Vec<u8> {
    let last = full.iter().rposition(|b| *b != 0).unwrap();
    let fresh = Arc::<ToyDisk>::default();
    let file: Arc<dyn LogFile> = Arc::new(MemFile::quiet(full[..last].to_vec()));
    let report =
        replay_file(file, &genesis(), ToyApp::boxed(&fresh).as_mut(), &mut |_| true).unwrap();
    assert_eq!(report.tip as usize, blocks - 1);
    full[..last].to_vec()
}

#[test]
fn the_handshake_accepts_every_app_behind_the_log_and_refuses_every_other() {
    let rig = Setup::default().start().unwrap();
    for i in 0..6 {
        rig.commit(&format!("alice:{i}:1"));
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    let states = rig.disk.states.lock().clone();
    let blocks = rig.blocks.bytes();
    for at in 0..=states.len() {
        let disk = ToyDisk::with(states[..at].to_vec());
        let setup = Setup { disk: disk.clone(), blocks: blocks.clone(), ..Setup::default() };
        let again = setup.start().unwrap();
        assert_eq!(disk.last(), *states.last().unwrap(), "an app at height {at} is brought up");
        again.chain.shutdown().unwrap();
    }
    let mut ahead = states.clone();
    ahead.push(ToyState { height: states.len() as u64 + 1, ..states.last().unwrap().clone() });
    let refused =
        Setup { disk: ToyDisk::with(ahead), blocks: blocks.clone(), ..Setup::default() }.start();
    assert!(refused.err().unwrap().what.contains("the block log ends at"));
    let mut other = states.clone();
    other.last_mut().unwrap().accounts.insert("mallory".into(), (1, 1));
    let refused =
        Setup { disk: ToyDisk::with(other), blocks: blocks.clone(), ..Setup::default() }.start();
    assert!(refused.err().unwrap().what.contains("another hash"));
    let mut liar = states[..3].to_vec();
    liar[2].accounts.insert("mallory".into(), (1, 1));
    let refused = Setup { disk: ToyDisk::with(liar), blocks, ..Setup::default() }.start();
    assert!(refused.err().unwrap().what.contains("another hash"));
}

#[test]
fn another_genesis_another_key_or_a_bad_genesis_is_refused() {
    let rig = Setup::default().start().unwrap();
    rig.chain.shutdown().unwrap();
    let mut setup =
        Setup { disk: rig.disk.clone(), blocks: rig.blocks.bytes(), ..Setup::default() };
    setup.genesis.chain_id = "other-1".parse().unwrap();
    assert!(setup.start().err().unwrap().what.contains("another genesis"));
    let mut setup = Setup::default();
    setup.genesis.validators =
        vec![tendermint::validator::Info::new(ValidatorKey::generate().public_key(), 10u32.into())];
    assert!(setup.start().err().unwrap().what.contains("holds the key"));
    let mut setup = Setup::default();
    setup.genesis.app_state = serde_json::json!({"refuse": true});
    assert!(setup.start().err().unwrap().what.contains("refused"));
}

#[test]
fn a_later_initial_height_is_honoured() {
    let mut setup = Setup::default();
    setup.genesis.initial_height = 1000;
    let rig = setup.start().unwrap();
    assert_eq!(rig.commit("alice:0:5").height, 1001);
    assert_eq!(rig.chain.status().unwrap().earliest.height, 1000);
    let below = rig.chain.block(Some(5)).unwrap_err();
    assert_eq!(below.to_string(), "height 5 is not available, lowest height is 1000");
    rig.chain.shutdown().unwrap();
}

#[test]
fn the_signer_refuses_what_conflicts_and_allows_a_later_stamp() {
    let chain_id = "toy-1".parse().unwrap();
    let id = |n: u8| block::Id {
        hash: tendermint::Hash::Sha256([n; 32]),
        part_set_header: part_set_header(&[n]),
    };
    let at = |s: i64| Time::from_unix_timestamp(GENESIS_SECONDS + s, 0).unwrap();
    let by = key().address();
    let mut signer = Signer::open(key(), Box::new(MemFile::quiet(Vec::new()))).unwrap();
    let mut sign = |height: u32, block: u8, seconds: i64| {
        signer.sign(&Precommit {
            chain_id: &chain_id,
            height: height.into(),
            id: id(block),
            time: at(seconds),
            by,
        })
    };
    sign(5, 1, 10).unwrap();
    sign(5, 1, 10).unwrap();
    sign(5, 1, 20).unwrap();
    assert!(sign(5, 1, 19).is_err(), "an earlier stamp");
    assert!(sign(5, 2, 30).is_err(), "another block of the same height");
    assert!(sign(4, 1, 30).is_err(), "a lower height");
    sign(6, 2, 1).unwrap();
}

#[test]
fn a_log_older_than_the_signatures_is_refused() {
    let rig = Setup::default().start().unwrap();
    rig.commit("alice:0:1");
    let old_blocks = rig.blocks.bytes();
    let old_states = rig.disk.states.lock().clone();
    for i in 1..5 {
        rig.commit(&format!("alice:{i}:1"));
    }
    rig.rest();
    rig.chain.shutdown().unwrap();
    let ops = rig.journal.ops();
    let sign_state = crate::disk::image(
        &ops,
        ops.len(),
        crate::disk::Which::SignState,
        crate::disk::Unsynced::Kept,
    );
    let setup = Setup {
        disk: ToyDisk::with(old_states),
        blocks: old_blocks,
        sign_state: sign_state.clone(),
        ..Setup::default()
    };
    assert!(setup.start().err().unwrap().what.contains("older copy"));
    let setup = Setup { sign_state, ..Setup::default() };
    assert!(setup.start().err().unwrap().what.contains("block log is empty"));
}

#[test]
fn a_key_file_is_read_back_and_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("priv_validator_key.json");
    let made = ValidatorKey::load_or_create(&path).unwrap();
    assert_eq!(ValidatorKey::load_or_create(&path).unwrap().address(), made.address());
    assert!(ValidatorKey::generate().save(&path).is_err());
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(json["priv_key"]["type"], "tendermint/PrivKeyEd25519");
    assert_eq!(json["pub_key"]["type"], "tendermint/PubKeyEd25519");
    assert_eq!(json["address"], made.address().to_string());
}

#[test]
fn a_fault_of_the_app_stops_the_chain_and_tells_everybody() {
    let rig = Setup::default().start().unwrap();
    rig.commit("alice:0:1");
    let before = rig.rest();
    let told = rig.chain.broadcast_commit(b"broken:0:1".to_vec(), WAIT).unwrap_err();
    assert!(matches!(&told, ChainError::Fault(f) if f.what.contains("broke")), "{told}");
    assert!(rig.chain.wait_stopped().is_some());
    assert!(rig.chain.fault().is_some() && rig.chain.health().is_err());
    assert!(matches!(rig.chain.broadcast_sync(b"bob:0:1".to_vec()), Err(ChainError::Fault(_))));
    assert_eq!(rig.chain.latest_height(), before, "the block that failed is not visible");
    assert!(rig.chain.block(None).is_ok(), "reading goes on");
}

#[test]
fn a_full_or_failing_disk_stops_the_chain_before_it_answers() {
    for (writes, syncs) in [(true, false), (false, true)] {
        let rig = Setup::default().start().unwrap();
        rig.commit("alice:0:1");
        let before = rig.rest();
        *rig.faults.fail_writes.lock() = writes;
        *rig.faults.fail_syncs.lock() = syncs;
        assert!(matches!(
            rig.chain.broadcast_commit(b"alice:1:1".to_vec(), WAIT),
            Err(ChainError::Fault(_))
        ));
        assert!(rig.chain.wait_stopped().is_some());
        assert_eq!(rig.chain.latest_height(), before);
        assert_eq!(rig.disk.last().height, before, "the app is never ahead of the log");
        let again =
            Setup { disk: rig.disk.clone(), blocks: rig.blocks.bytes(), ..Setup::default() }
                .start()
                .unwrap();
        assert!(again.chain.latest_height() >= before);
        again.chain.shutdown().unwrap();
    }
    let _ = config();
}
