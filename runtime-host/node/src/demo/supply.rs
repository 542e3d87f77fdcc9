//! Annex A.3 on a chain of its own: played, asked, checked.

use serde_json::{json, Value};
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::supply::supply_case;
use suyuan_trace_api::assembly::{Operation, QueryMsg, UnitView};

use crate::cmd::trace::trace_json;
use crate::demo::show::{self, Show};
use crate::demo::stage::Stage;
use crate::fail::{Done, Failure, OrFail};
use crate::play::Player;

/// Plays the case, answers its questions, checks every answer.
///
/// # Errors
/// Verification if an answer differs from the model, or a fault passed unnoticed.
pub async fn play(stage: &Stage, scale: u32, faults: &Faults) -> Done<Value> {
    let ctx = &stage.ctx;
    let case = supply_case(scale, faults)
        .ok_or_else(|| Failure::usage("the scale must be between 1 and 250"))?;
    let mut player = Player::new(&stage.client, &stage.deployment, &stage.operator, ctx.prefix());
    let tally = show::play(stage, &mut player, &case.story).await?;
    let model = Model::from_story(&case.story);
    let show = Show { stage, model: &model };

    show.heading("Where does this motor come from?", "这台电机从何而来？");
    let origins = show.origins(&case.motors[0]).await?;
    show.heading("Which motors contain this wire?", "这批电磁线装入了哪些电机？");
    let plain = |_: &str| ("", "");
    let products = show.products(&case.wire, |class| class.starts_with("motor-"), plain).await?;
    show.heading("What must be recalled for a lot of bearings?", "轴承批次须召回哪些？");
    let recall = show.recall(&case.bearings).await?;

    show.heading("Through whose hands did it go?", "它经过谁的手？");
    let graph = stage.deployment.graph(&stage.client);
    let code = case.motors[0].clone();
    let unit: Option<UnitView> = graph.query(&QueryMsg::Unit { code: code.clone() }).await?;
    let unit = unit.ok_or_else(|| Failure::verification("the motor is not on the chain"))?;
    let mut hands = vec![case.factory.to_string()];
    for recording in case.story.recordings() {
        let taken = matches!(&recording.operation, Operation::Receive { units }
            if model.forward(&code).units.iter().any(|holder| units.contains(holder)));
        if taken && hands.last() != Some(&recording.actor) {
            hands.push(recording.actor.clone());
        }
    }
    let (route, owner) = (hands.join(" → "), &unit.owner);
    show.line(
        format!("{route}, the last owner on record is {owner}"),
        format!("{route}，最后登记的所有者为 {owner}"),
    );
    if hands.last() != Some(&unit.custodian) {
        let text = format!("the chain says {} holds it, the story {route}", unit.custodian);
        return Err(Failure::verification(text));
    }
    show.faults(player.refusals(), &tally);
    Ok(json!({
        "case": "supply-chain",
        "scale": scale,
        "played": tally,
        "faults": player.refusals(),
        "origins": trace_json(&origins)?,
        "products": trace_json(&products)?,
        "recall": serde_json::to_value(recall).or_local(|| "scope as JSON".into())?,
        "hands": hands,
    }))
}
