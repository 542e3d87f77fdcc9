//! Smart queries, and the queries contracts may ask the chain.

use super::call::{self, Call};
use super::query_metadata::{all_denom_metadata, denom_metadata, AllDenomMetadataQuery};
use super::response::{self, ContractResult};
use super::state_key::{self, STORE};
use super::{info, validate};
use crate::error::{self, unsupported_request, Fail, Run, UserError};
use crate::exec::{prefix_end, Exec};
use crate::gas::{self, GasMeter};
use crate::limits::QUERY_DEPTH_MAX;
use crate::modules::bank;
use cosmwasm_std::{Binary, ContractResult as StdContractResult, SystemError, SystemResult};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use suyuan_core::{hex_lower, is_valid_denom, HostFault, Hosted};
use suyuan_store::Order;
use suyuan_vm::EntryPoint;

/// Calls `query` of the contract at `addr`. Depth is bounded and gas is charged to the meter of `exec`.
pub(crate) fn query_smart(exec: &mut Exec<'_>, addr: &[u8], msg: &[u8]) -> Run<Vec<u8>> {
    if exec.query_depth >= QUERY_DEPTH_MAX {
        return Err(error::WASM_QUERY_DEPTH.bare().into());
    }
    exec.query_depth += 1;
    let result = query_smart_here(exec, addr, msg);
    exec.query_depth -= 1;
    result
}

fn query_smart_here(exec: &mut Exec<'_>, addr: &[u8], msg: &[u8]) -> Run<Vec<u8>> {
    let instance = info::instance(exec, addr)?;
    call::charge_loading(exec, &instance, "Loading CosmWasm module: query")?;
    let call = Call { addr, instance: &instance, entry: EntryPoint::Query, args: &[msg] };
    let answer = call::call(exec, &call)?;
    match response::parse::<Binary>(&answer).map_err(|e| error::WASM_VM.with(e))? {
        ContractResult::Ok(data) => Ok(data.into()),
        ContractResult::Error(text) => Err(call::contract_error(error::WASM_QUERY_FAILED, text)),
    }
}

/// Answers a query of a contract under a limit of its own. Returns the answer as JSON and the SDK gas it used, which
/// is above the limit exactly if the query ran out of gas.
pub(super) fn answer_contract(
    exec: &mut Exec<'_>,
    request: &[u8],
    gas_limit: u64,
) -> Hosted<(Vec<u8>, u64)> {
    let outer = std::mem::replace(&mut exec.gas, GasMeter::new(gas_limit));
    let result = answer(exec, request);
    let mut used = exec.gas.used();
    exec.gas = outer;
    let answer: SystemResult<StdContractResult<Binary>> = match result {
        Ok(data) => SystemResult::Ok(StdContractResult::Ok(Binary::new(data))),
        Err(Fail::Host(fault)) => return Err(fault),
        Err(Fail::OutOfGas(_)) => {
            used = used.max(gas_limit.saturating_add(1));
            SystemResult::Ok(StdContractResult::Err(String::new()))
        }
        Err(Fail::User(error)) => match error.system_error() {
            Some(system) => SystemResult::Err(system.clone()),
            None => SystemResult::Ok(StdContractResult::Err(error.redacted())),
        },
    };
    let json = serde_json::to_vec(&answer).map_err(|e| HostFault::new(e.to_string()))?;
    Ok((json, used))
}

/// A query as contracts write it; see [`response`] for why everything is optional.
#[derive(Debug, Default, Deserialize)]
struct QueryRequest {
    #[serde(default)]
    bank: Option<BankQuery>,
    #[serde(default)]
    wasm: Option<WasmQuery>,
    #[serde(default)]
    custom: Option<IgnoredAny>,
    #[serde(default)]
    staking: Option<IgnoredAny>,
    #[serde(default)]
    distribution: Option<IgnoredAny>,
    #[serde(default)]
    ibc: Option<IgnoredAny>,
    #[serde(default)]
    stargate: Option<IgnoredAny>,
    #[serde(default)]
    grpc: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
struct BankQuery {
    #[serde(default)]
    balance: Option<BalanceQuery>,
    #[serde(default)]
    all_balances: Option<AddressQuery>,
    #[serde(default)]
    supply: Option<DenomQuery>,
    #[serde(default)]
    denom_metadata: Option<DenomQuery>,
    #[serde(default)]
    all_denom_metadata: Option<AllDenomMetadataQuery>,
}

#[derive(Debug, Deserialize)]
struct BalanceQuery {
    address: String,
    denom: String,
}

#[derive(Debug, Deserialize)]
struct AddressQuery {
    address: String,
}

#[derive(Debug, Deserialize)]
struct DenomQuery {
    denom: String,
}

#[derive(Debug, Default, Deserialize)]
struct WasmQuery {
    #[serde(default)]
    smart: Option<SmartQuery>,
    #[serde(default)]
    raw: Option<RawQuery>,
    #[serde(default)]
    contract_info: Option<ContractQuery>,
    #[serde(default)]
    code_info: Option<CodeQuery>,
    #[serde(default)]
    raw_range: Option<RawRangeQuery>,
}

#[derive(Debug, Deserialize)]
struct SmartQuery {
    contract_addr: String,
    msg: Binary,
}

#[derive(Debug, Deserialize)]
struct RawQuery {
    contract_addr: String,
    key: Binary,
}

#[derive(Debug, Deserialize)]
struct ContractQuery {
    contract_addr: String,
}

#[derive(Debug, Deserialize)]
struct CodeQuery {
    code_id: u64,
}

#[derive(Debug, Deserialize)]
struct RawRangeQuery {
    contract_addr: String,
    #[serde(default)]
    start: Option<Binary>,
    #[serde(default)]
    end: Option<Binary>,
    limit: u16,
    order: String,
}

fn answer(exec: &mut Exec<'_>, request: &[u8]) -> Run<Vec<u8>> {
    // The text is fixed: that of the decoder would make its version a consensus rule.
    let invalid = || {
        let error = "invalid query request".to_string();
        let request = Binary::new(request.to_vec());
        error::INVALID_REQUEST.bare().system(SystemError::InvalidRequest { error, request })
    };
    match serde_json::from_slice::<QueryRequest>(request).map_err(|_| invalid())? {
        QueryRequest { bank: Some(query), .. } => answer_bank(exec, query),
        QueryRequest { custom: Some(_), .. } => Err(unsupported_request("custom").into()),
        QueryRequest { ibc: Some(_), .. } => Err(unsupported_request("ibc").into()),
        QueryRequest { staking: Some(_), .. } => Err(unsupported_request("staking").into()),
        QueryRequest { stargate: Some(_), .. } => {
            Err(unsupported_request("Stargate queries are disabled on this chain").into())
        }
        QueryRequest { grpc: Some(_), .. } => {
            Err(unsupported_request("gRPC queries are disabled on this chain").into())
        }
        QueryRequest { wasm: Some(query), .. } => answer_wasm(exec, query),
        QueryRequest { distribution: Some(_), .. } => {
            Err(unsupported_request("distribution").into())
        }
        _ => Err(error::UNKNOWN_REQUEST.bare().system(SystemError::Unknown {}).into()),
    }
}

#[derive(Serialize)]
struct CoinJson {
    denom: String,
    amount: String,
}

#[derive(Serialize)]
struct Amount<T> {
    amount: T,
}

pub(super) fn to_json(value: &impl Serialize) -> Run<Vec<u8>> {
    Ok(serde_json::to_vec(value).map_err(|e| HostFault::new(e.to_string()))?)
}

fn query_addr(exec: &Exec<'_>, text: &str) -> Result<Vec<u8>, UserError> {
    exec.facts.addr(text).map_err(|_| error::INVALID_ADDRESS.with(text))
}

fn answer_bank(exec: &mut Exec<'_>, query: BankQuery) -> Run<Vec<u8>> {
    match query {
        BankQuery { all_balances: Some(q), .. } => {
            let addr = query_addr(exec, &q.address)?;
            let amount = all_balances(exec, &addr)?;
            to_json(&Amount { amount })
        }
        BankQuery { balance: Some(q), .. } => {
            let addr = query_addr(exec, &q.address)?;
            let amount =
                if is_valid_denom(&q.denom) { bank::balance(exec, &addr, &q.denom)? } else { 0 };
            to_json(&Amount { amount: CoinJson { denom: q.denom, amount: amount.to_string() } })
        }
        BankQuery { supply: Some(q), .. } => {
            let amount = if is_valid_denom(&q.denom) { bank::supply(exec, &q.denom)? } else { 0 };
            to_json(&Amount { amount: CoinJson { denom: q.denom, amount: amount.to_string() } })
        }
        BankQuery { denom_metadata: Some(q), .. } => denom_metadata(exec, &q.denom),
        BankQuery { all_denom_metadata: Some(q), .. } => all_denom_metadata(exec, q),
        _ => Err(unsupported_request("unknown BankQuery variant").into()),
    }
}

/// Every balance is charged like a step of an iterator, so gas bounds the list.
fn all_balances(exec: &mut Exec<'_>, addr: &[u8]) -> Run<Vec<CoinJson>> {
    let prefix = bank::state_key::balances(addr);
    let end = prefix_end(&prefix);
    let records = exec.delta.range(
        bank::state_key::STORE,
        Some(&prefix),
        end.as_deref(),
        Order::Ascending,
    )?;
    let mut coins = Vec::new();
    for record in records {
        let (key, value) = record?;
        exec.gas.charge(gas::seek(Some((key.len(), value.len()))), "IterNextFlat")?;
        coins.push(CoinJson {
            denom: String::from_utf8_lossy(&key[prefix.len()..]).into_owned(),
            amount: bank::amount_of(&value)?.to_string(),
        });
    }
    exec.gas.charge(gas::seek(None), "IterNextFlat")?;
    Ok(coins)
}

fn answer_wasm(exec: &mut Exec<'_>, query: WasmQuery) -> Run<Vec<u8>> {
    match query {
        WasmQuery { smart: Some(q), .. } => {
            let addr = query_addr(exec, &q.contract_addr)?;
            validate::payload(&q.msg).map_err(|_| error::WASM_INVALID.bare().wrap("json msg"))?;
            query_smart(exec, &addr, &q.msg)
        }
        WasmQuery { raw: Some(q), .. } => {
            let addr = query_addr(exec, &q.contract_addr)?;
            let key = [&state_key::contract_state(&addr)[..], &q.key].concat();
            Ok(exec.read(STORE, &key)?.unwrap_or_default())
        }
        WasmQuery { contract_info: Some(q), .. } => contract_info(exec, &q.contract_addr),
        WasmQuery { code_info: Some(q), .. } => code_info(exec, q.code_id),
        WasmQuery { raw_range: Some(q), .. } => raw_range(exec, q),
        _ => Err(unsupported_request("unknown WasmQuery variant").into()),
    }
}

fn contract_info(exec: &mut Exec<'_>, text: &str) -> Run<Vec<u8>> {
    #[derive(Serialize)]
    struct ContractInfo {
        code_id: u64,
        creator: String,
        admin: Option<String>,
        pinned: bool,
        ibc_port: Option<String>,
        ibc2_port: Option<String>,
    }
    let addr = query_addr(exec, text)?;
    let info = info::contract(exec, &addr)?.ok_or_else(|| error::no_such_contract(text))?;
    let pinned = exec.has(STORE, &state_key::pinned(info.code_id))?;
    to_json(&ContractInfo {
        code_id: info.code_id,
        creator: info.creator,
        admin: Some(info.admin).filter(|a| !a.is_empty()),
        pinned,
        ibc_port: None,
        ibc2_port: None,
    })
}

fn code_info(exec: &mut Exec<'_>, code_id: u64) -> Run<Vec<u8>> {
    #[derive(Serialize)]
    struct CodeInfo {
        code_id: u64,
        creator: String,
        checksum: String,
    }
    if code_id == 0 {
        return Err(error::WASM_EMPTY.with("code id").into());
    }
    let info = info::code(exec, code_id)?.ok_or_else(|| error::no_such_code(code_id))?;
    to_json(&CodeInfo { code_id, creator: info.creator, checksum: hex_lower(&info.code_hash) })
}

fn raw_range(exec: &mut Exec<'_>, query: RawRangeQuery) -> Run<Vec<u8>> {
    #[derive(Serialize)]
    struct RawRange {
        data: Vec<(Binary, Binary)>,
        next_key: Option<Binary>,
    }
    let order = match query.order.as_str() {
        "ascending" => Order::Ascending,
        "descending" => Order::Descending,
        other => {
            return Err(error::INVALID_REQUEST.with(format_args!("unknown order {other}")).into())
        }
    };
    let prefix = state_key::contract_state(&query_addr(exec, &query.contract_addr)?);
    let start = [&prefix[..], query.start.as_deref().unwrap_or_default()].concat();
    let end = match query.end {
        Some(end) => Some([&prefix[..], &end].concat()),
        None => prefix_end(&prefix),
    };
    let (mut data, mut next_key) = (Vec::new(), None);
    if end.as_ref().is_none_or(|end| start < *end) {
        let limit = usize::from(query.limit);
        for record in exec.delta.range(STORE, Some(&start), end.as_deref(), order)? {
            let (key, value) = record?;
            exec.gas.charge(gas::seek(Some((key.len(), value.len()))), "IterNextFlat")?;
            let key = Binary::new(key[prefix.len()..].to_vec());
            if data.len() == limit {
                next_key = Some(key);
                break;
            }
            data.push((key, Binary::new(value)));
        }
    }
    to_json(&RawRange { data, next_key })
}
