//! Storage: the textual items, and the binary keys of [`suyuan_trace_api::assembly::keys`].

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Addr;
use suyuan_contract_kit::store::Item;
use suyuan_contract_kit::Wire;

pub use suyuan_trace_api::assembly::keys::*;

/// The contracts that this one asks and tells.
#[cw_serde]
pub struct Config {
    /// The participant registry.
    pub registry: Addr,
    /// The contract that owns codes and classes.
    pub trace_code: Addr,
}

/// The next numbers. They start at 1: 0 stands for nothing.
#[cw_serde]
pub struct Counters {
    /// Birth of the next revision of any unit.
    pub next_birth: u64,
    /// Number of the next link.
    pub next_link: u64,
    /// Units so far.
    pub units: u64,
}

impl Default for Counters {
    fn default() -> Self {
        Self { next_birth: 1, next_link: 1, units: 0 }
    }
}

/// Set-up.
pub const CONFIG: Item<Config> = Item::new("config");
/// The counters.
pub const COUNTERS: Item<Counters> = Item::new("counters");
/// Who may send inner messages: the event log.
pub const WIRE: Wire = Wire::new("instantiator", "event_log");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textual_keys_should_not_change() {
        let mut storage = cosmwasm_std::testing::MockStorage::new();
        COUNTERS.save(&mut storage, &Counters::default()).expect("storage");
        let stored = cosmwasm_std::Storage::get(&storage, b"counters").expect("there");
        assert_eq!(
            String::from_utf8(stored).expect("text"),
            r#"{"next_birth":1,"next_link":1,"units":0}"#
        );
    }
}
