//! The seeds of the corpora: inputs that reach deep, made by a program so that they can be read here.

use crate::shape::imports_text;

/// Target, name, bytes of every seed.
pub fn all() -> Vec<(&'static str, String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let mut add = |target, name: &str, bytes: Vec<u8>| seeds.push((target, name.to_owned(), bytes));
    regions(&mut add);
    sections(&mut add);
    modules(&mut add);
    answers(&mut add);
    seeds
}

type Add<'a> = dyn FnMut(&'static str, &str, Vec<u8>) + 'a;

/// Header of an input for regions, then a memory of `size` bytes with `words` at `pointer`.
fn region(pointer: u32, words: [u32; 3], limit: u8, data: u8, size: usize) -> Vec<u8> {
    let mut bytes = pointer.to_le_bytes().to_vec();
    bytes.extend([limit, 0, data]);
    let mut memory: Vec<u8> = (0..size).map(|i| i as u8).collect();
    let header: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    if let Some(place) = memory.get_mut(pointer as usize..pointer as usize + 12) {
        place.copy_from_slice(&header);
    }
    bytes.extend(memory);
    bytes
}

fn regions(add: &mut Add<'_>) {
    let cases: [(&str, u32, [u32; 3], u8, u8); 14] = [
        ("sound", 16, [40, 20, 10], 2, 5),
        ("full", 16, [40, 20, 20], 2, 20),
        ("over-capacity", 16, [40, 20, 20], 2, 21),
        ("null-pointer", 0, [40, 20, 10], 2, 5),
        ("null-offset", 16, [0, 20, 10], 2, 5),
        ("length-above-capacity", 16, [40, 20, 21], 2, 5),
        ("wraps", 16, [u32::MAX - 10, 20, 5], 3, 5),
        ("last-address", 16, [u32::MAX, 0, 0], 3, 0),
        ("behind-memory", 16, [1_000, 20, 10], 3, 5),
        ("straddles-the-end", 16, [90, 20, 20], 3, 20),
        ("up-to-the-end", 16, [80, 20, 20], 3, 20),
        ("header-at-the-end", 88, [40, 20, 10], 3, 5),
        ("inside-itself", 16, [20, 20, 10], 2, 20),
        ("above-the-limit", 16, [20, 70, 65], 1, 5),
    ];
    for (name, pointer, words, limit, data) in cases {
        add("region", name, region(pointer, words, limit, data, 100));
    }
}

fn sections(add: &mut Add<'_>) {
    let mut three = Vec::new();
    for part in [&b"key"[..], b"", b"a longer value"] {
        three.extend_from_slice(part);
        three.extend_from_slice(&(part.len() as u32).to_be_bytes());
    }
    add("sections", "three", three.clone());
    add("sections", "rest-in-front", [b"x".to_vec(), three].concat());
    add("sections", "empty", Vec::new());
    add("sections", "one-empty", vec![0; 4]);
    add("sections", "overflow", vec![0xff; 8]);
    add("sections", "short", vec![0, 0, 1]);
}

fn modules(add: &mut Add<'_>) {
    let text = |items: &str| {
        let text = format!(
            r#"(module {items}
                (func (export "interface_version_8"))
                (func (export "allocate") (param i32) (result i32) (local.get 0))
                (func (export "deallocate") (param i32)))"#
        );
        wat::parse_str(text).expect("a seed is a module")
    };
    let memory = r#"(memory (export "memory") 1)"#;
    add("validate", "smallest", text(memory));
    add("validate", "no-memory", text(""));
    add("validate", "all-imports", text(&format!("{}{memory}", imports_text())));
    let table = "(table 4 4 funcref) (elem (i32.const 0) 0 1) (data (i32.const 8) \"data\")";
    add("validate", "table-and-data", text(&format!("{memory}{table}")));
    let long_name = format!("(import \"env\" \"{}\" (func))", "n".repeat(5_000));
    add("validate", "import-with-a-long-name", text(&format!("{long_name}{memory}")));
    let long_export = format!("(func (export \"requires_{}\"))", "n".repeat(5_000));
    add("validate", "capability-with-a-long-name", text(&format!("{memory}{long_export}")));
    let reserved = format!("(func (export \"__suyuan_{}\"))", "n".repeat(5_000));
    add("validate", "reserved-export-with-a-long-name", text(&format!("{memory}{reserved}")));
    let bulk = "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 9)))";
    add("validate", "bulk-memory", text(&format!("{memory}{bulk}")));
}

/// Modules in the corpus of the rewrite.
#[cfg(feature = "smith")]
const RANDOM: usize = 40;
/// Bytes of one of them at the most.
#[cfg(feature = "smith")]
const RANDOM_BYTES_MAX: usize = 6 << 10;

/// Random contracts for the corpus of the rewrite, made by wasm-smith.
#[cfg(feature = "smith")]
pub fn random() -> Vec<(String, Vec<u8>)> {
    (0u64..)
        .filter_map(|index| Some((index, crate::smith::nth("corpus", 0, index)?)))
        .filter(|(_, wasm)| wasm.len() <= RANDOM_BYTES_MAX)
        .take(RANDOM)
        .map(|(index, wasm)| (format!("random-{index}"), wasm))
        .collect()
}

fn answers(add: &mut Add<'_>) {
    let texts: [(&str, &str); 9] = [
        ("error", r#"{"error":"no"}"#),
        ("query", r#"{"ok":"eyJ4IjoxfQ=="}"#),
        ("empty-response", r#"{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#),
        (
            "send",
            r#"{"ok":{"messages":[{"id":1,"payload":"","msg":{"bank":{"send":{"to_address":"a","amount":[{"denom":"x","amount":"5"}]}}},"gas_limit":null,"reply_on":"never"}],"attributes":[{"key":"k","value":"v"}],"events":[{"type":"t","attributes":[]}],"data":"AQ=="}}"#,
        ),
        (
            "execute",
            r#"{"ok":{"messages":[{"id":18446744073709551615,"msg":{"wasm":{"execute":{"contract_addr":"c","msg":"e30=","funds":[]}}},"gas_limit":7,"reply_on":"always"}],"attributes":[],"events":[],"data":null}}"#,
        ),
        (
            "unknown-field",
            r#"{"ok":{"messages":[],"attributes":[],"events":[],"data":null,"new":1}}"#,
        ),
        ("both", r#"{"ok":{},"error":"x"}"#),
        ("escapes", "{\"error\":\"\\ud83d\\ude00\\u0000\\\"\"}"),
        ("number", "1e999"),
    ];
    for (name, text) in texts {
        add("response", name, text.as_bytes().to_vec());
    }
    add("response", "deep", [b"{\"ok\":".to_vec(), vec![b'['; 300]].concat());
}
