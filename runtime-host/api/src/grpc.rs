//! gRPC: any method of the services, passed through as it is encoded, and reflection.

mod codec;

use std::future::Future;
use std::io;
use std::pin::Pin;

use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::response::Response as HttpResponse;
use axum::Router;
use suyuan_services::{GrpcStatus, Services};
use tonic::metadata::MetadataValue;
use tonic::server::{Grpc, UnaryService};
use tonic::{Code, Request, Response, Status};

use crate::calls::{asked_height, Calls};
use crate::descriptors::ENCODED;
use crate::limits::ApiLimits;
use crate::HEIGHT_HEADER;
use codec::RawCodec;

/// What the handlers share.
#[derive(Clone, Debug)]
struct Shared {
    calls: Calls,
    request_bytes_max: usize,
    response_bytes_max: usize,
}

/// All methods, with reflection in both of its versions.
pub(crate) fn router(services: Services, limits: &ApiLimits) -> io::Result<Router> {
    let v1 = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(ENCODED)
        .build_v1()
        .map_err(io::Error::other)?;
    let v1alpha = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(ENCODED)
        .build_v1alpha()
        .map_err(io::Error::other)?;
    let shared = Shared {
        calls: Calls::new(services, limits.calls_max),
        request_bytes_max: limits.request_bytes_max,
        response_bytes_max: limits.response_bytes_max,
    };
    Ok(Router::new()
        .route_service("/grpc.reflection.v1.ServerReflection/{method}", v1)
        .route_service("/grpc.reflection.v1alpha.ServerReflection/{method}", v1alpha)
        .fallback(answer)
        .with_state(shared))
}

async fn answer(State(shared): State<Shared>, request: HttpRequest) -> HttpResponse {
    let method = Method { path: request.uri().path().to_string(), calls: shared.calls };
    let mut grpc = Grpc::new(RawCodec)
        .max_decoding_message_size(shared.request_bytes_max)
        .max_encoding_message_size(shared.response_bytes_max);
    grpc.unary(method, request).await.map(Body::new)
}

/// One method by its path.
struct Method {
    path: String,
    calls: Calls,
}

impl UnaryService<Vec<u8>> for Method {
    type Response = Vec<u8>;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Status>> + Send>>;

    fn call(&mut self, request: Request<Vec<u8>>) -> Self::Future {
        let (calls, path) = (self.calls.clone(), self.path.clone());
        Box::pin(async move {
            let height = request.metadata().get(HEIGHT_HEADER).map(|v| v.as_encoded_bytes());
            let height = asked_height(height).map_err(status)?;
            let reply = calls.call(path, request.into_inner(), height).await.map_err(status)?;
            let mut response = Response::new(reply.value);
            if let Ok(value) = MetadataValue::try_from(reply.height.to_string()) {
                response.metadata_mut().insert(HEIGHT_HEADER, value);
            }
            Ok(response)
        })
    }
}

fn status(status: GrpcStatus) -> Status {
    Status::new(Code::from_i32(i32::try_from(status.code as u32).unwrap_or(2)), status.message)
}
