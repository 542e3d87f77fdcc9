//! Annex A.1: an industrial robot, from order to sale, and one part replaced later.
//!
//! Steel heats become gears and arms, bearing steel becomes two lots of bearings at a supplier, motors and
//! controllers are bought and coded at incoming inspection, screws come from a supplier that nobody registered.
//! Everything has its quality record before it is used. Six joints, a controller and arms make a robot; robots are
//! tested, packed, shipped through a carrier to a dealer, offered, and all but the last one sold. Before its sale
//! the first robot gets a spare joint whose bearings are of the *second* lot – so the question "which robots hold
//! this bearing lot" has an answer that only a later replacement explains.

use suyuan_trace_api::assembly::{Input, NewUnit, OnConflict, Operation};
use suyuan_trace_api::event::{EventKind, RecordKind, ResourceKind};

use crate::fault::Faults;
use crate::goods::{codes, some, whole, Purchase};
use crate::story::{made_up, Recording, Scene, Story, Writer};

mod classes;
mod faults;
mod finish;
mod parties;

use classes::{
    ARM, BEARING, BEARING_IN, BEARING_STEEL, CONTROLLER, GEAR, JOINT, MOTOR, ROBOT, SCREW, STEEL,
};
use parties::{BEARINGS, FACTORY, INSPECTOR, MOTORS, REGULATOR, STEELWORKS};

/// Robots at scale 1.
pub const ROBOTS_PER_SCALE: u32 = 3;
/// Largest scale: keeps every lot within its batch and a story within memory.
pub const SCALE_MAX: u32 = 1000;

const JOINTS: u32 = 6;
const BENCH: &str = "bench-07";
const MES: &str = "mes-01";
const ORDER: &str = "SO-2026-0317";
const PROJECT: &str = "PRJ-WELDING-LINE-4";
/// Units that one event of the story names at the most.
const CHUNK: usize = 16;
/// Bearings and gears of a lot that are never built in.
const LEFT_OVER: u32 = 10;
/// 2026-03-02 00:00 UTC.
const START_MS: u64 = 1_772_409_600_000;

/// The story and what to ask about it.
#[derive(Debug)]
pub struct RobotCase {
    /// What happens.
    pub story: Story,
    /// All robots; the first one got the spare joint, the last one is not sold.
    pub robots: Vec<String>,
    /// The maker's bearing lots: the first went into the first robots, the second into the others and the spare.
    pub bearing_lots: [String; 2],
    /// The joint that was taken out of the first robot.
    pub replaced_joint: String,
    /// The joint that went in.
    pub spare_joint: String,
    /// Who makes robots.
    pub factory: &'static str,
    /// Who opens recalls.
    pub regulator: &'static str,
    /// Class of a robot.
    pub robot_class: &'static str,
    /// A code that nobody issued: right syntax, right check character, in no batch.
    pub made_up: String,
    /// Somebody commissions a robot under the made-up code. Must be refused.
    pub forgery: Recording,
    /// Somebody commissions a second robot under a copy of the first one's label. Must be refused.
    pub copy: Recording,
}

/// Tells the case for `scale` times [`ROBOTS_PER_SCALE`] robots; `None` outside 1 to [`SCALE_MAX`].
pub fn robot_case(scale: u32, faults: &Faults) -> Option<RobotCase> {
    if !(1..=SCALE_MAX).contains(&scale) {
        return None;
    }
    let mut plant = Plant::new(scale * ROBOTS_PER_SCALE, faults);
    parties::join(&mut plant.writer);
    classes::register(&mut plant.writer, plant.robots);
    plant.buy_material();
    plant.inspect_and_store();
    plant.make_parts();
    plant.take_too_much();
    plant.assemble_joints();
    plant.find_a_defect();
    plant.assemble_robots();
    plant.counterfeit();
    plant.declare_with_consequences();
    plant.pack_and_ship();
    plant.offer_and_replace();
    plant.repair();
    plant.record_by_mistake();
    plant.sell();
    Some(plant.finish())
}

/// What lies on the shelves while the story is told.
struct Plant {
    writer: Writer,
    faults: Faults,
    robots: u32,
    steel: Vec<String>,
    made_bearings: Vec<String>,
    bearings: Vec<String>,
    gears: String,
    arms: String,
    screws: String,
    motors: Vec<String>,
    controllers: Vec<String>,
    joints: Vec<String>,
    joint_events: Vec<String>,
    finished: Vec<NewUnit>,
    crates: Vec<String>,
}

impl Plant {
    fn new(robots: u32, faults: &Faults) -> Self {
        Self {
            writer: Writer::new("annex-a1-industrial-robot", START_MS),
            faults: faults.clone(),
            robots,
            steel: vec![],
            made_bearings: vec![],
            bearings: vec![],
            gears: String::new(),
            arms: String::new(),
            screws: String::new(),
            motors: vec![],
            controllers: vec![],
            joints: vec![],
            joint_events: vec![],
            finished: vec![],
            crates: vec![],
        }
    }

    /// Joints made: six a robot, the spare, and one more where there is a repair.
    fn joints_made(&self) -> u32 {
        self.robots * JOINTS + 1 + u32::from(self.faults.has(crate::fault::Fault::Repair))
    }

    fn buy_material(&mut self) {
        self.writer
            .chapter("Purchase: material from the suppliers", "采购：供应商交付原材料与外购件");
        let heats = ["HEAT-7741", "HEAT-7742"]
            .map(|heat| self.writer.lot(STEEL, heat, "2026-02-20", 400 * self.robots));
        self.steel = codes(&heats);
        let cast = STEELWORKS
            .commissioning("steel heats cast")
            .parameters(&[("furnace temperature", "1612.4 Cel"), ("carbon", "0.4217 %")]);
        self.record(cast, Operation::Commission { units: heats.into() });
        let mill =
            STEELWORKS.inspection("mill inspection").parameters(&[("tensile", "1087.5 MPa")]);
        self.record(mill, Operation::Observe { units: self.steel.clone() });

        let bar_lot = "BS-0098";
        let mut bar = self.writer.lot(BEARING_STEEL, bar_lot, "2026-02-20", 500 * self.robots);
        bar.maker = Some("Xingtai Special Steel".into());
        bar.inspection_lot = Some("IL-2602-11".into());
        let bar_code = bar.code.code.clone();
        let taken = BEARINGS.incoming("bearing steel taken in");
        self.record(taken, Operation::Commission { units: vec![bar] });

        let each = 2 * self.joints_made() + LEFT_OVER;
        let lots = ["BRG-2602-A", "BRG-2602-B"]
            .map(|lot| self.writer.lot(BEARING, lot, "2026-02-24", each));
        self.made_bearings = codes(&lots);
        let ground = BEARINGS.transformation("bearings ground and matched");
        let inputs = vec![some(&bar_code, 400 * self.robots)];
        self.record(ground, Operation::Transform { inputs, outputs: lots.into() });
        let check = BEARINGS.inspection("final inspection of bearings").gauge("roundness-2");
        self.record(check, Operation::Observe { units: self.made_bearings.clone() });

        for (supplier, lots) in
            [(STEELWORKS, self.steel.clone()), (BEARINGS, self.made_bearings.clone())]
        {
            let out = supplier.outbound("material shipped", &FACTORY).document("po", "PO-88120");
            let (units, to) = (lots.clone(), FACTORY.id.into());
            self.record(out, Operation::Ship { units, to, ownership: true });
            let inbound =
                FACTORY.inbound("material received", &supplier).document("po", "PO-88120");
            self.record(inbound, Operation::Receive { units: lots });
        }
    }

    fn inspect_and_store(&mut self) {
        self.writer.chapter("Incoming inspection and store", "来料检验与入库");
        for lot in self.steel.clone() {
            let inspection = INSPECTOR
                .inspection("incoming inspection")
                .gauge("cmm-3")
                .record(RecordKind::IncomingInspection, "IQC-2026-0301")
                .parameters(&[("hardness", "59.3 HRC"), ("inspector's remark", "within limits")]);
            self.record(inspection, Operation::Observe { units: vec![lot] });
        }
        self.recode_bearings();
        let motors = Purchase { maker: MOTORS, supplier: None, inspection_lot: "INSP-LOT-3" };
        let pieces = |writer: &mut Writer, class, count, serial: &str| -> Vec<NewUnit> {
            let piece = |n| writer.bought_piece(class, &motors, &format!("{serial}-{n:05}"));
            (1..=count).map(piece).collect()
        };
        let made = self.joints_made();
        let motors = pieces(&mut self.writer, MOTOR, made, "JL400");
        self.motors = self.code_bought("key part coded at incoming inspection", motors);
        let controllers = pieces(&mut self.writer, CONTROLLER, self.robots, "RC6");
        let name = "important part coded at incoming inspection";
        self.controllers = self.code_bought(name, controllers);
        let fasteners = Purchase {
            maker: "Hengli Fasteners",
            supplier: Some("Ningbo Trading"),
            inspection_lot: "INSP-LOT-5",
        };
        let screws = self.writer.bought_lot(SCREW, &fasteners, "HL-88", 100 * self.robots);
        self.screws = self.code_bought("inspection lot coded", vec![screws]).remove(0);

        let lots = self.steel.iter().chain(&self.bearings).cloned().collect();
        let inbound = FACTORY.scene(EventKind::Inbound, "put into store", "storing");
        self.record(inbound, Operation::Observe { units: lots });
    }

    /// The maker's lots become the buyer's inspection lots, bound to maker and lot.
    fn recode_bearings(&mut self) {
        let each = 2 * self.joints_made() + LEFT_OVER;
        for (lot, code) in ["BRG-2602-A", "BRG-2602-B"].into_iter().zip(self.made_bearings.clone())
        {
            let inspection_lot = format!("INSP-{lot}");
            let purchase =
                Purchase { maker: BEARINGS.id, supplier: None, inspection_lot: &inspection_lot };
            let taken = self.writer.bought_lot(BEARING_IN, &purchase, lot, each);
            self.bearings.push(taken.code.code.clone());
            let scene = FACTORY
                .recoded("bearings coded at incoming inspection")
                .gauge("cmm-3")
                .record(RecordKind::IncomingInspection, "IQC-2026-0302");
            let (inputs, outputs) = (vec![some(&code, each)], vec![taken]);
            self.record(scene, Operation::Transform { inputs, outputs });
        }
    }

    /// Purchased parts get the buyer's code at incoming inspection (Annex C).
    fn code_bought(&mut self, name: &str, units: Vec<NewUnit>) -> Vec<String> {
        for chunk in units.chunks(CHUNK) {
            let inspected = FACTORY.incoming(name).document("po", "PO-88121").gauge("cmm-3");
            self.record(inspected, Operation::Commission { units: chunk.to_vec() });
        }
        codes(&units)
    }

    fn make_parts(&mut self) {
        self.writer.chapter("Self-made parts in lots", "自制零件批次生产");
        let (first, second) = (self.steel[0].clone(), self.steel[1].clone());
        let gears =
            self.writer.lot(GEAR, "GEAR-0311", "2026-03-01", 2 * self.joints_made() + LEFT_OVER);
        self.gears = gears.code.code.clone();
        let inputs = vec![some(&first, 120 * self.robots), some(&second, 40 * self.robots)];
        let hobbing = machining(
            "gears hobbed",
            "hobbing-2",
            &[("spindle speed", "310.5 rpm"), ("coolant", "21.25 Cel")],
        );
        self.record(hobbing, Operation::Transform { inputs, outputs: vec![gears] });

        let arms = self.writer.lot(ARM, "ARM-0312", "2026-03-01", 3 * self.robots);
        self.arms = arms.code.code.clone();
        let inputs = vec![some(&second, 300 * self.robots)];
        let milling = machining("arms milled", "milling-5", &[("feed", "1204 mm/min")]);
        self.record(milling, Operation::Transform { inputs, outputs: vec![arms] });

        for lot in [self.gears.clone(), self.arms.clone()] {
            let inspection = FACTORY.inspection("process inspection").gauge("cmm-3");
            self.record(inspection, Operation::Observe { units: vec![lot] });
        }
    }

    fn assemble_joints(&mut self) {
        self.writer.chapter("Sub-assemblies: joints with serials", "分装件：关节装配");
        let half = self.robots / 2 * JOINTS;
        for number in 0..self.joints_made() {
            let bearing = self.bearings[usize::from(number >= half)].clone();
            let mut joint = self.writer.unit(JOINT);
            joint.line_number = Some("LINE-2".into());
            joint.production_date = Some("2026-03-02".into());
            self.joints.push(joint.code.code.clone());
            let motor = self.motors[number as usize].clone();
            let parts =
                vec![some(&self.gears, 2), some(&bearing, 2), whole(&motor), some(&self.screws, 8)];
            let scene = assembly("joint assembled", "press-1", &[("torque", "24.15 N.m")]);
            let on_conflict = OnConflict::Refuse;
            let assembled = Operation::Assemble { unit: joint, parts, on_conflict };
            let event = self.writer.record(scene, assembled);
            self.joint_events.push(event);
        }
        for tested in self.joints.clone().chunks(CHUNK) {
            let test = FACTORY
                .inspection("joint run-in test")
                .resource(ResourceKind::InspectionEquipment, "run-in-3")
                .parameters(&[("backlash", "0.0213 deg")]);
            self.record(test, Operation::Observe { units: tested.to_vec() });
        }
    }

    fn assemble_robots(&mut self) {
        self.writer.chapter("Robots with serials, final test", "整机装配与出厂检验");
        let mut tests = vec![];
        for number in 0..self.robots {
            let robot = self.new_robot();
            self.finished.push(robot.clone());
            let from = (number * JOINTS) as usize;
            let joints = self.joints[from..from + JOINTS as usize].iter().map(|j| whole(j));
            let mut parts: Vec<Input> = joints.collect();
            parts.push(whole(&self.controllers[number as usize]));
            parts.push(some(&self.arms, 3));
            parts.push(some(&self.screws, 24));
            let code = robot.code.code.clone();
            let scene = assembly("robot assembled", "cell-9", &[("calibration", "0.0204 mm")])
                .document("prodorder", ORDER);
            let on_conflict = OnConflict::Refuse;
            self.record(scene, Operation::Assemble { unit: robot, parts, on_conflict });

            let test = FACTORY
                .inspection("factory test")
                .gauge("laser-tracker-1")
                .by_source(BENCH)
                .record(RecordKind::FactoryTest, &format!("FT-2026-{:04}", number + 1));
            tests.push((test, Operation::Observe { units: vec![code] }));
        }
        self.upload_tests(tests);
    }

    fn new_robot(&mut self) -> NewUnit {
        let mut robot = self.writer.unit(ROBOT);
        robot.line_number = Some("LINE-1".into());
        robot.lot_number = Some("RB-2026-10".into());
        robot.production_date = Some("2026-03-03".into());
        robot.expiry_date = Some("2036-03-02".into());
        robot.order = Some(ORDER.into());
        robot.project = Some(PROJECT.into());
        robot
    }

    fn record(&mut self, scene: Scene, operation: Operation) {
        self.writer.record(scene, operation);
    }

    fn attempt(&mut self, name: &str, unit: NewUnit) -> Recording {
        let scene = FACTORY.commissioning(name);
        self.writer.draft(scene, Operation::Commission { units: vec![unit] })
    }

    fn finish(mut self) -> RobotCase {
        let label = self.finished[0].clone();
        let fake = NewUnit { code: made_up(&label.code), ..label.clone() };
        let made_up = fake.code.code.clone();
        RobotCase {
            forgery: self.attempt("robot under a made-up code", fake),
            copy: self.attempt("robot under a copied code", label),
            robots: codes(&self.finished),
            bearing_lots: [self.made_bearings[0].clone(), self.made_bearings[1].clone()],
            replaced_joint: self.joints[0].clone(),
            spare_joint: self.joints[(self.robots * JOINTS) as usize].clone(),
            factory: FACTORY.id,
            regulator: REGULATOR,
            robot_class: ROBOT,
            made_up,
            story: self.writer.finish(),
        }
    }
}

fn machining(name: &str, machine: &str, parameters: &[(&str, &str)]) -> Scene {
    FACTORY
        .transformation(name)
        .parameters(parameters)
        .by_source(MES)
        .resource(ResourceKind::ProcessEquipment, machine)
}

fn assembly(name: &str, machine: &str, parameters: &[(&str, &str)]) -> Scene {
    FACTORY
        .assembly(name)
        .parameters(parameters)
        .by_source(MES)
        .project(PROJECT)
        .resource(ResourceKind::ProcessEquipment, machine)
}

#[cfg(test)]
mod tests;
