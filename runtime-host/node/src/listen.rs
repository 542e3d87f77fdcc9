//! Sockets that others may reach: on this machine only, unless TLS or the operator says otherwise.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use crate::fail::{Done, Failure, OrFail};

/// Most addresses that a name is looked up to.
const ADDRESSES_MAX: usize = 16;

/// Binds the listener `name` at `laddr` (`host:port`, also `tcp://host:port`; port 0 takes a free one), non-blocking.
///
/// # Errors
/// Usage for an address that other machines can reach, unless `insecure_ok` or `tls`; local if it cannot be bound.
pub fn bind(name: &str, laddr: &str, insecure_ok: bool, tls: bool) -> Done<TcpListener> {
    let text = laddr.trim_start_matches("tcp://");
    let addresses: Vec<SocketAddr> = text
        .to_socket_addrs()
        .or_local(|| format!("{name}: address {text:?}"))?
        .take(ADDRESSES_MAX)
        .collect();
    let reachable = addresses.iter().find(|a| !a.ip().is_loopback());
    if let (Some(address), false) = (reachable, insecure_ok || tls) {
        return Err(Failure::usage(format!(
            "{name} would listen on {address}, which other machines can reach without TLS: set tls.cert and tls.key, or \
             give --insecure-listen"
        )));
    }
    let listener = TcpListener::bind(&addresses[..])
        .or_local(|| format!("the {name} cannot listen on {text}"))?;
    listener.set_nonblocking(true).or_local(|| format!("preparing the socket of {name}"))?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_listened_to_unless_said_otherwise() {
        assert!(bind("RPC", "127.0.0.1:0", false, false).is_ok());
        assert!(bind("RPC", "tcp://localhost:0", false, false).is_ok());
        for open in ["0.0.0.0:0", "[::]:0"] {
            let refused = bind("RPC", open, false, false).unwrap_err();
            assert!(refused.text().contains("--insecure-listen"), "{}", refused.text());
        }
        assert!(bind("RPC", "0.0.0.0:0", true, false).is_ok());
        assert!(bind("RPC", "0.0.0.0:0", false, true).is_ok());
        assert!(bind("RPC", "nonsense", true, true).is_err());
    }
}
