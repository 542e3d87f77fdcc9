//! Solo to network: the same chain for whoever trusted it before.

use std::net::TcpListener;
use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use suyuan_client::msg;
use suyuan_integration_tests::house::{plain, sending_client, House};
use suyuan_integration_tests::light::{judge, light_block};
use suyuan_integration_tests::network::{cometbft, latest};
use suyuan_integration_tests::process::NodeProcess;
use suyuan_node::network::from_solo::convert;
use tendermint_light_client_verifier::Verdict;

/// Blocks before the seam.
const SOLO_BLOCKS: u64 = 102;
/// Longest wait for the network's blocks.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_solo_chain_goes_on_as_a_network_for_light_clients_and_old_transactions() -> Result<()> {
    let house = House::new("seam-1", 1)?;
    let alice = house.signer(0)?;
    let send = || -> Result<_> {
        let me = alice.address();
        Ok(vec![msg::bank_send(me, me, msg::parse_coins("1usy")?)])
    };
    let node = house.start()?;
    let client = sending_client(&node.rpc_url()).await?;
    let old = client.send(&alice, send()?).await?;
    while node.chain().latest_height() < SOLO_BLOCKS {
        client.send(&alice, send()?).await?;
    }
    node.shutdown().map_err(plain)?;

    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let made = convert(&house.home(), &free.to_string()).map_err(plain)?;
    let seam = made.initial_height - 1;
    ensure!(convert(&house.home(), &free.to_string()).is_err(), "a second conversion");

    let node = NodeProcess::start_network(&house.home(), &cometbft()?)?;
    let client = sending_client(node.rpc_url()).await?;
    let begin = std::time::Instant::now();
    while latest(&client).await? < seam + 6 {
        ensure!(begin.elapsed() < PATIENCE, "no blocks after the seam");
        client.send(&alice, send()?).await?;
    }
    let found = client.rpc().tx(&old.hash).await?.context("a solo transaction is gone")?;
    ensure!((found.height, &found.tx) == (old.height, &old.tx), "it is another one");
    ensure!(client.rpc().block(Some(old.height)).await?.block.data.len() == 1);

    let http = client.rpc().http();
    let after = light_block(http, u32::try_from(seam + 5)?).await?;
    for trusted in [seam, seam - 100] {
        let trusted = light_block(http, u32::try_from(trusted)?).await?;
        let verdict = judge(&trusted, &after);
        ensure!(verdict == Verdict::Success, "from {}: {verdict:?}", trusted.height());
    }
    Ok(())
}
