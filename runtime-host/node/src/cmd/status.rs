//! `suyuan status`: what the node says of itself.

use crate::context::Ctx;
use crate::fail::{Done, OrFail};

/// Asks and prints.
///
/// # Errors
/// Network if the node does not answer.
pub async fn run(ctx: &Ctx) -> Done {
    let status = ctx.rpc()?.status().await?;
    let value = serde_json::to_value(&status).or_local(|| "status as JSON".into())?;
    ctx.print(&value);
    Ok(())
}
