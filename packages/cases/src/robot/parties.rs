//! Who takes part in the robot's story.

use suyuan_trace_api::participant::SourceKind;

use super::{source, BENCH, MES};
use crate::story::Writer;

pub(super) const FACTORY: &str = "haiyuan-robotics";
pub(super) const STEELWORKS: &str = "donghai-steel";
pub(super) const BEARINGS: &str = "luoyang-bearings";
pub(super) const INSPECTOR: &str = "huadong-inspection";
pub(super) const CARRIER: &str = "changjiang-logistics";
pub(super) const DEALER: &str = "lingang-robot-mart";
pub(super) const REGULATOR: &str = "market-regulation";

pub(super) fn join(writer: &mut Writer) {
    writer.chapter("Participants and data sources", "参与方与数据接入源");
    for (id, name, role) in [
        (FACTORY, "海源机器人 Haiyuan Robotics", "manufacturer"),
        (STEELWORKS, "东海钢铁 Donghai Steel", "supplier"),
        (BEARINGS, "洛阳轴承 Luoyang Bearings", "supplier"),
        ("jinlong-motors", "金龙电机 Jinlong Motors", "supplier"),
        (INSPECTOR, "华东检测 Huadong Inspection", "inspector"),
        (CARRIER, "长江物流 Changjiang Logistics", "carrier"),
        (DEALER, "临港机器人市场 Lingang Robot Mart", "seller"),
        (REGULATOR, "市场监管 Market Regulation", "regulator"),
    ] {
        writer.join(id, name, &[role]);
    }
    writer.step(source(MES, SourceKind::Mes));
    writer.step(source(BENCH, SourceKind::Sensor));
}

/// Coarse cell of a participant's site.
pub(super) fn cell(participant: &str) -> &'static str {
    match participant {
        STEELWORKS => "N29E121",
        BEARINGS => "N34E112",
        CARRIER => "N30E120",
        _ => "N30E121",
    }
}
