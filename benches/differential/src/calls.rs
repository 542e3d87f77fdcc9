//! Calls, and the environment and sender that chains put beside a message.

use cosmwasm_vm::testing::MockApi;
use serde_json::json;
use suyuan_vm::EntryPoint;
use suyuan_vm_fuzz::Dice;

/// One call of a contract.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where it goes.
    pub entry: EntryPoint,
    /// What it hands over.
    pub args: Vec<Vec<u8>>,
    /// What it may burn.
    pub gas: u64,
}

impl Call {
    /// The call in a few words, for a report.
    pub fn shown(&self) -> String {
        let last = self.args.last().map(Vec::as_slice).unwrap_or_default();
        let text: String = String::from_utf8_lossy(last).chars().take(400).collect();
        format!("{:?} with {} arguments, gas {}: {text}", self.entry, self.args.len(), self.gas)
    }
}

/// Names that accounts are made of.
pub const NAMES: [&str; 6] = ["rich", "creator", "verifies", "benefits", "stranger", "admin"];

/// The address of a name.
pub fn address(prefix: &'static str, name: &str) -> String {
    MockApi::default().with_prefix(prefix).addr_make(name)
}

/// A block, a transaction and a contract, as JSON.
pub fn env(dice: &mut Dice, prefix: &'static str) -> Vec<u8> {
    let height = dice.below(1 << 40);
    let time = dice.below(1 << 62).to_string();
    let mut env = json!({
        "block": {"height": height, "time": time, "chain_id": "suyuan-1"},
        "contract": {"address": address(prefix, "the contract")},
    });
    if !dice.once_in(4) {
        env["transaction"] = json!({"index": dice.below(9), "hash": "AB".repeat(32)});
    }
    env.to_string().into_bytes()
}

/// Sender and funds, as JSON.
pub fn info(dice: &mut Dice, prefix: &'static str) -> Vec<u8> {
    let sender = address(prefix, *dice.pick(&NAMES));
    let funds = match dice.below(3) {
        0 => json!([]),
        1 => json!([{"denom": "earth", "amount": dice.below(1 << 50).to_string()}]),
        _ => json!([{"denom": "a", "amount": "1"}, {"denom": "b", "amount": "2"}]),
    };
    json!({"sender": sender, "funds": funds}).to_string().into_bytes()
}

/// All arguments of an entry point around its message. Migration gets its info in two of three cases.
pub fn arguments(
    dice: &mut Dice,
    prefix: &'static str,
    entry: EntryPoint,
    message: Vec<u8>,
) -> Vec<Vec<u8>> {
    let env = env(dice, prefix);
    match entry {
        EntryPoint::Instantiate | EntryPoint::Execute => vec![env, info(dice, prefix), message],
        EntryPoint::Query | EntryPoint::Reply | EntryPoint::Sudo => vec![env, message],
        EntryPoint::Migrate if dice.once_in(3) => vec![env, message],
        EntryPoint::Migrate => {
            let sender = address(prefix, "admin");
            let info = json!({"sender": sender, "old_migrate_version": dice.below(3)});
            vec![env, message, info.to_string().into_bytes()]
        }
    }
}
