//! Proofs of state over RPC, as the stock `ics23` crate sees them.

use std::time::Duration;

use anyhow::{ensure, Context as _, Result};
use suyuan_client::proof::{contract_key, fetch, ProofFault};
use suyuan_client::{msg, Client, Signer};
use suyuan_core::address;
use suyuan_integration_tests::house::{plain, sending_client, House, DENOM, FUNDS, PREFIX};
use suyuan_integration_tests::ics::{holds, proved, signed_app_hash};
use suyuan_integration_tests::light::trusted_first;
use suyuan_node::node_handle::RunningNode;
use tendermint_light_client_verifier::types::LightBlock;
use tendermint_rpc::HttpClient;

use crate::contract_life::{new_counter, raise};

/// Longest wait for the block that carries the app hash of the last one.
const NEXT_BLOCK_MAX: Duration = Duration::from_secs(10);

/// A chain with a counter at 42 (41 one height before), and who proves what on it.
struct Proofs {
    node: RunningNode,
    client: Client,
    alice: Signer,
    http: HttpClient,
    trusted: LightBlock,
    contract: String,
    counter: Vec<u8>,
    payer: Vec<u8>,
    /// Height of the counter's only rise.
    raised_at: u64,
    _house: House,
}

impl Proofs {
    async fn new() -> Result<Self> {
        let house = House::new("proofs-1", 1)?;
        let node = house.start()?;
        let client: Client = sending_client(&node.rpc_url()).await?;
        let alice = house.signer(0)?;
        let contract = new_counter(&client, &alice, 41, "").await?;
        let raised_at = raise(&client, &alice, &contract).await?.height;
        let bob = house.signer(1)?;
        let send = msg::bank_send(alice.address(), bob.address(), msg::parse_coins("5usy")?);
        client.send(&alice, vec![send]).await?;
        let http = client.rpc().http().clone();
        let trusted = trusted_first(&http).await?;
        let raw = |text: &str| address::decode(PREFIX, text).context("an address");
        let (counter, payer) = (raw(&contract)?, raw(alice.address())?);
        Ok(Proofs {
            node,
            client,
            alice,
            http,
            trusted,
            contract,
            counter,
            payer,
            raised_at,
            _house: house,
        })
    }

    /// `03 ‖ contract ‖ key`, as wasmd has it.
    fn contract_key(&self, key: &[u8]) -> Vec<u8> {
        [&[0x03], self.counter.as_slice(), key].concat()
    }

    /// `02 ‖ length ‖ address ‖ denom`, as the Cosmos SDK has it.
    fn balance_key(&self, denom: &str) -> Vec<u8> {
        let length = u8::try_from(self.payer.len()).unwrap_or(u8::MAX);
        [&[0x02, length], self.payer.as_slice(), denom.as_bytes()].concat()
    }

    /// Asks for a key, proves the answer against the next signed header, and shows that nothing else is proved.
    async fn check(
        &self,
        store: &str,
        key: &[u8],
        value: Option<&[u8]>,
        at: Option<u64>,
    ) -> Result<u64> {
        let asked = at.map(u32::try_from).transpose()?;
        let answer = proved(&self.http, store, key, asked).await?;
        assert_eq!(answer.value, value.unwrap_or_default(), "{store} {}", hex::encode(key));
        let height = answer.height.value();
        if let Some(at) = at {
            assert_eq!(height, at, "the height that was asked for");
        }
        self.next_block(height).await?;
        let app_hash = signed_app_hash(&self.http, &self.trusted, height).await?;
        let proves = |key: &[u8], value: Option<&[u8]>, app_hash: &[u8]| {
            holds(&answer, store, key, value, app_hash)
        };
        ensure!(proves(key, value, &app_hash)?, "the proof does not hold");
        let tampered = [value.unwrap_or_default(), b"0"].concat();
        ensure!(!proves(key, Some(&tampered), &app_hash)?, "a tampered value is proved");
        if value.is_some() {
            ensure!(!proves(key, None, &app_hash)?, "what is there is proved absent");
        }
        ensure!(
            !proves(&[key, b"x"].concat(), value.or(Some(b"0")), &app_hash)?,
            "another key is proved"
        );
        let mut other_hash = app_hash.clone();
        other_hash[31] ^= 1;
        ensure!(!proves(key, value, &other_hash)?, "another app hash is accepted");
        Ok(height)
    }

    /// The block above `height`, which carries its app hash. An idle chain has none above its latest, empty one.
    async fn next_block(&self, height: u64) -> Result<()> {
        if self.node.chain().latest_height() <= height {
            let me = self.alice.address();
            let send = msg::bank_send(me, me, msg::parse_coins("1usy")?);
            self.client.broadcast(&self.alice, vec![send]).await?;
        }
        let chain = self.node.chain().clone();
        let wait = move || chain.wait_above(height, NEXT_BLOCK_MAX);
        tokio::task::spawn_blocking(wait).await?.context("no block carries the last app hash")?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_and_absence_are_proved_against_signed_headers_now_and_at_past_heights(
) -> Result<()> {
    let proofs = Proofs::new().await?;
    let count = proofs.contract_key(b"count");
    let balance = proofs.balance_key(DENOM);
    let left = (FUNDS - 5).to_string();

    proofs.check("wasm", &count, Some(b"42"), None).await?;
    proofs.check("bank", &balance, Some(left.as_bytes()), None).await?;
    proofs.check("wasm", &proofs.contract_key(b"no such key"), None, None).await?;
    proofs.check("bank", &proofs.balance_key("nothing"), None, None).await?;
    proofs.check("wasm", b"\xff\xff", None, None).await?;
    proofs.check("acc", b"\xff\xff", None, None).await?;

    let (now, before) = (proofs.raised_at, proofs.raised_at - 1);
    proofs.check("wasm", &count, Some(b"42"), Some(now)).await?;
    proofs.check("wasm", &count, Some(b"41"), Some(before)).await?;
    proofs.check("wasm", &count, None, Some(1)).await?;
    proofs.check("bank", &balance, Some(FUNDS.to_string().as_bytes()), Some(1)).await?;
    proofs.node.shutdown().map_err(plain)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_the_client_library_fetches_is_checked_offline_and_a_changed_one_refused(
) -> Result<()> {
    let proofs = Proofs::new().await?;
    let key = contract_key(PREFIX, &proofs.contract, b"count")?;
    let state = fetch(&proofs.client, "wasm", key).await?;
    assert_eq!(state.value.as_deref(), Some(hex::encode("42").as_str()));
    let (chain_id, validators) = (proofs.client.chain_id(), &proofs.trusted.validators);
    proofs.node.shutdown().map_err(plain)?;

    assert_eq!(state.verify(chain_id, validators), Ok(()));
    let mut changed = state.clone();
    changed.value = Some(hex::encode("43"));
    assert_eq!(changed.verify(chain_id, validators), Err(ProofFault::Broken("key")));
    let mut absent = state.clone();
    absent.value = None;
    assert!(absent.verify(chain_id, validators).is_err());
    let other = House::new("proofs-1", 0)?;
    let other_key =
        suyuan_node::node_handle::read_genesis(&other.home()).map_err(plain)?.validators;
    let strangers = tendermint::validator::Set::without_proposer(other_key);
    assert_eq!(state.verify(chain_id, &strangers), Err(ProofFault::UntrustedValidators));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn heights_and_stores_that_are_not_there_are_refused() -> Result<()> {
    let proofs = Proofs::new().await?;
    let key = proofs.contract_key(b"count");
    let future = proved(&proofs.http, "wasm", &key, Some(1_000_000)).await;
    assert!(future.is_err(), "the future: {future:?}");
    let store = proved(&proofs.http, "nowhere", &key, None).await;
    assert!(store.is_err(), "an unknown store: {store:?}");
    Ok(())
}
