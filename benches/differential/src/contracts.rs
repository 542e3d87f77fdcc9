//! Whole contracts and the messages that they understand.

use std::path::PathBuf;

use anyhow::{Context, Result};
use cosmwasm_std::{from_json, Binary, ContractResult};
use serde_json::{json, Value};
use suyuan_vm::EntryPoint;
use suyuan_vm_fuzz::Dice;

use crate::calls::{address, arguments, Call, NAMES};
use crate::json::{from_schema, message, Pool};
use crate::pair::Table;
use crate::{known, testdata};

/// Gas of calls that are meant to end by themselves.
const PLENTY: u64 = 3_000_000_000_000;
/// Gas of loops that only gas ends.
const LOOP_GAS: u64 = 2_000_000_000;

/// Makes an entry point and a message for it.
pub type Messages = fn(&mut Dice, &Subject, &Pool) -> (EntryPoint, Value);

/// A contract and how to talk to it.
pub struct Subject {
    /// Its file.
    pub name: String,
    /// Its bytes.
    pub wasm: Vec<u8>,
    /// Prefix of its chain's addresses.
    pub prefix: &'static str,
    messages: Messages,
    /// Schemas of instantiate, execute and query, if it has them.
    schemas: Option<[Value; 3]>,
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The contracts of cosmwasm-vm's tests that have the interface of today, by their kind.
const TESTDATA: [(&str, Messages); 16] = [
    ("hackatom_1.0.wasm", hackatom),
    ("hackatom_1.2.wasm", hackatom),
    ("hackatom_1.3.wasm", hackatom),
    ("hackatom.wasm", hackatom),
    ("cyberpunk.wasm", cyberpunk),
    ("cyberpunk_rust170.wasm", cyberpunk),
    ("floaty_1.0.wasm", floaty),
    ("floaty_1.2.wasm", floaty),
    ("floaty_2.0.wasm", floaty),
    ("floaty.wasm", floaty),
    ("ibc_reflect_1.0.wasm", ibc_reflect),
    ("ibc_reflect_1.2.wasm", ibc_reflect),
    ("ibc_reflect.wasm", ibc_reflect),
    ("ibc_callbacks.wasm", ibc_callbacks),
    ("ibc2.wasm", ibc2),
    ("empty.wasm", unknown),
];

/// Our own contracts; the counter has no schema of its own.
const OURS: [(&str, Option<&str>); 5] = [
    ("participant_registry", Some("participant-registry")),
    ("trace_code", Some("trace-code")),
    ("event_log", Some("event-log")),
    ("assembly_graph", Some("assembly-graph")),
    ("counter", None),
];

/// A directory with more contracts (`*.wasm`) to talk to without knowing their messages.
pub const MORE: &str = "SUYUAN_DIFFERENTIAL_WASM";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema(contract: &str, file: &str) -> Result<Value> {
    let path = root().join("schema").join(contract).join(file);
    let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&text)?)
}

/// Every contract that is always there, and those in the directory that [`MORE`] names.
pub fn subjects() -> Result<Vec<Subject>> {
    let mut all = Vec::new();
    for (name, messages) in TESTDATA {
        let wasm = testdata::contract(name)?;
        let (name, prefix) = (name.to_owned(), "cosmwasm");
        all.push(Subject { name, wasm, prefix, messages, schemas: None });
    }
    for (name, schemas) in OURS {
        let path = root().join("artifacts").join(format!("{name}.wasm"));
        let wasm = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let schemas = match schemas {
            None => None,
            Some(contract) => Some([
                schema(contract, "instantiate_msg.json")?,
                schema(contract, "execute_msg.json")?,
                schema(contract, "query_msg.json")?,
            ]),
        };
        let messages = if schemas.is_some() { by_schema } else { counter };
        all.push(Subject { name: name.to_owned(), wasm, prefix: "suyuan", messages, schemas });
    }
    if let Some(directory) = std::env::var_os(MORE) {
        for entry in std::fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let wasm = std::fs::read(&path)?;
                let messages = known::messages(&name);
                all.push(Subject { name, wasm, prefix: "cosmwasm", messages, schemas: None });
            }
        }
    }
    Ok(all)
}

/// An address, now and then none.
pub fn somebody(dice: &mut Dice, subject: &Subject) -> String {
    match dice.below(8) {
        0 => "no address".to_owned(),
        _ => address(subject.prefix, *dice.pick(&NAMES)),
    }
}

fn hackatom(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let one = somebody(dice, subject);
    let two = somebody(dice, subject);
    let number = dice.below(40);
    use EntryPoint::{Execute, Instantiate, Migrate, Query, Reply, Sudo};
    match dice.below(19) {
        0 | 1 => (Instantiate, json!({"verifier": one, "beneficiary": two})),
        2 => (Migrate, json!({"verifier": one})),
        3 => (
            Sudo,
            json!({"steal_funds": {"recipient": one, "amount": [{"denom": "earth", "amount": "5"}]}}),
        ),
        4 => (Reply, json!({"id": number, "result": {"error": "x"}})),
        5 => (Query, json!({"verifier": {}})),
        6 => (Query, json!({"other_balance": {"address": one}})),
        7 => (Query, json!({"recurse": {"depth": number % 3, "work": number, "contract": one}})),
        8 => (Query, json!({"get_int": {}})),
        9 => (Execute, json!({"release": {}})),
        10 => (Execute, json!({"release": {"denom": "earth"}})),
        11 => (Execute, json!({"cpu_loop": {}})),
        12 => (Execute, json!({"storage_loop": {}})),
        13 => (Execute, json!({"memory_loop": {}})),
        14 => (Execute, json!({"message_loop": {}})),
        15 => (Execute, json!({"allocate_large_memory": {"pages": number * 16}})),
        16 => (Execute, json!({"panic": {}})),
        17 => (Execute, json!({"user_errors_in_api_calls": {}})),
        _ => (Execute, json!({"nonsense": number})),
    }
}

fn cyberpunk(dice: &mut Dice, _: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let number = dice.below(40);
    use EntryPoint::{Execute, Instantiate, Migrate, Query};
    match dice.below(15) {
        0 => (Instantiate, json!({})),
        1 => (Migrate, json!({})),
        2 => (Query, json!({"mirror_env": {}})),
        3 => (Query, json!({"denoms": {}})),
        4 => (Query, json!({"denom": {"denom": "earth"}})),
        5 => (Execute, json!({"argon2": {"mem_cost": 8 + number, "time_cost": 1 + number % 3}})),
        6 => (Execute, json!({"cpu_loop": {}})),
        7 => (Execute, json!({"storage_loop": {}})),
        8 => (Execute, json!({"memory_loop": {}})),
        9 => (Execute, json!({"message_loop": {}})),
        10 => (Execute, json!({"allocate_large_memory": {"pages": number * 16}})),
        11 => (Execute, json!({"panic": {}})),
        12 => (Execute, json!({"unreachable": {}})),
        13 => (Execute, json!({"debug": {}})),
        _ => (Execute, json!({"noop": {}})),
    }
}

fn floaty(dice: &mut Dice, _: &Subject, pool: &Pool) -> (EntryPoint, Value) {
    let instruction = pool.text(dice);
    match dice.below(6) {
        0 => (EntryPoint::Instantiate, json!({})),
        1 => (EntryPoint::Query, json!({"instructions": {}})),
        2 => {
            let seed = dice.below(1 << 60);
            let ask = json!({"instruction": instruction, "seed": seed});
            (EntryPoint::Query, json!({"random_args_for": ask}))
        }
        _ => {
            let mut bits = |single: bool| match (dice.below(4), single) {
                (0, true) => 0x7fa0_0000 | dice.below(1 << 21),
                (0, false) => 0x7ff4_0000_0000_0000 | dice.below(1 << 50),
                (_, true) => dice.any() & 0xffff_ffff,
                _ => dice.any(),
            };
            let (name, single) = if instruction.contains("F32") || instruction.contains("f32") {
                ("f32", true)
            } else {
                ("f64", false)
            };
            let args = json!([{name: bits(single)}, {name: bits(single)}]);
            let run = json!({"run": {"instruction": instruction, "args": args}});
            (EntryPoint::Query, run)
        }
    }
}

fn ibc_reflect(dice: &mut Dice, subject: &Subject, pool: &Pool) -> (EntryPoint, Value) {
    let number = dice.below(300);
    match dice.below(6) {
        0 => (EntryPoint::Instantiate, json!({"reflect_code_id": number})),
        1 => (EntryPoint::Migrate, json!({})),
        2 => (EntryPoint::Query, json!({"account": {"channel_id": pool.text(dice)}})),
        3 => (EntryPoint::Query, json!({"list_accounts": {}})),
        4 => reply(dice, subject),
        _ => (EntryPoint::Execute, json!({"execute": {}})),
    }
}

/// The answer of a sub-message.
pub fn reply(dice: &mut Dice, subject: &Subject) -> (EntryPoint, Value) {
    let contract = somebody(dice, subject);
    let attribute = json!({"key": "_contract_address", "value": contract});
    let events = json!([{"type": "instantiate", "attributes": [attribute]}]);
    let result = json!({"ok": {"events": events, "data": "CgEx", "msg_responses": []}});
    let id = if dice.once_in(3) { dice.below(3) } else { 101 };
    let reply = json!({"id": id, "payload": "", "gas_used": 5, "result": result});
    (EntryPoint::Reply, reply)
}

fn ibc_callbacks(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let to = somebody(dice, subject);
    match dice.below(4) {
        0 => (EntryPoint::Instantiate, json!({})),
        1 => (EntryPoint::Query, json!({"callback_stats": {}})),
        _ => {
            let kind = *dice.pick(&["both", "src", "dst", "none"]);
            let transfer = json!({"channel_id": "channel-1", "to_address": to,
                "timeout_seconds": dice.below(100), "callback_type": kind});
            (EntryPoint::Execute, json!({"transfer": transfer}))
        }
    }
}

fn ibc2(dice: &mut Dice, _: &Subject, _: &Pool) -> (EntryPoint, Value) {
    match dice.below(3) {
        0 => (EntryPoint::Instantiate, json!({})),
        1 => (EntryPoint::Query, json!({"query_state": {}})),
        _ => (EntryPoint::Query, json!({"query_other": dice.below(9)})),
    }
}

fn counter(dice: &mut Dice, _: &Subject, _: &Pool) -> (EntryPoint, Value) {
    match dice.below(6) {
        0 => (EntryPoint::Instantiate, json!({"start": dice.below(9)})),
        1 => (EntryPoint::Execute, json!({"reset": {"to": dice.awkward()}})),
        2 => (EntryPoint::Execute, json!({"increment": {}})),
        3 | 4 => (EntryPoint::Query, json!({"count": {}})),
        _ => (EntryPoint::Migrate, json!({})),
    }
}

fn by_schema(dice: &mut Dice, subject: &Subject, pool: &Pool) -> (EntryPoint, Value) {
    let Some([instantiate, execute, query]) = &subject.schemas else {
        return unknown(dice, subject, pool);
    };
    let (entry, schema) = match dice.below(10) {
        0 => (EntryPoint::Instantiate, instantiate),
        1..=5 => (EntryPoint::Execute, execute),
        6 => return (EntryPoint::Migrate, json!({})),
        _ => (EntryPoint::Query, query),
    };
    (entry, from_schema(dice, schema, pool))
}

/// Messages in the shape of messages.
pub fn unknown(dice: &mut Dice, _: &Subject, pool: &Pool) -> (EntryPoint, Value) {
    let entry = *dice.pick(&EntryPoint::ALL);
    let name = pool.text(dice);
    (entry, json!({name: {"address": pool.text(dice), "amount": dice.awkward().to_string()}}))
}

/// The texts that every subject starts with.
fn first_pool(subject: &Subject) -> Pool {
    const WORDS: [&str; 22] = [
        "earth",
        "contract_info",
        "balance",
        "token_info",
        "transfer",
        "a",
        "10",
        "urn:epc:id:sgtin:0614141.107346.2017",
        "88.1000/ab/cd",
        "sha256:00",
        "manufacturer",
        "2026-01-01T00:00:00Z",
        "kg",
        "F32Add",
        "F64Sqrt",
        "f32.add",
        "I32TruncF32S",
        "F32DemoteF64",
        "F64PromoteF32",
        "channel-1",
        "count",
        "config",
    ];
    let names = NAMES.iter().map(|name| address(subject.prefix, name));
    Pool::new(WORDS.iter().map(|word| (*word).to_owned()).chain(names))
}

/// Plays one session: the state is empty at first, so that any difference can be made again from the session's number.
/// `Err` says what differs.
pub fn play(
    subject: &Subject,
    table: &mut dyn Table,
    seed: u64,
    session: u64,
    calls: u64,
) -> Result<(), String> {
    let name = &subject.name;
    let mut dice = Dice::of(name, seed, session);
    let mut pool = first_pool(subject);
    table.reset();
    for number in 0..calls {
        let call = next_call(&mut dice, subject, &pool, number == 0);
        let seen = match table.compare(&call) {
            Ok(seen) => seen,
            Err(_) if nan_bits(name, &call) => {
                table.excuse_nan_bits();
                continue;
            }
            Err(text) => {
                return Err(format!("{name} seed {seed} session {session} call {number}\n{text}"))
            }
        };
        harvest(&mut dice, &mut pool, &seen.result);
        if dice.once_in(4) && seen.internal + seen.external > 1 {
            // Once more with a limit that cuts somewhere in the middle.
            let used = seen.internal + seen.external;
            let gas = if dice.once_in(4) { used - 1 } else { dice.below(used) };
            let cut = Call { gas, ..call };
            table.compare(&cut).map_err(|text| {
                format!("{name} seed {seed} session {session} call {number}, cut\n{text}")
            })?;
        }
    }
    Ok(())
}

fn next_call(dice: &mut Dice, subject: &Subject, pool: &Pool, first: bool) -> Call {
    let (mut entry, mut value) = (subject.messages)(dice, subject, pool);
    for _ in 0..200 {
        if !first || entry == EntryPoint::Instantiate {
            break;
        }
        (entry, value) = (subject.messages)(dice, subject, pool);
    }
    let text = if first { value.to_string().into_bytes() } else { message(dice, &value) };
    let endless = String::from_utf8_lossy(&text).contains("_loop");
    let gas = if endless { 1 + dice.below(LOOP_GAS) } else { PLENTY };
    let args = arguments(dice, subject.prefix, entry, text);
    Call { entry, args, gas }
}

/// Whether a call is about the two conversions whose NaN bits differ between the compilers.
fn nan_bits(name: &str, call: &Call) -> bool {
    let text = String::from_utf8_lossy(call.args.last().map_or(&[], Vec::as_slice)).to_lowercase();
    name.starts_with("floaty") && (text.contains("demote") || text.contains("promote"))
}

fn harvest(dice: &mut Dice, pool: &mut Pool, result: &Result<Vec<u8>, crate::seen::Failure>) {
    let Ok(answer) = result else {
        return;
    };
    let Ok(value) = serde_json::from_slice::<Value>(answer) else {
        return;
    };
    if let Ok(ContractResult::Ok(inner)) = from_json::<ContractResult<Binary>>(answer) {
        if let Ok(value) = serde_json::from_slice::<Value>(&inner) {
            pool.harvest(dice, &value);
            return;
        }
    }
    pool.harvest(dice, &value["ok"]["attributes"]);
}
