//! Writes stories: keeps the code generators and the clock, and fills in what every event needs.

use std::collections::{BTreeMap, BTreeSet};

use suyuan_codes::{BatchSpec, Generator, Secret};
use suyuan_trace_api::assembly::campaign::CampaignKind;
use suyuan_trace_api::assembly::{NewUnit, Operation, Quality};
use suyuan_trace_api::code::{Life, NewClass, Overlay, ALPHABET};
use suyuan_trace_api::digest::{frame, Digest};
use suyuan_trace_api::event::{
    content_digest, AttachedRecord, BusinessTransaction, ErrorReason, NewEvent, Payload, Person,
    Position, RecordKind, Resource,
};
use suyuan_trace_api::fields::{decoy_from, leaf, salt_from, Field, Sealed, EPCIS_HASH};
use suyuan_trace_api::participant::{ParticipantKind, SourceKind};

use super::{
    Campaign, CampaignAct, Chapter, Declaration, Expectation, Gap, Hidden, Late, Party, Recording,
    Refusal, Scene, Secrecy, Settlement, Step, Story,
};
use crate::fault::Fault;

/// Codes that one batch of a story holds at the most.
pub const BATCH_MAX: u32 = 1 << 20;

/// Leaves of a payload come in multiples of this, so that their number tells little.
const LEAVES: usize = 8;
/// Milliseconds between two events of a story.
const STEP_MS: u64 = 90_000;

/// Writes a story.
#[derive(Debug)]
pub struct Writer {
    story: Story,
    hidden: BTreeSet<Hidden>,
    seed: Digest,
    time_ms: u64,
    batches: BTreeMap<String, Labels>,
    prefix: String,
    prefixes: u32,
}

#[derive(Debug)]
struct Labels {
    generator: Generator,
    next: u32,
}

impl Writer {
    /// A story that begins at `start_ms` (milliseconds since 1970). Equal seeds write equal stories.
    pub fn new(seed: &str, start_ms: u64) -> Self {
        Self {
            story: Story::default(),
            hidden: BTreeSet::new(),
            seed: Digest::of(&[b"suyuan/story/1", seed.as_bytes()]),
            time_ms: start_ms,
            batches: BTreeMap::new(),
            prefix: "S".into(),
            prefixes: 0,
        }
    }

    /// Lets all codes of the story begin with `prefix` instead of `S`, so that another story can be played beside
    /// it. At most 8 characters of the code alphabet.
    #[must_use]
    pub fn with_prefix(self, prefix: &str) -> Self {
        Self { prefix: prefix.to_string(), ..self }
    }

    /// The finished story.
    pub fn finish(self) -> Story {
        Story { hidden: self.hidden.into_iter().collect(), ..self.story }
    }

    /// Begins a chapter.
    pub fn chapter(&mut self, title: &str, title_zh: &str) {
        let (title, title_zh) = (title.to_string(), title_zh.to_string());
        self.story.chapters.push(Chapter { title, title_zh, steps: vec![] });
    }

    /// Adds a step to the chapter.
    pub fn step(&mut self, step: Step) {
        if self.story.chapters.is_empty() {
            self.chapter("Beginning", "开始");
        }
        let chapter = self.story.chapters.last_mut().expect("a chapter was begun");
        chapter.steps.push(step);
    }

    /// An organisation joins.
    pub fn join(&mut self, id: &str, name: &str, roles: &[&str]) {
        self.join_as(ParticipantKind::Organisation, id, name, roles);
    }

    /// A participant of any kind joins. A person's name is hidden.
    pub fn join_as(&mut self, kind: ParticipantKind, id: &str, name: &str, roles: &[&str]) {
        if kind == ParticipantKind::Person {
            self.hide(Secrecy::Person, name);
        }
        self.step(Step::Join(Party {
            id: id.to_string(),
            kind,
            name: name.to_string(),
            roles: roles.iter().map(ToString::to_string).collect(),
        }));
    }

    /// A participant registers a data source.
    pub fn source(&mut self, owner: &str, id: &str, kind: SourceKind) {
        self.step(Step::Source { owner: owner.into(), id: id.into(), kind });
    }

    /// A class, and a batch of `count` codes for it.
    ///
    /// # Panics
    /// Where `count` is 0 or above [`BATCH_MAX`]: a story knows how much it makes.
    pub fn class(&mut self, owner: &str, class: NewClass, count: u32) {
        assert!((1..=BATCH_MAX).contains(&count), "a batch of a story has 1 to 2^20 codes");
        let id = class.id.clone();
        self.step(Step::Class { owner: owner.to_string(), class });
        let prefix = self.next_prefix();
        let spec = BatchSpec::new(format!("{id}/1"), id.clone(), prefix, count);
        let secret = Secret::new(*self.derive(&[b"batch", id.as_bytes()]).bytes());
        let generator = Generator::new(spec, secret).expect("the bounds were checked");
        let batch = generator.new_batch();
        self.step(Step::Batch { issuer: owner.to_string(), batch });
        self.batches.insert(id, Labels { generator, next: 0 });
    }

    /// The next unused code of a class as a new unit without further data.
    ///
    /// # Panics
    /// Where the class was not written or its batch is used up.
    pub fn unit(&mut self, class: &str) -> NewUnit {
        let labels = self.batches.get_mut(class).expect("the class was written before");
        let code = labels.generator.present(labels.next).expect("the batch is large enough");
        labels.next += 1;
        NewUnit {
            code,
            class: class.to_string(),
            maker: None,
            supplier: None,
            inspection_lot: None,
            lot_number: None,
            line_number: None,
            production_date: None,
            expiry_date: None,
            produced: None,
            alternate_ids: vec![],
            project: None,
            order: None,
            custody: None,
        }
    }

    /// Records an event 90 seconds after the one before; returns its id.
    pub fn record(&mut self, scene: Scene, operation: Operation) -> String {
        let recording = self.next(scene, operation);
        let id = recording.event.event_id.clone();
        self.step(Step::Record(Box::new(recording)));
        id
    }

    /// Two events of one source, the first of which gets lost on its way at first.
    pub fn gap(
        &mut self,
        word: &'static str,
        (lost_scene, lost): (Scene, Operation),
        (next_scene, next): (Scene, Operation),
    ) {
        let lost = self.next(lost_scene, lost);
        let next = self.next(next_scene, next);
        self.step(Step::Gap(Box::new(Gap { lost, next, word })));
    }

    /// Two events of one source whose gaps are marked: the first gets lost on its way and comes in after the second.
    pub fn late(
        &mut self,
        (lost_scene, lost): (Scene, Operation),
        (next_scene, next): (Scene, Operation),
    ) {
        let lost = self.next(lost_scene, lost);
        let next = self.next(next_scene, next);
        self.step(Step::Late(Box::new(Late { lost, next })));
    }

    /// Somebody settles the disputed link from `whole` to `part`.
    pub fn settle(
        &mut self,
        scene: Scene,
        (whole, part): (&str, &str),
        confirmed: bool,
        reason: &str,
    ) {
        let operation = Operation::Resolve { link: 0, confirmed, reason: reason.to_string() };
        let recording = self.next(scene, operation);
        let (whole, part) = (whole.to_string(), part.to_string());
        self.step(Step::Settle(Box::new(Settlement { recording, whole, part, confirmed })));
    }

    /// Something is tried that the chain must refuse with `word`.
    pub fn refuse(&mut self, fault: Fault, word: &'static str, scene: Scene, operation: Operation) {
        let recording = self.draft(scene, operation);
        self.step(Step::Refuse(Box::new(Refusal { fault, recording, word })));
    }

    /// The one who recorded `wrong` declares it wrong, which the chain must refuse where `refused` says how.
    pub fn declare(
        &mut self,
        actor: &str,
        wrong: &str,
        reason: ErrorReason,
        corrective: &[String],
        refused: Option<&'static str>,
    ) {
        self.time_ms = self.time_ms.saturating_add(STEP_MS);
        self.step(Step::Declare(Box::new(Declaration {
            actor: actor.into(),
            // As EPCIS has it: the declaration repeats the id of the wrong event.
            event_id: wrong.into(),
            wrong: wrong.into(),
            reason,
            declared_at_ms: Some(self.time_ms),
            corrective: corrective.to_vec(),
            refused,
        })));
    }

    /// Opens a hold or recall on units.
    pub fn open_campaign(
        &mut self,
        actor: &str,
        id: &str,
        kind: CampaignKind,
        why: (&str, &str),
        units: &[String],
    ) {
        let (problem, reason) = (why.0.to_string(), why.1.to_string());
        self.campaign(
            actor,
            id,
            CampaignAct::Open { kind, problem, reason, units: units.to_vec() },
        );
    }

    /// Says something about a hold or recall.
    pub fn campaign(&mut self, actor: &str, id: &str, act: CampaignAct) {
        self.step(Step::Campaign(Box::new(Campaign { actor: actor.into(), id: id.into(), act })));
    }

    /// Says what must hold of a code here.
    pub fn expect(
        &mut self,
        fault: Fault,
        code: &str,
        life: Life,
        marks: &[Overlay],
        quality: Quality,
    ) {
        self.step(Step::Expect(Expectation {
            fault,
            code: code.into(),
            life: Some(life),
            overlays: Some(marks.to_vec()),
            quality: Some(quality),
        }));
    }

    /// An event at the time of the last one that is not part of the story.
    pub fn draft(&mut self, scene: Scene, operation: Operation) -> Recording {
        self.note(&scene);
        let event = self.event(self.time_ms, &scene, &operation);
        Recording { actor: scene.actor, source: scene.source, event, operation, id_proof: None }
    }

    fn next(&mut self, scene: Scene, operation: Operation) -> Recording {
        self.time_ms = self.time_ms.saturating_add(STEP_MS);
        self.draft(scene, operation)
    }

    fn hide(&mut self, kind: Secrecy, text: &str) {
        self.hidden.insert(Hidden { kind, text: text.to_string() });
    }

    /// Takes note of what a scene hides.
    fn note(&mut self, scene: &Scene) {
        self.hide(Secrecy::Person, &scene.operator);
        for (_, name) in &scene.persons {
            self.hide(Secrecy::Person, name);
        }
        if let Some((longitude, latitude)) = &scene.position {
            self.hide(Secrecy::Position, longitude);
            self.hide(Secrecy::Position, latitude);
        }
        for (_, value) in &scene.parameters {
            self.hide(Secrecy::Parameter, value);
        }
        for record in &scene.records {
            let Some(content) = &record.content else { continue };
            let kind = match record.kind {
                RecordKind::Customer => Secrecy::Customer,
                RecordKind::Contract => Secrecy::Contract,
                _ => Secrecy::Parameter,
            };
            self.hide(kind, content);
        }
    }

    fn event(&self, event_time_ms: u64, scene: &Scene, operation: &Operation) -> NewEvent {
        let hidden = |field: &str, value: &str| {
            leaf(field, &salt_from(self.seed.bytes(), &event_time_ms.to_be_bytes(), field), value)
        };
        let exact = scene
            .position
            .as_ref()
            .map(|(longitude, latitude)| hidden("position", &format!("{longitude},{latitude}")));
        let mut event = NewEvent {
            event_id: String::new(),
            kind: scene.kind,
            name: scene.name.clone(),
            epcis_type: scene.epcis_type,
            action: scene.action,
            business_step: scene.step.clone(),
            disposition: scene.disposition.clone(),
            event_time_ms,
            time_zone: "+08:00".into(),
            operator: hidden("operator", &scene.operator),
            outcome: scene.outcome,
            position: Position { cell: scene.cell.clone(), exact },
            business_transactions: documents(scene),
            resources: resources(scene),
            project: scene.project.clone(),
            payload: None,
            evidence: scene.evidence.clone(),
            profile: None,
            sensor_time_ms: None,
            set_dispositions: scene.set.clone(),
            unset_dispositions: scene.unset.clone(),
            read_point: None,
            business_location: None,
            sources: scene.sources(),
            destinations: scene.destinations(),
            persons: persons(scene, hidden),
            records: records(scene, hidden),
            envelopes: vec![],
        };
        let id = self.event_id(&event, scene, operation);
        event.payload = self.payload(event_time_ms, &scene.parameters, &id);
        event.event_id = id;
        event
    }

    /// Stands in for the GS1 event hash: over all that the event says, the hidden parameters included.
    fn event_id(&self, event: &NewEvent, scene: &Scene, operation: &Operation) -> String {
        let content = content_digest(event, operation);
        let mut whole = content.bytes().to_vec();
        for (name, value) in &scene.parameters {
            frame(&mut whole, name.as_bytes());
            frame(&mut whole, value.as_bytes());
        }
        let id = self.derive(&[b"event", &whole]).to_string();
        format!("ni:///sha-256;{}", id.trim_start_matches("sha-256:"))
    }

    /// Salted leaves, one for each hidden parameter and one for the event's id, among decoys.
    fn payload(&self, time_ms: u64, parameters: &[(String, String)], id: &str) -> Option<Payload> {
        if parameters.is_empty() {
            return None;
        }
        let (secret, context) = (self.seed.bytes(), time_ms.to_be_bytes());
        let field = |name: String, value: String| {
            let salt = salt_from(secret, &context, &name);
            Field { name, value, salt }
        };
        let mut fields = vec![field(EPCIS_HASH.to_string(), id.to_string())];
        for (name, value) in parameters {
            fields.push(field(field_name(name), value.clone()));
        }
        let decoys = fields.len().next_multiple_of(LEAVES) - fields.len();
        let decoys = (0..decoys as u32).map(|place| decoy_from(secret, &context, place));
        let sealed = Sealed::new(fields, &decoys.collect::<Vec<_>>()).expect("few short fields");
        Some(Payload { root: sealed.root(), fields: sealed.count() })
    }

    fn derive(&self, parts: &[&[u8]]) -> Digest {
        let mut bytes = self.seed.bytes().to_vec();
        for part in parts {
            frame(&mut bytes, part);
        }
        Digest::of(&[&bytes])
    }

    /// The story's prefix and four base-36 digits: of one length, so that none begins with another.
    fn next_prefix(&mut self) -> String {
        let mut rest = self.prefixes;
        self.prefixes += 1;
        let mut digits = ['0'; 4];
        for digit in digits.iter_mut().rev() {
            *digit = char::from(ALPHABET[(rest % 36) as usize]);
            rest /= 36;
        }
        format!("{}{}", self.prefix, digits.iter().collect::<String>())
    }
}

fn documents(scene: &Scene) -> Vec<BusinessTransaction> {
    let document =
        |(kind, id): &(String, String)| BusinessTransaction { kind: kind.clone(), id: id.clone() };
    scene.documents.iter().map(document).collect()
}

fn resources(scene: &Scene) -> Vec<Resource> {
    scene.resources.iter().map(|(kind, id)| Resource { kind: *kind, id: id.clone() }).collect()
}

/// People as commitments; the place in the list is part of the salt, so that one person twice is two commitments.
fn persons(scene: &Scene, hidden: impl Fn(&str, &str) -> Digest) -> Vec<Person> {
    let person = |(place, (role, name)): (usize, &(String, String))| Person {
        role: role.clone(),
        who: hidden(&format!("person/{place}"), name),
    };
    scene.persons.iter().enumerate().map(person).collect()
}

fn records(scene: &Scene, hidden: impl Fn(&str, &str) -> Digest) -> Vec<AttachedRecord> {
    let record = |(place, attached): (usize, &super::Attached)| AttachedRecord {
        kind: attached.kind,
        id: attached.id.clone(),
        content: attached.content.as_ref().map(|text| hidden(&format!("record/{place}"), text)),
    };
    scene.records.iter().enumerate().map(record).collect()
}

/// A parameter's name as the name of a field: without spaces.
fn field_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
