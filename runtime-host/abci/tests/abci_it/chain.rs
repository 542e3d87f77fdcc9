//! Accounts, transactions, genesis and blocks for the tests.

use std::path::PathBuf;

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use serde_json::json;
use suyuan_abci::{AbciServer, Settings};
use suyuan_app::App;
use suyuan_core::{address, Coin};
use suyuan_store::{Options, Store};
use suyuan_tx::{build, public_key_of, sign, Fee};
use suyuan_vm::Vm;
use tempfile::TempDir;
use tendermint_proto::google::protobuf::{Duration, Timestamp};
use tendermint_proto::v0_38::abci::{request, response, RequestFinalizeBlock, RequestInitChain};
use tendermint_proto::v0_38::types::{
    BlockParams, ConsensusParams, EvidenceParams, ValidatorParams,
};

use crate::peer::Peer;

pub const CHAIN_ID: &str = "abci-test";
pub const GENESIS_SECONDS: i64 = 1_700_000_000;
/// Gas limit of a transfer here.
pub const GAS: u64 = 150_000;

pub struct Actor {
    secret: [u8; 32],
    number: u64,
    pub sequence: u64,
}

impl Actor {
    pub fn new(number: u64) -> Actor {
        let mut secret = [1; 32];
        secret[31] = u8::try_from(number + 1).unwrap();
        Actor { secret, number, sequence: 0 }
    }

    pub fn addr(&self) -> String {
        let key = public_key_of(&self.secret).unwrap();
        address::encode("suyuan", &address::account_address(&key)).unwrap()
    }

    /// A transfer, signed; the sequence counts up.
    pub fn send(&mut self, to: &str, amount: u128, gas_limit: u64) -> Vec<u8> {
        let message = build::any(&MsgSend {
            from_address: self.addr(),
            to_address: to.to_string(),
            amount: vec![build::coin(&Coin::new(amount, "usy"))],
        });
        let body = build::body(vec![message], "", 0);
        let fee = Fee { gas_limit, ..Fee::default() };
        let auth = build::auth_info(&public_key_of(&self.secret).unwrap(), self.sequence, &fee);
        let sign_doc = build::sign_doc(&body, &auth, CHAIN_ID, self.number);
        let signature = sign(&self.secret, &sign_doc).unwrap();
        self.sequence += 1;
        build::tx_raw(body, auth, vec![signature.to_vec()])
    }
}

pub fn app_state(accounts: u64) -> serde_json::Value {
    let balances: Vec<_> = (0..accounts)
        .map(|n| json!({"address": Actor::new(n).addr(), "coins": [{"denom": "usy", "amount": "1000000000"}]}))
        .collect();
    let accounts: Vec<_> =
        (0..accounts).map(|n| json!({"address": Actor::new(n).addr()})).collect();
    json!({"auth": {"accounts": accounts}, "bank": {"balances": balances}})
}

pub fn init_chain(accounts: u64) -> RequestInitChain {
    RequestInitChain {
        time: Some(Timestamp { seconds: GENESIS_SECONDS, nanos: 5 }),
        chain_id: CHAIN_ID.into(),
        consensus_params: Some(ConsensusParams {
            block: Some(BlockParams { max_bytes: 4 << 20, max_gas: 400_000_000 }),
            evidence: Some(EvidenceParams {
                max_age_num_blocks: 100_000,
                max_age_duration: Some(Duration { seconds: 172_800, nanos: 0 }),
                max_bytes: 1 << 20,
            }),
            validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".into()] }),
            version: None,
            abci: None,
        }),
        validators: Vec::new(),
        app_state_bytes: app_state(accounts).to_string().into_bytes().into(),
        initial_height: 1,
    }
}

pub fn block(height: i64, txs: &[Vec<u8>]) -> RequestFinalizeBlock {
    RequestFinalizeBlock {
        txs: txs.iter().map(|tx| tx.clone().into()).collect(),
        decided_last_commit: None,
        misbehavior: Vec::new(),
        hash: vec![u8::try_from(height % 251).unwrap(); 32].into(),
        height,
        time: Some(Timestamp { seconds: GENESIS_SECONDS + height, nanos: 0 }),
        next_validators_hash: vec![7; 32].into(),
        proposer_address: vec![9; 20].into(),
    }
}

/// A server over a store that outlives it, as a disk outlives a process.
pub struct Node {
    pub dir: TempDir,
    pub store: Store,
    pub server: AbciServer,
}

impl Node {
    pub fn new() -> Node {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::in_memory(Options::new(&suyuan_app::STORES));
        let server = serve(&store, &dir.path().join("abci.sock"), Settings::default());
        Node { dir, store, server }
    }

    /// The process dies and comes back: what was not committed is gone.
    pub fn restart(&mut self) {
        self.server.shutdown();
        self.server = serve(&self.store, &self.path(), Settings::default());
    }

    /// The same with other settings.
    pub fn again(mut self, settings: Settings) -> Node {
        self.server.shutdown();
        self.server = serve(&self.store, &self.path(), settings);
        self
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("abci.sock")
    }

    pub fn peer(&self) -> Peer {
        Peer::connect(&self.path())
    }

    /// A consensus connection of a chain with genesis.
    pub fn begun(&self, accounts: u64) -> (Peer, Vec<u8>) {
        let mut consensus = self.peer();
        let app_hash = begin(&mut consensus, accounts);
        (consensus, app_hash)
    }
}

pub fn begin(consensus: &mut Peer, accounts: u64) -> Vec<u8> {
    match consensus.ask(request::Value::InitChain(init_chain(accounts))) {
        Some(response::Value::InitChain(said)) => said.app_hash.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn serve(store: &Store, path: &std::path::Path, settings: Settings) -> AbciServer {
    let config = suyuan_app::vm_config(&app_state(1)).unwrap();
    let app = App::new(store.clone(), Vm::new(config).unwrap()).unwrap();
    AbciServer::start(Box::new(app), path, settings).unwrap()
}

/// Next sequence of a genesis account by the committed state of a simulated replica.
pub fn sequence(replica: &mut crate::sim::replica::Replica, number: u64) -> u64 {
    use cosmos_sdk_proto::cosmos::auth::v1beta1::{
        BaseAccount, QueryAccountRequest, QueryAccountResponse,
    };
    use prost::Message;
    let request = QueryAccountRequest { address: Actor::new(number).addr() };
    let said = replica.ask(request::Value::Query(tendermint_proto::v0_38::abci::RequestQuery {
        path: "/cosmos.auth.v1beta1.Query/Account".into(),
        data: request.encode_to_vec().into(),
        height: 0,
        prove: false,
    }));
    let response::Value::Query(said) = said else { panic!("{said:?}") };
    if said.code != 0 {
        // Before the first block there is no state to ask.
        return 0;
    }
    let any = QueryAccountResponse::decode(said.value).unwrap().account.unwrap();
    BaseAccount::decode(any.value.as_slice()).unwrap().sequence
}
