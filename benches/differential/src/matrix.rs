//! One engine, three code generators: Cranelift optimising, Cranelift plain, and Winch. Everything visible must be the
//! same, bit by bit, since gas and stack height are counted in the module itself.

use anyhow::Result;
use suyuan_vm::{Code, Profile, Vm, VmConfig};

use crate::calls::Call;
use crate::pair::{call_ours, capabilities, Table};
use crate::seen::Seen;
use crate::world::Shared;

/// The generators; the first one is what the others are compared with.
pub const PROFILES: [Profile; 3] = [Profile::Fast, Profile::Bounded, Profile::Winch];

/// The same engine with every generator.
#[derive(Debug)]
pub struct Matrix(Vec<(Profile, Vm)>);

impl Matrix {
    /// Three engines.
    pub fn new() -> Result<Matrix> {
        let engine = |profile| -> Result<(Profile, Vm)> {
            let config = VmConfig {
                capabilities: capabilities(),
                pool_slots: suyuan_vm::NESTED_CALLS_MAX,
                ..VmConfig::default()
            };
            Ok((profile, Vm::with_profile(config, profile)?))
        };
        Ok(Matrix(PROFILES.into_iter().map(engine).collect::<Result<_>>()?))
    }

    /// The engine whose results the others are compared with.
    pub fn first(&self) -> &Vm {
        &self.0[0].1
    }

    /// One contract compiled by each generator.
    pub fn row(&self, wasm: &[u8], prefix: &'static str) -> Result<Row<'_>> {
        let mut cells = Vec::new();
        for (profile, vm) in &self.0 {
            let code = vm.compile(wasm)??;
            cells.push(Cell { profile: *profile, vm, code, world: Shared::default() });
        }
        Ok(Row { cells, prefix, calls: 0, nan_bits: 0 })
    }
}

#[derive(Debug)]
struct Cell<'m> {
    profile: Profile,
    vm: &'m Vm,
    code: Code,
    world: Shared,
}

/// One contract on every engine of a matrix.
#[derive(Debug)]
pub struct Row<'m> {
    cells: Vec<Cell<'m>>,
    prefix: &'static str,
    /// Calls that were the same everywhere.
    pub calls: u64,
    /// Calls that differed in the bits of a NaN, which is only allowed where a contract is about them.
    pub nan_bits: u64,
}

impl Table for Row<'_> {
    fn compare(&mut self, call: &Call) -> std::result::Result<Seen, String> {
        let mut first: Option<Seen> = None;
        let mut difference = None;
        for cell in &self.cells {
            let before = cell.world.world().store.clone();
            let seen = call_ours(cell.vm, &cell.code, &cell.world, self.prefix, call);
            if seen.result.is_err() {
                cell.world.world().store = before;
            }
            match &first {
                None => first = Some(seen),
                Some(expected) if *expected != seen => {
                    difference = Some(format!(
                        "{:?}: {:?} gas {}+{}\nFast: {:?} gas {}+{}",
                        cell.profile,
                        seen.result,
                        seen.internal,
                        seen.external,
                        expected.result,
                        expected.internal,
                        expected.external
                    ));
                }
                Some(_) => {}
            }
        }
        match (first, difference) {
            (Some(seen), None) => {
                self.calls += 1;
                Ok(seen)
            }
            (_, difference) => Err(format!("{}\n{}", call.shown(), difference.unwrap_or_default())),
        }
    }

    fn reset(&self) {
        for cell in &self.cells {
            cell.world.world().store.clear();
        }
    }

    fn excuse_nan_bits(&mut self) {
        self.nan_bits += 1;
    }
}
