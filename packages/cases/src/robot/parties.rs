//! Who takes part in the robot's story.

use suyuan_trace_api::participant::SourceKind;

use super::{BENCH, MES};
use crate::site::Site;
use crate::story::Writer;

pub(super) const FACTORY: Site = Site {
    id: "haiyuan-robotics",
    cell: "N30E121",
    longitude: "121.549792",
    latitude: "30.868388",
    operator: "陈卫东 Chen Weidong",
    inspector: "林晓梅 Lin Xiaomei",
};
pub(super) const STEELWORKS: Site = Site {
    id: "donghai-steel",
    cell: "N29E121",
    longitude: "121.887412",
    latitude: "29.951077",
    operator: "王铁军 Wang Tiejun",
    inspector: "赵敏 Zhao Min",
};
pub(super) const BEARINGS: Site = Site {
    id: "luoyang-bearings",
    cell: "N34E112",
    longitude: "112.434468",
    latitude: "34.663041",
    operator: "孙宏伟 Sun Hongwei",
    inspector: "周丽华 Zhou Lihua",
};
pub(super) const INSPECTOR: Site = Site {
    id: "huadong-inspection",
    cell: "N30E121",
    longitude: "121.473701",
    latitude: "30.914416",
    operator: "徐静 Xu Jing",
    inspector: "徐静 Xu Jing",
};
pub(super) const CARRIER: Site = Site {
    id: "changjiang-logistics",
    cell: "N30E120",
    longitude: "120.155070",
    latitude: "30.274084",
    operator: "马国强 Ma Guoqiang",
    inspector: "马国强 Ma Guoqiang",
};
pub(super) const DEALER: Site = Site {
    id: "lingang-robot-mart",
    cell: "N30E121",
    longitude: "121.929312",
    latitude: "30.902765",
    operator: "何佳 He Jia",
    inspector: "郑凯 Zheng Kai",
};
pub(super) const REGULATOR: &str = "market-regulation";
pub(super) const MOTORS: &str = "jinlong-motors";

pub(super) fn join(writer: &mut Writer) {
    writer.chapter("Participants and data sources", "参与方与数据接入源");
    for (id, name, role) in [
        (FACTORY.id, "海源机器人 Haiyuan Robotics", "manufacturer"),
        (STEELWORKS.id, "东海钢铁 Donghai Steel", "supplier"),
        (BEARINGS.id, "洛阳轴承 Luoyang Bearings", "supplier"),
        (MOTORS, "金龙电机 Jinlong Motors", "supplier"),
        (INSPECTOR.id, "华东检测 Huadong Inspection", "inspector"),
        (CARRIER.id, "长江物流 Changjiang Logistics", "carrier"),
        (DEALER.id, "临港机器人市场 Lingang Robot Mart", "seller"),
        (REGULATOR, "市场监管 Market Regulation", "regulator"),
    ] {
        writer.join(id, name, &[role]);
    }
    writer.source(FACTORY.id, MES, SourceKind::Mes);
    writer.source(FACTORY.id, BENCH, SourceKind::Sensor);
}
