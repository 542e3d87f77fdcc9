//! Running one transaction, whatever for: a block, the mempool or a simulation.

use crate::ante::{self, ClaimedTx, Verifier};
use crate::api::TxOutcome;
use crate::claims::Claims;
use crate::error::{self, Fail, UserError};
use crate::exec::{BlockEnv, Exec, Mode, TxEnv};
use crate::facts::Facts;
use crate::gas::{GasMeter, TRACE};
use crate::limits::SIMULATION_GAS_MAX;
use crate::machine::{FreshCode, Machine};
use crate::router;
use cosmos_sdk_proto::cosmos::base::abci::v1beta1::TxMsgData;
use prost::Message;
use std::sync::Arc;
use suyuan_core::{Event, Hosted};
use suyuan_store::Delta;

/// The world a transaction runs in.
pub(crate) struct Stage<'a> {
    pub facts: &'a Facts,
    pub machine: &'a Machine,
    pub block: BlockEnv,
    pub mode: Mode,
    /// Gas left in the block, `None` for unlimited or outside of blocks.
    pub block_gas_left: Option<u64>,
    pub verifier: &'a Verifier<'a>,
}

/// What a transaction did, and the code it stored.
pub(crate) struct Ran {
    pub outcome: TxOutcome,
    pub new_codes: Vec<FreshCode>,
}

/// Decodes and runs one transaction on `delta`, which afterwards holds what is kept of it: everything, or fee and
/// sequence, or nothing.
pub(crate) fn run_bytes(
    stage: &Stage<'_>,
    delta: &mut Delta,
    bytes: &[u8],
    index: u32,
    claims: &Claims,
) -> Hosted<Ran> {
    match claims.look(bytes, stage.facts) {
        Ok(claimed) => run_tx(stage, delta, claimed, index),
        Err(e) => Ok(Ran { outcome: failed(e, 0, 0, Vec::new()), new_codes: Vec::new() }),
    }
}

/// Runs one decoded transaction, see [`run_bytes`].
pub(crate) fn run_tx(
    stage: &Stage<'_>,
    delta: &mut Delta,
    claimed: Arc<ClaimedTx>,
    index: u32,
) -> Hosted<Ran> {
    let wanted = claimed.tx.fee.gas_limit;
    let span = tracing::trace_span!(
        target: TRACE, "tx", hash = hex::encode_upper(claimed.tx.hash), mode = ?stage.mode
    );
    let _inside = span.enter();
    if stage.block_gas_left == Some(0) {
        let error = error::OUT_OF_GAS.with("no block gas left to run tx");
        return Ok(Ran { outcome: failed(error, wanted, 0, Vec::new()), new_codes: Vec::new() });
    }
    let limit = if stage.mode == Mode::Simulate { SIMULATION_GAS_MAX } else { wanted };
    let meter = GasMeter::new(limit);
    let mut exec = Exec::new(stage.facts, stage.machine, delta, stage.mode, stage.block, meter);
    if stage.mode != Mode::Simulate {
        exec.tx = Some(TxEnv { index, hash: claimed.tx.hash });
    }
    exec.loaded = Some(Vec::new());

    let authed = tracing::trace_span!(target: TRACE, "ante")
        .in_scope(|| exec.atomically(|exec| ante::authenticate(exec, claimed, stage.verifier)));
    let authed = match authed {
        Ok(authed) => authed,
        Err(fail) => {
            let error = user_error(fail, &exec.gas)?;
            return Ok(Ran {
                outcome: failed(error, wanted, exec.gas.used(), Vec::new()),
                new_codes: Vec::new(),
            });
        }
    };
    if stage.mode == Mode::Check {
        return Ok(Ran {
            outcome: succeeded(Vec::new(), wanted, &mut exec),
            new_codes: Vec::new(),
        });
    }
    let ante_events = exec.events.len();
    let ran = exec.atomically(|exec| {
        let responses = router::run_messages(exec, &authed)?;
        let used = exec.gas.used();
        match stage.block_gas_left {
            Some(left) if used > left => Err(Fail::OutOfGas("block gas meter")),
            _ => Ok(responses),
        }
    });
    match ran {
        Ok(responses) => {
            let data = TxMsgData { msg_responses: responses, ..Default::default() }.encode_to_vec();
            let outcome = succeeded(data, wanted, &mut exec);
            Ok(Ran { outcome, new_codes: exec.new_codes })
        }
        Err(fail) => {
            let error = user_error(fail, &exec.gas)?;
            exec.events.truncate(ante_events);
            let events = std::mem::take(&mut exec.events);
            Ok(Ran {
                outcome: failed(error, wanted, exec.gas.used(), events),
                new_codes: Vec::new(),
            })
        }
    }
}

/// The user's error behind a failure; a host fault goes on.
pub(crate) fn user_error(fail: Fail, gas: &GasMeter) -> Hosted<UserError> {
    match fail {
        Fail::Host(fault) => Err(fault),
        Fail::User(error) => Ok(error),
        Fail::OutOfGas(place) => {
            let (wanted, used) = (gas.limit(), gas.used());
            let text =
                format!("out of gas in location: {place}; gasWanted: {wanted}, gasUsed: {used}");
            Ok(error::OUT_OF_GAS.with(text))
        }
    }
}

fn succeeded(data: Vec<u8>, wanted: u64, exec: &mut Exec<'_>) -> TxOutcome {
    TxOutcome {
        data,
        gas_wanted: signed(wanted),
        gas_used: signed(exec.gas.used()),
        events: std::mem::take(&mut exec.events),
        ..TxOutcome::default()
    }
}

fn failed(error: UserError, wanted: u64, used: u64, events: Vec<Event>) -> TxOutcome {
    TxOutcome {
        code: error.code,
        codespace: error.codespace.to_string(),
        data: Vec::new(),
        log: error.text,
        gas_wanted: signed(wanted),
        gas_used: signed(used),
        events,
    }
}

/// Gas as results carry it.
fn signed(gas: u64) -> i64 {
    i64::try_from(gas).unwrap_or(i64::MAX)
}
