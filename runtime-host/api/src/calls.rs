//! Making calls of the services from async code: bounded, on threads that may block.

use std::sync::Arc;

use suyuan_services::{GrpcCode, GrpcStatus, Reply, Services};
use tokio::sync::Semaphore;

/// The services with a bound on how many calls run at one time.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    services: Services,
    slots: Arc<Semaphore>,
}

impl Calls {
    pub fn new(services: Services, calls_max: usize) -> Self {
        Calls { services, slots: Arc::new(Semaphore::new(calls_max)) }
    }

    /// Answers a method on a blocking thread of the runtime: whoever builds the runtime gives these threads the stack
    /// that nested contract calls take.
    pub async fn call(&self, path: String, request: Vec<u8>, height: u64) -> Reply {
        let stopping = || GrpcStatus::new(GrpcCode::Unavailable, "the node is stopping");
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| stopping())?;
        let services = self.services.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let answer = services.call(&path, &request, height);
            drop(slot);
            answer
        });
        answer.await.map_err(|e| {
            GrpcStatus::new(GrpcCode::Internal, format!("the request broke off: {e}"))
        })?
    }
}

/// The height that a header asks for; none means the latest.
pub(crate) fn asked_height(header: Option<&[u8]>) -> Result<u64, GrpcStatus> {
    let Some(bytes) = header else { return Ok(0) };
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        GrpcStatus::new(
            GrpcCode::InvalidArgument,
            format!(
                "invalid height header \"{}\": {shown:?} is not a height",
                crate::HEIGHT_HEADER
            ),
        )
    })
}
