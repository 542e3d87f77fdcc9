//! What goes wrong on the way to the motor, where it is told to.

use suyuan_trace_api::assembly::campaign::{CampaignKind, HolderAnswer};
use suyuan_trace_api::assembly::{NewUnit, OnConflict, Operation, Quality};
use suyuan_trace_api::code::{Life, Overlay};
use suyuan_trace_api::event::{ErrorReason, EventKind, GapPolicy, RecordKind};
use suyuan_trace_api::participant::SourceKind;

use super::classes::STATOR;
use super::parties::{CARRIER, MOTOR_WORKS, REGULATOR, SELLER, STATOR_WORKS};
use super::Chain;
use crate::fault::Fault;
use crate::goods::{some, whole};
use crate::story::{made_up, CampaignAct, Scene, Step};

/// The recall of motors with bearings that may seize.
pub const RECALL: &str = "RECALL-9901";
/// Who configures what becomes of gaps.
const PROCESS_ENGINEER: &str = "huning-process";
/// The tracker of the vehicle to the seller.
const TRACKER: &str = "tracker-hu-c-117";
/// Cell of the market office.
const MARKET: &str = "N31E121";

impl Chain {
    /// A stator with more wire than was delivered.
    pub(super) fn take_too_much(&mut self) {
        if !self.faults.has(Fault::WrongQuantity) {
            return;
        }
        let stator = self.writer.unit(STATOR);
        let parts = vec![some(&self.wire, 4 * self.count + 1), some(&self.steel, 1)];
        let scene = STATOR_WORKS.assembly("stator with more wire than there is");
        let on_conflict = OnConflict::Refuse;
        let operation = Operation::Assemble { unit: stator, parts, on_conflict };
        self.writer.refuse(Fault::WrongQuantity, "assembly-graph/Insufficient", scene, operation);
    }

    /// A motor that was never built: declared wrong, its parts are free again and its code is void.
    pub(super) fn record_by_mistake(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        self.writer.chapter("A motor recorded by mistake", "误录的装配事件");
        let (fault, reason) = (Fault::WrongEvent, ErrorReason::DidNotOccur);
        let motor = self.new_motor();
        let (code, stator) = (motor.code.code.clone(), self.stators[0].clone());
        let parts = vec![whole(&stator), whole(&self.boards[0]), some(&self.bearings, 2)];
        let scene = MOTOR_WORKS.assembly("motor assembled, says the wrong shift");
        let on_conflict = OnConflict::Refuse;
        let built = Operation::Assemble { unit: motor, parts, on_conflict };
        let wrong = self.writer.record(scene, built);
        self.writer.expect(fault, &stator, Life::InUse, &[], Quality::Passed);
        self.writer.expect(fault, &code, Life::Applied, &[], Quality::Pending);
        self.writer.declare(MOTOR_WORKS.id, &wrong, reason, &[], None);
        self.writer.expect(fault, &stator, Life::Active, &[], Quality::Passed);
        self.writer.expect(fault, &code, Life::Voided, &[], Quality::Pending);
    }

    /// Motors that nobody made, under a made-up code and under a copied one.
    pub(super) fn counterfeit(&mut self) {
        let label = self.motors[0].clone();
        if self.faults.has(Fault::ForgedCode) {
            let fake = NewUnit { code: made_up(&label.code), ..label.clone() };
            let scene = MOTOR_WORKS.commissioning("motor under a forged code");
            let operation = Operation::Commission { units: vec![fake] };
            self.writer.refuse(Fault::ForgedCode, "trace-code/NotMember", scene, operation);
        }
        if self.faults.has(Fault::CopiedCode) {
            let scene = MOTOR_WORKS.commissioning("motor under the copy of a code");
            let operation = Operation::Commission { units: vec![label] };
            self.writer.refuse(Fault::CopiedCode, "assembly-graph/UnitExists", scene, operation);
        }
    }

    /// The second motor comes back with a dead board: replaced at the seller's, tested, sold again.
    pub(super) fn repair(&mut self) {
        if !self.faults.has(Fault::Repair) {
            return;
        }
        self.writer.chapter("A motor is repaired", "电机返修");
        let motor = self.motors[1].code.code.clone();
        let units = vec![motor.clone()];
        let back = SELLER
            .scene(EventKind::Inbound, "came back broken", "receiving")
            .document("rma", "RMA-9801")
            .disposition("returned");
        self.record(back, Operation::Undo { units: units.clone() });
        let begins = SELLER
            .scene(EventKind::Production, "repair begins", "repairing")
            .record(RecordKind::Abnormality, "dead-board")
            .disposition("needs_replacement");
        let reason = "board dead".to_string();
        self.record(begins, Operation::Rework { units: units.clone(), reason: reason.clone() });
        self.writer.expect(Fault::Repair, &motor, Life::Applied, &[], Quality::Pending);
        let sale = SELLER.sale("sold in the middle of its repair");
        let sell = Operation::Sell { units: units.clone() };
        self.writer.refuse(Fault::Repair, "trace-code/NoQualityRecord", sale, sell);

        let spare = self.boards[self.boards.len() - 1].clone();
        let dead = self.boards[1].clone();
        self.send_spare(&spare);
        let mut replaces = SELLER.assembly("board replaced").record(RecordKind::Repair, "RW-9801");
        replaces.step = "replacing".into();
        let (parent, removed, installed) = (motor.clone(), dead.clone(), whole(&spare));
        self.record(replaces, Operation::Replace { parent, removed, installed, reason });
        self.writer.expect(Fault::Repair, &dead, Life::Active, &[], Quality::Passed);
        self.writer.expect(Fault::Repair, &spare, Life::InUse, &[], Quality::Passed);
        let test = SELLER
            .inspection("test after repair")
            .record(RecordKind::FactoryTest, "FT-9801-R")
            .parameters(&[("no-load current", "0.8125 A")]);
        self.record(test, Operation::Observe { units });
        self.writer.expect(Fault::Repair, &motor, Life::Active, &[], Quality::Passed);
    }

    fn send_spare(&mut self, spare: &str) {
        let units = vec![spare.to_string()];
        let out = MOTOR_WORKS.outbound("spare part sent", &SELLER);
        let (load, to) = (units.clone(), SELLER.id.to_string());
        self.record(out, Operation::Ship { units: load, to, ownership: true });
        let inbound = SELLER.inbound("spare part received", &MOTOR_WORKS);
        self.record(inbound, Operation::Receive { units });
    }

    /// The bearings fail after the motors are with their users: all motors are recalled, the one that is left is
    /// not sold.
    pub(super) fn find_a_defect(&mut self) {
        if !self.faults.has(Fault::DefectiveBatch) {
            return;
        }
        self.writer.chapter("A lot of bearings is recalled", "轴承批次召回");
        let (fault, word) = (Fault::DefectiveBatch, "trace-code/OverlayBlocks");
        let lot = self.bearings.clone();
        let fails = MOTOR_WORKS
            .failure("bearings kept back fail a life test")
            .record(RecordKind::Abnormality, "NCR-9901")
            .parameters(&[("hours to failure", "311.75 h")]);
        self.record(fails, Operation::Observe { units: vec![lot.clone()] });
        let marked = [Overlay::NonConformant];
        self.writer.expect(fault, &lot, Life::Active, &marked, Quality::Failed);
        let motor = self.new_motor();
        let (parts, on_conflict) = (vec![some(&lot, 2)], OnConflict::Refuse);
        let scene = MOTOR_WORKS.assembly("motor with a bearing in doubt");
        let operation = Operation::Assemble { unit: motor, parts, on_conflict };
        self.writer.refuse(fault, word, scene, operation);

        let motors: Vec<String> = self.motors.iter().map(|unit| unit.code.code.clone()).collect();
        let why = ("NCR-9901", "bearings may seize");
        self.writer.open_campaign(REGULATOR, RECALL, CampaignKind::Recall, why, &motors);
        self.writer.campaign(SELLER.id, RECALL, CampaignAct::Answer(HolderAnswer::Accepted));
        let marked = [Overlay::Recalled];
        let unsold = motors[motors.len() - 2].clone();
        self.writer.expect(fault, &unsold, Life::Active, &marked, Quality::Passed);
        self.writer.expect(fault, &motors[0], Life::Sold, &marked, Quality::Passed);
        let sale = SELLER.sale("sold in spite of the recall");
        let sell = Operation::Sell { units: vec![unsold] };
        self.writer.refuse(fault, word, sale, sell);
    }

    /// The seller's papers say that a board is in one motor; the factory's own record has it in another. The claim is
    /// kept beside the record, believed by nobody, until the regulator has looked.
    pub(super) fn claim_twice(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        self.writer.chapter("Two papers claim one part", "同一零件被两份单据认领");
        let (motor, board) = (self.motors[2].code.code.clone(), self.boards[3].clone());
        let claim = SELLER.assembly("board of a motor, says the service sheet");
        let (parent, parts) = (motor.clone(), vec![whole(&board)]);
        let on_conflict = OnConflict::Dispute;
        self.record(claim, Operation::Install { parent, parts, on_conflict });
        self.writer.expect(Fault::WrongEvent, &board, Life::InUse, &[], Quality::Passed);
        let kind = EventKind::QualityInspection;
        let looks = Scene::new(REGULATOR, kind, "label of the board read", "inspecting", MARKET)
            .operator("inspector of the market office");
        self.writer.settle(looks, (&motor, &board), false, "another board is in this motor");
        self.writer.expect(Fault::WrongEvent, &board, Life::InUse, &[], Quality::Passed);
        self.writer.expect(Fault::WrongEvent, &motor, Life::Active, &[], Quality::Passed);
    }

    /// The vehicle's tracker loses the line in a tunnel. Its gaps are marked, not refused: a reading comes in late.
    pub(super) fn lose_the_line(&mut self, load: &[String]) {
        if !self.faults.has(Fault::MissingUpload) {
            return;
        }
        let engineer = PROCESS_ENGINEER;
        self.writer.join(engineer, "沪宁过程 Huning Process", &["process-engineer"]);
        self.writer.source(CARRIER.id, TRACKER, SourceKind::Sensor);
        self.writer.step(Step::GapPolicy {
            by: engineer.into(),
            source: TRACKER.into(),
            policy: GapPolicy::Mark,
        });
        let reading = |air: &str| {
            let scene = CARRIER
                .scene(EventKind::Transport, "tracker reading", "sensor_reporting")
                .disposition("in_transit")
                .by_source(TRACKER)
                .parameters(&[("air", air)]);
            (scene, Operation::Observe { units: load.to_vec() })
        };
        let (lost, next) = (reading("17.375 Cel in the tunnel"), reading("18.625 Cel behind it"));
        self.writer.late(lost, next);
    }

    /// A declaration that would pull the ground from under the motors: their bearings were never inspected, it says.
    pub(super) fn declare_with_consequences(&mut self) {
        if !self.faults.has(Fault::WrongEvent) {
            return;
        }
        let (coded, reason) = (self.bearings_event.clone(), ErrorReason::DidNotOccur);
        let depends = Some("assembly-graph/DownstreamDependency");
        self.writer.declare(MOTOR_WORKS.id, &coded, reason, &[], depends);
    }
}
