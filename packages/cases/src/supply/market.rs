//! The seller: goods on offer, orders, contracts, a return and an export.

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{EventKind, RecordKind};

use super::parties::SELLER;
use super::{Chain, PALLET};
use crate::story::Scene;

/// Users and what they agreed, by turns.
const USERS: [(&str, &str); 3] = [
    ("松江泵业 Songjiang Pumps", "CNY 845.375 a piece, 2 years of warranty"),
    ("青浦风机 Qingpu Fans", "CNY 851.625 a piece, delivered"),
    ("奉贤输送 Fengxian Conveyors", "CNY 839.125 a piece, cash"),
];

impl Chain {
    pub(super) fn offer(&mut self) {
        self.writer.chapter("Terminal market", "终端市场");
        let motors: Vec<String> = self.motors.iter().map(|unit| unit.code.code.clone()).collect();
        for (container, load) in self.pallets.clone().into_iter().zip(motors.chunks(PALLET)) {
            let units = load.to_vec();
            let unpacked = SELLER.unpacking("motors unpacked");
            self.record(unpacked, Operation::Unpack { container, units: units.clone() });
            let offer = SELLER
                .scene(EventKind::TerminalMarket, "offered", "stocking")
                .disposition("sellable_accessible");
            self.record(offer, Operation::Observe { units });
        }
    }

    /// All but the last two are sold; the first comes back and is sold again; the last leaves the region.
    pub(super) fn sell(&mut self) {
        self.writer.chapter("Orders, contracts and users", "下单、销售合同与用户");
        let motors: Vec<String> = self.motors.iter().map(|unit| unit.code.code.clone()).collect();
        let (last, others) = (motors.len() - 1, motors.len() - 2);
        for (number, code) in motors[..others].iter().enumerate() {
            self.record(sale(number), Operation::Sell { units: vec![code.clone()] });
        }
        let first = vec![motors[0].clone()];
        let back = SELLER
            .scene(EventKind::Inbound, "came back unused", "receiving")
            .document("rma", "RMA-9701")
            .disposition("returned");
        self.record(back, Operation::Undo { units: first.clone() });
        let check = SELLER.inspection("returned motor looked at");
        self.record(check, Operation::Observe { units: first.clone() });
        self.record(sale(1), Operation::Sell { units: first });
        let export = SELLER
            .scene(EventKind::Sale, "shipped abroad", "departing")
            .disposition("in_transit")
            .document("bol", "BOL-9702")
            .hidden(RecordKind::Customer, "Saigon Machinery Import Export");
        self.record(export, Operation::Export { units: vec![motors[last].clone()] });
    }
}

fn sale(number: usize) -> Scene {
    let (user, terms) = USERS[number % USERS.len()];
    SELLER
        .sale("sold to its user")
        .document("inv", &format!("INV-97{number:03}"))
        .person("seller", "苏婷 Su Ting")
        .hidden(RecordKind::Customer, user)
        .hidden(RecordKind::Contract, terms)
}
