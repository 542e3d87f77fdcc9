//! The product: a production line of cells, arms, joints and gears, greased from lots that many joints share.
//!
//! Everything is made in the order in which a factory makes it: parts, then what they go into, each inspected.

use anyhow::{Context, Result};
use suyuan_cases::goods::{class, codes, some, whole};
use suyuan_cases::story::{Scene, Step, Story, Writer};
use suyuan_trace_api::assembly::{Input, NewUnit, OnConflict, Operation};
use suyuan_trace_api::code::{ClassKind, Tracking};
use suyuan_trace_api::event::{EventKind, Outcome};

use super::UNITS;

/// Who makes and records all of it.
const MAKER: &str = "works";
const CELL: &str = "N31E121";
/// 2026-01-01.
const START_MS: u64 = 1_767_225_600_000;

const CELLS: u32 = 9;
const ARMS_OF_A_CELL: u32 = 10;
const JOINTS_OF_AN_ARM: u32 = 10;
const GEARS_OF_A_JOINT: u32 = 10;
const JOINTS: u32 = CELLS * ARMS_OF_A_CELL * JOINTS_OF_AN_ARM;
/// Lots of grease; as many joints have a gear less, so that the sum is round.
const LOTS: u32 = 20;
const GREASE_OF_A_LOT: u32 = 1_000;

const WHOLES: u32 = 1 + CELLS + CELLS * ARMS_OF_A_CELL + JOINTS;
const GEARS: u32 = JOINTS * GEARS_OF_A_JOINT - LOTS;
const _: () = assert!((WHOLES + GEARS + LOTS) as usize == UNITS);

const LINE: &str = "line";
const CELL_CLASS: &str = "cell";
const ARM: &str = "arm";
const JOINT: &str = "joint";
const GEAR: &str = "gear";
const GREASE: &str = "grease";

/// The line from its first gear to its last inspection.
pub fn story() -> Story {
    let mut writer = Writer::new("ten thousand units", START_MS);
    classes(&mut writer);
    let grease = grease(&mut writer);
    let mut joints = 0;
    let mut cells = vec![];
    for _ in 0..CELLS {
        let mut arms = vec![];
        for _ in 0..ARMS_OF_A_CELL {
            let parts = joints_of_an_arm(&mut writer, &grease, &mut joints);
            arms.push(assemble(&mut writer, ARM, parts));
        }
        let parts = arms.iter().map(|code| whole(code)).collect();
        cells.push(assemble(&mut writer, CELL_CLASS, parts));
    }
    let parts = cells.iter().map(|code| whole(code)).collect();
    assemble(&mut writer, LINE, parts);
    writer.finish()
}

/// The code of the line: the last unit that is assembled.
pub fn root(story: &Story) -> Result<&str> {
    let made = story.steps().filter_map(|step| match step {
        Step::Record(recording) => match &recording.operation {
            Operation::Assemble { unit, .. } => Some(unit.code.code.as_str()),
            _ => None,
        },
        _ => None,
    });
    made.last().context("the story assembles something")
}

fn classes(writer: &mut Writer) {
    let serial = [
        (LINE, ClassKind::Product, 1),
        (CELL_CLASS, ClassKind::Component, CELLS),
        (ARM, ClassKind::Component, CELLS * ARMS_OF_A_CELL),
        (JOINT, ClassKind::Component, JOINTS),
        (GEAR, ClassKind::SelfMadePart, GEARS),
    ];
    for (id, kind, count) in serial {
        writer.class(MAKER, class(id, kind, Tracking::Serial, id, "of the large line"), count);
    }
    let mut grease = class(GREASE, ClassKind::RawMaterial, Tracking::Lot, GREASE, "lithium");
    grease.uom = Some("KGM".into());
    writer.class(MAKER, grease, LOTS);
}

fn grease(writer: &mut Writer) -> Vec<String> {
    let lots: Vec<NewUnit> = (0..LOTS)
        .map(|n| NewUnit {
            lot_number: Some(format!("G-{n:04}")),
            produced: Some(suyuan_cases::goods::units(GREASE_OF_A_LOT)),
            ..writer.unit(GREASE)
        })
        .collect();
    let lots_of = codes(&lots);
    commission(writer, lots);
    lots_of
}

/// Ten joints out of new gears and grease of a lot each.
fn joints_of_an_arm(writer: &mut Writer, grease: &[String], joints: &mut u32) -> Vec<Input> {
    let counts: Vec<u32> = (*joints..*joints + JOINTS_OF_AN_ARM)
        .map(|joint| GEARS_OF_A_JOINT - u32::from(joint < LOTS))
        .collect();
    let gears: Vec<NewUnit> = (0..counts.iter().sum()).map(|_| writer.unit(GEAR)).collect();
    let mut gear_codes = codes(&gears).into_iter();
    commission(writer, gears);
    let mut made = vec![];
    for count in counts {
        let own = gear_codes.by_ref().take(count as usize);
        let mut parts: Vec<Input> = own.map(|code| whole(&code)).collect();
        parts.push(some(&grease[(*joints % LOTS) as usize], 1));
        made.push(assemble(writer, JOINT, parts));
        *joints += 1;
    }
    made.iter().map(|code| whole(code)).collect()
}

fn commission(writer: &mut Writer, units: Vec<NewUnit>) {
    let made = codes(&units);
    let scene = Scene::new(MAKER, EventKind::Production, "made", "commissioning", CELL).adds();
    writer.record(scene, Operation::Commission { units });
    inspect(writer, made);
}

fn assemble(writer: &mut Writer, class: &str, parts: Vec<Input>) -> String {
    let unit = writer.unit(class);
    let code = unit.code.code.clone();
    let scene = Scene::new(MAKER, EventKind::Production, "assembled", "assembling", CELL).joins();
    let on_conflict = OnConflict::Refuse;
    writer.record(scene, Operation::Assemble { unit, parts, on_conflict });
    inspect(writer, vec![code.clone()]);
    code
}

fn inspect(writer: &mut Writer, units: Vec<String>) {
    let kind = EventKind::QualityInspection;
    let scene = Scene::new(MAKER, kind, "inspected", "inspecting", CELL).outcome(Outcome::Pass);
    writer.record(scene, Operation::Observe { units });
}
