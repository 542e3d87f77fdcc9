//! Who takes part in the story of the power equipment.

use suyuan_trace_api::event::RecordKind;
use suyuan_trace_api::participant::{ParticipantKind, SourceKind};

use super::{BENCH, CLIMATE, MES};
use crate::site::Site;
use crate::story::{Scene, Writer};

pub(super) const FACTORY: Site = Site {
    id: "huabei-switchgear",
    cell: "N38E115",
    longitude: "115.464523",
    latitude: "38.873891",
    operator: "李建国 Li Jianguo",
    inspector: "张秀英 Zhang Xiuying",
};
pub(super) const COPPER_MILL: Site = Site {
    id: "tongling-copper",
    cell: "N30E117",
    longitude: "117.812079",
    latitude: "30.945429",
    operator: "吴德明 Wu Deming",
    inspector: "郭芳 Guo Fang",
};
pub(super) const PLATER: Site = Site {
    id: "langfang-plating",
    cell: "N39E116",
    longitude: "116.683752",
    latitude: "39.538047",
    operator: "杨志刚 Yang Zhigang",
    inspector: "黄玉兰 Huang Yulan",
};
pub(super) const LAB: Site = Site {
    id: "grid-test-institute",
    cell: "N39E116",
    longitude: "116.407526",
    latitude: "39.904030",
    operator: "高文博 Gao Wenbo",
    inspector: "高文博 Gao Wenbo",
};
pub(super) const CARRIER: Site = Site {
    id: "taihang-freight",
    cell: "N38E114",
    longitude: "114.514862",
    latitude: "38.042307",
    operator: "胡大海 Hu Dahai",
    inspector: "胡大海 Hu Dahai",
};
/// The engineer who witnesses tests: a person among the participants, known by a number only.
pub(super) const ENGINEER: Site = Site {
    id: "engineer-0417",
    cell: "N38E115",
    longitude: "115.464781",
    latitude: "38.873602",
    operator: "刘志远 Liu Zhiyuan",
    inspector: "刘志远 Liu Zhiyuan",
};
pub(super) const VACUUM: &str = "baoji-vacuum";
pub(super) const REGULATOR: &str = "energy-regulation";
pub(super) const PROJECTS: [&str; 2] = ["PRJ-SUBSTATION-17", "PRJ-METRO-9"];
pub(super) const ORDERS: [&str; 2] = ["SO-2026-1101", "SO-2026-1102"];

/// Customers and what their contracts say, by project.
const CUSTOMERS: [(&str, &str); 2] = [
    ("冀北电力公司 Jibei Power Company", "CNY 1,284,600.00 for the lot, 30 % down"),
    ("城市轨道交通九号线 Metro Line Nine Ltd", "CNY 968,250.00 for the lot, 20 % down"),
];

pub(super) fn join(writer: &mut Writer) {
    writer.chapter("Participants and data sources", "参与方与数据接入源");
    for (id, name, role) in [
        (FACTORY.id, "华北开关 Huabei Switchgear", "manufacturer"),
        (COPPER_MILL.id, "铜陵铜业 Tongling Copper", "supplier"),
        (PLATER.id, "廊坊电镀 Langfang Plating", "supplier"),
        (VACUUM, "宝鸡真空 Baoji Vacuum", "supplier"),
        (LAB.id, "电网试验院 Grid Test Institute", "inspector"),
        (CARRIER.id, "太行货运 Taihang Freight", "carrier"),
        (REGULATOR, "能源监管 Energy Regulation", "regulator"),
    ] {
        writer.join(id, name, &[role]);
    }
    writer.join_as(ParticipantKind::Person, ENGINEER.id, ENGINEER.operator, &["inspector"]);
    writer.source(FACTORY.id, MES, SourceKind::Mes);
    writer.source(FACTORY.id, BENCH, SourceKind::Plc);
    writer.source(FACTORY.id, CLIMATE, SourceKind::Sensor);
}

/// Annex B.1 on top: project in clear, customer and contract as commitments.
pub(super) fn ordered(scene: Scene, project: usize) -> Scene {
    let (customer, contract) = CUSTOMERS[project];
    scene
        .project(PROJECTS[project])
        .document("prodorder", ORDERS[project])
        .record(RecordKind::Project, PROJECTS[project])
        .hidden(RecordKind::Customer, customer)
        .hidden(RecordKind::Contract, contract)
}

/// The surroundings of a process: temperature and humidity, different at every event.
pub(super) fn surroundings(scene: Scene, number: u32) -> Scene {
    let (whole, part) = (21 + number % 4, 137 + number * 29 % 800);
    let air = format!("{whole}.{part:03} Cel, {}.{part:03} %RH", 44 + number % 7);
    scene.hidden(RecordKind::Environment, &air)
}
