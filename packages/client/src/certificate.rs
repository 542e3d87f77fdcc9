//! Completeness certificates out of a node's answers.
//!
//! Everything is asked at one height. Units and links are found by the contract's own lists, and each record is then
//! fetched with its proof; [`suyuan_certificate`] packs the proofs and judges the result. The node is not trusted: what
//! it leaves out or invents does not fit to the records that it has to prove.

use std::collections::{BTreeMap, BTreeSet};

use ics23::commitment_proof::Proof;
use ics23::{CommitmentProof, ExistenceProof, NonExistenceProof};
use prost::Message as _;
use suyuan_certificate::build::{Plan, PlannedContract, PlannedUnit, Proofs, Top};
use suyuan_certificate::contracts::{history_code, Homes, Role};
use suyuan_certificate::format::{LinkOp, OpKind, STORE};
use suyuan_certificate::proofs::history_key;
use suyuan_certificate::Certificate;
use suyuan_trace_api::assembly::record::{Link, Places, Record as _};
use suyuan_trace_api::assembly::{keys, Direction, LinkView, QueryMsg, UnitEventsAnswer, UnitView};
use suyuan_trace_api::event::{self, EventsByIdAnswer};
use suyuan_trace_api::page::PAGE_MAX;
use tendermint::validator;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::deploy::Deployment;
use crate::error::{ClientError, Outcome};
use crate::proof::{next_header, signed_height};

/// Units of one certificate.
pub const CERTIFICATE_UNITS_MAX: usize = 200_000;
/// Requests under way at one time.
const IN_FLIGHT: usize = 16;
/// Steps of a proof: key to store, store to app hash.
const STEPS: usize = 2;

/// Which trace to prove.
#[derive(Clone, Debug)]
pub struct Question {
    /// Code of the unit to start from.
    pub code: String,
    /// To what it is made of, or to what it went into.
    pub direction: Direction,
    /// Height of the state; 0 takes the newest that a header signs.
    pub height: u64,
}

/// Fetches a certificate. It is in canonical form; whether it holds is for [`suyuan_certificate::verify()`] to say.
///
/// # Errors
/// Refused if the unit is unknown or the height is not kept; input above [`CERTIFICATE_UNITS_MAX`] units; malformed if
/// the node's answers do not fit together.
pub async fn fetch(
    client: &Client,
    deployment: &Deployment,
    question: &Question,
) -> Outcome<Certificate> {
    let height = match question.height {
        0 => signed_height(client).await?,
        height => height,
    };
    let desk = Desk { client: client.clone(), deployment: deployment.clone(), height };
    let found = desk.closure(question).await?;
    let numbers = desk.event_numbers(&found).await?;
    let plan = desk.plan(question, found, &numbers).await?;
    let (proofs, store) = desk.proofs(plan.keys().map_err(unusable)?).await?;
    let mut ends = vec![];
    for key in plan.absent_keys().map_err(unusable)? {
        ends.push(desk.absent(key).await?);
    }
    let ends = <[NonExistenceProof; 4]>::try_from(ends).map_err(|_| odd("four histories"))?;
    let signed_header = next_header(client, height).await?;
    let validators = client.rpc().validators(height.saturating_add(1)).await?;
    let top =
        Top { store, signed_header, validators: validator::Set::without_proposer(validators) };
    plan.certificate(&proofs, &ends, top).map_err(unusable)
}

fn odd(why: &str) -> ClientError {
    ClientError::Malformed { what: "a certificate".into(), why: why.into() }
}

fn unusable(error: impl std::fmt::Display) -> ClientError {
    odd(&error.to_string())
}

/// A unit as it was found.
#[derive(Debug)]
struct Found {
    view: UnitView,
    links: Vec<LinkView>,
    /// Steps of its links by their place in its accumulator.
    steps: BTreeMap<u64, LinkOp>,
    /// Names of its events, in order.
    events: Vec<String>,
}

/// Asks at one height.
#[derive(Clone, Debug)]
struct Desk {
    client: Client,
    deployment: Deployment,
    height: u64,
}

impl Desk {
    /// Runs a request for each item, some at a time; answers in the order of the items.
    async fn each<I, T, F>(&self, items: Vec<I>, request: impl Fn(Self, I) -> F) -> Outcome<Vec<T>>
    where
        I: Send + 'static,
        T: Send + 'static,
        F: std::future::Future<Output = Outcome<T>> + Send + 'static,
    {
        let mut answers: BTreeMap<usize, T> = BTreeMap::new();
        let mut under_way = JoinSet::new();
        for (place, item) in items.into_iter().enumerate() {
            if under_way.len() >= IN_FLIGHT {
                take(&mut under_way, &mut answers).await?;
            }
            let request = request(self.clone(), item);
            under_way.spawn(async move { (place, request.await) });
        }
        while !under_way.is_empty() {
            take(&mut under_way, &mut answers).await?;
        }
        Ok(answers.into_values().collect())
    }

    async fn graph<T: serde::de::DeserializeOwned>(&self, question: &QueryMsg) -> Outcome<T> {
        self.client.query_at(self.height).smart(&self.deployment.assembly_graph, question).await
    }

    /// All units that the start leads to, level by level.
    async fn closure(&self, question: &Question) -> Outcome<Vec<Found>> {
        let direction = question.direction;
        let mut seen = BTreeSet::from([question.code.clone()]);
        let mut level = vec![question.code.clone()];
        let mut all = vec![];
        while !level.is_empty() {
            let found = self
                .each(level, |desk, code| async move { desk.unit(code, direction).await })
                .await?;
            level = vec![];
            for unit in &found {
                for link in &unit.links {
                    let far = match direction {
                        Direction::Backward => &link.child,
                        Direction::Forward => &link.parent,
                    };
                    if seen.insert(far.clone()) {
                        level.push(far.clone());
                    }
                }
            }
            all.extend(found);
            if all.len() > CERTIFICATE_UNITS_MAX {
                let text = format!("the trace has more than {CERTIFICATE_UNITS_MAX} units");
                return Err(ClientError::Input(text));
            }
        }
        Ok(all)
    }

    async fn unit(self, code: String, direction: Direction) -> Outcome<Found> {
        let view: Option<UnitView> = self.graph(&QueryMsg::Unit { code: code.clone() }).await?;
        let view = view.ok_or_else(|| {
            ClientError::Input(format!("there is no unit {code} at height {}", self.height))
        })?;
        let links = self.links(&code, direction).await?;
        let mut steps = BTreeMap::new();
        for link in &links {
            for (place, op) in self.steps(link.id, direction).await? {
                steps.insert(place, LinkOp { link: link.id, op });
            }
        }
        let events = self.events(&code).await?;
        Ok(Found { view, links, steps, events })
    }

    async fn links(&self, code: &str, direction: Direction) -> Outcome<Vec<LinkView>> {
        let mut links: Vec<LinkView> = vec![];
        loop {
            let question = QueryMsg::UnitLinks {
                code: code.to_string(),
                direction,
                start_after: links.last().map(|link| link.id),
                limit: Some(PAGE_MAX),
            };
            let page: Vec<LinkView> = self.graph(&question).await?;
            if page.is_empty() {
                return Ok(links);
            }
            links.extend(page);
        }
    }

    /// The steps of a link with their places, from its record.
    async fn steps(&self, link: u64, direction: Direction) -> Outcome<Vec<(u64, OpKind)>> {
        let graph = &self.deployment.assembly_graph;
        let bytes = self.client.query_at(self.height).raw(graph, keys::link(link)).await?;
        let record = Link::decode(&bytes).map_err(unusable)?;
        let place = |at: Places| match direction {
            Direction::Backward => at.incoming,
            Direction::Forward => at.outgoing,
        };
        let mut steps = vec![(place(record.opened_at), OpKind::Opened)];
        steps.extend(record.witnesses.iter().map(|witness| (place(witness.at), OpKind::Witnessed)));
        if let Some(closing) = &record.closed {
            let op = if closing.voided { OpKind::Voided } else { OpKind::Closed };
            steps.push((place(closing.at), op));
        }
        Ok(steps)
    }

    async fn events(&self, code: &str) -> Outcome<Vec<String>> {
        let mut events = vec![];
        loop {
            let question = QueryMsg::UnitEvents {
                code: code.to_string(),
                skip: events.len() as u64,
                limit: Some(PAGE_MAX),
            };
            let page: UnitEventsAnswer = self.graph(&question).await?;
            let done = page.events.is_empty();
            events.extend(page.events);
            if done || events.len() as u64 >= page.count {
                return Ok(events);
            }
        }
    }

    /// Numbers of all events of these units, by name.
    async fn event_numbers(&self, found: &[Found]) -> Outcome<BTreeMap<String, u64>> {
        let names: BTreeSet<&String> = found.iter().flat_map(|unit| &unit.events).collect();
        let names: Vec<String> = names.into_iter().cloned().collect();
        let pages: Vec<Vec<String>> =
            names.chunks(PAGE_MAX as usize).map(<[String]>::to_vec).collect();
        let pages = self.each(pages, Self::numbers_of).await?;
        Ok(pages.into_iter().flatten().collect())
    }

    async fn numbers_of(self, names: Vec<String>) -> Outcome<Vec<(String, u64)>> {
        let mut numbers: Vec<(String, u64)> = vec![];
        while numbers.len() < names.len() {
            let rest = names[numbers.len()..].to_vec();
            let question = event::QueryMsg::EventsById { ids: rest.clone() };
            let log = &self.deployment.event_log;
            let page: EventsByIdAnswer =
                self.client.query_at(self.height).smart(log, &question).await?;
            if page.events.is_empty() {
                return Err(odd("the event log does not answer for its events"));
            }
            for (name, stored) in rest.into_iter().zip(page.events) {
                let stored = stored.ok_or_else(|| odd("a unit names an unknown event"))?;
                numbers.push((name, stored.number));
            }
        }
        Ok(numbers)
    }

    async fn plan(
        &self,
        question: &Question,
        found: Vec<Found>,
        numbers: &BTreeMap<String, u64>,
    ) -> Outcome<Plan> {
        let to = &self.deployment;
        let texts =
            [&to.registry, &to.trace_code, &to.assembly_graph, &to.event_log].map(String::as_str);
        let homes = Homes::from_texts(texts).map_err(unusable)?;
        let mut codes = BTreeSet::new();
        let mut contracts = vec![];
        for (role, address) in Role::ALL.into_iter().zip(texts) {
            let history = self.history(homes.of(role), &mut codes).await?;
            contracts.push(PlannedContract { address: address.to_string(), history });
        }
        let mut units = vec![];
        let mut links = BTreeMap::new();
        for unit in found {
            let event = |name: &String| numbers.get(name).copied();
            let events: Option<Vec<u64>> = unit.events.iter().map(event).collect();
            units.push(PlannedUnit {
                number: unit.view.birth,
                steps: unit.steps.into_values().collect(),
                events: events.ok_or_else(|| odd("an event without number"))?,
            });
            links.extend(unit.links.into_iter().map(|link| (link.id, link)));
        }
        let events: BTreeSet<u64> = numbers.values().copied().collect();
        Ok(Plan {
            chain_id: self.client.chain_id().to_string(),
            height: self.height,
            start: question.code.clone(),
            direction: question.direction,
            contracts: <[PlannedContract; 4]>::try_from(contracts)
                .map_err(|_| odd("four contracts"))?,
            codes: codes.into_iter().collect(),
            units,
            links: links.into_values().collect(),
            events: events.into_iter().collect(),
        })
    }

    /// Entries of a contract's history, whose codes are collected.
    async fn history(&self, home: &[u8], codes: &mut BTreeSet<u64>) -> Outcome<u64> {
        let mut entries = 0u64;
        loop {
            let next = entries.saturating_add(1);
            match self.proved(history_key(home, next)).await?.0 {
                Proof::Exist(entry) => {
                    let code = history_code(&entry.value);
                    codes.insert(code.ok_or_else(|| odd("an unreadable history"))?);
                    entries = next;
                }
                _ => return Ok(entries),
            }
        }
    }

    async fn proved(&self, key: Vec<u8>) -> Outcome<(Proof, ExistenceProof)> {
        proved(&self.client, self.height, key).await
    }

    async fn absent(&self, key: Vec<u8>) -> Outcome<NonExistenceProof> {
        match self.proved(key).await?.0 {
            Proof::Nonexist(proof) => Ok(proof),
            _ => Err(odd("a history goes on")),
        }
    }

    /// Proofs of presence, and that of the store, which all of them share.
    async fn proofs(&self, keys: Vec<Vec<u8>>) -> Outcome<(Proofs, ExistenceProof)> {
        let answers = self
            .each(keys, |desk, key| async move { Ok((key.clone(), desk.proved(key).await?)) })
            .await?;
        let mut proofs = Proofs::new();
        let mut shared = None;
        for (key, (record, store)) in answers {
            let Proof::Exist(proof) = record else {
                return Err(odd(&format!("there is no record {}", hex::encode(key))));
            };
            proofs.insert(key, proof);
            shared = Some(store);
        }
        Ok((proofs, shared.ok_or_else(|| odd("nothing to prove"))?))
    }
}

/// A key with its proof, and the proof of the store.
async fn proved(client: &Client, height: u64, key: Vec<u8>) -> Outcome<(Proof, ExistenceProof)> {
    let path = format!("/store/{STORE}/key");
    let answer = client.rpc().abci_query(&path, key, Some(height), true).await?;
    let ops = answer.proof.map(|proof| proof.ops).unwrap_or_default();
    let decoded = ops.iter().map(|op| CommitmentProof::decode(op.data.as_slice()).ok()?.proof);
    match decoded.collect::<Option<Vec<_>>>().map(<[Proof; STEPS]>::try_from) {
        Some(Ok([record, Proof::Exist(store)])) => Ok((record, store)),
        _ => Err(odd("the node gives no readable proof")),
    }
}

/// The proof of a record of the contracts' store.
pub(crate) async fn proved_at(
    client: &Client,
    height: u64,
    key: Vec<u8>,
) -> Outcome<ExistenceProof> {
    match proved(client, height, key.clone()).await?.0 {
        Proof::Exist(proof) => Ok(proof),
        _ => Err(ClientError::Input(format!("there is no record {}", hex::encode(key)))),
    }
}

/// Takes one finished request.
async fn take<T: 'static>(
    under_way: &mut JoinSet<(usize, Outcome<T>)>,
    answers: &mut BTreeMap<usize, T>,
) -> Outcome<()> {
    if let Some(ended) = under_way.join_next().await {
        let (place, answer) = ended.map_err(unusable)?;
        answers.insert(place, answer?);
    }
    Ok(())
}
