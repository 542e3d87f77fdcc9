//! Events of contracts: named, trimmed, and never able to pass for an event of the chain.

use super::response::{Attribute, ContractEvent};
use crate::error::{self, UserError};
use crate::gas::EventCost;
use suyuan_core::Event;

/// Attribute that names the contract; contracts cannot write keys with its first character.
pub(super) const CONTRACT_ADDRESS: &str = "_contract_address";
const RESERVED: char = '_';
const CUSTOM_PREFIX: &str = "wasm-";
/// Shortest name of a custom event, in bytes.
const TYPE_LEN_MIN: usize = 3;

/// What the attributes and events of one answer cost.
pub(super) fn cost(attributes: &[Attribute], events: &[ContractEvent]) -> u64 {
    let mut cost = EventCost::new();
    cost.attributes(attributes.iter().map(len));
    for event in events {
        cost.custom_event(event.kind.len());
        cost.attributes(event.attributes.iter().flatten().map(len));
    }
    cost.total()
}

fn len(attribute: &Attribute) -> usize {
    attribute.key.len().saturating_add(attribute.value.len())
}

/// The events of one answer: `wasm` if there are attributes, then the custom ones.
///
/// # Errors
/// Empty or reserved keys, and short types.
pub(super) fn of_response(
    contract: &str,
    attributes: &[Attribute],
    events: &[ContractEvent],
) -> Result<Vec<Event>, UserError> {
    let mut result = Vec::new();
    if !attributes.is_empty() {
        result.push(named("wasm".to_string(), contract, attributes)?);
    }
    for event in events {
        let kind = event.kind.trim();
        if kind.len() < TYPE_LEN_MIN {
            return Err(
                error::WASM_INVALID_EVENT.with(format_args!("Event type too short: '{kind}'"))
            );
        }
        let attributes = event.attributes.as_deref().unwrap_or_default();
        result.push(named(format!("{CUSTOM_PREFIX}{kind}"), contract, attributes)?);
    }
    Ok(result)
}

fn named(kind: String, contract: &str, attributes: &[Attribute]) -> Result<Event, UserError> {
    let mut event = Event::new(kind).with(CONTRACT_ADDRESS, contract);
    for attribute in attributes {
        let key = attribute.key.trim();
        if key.is_empty() {
            let text = format!("Empty attribute key. Value: {}", attribute.value);
            return Err(error::WASM_INVALID_EVENT.with(text));
        }
        if key.starts_with(RESERVED) {
            let text = format!("Attribute key starts with reserved prefix {RESERVED}: '{key}'");
            return Err(error::WASM_INVALID_EVENT.with(text));
        }
        event = event.with(key, attribute.value.trim());
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(key: &str, value: &str) -> Attribute {
        Attribute { key: key.to_string(), value: value.to_string() }
    }

    fn custom(kind: &str, attributes: Vec<Attribute>) -> ContractEvent {
        ContractEvent { kind: kind.to_string(), attributes: Some(attributes) }
    }

    #[test]
    fn events_of_contracts_are_named_and_trimmed() {
        let events = of_response(
            "c",
            &[attribute(" Let the ", " x ")],
            &[custom(" abc ", vec![attribute("k", "")])],
        )
        .unwrap();
        assert_eq!(
            events[0],
            Event::new("wasm").with("_contract_address", "c").with("Let the", "x")
        );
        assert_eq!(events[1], Event::new("wasm-abc").with("_contract_address", "c").with("k", ""));
        assert_eq!(of_response("c", &[], &[]).unwrap(), vec![]);
    }

    #[test]
    fn contracts_cannot_write_empty_or_reserved_keys_or_short_types() {
        for bad in [
            of_response("c", &[attribute("  ", "v")], &[]),
            of_response("c", &[attribute("_k", "v")], &[]),
            of_response("c", &[], &[custom(" ab ", vec![])]),
            of_response("c", &[], &[custom("abc", vec![attribute(" _contract_address", "v")])]),
        ] {
            assert_eq!(bad.unwrap_err().code, 21);
        }
    }
}
