//! Contracts: their code, their instances, how they are called and what they may ask for.
//!
//! The rules are wasmd's (`x/wasm/keeper`), named where a reader may want to compare.

pub(crate) mod access;
mod admin;
mod authority;
mod backend;
mod call;
mod code;
mod combined;
mod dispatch;
mod encode;
mod events;
mod execute;
pub(crate) mod info;
mod instantiate;
mod migrate;
pub(crate) mod params;
pub(crate) mod query;
mod query_metadata;
mod response;
pub(crate) mod state_key;
mod validate;

pub(crate) use admin::{clear_admin, update_admin, update_instantiate_config, update_label};
pub(crate) use authority::{
    add_uploaders, pin_codes, remove_uploaders, sudo, unpin_codes, update_params,
};
pub(crate) use code::{inflate, store_code};
pub(crate) use combined::{store_and_instantiate, store_and_migrate};
pub(crate) use execute::execute;
pub(crate) use instantiate::{instantiate, instantiate_predictable};
pub(crate) use migrate::migrate;
pub(crate) use query::query_smart;
pub(crate) use validate::is_json;
