//! Breakers and cabinets, with their tests.

use suyuan_trace_api::assembly::{NewUnit, OnConflict, Operation};
use suyuan_trace_api::event::{RecordKind, ResourceKind};

use super::classes::{BREAKER, MODELS};
use super::parties::{ordered, surroundings, ENGINEER, FACTORY, ORDERS, PROJECTS};
use super::{Plant, BENCH, CHUNK, MES};
use crate::fault::Fault;
use crate::goods::{perhaps, some, whole};
use crate::story::Scene;

/// Which model and which project the cabinets of four are for: two of a kind, and one each.
const MIX: [(usize, usize); 4] = [(0, 0), (0, 0), (1, 0), (2, 1)];

impl Plant {
    pub(super) fn build_breakers(&mut self) {
        self.writer.chapter("Sub-assemblies: breakers with serials", "分装件：断路器装配");
        for number in 0..self.breakers_built() {
            let project = project(number);
            let mut breaker = self.writer.unit(BREAKER);
            breaker.line_number = Some("LINE-B".into());
            breaker.production_date = Some("2026-03-23".into());
            breaker.project = Some(PROJECTS[project].into());
            breaker.order = Some(ORDERS[project].into());
            let code = breaker.code.code.clone();
            self.breakers.push(code.clone());
            let from = 3 * number as usize;
            let mut parts: Vec<_> =
                self.interrupters[from..from + 3].iter().map(|code| whole(code)).collect();
            parts.push(some(&self.contacts[project], 3));
            parts.push(some(&self.insulators[usize::from(number % 2 == 1)], 3));
            parts.push(some(&self.busbars, 3));
            let torque = format!("{}.{:03} N.m", 42, 113 + number * 17 % 880);
            let scene = self.assembled("breaker assembled", project, number, ("torque", &torque));
            let on_conflict = OnConflict::Refuse;
            let built = Operation::Assemble { unit: breaker, parts, on_conflict };
            let event = self.writer.record(scene, built);
            self.breaker_events.push(event);
            self.climate(&code, number);
        }
        for tested in self.breakers.clone().chunks(CHUNK) {
            let test = self
                .checked("breaker timing test", RecordKind::ProcessInspection, "IPQC-7300")
                .parameters(&[("closing time", "38.725 ms"), ("bounce", "1.915 ms")]);
            self.record(test, Operation::Observe { units: tested.to_vec() });
        }
    }

    pub(super) fn build_cabinets(&mut self) {
        self.writer.chapter("Cabinets of three models for two projects", "三种型号整柜装配");
        for number in 0..self.cabinets {
            let cabinet = self.new_cabinet(number);
            let project = project(number);
            self.finished.push(cabinet.clone());
            let place = number as usize;
            let parts = vec![
                whole(&self.breakers[place]),
                whole(&self.relays[place]),
                some(&self.busbars, 3),
                some(&self.sheet, 80),
                // Both boxes stood open: one of them it was.
                perhaps(&self.fasteners[0], 1),
                perhaps(&self.fasteners[1], 1),
            ];
            let gap = format!("{}.{:03} mm", 125, 211 + number * 31 % 780);
            let scene = self
                .assembled("cabinet assembled", project, number, ("clearance", &gap))
                .record(RecordKind::Assembly, &format!("ASM-74{number:03}"));
            let on_conflict = OnConflict::Refuse;
            self.record(scene, Operation::Assemble { unit: cabinet, parts, on_conflict });
        }
    }

    pub(super) fn new_cabinet(&mut self, number: u32) -> NewUnit {
        let (model, project) = MIX[(number % 4) as usize];
        let mut cabinet = self.writer.unit(MODELS[model]);
        cabinet.line_number = Some("LINE-K".into());
        cabinet.lot_number = Some(format!("KB-2603-{}", model + 1));
        cabinet.production_date = Some("2026-03-25".into());
        cabinet.expiry_date = Some("2056-03-24".into());
        cabinet.order = Some(ORDERS[project].into());
        cabinet.project = Some(PROJECTS[project].into());
        cabinet
    }

    pub(super) fn test_cabinets(&mut self) {
        self.writer.chapter("Factory tests", "出厂试验");
        let mut tests: Vec<(Scene, Operation)> = vec![];
        for (number, code) in self.finished.iter().map(|unit| unit.code.code.clone()).enumerate() {
            let withstand = format!("42.{:03} kV, 60.25 s", 105 + number * 13 % 890);
            let scene = FACTORY
                .inspection("power-frequency withstand test")
                .by_source(BENCH)
                .resource(ResourceKind::InspectionEquipment, &self.machines[2])
                .record(RecordKind::FactoryTest, &format!("FT-75{number:03}"))
                .parameters(&[("withstand", &withstand)]);
            let scene = ordered(scene, project(number as u32));
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
        let units: Vec<String> = self.finished.iter().map(|unit| unit.code.code.clone()).collect();
        for witnessed in units.chunks(CHUNK) {
            let scene = ENGINEER
                .inspection("test witnessed by the customer's engineer")
                .person("witness", "刘志远 Liu Zhiyuan")
                .file("application/pdf", "witness report");
            self.record(scene, Operation::Observe { units: witnessed.to_vec() });
        }
    }

    fn assembled(&self, name: &str, project: usize, number: u32, value: (&str, &str)) -> Scene {
        let scene = FACTORY
            .assembly(name)
            .by_source(MES)
            .parameters(&[value])
            .person("fitter", "曹国华 Cao Guohua")
            .person("checker", "沈佳怡 Shen Jiayi")
            .resource(ResourceKind::Tool, "torque-wrench-12")
            .hidden(RecordKind::ProcessParameters, &format!("recipe K-{number:04}, step 7 of 12"));
        ordered(surroundings(scene, number), project)
    }
}

/// The project of the cabinet, or breaker, with this number.
pub(super) fn project(number: u32) -> usize {
    MIX[(number % 4) as usize].1
}
