//! Two small contracts in WebAssembly text, which do what the test's message says.

use serde_json::{json, Value};

const HEAD: &str = r#"(module
 (import "env" "db_read" (func $db_read (param i32) (result i32)))
 (import "env" "db_write" (func $db_write (param i32 i32)))
 (import "env" "query_chain" (func $query_chain (param i32) (result i32)))
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
 (data (i32.const 1040) "reply")
 (data (i32.const 528) "\10\04\00\00\05\00\00\00\05\00\00\00")
 (data (i32.const 1056) "last_reply")
 (data (i32.const 544) "\20\04\00\00\0a\00\00\00\0a\00\00\00")
 (data (i32.const 1072) "answer")
 (data (i32.const 560) "\30\04\00\00\06\00\00\00\06\00\00\00")
 (data (i32.const 1088) "env")
 (data (i32.const 576) "\40\04\00\00\03\00\00\00\03\00\00\00")
 (data (i32.const 1104) "info")
 (data (i32.const 592) "\50\04\00\00\04\00\00\00\04\00\00\00")
 (data (i32.const 1120) "{\22ok\22:{\22messages\22:[],\22attributes\22:[],\22events\22:[]}}")
 (data (i32.const 608) "\60\04\00\00\32\00\00\00\32\00\00\00")
"#;

/// Doors of a puppet but `reply`.
pub const PUPPET_DOORS: &str = r#"
 (func (export "instantiate") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 528) (local.get $msg))
  (local.get $msg))
 (func (export "execute") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 512) (local.get $msg))
  (call $db_write (i32.const 576) (local.get $env))
  (call $db_write (i32.const 592) (local.get $info))
  (local.get $msg))
 (func (export "migrate") (param $env i32) (param $msg i32) (result i32)
  (local.get $msg))
 (func (export "query") (param $env i32) (param $msg i32) (result i32)
  (local.get $msg))"#;

const PUPPET_REPLY: &str = r#"
 (func (export "reply") (param $env i32) (param $reply i32) (result i32)
  (call $db_write (i32.const 544) (local.get $reply))
  (call $db_read (i32.const 528)))"#;

const ASKER: &str = r#"
 (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 608))
 (func (export "execute") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 560) (call $query_chain (local.get $msg)))
  (i32.const 608))
 (func (export "query") (param $env i32) (param $msg i32) (result i32)
  (local $answer i32)
  (local.set $answer (call $query_chain (local.get $msg)))
  (i32.store (local.get $answer) (i32.add (i32.load (local.get $answer)) (i32.const 6)))
  (i32.store offset=8 (local.get $answer)
   (i32.sub (i32.load offset=8 (local.get $answer)) (i32.const 7)))
  (local.get $answer)))"#;

/// A region of 65,500 zero bytes at 200,000, which is below the engine's limit of keys and above the store's.
const STUFFER: &str = r#"
 (data (i32.const 640) "\40\0d\03\00\dc\ff\00\00\dc\ff\00\00")
 (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 608))
 (func (export "execute") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (drop (call $db_read (i32.const 640)))
  (call $db_write (i32.const 640) (i32.const 512))
  (i32.const 608)))"#;

const LOOPER: &str = r#"
 (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 608))
 (func (export "execute") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (loop $again (br $again))
  (i32.const 608))
 (func (export "query") (param $env i32) (param $msg i32) (result i32)
  (loop $again (br $again))
  (local.get $msg)))"#;

/// Answers every call with the call's own message: `instantiate`, `execute`, `migrate` and `query` return the message
/// as their result. `execute` first keeps message, environment and info under "last", "env" and "info"; `reply` keeps
/// what it got under "last_reply" and answers with the message of `instantiate`.
pub fn puppet() -> Vec<u8> {
    with_doors(&format!("{PUPPET_DOORS}{PUPPET_REPLY}"))
}

/// A contract with these items after the common head.
pub fn with_doors(items: &str) -> Vec<u8> {
    wat::parse_str(format!("{HEAD}{items})")).unwrap()
}

/// A door that turns a loop so often and then runs into `stop`.
pub fn wild_door(name: &str, params: usize, stop: &str, turns: u64) -> String {
    let params = "i32 ".repeat(params);
    format!(
        r#"(func $deep (call $deep))
        (func (export "{name}") (param {params}) (result i32) (local $i i32)
            (loop (br_if 0 (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {turns}))))
            {stop} (i32.const 608))"#
    )
}

/// Can be instantiated; every other door turns a loop so often and then runs into `stop`.
pub fn stopper(stop: &str, turns: u64) -> Vec<u8> {
    let doors: String = [("execute", 3), ("query", 2), ("migrate", 2)]
        .map(|(name, params)| {
            wild_door(name, params, stop, turns).replace("(func $deep (call $deep))", "")
        })
        .concat();
    with_doors(&format!(
        r#"(func $deep (call $deep)) {doors}
        (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 608))"#
    ))
}

/// Loads that miss every cache, 64 in a turn, for so many turns or until the gas is gone: each address comes out of the load before, and 28 MiB are walked in
/// an order that no processor foresees.
pub fn chaser(turns: Option<u32>) -> Vec<u8> {
    let loads = "i32.load ".repeat(64);
    let again = match turns {
        None => "(br 0)".to_string(),
        Some(turns) => format!(
            "(br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {turns})))"
        ),
    };
    with_doors(&format!(
        r#"(func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 608))
        (func (export "execute") (param i32 i32 i32) (result i32) (local $x i32) (local $next i32) (local $i i32)
            (drop (memory.grow (i32.const 495)))
            (loop
                (local.set $next (i32.and (i32.const 524287)
                    (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345))))
                (i32.store
                    (i32.add (i32.const 2097152) (i32.mul (local.get $x) (i32.const 56)))
                    (i32.add (i32.const 2097152) (i32.mul (local.get $next) (i32.const 56))))
                (local.set $x (local.get $next))
                (br_if 0 (i32.lt_u
                    (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 524288))))
            (local.set $x (i32.const 2097152))
            (local.set $i (i32.const 0))
            (loop (local.set $x (local.get $x) {loads}) {again})
            (i32.const 608))"#
    ))
}

/// A puppet that can be called by the chain itself: `sudo` keeps the message under "last" and answers with it.
pub fn puppet_with_sudo() -> Vec<u8> {
    let sudo = r#"
 (func (export "sudo") (param $env i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 512) (local.get $msg))
  (local.get $msg))"#;
    with_doors(&format!("{sudo}{PUPPET_DOORS}{PUPPET_REPLY}"))
}

/// Asks the chain what its message says: `execute` keeps the answer under "answer"; `query` returns what a contract
/// answered, so that queries can be nested.
pub fn asker() -> Vec<u8> {
    wat::parse_str(format!("{HEAD}{ASKER}")).unwrap()
}

/// Never comes back.
pub fn looper() -> Vec<u8> {
    wat::parse_str(format!("{HEAD}{LOOPER}")).unwrap()
}

/// Writes at a key that no store can hold.
pub fn stuffer() -> Vec<u8> {
    wat::parse_str(format!("{HEAD}{STUFFER}")).unwrap()
}

/// A puppet that differs from [`puppet`] by a custom section, so that it is other code.
pub fn puppet_number(number: u8) -> Vec<u8> {
    let mut wasm = puppet();
    wasm.extend([0, 3, 1, b'n', number]);
    wasm
}

/// A puppet's plain answer.
pub fn response() -> Value {
    json!({"ok": {"messages": [], "attributes": [], "events": [], "data": null}})
}

/// A puppet's answer with messages.
pub fn messages(list: Vec<Value>) -> Value {
    json!({"ok": {"messages": list, "attributes": [], "events": [], "data": null}})
}

/// A puppet's refusal.
pub fn refusal(text: &str) -> Value {
    json!({"error": text})
}

/// A sub-message.
pub fn sub(id: u64, msg: Value, reply_on: &str) -> Value {
    json!({"id": id, "msg": msg, "reply_on": reply_on, "gas_limit": null, "payload": ""})
}

/// A message that executes `contract`.
pub fn wasm_execute(contract: &str, msg: &Value) -> Value {
    json!({"wasm": {"execute": {"contract_addr": contract, "msg": base64(msg.to_string().as_bytes()), "funds": []}}})
}

/// A message that sends base units.
pub fn bank_send(to: &str, amount: u128) -> Value {
    json!({"bank": {"send": {"to_address": to, "amount": [{"denom": "usy", "amount": amount.to_string()}]}}})
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

const PORTER: &str = r#"
 (func (export "instantiate") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 528) (local.get $msg))
  (i32.const 608))
 (func (export "execute") (param $env i32) (param $info i32) (param $msg i32) (result i32)
  (call $db_write (i32.const 528) (local.get $msg))
  (i32.const 608))
 (func (export "query") (param $env i32) (param $msg i32) (result i32)
  (call $db_read (i32.const 528))))"#;

/// Answers every query with the message that it was instantiated or executed with last.
pub fn porter() -> Vec<u8> {
    wat::parse_str(format!("{HEAD}{PORTER}")).unwrap()
}
