//! Reading the contracts' own words on the command line: `key_purchased_part` is what the contract calls it.

use std::path::Path;

use serde::de::DeserializeOwned;
use std::io::Read as _;

use crate::fail::{Done, OrFail};

/// Largest JSON file that is read as a message, in bytes.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Reads one word of an enumeration; dashes may stand for underscores.
///
/// # Errors
/// A text with the words that are known, from serde.
pub fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value = serde_json::Value::String(text.replace('-', "_"));
    serde_json::from_value(value).map_err(|e| e.to_string())
}

/// Reads a JSON file as a message; `-` is standard input.
///
/// # Errors
/// Local if it cannot be read; usage, with line and column, if it is not what is expected.
pub fn json_file<T: DeserializeOwned>(file: &Path) -> Done<T> {
    let doing = || format!("reading {}", file.display());
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(FILE_BYTES_MAX).read_to_string(&mut text).or_local(doing)?;
    } else {
        std::fs::File::open(file)
            .or_local(doing)?
            .take(FILE_BYTES_MAX)
            .read_to_string(&mut text)
            .or_local(doing)?;
    }
    serde_json::from_str(&text).or_usage(doing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use suyuan_trace_api::code::ClassKind;

    #[test]
    fn words_are_those_of_the_contracts() {
        assert_eq!(word::<ClassKind>("key-purchased-part"), Ok(ClassKind::KeyPurchasedPart));
        assert_eq!(word::<ClassKind>("raw_material"), Ok(ClassKind::RawMaterial));
        assert!(word::<ClassKind>("gold").unwrap_err().contains("raw_material"));
    }
}
