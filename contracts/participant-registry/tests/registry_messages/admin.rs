//! The registry as the admin of contracts, of itself too, on a chain of contracts.

use cosmwasm_std::{coins, to_json_binary, Addr, Binary, Empty, StdResult, WasmMsg};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use suyuan_participant_registry::contract;
use suyuan_trace_api::participant::Registry;

use super::{
    setup, ConfigAnswer, ExecuteMsg, GovernedAction, InstantiateMsg, NewParticipant,
    ParticipantStatus, Permission, QueryMsg, Refusal, DELAY_S,
};

/// Two registries; the first is its own admin and the other one's.
struct Chain {
    app: App,
    code_id: u64,
    registry: Addr,
    other: Addr,
}

impl Chain {
    fn new() -> Self {
        let mut app = App::new(|router, api, storage| {
            let owner = api.addr_make("owner");
            router.bank.init_balance(storage, &owner, coins(100, "usy")).unwrap();
        });
        let wrapper = || {
            let whole =
                ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
            Box::new(whole.with_migrate(contract::migrate))
        };
        let code_id = app.store_code(wrapper());
        let owner = app.api().addr_make("owner");
        let certifiers = ["c1", "c2", "c3"].map(|c| app.api().addr_make(c).into_string());
        let start = InstantiateMsg { delay_s: DELAY_S, ..setup(&["c1", "c2", "c3"], 2) };
        let start = InstantiateMsg { certifiers: certifiers.to_vec(), ..start };
        let mut instance = |label: &str| {
            let admin = Some(owner.to_string());
            app.instantiate_contract(code_id, owner.clone(), &start, &[], label, admin).unwrap()
        };
        let (registry, other) = (instance("registry"), instance("other"));
        for contract in [&registry, &other] {
            let admin = registry.to_string();
            let hand_over = WasmMsg::UpdateAdmin { contract_addr: contract.to_string(), admin };
            app.execute(owner.clone(), hand_over.into()).unwrap();
        }
        Self { app, code_id, registry, other }
    }

    fn tell(&mut self, from: &str, msg: &ExecuteMsg) -> StdResult<AppResponse> {
        let sender = self.app.api().addr_make(from);
        self.app.execute_contract(sender, self.registry.clone(), msg, &[])
    }

    fn pass_delay(&mut self) {
        self.app.update_block(|block| block.time = block.time.plus_seconds(DELAY_S));
    }

    /// Two certifiers agree, and one executes after the delay.
    fn decide(&mut self, proposal: u64, action: GovernedAction) -> StdResult<AppResponse> {
        self.tell("c1", &ExecuteMsg::Propose { action })?;
        self.tell("c2", &ExecuteMsg::Vote { proposal })?;
        self.pass_delay();
        self.tell("c3", &ExecuteMsg::Execute { proposal })
    }

    fn migrate(&self, contract: &Addr) -> GovernedAction {
        let msg = to_json_binary(&Empty {}).unwrap();
        GovernedAction::Migrate { contract: contract.to_string(), code_id: self.code_id, msg }
    }

    fn migrations(&self, contract: &Addr) -> usize {
        let answer: ConfigAnswer =
            self.app.wrap().query_wasm_smart(contract, &QueryMsg::Config {}).unwrap();
        answer.migrations.len()
    }

    fn admin(&self, contract: &Addr) -> Option<Addr> {
        self.app.wrap().query_wasm_contract_info(contract).unwrap().admin
    }
}

fn refusal<T: std::fmt::Debug>(result: StdResult<T>) -> String {
    format!("{:?}", result.unwrap_err())
}

/// No single key rewrites history: with two of three certifiers and a delay, one key migrates nothing, neither
/// through the registry nor past it, nor does it make itself the admin.
#[test]
fn no_single_key_migrates_a_contract() {
    let mut chain = Chain::new();
    let other = chain.other.clone();
    for name in ["c1", "c2", "c3", "owner"] {
        let sender = chain.app.api().addr_make(name);
        let contract_addr = other.to_string();
        let msg = to_json_binary(&Empty {}).unwrap();
        let order = WasmMsg::Migrate { contract_addr: contract_addr.clone(), new_code_id: 1, msg };
        assert!(chain.app.execute(sender.clone(), order.into()).is_err(), "{name} is no admin");
        let admin = sender.to_string();
        let take = WasmMsg::UpdateAdmin { contract_addr, admin };
        assert!(chain.app.execute(sender, take.into()).is_err(), "{name} is no admin");
    }
    let action = chain.migrate(&other);
    chain.tell("c1", &ExecuteMsg::Propose { action }).unwrap();
    chain.pass_delay();
    let execute = ExecuteMsg::Execute { proposal: 1 };
    assert!(refusal(chain.tell("c1", &execute)).contains("registry/VotesMissing"));
    chain.tell("c2", &ExecuteMsg::Vote { proposal: 1 }).unwrap();
    assert!(refusal(chain.tell("c1", &execute)).contains("registry/DelayNotOver"));
    assert_eq!(chain.migrations(&other), 0);
    chain.pass_delay();
    chain.tell("c1", &execute).unwrap();
    assert_eq!(chain.migrations(&other), 1, "and it is on record");
}

#[test]
fn the_registry_migrates_itself_by_decision() {
    let mut chain = Chain::new();
    let registry = chain.registry.clone();
    let action = chain.migrate(&registry);
    chain.decide(1, action).unwrap();
    assert_eq!(chain.migrations(&registry), 1);
}

#[test]
fn the_admin_is_handed_over_and_given_up_by_decision() {
    let mut chain = Chain::new();
    let (registry, other) = (chain.registry.clone(), chain.other.clone());
    let heir = chain.app.api().addr_make("heir");
    let (contract, admin) = (other.to_string(), heir.to_string());
    chain.decide(1, GovernedAction::UpdateAdmin { contract, admin }).unwrap();
    assert_eq!(chain.admin(&other), Some(heir));
    let refused = {
        let action = chain.migrate(&other);
        chain.decide(2, action)
    };
    assert!(refused.is_err(), "no longer the registry's");
    chain.decide(3, GovernedAction::ClearAdmin { contract: registry.to_string() }).unwrap();
    assert_eq!(chain.admin(&registry), None);
}

#[test]
fn orders_to_contracts_are_checked_when_they_are_proposed() {
    let mut chain = Chain::new();
    let bad = |action| ExecuteMsg::Propose { action };
    let nonsense = || String::from("nonsense");
    let somebody = chain.app.api().addr_make("somebody").to_string();
    let long = Binary::from(vec![b' '; 16 * 1024 + 1]);
    let msg = Binary::from(b"{}");
    for (action, code) in [
        (GovernedAction::Migrate { contract: nonsense(), code_id: 1, msg }, "Fault"),
        (GovernedAction::Migrate { contract: somebody.clone(), code_id: 1, msg: long }, "TooMany"),
        (GovernedAction::UpdateAdmin { contract: somebody, admin: nonsense() }, "Fault"),
        (GovernedAction::ClearAdmin { contract: nonsense() }, "Fault"),
    ] {
        let refused = refusal(chain.tell("c1", &bad(action)));
        assert!(refused.contains(&format!("registry/{code}")), "{refused}");
    }
}

#[test]
fn typed_questions_get_the_registry_s_answers() {
    let mut chain = Chain::new();
    let address = chain.app.api().addr_make("acme");
    let new = NewParticipant { addresses: vec![address.to_string()], ..super::acme() };
    chain.tell("c1", &ExecuteMsg::Register(new)).unwrap();
    let querier = chain.app.wrap();
    let registry = Registry::at(querier, &chain.registry);
    assert_eq!(registry.config().unwrap().threshold, 2);
    assert_eq!(registry.participant("acme").unwrap().unwrap().id, "acme");
    assert_eq!(registry.by_identifier(super::uscc()).unwrap().unwrap().id, "acme");
    assert_eq!(registry.actor(&address).unwrap().unwrap().status, ParticipantStatus::Applied);
    let answer = registry.can("acme", Permission::IssueCodes, None).unwrap();
    assert_eq!(answer.reason, Some(Refusal::NotActive));
    assert!(registry.role("manufacturer").unwrap().is_some());
    assert_eq!(registry.key("acme", "k").unwrap(), None);
    assert_eq!(registry.source("s").unwrap(), None);
    assert_eq!(registry.prefix_range("code", "A").unwrap(), None);
    assert_eq!(registry.attestors(None, None, None).unwrap().attestors, []);
    assert_eq!(registry.grant(1).unwrap(), None);
    assert_eq!(registry.service("s").unwrap(), None);
}
