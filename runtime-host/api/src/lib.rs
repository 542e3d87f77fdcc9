//! gRPC and REST: two skins over [`suyuan_services::Services`].
//!
//! Neither knows what a method does. gRPC passes encoded messages through; REST translates paths, query strings and
//! JSON into the same encoded messages by the descriptors of `proto/`, and the answers back. What is fixed here is how
//! existing clients expect both to look: statuses, headers, JSON forms, errors.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

mod calls;
mod descriptors;
mod grpc;
mod limits;
mod rest;
mod server;
mod tx_json;

use std::future::Future;
use std::io;

use suyuan_services::Services;
use tokio::net::TcpListener;

pub use limits::ApiLimits;
pub use tx_json::{tx_from_json, tx_to_json};

/// Header and metadata name by which clients choose the height of a query, and learn the one that was read.
pub const HEIGHT_HEADER: &str = "x-cosmos-block-height";

/// Serves gRPC (HTTP/2 without TLS, reflection included) on `listener` until `shutdown` resolves.
///
/// # Errors
/// The descriptors of this build are broken. Failures of single connections end those connections only.
pub async fn serve_grpc(
    listener: TcpListener,
    services: Services,
    limits: ApiLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = grpc::router(services, &limits)?;
    server::run(listener, router, server::Protocol::Http2, &limits, shutdown).await;
    Ok(())
}

/// Serves REST (HTTP/1.1) with its OpenAPI page on `listener` until `shutdown` resolves.
///
/// # Errors
/// The descriptors of this build are broken. Failures of single connections end those connections only.
pub async fn serve_rest(
    listener: TcpListener,
    services: Services,
    limits: ApiLimits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = rest::router(services, &limits)?;
    server::run(listener, router, server::Protocol::Http1, &limits, shutdown).await;
    Ok(())
}
