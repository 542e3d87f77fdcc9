//! Which code wrote the records: the four contracts, how they name each other, their codes and their migrations.
//!
//! The event log names the graph and the registry, the graph names trace-code, the registry and the one event log
//! that may write to it, trace-code names the registry and the one graph that may change codes. So the four belong
//! together, and none of them takes orders from a look-alike. Every code that one of them runs *or ever ran* must be known: what
//! an unknown code wrote is still in the state.

use std::collections::BTreeSet;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::Bech32;
use serde::Deserialize;

use crate::fault::Fault;
use crate::format::{Certificate, Contract, Contracts, Entry};
use crate::limits::{CODES_MAX, HISTORY_MAX};
use crate::proto::{self, ContractInfo, HistoryEntry};
use crate::report::{CodeReport, ContractReport};
use crate::trust::Checksums;

/// Bytes of a contract's address.
const ADDRESS_BYTES: usize = 32;

/// What a contract is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// participant-registry.
    Registry,
    /// trace-code.
    TraceCode,
    /// assembly-graph.
    AssemblyGraph,
    /// event-log.
    EventLog,
}

impl Role {
    /// All, in the order of the format.
    pub const ALL: [Self; 4] =
        [Self::Registry, Self::TraceCode, Self::AssemblyGraph, Self::EventLog];

    /// Its name: as in deployments, and as the file of its wasm.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registry => "participant_registry",
            Self::TraceCode => "trace_code",
            Self::AssemblyGraph => "assembly_graph",
            Self::EventLog => "event_log",
        }
    }

    /// Keys of the records in which it names the others.
    pub const fn items(self) -> &'static [&'static str] {
        match self {
            Self::Registry => &[],
            Self::TraceCode => &["r", "g"],
            Self::AssemblyGraph => &["config", "event_log"],
            Self::EventLog => &["config"],
        }
    }

    /// Its place.
    pub const fn of(self, contracts: &Contracts) -> &Contract {
        match self {
            Self::Registry => &contracts.registry,
            Self::TraceCode => &contracts.trace_code,
            Self::AssemblyGraph => &contracts.assembly_graph,
            Self::EventLog => &contracts.event_log,
        }
    }
}

/// The raw addresses of the four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Homes([Vec<u8>; 4]);

impl Homes {
    /// Reads the addresses: of one prefix, 32 bytes, all different.
    ///
    /// # Errors
    /// [`Fault::BadAddress`], [`Fault::AddressChain`].
    pub fn read(contracts: &Contracts) -> Result<Self, Fault> {
        Self::from_texts(Role::ALL.map(|role| role.of(contracts).address.as_str()))
    }

    /// The same from texts in the order of [`Role::ALL`].
    ///
    /// # Errors
    /// As [`Homes::read`].
    pub fn from_texts(texts: [&str; 4]) -> Result<Self, Fault> {
        let mut homes = vec![];
        let mut prefixes = BTreeSet::new();
        for text in texts {
            let (prefix, home) = address(text).ok_or_else(|| Fault::BadAddress(text.into()))?;
            prefixes.insert(prefix);
            homes.push(home);
        }
        let distinct: BTreeSet<_> = homes.iter().collect();
        if distinct.len() != homes.len() || prefixes.len() != 1 {
            return Err(Fault::AddressChain(
                "an address stands twice, or is of another chain".into(),
            ));
        }
        let homes = homes.try_into().map_err(|_| Fault::AddressChain("four contracts".into()))?;
        Ok(Self(homes))
    }

    /// One of them.
    pub fn of(&self, role: Role) -> &[u8] {
        let [registry, trace_code, assembly_graph, event_log] = &self.0;
        match role {
            Role::Registry => registry,
            Role::TraceCode => trace_code,
            Role::AssemblyGraph => assembly_graph,
            Role::EventLog => event_log,
        }
    }
}

/// The code of an entry of a contract's history; `None` where it cannot be read.
pub fn history_code(entry: &[u8]) -> Option<u64> {
    HistoryEntry::read(entry).ok().map(|entry| entry.code_id)
}

/// Prefix and bytes of an address in the one spelling that chains use.
fn address(text: &str) -> Option<(String, Vec<u8>)> {
    let parsed = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let bytes: Vec<u8> = parsed.byte_iter().collect();
    let hrp = parsed.hrp();
    let canonical = bech32::encode::<Bech32>(hrp, &bytes).ok()?;
    (bytes.len() == ADDRESS_BYTES && canonical == text).then(|| (hrp.to_string(), bytes))
}

/// `config` of the event log, as far as it names contracts.
#[derive(Deserialize)]
struct LogConfig {
    registry: String,
    assembly_graph: String,
}

/// `config` of the graph, likewise.
#[derive(Deserialize)]
struct GraphConfig {
    registry: String,
    trace_code: String,
}

/// Checks addresses, codes and histories; all records are proved already.
///
/// # Errors
/// [`Fault`] with the first thing that does not hold.
pub(crate) fn check(
    certificate: &Certificate,
    checksums: &Checksums,
) -> Result<Vec<ContractReport>, Fault> {
    let contracts = &certificate.contracts;
    check_addresses(contracts)?;
    let mut used = BTreeSet::new();
    let mut reports = vec![];
    for role in Role::ALL {
        let report = check_contract(certificate, role, checksums)?;
        used.insert(report.code_id);
        used.extend(report.history.iter().map(|step| step.code_id));
        reports.push(report);
    }
    let given: Vec<u64> = certificate.codes.iter().map(|code| code.id).collect();
    if given.len() > CODES_MAX || given != used.into_iter().collect::<Vec<_>>() {
        return Err(Fault::CodesMismatch(format!("{given:?}")));
    }
    Ok(reports)
}

fn check_addresses(contracts: &Contracts) -> Result<(), Fault> {
    for role in Role::ALL {
        let (found, wanted) = (role.of(contracts).items.len(), role.items().len());
        if found != wanted {
            let text = format!("{} has {found} items, not {wanted}", role.name());
            return Err(Fault::AddressChain(text));
        }
    }
    let log: LogConfig = item(Role::EventLog, &contracts.event_log.items[0])?;
    let graph: GraphConfig = item(Role::AssemblyGraph, &contracts.assembly_graph.items[0])?;
    let writer: String = item(Role::AssemblyGraph, &contracts.assembly_graph.items[1])?;
    let code_registry: String = item(Role::TraceCode, &contracts.trace_code.items[0])?;
    let code_writer: String = item(Role::TraceCode, &contracts.trace_code.items[1])?;
    for (who, says, found, actual) in [
        ("event_log", "graph", log.assembly_graph, &contracts.assembly_graph),
        ("event_log", "registry", log.registry, &contracts.registry),
        ("assembly_graph", "event log", writer, &contracts.event_log),
        ("assembly_graph", "registry", graph.registry, &contracts.registry),
        ("assembly_graph", "trace-code", graph.trace_code, &contracts.trace_code),
        ("trace_code", "registry", code_registry, &contracts.registry),
        ("trace_code", "graph", code_writer, &contracts.assembly_graph),
    ] {
        if found != actual.address {
            let text = format!("{who} names {found} as {says}, not {}", actual.address);
            return Err(Fault::AddressChain(text));
        }
    }
    Ok(())
}

fn item<T: serde::de::DeserializeOwned>(role: Role, entry: &Entry) -> Result<T, Fault> {
    serde_json::from_slice(&entry.value.0)
        .map_err(|e| Fault::ContractUnreadable(format!("an item of {}: {e}", role.name())))
}

fn check_contract(
    certificate: &Certificate,
    role: Role,
    checksums: &Checksums,
) -> Result<ContractReport, Fault> {
    let contract = role.of(&certificate.contracts);
    let name = role.name();
    let unreadable = |what: &str| Fault::ContractUnreadable(format!("{what} of {name}"));
    let info = ContractInfo::read(&contract.info.value.0).map_err(|_| unreadable("the record"))?;
    let count = contract.history.len();
    if count == 0 || count > HISTORY_MAX {
        return Err(Fault::HistoryMismatch(format!("{count} entries of {name}")));
    }
    let mut history = vec![];
    for (place, entry) in contract.history.iter().enumerate() {
        let entry =
            HistoryEntry::read(&entry.value.0).map_err(|_| unreadable("a history entry"))?;
        let fits = match place {
            0 => matches!(entry.operation, proto::INIT | proto::GENESIS),
            _ => entry.operation == proto::MIGRATE,
        };
        if !fits {
            return Err(Fault::HistoryMismatch(format!("entry {} of {name}", place + 1)));
        }
        let checksum = checksum(certificate, entry.code_id)?;
        let known_as = checksums.name(role, &checksum).ok_or_else(|| {
            Fault::UnknownCode(format!(
                "code {} of {name}, {}",
                entry.code_id,
                hex::encode(checksum)
            ))
        })?;
        history.push(CodeReport {
            height: entry.height,
            code_id: entry.code_id,
            checksum: hex::encode(checksum),
            known_as,
        });
    }
    let last = history.last().map(|step| step.code_id);
    if last != Some(info.code_id) {
        let text = format!("{name} runs code {}, its history ends with {last:?}", info.code_id);
        return Err(Fault::HistoryMismatch(text));
    }
    Ok(ContractReport {
        name: name.into(),
        address: contract.address.clone(),
        code_id: info.code_id,
        admin: info.admin,
        label: info.label,
        history,
    })
}

fn checksum(certificate: &Certificate, id: u64) -> Result<[u8; 32], Fault> {
    let code = certificate.codes.iter().find(|code| code.id == id);
    let code = code.ok_or_else(|| Fault::CodesMismatch(format!("code {id} is missing")))?;
    proto::code_checksum(&code.info.value.0)
        .map_err(|_| Fault::ContractUnreadable(format!("code {id}")))
}
