//! `suyuan version`: the program and the interfaces it speaks.

use serde_json::json;

use crate::context::Ctx;
use crate::fail::Done;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Prints the versions.
///
/// # Errors
/// None.
pub fn run(ctx: &Ctx) -> Done {
    ctx.print(&json!({
        "name": "suyuan",
        "version": VERSION,
        "rpc": "CometBFT 0.38",
        "transactions": "Cosmos SDK TxRaw, SIGN_MODE_DIRECT",
        "contracts": "CosmWasm (interface_version_8), cosmwasm.wasm.v1",
    }));
    Ok(())
}
