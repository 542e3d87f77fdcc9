//! Questions of one contract to another, answered in the house's JSON ([`crate::json`]).

use cosmwasm_std::{
    Addr, Binary, ContractResult, Empty, QuerierWrapper, QueryRequest, StdError, StdResult,
    SystemResult, WasmQuery,
};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::json::{from_json, to_json_binary, to_json_vec};

/// Asks `contract`, which answers with a `T`.
///
/// # Errors
/// Where it does not answer, refuses, or answers with something else.
pub fn ask<T: DeserializeOwned>(
    querier: QuerierWrapper<'_>,
    contract: &Addr,
    question: &impl Serialize,
) -> StdResult<T> {
    from_json(answer(querier, contract, to_json_binary(question)?)?)
}

#[inline(never)]
fn answer(querier: QuerierWrapper<'_>, contract: &Addr, msg: Binary) -> StdResult<Binary> {
    let smart = WasmQuery::Smart { contract_addr: contract.to_string(), msg };
    match querier.raw_query(&to_json_vec(&QueryRequest::<Empty>::Wasm(smart))?) {
        SystemResult::Ok(ContractResult::Ok(value)) => Ok(value),
        SystemResult::Ok(ContractResult::Err(error)) => {
            Err(StdError::msg(format!("Querier contract error: {error}")))
        }
        SystemResult::Err(error) => Err(StdError::msg(format!("Querier system error: {error}"))),
    }
}
