//! Both engines with the graph contract over one state, which our side wrote by the contract's own messages.

use std::cell::RefCell;
use std::path::Path;

use anyhow::{anyhow, ensure, Context, Result};
use cosmwasm_std::Checksum;
use cosmwasm_vm::testing::{mock_env, mock_info, MockApi};
use cosmwasm_vm::{call_query_raw, to_vec, Backend, Cache, InstanceOptions};
use suyuan_cases::story::{Recording, Story};
use suyuan_core::GAS_MULTIPLIER;
use suyuan_trace_api::assembly::{ExecuteMsg, InstantiateMsg, Perform};
use suyuan_trace_api::event::content_digest;
use suyuan_vm::{CallContext, Code, EntryPoint, Vm, VmConfig};

use super::neighbours::{address, Neighbours};
use super::state::State;
use crate::mocks::Lender;
use crate::vm::{their_cache, vm_error};

/// The contract as it is published.
const ARTIFACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../artifacts/assembly_graph.wasm");
/// More than any message or page needs.
const GAS: u64 = 100_000_000_000_000;
/// SDK gas of loading a contract that is not pinned, as wasmd charges it.
const INSTANCE_GAS: u64 = 60_000;

type House = Backend<MockApi, State, Neighbours>;

/// What a call gave and what it cost.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    /// The answer as the contract gave it.
    pub answer: Vec<u8>,
    internal: u64,
    external: u64,
}

impl Seen {
    /// Gas of the SDK: loading the contract, running it, reading state.
    pub fn sdk_gas(&self) -> u64 {
        let gas = self.internal.saturating_add(self.external);
        INSTANCE_GAS.saturating_add(gas.div_ceil(GAS_MULTIPLIER))
    }
}

/// The contract on both sides.
pub struct Engines {
    cache: Cache<MockApi, State, Neighbours>,
    checksum: Checksum,
    their_house: RefCell<Option<House>>,
    vm: Vm,
    code: Code,
    our_house: RefCell<House>,
    env: Vec<u8>,
    _dir: tempfile::TempDir,
}

impl Engines {
    /// Compiles the contract on both sides and lets it take the story in.
    pub fn new(story: &Story) -> Result<Self> {
        let path = Path::new(ARTIFACT);
        let wasm = std::fs::read(path).with_context(|| path.display().to_string())?;
        let dir = tempfile::tempdir()?;
        let cache = their_cache(dir.path())?;
        let checksum = cache.store_code(&wasm, true, true).map_err(vm_error)?;
        cache.pin(&checksum).map_err(vm_error)?;
        let vm = Vm::new(VmConfig::default())?;
        let code = vm.compile(&wasm)??;
        let house =
            |storage| House { api: MockApi::default(), storage, querier: Neighbours::new(story) };
        let engines = Self {
            cache,
            checksum,
            their_house: RefCell::new(None),
            vm,
            code,
            our_house: RefCell::new(house(State::default())),
            env: to_vec(&mock_env()).map_err(vm_error)?,
            _dir: dir,
        };
        engines.play(story)?;
        let state = engines.our_house.borrow().storage.clone();
        engines.their_house.replace(Some(house(state)));
        Ok(engines)
    }

    /// A query of cosmwasm-vm, pinned: an instance, the call, and the instance is gone.
    pub fn theirs(&self, question: &[u8]) -> Result<Seen> {
        let house = self.their_house.borrow_mut().take();
        let house = house.ok_or_else(|| anyhow!("the state is away"))?;
        let options = InstanceOptions { gas_limit: GAS };
        let instance = self.cache.get_instance(&self.checksum, house, options);
        let mut instance = instance.map_err(vm_error)?;
        let answer = call_query_raw(&mut instance, &self.env, question).map_err(vm_error)?;
        let report = instance.create_gas_report();
        let mut house = instance.recycle().ok_or_else(|| anyhow!("the state is lost"))?;
        house.storage.end_call();
        self.their_house.replace(Some(house));
        Ok(Seen { answer, internal: report.used_internally, external: report.used_externally })
    }

    /// A query of ours.
    pub fn ours(&self, question: &[u8]) -> Result<Seen> {
        self.call(EntryPoint::Query, &[&self.env, question])
    }

    fn call(&self, entry: EntryPoint, args: &[&[u8]]) -> Result<Seen> {
        let mut house = self.our_house.borrow_mut();
        let context = CallContext { gas_limit: GAS, read_only: entry == EntryPoint::Query };
        let outcome = self.vm.call(&self.code, entry, args, &mut Lender(&mut house), context)?;
        house.storage.end_call();
        let answer = outcome.result?;
        let start = String::from_utf8_lossy(answer.get(..300).unwrap_or(&answer)).into_owned();
        ensure!(answer.starts_with(b"{\"ok\":"), "{entry:?}: {start}");
        let (internal, external) = (outcome.gas_used_internal, outcome.gas_used_external);
        Ok(Seen { answer, internal, external })
    }

    /// Sets the contract up and performs what the story records, as its event log would.
    fn play(&self, story: &Story) -> Result<()> {
        let set_up =
            InstantiateMsg { registry: address("registry"), trace_code: address("trace-code") };
        self.write(EntryPoint::Instantiate, "owner", &set_up)?;
        let wire = ExecuteMsg::Wire { event_log: address("event-log") };
        self.write(EntryPoint::Execute, "owner", &wire)?;
        for recording in story.recordings() {
            let msg = ExecuteMsg::Perform(Box::new(perform(recording)));
            self.write(EntryPoint::Execute, "event-log", &msg)?;
        }
        Ok(())
    }

    fn write(&self, entry: EntryPoint, sender: &str, msg: &impl serde::Serialize) -> Result<()> {
        let info = to_vec(&mock_info(&address(sender), &[])).map_err(vm_error)?;
        self.call(entry, &[&self.env, &info, &serde_json::to_vec(msg)?])?;
        Ok(())
    }
}

/// An event as the event log passes it on for somebody without special permissions.
fn perform(recording: &Recording) -> Perform {
    Perform {
        actor: recording.actor.clone(),
        may_inspect_any: false,
        may_witness: false,
        may_regulate: false,
        kind: recording.event.kind,
        outcome: recording.event.outcome,
        cell: recording.event.position.cell.clone(),
        event_id: recording.event.event_id.clone(),
        content: content_digest(&recording.event, &recording.operation),
        operation: recording.operation.clone(),
    }
}
