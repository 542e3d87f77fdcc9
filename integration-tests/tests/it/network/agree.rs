//! Equal blocks on all nodes, and the app driven alone over the same blocks.

use anyhow::{ensure, Context as _, Result};
use suyuan_app::{App, BlockRequest, ConsensusParams, InitChain, ValidatorUpdate, STORES};
use suyuan_integration_tests::network::Network;
use suyuan_solo::Genesis;
use suyuan_store::{Options, Store};
use suyuan_vm::Vm;
use tendermint::{block, validator, Block, Time};

/// A block as one node gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub id: block::Id,
    pub block: Block,
}

/// Reads every block up to `tip` from every node; they are the same, and are returned.
pub async fn all_blocks_agree(network: &Network, tip: u64) -> Result<Vec<Given>> {
    let mut first: Vec<Given> = Vec::new();
    for index in 0..network.nodes.len() {
        let client = network.client(index).await?;
        for height in 1..=tip {
            let answer = client.rpc().block(Some(height)).await?;
            let given = Given { id: answer.block_id, block: answer.block };
            let place = usize::try_from(height - 1)?;
            if index == 0 {
                first.push(given);
            } else {
                ensure!(first[place].id == given.id, "a fork at {height} on node{index}");
                let (a, b) = (&first[place].block.header, &given.block.header);
                ensure!(a.app_hash == b.app_hash, "another state before {height} on node{index}");
            }
        }
    }
    Ok(first)
}

/// Runs the blocks through an app without any engine, as solo does: every header carries the hash that it gives.
pub fn equal_to_the_app_alone(genesis: &[u8], blocks: &[Given]) -> Result<()> {
    let genesis = Genesis::from_json(genesis)?;
    let vm = Vm::new(suyuan_app::vm_config(&genesis.app_state)?)?;
    let mut app = App::new(Store::in_memory(Options::new(&STORES)), vm)?;
    let begun = app.init_chain(InitChain {
        chain_id: genesis.chain_id.to_string(),
        time_ns: nanos(genesis.genesis_time)?,
        app_state: genesis.app_state.clone(),
        consensus_params: ConsensusParams::default(),
        initial_height: genesis.initial_height,
        validators: genesis.validators.iter().map(update).collect::<Result<_>>()?,
    })??;
    let mut app_hash = begun.app_hash;
    for Given { id, block } in blocks {
        let height = block.header.height.value();
        ensure!(
            block.header.app_hash.as_bytes() == app_hash,
            "header {height} carries another state"
        );
        let outcome = app.finalize_block(&BlockRequest {
            height,
            time_ns: nanos(block.header.time)?,
            txs: block.data.clone(),
            proposer: block.header.proposer_address.as_bytes().try_into()?,
            hash: id.hash.as_bytes().try_into()?,
        })?;
        app.commit()?;
        app_hash = outcome.app_hash;
    }
    println!("{} blocks give the same states alone", blocks.len());
    Ok(())
}

fn update(info: &validator::Info) -> Result<ValidatorUpdate> {
    let pub_key = info.pub_key.to_bytes().as_slice().try_into()?;
    Ok(ValidatorUpdate { pub_key, power: info.power.value() })
}

fn nanos(time: Time) -> Result<u64> {
    u64::try_from(time.unix_timestamp_nanos()).context("a time before 1970")
}
