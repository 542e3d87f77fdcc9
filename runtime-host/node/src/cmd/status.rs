//! `suyuan status`: what the node says of itself.

use suyuan_client::Rpc;

use crate::context::Ctx;
use crate::fail::{Done, OrFail};

/// Asks and prints.
///
/// # Errors
/// Network if the node does not answer.
pub async fn run(ctx: &Ctx) -> Done {
    let status = Rpc::new(&ctx.node_url())?.status().await?;
    let value = serde_json::to_value(&status).or_local(|| "status as JSON".into())?;
    ctx.print(&value);
    Ok(())
}
