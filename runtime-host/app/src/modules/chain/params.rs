//! Consensus parameters by message: the bounds that keep a chain alive, and the record that holds them.

use crate::error::{self, Run, UserError};
use crate::exec::Exec;
use crate::facts::{Facts, StoredConsensus, StoredFacts, FACTS_KEY, STORE};
use crate::limits::{BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, BLOCK_GAS_MIN};
use suyuan_core::{Event, HostFault, Hosted};
use suyuan_store::ChangeSet;
use suyuan_tx::chain::MsgUpdateParams;

const NANOS: i64 = 1_000_000_000;

/// Checks the parameters of a message: all three parts, within bounds in which the next change still fits into a block.
pub(super) fn checked(msg: &MsgUpdateParams) -> Result<StoredConsensus, UserError> {
    let bad = |text: String| error::INVALID_REQUEST.with(text);
    let (Some(block), Some(evidence), Some(validator)) =
        (&msg.block, &msg.evidence, &msg.validator)
    else {
        return Err(bad("all parameters must be present".to_string()));
    };
    if !(BLOCK_BYTES_MIN..=BLOCK_BYTES_MAX).contains(&block.max_bytes) {
        return Err(bad(format!(
            "block.max_bytes {} is not {BLOCK_BYTES_MIN} to {BLOCK_BYTES_MAX}",
            block.max_bytes
        )));
    }
    if block.max_gas != -1 && block.max_gas < BLOCK_GAS_MIN {
        return Err(bad(format!(
            "block.max_gas {} is neither -1 nor at least {BLOCK_GAS_MIN}",
            block.max_gas
        )));
    }
    let age = evidence.max_age_duration.unwrap_or_default();
    let age_ns = age
        .seconds
        .checked_mul(NANOS)
        .and_then(|ns| ns.checked_add(i64::from(age.nanos)))
        .filter(|ns| *ns > 0 && (0..1_000_000_000).contains(&age.nanos))
        .ok_or_else(|| bad("evidence.max_age_duration is out of range".to_string()))?;
    if evidence.max_age_num_blocks <= 0 {
        return Err(bad("evidence.max_age_num_blocks must be positive".to_string()));
    }
    if !(0..=block.max_bytes).contains(&evidence.max_bytes) {
        return Err(bad("evidence.max_bytes is not 0 to block.max_bytes".to_string()));
    }
    if validator.pub_key_types != ["ed25519"] {
        return Err(bad("validator.pub_key_types can only be ed25519".to_string()));
    }
    if msg.abci.as_ref().is_some_and(|abci| abci.vote_extensions_enable_height != 0) {
        return Err(error::NOT_SUPPORTED.with("vote extensions"));
    }
    Ok(StoredConsensus {
        block_max_bytes: block.max_bytes,
        block_max_gas: block.max_gas,
        evidence_max_age_blocks: evidence.max_age_num_blocks,
        evidence_max_age_ns: age_ns,
        evidence_max_bytes: evidence.max_bytes,
        pub_key_types: validator.pub_key_types.clone(),
    })
}

/// Writes new parameters; they hold from the next block on.
pub(super) fn apply(exec: &mut Exec<'_>, new: &StoredConsensus) -> Run<()> {
    let bytes = exec
        .read(STORE, FACTS_KEY)?
        .ok_or_else(|| HostFault::new("a state without facts of its chain"))?;
    let mut stored = decode(&bytes)?;
    stored.consensus = new.clone();
    stored.consensus_updated = true;
    let bytes = serde_json::to_vec(&stored).map_err(|e| HostFault::new(e.to_string()))?;
    exec.write(STORE, FACTS_KEY, &bytes)?;
    exec.emit(
        Event::new("update_consensus_params")
            .with("block_max_bytes", new.block_max_bytes.to_string())
            .with("block_max_gas", new.block_max_gas.to_string()),
    );
    Ok(())
}

/// The facts that `changes` leave behind, if they differ from `facts`.
pub(crate) fn facts_of(facts: &Facts, changes: &ChangeSet) -> Hosted<Option<Facts>> {
    let Some(Some(bytes)) = changes.get(&(STORE, FACTS_KEY.to_vec())) else { return Ok(None) };
    let stored = decode(bytes)?;
    Ok((stored != facts.stored).then(|| Facts::new(stored)))
}

fn decode(bytes: &[u8]) -> Hosted<StoredFacts> {
    serde_json::from_slice(bytes).map_err(|e| HostFault::new(format!("facts of the chain: {e}")))
}
