//! Which transactions a proposed block may hold.
//!
//! The rules follow from the bytes and from genesis alone, so every correct node judges a proposal alike, whatever its
//! state; and what [`fit`] lets through, [`acceptable`] accepts.

use prost::bytes::Bytes;
use suyuan_solo::tmtypes::tx_len_in_block;
use suyuan_solo::Application;

/// The transactions of a block that this node proposes: in the order of the mempool, without what is no transaction of
/// this chain, within the bytes and the gas of a block. The first that does not fit ends the block unless it never
/// could fit: later ones of the same account would fail without it.
pub fn fit(app: &dyn Application, txs: Vec<Bytes>, max_bytes: i64) -> Vec<Bytes> {
    let mut bytes_left = u64::try_from(max_bytes).unwrap_or(0);
    let mut gas_left = app.block_gas_max();
    let gas_max = gas_left;
    let mut taken = Vec::with_capacity(txs.len());
    for tx in txs {
        let Some(gas) = app.declared_gas(&tx) else { continue };
        if gas_max.is_some_and(|max| gas > max) {
            continue;
        }
        let len = tx_len_in_block(&tx) as u64;
        if len > bytes_left || gas_left.is_some_and(|left| gas > left) {
            break;
        }
        bytes_left = bytes_left.saturating_sub(len);
        gas_left = gas_left.map(|left| left.saturating_sub(gas));
        taken.push(tx);
    }
    taken
}

/// Why a proposal of another node is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// Bytes that are no transaction of this chain.
    #[error("entry {index} is no transaction of this chain")]
    Malformed {
        /// Position in the block.
        index: usize,
    },
    /// The transactions declare more gas than a block may use.
    #[error("the transactions declare more than the {max} gas of a block")]
    Gas {
        /// Most gas of a block.
        max: u64,
    },
}

/// Judges the transactions of a proposed block. Their bytes are bounded by the engine.
pub fn acceptable(app: &dyn Application, txs: &[Bytes]) -> Result<(), Unacceptable> {
    let max = app.block_gas_max();
    let mut sum = 0u64;
    for (index, tx) in txs.iter().enumerate() {
        let gas = app.declared_gas(tx).ok_or(Unacceptable::Malformed { index })?;
        sum = sum.saturating_add(gas);
        if let Some(max) = max.filter(|max| sum > *max) {
            return Err(Unacceptable::Gas { max });
        }
    }
    Ok(())
}
