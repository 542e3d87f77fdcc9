//! Machines, material, blanks, outsourced and self-made parts.

use suyuan_trace_api::assembly::{NewUnit, Operation};
use suyuan_trace_api::event::{Action, EpcisType, EventKind, RecordKind, ResourceKind};

use super::classes::{
    BLANK, BUSBAR, CONTACT, COPPER, FASTENER, FILLER, INSULATOR, INTERRUPTER, MACHINES, PLATED,
    RELAY, RESIN, SHEET,
};
use super::parties::{surroundings, COPPER_MILL, FACTORY, LAB, PLATER, VACUUM};
use super::{Plant, CASTING, CHUNK, CLIMATE, MES};
use crate::goods::{codes, some, units, Purchase};
use crate::story::Scene;

impl Plant {
    /// 设备: a code for each machine.
    pub(super) fn code_machines(&mut self) {
        self.writer.chapter("Machines under codes of their own", "设备编码");
        let machines: Vec<NewUnit> = MACHINES.iter().map(|class| self.writer.unit(class)).collect();
        self.machines = codes(&machines);
        let scene = FACTORY.commissioning("machines coded");
        self.record(scene, Operation::Commission { units: machines });
    }

    pub(super) fn take_material(&mut self) {
        self.writer.chapter("Material and its inspection", "原材料与来料检验");
        let heat = self.writer.lot(COPPER, "CU-26031", "2026-03-05", 300 * self.cabinets);
        self.copper = heat.code.code.clone();
        let lot = vec![self.copper.clone()];
        let cast = COPPER_MILL.commissioning("copper cast").parameters(&[("pour", "1187.25 Cel")]);
        self.record(cast, Operation::Commission { units: vec![heat] });
        let mill =
            COPPER_MILL.inspection("mill inspection").file("application/pdf", "mill sheet 26031");
        self.record(mill, Operation::Observe { units: lot.clone() });
        let out = COPPER_MILL.outbound("copper shipped", &FACTORY).document("po", "PO-70011");
        let to = FACTORY.id.into();
        self.record(out, Operation::Ship { units: lot.clone(), to, ownership: true });
        let inbound = FACTORY.inbound("copper received", &COPPER_MILL).document("po", "PO-70011");
        self.record(inbound, Operation::Receive { units: lot.clone() });
        let check = self
            .checked("incoming inspection of copper", RecordKind::IncomingInspection, "IQC-7001")
            .parameters(&[("conductivity", "58.347 MS/m")]);
        self.record(check, Operation::Observe { units: lot });

        for (class, number, maker, quantity, il) in [
            (SHEET, "SH-551", "Handan Sheet", 100, "IL-7002"),
            (RESIN, "CY-90", "Wuxi Resin", 20, "IL-7003"),
            (FILLER, "W12-4", "Lianyungang Quartz", 30, "IL-7004"),
        ] {
            let purchase = Purchase { maker, supplier: None, inspection_lot: il };
            let kilograms = quantity * self.cabinets;
            let lot = self.writer.bought_lot(class, &purchase, number, kilograms);
            let code = lot.code.code.clone();
            let scene = FACTORY.incoming("material coded at incoming inspection");
            self.record(scene, Operation::Commission { units: vec![lot] });
            match class {
                SHEET => self.sheet = code,
                RESIN => self.resin = code,
                _ => self.filler = code,
            }
        }
    }

    pub(super) fn make_blanks(&mut self) {
        self.writer.chapter("Blanks and bare busbars", "毛坯与母线下料");
        let blanks = self.writer.lot(BLANK, "BL-0316", "2026-03-16", 8 * self.cabinets);
        self.blanks = blanks.code.code.clone();
        let inputs = vec![some(&self.copper, 60 * self.cabinets)];
        let forged = self
            .machined(
                "contact blanks forged",
                0,
                &[("forging", "842.5 Cel"), ("stroke", "63.15 mm")],
            )
            .record(RecordKind::Blank, "BL-0316");
        self.record(forged, Operation::Transform { inputs, outputs: vec![blanks] });

        let bars = self.writer.lot(BUSBAR, "BB-0316", "2026-03-16", 8 * self.cabinets);
        self.busbars = bars.code.code.clone();
        let inputs = vec![some(&self.copper, 200 * self.cabinets)];
        let bent = self.machined("busbars cut and bent", 0, &[("bending force", "318.4 kN")]);
        self.record(bent, Operation::Transform { inputs, outputs: vec![bars] });
        let units = vec![self.blanks.clone(), self.busbars.clone()];
        let check = self.checked("process inspection", RecordKind::ProcessInspection, "IPQC-7101");
        self.record(check, Operation::Observe { units });
    }

    /// 外协件: the bare busbars go to another shop and come back as its lot.
    pub(super) fn have_plated(&mut self) {
        self.writer.chapter("Outsourced: busbars plated", "外协：母线镀银");
        let bare = self.busbars.clone();
        self.hand_over(&FACTORY, &PLATER, &bare, false, "PO-70020");
        let count = 8 * self.cabinets;
        let plated = self.writer.lot(PLATED, "AG-0318", "2026-03-18", count);
        self.busbars = plated.code.code.clone();
        let scene = PLATER
            .transformation("busbars silver-plated")
            .record(RecordKind::Outsourcing, "OUT-7020")
            .person("plater", "杨志刚 Yang Zhigang")
            .parameters(&[("bath", "38.25 Cel"), ("current density", "1.375 A/dm2")]);
        let inputs = vec![some(&bare, count)];
        self.record(scene, Operation::Transform { inputs, outputs: vec![plated] });
        let check = PLATER.inspection("layer thickness").parameters(&[("silver", "8.215 um")]);
        let units = vec![self.busbars.clone()];
        self.record(check, Operation::Observe { units: units.clone() });
        let plated = self.busbars.clone();
        self.hand_over(&PLATER, &FACTORY, &plated, true, "PO-70020");
        let check = self
            .checked("incoming inspection of outsourced parts", RecordKind::Outsourcing, "OUT-7020")
            .parameters(&[("adhesion", "class 0, 14.25 N")]);
        self.record(check, Operation::Observe { units });
    }

    fn hand_over(
        &mut self,
        from: &crate::site::Site,
        to: &crate::site::Site,
        code: &str,
        ownership: bool,
        order: &str,
    ) {
        let units = vec![code.to_string()];
        let out = from.outbound("goods handed over", to).document("po", order);
        let ship = Operation::Ship { units: units.clone(), to: to.id.into(), ownership };
        self.record(out, ship);
        let inbound = to.inbound("goods taken over", from).document("po", order);
        self.record(inbound, Operation::Receive { units });
    }

    /// A long-running process: what is fed before a lot comes out is in it.
    pub(super) fn cast_insulators(&mut self) {
        self.writer.chapter("Insulators cast in a long run", "绝缘子连续浇注");
        for (number, lot) in ["INS-0319-A", "INS-0319-B"].into_iter().enumerate() {
            let filler = (number == 0).then(|| some(&self.filler, 16 * self.cabinets));
            let inputs = [some(&self.resin, 5 * self.cabinets)].into_iter().chain(filler).collect();
            let fed = self.machined("resin fed", 1, &[("vacuum", "0.8315 mbar")]);
            let process = CASTING.to_string();
            self.record(fed, Operation::Feed { process: process.clone(), inputs });
            let output = self.writer.lot(INSULATOR, lot, "2026-03-19", 4 * self.cabinets);
            self.insulators.push(output.code.code.clone());
            let cast = self.machined("insulators cast", 1, &[("mould", "142.75 Cel")]);
            let last = number == 1;
            self.record(cast, Operation::Yield { process, outputs: vec![output], last });
        }
        let units = self.insulators.clone();
        let check = self
            .checked("partial discharge of insulators", RecordKind::ProcessInspection, "IPQC-7140")
            .parameters(&[("discharge", "2.715 pC")]);
        self.record(check, Operation::Observe { units: units.clone() });
        let sample = FACTORY
            .scene(EventKind::QualityInspection, "insulator broken in a test", "sampling")
            .operator(FACTORY.inspector)
            .parameters(&[("breaking load", "9847.5 N")]);
        let quantity = Some(self::units(1));
        self.record(sample, Operation::Sample { unit: units[0].clone(), quantity });
    }

    /// One lot of contacts, divided for the two projects; one contact is scrapped.
    pub(super) fn make_contacts(&mut self) {
        self.writer.chapter("Self-made contacts, divided by project", "自制触头与分批");
        let all = self.writer.lot(CONTACT, "CT-0320", "2026-03-20", 8 * self.cabinets);
        let code = all.code.code.clone();
        let inputs = vec![some(&self.blanks, 8 * self.cabinets)];
        let turned = self
            .machined("contacts turned", 0, &[("feed", "0.1275 mm/rev")])
            .resource(ResourceKind::Tool, "insert-dcmt-44");
        self.record(turned, Operation::Transform { inputs, outputs: vec![all] });
        let check = self
            .checked("contacts measured", RecordKind::ProcessInspection, "IPQC-7150")
            .parameters(&[("flatness", "0.00415 mm")]);
        self.record(check, Operation::Observe { units: vec![code.clone()] });
        let scrapped = FACTORY
            .scene(EventKind::Production, "contact scrapped", "destroying")
            .epcis(EpcisType::Object, Some(Action::Delete))
            .record(RecordKind::Abnormality, "NCR-7151")
            .disposition("destroyed");
        let (unit, quantity, reason) = (code.clone(), Some(self::units(1)), "crack".to_string());
        self.record(scrapped, Operation::Scrap { unit, quantity, reason });
        let outputs: Vec<NewUnit> = ["CT-0320-A", "CT-0320-B"]
            .map(|lot| self.writer.lot(CONTACT, lot, "2026-03-20", 3 * self.cabinets + 3))
            .into();
        self.contacts = codes(&outputs);
        let divided = FACTORY.transformation("contacts divided by project");
        self.record(divided, Operation::Split { source: code, outputs });
        let units = self.contacts.clone();
        let check =
            self.checked("lots counted and checked", RecordKind::ProcessInspection, "IPQC-7152");
        self.record(check, Operation::Observe { units });
    }

    /// 外购件: key and important parts piece by piece, general parts by inspection lot.
    pub(super) fn buy_parts(&mut self) {
        self.writer.chapter("Purchased parts coded at incoming inspection", "外购件入厂检验编码");
        let spare = self.breakers_built() - self.cabinets;
        let vacuum = Purchase { maker: VACUUM, supplier: None, inspection_lot: "IL-7201" };
        let pieces = (1..=3 * self.cabinets + 3 * spare)
            .map(|n| self.writer.bought_piece(INTERRUPTER, &vacuum, &format!("BV{n:06}")))
            .collect();
        self.interrupters = self.code_bought("interrupters coded", pieces);
        let relays = Purchase {
            maker: "Nanjing Relay Works",
            supplier: Some("Hebei Electric Trading"),
            inspection_lot: "IL-7202",
        };
        let pieces = (1..=self.cabinets)
            .map(|n| self.writer.bought_piece(RELAY, &relays, &format!("PR3-{n:05}")))
            .collect();
        self.relays = self.code_bought("relays coded", pieces);
        for (lot, il) in [("A4-311", "IL-7203"), ("A4-312", "IL-7204")] {
            let maker = Purchase { maker: "Yongnian Bolts", supplier: None, inspection_lot: il };
            let lot = self.writer.bought_lot(FASTENER, &maker, lot, 100 * self.cabinets);
            let code = self.code_bought("fasteners coded", vec![lot]);
            self.fasteners.extend(code);
        }
        self.count_stock();
    }

    fn code_bought(&mut self, name: &str, units: Vec<NewUnit>) -> Vec<String> {
        for chunk in units.chunks(CHUNK) {
            let scene = FACTORY
                .incoming(name)
                .document("po", "PO-70030")
                .gauge("hipot-4")
                .record(RecordKind::IncomingInspection, "IQC-7200");
            self.record(scene, Operation::Commission { units: chunk.to_vec() });
        }
        codes(&units)
    }

    /// Two persons count the sheet steel: one proposes, another confirms.
    fn count_stock(&mut self) {
        let (unit, counted) = (self.sheet.clone(), units(99 * self.cabinets));
        let scene = FACTORY.scene(EventKind::Inbound, "stock counted", "cycle_counting");
        let reason = "offcuts were not booked".to_string();
        self.record(scene, Operation::Adjust { unit: unit.clone(), counted, reason });
        let scene = LAB.scene(EventKind::QualityInspection, "count confirmed", "cycle_counting");
        self.record(scene, Operation::ConfirmAdjust { unit, counted });
    }

    /// A process on a machine, reported by the MES, with its surroundings.
    pub(super) fn machined(
        &self,
        name: &str,
        machine: usize,
        parameters: &[(&str, &str)],
    ) -> Scene {
        let number = u32::try_from(name.len()).unwrap_or_default();
        let scene = FACTORY
            .transformation(name)
            .by_source(MES)
            .parameters(parameters)
            .person("machinist", "韩立新 Han Lixin")
            .resource(ResourceKind::ProcessEquipment, &self.machines[machine]);
        surroundings(scene, number)
    }

    /// An inspection of the factory's own, with its record and gauge.
    pub(super) fn checked(&self, name: &str, kind: RecordKind, record: &str) -> Scene {
        FACTORY
            .inspection(name)
            .person("approver", "宋雅琴 Song Yaqin")
            .gauge("cmm-power-1")
            .record(kind, record)
    }

    /// What the climate sensor of the hall says while something lies there.
    pub(super) fn climate(&mut self, code: &str, number: u32) {
        let scene = FACTORY
            .scene(EventKind::Production, "hall climate", "sensor_reporting")
            .by_source(CLIMATE);
        let scene = surroundings(scene, number);
        self.record(scene, Operation::Observe { units: vec![code.to_string()] });
    }
}
