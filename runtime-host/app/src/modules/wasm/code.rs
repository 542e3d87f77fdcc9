//! Storing code.

use super::access::AccessConfig;
use super::state_key::SEQUENCE_CODE;
use super::{info, params, validate};
use crate::error::{self, Fail, Run};
use crate::exec::{Exec, Mode};
use crate::gas;
use crate::limits::WASM_LEN_MAX;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessConfig as ProtoAccessConfig, CodeInfo, MsgStoreCode, MsgStoreCodeResponse,
};
use flate2::bufread::GzDecoder;
use std::io::Read;
use std::sync::Arc;
use suyuan_core::{hex_lower, sha256, Event, Hash32};

/// Stores the code of a message, raw or gzip, and gives it the next code id.
pub(crate) fn store_code(exec: &mut Exec<'_>, msg: &MsgStoreCode) -> Run<MsgStoreCodeResponse> {
    let sender = exec.facts.addr(&msg.sender).map_err(error::uncoded)?;
    let permission = msg.instantiate_permission.as_ref();
    let (code_id, checksum) = store(exec, &sender, &msg.wasm_byte_code, permission)?;
    Ok(MsgStoreCodeResponse { code_id, checksum: checksum.to_vec() })
}

/// Stores `bytes` for `sender`, for [`store_code`] and the messages that do more with the new code.
pub(super) fn store(
    exec: &mut Exec<'_>,
    sender: &[u8],
    bytes: &[u8],
    permission: Option<&ProtoAccessConfig>,
) -> Run<(u64, Hash32)> {
    validate::wasm(bytes)?;
    let chain = params::current(exec)?;
    let default = chain.instantiate_default.for_creator(&exec.facts.text(sender));
    let access = match permission {
        None => default.clone(),
        Some(config) => AccessConfig::from_proto(config, exec.facts.prefix())
            .map_err(|e| e.wrap("instantiate permission"))?,
    };
    let may = exec.facts.is_authority(sender)
        || (chain.upload.allows(exec.facts, sender) && access.is_subset_of(&default));
    if !may {
        return Err(error::UNAUTHORIZED.with("can not create code").into());
    }
    let wasm = decompress(exec, bytes)?;
    exec.gas.charge(gas::compile(wasm.len()), "Compiling wasm bytecode")?;
    let checksum = sha256(&wasm);
    let capabilities = accept(exec, wasm)?;
    let code_id = info::next_id(exec, SEQUENCE_CODE)?;
    let code_info = CodeInfo {
        code_hash: checksum.to_vec(),
        creator: exec.facts.text(sender),
        instantiate_config: Some(access.to_proto()),
    };
    info::save_code(exec, code_id, &code_info)?;
    let mut event = Event::new("store_code")
        .with("code_checksum", hex_lower(&checksum))
        .with("code_id", code_id.to_string());
    for capability in capabilities {
        event = event.with("required_capability", capability);
    }
    exec.emit(event);
    Ok((code_id, checksum))
}

/// Checks and compiles the code and keeps its bytes with the transaction. Returns the capabilities it requires; one
/// empty name if none, as wasmd reports it.
fn accept(exec: &mut Exec<'_>, wasm: Vec<u8>) -> Run<Vec<String>> {
    let refuse = |e: suyuan_vm::ValidationError| {
        Fail::User(error::WASM_CREATE_FAILED.with(format_args!("Error calling the VM: {e}")))
    };
    let analysis = exec.machine.vm.check(&wasm).map_err(refuse)?;
    if exec.mode == Mode::Deliver {
        let code = exec.machine.vm.compile(&wasm)?.map_err(refuse)?;
        exec.new_codes.push((*code.checksum(), Arc::new(wasm)));
    }
    if analysis.required_capabilities.is_empty() {
        return Ok(vec![String::new()]);
    }
    Ok(analysis.required_capabilities.into_iter().collect())
}

/// First bytes of a gzip archive.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// The wasm itself, charged.
fn decompress(exec: &mut Exec<'_>, bytes: &[u8]) -> Run<Vec<u8>> {
    if bytes.starts_with(GZIP_MAGIC) {
        exec.gas.charge(gas::uncompress(bytes.len()), "Uncompress gzip bytecode")?;
    }
    inflate(bytes).map_err(|why| {
        Fail::User(error::WASM_CREATE_FAILED.with(format_args!("uncompress wasm archive: {why}")))
    })
}

/// The wasm itself, or why its archive is refused. An archive is one gzip member with nothing behind it and a bounded
/// content: which archives are accepted is a consensus rule.
pub(crate) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(GZIP_MAGIC) {
        return Ok(bytes.to_vec());
    }
    let mut decoder = GzDecoder::new(bytes);
    let mut wasm = Vec::new();
    let limit = WASM_LEN_MAX as u64;
    decoder
        .by_ref()
        .take(limit.saturating_add(1))
        .read_to_end(&mut wasm)
        .map_err(|_| "invalid gzip archive".to_string())?;
    if wasm.len() > WASM_LEN_MAX {
        return Err(format!("max {WASM_LEN_MAX} bytes: exceeds limit"));
    }
    if !decoder.into_inner().is_empty() {
        return Err("bytes after the archive".to_string());
    }
    Ok(wasm)
}
