//! The socket: connections, one thread each, and which of them is the consensus connection.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufReader, BufWriter, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, SyncSender};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use parking_lot::Mutex;
use suyuan_core::{HostFault, Hosted};
use suyuan_solo::{Application, CheckTx, HeightCallback, Info, QueryState};
use tendermint_proto::v0_38::abci::{request, response, Request, Response, ResponseException};

use crate::frame::{read_frame, write_frame, FrameError};
use crate::shared::{Settings, Shared};
use crate::side::{self, Side};
use crate::writer::{self, Job, Writer};

/// Most connections at one time. An engine opens four; a restarted one may overlap with its predecessor.
pub const CONNECTIONS_MAX: usize = 32;
/// Requests that wait for the writer: the engine waits for every answer, so one is enough.
const JOBS_MAX: usize = 1;
/// Stack of the writer and of the connections, which run queries: the VM says how much nested calls take.
const STACK_BYTES: usize = 64 << 20;
/// Bytes read from or written to the socket at once.
const BUFFER_BYTES: usize = 64 << 10;
/// How often a new connection, or the end of the server, is looked for: the socket's file may be gone by then, so that
/// nothing else could wake a waiting accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A running server. Dropping it ends it.
pub struct AbciServer {
    shared: Arc<Shared>,
    hub: Arc<Hub>,
    path: PathBuf,
    threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for AbciServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AbciServer").field("path", &self.path).field("info", &self.info()).finish()
    }
}

/// The open connections and the way to the writer.
struct Hub {
    jobs: Mutex<Option<SyncSender<Job>>>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    streams: BTreeMap<u64, UnixStream>,
    /// The connection that consensus requests come on, from its first one until it ends.
    consensus: Option<u64>,
}

impl AbciServer {
    /// Serves `app` on a Unix socket at `path`, which only the owner may use. A socket that a dead process left there
    /// is replaced.
    ///
    /// # Errors
    /// The socket or a thread cannot be made.
    pub fn start(app: Box<dyn Application>, path: &Path, settings: Settings) -> Hosted<AbciServer> {
        let listener = listen(path)?;
        let shared = Arc::new(Shared::new(app.checker(), app.querier(), app.info(), settings));
        let (sender, jobs) = mpsc::sync_channel(JOBS_MAX);
        let hub =
            Arc::new(Hub { jobs: Mutex::new(Some(sender)), open: Mutex::new(Open::default()) });
        let mut threads = Vec::new();
        let (writer_shared, writer_hub) = (shared.clone(), hub.clone());
        let writer = Writer::new(app, shared.clone());
        threads.push(spawn("suyuan-writer", move || {
            let told = writer::run(writer, &jobs);
            if !told {
                // After a fault the engine must not go on as if its app were only slow.
                writer_hub.close(&writer_shared);
            }
        })?);
        let (accept_shared, accept_hub) = (shared.clone(), hub.clone());
        threads.push(spawn("suyuan-abci", move || accept(&listener, &accept_shared, &accept_hub))?);
        Ok(AbciServer { shared, hub, path: path.to_path_buf(), threads })
    }

    /// Where the engine connects.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last committed state.
    pub fn info(&self) -> Info {
        *self.shared.info.read()
    }

    /// Judges transactions, as CheckTx of the engine does.
    pub fn checker(&self) -> Arc<dyn CheckTx> {
        self.shared.checker.clone()
    }

    /// Answers queries over committed states without the engine.
    pub fn querier(&self) -> Arc<dyn QueryState> {
        self.shared.querier.clone()
    }

    /// The fault that ended the server, if one did.
    pub fn fault(&self) -> Option<HostFault> {
        self.shared.progress.fault()
    }

    /// Records a fault from outside, as the end of a supervised engine: the server ends with it.
    pub fn fail(&self, fault: HostFault) {
        self.shared.fail(&fault);
        self.hub.close(&self.shared);
    }

    /// The height at which the server halted, as it was told to; it executes nothing more.
    pub fn halted(&self) -> Option<u64> {
        self.shared.halted()
    }

    /// Waits until the committed height is above `height` and returns it; `None` when `timeout` is over or the server
    /// has stopped.
    pub fn wait_above(&self, height: u64, timeout: Duration) -> Option<u64> {
        self.shared.progress.wait_above(height, timeout)
    }

    /// Calls `callback` with each height right after its commit, on the writer thread: it must return at once.
    pub fn on_height(&self, callback: HeightCallback) {
        self.shared.progress.add_callback(callback);
    }

    /// Ends all connections and threads. The engine should have ended before: it dies when its app goes away.
    pub fn shutdown(&mut self) {
        self.shared.progress.set_stopped();
        self.hub.close(&self.shared);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the ABCI server panicked");
            }
        }
        if fs::remove_file(&self.path).is_err() {
            tracing::debug!("the ABCI socket was removed before");
        }
    }
}

impl Drop for AbciServer {
    fn drop(&mut self) {
        if !self.threads.is_empty() {
            self.shutdown();
        }
    }
}

fn listen(path: &Path) -> Hosted<UnixListener> {
    let fault = |what: &str, e: io::Error| {
        HostFault::new(format!("ABCI socket {}: {what}: {e}", path.display()))
    };
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(fault("remove", e)),
        _ => {}
    }
    let listener = UnixListener::bind(path).map_err(|e| fault("listen", e))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|e| fault("chmod", e))?;
    listener.set_nonblocking(true).map_err(|e| fault("prepare", e))?;
    Ok(listener)
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Hosted<JoinHandle<()>> {
    thread::Builder::new()
        .name(name.to_string())
        .stack_size(STACK_BYTES)
        .spawn(body)
        .map_err(|e| HostFault::new(format!("the thread {name} does not start: {e}")))
}

impl Hub {
    /// Ends every connection and lets the writer end after what it is doing.
    fn close(&self, shared: &Shared) {
        shared.progress.set_stopped();
        *self.jobs.lock() = None;
        for stream in self.open.lock().streams.values() {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes a new connection into the books; `None` if there are too many or none may be served any more.
    fn enter(&self, stream: &UnixStream, shared: &Shared) -> Option<u64> {
        let mut open = self.open.lock();
        if shared.progress.is_stopped() || open.streams.len() >= CONNECTIONS_MAX {
            return None;
        }
        let id = open.next;
        open.next = open.next.saturating_add(1);
        open.streams.insert(id, stream.try_clone().ok()?);
        Some(id)
    }

    fn leave(&self, id: u64) {
        let mut open = self.open.lock();
        open.streams.remove(&id);
        if open.consensus == Some(id) {
            open.consensus = None;
        }
    }

    /// Whether `id` is the consensus connection, or becomes it now.
    fn claim_consensus(&self, id: u64) -> bool {
        let mut open = self.open.lock();
        *open.consensus.get_or_insert(id) == id
    }

    fn is_consensus(&self, id: u64) -> bool {
        self.open.lock().consensus == Some(id)
    }

    /// Hands a request to the writer and waits for the answer.
    fn ask_writer(&self, request: request::Value) -> Hosted<response::Value> {
        let gone = || HostFault::new("the writer has ended");
        let sender = self.jobs.lock().clone().ok_or_else(gone)?;
        let (reply, answer) = mpsc::sync_channel(1);
        sender.send(Job { request, reply }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

fn accept(listener: &UnixListener, shared: &Arc<Shared>, hub: &Arc<Hub>) {
    let mut connections: Vec<JoinHandle<()>> = Vec::new();
    while !shared.progress.is_stopped() {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) => {
                if error.kind() != io::ErrorKind::WouldBlock {
                    tracing::warn!(%error, "accepting an ABCI connection failed");
                }
                thread::sleep(ACCEPT_PAUSE);
                continue;
            }
        };
        if let Err(error) = stream.set_nonblocking(false) {
            tracing::warn!(%error, "an ABCI connection cannot be prepared");
            continue;
        }
        connections.retain(|thread| !thread.is_finished());
        let Some(id) = hub.enter(&stream, shared) else { continue };
        let (shared, serving) = (shared.clone(), hub.clone());
        match spawn("suyuan-abci", move || serve(id, stream, &shared, &serving)) {
            Ok(thread) => connections.push(thread),
            Err(error) => {
                tracing::warn!(%error, "an ABCI connection is not served");
                hub.leave(id);
            }
        }
    }
    for thread in connections {
        if thread.join().is_err() {
            tracing::error!("a thread of an ABCI connection panicked");
        }
    }
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("an empty request, or one that ABCI 2.0 does not have")]
    Unknown,
    #[error("{0} on a second connection while another is the consensus connection")]
    SecondConsensus(&'static str),
    #[error(transparent)]
    Fault(#[from] HostFault),
    #[error("a handler panicked")]
    Panicked,
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Frame(FrameError::Io(error))
    }
}

fn serve(id: u64, stream: UnixStream, shared: &Shared, hub: &Hub) {
    let run = std::panic::AssertUnwindSafe(|| converse(id, &stream, shared, hub));
    let ended = std::panic::catch_unwind(run).unwrap_or(Err(Broken::Panicked));
    if let Err(broken) = ended {
        let consensus = hub.is_consensus(id);
        // The writer told of its own faults; the socket of an engine that was killed breaks without anybody's fault.
        let peer_gone = matches!(broken, Broken::Frame(FrameError::Io(_)));
        if consensus && !peer_gone && !shared.progress.is_stopped() {
            shared.fail(&HostFault::new(format!("consensus connection: {broken}")));
            hub.close(shared);
        } else if shared.progress.is_stopped() {
            hub.close(shared);
        } else {
            tracing::warn!(connection = id, consensus, %broken, "an ABCI connection ended");
        }
    }
    // Both halves: the engine must see the end although the books hold a copy of the socket.
    let _ = stream.shutdown(Shutdown::Both);
    hub.leave(id);
}

fn converse(id: u64, stream: &UnixStream, shared: &Shared, hub: &Hub) -> Result<(), Broken> {
    let mut from = BufReader::with_capacity(BUFFER_BYTES, stream);
    let mut to = BufWriter::with_capacity(BUFFER_BYTES, stream);
    while let Some(request) = read_frame::<Request>(&mut from)? {
        let request = request.value.ok_or(Broken::Unknown)?;
        let flush = matches!(request, request::Value::Flush(_));
        match reply(id, request, shared, hub) {
            Ok(value) => write_frame(&mut to, &Response { value: Some(value) })?,
            Err(broken) => {
                let error = broken.to_string();
                let value = response::Value::Exception(ResponseException { error });
                // The engine logs the text; that it may be gone changes nothing.
                let _ = write_frame(&mut to, &Response { value: Some(value) });
                let _ = to.flush();
                return Err(broken);
            }
        }
        // The engine ends whatever it waits for with a Flush: one write per wait, and many checks in one.
        if flush {
            to.flush()?;
        }
    }
    Ok(())
}

fn reply(
    id: u64,
    request: request::Value,
    shared: &Shared,
    hub: &Hub,
) -> Result<response::Value, Broken> {
    match side::answer(shared, request) {
        // A broken disk is the node's end, whoever met it first.
        Side::Answered(Err(fault)) => {
            shared.fail(&fault);
            Err(fault.into())
        }
        Side::Answered(Ok(answer)) => Ok(answer),
        Side::Consensus(request) if hub.claim_consensus(id) => Ok(hub.ask_writer(request)?),
        Side::Consensus(request) => Err(Broken::SecondConsensus(writer::name(&request))),
        Side::Refused(refused) => {
            let fault = HostFault::new(refused.to_string());
            shared.fail(&fault);
            Err(fault.into())
        }
    }
}
