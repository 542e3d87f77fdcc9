//! A new label, the way to the user, and the hand-over.

use suyuan_trace_api::assembly::Operation;
use suyuan_trace_api::event::{EventKind, RecordKind, ResourceKind};

use super::build::project;
use super::parties::{ordered, CARRIER, FACTORY};
use super::{Plant, CHUNK};

impl Plant {
    /// The label of the second cabinet is scratched: the same cabinet goes on under another code.
    pub(super) fn relabel(&mut self) {
        self.writer.chapter("A label replaced", "换签");
        let old = self.finished[1].code.code.clone();
        let new = self.new_cabinet(1);
        self.finished[1] = new.clone();
        let code = new.code.code.clone();
        let scene = FACTORY.scene(EventKind::Production, "label replaced", "encoding").adds();
        let reason = "label scratched".to_string();
        let relabel = Operation::Relabel { unit: old, new: Box::new(new), reason };
        self.record(scene.disposition("encoded"), relabel);
        let check = self.checked("label read", RecordKind::FactoryTest, "FT-LABEL-1");
        self.record(check, Operation::Observe { units: vec![code] });
    }

    pub(super) fn deliver(&mut self) {
        self.writer.chapter("Delivery to the users", "发运与交付用户");
        let cabinets: Vec<String> =
            self.finished.iter().map(|unit| unit.code.code.clone()).collect();
        for load in cabinets.chunks(CHUNK).map(<[String]>::to_vec) {
            let out = FACTORY.outbound("cabinets loaded", &CARRIER).document("desadv", "DN-7600");
            let (units, to) = (load.clone(), CARRIER.id.into());
            self.record(out, Operation::Ship { units, to, ownership: false });
            let taken = CARRIER.inbound("cabinets taken over", &FACTORY);
            self.record(taken, Operation::Receive { units: load.clone() });
            for (name, step, longitude, latitude) in [
                ("departed", "departing", "114.902318", "38.304471"),
                ("on the road", "transporting", "115.118204", "38.517736"),
                ("arrived", "arriving", "116.231947", "39.127085"),
            ] {
                let scene = CARRIER
                    .scene(EventKind::Transport, name, step)
                    .disposition("in_transit")
                    .position(longitude, latitude)
                    .person("driver", "胡大海 Hu Dahai")
                    .resource(ResourceKind::Vehicle, "truck-JI-A-31");
                self.record(scene, Operation::Observe { units: load.clone() });
            }
        }
        for (number, code) in cabinets.into_iter().enumerate() {
            let sale = FACTORY.sale("handed over to the user").document("inv", "INV-7610");
            let scene = ordered(sale, project(number as u32));
            self.record(scene, Operation::Sell { units: vec![code] });
        }
    }
}
