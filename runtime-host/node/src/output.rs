//! How answers look: one line of JSON for programs, indented text for people.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::ValueEnum;
use serde_json::{json, Value};
use suyuan_client::ClientError;

use crate::fail::Failure;

/// Form of a command's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON value on one line of standard output.
    Json,
}

/// Prints a value in the chosen form.
pub fn print_value(format: Format, value: &Value) {
    match format {
        Format::Json => print_line(&value.to_string()),
        Format::Text => print_line(indented(value).trim_end()),
    }
}

/// Prints one line to standard output. A reader that went away (`| head`) is not an error.
pub fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// Prints one line for people to standard error, so that it never mixes with an answer.
pub fn notice(line: &str) {
    let mut err = std::io::stderr().lock();
    if writeln!(err, "{line}").is_err() {
        tracing::debug!("standard error is closed");
    }
}

/// Prints why a command failed to standard error, in the chosen form.
pub fn print_failure(format: Format, failure: &Failure) {
    match format {
        Format::Text => notice(&format!("Error: {}", failure.text())),
        Format::Json => notice(&failure_json(failure).to_string()),
    }
}

fn failure_json(failure: &Failure) -> Value {
    let class = format!("{:?}", failure.class).to_lowercase();
    let mut error = json!({"class": class, "message": failure.text()});
    if let Some(ClientError::Refused { codespace, code, log, tx_hash, height, .. }) =
        failure.error.downcast_ref()
    {
        error["codespace"] = json!(codespace);
        error["code"] = json!(code);
        error["log"] = json!(log);
        error["txhash"] = json!(tx_hash);
        error["height"] = json!(height.to_string());
    }
    if let Some(ClientError::Query { path, codespace, code, log }) = failure.error.downcast_ref() {
        error["path"] = json!(path);
        error["codespace"] = json!(codespace);
        error["code"] = json!(code);
        error["log"] = json!(log);
    }
    json!({ "error": error })
}

/// Deepest nesting that is laid out; deeper values are printed as JSON.
const DEPTH_MAX: usize = 32;

/// Lays a value out in the manner of YAML, which Cosmos command lines print as well.
pub fn indented(value: &Value) -> String {
    let mut out = String::new();
    lay_out(value, 0, &mut out);
    out
}

fn lay_out(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() && depth < DEPTH_MAX => {
            for (key, inner) in map {
                // A plain YAML key cannot begin with an at sign.
                let label =
                    if key.starts_with('@') { format!("'{key}':") } else { format!("{key}:") };
                entry(&label, inner, depth, out);
            }
        }
        Value::Array(list) if !list.is_empty() && depth < DEPTH_MAX => {
            for inner in list {
                item(inner, depth, out);
            }
        }
        leaf => push_line(depth, &scalar(leaf), out),
    }
}

fn entry(label: &str, inner: &Value, depth: usize, out: &mut String) {
    if is_leaf(inner) {
        push_line(depth, &format!("{label} {}", scalar(inner)), out);
        return;
    }
    push_line(depth, label, out);
    let deeper = if inner.is_array() { depth } else { depth.saturating_add(1) };
    lay_out(inner, deeper, out);
}

fn item(inner: &Value, depth: usize, out: &mut String) {
    if is_leaf(inner) {
        push_line(depth, &format!("- {}", scalar(inner)), out);
        return;
    }
    let mut block = String::new();
    lay_out(inner, depth.saturating_add(1), &mut block);
    // The first line of the block takes the dash in place of its indentation.
    let margin = "  ".repeat(depth.saturating_add(1));
    let rest = block.strip_prefix(&margin).unwrap_or(&block);
    out.push_str(&"  ".repeat(depth));
    out.push_str("- ");
    out.push_str(rest);
}

fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => true,
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// True for texts that cannot be mistaken for another kind of value.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.parse::<f64>().is_err()
        && !matches!(text, "true" | "false" | "null")
        && !text
            .starts_with(['-', '[', '{', '"', '\'', '#', '&', '*', '!', '|', '>', '%', '@', ' '])
        && !text.ends_with(' ')
        && !text.contains(": ")
        && !text.contains('\n')
}

fn push_line(depth: usize, line: &str, out: &mut String) {
    let width = depth.saturating_mul(2);
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{:width$}{line}", "");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_laid_out_like_yaml() {
        let value = json!({"balances": [{"amount": "10", "denom": "usy"}], "empty": [], "ok": true, "n": {"a": {"b": "c"}}});
        let expected =
            "balances:\n- amount: \"10\"\n  denom: usy\nempty: []\nn:\n  a:\n    b: c\nok: true\n";
        assert_eq!(indented(&value), expected);
    }

    #[test]
    fn refusals_carry_their_code_as_json() {
        let failure = Failure::from(ClientError::Query {
            path: "p".into(),
            codespace: "sdk".into(),
            code: 22,
            log: "gone".into(),
        });
        let shown = failure_json(&failure);
        assert_eq!(shown["error"]["code"], 22);
        assert_eq!(shown["error"]["class"], "refused");
    }
}
