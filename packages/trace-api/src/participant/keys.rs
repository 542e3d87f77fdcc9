//! Storage keys of the registry that proofs name.
//!
//! | key | value |
//! |---|---|
//! | `r` | all [`Role`](super::Role)s in order of name, JSON |
//! | `0001 70` id | [`Participant`](super::Participant) as JSON |
//! | `0001 6b`, length of id, id, key id | [`Key`](super::Key) as JSON |
//!
//! Lengths are big-endian, 2 bytes. `0001` is the length of the map's name, as cw-storage-plus writes it.

/// Name of the record of all roles.
pub const ROLES: &str = "r";
/// Name of the map of participants.
pub const PARTICIPANTS: &str = "p";
/// Name of the map of keys.
pub const KEYS: &str = "k";

/// `0001 70 id`: a participant.
pub fn participant(id: &str) -> Vec<u8> {
    [&[0, 1, b'p'], id.as_bytes()].concat()
}

/// `0001 6b length id kid`: a participant's key; `None` for an id that no participant can have.
pub fn key(id: &str, kid: &str) -> Option<Vec<u8>> {
    let length = u16::try_from(id.len()).ok()?.to_be_bytes();
    Some([&[0, 1, b'k'], &length[..], id.as_bytes(), kid.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_should_not_change() {
        assert_eq!(participant("ab"), b"\0\x01pab");
        assert_eq!(key("ab", "c").as_deref(), Some(&b"\0\x01k\0\x02abc"[..]));
        assert_eq!(key(&"a".repeat(1 << 16), "c"), None);
        assert_eq!((ROLES, PARTICIPANTS, KEYS), ("r", "p", "k"));
    }
}
