//! Many transactions of one account, quickly and in order.

use std::collections::VecDeque;

use cosmos_sdk_proto::Any;

use crate::client::Client;
use crate::error::{ClientError, Outcome};
use crate::receipt::Receipt;
use crate::signer::Signer;

/// How often a transaction is offered again to a full mempool, each time after an earlier one of
/// ours was included.
pub const FULL_MEMPOOL_RETRIES_MAX: u32 = 1_000;

impl Client {
    /// Sends transactions in order without waiting for each, then waits for all.
    ///
    /// At most `in_flight_max` are under way; `seen` is told of each receipt, in order. Receipts of
    /// failed transactions are returned like others: look at [`Receipt::is_ok`]. With
    /// [`Gas::Auto`](crate::Gas::Auto) each is simulated on the state of its moment, so
    /// transactions that need earlier ones of the same call want a fixed limit.
    ///
    /// # Errors
    /// The first refusal before a block stops the sending; those under way are still awaited and
    /// told to `seen`. Network classes as usual.
    pub async fn send_many(
        &self,
        signer: &Signer,
        transactions: Vec<Vec<Any>>,
        mut seen: impl FnMut(usize, &Receipt),
    ) -> Outcome<Vec<Receipt>> {
        let in_flight_max = self.options().in_flight_max.max(1);
        let mut pipe = Pipe { client: self, waiting: VecDeque::new(), done: Vec::new() };
        let mut stopped = None;
        for messages in transactions {
            if pipe.waiting.len() >= in_flight_max {
                pipe.settle_oldest(&mut seen).await?;
            }
            if let Err(error) = pipe.push(signer, messages, &mut seen).await {
                stopped = Some(error);
                break;
            }
        }
        while !pipe.waiting.is_empty() {
            pipe.settle_oldest(&mut seen).await?;
        }
        if pipe.done.iter().any(|receipt| !receipt.is_ok()) {
            // One that failed before execution has not used its sequence: ask the chain next time.
            self.forget_sequence(signer.address()).await;
        }
        match stopped {
            Some(error) => Err(error),
            None => Ok(pipe.done),
        }
    }
}

struct Pipe<'a> {
    client: &'a Client,
    waiting: VecDeque<String>,
    done: Vec<Receipt>,
}

impl Pipe<'_> {
    async fn push(
        &mut self,
        signer: &Signer,
        messages: Vec<Any>,
        seen: &mut impl FnMut(usize, &Receipt),
    ) -> Outcome<()> {
        let mut last = ClientError::Input("no attempt was made".into());
        for _ in 0..FULL_MEMPOOL_RETRIES_MAX {
            match self.client.broadcast(signer, messages.clone()).await {
                Ok(hash) => {
                    self.waiting.push_back(hash);
                    return Ok(());
                }
                Err(error) if error.is_mempool_full() && !self.waiting.is_empty() => last = error,
                Err(error) => return Err(error),
            }
            self.settle_oldest(seen).await?;
        }
        Err(last)
    }

    async fn settle_oldest(&mut self, seen: &mut impl FnMut(usize, &Receipt)) -> Outcome<()> {
        if let Some(hash) = self.waiting.pop_front() {
            let receipt = self.client.wait(&hash).await?;
            seen(self.done.len(), &receipt);
            self.done.push(receipt);
        }
        Ok(())
    }
}
