//! Block time: BFT time that follows the clock, also after idling, and always grows.

use std::sync::Arc;
use std::time::Duration;

use suyuan_solo::{ManualClock, Pace};
use tendermint::Time;

use crate::support::{Rig, Setup, GENESIS_SECONDS};

const SECOND: u64 = 1_000_000_000;

fn clock_at(seconds_after_genesis: u64) -> Arc<ManualClock> {
    Arc::new(ManualClock::new((GENESIS_SECONDS as u64 + seconds_after_genesis) * SECOND))
}

fn ns(time: Time) -> i128 {
    time.unix_timestamp_nanos()
}

fn assert_times_grow(rig: &Rig) {
    let times: Vec<i128> = (1..=rig.chain.latest_height())
        .map(|h| ns(rig.chain.header(Some(h as i64)).unwrap().time))
        .collect();
    assert!(times.windows(2).all(|w| w[0] < w[1]), "{times:?}");
}

#[test]
fn a_transaction_after_ten_idle_minutes_gets_the_time_of_now_and_idling_makes_no_blocks() {
    let clock = clock_at(100);
    let rig = Setup::manual(&clock).start().unwrap();
    rig.commit("alice:0:5");
    let idle = rig.rest();
    clock.advance(Duration::from_secs(600));
    assert_eq!(
        rig.chain.wait_above(idle, Duration::from_millis(300)),
        None,
        "an idle chain stays idle"
    );
    let committed = rig.commit("alice:1:5");
    let header = rig.chain.header(Some(committed.height as i64)).unwrap();
    let now = i128::from(GENESIS_SECONDS as u64 + 700) * i128::from(SECOND);
    assert!(
        (now - ns(header.time)).abs() <= i128::from(SECOND),
        "header {} clock {now}",
        header.time
    );
    rig.rest();
    assert_times_grow(&rig);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_block_that_changed_state_is_followed_by_one_empty_block_that_carries_its_app_hash() {
    let rig = Setup::default().start().unwrap();
    let at_start = rig.rest();
    let height = rig.commit("alice:0:5").height;
    assert_eq!(height, at_start + 1);
    assert_eq!(rig.rest(), height + 1);
    let proof = rig.chain.block(Some(height as i64 + 1)).unwrap().block;
    let results = rig.chain.block_results(Some(height as i64)).unwrap();
    assert!(proof.data.is_empty());
    assert_eq!(proof.header.app_hash.as_bytes(), results.app_hash);
    assert_eq!(rig.chain.wait_above(height + 1, Duration::from_millis(200)), None);
    rig.chain.shutdown().unwrap();
}

#[test]
fn block_time_grows_while_the_clock_jumps_and_stands() {
    let clock = clock_at(50);
    let rig = Setup::manual(&clock).start().unwrap();
    for (i, seconds) in [60, 10, 3600, 3599, 1, 1, 7200, 0].into_iter().enumerate() {
        clock.set((GENESIS_SECONDS as u64 + seconds) * SECOND);
        rig.commit(&format!("alice:{i}:1"));
    }
    rig.rest();
    assert_times_grow(&rig);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_clock_before_genesis_does_not_stop_the_chain() {
    let clock = Arc::new(ManualClock::new(0));
    let rig = Setup::manual(&clock).start().unwrap();
    rig.commit("alice:0:5");
    rig.rest();
    assert_times_grow(&rig);
    rig.chain.shutdown().unwrap();
}

#[test]
fn a_steady_pace_makes_empty_blocks_only_if_told_to() {
    for empty_blocks in [true, false] {
        let mut setup = Setup::default();
        setup.config.pace = Pace::Every { interval: Duration::from_millis(5), empty_blocks };
        let rig = setup.start().unwrap();
        rig.commit("alice:0:5");
        let at = rig.rest();
        let more = rig
            .chain
            .wait_above(at + 3, Duration::from_millis(if empty_blocks { 20_000 } else { 200 }));
        assert_eq!(more.is_some(), empty_blocks);
        rig.chain.shutdown().unwrap();
        assert_times_grow(&rig);
    }
}
