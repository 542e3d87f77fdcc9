//! The modules of the chain. Each owns its keys and nobody else writes them.

pub(crate) mod auth;
pub(crate) mod bank;
pub(crate) mod chain;
pub(crate) mod feegrant;
pub(crate) mod wasm;

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_core::hex_lower;

    /// Proofs, certificates and running chains depend on these bytes.
    #[test]
    fn state_keys_do_not_change() {
        let addr = [0xaa; 20];
        let contract = [0xbb; 32];
        let keys: Vec<(&str, &str, Vec<u8>)> = vec![
            ("acc", "params", auth::state_key::PARAMS.to_vec()),
            ("acc", "account", auth::state_key::account(&addr)),
            ("acc", "next number", auth::state_key::NEXT_NUMBER.to_vec()),
            ("bank", "supply", bank::state_key::supply("usy")),
            ("bank", "balance", bank::state_key::balance(&addr, "usy")),
            ("bank", "holder", bank::state_key::holder("usy", &addr)),
            ("consensus", "facts", crate::facts::FACTS_KEY.to_vec()),
            ("consensus", "validator", chain::state_key::validator(&addr)),
            ("consensus", "plan", chain::state_key::plan(1)),
            ("consensus", "last plan", chain::state_key::LAST_PLAN.to_vec()),
            ("feegrant", "grant", feegrant::state_key::grant(&contract, &addr)),
            ("wasm", "code", wasm::state_key::code(1)),
            ("wasm", "contract", wasm::state_key::contract(&contract)),
            ("wasm", "contract state", wasm::state_key::contract_state(&contract)),
            ("wasm", "last code", wasm::state_key::SEQUENCE_CODE.to_vec()),
            ("wasm", "last contract", wasm::state_key::SEQUENCE_INSTANCE.to_vec()),
            ("wasm", "history", wasm::state_key::history_entry(&contract, 1)),
            ("wasm", "by code", wasm::state_key::by_code_entry(1, 2, 3, &contract)),
            ("wasm", "pinned", wasm::state_key::pinned(1)),
            ("wasm", "by creator", wasm::state_key::by_creator_entry(&addr, 2, 3, &contract)),
            ("wasm", "params", wasm::state_key::PARAMS.to_vec()),
        ];
        let table: Vec<String> = keys
            .iter()
            .map(|(store, name, key)| format!("{store} {name}: {}", hex_lower(key)))
            .collect();
        let (a, c) = ("aa".repeat(20), "bb".repeat(32));
        let expected = [
            "acc params: 00".to_string(),
            format!("acc account: 01{a}"),
            "acc next number: 02".to_string(),
            "bank supply: 00757379".to_string(),
            format!("bank balance: 0214{a}757379"),
            format!("bank holder: 037573790014{a}"),
            "consensus facts: 73757975616e2f6661637473".to_string(),
            format!("consensus validator: 73757975616e2f76616c696461746f722f{a}"),
            "consensus plan: 73757975616e2f706c616e2f0000000000000001".to_string(),
            "consensus last plan: 73757975616e2f6c6173745f706c616e".to_string(),
            format!("feegrant grant: 0014{a}20{c}"),
            "wasm code: 010000000000000001".to_string(),
            format!("wasm contract: 02{c}"),
            format!("wasm contract state: 03{c}"),
            "wasm last code: 046c617374436f64654964".to_string(),
            "wasm last contract: 046c617374436f6e74726163744964".to_string(),
            format!("wasm history: 05{c}0000000000000001"),
            format!("wasm by code: 06000000000000000100000000000000020000000000000003{c}"),
            "wasm pinned: 070000000000000001".to_string(),
            format!("wasm by creator: 0914{a}00000000000000020000000000000003{c}"),
            "wasm params: 10".to_string(),
        ];
        assert_eq!(table, expected);
    }
}
