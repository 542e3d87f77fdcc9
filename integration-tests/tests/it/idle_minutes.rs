//! Time goes on while a chain is idle, and events are judged by it (design: the block-time rule).

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{ensure, Context as _, Result};
use suyuan_cases::story::{Recording, Scene, Writer};
use suyuan_client::ClientError;
use suyuan_integration_tests::house::PREFIX;
use suyuan_integration_tests::stage;
use suyuan_node::play::Player;
use suyuan_solo::{Clock as _, ManualClock};
use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking};
use suyuan_trace_api::event::EventKind;

const MAKER: &str = "maker";
/// How long the empty block behind a change may take on a busy machine.
const PROOF_BLOCK_MAX: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_secs(600);
/// Milliseconds in a nanosecond clock's million.
const NS_PER_MS: u64 = 1_000_000;

fn scene(name: &str) -> Scene {
    Scene::new(MAKER, EventKind::Production, name, "commissioning", "N31E121")
        .adds()
        .disposition("active")
}

/// Commissions a new piece; the event says that it happened at `time_ms`.
fn made_at(writer: &mut Writer, name: &str, time_ms: u64) -> Recording {
    let unit = writer.unit("piece");
    let mut recording = writer.draft(scene(name), Operation::Commission { units: vec![unit] });
    recording.event.event_time_ms = time_ms;
    recording
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correct_event_after_ten_idle_minutes_is_accepted_and_an_idle_chain_stays_idle(
) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let clock = Arc::new(ManualClock::new(u64::try_from(now.as_nanos())?));
    let stage = stage::set_with_clock(clock.clone()).await?;
    let height = || async {
        Ok::<u64, ClientError>(
            stage.client.rpc().status().await?.sync_info.latest_block_height.value(),
        )
    };

    let start_ms = clock.now_ns() / NS_PER_MS - 1;
    let mut writer = Writer::new("idle minutes", start_ms);
    writer.join(MAKER, "Maker", &["manufacturer"]);
    let class = NewClass {
        id: "piece".into(),
        kind: ClassKind::Component,
        tracking: Tracking::Serial,
        name: "piece".into(),
        specification: "S1".into(),
        product_id: None,
        uom: None,
        shelf_life_days: None,
    };
    writer.class(MAKER, class, 4);
    let now_ms = |clock: &ManualClock| clock.now_ns() / NS_PER_MS;
    let idle_ms = u64::try_from(IDLE.as_millis())?;
    let later = made_at(&mut writer, "made after the pause", now_ms(&clock) + idle_ms);
    let early = made_at(&mut writer, "made ten minutes ahead", now_ms(&clock) + 2 * idle_ms);

    let mut player = Player::new(&stage.client, &stage.deployment, &stage.operator, PREFIX);
    player.play(&writer.finish(), |_| {}).await?;
    let refused = player.attempt(&later).await;
    ensure!(
        matches!(&refused, Err(ClientError::Refused { log, .. }) if log.contains("FutureTime")),
        "before the pause the event lies in the future, but: {refused:?}"
    );

    // The refusal changed a sequence number; once the empty block that proves it is there, the chain is idle.
    let idle = async {
        loop {
            let at = height().await?;
            if stage.client.rpc().block(Some(at)).await?.block.data.is_empty() {
                return Ok::<u64, ClientError>(at);
            }
        }
    };
    let idle_at = tokio::time::timeout(PROOF_BLOCK_MAX, idle).await.context("no proof block")??;
    clock.advance(IDLE);
    ensure!(height().await? == idle_at, "an idle chain made a block");

    let receipt = player.attempt(&later).await.context("the event is correct by now")?;
    let block = stage.client.rpc().block(Some(receipt.height)).await?;
    let header_ns = block.block.header.time.unix_timestamp_nanos();
    let apart = (i128::from(clock.now_ns()) - header_ns).unsigned_abs();
    ensure!(apart <= 1_000_000_000, "the header is {apart} ns off the clock");

    let refused = player.attempt(&early).await;
    ensure!(
        matches!(&refused, Err(ClientError::Refused { log, .. }) if log.contains("FutureTime")),
        "an event from the future was accepted: {refused:?}"
    );
    stage.strike().map_err(|failure| failure.error)
}
