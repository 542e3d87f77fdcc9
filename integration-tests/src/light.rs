//! The stock light client: light blocks fetched by `tendermint-rpc`, judged by `tendermint-light-client-verifier`.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tendermint::{node, validator, Time};
use tendermint_light_client_verifier::options::Options;
use tendermint_light_client_verifier::types::{LightBlock, TrustThreshold};
use tendermint_light_client_verifier::{ProdVerifier, Verdict, Verifier as _};
use tendermint_rpc::{Client as _, HttpClient, Paging};

/// What relayers usually allow.
const CLOCK_DRIFT: Duration = Duration::from_secs(5);
const TRUSTING_PERIOD: Duration = Duration::from_secs(14 * 24 * 3600);
/// Length of a node id; the verifier does not look at it.
const PROVIDER_BYTES: usize = 20;

/// The header of `height` with its commit, and the validators of it and of the next.
///
/// # Errors
/// If the node does not give them, or `tendermint-rpc` cannot read them.
pub async fn light_block(http: &HttpClient, height: u32) -> Result<LightBlock> {
    let commit = http.commit(height).await.with_context(|| format!("commit {height}"))?;
    let validators = validators(http, height).await?;
    let next_validators = validators_after(http, height).await?;
    let provider = node::Id::new([0; PROVIDER_BYTES]);
    Ok(LightBlock::new(commit.signed_header, validators, next_validators, provider))
}

async fn validators_after(http: &HttpClient, height: u32) -> Result<validator::Set> {
    validators(http, height.checked_add(1).context("the last height there can be")?).await
}

async fn validators(http: &HttpClient, height: u32) -> Result<validator::Set> {
    let answer = http
        .validators(height, Paging::All)
        .await
        .with_context(|| format!("validators {height}"))?;
    // As a light client does: the proposer is one of the set, found by the header's address.
    Ok(validator::Set::without_proposer(answer.validators))
}

/// The verdict on `untrusted` of a light client that trusts `trusted`, now.
pub fn judge(trusted: &LightBlock, untrusted: &LightBlock) -> Verdict {
    let options = Options {
        trust_threshold: TrustThreshold::ONE_THIRD,
        trusting_period: TRUSTING_PERIOD,
        clock_drift: CLOCK_DRIFT,
    };
    ProdVerifier::default().verify_update_header(
        untrusted.as_untrusted_state(),
        trusted.as_trusted_state(),
        &options,
        Time::now(),
    )
}

/// A light block that is accepted from the genesis alone: its validators are those that the genesis names.
///
/// # Errors
/// If they are not.
pub async fn trusted_first(http: &HttpClient) -> Result<LightBlock> {
    let genesis = http.genesis::<serde_json::Value>().await.context("genesis")?;
    let named = validator::Set::without_proposer(genesis.validators);
    let first = light_block(http, 1).await?;
    anyhow::ensure!(
        named.hash() == first.signed_header.header.validators_hash,
        "the first header names other validators than the genesis"
    );
    Ok(first)
}
