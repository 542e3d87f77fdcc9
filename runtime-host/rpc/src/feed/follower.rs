//! Follows the chain and reads the blocks that somebody wants to hear of.

use std::sync::Arc;

use suyuan_solo::Chain;
use tokio::sync::watch;

use super::{Feed, Note};
use crate::error::RpcError;

/// Publishes every block of `chain` to `feed` until the future is dropped.
pub(crate) async fn follow(chain: Chain, feed: Arc<Feed>) {
    let (tell, mut told) = watch::channel(0);
    let published = Arc::downgrade(&feed);
    chain.on_height(Arc::new(move |height| {
        if let Some(feed) = published.upgrade() {
            feed.set_published(height);
            tell.send_replace(height);
        }
    }));
    // The chain may have moved before the callback was there.
    let mut shown = chain.latest_height();
    feed.set_published(shown);
    while told.changed().await.is_ok() {
        let tip = *told.borrow_and_update();
        while shown < tip {
            if !feed.is_followed() {
                // A subscription that comes now is told of later blocks only.
                shown = tip;
                break;
            }
            shown += 1;
            match notes(&chain, shown).await {
                Ok(notes) => feed.publish(shown, &notes),
                Err(error) => {
                    tracing::error!(
                        reason = error.reason(),
                        height = shown,
                        "no events of a block"
                    );
                    feed.cancel_all(&format!(
                        "subscription was canceled (reason: {})",
                        error.reason()
                    ));
                }
            }
        }
    }
}

async fn notes(chain: &Chain, height: u64) -> Result<Vec<Note>, RpcError> {
    let chain = chain.clone();
    let read = tokio::task::spawn_blocking(move || {
        let height = i64::try_from(height).ok();
        Note::all_of(&chain.block(height)?, &chain.block_results(height)?)
    });
    read.await.map_err(|error| RpcError::internal(format!("reading a block broke off: {error}")))?
}
