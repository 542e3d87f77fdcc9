//! The Rust clients of others, whole: cosmrs signs and sends, the light client fetches and judges.

use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use cosmrs::bank::MsgSend;
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::tx::{Body, Fee, Msg as _, SignDoc, SignerInfo};
use cosmrs::{AccountId, Coin, Tx};
use suyuan_integration_tests::house::{plain, House, DENOM, PREFIX};
use tendermint::{block::Height, chain};
use tendermint_light_client::builder::LightClientBuilder;
use tendermint_light_client::light_client::Options;
use tendermint_light_client::store::memory::MemoryStore;
use tendermint_light_client::types::TrustThreshold;
use tendermint_rpc::{Client as _, HttpClient};

/// Blocks that the light client skips over.
const BLOCKS: u64 = 12;
const GAS: u64 = 200_000;
const REQUEST_MAX: Duration = Duration::from_secs(20);

/// A transfer of one unit from a key that was made here, signed by cosmrs.
fn transfer(
    key: &SigningKey,
    chain_id: &str,
    number: u64,
    sequence: u64,
) -> Result<cosmrs::tx::Raw> {
    let sender = key.public_key().account_id(PREFIX).map_err(report)?;
    let coin = Coin { denom: DENOM.parse().map_err(report)?, amount: 1 };
    let send = MsgSend {
        from_address: sender.clone(),
        to_address: AccountId::new(PREFIX, &[9; 20]).map_err(report)?,
        amount: vec![coin.clone()],
    };
    let body = Body::new(vec![send.to_any().map_err(report)?], "sent by cosmrs", 0_u16);
    let signer = SignerInfo::single_direct(Some(key.public_key()), sequence);
    let auth = signer.auth_info(Fee::from_amount_and_gas(coin, GAS));
    let chain_id: chain::Id = chain_id.parse()?;
    let doc = SignDoc::new(&body, &auth, &chain_id, number).map_err(report)?;
    doc.sign(key).map_err(report)
}

/// Errors of cosmrs are reports of another crate.
fn report(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

#[tokio::test(flavor = "multi_thread")]
async fn cosmrs_signs_sends_and_finds_its_transactions() -> Result<()> {
    let house = House::new("cosmrs-1", 1)?;
    let node = house.start()?;
    let http = HttpClient::new(node.rpc_url().as_str())?;
    let (key, number) = funded_key(&house, &node.rpc_url()).await?;
    for sequence in 0..3 {
        let raw = transfer(&key, house.chain_id(), number, sequence)?;
        let done = raw.broadcast_commit(&http).await.map_err(report)?;
        ensure!(done.check_tx.code.is_ok() && done.tx_result.code.is_ok(), "{done:?}");
        let found = Tx::find_by_hash(&http, done.hash).await.map_err(report)?;
        assert_eq!(found.body.memo, "sent by cosmrs");
        assert_eq!(found.auth_info.signer_infos[0].sequence, sequence);
    }
    let replayed = transfer(&key, house.chain_id(), number, 0)?.broadcast_commit(&http).await;
    let refused = replayed.map_or(true, |done| done.check_tx.code.is_err());
    ensure!(refused, "a replay got into a block");
    node.shutdown().map_err(plain)
}

/// A key of cosmrs's own making, whose account has coins, and the number of that account.
async fn funded_key(house: &House, url: &str) -> Result<(SigningKey, u64)> {
    let key = SigningKey::random();
    let address = key.public_key().account_id(PREFIX).map_err(report)?.to_string();
    let client = suyuan_integration_tests::house::sending_client(url).await?;
    let coins = suyuan_client::msg::parse_coins(&format!("1000000{DENOM}"))?;
    let bank = house.signer(0)?;
    let send = suyuan_client::msg::bank_send(bank.address(), &address, coins);
    client.send(&bank, vec![send]).await?;
    let account = client.query().account(&address).await?.context("the account that was funded")?;
    Ok((key, account.account_number))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_light_client_follows_the_chain_by_itself() -> Result<()> {
    let house = House::new("light-2", 1)?;
    let node = house.start()?;
    let url = node.rpc_url();
    let client = suyuan_integration_tests::house::sending_client(&url).await?;
    let signer = house.signer(0)?;
    while node.chain().latest_height() < BLOCKS {
        let coins = suyuan_client::msg::parse_coins(&format!("1{DENOM}"))?;
        let send = suyuan_client::msg::bank_send(signer.address(), signer.address(), coins);
        client.send(&signer, vec![send]).await?;
    }
    let http = HttpClient::new(url.as_str())?;
    let trusted = http.block(2_u32).await?.block_id.hash;
    let status = http.status().await?;
    let follow = move || -> Result<(u64, u64)> {
        let options = Options {
            trust_threshold: TrustThreshold::ONE_THIRD,
            trusting_period: Duration::from_secs(3600),
            clock_drift: Duration::from_secs(5),
        };
        let store = Box::new(MemoryStore::new());
        let peer = status.node_info.id;
        let builder = LightClientBuilder::prod(peer, http, store, options, Some(REQUEST_MAX));
        let mut instance = builder.trust_primary_at(Height::from(2_u32), trusted)?.build();
        let middle = instance
            .light_client
            .verify_to_target(Height::from(7_u32), &mut instance.state)
            .context("to a height in the middle")?;
        let highest = instance
            .light_client
            .verify_to_highest(&mut instance.state)
            .context("to the highest")?;
        Ok((middle.height().value(), highest.height().value()))
    };
    // The light client blocks on a runtime of its own.
    let (middle, highest) = tokio::task::spawn_blocking(follow).await??;
    assert_eq!(middle, 7);
    assert!(highest >= BLOCKS, "{highest}");
    node.shutdown().map_err(plain)
}
