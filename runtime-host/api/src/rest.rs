//! REST in the form of grpc-gateway: paths and query strings to messages, messages to JSON.

pub(crate) mod json;
mod openapi;
pub(crate) mod request;
mod routes;

use std::io;
use std::sync::Arc;

use axum::body::{to_bytes, Body};
use axum::extract::{Request, State};
use axum::http::{header, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use axum::Router;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use suyuan_services::{GrpcCode, GrpcStatus, Services};
use tower_http::cors::CorsLayer;

use crate::calls::{asked_height, Calls};
use crate::descriptors;
use crate::limits::ApiLimits;
use crate::HEIGHT_HEADER;
use routes::{Table, Verb};

/// Header under which grpc-gateway names the height that was read.
const GATEWAY_HEIGHT_HEADER: &str = "grpc-metadata-x-cosmos-block-height";
/// The page for people, without anything from elsewhere.
const PAGE: &str = include_str!("rest/page.html");

struct Shared {
    calls: Calls,
    table: Table,
    pool: DescriptorPool,
    openapi: String,
    limits: ApiLimits,
}

/// All routes, the OpenAPI document and its page. Pages of any origin may ask: nothing here knows who they are.
pub(crate) fn router(services: Services, limits: &ApiLimits) -> io::Result<Router> {
    let pool = descriptors::pool()?;
    let table = Table::new(&pool)?;
    let openapi = openapi::document(&table).to_string();
    let shared = Shared {
        calls: Calls::new(services, limits.calls_max),
        table,
        pool,
        openapi,
        limits: limits.clone(),
    };
    let cors = CorsLayer::permissive()
        .expose_headers([header::HeaderName::from_static(GATEWAY_HEIGHT_HEADER)]);
    Ok(Router::new()
        .route("/", get(page))
        .route("/swagger/", get(page))
        .route("/openapi.json", get(document))
        .fallback(answer)
        .layer(cors)
        .with_state(Arc::new(shared)))
}

async fn page() -> Response {
    typed("text/html; charset=utf-8", PAGE)
}

async fn document(State(shared): State<Arc<Shared>>) -> Response {
    typed("application/json", shared.openapi.clone())
}

fn typed(kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match translated(&shared, request).await {
        Ok((json, height)) => {
            let mut response = typed("application/json", json);
            if let Ok(value) = HeaderValue::from_str(&height.to_string()) {
                response.headers_mut().insert(GATEWAY_HEIGHT_HEADER, value.clone());
                response.headers_mut().insert(HEIGHT_HEADER, value);
            }
            response
        }
        Err(status) => refused(&status),
    }
}

async fn translated(shared: &Shared, request: Request) -> Result<(String, u64), GrpcStatus> {
    let verb = match *request.method() {
        Method::GET => Verb::Get,
        Method::POST => Verb::Post,
        _ => return Err(not_implemented()),
    };
    let (parts, body) = request.into_parts();
    let (route, captures) =
        shared.table.find(verb, parts.uri.path()).ok_or_else(not_implemented)?;
    let height = parts
        .headers
        .get(HEIGHT_HEADER)
        .or_else(|| parts.headers.get(GATEWAY_HEIGHT_HEADER))
        .map(HeaderValue::as_bytes);
    let height = asked_height(height)?;
    let message = match verb {
        Verb::Get => request::from_url(route, &captures, parts.uri.query().unwrap_or_default())?,
        Verb::Post => request::from_json(route, &read(body, &shared.limits).await?)?,
    };
    let reply = shared.calls.call(route.path(), message.encode_to_vec(), height).await?;
    let answer = DynamicMessage::decode(route.method.output(), &reply.value[..])
        .map_err(|e| GrpcStatus::new(GrpcCode::Internal, format!("the answer: {e}")))?;
    Ok((json::text(&shared.pool, &answer), reply.height))
}

async fn read(body: Body, limits: &ApiLimits) -> Result<Vec<u8>, GrpcStatus> {
    let bytes =
        tokio::time::timeout(limits.body_read_max, to_bytes(body, limits.request_bytes_max));
    match bytes.await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err(GrpcStatus::new(
            GrpcCode::ResourceExhausted,
            format!("the body is larger than {} bytes or broke off", limits.request_bytes_max),
        )),
        Err(_) => Err(GrpcStatus::new(GrpcCode::InvalidArgument, "the body came too slowly")),
    }
}

/// What grpc-gateway answers for paths that it does not have.
fn not_implemented() -> GrpcStatus {
    GrpcStatus::new(GrpcCode::Unimplemented, "Not Implemented")
}

/// An error as grpc-gateway writes it.
fn refused(status: &GrpcStatus) -> Response {
    let body = serde_json::json!({
        "code": status.code as u32,
        "message": status.message,
        "details": [],
    });
    let mut response = typed("application/json", body.to_string());
    *response.status_mut() = http_status(status.code);
    response
}

/// The HTTP status of a gRPC code.
fn http_status(code: GrpcCode) -> StatusCode {
    match code {
        GrpcCode::InvalidArgument => StatusCode::BAD_REQUEST,
        GrpcCode::NotFound => StatusCode::NOT_FOUND,
        GrpcCode::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        GrpcCode::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        GrpcCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        GrpcCode::Unknown | GrpcCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
