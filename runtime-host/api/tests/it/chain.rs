//! A chain in memory behind both servers on free ports, and an account that can send.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgInstantiateContract, MsgStoreCode};
use suyuan_api::ApiLimits;
use suyuan_core::{address, Coin};
use suyuan_services::{NodeFacts, Services};
use suyuan_solo::{Chain, Genesis, SoloConfig, SystemClock, ValidatorKey};
use suyuan_store::{Options, Store};
use suyuan_tx::{build, Any, Fee};
use suyuan_vm::Vm;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub const CHAIN_ID: &str = "api-1";
pub const PREFIX: &str = "suyuan";
pub const DENOM: &str = "usy";
const SECRET: [u8; 32] = [7; 32];
const WAIT_MAX: Duration = Duration::from_secs(20);

/// A served chain; ends with the test's process.
pub struct Live {
    pub chain: Chain,
    pub services: Services,
    pub grpc: SocketAddr,
    pub rest: SocketAddr,
    pub sender: String,
    pub stop: watch::Sender<bool>,
    pub servers: tokio::task::JoinSet<std::io::Result<()>>,
    _home: tempfile::TempDir,
}

pub async fn start() -> Live {
    start_with(ApiLimits::default()).await
}

pub async fn start_with(limits: ApiLimits) -> Live {
    start_on(limits, Store::in_memory(Options::new(&suyuan_app::STORES))).await
}

/// A chain that keeps so many versions of its state.
pub async fn start_pruning(keep_versions: u64) -> Live {
    let options = Options::new(&suyuan_app::STORES);
    let options = Options { keep_versions: Some(keep_versions), ..options };
    start_on(ApiLimits::default(), Store::in_memory(options)).await
}

async fn start_on(limits: ApiLimits, store: Store) -> Live {
    let home = tempfile::tempdir().unwrap();
    let public_key = suyuan_tx::public_key_of(&SECRET).unwrap();
    let sender = address::encode(PREFIX, &address::account_address(&public_key)).unwrap();
    let app_state = serde_json::json!({
        "auth": { "accounts": [{ "address": sender }] },
        "bank": {
            "balances": [{
                "address": sender,
                "coins": [{ "denom": DENOM, "amount": "1000000000" }],
            }],
            "denom_metadata": [{
                "base": DENOM, "display": "syu", "name": "Suyuan", "symbol": "SY",
                "denom_units": [
                    {"denom": DENOM, "exponent": 0}, {"denom": "syu", "exponent": 6},
                ],
            }],
        },
    });
    let vm = Vm::new(suyuan_app::vm_config(&app_state).unwrap()).unwrap();
    let app = suyuan_app::App::new(store, vm).unwrap();
    let time = "2026-11-23T00:00:00.25Z".parse().unwrap();
    let genesis = Genesis::new(CHAIN_ID, time, app_state).unwrap();
    let config = SoloConfig::new(home.path());
    let key = ValidatorKey::generate();
    let clock = Arc::new(SystemClock);
    let chain = suyuan_solo::start(Box::new(app), genesis, key, config, clock).unwrap();
    let services = Services::new(Arc::new(chain.clone()), NodeFacts::default());
    let (stop, stopped) = watch::channel(false);
    let mut servers = tokio::task::JoinSet::new();
    let until = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let grpc = listener.local_addr().unwrap();
    let ends = until(stopped.clone());
    servers.spawn(suyuan_api::serve_grpc(listener, services.clone(), limits.clone(), ends));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rest = listener.local_addr().unwrap();
    servers.spawn(suyuan_api::serve_rest(listener, services.clone(), limits, until(stopped)));
    Live { chain, services, grpc, rest, sender, stop, servers, _home: home }
}

/// A runtime as the node builds it.
pub fn run(work: impl std::future::Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(suyuan_vm::THREAD_STACK_BYTES)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work);
}

impl Live {
    /// A signed transaction with this sequence.
    pub fn signed(&self, messages: Vec<Any>, sequence: u64) -> Vec<u8> {
        let fee = Fee { gas_limit: 5_000_000, ..Fee::default() };
        let public_key = suyuan_tx::public_key_of(&SECRET).unwrap();
        let body = build::body(messages, "", 0);
        let auth = build::auth_info(&public_key, sequence, &fee);
        let doc = build::sign_doc(&body, &auth, CHAIN_ID, 0);
        let signature = suyuan_tx::sign(&SECRET, &doc).unwrap();
        build::tx_raw(body, auth, vec![signature.to_vec()])
    }

    /// A transfer to `to`.
    pub fn transfer(&self, to: &str, amount: u128) -> Any {
        build::any(&MsgSend {
            from_address: self.sender.clone(),
            to_address: to.to_string(),
            amount: vec![build::coin(&Coin::new(amount, DENOM))],
        })
    }

    /// Puts a transaction into a block; returns its height and hash.
    pub async fn commit(&self, tx: Vec<u8>) -> (u64, String) {
        let chain = self.chain.clone();
        let work = tokio::task::spawn_blocking(move || {
            let committed = chain.broadcast_commit(tx, WAIT_MAX).unwrap();
            assert_eq!(committed.check.code, 0, "{}", committed.check.log);
            assert_eq!(committed.result.code, 0, "{}", committed.result.log);
            (committed.height, suyuan_core::hex_upper(&committed.hash))
        });
        work.await.unwrap()
    }

    /// Waits until the last block changed nothing, so that none follows by itself.
    pub async fn settled(&self) {
        let chain = self.chain.clone();
        let rest = move || loop {
            let latest = chain.latest_height();
            let (header, results) =
                (chain.header(None).unwrap(), chain.block_results(None).unwrap());
            let proved =
                header.app_hash.as_bytes() == results.app_hash && results.tx_results.is_empty();
            if proved && header.height.value() == latest && results.height == latest {
                return;
            }
            chain.wait_above(latest, WAIT_MAX);
        };
        tokio::task::spawn_blocking(rest).await.unwrap();
    }

    /// Stores an echo and creates one; returns its address. Uses sequences `first` and the next.
    pub async fn deploy(&self, first: u64) -> String {
        let store = MsgStoreCode {
            sender: self.sender.clone(),
            wasm_byte_code: echo(),
            instantiate_permission: None,
        };
        self.commit(self.signed(vec![build::any(&store)], first)).await;
        let create = MsgInstantiateContract {
            sender: self.sender.clone(),
            admin: self.sender.clone(),
            code_id: 1,
            label: "echo".to_string(),
            msg: OK.as_bytes().to_vec(),
            funds: vec![],
        };
        self.commit(self.signed(vec![build::any(&create)], first + 1)).await;
        address::encode(PREFIX, &address::contract_address(1, 1)).unwrap()
    }

    /// Status, headers and body of a REST request.
    pub async fn http(&self, verb: &str, path: &str, headers: &str, body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.rest).await.unwrap();
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Reply {
            status: head[9..12].parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_string(),
        }
    }

    /// A GET whose answer is JSON.
    pub async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        let reply = self.http("GET", path, "", "").await;
        (reply.status, reply.json())
    }
}

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.body))
    }
}

/// What the echo is sent to answer "fine", with data `{}` for queries.
pub const OK: &str = r#"{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#;

/// A contract whose entry points answer with their message; `instantiate` keeps it under "last".
pub fn echo() -> Vec<u8> {
    wat::parse_str(
        r#"(module
 (import "env" "db_write" (func $db_write (param i32 i32)))
 (memory (export "memory") 17)
 (global $heap (mut i32) (i32.const 4096))
 (func (export "interface_version_8"))
 (func (export "deallocate") (param i32))
 (func (export "allocate") (param $size i32) (result i32)
  (local $region i32)
  (local.set $region (global.get $heap))
  (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
  (i32.store offset=4 (local.get $region) (local.get $size))
  (i32.store offset=8 (local.get $region) (i32.const 0))
  (global.set $heap
   (i32.and (i32.add (local.get $region) (i32.add (local.get $size) (i32.const 27))) (i32.const -8)))
  (local.get $region))
 (data (i32.const 1024) "last")
 (data (i32.const 512) "\00\04\00\00\04\00\00\00\04\00\00\00")
 (func (export "instantiate") (param i32 i32 i32) (result i32)
  (call $db_write (i32.const 512) (local.get 2))
  (local.get 2))
 (func (export "execute") (param i32 i32 i32) (result i32) (local.get 2))
 (func (export "query") (param i32 i32) (result i32) (local.get 1)))"#,
    )
    .unwrap()
}
