//! What goes wrong on the way to the cabinet, where it is told to.

use suyuan_trace_api::assembly::campaign::{CampaignKind, HolderAnswer};
use suyuan_trace_api::assembly::{NewUnit, OnConflict, Operation, Quality};
use suyuan_trace_api::code::{Life, Overlay};
use suyuan_trace_api::event::{Action, EpcisType, ErrorReason, EventKind, RecordKind};

use super::classes::{BREAKER, BUSBAR};
use super::parties::{FACTORY, LAB, REGULATOR};
use super::{Plant, CHUNK};
use crate::fault::Fault;
use crate::goods::{some, whole};
use crate::story::{made_up, CampaignAct};

/// The recall of breakers with insulators in doubt.
const RECALL: &str = "RECALL-7401";

impl Plant {
    /// More copper than there is.
    pub(super) fn take_too_much(&mut self) {
        if !self.faults.has(Fault::WrongQuantity) {
            return;
        }
        let bars = self.writer.lot(BUSBAR, "BB-0399", "2026-03-22", 4);
        let inputs = vec![some(&self.copper, 301 * self.cabinets)];
        let scene = FACTORY.transformation("busbars out of more copper than there is");
        let operation = Operation::Transform { inputs, outputs: vec![bars] };
        self.writer.refuse(Fault::WrongQuantity, "assembly-graph/Insufficient", scene, operation);
    }

    /// The second lot of insulators fails a test after breakers were built of it: lot and breakers are recalled,
    /// nothing goes on with them before the laboratory has tested them.
    pub(super) fn find_a_defect(&mut self) {
        if !self.faults.has(Fault::DefectiveBatch) {
            return;
        }
        self.writer.chapter("A lot of insulators in doubt", "绝缘子批次存疑");
        let lot = self.insulators[1].clone();
        let fails = FACTORY
            .failure("partial discharge after storage")
            .record(RecordKind::Abnormality, "NCR-7401")
            .parameters(&[("discharge", "48.315 pC")]);
        self.record(fails, Operation::Observe { units: vec![lot.clone()] });
        let (fault, word) = (Fault::DefectiveBatch, "trace-code/OverlayBlocks");
        let marked = [Overlay::NonConformant];
        self.writer.expect(fault, &lot, Life::Active, &marked, Quality::Failed);
        let breaker = self.writer.unit(BREAKER);
        let (parts, on_conflict) = (vec![some(&lot, 1)], OnConflict::Refuse);
        let scene = FACTORY.assembly("breaker with an insulator in doubt");
        let operation = Operation::Assemble { unit: breaker, parts, on_conflict };
        self.writer.refuse(fault, word, scene, operation);

        let odd = self.breakers.iter().skip(1).step_by(2).cloned();
        let recalled: Vec<String> = odd.collect();
        let why = ("NCR-7401", "insulators in doubt");
        self.writer.open_campaign(REGULATOR, RECALL, CampaignKind::Recall, why, &recalled);
        for answer in [HolderAnswer::Accepted, HolderAnswer::Contained] {
            self.writer.campaign(FACTORY.id, RECALL, CampaignAct::Answer(answer));
        }
        let first = recalled[0].clone();
        let marked = [Overlay::Recalled];
        self.writer.expect(fault, &first, Life::Active, &marked, Quality::Passed);
        let cabinet = self.new_cabinet(0);
        let scene = FACTORY.assembly("cabinet with a recalled breaker");
        let parts = vec![whole(&first)];
        let operation = Operation::Assemble { unit: cabinet, parts, on_conflict };
        self.writer.refuse(fault, word, scene, operation);

        for tested in recalled.chunks(CHUNK) {
            let scene = LAB
                .inspection("breakers tested one by one")
                .parameters(&[("discharge of the breaker", "3.825 pC")]);
            self.record(scene, Operation::Observe { units: tested.to_vec() });
        }
        let reason = "tested one by one".to_string();
        let close = CampaignAct::Close { reason, units: recalled.len() };
        self.writer.campaign(REGULATOR, RECALL, close);
        self.writer.expect(fault, &first, Life::Active, &[], Quality::Passed);
        // What is left of the lot stays out of use.
        let marked = [Overlay::NonConformant];
        self.writer.expect(fault, &lot, Life::Active, &marked, Quality::Failed);
    }

    /// Cabinets that nobody made, under a made-up code and under a copied one.
    pub(super) fn counterfeit(&mut self) {
        let label = self.finished[0].clone();
        if self.faults.has(Fault::ForgedCode) {
            let fake = NewUnit { code: made_up(&label.code), ..label.clone() };
            let scene = FACTORY.commissioning("cabinet under a forged code");
            let operation = Operation::Commission { units: vec![fake] };
            self.writer.refuse(Fault::ForgedCode, "trace-code/NotMember", scene, operation);
        }
        if self.faults.has(Fault::CopiedCode) {
            let scene = FACTORY.commissioning("cabinet under the copy of a code");
            let operation = Operation::Commission { units: vec![label] };
            self.writer.refuse(Fault::CopiedCode, "assembly-graph/UnitExists", scene, operation);
        }
    }

    /// The last cabinet fails at the user's acceptance: its breaker is replaced and it is tested again.
    pub(super) fn repair(&mut self) {
        if !self.faults.has(Fault::Repair) {
            return;
        }
        self.writer.chapter("The last cabinet is repaired", "末台开关柜返修");
        let place = self.finished.len() - 1;
        let cabinet = self.finished[place].code.code.clone();
        let (worn, spare) = (self.breakers[place].clone(), self.breakers[place + 1].clone());
        let units = vec![cabinet.clone()];
        let begins = FACTORY
            .scene(EventKind::Production, "repair begins", "repairing")
            .record(RecordKind::Abnormality, "NCR-7501")
            .disposition("needs_replacement");
        let reason = "breaker trips late".to_string();
        self.record(begins, Operation::Rework { units: units.clone(), reason: reason.clone() });
        self.writer.expect(Fault::Repair, &cabinet, Life::Applied, &[], Quality::Pending);
        let word = "trace-code/NoQualityRecord";
        let sale = FACTORY.sale("handed over in the middle of its repair");
        self.writer.refuse(Fault::Repair, word, sale, Operation::Sell { units: units.clone() });

        let mut replaces =
            FACTORY.assembly("breaker replaced").record(RecordKind::Repair, "RW-7501");
        replaces.step = "replacing".into();
        let installed = whole(&spare);
        let (parent, removed) = (cabinet.clone(), worn.clone());
        self.record(replaces, Operation::Replace { parent, removed, installed, reason });
        let scrap = FACTORY
            .scene(EventKind::Production, "worn breaker scrapped", "destroying")
            .epcis(EpcisType::Object, Some(Action::Delete))
            .disposition("destroyed");
        let reason = "beyond repair".to_string();
        self.record(scrap, Operation::Scrap { unit: worn.clone(), quantity: None, reason });
        self.writer.expect(Fault::Repair, &worn, Life::Destroyed, &[], Quality::Passed);
        let test = self
            .checked("test after repair", RecordKind::FactoryTest, "FT-7501-R")
            .parameters(&[("opening time", "28.415 ms")]);
        self.record(test, Operation::Observe { units });
        self.writer.expect(Fault::Repair, &cabinet, Life::Active, &[], Quality::Passed);
    }

    /// A hand-over that never was; and a declaration that would pull the ground from under a cabinet.
    pub(super) fn record_by_mistake(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        self.writer.chapter("An event recorded by mistake", "误录事件");
        let (fault, reason) = (Fault::WrongEvent, ErrorReason::DidNotOccur);
        let cabinet = self.finished[0].code.code.clone();
        let sale = FACTORY.sale("handed over, says the wrong line of a list");
        let wrong = self.writer.record(sale, Operation::Sell { units: vec![cabinet.clone()] });
        self.writer.expect(fault, &cabinet, Life::Sold, &[], Quality::Passed);
        self.writer.declare(FACTORY.id, &wrong, reason, &[], None);
        self.writer.expect(fault, &cabinet, Life::Active, &[], Quality::Passed);
        let depends = Some("assembly-graph/DownstreamDependency");
        let built = self.breaker_events[0].clone();
        self.writer.declare(FACTORY.id, &built, reason, &[], depends);
    }
}
