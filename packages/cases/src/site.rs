//! Where a participant of a case works and who is on duty there: what scenes of one place have in common.

use suyuan_trace_api::event::{Action, EpcisType, EventKind, Outcome};

use crate::story::Scene;

/// A participant's site. Cell and id are in clear, everything else stays hidden.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Participant.
    pub id: &'static str,
    /// Coarse cell.
    pub cell: &'static str,
    /// Longitude in degrees, six decimal places.
    pub longitude: &'static str,
    /// Latitude in degrees, six decimal places.
    pub latitude: &'static str,
    /// Who works there.
    pub operator: &'static str,
    /// Who inspects there.
    pub inspector: &'static str,
}

impl Site {
    /// Something is observed here.
    pub fn scene(&self, kind: EventKind, name: &str, step: &str) -> Scene {
        Scene::new(self.id, kind, name, step, self.cell)
            .position(self.longitude, self.latitude)
            .operator(self.operator)
            .disposition("in_progress")
    }

    /// Units come into being under their codes.
    pub fn commissioning(&self, name: &str) -> Scene {
        self.scene(EventKind::Production, name, "commissioning").adds().disposition("active")
    }

    /// Inputs become outputs.
    pub fn transformation(&self, name: &str) -> Scene {
        self.scene(EventKind::Production, name, "creating_class_instance").transforms()
    }

    /// A whole is built of parts.
    pub fn assembly(&self, name: &str) -> Scene {
        self.scene(EventKind::Production, name, "assembling").joins()
    }

    /// An inspection that passes.
    pub fn inspection(&self, name: &str) -> Scene {
        self.scene(EventKind::QualityInspection, name, "inspecting")
            .operator(self.inspector)
            .outcome(Outcome::Pass)
            .disposition("conformant")
    }

    /// An inspection that fails.
    pub fn failure(&self, name: &str) -> Scene {
        self.inspection(name).outcome(Outcome::Fail).disposition("non_conformant")
    }

    /// Purchased parts pass their incoming inspection and get the buyer's code (Annex C).
    pub fn incoming(&self, name: &str) -> Scene {
        let mut scene = self.inspection(name).adds();
        scene.step = "commissioning".into();
        scene.disposition("active")
    }

    /// A supplier's lot passes its incoming inspection and becomes an inspection lot of the buyer.
    pub fn recoded(&self, name: &str) -> Scene {
        let mut scene = self.inspection(name).transforms();
        scene.step = "accepting".into();
        scene.disposition("active")
    }

    /// Goods leave for somebody.
    pub fn outbound(&self, name: &str, to: &Site) -> Scene {
        self.scene(EventKind::Outbound, name, "shipping")
            .disposition("in_transit")
            .between(self.id, to.id)
    }

    /// Goods arrive from somebody.
    pub fn inbound(&self, name: &str, from: &Site) -> Scene {
        self.scene(EventKind::Inbound, name, "receiving").between(from.id, self.id)
    }

    /// Goods are packed.
    pub fn packing(&self, name: &str) -> Scene {
        self.scene(EventKind::Production, name, "packing")
            .epcis(EpcisType::Aggregation, Some(Action::Add))
            .disposition("container_closed")
    }

    /// Goods are unpacked.
    pub fn unpacking(&self, name: &str) -> Scene {
        self.scene(EventKind::Inbound, name, "unpacking")
            .epcis(EpcisType::Aggregation, Some(Action::Delete))
            .disposition("container_open")
    }

    /// Goods are sold to their user.
    pub fn sale(&self, name: &str) -> Scene {
        self.scene(EventKind::Sale, name, "retail_selling").disposition("retail_sold")
    }
}
