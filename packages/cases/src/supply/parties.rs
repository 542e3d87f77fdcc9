//! Who takes part in the story of the supply chain.

use suyuan_trace_api::event::RecordKind;
use suyuan_trace_api::participant::SourceKind;

use crate::site::Site;
use crate::story::{Scene, Writer};

pub(super) const WIRE_WORKS: Site = Site {
    id: "jiangnan-wire",
    cell: "N31E120",
    longitude: "120.301668",
    latitude: "31.574729",
    operator: "冯国栋 Feng Guodong",
    inspector: "邓丽君 Deng Lijun",
};
pub(super) const STEEL_WORKS: Site = Site {
    id: "baoshan-lamination",
    cell: "N31E121",
    longitude: "121.489612",
    latitude: "31.405457",
    operator: "许建平 Xu Jianping",
    inspector: "曾慧 Zeng Hui",
};
pub(super) const STATOR_WORKS: Site = Site {
    id: "wuxi-stators",
    cell: "N31E120",
    longitude: "120.352411",
    latitude: "31.491169",
    operator: "彭海涛 Peng Haitao",
    inspector: "潘晓燕 Pan Xiaoyan",
};
pub(super) const MOTOR_WORKS: Site = Site {
    id: "suzhou-motors",
    cell: "N31E120",
    longitude: "120.742317",
    latitude: "31.278936",
    operator: "蒋伟 Jiang Wei",
    inspector: "蔡文静 Cai Wenjing",
};
pub(super) const WAREHOUSE: Site = Site {
    id: "taicang-warehouse",
    cell: "N31E121",
    longitude: "121.130550",
    latitude: "31.457735",
    operator: "余德海 Yu Dehai",
    inspector: "叶春梅 Ye Chunmei",
};
pub(super) const CARRIER: Site = Site {
    id: "huning-logistics",
    cell: "N31E120",
    longitude: "120.585294",
    latitude: "31.299758",
    operator: "程大勇 Cheng Dayong",
    inspector: "程大勇 Cheng Dayong",
};
pub(super) const SELLER: Site = Site {
    id: "minhang-drives",
    cell: "N31E121",
    longitude: "121.381709",
    latitude: "31.112813",
    operator: "苏婷 Su Ting",
    inspector: "丁浩 Ding Hao",
};
pub(super) const REGULATOR: &str = "market-quality";
pub(super) const BOARD_MAKER: &str = "hefei-boards";

/// Stations of the two factories: source, machine, and what it does.
pub(super) const WINDING: Station = Station { source: "st-10-winding", machine: "winder-4" };
pub(super) const VARNISH: Station = Station { source: "st-20-varnish", machine: "oven-2" };
pub(super) const STATOR_TEST: Station = Station { source: "st-30-test", machine: "surge-tester-1" };
pub(super) const ASSEMBLY: Station = Station { source: "st-40-assembly", machine: "press-in-3" };
pub(super) const END_TEST: Station = Station { source: "st-50-end-test", machine: "dyno-1" };

/// A station with a controller of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Station {
    /// Its source.
    pub source: &'static str,
    /// Its machine.
    pub machine: &'static str,
}

pub(super) fn join(writer: &mut Writer) {
    writer.chapter("Participants and data sources", "参与方与数据接入源");
    for (id, name, role) in [
        (WIRE_WORKS.id, "江南电磁线 Jiangnan Wire", "supplier"),
        (STEEL_WORKS.id, "宝山冲片 Baoshan Lamination", "supplier"),
        (STATOR_WORKS.id, "无锡定子 Wuxi Stators", "manufacturer"),
        (MOTOR_WORKS.id, "苏州电机 Suzhou Motors", "manufacturer"),
        (BOARD_MAKER, "合肥电路 Hefei Boards", "supplier"),
        (WAREHOUSE.id, "太仓仓储 Taicang Warehouse", "service-platform"),
        (CARRIER.id, "沪宁物流 Huning Logistics", "carrier"),
        (SELLER.id, "闵行传动 Minhang Drives", "seller"),
        (REGULATOR, "市场质量监督 Market Quality", "regulator"),
    ] {
        writer.join(id, name, &[role]);
    }
    for station in [WINDING, VARNISH, STATOR_TEST] {
        writer.source(STATOR_WORKS.id, station.source, SourceKind::Plc);
    }
    for station in [ASSEMBLY, END_TEST] {
        writer.source(MOTOR_WORKS.id, station.source, SourceKind::Plc);
    }
    writer.source(WAREHOUSE.id, "wms-taicang", SourceKind::Erp);
}

/// Demand, contract and price behind an order: commitments, with the order's number in clear.
pub(super) fn contracted(scene: Scene, order: &str, terms: &str) -> Scene {
    scene.document("po", order).hidden(RecordKind::Contract, terms)
}
