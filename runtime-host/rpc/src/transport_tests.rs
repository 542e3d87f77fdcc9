//! The rules of the transport, over real sockets, with a method table that only echoes.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::*;
use crate::server;

/// Answers every call with its name and height; fails where the height is 13.
struct Echo;

impl Methods for Echo {
    async fn call<'a>(
        &'a self,
        spec: &'static MethodSpec,
        args: Args<'a>,
    ) -> Result<String, RpcError> {
        match args.int("height")? {
            Some(13) => Err(RpcError::internal("unlucky")),
            height => {
                Ok(format!(r#"{{"method":"{}","height":{}}}"#, spec.name, height.unwrap_or(0)))
            }
        }
    }
}

struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn serve(limits: RpcLimits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let (_never, running) = watch::channel(false);
        let router = router(Echo, limits.clone(), Feed::new(limits.clone()), running);
        let shutdown = async {
            let _ = stopped.await;
        };
        server::run(listener, router, &limits, shutdown).await
    });
    Served { address, stop, task }
}

/// An answer, as read from the socket.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// Reads one answer with a `content-length`; leaves what follows in `buffer`.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Answer {
    loop {
        if let Some(answer) = cut_answer(buffer) {
            return answer;
        }
        let read = stream.read_buf(buffer).await.expect("a readable socket");
        assert!(read > 0, "the server closed: {}", String::from_utf8_lossy(buffer));
    }
}

fn cut_answer(buffer: &mut Vec<u8>) -> Option<Answer> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(buffer[..end].to_vec()).expect("ASCII head").to_lowercase();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |digits| digits.parse().expect("digits"));
    if buffer.len() < end + length {
        return None;
    }
    let body = String::from_utf8(buffer[end..end + length].to_vec()).expect("UTF-8");
    buffer.drain(..end + length);
    let status = head[9..12].parse().expect("a status");
    Some(Answer { status, head, body })
}

async fn send(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("writes");
    read_answer(&mut stream, &mut Vec::new()).await
}

fn post_of(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: node\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn post(address: SocketAddr, body: &str) -> Answer {
    send(address, &post_of("/", body)).await
}

async fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, &format!("GET {path} HTTP/1.1\r\nhost: node\r\n\r\n")).await
}

#[tokio::test]
async fn a_single_call_is_answered_with_its_id() {
    let served = serve(RpcLimits::default()).await;
    let answer = post(
        served.address,
        r#"{"jsonrpc":"2.0","id":901234567890,"method":"block","params":{"height":"5"}}"#,
    )
    .await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/json"));
    assert_eq!(
        answer.body,
        r#"{"jsonrpc":"2.0","id":901234567890,"result":{"method":"block","height":5}}"#
    );
}

#[tokio::test]
async fn errors_of_calls_are_http_200() {
    let served = serve(RpcLimits::default()).await;
    for (call, code) in [
        (r#"{"id":1,"method":"nothing"}"#, -32601),
        (r#"{"id":1,"method":"subscribe"}"#, -32601),
        (r#"{"id":1,"method":"block","params":{"height":"x"}}"#, -32602),
        (r#"{"id":1,"method":"block","params":"x"}"#, -32602),
        (r#"{"id":1,"method":"block","params":["13"]}"#, -32603),
    ] {
        let answer = post(served.address, call).await;
        assert_eq!(answer.status, 200, "{call}");
        assert!(
            answer.body.contains(&format!(r#""error":{{"code":{code},"#)),
            "{call}: {}",
            answer.body
        );
        assert!(!answer.body.contains("result"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_http_500_with_a_null_id() {
    let served = serve(RpcLimits::default()).await;
    let answer = post(served.address, "{not json").await;
    assert_eq!(answer.status, 500);
    assert!(
        answer.body.starts_with(
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error. Invalid JSON","#
        ),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_body_above_the_limit_is_http_400() {
    let limits = RpcLimits { body_bytes_max: 100, ..RpcLimits::default() };
    let served = serve(limits).await;
    let answer = post(served.address, &" ".repeat(101)).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains(r#""code":-32600"#), "{}", answer.body);
    assert!(answer.body.contains("at most 100 bytes"), "{}", answer.body);
}

#[tokio::test]
async fn a_batch_is_answered_in_order_without_its_notifications() {
    let served = serve(RpcLimits::default()).await;
    let batch = r#"[{"id":"a","method":"status"},{"method":"status"},{"id":2,"method":"nope"},{"id":null,"method":"x"},{"id":3,"method":"block","params":[7]}]"#;
    let answer = post(served.address, batch).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body,
        concat!(
            r#"[{"jsonrpc":"2.0","id":"a","result":{"method":"status","height":0}},"#,
            r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}},"#,
            r#"{"jsonrpc":"2.0","id":3,"result":{"method":"block","height":7}}]"#
        )
    );
}

#[tokio::test]
async fn a_batch_of_one_is_answered_as_an_object_and_one_of_notifications_with_nothing() {
    let served = serve(RpcLimits::default()).await;
    let one = post(served.address, r#"[{"id":1,"method":"health"}]"#).await;
    assert_eq!(one.body, r#"{"jsonrpc":"2.0","id":1,"result":{"method":"health","height":0}}"#);
    let silent = post(served.address, r#"[{"method":"health"},{"method":"health"}]"#).await;
    assert_eq!((silent.status, silent.body.as_str()), (200, ""));
}

#[tokio::test]
async fn a_batch_of_twenty_is_within_the_limit_and_one_of_too_many_is_refused_whole() {
    let served = serve(RpcLimits::default()).await;
    let batch =
        |calls: usize| format!("[{}]", vec![r#"{"id":1,"method":"health"}"#; calls].join(","));
    assert!(post(served.address, &batch(20)).await.body.starts_with("[{"));
    let max = RpcLimits::default().batch_calls_max;
    let refused = post(served.address, &batch(max + 1)).await;
    assert_eq!(refused.status, 200);
    assert!(refused.body.contains(r#""id":null,"error":{"code":-32600"#), "{}", refused.body);
}

#[tokio::test]
async fn the_uri_form_answers_with_id_minus_one_and_errors_with_http_500() {
    let served = serve(RpcLimits::default()).await;
    for path in ["/block?height=5", "/block?height=%225%22"] {
        let answer = get(served.address, path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.body,
            r#"{"jsonrpc":"2.0","id":-1,"result":{"method":"block","height":5}}"#
        );
    }
    let failed = get(served.address, "/block?height=13").await;
    assert_eq!(failed.status, 500);
    assert!(failed.body.contains(r#""id":-1,"error":{"code":-32603"#), "{}", failed.body);
    let wrong = get(served.address, "/block?height=x").await;
    assert_eq!(wrong.status, 500);
    assert!(wrong.body.contains(r#""code":-32602"#), "{}", wrong.body);
    let posted = send(served.address, &post_of("/status", "")).await;
    assert_eq!(posted.status, 200);
}

#[tokio::test]
async fn the_root_lists_the_endpoints_and_unknown_paths_are_404() {
    let served = serve(RpcLimits::default()).await;
    for request in ["GET / HTTP/1.1\r\nhost: node\r\n\r\n".to_owned(), post_of("/", "")] {
        let list = send(served.address, &request).await;
        assert_eq!(list.status, 200);
        assert!(list.head.contains("text/html"), "{}", list.head);
        assert!(list.body.contains("broadcast_tx_sync"));
    }
    let plain = get(served.address, "/websocket").await;
    assert_eq!(plain.status, 400, "no upgrade was asked for");
    let streamed = get(served.address, "/subscribe?query=x").await;
    assert_eq!(streamed.status, 404);
    assert!(streamed.body.contains(r#""id":-1,"error":{"code":-32601"#), "{}", streamed.body);
    for path in ["/nothing", "/a/b"] {
        let answer = get(served.address, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains(path), "{}", answer.body);
    }
    assert_eq!(send(served.address, &post_of("/nothing", "{}")).await.status, 404);
}

#[tokio::test]
async fn browsers_of_any_origin_may_post_json() {
    let served = serve(RpcLimits::default()).await;
    let asked = send(
        served.address,
        "OPTIONS / HTTP/1.1\r\nhost: node\r\norigin: https://wallet.example\r\n\
         access-control-request-method: POST\r\naccess-control-request-headers: content-type\r\n\r\n",
    )
    .await;
    assert_eq!(asked.status, 200);
    assert!(asked.head.contains("access-control-allow-origin: *"), "{}", asked.head);
    assert!(asked.head.contains("access-control-allow-methods: get,post"), "{}", asked.head);
    assert!(asked.head.contains("access-control-allow-headers: *"), "{}", asked.head);
    let answered = send(
        served.address,
        "GET /health HTTP/1.1\r\nhost: node\r\norigin: https://wallet.example\r\n\r\n",
    )
    .await;
    assert!(answered.head.contains("access-control-allow-origin: *"), "{}", answered.head);
}

#[tokio::test]
async fn pipelined_requests_on_one_connection_are_answered_in_order() {
    const REQUESTS: u64 = 32;
    let served = serve(RpcLimits::default()).await;
    let mut stream = TcpStream::connect(served.address).await.expect("connects");
    let requests: String = (1..=REQUESTS)
        .filter(|height| *height != 13)
        .map(|height| {
            post_of(
                "/",
                &format!(r#"{{"id":{height},"method":"block","params":{{"height":{height}}}}}"#),
            )
        })
        .collect();
    stream.write_all(requests.as_bytes()).await.expect("writes");
    let mut buffer = Vec::new();
    for height in (1..=REQUESTS).filter(|height| *height != 13) {
        let answer = read_answer(&mut stream, &mut buffer).await;
        assert_eq!(
            answer.body,
            format!(
                r#"{{"jsonrpc":"2.0","id":{height},"result":{{"method":"block","height":{height}}}}}"#
            )
        );
    }
}

#[tokio::test]
async fn connections_above_the_limit_wait_until_another_one_ends() {
    let limits = RpcLimits { connections_max: 1, ..RpcLimits::default() };
    let served = serve(limits).await;
    let mut first = TcpStream::connect(served.address).await.expect("connects");
    let request = post_of("/", r#"{"id":1,"method":"health"}"#);
    first.write_all(request.as_bytes()).await.expect("writes");
    read_answer(&mut first, &mut Vec::new()).await;
    let second = post(served.address, r#"{"id":2,"method":"health"}"#);
    let mut second = std::pin::pin!(second);
    let early = tokio::time::timeout(Duration::from_millis(100), second.as_mut()).await;
    assert!(early.is_err(), "answered although the only connection is taken");
    drop(first);
    assert_eq!(second.await.status, 200);
}

#[tokio::test]
async fn shutdown_ends_the_server_although_a_connection_idles() {
    let served = serve(RpcLimits::default()).await;
    let mut idle = TcpStream::connect(served.address).await.expect("connects");
    idle.write_all(post_of("/", r#"{"id":1,"method":"health"}"#).as_bytes()).await.expect("writes");
    read_answer(&mut idle, &mut Vec::new()).await;
    served.stop.send(()).expect("still serving");
    let ended = tokio::time::timeout(Duration::from_secs(4), served.task).await;
    ended.expect("ends before the grace is over").expect("no panic").expect("no error");
}
