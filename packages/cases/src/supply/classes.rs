//! Classes of the story of the supply chain, with their kinds of Annex C.

use suyuan_trace_api::code::{ClassKind, Tracking};

use super::parties::{MOTOR_WORKS, STATOR_WORKS, STEEL_WORKS, WIRE_WORKS};
use super::PALLET;
use crate::goods::{by_weight, class};
use crate::story::Writer;

pub(super) const WIRE: &str = "wire-qz-0.71";
pub(super) const STEEL: &str = "lamination-35w300";
pub(super) const STATOR: &str = "stator-ys90";
pub(super) const BOARD: &str = "control-board-cb2";
pub(super) const BEARING: &str = "bearing-6203-purchased";
pub(super) const MOTOR: &str = "motor-ys90-1k5";
pub(super) const PALLET_CLASS: &str = "pallet-1200x800";

/// Codes of a class of lots.
const LOTS: u32 = 8;
/// Pieces beside those that are sold: for a repair, and those that are never finished.
const SPARE: u32 = 4;

pub(super) fn register(writer: &mut Writer, count: u32) {
    use ClassKind::{
        Component, GeneralPurchasedPart, KeyPurchasedPart, Packaging, Product, RawMaterial,
    };
    use Tracking::{Lot, Serial};
    writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
    let wire = by_weight(WIRE, RawMaterial, "电磁线 enamelled wire", "QZ-2/130 0.71 mm");
    writer.class(WIRE_WORKS.id, wire, LOTS);
    let steel = by_weight(STEEL, RawMaterial, "硅钢冲片 lamination", "35W300");
    writer.class(STEEL_WORKS.id, steel, LOTS);
    let stator = class(STATOR, Component, Serial, "定子 stator", "YS90");
    writer.class(STATOR_WORKS.id, stator, count + SPARE);
    let pallets = count.div_ceil(PALLET as u32);
    for (id, kind, tracking, name, specification, pieces) in [
        (BOARD, KeyPurchasedPart, Serial, "控制板 control board", "CB2", count + SPARE),
        (BEARING, GeneralPurchasedPart, Lot, "轴承 bearing", "6203-2Z", LOTS),
        (MOTOR, Product, Serial, "电机 motor", "YS90-1.5 kW", count + SPARE),
        (PALLET_CLASS, Packaging, Serial, "托盘 pallet", "1200x800", pallets),
    ] {
        writer.class(MOTOR_WORKS.id, class(id, kind, tracking, name, specification), pieces);
    }
}
