//! The app state that a new chain begins with.

use std::collections::BTreeMap;

use serde_json::{json, Value};
use suyuan_core::Coin;

use crate::fail::{Done, Failure};

/// Base denomination of a new chain.
pub const DENOM_DEFAULT: &str = "usy";
/// Chain id of a new chain.
pub const CHAIN_ID_DEFAULT: &str = "suyuan-1";
/// Price table of a new chain: what cosmwasm-vm charges.
pub const PRICE_TABLE: &str = "cosmwasm-vm-3.0";
/// Most accounts that the command line writes into a genesis.
pub const ACCOUNTS_MAX: usize = 10_000;

/// What a new chain begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Prefix of addresses.
    pub prefix: String,
    /// Base denomination.
    pub denom: String,
    /// Coins of accounts, by address.
    pub accounts: BTreeMap<String, Vec<Coin>>,
    /// Capabilities that contracts may require.
    pub capabilities: Vec<String>,
    /// Who may change validators and parameters, if anybody.
    pub authority: Option<Authority>,
}

/// Who decides about the chain itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// An address: of one key, of a multisig, or of a contract.
    pub address: String,
    /// Seconds between the announcement of a change and its execution; 0 for none.
    pub delay_s: u64,
}

impl Beginning {
    /// An empty chain with the default capabilities.
    pub fn new(prefix: &str, denom: &str) -> Self {
        Beginning {
            prefix: prefix.into(),
            denom: denom.into(),
            accounts: BTreeMap::new(),
            capabilities: suyuan_vm::default_capabilities().into_iter().collect(),
            authority: None,
        }
    }

    /// Gives an account its coins.
    ///
    /// # Errors
    /// Usage if the account was named before, a denomination twice, or above [`ACCOUNTS_MAX`] accounts.
    pub fn add_account(&mut self, address: &str, mut coins: Vec<Coin>) -> Done {
        coins.sort();
        if let Some(twice) = coins.windows(2).find(|w| w[0].denom == w[1].denom) {
            return Err(Failure::usage(format!("{} is given twice to {address}", twice[0].denom)));
        }
        if self.accounts.len() >= ACCOUNTS_MAX {
            return Err(Failure::usage(format!("more than {ACCOUNTS_MAX} genesis accounts")));
        }
        if self.accounts.contains_key(address) {
            return Err(Failure::usage(format!("genesis account {address} is given twice")));
        }
        self.accounts.insert(address.to_string(), coins);
        Ok(())
    }

    /// The `app_state` of the genesis file.
    pub fn app_state(&self) -> Value {
        let accounts: Vec<Value> =
            self.accounts.keys().map(|address| json!({"address": address})).collect();
        let balances: Vec<Value> = self
            .accounts
            .iter()
            .filter(|(_, coins)| !coins.is_empty())
            .map(|(address, coins)| json!({"address": address, "coins": coins_json(coins)}))
            .collect();
        let mut state = json!({
            "auth": {"accounts": accounts},
            "bank": {"balances": balances, "denom_metadata": []},
            "wasm": {"params": {
                "code_upload_access": {"permission": "Everybody", "addresses": []},
                "instantiate_default_permission": "Everybody",
            }},
            "suyuan": {
                "bech32_prefix": self.prefix,
                "capabilities": self.capabilities,
                "price_table": PRICE_TABLE,
            },
        });
        if let Some(Authority { address, delay_s }) = &self.authority {
            state["suyuan"]["authority"] = json!(address);
            if *delay_s > 0 {
                state["suyuan"]["authority_delay_s"] = json!(delay_s);
            }
        }
        state
    }
}

fn coins_json(coins: &[Coin]) -> Vec<Value> {
    coins.iter().map(|c| json!({"denom": c.denom, "amount": c.amount.to_string()})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_once() {
        let mut beginning = Beginning::new("suyuan", "usy");
        beginning.add_account("a", vec![Coin::new(1, "usy")]).unwrap();
        assert!(beginning.add_account("a", vec![]).is_err());
        assert!(beginning
            .add_account("b", vec![Coin::new(1, "usy"), Coin::new(2, "usy")])
            .is_err());
        assert_eq!(beginning.app_state()["bank"]["balances"][0]["coins"][0]["amount"], "1");
    }
}
