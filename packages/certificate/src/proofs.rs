//! Records to app hash: every record of a certificate, the key that it must be under, and its proof.

use ics23::commitment_proof::Proof;
use ics23::{
    CommitmentProof, ExistenceProof, HashOp, HostFunctionsManager, LeafOp, LengthOp,
    NonExistenceProof, ProofSpec,
};
use suyuan_trace_api::{assembly, event};

use crate::bytes::Hex;
use crate::contracts::{Homes, Role};
use crate::fault::Fault;
use crate::format::{Certificate, Contract, Entry, Node, STORE};
use crate::limits::STORE_PATH_MAX;
use crate::pack::{inner_op, unpack, Packer};

const CODE: u8 = 0x01;
const CONTRACT: u8 = 0x02;
const CONTRACT_STATE: u8 = 0x03;
const HISTORY: u8 = 0x05;

/// A record with the key that it must be under.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// What it is, for people.
    pub what: String,
    /// The key in the store.
    pub key: Vec<u8>,
    /// The value.
    pub value: &'a [u8],
    /// Prefix of its leaf.
    pub leaf: &'a Hex,
    /// Its lowest inner node.
    pub path: Option<u32>,
}

/// Key of a code's record.
pub fn code_key(id: u64) -> Vec<u8> {
    [&[CODE][..], &id.to_be_bytes()].concat()
}

/// Key of a contract's record.
pub fn contract_key(address: &[u8]) -> Vec<u8> {
    [&[CONTRACT], address].concat()
}

/// Key of an entry of a contract's history, from 1.
pub fn history_key(address: &[u8], position: u64) -> Vec<u8> {
    [&[HISTORY], address, &position.to_be_bytes()].concat()
}

/// Key of a contract's own record.
pub fn state_key(address: &[u8], key: &[u8]) -> Vec<u8> {
    [&[CONTRACT_STATE], address, key].concat()
}

/// All records of a certificate in the one order in which their proofs are packed: the contracts in the order of
/// [`Role::ALL`], each with its record, its history, what follows that, and its items; the codes; of each unit
/// core, state and accumulators; the events.
pub fn entries<'a>(certificate: &'a Certificate, homes: &Homes) -> Vec<Claim<'a>> {
    let mut claims = vec![];
    for role in Role::ALL {
        of_contract(&mut claims, role, role.of(&certificate.contracts), homes.of(role));
    }
    for code in &certificate.codes {
        claims.push(claim(format!("code {}", code.id), code_key(code.id), &code.info));
    }
    let graph = homes.of(Role::AssemblyGraph);
    for unit in &certificate.units {
        for (part, key, entry) in [
            ("core", assembly::keys::core(unit.number), &unit.core),
            ("state", assembly::keys::unit_state(unit.number), &unit.state),
            ("accumulators", assembly::keys::accumulators(unit.number), &unit.accumulators),
        ] {
            let what = format!("{part} of unit {}", unit.number);
            claims.push(claim(what, state_key(graph, &key), entry));
        }
    }
    let log = homes.of(Role::EventLog);
    for event in &certificate.events {
        claims.push(Claim {
            what: format!("event {}", event.number),
            key: state_key(log, &event::keys::event(event.number)),
            value: event.record.as_bytes(),
            leaf: &event.leaf,
            path: event.path,
        });
    }
    claims
}

fn of_contract<'a>(claims: &mut Vec<Claim<'a>>, role: Role, contract: &'a Contract, home: &[u8]) {
    let name = role.name();
    claims.push(claim(format!("the record of {name}"), contract_key(home), &contract.info));
    for (position, entry) in (1..).zip(&contract.history) {
        let what = format!("history entry {position} of {name}");
        claims.push(claim(what, history_key(home, position), entry));
    }
    let after = &contract.after_history;
    claims.push(claim(
        format!("the record after the history of {name}"),
        after.key.0.clone(),
        &after.entry,
    ));
    for (item, entry) in role.items().iter().zip(&contract.items) {
        let what = format!("item {item} of {name}");
        claims.push(claim(what, state_key(home, item.as_bytes()), entry));
    }
}

pub(crate) fn claim(what: String, key: Vec<u8>, entry: &Entry) -> Claim<'_> {
    Claim { what, key, value: &entry.value.0, leaf: &entry.leaf, path: entry.path }
}

/// The places of all paths, in the order of [`entries`].
pub(crate) fn paths_mut(certificate: &mut Certificate) -> Vec<&mut Option<u32>> {
    let mut paths = vec![];
    let contracts = &mut certificate.contracts;
    for contract in [
        &mut contracts.registry,
        &mut contracts.trace_code,
        &mut contracts.assembly_graph,
        &mut contracts.event_log,
    ] {
        paths.push(&mut contract.info.path);
        paths.extend(contract.history.iter_mut().map(|entry| &mut entry.path));
        paths.push(&mut contract.after_history.entry.path);
        paths.extend(contract.items.iter_mut().map(|entry| &mut entry.path));
    }
    paths.extend(certificate.codes.iter_mut().map(|code| &mut code.info.path));
    for unit in &mut certificate.units {
        paths.extend([&mut unit.core.path, &mut unit.state.path, &mut unit.accumulators.path]);
    }
    paths.extend(certificate.events.iter_mut().map(|event| &mut event.path));
    paths
}

/// Checks every record against the app hash of the header, and that the nodes are in canonical order.
///
/// # Errors
/// [`Fault::StoreProofBroken`], [`Fault::ProofMalformed`], [`Fault::ProofBroken`],
/// [`Fault::HistoryIncomplete`], [`Fault::ProofOrder`].
pub(crate) fn check(certificate: &Certificate, homes: &Homes) -> Result<(), Fault> {
    check_store(certificate)?;
    let root = &certificate.proof.store_root.0;
    check_claims(&certificate.proof.nodes, root, &entries(certificate, homes))?;
    for role in Role::ALL {
        check_history_end(certificate, role, homes.of(role), &ics23::iavl_spec())?;
    }
    Ok(())
}

/// Checks records against the root of their store, and that the nodes are exactly theirs, in canonical order.
///
/// # Errors
/// [`Fault::ProofMalformed`], [`Fault::ProofBroken`], [`Fault::ProofOrder`].
pub(crate) fn check_claims(
    nodes: &[Node],
    root: &Vec<u8>,
    claims: &[Claim<'_>],
) -> Result<(), Fault> {
    let spec = ics23::iavl_spec();
    let mut packer = Packer::default();
    for claim in claims {
        let proof = existence(nodes, claim)?;
        // Nodes of a canonical file come in just this order: the first one that does not is refused below.
        let place = packer.add(&proof.path)?;
        check_claim(proof, &spec, root, claim)?;
        if place != claim.path {
            return Err(Fault::ProofOrder(claim.what.clone()));
        }
    }
    if packer.finish() != nodes {
        return Err(Fault::ProofOrder("a node that no record uses".into()));
    }
    Ok(())
}

fn check_claim(
    proof: ExistenceProof,
    spec: &ProofSpec,
    root: &Vec<u8>,
    claim: &Claim<'_>,
) -> Result<(), Fault> {
    let proof = CommitmentProof { proof: Some(Proof::Exist(proof)) };
    let held = ics23::verify_membership::<HostFunctionsManager>(
        &proof,
        spec,
        root,
        &claim.key,
        claim.value,
    );
    held.then_some(()).ok_or_else(|| Fault::ProofBroken(claim.what.clone()))
}

fn existence(nodes: &[Node], claim: &Claim<'_>) -> Result<ExistenceProof, Fault> {
    Ok(ExistenceProof {
        key: claim.key.clone(),
        value: claim.value.to_vec(),
        leaf: Some(leaf_op(claim.leaf.0.clone())),
        path: unpack(nodes, claim.path)?,
    })
}

fn leaf_op(prefix: Vec<u8>) -> LeafOp {
    LeafOp {
        hash: HashOp::Sha256.into(),
        prehash_key: HashOp::NoHash.into(),
        prehash_value: HashOp::Sha256.into(),
        length: LengthOp::VarProto.into(),
        prefix,
    }
}

fn check_store(certificate: &Certificate) -> Result<(), Fault> {
    let shared = &certificate.proof;
    if shared.store_path.len() > STORE_PATH_MAX {
        return Err(Fault::TooLarge(format!("{} steps over stores", shared.store_path.len())));
    }
    let proof = ExistenceProof {
        key: STORE.as_bytes().to_vec(),
        value: shared.store_root.0.clone(),
        leaf: Some(leaf_op(vec![0])),
        path: shared.store_path.iter().map(|s| inner_op(&s.prefix, &s.suffix)).collect(),
    };
    let held = ics23::verify_membership::<HostFunctionsManager>(
        &CommitmentProof { proof: Some(Proof::Exist(proof)) },
        &ics23::tendermint_spec(),
        &certificate.header.app_hash.0,
        STORE.as_bytes(),
        &shared.store_root.0,
    );
    held.then_some(()).ok_or_else(|| Fault::StoreProofBroken(String::new()))
}

/// The next entry of the history is proved absent, between the last one and the record that follows it.
fn check_history_end(
    certificate: &Certificate,
    role: Role,
    home: &[u8],
    spec: &ProofSpec,
) -> Result<(), Fault> {
    let contract = role.of(&certificate.contracts);
    let incomplete = || Fault::HistoryIncomplete(role.name().into());
    let count = u64::try_from(contract.history.len()).map_err(|_| incomplete())?;
    let last = contract.history.last().ok_or_else(incomplete)?;
    let after = &contract.after_history;
    let next = history_key(home, count.saturating_add(1));
    let left =
        existence(&certificate.proof.nodes, &claim(String::new(), history_key(home, count), last))?;
    let right = existence(
        &certificate.proof.nodes,
        &claim(String::new(), after.key.0.clone(), &after.entry),
    )?;
    if !diverge(&left, &right) {
        return Err(incomplete());
    }
    let absent = NonExistenceProof { key: next.clone(), left: Some(left), right: Some(right) };
    let held = ics23::verify_non_membership::<HostFunctionsManager>(
        &CommitmentProof { proof: Some(Proof::Nonexist(absent)) },
        spec,
        &certificate.proof.store_root.0,
        &next,
    );
    held.then_some(()).ok_or_else(incomplete)
}

/// True where the two paths part on their way from the root: neighbours must, and the stock verifier takes it for
/// granted.
fn diverge(left: &ExistenceProof, right: &ExistenceProof) -> bool {
    left.path.iter().rev().zip(right.path.iter().rev()).any(|(a, b)| a != b)
}
