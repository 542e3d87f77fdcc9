//! The descriptors of all messages and services, from `proto/`.

use std::io;

use prost_reflect::{DescriptorPool, MessageDescriptor, MethodDescriptor};

/// The encoded set, as reflection gives it out.
pub(crate) const ENCODED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Reads the set.
pub(crate) fn pool() -> io::Result<DescriptorPool> {
    DescriptorPool::decode(ENCODED).map_err(|e| broken(e.to_string()))
}

/// The method of a path like `/package.Service/Method`.
pub(crate) fn method(pool: &DescriptorPool, path: &str) -> io::Result<MethodDescriptor> {
    let (service, method) = path
        .trim_start_matches('/')
        .split_once('/')
        .ok_or_else(|| broken(format!("{path} is no path of a method")))?;
    let service =
        pool.get_service_by_name(service).ok_or_else(|| broken(format!("no service {service}")))?;
    let found = service.methods().find(|m| m.name() == method);
    found.ok_or_else(|| broken(format!("no method {path}")))
}

/// The message of a type URL.
pub(crate) fn message(pool: &DescriptorPool, type_url: &str) -> Option<MessageDescriptor> {
    let (_, name) = type_url.rsplit_once('/')?;
    pool.get_message_by_name(name)
}

fn broken(what: String) -> io::Error {
    io::Error::other(format!("descriptors of the API: {what}"))
}
