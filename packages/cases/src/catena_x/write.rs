//! From a genealogy to a story.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::assembly::{AlternateId, Input, NewUnit, OnConflict, Operation};
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking};
use suyuan_trace_api::event::{Action, EpcisType, EventKind, Outcome};

use crate::genealogy::{Genealogy, Part};
use crate::story::{Scene, Story, Writer};

/// Scheme of the alternate id under which a unit keeps its id in the file.
pub const ALTERNATE_SCHEME: &str = "catena-x";

/// Participant that records: the witness of what the file says.
const IMPORTER: &str = "catena-x-importer";

/// Units that one commissioning event brings into being at the most.
const COMMISSION_CHUNK: usize = 16;

/// 2026-01-05 00:00 UTC: when the import's events are dated.
const START_MS: u64 = 1_767_571_200_000;

/// Tells the genealogy as a story: makers join, classes and codes are issued, parts without children are
/// commissioned, all others assembled from what is there.
pub fn story(genealogy: &Genealogy) -> Story {
    let mut teller = Teller::new(genealogy);
    teller.join_makers();
    teller.register_classes();
    teller.commission();
    teller.assemble();
    teller.writer.finish()
}

struct Teller<'a> {
    genealogy: &'a Genealogy,
    uoms: BTreeMap<&'a str, &'a str>,
    writer: Writer,
    classes: BTreeMap<ClassKey<'a>, String>,
    codes: BTreeMap<&'a str, String>,
    lots: BTreeSet<&'a str>,
}

/// Parts of one class: same maker, part number, granularity and unit of measure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ClassKey<'a> {
    maker: Option<&'a str>,
    part_number: Option<&'a str>,
    lot: bool,
    uom: Option<&'a str>,
    product: bool,
}

impl<'a> Teller<'a> {
    fn new(genealogy: &'a Genealogy) -> Self {
        Self {
            genealogy,
            uoms: genealogy.units_of_measure(),
            writer: Writer::new("catena-x", START_MS),
            classes: BTreeMap::new(),
            codes: BTreeMap::new(),
            lots: genealogy
                .parts()
                .iter()
                .filter(|part| part.tracking == Tracking::Lot)
                .map(|part| part.id.as_str())
                .collect(),
        }
    }

    fn key(&self, part: &'a Part) -> ClassKey<'a> {
        ClassKey {
            maker: part.maker.as_deref(),
            part_number: part.part_number.as_deref(),
            lot: part.tracking == Tracking::Lot,
            uom: self.uoms.get(part.id.as_str()).copied(),
            product: part.product,
        }
    }

    fn join_makers(&mut self) {
        self.writer.chapter("Participants of the document", "文件中的参与方");
        self.writer.join(IMPORTER, "Catena-X importer", &["manufacturer"]);
        let makers: BTreeSet<&str> =
            self.genealogy.parts().iter().filter_map(|part| part.maker.as_deref()).collect();
        for maker in makers {
            self.writer.join(maker, maker, &["manufacturer"]);
        }
    }

    fn register_classes(&mut self) {
        self.writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
        let mut counts: BTreeMap<ClassKey<'a>, (u32, &'a Part)> = BTreeMap::new();
        for part in self.genealogy.parts() {
            counts.entry(self.key(part)).or_insert((0, part)).0 += 1;
        }
        for (number, (key, (count, part))) in counts.into_iter().enumerate() {
            let id =
                format!("cx-{:04}-{}", number + 1, id_text(key.part_number.unwrap_or("untyped")));
            let (kind, tracking) = match (key.lot, key.product) {
                (true, _) => (ClassKind::RawMaterial, Tracking::Lot),
                (false, true) => (ClassKind::Product, Tracking::Serial),
                (false, false) => (ClassKind::Component, Tracking::Serial),
            };
            let class = NewClass {
                id: id.clone(),
                kind,
                tracking,
                name: part.name.clone().unwrap_or_else(|| "untyped twin".into()),
                specification: key.part_number.unwrap_or("untyped").to_string(),
                product_id: None,
                uom: key.uom.map(ToString::to_string),
                shelf_life_days: None,
            };
            self.writer.class(IMPORTER, class, count);
            self.classes.insert(key, id);
        }
    }

    fn commission(&mut self) {
        self.writer.chapter("Parts without parts of their own", "无下级的零部件");
        let leaves: Vec<&'a Part> =
            self.genealogy.parts().iter().filter(|part| part.children.is_empty()).collect();
        for chunk in leaves.chunks(COMMISSION_CHUNK) {
            let units = chunk.iter().map(|part| self.unit(part)).collect();
            let scene = scene("imported from a document", EpcisType::Object, "commissioning");
            self.writer.record(scene, Operation::Commission { units });
        }
    }

    fn assemble(&mut self) {
        self.writer.chapter("Assemblies as built", "装配关系");
        for part in self.genealogy.parts().iter().filter(|part| !part.children.is_empty()) {
            let parts = part
                .children
                .iter()
                .map(|child| Input {
                    code: self.codes[child.id.as_str()].clone(),
                    // One piece of a piece says nothing; a measured piece keeps its measure.
                    quantity: child
                        .quantity
                        .filter(|_| self.lots.contains(child.id.as_str()) || child.uom.is_some()),
                })
                .collect();
            let unit = self.unit(part);
            let scene = scene("imported from a document", EpcisType::Association, "assembling");
            let on_conflict = OnConflict::Dispute;
            self.writer.record(scene, Operation::Assemble { unit, parts, on_conflict });
        }
    }

    fn unit(&mut self, part: &'a Part) -> NewUnit {
        let mut unit = self.writer.unit(&self.classes[&self.key(part)]);
        unit.maker = Some(part.maker.clone().unwrap_or_else(|| "undeclared".into()));
        unit.lot_number = part.instance.as_deref().map(id_text);
        unit.production_date = part.production_date.clone();
        unit.alternate_ids =
            vec![AlternateId { scheme: ALTERNATE_SCHEME.into(), value: part.id.clone() }];
        self.codes.insert(part.id.as_str(), unit.code.code.clone());
        unit
    }
}

fn scene(name: &str, epcis_type: EpcisType, step: &str) -> Scene {
    Scene {
        actor: IMPORTER.into(),
        source: None,
        kind: EventKind::Production,
        name: name.into(),
        epcis_type,
        action: Some(Action::Add),
        step: step.into(),
        disposition: Some("active".into()),
        outcome: Outcome::Done,
        cell: "N48E011".into(),
        operator: "import".into(),
        documents: vec![],
        resources: vec![],
        parameters: vec![],
        project: None,
    }
}

/// A text as an identifier: what is not visible ASCII becomes `-`, and the length is cut.
fn id_text(text: &str) -> String {
    let clean = |c: char| match c {
        '"' | '\'' | '\\' => '-',
        c if c.is_ascii_graphic() => c,
        _ => '-',
    };
    text.chars().map(clean).take(100).collect()
}
