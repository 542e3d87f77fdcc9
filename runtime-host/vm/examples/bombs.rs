//! How long the worst modules take that the static limits let through: seconds per module of about 800 KiB, and times
//! per byte beside an ordinary contract in the same run.
//!
//! Run it after every change of the limits, the rewrite or the engine. An upload must never stop a node for long.
//! `--beside FILE` names the ordinary contract (cw20-base for the published figure; `artifacts/counter.wasm` otherwise).

#[path = "../tests/vm/bomb_shapes.rs"]
mod bomb_shapes;

use bomb_shapes::{forget_peak, largest, processor_seconds, resident, SHAPES};
use suyuan_vm::{Vm, VmConfig};

const MODULE_BYTES: usize = 800 << 10;
/// Sizes of a body that are tried.
const BODY_KIB: [usize; 3] = [4, 24, 100];
const ORDINARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../artifacts/counter.wasm");
/// Small modules count as this many bytes: the code generator's own start is not theirs.
const BYTES_MIN: usize = 16 << 10;

type Done<T> = Result<T, Box<dyn std::error::Error>>;

/// What compiling took.
struct Cost {
    seconds: f64,
    /// Microseconds per byte.
    per_byte: f64,
    /// Growth of the process at its highest.
    peak_mib: usize,
    /// Machine code per byte.
    code: f64,
}

/// A fresh engine each time, so that nothing is found in a cache.
fn compile(wasm: &[u8]) -> Done<Cost> {
    let vm = Vm::new(VmConfig::default())?;
    forget_peak();
    let (_, before) = resident();
    let start = processor_seconds();
    let code = vm.compile(wasm)??;
    let seconds = processor_seconds() - start;
    let (peak, _) = resident();
    Ok(Cost {
        seconds,
        per_byte: seconds * 1e6 / wasm.len().max(BYTES_MIN) as f64,
        peak_mib: peak.saturating_sub(before) >> 20,
        code: code.image_bytes() as f64 / wasm.len() as f64,
    })
}

fn main() -> Done<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut wanted, mut beside) = (None, ORDINARY.to_owned());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--beside" => beside = arguments.next().ok_or("--beside needs a file")?,
            _ => wanted = Some(argument),
        }
    }
    let ordinary = compile(&std::fs::read(&beside)?)?;
    println!("{beside}: {:.2} s, {:.2} us per byte", ordinary.seconds, ordinary.per_byte);
    let vm = Vm::new(VmConfig::default())?;
    let (mut ratio_max, mut peak_max) = (0.0f64, 0);
    for (name, build) in SHAPES {
        if wanted.as_deref().is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        for kib in BODY_KIB {
            let Some((wasm, count)) = largest(&vm, &build(kib << 10), MODULE_BYTES) else {
                println!("{name}, {kib} KiB: refused");
                continue;
            };
            let cost = compile(&wasm)?;
            let ratio = cost.per_byte / ordinary.per_byte;
            ratio_max = ratio_max.max(ratio);
            peak_max = peak_max.max(cost.peak_mib);
            println!(
                "{name:<28} {kib:>3} KiB: {:>7} B, {count:>3} functions, machine code x{:.1}, {:.2} s, {ratio:.2} times \
                 ordinary, {} MiB",
                wasm.len(),
                cost.code,
                cost.seconds,
                cost.peak_mib
            );
        }
    }
    println!("worst: {ratio_max:.2} times an ordinary contract per byte, {peak_max} MiB");
    Ok(())
}
