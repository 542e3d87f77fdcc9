//! Classes of the robot's story, with their kinds of Annex C.

use suyuan_trace_api::code::{ClassKind, Tracking};

use super::parties::{BEARINGS, FACTORY, STEELWORKS};
use super::{class, JOINTS};
use crate::story::Writer;

pub(super) const STEEL: &str = "steel-42crmo4";
pub(super) const BEARING_STEEL: &str = "steel-100cr6";
pub(super) const BEARING: &str = "bearing-6205";
pub(super) const MOTOR: &str = "servo-motor-400w";
pub(super) const CONTROLLER: &str = "controller-rc6";
pub(super) const SCREW: &str = "screw-m6x20";
pub(super) const GEAR: &str = "gear-m1-z40";
pub(super) const ARM: &str = "arm-link-600";
pub(super) const JOINT: &str = "joint-j40";
pub(super) const ROBOT: &str = "robot-hy6-1400";
pub(super) const CRATE: &str = "crate-hy6";

pub(super) fn register(writer: &mut Writer, robots: u32) {
    writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
    let lots = 8;
    let steel = |id, name, specification| {
        let mut class = class(id, ClassKind::RawMaterial, Tracking::Lot, name, specification);
        class.uom = Some("KGM".into());
        class
    };
    writer.class(STEELWORKS, steel(STEEL, "合金钢 alloy steel", "42CrMo4"), lots);
    writer.class(BEARINGS, steel(BEARING_STEEL, "轴承钢 bearing steel", "100Cr6"), lots);
    for (owner, id, kind, tracking, name, specification, count) in [
        (
            BEARINGS,
            BEARING,
            ClassKind::GeneralPurchasedPart,
            Tracking::Lot,
            "轴承 bearing",
            "6205-2RS P5",
            lots,
        ),
        (
            FACTORY,
            MOTOR,
            ClassKind::KeyPurchasedPart,
            Tracking::Serial,
            "伺服电机 servo motor",
            "400 W, 48 V",
            robots * JOINTS + 1,
        ),
        (
            FACTORY,
            CONTROLLER,
            ClassKind::ImportantPurchasedPart,
            Tracking::Serial,
            "控制器 controller",
            "RC6",
            robots,
        ),
        (
            FACTORY,
            SCREW,
            ClassKind::GeneralPurchasedPart,
            Tracking::Lot,
            "螺钉 screw",
            "ISO 4762 M6x20 12.9",
            lots,
        ),
        (
            FACTORY,
            GEAR,
            ClassKind::SelfMadePart,
            Tracking::Lot,
            "齿轮 gear",
            "module 1, 40 teeth",
            lots,
        ),
        (FACTORY, ARM, ClassKind::SelfMadePart, Tracking::Lot, "臂 arm link", "600 mm", lots),
        (
            FACTORY,
            JOINT,
            ClassKind::Component,
            Tracking::Serial,
            "关节 joint",
            "J40",
            robots * JOINTS + 1,
        ),
        (
            FACTORY,
            ROBOT,
            ClassKind::Product,
            Tracking::Serial,
            "工业机器人 industrial robot",
            "HY6-1400",
            robots,
        ),
        (FACTORY, CRATE, ClassKind::Packaging, Tracking::Serial, "包装箱 crate", "HY6", robots),
    ] {
        writer.class(owner, class(id, kind, tracking, name, specification), count);
    }
}
