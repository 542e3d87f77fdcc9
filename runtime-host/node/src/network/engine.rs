//! The engine as a supervised child: started after the app listens, ended before it stops listening.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use parking_lot::Mutex;

use super::files::EngineFiles;
use super::predecessor;
use crate::fail::{Done, OrFail};

/// Longest time for an orderly end, before the engine is killed.
const STOP_MAX: Duration = Duration::from_secs(20);
/// How often an ending process is looked at.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// A log above this size is set aside when the engine starts.
const LOG_BYTES_MAX: u64 = 64 << 20;
/// Bytes of the log that are shown when the engine ends by itself.
const LOG_TAIL_BYTES: u64 = 2_000;

/// A running engine. Killed when dropped, unless it was stopped.
#[derive(Debug)]
pub struct Engine {
    child: Mutex<Child>,
    log: PathBuf,
}

impl Engine {
    /// Starts the engine of a home over the app at `abci_socket`.
    ///
    /// # Errors
    /// Local if the program cannot be started, or an engine of this home goes on running.
    pub fn start(program: &Path, files: &EngineFiles) -> Done<Engine> {
        let lock = predecessor::take_over(&files.lock_file())?;
        let (abci, rpc) = (files.abci_socket()?, files.rpc_socket()?);
        // Left by an engine that was killed: it would refuse to listen there.
        if rpc.exists() {
            fs::remove_file(&rpc).or_local(|| format!("removing {}", rpc.display()))?;
        }
        let log = open_log(&files.log_file())?;
        let errors = log.try_clone().or_local(|| "the engine's log".into())?;
        let child = Command::new(program)
            .arg("start")
            .arg("--home")
            .arg(files.root())
            .args(["--abci", "socket", "--proxy_app"])
            .arg(format!("unix://{}", abci.display()))
            .arg("--rpc.laddr")
            .arg(format!("unix://{}", rpc.display()))
            // The lock belongs to the open file: the child holds it as long as it lives, whatever happens to us.
            .stdin(Stdio::from(lock))
            .stdout(Stdio::from(log))
            .stderr(Stdio::from(errors))
            .spawn()
            .or_local(|| {
                format!(
                    "starting the engine {} (install it with: go install \
                     github.com/cometbft/cometbft/cmd/cometbft@v0.38.25)",
                    program.display()
                )
            })?;
        let engine = Engine { child: Mutex::new(child), log: files.log_file() };
        predecessor::remember(&files.lock_file(), engine.id())?;
        Ok(engine)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.lock().id()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// Local if the system does not tell.
    pub fn ended(&self) -> Done<Option<ExitStatus>> {
        self.child.lock().try_wait().or_local(|| "asking for the engine".into())
    }

    /// Why it ended, in words: its status and the end of its log.
    pub fn last_words(&self, status: ExitStatus) -> String {
        let tail = tail(&self.log).unwrap_or_default();
        format!("the engine ended by itself ({status}); the end of {}:\n{tail}", self.log.display())
    }

    /// Ends it in order: it finishes writing and closes its files; after 20 s it is killed.
    ///
    /// # Errors
    /// Local if it cannot be ended.
    pub fn stop(&self) -> Done {
        let mut child = self.child.lock();
        let gone = |child: &mut Child| child.try_wait().or_local(|| "the engine's end".into());
        if gone(&mut child)?.is_some() {
            return Ok(());
        }
        ask_to_end(&child)?;
        let begin = Instant::now();
        while begin.elapsed() < STOP_MAX {
            if gone(&mut child)?.is_some() {
                return Ok(());
            }
            std::thread::sleep(LOOK_PAUSE);
        }
        tracing::warn!("the engine did not end in time and is killed");
        child.kill().or_local(|| "killing the engine".into())?;
        child.wait().or_local(|| "the engine's end".into())?;
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Err(failure) = self.stop() {
            tracing::error!(error = %failure.text(), "the engine was not stopped");
        }
    }
}

/// Sends SIGTERM to a child that may have ended meanwhile.
///
/// # Errors
/// Local if the process id is none of this system's.
pub(crate) fn ask_to_end(child: &Child) -> Done {
    let id = i32::try_from(child.id()).or_local(|| "the id of a process".into())?;
    if let Err(error) = kill(Pid::from_raw(id), Signal::SIGTERM) {
        tracing::debug!(%error, id, "the process had ended");
    }
    Ok(())
}

fn open_log(path: &Path) -> Done<File> {
    let opening = || format!("opening {}", path.display());
    if fs::metadata(path).is_ok_and(|m| m.len() > LOG_BYTES_MAX) {
        fs::rename(path, path.with_extension("log.1")).or_local(opening)?;
    }
    OpenOptions::new().create(true).append(true).open(path).or_local(opening)
}

fn tail(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let len = file.metadata()?.len();
    file.seek(SeekFrom::Start(len.saturating_sub(LOG_TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(LOG_TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
