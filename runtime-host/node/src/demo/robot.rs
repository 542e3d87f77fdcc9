//! Annex A.1 on a chain of its own: played, asked, checked.

use std::path::Path;

use serde_json::{json, Value};
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::robot::{robot_case, RobotCase};
use suyuan_client::proof::{contract_key, fetch, ProvedState};
use suyuan_client::walk::Trace;
use suyuan_client::{ClientError, Outcome, Receipt};
use suyuan_trace_api::code::{self, VerdictAnswer};

use crate::cmd::demo::write_json;
use crate::cmd::trace::trace_json;
use crate::demo::show::{self, Show};
use crate::demo::stage::Stage;
use crate::fail::{Done, Failure, OrFail};
use crate::play::Player;

/// Plays the case, answers its questions, checks every answer.
///
/// # Errors
/// Verification if an answer differs from the model, or a forgery was accepted.
pub async fn play(stage: &Stage, scale: u32, faults: &Faults, out: &Path) -> Done<Value> {
    let ctx = &stage.ctx;
    let case = robot_case(scale, faults)
        .ok_or_else(|| Failure::usage("the scale must be between 1 and 1000"))?;
    let mut player = Player::new(&stage.client, &stage.deployment, &stage.operator, ctx.prefix());
    let tally = show::play(stage, &mut player, &case.story).await?;
    let model = Model::from_story(&case.story);

    let robot = Robot { show: Show { stage, model: &model }, case: &case };
    let origins = robot.origins().await?;
    let products = robot.products().await?;
    let recall = robot.recall().await?;
    robot.show.faults(player.refusals(), &tally);
    let refused = robot.refusals(&mut player).await?;
    let proof = robot.proof(&origins, out).await?;
    Ok(json!({
        "case": "robot",
        "scale": scale,
        "played": tally,
        "faults": player.refusals(),
        "origins": trace_json(&origins)?,
        "products": trace_json(&products)?,
        "recall": recall,
        "refused": refused,
        "proof": proof,
    }))
}

struct Robot<'a> {
    show: Show<'a>,
    case: &'a RobotCase,
}

impl Robot<'_> {
    async fn origins(&self) -> Done<Trace> {
        self.show.heading("Where does this robot come from?", "这台机器人从何而来？");
        self.show.origins(&self.case.robots[0]).await
    }

    async fn products(&self) -> Done<Trace> {
        let lot = &self.case.bearing_lots[1];
        self.show.heading("Which robots contain this bearing lot?", "这批轴承装入了哪些机器人？");
        let note = |code: &str| match code == self.case.robots[0] {
            true => (" (by the later replacement of a joint)", "（经补装配关节）"),
            false => ("", ""),
        };
        self.show.products(lot, |class| class == self.case.robot_class, note).await
    }

    async fn recall(&self) -> Done<Value> {
        self.show.heading("What must be recalled for it?", "须召回哪些？");
        let scope = self.show.recall(&self.case.bearing_lots[1]).await?;
        // The lot that came out again with the replaced joint: the first robot may be affected, no longer must.
        self.show.scope(&self.case.bearing_lots[0]).await?;
        serde_json::to_value(scope).or_local(|| "scope as JSON".into())
    }

    async fn refusals(&self, player: &mut Player<'_>) -> Done<Value> {
        self.show.heading("A made-up code and a copied code", "伪造码与复制码");
        let forged = refusal(player.attempt(&self.case.forgery).await)?;
        let copied = refusal(player.attempt(&self.case.copy).await)?;
        self.show.line(format!("made up: {forged}"), format!("伪造：{forged}"));
        self.show.line(format!("copied: {copied}"), format!("复制：{copied}"));
        let codes = self.show.stage.deployment.code(self.show.client());
        let made_up = self.case.made_up.clone();
        let verify = code::QueryMsg::Verify { code: made_up, presented: None, evidence: None };
        let answer: VerdictAnswer = codes.query(&verify).await?;
        let (verdict, reason) = (answer.verdict, answer.reason);
        let said = self.show.stage.ctx.lang().verdict(verdict);
        self.show.line(
            format!("a scan of the made-up code says {said}: {reason}"),
            format!("扫描伪造码，结果为{said}：{reason}"),
        );

        let seen = &self.case.robots[self.case.robots.len() - 1];
        let dealer = player.signer(self.case.factory)?;
        for cell in ["N30E121", "S34E151"] {
            let (code, cell) = (seen.clone(), cell.into());
            let scan = code::ExecuteMsg::RecordScan { code, cell, nonce: None };
            codes.execute(&dealer, &scan).await?;
        }
        let copied_code = seen.clone();
        let verify = code::QueryMsg::Verify { code: copied_code, presented: None, evidence: None };
        let clone: VerdictAnswer = codes.query(&verify).await?;
        if clone.verdict != code::Verdict::SuspectClone {
            return Err(Failure::verification(format!("a cloned label passed: {clone:?}")));
        }
        let (word, why) = (clone.verdict, clone.reason);
        let said = self.show.stage.ctx.lang().verdict(word);
        self.show.line(
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
        self.show.heading("Checked without trusting the node", "不信任节点的离线验证");
        let unit = &origins.units[0];
        let record = [&[0x02], unit.birth.to_be_bytes().as_slice()].concat();
        let graph = &self.show.stage.deployment.assembly_graph;
        let key = contract_key(self.show.stage.ctx.prefix(), graph, &record)?;
        let proved = fetch(self.show.client(), "wasm", key).await?;
        let chain_id = self.show.client().chain_id();
        let holds = |state: &ProvedState| state.verify(chain_id, &self.show.stage.validators);
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
        self.show.line(
            format!("the robot's record ({bytes} bytes) at height {height} leads to the app hash that the validator signed"),
            format!("机器人记录（{bytes} 字节，高度 {height}）可推导至验证者签名的应用哈希"),
        );
        self.show.line(
            format!("one byte more is refused: {fault}"),
            format!("多一个字节即被拒绝：{fault}"),
        );
        Ok(json!({"height": height, "key": shown["key"], "tampered": fault.to_string()}))
    }
}

/// The contract's own words of a refusal; an acceptance is a failed check.
fn refusal(outcome: Outcome<Receipt>) -> Done<String> {
    match outcome {
        Ok(receipt) => {
            let text = format!("a forgery was accepted in transaction {}", receipt.hash);
            Err(Failure::verification(text))
        }
        Err(error @ ClientError::Refused { .. }) => {
            Ok(error.refusal().unwrap_or_default().to_string())
        }
        Err(other) => Err(other.into()),
    }
}
