//! Headers, as the stock light client sees them.

use anyhow::{ensure, Result};
use suyuan_client::msg;
use suyuan_integration_tests::house::{sending_client, House};
use suyuan_integration_tests::light::{judge, light_block, trusted_first};
use tendermint::AppHash;
use tendermint_light_client_verifier::types::LightBlock;
use tendermint_light_client_verifier::Verdict;
use tendermint_rpc::HttpClient;

/// Headers that are followed one by one.
const HEADERS: u32 = 200;

/// A chain of at least [`HEADERS`] + 1 blocks of transfers, and its light blocks 1 to [`HEADERS`].
async fn long_chain(
    house: &House,
) -> Result<(suyuan_node::node_handle::RunningNode, Vec<LightBlock>)> {
    let node = house.start()?;
    let client = sending_client(&node.rpc_url()).await?;
    let (alice, bob) = (house.signer(0)?, house.signer(1)?);
    // Each one waits for its block, so there is at least one block for each.
    for _ in 0..=HEADERS {
        if node.chain().latest_height() > u64::from(HEADERS) {
            break;
        }
        let coins = msg::parse_coins("1usy")?;
        client.send(&alice, vec![msg::bank_send(alice.address(), bob.address(), coins)]).await?;
    }
    let http = client.rpc().http();
    let mut blocks = vec![trusted_first(http).await?];
    for height in 2..=HEADERS {
        blocks.push(light_block(http, height).await?);
    }
    Ok((node, blocks))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_headers_are_accepted_one_by_one_and_by_a_skip_and_no_tampered_one(
) -> Result<()> {
    let house = House::new("light-1", 1)?;
    let (node, blocks) = long_chain(&house).await?;
    for pair in blocks.windows(2) {
        let verdict = judge(&pair[0], &pair[1]);
        ensure!(verdict == Verdict::Success, "height {}: {verdict:?}", pair[1].height());
    }
    let (first, last) = (&blocks[0], &blocks[blocks.len() - 1]);
    assert_eq!((first.height().value(), last.height().value()), (1, u64::from(HEADERS)));
    let verdict = judge(first, last);
    ensure!(verdict == Verdict::Success, "skip: {verdict:?}");
    let hashes: std::collections::BTreeSet<&[u8]> =
        blocks.iter().map(|b| b.signed_header.header.app_hash.as_bytes()).collect();
    assert!(hashes.len() > 50, "the state changed between the headers: {} hashes", hashes.len());

    for (what, tampered) in tampered(last, &blocks[100])? {
        let verdict = judge(first, &tampered);
        ensure!(matches!(verdict, Verdict::Invalid(_)), "{what}: {verdict:?}");
    }
    node.shutdown().map_err(suyuan_integration_tests::house::plain)
}

/// The same light block with one thing wrong each.
fn tampered(block: &LightBlock, other: &LightBlock) -> Result<Vec<(&'static str, LightBlock)>> {
    let mut app_hash = block.clone();
    let mut bytes = app_hash.signed_header.header.app_hash.as_bytes().to_vec();
    bytes[0] ^= 1;
    app_hash.signed_header.header.app_hash = AppHash::try_from(bytes)?;

    let mut time = block.clone();
    time.signed_header.header.time =
        (time.signed_header.header.time + std::time::Duration::from_nanos(1))?;

    let mut chain = block.clone();
    chain.signed_header.header.chain_id = "light-2".parse()?;

    let mut commit = block.clone();
    commit.signed_header.commit.signatures.clone_from(&other.signed_header.commit.signatures);

    let mut swapped = block.clone();
    swapped.signed_header.header = other.signed_header.header.clone();

    let mut unsigned = block.clone();
    unsigned.signed_header.commit.signatures.clear();
    Ok(vec![
        ("another app hash", app_hash),
        ("another time", time),
        ("another chain", chain),
        ("the commit of another height", commit),
        ("the header of another height", swapped),
        ("no signature", unsigned),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_a_chain_with_the_same_id_and_another_validator_is_refused() -> Result<()> {
    let (house, impostor) = (House::new("light-1", 1)?, House::new("light-1", 1)?);
    let (node, false_node) = (house.start()?, impostor.start()?);
    let false_client = sending_client(&false_node.rpc_url()).await?;
    let mallory = impostor.signer(0)?;
    let coins = msg::parse_coins("1usy")?;
    let send = msg::bank_send(mallory.address(), mallory.address(), coins);
    false_client.send(&mallory, vec![send]).await?;

    let http: HttpClient = sending_client(&node.rpc_url()).await?.rpc().http().clone();
    let trusted = trusted_first(&http).await?;
    let forged = light_block(false_client.rpc().http(), 2).await?;
    let verdict = judge(&trusted, &forged);
    ensure!(verdict != Verdict::Success, "accepted");
    Ok(())
}
