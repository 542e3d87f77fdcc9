//! One connection of an engine, and the four that a real one opens.

use std::io::{BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use suyuan_abci::{read_frame, write_frame};
use tendermint_proto::v0_38::abci::{
    request, response, Request, RequestCheckTx, RequestCommit, RequestEcho, RequestFinalizeBlock,
    RequestFlush, RequestInfo, RequestPrepareProposal, RequestProcessProposal, RequestQuery,
    Response, ResponseCheckTx, ResponseFinalizeBlock, ResponseInfo, ResponseQuery,
};

/// Longest wait for an answer.
const WAIT_MAX: Duration = Duration::from_secs(30);

pub struct Peer {
    stream: UnixStream,
    from: BufReader<UnixStream>,
}

impl Peer {
    pub fn connect(path: &Path) -> Peer {
        Peer::over(UnixStream::connect(path).unwrap())
    }

    pub fn over(stream: UnixStream) -> Peer {
        stream.set_read_timeout(Some(WAIT_MAX)).unwrap();
        Peer { from: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    /// Request and Flush in one write, as CometBFT does, and both answers. `None` if the server ended the connection.
    pub fn ask(&mut self, value: request::Value) -> Option<response::Value> {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, &Request { value: Some(value) }).unwrap();
        write_frame(&mut bytes, &Request { value: Some(request::Value::Flush(RequestFlush {})) })
            .unwrap();
        self.stream.write_all(&bytes).ok()?;
        let answer = self.read()?;
        if matches!(answer, response::Value::Exception(_)) {
            return Some(answer);
        }
        assert!(matches!(self.read()?, response::Value::Flush(_)));
        Some(answer)
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        // The server may have closed its side already.
        let _ = self.stream.write_all(bytes);
    }

    pub fn read(&mut self) -> Option<response::Value> {
        read_frame::<Response>(&mut self.from).ok().flatten().map(|r| r.value.unwrap())
    }

    /// Whether the server has ended the connection.
    pub fn is_ended(&mut self) -> bool {
        self.read().is_none()
    }

    pub fn echo(&mut self, message: &str) -> Option<response::Value> {
        self.ask(request::Value::Echo(RequestEcho { message: message.into() }))
    }

    pub fn info(&mut self) -> ResponseInfo {
        match self.info_of("0.38.25", "2.0.0") {
            Some(response::Value::Info(info)) => info,
            other => panic!("{other:?}"),
        }
    }

    pub fn info_of(&mut self, version: &str, abci: &str) -> Option<response::Value> {
        self.ask(request::Value::Info(RequestInfo {
            version: version.into(),
            abci_version: abci.into(),
            block_version: 11,
            p2p_version: 8,
        }))
    }

    pub fn prepare(&mut self, request: RequestPrepareProposal) -> Vec<Vec<u8>> {
        match self.ask(request::Value::PrepareProposal(request)) {
            Some(response::Value::PrepareProposal(said)) => {
                said.txs.into_iter().map(Vec::from).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn process(&mut self, request: RequestProcessProposal) -> bool {
        match self.ask(request::Value::ProcessProposal(request)) {
            Some(response::Value::ProcessProposal(said)) => said.status == 1,
            other => panic!("{other:?}"),
        }
    }

    pub fn finalize(&mut self, request: RequestFinalizeBlock) -> ResponseFinalizeBlock {
        match self.ask(request::Value::FinalizeBlock(request)) {
            Some(response::Value::FinalizeBlock(said)) => said,
            other => panic!("{other:?}"),
        }
    }

    /// None if the server does not execute it.
    pub fn try_finalize(&mut self, request: RequestFinalizeBlock) -> Option<ResponseFinalizeBlock> {
        match self.ask(request::Value::FinalizeBlock(request)) {
            Some(response::Value::FinalizeBlock(said)) => Some(said),
            Some(response::Value::Exception(_)) | None => None,
            other => panic!("{other:?}"),
        }
    }

    /// Commits; the lowest height that the engine is to keep.
    pub fn commit(&mut self) -> i64 {
        match self.ask(request::Value::Commit(RequestCommit {})) {
            Some(response::Value::Commit(said)) => said.retain_height,
            other => panic!("{other:?}"),
        }
    }

    pub fn check(&mut self, tx: &[u8], recheck: bool) -> ResponseCheckTx {
        let request = RequestCheckTx { tx: tx.to_vec().into(), r#type: i32::from(recheck) };
        match self.ask(request::Value::CheckTx(request)) {
            Some(response::Value::CheckTx(said)) => said,
            other => panic!("{other:?}"),
        }
    }

    pub fn query(&mut self, path: &str, data: &[u8], height: i64, prove: bool) -> ResponseQuery {
        let request = RequestQuery { data: data.to_vec().into(), path: path.into(), height, prove };
        match self.ask(request::Value::Query(request)) {
            Some(response::Value::Query(said)) => said,
            other => panic!("{other:?}"),
        }
    }
}
