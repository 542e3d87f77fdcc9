//! What the classes of operators cost for their gas, beside cosmwasm-vm in the same run: nanoseconds per 1000 gas.
//!
//! Prices are cosmwasm-vm's, so equal work costs equal gas on both sides and the ratio of times is the ratio of prices. No
//! class may be dearer here than there (a ratio below 0.91), and the dearest class says what a gas limit is worth in time.

use anyhow::{anyhow, ensure, Result};
use cosmwasm_vm::testing::mock_info;
use cosmwasm_vm::{call_execute_raw, to_vec};
use suyuan_vm::EntryPoint;
use wasm_encoder::InstructionSink;

use self::contract::{
    contract, A, ADDR_VALIDATE, B, CHASE, DB_READ, DB_WRITE, DEBUG, EMPTY, F, G, LOCALS, NUMBER, X,
    Y,
};
use crate::figure::{compare, Effort, Figure};
use crate::vm::{Pair, COSMWASM_VM};

mod contract;

/// A class: its line stands `repeat` times in a loop of `turns` turns.
pub(crate) struct Class {
    name: &'static str,
    repeat: usize,
    turns: i32,
    line: fn(&mut InstructionSink<'_>),
}

const fn class(
    name: &'static str,
    repeat: usize,
    turns: i32,
    line: fn(&mut InstructionSink<'_>),
) -> Class {
    Class { name, repeat, turns, line }
}

/// Every class that the price table and the engines could tell apart.
const CLASSES: &[Class] = &[
    class("i32.add", 64, 20_000, |c| drop_in(c.local_get(A).local_get(B).i32_add(), A)),
    class("i64.add", 64, 20_000, |c| drop_in(c.local_get(X).local_get(Y).i64_add(), X)),
    class("i64.mul", 64, 20_000, |c| drop_in(c.local_get(X).local_get(Y).i64_mul(), X)),
    class("i64.div_s", 64, 5_000, |c| {
        drop_in(c.local_get(X).i64_const(i64::MAX).i64_xor().local_get(Y).i64_div_s(), X);
    }),
    class("i64.rem_u", 64, 5_000, |c| {
        drop_in(c.local_get(X).i64_const(-1).i64_xor().local_get(Y).i64_rem_u(), X);
    }),
    class("i64.rotl", 64, 20_000, |c| drop_in(c.local_get(X).local_get(Y).i64_rotl(), X)),
    class("i64.clz, ctz, popcnt", 64, 20_000, |c| {
        drop_in(c.local_get(X).i64_ctz().i64_clz().i64_popcnt(), X);
    }),
    class("select", 64, 20_000, |c| drop_in(c.i32_const(1).i32_const(2).local_get(B).select(), A)),
    class("select of a select", 64, 20_000, |c| {
        drop_in(c.local_get(B).local_get(A).local_get(A).select(), A);
    }),
    class("f64.add", 64, 10_000, |c| drop_in(c.local_get(F).local_get(G).f64_add(), F)),
    class("f64.mul", 64, 10_000, |c| drop_in(c.local_get(F).local_get(G).f64_mul(), F)),
    class("f64.sqrt and div", 64, 3_000, |c| {
        drop_in(c.local_get(F).f64_sqrt().local_get(G).f64_div(), F);
    }),
    class("f64.nearest", 64, 5_000, |c| drop_in(c.local_get(F).f64_nearest(), F)),
    class("i64.trunc_sat_f64_s", 64, 5_000, |c| {
        drop_in(c.local_get(G).i64_trunc_sat_f64_s(), X);
    }),
    class("global", 64, 20_000, |c| {
        c.global_get(NUMBER).i64_const(1).i64_add().global_set(NUMBER);
    }),
    class("load, in cache", 64, 20_000, |c| {
        drop_in(c.i32_const(2048).i32_load(WORD).i32_const(255).i32_and(), A);
    }),
    class("store, in cache", 64, 20_000, |c| {
        c.i32_const(2048).local_get(B).i32_store(WORD);
    }),
    class("memory.size", 64, 20_000, |c| drop_in(c.memory_size(0), A)),
    class("memory.grow(0)", 16, 2_000, |c| drop_in(c.i32_const(0).memory_grow(0), A)),
    class("block and br_if", 64, 5_000, |c| {
        c.block(EMPTY_BLOCK).local_get(B).br_if(0).end();
    }),
    class("if and else", 64, 5_000, |c| {
        c.local_get(B).if_(EMPTY_BLOCK).i32_const(1).local_set(A);
        c.else_().i32_const(2).local_set(A).end();
    }),
    class("br_table", 32, 5_000, |c| {
        c.block(EMPTY_BLOCK).block(EMPTY_BLOCK).block(EMPTY_BLOCK);
        c.local_get(A).i32_const(3).i32_and().br_table([0, 1], 2).end().end().end();
    }),
    class("call", 32, 5_000, |c| {
        c.call(EMPTY);
    }),
    class("call_indirect", 16, 10_000, |c| {
        c.i32_const(0).call_indirect(0, contract::TYPE_NONE);
    }),
    class("call, 100 locals", 16, 2_000, |c| {
        c.call(LOCALS);
    }),
    class("load, no cache", 256, 4_000, |c| drop_in(c.local_get(CHASE).i32_load(WORD), CHASE)),
    class("loads in a row, no cache", 32, 4_000, |c| {
        c.local_get(CHASE);
        for _ in 0..8 {
            c.i32_load(WORD);
        }
        c.local_set(CHASE);
    }),
    class("debug of 100 bytes", 16, 100, |c| {
        c.i32_const(800).call(DEBUG);
    }),
    class("db_read", 16, 100, |c| {
        c.i32_const(816).call(DB_READ).drop();
    }),
    class("db_write", 16, 100, |c| {
        c.i32_const(816).i32_const(816).call(DB_WRITE);
    }),
    class("addr_validate", 8, 20, |c| {
        c.i32_const(816).call(ADDR_VALIDATE).drop();
    }),
];

const EMPTY_BLOCK: wasm_encoder::BlockType = wasm_encoder::BlockType::Empty;
const WORD: wasm_encoder::MemArg = wasm_encoder::MemArg { offset: 0, align: 2, memory_index: 0 };

/// Ends a line by storing what it made.
fn drop_in(code: &mut InstructionSink<'_>, local: u32) {
    code.local_set(local);
}

/// Gas of one run, and its time on both sides in microseconds.
fn run(class: &Class, walks: bool) -> Result<(f64, Figure)> {
    let pair = Pair::of(&contract(class, walks))?;
    let info = to_vec(&mock_info("caller", &[])).map_err(|error| anyhow!("{error}"))?;
    pair.instantiate(&info, b"{}")?;
    let gas = pair.gas(EntryPoint::Execute, &info, b"{}")?;
    ensure!(gas > 0, "no gas");
    let figure = compare(
        &format!("gas/{}", class.name),
        COSMWASM_VM,
        Effort { rounds: 9, runs: 1 },
        || pair.theirs(|instance| call_execute_raw(instance, pair.env(), &info, b"{}")),
        || pair.ours(EntryPoint::Execute, &[pair.env(), &info, b"{}"]),
    )?;
    Ok((gas as f64, figure))
}

/// Time for gas of one class on both sides. Laying out a walk is not part of the class: a run of one turn is taken off.
fn measure(class: &Class) -> Result<Figure> {
    let walks = class.name.contains("no cache");
    let (mut gas, mut figure) = run(class, walks)?;
    if walks {
        let (layout_gas, layout) = run(&Class { turns: 1, ..*class }, walks)?;
        gas -= layout_gas;
        figure.value -= layout.value;
        figure.baseline.value -= layout.baseline.value;
        figure.ratio = figure.baseline.value / figure.value;
    }
    // Microseconds per call become nanoseconds per 1000 gas.
    let scale = 1e6 / gas;
    figure.value *= scale;
    figure.baseline.value *= scale;
    figure.unit = "ns per 1000 gas".to_owned();
    Ok(figure)
}

/// All classes, dearest first.
pub fn figures() -> Result<Vec<Figure>> {
    let mut figures = CLASSES.iter().map(measure).collect::<Result<Vec<Figure>>>()?;
    figures.sort_by(|a, b| b.value.total_cmp(&a.value));
    Ok(figures)
}
