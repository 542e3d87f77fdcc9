//! Storage keys of the event log that proofs name.
//!
//! | key | value |
//! |---|---|
//! | `config` | set-up, JSON |
//! | `0001 65` number | [`StoredEvent`](super::StoredEvent) as JSON |
//!
//! Numbers in keys are big-endian, 8 bytes. `0001` is the length of the map's name, as cw-storage-plus writes it.

/// Name of the map of events.
pub const EVENTS: &str = "e";

/// Set-up.
pub const CONFIG: &str = "config";

/// `0001 65 number`: an event.
pub fn event(number: u64) -> Vec<u8> {
    let mut key = vec![0, 1, b'e'];
    key.extend_from_slice(&number.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        assert_eq!(hex::encode(event(258)), "0001650000000000000102");
        assert_eq!(EVENTS, "e");
    }
}
