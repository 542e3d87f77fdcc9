//! The feed: who has subscribed to what, and how each gets his share of a new block.
//!
//! ```text
//! chain.on_height → follower → notes of the block (written once) → every subscription that matches → its outbox
//! ```
//!
//! A subscription sees every block that is published after its confirmation, in order, each once. Nobody waits for a
//! subscriber: a client whose outbox is full loses its connection and is told why.

mod follower;
mod note;
mod outbox;

pub(crate) use follower::follow;
pub(crate) use note::Note;
pub(crate) use outbox::{Letter, Outbox};

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use suyuan_solo::query::{Query, QUERY_LEN_MAX};

use crate::envelope;
use crate::error::RpcError;
use crate::limits::RpcLimits;

/// Why a client that reads too slowly is cut off, in CometBFT's words.
const TOO_SLOW: &str =
    "subscription was canceled (reason: client is not pulling messages fast enough)";

/// One query of a client.
#[derive(Debug)]
struct Subscription {
    /// The query as it was sent: clients find their stream by this text.
    text: String,
    query: Query,
    /// JSON text of the id of the call that subscribed; every event carries it.
    id: String,
    /// Blocks up to this height were published before.
    after: u64,
}

#[derive(Debug)]
struct Client {
    outbox: Arc<Outbox>,
    subscriptions: Vec<Subscription>,
}

#[derive(Debug, Default)]
struct Registry {
    clients: BTreeMap<u64, Client>,
    last_number: u64,
}

/// All subscriptions of a server.
#[derive(Debug)]
pub(crate) struct Feed {
    registry: Mutex<Registry>,
    /// Latest published height.
    published: AtomicU64,
    limits: RpcLimits,
}

/// A connection's membership; leaving is dropping it.
#[derive(Debug)]
pub(crate) struct Member {
    feed: Arc<Feed>,
    number: u64,
}

impl Feed {
    /// A feed without subscribers.
    pub fn new(limits: RpcLimits) -> Arc<Self> {
        Arc::new(Feed { registry: Mutex::default(), published: AtomicU64::new(0), limits })
    }

    /// A connection that may subscribe, and what it is sent through.
    pub fn join(self: &Arc<Self>) -> (Member, Arc<Outbox>) {
        let outbox =
            Arc::new(Outbox::new(self.limits.outbox_messages_max, self.limits.outbox_bytes_max));
        let mut registry = self.registry();
        registry.last_number = registry.last_number.saturating_add(1);
        let number = registry.last_number;
        let client = Client { outbox: Arc::clone(&outbox), subscriptions: Vec::new() };
        registry.clients.insert(number, client);
        (Member { feed: Arc::clone(self), number }, outbox)
    }

    /// A height was published. Cheap: called on the chain's writer thread.
    pub fn set_published(&self, height: u64) {
        self.published.fetch_max(height, Ordering::SeqCst);
    }

    /// Whether anybody has subscribed; if not, a block need not be read.
    pub fn is_followed(&self) -> bool {
        self.registry().clients.values().any(|client| !client.subscriptions.is_empty())
    }

    /// Gives the notes of one block to everybody whose query matches.
    pub fn publish(&self, height: u64, notes: &[Note]) {
        let mut registry = self.registry();
        for client in registry.clients.values_mut() {
            if !client.publish(height, notes) {
                client.subscriptions.clear();
            }
        }
    }

    /// Ends all subscriptions with this reason.
    pub fn cancel_all(&self, reason: &str) {
        let mut registry = self.registry();
        for client in registry.clients.values_mut() {
            if let Some(first) = client.subscriptions.first() {
                client.outbox.cut(last_words(&first.id, reason));
            }
            client.subscriptions.clear();
        }
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// False when the client was too slow and is cut off.
    fn publish(&self, height: u64, notes: &[Note]) -> bool {
        let news = self.subscriptions.iter().filter(|s| s.after < height);
        for subscription in news {
            for note in notes.iter().filter(|note| note.matches(&subscription.query)) {
                let letter = Letter::event(&subscription.id, &subscription.text, note.body());
                if !self.outbox.post(letter) {
                    self.outbox.cut(last_words(&subscription.id, TOO_SLOW));
                    return false;
                }
            }
        }
        true
    }
}

/// The error that a subscription ends with.
fn last_words(id: &str, reason: &str) -> Letter {
    let outcome = Err(RpcError::server(reason));
    Letter::answer(envelope::single_answer(id, &outcome))
}

impl Member {
    /// Subscribes and puts the confirmation into the outbox before anything that follows from it.
    ///
    /// # Errors
    /// In CometBFT's words: a limit, an unreadable query, a query that this client has already.
    pub fn subscribe(&self, text: &str, id: &str) -> Result<(), RpcError> {
        let query = parse(text)?;
        let limits = &self.feed.limits;
        let mut registry = self.feed.registry();
        let others = registry
            .clients
            .iter()
            .filter(|(number, client)| **number != self.number && !client.subscriptions.is_empty())
            .count();
        if others >= limits.subscription_clients_max {
            let max = limits.subscription_clients_max;
            return Err(RpcError::internal(format!("max_subscription_clients {max} reached")));
        }
        let Some(client) = registry.clients.get_mut(&self.number) else {
            return Err(RpcError::internal("the connection is closing"));
        };
        if client.subscriptions.iter().any(|known| known.query == query) {
            return Err(RpcError::internal("already subscribed"));
        }
        if client.subscriptions.len() >= limits.subscriptions_per_client_max {
            let max = limits.subscriptions_per_client_max;
            return Err(RpcError::internal(format!("max_subscriptions_per_client {max} reached")));
        }
        let confirmation = envelope::single_answer(id, &Ok("{}".to_owned()));
        if !client.outbox.post(Letter::answer(confirmation)) {
            return Err(RpcError::internal("the connection is closing"));
        }
        let after = self.feed.published.load(Ordering::SeqCst);
        client.subscriptions.push(Subscription {
            text: text.to_owned(),
            query,
            id: id.to_owned(),
            after,
        });
        Ok(())
    }

    /// Ends one subscription.
    ///
    /// # Errors
    /// An unreadable query, or one that this client has not.
    pub fn unsubscribe(&self, text: &str) -> Result<(), RpcError> {
        let query = parse(text)?;
        self.forget(|known| known.query == query)
    }

    /// Ends everything with this reason, which the client is told if he has subscribed.
    pub fn cancel(&self, reason: &str) {
        if let Some(client) = self.feed.registry().clients.get_mut(&self.number) {
            if let Some(first) = client.subscriptions.first() {
                client.outbox.cut(last_words(&first.id, reason));
            }
            client.subscriptions.clear();
        }
    }

    /// Ends all subscriptions of this client.
    ///
    /// # Errors
    /// There is none.
    pub fn unsubscribe_all(&self) -> Result<(), RpcError> {
        self.forget(|_| true)
    }

    fn forget(&self, which: impl Fn(&Subscription) -> bool) -> Result<(), RpcError> {
        let mut registry = self.feed.registry();
        let before = registry.clients.get(&self.number).map_or(0, |c| c.subscriptions.len());
        if let Some(client) = registry.clients.get_mut(&self.number) {
            client.subscriptions.retain(|known| !which(known));
            if client.subscriptions.len() < before {
                return Ok(());
            }
        }
        Err(RpcError::internal("subscription not found"))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.feed.registry().clients.remove(&self.number);
    }
}

fn parse(text: &str) -> Result<Query, RpcError> {
    if text.len() > QUERY_LEN_MAX {
        return Err(RpcError::internal("maximum query length exceeded"));
    }
    Query::parse(text)
        .map_err(|reason| RpcError::internal(format!("failed to parse query: {reason}")))
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
