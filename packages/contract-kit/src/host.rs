//! The host behind a contract in wasm: what cosmwasm-std keeps to its own entry points, around the reader and writer of
//! [`crate::frame`]. The only unsafe code of the contracts, and compiled for wasm alone.
//!
//! Numbers that doors take and give are addresses of regions ([`region`]); those that come in are used up.

use std::fmt::Display;

use cosmwasm_std::{
    Binary, Deps, DepsMut, Empty, Env, MessageInfo, QuerierWrapper, Response, StdResult,
};
use serde::de::DeserializeOwned;

use crate::frame;

mod chain;
mod memory;
mod region;
mod storage;

use chain::{Chain, Functions};
use region::{give, take};
use storage::HostStorage;

/// A door with a sender: `instantiate`, `execute`.
pub fn change_by<M: DeserializeOwned, E: Display>(
    door: fn(DepsMut<'_>, Env, MessageInfo, M) -> Result<Response, E>,
    env: u32,
    info: u32,
    msg: u32,
) -> u32 {
    begin();
    let run = |storage: &mut HostStorage| {
        let (env, info) = (read_env(env)?, read_info(info)?);
        let msg = frame::read(&take(msg))?;
        door(deps_mut(storage), env, info, msg).map_err(frame::text)
    };
    end(frame::response(run(&mut HostStorage)))
}

/// A door without a sender: `migrate`.
pub fn change_as<E: Display>(
    door: fn(DepsMut<'_>, Env, Empty) -> Result<Response, E>,
    env: u32,
    msg: u32,
) -> u32 {
    begin();
    let run = |storage: &mut HostStorage| {
        let env = read_env(env)?;
        let msg = frame::read(&take(msg))?;
        door(deps_mut(storage), env, msg).map_err(frame::text)
    };
    end(frame::response(run(&mut HostStorage)))
}

/// A door that changes nothing: `query`.
pub fn look<M: DeserializeOwned, E: Display>(
    door: fn(Deps<'_>, Env, M) -> Result<Binary, E>,
    env: u32,
    msg: u32,
) -> u32 {
    begin();
    let run = || {
        let env = read_env(env)?;
        let msg = frame::read(&take(msg))?;
        let querier = QuerierWrapper::new(&Chain);
        door(Deps { storage: &HostStorage, api: &Functions, querier }, env, msg)
            .map_err(frame::text)
    };
    end(frame::answer(run()))
}

fn deps_mut(storage: &mut HostStorage) -> DepsMut<'_> {
    DepsMut { storage, api: &Functions, querier: QuerierWrapper::new(&Chain) }
}

#[inline(never)]
fn read_env(env: u32) -> Result<Env, String> {
    frame::read(&take(env))
}

#[inline(never)]
fn read_info(info: u32) -> Result<MessageInfo, String> {
    frame::read(&take(info))
}

/// Panics reach the host as a text.
#[inline(never)]
fn begin() {
    std::panic::set_hook(Box::new(|info| chain::stop(&info.to_string())));
}

#[inline(never)]
fn end(result: StdResult<Vec<u8>>) -> u32 {
    match result {
        Ok(bytes) => give(bytes),
        Err(_) => panic!("results of doors have JSON"),
    }
}
