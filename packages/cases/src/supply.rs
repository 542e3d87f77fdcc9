//! Annex A.3: a manufacturing supply chain, from wire and steel to a motor at its user.
//!
//! Two suppliers, two factories with stations, a warehouse, a carrier and a seller. Every hand-over of custody is an
//! offer and a receipt, ownership follows the invoice. A station's pass says who worked there, with which machine
//! parameters, at which temperature and humidity; demand, contracts, prices and customers stay commitments. The
//! carrier reports its route state by state. One motor comes back from its buyer and is sold again, one leaves the
//! region.

use suyuan_trace_api::assembly::{NewUnit, Operation};

use crate::fault::Faults;
use crate::goods::codes;
use crate::story::{Scene, Story, Writer};

mod classes;
mod factories;
mod faults;
mod market;
mod parties;
mod route;

pub use faults::RECALL;
use parties::{MOTOR_WORKS, REGULATOR};

/// Motors at scale 1.
pub const MOTORS_PER_SCALE: u32 = 6;
/// Largest scale: keeps every lot within its batch and a story within memory.
pub const SCALE_MAX: u32 = 250;

/// Motors on one pallet.
const PALLET: usize = 3;
/// Units that one event of the story names at the most.
const CHUNK: usize = 24;
/// 2026-04-06 00:00 UTC.
const START_MS: u64 = 1_775_433_600_000;

/// The story and what to ask about it.
#[derive(Debug)]
pub struct SupplyCase {
    /// What happens.
    pub story: Story,
    /// All motors: the first came back and was sold again, the last was exported, the one before it is not sold.
    pub motors: Vec<String>,
    /// The stators in them, in the same order.
    pub stators: Vec<String>,
    /// The joint lot of wire.
    pub wire: String,
    /// The lot of bearings.
    pub bearings: String,
    /// Who makes motors.
    pub factory: &'static str,
    /// Who opens recalls.
    pub regulator: &'static str,
}

/// Tells the case for `scale` times [`MOTORS_PER_SCALE`] motors; `None` outside 1 to [`SCALE_MAX`].
pub fn supply_case(scale: u32, faults: &Faults) -> Option<SupplyCase> {
    if !(1..=SCALE_MAX).contains(&scale) {
        return None;
    }
    let mut chain = Chain::new(scale * MOTORS_PER_SCALE, faults);
    parties::join(&mut chain.writer);
    classes::register(&mut chain.writer, chain.count);
    chain.buy_material();
    chain.take_too_much();
    chain.wind_stators();
    chain.send_stators();
    chain.buy_parts();
    chain.record_by_mistake();
    chain.build_motors();
    chain.counterfeit();
    chain.declare_with_consequences();
    chain.store();
    chain.send_motors();
    chain.offer();
    chain.claim_twice();
    chain.sell();
    chain.repair();
    chain.find_a_defect();
    Some(chain.finish())
}

/// What lies where while the story is told.
struct Chain {
    writer: Writer,
    faults: Faults,
    count: u32,
    wire: String,
    bearings_event: String,
    steel: String,
    boards: Vec<String>,
    bearings: String,
    stators: Vec<String>,
    motors: Vec<NewUnit>,
    pallets: Vec<String>,
}

impl Chain {
    fn new(count: u32, faults: &Faults) -> Self {
        Self {
            writer: Writer::new("annex-a3-supply-chain", START_MS).with_prefix("M"),
            faults: faults.clone(),
            count,
            wire: String::new(),
            bearings_event: String::new(),
            steel: String::new(),
            boards: vec![],
            bearings: String::new(),
            stators: vec![],
            motors: vec![],
            pallets: vec![],
        }
    }

    fn record(&mut self, scene: Scene, operation: Operation) {
        self.writer.record(scene, operation);
    }

    fn finish(self) -> SupplyCase {
        SupplyCase {
            motors: codes(&self.motors),
            stators: self.stators,
            wire: self.wire,
            bearings: self.bearings,
            factory: MOTOR_WORKS.id,
            regulator: REGULATOR,
            story: self.writer.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
