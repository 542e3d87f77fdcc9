//! The websocket over a real socket, with a method table that only echoes.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{json, Value};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{client_async, WebSocketStream};

use super::*;
use crate::feed::Feed;
use crate::method::MethodSpec;
use crate::{server, transport};

/// Answers with the method's name.
struct Echo;

impl Methods for Echo {
    async fn call<'a>(
        &'a self,
        spec: &'static MethodSpec,
        _: Args<'a>,
    ) -> Result<String, RpcError> {
        Ok(format!("\"{}\"", spec.name))
    }
}

async fn serve(limits: RpcLimits) -> (SocketAddr, watch::Sender<bool>, Arc<Feed>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (stop, stopped) = watch::channel(false);
    let feed = Feed::new(limits.clone());
    let router = transport::router(Echo, limits.clone(), Arc::clone(&feed), stopped.clone());
    tokio::spawn(async move {
        let mut stopped = stopped;
        let shutdown = async {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        server::run(listener, router, &limits, shutdown).await
    });
    (address, stop, feed)
}

async fn connect(address: SocketAddr) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("connects");
    client_async(format!("ws://{address}/websocket"), stream).await.expect("upgrades").0
}

async fn say(client: &mut WebSocketStream<TcpStream>, call: Value) {
    client.send(Frame::Text(call.to_string().into())).await.expect("sends");
}

/// The next message that is no control frame; `None` at the end of the connection.
async fn hear(client: &mut WebSocketStream<TcpStream>) -> Option<Value> {
    loop {
        let next = timeout(Duration::from_secs(10), client.next()).await.expect("in time");
        match next {
            Some(Ok(Frame::Text(text))) => return serde_json::from_str(&text).ok(),
            Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
            _ => return None,
        }
    }
}

#[tokio::test]
async fn calls_are_answered_in_order_and_errors_have_their_ids() {
    let (address, _stop, _feed) = serve(RpcLimits::default()).await;
    let mut client = connect(address).await;
    for call in [
        json!({"jsonrpc": "2.0", "id": 1, "method": "status"}),
        json!({"id": "two", "method": "nothing"}),
        json!({"method": "health"}),
        json!([{"id": 3, "method": "health"}]),
        json!({"id": 4, "method": "unsubscribe_all"}),
        json!({"id": 5, "method": "subscribe", "params": {"query": "tm.event='Tx'", "page": "1"}}),
        json!({"id": 5, "method": "unsubscribe", "params": ["tm.event = 'Tx'"]}),
    ] {
        say(&mut client, call).await;
    }
    let mut heard = Vec::new();
    for _ in 0..6 {
        heard.push(hear(&mut client).await.expect("an answer"));
    }
    assert_eq!(heard[0]["result"], "status");
    assert_eq!((&heard[1]["id"], &heard[1]["error"]["code"]), (&json!("two"), &json!(-32601)));
    assert_eq!((&heard[2]["id"], &heard[2]["error"]["code"]), (&Value::Null, &json!(-32700)));
    assert_eq!(heard[3]["error"]["data"], "subscription not found");
    assert_eq!(heard[4], json!({"jsonrpc": "2.0", "id": 5, "result": {}}));
    assert_eq!(heard[5], json!({"jsonrpc": "2.0", "id": 5, "result": {}}));
}

#[tokio::test]
async fn pings_are_answered_and_a_silent_client_is_closed() {
    let limits = RpcLimits {
        silence_max: Duration::from_millis(300),
        ping_every: Duration::from_millis(100),
        ..RpcLimits::default()
    };
    let (address, _stop, _feed) = serve(limits).await;
    let mut client = connect(address).await;
    client.send(Frame::Ping(vec![9].into())).await.expect("sends");
    let (mut ponged, mut pinged) = (false, 0);
    while pinged < 8 {
        match timeout(Duration::from_secs(5), client.next()).await.expect("in time") {
            Some(Ok(Frame::Pong(bytes))) => ponged |= bytes.as_ref() == [9],
            Some(Ok(Frame::Ping(_))) => pinged += 1,
            other => panic!("the server closed a client that answers: {other:?}"),
        }
    }
    assert!(ponged);
    // A client that does not even read answers no ping.
    let silent = connect(address).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let mut silent = silent;
    let ended = async { while let Some(Ok(_)) = silent.next().await {} };
    timeout(Duration::from_secs(5), ended).await.expect("closed");
}

#[tokio::test]
async fn websockets_are_bounded_and_end_with_the_server_which_says_why() {
    let limits = RpcLimits { websockets_max: 1, ..RpcLimits::default() };
    let (address, stop, feed) = serve(limits).await;
    let mut client = connect(address).await;
    let stream = TcpStream::connect(address).await.expect("connects");
    let refused = client_async(format!("ws://{address}/websocket"), stream).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("503")));
    say(&mut client, json!({"id": 1, "method": "subscribe", "params": ["a.b EXISTS"]})).await;
    hear(&mut client).await.expect("confirmed");
    assert!(feed.is_followed());
    stop.send(true).expect("serving");
    let last = hear(&mut client).await.expect("the reason");
    assert_eq!(last["error"]["data"], NODE_STOPS);
    assert!(hear(&mut client).await.is_none());
    while feed.is_followed() {
        tokio::task::yield_now().await;
    }
}
