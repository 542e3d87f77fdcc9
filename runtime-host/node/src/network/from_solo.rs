//! A chain that began alone goes on as a network: the same chain id and state, and exactly the solo validator, from the
//! height after the last solo block. What was made alone stays readable below the seam.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use suyuan_app::App;
use suyuan_core::hex_upper;
use suyuan_solo::{open_past, Chain, CheckTx, Genesis, QueryState, ValidatorKey, BLOCK_LOG_FILE};
use tendermint::Time;

use super::files::{EngineFiles, EngineSettings, NodeId};
use crate::config::{Config, Home};
use crate::fail::{Done, Failure, OrFail};
use crate::node_handle::{lock, open_app, read_genesis};

/// The network's first block is at least this much later than the last solo block.
const TIME_STEP: Duration = Duration::from_millis(1);

/// What a conversion made.
#[derive(Clone, Debug)]
pub struct Converted {
    /// Chain id, as before.
    pub chain_id: String,
    /// First height of the network.
    pub initial_height: u64,
    /// Hash of the state that it begins with.
    pub app_hash: Vec<u8>,
    /// Id of this node among peers.
    pub id: NodeId,
}

/// Writes checkpoint, settings and keys of the engine into the home of a solo chain that was stopped in order.
///
/// # Errors
/// Local if the node still runs, the home is a network's already, or the last block does not prove the last state.
pub fn convert(home: &Home, p2p: &str) -> Done<Converted> {
    let config = Config::load(home)?;
    let files = EngineFiles::new(home);
    if files.exist() {
        return Err(Failure::local(format!("{} is a network's already", home.root().display())));
    }
    let _lock = lock(home)?;
    let genesis = read_genesis(home)?;
    let app = open_app(home, &config, &genesis)?;
    let (checker, querier) = (Arc::new(app.checker()), Arc::new(app.reader()));
    let solo = open_past(&home.blocks_dir(), &genesis, checker, querier)?;
    let checkpoint = checkpoint(&app, &genesis, &solo, home)?;
    let id = files.write(&EngineSettings {
        moniker: "node0".into(),
        p2p_laddr: p2p.to_string(),
        external_address: String::new(),
        peers: Vec::new(),
        signed_height: solo.latest_height(),
    })?;
    let mut text = serde_json::to_string_pretty(&checkpoint.to_json())
        .or_local(|| "the checkpoint as JSON".into())?;
    text.push('\n');
    write(&files.checkpoint_file(), &text)?;
    Ok(Converted {
        chain_id: checkpoint.chain_id.to_string(),
        initial_height: checkpoint.initial_height,
        app_hash: checkpoint.app_hash,
        id,
    })
}

fn checkpoint(app: &App, genesis: &Genesis, solo: &Chain, home: &Home) -> Done<Genesis> {
    let info = app.info();
    let failed = |e: suyuan_solo::ChainError| Failure::local(e.to_string());
    let last = solo.header(None).map_err(failed)?;
    let height = last.height.value();
    if info.height != height {
        return Err(Failure::local(format!(
            "the state is at {} and the blocks end at {height}: run `suyuan start` once and stop it in order",
            info.height
        )));
    }
    // Header H carries the state before H: only an empty last block proves the state that the network begins with.
    if last.app_hash.as_bytes() != info.app_hash {
        return Err(Failure::local(
            "the last block changed the state: run `suyuan start` once and stop it in order, so that an empty block \
             proves it",
        ));
    }
    let key = ValidatorKey::load(&home.validator_key_file())?;
    let validators =
        genesis.solo_validators(key.public_key()).or_local(|| "the solo validator".into())?;
    let earliest = (last.time + TIME_STEP).or_local(|| "the time of the last block".into())?;
    Ok(Genesis {
        genesis_time: earliest.max(Time::now()),
        initial_height: height
            .checked_add(1)
            .ok_or_else(|| Failure::local("there is no height after the last"))?,
        validators: validators.validators().clone(),
        app_hash: info.app_hash.to_vec(),
        app_state: json!({
            "checkpoint": {"height": height.to_string(), "header": hex_upper(last.hash().as_bytes())}
        }),
        ..genesis.clone()
    })
}

/// Brings the app of a node without state to the last solo height by executing the solo blocks again.
///
/// # Errors
/// Local if they cannot be read or do not give what they say.
pub fn reach_the_seam(home: &Home, genesis: &Genesis, app: &mut App) -> Done {
    if !has_past(home) || app.info().height > 0 {
        return Ok(());
    }
    suyuan_solo::replay(&home.blocks_dir(), genesis, app, &mut |_| true)
        .map(|_| ())
        .or_local(|| "executing the solo blocks again".into())
}

/// The last height that was made alone, 0 for a chain that began as a network.
///
/// # Errors
/// Local if the checkpoint cannot be read.
pub fn seam(home: &Home) -> Done<u64> {
    let path = EngineFiles::new(home).checkpoint_file();
    if !path.exists() {
        return Ok(0);
    }
    let reading = || format!("reading {}", path.display());
    let text = fs::read(&path).or_local(reading)?;
    let checkpoint = Genesis::from_json(&text).or_local(reading)?;
    Ok(checkpoint.initial_height.saturating_sub(1))
}

/// The solo blocks of a home whose chain began alone.
///
/// # Errors
/// Local if they cannot be read.
pub fn past(
    home: &Home,
    genesis: &Genesis,
    checker: Arc<dyn CheckTx>,
    querier: Arc<dyn QueryState>,
) -> Done<Option<Chain>> {
    if !has_past(home) {
        return Ok(None);
    }
    Ok(Some(open_past(&home.blocks_dir(), genesis, checker, querier)?))
}

fn has_past(home: &Home) -> bool {
    EngineFiles::new(home).checkpoint_file().exists()
        && home.blocks_dir().join(BLOCK_LOG_FILE).exists()
}

fn write(path: &Path, text: &str) -> Done {
    fs::write(path, text).or_local(|| format!("writing {}", path.display()))
}
