use serde_json::Value;
use suyuan_core::Event;
use suyuan_solo::{BlockAnswer, BlockResults, TxOutcome};
use tendermint::block;

use super::*;

fn limits() -> RpcLimits {
    RpcLimits {
        subscription_clients_max: 2,
        subscriptions_per_client_max: 2,
        outbox_messages_max: 3,
        ..RpcLimits::default()
    }
}

fn notes(height: u32) -> Vec<Note> {
    let hash = tendermint::Hash::Sha256([7; 32]);
    let header = block::Header {
        version: block::header::Version { block: 11, app: 1 },
        chain_id: "feed-1".parse().expect("a chain id"),
        height: height.into(),
        time: tendermint::Time::from_unix_timestamp(1, 0).expect("a time"),
        last_block_id: None,
        last_commit_hash: None,
        data_hash: None,
        validators_hash: hash,
        next_validators_hash: hash,
        consensus_hash: hash,
        app_hash: tendermint::AppHash::try_from(vec![1]).expect("a hash"),
        last_results_hash: None,
        evidence_hash: None,
        proposer_address: tendermint::account::Id::new([1; 20]),
    };
    let id =
        block::Id { hash, part_set_header: block::parts::Header::new(1, hash).expect("one part") };
    let block = block::Block::new(header, vec![vec![1], vec![2]], Default::default(), None);
    let tx = |who: &str, to: &str| TxOutcome {
        events: vec![
            Event::new("message").with("sender", who),
            Event::new("transfer").with("recipient", to).with("amount", "8usy"),
        ],
        ..TxOutcome::default()
    };
    let results = BlockResults {
        height: u64::from(height),
        tx_results: vec![tx("ann", "bob"), tx("bob", "ann")],
        events: vec![Event::new("own").with("k", "v")],
        app_hash: vec![1; 32],
    };
    Note::all_of(&BlockAnswer { id, block, size: 1 }, &results).expect("no evidence")
}

async fn take(outbox: &Outbox) -> Value {
    let letter = outbox.next().await.expect("a message");
    serde_json::from_str(&letter.text()).expect("JSON")
}

fn count_matches(text: &str) -> usize {
    let query = Query::parse(text).expect("a query");
    notes(5).iter().filter(|note| note.matches(&query)).count()
}

#[test]
fn conditions_hold_each_on_its_own_over_all_events() {
    for (text, expected) in [
        ("tm.event='NewBlock'", 1),
        ("tm.event='NewBlockHeader'", 1),
        ("tm.event='NewBlockEvents' AND own.k='v'", 1),
        ("tm.event='Tx'", 2),
        ("tm.event='Tx' AND message.sender='ann' AND transfer.recipient='bob'", 1),
        ("message.sender='ann' AND transfer.recipient='ann'", 0),
        ("tm.event='Tx' AND transfer.amount > 7", 2),
        ("tx.height=5", 2),
        ("transfer EXISTS", 2),
        ("own EXISTS", 2),
        ("transf EXISTS", 0),
        ("tm.event='ValidatorSetUpdates'", 0),
    ] {
        assert_eq!(count_matches(text), expected, "{text}");
    }
    let hash = suyuan_core::hex_upper(&suyuan_core::sha256(&[2]));
    assert_eq!(count_matches(&format!("tm.event='Tx' AND tx.hash='{hash}'")), 1);
}

#[tokio::test]
async fn the_confirmation_comes_first_and_events_carry_id_and_query_as_sent() {
    let feed = Feed::new(limits());
    let (member, outbox) = feed.join();
    feed.set_published(4);
    assert!(!feed.is_followed());
    member.subscribe("tm.event  = 'NewBlockHeader'", r#""a-1""#).expect("room for it");
    assert!(feed.is_followed());
    feed.publish(4, &notes(4));
    feed.publish(5, &notes(5));
    let confirmed = take(&outbox).await;
    assert_eq!(confirmed.to_string(), r#"{"id":"a-1","jsonrpc":"2.0","result":{}}"#);
    let event = take(&outbox).await;
    assert_eq!(event["id"], "a-1");
    assert_eq!(event["result"]["query"], "tm.event  = 'NewBlockHeader'");
    assert_eq!(event["result"]["data"]["type"], "tendermint/event/NewBlockHeader");
    assert_eq!(
        event["result"]["data"]["value"]["header"]["height"], "5",
        "a block from before the subscription is not sent"
    );
    assert_eq!(event["result"]["events"]["tm.event"][0], "NewBlockHeader");
}

#[tokio::test]
async fn limits_and_unknown_subscriptions_are_refused_in_cometbfts_words() {
    let feed = Feed::new(limits());
    let (first, _first_outbox) = feed.join();
    let reason = |result: Result<(), RpcError>| result.expect_err("refused").reason().to_owned();
    first.subscribe("a.b EXISTS", "1").expect("the first");
    assert_eq!(reason(first.subscribe("a.b  EXISTS", "2")), "already subscribed");
    first.subscribe("a.c EXISTS", "2").expect("the second");
    assert_eq!(
        reason(first.subscribe("a.d EXISTS", "3")),
        "max_subscriptions_per_client 2 reached"
    );
    assert!(reason(first.subscribe("a.d", "3")).starts_with("failed to parse query: "));
    let long = format!("a.b='{}'", "x".repeat(600));
    assert_eq!(reason(first.subscribe(&long, "3")), "maximum query length exceeded");
    assert_eq!(reason(first.unsubscribe("a.d EXISTS")), "subscription not found");
    first.unsubscribe("a.b EXISTS").expect("it is there");
    first.unsubscribe_all().expect("one is left");
    assert_eq!(reason(first.unsubscribe_all()), "subscription not found");

    let (second, _second_outbox) = feed.join();
    let (third, _third_outbox) = feed.join();
    first.subscribe("a.b EXISTS", "1").expect("room");
    second.subscribe("a.b EXISTS", "1").expect("room");
    assert_eq!(reason(third.subscribe("a.b EXISTS", "1")), "max_subscription_clients 2 reached");
    drop(second);
    third.subscribe("a.b EXISTS", "1").expect("who leaves makes room");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_off_with_the_reason_and_others_are_not() {
    let feed = Feed::new(limits());
    let (slow, slow_outbox) = feed.join();
    let (quick, quick_outbox) = feed.join();
    slow.subscribe("tm.event='NewBlockHeader'", "7").expect("room");
    quick.subscribe("tm.event='NewBlockHeader'", "8").expect("room");
    take(&quick_outbox).await;
    for height in 1..=4 {
        feed.publish(height, &notes(height as u32));
        assert_eq!(take(&quick_outbox).await["id"], 8);
    }
    assert!(slow_outbox.is_closed() && !quick_outbox.is_closed());
    let last = take(&slow_outbox).await;
    assert_eq!(last["id"], 7);
    assert_eq!(last["error"]["code"], -32000);
    assert_eq!(last["error"]["data"], TOO_SLOW);
    assert!(slow_outbox.next().await.is_none(), "nothing comes after the last words");
    assert_eq!(slow.unsubscribe_all().expect_err("gone").reason(), "subscription not found");
}

#[test]
fn an_outbox_is_bounded_in_bytes_but_takes_one_message_of_any_length() {
    let outbox = Outbox::new(10, 100);
    assert!(outbox.post(Letter::answer(vec![b'x'; 1_000])));
    assert!(!outbox.post(Letter::answer(vec![b'x'; 1])));
}
