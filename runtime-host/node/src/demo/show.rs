//! What the cases of the annexes have in common: a story is played, questions are asked, answers are compared with
//! the plain model and told to people.

use suyuan_cases::model::Model;
use suyuan_cases::story::Story;
use suyuan_client::lists;
use suyuan_client::walk::{recall_scope, trace, RecallScope, Trace, Walk};
use suyuan_client::{Client, Outcome};
use suyuan_trace_api::assembly::{Direction, RecallScopeKind, View};
use suyuan_trace_api::event::{EventIndex, EventKind};

use crate::cmd::demo::tell;
use crate::cmd::trace_tree;
use crate::demo::check;
use crate::demo::stage::Stage;
use crate::fail::{Done, Failure};
use crate::play::{Player, Refused, Tally};
use crate::watch::Watch;

/// Lines of an origin tree that a person is shown; the whole is in the answer file.
const TREE_LINES: usize = 24;

/// Plays a story to its end, with a bar or headings for people.
///
/// # Errors
/// Refusals of the chain; verification if the chain does otherwise than the story says.
pub async fn play(stage: &Stage, player: &mut Player<'_>, story: &Story) -> Done<Tally> {
    let mut watch = Watch::new(&stage.ctx, story.steps().count());
    let tally = player.play(story, |progress| watch.hear(progress)).await?;
    watch.end();
    Ok(tally)
}

/// A stage and the model that its answers are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Show<'a> {
    /// The chain.
    pub stage: &'a Stage,
    /// What it must answer.
    pub model: &'a Model,
}

impl Show<'_> {
    /// The stage's client.
    pub fn client(&self) -> &Client {
        &self.stage.client
    }

    /// A question as a heading.
    pub fn heading(&self, en: &str, zh: &str) {
        let ctx = &self.stage.ctx;
        tell(ctx, &format!("\n{}", ctx.lang().pick(en, zh)));
    }

    /// A line of an answer.
    pub fn line(&self, en: String, zh: String) {
        let ctx = &self.stage.ctx;
        tell(ctx, &format!("  {}", ctx.lang().pick(en, zh)));
    }

    async fn walk(&self, code: &str, direction: Direction) -> Outcome<Trace> {
        let graph = self.stage.deployment.graph(self.client());
        let (view, page_size) = (View::History, None);
        let code = code.to_string();
        trace(self.client(), &graph, &Walk { code, direction, view, page_size, height: 0 }).await
    }

    /// What a unit is made of, as a tree and by its starting points.
    ///
    /// # Errors
    /// Verification if the answer differs from the model.
    pub async fn origins(&self, code: &str) -> Done<Trace> {
        let answer = self.walk(code, Direction::Backward).await?;
        check::trace("origins", &answer, &self.model.backward(code))?;
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
        for stored in lists::events_by_id(self.client(), &log, &ids).await? {
            let stored =
                stored.ok_or_else(|| Failure::verification("an event of a unit is missing"))?;
            match stored.event.kind {
                EventKind::QualityInspection => inspections += 1,
                EventKind::Production => production += 1,
                _ => {}
            }
        }
        Ok((inspections, production))
    }

    /// What a lot went into, and the products among it.
    ///
    /// # Errors
    /// Verification if the answer differs from the model.
    pub async fn products(
        &self,
        lot: &str,
        is_product: impl Fn(&str) -> bool,
        note: impl Fn(&str) -> (&'static str, &'static str),
    ) -> Done<Trace> {
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
        for unit in answer.units.iter().filter(|unit| is_product(&unit.class)) {
            let (note, note_zh) = note(&unit.code);
            let (code, class) = (&unit.code, &unit.class);
            self.line(format!("{class} {code}{note}"), format!("{class} {code}{note_zh}"));
        }
        Ok(answer)
    }

    /// What a recall of a lot touches, in numbers.
    ///
    /// # Errors
    /// Verification if the answer differs from the model.
    pub async fn recall(&self, lot: &str) -> Done<RecallScope> {
        let scope = self.scope(lot).await?;
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
        Ok(scope)
    }

    /// The same without a word.
    ///
    /// # Errors
    /// As [`Show::recall`].
    pub async fn scope(&self, lot: &str) -> Done<RecallScope> {
        let graph = self.stage.deployment.graph(self.client());
        let seeds = [lot.to_string()];
        let scope = recall_scope(self.client(), &graph, &seeds, None, 0).await?;
        check::recall(&scope, self.model)?;
        Ok(scope)
    }

    /// How many events an index knows under a value.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn indexed(&self, index: EventIndex, value: &str) -> Done<usize> {
        let log = self.stage.deployment.event(self.client());
        Ok(lists::events_by(self.client(), &log, index, value).await?.len())
    }

    /// What went wrong in the story, and what the chain said to it.
    pub fn faults(&self, refusals: &[Refused], tally: &Tally) {
        if refusals.is_empty() && tally.held == 0 {
            return;
        }
        self.heading("What went wrong, and what the chain said", "故障与链上的回应");
        for Refused { fault, fault_zh, what, words } in refusals {
            self.line(format!("{fault}: {what}: {words}"), format!("{fault_zh}：{what}：{words}"));
        }
        let (held, declared) = (tally.held, tally.declared);
        self.line(
            format!("{held} states of codes held as told; events declared wrong: {declared}"),
            format!("{held} 个码状态与剧本一致，{declared} 条事件已声明为误录"),
        );
    }
}
