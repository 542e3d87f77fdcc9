//! Messages of well-known contracts that are not shipped here: cw20, cw1, reflect, queue, burner, staking. Played where
//! [`MORE`](crate::contracts::MORE) names a directory that has them.

use serde_json::{json, Value};
use suyuan_vm::EntryPoint::{self, Execute, Instantiate, Migrate, Query, Reply};
use suyuan_vm_fuzz::Dice;

use crate::contracts::{reply, somebody, unknown, Messages, Subject};
use crate::json::Pool;

/// Messages by the beginning of the file's name.
const KNOWN: [(&str, Messages); 6] = [
    ("cw20_base", cw20),
    ("cw1_whitelist", cw1),
    ("reflect", reflect),
    ("queue", queue),
    ("burner", burner),
    ("staking", staking),
];

/// How to talk to the contract in a file of that name.
pub fn messages(name: &str) -> Messages {
    let known = KNOWN.iter().find(|(start, _)| name.starts_with(start));
    known.map_or(unknown as Messages, |(_, messages)| *messages)
}

fn cw20(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let one = somebody(dice, subject);
    let two = somebody(dice, subject);
    let amount = dice.below(900).to_string();
    let text = "e30=";
    match dice.below(16) {
        0 => {
            let balances =
                json!([{"address": one, "amount": "1000"}, {"address": two, "amount": amount}]);
            let mint = json!({"minter": one, "cap": "5000"});
            let message = json!({"name": "Token", "symbol": "TOK", "decimals": 6,
                "initial_balances": balances, "mint": mint, "marketing": null});
            (Instantiate, message)
        }
        1 | 2 => (Execute, json!({"transfer": {"recipient": one, "amount": amount}})),
        3 => (Execute, json!({"burn": {"amount": amount}})),
        4 => (Execute, json!({"send": {"contract": one, "amount": amount, "msg": text}})),
        5 => (Execute, json!({"increase_allowance": {"spender": one, "amount": amount}})),
        6 => (Execute, json!({"decrease_allowance": {"spender": one, "amount": amount}})),
        7 => {
            (Execute, json!({"transfer_from": {"owner": one, "recipient": two, "amount": amount}}))
        }
        8 => (Execute, json!({"mint": {"recipient": two, "amount": amount}})),
        9 => (Query, json!({"balance": {"address": one}})),
        10 => (Query, json!({"token_info": {}})),
        11 => (Query, json!({"minter": {}})),
        12 => (Query, json!({"allowance": {"owner": one, "spender": two}})),
        13 => (Query, json!({"all_accounts": {"start_after": null, "limit": 10}})),
        14 => (Query, json!({"all_allowances": {"owner": one}})),
        _ => (Migrate, json!({})),
    }
}

fn cw1(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let one = somebody(dice, subject);
    let send = json!({"bank": {"send": {"to_address": one, "amount": []}}});
    match dice.below(6) {
        0 => (Instantiate, json!({"admins": [one, somebody(dice, subject)], "mutable": true})),
        1 => (Execute, json!({"execute": {"msgs": [send]}})),
        2 => (Execute, json!({"update_admins": {"admins": [one]}})),
        3 => (Execute, json!({"freeze": {}})),
        4 => (Query, json!({"admin_list": {}})),
        _ => (Query, json!({"can_execute": {"sender": one, "msg": send}})),
    }
}

fn reflect(dice: &mut Dice, subject: &Subject, pool: &Pool) -> (EntryPoint, Value) {
    let one = somebody(dice, subject);
    let send = json!({"bank": {"send": {"to_address": one, "amount": []}}});
    let number = dice.below(5);
    match dice.below(9) {
        0 => (Instantiate, json!({})),
        1 => (Execute, json!({"reflect_msg": {"msgs": [send]}})),
        2 => {
            let sub = json!({"id": number, "payload": "", "msg": send, "gas_limit": null, "reply_on": "always"});
            (Execute, json!({"reflect_sub_msg": {"msgs": [sub]}}))
        }
        3 => (Execute, json!({"change_owner": {"owner": one}})),
        4 => (Query, json!({"owner": {}})),
        5 => (Query, json!({"capitalized": {"text": pool.text(dice)}})),
        6 => {
            let request = json!({"bank": {"balance": {"address": one, "denom": "earth"}}});
            (Query, json!({"chain": {"request": request}}))
        }
        7 => (Query, json!({"sub_msg_result": {"id": number}})),
        _ => {
            let (_, mut message) = reply(dice, subject);
            message["id"] = json!(number);
            (Reply, message)
        }
    }
}

fn queue(dice: &mut Dice, _: &Subject, _: &Pool) -> (EntryPoint, Value) {
    match dice.below(10) {
        0 => (Instantiate, json!({})),
        1..=3 => (Execute, json!({"enqueue": {"value": dice.awkward() as i32}})),
        4 => (Execute, json!({"dequeue": {}})),
        5 => (Query, json!({"count": {}})),
        6 => (Query, json!({"sum": {}})),
        7 => (Query, json!({"reducer": {}})),
        8 => (Query, json!({"open_iterators": {"count": dice.below(30)}})),
        _ => (Query, json!({"list": {}})),
    }
}

fn burner(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let payout = somebody(dice, subject);
    match dice.below(3) {
        0 => (Instantiate, json!({})),
        1 => (Migrate, json!({"payout": payout})),
        _ => (Migrate, json!({"payout": payout, "delete": 5, "denom": "earth"})),
    }
}

fn staking(dice: &mut Dice, subject: &Subject, _: &Pool) -> (EntryPoint, Value) {
    let one = somebody(dice, subject);
    match dice.below(8) {
        0 => {
            let message = json!({"name": "Drv", "symbol": "DRV", "decimals": 9, "validator": one,
                "exit_tax": "0.02", "min_withdrawal": "50"});
            (Instantiate, message)
        }
        1 => (Execute, json!({"bond": {}})),
        2 => (Execute, json!({"unbond": {"amount": "5"}})),
        3 => (Execute, json!({"transfer": {"recipient": one, "amount": "5"}})),
        4 => (Query, json!({"balance": {"address": one}})),
        5 => (Query, json!({"claims": {"address": one}})),
        6 => (Query, json!({"investment": {}})),
        _ => (Query, json!({"token_info": {}})),
    }
}
