//! What goes wrong on the way to the robot, where it is told to.

use suyuan_trace_api::assembly::campaign::CampaignKind;
use suyuan_trace_api::assembly::{NewUnit, OnConflict, Operation, Quality};
use suyuan_trace_api::code::{Life, Overlay};
use suyuan_trace_api::event::{Action, EpcisType, ErrorReason, EventKind, RecordKind};

use super::classes::{GEAR, JOINT};
use super::parties::{DEALER, FACTORY, INSPECTOR, REGULATOR};
use super::{Plant, JOINTS};
use crate::fault::Fault;
use crate::goods::{some, whole};
use crate::story::{made_up, CampaignAct, Scene};

/// The hold on joints with bearings in doubt.
const HOLD: &str = "HOLD-2026-004";

impl Plant {
    /// More steel than the heats hold.
    pub(super) fn take_too_much(&mut self) {
        if !self.faults.has(Fault::WrongQuantity) {
            return;
        }
        let gears = self.writer.lot(GEAR, "GEAR-0399", "2026-03-01", 10);
        let inputs = vec![some(&self.steel[0], 401 * self.robots)];
        let scene = FACTORY.transformation("gears out of more steel than there is");
        let operation = Operation::Transform { inputs, outputs: vec![gears] };
        self.writer.refuse(Fault::WrongQuantity, "assembly-graph/Insufficient", scene, operation);
    }

    /// The second bearing lot fails a re-inspection: what holds it is held until another laboratory clears it.
    pub(super) fn find_a_defect(&mut self) {
        if !self.faults.has(Fault::DefectiveBatch) {
            return;
        }
        self.writer.chapter("A bearing lot in doubt", "轴承批次存疑");
        let lot = self.bearings[1].clone();
        let fails = FACTORY
            .failure("re-inspection of bearings")
            .record(RecordKind::Abnormality, "NCR-2026-004")
            .parameters(&[("ring crack", "0.3142 mm")]);
        self.record(fails, Operation::Observe { units: vec![lot.clone()] });
        let marked = [Overlay::NonConformant];
        self.writer.expect(Fault::DefectiveBatch, &lot, Life::Active, &marked, Quality::Failed);
        let joint = self.writer.unit(JOINT);
        let parts = vec![some(&self.gears, 1), some(&lot, 1)];
        let on_conflict = OnConflict::Refuse;
        let word = "trace-code/OverlayBlocks";
        let scene = FACTORY.assembly("joint with a bearing of the lot in doubt");
        let operation = Operation::Assemble { unit: joint, parts, on_conflict };
        self.writer.refuse(Fault::DefectiveBatch, word, scene, operation);

        let half = (self.robots / 2 * JOINTS) as usize;
        let held = self.joints[half..].to_vec();
        let why = ("NCR-2026-004", "bearings in doubt");
        self.writer.open_campaign(REGULATOR, HOLD, CampaignKind::Hold, why, &held);
        let (one, marked) = (held[0].clone(), [Overlay::Held]);
        self.writer.expect(Fault::DefectiveBatch, &one, Life::Active, &marked, Quality::Passed);
        let robot = self.new_robot();
        let scene = FACTORY.assembly("robot with a joint on hold");
        let parts = vec![whole(&one)];
        let operation = Operation::Assemble { unit: robot, parts, on_conflict };
        self.writer.refuse(Fault::DefectiveBatch, word, scene, operation);

        let clears = INSPECTOR
            .inspection("laboratory clears the bearings")
            .parameters(&[("ultrasonic", "no finding above 0.0512 mm")]);
        self.record(clears, Operation::Observe { units: vec![lot.clone()] });
        self.writer.expect(Fault::DefectiveBatch, &lot, Life::Active, &[], Quality::Passed);
        let reason = "cleared by the laboratory".to_string();
        let close = CampaignAct::Close { reason, units: held.len() };
        self.writer.campaign(REGULATOR, HOLD, close);
        self.writer.expect(Fault::DefectiveBatch, &one, Life::Active, &[], Quality::Passed);
    }

    /// The bench's tests, the first upload of which gets lost at first.
    pub(super) fn upload_tests(&mut self, tests: Vec<(Scene, Operation)>) {
        let mut tests = tests.into_iter();
        if self.faults.has(Fault::MissingUpload) {
            if let (Some(lost), Some(next)) = (tests.next(), tests.next()) {
                self.writer.gap("event-log/Gap", lost, next);
            }
        }
        for (scene, operation) in tests {
            self.record(scene, operation);
        }
    }

    /// Robots that nobody made, under a made-up code and under a copied one.
    pub(super) fn counterfeit(&mut self) {
        let label = self.finished[0].clone();
        if self.faults.has(Fault::ForgedCode) {
            let fake = NewUnit { code: made_up(&label.code), ..label.clone() };
            let scene = FACTORY.commissioning("robot under a forged code");
            let operation = Operation::Commission { units: vec![fake] };
            self.writer.refuse(Fault::ForgedCode, "trace-code/NotMember", scene, operation);
        }
        if self.faults.has(Fault::CopiedCode) {
            let scene = FACTORY.commissioning("robot under the copy of a code");
            let operation = Operation::Commission { units: vec![label] };
            self.writer.refuse(Fault::CopiedCode, "assembly-graph/UnitExists", scene, operation);
        }
    }

    /// The last robot goes back to the bench: it may not be sold before it is tested again.
    pub(super) fn repair(&mut self) {
        if !self.faults.has(Fault::Repair) {
            return;
        }
        self.writer.chapter("The last robot is repaired", "末台机器人返修");
        let robot = self.finished[self.finished.len() - 1].code.code.clone();
        let spare = self.joints[self.joints.len() - 1].clone();
        let worn = self.joints[((self.robots - 1) * JOINTS) as usize].clone();
        let mut begins = DEALER
            .scene(EventKind::Production, "repair begins", "repairing")
            .record(RecordKind::Abnormality, "axis-1-play");
        begins.disposition = Some("needs_replacement".into());
        let (units, reason) = (vec![robot.clone()], "play in axis 1".to_string());
        self.record(begins, Operation::Rework { units: units.clone(), reason: reason.clone() });
        self.writer.expect(Fault::Repair, &robot, Life::Applied, &[], Quality::Pending);
        let sale = DEALER.sale("sold in the middle of its repair");
        let sell = Operation::Sell { units: units.clone() };
        self.writer.refuse(Fault::Repair, "trace-code/NoQualityRecord", sale, sell);

        let mut replaces = DEALER.assembly("joint replaced").record(RecordKind::Repair, "RMA-0072");
        replaces.step = "replacing".into();
        let installed = whole(&spare);
        let replace =
            Operation::Replace { parent: robot.clone(), removed: worn.clone(), installed, reason };
        self.record(replaces, replace);
        let scrap = DEALER
            .scene(EventKind::Production, "worn joint scrapped", "destroying")
            .epcis(EpcisType::Object, Some(Action::Delete))
            .disposition("destroyed");
        let dispose = Operation::Dispose { units: vec![worn], destroyed: true };
        self.record(scrap, dispose);
        let test =
            DEALER.inspection("test after repair").record(RecordKind::FactoryTest, "FT-R-01");
        self.record(test, Operation::Observe { units });
        self.writer.expect(Fault::Repair, &robot, Life::Active, &[], Quality::Passed);
    }

    /// A sale that never was.
    pub(super) fn record_by_mistake(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        self.writer.chapter("A sale recorded by mistake", "误录的销售");
        let robot = self.finished[self.finished.len() - 1].code.code.clone();
        let sale = DEALER.sale("sold, says the wrong line of a list").document("inv", "INV-3099");
        let sell = Operation::Sell { units: vec![robot.clone()] };
        let wrong = self.writer.record(sale, sell);
        self.writer.expect(Fault::WrongEvent, &robot, Life::Sold, &[], Quality::Passed);
        let because = ErrorReason::DidNotOccur;
        self.writer.declare(DEALER.id, &wrong, because, &[], None);
        self.writer.expect(Fault::WrongEvent, &robot, Life::Active, &[], Quality::Passed);
    }

    /// A declaration that would pull the ground from under a robot.
    pub(super) fn declare_with_consequences(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        let (joint, reason) = (self.joint_events[1].clone(), ErrorReason::DidNotOccur);
        let depends = Some("assembly-graph/DownstreamDependency");
        self.writer.declare(FACTORY.id, &joint, reason, &[], depends);
    }
}
