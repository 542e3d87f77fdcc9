//! Annex A.1 on a chain of its own: played, asked, checked.

use std::path::Path;

use serde_json::{json, Value};
use suyuan_cases::model::Model;
use suyuan_cases::robot::{robot_case, RobotCase};
use suyuan_client::proof::{contract_key, fetch, ProvedState};
use suyuan_client::walk::{recall_scope, trace, RecallScope, Trace, Walk};
use suyuan_client::{Client, ClientError, Outcome, Receipt};
use suyuan_trace_api::assembly::{Direction, RecallScopeKind, View};
use suyuan_trace_api::code::{self, VerdictAnswer};
use suyuan_trace_api::event::{self, EventKind, StoredEvent};

use crate::cmd::demo::{tell, write_json};
use crate::cmd::trace::trace_json;
use crate::cmd::trace_tree;
use crate::demo::check;
use crate::demo::stage::Stage;
use crate::fail::{Done, Failure, OrFail};
use crate::play::Player;
use crate::watch::Watch;

/// Lines of the origin tree that a person is shown; the whole is in the answer file.
const TREE_LINES: usize = 24;

/// Plays the case, answers its questions, checks every answer.
///
/// # Errors
/// Verification if an answer differs from the model, or a forgery was accepted.
pub async fn play(stage: &Stage, scale: u32, out: &Path) -> Done<Value> {
    let ctx = &stage.ctx;
    let case =
        robot_case(scale).ok_or_else(|| Failure::usage("the scale must be between 1 and 1000"))?;
    let mut watch = Watch::new(ctx, case.story.steps().count());
    let mut player = Player::new(&stage.client, &stage.deployment, &stage.operator, ctx.prefix());
    let tally = player.play(&case.story, |progress| watch.hear(progress)).await?;
    watch.end();
    let model = check::model_of(&case.story);

    let show = Show { stage, case: &case, model: &model };
    let origins = show.origins().await?;
    let products = show.products().await?;
    let recall = show.recall().await?;
    let refused = show.refusals(&mut player).await?;
    let proof = show.proof(&origins, out).await?;
    Ok(json!({
        "case": "robot",
        "scale": scale,
        "played": tally,
        "origins": trace_json(&origins)?,
        "products": trace_json(&products)?,
        "recall": recall,
        "refused": refused,
        "proof": proof,
    }))
}

struct Show<'a> {
    stage: &'a Stage,
    case: &'a RobotCase,
    model: &'a Model,
}

impl Show<'_> {
    fn client(&self) -> &Client {
        &self.stage.client
    }

    fn heading(&self, en: &str, zh: &str) {
        let ctx = &self.stage.ctx;
        tell(ctx, &format!("\n{}", ctx.lang().pick(en, zh)));
    }

    fn line(&self, en: String, zh: String) {
        let ctx = &self.stage.ctx;
        tell(ctx, &format!("  {}", ctx.lang().pick(en, zh)));
    }

    async fn walk(&self, code: &str, direction: Direction) -> Outcome<Trace> {
        let graph = self.stage.deployment.graph(self.client());
        let (view, page_size) = (View::History, None);
        let code = code.to_string();
        trace(self.client(), &graph, &Walk { code, direction, view, page_size, height: 0 }).await
    }

    async fn origins(&self) -> Done<Trace> {
        let robot = &self.case.robots[0];
        self.heading("Where does this robot come from?", "这台机器人从何而来？");
        let answer = self.walk(robot, Direction::Backward).await?;
        check::trace("origins", &answer, &self.model.backward(robot))?;
        check::records(&answer, self.model)?;
        let ctx = &self.stage.ctx;
        let tree = trace_tree::draw(&answer, ctx.lang());
        let lines: Vec<&str> = tree.lines().collect();
        lines.iter().take(TREE_LINES).for_each(|line| tell(ctx, &format!("  {line}")));
        if lines.len() > TREE_LINES {
            let more = lines.len() - TREE_LINES;
            self.line(format!("… {more} more lines"), format!("…… 另有 {more} 行"));
        }
        let leaves = answer.units.iter().filter(|unit| unit.incoming.count == 0);
        for unit in leaves.filter(|unit| unit.lot_number.is_some()) {
            let lot = unit.lot_number.as_deref().unwrap_or_default();
            let (maker, class) = (&unit.maker.id, &unit.class);
            let registered = unit.maker.registered;
            let mark = if registered { "" } else { " (declared, not registered)" };
            let mark_zh = if registered { "" } else { "（仅声明，未注册）" };
            self.line(
                format!("starts at lot {lot} of {class}, made by {maker}{mark}"),
                format!("起点：{class} 批次 {lot}，制造者 {maker}{mark_zh}"),
            );
        }
        let (inspections, production) = self.events(&answer).await?;
        self.line(
            format!("with {inspections} inspection and {production} production events"),
            format!("含 {inspections} 条质检事件、{production} 条生产事件"),
        );
        Ok(answer)
    }

    /// Inspection and production events of an answer's units, each counted once.
    async fn events(&self, answer: &Trace) -> Done<(usize, usize)> {
        let mut ids: Vec<String> = answer.units.iter().flat_map(|u| u.events.clone()).collect();
        ids.sort();
        ids.dedup();
        let log = self.stage.deployment.event(self.client());
        let (mut inspections, mut production) = (0, 0);
        for page in ids.chunks(suyuan_trace_api::page::PAGE_DEFAULT as usize) {
            let question = event::QueryMsg::EventsById { ids: page.to_vec() };
            let found: Vec<Option<StoredEvent>> = log.query(&question).await?;
            for stored in found {
                let stored =
                    stored.ok_or_else(|| Failure::verification("an event of a unit is missing"))?;
                match stored.event.kind {
                    EventKind::QualityInspection => inspections += 1,
                    EventKind::Production => production += 1,
                    _ => {}
                }
            }
        }
        Ok((inspections, production))
    }

    async fn products(&self) -> Done<Trace> {
        let lot = &self.case.bearing_lots[1];
        self.heading("Which robots contain this bearing lot?", "这批轴承装入了哪些机器人？");
        let answer = self.walk(lot, Direction::Forward).await?;
        check::trace("products", &answer, &self.model.forward(lot))?;
        if let Some(asked) = answer.units.iter().find(|unit| unit.code == *lot) {
            let number = asked.lot_number.as_deref().unwrap_or(lot);
            let (class, maker) = (&asked.class, &asked.maker.id);
            self.line(
                format!("lot {number} of {class}, made by {maker}, is in"),
                format!("{class} 批次 {number}（制造者 {maker}）装入："),
            );
        }
        for unit in answer.units.iter().filter(|u| u.class == self.case.robot_class) {
            let replaced = unit.code == self.case.robots[0];
            let note = if replaced { " (by the later replacement of a joint)" } else { "" };
            let note_zh = if replaced { "（经补装配关节）" } else { "" };
            let code = &unit.code;
            self.line(format!("robot {code}{note}"), format!("机器人 {code}{note_zh}"));
        }
        Ok(answer)
    }

    async fn recall(&self) -> Done<Value> {
        self.heading("What must be recalled for it?", "须召回哪些？");
        let graph = self.stage.deployment.graph(self.client());
        let seeds = [self.case.bearing_lots[1].clone()];
        let scope = recall_scope(self.client(), &graph, &seeds, None, 0).await?;
        check::recall(&scope, self.model)?;
        let count = |wanted: &dyn Fn(RecallScopeKind, bool) -> bool| {
            scope.entries.iter().filter(|entry| wanted(entry.scope, entry.gone)).count()
        };
        let must = count(&|kind, gone| kind == RecallScopeKind::Must && !gone);
        let may = count(&|kind, gone| kind == RecallScopeKind::May && !gone);
        let gone = count(&|_, gone| gone);
        self.line(
            format!("{must} must be recalled, {may} may be affected, {gone} are already gone"),
            format!("必须召回 {must}，可能受影响 {may}，已流出 {gone}"),
        );
        first_lot(self, &graph).await?;
        serde_json::to_value(scope).or_local(|| "scope as JSON".into())
    }

    async fn refusals(&self, player: &mut Player<'_>) -> Done<Value> {
        self.heading("A made-up code and a copied code", "伪造码与复制码");
        let forged = refusal(player.attempt(&self.case.forgery).await)?;
        let copied = refusal(player.attempt(&self.case.copy).await)?;
        self.line(format!("made up: {forged}"), format!("伪造：{forged}"));
        self.line(format!("copied: {copied}"), format!("复制：{copied}"));
        let codes = self.stage.deployment.code(self.client());
        let verify = code::QueryMsg::Verify { code: self.case.made_up.clone(), presented: None };
        let answer: VerdictAnswer = codes.query(&verify).await?;
        let (verdict, reason) = (answer.verdict, answer.reason);
        let said = self.stage.ctx.lang().verdict(verdict);
        self.line(
            format!("a scan of the made-up code says {said}: {reason}"),
            format!("扫描伪造码，结果为{said}：{reason}"),
        );

        let seen = &self.case.robots[self.case.robots.len() - 1];
        let dealer = player.signer(self.case.factory)?;
        for cell in ["N30E121", "S34E151"] {
            let scan = code::ExecuteMsg::RecordScan { code: seen.clone(), cell: cell.into() };
            codes.execute(&dealer, &scan).await?;
        }
        let verify = code::QueryMsg::Verify { code: seen.clone(), presented: None };
        let clone: VerdictAnswer = codes.query(&verify).await?;
        if clone.verdict != code::Verdict::SuspectClone {
            return Err(Failure::verification(format!("a cloned label passed: {clone:?}")));
        }
        let (word, why) = (clone.verdict, clone.reason);
        let said = self.stage.ctx.lang().verdict(word);
        self.line(
            format!(
                "another robot's code, scanned in Ningbo and in Sydney at once, is {said}: {why}"
            ),
            format!("另一台机器人的码在宁波与悉尼同时被扫描，结果为{said}：{why}"),
        );
        Ok(json!({
            "made_up": {"code": self.case.made_up, "reason": forged, "verdict": verdict, "why": reason},
            "copied": {"code": self.case.robots[0], "reason": copied},
            "cloned": {"code": seen, "verdict": word, "why": why},
        }))
    }

    /// One record of the answer, proved against a header that the genesis validator signed.
    async fn proof(&self, origins: &Trace, out: &Path) -> Done<Value> {
        self.heading("Checked without trusting the node", "不信任节点的离线验证");
        let unit = &origins.units[0];
        let record = [&[0x02], unit.birth.to_be_bytes().as_slice()].concat();
        let graph = &self.stage.deployment.assembly_graph;
        let key = contract_key(self.stage.ctx.prefix(), graph, &record)?;
        let proved = fetch(self.client(), "wasm", key).await?;
        let chain_id = self.client().chain_id();
        let holds = |state: &ProvedState| state.verify(chain_id, &self.stage.validators);
        holds(&proved).map_err(|fault| Failure::verification(fault.to_string()))?;
        let value = proved.value.clone().unwrap_or_default();
        let mut tampered = proved.clone();
        tampered.value = Some(format!("{value}00"));
        let Err(fault) = holds(&tampered) else {
            return Err(Failure::verification("a tampered record was accepted"));
        };
        let shown = serde_json::to_value(&proved).or_local(|| "proof as JSON".into())?;
        write_json(&out.join("proof.json"), &shown)?;
        let (height, bytes) = (proved.height, value.len() / 2);
        self.line(
            format!("the robot's record ({bytes} bytes) at height {height} leads to the app hash that the validator signed"),
            format!("机器人记录（{bytes} 字节，高度 {height}）可推导至验证者签名的应用哈希"),
        );
        self.line(
            format!("one byte more is refused: {fault}"),
            format!("多一个字节即被拒绝：{fault}"),
        );
        Ok(json!({"height": height, "key": shown["key"], "tampered": fault.to_string()}))
    }
}

/// The lot that came out again with the replaced joint: the first robot may be affected, no longer must.
async fn first_lot(
    show: &Show<'_>,
    graph: &suyuan_client::contracts::AssemblyGraph<'_>,
) -> Done<RecallScope> {
    let seeds = [show.case.bearing_lots[0].clone()];
    let scope = recall_scope(show.client(), graph, &seeds, None, 0).await?;
    check::recall(&scope, show.model)?;
    Ok(scope)
}

/// The contract's own words of a refusal; an acceptance is a failed check.
fn refusal(outcome: Outcome<Receipt>) -> Done<String> {
    match outcome {
        Ok(receipt) => {
            let text = format!("a forgery was accepted in transaction {}", receipt.hash);
            Err(Failure::verification(text))
        }
        Err(ClientError::Refused { log, .. }) => Ok(own_words(&log)),
        Err(other) => Err(other.into()),
    }
}

/// What the chain puts around a contract's error, taken off.
fn own_words(log: &str) -> String {
    let inner = log.split_once("message index: 0: ").map_or(log, |(_, inner)| inner);
    inner.split(": execute wasm contract failed").next().unwrap_or(inner).to_string()
}
