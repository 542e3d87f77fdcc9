//! Classes of the story of the power equipment, with their kinds of Annex C.

use suyuan_trace_api::code::{ClassKind, Tracking};

use super::parties::{COPPER_MILL, FACTORY, PLATER};
use crate::goods::{by_weight, class};
use crate::story::Writer;

pub(super) const COPPER: &str = "copper-t2";
pub(super) const SHEET: &str = "steel-sheet-2mm";
pub(super) const RESIN: &str = "epoxy-resin-cy225";
pub(super) const FILLER: &str = "quartz-filler-w12";
pub(super) const BLANK: &str = "contact-blank-d60";
pub(super) const BUSBAR: &str = "busbar-80x10-bare";
pub(super) const PLATED: &str = "busbar-80x10-silver";
pub(super) const CONTACT: &str = "contact-d60";
pub(super) const INSULATOR: &str = "insulator-12kv";
pub(super) const INTERRUPTER: &str = "vacuum-interrupter-12kv";
pub(super) const RELAY: &str = "protection-relay-pr3";
pub(super) const FASTENER: &str = "bolt-m10x30-a4";
pub(super) const BREAKER: &str = "breaker-vs1-12";
pub(super) const MACHINES: [&str; 3] =
    ["machine-bending-cell", "machine-casting-autoclave", "machine-hv-bench"];
/// The models: the first twice in four cabinets, the others once each.
pub(super) const MODELS: [&str; 3] =
    ["cabinet-kyn28-12-1250", "cabinet-kyn28-12-3150", "cabinet-xgn66-12-630"];

/// Codes of a class of lots.
const LOTS: u32 = 16;
/// Pieces beside those that the cabinets need: for a repair, and those that are never finished.
const SPARE: u32 = 4;

pub(super) fn register(writer: &mut Writer, cabinets: u32) {
    use ClassKind::{
        Blank, Component, Equipment, GeneralPurchasedPart, ImportantPurchasedPart,
        KeyPurchasedPart, OutsourcedPart, Product, RawMaterial, SelfMadePart,
    };
    use Tracking::{Lot, Serial};
    writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
    for (owner, id, name, specification) in [
        (COPPER_MILL.id, COPPER, "铜材 copper", "T2 Y"),
        (FACTORY.id, SHEET, "钢板 steel sheet", "SPCC 2 mm"),
        (FACTORY.id, RESIN, "环氧树脂 epoxy resin", "CY 225"),
        (FACTORY.id, FILLER, "石英粉 quartz filler", "W12"),
    ] {
        writer.class(owner, by_weight(id, RawMaterial, name, specification), LOTS);
    }
    let plated = class(PLATED, OutsourcedPart, Lot, "镀银母线 plated busbar", "80x10 Ag 8 um");
    writer.class(PLATER.id, plated, LOTS);
    let pieces = cabinets + SPARE;
    for (id, kind, tracking, name, specification, count) in [
        (BLANK, Blank, Lot, "触头毛坯 contact blank", "d60", LOTS),
        (BUSBAR, SelfMadePart, Lot, "母线 busbar", "80x10", LOTS),
        (CONTACT, SelfMadePart, Lot, "触头 contact", "d60 CuCr50", LOTS),
        (INSULATOR, SelfMadePart, Lot, "绝缘子 insulator", "12 kV", LOTS),
        (INTERRUPTER, KeyPurchasedPart, Serial, "真空灭弧室 interrupter", "12 kV", 3 * pieces),
        (RELAY, ImportantPurchasedPart, Serial, "保护继电器 relay", "PR3", pieces),
        (FASTENER, GeneralPurchasedPart, Lot, "螺栓 bolt", "M10x30 A4-80", LOTS),
        (BREAKER, Component, Serial, "断路器 breaker", "VS1-12", pieces),
        (MODELS[0], Product, Serial, "开关柜 cabinet", "KYN28A-12/1250", pieces),
        (MODELS[1], Product, Serial, "开关柜 cabinet", "KYN28A-12/3150", pieces),
        (MODELS[2], Product, Serial, "环网柜 ring main unit", "XGN66-12/630", pieces),
        (MACHINES[0], Equipment, Serial, "母线机 bending cell", "BM303", 2),
        (MACHINES[1], Equipment, Serial, "浇注罐 casting autoclave", "APG-8", 2),
        (MACHINES[2], Equipment, Serial, "高压试验台 HV bench", "HVT-100", 2),
    ] {
        writer.class(FACTORY.id, class(id, kind, tracking, name, specification), count);
    }
}
