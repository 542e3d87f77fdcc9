//! Checks of messages that need no state (wasmd's `ValidateBasic`).

use crate::error::{self, UserError};
use crate::exec::Exec;
use crate::limits::{LABEL_LEN_MAX, WASM_LEN_MAX};
use suyuan_core::address::{Addr, SALT_LEN_MAX};

/// An address in field `field` of a message.
pub(crate) fn addr(exec: &Exec<'_>, field: &str, text: &str) -> Result<Addr, UserError> {
    exec.facts.addr(text).map_err(|e| error::uncoded(e).wrap(field))
}

/// An optional address: empty means none.
pub(crate) fn optional_addr(
    exec: &Exec<'_>,
    field: &str,
    text: &str,
) -> Result<Option<Addr>, UserError> {
    if text.is_empty() {
        return Ok(None);
    }
    addr(exec, field, text).map(Some)
}

/// A code id, which is never 0.
pub(crate) fn code_id(id: u64) -> Result<(), UserError> {
    if id == 0 {
        return Err(error::INVALID_REQUEST.with("code id is required"));
    }
    Ok(())
}

/// Uploaded bytes, as sent.
pub(crate) fn wasm(bytes: &[u8]) -> Result<(), UserError> {
    let wrap = |e: UserError| error::INVALID_REQUEST.with(format_args!("code bytes {}", e.text));
    if bytes.is_empty() {
        return Err(wrap(error::WASM_EMPTY.with("is required")));
    }
    if bytes.len() > WASM_LEN_MAX {
        return Err(wrap(
            error::WASM_LIMIT.with(format_args!("cannot be longer than {WASM_LEN_MAX} bytes")),
        ));
    }
    Ok(())
}

/// A contract's label: 1 to 128 bytes, printable, no white space around.
pub(crate) fn label(label: &str) -> Result<(), UserError> {
    let wrap = |e: UserError| Err(e.wrap("label"));
    if label.is_empty() {
        return wrap(error::WASM_EMPTY.with("is required"));
    }
    if label.len() > LABEL_LEN_MAX {
        return wrap(
            error::WASM_LIMIT
                .with(format_args!("cannot be longer than {LABEL_LEN_MAX} characters")),
        );
    }
    if label != label.trim() {
        return wrap(error::WASM_INVALID.with("label must not start/end with whitespaces"));
    }
    if !label.chars().all(is_printable) {
        return wrap(error::WASM_INVALID.with("label must have printable characters only"));
    }
    Ok(())
}

/// Go's `unicode.IsPrint` as far as it can be said without its tables: no control characters, no separators but the
/// plain space, no private or invisible formatting characters.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(c.is_control()
            || c.is_whitespace()
            || matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..))
}

/// Salt of a predictable address: 1 to 64 bytes.
pub(crate) fn salt(salt: &[u8]) -> Result<(), UserError> {
    if salt.is_empty() {
        return Err(error::WASM_EMPTY.with("is required").wrap("salt"));
    }
    if salt.len() > SALT_LEN_MAX {
        let text = format!("cannot be longer than {SALT_LEN_MAX} characters");
        return Err(error::WASM_LIMIT.with(text).wrap("salt"));
    }
    Ok(())
}

/// A message to a contract must be JSON; what it means is the contract's business.
pub(crate) fn payload(msg: &[u8]) -> Result<(), UserError> {
    if is_json(msg) {
        return Ok(());
    }
    Err(error::WASM_INVALID.bare().wrap("payload msg"))
}

/// Whether `bytes` are one JSON text. Checked without building it and without recursion.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_printable_and_bounded() {
        for good in ["a", "a b", "溯源 1", &"x".repeat(128)] {
            assert!(label(good).is_ok(), "{good}");
        }
        for bad in ["", " a", "a ", "a\nb", "a\tb", "a\u{200b}b", "a\u{a0}b", &"x".repeat(129)] {
            assert!(label(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn deep_json_does_not_overflow_the_stack() {
        let deep = "[".repeat(1_000_000);
        assert!(!is_json(deep.as_bytes()));
        let closed = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let _ = is_json(closed.as_bytes());
        assert!(is_json(b"{\"a\":[1,null,{}]}"));
        assert!(!is_json(b"{} {}"));
        assert!(!is_json(b""));
    }
}
