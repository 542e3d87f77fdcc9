//! What the graph asks of its neighbours while the product is made: classes and lives, as trace-code answers them.

use std::collections::BTreeMap;

use cosmwasm_std::{
    from_json, to_json_binary, Binary, ContractResult, Empty, QueryRequest, StdError, StdResult,
    SystemError, SystemResult, WasmQuery,
};
use cosmwasm_vm::testing::MockApi;
use cosmwasm_vm::{BackendResult, GasInfo, Querier};
use suyuan_cases::story::{Step, Story};
use suyuan_trace_api::code::{Class, Life, LifeAnswer, QueryMsg};

/// The code contract of the story. A trace asks it nothing, so its answers cost nothing here.
#[derive(Clone, Debug)]
pub struct Neighbours {
    address: String,
    classes: BTreeMap<String, Class>,
}

/// The address of a contract with this name.
pub fn address(name: &str) -> String {
    MockApi::default().addr_make(name)
}

impl Neighbours {
    /// With the classes of a story.
    pub fn new(story: &Story) -> Self {
        let classes = story.steps().filter_map(|step| match step {
            Step::Class { owner, class } => {
                let known = Class::new(class.clone(), owner.clone(), 1);
                Some((class.id.clone(), known))
            }
            _ => None,
        });
        Self { address: address("trace-code"), classes: classes.collect() }
    }

    fn answer(&self, msg: &Binary) -> StdResult<Binary> {
        match from_json(msg)? {
            QueryMsg::ClassesById { ids } => {
                let found: Vec<_> = ids.iter().map(|id| self.classes.get(id)).collect();
                to_json_binary(&found)
            }
            // Every unit of the story is inspected before it is used, and none is ever marked.
            QueryMsg::Lives { codes } => {
                let active = Some(LifeAnswer { life: Life::Active, overlays: vec![] });
                to_json_binary(&vec![active; codes.len()])
            }
            other => Err(StdError::msg(format!("the story asks no {other:?}"))),
        }
    }

    fn reply(&self, request: &[u8]) -> SystemResult<ContractResult<Binary>> {
        let Ok(QueryRequest::<Empty>::Wasm(WasmQuery::Smart { contract_addr, msg })) =
            from_json(request)
        else {
            let kind = "anything but a smart query".to_owned();
            return SystemResult::Err(SystemError::UnsupportedRequest { kind });
        };
        if contract_addr != self.address {
            return SystemResult::Err(SystemError::NoSuchContract { addr: contract_addr });
        }
        SystemResult::Ok(self.answer(&msg).map_err(|error| error.to_string()).into())
    }
}

impl Querier for Neighbours {
    fn query_raw(
        &self,
        request: &[u8],
        _gas_limit: u64,
    ) -> BackendResult<SystemResult<ContractResult<Binary>>> {
        (Ok(self.reply(request)), GasInfo::free())
    }
}
