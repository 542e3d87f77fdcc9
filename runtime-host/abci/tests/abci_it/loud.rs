//! Death is loud on the consensus connection and nowhere else.

use std::time::{Duration, Instant};

use tendermint_proto::v0_38::abci::{request, response, RequestCommit};

use crate::chain::{begin, block, Node};
use crate::peer::Peer;

/// Longest wait for a fault to be told.
const TOLD_MAX: Duration = Duration::from_secs(10);

fn fault(node: &Node) -> Option<String> {
    let begin = Instant::now();
    while begin.elapsed() < TOLD_MAX {
        if let Some(fault) = node.server.fault() {
            return Some(fault.what);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}

/// Bytes that are no frame: a length that never ends, an enormous one, a message that does not decode, an empty one,
/// a request of a later ABCI (`InsertTx`, field 21).
const POISON: [&[u8]; 5] =
    [&[0xff; 11], &[0x80, 0x84, 0xaf, 0x5f], &[2, 0xff, 0xff], &[0], &[3, 0xaa, 0x01, 0x00]];

#[test]
fn a_poisoned_consensus_connection_ends_the_server_with_its_reason() {
    for poison in POISON {
        let node = Node::new();
        let (mut consensus, _) = node.begun(1);
        consensus.raw(poison);
        let what = fault(&node).unwrap_or_else(|| panic!("no fault for {poison:?}"));
        assert!(what.starts_with("consensus connection: "), "{what}");
        while consensus.read().is_some() {}
        match std::os::unix::net::UnixStream::connect(node.path()) {
            Err(_) => {}
            Ok(stream) => assert!(Peer::over(stream).is_ended(), "nobody is served any more"),
        }
    }
}

#[test]
fn a_poisoned_connection_of_another_kind_ends_alone() {
    let node = Node::new();
    let (mut consensus, _) = node.begun(1);
    for poison in POISON {
        let mut other = node.peer();
        assert!(other.echo("hello").is_some());
        other.raw(poison);
        while other.read().is_some() {}
    }
    consensus.finalize(block(1, &[]));
    consensus.commit();
    assert_eq!(node.peer().info().last_block_height, 1);
    assert_eq!(node.server.fault(), None);
}

#[test]
fn wrong_orders_of_the_engine_end_the_server() {
    // Commit without a block; a block before genesis; genesis after a commit; a height that is skipped.
    let cases: [(&str, fn(&Node) -> Option<response::Value>); 4] = [
        ("commit without", |node| node.begun(1).0.ask(request::Value::Commit(RequestCommit {}))),
        ("before genesis", |node| node.peer().ask(request::Value::FinalizeBlock(block(1, &[])))),
        ("genesis after", |node| {
            let (mut consensus, _) = node.begun(1);
            consensus.finalize(block(1, &[]));
            consensus.commit();
            consensus.ask(request::Value::InitChain(crate::chain::init_chain(1)))
        }),
        ("block 2 instead of", |node| {
            node.begun(1).0.ask(request::Value::FinalizeBlock(block(2, &[])))
        }),
    ];
    for (words, case) in cases {
        let node = Node::new();
        match case(&node) {
            Some(response::Value::Exception(said)) => {
                assert!(said.error.contains(words), "{}", said.error)
            }
            other => panic!("{words}: {other:?}"),
        }
        assert!(fault(&node).unwrap().contains(words));
    }
}

#[test]
fn a_foreign_engine_is_refused_by_name() {
    for (version, abci) in
        [("0.38.20", "2.0.0"), ("0.39.4", "2.0.0"), ("1.0.1", "2.1.0"), ("0.38.25", "1.0.0")]
    {
        let node = Node::new();
        let said = node.peer().info_of(version, abci);
        assert!(matches!(said, Some(response::Value::Exception(_))), "{said:?}");
        let what = fault(&node).unwrap();
        assert!(what.contains(version) || what.contains(abci), "{what}");
    }
}

#[test]
fn an_engine_that_was_killed_may_come_back_and_another_beside_it_may_not_write() {
    let node = Node::new();
    let (mut first, _) = node.begun(1);
    let mut second = node.peer();
    let said = second.ask(request::Value::FinalizeBlock(block(1, &[])));
    assert!(matches!(said, Some(response::Value::Exception(_))), "{said:?}");
    first.finalize(block(1, &[]));
    first.commit();
    // Killed in the middle of a message.
    first.raw(&[100, 1, 2]);
    drop(first);
    let mut again = node.peer();
    let begin_wait = Instant::now();
    let height = loop {
        match again.ask(request::Value::FinalizeBlock(block(2, &[]))) {
            Some(response::Value::FinalizeBlock(_)) => break again.info().last_block_height,
            // The server has not yet seen the end of the first.
            _ if begin_wait.elapsed() < TOLD_MAX => again = node.peer(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(height, 1);
    again.commit();
    assert_eq!(node.peer().info().last_block_height, 2);
    assert_eq!(node.server.fault(), None);
}

#[test]
fn a_genesis_that_cannot_start_a_chain_is_named() {
    let node = Node::new();
    let mut genesis = crate::chain::init_chain(1);
    genesis.chain_id = "x".repeat(51);
    let said = node.peer().ask(request::Value::InitChain(genesis));
    assert!(matches!(said, Some(response::Value::Exception(_))), "{said:?}");
    assert!(fault(&node).unwrap().contains("chain id"));
}

#[test]
fn genesis_may_be_asked_for_again_until_the_first_commit() {
    let mut node = Node::new();
    let (_, first) = node.begun(2);
    node.restart();
    let mut consensus = node.peer();
    assert_eq!(begin(&mut consensus, 2), first);
    assert_eq!(begin(&mut consensus, 2), first);
    consensus.finalize(block(1, &[]));
    consensus.commit();
}
