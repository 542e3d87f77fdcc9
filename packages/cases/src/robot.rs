//! Annex A.1: an industrial robot, from order to sale, and one part replaced later.
//!
//! Steel heats become gears and arms, bearing steel becomes two lots of bearings at a supplier, motors and
//! controllers are bought and coded at incoming inspection, screws come from a supplier that nobody registered.
//! Six joints, a controller and arms make a robot; robots are tested, packed, shipped through a carrier to a
//! dealer, offered, and all but the last one sold. Before its sale the first robot gets a spare joint whose
//! bearings are of the *second* lot – so the question "which robots hold this bearing lot" has an answer that
//! only a later replacement explains.

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{Input, NewUnit, OnConflict, Operation};
use suyuan_trace_api::code::{check_character, ClassKind, NewClass, PresentedCode, Tracking};
use suyuan_trace_api::event::{Action, EpcisType, EventKind, Outcome, ResourceKind};
use suyuan_trace_api::participant::SourceKind;

use crate::story::{Recording, Scene, Step, Story, Writer};

mod classes;
mod parties;

use classes::{
    ARM, BEARING, BEARING_STEEL, CONTROLLER, CRATE, GEAR, JOINT, MOTOR, ROBOT, SCREW, STEEL,
};
use parties::{BEARINGS, CARRIER, DEALER, FACTORY, INSPECTOR, REGULATOR, STEELWORKS};

/// Robots at scale 1.
pub const ROBOTS_PER_SCALE: u32 = 3;
/// Largest scale: keeps every lot within its batch and a story within memory.
pub const SCALE_MAX: u32 = 1000;

const JOINTS: u32 = 6;
const BENCH: &str = "bench-07";
const MES: &str = "mes-01";
const ORDER: &str = "SO-2026-0317";
const PROJECT: &str = "PRJ-WELDING-LINE-4";
/// 2026-03-02 00:00 UTC.
const START_MS: u64 = 1_772_409_600_000;

/// The story and what to ask about it.
#[derive(Debug)]
pub struct RobotCase {
    /// What happens.
    pub story: Story,
    /// All robots; the first one got the spare joint, the last one is not sold.
    pub robots: Vec<String>,
    /// The bearing lots: the first went into the first robots, the second into the others and the spare.
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
pub fn robot_case(scale: u32) -> Option<RobotCase> {
    if !(1..=SCALE_MAX).contains(&scale) {
        return None;
    }
    let mut plant = Plant::new(scale * ROBOTS_PER_SCALE);
    parties::join(&mut plant.writer);
    classes::register(&mut plant.writer, plant.robots);
    plant.buy_material();
    plant.inspect_and_store();
    plant.make_parts();
    plant.assemble_joints();
    plant.assemble_robots();
    plant.pack_and_ship();
    plant.offer_and_replace();
    plant.sell();
    Some(plant.finish())
}

/// What lies on the shelves while the story is told.
struct Plant {
    writer: Writer,
    robots: u32,
    steel: Vec<String>,
    bearings: Vec<String>,
    gears: String,
    arms: String,
    screws: String,
    motors: Vec<String>,
    controllers: Vec<String>,
    joints: Vec<String>,
    finished: Vec<NewUnit>,
    crates: Vec<String>,
}

fn units(value: u32) -> Amount {
    Amount::from_units(value.into()).expect("small numbers")
}

fn some(code: &str, quantity: u32) -> Input {
    Input { code: code.to_string(), quantity: Some(units(quantity)) }
}

fn whole(code: &str) -> Input {
    Input { code: code.to_string(), quantity: None }
}

impl Plant {
    fn new(robots: u32) -> Self {
        Self {
            writer: Writer::new("annex-a1-industrial-robot", START_MS),
            robots,
            steel: vec![],
            bearings: vec![],
            gears: String::new(),
            arms: String::new(),
            screws: String::new(),
            motors: vec![],
            controllers: vec![],
            joints: vec![],
            finished: vec![],
            crates: vec![],
        }
    }

    /// Joints made: six a robot and the spare.
    fn joints_made(&self) -> u32 {
        self.robots * JOINTS + 1
    }

    fn lot(&mut self, class: &str, number: &str, quantity: u32) -> NewUnit {
        let mut unit = self.writer.unit(class);
        unit.lot_number = Some(number.to_string());
        unit.production_date = Some("2026-02-20".into());
        unit.produced = Some(units(quantity));
        unit
    }

    fn buy_material(&mut self) {
        self.writer
            .chapter("Purchase: material from the suppliers", "采购：供应商交付原材料与外购件");
        let heats: Vec<NewUnit> =
            ["HEAT-7741", "HEAT-7742"].map(|heat| self.lot(STEEL, heat, 400 * self.robots)).into();
        self.steel = heats.iter().map(|unit| unit.code.code.clone()).collect();
        self.record(
            production(STEELWORKS, "steel heats cast", "commissioning")
                .parameters(&[("furnace temperature", "1612 C"), ("carbon", "0.42 %")]),
            Operation::Commission { units: heats },
        );

        let bar = self.lot(BEARING_STEEL, "BS-0098", 500 * self.robots);
        let bar_code = bar.code.code.clone();
        self.record(
            production(BEARINGS, "bearing steel taken in", "commissioning"),
            Operation::Commission { units: vec![bar] },
        );
        let each = 2 * self.joints_made();
        let lots: Vec<NewUnit> =
            ["BRG-2602-A", "BRG-2602-B"].map(|lot| self.lot(BEARING, lot, each)).into();
        self.bearings = lots.iter().map(|unit| unit.code.code.clone()).collect();
        let mut ground =
            production(BEARINGS, "bearings ground and matched", "creating_class_instance");
        (ground.epcis_type, ground.action) = (EpcisType::Transformation, None);
        let inputs = vec![some(&bar_code, 400 * self.robots)];
        self.record(ground, Operation::Transform { inputs, outputs: lots });

        for (supplier, lots) in
            [(STEELWORKS, self.steel.clone()), (BEARINGS, self.bearings.clone())]
        {
            let out = shipping(supplier, "material shipped").document("po", "PO-88120");
            let ship = Operation::Ship { units: lots.clone(), to: FACTORY.into(), ownership: true };
            self.record(out, ship);
            let inbound = scene(FACTORY, EventKind::Inbound, "material received", "receiving")
                .document("po", "PO-88120");
            self.record(inbound, Operation::Receive { units: lots });
        }
    }

    fn inspect_and_store(&mut self) {
        self.writer.chapter("Incoming inspection and store", "来料检验与入库");
        let lots: Vec<String> = self.steel.iter().chain(&self.bearings).cloned().collect();
        for lot in lots.clone() {
            let inspection = inspection(INSPECTOR, "incoming inspection")
                .gauge("cmm-3")
                .parameters(&[("hardness", "59 HRC"), ("inspector's remark", "within limits")]);
            self.record(inspection, Operation::Observe { units: vec![lot] });
        }
        let motors =
            (0..self.joints_made()).map(|_| self.bought(MOTOR, "jinlong-motors")).collect();
        self.motors = self.code_bought("key part coded at incoming inspection", motors);
        let controllers =
            (0..self.robots).map(|_| self.bought(CONTROLLER, "jinlong-motors")).collect();
        self.controllers =
            self.code_bought("important part coded at incoming inspection", controllers);
        let mut screws = self.lot(SCREW, "INSP-LOT-5", 100 * self.robots);
        screws.maker = Some("Hengli Fasteners".into());
        self.screws = self.code_bought("inspection lot coded", vec![screws]).remove(0);

        let inbound = scene(FACTORY, EventKind::Inbound, "put into store", "storing");
        self.record(inbound, Operation::Observe { units: lots });
    }

    fn bought(&mut self, class: &str, maker: &str) -> NewUnit {
        let mut unit = self.writer.unit(class);
        unit.maker = Some(maker.to_string());
        unit.production_date = Some("2026-02-11".into());
        unit
    }

    /// Purchased parts get the buyer's code at incoming inspection (Annex C).
    fn code_bought(&mut self, name: &str, units: Vec<NewUnit>) -> Vec<String> {
        let codes = units.iter().map(|unit| unit.code.code.clone()).collect();
        for chunk in units.chunks(16) {
            let mut inspected = inspection(FACTORY, name).document("po", "PO-88121").gauge("cmm-3");
            inspected.action = Some(Action::Add);
            inspected.step = "commissioning".into();
            self.record(inspected, Operation::Commission { units: chunk.to_vec() });
        }
        codes
    }

    fn make_parts(&mut self) {
        self.writer.chapter("Self-made parts in lots", "自制零件批次生产");
        let (first, second) = (self.steel[0].clone(), self.steel[1].clone());
        let gears = self.lot(GEAR, "GEAR-0311", 2 * self.joints_made());
        self.gears = gears.code.code.clone();
        let inputs = vec![some(&first, 120 * self.robots), some(&second, 40 * self.robots)];
        let hobbing = machining(
            "gears hobbed",
            "hobbing-2",
            &[("spindle speed", "310 rpm"), ("coolant", "21 C")],
        );
        self.record(hobbing, Operation::Transform { inputs, outputs: vec![gears] });

        let arms = self.lot(ARM, "ARM-0312", 3 * self.robots);
        self.arms = arms.code.code.clone();
        let inputs = vec![some(&second, 300 * self.robots)];
        let milling = machining("arms milled", "milling-5", &[("feed", "1200 mm/min")]);
        self.record(milling, Operation::Transform { inputs, outputs: vec![arms] });

        for lot in [self.gears.clone(), self.arms.clone()] {
            let inspection = inspection(FACTORY, "process inspection").gauge("cmm-3");
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
            let scene = assembly("joint assembled", "press-1", &[("torque", "24.1 Nm")]);
            let on_conflict = OnConflict::Refuse;
            self.record(scene, Operation::Assemble { unit: joint, parts, on_conflict });
        }
    }

    fn assemble_robots(&mut self) {
        self.writer.chapter("Robots with serials, final test", "整机装配与出厂检验");
        for number in 0..self.robots {
            let mut robot = self.writer.unit(ROBOT);
            robot.line_number = Some("LINE-1".into());
            robot.lot_number = Some("RB-2026-10".into());
            robot.production_date = Some("2026-03-03".into());
            robot.expiry_date = Some("2036-03-02".into());
            robot.order = Some(ORDER.into());
            robot.project = Some(PROJECT.into());
            self.finished.push(robot.clone());
            let from = (number * JOINTS) as usize;
            let joints = self.joints[from..from + JOINTS as usize].iter().map(|j| whole(j));
            let mut parts: Vec<Input> = joints.collect();
            parts.push(whole(&self.controllers[number as usize]));
            parts.push(some(&self.arms, 3));
            parts.push(some(&self.screws, 24));
            let code = robot.code.code.clone();
            let scene = assembly("robot assembled", "cell-9", &[("calibration", "0.02 mm")])
                .document("prodorder", ORDER);
            let on_conflict = OnConflict::Refuse;
            self.record(scene, Operation::Assemble { unit: robot, parts, on_conflict });

            let mut test = inspection(FACTORY, "factory test").gauge("laser-tracker-1");
            test.source = Some(BENCH.into());
            self.record(test, Operation::Observe { units: vec![code] });
        }
    }

    fn pack_and_ship(&mut self) {
        self.writer.chapter("Packing and transport", "包装、出库与物流运输");
        for robot in self.finished.clone() {
            let crate_unit = self.writer.unit(CRATE);
            let container = crate_unit.code.code.clone();
            self.crates.push(container.clone());
            let made = production(FACTORY, "crate made ready", "commissioning");
            self.record(made, Operation::Commission { units: vec![crate_unit] });
            let mut pack = scene(FACTORY, EventKind::Production, "robot packed", "packing");
            (pack.epcis_type, pack.action) = (EpcisType::Aggregation, Some(Action::Add));
            self.record(pack, Operation::Pack { container, units: vec![robot.code.code] });
        }
        let spare = self.joints.last().cloned().expect("the spare was made");
        let goods: Vec<String> = self.crates.iter().cloned().chain([spare]).collect();
        for (from, to) in [(FACTORY, CARRIER), (CARRIER, DEALER)] {
            for load in goods.chunks(32).map(<[String]>::to_vec) {
                let out = shipping(from, "goods handed over").document("desadv", "DN-5521");
                let ship = Operation::Ship { units: load.clone(), to: to.into(), ownership: false };
                self.record(out, ship);
                let inbound = scene(to, EventKind::Inbound, "goods taken over", "receiving")
                    .document("desadv", "DN-5521");
                self.record(inbound, Operation::Receive { units: load.clone() });
                if to == CARRIER {
                    let mut drive = scene(to, EventKind::Transport, "on the road", "transporting");
                    drive.resources =
                        vec![(ResourceKind::Vehicle, "truck-沪A-7".replace("沪", "HU"))];
                    self.record(drive, Operation::Observe { units: load });
                }
            }
        }
    }

    fn offer_and_replace(&mut self) {
        self.writer.chapter("Terminal market, and a joint replaced", "终端市场与补装配");
        for (container, robot) in self.crates.clone().into_iter().zip(self.finished.clone()) {
            let code = robot.code.code;
            let mut unpack = scene(DEALER, EventKind::Inbound, "robot unpacked", "unpacking");
            (unpack.epcis_type, unpack.action) = (EpcisType::Aggregation, Some(Action::Delete));
            self.record(unpack, Operation::Unpack { container, units: vec![code.clone()] });
            let offer = scene(DEALER, EventKind::TerminalMarket, "offered", "stocking");
            self.record(offer, Operation::Observe { units: vec![code] });
        }
        let mut repair = scene(DEALER, EventKind::Production, "joint replaced", "repairing");
        (repair.epcis_type, repair.action) = (EpcisType::Association, Some(Action::Add));
        let operation = Operation::Replace {
            parent: self.finished[0].code.code.clone(),
            removed: self.joints[0].clone(),
            installed: whole(self.joints.last().expect("the spare was made")),
            reason: "noise in axis 1".into(),
        };
        self.record(repair, operation);
    }

    fn sell(&mut self) {
        self.writer.chapter("Sale", "销售");
        let sold = self.finished.len() - 1;
        for robot in self.finished[..sold].to_vec() {
            let sale = scene(DEALER, EventKind::Sale, "sold to its user", "retail_selling")
                .document("inv", "INV-3007");
            self.record(sale, Operation::Sell { units: vec![robot.code.code] });
        }
    }

    fn record(&mut self, scene: Scene, operation: Operation) {
        self.writer.record(scene, operation);
    }

    fn attempt(&self, name: &str, unit: NewUnit) -> Recording {
        let scene = production(FACTORY, name, "commissioning");
        self.writer.draft(scene, Operation::Commission { units: vec![unit] })
    }

    fn finish(self) -> RobotCase {
        let label = self.finished[0].clone();
        let fake = NewUnit { code: made_up(&label.code), ..label.clone() };
        let made_up = fake.code.code.clone();
        RobotCase {
            forgery: self.attempt("robot under a made-up code", fake),
            copy: self.attempt("robot under a copied code", label),
            robots: self.finished.iter().map(|robot| robot.code.code.clone()).collect(),
            bearing_lots: [self.bearings[0].clone(), self.bearings[1].clone()],
            replaced_joint: self.joints[0].clone(),
            spare_joint: self.joints.last().cloned().expect("the spare was made"),
            factory: FACTORY,
            regulator: REGULATOR,
            robot_class: ROBOT,
            made_up,
            story: self.writer.finish(),
        }
    }
}

/// Another code with the same prefix and a right check character, on a real label's proof.
fn made_up(label: &PresentedCode) -> PresentedCode {
    let body = &label.code[..label.code.len() - 1];
    let last = if body.ends_with('7') { '8' } else { '7' };
    let body = format!("{}{last}", &body[..body.len() - 1]);
    let check = check_character(&body).expect("letters of the alphabet");
    PresentedCode { code: format!("{body}{check}"), ..label.clone() }
}

fn scene(actor: &str, kind: EventKind, name: &str, step: &str) -> Scene {
    Scene {
        actor: actor.into(),
        source: None,
        kind,
        name: name.into(),
        epcis_type: EpcisType::Object,
        action: Some(Action::Observe),
        step: step.into(),
        disposition: Some("in_progress".into()),
        outcome: Outcome::Done,
        cell: parties::cell(actor).into(),
        operator: format!("operator on duty at {actor}"),
        documents: vec![],
        resources: vec![],
        parameters: vec![],
        project: None,
    }
}

fn production(actor: &str, name: &str, step: &str) -> Scene {
    let mut scene = scene(actor, EventKind::Production, name, step);
    scene.action = Some(Action::Add);
    scene
}

fn shipping(actor: &str, name: &str) -> Scene {
    scene(actor, EventKind::Outbound, name, "shipping")
}

fn inspection(actor: &str, name: &str) -> Scene {
    let mut scene = scene(actor, EventKind::QualityInspection, name, "inspecting");
    scene.outcome = Outcome::Pass;
    scene
}

fn machining(name: &str, machine: &str, parameters: &[(&str, &str)]) -> Scene {
    let mut scene = production(FACTORY, name, "creating_class_instance").parameters(parameters);
    (scene.epcis_type, scene.action) = (EpcisType::Transformation, None);
    scene.source = Some(MES.into());
    scene.resources = vec![(ResourceKind::ProcessEquipment, machine.into())];
    scene
}

fn assembly(name: &str, machine: &str, parameters: &[(&str, &str)]) -> Scene {
    let mut scene = production(FACTORY, name, "assembling").parameters(parameters);
    scene.epcis_type = EpcisType::Association;
    scene.source = Some(MES.into());
    scene.project = Some(PROJECT.into());
    scene.resources = vec![(ResourceKind::ProcessEquipment, machine.into())];
    scene
}

impl Scene {
    fn document(mut self, kind: &str, id: &str) -> Self {
        self.documents.push((kind.into(), id.into()));
        self
    }

    fn gauge(mut self, id: &str) -> Self {
        self.resources.push((ResourceKind::Gauge, id.into()));
        self
    }

    fn parameters(mut self, parameters: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        self.parameters = parameters.iter().map(owned).collect();
        self
    }
}

/// A step that registers a source of the factory.
fn source(id: &str, kind: SourceKind) -> Step {
    Step::Source { owner: FACTORY.into(), id: id.into(), kind }
}

fn class(
    id: &str,
    kind: ClassKind,
    tracking: Tracking,
    name: &str,
    specification: &str,
) -> NewClass {
    NewClass {
        id: id.into(),
        kind,
        tracking,
        name: name.into(),
        specification: specification.into(),
        product_id: None,
        uom: None,
        shelf_life_days: None,
    }
}

#[cfg(test)]
mod tests;
