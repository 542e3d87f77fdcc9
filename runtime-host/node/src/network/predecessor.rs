//! The engine of a node that was killed: it notices that its app is gone and ends. Where it does not – an engine may
//! wait for itself while it stops – it is ended by whoever starts next, because two engines must never write one home.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;

use crate::fail::{Done, Failure, OrFail};

/// How long an engine may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the system may take to end one that was killed.
const KILLED_MAX: Duration = Duration::from_secs(10);
/// How often the lock is tried.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock that an engine holds as long as it lives. The caller holds the lock of the node's home, so whoever
/// else holds this one has no node any more: it is waited for, and killed when it does not end.
///
/// # Errors
/// Local if the file cannot be locked, or its holder is not known or does not end.
pub(super) fn take_over(path: &Path) -> Done<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .or_local(|| format!("opening {}", path.display()))?;
    if lock_within(&file, path, PATIENCE)? {
        return Ok(file);
    }
    if let Some(id) = holder(path) {
        tracing::warn!(id, "the engine of a node that was killed does not end, and is killed");
        if let Err(error) = kill(Pid::from_raw(id), Signal::SIGKILL) {
            tracing::debug!(%error, id, "the engine had ended");
        }
        if lock_within(&file, path, KILLED_MAX)? {
            return Ok(file);
        }
    }
    Err(Failure::local(format!("an engine still runs: it holds {}", path.display())))
}

/// Writes down whose lock it is, for [`take_over`].
///
/// # Errors
/// Local if the file cannot be written.
pub(super) fn remember(path: &Path, id: u32) -> Done {
    fs::write(path, format!("{id}\n")).or_local(|| format!("writing {}", path.display()))
}

/// The process that the file names, if it is the one: ids are used again, so its standard input must be this file.
fn holder(path: &Path) -> Option<i32> {
    let id = fs::read_to_string(path).ok()?.trim().parse().ok()?;
    let input = fs::read_link(format!("/proc/{id}/fd/0")).ok()?;
    (input == fs::canonicalize(path).ok()?).then_some(id)
}

fn lock_within(file: &File, path: &Path, patience: Duration) -> Done<bool> {
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if begin.elapsed() < patience => {
                std::thread::sleep(LOOK_PAUSE);
            }
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(e)) => {
                return Err(e).or_local(|| format!("locking {}", path.display()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn sleeper(lock: File) -> Child {
        Command::new("sleep").arg("60").stdin(Stdio::from(lock)).spawn().expect("sleep runs")
    }

    #[test]
    fn an_engine_that_does_not_end_is_killed_and_no_other_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.lock");
        let mut orphan = sleeper(take_over(&path).unwrap());
        remember(&path, orphan.id()).unwrap();
        take_over(&path).expect("the orphan is ended");
        assert!(!orphan.wait().unwrap().success());

        let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
        remember(&path, stranger.id()).unwrap();
        assert_eq!(holder(&path), None, "another process has the id");
        assert_eq!(stranger.try_wait().unwrap(), None);
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}
