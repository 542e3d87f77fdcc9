//! Random scripts for the puppet: every import with valid and with spoilt arguments, traps, and bad manners.

use cosmwasm_vm::testing::MockApi;
use cosmwasm_vm::BackendApi as _;
use serde_json::json;
use suyuan_vm::EntryPoint;
use suyuan_vm_fuzz::mutate::mutate;
use suyuan_vm_fuzz::shape::IMPORTS;
use suyuan_vm_fuzz::Dice;

use crate::calls::{address, arguments, Call, NAMES};
use crate::puppet::{
    allocated, Op, ANSWER, END, HEAP, LAST, OPS_MAX, RESULTS, RETURN, STATIC_REGION, WORDS,
};
use crate::vectors::{spoil, Vectors, SMALL_ORDER};
use crate::world::BURN;

/// Address prefix of the puppet's chain.
pub const PREFIX: &str = "cosmwasm";
/// Gas that no script uses up, except in a loop that is meant to.
pub const PLENTY: u64 = 40_000_000_000_000;
/// Bytes that all operations of a script may take, the last one included.
const RECORDS_BYTES: usize = (OPS_MAX + 2) * 4 * WORDS;

/// A script under construction.
#[derive(Debug)]
struct Script {
    /// Whether it may misbehave; otherwise most calls succeed, and state grows that later calls meet.
    rude: bool,
    /// Nothing may be written.
    read_only: bool,
    /// Iterators that it has opened.
    scans: u32,
    records: Vec<[u32; WORDS]>,
    blob: Vec<u8>,
    /// Where the blob will lie in the contract's memory.
    base: u32,
}

impl Script {
    fn op(&mut self, number: u32, args: &[u32]) {
        let mut record = [0; WORDS];
        record[0] = number;
        record[1..=args.len()].copy_from_slice(args);
        self.records.push(record);
    }

    fn own(&mut self, op: Op, args: &[u32]) {
        self.op(op as u32, args);
    }

    /// Puts bytes into the message; where they will lie.
    fn place(&mut self, bytes: &[u8]) -> u32 {
        self.blob.resize(self.blob.len().next_multiple_of(4), 0);
        let at = self.base + self.blob.len() as u32;
        self.blob.extend_from_slice(bytes);
        at
    }

    fn header(&mut self, words: [u32; 3]) -> u32 {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.place(&bytes)
    }

    /// A region that holds bytes.
    fn region(&mut self, bytes: &[u8]) -> u32 {
        let at = self.place(bytes);
        let length = bytes.len() as u32;
        self.header([at, length, length])
    }

    /// An empty region for a result.
    fn room(&mut self, capacity: u32) -> u32 {
        let at = self.place(&vec![0; capacity as usize]);
        self.header([at, capacity, 0])
    }

    fn finish(mut self) -> Vec<u8> {
        let mut bytes: Vec<u8> =
            self.records.drain(..).flatten().flat_map(u32::to_le_bytes).collect();
        bytes.resize(RECORDS_BYTES, 0);
        bytes.extend_from_slice(&self.blob);
        bytes
    }
}

/// Makes scripts.
#[derive(Debug, Default)]
pub struct Writer {
    vectors: Vectors,
}

fn import(name: &str) -> u32 {
    IMPORTS.iter().position(|(known, ..)| *known == name).expect("a known import") as u32
}

/// Numbers of dice that are never rude.
const ROOM_ENOUGH: u64 = 13;
const PLAIN_END: u64 = 13;
/// A length that an import may have as its limit, or close to one.
const LENGTHS: [u32; 10] =
    [32, 64, 65, 256, 5 << 10, 64 << 10, 128 << 10, 2 << 20, 5 << 20, 33 << 20];

impl Writer {
    /// A pointer to `bytes`, or now and then to something that is no sound region.
    fn pointer(&self, dice: &mut Dice, script: &mut Script, bytes: &[u8]) -> u32 {
        let sound = script.region(bytes);
        if !(script.rude && dice.once_in(14)) {
            return sound;
        }
        let at = script.base;
        let length = bytes.len() as u32;
        match dice.below(11) {
            0 => 0,
            1 => script.header([0, length, length]),
            2 => script.header([at, length, length + 1]),
            3 => script.header([u32::MAX - 3, 8, 0]),
            4 => script.header([0x20_0000 - 4, 8, 8]),
            5 => script.header([sound, 12, 12]),
            6 => dice.awkward(),
            7 => 0x1_0000 - 6,
            8 => LAST,
            9 => {
                let length = *dice.pick(&LENGTHS) + dice.below(3) as u32 - 1;
                script.header([at, length, length])
            }
            _ => {
                let words = [dice.awkward(), dice.awkward(), dice.awkward()];
                script.header(words)
            }
        }
    }

    /// A pointer to room for a result of `bytes`, or now and then to too little or to nothing.
    fn room(&self, dice: &mut Dice, script: &mut Script, bytes: u32) -> u32 {
        match if script.rude { dice.below(14) } else { ROOM_ENOUGH } {
            0 => script.room(bytes.saturating_sub(1)),
            1 => self.pointer(dice, script, b"no room"),
            2 => 0,
            // A region whose target is the region itself.
            3 => {
                let at = script.base + script.blob.len().next_multiple_of(4) as u32;
                script.header([at, bytes, 0])
            }
            _ => script.room(bytes),
        }
    }

    fn key(dice: &mut Dice) -> Vec<u8> {
        const KEYS: [&[u8]; 7] = [b"", b"a", b"ab", b"b", b"\x00\x01key", b"\xff\xff", b"count"];
        dice.pick(&KEYS).to_vec()
    }

    fn human(dice: &mut Dice) -> Vec<u8> {
        let good = address(PREFIX, *dice.pick(&NAMES));
        let api = MockApi::default();
        match dice.below(10) {
            0 => good.to_uppercase().into_bytes(),
            1 => api.with_prefix("other").addr_make("x").into_bytes(),
            2 => vec![0xff, 0xfe],
            3 => vec![],
            4 => vec![b'a'; 255 + dice.index(3)],
            5 => mutate(dice, good.as_bytes(), b""),
            _ => good.into_bytes(),
        }
    }

    fn canonical(dice: &mut Dice) -> Vec<u8> {
        let good = MockApi::default().addr_canonicalize(&address(PREFIX, "rich")).0;
        match dice.below(4) {
            0 => {
                let length = dice.index(66);
                dice.bytes(length)
            }
            _ => good.unwrap_or_default(),
        }
    }

    fn request(dice: &mut Dice, rude: bool) -> Vec<u8> {
        let account = address(PREFIX, *dice.pick(&NAMES));
        let request = match dice.below(7) {
            0 => json!({"bank": {"balance": {"address": account, "denom": "earth"}}}),
            1 => json!({"bank": {"supply": {"denom": "earth"}}}),
            2 => json!({"wasm": {"smart": {"contract_addr": account, "msg": "e30="}}}),
            3 => json!({"wasm": {"raw": {"contract_addr": "no_such_contract", "key": "YQ=="}}}),
            4 => json!({"staking": {"bonded_denom": {}}}),
            5 if rude => return BURN.to_vec(),
            _ => json!({"custom": {}}),
        };
        let text = request.to_string().into_bytes();
        if dice.once_in(4) {
            mutate(dice, &text, b"{}")
        } else {
            text
        }
    }

    /// One call of a random import.
    fn add_import(&self, dice: &mut Dice, script: &mut Script) {
        let name = Writer::choose(dice, script);
        let number = import(name);
        let args = match name {
            "abort" if !(script.rude && dice.once_in(6)) => return,
            "abort" | "debug" => {
                const TEXTS: [&str; 3] = ["last words", "", "\u{8bcd}"];
                let text = match dice.below(4) {
                    0 => vec![0xff, 0xfe],
                    _ => dice.pick(&TEXTS).as_bytes().to_vec(),
                };
                vec![self.pointer(dice, script, &text)]
            }
            "db_read" | "db_remove" => {
                let key = Writer::key(dice);
                vec![self.pointer(dice, script, &key)]
            }
            "db_write" => {
                let length = dice.index(300);
                let value = dice.bytes(length);
                let key = Writer::key(dice);
                let key = self.pointer(dice, script, &key);
                vec![key, self.pointer(dice, script, &value)]
            }
            "db_scan" => self.scan(dice, script),
            "db_next" | "db_next_key" | "db_next_value" if !script.rude => {
                vec![1 + dice.below(u64::from(script.scans)) as u32]
            }
            "db_next" | "db_next_key" | "db_next_value" => match dice.below(4) {
                0 => vec![dice.awkward()],
                1 => vec![LAST],
                _ => vec![1 + dice.below(3) as u32],
            },
            "addr_validate" => {
                let source = Writer::human(dice);
                vec![self.pointer(dice, script, &source)]
            }
            "addr_canonicalize" => {
                let source = Writer::human(dice);
                let source = self.pointer(dice, script, &source);
                vec![source, self.room(dice, script, 64)]
            }
            "addr_humanize" => {
                let source = Writer::canonical(dice);
                let source = self.pointer(dice, script, &source);
                vec![source, self.room(dice, script, 90)]
            }
            "query_chain" => {
                let request = Writer::request(dice, script.rude);
                vec![self.pointer(dice, script, &request)]
            }
            _ => self.crypto(dice, script, name),
        };
        script.op(number, &args);
    }

    /// The name of an import that the script may call now.
    fn choose(dice: &mut Dice, script: &Script) -> &'static str {
        const STATE: [&str; 8] = [
            "db_write",
            "db_write",
            "db_read",
            "db_scan",
            "db_next",
            "db_next_key",
            "db_next_value",
            "db_remove",
        ];
        let (any, ..) = *dice.pick(&IMPORTS);
        if script.rude {
            return any;
        }
        match if dice.once_in(3) { any } else { *dice.pick(&STATE) } {
            "db_write" | "db_remove" if script.read_only => "db_read",
            "db_next" | "db_next_key" | "db_next_value" if script.scans == 0 => "db_scan",
            name => name,
        }
    }

    fn scan(&self, dice: &mut Dice, script: &mut Script) -> Vec<u32> {
        script.scans += 1;
        let bound = |dice: &mut Dice, script: &mut Script| match dice.below(3) {
            0 => 0,
            _ => {
                let key = Writer::key(dice);
                self.pointer(dice, script, &key)
            }
        };
        let start = bound(dice, script);
        let end = bound(dice, script);
        let order =
            if script.rude && dice.once_in(10) { dice.awkward() } else { 1 + dice.below(2) as u32 };
        vec![start, end, order]
    }

    fn crypto(&self, dice: &mut Dice, script: &mut Script, name: &str) -> Vec<u32> {
        let mut spoilt = |dice: &mut Dice, bytes: &[u8]| {
            let bytes = spoil(dice, bytes);
            self.pointer(dice, script, &bytes)
        };
        let curve = if name.starts_with("secp256k1") { &self.vectors.k1 } else { &self.vectors.r1 };
        match name {
            "secp256k1_verify" | "secp256r1_verify" => {
                let one = dice.pick(curve).clone();
                let other = if dice.once_in(5) { dice.pick(curve).clone() } else { one.clone() };
                let signature = if dice.once_in(3) { &one.high_s } else { &one.signature };
                let hash = spoilt(dice, &one.hash);
                let signature = spoilt(dice, signature);
                let key = dice.pick(&other.keys).clone();
                vec![hash, signature, spoilt(dice, &key)]
            }
            "secp256k1_recover_pubkey" | "secp256r1_recover_pubkey" => {
                let one = dice.pick(curve).clone();
                let signature = if dice.once_in(3) { &one.high_s } else { &one.signature };
                let hash = spoilt(dice, &one.hash);
                let signature = spoilt(dice, signature);
                let param = match dice.below(4) {
                    0 => dice.awkward(),
                    1 => one.param ^ 1,
                    _ => one.param,
                };
                vec![hash, signature, param]
            }
            "ed25519_verify" => {
                let one = dice.pick(&self.vectors.ed25519).clone();
                let key = self.ed25519_key(dice, &one.key);
                let message = spoilt(dice, &one.message);
                let signature = spoilt(dice, &one.signature);
                vec![message, signature, spoilt(dice, &key)]
            }
            "ed25519_batch_verify" => self.batch(dice, script),
            _ => self.bls(dice, script, name),
        }
    }

    fn ed25519_key(&self, dice: &mut Dice, key: &[u8]) -> Vec<u8> {
        match dice.below(8) {
            0 => dice.pick(&SMALL_ORDER).to_vec(),
            1 => dice.pick(&self.vectors.ed25519).key.clone(),
            _ => key.to_vec(),
        }
    }

    fn batch(&self, dice: &mut Dice, script: &mut Script) -> Vec<u32> {
        let count = dice.index(5);
        let one_key = dice.once_in(3);
        let mut parts: [Vec<Vec<u8>>; 3] = Default::default();
        for i in 0..count {
            let all = &self.vectors.ed25519;
            let one = if one_key { all[i % 4].clone() } else { dice.pick(all).clone() };
            parts[0].push(one.message);
            parts[1].push(if dice.once_in(9) {
                spoil(dice, &one.signature)
            } else {
                one.signature
            });
            if !one_key || i == 0 {
                let key = if dice.once_in(9) { self.ed25519_key(dice, &one.key) } else { one.key };
                parts[2].push(key);
            }
        }
        if dice.once_in(8) {
            let list = dice.index(3);
            parts[list].pop();
        }
        let mut pointers = Vec::new();
        for list in &parts {
            let mut bytes = Vec::new();
            for part in list {
                bytes.extend_from_slice(part);
                bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
            }
            let bytes = if dice.once_in(12) { spoil(dice, &bytes) } else { bytes };
            pointers.push(self.pointer(dice, script, &bytes));
        }
        pointers
    }

    fn points(dice: &mut Dice, pool: &[Vec<u8>]) -> Vec<u8> {
        let count = dice.index(4);
        let mut bytes = Vec::new();
        for _ in 0..count {
            let point = dice.pick(pool).clone();
            bytes.extend(if dice.once_in(12) { spoil(dice, &point) } else { point });
        }
        bytes
    }

    fn bls(&self, dice: &mut Dice, script: &mut Script, name: &str) -> Vec<u32> {
        let Vectors { g1, g2, .. } = &self.vectors;
        match name {
            "bls12_381_aggregate_g1" | "bls12_381_aggregate_g2" => {
                let first = name.ends_with("g1");
                let (pool, size) = if first { (g1, 48) } else { (g2, 96) };
                let points = Writer::points(dice, pool);
                let points = self.pointer(dice, script, &points);
                vec![points, self.room(dice, script, size)]
            }
            "bls12_381_pairing_equality" => {
                let [p, q] = [dice.pick(g1).clone(), dice.pick(g2).clone()];
                let (ps, qs) = match dice.below(3) {
                    0 => (Writer::points(dice, g1), Writer::points(dice, g2)),
                    _ => (p.clone(), q.clone()),
                };
                [ps, qs, p, q]
                    .into_iter()
                    .map(|bytes| {
                        let bytes = spoil_rarely(dice, bytes);
                        self.pointer(dice, script, &bytes)
                    })
                    .collect()
            }
            _ => {
                let size = if name.ends_with("g1") { 48 } else { 96 };
                let function = if dice.once_in(5) { dice.awkward() } else { 0 };
                let length = dice.index(100);
                let message = dice.bytes(length);
                let message = self.pointer(dice, script, &message);
                let tag = self.pointer(dice, script, b"TAG");
                vec![function, message, tag, self.room(dice, script, size)]
            }
        }
    }

    /// One operation that is no import.
    fn add_own(&self, dice: &mut Dice, script: &mut Script) {
        let awkward = dice.awkward();
        if !script.rude {
            return match dice.below(4) {
                0 => script.own(Op::Grow, &[dice.below(40) as u32]),
                1 => script.own(Op::Burn, &[dice.below(20_000) as u32]),
                2 => script.own(Op::Recurse, &[dice.below(3_000) as u32]),
                _ => script.own(Op::Size, &[]),
            };
        }
        match dice.below(17) {
            0 => script.own(Op::Poke, &[awkward, dice.any() as u32]),
            1 => {
                let forced = match dice.below(4) {
                    0 => u32::MAX,
                    1 => awkward,
                    2 => STATIC_REGION,
                    _ => script.room(dice_size(dice)),
                };
                script.own(Op::Force, &[forced]);
            }
            2 => script.own(Op::Talk, &[dice.below(3) as u32]),
            3 if dice.once_in(4) => script.own(Op::Angry, &[]),
            4 => script.own(Op::Grow, &[dice.below(40) as u32]),
            5 => script.own(Op::Grow, &[awkward]),
            6 => script.own(Op::Burn, &[dice.below(20_000) as u32]),
            7 => script.own(Op::Recurse, &[dice.below(3_000) as u32]),
            8 => script
                .own(Op::Div, &[*dice.pick(&[7, 0x8000_0000, 0]), *dice.pick(&[3, u32::MAX, 1])]),
            9 if dice.once_in(3) => script.own(Op::Div, &[awkward, 0]),
            10 => script.own(Op::Rem, &[awkward, dice.any() as u32]),
            11 => script.own(Op::Indirect, &[*dice.pick(&[0, 1, 0, 1, 2, 3, 9]), 21]),
            12 => script.own(
                Op::Trunc,
                &[*dice.pick(&[0x4120_0000, 0x3f80_0000, 0x7fc0_0000, 0x5f00_0000])],
            ),
            13 => script.own(Op::Load, &[awkward % 0x2_0000]),
            14 if dice.once_in(6) => script.own(Op::Unreachable, &[]),
            15 if dice.once_in(4) => script.own(Op::Heap, &[awkward]),
            16 if dice.once_in(3) => script.own(Op::IndirectOther, &[dice.below(9) as u32]),
            _ => script.own(Op::Size, &[]),
        }
    }

    fn add_end(dice: &mut Dice, script: &mut Script) {
        match if script.rude { dice.below(14) } else { PLAIN_END } {
            0 => script.op(RETURN, &[dice.awkward()]),
            1 => script.op(ANSWER, &[RESULTS, 16, dice.below(20) as u32]),
            2 => script.op(ANSWER, &[dice.awkward(), dice.awkward(), dice.awkward()]),
            3 => script.op(RETURN, &[LAST]),
            _ => script.op(END, &[]),
        }
    }

    /// A random call of the puppet.
    pub fn call(&self, dice: &mut Dice, migrate_params: usize) -> Call {
        let entry = *dice.pick(&[
            EntryPoint::Execute,
            EntryPoint::Execute,
            EntryPoint::Execute,
            EntryPoint::Instantiate,
            EntryPoint::Query,
            EntryPoint::Query,
            EntryPoint::Migrate,
            EntryPoint::Sudo,
            EntryPoint::Reply,
        ]);
        let mut args = arguments(dice, PREFIX, entry, Vec::new());
        let at = message_index(entry);
        // Everything before the message, and all arguments once more if they are handed over again without the info.
        let mut heap = HEAP;
        if entry == EntryPoint::Migrate && migrate_params == 2 && args.len() == 3 {
            // The first round hands over env, message and info; its size depends on the message, which comes last here.
            args.pop();
        }
        for arg in &args[..at] {
            heap = allocated(heap, arg.len());
        }
        let base = heap + 12 + RECORDS_BYTES as u32;
        let read_only = entry == EntryPoint::Query;
        let (records, blob) = (Vec::new(), Vec::new());
        let mut script = Script { rude: dice.once_in(2), read_only, scans: 0, records, blob, base };
        for _ in 0..=dice.below(12) {
            if dice.once_in(4) {
                self.add_own(dice, &mut script);
            } else {
                self.add_import(dice, &mut script);
            }
        }
        Writer::add_end(dice, &mut script);
        args[at] = script.finish();
        Call { entry, args, gas: PLENTY }
    }
}

/// Which argument is the message.
fn message_index(entry: EntryPoint) -> usize {
    match entry {
        EntryPoint::Instantiate | EntryPoint::Execute => 2,
        _ => 1,
    }
}

fn dice_size(dice: &mut Dice) -> u32 {
    dice.below(200) as u32
}

fn spoil_rarely(dice: &mut Dice, bytes: Vec<u8>) -> Vec<u8> {
    if dice.once_in(10) {
        spoil(dice, &bytes)
    } else {
        bytes
    }
}
