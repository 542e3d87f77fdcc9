//! Hand-overs: carrier with its route, warehouse with its stock.

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{Action, EpcisType, EventKind, ResourceKind};

use super::classes::PALLET_CLASS;
use super::parties::{contracted, CARRIER, MOTOR_WORKS, SELLER, STATOR_WORKS, WAREHOUSE};
use super::{Chain, CHUNK, PALLET};
use crate::site::Site;

/// A drive: vehicle, and a place on the way.
#[derive(Clone, Copy, Debug)]
struct Drive {
    vehicle: &'static str,
    longitude: &'static str,
    latitude: &'static str,
    cell: &'static str,
}

const TO_MOTOR_WORKS: Drive = Drive {
    vehicle: "truck-SU-B-204",
    longitude: "120.618873",
    latitude: "31.402751",
    cell: "N31E120",
};
const TO_SELLER: Drive = Drive {
    vehicle: "truck-HU-C-117",
    longitude: "121.224915",
    latitude: "31.328406",
    cell: "N31E121",
};

impl Chain {
    /// Custody goes by way of the carrier, ownership with the invoice.
    pub(super) fn send_stators(&mut self) {
        self.writer.chapter("Stators travel to the second factory", "定子运往二厂");
        for load in self.stators.clone().chunks(CHUNK) {
            self.hand_over(&STATOR_WORKS, &CARRIER, load, "DN-9150");
            self.drive(load, TO_MOTOR_WORKS);
            self.hand_over(&CARRIER, &MOTOR_WORKS, load, "DN-9150");
            let terms = "stator CNY 187.625 a piece, net 60 days";
            self.pass_title(&STATOR_WORKS, &MOTOR_WORKS, load, ("PO-9003", terms));
        }
    }

    /// Motors on pallets go to the warehouse, which counts them in.
    pub(super) fn store(&mut self) {
        self.writer.chapter("Warehouse", "仓储：入库、盘点、出库");
        let motors: Vec<String> = self.motors.iter().map(|unit| unit.code.code.clone()).collect();
        for load in motors.chunks(PALLET) {
            let pallet = self.writer.unit(PALLET_CLASS);
            let container = pallet.code.code.clone();
            self.pallets.push(container.clone());
            let made = MOTOR_WORKS.commissioning("pallet made ready");
            self.record(made, Operation::Commission { units: vec![pallet] });
            let packed = MOTOR_WORKS.packing("motors packed");
            self.record(packed, Operation::Pack { container, units: load.to_vec() });
        }
        let pallets = self.pallets.clone();
        for load in pallets.chunks(CHUNK) {
            self.hand_over(&MOTOR_WORKS, &WAREHOUSE, load, "DN-9400");
            for (name, step, stock) in [
                ("put on the shelf", "storing", "aisle 4, 18 pallets there before"),
                ("stock taken", "stock_taking", "aisle 4, counted and in order"),
                ("picked for an order", "picking", "aisle 4, taken from level 2"),
            ] {
                let scene = WAREHOUSE
                    .scene(EventKind::Inbound, name, step)
                    .by_source("wms-taicang")
                    .person("storekeeper", "董学文 Dong Xuewen")
                    .parameters(&[("stock", stock)]);
                self.record(scene, Operation::Observe { units: load.to_vec() });
            }
        }
    }

    pub(super) fn send_motors(&mut self) {
        self.writer.chapter("Motors travel to the seller", "电机运往销售商");
        let pallets = self.pallets.clone();
        for (number, load) in pallets.chunks(CHUNK).enumerate() {
            self.hand_over(&WAREHOUSE, &CARRIER, load, "DN-9500");
            if number == 0 {
                self.lose_the_line(load);
            }
            self.drive(load, TO_SELLER);
            self.hand_over(&CARRIER, &SELLER, load, "DN-9500");
            let terms = "motor CNY 612.875 a piece, 500 pieces a year";
            self.pass_title(&MOTOR_WORKS, &SELLER, load, ("PO-9600", terms));
        }
    }

    fn hand_over(&mut self, from: &Site, to: &Site, load: &[String], note: &str) {
        let out = from.outbound("goods handed over", to).document("desadv", note);
        let (units, target) = (load.to_vec(), to.id.to_string());
        self.record(out, Operation::Ship { units, to: target, ownership: false });
        let inbound = to.inbound("goods taken over", from).document("recadv", note);
        self.record(inbound, Operation::Receive { units: load.to_vec() });
    }

    /// The owner gives ownership to whoever has custody already.
    fn pass_title(&mut self, from: &Site, to: &Site, load: &[String], order: (&str, &str)) {
        let (number, terms) = order;
        let mut sold = from
            .outbound("sold to the next in the chain", to)
            .epcis(EpcisType::Transaction, Some(Action::Add))
            .document("inv", number);
        (sold.from, sold.to) = (owner(from), owner(to));
        let (units, target) = (load.to_vec(), to.id.to_string());
        let ship = Operation::Ship { units, to: target, ownership: true };
        self.record(contracted(sold, number, terms), ship);
        let mut accepted = to
            .scene(EventKind::Inbound, "bought from the one before", "accepting")
            .epcis(EpcisType::Transaction, Some(Action::Add))
            .document("inv", number);
        (accepted.from, accepted.to) = (owner(from), owner(to));
        self.record(accepted, Operation::Receive { units: load.to_vec() });
    }

    /// The route, state by state, with the air in the vehicle.
    fn drive(&mut self, load: &[String], drive: Drive) {
        for (name, step, air) in [
            ("departed", "departing", "18.425 Cel, 61.375 %RH"),
            ("on the road", "transporting", "19.815 Cel, 58.225 %RH"),
            ("arrived", "arriving", "20.145 Cel, 57.615 %RH"),
        ] {
            let mut scene = CARRIER
                .scene(EventKind::Transport, name, step)
                .disposition("in_transit")
                .position(drive.longitude, drive.latitude)
                .person("driver", "程大勇 Cheng Dayong")
                .parameters(&[("air in the vehicle", air)])
                .resource(ResourceKind::Vehicle, drive.vehicle);
            scene.cell = drive.cell.into();
            self.record(scene, Operation::Observe { units: load.to_vec() });
        }
    }
}

fn owner(site: &Site) -> Option<(String, String)> {
    Some(("owning_party".into(), site.id.into()))
}
