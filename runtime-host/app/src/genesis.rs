//! The first state: from the `app_state` of a genesis file to a change set, the same on every node.

use crate::api::{GenesisError, InitChain, ValidatorUpdate};
use crate::error::Fail;
use crate::exec::{BlockEnv, Exec, Mode};
use crate::export::{self, RawState};
use crate::facts::{Admission, Facts, StoredFacts, STATE_FORMAT};
use crate::fees;
use crate::gas::GasMeter;
use crate::machine::{FreshCode, Machine};
use crate::modules::auth::{self, Account};
use crate::modules::bank;
use crate::modules::chain;
use crate::modules::wasm::access::AccessConfig;
use crate::modules::wasm::{params, state_key as wasm_key};
use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmos_sdk_proto::cosmwasm::wasm::v1::AccessConfig as ProtoAccessConfig;
use prost::Message;
use serde::Deserialize;
use std::collections::BTreeSet;
use suyuan_core::Hosted;
use suyuan_store::{ChangeSet, Delta, Store};
use suyuan_tx::{Multisig, PubKey};
use suyuan_vm::{PriceTable, VmConfig, MEMORY_PAGES_MAX};

/// Prefix of addresses unless genesis says otherwise.
const PREFIX_DEFAULT: &str = "suyuan";
/// Price table of the engine unless genesis says otherwise.
const PRICE_TABLE_DEFAULT: &str = "cosmwasm-vm-3.0";
/// Fewest pages of memory that genesis may allow contracts: a stack of 1 MiB and some data, as compilers lay them out.
const MEMORY_PAGES_MIN: u32 = 32;
/// Most accounts, balances and addresses of a genesis file each; a larger one would stop the node at its first start.
const ENTRIES_MAX: usize = 1_000_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AppState {
    auth: AuthState,
    bank: BankState,
    wasm: WasmState,
    suyuan: SuyuanState,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AuthState {
    accounts: Vec<AccountEntry>,
}

#[derive(Debug, Deserialize)]
struct AccountEntry {
    address: String,
    #[serde(default)]
    pub_key: Option<serde_json::Value>,
    #[serde(default)]
    account_number: Option<Number>,
    #[serde(default)]
    sequence: Option<Number>,
}

/// A number written as such or, as the SDK does, as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(u64),
    Text(String),
}

impl Number {
    fn value(&self) -> Result<u64, GenesisError> {
        match self {
            Number::Plain(n) => Ok(*n),
            Number::Text(t) => t.parse().map_err(|_| GenesisError(format!("{t} is not a number"))),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BankState {
    balances: Vec<BalanceEntry>,
    denom_metadata: Vec<bank::metadata::Entry>,
}

#[derive(Debug, Deserialize)]
struct BalanceEntry {
    address: String,
    coins: Vec<CoinEntry>,
}

#[derive(Debug, Deserialize)]
struct CoinEntry {
    denom: String,
    amount: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WasmState {
    params: WasmParams,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WasmParams {
    code_upload_access: Option<AccessEntry>,
    instantiate_default_permission: Option<String>,
}

#[derive(Debug, Deserialize)]
struct AccessEntry {
    permission: String,
    #[serde(default)]
    addresses: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SuyuanState {
    bech32_prefix: Option<String>,
    capabilities: Option<BTreeSet<String>>,
    price_table: Option<String>,
    memory_pages: Option<u32>,
    block_max_gas: Option<i64>,
    admission: Option<AdmissionEntry>,
    /// Least price of a unit of gas, like `0.025usy`; one of several denominations is enough. Absent for none.
    minimum_gas_prices: Option<String>,
    /// Everything that an earlier chain held, in place of the sections of the modules.
    state: Option<RawState>,
    authority: Option<String>,
    authority_delay_s: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum AdmissionEntry {
    Open,
    Addresses(Vec<String>),
    Contract {
        address: String,
        #[serde(default)]
        before: Vec<String>,
    },
}

/// Settings of the contract engine that `app_state` names: prices, capabilities and memory. The node adds its own.
///
/// # Errors
/// Unknown price tables and malformed states.
pub fn vm_config(app_state: &serde_json::Value) -> Result<VmConfig, GenesisError> {
    let suyuan = parse(app_state)?.suyuan;
    let name = suyuan.price_table.as_deref().unwrap_or(PRICE_TABLE_DEFAULT);
    let prices = PriceTable::by_name(name)
        .ok_or_else(|| GenesisError(format!("unknown price table {name}")))?;
    let mut config = VmConfig { prices, ..VmConfig::default() };
    if let Some(capabilities) = suyuan.capabilities {
        config.capabilities = capabilities;
    }
    if let Some(pages) = suyuan.memory_pages {
        if !(MEMORY_PAGES_MIN..=MEMORY_PAGES_MAX).contains(&pages) {
            return Err(GenesisError(format!(
                "memory_pages must be {MEMORY_PAGES_MIN} to {MEMORY_PAGES_MAX}"
            )));
        }
        config.memory_pages_max = pages;
    }
    Ok(config)
}

/// Prefix of addresses that `app_state` names, or the default one.
///
/// # Errors
/// Impossible prefixes and malformed states.
pub fn bech32_prefix(app_state: &serde_json::Value) -> Result<String, GenesisError> {
    let prefix =
        parse(app_state)?.suyuan.bech32_prefix.unwrap_or_else(|| PREFIX_DEFAULT.to_string());
    if !suyuan_core::address::is_valid_prefix(&prefix) {
        return Err(GenesisError(format!("{prefix} is not a bech32 prefix")));
    }
    Ok(prefix)
}

fn parse(app_state: &serde_json::Value) -> Result<AppState, GenesisError> {
    AppState::deserialize(app_state).map_err(|e| GenesisError(format!("app_state: {e}")))
}

/// What a genesis gives: facts, first state, and the code that the state names.
pub(crate) struct First {
    pub facts: Facts,
    pub changes: ChangeSet,
    pub codes: Vec<FreshCode>,
}

/// Computes the facts and the first state of a chain.
pub(crate) fn compute(
    machine: &Machine,
    store: &Store,
    request: &InitChain,
) -> Hosted<Result<First, GenesisError>> {
    let state = match parse(&request.app_state) {
        Ok(state) => state,
        Err(e) => return Ok(Err(e)),
    };
    let facts = match facts(request, &state) {
        Ok(facts) => facts,
        Err(e) => return Ok(Err(e)),
    };
    let mut delta = Delta::new(store.snapshot());
    let block = BlockEnv { height: 0, time_ns: request.time_ns };
    let mut exec =
        Exec::new(&facts, machine, &mut delta, Mode::Deliver, block, GasMeter::unlimited());
    facts.save(&mut exec)?;
    let written = write(&mut exec, &state).and_then(|codes| {
        chain::validators::write_genesis(&mut exec, &request.validators)?;
        Ok(codes)
    });
    Ok(judged(written)?.map(|codes| First {
        facts: facts.clone(),
        changes: delta.into_changes(),
        codes,
    }))
}

/// Writes the validators of a network into a state that is there.
pub(crate) fn add_validators(
    facts: &Facts,
    machine: &Machine,
    delta: &mut Delta,
    block: BlockEnv,
    validators: &[ValidatorUpdate],
) -> Hosted<Result<(), GenesisError>> {
    let mut exec = Exec::new(facts, machine, delta, Mode::Deliver, block, GasMeter::unlimited());
    judged(chain::validators::write_genesis(&mut exec, validators).map_err(Stop::from))
}

fn judged<T>(written: Result<T, Stop>) -> Hosted<Result<T, GenesisError>> {
    match written {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Genesis(e)) => Ok(Err(e)),
        Err(Stop::Fail(Fail::Host(fault))) => Err(fault),
        Err(Stop::Fail(Fail::User(e))) => Ok(Err(GenesisError(e.text))),
        Err(Stop::Fail(Fail::OutOfGas(place))) => {
            Ok(Err(GenesisError(format!("out of gas: {place}"))))
        }
    }
}

/// Why writing stopped.
enum Stop {
    Genesis(GenesisError),
    Fail(Fail),
}

impl From<GenesisError> for Stop {
    fn from(e: GenesisError) -> Self {
        Stop::Genesis(e)
    }
}

impl From<bank::metadata::NotWritten> for Stop {
    fn from(e: bank::metadata::NotWritten) -> Self {
        match e {
            bank::metadata::NotWritten::Genesis(e) => Stop::Genesis(e),
            bank::metadata::NotWritten::Fail(e) => Stop::Fail(e),
        }
    }
}

impl From<Fail> for Stop {
    fn from(e: Fail) -> Self {
        Stop::Fail(e)
    }
}

fn facts(request: &InitChain, state: &AppState) -> Result<Facts, GenesisError> {
    if request.initial_height == 0 {
        return Err(GenesisError("the initial height must be at least 1".to_string()));
    }
    if request.chain_id.is_empty() || request.chain_id.len() > CHAIN_ID_LEN_MAX {
        return Err(GenesisError(format!("the chain id must have 1 to {CHAIN_ID_LEN_MAX} bytes")));
    }
    let prefix = bech32_prefix(&request.app_state)?;
    let config = vm_config(&request.app_state)?;
    let mut consensus = request.consensus_params.clone();
    if let Some(max) = state.suyuan.block_max_gas {
        consensus.block_max_gas = max;
    }
    let admission = match &state.suyuan.admission {
        None | Some(AdmissionEntry::Open) => Admission::Open,
        Some(AdmissionEntry::Addresses(list)) => Admission::Addresses(normalised(list, &prefix)?),
        Some(AdmissionEntry::Contract { address, before }) => Admission::Contract {
            address: normalised(std::slice::from_ref(address), &prefix)?.concat(),
            before: normalised(before, &prefix)?,
        },
    };
    let authority = match &state.suyuan.authority {
        None => None,
        Some(text) => normalised(std::slice::from_ref(text), &prefix)?.pop(),
    };
    if state.suyuan.authority_delay_s.is_some_and(|s| s > chain::DELAY_S_MAX) {
        return Err(GenesisError(format!("authority_delay_s is above {}", chain::DELAY_S_MAX)));
    }
    if state.suyuan.authority_delay_s.is_some() && authority.is_none() {
        return Err(GenesisError("authority_delay_s without authority".to_string()));
    }
    let stored = StoredFacts {
        state_format: STATE_FORMAT,
        chain_id: request.chain_id.clone(),
        genesis_time_ns: request.time_ns.to_string(),
        initial_height: request.initial_height,
        bech32_prefix: prefix,
        price_table: state
            .suyuan
            .price_table
            .clone()
            .unwrap_or_else(|| PRICE_TABLE_DEFAULT.to_string()),
        capabilities: config.capabilities.into_iter().collect(),
        memory_pages: state.suyuan.memory_pages,
        admission,
        consensus: (&consensus).into(),
        minimum_gas_prices: match state.suyuan.minimum_gas_prices.as_deref() {
            None => Vec::new(),
            Some(text) => fees::parse(text).map_err(GenesisError)?,
        },
        authority,
        authority_delay_s: state.suyuan.authority_delay_s.filter(|s| *s > 0),
        consensus_updated: false,
    };
    Ok(Facts::new(stored))
}

/// Who may upload, and the default for instantiation.
fn wasm_access(
    state: &WasmState,
    prefix: &str,
) -> Result<(AccessConfig, AccessConfig), GenesisError> {
    let params = &state.params;
    let upload = match &params.code_upload_access {
        None => AccessConfig::Everybody,
        Some(entry) => access(&entry.permission, &entry.addresses, prefix)?,
    };
    let instantiate = match params.instantiate_default_permission.as_deref() {
        None | Some("Everybody") => AccessConfig::Everybody,
        Some("Nobody") => AccessConfig::Nobody,
        Some("AnyOfAddresses") => AccessConfig::AnyOf(Vec::new()),
        Some(other) => return Err(GenesisError(format!("unknown permission {other}"))),
    };
    Ok((upload, instantiate))
}

/// Longest chain id (CometBFT's bound).
const CHAIN_ID_LEN_MAX: usize = 50;

fn access(
    permission: &str,
    addresses: &[String],
    prefix: &str,
) -> Result<AccessConfig, GenesisError> {
    let permission = match permission {
        "Nobody" => 1,
        "Everybody" => 3,
        "AnyOfAddresses" => 4,
        other => return Err(GenesisError(format!("unknown permission {other}"))),
    };
    let config = ProtoAccessConfig { permission, addresses: addresses.to_vec() };
    AccessConfig::from_proto(&config, prefix).map_err(|e| GenesisError(e.text))
}

/// Addresses in their one text, sorted, without duplicates.
fn normalised(list: &[String], prefix: &str) -> Result<Vec<String>, GenesisError> {
    let mut result = BTreeSet::new();
    for text in list {
        let addr = suyuan_core::address::decode(prefix, text)
            .map_err(|e| GenesisError(format!("{text}: {e}")))?;
        result.insert(
            suyuan_core::address::encode(prefix, &addr).map_err(|e| GenesisError(e.to_string()))?,
        );
    }
    Ok(result.into_iter().collect())
}

fn write(exec: &mut Exec<'_>, state: &AppState) -> Result<Vec<FreshCode>, Stop> {
    if let Some(raw) = &state.suyuan.state {
        if !state.auth.accounts.is_empty() || !state.bank.balances.is_empty() {
            let text = "suyuan.state stands in place of auth.accounts and bank.balances";
            return Err(GenesisError(text.to_string()).into());
        }
        return Ok(export::import(exec, raw)?);
    }
    write_modules(exec, state)?;
    Ok(Vec::new())
}

fn write_modules(exec: &mut Exec<'_>, state: &AppState) -> Result<(), Stop> {
    if state.auth.accounts.len() > ENTRIES_MAX || state.bank.balances.len() > ENTRIES_MAX {
        return Err(GenesisError(format!("more than {ENTRIES_MAX} entries")).into());
    }
    exec.write(auth::state_key::STORE, auth::state_key::PARAMS, &auth::params().encode_to_vec())?;
    let (upload, instantiate) = wasm_access(&state.wasm, exec.facts.prefix())?;
    let wasm_params = params::to_proto(&upload, &instantiate);
    exec.write(wasm_key::STORE, wasm_key::PARAMS, &wasm_params.encode_to_vec())?;
    write_accounts(exec, &state.auth.accounts)?;
    for entry in &state.bank.balances {
        let addr = genesis_addr(exec, &entry.address)?;
        let coins: Vec<ProtoCoin> = entry
            .coins
            .iter()
            .filter(|c| c.amount != "0")
            .map(|c| ProtoCoin { denom: c.denom.clone(), amount: c.amount.clone() })
            .collect();
        let coins = bank::coins::checked(&coins)
            .map_err(|e| GenesisError(format!("coins of {}: {}", entry.address, e.text)))?;
        bank::mint(exec, &addr, &coins)?;
        auth::ensure(exec, &addr)?;
    }
    if state.bank.denom_metadata.len() > ENTRIES_MAX {
        return Err(GenesisError(format!("more than {ENTRIES_MAX} denominations")).into());
    }
    for entry in &state.bank.denom_metadata {
        bank::metadata::write_genesis(exec, entry)?;
    }
    // Behind all others. Created now, so that the first fee and the first burn cost what all later ones cost.
    for module in [exec.facts.fee_collector.clone(), exec.facts.wasm_module.clone()] {
        auth::ensure(exec, &module)?;
    }
    Ok(())
}

/// Accounts keep the numbers they name; the others get the lowest free ones in order, so that a list without numbers
/// is numbered from 0.
fn write_accounts(exec: &mut Exec<'_>, entries: &[AccountEntry]) -> Result<(), Stop> {
    let mut taken = BTreeSet::new();
    for number in entries.iter().filter_map(|e| e.account_number.as_ref()) {
        // Genesis files of other tools write 0 for every account, meaning "number them".
        let number = number.value()?;
        if number != 0 && !taken.insert(number) {
            return Err(GenesisError(format!("account number {number} is given twice")).into());
        }
    }
    let mut next = 0u64;
    for entry in entries {
        let addr = genesis_addr(exec, &entry.address)?;
        if auth::account(exec, &addr)?.is_some() {
            return Err(GenesisError(format!("account {} is given twice", entry.address)).into());
        }
        let named = entry.account_number.as_ref().map_or(Ok(0), Number::value)?;
        let number = if named != 0 {
            named
        } else {
            while taken.contains(&next) {
                next = next.saturating_add(1);
            }
            taken.insert(next);
            next
        };
        if number > ACCOUNT_NUMBER_MAX {
            return Err(
                GenesisError(format!("account number {number} is too large for clients")).into()
            );
        }
        let pub_key = entry.pub_key.as_ref().filter(|k| !k.is_null()).map(public_key_from_json);
        let pub_key = match pub_key {
            None => None,
            Some(Some(key)) if key.address().as_ref() == Some(&addr) => Some(key),
            Some(_) => return Err(GenesisError(format!("public key of {}", entry.address)).into()),
        };
        let sequence = entry.sequence.as_ref().map_or(Ok(0), Number::value)?;
        auth::save(exec, &Account { addr, pub_key, number, sequence })?;
    }
    let above = taken.last().map_or(0, |last| last.saturating_add(1));
    auth::set_next_number(exec, above)?;
    Ok(())
}

/// A key in the SDK's JSON form: `{"@type": …, "key": base64}`, or a threshold with `public_keys`.
fn public_key_from_json(json: &serde_json::Value) -> Option<PubKey> {
    let kind = json.get("@type")?.as_str()?;
    if kind == suyuan_tx::SECP256K1_TYPE_URL {
        return secp256k1_from_json(json).map(PubKey::Secp256k1);
    }
    if kind != suyuan_tx::MULTISIG_TYPE_URL {
        return None;
    }
    let keys = json.get("public_keys")?.as_array()?;
    if keys.len() > suyuan_tx::MULTISIG_KEYS_MAX {
        return None;
    }
    let keys = keys.iter().map(secp256k1_from_json).collect::<Option<Vec<_>>>()?;
    let threshold = u32::try_from(json.get("threshold")?.as_u64()?).ok()?;
    Multisig::new(threshold, keys).ok().map(PubKey::Multisig)
}

fn secp256k1_from_json(json: &serde_json::Value) -> Option<[u8; 33]> {
    use base64::Engine as _;
    if json.get("@type")?.as_str()? != suyuan_tx::SECP256K1_TYPE_URL {
        return None;
    }
    let key = base64::engine::general_purpose::STANDARD.decode(json.get("key")?.as_str()?).ok()?;
    key.try_into().ok()
}

/// JavaScript clients read account numbers as floating-point numbers: they must stay below 2^53.
const ACCOUNT_NUMBER_MAX: u64 = (1 << 53) - (1 << 40);

fn genesis_addr(exec: &Exec<'_>, text: &str) -> Result<Vec<u8>, GenesisError> {
    exec.facts.addr(text).map_err(|e| GenesisError(format!("address {text}: {e}")))
}
