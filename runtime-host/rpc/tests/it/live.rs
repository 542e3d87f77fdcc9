//! A chain in memory with a server on a free port, and an account that can send.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use suyuan_core::{address, Coin};
use suyuan_rpc::RpcLimits;
use suyuan_solo::{Chain, Genesis, SoloConfig, SystemClock, ValidatorKey};
use suyuan_store::{Options, Store};
use suyuan_tx::{build, Fee};
use suyuan_vm::Vm;
use tendermint::Time;
use tendermint_rpc::HttpClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const CHAIN_ID: &str = "live-1";
pub const PREFIX: &str = "suyuan";
pub const DENOM: &str = "usy";
const SECRET: [u8; 32] = [7; 32];
const FUNDS: u128 = 1_000_000_000;

/// A served chain; ends with the test's process.
pub struct Live {
    pub chain: Chain,
    pub client: HttpClient,
    pub address: SocketAddr,
    pub sender: String,
    _home: tempfile::TempDir,
}

pub async fn start() -> Live {
    start_with(RpcLimits::default()).await
}

pub async fn start_with(limits: RpcLimits) -> Live {
    start_on(limits, Store::in_memory(Options::new(&suyuan_app::STORES))).await
}

/// A chain that keeps so many versions of its state.
pub async fn start_pruning(keep_versions: u64) -> Live {
    let options = Options::new(&suyuan_app::STORES);
    let options = Options { keep_versions: Some(keep_versions), ..options };
    start_on(RpcLimits::default(), Store::in_memory(options)).await
}

async fn start_on(limits: RpcLimits, store: Store) -> Live {
    let home = tempfile::tempdir().unwrap();
    let public_key = suyuan_tx::public_key_of(&SECRET).unwrap();
    let sender = address::encode(PREFIX, &address::account_address(&public_key)).unwrap();
    let app_state = serde_json::json!({
        "auth": { "accounts": [{ "address": sender }] },
        "bank": { "balances": [{
            "address": sender,
            "coins": [{ "denom": DENOM, "amount": FUNDS.to_string() }],
        }]},
    });
    let vm = Vm::new(suyuan_app::vm_config(&app_state).unwrap()).unwrap();
    let app = suyuan_app::App::new(store, vm).unwrap();
    let genesis = Genesis::new(CHAIN_ID, Time::now(), app_state).unwrap();
    let config = SoloConfig::new(home.path());
    let key = ValidatorKey::generate();
    let clock = Arc::new(SystemClock);
    let chain = suyuan_solo::start(Box::new(app), genesis, key, config, clock).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(suyuan_rpc::serve(listener, chain.clone(), limits, std::future::pending()));
    let client = HttpClient::new(format!("http://{address}").as_str()).unwrap();
    Live { chain, client, address, sender, _home: home }
}

impl Live {
    /// A signed transfer to the sender itself, with this sequence.
    pub fn transfer(&self, sequence: u64) -> Vec<u8> {
        let send = MsgSend {
            from_address: self.sender.clone(),
            to_address: self.sender.clone(),
            amount: vec![build::coin(&Coin { denom: DENOM.to_owned(), amount: 1 })],
        };
        let fee = Fee {
            amount: vec![],
            gas_limit: 200_000,
            payer: String::new(),
            granter: String::new(),
        };
        let public_key = suyuan_tx::public_key_of(&SECRET).unwrap();
        let body = build::body(vec![build::any(&send)], "", 0);
        let auth = build::auth_info(&public_key, sequence, &fee);
        let account_number = 0;
        let doc = build::sign_doc(&body, &auth, CHAIN_ID, account_number);
        let signature = suyuan_tx::sign(&SECRET, &doc).unwrap();
        build::tx_raw(body, auth, vec![signature.to_vec()])
    }

    /// Waits for the block after the latest one, which carries the app hash of its state.
    pub async fn next_block(&self, height: u64) {
        let chain = self.chain.clone();
        let waited =
            tokio::task::spawn_blocking(move || chain.wait_above(height, Duration::from_secs(10)));
        waited.await.unwrap().unwrap();
    }

    /// Status and body of a request by hand.
    pub async fn http(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }

    /// The URI form.
    pub async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        let request = format!("GET {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n");
        let (status, body) = self.http(&request).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// A JSON-RPC call by hand.
    pub async fn post(&self, body: &str) -> (u16, serde_json::Value) {
        let request = format!(
            "POST / HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (status, body) = self.http(&request).await;
        (status, serde_json::from_str(&body).unwrap())
    }
}
