//! A batch of a million codes: made and committed to off-line, one small transaction on the chain.

use anyhow::{ensure, Context as _, Result};
use suyuan_codes::{BatchSpec, Secret, Sheet, TailKey};
use suyuan_integration_tests::house::plain;
use suyuan_integration_tests::stage;
use suyuan_node::config::Home;
use suyuan_trace_api::code::{
    BatchStatsAnswer, ClassKind, ExecuteMsg, NewClass, QueryMsg, Tracking, Verdict, VerdictAnswer,
};
use suyuan_trace_api::participant::{self, NewParticipant, ParticipantKind};

use crate::gas_table::sizes;

const CODES: u32 = 1_000_000;
/// What the transaction may cost.
const GAS_MAX: i64 = 300_000;
/// What it may add to the state, keys included.
const BYTES_MAX: i64 = 1024;

/// clauses 9 a, 9 c: codes cannot be made up, and a million of them cost one record.
#[tokio::test(flavor = "multi_thread")]
async fn a_million_codes_are_one_transaction_and_less_than_a_kibibyte_of_state() -> Result<()> {
    let stage = stage::set().await?;
    let (client, maker) = (&stage.client, &stage.operator);
    // The stage's operator is its only certifier: its registration is decided at once.
    let register = participant::ExecuteMsg::Register(NewParticipant {
        id: "maker".into(),
        kind: ParticipantKind::Organisation,
        name: Some("Maker".into()),
        name_commitment: None,
        acts_for: None,
        identifiers: vec![],
        roles: vec!["manufacturer".into()],
        addresses: vec![maker.address().to_owned()],
        metadata: None,
    });
    stage.deployment.registry(client).execute(maker, &register).await?;
    let codes = stage.deployment.code(client);
    let class = NewClass {
        id: "motor-m1".into(),
        kind: ClassKind::Product,
        tracking: Tracking::Serial,
        name: "Motor".into(),
        specification: "M1, 2.2 kW".into(),
        product_id: None,
        uom: None,
        shelf_life_days: None,
    };
    codes.execute(maker, &ExecuteMsg::RegisterClass(class)).await?;

    let mut spec = BatchSpec::new("million-2026", "motor-m1", "M1LL1", CODES);
    spec.tail = TailKey::HmacSha256128 { kid: "k".into(), key: [3; 32] };
    let sheet = Sheet::make(spec, Secret::new([7; 32]), 2)?;
    let batch = sheet.generator().new_batch();
    ensure!((batch.count, batch.depth, batch.root) == (CODES, 20, sheet.root()), "{batch:?}");
    let issued = codes.execute(maker, &ExecuteMsg::IssueBatch(batch)).await?;
    println!("a batch of {CODES} codes: {} gas", issued.gas_used);
    ensure!(issued.gas_used < GAS_MAX, "{} gas", issued.gas_used);

    // Every place can be shown to be issued: the last one, and none behind it.
    let stats = QueryMsg::BatchStats { id: "million-2026".into() };
    let stats: Option<BatchStatsAnswer> = codes.query(&stats).await?;
    ensure!(stats.context("the batch")?.unused == CODES, "all of them wait");
    for index in [0, CODES / 2, CODES - 1] {
        let presented = sheet.generator().present(index)?;
        let question = QueryMsg::Verify {
            code: presented.code.clone(),
            presented: Some(presented),
            evidence: None,
        };
        let answer: VerdictAnswer = codes.query(&question).await?;
        ensure!(answer.verdict == Verdict::NotYetActive, "{answer:?}");
    }

    let height = issued.height;
    let home = stage.ctx.globals.home.clone().context("a stage has a home")?;
    let _folder = stage.end().map_err(plain)?;
    let sizes = sizes(&Home::new(home))?;
    let size = |height: u64| sizes.get(&height).copied().context("a height that is kept");
    let bytes = size(height)? - size(height - 1)?;
    println!("a batch of {CODES} codes: {bytes} bytes of state");
    ensure!(bytes < BYTES_MAX, "{bytes} bytes");
    Ok(())
}
