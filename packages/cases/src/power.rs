//! Annex A.2: power equipment. Many variants in small batches, and for each cabinet the people, machines, tools,
//! material, inspections, surroundings, outsourced, purchased and self-made parts behind it.
//!
//! Copper becomes contact blanks and busbars; the busbars are plated by an outsourced shop; insulators are cast in
//! a long-running process that is fed twice; vacuum interrupters and relays are bought and coded at incoming
//! inspection. Breakers are built of them, cabinets of three models for two projects are built of breakers. Which of
//! two open lots of fasteners a cabinet got, nobody knows: those links are potential. Every event says who worked and
//! who checked, at which temperature and with which parameters – as commitments only, so that the chain holds
//! none of it in clear (clause 13.3); so are customers, positions and prices.

use suyuan_trace_api::assembly::NewUnit;

use crate::fault::Faults;
use crate::goods::codes;
use crate::story::{Scene, Story, Writer};

mod build;
mod classes;
mod deliver;
mod faults;
mod make;
mod parties;

use parties::{FACTORY, REGULATOR};

/// Cabinets at scale 1.
pub const CABINETS_PER_SCALE: u32 = 4;
/// Largest scale: keeps every lot within its batch and a story within memory.
pub const SCALE_MAX: u32 = 250;

const MES: &str = "mes-power";
const BENCH: &str = "hv-bench-2";
const CLIMATE: &str = "climate-hall-3";
const CASTING: &str = "casting-2026-0311";
/// Units that one event of the story names at the most.
const CHUNK: usize = 24;
/// 2026-03-16 00:00 UTC.
const START_MS: u64 = 1_773_619_200_000;

/// The story and what to ask about it.
#[derive(Debug)]
pub struct PowerCase {
    /// What happens.
    pub story: Story,
    /// All cabinets under the codes that they end with.
    pub cabinets: Vec<String>,
    /// The lot of plated busbars: in every breaker and cabinet, of every model and project.
    pub busbars: String,
    /// The lots of insulators: all that was fed before the first is in both, the last resin in the second only.
    pub insulators: [String; 2],
    /// The two lots of fasteners, one of which is in each cabinet.
    pub fasteners: [String; 2],
    /// The machines, under codes of their own; events name them as resources.
    pub machines: Vec<String>,
    /// The projects.
    pub projects: [&'static str; 2],
    /// Who makes cabinets.
    pub factory: &'static str,
    /// Who opens recalls.
    pub regulator: &'static str,
}

/// Tells the case for `scale` times [`CABINETS_PER_SCALE`] cabinets; `None` outside 1 to [`SCALE_MAX`].
pub fn power_case(scale: u32, faults: &Faults) -> Option<PowerCase> {
    if !(1..=SCALE_MAX).contains(&scale) {
        return None;
    }
    let mut plant = Plant::new(scale * CABINETS_PER_SCALE, faults);
    parties::join(&mut plant.writer);
    classes::register(&mut plant.writer, plant.cabinets);
    plant.code_machines();
    plant.take_material();
    plant.make_blanks();
    plant.have_plated();
    plant.cast_insulators();
    plant.make_contacts();
    plant.buy_parts();
    plant.take_too_much();
    plant.build_breakers();
    plant.find_a_defect();
    plant.build_cabinets();
    plant.counterfeit();
    plant.test_cabinets();
    plant.repair();
    plant.relabel();
    plant.record_by_mistake();
    plant.deliver();
    Some(plant.finish())
}

/// What lies on the shelves while the story is told.
struct Plant {
    writer: Writer,
    faults: Faults,
    cabinets: u32,
    machines: Vec<String>,
    copper: String,
    sheet: String,
    resin: String,
    filler: String,
    blanks: String,
    busbars: String,
    insulators: Vec<String>,
    contacts: Vec<String>,
    interrupters: Vec<String>,
    relays: Vec<String>,
    fasteners: Vec<String>,
    breakers: Vec<String>,
    breaker_events: Vec<String>,
    finished: Vec<NewUnit>,
}

impl Plant {
    fn new(cabinets: u32, faults: &Faults) -> Self {
        Self {
            writer: Writer::new("annex-a2-power-equipment", START_MS).with_prefix("P"),
            faults: faults.clone(),
            cabinets,
            machines: vec![],
            copper: String::new(),
            sheet: String::new(),
            resin: String::new(),
            filler: String::new(),
            blanks: String::new(),
            busbars: String::new(),
            insulators: vec![],
            contacts: vec![],
            interrupters: vec![],
            relays: vec![],
            fasteners: vec![],
            breakers: vec![],
            breaker_events: vec![],
            finished: vec![],
        }
    }

    /// Breakers built: one a cabinet, and one more where there is a repair.
    fn breakers_built(&self) -> u32 {
        self.cabinets + u32::from(self.faults.has(crate::fault::Fault::Repair))
    }

    fn record(&mut self, scene: Scene, operation: suyuan_trace_api::assembly::Operation) {
        self.writer.record(scene, operation);
    }

    fn finish(self) -> PowerCase {
        let pair = |list: &[String]| [list[0].clone(), list[1].clone()];
        PowerCase {
            cabinets: codes(&self.finished),
            busbars: self.busbars,
            insulators: pair(&self.insulators),
            fasteners: pair(&self.fasteners),
            machines: self.machines,
            projects: parties::PROJECTS,
            factory: FACTORY.id,
            regulator: REGULATOR,
            story: self.writer.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
