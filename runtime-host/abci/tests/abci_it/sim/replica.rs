//! One node of the model: an app over a store that survives crashes, and what the engine beside it has stored.

use suyuan_abci::{Service, Settings};
use suyuan_app::App;
use suyuan_store::{Options, Store};
use suyuan_vm::Vm;
use tendermint_proto::v0_38::abci::{
    request, response, RequestCheckTx, RequestCommit, RequestFinalizeBlock, RequestInfo,
    RequestPrepareProposal, RequestProcessProposal, ResponseFinalizeBlock,
};

use crate::chain::{block, init_chain};

/// Accounts of the model.
pub const ACCOUNTS: u64 = 4;

/// Steps of one height, in the engine's order; a crash may come before each and after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    SaveBlock,
    Finalize,
    SaveResponse,
    Commit,
    SaveState,
}

pub const STEPS: [Step; 5] =
    [Step::SaveBlock, Step::Finalize, Step::SaveResponse, Step::Commit, Step::SaveState];

/// Which row of the replay table a handshake met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Genesis,
    Equal,
    AppBehindState,
    BlockNotApplied,
    AppAhead,
}

pub struct Replica {
    store: Store,
    vm: Vm,
    service: Option<Service>,
    /// Blocks that the engine has stored: height 1 first.
    blocks: Vec<Vec<Vec<u8>>>,
    /// Height of the engine's state.
    state: usize,
    /// The response to the last stored FinalizeBlock and its height.
    response: Option<(usize, ResponseFinalizeBlock)>,
}

impl Replica {
    pub fn new(vm: &Vm) -> Replica {
        let options = Options { keep_versions: Some(5), ..Options::new(&suyuan_app::STORES) };
        Replica {
            store: Store::in_memory(options),
            vm: vm.clone(),
            service: None,
            blocks: Vec::new(),
            state: 0,
            response: None,
        }
    }

    pub fn is_up(&self) -> bool {
        self.service.is_some()
    }

    /// Height that the engine has decided and stored its state of.
    pub fn height(&self) -> usize {
        self.state
    }

    /// The app's files are lost beside the process: only the engine's blocks are left.
    pub fn lose_app(&mut self) {
        self.service = None;
        self.store = Store::in_memory(Options {
            keep_versions: Some(5),
            ..Options::new(&suyuan_app::STORES)
        });
    }

    /// The process is gone; what was durable stays.
    pub fn crash(&mut self) {
        self.service = None;
    }

    pub fn ask(&mut self, request: request::Value) -> response::Value {
        self.service.as_mut().expect("a replica that is up").call(request).expect("no host fault")
    }

    /// Does one step of the height after the state's.
    pub fn step(&mut self, step: Step, txs: &[Vec<u8>]) {
        let height = self.state + 1;
        match step {
            Step::SaveBlock if self.blocks.len() < height => self.blocks.push(txs.to_vec()),
            Step::SaveBlock => assert_eq!(self.blocks[height - 1], txs, "two blocks at one height"),
            Step::Finalize => {
                let response = self.finalize(height);
                self.response = Some((0, response));
            }
            Step::SaveResponse => {
                let (_, response) = self.response.take().expect("a computed block");
                self.response = Some((height, response));
            }
            Step::Commit => self.commit(),
            Step::SaveState => self.state = height,
        }
    }

    pub fn finalize(&mut self, height: usize) -> ResponseFinalizeBlock {
        let request: RequestFinalizeBlock =
            block(i64::try_from(height).unwrap(), &self.blocks[height - 1]);
        match self.ask(request::Value::FinalizeBlock(request)) {
            response::Value::FinalizeBlock(response) => response,
            other => panic!("{other:?}"),
        }
    }

    /// The last response that was computed or stored.
    pub fn response(&self) -> &ResponseFinalizeBlock {
        &self.response.as_ref().expect("a block").1
    }

    fn commit(&mut self) {
        let said = self.ask(request::Value::Commit(RequestCommit {}));
        assert!(matches!(said, response::Value::Commit(_)), "{said:?}");
    }

    /// Height and app hash by the app's word.
    pub fn info(&mut self) -> (usize, Vec<u8>) {
        let request = RequestInfo {
            version: "0.38.25".into(),
            abci_version: "2.0.0".into(),
            block_version: 11,
            p2p_version: 8,
        };
        match self.ask(request::Value::Info(request)) {
            response::Value::Info(info) => (
                usize::try_from(info.last_block_height).unwrap(),
                info.last_block_app_hash.to_vec(),
            ),
            other => panic!("{other:?}"),
        }
    }

    /// The process comes back: what is on its disk, and the handshake as CometBFT does it (`consensus/replay.go`).
    pub fn restart(&mut self, hashes: &[Vec<u8>]) -> Row {
        let app = App::new(self.store.clone(), self.vm.clone()).expect("an app over its store");
        self.service = Some(Service::new(Box::new(app), Settings::default()));
        let (app_height, app_hash) = self.info();
        if app_height > 0 {
            assert_eq!(app_hash, hashes[app_height - 1], "Info of {app_height} after a crash");
        }
        let stored = self.blocks.len();
        assert!(app_height <= stored, "the app is ahead of the engine's blocks");
        assert!(stored <= self.state + 1, "the model stores one block ahead");
        if app_height == 0 {
            self.genesis();
        }
        let row = match (stored, app_height) {
            (0, _) => Row::Genesis,
            (stored, app) if app == stored && stored == self.state => Row::Equal,
            (stored, app) if app == stored => {
                // Committed, and the engine's state was not saved: it goes by the stored response.
                let (height, response) = self.response.as_ref().expect("a stored response");
                assert_eq!((*height, &response.app_hash[..]), (stored, &app_hash[..]));
                Row::AppAhead
            }
            (stored, app) if app == self.state && stored > self.state => Row::BlockNotApplied,
            _ => Row::AppBehindState,
        };
        for height in app_height + 1..=stored {
            let response = self.finalize(height);
            if let Some(hash) = hashes.get(height - 1) {
                assert_eq!(&response.app_hash[..], &hash[..], "the replay of {height}");
            }
            self.response = Some((height, response));
            self.commit();
        }
        self.state = stored;
        row
    }

    fn genesis(&mut self) {
        let said = self.ask(request::Value::InitChain(init_chain(ACCOUNTS)));
        assert!(matches!(said, response::Value::InitChain(_)), "{said:?}");
    }

    /// A decided block from a peer: block sync, which asks for no judgement.
    pub fn sync(&mut self, txs: &[Vec<u8>]) {
        for step in STEPS {
            self.step(step, txs);
        }
    }

    pub fn check(&mut self, tx: &[u8], recheck: bool) -> u32 {
        let request = RequestCheckTx { tx: tx.to_vec().into(), r#type: i32::from(recheck) };
        match self.ask(request::Value::CheckTx(request)) {
            response::Value::CheckTx(said) => said.code,
            other => panic!("{other:?}"),
        }
    }

    pub fn prepare(&mut self, txs: &[Vec<u8>], max_tx_bytes: i64) -> Vec<Vec<u8>> {
        let request = RequestPrepareProposal {
            max_tx_bytes,
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: i64::try_from(self.state + 1).unwrap(),
            ..RequestPrepareProposal::default()
        };
        match self.ask(request::Value::PrepareProposal(request)) {
            response::Value::PrepareProposal(said) => said.txs.into_iter().map(Vec::from).collect(),
            other => panic!("{other:?}"),
        }
    }

    pub fn process(&mut self, txs: &[Vec<u8>]) -> bool {
        let request = RequestProcessProposal {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            height: i64::try_from(self.state + 1).unwrap(),
            ..RequestProcessProposal::default()
        };
        match self.ask(request::Value::ProcessProposal(request)) {
            response::Value::ProcessProposal(said) => said.status == 1,
            other => panic!("{other:?}"),
        }
    }
}
