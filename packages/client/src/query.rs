//! Typed queries of auth, bank and wasm, at the latest or at a past height.

use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    BaseAccount, ModuleAccount, QueryAccountRequest, QueryAccountResponse,
};
use cosmos_sdk_proto::cosmos::bank::v1beta1::{
    QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest, QueryBalanceResponse,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageRequest;
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    CodeInfoResponse, ContractInfo, Model, QueryAllContractStateRequest,
    QueryAllContractStateResponse, QueryCodeRequest, QueryCodeResponse, QueryCodesRequest,
    QueryCodesResponse, QueryContractInfoRequest, QueryContractInfoResponse,
    QueryContractsByCodeRequest, QueryContractsByCodeResponse, QueryRawContractStateRequest,
    QueryRawContractStateResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmos_sdk_proto::Any;
use prost::Message;
use serde::{de::DeserializeOwned, Serialize};

use crate::error::{ClientError, Outcome};
use crate::msg::json_bytes;
use crate::rpc::Rpc;

/// Most pages that a listing follows; with 100 entries each that is a million entries. A node that
/// pages for ever would otherwise never let go.
pub const PAGES_MAX: usize = 10_000;
/// Entries asked for per page.
pub const PAGE_ENTRIES: u64 = 100;
/// `sdk` code of something that does not exist.
const KEY_NOT_FOUND: u32 = 22;

/// Queries against one height of one node.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    rpc: &'a Rpc,
    height: Option<u64>,
}

/// An account as the auth module knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Bech32 address.
    pub address: String,
    /// Type URL of the public key and its bytes, once the account has signed.
    pub public_key: Option<(String, Vec<u8>)>,
    /// Number given at creation.
    pub account_number: u64,
    /// Transactions sent so far.
    pub sequence: u64,
}

impl<'a> Query<'a> {
    /// Queries at `height`; none means the latest.
    pub fn new(rpc: &'a Rpc, height: Option<u64>) -> Self {
        Query { rpc, height }
    }

    /// An account; none if the address has none.
    ///
    /// # Errors
    /// [`ClientError::Query`] and the network classes.
    pub async fn account(&self, address: &str) -> Outcome<Option<Account>> {
        let path = "/cosmos.auth.v1beta1.Query/Account";
        let request = QueryAccountRequest { address: address.into() };
        let answer: QueryAccountResponse = match self.call(path, &request).await {
            Err(ClientError::Query { code: KEY_NOT_FOUND, .. }) => return Ok(None),
            other => other?,
        };
        let packed = answer.account.ok_or_else(|| ClientError::malformed(path, "no account"))?;
        unpack_account(&packed).map(Some)
    }

    /// Amount of one denomination; zero if there is none.
    ///
    /// # Errors
    /// See [`Query::account`].
    pub async fn balance(&self, address: &str, denom: &str) -> Outcome<u128> {
        let path = "/cosmos.bank.v1beta1.Query/Balance";
        let request = QueryBalanceRequest { address: address.into(), denom: denom.into() };
        let answer: QueryBalanceResponse = self.call(path, &request).await?;
        let coin = answer.balance.ok_or_else(|| ClientError::malformed(path, "no balance"))?;
        coin.amount.parse().map_err(|e| ClientError::malformed(path, e))
    }

    /// All balances of an account, sorted by denomination.
    ///
    /// # Errors
    /// See [`Query::account`].
    pub async fn balances(&self, address: &str) -> Outcome<Vec<Coin>> {
        let path = "/cosmos.bank.v1beta1.Query/AllBalances";
        let mut all = Vec::new();
        let mut key = Vec::new();
        for _ in 0..PAGES_MAX {
            let request = QueryAllBalancesRequest {
                address: address.into(),
                pagination: Some(page(key)),
                ..QueryAllBalancesRequest::default()
            };
            let answer: QueryAllBalancesResponse = self.call(path, &request).await?;
            all.extend(answer.balances);
            key = answer.pagination.map(|p| p.next_key).unwrap_or_default();
            if key.is_empty() {
                return Ok(all);
            }
        }
        Err(endless(path))
    }

    /// Asks a contract and reads its JSON answer.
    ///
    /// # Errors
    /// [`ClientError::Query`] if the contract refuses; [`ClientError::Malformed`] if the answer has
    /// another shape.
    pub async fn smart<M: Serialize, T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &M,
    ) -> Outcome<T> {
        let answer = self.smart_bytes(contract, json_bytes(msg)?).await?;
        serde_json::from_slice(&answer)
            .map_err(|e| ClientError::malformed(format!("smart query of {contract}"), e))
    }

    /// Asks a contract with JSON bytes and returns its JSON bytes.
    ///
    /// # Errors
    /// [`ClientError::Query`] if the contract refuses.
    pub async fn smart_bytes(&self, contract: &str, msg: Vec<u8>) -> Outcome<Vec<u8>> {
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let request = QuerySmartContractStateRequest { address: contract.into(), query_data: msg };
        let answer: QuerySmartContractStateResponse = self.call(path, &request).await?;
        Ok(answer.data)
    }

    /// Value of one storage key of a contract; empty if the key is absent.
    ///
    /// # Errors
    /// [`ClientError::Query`] if there is no such contract.
    pub async fn raw(&self, contract: &str, key: Vec<u8>) -> Outcome<Vec<u8>> {
        let path = "/cosmwasm.wasm.v1.Query/RawContractState";
        let request = QueryRawContractStateRequest { address: contract.into(), query_data: key };
        let answer: QueryRawContractStateResponse = self.call(path, &request).await?;
        Ok(answer.data)
    }

    /// One page of a contract's whole storage, and the key of the next page (empty: no more).
    ///
    /// # Errors
    /// [`ClientError::Query`] if there is no such contract.
    pub async fn state_page(
        &self,
        contract: &str,
        from_key: Vec<u8>,
    ) -> Outcome<(Vec<Model>, Vec<u8>)> {
        let path = "/cosmwasm.wasm.v1.Query/AllContractState";
        let request = QueryAllContractStateRequest {
            address: contract.into(),
            pagination: Some(page(from_key)),
        };
        let answer: QueryAllContractStateResponse = self.call(path, &request).await?;
        Ok((answer.models, answer.pagination.map(|p| p.next_key).unwrap_or_default()))
    }

    /// Who made a contract, from which code, and who may migrate it.
    ///
    /// # Errors
    /// [`ClientError::Query`] if there is no such contract.
    pub async fn contract(&self, contract: &str) -> Outcome<ContractInfo> {
        let path = "/cosmwasm.wasm.v1.Query/ContractInfo";
        let request = QueryContractInfoRequest { address: contract.into() };
        let answer: QueryContractInfoResponse = self.call(path, &request).await?;
        answer.contract_info.ok_or_else(|| ClientError::malformed(path, "no contract info"))
    }

    /// An uploaded code: its description and its wasm bytes.
    ///
    /// # Errors
    /// [`ClientError::Query`] if there is no such code.
    pub async fn code(&self, code_id: u64) -> Outcome<(CodeInfoResponse, Vec<u8>)> {
        let path = "/cosmwasm.wasm.v1.Query/Code";
        let answer: QueryCodeResponse = self.call(path, &QueryCodeRequest { code_id }).await?;
        let info = answer.code_info.ok_or_else(|| ClientError::malformed(path, "no code info"))?;
        Ok((info, answer.data))
    }

    /// Descriptions of all uploaded codes.
    ///
    /// # Errors
    /// See [`Query::account`].
    pub async fn codes(&self) -> Outcome<Vec<CodeInfoResponse>> {
        let path = "/cosmwasm.wasm.v1.Query/Codes";
        let mut all = Vec::new();
        let mut key = Vec::new();
        for _ in 0..PAGES_MAX {
            let request = QueryCodesRequest { pagination: Some(page(key)) };
            let answer: QueryCodesResponse = self.call(path, &request).await?;
            all.extend(answer.code_infos);
            key = answer.pagination.map(|p| p.next_key).unwrap_or_default();
            if key.is_empty() {
                return Ok(all);
            }
        }
        Err(endless(path))
    }

    /// Addresses of all contracts that run a code.
    ///
    /// # Errors
    /// See [`Query::account`].
    pub async fn contracts_by_code(&self, code_id: u64) -> Outcome<Vec<String>> {
        let path = "/cosmwasm.wasm.v1.Query/ContractsByCode";
        let mut all = Vec::new();
        let mut key = Vec::new();
        for _ in 0..PAGES_MAX {
            let request = QueryContractsByCodeRequest { code_id, pagination: Some(page(key)) };
            let answer: QueryContractsByCodeResponse = self.call(path, &request).await?;
            all.extend(answer.contracts);
            key = answer.pagination.map(|p| p.next_key).unwrap_or_default();
            if key.is_empty() {
                return Ok(all);
            }
        }
        Err(endless(path))
    }

    /// Runs a transaction without keeping anything and returns the gas it used.
    ///
    /// # Errors
    /// [`ClientError::Query`] with the text of what would go wrong.
    pub async fn simulate(&self, tx_bytes: Vec<u8>) -> Outcome<u64> {
        let path = "/cosmos.tx.v1beta1.Service/Simulate";
        let request = SimulateRequest { tx_bytes, ..SimulateRequest::default() };
        let answer: SimulateResponse = self.call(path, &request).await?;
        let info = answer.gas_info.ok_or_else(|| ClientError::malformed(path, "no gas info"))?;
        Ok(info.gas_used)
    }

    async fn call<Q: Message, A: Message + Default>(&self, path: &str, request: &Q) -> Outcome<A> {
        let data = request.encode_to_vec();
        let answer = self.rpc.abci_query(path, data, self.height, false).await?;
        A::decode(answer.value.as_slice()).map_err(|e| ClientError::malformed(path, e))
    }
}

fn page(key: Vec<u8>) -> PageRequest {
    PageRequest { key, limit: PAGE_ENTRIES, ..PageRequest::default() }
}

fn endless(path: &str) -> ClientError {
    ClientError::malformed(path, format!("more than {PAGES_MAX} pages"))
}

fn unpack_account(packed: &Any) -> Outcome<Account> {
    let unreadable = |e: prost::DecodeError| ClientError::malformed("account", e);
    let base = match packed.type_url.as_str() {
        "/cosmos.auth.v1beta1.BaseAccount" => {
            BaseAccount::decode(packed.value.as_slice()).map_err(unreadable)?
        }
        "/cosmos.auth.v1beta1.ModuleAccount" => ModuleAccount::decode(packed.value.as_slice())
            .map_err(unreadable)?
            .base_account
            .unwrap_or_default(),
        other => return Err(ClientError::malformed("account", format!("unknown type {other}"))),
    };
    Ok(Account {
        address: base.address,
        public_key: base.pub_key.map(|key| (key.type_url, key.value)),
        account_number: base.account_number,
        sequence: base.sequence,
    })
}
