//! Transfers of several accounts at once, each with a note of what was acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use anyhow::{ensure, Context as _, Result};
use suyuan_client::tx::{Draft, SignFor};
use suyuan_client::{msg, Client, Rpc, Signer};
use suyuan_integration_tests::house::{House, SEND_GAS};
use tendermint_rpc::Client as _;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::ledger::{Ledger, Place, Sent};

/// Transactions of one account that travel before their inclusion is waited for.
const BURST: usize = 8;

/// Senders at work.
pub struct Load {
    senders: JoinSet<Result<Vec<Sent>>>,
    acked: watch::Receiver<usize>,
    ending: Arc<AtomicBool>,
}

impl Load {
    /// Lets the first `senders` accounts of the house send until the node is gone.
    pub async fn start(house: &House, client: &Client, senders: u32) -> Result<Self> {
        let (tell, acked) = watch::channel(0);
        let ending = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for index in 0..senders {
            let signer = house.signer(index)?;
            let account = client.query().account(signer.address()).await?.context("an account")?;
            let place = SignFor {
                chain_id: client.chain_id().to_owned(),
                account_number: account.account_number,
                sequence: account.sequence,
            };
            // No second attempt at a node that is gone.
            let rpc = Rpc::new(client.rpc().url())?.with_attempts(1);
            let client = Client::offline(rpc, client.chain_id());
            let sender = Sender {
                signer,
                client,
                next: place,
                sent: vec![],
                tell: tell.clone(),
                ending: ending.clone(),
            };
            tasks.spawn(sender.work(index));
        }
        Ok(Load { senders: tasks, acked, ending })
    }

    /// Waits for this many acknowledgements.
    pub async fn acknowledged(&self, count: usize) {
        // The senders are gone only after an error, which `collect` shows.
        let _ = self.acked.clone().wait_for(|acked| *acked >= count).await;
    }

    /// From now on the senders may find the node gone.
    pub fn expect_the_end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Waits for the senders and notes what they did; how many acknowledgements they got.
    pub async fn collect(mut self, ledger: &mut Ledger) -> Result<usize> {
        while let Some(sender) = self.senders.join_next().await {
            ledger.note(sender??);
        }
        Ok(*self.acked.borrow())
    }
}

struct Sender {
    signer: Signer,
    client: Client,
    next: SignFor,
    sent: Vec<Sent>,
    tell: watch::Sender<usize>,
    ending: Arc<AtomicBool>,
}

impl Sender {
    /// Every second account waits for each transaction (`broadcast_tx_commit`), the others send bursts ahead.
    async fn work(mut self, index: u32) -> Result<Vec<Sent>> {
        let patient = index.is_multiple_of(2);
        loop {
            let step = if patient { self.one().await } else { self.burst().await };
            let Err(error) = step else { continue };
            if self.ending.load(Ordering::SeqCst) {
                return Ok(self.sent);
            }
            return Err(error.context(format!("account {index}, before the kill")));
        }
    }

    async fn one(&mut self) -> Result<()> {
        let (place, bytes) = self.sign()?;
        let answer = self.client.rpc().http().broadcast_tx_commit(bytes).await?;
        ensure!(answer.check_tx.code.is_ok(), "refused: {}", answer.check_tx.log);
        ensure!(answer.tx_result.code.is_ok(), "failed: {}", answer.tx_result.log);
        self.ack(place, Place { height: answer.height.value(), index: None });
        Ok(())
    }

    async fn burst(&mut self) -> Result<()> {
        let mut waiting = Vec::with_capacity(BURST);
        for _ in 0..BURST {
            let (place, bytes) = self.sign()?;
            waiting.push((place, self.client.rpc().broadcast_sync(bytes).await?));
        }
        for (place, hash) in waiting {
            let receipt = self.client.wait(&hash).await?.into_result()?;
            self.ack(place, Place { height: receipt.height, index: Some(receipt.index) });
        }
        Ok(())
    }

    /// The next transfer, noted before it travels; its place in the notes and its bytes.
    fn sign(&mut self) -> Result<(usize, Vec<u8>)> {
        let me = self.signer.address();
        let draft = Draft {
            messages: vec![msg::bank_send(me, me, msg::parse_coins("1usy")?)],
            gas_limit: SEND_GAS,
            ..Draft::default()
        };
        let bytes = draft.sign(&self.signer, &self.next);
        self.next.sequence += 1;
        self.sent.push(Sent::new(bytes.clone()));
        Ok((self.sent.len() - 1, bytes))
    }

    fn ack(&mut self, place: usize, at: Place) {
        self.sent[place].acked = Some(at);
        self.tell.send_modify(|count| *count += 1);
    }
}
