//! The four contracts of a deployment: where they are, and how they get there.
//!
//! Order matters twice. A contract is instantiated after those whose addresses it is told, and the two that are called
//! by a later one learn its address by a `Wire` message that works once.

use std::collections::BTreeMap;
use std::io::Write as _;

use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::Any;
use serde::{Deserialize, Serialize};
use suyuan_trace_api::{assembly, code, event, participant};

use crate::client::Client;
use crate::error::{ClientError, Outcome};
use crate::msg::{self, json_bytes, NewContract};
use crate::signer::Signer;

/// Names of the contracts in the order of their instantiation.
pub const CONTRACTS: [&str; 4] =
    ["participant_registry", "trace_code", "assembly_graph", "event_log"];

/// The content of `deployment.json`: what every later command needs to find the contracts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Chain on which the addresses are valid.
    pub chain_id: String,
    /// Address of participant-registry.
    pub registry: String,
    /// Address of trace-code.
    pub trace_code: String,
    /// Address of event-log.
    pub event_log: String,
    /// Address of assembly-graph.
    pub assembly_graph: String,
    /// Code id of each contract, by name.
    pub code_ids: BTreeMap<String, u64>,
    /// SHA-256 of each contract's wasm in hex, by name.
    pub checksums: BTreeMap<String, String>,
}

/// What to deploy, and with which powers.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Raw wasm of the contracts in the order of [`CONTRACTS`].
    pub wasm: [Vec<u8>; 4],
    /// Addresses that certify participants and sources.
    pub certifiers: Vec<String>,
    /// How many of them must agree.
    pub threshold: u32,
    /// Sent to each account of a certified participant.
    pub account_grant: Coin,
    /// What the registry gets to pay those grants from.
    pub registry_funds: Vec<Coin>,
    /// Seconds of block time between a decision of the certifiers and its execution.
    pub delay_s: u64,
    /// Who may migrate the contracts.
    pub admin: Admin,
}

/// Base units for each account of a certified participant, where one key decides everything.
const ONE_KEY_GRANT: &str = "1";
/// Base units of a registry in which one key decides everything: as many accounts.
const ONE_KEY_FUNDS: &str = "1000000";

impl Plan {
    /// One key certifies, and it migrates the contracts, without delay: for demonstrations and tests, where nobody
    /// has to be protected from it. It pays the accounts of a million participants.
    pub fn of_one_key(wasm: [Vec<u8>; 4], operator: &str, denom: &str) -> Self {
        let coin = |amount: &str| Coin { denom: denom.into(), amount: amount.into() };
        Self {
            wasm,
            certifiers: vec![operator.to_string()],
            threshold: 1,
            account_grant: coin(ONE_KEY_GRANT),
            registry_funds: vec![coin(ONE_KEY_FUNDS)],
            delay_s: 0,
            admin: Admin::Address(operator.to_string()),
        }
    }
}

/// Who may migrate the contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admin {
    /// Nobody, for ever.
    Nobody,
    /// Whoever holds the key of this address.
    Address(String),
    /// The registry, itself included: its certifiers decide, m of n, and what they decide is announced for
    /// [`Plan::delay_s`] before it is done. No single key rewrites history.
    Registry,
}

/// What is being done, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Uploading this contract.
    Store(&'static str),
    /// Creating this contract.
    Instantiate(&'static str),
    /// Telling the contracts of each other.
    Wire,
}

/// Puts the four contracts on the chain and wires them.
///
/// # Errors
/// The first refusal; what was done before stays on the chain, and another run starts anew.
pub async fn deploy(
    client: &Client,
    signer: &Signer,
    plan: &Plan,
    mut watch: impl FnMut(Step),
) -> Outcome<Deployment> {
    let mut work = Work { client, signer, plan, code_ids: BTreeMap::new(), registry: None };
    let mut checksums = BTreeMap::new();
    for (name, wasm) in CONTRACTS.into_iter().zip(&plan.wasm) {
        watch(Step::Store(name));
        work.store(name, wasm).await?;
        checksums.insert(name.to_string(), hex::encode(suyuan_core::sha256(wasm)));
    }
    let [registry_name, code_name, graph_name, event_name] = CONTRACTS;
    watch(Step::Instantiate(registry_name));
    let registry = work.registry(registry_name).await?;
    work.registry = Some(registry.clone());
    watch(Step::Instantiate(code_name));
    let start = code::InstantiateMsg { registry: registry.clone() };
    let trace_code = work.instantiate(code_name, &start, Vec::new()).await?;
    watch(Step::Instantiate(graph_name));
    let start =
        assembly::InstantiateMsg { registry: registry.clone(), trace_code: trace_code.clone() };
    let assembly_graph = work.instantiate(graph_name, &start, Vec::new()).await?;
    watch(Step::Instantiate(event_name));
    let start = event::InstantiateMsg {
        registry: registry.clone(),
        assembly_graph: assembly_graph.clone(),
    };
    let event_log = work.instantiate(event_name, &start, Vec::new()).await?;
    let deployment = Deployment {
        chain_id: client.chain_id().to_string(),
        registry,
        trace_code,
        event_log,
        assembly_graph,
        code_ids: work.code_ids.clone(),
        checksums,
    };
    watch(Step::Wire);
    let mut last = wires(signer.address(), &deployment)?;
    if plan.admin == Admin::Registry {
        let registry = &deployment.registry;
        last.push(msg::update_admin(signer.address(), registry, registry));
    }
    client.send(signer, last).await?;
    Ok(deployment)
}

struct Work<'a> {
    client: &'a Client,
    signer: &'a Signer,
    plan: &'a Plan,
    code_ids: BTreeMap<String, u64>,
    registry: Option<String>,
}

impl Work<'_> {
    async fn store(&mut self, name: &str, wasm: &[u8]) -> Outcome<()> {
        let message = msg::store_code(self.signer.address(), compressed(wasm)?, None);
        let receipt = self.client.send(self.signer, vec![message]).await?;
        self.code_ids.insert(name.to_string(), receipt.code_id()?);
        Ok(())
    }

    async fn registry(&self, name: &str) -> Outcome<String> {
        let start = participant::InstantiateMsg {
            certifiers: self.plan.certifiers.clone(),
            threshold: self.plan.threshold,
            delay_s: self.plan.delay_s,
            account_grant: std_coin(&self.plan.account_grant)?,
        };
        self.instantiate(name, &start, self.plan.registry_funds.clone()).await
    }

    /// The registry is its own admin only once it stands: until the last step the deployer is.
    fn admin(&self) -> String {
        match &self.plan.admin {
            Admin::Nobody => String::new(),
            Admin::Address(address) => address.clone(),
            Admin::Registry => {
                self.registry.clone().unwrap_or_else(|| self.signer.address().to_string())
            }
        }
    }

    async fn instantiate<M: Serialize>(
        &self,
        name: &str,
        start: &M,
        funds: Vec<Coin>,
    ) -> Outcome<String> {
        let code_id = self.code_ids.get(name).copied();
        let new = NewContract {
            code_id: code_id.ok_or_else(|| ClientError::Input(format!("{name} is not stored")))?,
            label: name.replace('_', "-"),
            admin: self.admin(),
            msg: json_bytes(start)?,
            funds,
        };
        let message = msg::instantiate(self.signer.address(), new);
        self.client.send(self.signer, vec![message]).await?.contract_address()
    }
}

/// Both wirings in one transaction: there is no moment at which only one of them is done.
fn wires(sender: &str, to: &Deployment) -> Outcome<Vec<Any>> {
    let code = code::ExecuteMsg::Wire { assembly_graph: to.assembly_graph.clone() };
    let graph = assembly::ExecuteMsg::Wire { event_log: to.event_log.clone() };
    Ok(vec![
        msg::execute_json(sender, &to.trace_code, &code)?,
        msg::execute_json(sender, &to.assembly_graph, &graph)?,
    ])
}

fn std_coin(coin: &Coin) -> Outcome<cosmwasm_std::Coin> {
    let amount: u128 = coin
        .amount
        .parse()
        .map_err(|_| ClientError::Input(format!("{} is not an amount", coin.amount)))?;
    Ok(cosmwasm_std::coin(amount, coin.denom.clone()))
}

/// Gzip at the best level: transactions pay for their length.
///
/// # Errors
/// Input, if compression fails; it works in memory and does not.
pub fn compressed(wasm: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = encoder.write_all(wasm).and_then(|()| encoder.finish());
    packed.map_err(|e| ClientError::Input(format!("compressing wasm: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment() -> Deployment {
        Deployment {
            chain_id: "c-1".into(),
            registry: "r".into(),
            trace_code: "t".into(),
            event_log: "e".into(),
            assembly_graph: "g".into(),
            code_ids: BTreeMap::new(),
            checksums: BTreeMap::new(),
        }
    }

    #[test]
    fn inner_contracts_learn_their_callers() {
        let messages = wires("me", &deployment()).unwrap();
        let told: Vec<String> =
            messages.iter().map(|m| String::from_utf8_lossy(&m.value).into_owned()).collect();
        assert!(told[0].contains(r#"{"wire":{"assembly_graph":"g"}}"#), "{told:?}");
        assert!(told[1].contains(r#"{"wire":{"event_log":"e"}}"#), "{told:?}");
    }

    #[test]
    fn the_file_reads_back() {
        let text = serde_json::to_string(&deployment()).unwrap();
        assert_eq!(serde_json::from_str::<Deployment>(&text).unwrap(), deployment());
    }
}
