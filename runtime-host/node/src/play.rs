//! Plays a story on a chain: every step becomes a message, signed by whom it concerns.
//!
//! The players' keys are derived from the certifier's, so that a story can be continued later with the same key.
//! Steps of one sender that follow each other travel in one transaction; a source's events are signed with its own
//! key and chained, as a device or system would.

use std::collections::BTreeMap;

use suyuan_cases::fault::Fault;
use suyuan_cases::story::{
    Campaign, CampaignAct, Declaration, Expectation, Gap, Party, Recording, Refusal, Step, Story,
};
use suyuan_client::source::sign_after;
use suyuan_client::{Any, Client, ClientError, Deployment, Gas, Outcome, Receipt, Signer};
use suyuan_trace_api::assembly::campaign::{Extension, NewCampaign, Severity, MAX_CAMPAIGN_CODES};
use suyuan_trace_api::assembly::{ExecuteMsg as GraphMsg, QueryMsg as GraphQuery, UnitView};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{
    Channel, ExecuteMsg as EventMsg, NewDeclaration, RecordMsg, SourceState,
};
use suyuan_trace_api::participant::{
    Actor, ExecuteMsg as RegistryMsg, KeyAlgorithm, KeyPurpose, NewKey, NewParticipant, NewSource,
    Participant, ParticipantKind, QueryMsg as RegistryQuery,
};
use suyuan_trace_api::{code, event};

mod repair;

/// Messages of one transaction at the most.
const MESSAGES_MAX: usize = 8;
/// Gas of an attempt that is not simulated.
const ATTEMPT_GAS: u64 = 20_000_000;
/// Key id of a source's only key in a story.
const SOURCE_KID: &str = "k1";

/// What a played story came to.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Tally {
    /// Participants that joined.
    pub participants: usize,
    /// Events recorded.
    pub events: usize,
    /// Events declared wrong.
    pub declared: usize,
    /// Faults that the chain refused, as the story says.
    pub refused: usize,
    /// States that held, as the story says.
    pub held: usize,
    /// Transactions sent.
    pub transactions: usize,
}

/// A fault that the chain refused.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Refused {
    /// Name of the fault.
    pub fault: &'static str,
    /// Its name for Chinese readers.
    #[serde(skip)]
    pub fault_zh: &'static str,
    /// What was tried.
    pub what: String,
    /// The contract's own words.
    pub words: String,
}

/// Sends the steps of stories.
#[derive(Debug)]
pub struct Player<'a> {
    client: &'a Client,
    deployment: &'a Deployment,
    certifier: &'a Signer,
    prefix: String,
    signers: BTreeMap<String, Signer>,
    sources: BTreeMap<String, Source>,
    pending: Option<(Signer, Vec<Any>)>,
    messages_max: usize,
    included: Vec<(String, u64)>,
    refusals: Vec<Refused>,
    tally: Tally,
}

#[derive(Debug)]
struct Source {
    key: Signer,
    state: SourceState,
}

impl<'a> Player<'a> {
    /// A player on a deployment. `certifier` signs for the registry and must be one of its certifiers.
    pub fn new(
        client: &'a Client,
        deployment: &'a Deployment,
        certifier: &'a Signer,
        prefix: &str,
    ) -> Self {
        Player {
            client,
            deployment,
            certifier,
            prefix: prefix.to_string(),
            signers: BTreeMap::new(),
            sources: BTreeMap::new(),
            pending: None,
            messages_max: MESSAGES_MAX,
            included: Vec::new(),
            refusals: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Sends every message in a transaction of its own, so that what each costs can be read off the chain.
    #[must_use]
    pub fn one_by_one(mut self) -> Self {
        self.messages_max = 1;
        self
    }

    /// Plays a whole story. `watch` hears of each chapter (its place) and of each step done.
    ///
    /// # Errors
    /// The first refusal; what was sent before it stays on the chain.
    pub async fn play(
        &mut self,
        story: &Story,
        mut watch: impl FnMut(Progress<'_>),
    ) -> Outcome<Tally> {
        for chapter in &story.chapters {
            watch(Progress::Chapter { title: &chapter.title, title_zh: &chapter.title_zh });
            for step in &chapter.steps {
                self.step(step).await?;
                watch(Progress::Step);
            }
            self.flush().await?;
        }
        Ok(self.tally)
    }

    /// Sends one recording by itself, without simulating it first, so that a refusal is the chain's own.
    ///
    /// # Errors
    /// The refusal.
    pub async fn attempt(&mut self, recording: &Recording) -> Outcome<Receipt> {
        let before = recording.source.as_ref().and_then(|id| self.sources.get(id));
        let before = before.map(|source| source.state.clone());
        let message = self.record(recording)?;
        let outcome = self.try_message(&recording.actor, message).await;
        if let (Err(_), Some(state), Some(id)) = (&outcome, before, &recording.source) {
            // What was refused is not in the source's chain.
            self.sources.entry(id.clone()).and_modify(|source| source.state = state);
        }
        outcome
    }

    async fn try_message(&mut self, actor: &str, message: Any) -> Outcome<Receipt> {
        self.flush().await?;
        let signer = self.signer(actor)?;
        self.client.with_gas(Gas::Fixed(ATTEMPT_GAS)).send(&signer, vec![message]).await
    }

    /// What the chain refused, as the story says it must.
    pub fn refusals(&self) -> &[Refused] {
        &self.refusals
    }

    /// Hash and height of each transaction that the chain acknowledged, in order; also after a story that broke off.
    pub fn included(&self) -> &[(String, u64)] {
        &self.included
    }

    /// The key of a participant of the story.
    ///
    /// # Errors
    /// Input if it did not join.
    pub fn signer(&self, participant: &str) -> Outcome<Signer> {
        let known = self.signers.get(participant).cloned();
        known.ok_or_else(|| ClientError::Input(format!("{participant} did not join the story")))
    }

    /// True if a participant with this id is registered on the chain.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn is_known(&self, participant: &str) -> Outcome<bool> {
        let question = RegistryQuery::Participant { id: participant.to_string() };
        let known: Option<Participant> =
            self.deployment.registry(self.client).query(&question).await?;
        Ok(known.is_some())
    }

    /// True if the key that this player would sign with is that of the participant.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn is_ours(&self, participant: &str) -> Outcome<bool> {
        let address = self.derive("participant", participant)?.address().to_string();
        let question = RegistryQuery::Actor { address };
        let actor: Option<Actor> = self.deployment.registry(self.client).query(&question).await?;
        Ok(actor.is_some_and(|actor| actor.participant == participant))
    }

    async fn step(&mut self, step: &Step) -> Outcome<()> {
        match step {
            Step::Join(party) => self.join(party).await,
            Step::Source { owner, id, kind } => {
                let key = self.derive("source", id)?;
                let new =
                    NewSource { id: id.clone(), kind: *kind, profile: None, key: source_key(&key) };
                let register = RegistryMsg::RegisterSource(new);
                let owner = self.signer(owner)?;
                self.registry(owner, &register).await?;
                let certify = RegistryMsg::CertifySource { source: id.clone() };
                self.registry(self.certifier.clone(), &certify).await?;
                let state = self.source_state(id).await?;
                self.sources.insert(id.clone(), Source { key, state });
                Ok(())
            }
            Step::Class { owner, class } => {
                let message = code::ExecuteMsg::RegisterClass(class.clone());
                self.code(owner, &message).await
            }
            Step::Batch { issuer, batch } => {
                let message = code::ExecuteMsg::IssueBatch(batch.clone());
                self.code(issuer, &message).await
            }
            Step::Record(recording) => {
                let signer = self.signer(&recording.actor)?;
                let message = self.record(recording)?;
                self.tally.events += 1;
                self.push(signer, message).await
            }
            Step::Declare(declaration) => self.declare(declaration).await,
            Step::Campaign(campaign) => self.campaign(campaign).await,
            Step::Refuse(refusal) => self.refuse(refusal).await,
            Step::Gap(gap) => self.gap(gap).await,
            Step::GapPolicy { by, source, policy } => {
                let message = EventMsg::SetGapPolicy { source: source.clone(), policy: *policy };
                let signer = self.signer(by)?;
                let log = self.deployment.event(self.client);
                let message = log.message(signer.address(), &message)?;
                self.push(signer, message).await
            }
            Step::Late(late) => self.late(late).await,
            Step::Settle(settlement) => self.settle(settlement).await,
            Step::Expect(expectation) => self.expect(expectation).await,
        }
    }

    async fn campaign(&mut self, campaign: &Campaign) -> Outcome<()> {
        for message in campaign_messages(campaign) {
            let signer = self.signer(&campaign.actor)?;
            let graph = self.deployment.graph(self.client);
            let message = graph.message(signer.address(), &message)?;
            self.push(signer, message).await?;
        }
        Ok(())
    }

    async fn declare(&mut self, declaration: &Declaration) -> Outcome<()> {
        let message = EventMsg::Declare(NewDeclaration {
            event_id: declaration.event_id.clone(),
            event: declaration.wrong.clone(),
            reason: declaration.reason,
            corrective_ids: declaration.corrective.clone(),
            declared_at_ms: declaration.declared_at_ms,
        });
        let signer = self.signer(&declaration.actor)?;
        let message = self.deployment.event(self.client).message(signer.address(), &message)?;
        let Some(word) = declaration.refused else {
            self.tally.declared += 1;
            return self.push(signer, message).await;
        };
        let outcome = self.try_message(&declaration.actor, message).await;
        self.must_refuse(Fault::WrongEvent, "a declaration with consequences", word, outcome)
    }

    async fn refuse(&mut self, refusal: &Refusal) -> Outcome<()> {
        let Refusal { fault, recording, word } = refusal;
        let outcome = self.attempt(recording).await;
        self.must_refuse(*fault, &recording.event.name, word, outcome)
    }

    /// Both are signed in order; the second one arrives first and is refused, then both arrive.
    async fn gap(&mut self, gap: &Gap) -> Outcome<()> {
        let lost = self.record(&gap.lost)?;
        let next = self.record(&gap.next)?;
        let outcome = self.try_message(&gap.next.actor, next.clone()).await;
        self.must_refuse(Fault::MissingUpload, &gap.next.event.name, gap.word, outcome)?;
        for (recording, message) in [(&gap.lost, lost), (&gap.next, next)] {
            let signer = self.signer(&recording.actor)?;
            self.tally.events += 1;
            self.push(signer, message).await?;
        }
        Ok(())
    }

    fn must_refuse(
        &mut self,
        fault: Fault,
        what: &str,
        word: &str,
        outcome: Outcome<Receipt>,
    ) -> Outcome<()> {
        let error = match outcome {
            Err(error) => error,
            Ok(receipt) => {
                let text = format!("{fault}: {what}: accepted in transaction {}", receipt.hash);
                return Err(ClientError::Unexpected(text));
            }
        };
        match error.refusal() {
            Some(words) if words.contains(word) => {
                self.tally.refused += 1;
                self.refusals.push(Refused {
                    fault: fault.name(),
                    fault_zh: fault.name_zh(),
                    what: what.to_string(),
                    words: words.to_string(),
                });
                Ok(())
            }
            Some(words) => Err(ClientError::Unexpected(format!(
                "{fault}: {what}: the story says {word}, the chain {words}"
            ))),
            None => Err(error),
        }
    }

    async fn expect(&mut self, expected: &Expectation) -> Outcome<()> {
        self.flush().await?;
        let code = expected.code.clone();
        let question = GraphQuery::Unit { code: code.clone() };
        let unit: Option<UnitView> = self.deployment.graph(self.client).query(&question).await?;
        let question = code::QueryMsg::Code { code };
        let state: Option<code::CodeState> =
            self.deployment.code(self.client).query(&question).await?;
        let (life, overlays) =
            state.map_or((None, vec![]), |state| (Some(state.life), state.overlays));
        let quality = unit.map(|unit| unit.quality);
        let holds = (expected.life.is_none() || life == expected.life)
            && expected.overlays.as_ref().is_none_or(|marks| *marks == overlays)
            && (expected.quality.is_none() || quality == expected.quality);
        if holds {
            self.tally.held += 1;
            return Ok(());
        }
        Err(ClientError::Unexpected(format!(
            "{}: {} is {life:?}, {overlays:?}, {quality:?}; the story says {:?}, {:?}, {:?}",
            expected.fault, expected.code, expected.life, expected.overlays, expected.quality
        )))
    }

    async fn join(&mut self, party: &Party) -> Outcome<()> {
        let signer = self.derive("participant", &party.id)?;
        // Another story on this chain may have brought the party in.
        if self.is_known(&party.id).await? {
            self.signers.insert(party.id.clone(), signer);
            return Ok(());
        }
        let person = party.kind == ParticipantKind::Person;
        let new = NewParticipant {
            id: party.id.clone(),
            kind: party.kind,
            name: (!person).then(|| party.name.clone()),
            name_commitment: person.then(|| Digest::of(&[&signer.secret(), party.name.as_bytes()])),
            acts_for: None,
            identifiers: vec![],
            roles: party.roles.clone(),
            addresses: vec![signer.address().to_string()],
            metadata: None,
        };
        self.signers.insert(party.id.clone(), signer);
        self.tally.participants += 1;
        // A certifier's registration counts as its vote; where one vote is not enough, others add theirs.
        self.registry(self.certifier.clone(), &RegistryMsg::Register(new)).await
    }

    fn record(&mut self, recording: &Recording) -> Outcome<Any> {
        let mut record = RecordMsg {
            event: recording.event.clone(),
            channel: Channel::Manual,
            operation: recording.operation.clone(),
            id_proof: recording.id_proof.clone(),
        };
        if let Some(id) = &recording.source {
            let unknown = || ClientError::Input(format!("the source {id} is not in the story"));
            let source = self.sources.get_mut(id).ok_or_else(unknown)?;
            let chain_id = self.client.chain_id();
            let seat = (id.as_str(), SOURCE_KID);
            let (signature, next) = sign_after(chain_id, &record, seat, &source.key, &source.state);
            source.state = next;
            record.channel = Channel::Source(signature);
        }
        let signer = self.signer(&recording.actor)?;
        let message = EventMsg::Record(Box::new(record));
        self.deployment.event(self.client).message(signer.address(), &message)
    }

    async fn registry(&mut self, signer: Signer, message: &RegistryMsg) -> Outcome<()> {
        let message = self.deployment.registry(self.client).message(signer.address(), message)?;
        self.push(signer, message).await
    }

    async fn code(&mut self, participant: &str, message: &code::ExecuteMsg) -> Outcome<()> {
        let signer = self.signer(participant)?;
        let message = self.deployment.code(self.client).message(signer.address(), message)?;
        self.push(signer, message).await
    }

    async fn source_state(&self, source: &str) -> Outcome<SourceState> {
        let question = event::QueryMsg::SourceState { source: source.to_string() };
        self.deployment.event(self.client).query(&question).await
    }

    /// Adds a message to the sender's transaction; another sender, or a full one, sends it first.
    async fn push(&mut self, signer: Signer, message: Any) -> Outcome<()> {
        let same = self.pending.as_ref().is_some_and(|(sender, messages)| {
            sender.address() == signer.address() && messages.len() < self.messages_max
        });
        if !same {
            self.flush().await?;
        }
        self.pending.get_or_insert_with(|| (signer, vec![])).1.push(message);
        Ok(())
    }

    async fn flush(&mut self) -> Outcome<()> {
        if let Some((signer, messages)) = self.pending.take() {
            let receipt = self.client.send(&signer, messages).await?;
            self.included.push((receipt.hash, receipt.height));
            self.tally.transactions += 1;
        }
        Ok(())
    }

    fn derive(&self, what: &str, id: &str) -> Outcome<Signer> {
        let secret = self.certifier.secret();
        let parts: [&[u8]; 4] = [b"suyuan/play/1", &secret, what.as_bytes(), id.as_bytes()];
        Signer::from_secret(Digest::of(&parts).bytes(), &self.prefix)
    }
}

/// The messages by which a hold or recall is opened, answered or closed. It takes a bounded number of units at once.
fn campaign_messages(campaign: &Campaign) -> Vec<GraphMsg> {
    let id = || campaign.id.clone();
    match &campaign.act {
        CampaignAct::Open { kind, problem, reason, units } => {
            let mut loads = units.chunks(MAX_CAMPAIGN_CODES);
            let open = GraphMsg::OpenCampaign(NewCampaign {
                id: id(),
                kind: *kind,
                problem: problem.clone(),
                seeds: loads.next().unwrap_or_default().to_vec(),
                reason: reason.clone(),
                severity: Severity::Major,
                target_date: None,
            });
            let further = |code: &String| Extension { code: code.clone(), link: None };
            let more = loads.map(|load| GraphMsg::ExtendCampaign {
                id: id(),
                units: load.iter().map(further).collect(),
            });
            std::iter::once(open).chain(more).collect()
        }
        CampaignAct::Answer(answer) => {
            vec![GraphMsg::AnswerCampaign { id: id(), answer: *answer, note: None }]
        }
        CampaignAct::Close { reason, units } => {
            let close = GraphMsg::CloseCampaign { id: id(), reason: reason.clone() };
            let rest = units.saturating_sub(1) / MAX_CAMPAIGN_CODES;
            let settle = (0..rest).map(|_| GraphMsg::SettleCampaign { id: id() });
            std::iter::once(close).chain(settle).collect()
        }
    }
}

/// What a watcher of a story hears.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A chapter begins.
    Chapter {
        /// Its heading.
        title: &'a str,
        /// Its heading in Chinese.
        title_zh: &'a str,
    },
    /// A step was sent, or waits for the next transaction.
    Step,
}

fn source_key(key: &Signer) -> NewKey {
    NewKey {
        kid: SOURCE_KID.into(),
        algorithm: KeyAlgorithm::Secp256k1,
        purpose: KeyPurpose::Source,
        public_key: key.public_key().to_vec().into(),
        from_height: None,
        to_height: None,
    }
}
