//! Asking the engine's own RPC from a thread: one call, one connection over its Unix socket.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::Deserialize;
use serde_json::{json, Value};
use suyuan_core::HostFault;

/// Longest wait for an answer.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(20);
/// Most bytes of an answer: a block of the hard limit in base64, with room for its frame.
const ANSWER_BYTES_MAX: u64 = 192 << 20;

/// Where the engine answers.
#[derive(Clone, Debug)]
pub struct Asker {
    socket: PathBuf,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The engine refused, in its own words.
    #[error("{0}")]
    Refused(String),
    /// The engine did not answer as it should.
    #[error("the consensus engine did not answer: {0}")]
    Silent(String),
}

impl From<AskError> for HostFault {
    fn from(error: AskError) -> Self {
        HostFault::new(error.to_string())
    }
}

#[derive(Deserialize)]
struct Envelope<T> {
    result: Option<T>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: String,
}

impl Asker {
    /// Asks at this socket.
    pub fn new(socket: PathBuf) -> Self {
        Asker { socket }
    }

    /// Calls a method of the engine's RPC.
    ///
    /// # Errors
    /// Its refusal, or that there is no answer within 20 s.
    pub fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, AskError> {
        let silent = |e: &dyn std::fmt::Display| AskError::Silent(e.to_string());
        let body =
            json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
        let bytes = self.exchange(&body).map_err(|e| silent(&e))?;
        let at = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let answer = at.and_then(|at| bytes.get(at.saturating_add(4)..));
        let answer = answer.ok_or_else(|| silent(&"an answer without body"))?;
        let envelope: Envelope<T> = serde_json::from_slice(answer).map_err(|e| silent(&e))?;
        match (envelope.result, envelope.error) {
            (_, Some(Refusal { message, data })) if data.is_empty() => {
                Err(AskError::Refused(message))
            }
            (_, Some(Refusal { data, .. })) => Err(AskError::Refused(data)),
            (Some(result), None) => Ok(result),
            (None, None) => Err(silent(&"an answer without result")),
        }
    }

    /// HTTP/1.0: the answer ends with the connection, in one piece.
    fn exchange(&self, body: &str) -> std::io::Result<Vec<u8>> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(ANSWER_WAIT_MAX))?;
        stream.set_write_timeout(Some(ANSWER_WAIT_MAX))?;
        let head = format!(
            "POST / HTTP/1.0\r\nHost: engine\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())?;
        let mut bytes = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    fn answered(with: &'static str) -> Result<Value, AskError> {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let listener = UnixListener::bind(&socket).unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap();
            stream.write_all(with.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        let answer = Asker::new(socket).call("status", json!({}));
        assert!(server.join().unwrap().starts_with("POST / HTTP/1.0\r\n"));
        answer
    }

    #[test]
    fn results_refusals_and_silence_are_told_apart() {
        let ok = answered("HTTP/1.0 200 OK\r\n\r\n{\"result\":{\"a\":\"1\"}}").unwrap();
        assert_eq!(ok, json!({"a": "1"}));
        let no = answered(
            "HTTP/1.0 500 X\r\n\r\n{\"error\":{\"code\":1,\"message\":\"m\",\"data\":\"d\"}}",
        );
        assert!(matches!(no, Err(AskError::Refused(text)) if text == "d"));
        for broken in ["", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n{}"] {
            assert!(matches!(answered(broken), Err(AskError::Silent(_))), "{broken:?}");
        }
    }
}
