//! A connected client: knows its chain, keeps count of sequences, sends and waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cosmos_sdk_proto::cosmos::base::v1beta1::Coin;
use cosmos_sdk_proto::Any;
use serde::{de::DeserializeOwned, Serialize};

use crate::error::{ClientError, Outcome, Stage};
use crate::query::Query;
use crate::receipt::Receipt;
use crate::rpc::Rpc;
use crate::signer::Signer;
use crate::tx::{Draft, Gas, SignFor};

/// How often one transaction is signed again because its sequence was wrong.
pub const RESYNC_MAX: u32 = 3;
/// First pause between two looks at a pending transaction; solo chains include within milliseconds.
pub const POLL_PAUSE_FIRST: Duration = Duration::from_millis(4);
/// Longest pause between two looks.
pub const POLL_PAUSE_MAX: Duration = Duration::from_millis(250);

/// What all transactions of a client have in common.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// How gas limits are found.
    pub gas: Gas,
    /// Fee of each transaction.
    pub fee: Vec<Coin>,
    /// Memo of each transaction.
    pub memo: String,
    /// How long to wait for a transaction to be in a block.
    pub wait_max: Duration,
    /// Transactions of one account that may be under way at once in `send_many`.
    pub in_flight_max: usize,
}

impl Default for ClientOptions {
    fn default() -> Self {
        ClientOptions {
            gas: Gas::default(),
            fee: Vec::new(),
            memo: String::new(),
            wait_max: Duration::from_secs(60),
            in_flight_max: 128,
        }
    }
}

/// One account's place in its row of transactions.
#[derive(Clone, Copy, Debug)]
struct Place {
    account_number: u64,
    next_sequence: u64,
}

/// The lock is held from signing to broadcasting, so that sequences arrive in order.
type Row = Arc<tokio::sync::Mutex<Option<Place>>>;

/// A client of one chain. Cheap to clone; clones share connections and sequence counts, so that
/// many tasks may send for the same account.
#[derive(Clone, Debug)]
pub struct Client {
    rpc: Rpc,
    chain_id: String,
    options: ClientOptions,
    rows: Arc<Mutex<BTreeMap<String, Row>>>,
}

impl Client {
    /// Connects to a node and asks for its chain id.
    ///
    /// # Errors
    /// [`ClientError::Input`] for a bad URL; network classes if the node does not answer.
    pub async fn connect(url: &str) -> Outcome<Self> {
        Self::over(Rpc::new(url)?).await
    }

    /// Connects over a prepared RPC.
    ///
    /// # Errors
    /// Network classes if the node does not answer.
    pub async fn over(rpc: Rpc) -> Outcome<Self> {
        let status = rpc.status().await?;
        Ok(Self::offline(rpc, status.node_info.network.as_str()))
    }

    /// A client that was told its chain id; sends nothing until it is used.
    pub fn offline(rpc: Rpc, chain_id: &str) -> Self {
        Client {
            rpc,
            chain_id: chain_id.to_string(),
            options: ClientOptions::default(),
            rows: Arc::default(),
        }
    }

    /// The same client (shared sequences, shared connections) with other options.
    pub fn with_options(&self, options: ClientOptions) -> Self {
        Client { options, ..self.clone() }
    }

    /// The same client with another way to find gas limits.
    pub fn with_gas(&self, gas: Gas) -> Self {
        self.with_options(ClientOptions { gas, ..self.options.clone() })
    }

    /// Chain id that signatures are bound to.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// The options in force.
    pub fn options(&self) -> &ClientOptions {
        &self.options
    }

    /// The RPC below.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// Queries at the latest height.
    pub fn query(&self) -> Query<'_> {
        Query::new(&self.rpc, None)
    }

    /// Queries at a past height; 0 means the latest.
    pub fn query_at(&self, height: u64) -> Query<'_> {
        Query::new(&self.rpc, Some(height).filter(|h| *h > 0))
    }

    /// Asks a contract at the latest height.
    ///
    /// # Errors
    /// See [`Query::smart`].
    pub async fn query_smart<M: Serialize, T: DeserializeOwned>(
        &self,
        contract: &str,
        msg: &M,
    ) -> Outcome<T> {
        self.query().smart(contract, msg).await
    }

    /// Sends one transaction and waits until it is in a block and successful.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the chain says no at any stage; network classes.
    pub async fn send(&self, signer: &Signer, messages: Vec<Any>) -> Outcome<Receipt> {
        let hash = self.broadcast(signer, messages).await?;
        self.wait(&hash).await?.into_result()
    }

    /// Signs and hands a transaction to the mempool; returns its hash without waiting for a block.
    ///
    /// # Errors
    /// [`ClientError::Refused`] at [`Stage::Simulate`] or [`Stage::Check`]; network classes.
    pub async fn broadcast(&self, signer: &Signer, messages: Vec<Any>) -> Outcome<String> {
        let row = self.row(signer.address());
        let mut place = row.lock().await;
        let mut draft = Draft {
            messages,
            memo: self.options.memo.clone(),
            fee: self.options.fee.clone(),
            ..Draft::default()
        };
        for attempt in 0..=RESYNC_MAX {
            let here = match *place {
                Some(known) => known,
                None => self.look_up_place(signer.address()).await?,
            };
            *place = Some(here);
            let error = match self.try_broadcast(signer, &mut draft, here).await {
                Ok(hash) => {
                    let next_sequence = here.next_sequence.saturating_add(1);
                    *place = Some(Place { next_sequence, ..here });
                    return Ok(hash);
                }
                Err(error) => error,
            };
            *place = after_refusal(&error, here);
            if attempt == RESYNC_MAX || !error.is_sequence_mismatch() {
                return Err(error);
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn try_broadcast(
        &self,
        signer: &Signer,
        draft: &mut Draft,
        here: Place,
    ) -> Outcome<String> {
        draft.gas_limit = self.gas_limit(signer, draft, here.next_sequence).await?;
        let to = SignFor {
            chain_id: self.chain_id.clone(),
            account_number: here.account_number,
            sequence: here.next_sequence,
        };
        self.rpc.broadcast_sync(draft.sign(signer, &to)).await
    }

    async fn gas_limit(&self, signer: &Signer, draft: &Draft, sequence: u64) -> Outcome<u64> {
        match self.options.gas {
            Gas::Fixed(limit) => Ok(limit),
            Gas::Auto { percent } => {
                let used = self
                    .query()
                    .simulate(draft.unsigned(signer, sequence))
                    .await
                    .map_err(as_simulation)?;
                Ok(with_margin(used, percent))
            }
        }
    }

    /// Estimates the gas limit that [`Gas::Auto`] would set, without sending.
    ///
    /// # Errors
    /// [`ClientError::Refused`] at [`Stage::Simulate`]; network classes.
    pub async fn estimate(
        &self,
        signer: &Signer,
        messages: Vec<Any>,
        percent: u32,
    ) -> Outcome<u64> {
        let here = self.look_up_place(signer.address()).await?;
        let draft = Draft { messages, memo: self.options.memo.clone(), ..Draft::default() };
        let bytes = draft.unsigned(signer, here.next_sequence);
        let used = self.query().simulate(bytes).await.map_err(as_simulation)?;
        Ok(with_margin(used, percent))
    }

    /// Waits until a transaction is in a block; a failed one is returned as well.
    ///
    /// # Errors
    /// [`ClientError::Timeout`] after `wait_max`; network classes.
    pub async fn wait(&self, hash: &str) -> Outcome<Receipt> {
        let begin = Instant::now();
        let mut pause = POLL_PAUSE_FIRST;
        loop {
            if let Some(receipt) = self.rpc.tx(hash).await? {
                return Ok(receipt);
            }
            if begin.elapsed() >= self.options.wait_max {
                return Err(ClientError::Timeout {
                    what: format!("inclusion of transaction {hash}"),
                    after: self.options.wait_max,
                });
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(3).checked_div(2).unwrap_or(pause).min(POLL_PAUSE_MAX);
        }
    }

    /// Forgets what is known about an account's sequence; the next transaction asks the chain.
    pub async fn forget_sequence(&self, address: &str) {
        *self.row(address).lock().await = None;
    }

    async fn look_up_place(&self, address: &str) -> Outcome<Place> {
        let found = self.query().account(address).await?;
        let account = found.ok_or_else(|| ClientError::NoAccount {
            address: address.to_string(),
            chain_id: self.chain_id.clone(),
        })?;
        Ok(Place { account_number: account.account_number, next_sequence: account.sequence })
    }

    fn row(&self, address: &str) -> Row {
        // The map holds plain data: a panic elsewhere cannot leave it half changed.
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.entry(address.to_string()).or_default().clone()
    }
}

/// Where the row goes on after a refused broadcast: at the sequence that the chain named, at the
/// same place if nothing was used up, or unknown (ask the chain again).
fn after_refusal(error: &ClientError, here: Place) -> Option<Place> {
    if let Some(next_sequence) = error.expected_sequence() {
        return Some(Place { next_sequence, ..here });
    }
    match error {
        ClientError::Refused { .. } if !error.is_sequence_mismatch() => Some(here),
        _ => None,
    }
}

fn as_simulation(error: ClientError) -> ClientError {
    match error {
        ClientError::Query { codespace, code, log, .. } => ClientError::Refused {
            stage: Stage::Simulate,
            // A wrong sequence must look the same at every stage.
            code: if log.contains("incorrect account sequence") { 32 } else { code },
            codespace,
            log,
            tx_hash: String::new(),
            height: 0,
        },
        other => other,
    }
}

/// Rounds up, so that a tiny estimate still gets a margin.
fn with_margin(used: u64, percent: u32) -> u64 {
    let scaled = u128::from(used).saturating_mul(u128::from(percent)).div_ceil(100);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gas_margin_rounds_up_and_never_wraps() {
        assert_eq!(with_margin(100_000, 140), 140_000);
        assert_eq!(with_margin(1, 140), 2);
        assert_eq!(with_margin(u64::MAX, 140), u64::MAX);
    }

    #[test]
    fn the_row_follows_the_sequence_that_the_chain_names() {
        let here = Place { account_number: 1, next_sequence: 9 };
        let refused = |code, log: &str| ClientError::Refused {
            stage: Stage::Check,
            codespace: "sdk".into(),
            code,
            log: log.into(),
            tx_hash: String::new(),
            height: 0,
        };
        let wrong =
            refused(32, "account sequence mismatch, expected 4, got 9: incorrect account sequence");
        assert_eq!(after_refusal(&wrong, here).unwrap().next_sequence, 4);
        let poor = refused(5, "spendable balance 0usy is smaller than 1usy: insufficient funds");
        assert_eq!(after_refusal(&poor, here).unwrap().next_sequence, 9);
        let gone = ClientError::Unreachable { url: "u".into(), what: "w".into() };
        assert!(after_refusal(&gone, here).is_none());
    }
}
