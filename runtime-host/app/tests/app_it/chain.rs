//! A chain in memory: one call per block, named actors with deterministic keys.

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgStoreCode, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use prost::{Message, Name};
use serde_json::{json, Value};
use suyuan_app::{
    App, BlockOutcome, BlockRequest, CheckKind, ConsensusParams, GenesisError, InitChain,
    QueryOutcome, TxOutcome, STORES,
};
use suyuan_core::{address, Coin, Event};
use suyuan_store::{Options, Store};
use suyuan_tx::{build, public_key_of, sign, Any, Fee};
use suyuan_vm::Vm;

pub const CHAIN_ID: &str = "testing";
pub const GAS: u64 = 5_000_000;
/// Header time of block 1 in nanoseconds; each block is five seconds later.
pub const TIME_NS: u64 = 1_700_000_000_000_000_000;

pub struct Chain {
    pub app: App,
    pub height: u64,
    pub store: Store,
}

#[derive(Clone)]
pub struct Actor {
    pub secret: [u8; 32],
    pub number: u64,
    pub sequence: u64,
}

impl Actor {
    /// Actor number `number` of genesis.
    pub fn new(number: u64) -> Actor {
        let mut secret = [1; 32];
        secret[31] = u8::try_from(number + 1).unwrap();
        Actor { secret, number, sequence: 0 }
    }

    pub fn pub_key(&self) -> [u8; 33] {
        public_key_of(&self.secret).unwrap()
    }

    pub fn addr(&self) -> String {
        address::encode("suyuan", &address::account_address(&self.pub_key())).unwrap()
    }

    /// Signs without counting up the sequence.
    pub fn sign_with(
        &self,
        messages: Vec<Any>,
        fee: &Fee,
        memo: &str,
        timeout: u64,
        chain_id: &str,
    ) -> Vec<u8> {
        let body = build::body(messages, memo, timeout);
        let auth = build::auth_info(&self.pub_key(), self.sequence, fee);
        let sign_doc = build::sign_doc(&body, &auth, chain_id, self.number);
        let signature = sign(&self.secret, &sign_doc).unwrap();
        build::tx_raw(body, auth, vec![signature.to_vec()])
    }

    /// Signs and counts up the sequence.
    pub fn tx(&mut self, messages: Vec<Any>) -> Vec<u8> {
        self.tx_with_gas(messages, GAS)
    }

    pub fn tx_with_gas(&mut self, messages: Vec<Any>, gas_limit: u64) -> Vec<u8> {
        let tx = self.sign_with(messages, &Fee { gas_limit, ..Fee::default() }, "", 0, CHAIN_ID);
        self.sequence += 1;
        tx
    }
}

pub fn any<M: Message + Name>(message: &M) -> Any {
    build::any(message)
}

pub fn send(from: &str, to: &str, amount: u128) -> Any {
    any(&MsgSend {
        from_address: from.to_string(),
        to_address: to.to_string(),
        amount: vec![build::coin(&Coin::new(amount, "usy"))],
    })
}

pub fn store_code(sender: &str, wasm: Vec<u8>) -> Any {
    any(&MsgStoreCode {
        sender: sender.to_string(),
        wasm_byte_code: wasm,
        instantiate_permission: None,
    })
}

pub fn instantiate(sender: &str, code_id: u64, msg: &Value, admin: &str) -> Any {
    any(&MsgInstantiateContract {
        sender: sender.to_string(),
        admin: admin.to_string(),
        code_id,
        label: "a contract".to_string(),
        msg: msg.to_string().into_bytes(),
        funds: vec![],
    })
}

pub fn execute(sender: &str, contract: &str, msg: &Value) -> Any {
    execute_with(sender, contract, msg, 0)
}

pub fn execute_with(sender: &str, contract: &str, msg: &Value, funds: u128) -> Any {
    let funds = if funds == 0 { vec![] } else { vec![build::coin(&Coin::new(funds, "usy"))] };
    any(&MsgExecuteContract {
        sender: sender.to_string(),
        contract: contract.to_string(),
        msg: msg.to_string().into_bytes(),
        funds,
    })
}

/// Genesis with actors 0 to 2, a million base units each.
pub fn genesis() -> Value {
    let actors: Vec<String> = (0..3).map(|i| Actor::new(i).addr()).collect();
    json!({
        "auth": { "accounts": actors.iter().map(|a| json!({"address": a})).collect::<Vec<_>>() },
        "bank": { "balances": actors.iter()
            .map(|a| json!({"address": a, "coins": [{"denom": "usy", "amount": "1000000"}]}))
            .collect::<Vec<_>>() },
    })
}

pub fn init_request(app_state: Value) -> InitChain {
    InitChain {
        chain_id: CHAIN_ID.to_string(),
        time_ns: TIME_NS,
        app_state,
        consensus_params: ConsensusParams { block_max_gas: -1, ..ConsensusParams::default() },
        initial_height: 1,
        validators: vec![],
    }
}

impl Chain {
    pub fn new() -> Chain {
        Chain::with_genesis(genesis())
    }

    pub fn with_genesis(app_state: Value) -> Chain {
        Chain::with_request(init_request(app_state))
    }

    /// Whether a chain can begin with `app_state`.
    pub fn try_genesis(app_state: Value) -> Result<(), GenesisError> {
        let store = Store::in_memory(Options::new(&STORES));
        let vm = Vm::new(suyuan_app::vm_config(&app_state)?).unwrap();
        App::new(store, vm).unwrap().init_chain(init_request(app_state)).unwrap().map(drop)
    }

    /// A chain after its first, empty block.
    pub fn with_request(request: InitChain) -> Chain {
        let store = Store::in_memory(Options::new(&STORES));
        let vm = Vm::new(suyuan_app::vm_config(&request.app_state).unwrap()).unwrap();
        let mut app = App::new(store.clone(), vm).unwrap();
        let height = request.initial_height - 1;
        app.init_chain(request).unwrap().unwrap();
        let mut chain = Chain { app, height, store };
        chain.block(vec![]);
        chain
    }

    pub fn request(&self, txs: Vec<Vec<u8>>) -> BlockRequest {
        let height = self.height + 1;
        BlockRequest {
            height,
            time_ns: TIME_NS + height * 5_000_000_000,
            txs,
            ..BlockRequest::default()
        }
    }

    /// Runs and commits a block.
    pub fn block(&mut self, txs: Vec<Vec<u8>>) -> BlockOutcome {
        let request = self.request(txs);
        let outcome = self.app.finalize_block(&request).unwrap();
        self.app.commit().unwrap();
        self.height += 1;
        assert_eq!(self.app.info().app_hash, outcome.app_hash);
        assert_eq!(self.app.info().height, self.height);
        outcome
    }

    /// Runs one transaction in a block of its own.
    pub fn run(&mut self, tx: Vec<u8>) -> TxOutcome {
        self.block(vec![tx]).tx_results.remove(0)
    }

    /// Runs one transaction that must succeed.
    pub fn ok(&mut self, tx: Vec<u8>) -> TxOutcome {
        let outcome = self.run(tx);
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        outcome
    }

    pub fn check(&self, tx: &[u8]) -> TxOutcome {
        self.app.check_tx(tx, CheckKind::New).unwrap()
    }

    pub fn query(&self, path: &str, request: &impl Message) -> QueryOutcome {
        self.app.reader().query(path, &request.encode_to_vec(), 0, false).unwrap()
    }

    pub fn answer<R: Message + Default>(&self, path: &str, request: &impl Message) -> R {
        let outcome = self.query(path, request);
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        R::decode(&outcome.value[..]).unwrap()
    }

    pub fn balance(&self, addr: &str) -> u128 {
        use cosmos_sdk_proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
        let request = QueryBalanceRequest { address: addr.to_string(), denom: "usy".to_string() };
        let response: QueryBalanceResponse =
            self.answer("/cosmos.bank.v1beta1.Query/Balance", &request);
        response.balance.unwrap().amount.parse().unwrap()
    }

    pub fn smart(&self, contract: &str, msg: &Value) -> QueryOutcome {
        let request = QuerySmartContractStateRequest {
            address: contract.to_string(),
            query_data: msg.to_string().into_bytes(),
        };
        self.query("/cosmwasm.wasm.v1.Query/SmartContractState", &request)
    }

    pub fn smart_data(&self, contract: &str, msg: &Value) -> Vec<u8> {
        let outcome = self.smart(contract, msg);
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        QuerySmartContractStateResponse::decode(&outcome.value[..]).unwrap().data
    }

    /// The value of a contract's own key, straight from the state.
    pub fn state(&self, contract: &str, key: &str) -> Option<Vec<u8>> {
        let addr = address::decode("suyuan", contract).unwrap();
        let key = [&[3][..], &addr, key.as_bytes()].concat();
        self.store.snapshot().get("wasm", &key).unwrap()
    }

    /// Stores `wasm` and creates one contract of it, in one block each.
    pub fn deploy(&mut self, actor: &mut Actor, wasm: Vec<u8>, init: &Value) -> String {
        let sender = actor.addr();
        let stored = self.ok(actor.tx(vec![store_code(&sender, wasm)]));
        let code_id = attribute(&stored.events, "store_code", "code_id").parse().unwrap();
        let created = self.ok(actor.tx(vec![instantiate(&sender, code_id, init, &sender)]));
        attribute(&created.events, "instantiate", "_contract_address")
    }
}

/// The first attribute `key` of the first event of `kind`.
/// The response of a transaction's first message.
pub fn response<M: Message + Default>(outcome: &TxOutcome) -> M {
    use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData;
    let data = TxMsgData::decode(&outcome.data[..]).unwrap();
    M::decode(&data.msg_responses[0].value[..]).unwrap()
}

pub fn attribute(events: &[Event], kind: &str, key: &str) -> String {
    let event = events
        .iter()
        .find(|e| e.kind == kind)
        .unwrap_or_else(|| panic!("no event {kind} in {events:?}"));
    event.first(key).unwrap_or_else(|| panic!("no {key} in {event:?}")).to_string()
}

/// Kinds of all events in order.
pub fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|e| e.kind.as_str()).collect()
}
