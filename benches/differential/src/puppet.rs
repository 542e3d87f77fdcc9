//! A contract that does what its message says, operation by operation: every import with any arguments, every trap,
//! every way to misbehave towards the host.

use suyuan_vm_fuzz::shape::{imports_text, IMPORTS};

/// Operations behind those of the imports, which have the numbers of [`IMPORTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Op {
    /// Stores `b` at `a`.
    Poke = 24,
    /// The next `allocate` returns `a`; all ones stands for null.
    Force,
    /// From now on `allocate` calls the host: 1 `debug`, 2 `db_read`.
    Talk,
    /// From now on `deallocate` traps.
    Angry,
    /// `memory.grow`.
    Grow,
    /// `memory.size`.
    Size,
    /// A loop of `a` turns.
    Burn,
    /// `a` calls inside each other.
    Recurse,
    /// `i32.div_s`.
    Div,
    /// `i32.rem_u`.
    Rem,
    /// An indirect call of slot `a`.
    Indirect,
    /// `i32.trunc_f32_s` of the bits `a`.
    Trunc,
    /// `i32.load`.
    Load,
    /// `unreachable`.
    Unreachable,
    /// Moves the heap to `a`.
    Heap,
    /// An indirect call of slot `a` with another type.
    IndirectOther,
}

/// Ends a script with an answer that shows all memory in use.
pub const END: u32 = 255;
/// Ends a script with the pointer `a`.
pub const RETURN: u32 = 254;
/// Ends a script with the region `a`, `b`, `c` (offset, capacity, length).
pub const ANSWER: u32 = 253;
/// An argument with this value stands for the lower half of the last result.
pub const LAST: u32 = 0xffff_ff00;
/// Words of one operation: its number and its arguments.
pub const WORDS: usize = 5;
/// Where the heap begins.
pub const HEAP: u32 = 8_192;
/// Operations of one script at the most: results are kept between [`RESULTS`] and the heap.
pub const OPS_MAX: usize = 64;
/// Where results are kept.
pub const RESULTS: u32 = 1_024;
/// A static region with a few bytes.
pub const STATIC_REGION: u32 = 16;

/// The heap after an allocation: region, bytes, up to the next multiple of 16.
pub fn allocated(heap: u32, bytes: usize) -> u32 {
    (heap + 12 + bytes as u32 + 15) & !15
}

const LETTERS: [&str; 4] = ["$a", "$b", "$c", "$d"];

fn arguments(count: usize) -> String {
    LETTERS[..count].iter().map(|letter| format!("(local.get {letter})")).collect()
}

/// `(if op == number (then code))`
fn case(number: u32, code: &str) -> String {
    format!("(if (i32.eq (local.get $op) (i32.const {number})) (then {code}))\n")
}

fn import_cases() -> String {
    let mut text = String::new();
    for (number, (name, params, result)) in (0u32..).zip(IMPORTS) {
        let call = format!("(call ${name} {})", arguments(params.split(' ').count()));
        let code = match result {
            "" => call,
            "i32" => format!("(global.set $last (i64.extend_i32_u {call}))"),
            _ => format!("(global.set $last {call})"),
        };
        text += &case(number, &code);
    }
    text
}

fn other_cases() -> String {
    let set = |code: &str| format!("(global.set $last (i64.extend_i32_u {code}))");
    let cases: [(Op, String); 16] = [
        (Op::Poke, "(i32.store (local.get $a) (local.get $b))".into()),
        (Op::Force, "(global.set $forced (local.get $a))".into()),
        (Op::Talk, "(global.set $talk (local.get $a))".into()),
        (Op::Angry, "(global.set $angry (i32.const 1))".into()),
        (Op::Grow, set("(memory.grow (local.get $a))")),
        (Op::Size, set("(memory.size)")),
        (Op::Burn, "(call $burn (local.get $a))".into()),
        (Op::Recurse, set("(call $recurse (local.get $a))")),
        (Op::Div, set("(i32.div_s (local.get $a) (local.get $b))")),
        (Op::Rem, set("(i32.rem_u (local.get $a) (local.get $b))")),
        (Op::Indirect, set("(call_indirect (type $unary) (local.get $b) (local.get $a))")),
        (Op::Trunc, set("(i32.trunc_f32_s (f32.reinterpret_i32 (local.get $a)))")),
        (Op::Load, set("(i32.load (local.get $a))")),
        (Op::Unreachable, "(unreachable)".into()),
        (Op::Heap, "(global.set $heap (local.get $a))".into()),
        (Op::IndirectOther, "(call_indirect (type $nullary) (local.get $a))".into()),
    ];
    cases.iter().map(|(op, code)| case(*op as u32, code)).collect()
}

const HELPERS: &str = r#"
    (func $recurse (param $n i32) (result i32)
        (if (result i32) (i32.eqz (local.get $n))
            (then (i32.const 7))
            (else (i32.add (i32.const 1) (call $recurse (i32.sub (local.get $n) (i32.const 1)))))))
    (func $burn (param $n i32)
        (loop $again
            (if (local.get $n) (then
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $again)))))
    (func $one (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
    (func $two (param i32) (result i32) (i32.xor (local.get 0) (i32.const 85)))
    (func $three (param i64))
    (func (export "interface_version_8"))
    (func (export "deallocate") (param i32) (if (global.get $angry) (then (unreachable))))
    (func (export "allocate") (param $size i32) (result i32)
        (local $region i32) (local $end i32)
        (if (global.get $forced) (then
            (local.set $region (global.get $forced))
            (global.set $forced (i32.const 0))
            (if (i32.eq (local.get $region) (i32.const -1)) (then (return (i32.const 0))))
            (return (local.get $region))))
        (if (i32.eq (global.get $talk) (i32.const 1)) (then (call $debug (i32.const 16))))
        (if (i32.eq (global.get $talk) (i32.const 2)) (then
            (drop (call $db_read (i32.const 16)))))
        (local.set $region (global.get $heap))
        (local.set $end (i32.and (i32.const -16)
            (i32.add (i32.const 27) (i32.add (local.get $region) (local.get $size)))))
        (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16))) (then
            (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u
                    (i32.sub (local.get $end) (i32.shl (memory.size) (i32.const 16)))
                    (i32.const 16)))))
                (then (unreachable)))))
        (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
        (i32.store offset=4 (local.get $region) (local.get $size))
        (i32.store offset=8 (local.get $region) (i32.const 0))
        (global.set $heap (local.get $end))
        (local.get $region))
    (func $arg (param $value i32) (result i32)
        (if (result i32) (i32.eq (local.get $value) (i32.const 0xffffff00))
            (then (i32.wrap_i64 (global.get $last)))
            (else (local.get $value))))
    (func $answer (param $a i32) (param $b i32) (param $c i32) (result i32)
        (i32.store (i32.const 32) (local.get $a))
        (i32.store (i32.const 36) (local.get $b))
        (i32.store (i32.const 40) (local.get $c))
        (i32.const 32))
"#;

/// The contract. `migrate_params` is 2 or 3: without or with the info that newer contracts take.
pub fn wasm(migrate_params: usize) -> Vec<u8> {
    let loads: String = LETTERS
        .iter()
        .zip(1..)
        .map(|(letter, word)| {
            let at = 4 * word;
            format!("(local.set {letter} (call $arg (i32.load offset={at} (local.get $p))))")
        })
        .collect();
    let run = format!(
        r#"(func $run (param $p i32) (result i32)
            (local $op i32) (local $a i32) (local $b i32) (local $c i32) (local $d i32)
            (local $out i32)
            (local.set $p (i32.load (local.get $p)))
            (local.set $out (i32.const {RESULTS}))
            (loop $next
                (local.set $op (i32.load (local.get $p)))
                {loads}
                (local.set $p (i32.add (local.get $p) (i32.const {step})))
                {end}{pointer}{region}
                {imports}{others}
                (i64.store (local.get $out) (global.get $last))
                (local.set $out (i32.add (local.get $out) (i32.const 8)))
                (br_if $next (i32.lt_u (local.get $out) (i32.const {HEAP}))))
            (unreachable))"#,
        step = 4 * WORDS,
        end = case(
            END,
            &format!(
                "(return (call $answer (i32.const {RESULTS}) \
                 (i32.sub (global.get $heap) (i32.const {RESULTS})) \
                 (i32.sub (global.get $heap) (i32.const {RESULTS}))))"
            )
        ),
        pointer = case(RETURN, "(return (local.get $a))"),
        region =
            case(ANSWER, "(return (call $answer (local.get $a) (local.get $b) (local.get $c)))"),
        imports = import_cases(),
        others = other_cases(),
    );
    let door = |name: &str, params: usize, message: usize| {
        let list = "i32 ".repeat(params);
        format!(
            "(func (export \"{name}\") (param {list}) (result i32) (call $run (local.get {message})))"
        )
    };
    // The message is the last argument, in a migration with info the second.
    let doors = [
        door("instantiate", 3, 2),
        door("execute", 3, 2),
        door("query", 2, 1),
        door("sudo", 2, 1),
        door("reply", 2, 1),
        door("migrate", migrate_params, 1),
    ]
    .join("\n");
    let text = format!(
        r#"(module
            (type $unary (func (param i32) (result i32)))
            (type $nullary (func))
            {imports}
            (memory (export "memory") 1)
            (table 8 8 funcref)
            (elem (i32.const 0) $one $two $three)
            (global $heap (mut i32) (i32.const {HEAP}))
            (global $forced (mut i32) (i32.const 0))
            (global $talk (mut i32) (i32.const 0))
            (global $angry (mut i32) (i32.const 0))
            (global $last (mut i64) (i64.const 0))
            (data (i32.const {STATIC_REGION}) "\40\00\00\00\05\00\00\00\05\00\00\00")
            (data (i32.const 64) "room!")
            {HELPERS}
            {run}
            {doors})"#,
        imports = imports_text(),
    );
    wat::parse_str(text).expect("the puppet is a module")
}
