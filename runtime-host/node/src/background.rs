//! A small server on a thread with a runtime of its own, such as `/metrics` and TLS.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::watch;

use crate::fail::{Done, Failure, OrFail};

/// The running server. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Background {
    what: &'static str,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Runs what `serve` makes of `listener` (non-blocking) until it ends or the value in its hands becomes true. `what`
    /// names it in errors and, behind "suyuan-" and in lower case, the thread.
    ///
    /// # Errors
    /// Local if thread or runtime do not start.
    pub(crate) fn start<F: Future<Output = ()>>(
        what: &'static str,
        listener: TcpListener,
        serve: impl FnOnce(tokio::net::TcpListener, watch::Receiver<bool>) -> F + Send + 'static,
    ) -> Done<Background> {
        let address =
            listener.local_addr().or_local(|| format!("address of the {what} listener"))?;
        let (stop, stopped) = watch::channel(false);
        let (tell, told) = mpsc::sync_channel(1);
        let body = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let started = runtime.and_then(|runtime| {
                let listener = {
                    let _inside = runtime.enter();
                    tokio::net::TcpListener::from_std(listener)?
                };
                Ok((listener, runtime))
            });
            match started {
                Ok((listener, runtime)) => {
                    let _ = tell.send(Ok(()));
                    runtime.block_on(serve(listener, stopped));
                }
                Err(error) => drop(tell.send(Err(error))),
            }
        };
        let thread = std::thread::Builder::new()
            .name(format!("suyuan-{}", what.to_lowercase()))
            .spawn(body)
            .or_local(|| format!("starting the {what} thread"))?;
        match told.recv() {
            Ok(started) => started.or_local(|| format!("starting the {what} server"))?,
            Err(_) => return Err(Failure::local(format!("the {what} thread ended"))),
        }
        Ok(Background { what, address, stop, thread: Some(thread) })
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            if thread.join().is_err() {
                tracing::error!("the {} thread panicked", self.what);
            }
        }
    }
}
