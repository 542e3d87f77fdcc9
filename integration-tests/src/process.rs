//! Other processes, bounded in time and ended by their own id.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{bail, Context as _, Result};
use serde_json::Value;
use suyuan_node::config::Home;

use crate::files;

/// Longest time that a node takes from its start to its first line, recovery included.
const START_MAX: Duration = Duration::from_secs(60);
/// Longest time that the output of an ended process is waited for.
const OUTPUT_MAX: Duration = Duration::from_secs(5);
/// How often a process is asked whether it has ended.
const LOOK_PAUSE: Duration = Duration::from_millis(5);

/// A node as a process of its own. Killed when dropped.
#[derive(Debug)]
pub struct NodeProcess {
    child: Child,
    rpc_url: String,
    height: u64,
    engine_id: Option<u32>,
    started: Value,
}

impl NodeProcess {
    /// Runs `suyuan start` on a free port and returns when it says that it has started.
    ///
    /// # Errors
    /// If it does not start in time; with what it wrote.
    pub fn start(home: &Home) -> Result<Self> {
        Self::start_with(home, &[])
    }

    /// The same with more arguments.
    ///
    /// # Errors
    /// As [`NodeProcess::start`].
    pub fn start_with(home: &Home, more: &[&str]) -> Result<Self> {
        let args = [&["start", "--rpc.laddr", "127.0.0.1:0"], more].concat();
        Self::spawn(suyuan(home, &args)?, Stdio::inherit())
    }

    /// The same with what it says of itself, details included, written to a file.
    ///
    /// # Errors
    /// As [`NodeProcess::start`], or if the file cannot be written.
    pub fn start_talkative(home: &Home, log: &Path) -> Result<Self> {
        let log = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        let args = ["start", "--rpc.laddr", "127.0.0.1:0", "--log-level", "debug"];
        Self::spawn(suyuan(home, &args)?, Stdio::from(log))
    }

    /// Runs `suyuan start --consensus cometbft` with this engine and returns when both have started.
    ///
    /// # Errors
    /// As [`NodeProcess::start`].
    pub fn start_network(home: &Home, cometbft: &Path) -> Result<Self> {
        Self::start_network_with(home, cometbft, &[])
    }

    /// The same with further flags.
    ///
    /// # Errors
    /// As [`NodeProcess::start`].
    pub fn start_network_with(home: &Home, cometbft: &Path, flags: &[&str]) -> Result<Self> {
        let cometbft = cometbft.to_str().context("the path of the engine")?;
        let args = [
            "start",
            "--rpc.laddr",
            "127.0.0.1:0",
            "--consensus",
            "cometbft",
            "--cometbft",
            cometbft,
        ];
        let args: Vec<&str> = args.into_iter().chain(flags.iter().copied()).collect();
        Self::spawn(suyuan(home, &args)?, Stdio::inherit())
    }

    fn spawn(mut command: Command, stderr: Stdio) -> Result<Self> {
        let command = command.stdout(Stdio::piped()).stderr(stderr);
        let mut child = command.spawn().context("starting the node")?;
        let stdout = child.stdout.take().context("the node has no output")?;
        // From here on the process is killed whenever this function gives up.
        let mut node = NodeProcess {
            child,
            rpc_url: String::new(),
            height: 0,
            engine_id: None,
            started: Value::Null,
        };
        let line =
            first_line(stdout).recv_timeout(START_MAX).context("the node did not start in time")?;
        let said: Value =
            serde_json::from_str(&line).with_context(|| format!("the node said {line:?}"))?;
        let started = &said["started"];
        node.started = started.clone();
        node.rpc_url = started["rpc"].as_str().context("no address of the RPC")?.to_owned();
        node.engine_id = started["engine_pid"].as_u64().and_then(|id| u32::try_from(id).ok());
        node.height = started["height"].as_str().context("no height")?.parse()?;
        node.started = started.clone();
        Ok(node)
    }

    /// What it said of itself under this name when it had started, such as `grpc` for the address of its gRPC.
    pub fn said(&self, name: &str) -> Option<&str> {
        self.started[name].as_str()
    }

    /// URL of its RPC.
    pub fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    /// What it said of an address, as `grpc`, `rest` or `metrics`.
    ///
    /// # Errors
    /// If it said nothing.
    pub fn address(&self, name: &str) -> Result<&str> {
        self.started[name].as_str().with_context(|| format!("no address of {name}"))
    }

    /// Latest height when it had started.
    pub fn height_at_start(&self) -> u64 {
        self.height
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Process id of its engine.
    ///
    /// # Errors
    /// If it is a node without engine.
    pub fn engine_id(&self) -> Result<u32> {
        self.engine_id.context("a node without engine")
    }

    /// Waits for the end that the node comes to by itself; its exit code, none after a signal.
    ///
    /// # Errors
    /// If it still runs after `patience`.
    pub fn wait_end(mut self, patience: Duration) -> Result<Option<i32>> {
        let begin = Instant::now();
        while begin.elapsed() < patience {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status.code());
            }
            std::thread::sleep(LOOK_PAUSE);
        }
        bail!("the node had not ended after {patience:?}")
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    ///
    /// # Errors
    /// If the process cannot be killed; it may have ended before.
    pub fn kill(mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the node had ended by itself: {status}");
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        // It may be gone already; then there is nothing to do.
        if self.child.kill().is_ok() && self.child.wait().is_err() {
            eprintln!("process {} was not waited for", self.child.id());
        }
    }
}

/// The first line of an output, which is read to its end, so that the writer never blocks.
fn first_line(stdout: ChildStdout) -> Receiver<String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            let Ok(line) = line else { return };
            // Only the first line is waited for.
            let _ = tell.send(line);
        }
    });
    told
}

/// What a process that ended by itself gave.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

/// `suyuan ARGS --home HOME --output json`, without settings of the environment.
///
/// # Errors
/// If the program was not built.
pub fn suyuan(home: &Home, args: &[&str]) -> Result<Command> {
    let mut command = Command::new(files::suyuan()?);
    command
        .args(args)
        .arg("--home")
        .arg(home.root())
        .args(["--output", "json"])
        .env_clear()
        .env("HOME", home.root())
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs a command to its end.
///
/// # Errors
/// If it cannot start, or has not ended after `time_max`; then it is killed.
pub fn run(command: &mut Command, time_max: Duration) -> Result<Ended> {
    let name = command.get_program().to_string_lossy().into_owned();
    let begin = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    let out = whole_text(child.stdout.take());
    let err = whole_text(child.stderr.take());
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if begin.elapsed() > time_max {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(LOOK_PAUSE);
    };
    // A grandchild may hold the pipes of a killed process: its output is then not waited for.
    let text = |told: Receiver<String>| told.recv_timeout(OUTPUT_MAX).unwrap_or_default();
    let (out, err) = (text(out), text(err));
    match status {
        Some(status) => Ok(Ended { code: status.code(), out, err }),
        None => bail!("{name} had not ended after {time_max:?}\n{out}\n{err}"),
    }
}

fn whole_text(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is still worth showing.
            let _ = stream.read_to_end(&mut bytes);
        }
        let _ = tell.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    told
}
