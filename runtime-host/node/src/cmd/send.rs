//! What every sending command does: show, ask, sign, send, wait, print.

use cosmos_sdk_proto::Any;
use serde_json::{json, Value};
use suyuan_client::tx::GAS_PERCENT_DEFAULT;
use suyuan_client::{Client, Gas, Receipt, Signer};

use crate::cli::BroadcastMode;
use crate::cmd::show;
use crate::context::Ctx;
use crate::fail::Done;

/// Sends one transaction as the flags say and prints what became of it.
///
/// # Errors
/// Refused if the chain says no at any stage; usage if it was not confirmed; network classes.
pub async fn send(ctx: &Ctx, client: &Client, signer: &Signer, messages: Vec<Any>) -> Done {
    let flags = &ctx.globals.tx;
    if flags.dry_run {
        let percent = match client.options().gas {
            Gas::Auto { percent } => percent,
            Gas::Fixed(_) => GAS_PERCENT_DEFAULT,
        };
        let gas = client.estimate(signer, messages, percent).await?;
        ctx.say(&ctx.lang().gas_estimate(gas));
        ctx.print(&json!({"gas_estimate": gas.to_string()}));
        return Ok(());
    }
    if !flags.yes {
        let shown: Vec<Value> = messages.iter().map(show::message).collect();
        ctx.say(&crate::output::indented(&json!({ "messages": shown })));
        ctx.confirm(ctx.lang().confirm_tx())?;
    }
    let hash = client.broadcast(signer, messages).await?;
    follow(ctx, client, &hash).await
}

/// Waits for what the mempool took as far as the flags say, and prints it.
///
/// # Errors
/// Refused if its code is not 0; network classes.
pub async fn follow(ctx: &Ctx, client: &Client, hash: &str) -> Done {
    match ctx.globals.tx.broadcast_mode {
        BroadcastMode::Block => finish(ctx, client.wait(hash).await?),
        BroadcastMode::Sync => {
            ctx.print(&pending(hash));
            Ok(())
        }
    }
}

/// Prints a receipt: all of it for programs, what matters for people. A failed transaction is a refusal.
///
/// # Errors
/// Refused if its code is not 0.
pub fn finish(ctx: &Ctx, receipt: Receipt) -> Done {
    if ctx.is_text() {
        ctx.print(&summary(&receipt));
    } else {
        ctx.print(&receipt.to_json());
    }
    receipt.into_result()?;
    Ok(())
}

/// A receipt without its events; `query tx` shows them.
fn summary(receipt: &Receipt) -> Value {
    let mut shown = json!({
        "txhash": receipt.hash,
        "height": receipt.height,
        "code": receipt.code,
        "gas": format!("{} of {}", receipt.gas_used, receipt.gas_wanted),
    });
    if let Ok(code_id) = receipt.code_id() {
        shown["code_id"] = json!(code_id);
    }
    if let Ok(address) = receipt.contract_address() {
        shown["contract"] = json!(address);
    }
    if !receipt.is_ok() {
        shown["codespace"] = json!(receipt.codespace);
        shown["raw_log"] = json!(receipt.log);
    }
    shown
}

fn pending(hash: &str) -> Value {
    json!({
        "height": "0", "txhash": hash, "codespace": "", "code": 0, "data": "", "raw_log": "",
        "info": "", "gas_wanted": "0", "gas_used": "0", "events": [],
    })
}
