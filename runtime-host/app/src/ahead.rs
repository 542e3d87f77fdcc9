//! Uploads begin to compile when the mempool takes them, so that the thread that runs blocks finds the work done.
//!
//! Nothing of it is visible in results: a block that finds nothing prepared compiles for itself.

use crate::facts::Facts;
use crate::gas;
use crate::machine::Machine;
use crate::modules::wasm::{inflate, params};
use crate::msg::Msg;
use suyuan_core::Hosted;
use suyuan_store::Snapshot;

/// Uploads of one transaction that are compiled ahead; the others wait for their block.
const UPLOADS_MAX: usize = 4;

/// Hands the modules of a transaction that passed its check to the engine's compiling thread: only those whose sender may
/// upload (by the committed state) and whose gas limit pays for compiling, so that nobody gets more of it than a block
/// would give.
pub(crate) fn compile_uploads(
    machine: &Machine,
    facts: &Facts,
    committed: &Snapshot,
    msgs: &[Msg],
    gas_limit: u64,
) -> Hosted<()> {
    let mut gas_left = gas_limit;
    for (sender, bytes) in msgs.iter().filter_map(upload).take(UPLOADS_MAX) {
        let Ok(sender) = facts.addr(sender) else { continue };
        let allowed =
            facts.is_authority(&sender) || params::at(committed)?.upload.allows(facts, &sender);
        let Some(Ok(wasm)) = allowed.then(|| inflate(bytes)) else { continue };
        let Some(left) = gas_left.checked_sub(gas::compile(wasm.len())) else { return Ok(()) };
        gas_left = left;
        machine.vm.compile_ahead(wasm);
    }
    Ok(())
}

/// Sender and code of a message that uploads.
fn upload(msg: &Msg) -> Option<(&str, &[u8])> {
    match msg {
        Msg::StoreCode(m) => Some((&m.sender, &m.wasm_byte_code)),
        Msg::StoreAndInstantiate(m) => Some((&m.authority, &m.wasm_byte_code)),
        Msg::StoreAndMigrate(m) => Some((&m.authority, &m.wasm_byte_code)),
        _ => None,
    }
}
