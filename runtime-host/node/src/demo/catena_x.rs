//! A Catena-X document on a chain of its own.

use serde_json::Value;
use suyuan_cases::catena_x::story;
use suyuan_cases::genealogy::Genealogy;
use suyuan_cases::model::Model;
use suyuan_client::walk::{trace, Walk};
use suyuan_trace_api::assembly::{Direction, View};

use crate::cmd::demo::tell;
use crate::cmd::import::import;
use crate::cmd::trace::trace_json;
use crate::demo::check;
use crate::demo::stage::Stage;
use crate::fail::{Done, Failure};

/// Imports the document, traces its root backward and checks the answer.
///
/// # Errors
/// Usage for an unknown root; verification if the answer differs from the document.
pub async fn play(stage: &Stage, genealogy: &Genealogy, root: Option<&str>) -> Done<Value> {
    let ctx = &stage.ctx;
    let tally = import(ctx, &stage.client, &stage.deployment, &stage.operator, genealogy).await?;
    let model = Model::from_story(&story(genealogy));
    let root = match root {
        Some(id) => model
            .units
            .iter()
            .find(|(_, unit)| unit.alternate_id == id)
            .map(|(code, _)| code.clone())
            .ok_or_else(|| Failure::usage(format!("{id} is not in the document")))?,
        None => largest(&model).ok_or_else(|| Failure::usage("the document has no parts"))?,
    };
    let graph = stage.deployment.graph(&stage.client);
    let walk = Walk {
        code: root.clone(),
        direction: Direction::Backward,
        view: View::History,
        page_size: None,
        height: 0,
    };
    let answer = trace(&stage.client, &graph, &walk).await?;
    check::trace("trace", &answer, &model.backward(&root))?;
    check::records(&answer, &model)?;
    let lang = ctx.lang();
    let name = model.units.get(&root).map_or(root.as_str(), |unit| unit.alternate_id.as_str());
    tell(
        ctx,
        &lang.pick(
            format!(
                "{} parts and {} links imported in {} transactions.\n{name} is made of {} units (itself counted) over {} links, read in {} pages.",
                genealogy.parts().len(), genealogy.links(), tally.transactions,
                answer.units.len(), answer.links.len(), answer.pages
            ),
            format!(
                "以 {} 笔交易导入 {} 个零部件、{} 条关联。\n{name} 由 {} 个单元（含自身）经 {} 条关联构成，共 {} 页。",
                tally.transactions, genealogy.parts().len(), genealogy.links(),
                answer.units.len(), answer.links.len(), answer.pages
            ),
        ),
    );
    trace_json(&answer)
}

/// The unit that is part of nothing and made of the most; among equals the first by code.
fn largest(model: &Model) -> Option<String> {
    let roots = model.roots();
    let most = roots.values().max()?;
    roots.iter().find(|(_, size)| *size == most).map(|(code, _)| code.clone())
}
