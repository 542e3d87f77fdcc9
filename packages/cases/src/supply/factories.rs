//! Suppliers and the two factories, station by station.

use suyuan_trace_api::assembly::{NewUnit, OnConflict, Operation};
use suyuan_trace_api::event::{EventKind, RecordKind, ResourceKind};

use super::classes::{BEARING, BOARD, MOTOR, STATOR, STEEL, WIRE};
use super::parties::{
    contracted, Station, ASSEMBLY, BOARD_MAKER, END_TEST, MOTOR_WORKS, STATOR_TEST, STATOR_WORKS,
    STEEL_WORKS, VARNISH, WINDING, WIRE_WORKS,
};
use super::{Chain, CHUNK};
use crate::fault::Fault;
use crate::goods::{codes, some, whole, Purchase};
use crate::site::Site;
use crate::story::Scene;

/// Wire and steel of a stator in kilograms.
const WIRE_OF_ONE: u32 = 2;
const STEEL_OF_ONE: u32 = 5;

impl Chain {
    /// Stators wound: one a motor and a spare.
    fn stators_wound(&self) -> u32 {
        self.count + 1
    }

    pub(super) fn buy_material(&mut self) {
        self.writer.chapter("Demand, contract and material", "需求、采购合同与物料");
        let each = WIRE_OF_ONE * self.count;
        let coils = ["QZ-041", "QZ-042"].map(|lot| self.writer.lot(WIRE, lot, "2026-04-01", each));
        let coil_codes = codes(&coils);
        let drawn = WIRE_WORKS.commissioning("wire drawn and enamelled");
        let drawn =
            drawn.parameters(&[("enamel temperature", "462.75 Cel"), ("speed", "17.35 m/s")]);
        self.record(drawn, Operation::Commission { units: coils.into() });
        let check = WIRE_WORKS
            .inspection("breakdown voltage of wire")
            .record(RecordKind::ProcessInspection, "WQ-3301")
            .parameters(&[("breakdown", "4812.5 V")]);
        self.record(check, Operation::Observe { units: coil_codes.clone() });
        let joint = self.writer.unit(WIRE);
        let joint = NewUnit { lot_number: Some("QZ-04J".into()), ..joint };
        self.wire = joint.code.code.clone();
        let merged = WIRE_WORKS.transformation("coils put together for one order");
        let merge = Operation::Merge { sources: coil_codes, output: joint };
        self.record(merged, merge);
        let lot = vec![self.wire.clone()];
        let check = WIRE_WORKS.inspection("joint lot weighed").parameters(&[("mass", "24.035 kg")]);
        self.record(check, Operation::Observe { units: lot });

        let heat = self.writer.lot(STEEL, "LM-118", "2026-04-01", STEEL_OF_ONE * (self.count + 2));
        self.steel = heat.code.code.clone();
        let punched = STEEL_WORKS.commissioning("laminations punched");
        self.record(punched, Operation::Commission { units: vec![heat] });
        let check = STEEL_WORKS.inspection("burr height").parameters(&[("burr", "0.0183 mm")]);
        self.record(check, Operation::Observe { units: vec![self.steel.clone()] });
        for (supplier, lot, order, terms) in [
            (WIRE_WORKS, self.wire.clone(), "PO-9001", "wire CNY 71.35 per kg, net 45 days"),
            (STEEL_WORKS, self.steel.clone(), "PO-9002", "steel CNY 9.845 per kg, net 30 days"),
        ] {
            let units = vec![lot];
            let out = supplier.outbound("material shipped", &STATOR_WORKS);
            let out = contracted(out, order, terms);
            let to = STATOR_WORKS.id.into();
            self.record(out, Operation::Ship { units: units.clone(), to, ownership: true });
            let inbound =
                STATOR_WORKS.inbound("material received", &supplier).document("po", order);
            self.record(inbound, Operation::Receive { units: units.clone() });
            let check = form(&STATOR_WORKS, "incoming inspection", "IQF-9100");
            self.record(check, Operation::Observe { units: units.clone() });
            let stored = STATOR_WORKS.scene(EventKind::Inbound, "put into store", "storing");
            self.record(stored, Operation::Observe { units });
        }
    }

    pub(super) fn wind_stators(&mut self) {
        self.writer.chapter("First factory: three stations", "一厂：定子三工位过站");
        let mut tests = vec![];
        for number in 0..self.stators_wound() {
            let mut stator = self.writer.unit(STATOR);
            stator.line_number = Some("W-LINE-1".into());
            stator.production_date = Some("2026-04-07".into());
            stator.lot_number = Some("ST-2604-07".into());
            let code = stator.code.code.clone();
            self.stators.push(code.clone());
            let parts = vec![some(&self.wire, 1), some(&self.steel, STEEL_OF_ONE - 1)];
            let tension = format!("{}.{:03} N", 11, 105 + number * 37 % 890);
            let scene = pass(&STATOR_WORKS, WINDING, "stator wound", number, ("tension", &tension));
            let on_conflict = OnConflict::Refuse;
            let scene = scene.joins();
            self.record(scene, Operation::Assemble { unit: stator, parts, on_conflict });

            let oven = format!("{}.{:03} Cel", 148, 211 + number * 53 % 780);
            let scene = pass(&STATOR_WORKS, VARNISH, "stator varnished", number, ("oven", &oven));
            self.record(scene, Operation::Observe { units: vec![code.clone()] });

            let surge = format!("{}.{:02} V", 2501 + number * 7, 10 + number * 3 % 80);
            let scene = tested(&STATOR_WORKS, STATOR_TEST, "stator surge test", number, &surge);
            tests.push((scene, Operation::Observe { units: vec![code] }));
        }
        let mut rest = tests.into_iter();
        if self.faults.has(Fault::MissingUpload) {
            if let (Some(lost), Some(next)) = (rest.next(), rest.next()) {
                self.writer.gap("event-log/Gap", lost, next);
            }
        }
        for (scene, operation) in rest {
            self.record(scene, operation);
        }
    }

    pub(super) fn buy_parts(&mut self) {
        self.writer.chapter("Second factory: incoming inspection", "二厂：来料检验");
        for stators in self.stators.clone().chunks(CHUNK) {
            let check = form(&MOTOR_WORKS, "incoming inspection of stators", "IQF-9200");
            self.record(check, Operation::Observe { units: stators.to_vec() });
        }
        let boards = Purchase { maker: BOARD_MAKER, supplier: None, inspection_lot: "IL-9201" };
        let pieces: Vec<NewUnit> = (0..self.count + 2)
            .map(|n| self.writer.bought_piece(BOARD, &boards, &format!("CB2-{n:06}")))
            .collect();
        self.boards = codes(&pieces);
        for chunk in pieces.chunks(CHUNK) {
            let scene = MOTOR_WORKS.incoming("boards coded at incoming inspection");
            let scene = contracted(scene, "PO-9004", "board CNY 63.425 a piece, 2 % spare");
            self.record(scene, Operation::Commission { units: chunk.to_vec() });
        }
        let maker = Purchase { maker: "Cixi Bearings", supplier: None, inspection_lot: "IL-9202" };
        let lot = self.writer.bought_lot(BEARING, &maker, "6203-77", 2 * self.count + 10);
        self.bearings = lot.code.code.clone();
        let scene =
            MOTOR_WORKS.incoming("bearings coded by inspection lot").document("po", "PO-9005");
        self.bearings_event = self.writer.record(scene, Operation::Commission { units: vec![lot] });
    }

    pub(super) fn build_motors(&mut self) {
        self.writer.chapter("Second factory: two stations", "二厂：总装与终检过站");
        for number in 0..self.count {
            let motor = self.new_motor();
            let code = motor.code.code.clone();
            self.motors.push(motor.clone());
            let place = number as usize;
            let parts = vec![
                whole(&self.stators[place]),
                whole(&self.boards[place]),
                some(&self.bearings, 2),
            ];
            let force = format!("{}.{:03} kN", 6, 105 + number * 71 % 890);
            let name = "motor assembled";
            let scene = pass(&MOTOR_WORKS, ASSEMBLY, name, number, ("press force", &force)).joins();
            let scene = scene.record(RecordKind::Assembly, &format!("AS-93{number:03}"));
            let on_conflict = OnConflict::Refuse;
            self.record(scene, Operation::Assemble { unit: motor, parts, on_conflict });

            let torque = format!("{}.{:03} N.m", 9, 711 + number * 11 % 280);
            let scene = tested(&MOTOR_WORKS, END_TEST, "motor end test", number, &torque);
            let scene = scene.record(RecordKind::FactoryTest, &format!("FT-94{number:03}"));
            self.record(scene, Operation::Observe { units: vec![code] });
        }
    }

    pub(super) fn new_motor(&mut self) -> NewUnit {
        let mut motor = self.writer.unit(MOTOR);
        motor.line_number = Some("M-LINE-2".into());
        motor.lot_number = Some("MT-2604-10".into());
        motor.production_date = Some("2026-04-10".into());
        motor.expiry_date = Some("2041-04-09".into());
        motor.order = Some("SO-9300".into());
        motor
    }
}

/// A pass of a station: machine, parameters, people, temperature and humidity.
pub(super) fn pass(
    site: &Site,
    station: Station,
    name: &str,
    number: u32,
    value: (&str, &str),
) -> Scene {
    let part = 137 + number * 29 % 800;
    let air = format!("{}.{part:03} Cel, {}.{part:03} %RH", 22 + number % 3, 51 + number % 6);
    site.scene(EventKind::Production, name, "sensor_reporting")
        .by_source(station.source)
        .parameters(&[value])
        .person("station-operator", "田建军 Tian Jianjun")
        .resource(ResourceKind::ProcessEquipment, station.machine)
        .hidden(RecordKind::Environment, &air)
        .hidden(RecordKind::ProcessParameters, &format!("program {number:04} of {name}"))
}

/// A station that tests, with its verdict.
fn tested(site: &Site, station: Station, name: &str, number: u32, value: &str) -> Scene {
    let part = 137 + number * 31 % 800;
    let air = format!("{}.{part:03} Cel, {}.{part:03} %RH", 23 + number % 3, 47 + number % 6);
    site.inspection(name)
        .by_source(station.source)
        .parameters(&[("measured", value)])
        .resource(ResourceKind::InspectionEquipment, station.machine)
        .hidden(RecordKind::Environment, &air)
}

/// An inspection with its form: the file by its hash, its number as a record.
fn form(site: &Site, name: &str, number: &str) -> Scene {
    site.inspection(name)
        .person("approver", "袁志敏 Yuan Zhimin")
        .record(RecordKind::IncomingInspection, number)
        .file("application/pdf", &format!("inspection form {number}: all items in order"))
}
