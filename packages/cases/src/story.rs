//! A story: steps that know no chain.

use std::collections::BTreeMap;

use suyuan_codes::{BatchSpec, Generator, Secret};
use suyuan_trace_api::assembly::{NewUnit, Operation};
use suyuan_trace_api::code::{NewBatch, NewClass};
use suyuan_trace_api::digest::{frame, Digest};
use suyuan_trace_api::event::{
    Action, BusinessTransaction, EpcisType, EventKind, NewEvent, Outcome, Payload, Position,
    Resource, ResourceKind,
};
use suyuan_trace_api::participant::{ParticipantKind, SourceKind};

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Participant id.
    pub id: String,
    /// Kind.
    pub kind: ParticipantKind,
    /// Name for people.
    pub name: String,
    /// System roles.
    pub roles: Vec<String>,
}

/// One thing that somebody does.
#[derive(Clone, Debug)]
pub enum Step {
    /// A participant registers and is certified.
    Join(Party),
    /// A participant registers a data source, which is certified.
    Source {
        /// Its owner.
        owner: String,
        /// Its id.
        id: String,
        /// Its kind.
        kind: SourceKind,
    },
    /// A participant registers a class.
    Class {
        /// Who.
        owner: String,
        /// The class.
        class: NewClass,
    },
    /// A participant issues a batch of codes.
    Batch {
        /// Who.
        issuer: String,
        /// The batch.
        batch: NewBatch,
    },
    /// A participant records an event.
    Record(Box<Recording>),
}

/// An event to record.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Who records.
    pub actor: String,
    /// The source that signs, for what a device or system reports.
    pub source: Option<String>,
    /// The event.
    pub event: NewEvent,
    /// What it does.
    pub operation: Operation,
}

/// A part of the story with a heading for people.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// English heading.
    pub title: String,
    /// Chinese heading.
    pub title_zh: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A whole story.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// In order.
    pub chapters: Vec<Chapter>,
}

impl Story {
    /// All steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.chapters.iter().flat_map(|chapter| &chapter.steps)
    }

    /// All recordings in order.
    pub fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.steps().filter_map(|step| match step {
            Step::Record(recording) => Some(recording.as_ref()),
            _ => None,
        })
    }
}

/// Writes a story: keeps the code generators and the clock, and fills in what every event needs.
#[derive(Debug)]
pub struct Writer {
    story: Story,
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

/// What is special about an event; the [`Writer`] adds the rest.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Who records.
    pub actor: String,
    /// The source that signs.
    pub source: Option<String>,
    /// Kind.
    pub kind: EventKind,
    /// Name for people.
    pub name: String,
    /// EPCIS type.
    pub epcis_type: EpcisType,
    /// EPCIS action.
    pub action: Option<Action>,
    /// CBV business step.
    pub step: String,
    /// CBV disposition.
    pub disposition: Option<String>,
    /// Result.
    pub outcome: Outcome,
    /// Coarse cell.
    pub cell: String,
    /// Operator, who stays hidden.
    pub operator: String,
    /// Documents, as `(kind, number)`.
    pub documents: Vec<(String, String)>,
    /// Equipment and tools.
    pub resources: Vec<(ResourceKind, String)>,
    /// Parameters that stay hidden, as `(name, value)`.
    pub parameters: Vec<(String, String)>,
    /// Project number.
    pub project: Option<String>,
}

/// Codes that one batch of a story holds at the most.
pub const BATCH_MAX: u32 = 1 << 20;

/// Milliseconds between two events of a story.
const STEP_MS: u64 = 90_000;

impl Writer {
    /// A story that begins at `start_ms` (milliseconds since 1970). Equal seeds write equal stories.
    pub fn new(seed: &str, start_ms: u64) -> Self {
        Self {
            story: Story::default(),
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
        self.story
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

    /// A participant joins.
    pub fn join(&mut self, id: &str, name: &str, roles: &[&str]) {
        self.step(Step::Join(Party {
            id: id.to_string(),
            kind: ParticipantKind::Organisation,
            name: name.to_string(),
            roles: roles.iter().map(ToString::to_string).collect(),
        }));
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
            lot_number: None,
            line_number: None,
            production_date: None,
            expiry_date: None,
            produced: None,
            alternate_ids: vec![],
            project: None,
            order: None,
        }
    }

    /// Records an event 90 seconds after the one before.
    pub fn record(&mut self, scene: Scene, operation: Operation) {
        self.time_ms = self.time_ms.saturating_add(STEP_MS);
        let recording = self.draft(scene, operation);
        self.step(Step::Record(Box::new(recording)));
    }

    /// An event at the time of the last one that is not part of the story.
    pub fn draft(&self, scene: Scene, operation: Operation) -> Recording {
        let event = self.event(self.time_ms, &scene, &operation);
        Recording { actor: scene.actor, source: scene.source, event, operation }
    }

    fn event(&self, event_time_ms: u64, scene: &Scene, operation: &Operation) -> NewEvent {
        let salted = |field: &[u8], value: &str| {
            self.derive(&[b"salt", field, &event_time_ms.to_be_bytes(), value.as_bytes()])
        };
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
            operator: salted(b"operator", &scene.operator),
            outcome: scene.outcome,
            position: Position {
                cell: scene.cell.clone(),
                exact: Some(salted(b"position", &scene.cell)),
            },
            business_transactions: scene
                .documents
                .iter()
                .map(|(kind, id)| BusinessTransaction { kind: kind.clone(), id: id.clone() })
                .collect(),
            resources: scene
                .resources
                .iter()
                .map(|(kind, id)| Resource { kind: *kind, id: id.clone() })
                .collect(),
            project: scene.project.clone(),
            payload: self.payload(event_time_ms, &scene.parameters),
            evidence: vec![],
        };
        let content = suyuan_trace_api::event::content_digest(&event, operation);
        let id = self.derive(&[b"event", content.bytes()]);
        event.event_id = format!("ni:///sha-256;{}", &id.to_string()["sha-256:".len()..]);
        event
    }

    /// Root over salted leaves, one for each hidden parameter.
    fn payload(&self, time_ms: u64, parameters: &[(String, String)]) -> Option<Payload> {
        let fields = u32::try_from(parameters.len()).ok().filter(|n| *n > 0)?;
        let mut bytes = vec![];
        for (name, value) in parameters {
            let salt = self.derive(&[b"salt", &time_ms.to_be_bytes(), name.as_bytes()]);
            let mut leaf = vec![0x10];
            frame(&mut leaf, name.as_bytes());
            leaf.extend_from_slice(salt.bytes());
            frame(&mut leaf, value.as_bytes());
            bytes.extend_from_slice(Digest::of(&[&leaf]).bytes());
        }
        Some(Payload { root: Digest::of(&[&[0x11], &bytes]), fields })
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
            let alphabet = suyuan_trace_api::code::ALPHABET;
            *digit = char::from(alphabet[(rest % 36) as usize]);
            rest /= 36;
        }
        format!("{}{}", self.prefix, digits.iter().collect::<String>())
    }
}
