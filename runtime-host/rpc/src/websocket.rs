//! Websocket connections: all methods, and the three that only exist here.
//!
//! Calls of a connection run one after the other and are answered in that order; events come between them through the
//! same outbox. A client that says nothing and answers no ping is closed, and so is one that does not take what it is
//! sent.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{close_code, CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{interval_at, timeout, Instant};

use crate::envelope::{self, Body, Call, NO_ID};
use crate::error::RpcError;
use crate::feed::{Letter, Member, Outbox};
use crate::limits::RpcLimits;
use crate::params::Args;
use crate::transport::{run, Methods, Shared};

/// Path of the websocket.
pub(crate) const PATH: &str = "/websocket";

/// Why subscriptions end when the node does.
const NODE_STOPS: &str = "subscription was canceled (reason: the node is stopping)";

/// Time in which the answer to a client's close goes out.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// The methods that only a websocket has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Subscribe,
    Unsubscribe,
    UnsubscribeAll,
}

/// The websocket method of this name.
pub(crate) fn find(name: &str) -> Option<Stream> {
    match name {
        "subscribe" => Some(Stream::Subscribe),
        "unsubscribe" => Some(Stream::Unsubscribe),
        "unsubscribe_all" => Some(Stream::UnsubscribeAll),
        _ => None,
    }
}

/// `GET /websocket`.
pub(crate) async fn on_upgrade<M: Methods>(
    State(shared): State<Arc<Shared<M>>>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(refused) => return (StatusCode::BAD_REQUEST, refused.body_text()).into_response(),
    };
    let Ok(slot) = Arc::clone(&shared.websockets).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many websockets are open\n").into_response();
    };
    let bytes_max = shared.limits.body_bytes_max;
    upgrade
        .max_message_size(bytes_max)
        .max_frame_size(bytes_max)
        .on_upgrade(move |socket| talk(shared, socket, slot))
}

async fn talk<M: Methods>(shared: Arc<Shared<M>>, socket: WebSocket, slot: OwnedSemaphorePermit) {
    let (member, outbox) = shared.feed.join();
    let (sender, receiver) = socket.split();
    let limits = &shared.limits;
    let mut sending = std::pin::pin!(send_all(sender, &outbox, limits));
    // Either end ends both: a client that is gone needs no answers, one that takes none gets no more.
    tokio::select! {
        () = &mut sending => {}
        () = listen(&shared, receiver, &member, &outbox) => {}
        () = stopped(&shared) => {
            member.cancel(NODE_STOPS);
            outbox.close();
            // The grace of the server bounds this, too.
            let _ = timeout(limits.write_max, sending).await;
        }
    }
    drop((member, slot));
}

async fn stopped<M>(shared: &Shared<M>) {
    let mut stopped = shared.stopped.clone();
    // An error means that the server is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Sends what the outbox holds and a ping now and then, until the outbox is closed and empty or the client takes nothing.
async fn send_all(mut sender: SplitSink<WebSocket, Message>, outbox: &Outbox, limits: &RpcLimits) {
    let mut pings = interval_at(Instant::now() + limits.ping_every, limits.ping_every);
    loop {
        let message = tokio::select! {
            letter = outbox.next() => match letter {
                Some(letter) => Message::Text(letter.text().into()),
                None => break,
            },
            _ = pings.tick() => Message::Ping(Vec::new().into()),
        };
        if !sent(sender.send(message), limits.write_max).await {
            return;
        }
    }
    let bye = CloseFrame { code: close_code::POLICY, reason: "cut off".into() };
    sent(sender.send(Message::Close(Some(bye))), limits.write_max).await;
}

async fn sent<E>(sending: impl Future<Output = Result<(), E>>, time_max: Duration) -> bool {
    matches!(timeout(time_max, sending).await, Ok(Ok(())))
}

/// Reads calls until the client closes, breaks off, or is silent for too long.
async fn listen<M: Methods>(
    shared: &Shared<M>,
    mut receiver: SplitStream<WebSocket>,
    member: &Member,
    outbox: &Outbox,
) {
    loop {
        let message = match timeout(shared.limits.silence_max, receiver.next()).await {
            Ok(Some(Ok(message))) => message,
            Ok(None | Some(Err(_))) | Err(_) => return,
        };
        let body = match message {
            Message::Text(text) => text.as_bytes().to_vec(),
            Message::Binary(bytes) => bytes.to_vec(),
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => {
                // Reading on sends the answer to the close; nothing else is to come.
                let _ = timeout(CLOSE_MAX, receiver.next()).await;
                return;
            }
        };
        if let Some(letter) = answer(shared, member, &body).await {
            if !outbox.post(letter) {
                // The other half of the connection says the last words.
                outbox.close();
                return std::future::pending().await;
            }
        }
    }
}

/// The answer to one message; none to a notification, and none where the feed has answered itself.
async fn answer<M: Methods>(shared: &Shared<M>, member: &Member, body: &[u8]) -> Option<Letter> {
    let call = match envelope::parse(body, 1) {
        Ok(Body::One(call)) => call,
        Ok(Body::Batch(_)) => {
            let error = RpcError::parse("error unmarshaling request: a batch is for POST / only");
            return Some(Letter::answer(envelope::single_answer(NO_ID, &Err(error))));
        }
        Err(error) => return Some(Letter::answer(envelope::single_answer(NO_ID, &Err(error)))),
    };
    let id = call.id?.get();
    let outcome = match find(&call.method) {
        None => run(&shared.methods, &call).await,
        Some(stream) => match streamed(member, stream, &call, id) {
            Ok(Some(result)) => Ok(result),
            Ok(None) => return None,
            Err(error) => Err(error),
        },
    };
    Some(Letter::answer(envelope::single_answer(id, &outcome)))
}

fn streamed(
    member: &Member,
    stream: Stream,
    call: &Call<'_>,
    id: &str,
) -> Result<Option<String>, RpcError> {
    let names: &[&'static str] = if stream == Stream::UnsubscribeAll { &[] } else { &["query"] };
    let args = Args::from_json(names, call.params)?;
    let query = args.string("query")?;
    match stream {
        Stream::Subscribe => {
            member.subscribe(&query, id)?;
            return Ok(None);
        }
        Stream::Unsubscribe => member.unsubscribe(&query)?,
        Stream::UnsubscribeAll => member.unsubscribe_all()?,
    }
    Ok(Some("{}".to_owned()))
}

#[cfg(test)]
#[path = "websocket_tests.rs"]
mod tests;
