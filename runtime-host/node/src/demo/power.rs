//! Annex A.2 on a chain of its own: played, asked, checked.

use serde_json::{json, Value};
use suyuan_cases::fault::Faults;
use suyuan_cases::model::Model;
use suyuan_cases::power::power_case;
use suyuan_trace_api::event::EventIndex;

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
    let case = power_case(scale, faults)
        .ok_or_else(|| Failure::usage("the scale must be between 1 and 250"))?;
    let mut player = Player::new(&stage.client, &stage.deployment, &stage.operator, ctx.prefix());
    let tally = show::play(stage, &mut player, &case.story).await?;
    let model = Model::from_story(&case.story);
    let show = Show { stage, model: &model };

    show.heading("Where does this cabinet come from?", "这台开关柜从何而来？");
    let origins = show.origins(&case.cabinets[0]).await?;
    show.heading(
        "Which cabinets contain this lot of outsourced busbars?",
        "这批外协母线装入了哪些开关柜？",
    );
    let plain = |_: &str| ("", "");
    let products =
        show.products(&case.busbars, |class| class.starts_with("cabinet-"), plain).await?;
    show.heading("What must be recalled for a lot of insulators?", "绝缘子批次须召回哪些？");
    let certain = show.recall(&case.insulators[1]).await?;
    show.heading(
        "And for a box of bolts that nobody wrote down?",
        "未逐件登记的一箱螺栓又须召回哪些？",
    );
    let potential = show.recall(&case.fasteners[0]).await?;
    show.heading(
        "Which events name this machine, and this project?",
        "哪些事件用过这台设备、属于该项目？",
    );
    let machine = show.indexed(EventIndex::Resource, &case.machines[0]).await?;
    let project = show.indexed(EventIndex::Project, case.projects[1]).await?;
    show.line(
        format!("{machine} events on the machine, {project} for {}", case.projects[1]),
        format!("该设备 {machine} 条事件，{} 项目 {project} 条事件", case.projects[1]),
    );
    let expected = |wanted: &dyn Fn(&suyuan_trace_api::event::NewEvent) -> bool| {
        case.story.recordings().filter(|recording| wanted(&recording.event)).count()
    };
    let on_machine =
        expected(&|event| event.resources.iter().any(|resource| resource.id == case.machines[0]));
    let of_project = expected(&|event| event.project.as_deref() == Some(case.projects[1]));
    if (machine, project) != (on_machine, of_project) {
        return Err(Failure::verification(format!(
            "the story has {on_machine} events on the machine and {of_project} of the project"
        )));
    }
    show.faults(player.refusals(), &tally);
    Ok(json!({
        "case": "power",
        "scale": scale,
        "played": tally,
        "faults": player.refusals(),
        "origins": trace_json(&origins)?,
        "products": trace_json(&products)?,
        "recall": serde_json::to_value(certain).or_local(|| "scope as JSON".into())?,
        "potential": serde_json::to_value(potential).or_local(|| "scope as JSON".into())?,
        "machine_events": machine,
        "project_events": project,
    }))
}
