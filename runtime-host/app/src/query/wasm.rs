//! Queries about codes and contracts.

use super::page::Page;
use super::{decode, encode, invalid, unknown_path, Answer, QueryFail, View};
use crate::error;
use crate::gas::GasMeter;
use crate::limits::SMART_QUERY_GAS_MAX;
use crate::modules::wasm::state_key::{self as key, POSITION_LEN, STORE};
use crate::modules::wasm::{info, is_json, params, query_smart};
use crate::stack;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    CodeInfo, CodeInfoResponse, ContractCodeHistoryEntry, ContractInfo, Model,
    QueryAllContractStateRequest, QueryAllContractStateResponse, QueryBuildAddressRequest,
    QueryBuildAddressResponse, QueryCodeRequest, QueryCodeResponse, QueryCodesRequest,
    QueryCodesResponse, QueryContractHistoryRequest, QueryContractHistoryResponse,
    QueryContractInfoRequest, QueryContractInfoResponse, QueryContractsByCodeRequest,
    QueryContractsByCodeResponse, QueryContractsByCreatorRequest, QueryContractsByCreatorResponse,
    QueryParamsResponse, QueryPinnedCodesRequest, QueryPinnedCodesResponse,
    QueryRawContractStateRequest, QueryRawContractStateResponse, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use suyuan_core::address::contract_address_predictable;
use suyuan_core::HostFault;

pub(super) fn answer(view: &View<'_>, method: &str, data: &[u8]) -> Answer {
    match method {
        "ContractInfo" => contract_info(view, decode(data)?),
        "ContractHistory" => contract_history(view, decode(data)?),
        "ContractsByCode" => contracts_by_code(view, decode(data)?),
        "ContractsByCreator" => contracts_by_creator(view, decode(data)?),
        "AllContractState" => all_contract_state(view, decode(data)?),
        "RawContractState" => raw_contract_state(view, decode(data)?),
        "SmartContractState" => smart_contract_state(view, decode(data)?),
        "Code" => code(view, decode(data)?),
        "CodeInfo" => code_info(view, decode(data)?),
        "Codes" => codes(view, decode(data)?),
        "PinnedCodes" => pinned_codes(view, decode(data)?),
        "Params" => {
            let params = Some(params::committed(view.snapshot)?);
            encode(&QueryParamsResponse { params })
        }
        "WasmLimitsConfig" => encode(&QueryWasmLimitsConfigResponse { config: limits_json() }),
        "BuildAddress" => build_address(view, decode(data)?),
        _ => Err(unknown_path()),
    }
}

fn addr(view: &View<'_>, text: &str) -> Result<Vec<u8>, QueryFail> {
    Ok(view.facts.addr(text).map_err(error::uncoded)?)
}

fn contract(view: &View<'_>, addr: &[u8]) -> Result<ContractInfo, QueryFail> {
    match view.snapshot.get(STORE, &key::contract(addr))? {
        Some(bytes) => Ok(info::decode(&bytes)?),
        None => Err(error::no_such_contract(&view.facts.text(addr)).into()),
    }
}

fn contract_info(view: &View<'_>, request: QueryContractInfoRequest) -> Answer {
    let addr = addr(view, &request.address)?;
    let info = contract(view, &addr)?;
    encode(&QueryContractInfoResponse {
        address: view.facts.text(&addr),
        contract_info: Some(info),
    })
}

fn contract_history(view: &View<'_>, request: QueryContractHistoryRequest) -> Answer {
    let addr = addr(view, &request.address)?;
    let page = Page::by_key(request.pagination)?;
    let (records, pagination) = page.records(view.snapshot, STORE, &key::history(&addr))?;
    let entries = records
        .iter()
        .map(|(_, bytes)| info::decode::<ContractCodeHistoryEntry>(bytes))
        .collect::<Result<_, HostFault>>()?;
    encode(&QueryContractHistoryResponse { entries, pagination: Some(pagination) })
}

/// Addresses at the end of index keys, behind the position.
fn indexed_addresses(view: &View<'_>, records: &[(Vec<u8>, Vec<u8>)]) -> Vec<String> {
    records
        .iter()
        .filter_map(|(key, _)| key.get(POSITION_LEN..))
        .map(|addr| view.facts.text(addr))
        .collect()
}

fn contracts_by_code(view: &View<'_>, request: QueryContractsByCodeRequest) -> Answer {
    refuse_zero(request.code_id)?;
    let page = Page::by_key(request.pagination)?;
    let (records, pagination) =
        page.records(view.snapshot, STORE, &key::by_code(request.code_id))?;
    let contracts = indexed_addresses(view, &records);
    encode(&QueryContractsByCodeResponse { contracts, pagination: Some(pagination) })
}

fn contracts_by_creator(view: &View<'_>, request: QueryContractsByCreatorRequest) -> Answer {
    let page = Page::by_key(request.pagination)?;
    let creator = addr(view, &request.creator_address)?;
    let (records, pagination) = page.records(view.snapshot, STORE, &key::by_creator(&creator))?;
    let contract_addresses = indexed_addresses(view, &records);
    encode(&QueryContractsByCreatorResponse { contract_addresses, pagination: Some(pagination) })
}

fn all_contract_state(view: &View<'_>, request: QueryAllContractStateRequest) -> Answer {
    let addr = addr(view, &request.address)?;
    let page = Page::by_key(request.pagination)?;
    contract(view, &addr)?;
    let (records, pagination) = page.records(view.snapshot, STORE, &key::contract_state(&addr))?;
    let models = records.into_iter().map(|(key, value)| Model { key, value }).collect();
    encode(&QueryAllContractStateResponse { models, pagination: Some(pagination) })
}

fn raw_contract_state(view: &View<'_>, request: QueryRawContractStateRequest) -> Answer {
    let addr = addr(view, &request.address)?;
    contract(view, &addr)?;
    let key = [&key::contract_state(&addr)[..], &request.query_data].concat();
    let data = if key.len() > suyuan_store::KEY_LEN_MAX {
        None
    } else {
        view.snapshot.get(STORE, &key)?
    };
    encode(&QueryRawContractStateResponse { data: data.unwrap_or_default() })
}

fn smart_contract_state(view: &View<'_>, request: QuerySmartContractStateRequest) -> Answer {
    if !is_json(&request.query_data) {
        return Err(invalid("invalid query data"));
    }
    let addr = addr(view, &request.address)?;
    let result = stack::deep(|| {
        Ok(view.exec(GasMeter::new(SMART_QUERY_GAS_MAX), |exec| {
            let result = query_smart(exec, &addr, &request.query_data);
            result.map_err(|fail| QueryFail::of_run(fail, &exec.gas))
        }))
    })?;
    encode(&QuerySmartContractStateResponse { data: result? })
}

fn refuse_zero(code_id: u64) -> Result<(), QueryFail> {
    if code_id == 0 {
        return Err(error::WASM_INVALID.with("code id").into());
    }
    Ok(())
}

fn stored_code(view: &View<'_>, code_id: u64) -> Result<CodeInfo, QueryFail> {
    refuse_zero(code_id)?;
    match view.snapshot.get(STORE, &key::code(code_id))? {
        Some(bytes) => Ok(info::decode(&bytes)?),
        None => Err(error::no_such_code(code_id).into()),
    }
}

fn describe(code_id: u64, info: CodeInfo) -> CodeInfoResponse {
    CodeInfoResponse {
        code_id,
        creator: info.creator,
        data_hash: info.code_hash,
        instantiate_permission: info.instantiate_config,
    }
}

fn code(view: &View<'_>, request: QueryCodeRequest) -> Answer {
    let info = stored_code(view, request.code_id)?;
    let checksum = info::checksum(&info)?;
    let data = view
        .machine
        .bytes(&checksum, &[])?
        .ok_or_else(|| HostFault::new("a code in state without bytes"))?;
    encode(&QueryCodeResponse { code_info: Some(describe(request.code_id, info)), data })
}

/// The request and answer of the newer `CodeInfo` method, which the protobuf crate does not have yet.
#[derive(Clone, PartialEq, prost::Message)]
struct QueryCodeInfoRequest {
    #[prost(uint64, tag = "1")]
    code_id: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct QueryCodeInfoResponse {
    #[prost(uint64, tag = "1")]
    code_id: u64,
    #[prost(string, tag = "2")]
    creator: String,
    #[prost(bytes = "vec", tag = "3")]
    checksum: Vec<u8>,
    #[prost(message, optional, tag = "4")]
    instantiate_permission: Option<cosmos_sdk_proto::cosmwasm::wasm::v1::AccessConfig>,
}

/// The answer of the newer `WasmLimitsConfig`; its request is empty.
#[derive(Clone, PartialEq, prost::Message)]
struct QueryWasmLimitsConfigResponse {
    #[prost(string, tag = "1")]
    config: String,
}

/// The bounds of static validation, by wasmvm's names.
fn limits_json() -> String {
    use suyuan_vm::{
        FUNCTIONS_MAX, IMPORTS_MAX, MEMORY_PAGES_MAX, PARAMS_MAX, PARAMS_TOTAL_MAX, RESULTS_MAX,
        TABLE_ENTRIES_MAX,
    };
    serde_json::json!({
        "initial_memory_limit_pages": MEMORY_PAGES_MAX,
        "table_size_limit_elements": TABLE_ENTRIES_MAX,
        "max_imports": IMPORTS_MAX,
        "max_functions": FUNCTIONS_MAX,
        "max_function_params": PARAMS_MAX,
        "max_total_function_params": PARAMS_TOTAL_MAX,
        "max_function_results": RESULTS_MAX,
    })
    .to_string()
}

fn code_info(view: &View<'_>, request: QueryCodeInfoRequest) -> Answer {
    let info = stored_code(view, request.code_id)?;
    encode(&QueryCodeInfoResponse {
        code_id: request.code_id,
        creator: info.creator,
        checksum: info.code_hash,
        instantiate_permission: info.instantiate_config,
    })
}

fn code_id_of(key: &[u8]) -> Result<u64, HostFault> {
    Ok(u64::from_be_bytes(key.try_into().map_err(|_| HostFault::new("a code key is not 8 bytes"))?))
}

fn codes(view: &View<'_>, request: QueryCodesRequest) -> Answer {
    let page = Page::by_key(request.pagination)?;
    let (records, pagination) = page.records(view.snapshot, STORE, key::CODES)?;
    let code_infos = records
        .iter()
        .map(|(key, bytes)| Ok(describe(code_id_of(key)?, info::decode(bytes)?)))
        .collect::<Result<_, HostFault>>()?;
    encode(&QueryCodesResponse { code_infos, pagination: Some(pagination) })
}

fn pinned_codes(view: &View<'_>, request: QueryPinnedCodesRequest) -> Answer {
    let page = Page::by_key(request.pagination)?;
    let (records, pagination) = page.records(view.snapshot, STORE, key::PINNED)?;
    let code_ids =
        records.iter().map(|(key, _)| code_id_of(key)).collect::<Result<_, HostFault>>()?;
    encode(&QueryPinnedCodesResponse { code_ids, pagination: Some(pagination) })
}

fn build_address(view: &View<'_>, request: QueryBuildAddressRequest) -> Answer {
    let checksum = hex::decode(&request.code_hash)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| error::uncoded("invalid code hash"))?;
    let creator = view
        .facts
        .addr(&request.creator_address)
        .map_err(|e| QueryFail::User(error::uncoded(e).wrap("invalid creator address")))?;
    let salt = hex::decode(&request.salt).map_err(|_| error::uncoded("invalid salt"))?;
    if salt.is_empty() {
        return Err(invalid("empty salt"));
    }
    if !request.init_args.is_empty() && !is_json(&request.init_args) {
        return Err(error::WASM_INVALID.bare().into());
    }
    let address = contract_address_predictable(&checksum, &creator, &salt, &request.init_args);
    encode(&QueryBuildAddressResponse { address: view.facts.text(&address) })
}
