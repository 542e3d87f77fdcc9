//! Storing code and using it at once, for whoever may do both.

use super::{code, instantiate, migrate, validate};
use crate::error::{self, Run, UserError};
use crate::exec::Exec;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgInstantiateContract, MsgStoreAndInstantiateContract, MsgStoreAndInstantiateContractResponse,
    MsgStoreAndMigrateContract, MsgStoreAndMigrateContractResponse,
};

/// Stores code and creates a contract of it.
pub(crate) fn store_and_instantiate(
    exec: &mut Exec<'_>,
    msg: &MsgStoreAndInstantiateContract,
) -> Run<MsgStoreAndInstantiateContractResponse> {
    let sender = validate::addr(exec, "authority", &msg.authority)?;
    validate::label(&msg.label)?;
    verification_info(msg)?;
    validate::payload(&msg.msg)?;
    let permission = msg.instantiate_permission.as_ref();
    let (code_id, _) = code::store(exec, &sender, &msg.wasm_byte_code, permission)?;
    let request = MsgInstantiateContract {
        sender: msg.authority.clone(),
        admin: msg.admin.clone(),
        code_id,
        label: msg.label.clone(),
        msg: msg.msg.clone(),
        funds: msg.funds.clone(),
    };
    let created = instantiate::instantiate(exec, &request)?;
    Ok(MsgStoreAndInstantiateContractResponse { address: created.address, data: created.data })
}

/// Stores code and moves a contract to it.
pub(crate) fn store_and_migrate(
    exec: &mut Exec<'_>,
    msg: &MsgStoreAndMigrateContract,
) -> Run<MsgStoreAndMigrateContractResponse> {
    let sender = validate::addr(exec, "authority", &msg.authority)?;
    let contract = validate::addr(exec, "contract", &msg.contract)?;
    validate::payload(&msg.msg)?;
    let permission = msg.instantiate_permission.as_ref();
    let (code_id, checksum) = code::store(exec, &sender, &msg.wasm_byte_code, permission)?;
    let data = migrate::migrate_to(exec, &contract, &sender, code_id, &msg.msg)?;
    Ok(MsgStoreAndMigrateContractResponse { code_id, checksum: checksum.to_vec(), data })
}

/// Where the source is and how it was built: all of it or nothing. Nothing is done with it.
fn verification_info(msg: &MsgStoreAndInstantiateContract) -> Result<(), UserError> {
    if msg.source.is_empty() && msg.builder.is_empty() && msg.code_hash.is_empty() {
        return Ok(());
    }
    let missing = if msg.source.is_empty() {
        "source is required"
    } else if msg.builder.is_empty() {
        "builder is required"
    } else if msg.code_hash.is_empty() {
        "code hash is required"
    } else {
        return Ok(());
    };
    Err(error::uncoded(missing).wrap("code verification info"))
}
