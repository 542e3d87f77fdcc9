//! From proofs as a node gives them to a certificate.
//!
//! A [`Plan`] says what belongs into a certificate. It names the keys to be proved ([`Plan::keys`]); whoever has the
//! proofs – from a node, from a store – hands them to [`Plan::certificate`]. Nothing is checked here: what comes
//! out is judged by [`crate::verify()`].

use std::collections::BTreeMap;

use ics23::{ExistenceProof, NonExistenceProof};
use suyuan_trace_api::assembly::{self, Direction, LinkView};
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event;
use tendermint::block::signed_header::SignedHeader;
use tendermint::validator;

use crate::bytes::{Base64, Hex};
use crate::contracts::{Homes, Role};
use crate::fault::Fault;
use crate::format::{
    Certificate, Code, Contract, Contracts, Entry, Event, LinkOp, Neighbour, Shared, Step, Unit,
    Validator, FORMAT,
};
use crate::pack::Packer;
use crate::proofs::{code_key, contract_key, history_key, state_key};
use crate::signed::{Commit, Header};

/// Proofs of presence by key.
pub type Proofs = BTreeMap<Vec<u8>, ExistenceProof>;

/// Why there is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A record without proof.
    #[error("there is no proof of {0}")]
    NoProof(String),
    /// A proof or an address that cannot be used.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A unit as it goes in.
#[derive(Clone, Debug)]
pub struct PlannedUnit {
    /// Its number.
    pub number: u64,
    /// The steps of its links in the direction of the trace, in order of recording.
    pub steps: Vec<LinkOp>,
    /// The numbers of its events, in order of recording.
    pub events: Vec<u64>,
}

/// A contract as it goes in.
#[derive(Clone, Debug)]
pub struct PlannedContract {
    /// Its address.
    pub address: String,
    /// Entries of its history.
    pub history: u64,
}

/// What goes into a certificate.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The chain.
    pub chain_id: String,
    /// Height of the state.
    pub height: u64,
    /// Code of the unit to start from.
    pub start: String,
    /// Direction.
    pub direction: Direction,
    /// The contracts in the order of [`Role::ALL`].
    pub contracts: [PlannedContract; 4],
    /// Ids of all codes that they run or ran.
    pub codes: Vec<u64>,
    /// The units.
    pub units: Vec<PlannedUnit>,
    /// Their links.
    pub links: Vec<LinkView>,
    /// Numbers of their events.
    pub events: Vec<u64>,
}

/// What does not come from the tree of contracts.
#[derive(Clone, Debug)]
pub struct Top {
    /// The tree's root under the app hash.
    pub store: ExistenceProof,
    /// Header of the next height.
    pub signed_header: SignedHeader,
    /// Its validators.
    pub validators: validator::Set,
}

impl Plan {
    fn homes(&self) -> Result<Homes, BuildError> {
        Ok(Homes::from_texts(self.contracts.each_ref().map(|c| c.address.as_str()))?)
    }

    /// The keys of all records that need a proof of presence.
    ///
    /// # Errors
    /// [`Fault::BadAddress`].
    pub fn keys(&self) -> Result<Vec<Vec<u8>>, BuildError> {
        let homes = self.homes()?;
        let mut keys = vec![];
        for (role, contract) in Role::ALL.into_iter().zip(&self.contracts) {
            let home = homes.of(role);
            keys.push(contract_key(home));
            keys.extend((1..=contract.history).map(|position| history_key(home, position)));
            keys.extend(role.items().iter().map(|item| state_key(home, item.as_bytes())));
        }
        keys.extend(self.codes.iter().map(|id| code_key(*id)));
        keys.extend(self.units.iter().flat_map(|unit| unit_keys(&homes, unit.number)));
        keys.extend(self.events.iter().map(|number| event_key(&homes, *number)));
        Ok(keys)
    }

    /// Keys that the ends of the histories need a proof of absence for, in the order of [`Role::ALL`].
    ///
    /// # Errors
    /// [`Fault::BadAddress`].
    pub fn absent_keys(&self) -> Result<[Vec<u8>; 4], BuildError> {
        let homes = self.homes()?;
        let next = |role: Role, contract: &PlannedContract| {
            history_key(homes.of(role), contract.history.saturating_add(1))
        };
        let [registry, trace_code, graph, log] = &self.contracts;
        Ok([
            next(Role::Registry, registry),
            next(Role::TraceCode, trace_code),
            next(Role::AssemblyGraph, graph),
            next(Role::EventLog, log),
        ])
    }

    /// The certificate, in canonical form.
    ///
    /// # Errors
    /// [`BuildError::NoProof`]; [`BuildError::Fault`] where a proof cannot be used.
    pub fn certificate(
        self,
        proofs: &Proofs,
        ends: &[NonExistenceProof; 4],
        top: Top,
    ) -> Result<Certificate, BuildError> {
        let homes = self.homes()?;
        let mut desk = Desk { proofs, packer: Packer::default() };
        let mut contracts = vec![];
        for ((role, planned), end) in Role::ALL.into_iter().zip(&self.contracts).zip(ends) {
            contracts.push(desk.contract(role, planned, homes.of(role), end)?);
        }
        let [registry, trace_code, assembly_graph, event_log] =
            <[Contract; 4]>::try_from(contracts)
                .map_err(|_| BuildError::NoProof("four contracts".into()))?;
        let mut codes = vec![];
        for id in &self.codes {
            codes.push(Code { id: *id, info: desk.entry(&code_key(*id))? });
        }
        let mut units = vec![];
        for unit in self.units {
            units.push(desk.unit(&homes, unit)?);
        }
        let mut events = vec![];
        for number in &self.events {
            events.push(desk.event(&homes, *number)?);
        }
        let certificate = Certificate {
            format: FORMAT.into(),
            chain_id: self.chain_id,
            height: self.height,
            start: self.start,
            direction: self.direction,
            contracts: Contracts { registry, trace_code, assembly_graph, event_log },
            codes,
            units,
            links: self.links,
            events,
            proof: shared(desk.packer, &top.store),
            header: Header::from_stock(&top.signed_header.header),
            commit: Commit::from_stock(&top.signed_header.commit),
            validators: top.validators.validators().iter().map(validator).collect(),
            digest: Digest::ZERO,
        };
        Ok(certificate.seal()?)
    }
}

fn unit_keys(homes: &Homes, number: u64) -> [Vec<u8>; 3] {
    let graph = homes.of(Role::AssemblyGraph);
    [
        state_key(graph, &assembly::keys::core(number)),
        state_key(graph, &assembly::keys::unit_state(number)),
        state_key(graph, &assembly::keys::accumulators(number)),
    ]
}

fn event_key(homes: &Homes, number: u64) -> Vec<u8> {
    state_key(homes.of(Role::EventLog), &event::keys::event(number))
}

fn validator(info: &validator::Info) -> Validator {
    Validator { ed25519: Hex(info.pub_key.to_bytes()), power: info.power() }
}

fn shared(packer: Packer, store: &ExistenceProof) -> Shared {
    let step = |op: &ics23::InnerOp| Step {
        prefix: Hex(op.prefix.clone()),
        suffix: Hex(op.suffix.clone()),
    };
    Shared {
        nodes: packer.finish(),
        store_root: Hex(store.value.clone()),
        store_path: store.path.iter().map(step).collect(),
    }
}

/// Where proofs become entries.
struct Desk<'a> {
    proofs: &'a Proofs,
    packer: Packer,
}

impl Desk<'_> {
    fn proof(&self, key: &[u8]) -> Result<&ExistenceProof, BuildError> {
        self.proofs.get(key).ok_or_else(|| BuildError::NoProof(hex::encode(key)))
    }

    fn packed(&mut self, proof: &ExistenceProof) -> Result<Entry, BuildError> {
        let leaf = proof.leaf.as_ref().map(|leaf| leaf.prefix.clone()).unwrap_or_default();
        let path = self.packer.add(&proof.path)?;
        Ok(Entry { value: Base64(proof.value.clone()), leaf: Hex(leaf), path })
    }

    fn entry(&mut self, key: &[u8]) -> Result<Entry, BuildError> {
        let proof = self.proof(key)?.clone();
        self.packed(&proof)
    }

    fn contract(
        &mut self,
        role: Role,
        planned: &PlannedContract,
        home: &[u8],
        end: &NonExistenceProof,
    ) -> Result<Contract, BuildError> {
        let mut history = vec![];
        for position in 1..=planned.history {
            history.push(self.entry(&history_key(home, position))?);
        }
        let after = end
            .right
            .as_ref()
            .ok_or_else(|| BuildError::NoProof(format!("the history's end of {}", role.name())))?;
        let mut items = vec![];
        for item in role.items() {
            items.push(self.entry(&state_key(home, item.as_bytes()))?);
        }
        Ok(Contract {
            address: planned.address.clone(),
            info: self.entry(&contract_key(home))?,
            history,
            after_history: Neighbour { key: Hex(after.key.clone()), entry: self.packed(after)? },
            items,
        })
    }

    fn unit(&mut self, homes: &Homes, unit: PlannedUnit) -> Result<Unit, BuildError> {
        let [core, state, accumulators] = unit_keys(homes, unit.number);
        Ok(Unit {
            number: unit.number,
            core: self.entry(&core)?,
            state: self.entry(&state)?,
            accumulators: self.entry(&accumulators)?,
            steps: unit.steps,
            events: unit.events,
        })
    }

    fn event(&mut self, homes: &Homes, number: u64) -> Result<Event, BuildError> {
        let entry = self.entry(&event_key(homes, number))?;
        let record = String::from_utf8(entry.value.0)
            .map_err(|_| BuildError::NoProof(format!("event {number} as text")))?;
        Ok(Event { number, record, leaf: entry.leaf, path: entry.path })
    }
}
