//! From a plan to a story: classes, codes, events with their commitments.

mod classes;
mod fields;
mod scene;
mod unit;

use std::collections::BTreeMap;

use suyuan_cases::story::{Declaration, Recording, Step, Story, Writer, IMPORTER_ROLE};
use suyuan_trace_api::assembly::{AlternateId, Input, NewUnit, OnConflict, Operation};
use suyuan_trace_api::digest::{frame, Digest};
use suyuan_trace_api::event::correction::MAX_CORRECTIVE_IDS;
use suyuan_trace_api::event::{Action, EpcisType, ErrorReason};
use suyuan_trace_api::fields::EPCIS_HASH;
use suyuan_trace_api::text::{check_event_id, check_id};

use crate::event::{Event, Term};
use crate::evidence::Algorithm;
use crate::fault::{Fault, Note};
use crate::plan::{self, Act, Before, Deed, Given, Plan, Rules, Unit};
use crate::read::Document;

/// Participant that records: the witness of what documents say.
pub const IMPORTER: &str = "epcis-importer";
/// Scheme of the alternate id under which a unit keeps its id in the document.
pub const ALTERNATE_SCHEME: &str = "epcis";
/// Maker of units of which the document names none.
const UNDECLARED: &str = "undeclared";
/// Role of parties that the document names.
const PARTY_ROLE: &str = "manufacturer";
/// Characters of an id on the chain.
const MAX_ID: usize = suyuan_trace_api::text::MAX_ID;

/// How a document is told.
#[derive(Clone)]
pub struct Options {
    /// How events are planned.
    pub rules: Rules,
    /// Whoever holds it can show the fields behind the commitments; from it come the salts.
    pub secret: [u8; 32],
}

/// The secret is not printed.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// What became of one event of the document.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place among the events, from 0.
    pub index: usize,
    /// Its id on the chain; `None` where it is left out.
    pub event_id: Option<String>,
    /// What it does, or why it is left out.
    pub outcome: Result<String, Fault>,
}

/// A document as a story.
#[derive(Clone, Debug)]
pub struct Import {
    /// The story: participants, classes and codes, events.
    pub story: Story,
    /// What became of each event.
    pub rows: Vec<Row>,
    /// Taken otherwise than written.
    pub notes: Vec<Note>,
    /// Units with the id that they have in the document, and where it stands.
    pub units: Vec<Unit>,
}

/// Tells a document as a story.
///
/// # Errors
/// With [`plan::OnError::Stop`] the first fault of an event: nothing of the document is told.
pub fn tell(document: &Document, options: &Options) -> Result<Import, Fault> {
    tell_after(document, options, &Before::default())
}

/// Tells a document to a chain that knows some of its units and events already.
///
/// # Errors
/// As [`tell`].
pub fn tell_after(
    document: &Document,
    options: &Options,
    before: &Before,
) -> Result<Import, Fault> {
    let plan = plan::plan(&document.events, options.rules, before)?;
    let mut teller = Teller::new(document, options, before, &plan);
    teller.join();
    teller.classes();
    teller.events();
    let mut notes = plan.notes.clone();
    let good = document.events.iter().filter_map(|event| event.as_ref().ok());
    notes.extend(good.flat_map(|event| event.notes.iter().cloned()));
    notes.append(&mut teller.notes);
    let rows = teller.rows();
    let units = plan.units.values().cloned().collect();
    Ok(Import { story: teller.writer.finish(), rows, notes, units })
}

/// The fields behind the payload of an event with their salts, so that they can be shown one by one. `None` where the
/// event has more fields than a commitment takes.
pub fn sealed(event: &Event, secret: &[u8; 32]) -> Option<suyuan_trace_api::fields::Sealed> {
    fields::sealed(&event.whole, &event.hash, secret)
}

struct Teller<'a> {
    document: &'a Document,
    options: &'a Options,
    plan: &'a Plan,
    writer: Writer,
    classes: BTreeMap<String, String>,
    digest: Digest,
    codes: BTreeMap<String, String>,
    notes: Vec<Note>,
    verbs: BTreeMap<usize, Vec<String>>,
    parts: BTreeMap<(usize, bool), u32>,
}

impl<'a> Teller<'a> {
    fn new(document: &'a Document, options: &'a Options, before: &Before, plan: &'a Plan) -> Self {
        let digest = named_by(document, before);
        let seed = format!("epcis/{digest}");
        let code = |(id, unit): (&String, &Unit)| Some((id.clone(), unit.code.clone()?));
        let start = document.events.iter().flatten().map(|event| event.time.ms()).min();
        let start = u64::try_from(start.unwrap_or_default()).unwrap_or_default();
        Self {
            document,
            options,
            plan,
            writer: Writer::new(&seed, start).with_prefix(&classes::prefix(&digest)),
            classes: BTreeMap::new(),
            digest,
            codes: plan.units.iter().filter_map(code).collect(),
            notes: vec![],
            verbs: BTreeMap::new(),
            parts: BTreeMap::new(),
        }
    }

    fn event(&self, index: usize) -> Option<&'a Event> {
        self.document.events.get(index)?.as_ref().ok()
    }

    /// The importer, and the parties that the document names.
    fn join(&mut self) {
        self.writer.chapter("Participants of the document", "文件中的参与方");
        self.writer.join(IMPORTER, "EPCIS importer", &[IMPORTER_ROLE]);
        let told = |index: usize| self.plan.acts.iter().any(|act| act.event == index);
        let events = self.document.events.iter().flatten().filter(|event| told(event.index));
        let parties = events.flat_map(|event| event.sources.iter().chain(&event.destinations));
        let mut ids: Vec<String> = parties
            .filter(|party| party.kind != Some(Term::Word("location")))
            .map(|party| party.id.text())
            .filter(|id| check_id("id", id).is_ok() && id != IMPORTER)
            .collect();
        ids.sort();
        ids.dedup();
        for id in ids {
            self.writer.join(&id, &id, &[PARTY_ROLE]);
        }
    }

    fn classes(&mut self) {
        self.writer.chapter("Classes and batches of codes", "产品类别与溯源码批次");
        for (key, class, count) in classes::of(self.plan, &self.digest) {
            self.classes.insert(key, class.id.clone());
            self.writer.class(IMPORTER, class, count);
        }
    }

    fn events(&mut self) {
        self.writer.chapter("Events of the document", "文件中的事件");
        for act in &self.plan.acts {
            let Some(event) = self.event(act.event) else { continue };
            match &act.deed {
                Deed::Declare(by) => self.declare(event, *by),
                _ => self.record(event, act),
            }
        }
    }

    fn record(&mut self, event: &Event, act: &Act) {
        let operation = self.operation(event, &act.deed);
        let scene = match act.own {
            true => scene::of(event),
            false => scene::added(event, &act.deed),
        };
        let Recording { event: mut new, operation, .. } = self.writer.draft(scene, operation);
        let part = self.parts.entry((event.index, act.own)).or_insert(0);
        let number = *part;
        *part = part.saturating_add(1);
        match (act.own, number) {
            (true, 0) => new.event_id.clone_from(&event.hash),
            (true, n) => new.event_id = part_id(&event.hash, &format!("part {n}")),
            (false, n) => new.event_id = part_id(&event.hash, &format!("before {n}")),
        }
        let mut id_proof = None;
        if act.own {
            let sealed = sealed(event, &self.options.secret);
            let mut notes = scene::finish(&mut new, event, sealed.as_ref(), &self.options.secret);
            if number == 0 {
                self.notes.append(&mut notes);
                // Later parts of one event have ids of their own, which no field of the document names.
                id_proof = sealed.and_then(|sealed| sealed.disclose(EPCIS_HASH).ok());
            }
            let verb = format!("{} {}", act.deed.verb(), named(&act.deed));
            self.verbs.entry(event.index).or_default().push(verb);
        } else {
            scene::finish_added(&mut new, event, &self.options.secret);
        }
        let (actor, source) = (IMPORTER.into(), None);
        let recording = Recording { actor, source, event: new, operation, id_proof };
        self.writer.step(Step::Record(Box::new(recording)));
    }

    /// The event was wrong: says so by the declaration at another place of the document.
    fn declare(&mut self, event: &Event, by: usize) {
        let Some(declaration) = self.event(by).and_then(|by| by.declaration.as_ref()) else {
            return;
        };
        let reason = match declaration.reason {
            Some(Term::Word("did_not_occur")) => ErrorReason::DidNotOccur,
            Some(Term::Word(_)) => ErrorReason::IncorrectData,
            _ => {
                let text = "a reason of another vocabulary, or none: declared as incorrect data";
                let spot = declaration.spot.clone();
                self.notes.push(Note { spot, text: text.into() });
                ErrorReason::IncorrectData
            }
        };
        let corrective = self.corrective(&declaration.corrective);
        if corrective.len() < declaration.corrective.len() {
            let text = "corrective events that are neither in the document nor named by an event hash are not on the chain";
            self.notes.push(Note { spot: declaration.spot.clone(), text: text.into() });
        }
        self.verbs.entry(event.index).or_default().push("Declare wrong".into());
        if by != event.index {
            self.verbs.entry(by).or_default().push("declares another event wrong".into());
        }
        self.writer.step(Step::Declare(Box::new(Declaration {
            actor: IMPORTER.into(),
            event_id: event.hash.clone(),
            wrong: event.hash.clone(),
            reason,
            declared_at_ms: u64::try_from(declaration.time.ms()).ok(),
            corrective,
            refused: None,
        })));
    }

    /// Corrective events by their ids on the chain.
    fn corrective(&self, ids: &[String]) -> Vec<String> {
        let of_document = |id: &String| {
            let events = self.document.events.iter().flatten();
            events.clone().find(|e| e.id.as_ref() == Some(id)).map(|event| event.hash.clone())
        };
        let by_hash = |id: &String| check_event_id("id", id).ok().map(String::from);
        let mut found: Vec<String> =
            ids.iter().filter_map(|id| of_document(id).or_else(|| by_hash(id))).collect();
        found.sort();
        found.dedup();
        found.truncate(MAX_CORRECTIVE_IDS);
        found
    }

    fn operation(&mut self, event: &Event, deed: &Deed) -> Operation {
        let on_conflict = OnConflict::Dispute;
        match deed {
            Deed::Observe(units) => Operation::Observe { units: self.codes_of(units) },
            Deed::Commission(units) => {
                Operation::Commission { units: self.new_units(event, units) }
            }
            Deed::Transform(inputs, outputs) => {
                let inputs = self.inputs(inputs);
                Operation::Transform { inputs, outputs: self.new_units(event, outputs) }
            }
            Deed::Assemble(whole, parts) => {
                let parts = self.inputs(parts);
                Operation::Assemble { unit: self.new_unit(event, whole), parts, on_conflict }
            }
            Deed::Install(parent, parts) => {
                let parts = self.inputs(parts);
                Operation::Install { parent: self.code(parent), parts, on_conflict }
            }
            Deed::Remove(parent, parts) => Operation::Remove {
                parent: self.code(parent),
                parts: self.codes_of(parts),
                reason: reason(event),
            },
            Deed::Replace(parent, removed, installed) => Operation::Replace {
                parent: self.code(parent),
                removed: self.code(removed),
                installed: self.input(installed),
                reason: reason(event),
            },
            Deed::Pack(container, units) => {
                Operation::Pack { container: self.code(container), units: self.codes_of(units) }
            }
            Deed::Unpack(container, units) => {
                Operation::Unpack { container: self.code(container), units: self.codes_of(units) }
            }
            Deed::Feed(process, inputs) => {
                Operation::Feed { process: chain_id(process), inputs: self.inputs(inputs) }
            }
            Deed::Yield(process, outputs) => {
                let outputs = self.new_units(event, outputs);
                Operation::Yield { process: chain_id(process), outputs, last: false }
            }
            Deed::Sell(units) => Operation::Sell { units: self.codes_of(units) },
            Deed::Dispose(units, destroyed) => {
                Operation::Dispose { units: self.codes_of(units), destroyed: *destroyed }
            }
            Deed::Scrap(unit, quantity) => Operation::Scrap {
                unit: self.code(unit),
                quantity: *quantity,
                reason: reason(event),
            },
            Deed::Declare(_) => Operation::Observe { units: vec![] },
        }
    }

    fn code(&self, unit: &str) -> String {
        self.codes.get(unit).cloned().unwrap_or_default()
    }

    fn codes_of(&self, units: &[String]) -> Vec<String> {
        units.iter().map(|unit| self.code(unit)).collect()
    }

    fn input(&self, given: &Given) -> Input {
        Input { code: self.code(&given.unit), quantity: given.amount, group: None }
    }

    fn inputs(&self, given: &[Given]) -> Vec<Input> {
        given.iter().map(|given| self.input(given)).collect()
    }

    fn new_units(&mut self, event: &Event, units: &[String]) -> Vec<NewUnit> {
        units.iter().map(|unit| self.new_unit(event, unit)).collect()
    }

    fn new_unit(&mut self, event: &Event, id: &str) -> NewUnit {
        let plan = self.plan;
        let (Some(known), Some(class)) = (plan.units.get(id), self.classes.get(&self.key(id)))
        else {
            unreachable!("every unit of a plan has a class");
        };
        let mut new = self.writer.unit(class);
        self.codes.insert(id.to_string(), new.code.code.clone());
        new.alternate_ids =
            vec![AlternateId { scheme: ALTERNATE_SCHEME.into(), value: chain_id(id) }];
        new.produced = known.produced;
        let by_event = known.born_by.is_some();
        new.maker =
            Some(unit::maker(event).filter(|_| by_event).unwrap_or_else(|| UNDECLARED.into()));
        new.lot_number = unit::lot_number(known, event, by_event);
        if by_event {
            new.production_date = unit::date(event, &["productionDate", "manufacturingDate"]);
            new.expiry_date =
                unit::date(event, &["itemExpirationDate", "expirationDate", "bestBeforeDate"]);
            new.order = unit::order(event);
        }
        new
    }

    fn key(&self, id: &str) -> String {
        self.plan.units.get(id).map(classes::key).unwrap_or_default()
    }

    fn rows(&self) -> Vec<Row> {
        let refused: BTreeMap<usize, &Fault> =
            self.plan.refused.iter().map(|(index, fault)| (*index, fault)).collect();
        let row = |index: usize| {
            let verbs = self.verbs.get(&index);
            let outcome = match (refused.get(&index), verbs) {
                (Some(fault), _) => Err((*fault).clone()),
                (None, Some(verbs)) => Ok(verbs.join(", ")),
                (None, None) => Ok("recorded before".into()),
            };
            let own = self.plan.acts.iter().any(|act| act.own && act.event == index);
            let event_id = self.event(index).filter(|_| own).map(|event| event.hash.clone());
            Row { index, event_id, outcome }
        };
        (0..self.document.events.len()).map(row).collect()
    }
}

/// What classes, batches and codes of an import are named by: the document, and what the chain knew before it. So the
/// rest of a document that was broken off has names of its own.
fn named_by(document: &Document, before: &Before) -> Digest {
    if before.units.is_empty() && before.events.is_empty() {
        return document.digest;
    }
    let mut bytes = document.digest.bytes().to_vec();
    before.units.keys().chain(before.events.keys()).for_each(|id| frame(&mut bytes, id.as_bytes()));
    Digest::of(&[b"suyuan/epcis/2", &bytes])
}

/// Id of a further recording of one event: a transformation that is fed and yields at once, or what the import adds
/// before it.
fn part_id(hash: &str, part: &str) -> String {
    Algorithm::Sha256.uri(format!("{hash}#{part}").as_bytes())
}

fn named(deed: &Deed) -> usize {
    match deed {
        Deed::Observe(units)
        | Deed::Commission(units)
        | Deed::Yield(_, units)
        | Deed::Sell(units)
        | Deed::Dispose(units, _) => units.len(),
        Deed::Remove(_, units) | Deed::Pack(_, units) | Deed::Unpack(_, units) => units.len() + 1,
        Deed::Transform(inputs, outputs) => inputs.len() + outputs.len(),
        Deed::Assemble(_, parts) | Deed::Install(_, parts) => parts.len() + 1,
        Deed::Feed(_, inputs) => inputs.len(),
        Deed::Replace(..) => 3,
        Deed::Scrap(..) => 1,
        Deed::Declare(_) => 0,
    }
}

/// A URI as an id on the chain: quotes and what is no ASCII percent-encoded, longer ones by their hash.
pub fn chain_id(uri: &str) -> String {
    let mut out = String::with_capacity(uri.len());
    for byte in uri.bytes() {
        match byte {
            b'"' | b'\'' | b'\\' => out.push_str(&format!("%{byte:02X}")),
            _ if byte.is_ascii_graphic() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    if out.len() <= MAX_ID {
        return out;
    }
    Algorithm::Sha256.uri(uri.as_bytes())
}

fn reason(event: &Event) -> String {
    let step = scene::step(event);
    format!("{step} in a document")
}

/// What the chain calls the type and action of an event that the import adds.
pub(crate) const fn added_type(deed: &Deed) -> (EpcisType, Option<Action>) {
    match deed {
        Deed::Install(..) => (EpcisType::Association, Some(Action::Add)),
        Deed::Remove(..) => (EpcisType::Association, Some(Action::Delete)),
        Deed::Pack(..) => (EpcisType::Aggregation, Some(Action::Add)),
        Deed::Unpack(..) => (EpcisType::Aggregation, Some(Action::Delete)),
        Deed::Commission(_) => (EpcisType::Object, Some(Action::Add)),
        _ => (EpcisType::Object, Some(Action::Observe)),
    }
}
