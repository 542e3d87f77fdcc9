//! What listens: TLS by itself, metrics, and the refusal to be reachable by accident.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;
use crate::node_story::chain_with_alice;

/// A certificate of this machine in the house; it is its own authority.
fn certificate(house: &House) -> (String, String) {
    let names = vec!["localhost".to_string(), "127.0.0.1".to_string()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let place = |name: &str| house.path().join(name).display().to_string();
    let (cert, key) = (place("cert.pem"), place("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.key_pair.serialize_pem()).unwrap();
    (cert, key)
}

fn with(settings: &[(&str, &str)]) -> NodeOptions {
    let settings = settings.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    NodeOptions { settings, ..NodeOptions::local() }
}

#[test]
fn a_node_speaks_tls_to_those_who_verify_it() {
    let house = House::new();
    let (home, _alice) = chain_with_alice(&house);
    let (cert, key) = certificate(&house);
    let node = RunningNode::start(&home, &with(&[("tls.cert", &cert), ("tls.key", &key)])).unwrap();
    let url = node.rpc_url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let verified = house.run(&["status", "--node", &url, "--ca", &cert]);
    assert_eq!(verified.code, 0, "{}", verified.err);
    assert!(verified.out.contains("story-1"), "{}", verified.out);
    // Nobody vouches for it without the authority; and what is spoken there is TLS only.
    assert_eq!(house.run(&["status", "--node", &url]).code, 3);
    let plain = url.replacen("https", "http", 1);
    assert_ne!(house.run(&["status", "--node", &plain]).code, 0);
    node.shutdown().unwrap();

    // With an authority of clients, one without a certificate is not let in.
    let settings = [("tls.cert", &*cert), ("tls.key", &*key), ("tls.client_ca", &*cert)];
    let node = RunningNode::start(&home, &with(&settings)).unwrap();
    assert_eq!(house.run(&["status", "--node", &node.rpc_url(), "--ca", &cert]).code, 3);
    node.shutdown().unwrap();
}

#[test]
fn an_address_that_others_reach_needs_tls_or_the_word_for_it() {
    let house = House::new();
    let (home, _alice) = chain_with_alice(&house);
    let open = || NodeOptions { rpc_laddr: Some("0.0.0.0:0".into()), ..NodeOptions::local() };
    let refused = RunningNode::start(&home, &open()).unwrap_err();
    assert!(refused.text().contains("--insecure-listen"), "{}", refused.text());
    let settings = vec![("listen.insecure".to_string(), "true".to_string())];
    let node = RunningNode::start(&home, &NodeOptions { settings, ..open() }).unwrap();
    node.shutdown().unwrap();
    let half = RunningNode::start(&home, &with(&[("tls.cert", "/nowhere")])).unwrap_err();
    assert!(half.text().contains("belong together"), "{}", half.text());
}

#[test]
fn metrics_count_what_the_chain_does() {
    let house = House::new();
    let (home, _alice) = chain_with_alice(&house);
    let node = RunningNode::start(&home, &with(&[("metrics.laddr", "127.0.0.1:0")])).unwrap();
    let send = ["tx", "bank", "send", "alice", "alice", "5usy", "-y", "--node"];
    let rpc = node.rpc_url();
    let mut args = send.to_vec();
    args.push(&rpc);
    let sent = house.answer(&args);
    assert_eq!(sent["code"], 0);
    let url = node.metrics_url().unwrap();
    let address = url.trim_start_matches("http://").trim_end_matches("/metrics").to_string();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for line in
        ["suyuan_txs_succeeded_total 1", "suyuan_checks_accepted_total 1", "suyuan_healthy 1"]
    {
        assert!(answer.lines().any(|own| own == line), "{line} is not in\n{answer}");
    }
    assert!(answer.trim_end().ends_with("# EOF"), "{answer}");
    node.shutdown().unwrap();
}
