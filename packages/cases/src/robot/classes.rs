//! Classes of the robot's story, with their kinds of Annex C.

use suyuan_trace_api::code::{ClassKind, Tracking};

use super::parties::{BEARINGS, FACTORY, STEELWORKS};
use super::JOINTS;
use crate::goods::{by_weight, class};
use crate::story::Writer;

pub(super) const STEEL: &str = "steel-42crmo4";
pub(super) const BEARING_STEEL: &str = "steel-100cr6";
/// The maker's class of bearings.
pub(super) const BEARING: &str = "bearing-6205";
/// The buyer's class of the same bearings: a purchased part.
pub(super) const BEARING_IN: &str = "bearing-6205-purchased";
pub(super) const MOTOR: &str = "servo-motor-400w";
pub(super) const CONTROLLER: &str = "controller-rc6";
pub(super) const SCREW: &str = "screw-m6x20";
pub(super) const GEAR: &str = "gear-m1-z40";
pub(super) const ARM: &str = "arm-link-600";
pub(super) const JOINT: &str = "joint-j40";
pub(super) const ROBOT: &str = "robot-hy6-1400";
pub(super) const CRATE: &str = "crate-hy6";

/// Codes of a class of lots.
const LOTS: u32 = 8;
/// Joints beside those of the robots: the spare, one for a repair, one that is never finished.
const SPARE_JOINTS: u32 = 3;
/// Robots beside those that are made: one that is never finished.
const SPARE_ROBOTS: u32 = 1;

pub(super) fn register(writer: &mut Writer, robots: u32) {
    use ClassKind::{
        Component, GeneralPurchasedPart, ImportantPurchasedPart, KeyPurchasedPart, Packaging,
        Product, RawMaterial, SelfMadePart,
    };
    use Tracking::{Lot, Serial};
    writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
    let steel = |id, name, specification| by_weight(id, RawMaterial, name, specification);
    writer.class(STEELWORKS.id, steel(STEEL, "合金钢 alloy steel", "42CrMo4"), LOTS);
    writer.class(BEARINGS.id, steel(BEARING_STEEL, "轴承钢 bearing steel", "100Cr6"), LOTS);
    let bearing = class(BEARING, SelfMadePart, Lot, "轴承 bearing", "6205-2RS P5");
    writer.class(BEARINGS.id, bearing, LOTS);
    let joints = robots * JOINTS + SPARE_JOINTS;
    for (id, kind, tracking, name, specification, count) in [
        (BEARING_IN, GeneralPurchasedPart, Lot, "轴承 bearing", "6205-2RS P5", LOTS),
        (MOTOR, KeyPurchasedPart, Serial, "伺服电机 servo motor", "400 W, 48 V", joints),
        (CONTROLLER, ImportantPurchasedPart, Serial, "控制器 controller", "RC6", robots),
        (SCREW, GeneralPurchasedPart, Lot, "螺钉 screw", "ISO 4762 M6x20 12.9", LOTS),
        (GEAR, SelfMadePart, Lot, "齿轮 gear", "module 1, 40 teeth", LOTS),
        (ARM, SelfMadePart, Lot, "臂 arm link", "600 mm", LOTS),
        (JOINT, Component, Serial, "关节 joint", "J40", joints),
        (ROBOT, Product, Serial, "工业机器人 industrial robot", "HY6-1400", robots + SPARE_ROBOTS),
        (CRATE, Packaging, Serial, "包装箱 crate", "HY6", robots),
    ] {
        writer.class(FACTORY.id, class(id, kind, tracking, name, specification), count);
    }
}
