//! A made-up chain: the story in a real store, under headers that real keys sign.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signer as _, SigningKey};
use ics23::commitment_proof::Proof;
use ics23::{CommitmentProof, ExistenceProof, NonExistenceProof};
use prost::Message as _;
use suyuan_certificate::build::{Plan, PlannedContract, PlannedUnit, Proofs, Top};
use suyuan_certificate::contracts::Role;
use suyuan_certificate::proofs::{code_key, contract_key, history_key, state_key};
use suyuan_certificate::{Addresses, Anchor, Certificate, Checksums, Terms};
use suyuan_store::{ChangeSet, Options, Snapshot, Store};
use suyuan_trace_api::assembly::record::Record as _;
use suyuan_trace_api::assembly::{keys, Direction};
use suyuan_trace_api::event;
use tendermint::block::signed_header::SignedHeader;
use tendermint::block::{parts, Commit, CommitSig, Header, Id};
use tendermint::{account, validator, vote, Hash, Signature, Time};

use crate::story::Story;

/// The chain's id.
pub const CHAIN: &str = "made-up-1";
/// Checksum of the code of every contract.
pub const CHECKSUM: [u8; 32] = [0x5a; 32];
/// Checksum of the code that the graph ran before its migration.
pub const OLD_CHECKSUM: [u8; 32] = [0x0d; 32];

/// Who signs, and with how much power each.
#[derive(Clone)]
pub struct Signers {
    keys: Vec<(SigningKey, u64)>,
    set: validator::Set,
}

impl Signers {
    /// Signers of these powers, from a seed.
    pub fn new(seed: u8, powers: &[u64]) -> Self {
        let keyed = powers.iter().enumerate().map(|(place, power)| {
            let mut bytes = [seed; 32];
            bytes[1] = place as u8;
            (SigningKey::from_bytes(&bytes), *power)
        });
        let mut keys: BTreeMap<account::Id, (SigningKey, u64)> = BTreeMap::new();
        let mut infos = vec![];
        for (key, power) in keyed {
            let info = info(&key, power);
            keys.insert(info.address, (key, power));
            infos.push(info);
        }
        let set = validator::Set::without_proposer(infos);
        let keys = set.validators().iter().map(|v| keys[&v.address].clone()).collect();
        Self { keys, set }
    }

    /// Both groups together.
    pub fn with(&self, other: &Self) -> Self {
        let keys: Vec<_> = self.keys.iter().chain(&other.keys).cloned().collect();
        let set = validator::Set::without_proposer(
            keys.iter().map(|(key, power)| info(key, *power)).collect(),
        );
        let mut sorted = keys;
        sorted.sort_by_key(|(key, power)| {
            let address = info(key, *power).address;
            (std::cmp::Reverse(*power), address)
        });
        Self { keys: sorted, set }
    }

    /// As an anchor: with the contracts that count, or without.
    pub fn anchor(&self, contracts: Option<&Addresses>) -> Anchor {
        Anchor::genesis(self.trust_json(contracts).to_string().as_bytes()).expect("an anchor")
    }

    /// The trust file.
    pub fn trust_json(&self, contracts: Option<&Addresses>) -> serde_json::Value {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let validators: Vec<_> = self
            .set
            .validators()
            .iter()
            .map(|v| {
                serde_json::json!({
                    "pub_key": {"type": "tendermint/PubKeyEd25519", "value": engine.encode(v.pub_key.to_bytes())},
                    "power": v.power().to_string(),
                })
            })
            .collect();
        let mut trust = serde_json::json!({"chain_id": CHAIN, "validators": validators});
        if let Some(to) = contracts {
            trust["contracts"] = serde_json::json!({
                "registry": to.registry, "trace_code": to.trace_code,
                "assembly_graph": to.assembly_graph, "event_log": to.event_log,
            });
        }
        trust
    }

    /// A header of `height` over an app hash, signed by all.
    pub fn sign(&self, chain: &str, height: u64, app_hash: &[u8]) -> SignedHeader {
        let header =
            header(chain, height, app_hash, self.set.hash(), self.set.validators()[0].address);
        let hash = |byte: u8| Hash::Sha256([byte; 32]);
        let part_set_header = parts::Header::new(1, hash(9)).expect("parts");
        let block_id = Id { hash: header.hash(), part_set_header };
        let mut signatures = vec![];
        for (place, (key, power)) in self.keys.iter().enumerate() {
            let address = info(key, *power).address;
            let timestamp = time(height * 1_000_000 + place as u64);
            let vote = vote::Vote {
                vote_type: vote::Type::Precommit,
                height: header.height,
                round: 0u16.into(),
                block_id: Some(block_id),
                timestamp: Some(timestamp),
                validator_address: address,
                validator_index: u32::try_from(place).expect("few").try_into().expect("few"),
                signature: None,
                extension: vec![],
                extension_signature: None,
            };
            let bytes = vote.into_signable_vec(header.chain_id.clone());
            let signature = Signature::new(key.sign(&bytes).to_bytes()).expect("64 bytes");
            signatures.push(CommitSig::BlockIdFlagCommit {
                validator_address: address,
                timestamp,
                signature,
            });
        }
        let commit = Commit { height: header.height, round: 0u16.into(), block_id, signatures };
        SignedHeader::new(header, commit).expect("of one height")
    }
}

fn info(key: &SigningKey, power: u64) -> validator::Info {
    let public = tendermint::PublicKey::from_raw_ed25519(key.verifying_key().as_bytes());
    validator::Info::new(public.expect("a key"), vote::Power::try_from(power).expect("small"))
}

fn time(nanos: u64) -> Time {
    Time::from_unix_timestamp(
        1_760_000_000 + (nanos / 1_000_000_000) as i64,
        (nanos % 1_000_000_000) as u32,
    )
    .expect("a time")
}

fn header(
    chain: &str,
    height: u64,
    app_hash: &[u8],
    validators_hash: Hash,
    proposer_address: account::Id,
) -> Header {
    let hash = |byte: u8| Hash::Sha256([byte; 32]);
    Header {
        version: tendermint::block::header::Version { block: 11, app: 1 },
        chain_id: chain.parse().expect("an id"),
        height: height.try_into().expect("a height"),
        time: time(height * 1_000_000),
        last_block_id: Some(Id {
            hash: hash(1),
            part_set_header: parts::Header::new(1, hash(2)).expect("parts"),
        }),
        last_commit_hash: Some(hash(3)),
        data_hash: Some(hash(4)),
        validators_hash,
        next_validators_hash: validators_hash,
        consensus_hash: hash(5),
        app_hash: app_hash.to_vec().try_into().expect("a hash"),
        last_results_hash: Some(hash(6)),
        evidence_hash: Some(hash(7)),
        proposer_address,
    }
}

/// Four contracts with a story in them.
#[derive(Clone)]
pub struct Site {
    pub story: Story,
    pub addresses: Addresses,
    homes: [Vec<u8>; 4],
}

impl Site {
    /// At addresses from a seed.
    pub fn new(seed: u8, story: Story) -> Self {
        let homes = [0u8, 1, 2, 3].map(|place| {
            let mut home = vec![seed; 32];
            home[31] = place;
            home
        });
        let [registry, trace_code, assembly_graph, event_log] =
            homes.each_ref().map(|h| bech32_of(h));
        Self {
            story,
            addresses: Addresses { registry, trace_code, assembly_graph, event_log },
            homes,
        }
    }

    fn home(&self, role: Role) -> &[u8] {
        &self.homes[Role::ALL.iter().position(|other| *other == role).expect("a role")]
    }
}

fn bech32_of(bytes: &[u8]) -> String {
    let hrp = bech32::Hrp::parse("suyuan").expect("a prefix");
    bech32::encode::<bech32::Bech32>(hrp, bytes).expect("short")
}

/// A chain at rest.
pub struct Chain {
    snapshot: Snapshot,
    _store: Store,
}

/// Wire tags of protobuf fields.
fn field(number: u8, value: u64) -> Vec<u8> {
    let mut out = vec![number << 3];
    put_varint(&mut out, value);
    out
}

fn bytes_field(number: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    put_varint(&mut out, value.len() as u64);
    out.extend_from_slice(value);
    out
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn code_info(checksum: &[u8; 32]) -> Vec<u8> {
    [bytes_field(1, checksum), bytes_field(2, b"creator")].concat()
}

fn history_entry(operation: u64, code: u64, height: u64) -> Vec<u8> {
    let updated = [field(1, height), field(2, 0)].concat();
    [field(1, operation), field(2, code), bytes_field(3, &updated), bytes_field(4, b"{}")].concat()
}

impl Chain {
    /// The sites in one store, written over several heights, beside records of others.
    pub fn new(sites: &[&Site]) -> Self {
        let store = Store::in_memory(Options::new(&["acc", "bank", "wasm", "consensus"]));
        let mut all: ChangeSet = BTreeMap::new();
        let mut put = |key: Vec<u8>, value: Vec<u8>| {
            all.insert(("wasm", key), Some(value));
        };
        for (id, checksum) in [(1, OLD_CHECKSUM), (2, CHECKSUM), (3, CHECKSUM)] {
            put(code_key(id), code_info(&checksum));
        }
        for site in sites {
            for (key, value) in site_records(site) {
                put(key, value);
            }
        }
        for other in 0u64..40 {
            put([&[0x03][..], &[0xee; 32], &other.to_be_bytes()].concat(), vec![1, other as u8]);
        }
        put(vec![0x06, 0, 0, 0, 0, 0, 0, 0, 2], vec![1]);
        all.insert(("bank", b"supply".to_vec()), Some(b"1".to_vec()));
        all.insert(("acc", b"params".to_vec()), Some(b"1".to_vec()));
        let records: Vec<_> = all.into_iter().collect();
        for part in 0..4usize {
            let changes: ChangeSet = records.iter().skip(part).step_by(4).cloned().collect();
            let staged = store.stage(&changes).expect("staged");
            store.commit(staged, &[]).expect("committed");
        }
        Self { snapshot: store.snapshot(), _store: store }
    }

    /// Height of the state.
    pub fn height(&self) -> u64 {
        self.snapshot.version()
    }

    fn prove(&self, key: &[u8]) -> (Proof, ExistenceProof) {
        let proof = self.snapshot.prove("wasm", key).expect("a proof");
        let decode = |data: &[u8]| {
            CommitmentProof::decode(data).expect("readable").proof.expect("with content")
        };
        let Proof::Exist(store) = decode(&proof.ops[1].data) else { panic!("the store is there") };
        (decode(&proof.ops[0].data), store)
    }

    /// The proof of a record that is there.
    pub fn present(&self, key: &[u8]) -> ExistenceProof {
        match self.prove(key).0 {
            Proof::Exist(proof) => proof,
            other => panic!("{} is not there: {other:?}", hex::encode(key)),
        }
    }

    fn absent(&self, key: &[u8]) -> NonExistenceProof {
        match self.prove(key).0 {
            Proof::Nonexist(proof) => proof,
            other => panic!("{} is there: {other:?}", hex::encode(key)),
        }
    }

    /// The certificate of a unit of a site.
    pub fn certificate(
        &self,
        site: &Site,
        start: &str,
        direction: Direction,
        signers: &Signers,
    ) -> Certificate {
        let plan = plan(site, start, direction, self.height());
        let proofs: Proofs = plan
            .keys()
            .expect("keys")
            .into_iter()
            .map(|key| (key.clone(), self.present(&key)))
            .collect();
        let ends = plan.absent_keys().expect("keys").map(|key| self.absent(&key));
        let app_hash = self.snapshot.app_hash();
        let top = Top {
            store: self.prove(&code_key(1)).1,
            signed_header: signers.sign(CHAIN, self.height() + 1, &app_hash),
            validators: signers.set.clone(),
        };
        plan.certificate(&proofs, &ends, top).expect("a certificate")
    }
}

fn site_records(site: &Site) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut records = vec![];
    for role in Role::ALL {
        let home = site.home(role);
        let info = [
            field(1, 2),
            bytes_field(2, b"creator"),
            bytes_field(3, b"suyuan1admin"),
            bytes_field(4, role.name().as_bytes()),
        ];
        records.push((contract_key(home), info.concat()));
        let history = match role {
            Role::AssemblyGraph => {
                vec![history_entry(1, 1, 5), history_entry(2, 3, 8), history_entry(2, 2, 9)]
            }
            _ => vec![history_entry(1, 2, 6)],
        };
        for (position, entry) in (1..).zip(history) {
            records.push((history_key(home, position), entry));
        }
    }
    let to = &site.addresses;
    let text = |value: &str| serde_json::json!(value);
    for (role, key, value) in [
        (Role::TraceCode, "r", text(&to.registry)),
        (Role::TraceCode, "g", text(&to.assembly_graph)),
        (
            Role::AssemblyGraph,
            "config",
            serde_json::json!({"registry": to.registry, "trace_code": to.trace_code}),
        ),
        (Role::AssemblyGraph, "event_log", text(&to.event_log)),
        (
            Role::EventLog,
            "config",
            serde_json::json!({"registry": to.registry, "assembly_graph": to.assembly_graph}),
        ),
    ] {
        records.push((state_key(site.home(role), key.as_bytes()), value.to_string().into_bytes()));
    }
    records.extend(crate::nodes::records(site.home(Role::Registry)));
    let graph = site.home(Role::AssemblyGraph);
    for unit in &site.story.units {
        for (key, value) in [
            (keys::core(unit.number), unit.core.encode()),
            (keys::unit_state(unit.number), unit.state.encode()),
            (keys::accumulators(unit.number), unit.accumulators.encode()),
        ] {
            records.push((state_key(graph, &key), value));
        }
    }
    for stored in &site.story.events {
        let key = state_key(site.home(Role::EventLog), &event::keys::event(stored.number));
        records.push((key, cosmwasm_std::to_json_vec(stored).expect("plain data")));
    }
    records
}

fn plan(site: &Site, start: &str, direction: Direction, height: u64) -> Plan {
    let story = &site.story;
    let place = |code: &str| story.units.iter().position(|u| u.core.code == code).expect("a unit");
    let mut reached = BTreeSet::new();
    let mut frontier = vec![place(start)];
    let mut links = vec![];
    while let Some(at) = frontier.pop() {
        if !reached.insert(at) {
            continue;
        }
        for link in &story.links {
            let (near, far) = match direction {
                Direction::Backward => (&link.parent, &link.child),
                Direction::Forward => (&link.child, &link.parent),
            };
            if *near == story.units[at].core.code {
                links.push(link.clone());
                frontier.push(place(far));
            }
        }
    }
    let units: Vec<_> = reached
        .iter()
        .map(|at| &story.units[*at])
        .map(|unit| PlannedUnit {
            number: unit.number,
            steps: match direction {
                Direction::Backward => unit.incoming.clone(),
                Direction::Forward => unit.outgoing.clone(),
            },
            events: unit.events.clone(),
        })
        .collect();
    let events: BTreeSet<u64> = units.iter().flat_map(|unit| unit.events.clone()).collect();
    let contract = |role: Role, history: u64| PlannedContract {
        address: site.addresses.of(role).to_string(),
        history,
    };
    Plan {
        chain_id: CHAIN.into(),
        height,
        start: start.into(),
        direction,
        contracts: [
            contract(Role::Registry, 1),
            contract(Role::TraceCode, 1),
            contract(Role::AssemblyGraph, 3),
            contract(Role::EventLog, 1),
        ],
        codes: vec![1, 2, 3],
        units,
        links,
        events: events.into_iter().collect(),
    }
}

/// The checksums of this chain's contracts.
pub fn checksums() -> Checksums {
    let mut known = Checksums::none();
    for checksum in [CHECKSUM, OLD_CHECKSUM] {
        known.accept(&hex::encode(checksum)).expect("a checksum");
    }
    known
}

/// The terms of somebody who trusts `anchor`.
pub fn terms(anchor: Anchor) -> Terms {
    Terms { anchor, checksums: checksums(), deployment: None }
}

/// A chain with the small story, its look-alike beside it, and four validators.
pub struct Scene {
    pub chain: Chain,
    pub site: Site,
    pub twin: Site,
    pub signers: Signers,
}

impl Scene {
    /// As described.
    pub fn new(story: Story) -> Self {
        let site = Site::new(0x11, story.clone());
        let twin = Site::new(0x22, story);
        let chain = Chain::new(&[&site, &twin]);
        Self { chain, site, twin, signers: Signers::new(1, &[10, 10, 7, 5]) }
    }

    /// What an honest verifier is told.
    pub fn terms(&self) -> Terms {
        terms(self.signers.anchor(Some(&self.site.addresses)))
    }

    /// The certificate of a unit.
    pub fn certificate(&self, start: &str, direction: Direction) -> Certificate {
        self.chain.certificate(&self.site, start, direction, &self.signers)
    }
}
