//! From the finished robot to its user.

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{Action, EpcisType, EventKind, RecordKind, ResourceKind};

use super::classes::CRATE;
use super::parties::{CARRIER, DEALER, FACTORY};
use super::{Plant, JOINTS};
use crate::goods::whole;

/// Goods of one hand-over at the most.
const LOAD: usize = 32;

impl Plant {
    pub(super) fn pack_and_ship(&mut self) {
        self.writer.chapter("Packing and transport", "包装、出库与物流运输");
        for robot in self.finished.clone() {
            let crate_unit = self.writer.unit(CRATE);
            let container = crate_unit.code.code.clone();
            self.crates.push(container.clone());
            let made = FACTORY.commissioning("crate made ready");
            self.record(made, Operation::Commission { units: vec![crate_unit] });
            let units = vec![robot.code.code];
            self.record(FACTORY.packing("robot packed"), Operation::Pack { container, units });
        }
        let spares = self.joints[(self.robots * JOINTS) as usize..].to_vec();
        let goods: Vec<String> = self.crates.iter().cloned().chain(spares).collect();
        for (from, to) in [(FACTORY, CARRIER), (CARRIER, DEALER)] {
            for load in goods.chunks(LOAD).map(<[String]>::to_vec) {
                let out = from.outbound("goods handed over", &to).document("desadv", "DN-5521");
                let ship =
                    Operation::Ship { units: load.clone(), to: to.id.into(), ownership: false };
                self.record(out, ship);
                let inbound = to.inbound("goods taken over", &from).document("desadv", "DN-5521");
                self.record(inbound, Operation::Receive { units: load.clone() });
                if to.id == CARRIER.id {
                    let drive = to
                        .scene(EventKind::Transport, "on the road", "transporting")
                        .disposition("in_transit")
                        .resource(ResourceKind::Vehicle, "truck-HU-A-7");
                    self.record(drive, Operation::Observe { units: load });
                }
            }
        }
        for load in goods.chunks(LOAD).map(<[String]>::to_vec) {
            self.pass_title(load);
        }
    }

    /// The dealer has custody already; ownership goes with the invoice.
    fn pass_title(&mut self, load: Vec<String>) {
        let owner = |id: &str| Some(("owning_party".to_string(), id.to_string()));
        let sold = [
            FACTORY.outbound("sold to the dealer", &DEALER),
            DEALER.scene(EventKind::Inbound, "bought from the factory", "accepting"),
        ];
        let [out, accepted] = sold.map(|mut scene| {
            (scene.from, scene.to) = (owner(FACTORY.id), owner(DEALER.id));
            scene
                .epcis(EpcisType::Transaction, Some(Action::Add))
                .document("inv", "INV-2990")
                .hidden(RecordKind::Contract, "CNY 171,250.00 per robot, net 30 days")
        });
        let to = DEALER.id.to_string();
        self.record(out, Operation::Ship { units: load.clone(), to, ownership: true });
        self.record(accepted, Operation::Receive { units: load });
    }

    pub(super) fn offer_and_replace(&mut self) {
        self.writer.chapter("Terminal market, and a joint replaced", "终端市场与补装配");
        for (container, robot) in self.crates.clone().into_iter().zip(self.finished.clone()) {
            let code = robot.code.code;
            let units = vec![code.clone()];
            self.record(DEALER.unpacking("robot unpacked"), Operation::Unpack { container, units });
            let offer = DEALER
                .scene(EventKind::TerminalMarket, "offered", "stocking")
                .disposition("sellable_accessible");
            self.record(offer, Operation::Observe { units: vec![code] });
        }
        let (robot, spare) = (self.finished[0].code.code.clone(), (self.robots * JOINTS) as usize);
        let mut repair = DEALER
            .assembly("joint replaced")
            .record(RecordKind::Repair, "RMA-0071")
            .record(RecordKind::Abnormality, "noise-axis-1");
        repair.step = "replacing".into();
        let operation = Operation::Replace {
            parent: robot.clone(),
            removed: self.joints[0].clone(),
            installed: whole(&self.joints[spare]),
            reason: "noise in axis 1".into(),
        };
        self.record(repair, operation);
        let test = DEALER
            .inspection("test after the replacement")
            .parameters(&[("repeatability", "0.0187 mm")]);
        self.record(test, Operation::Observe { units: vec![robot] });
    }

    pub(super) fn sell(&mut self) {
        self.writer.chapter("Sale", "销售");
        let mut sold = self.finished.clone();
        sold.pop();
        for robot in sold {
            let sale = DEALER
                .sale("sold to its user")
                .document("inv", "INV-3007")
                .hidden(RecordKind::Customer, "上海临港焊装有限公司 Lingang Welding Ltd")
                .hidden(RecordKind::Contract, "CNY 186,400.00 per robot");
            self.record(sale, Operation::Sell { units: vec![robot.code.code] });
        }
    }
}
