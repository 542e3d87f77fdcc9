//! Typed handles to the four contracts.

use std::marker::PhantomData;

use cosmos_sdk_proto::Any;
use serde::{de::DeserializeOwned, Serialize};
use suyuan_trace_api::{assembly, code, event, participant};

use crate::client::Client;
use crate::deploy::Deployment;
use crate::error::Outcome;
use crate::msg::execute_json;
use crate::receipt::Receipt;
use crate::signer::Signer;

/// participant-registry.
pub type Registry<'a> = Contract<'a, participant::ExecuteMsg, participant::QueryMsg>;
/// trace-code.
pub type TraceCode<'a> = Contract<'a, code::ExecuteMsg, code::QueryMsg>;
/// event-log.
pub type EventLog<'a> = Contract<'a, event::ExecuteMsg, event::QueryMsg>;
/// assembly-graph.
pub type AssemblyGraph<'a> = Contract<'a, assembly::ExecuteMsg, assembly::QueryMsg>;

/// A contract that takes `E` and answers `Q`.
#[derive(Clone, Debug)]
pub struct Contract<'a, E, Q> {
    client: &'a Client,
    address: &'a str,
    messages: PhantomData<fn(E, Q)>,
}

impl<'a, E: Serialize, Q: Serialize> Contract<'a, E, Q> {
    /// A contract at a known address.
    pub fn at(client: &'a Client, address: &'a str) -> Self {
        Contract { client, address, messages: PhantomData }
    }

    /// Its address.
    pub fn address(&self) -> &'a str {
        self.address
    }

    /// The message as part of a transaction of `sender`.
    ///
    /// # Errors
    /// Input if it cannot be written as JSON.
    pub fn message(&self, sender: &str, msg: &E) -> Outcome<Any> {
        execute_json(sender, self.address, msg)
    }

    /// Sends one message and waits for its success.
    ///
    /// # Errors
    /// See [`Client::send`].
    pub async fn execute(&self, signer: &Signer, msg: &E) -> Outcome<Receipt> {
        self.client.send(signer, vec![self.message(signer.address(), msg)?]).await
    }

    /// Asks at the latest height.
    ///
    /// # Errors
    /// See [`crate::query::Query::smart`].
    pub async fn query<T: DeserializeOwned>(&self, msg: &Q) -> Outcome<T> {
        self.query_at(0, msg).await
    }

    /// Asks at a past height; 0 means the latest.
    ///
    /// # Errors
    /// See [`crate::query::Query::smart`].
    pub async fn query_at<T: DeserializeOwned>(&self, height: u64, msg: &Q) -> Outcome<T> {
        self.client.query_at(height).smart(self.address, msg).await
    }
}

impl Deployment {
    /// Handle to participant-registry.
    pub fn registry<'a>(&'a self, client: &'a Client) -> Registry<'a> {
        Contract::at(client, &self.registry)
    }

    /// Handle to trace-code.
    pub fn code<'a>(&'a self, client: &'a Client) -> TraceCode<'a> {
        Contract::at(client, &self.trace_code)
    }

    /// Handle to event-log.
    pub fn event<'a>(&'a self, client: &'a Client) -> EventLog<'a> {
        Contract::at(client, &self.event_log)
    }

    /// Handle to assembly-graph.
    pub fn graph<'a>(&'a self, client: &'a Client) -> AssemblyGraph<'a> {
        Contract::at(client, &self.assembly_graph)
    }
}
