//! Claims about the gRPC and REST servers of a node: off by default, on where the operator says, of this machine alone.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use suyuan_node::api_servers::ApiAddresses;
use suyuan_node::config::Home;
use suyuan_node::node_handle::{NodeOptions, RunningNode};

use crate::house::House;

/// An initialised home.
fn house() -> (House, Home) {
    let house = House::new();
    house.answer(&["init", "--genesis-account", "alice=1000usy"]);
    let home = Home::new(house.path());
    (house, home)
}

fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn rest_and_grpc_are_served_where_the_operator_says() {
    let (_house, home) = house();
    let free = || Some("127.0.0.1:0".to_string());
    let api = ApiAddresses { grpc: free(), rest: free(), insecure: false };
    let node = RunningNode::start(&home, &NodeOptions { api, ..NodeOptions::local() }).unwrap();
    let rest = node.api().rest_addr().unwrap();
    let answer = get(rest, "/cosmos/base/tendermint/v1beta1/node_info");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains(&format!("\"network\":\"{}\"", node.chain_id())), "{answer}");
    assert!(answer.contains(&format!("\"rpc_address\":\"tcp://{}\"", node.rpc_addr())), "{answer}");
    let grpc = node.api().grpc_addr().unwrap();
    assert!(TcpStream::connect(grpc).is_ok());
    node.shutdown().unwrap();
    assert!(TcpStream::connect(rest).is_err());
    assert!(TcpStream::connect(grpc).is_err());
}

#[test]
fn neither_is_open_to_the_network_nor_on_by_itself() {
    let (_house, home) = house();
    let node = RunningNode::start(&home, &NodeOptions::local()).unwrap();
    assert_eq!((node.api().grpc_addr(), node.api().rest_addr()), (None, None));
    node.shutdown().unwrap();
    let api = ApiAddresses { rest: Some("0.0.0.0:0".to_string()), ..ApiAddresses::default() };
    let refused = RunningNode::start(&home, &NodeOptions { api, ..NodeOptions::local() });
    assert!(refused.unwrap_err().text().contains("without TLS"));
    // The refusal left nothing behind that would keep the home.
    RunningNode::start(&home, &NodeOptions::local()).unwrap().shutdown().unwrap();
}
