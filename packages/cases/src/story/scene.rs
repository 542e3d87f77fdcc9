//! What is special about an event of a story.

use suyuan_trace_api::event::{
    Action, EpcisType, EventKind, Evidence, Outcome, Party as End, RecordKind, ResourceKind,
};

/// What is special about an event; the [`super::Writer`] adds the rest.
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
    /// Longitude and latitude in degrees with six decimal places, which stay hidden.
    pub position: Option<(String, String)>,
    /// Operator, who stays hidden.
    pub operator: String,
    /// People with a part in it, as `(role, name)`; the names stay hidden.
    pub persons: Vec<(String, String)>,
    /// Documents, as `(kind, number)`.
    pub documents: Vec<(String, String)>,
    /// Equipment and tools.
    pub resources: Vec<(ResourceKind, String)>,
    /// Parameters that stay hidden, as `(name, value)`.
    pub parameters: Vec<(String, String)>,
    /// Records of annex B.1.
    pub records: Vec<Attached>,
    /// Files.
    pub evidence: Vec<Evidence>,
    /// Project number.
    pub project: Option<String>,
    /// Whence, as `(kind, id)`.
    pub from: Option<(String, String)>,
    /// Whither, as `(kind, id)`.
    pub to: Option<(String, String)>,
    /// Persistent dispositions that begin.
    pub set: Vec<String>,
    /// Persistent dispositions that end.
    pub unset: Vec<String>,
}

/// A record of annex B.1 with what it says.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Kind.
    pub kind: RecordKind,
    /// Its number in clear.
    pub id: Option<String>,
    /// What it says, which stays hidden.
    pub content: Option<String>,
}

impl Scene {
    /// An object that is observed; the other makers of this type change what differs.
    pub fn new(actor: &str, kind: EventKind, name: &str, step: &str, cell: &str) -> Self {
        Self {
            actor: actor.into(),
            source: None,
            kind,
            name: name.into(),
            epcis_type: EpcisType::Object,
            action: Some(Action::Observe),
            step: step.into(),
            disposition: None,
            outcome: Outcome::Done,
            cell: cell.into(),
            position: None,
            operator: format!("operator on duty at {actor}"),
            persons: vec![],
            documents: vec![],
            resources: vec![],
            parameters: vec![],
            records: vec![],
            evidence: vec![],
            project: None,
            from: None,
            to: None,
            set: vec![],
            unset: vec![],
        }
    }

    /// As an EPCIS event of this type and action.
    #[must_use]
    pub fn epcis(mut self, epcis_type: EpcisType, action: Option<Action>) -> Self {
        (self.epcis_type, self.action) = (epcis_type, action);
        self
    }

    /// Objects come into being.
    #[must_use]
    pub fn adds(self) -> Self {
        self.epcis(EpcisType::Object, Some(Action::Add))
    }

    /// Inputs become outputs.
    #[must_use]
    pub fn transforms(self) -> Self {
        self.epcis(EpcisType::Transformation, None)
    }

    /// A part is joined with its whole.
    #[must_use]
    pub fn joins(self) -> Self {
        self.epcis(EpcisType::Association, Some(Action::Add))
    }

    /// Reported and signed by a source.
    #[must_use]
    pub fn by_source(mut self, source: &str) -> Self {
        self.source = Some(source.into());
        self
    }

    /// With this CBV disposition.
    #[must_use]
    pub fn disposition(mut self, disposition: &str) -> Self {
        self.disposition = Some(disposition.into());
        self
    }

    /// With this result.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// At this exact position in degrees, hidden.
    #[must_use]
    pub fn position(mut self, longitude: &str, latitude: &str) -> Self {
        self.position = Some((longitude.into(), latitude.into()));
        self
    }

    /// With this operator, hidden.
    #[must_use]
    pub fn operator(mut self, name: &str) -> Self {
        self.operator = name.into();
        self
    }

    /// With somebody's part in it, the name hidden.
    #[must_use]
    pub fn person(mut self, role: &str, name: &str) -> Self {
        self.persons.push((role.into(), name.into()));
        self
    }

    /// With a document.
    #[must_use]
    pub fn document(mut self, kind: &str, id: &str) -> Self {
        self.documents.push((kind.into(), id.into()));
        self
    }

    /// With a machine, tool, gauge or vehicle.
    #[must_use]
    pub fn resource(mut self, kind: ResourceKind, id: &str) -> Self {
        self.resources.push((kind, id.into()));
        self
    }

    /// With a gauge.
    #[must_use]
    pub fn gauge(self, id: &str) -> Self {
        self.resource(ResourceKind::Gauge, id)
    }

    /// With hidden parameters.
    #[must_use]
    pub fn parameters(mut self, parameters: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        self.parameters.extend(parameters.iter().map(owned));
        self
    }

    /// With a record whose number is in clear.
    #[must_use]
    pub fn record(mut self, kind: RecordKind, id: &str) -> Self {
        self.records.push(Attached { kind, id: Some(id.into()), content: None });
        self
    }

    /// With a record of which only a commitment is told.
    #[must_use]
    pub fn hidden(mut self, kind: RecordKind, content: &str) -> Self {
        self.records.push(Attached { kind, id: None, content: Some(content.into()) });
        self
    }

    /// With a file: its bytes stay outside the chain, their hash goes on it.
    #[must_use]
    pub fn file(mut self, media_type: &str, content: &str) -> Self {
        let digest = suyuan_trace_api::digest::Digest::of(&[content.as_bytes()]).to_string();
        self.evidence.push(Evidence {
            hash: format!("ni:///sha-256;{}", digest.trim_start_matches("sha-256:")),
            media_type: media_type.into(),
            size: content.len() as u64,
            ciphertext: None,
        });
        self
    }

    /// For a project.
    #[must_use]
    pub fn project(mut self, project: &str) -> Self {
        self.project = Some(project.into());
        self
    }

    /// From one participant to another.
    #[must_use]
    pub fn between(mut self, from: &str, to: &str) -> Self {
        self.from = Some(("possessing_party".into(), from.into()));
        self.to = Some(("possessing_party".into(), to.into()));
        self
    }

    /// A persistent disposition begins.
    #[must_use]
    pub fn sets(mut self, disposition: &str) -> Self {
        self.set.push(disposition.into());
        self
    }

    /// A persistent disposition ends.
    #[must_use]
    pub fn unsets(mut self, disposition: &str) -> Self {
        self.unset.push(disposition.into());
        self
    }

    pub(super) fn sources(&self) -> Vec<End> {
        ends(&self.from)
    }

    pub(super) fn destinations(&self) -> Vec<End> {
        ends(&self.to)
    }
}

fn ends(end: &Option<(String, String)>) -> Vec<End> {
    end.iter().map(|(kind, id)| End { kind: kind.clone(), id: id.clone() }).collect()
}
