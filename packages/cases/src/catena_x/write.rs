//! From a genealogy to a story.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{
    AlternateId, Input, NewUnit, OnConflict, Operation, MAX_OPERATION_UNITS,
};
use suyuan_trace_api::code::{ClassKind, NewClass, Tracking, ALPHABET};
use suyuan_trace_api::digest::{frame, Digest};
use suyuan_trace_api::event::{Action, EpcisType, EventKind};
use suyuan_trace_api::text::check_id;

use crate::genealogy::{Child, Genealogy, Part};
use crate::story::{Scene, Story, Writer, IMPORTER_ROLE};

/// Scheme of the alternate id under which a unit keeps its id in the file.
pub const ALTERNATE_SCHEME: &str = "catena-x";

/// Participant that records: the witness of what the file says.
pub const IMPORTER: &str = "catena-x-importer";

/// Maker of parts of which the document names none.
const UNDECLARED: &str = "undeclared";

/// Parts that one event puts into a whole at the most; the rest follows in further events.
const PARTS_CHUNK: usize = MAX_OPERATION_UNITS - 1;

/// Unit of measure of parts with a serial number of which a line names another count than one.
const PIECES: &str = "H87";

/// Characters of the document's digest in the prefixes of its codes: two documents on one chain differ in them.
const PREFIX_CHARS: usize = 5;
/// Characters of the document's digest in the ids of its classes.
const CLASS_CHARS: usize = 8;

/// Units that one commissioning event brings into being at the most.
const COMMISSION_CHUNK: usize = 16;

/// 2026-01-05 00:00 UTC: when the import's events are dated.
const START_MS: u64 = 1_767_571_200_000;

/// Tells the genealogy as a story: makers join, classes and codes are issued, parts without children are
/// commissioned, all others assembled from what is there. Another document tells a story that can be played on the
/// same chain, as long as the two share no part.
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
    document: Digest,
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
        let document = document(genealogy);
        let seed = format!("catena-x/{document}");
        let lots = genealogy.parts().iter().filter(|part| part.tracking == Tracking::Lot);
        let lots: BTreeSet<&str> = lots.map(|part| part.id.as_str()).collect();
        Self {
            genealogy,
            document,
            uoms: units_of_measure(genealogy, &lots),
            writer: Writer::new(&seed, START_MS).with_prefix(&prefix(&document)),
            classes: BTreeMap::new(),
            codes: BTreeMap::new(),
            lots,
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
        self.writer.join(IMPORTER, "Catena-X importer", &[IMPORTER_ROLE]);
        let makers: BTreeSet<&str> =
            self.genealogy.parts().iter().filter_map(|part| part.maker.as_deref()).collect();
        // A name that is no id of the registry stays a declared supplier.
        let registrable =
            |maker: &&str| ![IMPORTER, UNDECLARED].contains(maker) && check_id("id", maker).is_ok();
        for maker in makers.into_iter().filter(registrable) {
            self.writer.join(maker, maker, &["manufacturer"]);
        }
    }

    fn register_classes(&mut self) {
        self.writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
        let mut counts: BTreeMap<ClassKey<'a>, (u32, &'a Part)> = BTreeMap::new();
        for part in self.genealogy.parts() {
            counts.entry(self.key(part)).or_insert((0, part)).0 += 1;
        }
        let document: String = hex(&self.document).take(CLASS_CHARS).collect();
        for (number, (key, (count, part))) in counts.into_iter().enumerate() {
            let kind = id_text(key.part_number.unwrap_or("untyped"));
            let id = format!("cx-{document}-{:04}-{kind}", number + 1);
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
            let unit = self.unit(part);
            let whole = unit.code.code.clone();
            let parts: Vec<Input> = part.children.iter().map(|child| self.input(child)).collect();
            let mut chunks = parts.chunks(PARTS_CHUNK).map(<[Input]>::to_vec);
            let scene = || scene("imported from a document", EpcisType::Association, "assembling");
            let on_conflict = OnConflict::Dispute;
            if let Some(parts) = chunks.next() {
                self.writer.record(scene(), Operation::Assemble { unit, parts, on_conflict });
            }
            for parts in chunks {
                let parent = whole.clone();
                self.writer.record(scene(), Operation::Install { parent, parts, on_conflict });
            }
        }
    }

    fn input(&self, child: &Child) -> Input {
        let id = child.id.as_str();
        // One piece of a piece says nothing; a measured piece keeps its measure.
        let says = self.lots.contains(id) || self.uoms.contains_key(id);
        let quantity = child.quantity.filter(|_| says);
        Input { code: self.codes[id].clone(), quantity, group: None }
    }

    fn unit(&mut self, part: &'a Part) -> NewUnit {
        let mut unit = self.writer.unit(&self.classes[&self.key(part)]);
        unit.maker = Some(part.maker.clone().unwrap_or_else(|| UNDECLARED.into()));
        unit.lot_number = part.instance.clone();
        unit.production_date = part.production_date.clone();
        unit.alternate_ids =
            vec![AlternateId { scheme: ALTERNATE_SCHEME.into(), value: part.id.clone() }];
        self.codes.insert(part.id.as_str(), unit.code.code.clone());
        unit
    }
}

/// What tells this document from others: its parts.
fn document(genealogy: &Genealogy) -> Digest {
    let mut bytes = vec![];
    for part in genealogy.parts() {
        frame(&mut bytes, part.id.as_bytes());
    }
    Digest::of(&[b"suyuan/catena-x/1", &bytes])
}

fn hex(digest: &Digest) -> impl Iterator<Item = char> {
    digest
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .into_iter()
        .flat_map(|b| [b.as_bytes()[0], b.as_bytes()[1]])
        .map(char::from)
}

/// `D` and some characters of the digest. No code of another story begins with `D`.
fn prefix(document: &Digest) -> String {
    let letters = document.bytes().iter().take(PREFIX_CHARS);
    let letters = letters.map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()]));
    std::iter::once('D').chain(letters).collect()
}

/// Units of measure of the document, and pieces where a line counts a part with a serial number otherwise than once.
fn units_of_measure<'a>(
    genealogy: &'a Genealogy,
    lots: &BTreeSet<&str>,
) -> BTreeMap<&'a str, &'a str> {
    let mut uoms = genealogy.units_of_measure();
    for child in genealogy.parts().iter().flat_map(|part| &part.children) {
        let counted = child.quantity.is_some_and(|quantity| quantity != Amount::ONE);
        if counted && !lots.contains(child.id.as_str()) {
            uoms.entry(child.id.as_str()).or_insert(PIECES);
        }
    }
    uoms
}

fn scene(name: &str, epcis_type: EpcisType, step: &str) -> Scene {
    Scene::new(IMPORTER, EventKind::Production, name, step, "N48E011")
        .epcis(epcis_type, Some(Action::Add))
        .disposition("active")
        .operator("import")
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
