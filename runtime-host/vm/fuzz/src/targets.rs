//! The targets. Each one compares the engine with a second, plainer way to the same answer.

use std::sync::{Mutex, OnceLock, PoisonError};

use suyuan_vm::{fuzz, GuestError, Vm, VmConfig, NESTED_CALLS_MAX};
use wasmparser::{Validator, WasmFeatures};

use crate::plain::Bench;
use crate::Dice;

/// Gas that every access of these targets can pay.
const PLENTY: u64 = 1 << 60;
/// Bytes of a reason for a refusal: it is stored in a transaction's result.
const REASON_BYTES_MAX: usize = 2_048;
/// Where a region ends: what a scan, a key and a batch may have.
const LIMITS: [u32; 4] = [0, 64, 64 << 10, u32::MAX];

/// An input taken apart from its front.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        let (head, tail) = self.0.split_at(N.min(self.0.len()));
        out[..head.len()].copy_from_slice(head);
        self.0 = tail;
        out
    }

    fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn rest(self) -> &'a [u8] {
        self.0
    }
}

/// A region by the book: `None` if anything about it is wrong. All numbers are wide enough for every sum.
fn plain_region(memory: &[u8], pointer: u32) -> Option<[u64; 3]> {
    let start = pointer as usize;
    let header = memory.get(start..start.checked_add(12)?)?;
    let word = |at: usize| -> Option<u64> {
        Some(u64::from(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?)))
    };
    let (offset, capacity, length) = (word(0)?, word(4)?, word(8)?);
    let sound = offset != 0 && length <= capacity && offset + capacity <= u64::from(u32::MAX);
    sound.then_some([offset, capacity, length])
}

fn plain_read(memory: &[u8], pointer: u32, limit: u32) -> Option<&[u8]> {
    let [offset, _, length] = plain_region(memory, pointer)?;
    if length > u64::from(limit) {
        return None;
    }
    memory.get(offset as usize..(offset + length) as usize)
}

/// Regions: pointer, limit, gas and data to write from the front of the input, the rest is the contract's memory.
pub fn fuzz_region(input: &[u8]) {
    let mut cursor = Cursor(input);
    let pointer = cursor.word();
    let limit = LIMITS[usize::from(cursor.take::<1>()[0]) % LIMITS.len()];
    let [poor, data_length] = cursor.take::<2>();
    let gas = if poor == 1 { 200_000 } else { PLENTY };
    let memory = cursor.rest();

    let read = fuzz::read_region(memory, pointer, limit, gas).expect("no fault of the host");
    let plain = plain_read(memory, pointer, limit);
    match read {
        (Ok(None), left) => assert_eq!((pointer, left), (0, gas)),
        (Ok(Some(bytes)), left) => {
            assert_eq!(Some(bytes.as_slice()), plain);
            assert_eq!(gas - left, 200_000 + 115 * bytes.len() as u64);
        }
        (Err(GuestError::OutOfGas), left) => assert_eq!((left, poor), (0, 1)),
        (Err(_), _) => assert_eq!(plain, None, "refused what is sound"),
    }

    let data = vec![0xa5; usize::from(data_length)];
    let mut written = memory.to_vec();
    let outcome = fuzz::write_region(&mut written, pointer, &data, PLENTY);
    match outcome.expect("no fault of the host").0 {
        Ok(()) => check_written(memory, &written, pointer, &data),
        Err(error) => {
            assert_ne!(error, GuestError::OutOfGas);
            assert_eq!(written, memory, "a refused write left something");
            let fits = plain_region(memory, pointer).is_some_and(|[offset, capacity, _]| {
                data.len() as u64 <= capacity && offset as usize + data.len() <= memory.len()
            });
            assert!(!fits, "refused what fits: {error}");
        }
    }
}

/// A write changed its target and its header, and nothing else.
fn check_written(before: &[u8], after: &[u8], pointer: u32, data: &[u8]) {
    let [offset, capacity, _] = plain_region(before, pointer).expect("a region");
    let mut expected = before.to_vec();
    expected[offset as usize..offset as usize + data.len()].copy_from_slice(data);
    let words = [offset, capacity, data.len() as u64];
    for (i, word) in words.into_iter().enumerate() {
        let at = pointer as usize + 4 * i;
        expected[at..at + 4].copy_from_slice(&(word as u32).to_le_bytes());
    }
    assert_eq!(after, expected);
}

/// Sections: what is taken apart can be put together again, and every record comes back as two sections.
pub fn fuzz_sections(input: &[u8]) {
    match fuzz::sections(input).expect("no fault of the host") {
        Ok(parts) => {
            let mut again = Vec::new();
            for part in &parts {
                again.extend_from_slice(part);
                again.extend_from_slice(&(part.len() as u32).to_be_bytes());
            }
            assert_eq!(again, input);
        }
        Err(error) => assert!(matches!(error, GuestError::BadRegion(_)), "{error}"),
    }
    let (key, value) = input.split_at(input.len() / 3);
    let record = fuzz::record(key, value).expect("no fault").expect("a record");
    let parts = fuzz::sections(&record).expect("no fault").expect("two sections");
    assert_eq!(parts, [key, value]);
}

fn vm() -> &'static Vm {
    static VM: OnceLock<Vm> = OnceLock::new();
    VM.get_or_init(|| {
        let pool_slots = NESTED_CALLS_MAX;
        Vm::new(VmConfig { pool_slots, ..VmConfig::default() }).expect("an engine")
    })
}

/// The proposals that are on in what comes out of the rewrite.
const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::REFERENCE_TYPES);

/// Whether a module is accepted; if so, what is compiled is valid, the same every time, and not accepted again.
pub fn fuzz_validate(wasm: &[u8]) {
    let verdict = vm().check(wasm);
    assert_eq!(verdict, vm().check(wasm), "two verdicts");
    let rewritten = vm().rewritten(wasm).expect("no fault of the host");
    match (verdict, rewritten) {
        (Ok(_), Ok(rewritten)) => check_rewritten(wasm, &rewritten),
        (Err(reason), Err(again)) => {
            assert_eq!(reason, again);
            let length = reason.to_string().len();
            assert!(length <= REASON_BYTES_MAX, "a reason of {length} bytes");
        }
        (verdict, rewritten) => panic!("{verdict:?} but {:?}", rewritten.is_ok()),
    }
}

fn check_rewritten(wasm: &[u8], rewritten: &[u8]) {
    let valid = Validator::new_with_features(FEATURES).validate_all(rewritten);
    assert!(valid.is_ok(), "the rewrite made an invalid module: {:?}", valid.err());
    let again = vm().rewritten(wasm).expect("no fault").expect("accepted before");
    assert_eq!(again, rewritten, "two rewrites");
    assert!(vm().check(rewritten).is_err(), "a module with our counters was accepted");
}

/// The rewrite on a random contract, changed: valid, and it does the same as the module.
pub fn fuzz_rewrite(wasm: &[u8]) {
    static BENCH: OnceLock<Mutex<Bench>> = OnceLock::new();
    fuzz_validate(wasm);
    let bench = BENCH.get_or_init(|| Mutex::new(Bench::new()));
    let mut bench = bench.lock().unwrap_or_else(PoisonError::into_inner);
    let mut dice = Dice::of("rewrite", 0, wasm.len() as u64);
    assert_eq!(bench.play(wasm, &mut dice, |wasm| wasm), Ok(()));
}
