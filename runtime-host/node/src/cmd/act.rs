//! What a command on a contract comes to: a message to send, or a question to ask.

use serde::Serialize;
use serde_json::Value;
use suyuan_client::contracts::Contract;
use suyuan_client::Deployment;

use crate::cmd::send::send;
use crate::context::Ctx;
use crate::fail::{Done, Failure};

/// A message to send or a question to ask.
#[derive(Debug)]
pub enum Act<E, Q> {
    /// To send.
    Send(Box<E>),
    /// To ask.
    Ask(Q),
}

impl<E: Serialize, Q: Serialize> Act<E, Q> {
    /// A message.
    pub fn send(message: E) -> Self {
        Self::Send(Box::new(message))
    }

    /// Sends it to, or asks, the contract whose address `contract` picks.
    ///
    /// # Errors
    /// See [`send`]; refused for failed queries, and where the contract knows nothing of what was asked.
    pub async fn run(self, ctx: &Ctx, contract: impl FnOnce(&Deployment) -> &str) -> Done {
        let deployment = ctx.deployment()?;
        let address = contract(&deployment);
        match self {
            Self::Ask(question) => {
                let client = ctx.client().await?;
                let contract = Contract::<'_, E, Q>::at(&client, address);
                let answer: Value = contract.query(&question).await?;
                if answer.is_null() {
                    return Err(Failure::refused("not known to the contract"));
                }
                ctx.print(&answer);
                Ok(())
            }
            Self::Send(message) => {
                let signer = ctx.signer()?;
                let client = ctx.client().await?;
                let contract = Contract::<'_, E, Q>::at(&client, address);
                let packed = contract.message(signer.address(), &message)?;
                send(ctx, &client, &signer, vec![packed]).await
            }
        }
    }
}

/// Which page of a list in order of a text.
#[derive(Clone, Debug, clap::Args)]
pub struct TextPage {
    /// Last entry of the page before
    #[arg(long)]
    pub start_after: Option<String>,
    /// Entries wanted
    #[arg(long)]
    pub limit: Option<u32>,
}

/// Which page of a list in order of a number.
#[derive(Clone, Debug, clap::Args)]
pub struct NumberPage {
    /// Last number of the page before
    #[arg(long)]
    pub start_after: Option<u64>,
    /// Entries wanted
    #[arg(long)]
    pub limit: Option<u32>,
}
