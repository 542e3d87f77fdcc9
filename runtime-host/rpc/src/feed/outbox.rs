//! What waits to be sent to one client: bounded in messages and in bytes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A message of its own head and an end that many share.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    head: String,
    end: Option<Arc<str>>,
}

impl Letter {
    /// An answer to a call.
    pub fn answer(bytes: Vec<u8>) -> Letter {
        Letter { head: String::from_utf8_lossy(&bytes).into_owned(), end: None }
    }

    /// An event for the subscription with this id (JSON text) and query.
    pub fn event(id: &str, query: &str, body: &Arc<str>) -> Letter {
        let query = serde_json::Value::from(query);
        let head = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{"query":{query},"#);
        Letter { head, end: Some(Arc::clone(body)) }
    }

    /// The message.
    pub fn text(self) -> String {
        let mut text = self.head;
        if let Some(end) = self.end {
            text.push_str(&end);
        }
        text
    }

    fn bytes(&self) -> usize {
        self.head.len().saturating_add(self.end.as_ref().map_or(0, |end| end.len()))
    }
}

#[derive(Debug, Default)]
struct Waiting {
    letters: VecDeque<Letter>,
    bytes: usize,
    /// Nothing more is taken; what waits is the last.
    closed: bool,
}

/// The queue between those who write to a client and its connection.
#[derive(Debug)]
pub(crate) struct Outbox {
    waiting: Mutex<Waiting>,
    changed: Notify,
    letters_max: usize,
    bytes_max: usize,
}

impl Outbox {
    /// An empty outbox.
    pub fn new(letters_max: usize, bytes_max: usize) -> Self {
        Outbox { waiting: Mutex::default(), changed: Notify::new(), letters_max, bytes_max }
    }

    /// Adds a message; false if there is no room, or the outbox is closed. One message is taken however long it is.
    pub fn post(&self, letter: Letter) -> bool {
        let mut waiting = self.waiting();
        let bytes = waiting.bytes.saturating_add(letter.bytes());
        let full = waiting.letters.len() >= self.letters_max || bytes > self.bytes_max;
        if waiting.closed || (full && !waiting.letters.is_empty()) {
            return false;
        }
        waiting.bytes = bytes;
        waiting.letters.push_back(letter);
        drop(waiting);
        self.changed.notify_one();
        true
    }

    /// Throws away what waits, leaves `last`, and takes nothing more.
    pub fn cut(&self, last: Letter) {
        let mut waiting = self.waiting();
        if !waiting.closed {
            waiting.bytes = last.bytes();
            waiting.letters = VecDeque::from([last]);
            waiting.closed = true;
        }
        drop(waiting);
        self.changed.notify_one();
    }

    /// Takes nothing more; what waits is still sent.
    pub fn close(&self) {
        self.waiting().closed = true;
        self.changed.notify_one();
    }

    /// Whether the outbox takes nothing more.
    #[cfg(test)]
    pub fn is_closed(&self) -> bool {
        self.waiting().closed
    }

    /// The next message; `None` after the last one of a closed outbox. For one reader.
    pub async fn next(&self) -> Option<Letter> {
        loop {
            {
                let mut waiting = self.waiting();
                if let Some(letter) = waiting.letters.pop_front() {
                    waiting.bytes = waiting.bytes.saturating_sub(letter.bytes());
                    return Some(letter);
                }
                if waiting.closed {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
